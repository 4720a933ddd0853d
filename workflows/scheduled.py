"""One firing of a schedule: what is to be done at this time is asked for, once."""

from __future__ import annotations

from temporalio import workflow
from temporalio.common import SearchAttributeKey

from storyreel.pipeline.contract import Fired, Firing, ScheduleOrder
from workflows import policy

# When Temporal's schedule said that it is due, which is not when a busy server came to it.
DUE = SearchAttributeKey.for_datetime("TemporalScheduledStartTime")


@workflow.defn(name="ScheduledAsk")
class ScheduledAsk:
    """Started by a Temporal schedule, or by the relay for a moment that has come."""

    @workflow.run
    async def run(self, order: ScheduleOrder) -> Fired:
        """Ask through the same door as everybody; the time is part of the request, so that it counts once."""
        at = order.at or workflow.info().typed_search_attributes.get(DUE) or workflow.info().start_time
        workflow.set_current_details(f"**{order.title}**\n\nDue at {at.isoformat()}.")
        firing = Firing(workspace_id=order.workspace_id, schedule_id=order.schedule_id, at=at)
        fired = await workflow.execute_activity(
            "fire", firing, result_type=Fired, **policy.desk_options(f"Ask for it: {order.title}"[:200])
        )
        workflow.set_current_details(f"**{order.title}**\n\nDue at {at.isoformat()}: {fired.said}")
        return fired
