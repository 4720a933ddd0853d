"""finish: write how a run ended, and let the desk claim what comes next."""

from __future__ import annotations

from temporalio import activity

from activities.failures import told
from activities.work import Work
from storyreel.ledger import tasks
from storyreel.pipeline.contract import Finish
from storyreel.runtime.telemetry import bound, log


class FinishActivity:
    """The last word on a run."""

    def __init__(self, work: Work) -> None:
        self._work = work

    @activity.defn(name="finish")
    async def finish(self, end: Finish) -> None:
        """Write the end once; said twice, or by a run that was replaced, it changes nothing."""
        with told(), bound(workspace=end.workspace_id, task=end.task_id):
            async with self._work.door.database.begin() as conn:
                written = await tasks.finish(conn, end)
            self._work.door.bell.ring(end.workspace_id)
            log().info("run.ended", outcome=end.outcome, code=end.code or None, stage=end.stage or None, written=written)
