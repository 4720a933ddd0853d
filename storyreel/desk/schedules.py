"""Temporal's schedules held equal to the table: what is missing there is made, what is too much is deleted, what differs is replaced.

A moment that has come before Temporal knew of it is started at once. Any number of processes may do all of this.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from temporalio.client import (
    Client,
    Schedule,
    ScheduleActionStartWorkflow,
    ScheduleAlreadyRunningError,
    ScheduleOverlapPolicy,
    SchedulePolicy,
    ScheduleSpec,
    ScheduleState,
    ScheduleUpdate,
    ScheduleUpdateInput,
)
from temporalio.common import SearchAttributePair, TypedSearchAttributes, WorkflowIDReusePolicy
from temporalio.exceptions import WorkflowAlreadyStartedError

from storyreel.desk.runs import WORKSPACE, failures_named
from storyreel.ledger import schedules
from storyreel.model.digest import digest
from storyreel.model.errors import NotFound
from storyreel.model.facts import ScheduleFacts
from storyreel.pipeline.contract import ScheduleOrder, schedule_id, task_queue
from storyreel.runtime import clock
from storyreel.runtime.database import Database
from storyreel.runtime.telemetry import log

PREFIX = "schedule/"
# What was due while Temporal was away is made up for this long.
CATCH_UP = timedelta(hours=1)
# How many a moment fires: its minute is its own.
ONCE = 1


async def reconcile(client: Client, database: Database) -> None:
    """Bring Temporal's schedules in line with the table.

    Raises:
        Unavailable: Temporal or the database is away.
    """
    async with database.connect() as conn:
        wanted = {schedule_id(one.id): one for one in await schedules.active(conn)}
    with failures_named():
        known = {
            one.id: one.schedule.state.note if one.schedule else ""
            async for one in await client.list_schedules(page_size=1000)
            if one.id.startswith(PREFIX)
        }
    for name in known.keys() - wanted.keys():
        await _delete(client, name)
    now = clock.now()
    for name, one in wanted.items():
        if one.at is not None and one.at <= now:
            await start_now(client, one, one.at)
        elif name not in known:
            await _create(client, one)
        elif known[name] != note_of(one):
            await _replace(client, one)


def note_of(one: ScheduleFacts) -> str:
    """What a schedule is, in short: another note is another schedule."""
    return digest([one.title, one.cron, one.at.isoformat() if one.at else "", one.time_zone])[:16]


def schedule_of(one: ScheduleFacts) -> Schedule:
    """The table's row as Temporal has it."""
    attributes = TypedSearchAttributes([SearchAttributePair(WORKSPACE, str(one.workspace_id))])
    return Schedule(
        action=ScheduleActionStartWorkflow(
            "ScheduledAsk",
            ScheduleOrder(workspace_id=one.workspace_id, schedule_id=one.id, title=one.title),
            id=f"{schedule_id(one.id)}/at",
            task_queue=task_queue("desk"),
            static_summary=one.title or None,
            typed_search_attributes=attributes,
        ),
        spec=_spec(one),
        policy=SchedulePolicy(overlap=ScheduleOverlapPolicy.ALLOW_ALL, catchup_window=CATCH_UP),
        state=ScheduleState(
            note=note_of(one), limited_actions=one.at is not None, remaining_actions=ONCE if one.at is not None else 0
        ),
    )


async def start_now(client: Client, one: ScheduleFacts, at: datetime) -> bool:
    """Start the firing of a moment that has come; False where it was started before."""
    with failures_named():
        try:
            await client.start_workflow(
                "ScheduledAsk",
                ScheduleOrder(workspace_id=one.workspace_id, schedule_id=one.id, title=one.title, at=at),
                id=f"{schedule_id(one.id)}/at-{at.astimezone(UTC).strftime('%Y-%m-%dT%H:%M:%SZ')}",
                task_queue=task_queue("desk"),
                id_reuse_policy=WorkflowIDReusePolicy.ALLOW_DUPLICATE_FAILED_ONLY,
                static_summary=one.title or None,
                search_attributes=TypedSearchAttributes([SearchAttributePair(WORKSPACE, str(one.workspace_id))]),
            )
        except WorkflowAlreadyStartedError:
            return False
    log().info("schedule.started", schedule=str(one.id), at=at.isoformat())
    return True


def _spec(one: ScheduleFacts) -> ScheduleSpec:
    """A cron line in its time zone; a moment as a calendar entry of its own second."""
    if one.at is None:
        return ScheduleSpec(cron_expressions=[one.cron], time_zone_name=one.time_zone)
    at = one.at.astimezone(UTC)
    # Second, minute, hour, day, month, weekday, year.
    line = f"{at.second} {at.minute} {at.hour} {at.day} {at.month} * {at.year}"
    return ScheduleSpec(cron_expressions=[line], time_zone_name="UTC")


async def _create(client: Client, one: ScheduleFacts) -> None:
    with failures_named():
        try:
            await client.create_schedule(schedule_id(one.id), schedule_of(one))
        except ScheduleAlreadyRunningError:
            return


async def _replace(client: Client, one: ScheduleFacts) -> None:
    def new(_: ScheduleUpdateInput) -> ScheduleUpdate:
        return ScheduleUpdate(schedule_of(one))

    with failures_named():
        await client.get_schedule_handle(schedule_id(one.id)).update(new)


async def _delete(client: Client, name: str) -> None:
    try:
        with failures_named():
            await client.get_schedule_handle(name).delete()
    except NotFound:
        return
