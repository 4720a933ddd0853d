"""Quality control held against a labelled set: how many good shots pass and broken ones are found, kind by kind, and what it costs."""

from __future__ import annotations

import asyncio
import tempfile
import time
from collections import defaultdict
from pathlib import Path

from activities.kit import builtin_kit
from bench.table import Row
from storyreel.model.spec import CameraSpec, Line, PictureSpec, ShotSpec
from storyreel.pipeline.contract import SHOT_STAGES
from tests.standins.judging import Outcome, confusion, judged, right
from tests.standins.labelled import labelled
from tests.standins.views import run, shot_view

GOAL = 0.85
TITLES = {
    "tune": "the scenes that the limits were found on",
    "held": "the scenes that were held back",
    "unseen": "the scenes that were drawn afterwards",
}


async def rows() -> list[Row]:
    looked_s, made_s = await _cost()
    outcomes = await asyncio.to_thread(_all)
    for part, title in TITLES.items():
        print(f"\n{title}\n{confusion(outcomes[part])}")
    held = [*outcomes["held"], *outcomes["unseen"]]
    print(f"\nall that taught no limit\n{confusion(held)}\n")
    broken = [one for one in held if one.shot.fault]
    good = [one for one in held if not one.shot.fault]
    return [
        Row("shots judged right", 100 * right(held), "%", "what was asked", 100 * GOAL, "those that taught no limit", digits=1),
        Row("broken shots found", 100 * right(broken), "%", "what was asked", 100 * GOAL, digits=1),
        Row("good shots called broken", sum(not one.right for one in good), "shots", "good shots", len(good), digits=0),
        Row("looking at a shot", 1000 * looked_s, "ms", "making it", 1000 * made_s, "3 s at 720p, raining; under 0.10", digits=0),
    ]


def _all() -> dict[str, list[Outcome]]:
    """What was found, by part of the set."""
    found: dict[str, list[Outcome]] = defaultdict(list)
    with tempfile.TemporaryDirectory(prefix="storyreel-quality-") as folder:
        for shot in labelled():
            found[shot.part].append(judged(shot, Path(folder)))
    return found


async def _cost() -> tuple[float, float]:
    """Seconds of the processor that looking at a shot of three seconds at 720p takes, and those that making it takes."""
    spec = ShotSpec(
        picture=PictureSpec(subject="A woman lights the lamp"),
        camera=CameraSpec(size="MS", move="push_in"),
        lines={"l1": Line(text="The lamp is still burning. Let us go in.")},
    )
    with tempfile.TemporaryDirectory(prefix="storyreel-quality-") as folder:
        kit = builtin_kit(Path(folder))
        view, start = shot_view(frames=72, spec=spec, resolution="720p"), time.process_time()
        for stage in SHOT_STAGES[:-1]:
            view, _ = await run(stage, view, kit)
        made_s, start = time.process_time() - start, time.process_time()
        await run("check", view, kit)
        return time.process_time() - start, made_s
