"""A workflow of six activities that do nothing: what Temporal itself costs on this machine."""

from __future__ import annotations

from datetime import timedelta

from temporalio import activity, workflow

ACTIVITIES = 6


@activity.defn
async def nothing(number: int) -> int:
    return number


@workflow.defn
class EmptySix:
    """Six activities, one after the other; the time when the first of them had ended is the answer."""

    @workflow.run
    async def run(self) -> float:
        first_s = 0.0
        for number in range(ACTIVITIES):
            await workflow.execute_activity(nothing, number, start_to_close_timeout=timedelta(seconds=30))
            first_s = first_s or workflow.time()
        return first_s
