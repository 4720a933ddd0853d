"""Which activities a worker serves, by queue. Adding a stage is adding it to the pipeline; adding a kind of work is an entry here."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from temporalio import activity

from activities.claim import ClaimActivity
from activities.command import CommandActivity
from activities.finish import FinishActivity
from activities.fire import FireActivity
from activities.stage import StageActivity
from activities.work import Work
from storyreel.pipeline.contract import QUEUE_OF, Queue, StageDone, StageName, StageOrder


def activities_of(work: Work, queue: Queue) -> list[Callable[..., Any]]:
    """The activities of a queue: the desk's own, or the stages that are made there."""
    if queue == "desk":
        return [ClaimActivity(work).claim, FinishActivity(work).finish, CommandActivity(work).command, FireActivity(work).fire]
    return [stage_activity(work, stage) for stage, home in QUEUE_OF.items() if home == queue]


def stage_activity(work: Work, stage: StageName) -> Callable[[StageOrder], Any]:
    """The one body under a stage's name."""
    body = StageActivity(work)

    @activity.defn(name=stage)
    async def run(order: StageOrder) -> StageDone:
        return await body(order)

    return run
