"""Replays a downloaded history with the workflows of this checkout, and says whether they still go the same way.

temporal workflow show --workflow-id shot/<id>/r1 --output json > run.json
python -m tools.replay_history run.json
"""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from temporalio.client import WorkflowHistory
from temporalio.worker import Replayer
from temporalio.workflow import NondeterminismError

from storyreel.desk import plugin
from storyreel.runtime.exit import leave
from workflows.cut import EpisodeCut
from workflows.desk import RenderDesk
from workflows.sheet import SheetRender
from workflows.shot import ShotRender


async def replay(path: Path) -> int:
    """0 when the history replays, 1 when the workflows go another way."""
    history = WorkflowHistory.from_json(path.stem, path.read_text())
    try:
        await Replayer(workflows=[ShotRender, EpisodeCut, RenderDesk, SheetRender], plugins=[plugin()]).replay_workflow(history)
    except NondeterminismError as failure:
        print(f"{path}: it goes another way: {failure}")
        return 1
    print(f"{path}: {len(history.events)} events replay")
    return 0


if __name__ == "__main__":
    leave(max(asyncio.run(replay(Path(name))) for name in sys.argv[1:]))
