"""What is done at a time: the table is the truth; Temporal's schedule of the same id only says when."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from storyreel.actions.base import ScheduleChange
from storyreel.ledger import _sql as sql
from storyreel.model.facts import ScheduleFacts
from storyreel.model.when import moment, zone_of
from storyreel.runtime import clock

COLUMNS = "workspace_id, id, title, envelope, cron, at, time_zone, state, asked_by, last_at, last_said"


async def change(conn: AsyncConnection, workspace_id: UUID, wish: ScheduleChange, *, asked_by: str, role: int) -> None:
    """Set a schedule, or take one back.

    Raises:
        BadInput: its moment is over, or is none.
    """
    if wish.state == "cancelled":
        await sql.run(
            conn,
            "update schedule set state = 'cancelled' where workspace_id = :workspace and id = :id",
            workspace=workspace_id,
            id=wish.id,
        )
        return
    zone = wish.time_zone or clock.zone()
    at = moment(wish.at, zone_of(zone), clock.now()) if wish.at else None
    envelope = {"actions": [one.model_dump(mode="json", by_alias=True) for one in wish.actions], "role": role}
    await sql.run(
        conn,
        """
        insert into schedule (workspace_id, id, title, envelope, cron, at, time_zone, asked_by)
        values (:workspace, :id, :title, cast(:envelope as jsonb), :cron, cast(:at as timestamptz), :zone, :asked_by)
        on conflict (workspace_id, id) do update set envelope = excluded.envelope, cron = excluded.cron, at = excluded.at,
            time_zone = excluded.time_zone, asked_by = excluded.asked_by, state = 'active'
        """,
        workspace=workspace_id,
        id=wish.id,
        title=wish.title,
        envelope=sql.json(envelope),
        cron=wish.cron,
        at=at,
        zone=zone,
        asked_by=asked_by,
    )


async def listed(conn: AsyncConnection, workspace_id: UUID) -> tuple[ScheduleFacts, ...]:
    """The schedules of a workspace, the newest first; those that were cancelled are left out."""
    found = await sql.rows(
        conn,
        f"select {COLUMNS} from schedule where workspace_id = :workspace and state <> 'cancelled' order by created_at desc, id limit 500",  # noqa: S608 - constants
        workspace=workspace_id,
    )
    return tuple(_facts(one) for one in found)


async def find(conn: AsyncConnection, workspace_id: UUID, schedule_id: UUID, *, held: bool = False) -> ScheduleFacts | None:
    """One schedule, or None; `held` keeps it for this transaction."""
    found = await sql.row(
        conn,
        f"select {COLUMNS} from schedule where workspace_id = :workspace and id = :id {'for update' if held else ''}",  # noqa: S608
        workspace=workspace_id,
        id=schedule_id,
    )
    return _facts(found) if found else None


async def active(conn: AsyncConnection) -> list[ScheduleFacts]:
    """The schedules of all workspaces that are to be done."""
    found = await sql.rows(
        conn,
        f"select {COLUMNS} from schedule s where state = 'active'"  # noqa: S608
        " and exists (select from workspace w where w.id = s.workspace_id and not w.removed) order by workspace_id, id",
    )
    return [_facts(one) for one in found]


async def fired(conn: AsyncConnection, workspace_id: UUID, schedule_id: UUID, at: datetime, said: str) -> None:
    """Keep what came of it at a time; one that is done once is done."""
    await sql.run(
        conn,
        """
        update schedule set last_at = greatest(last_at, cast(:at as timestamptz)), last_said = :said,
            state = case when cron = '' and state = 'active' then 'done' else state end
        where workspace_id = :workspace and id = :id
        """,
        workspace=workspace_id,
        id=schedule_id,
        at=at,
        said=said,
    )


def _facts(found: Mapping[str, Any]) -> ScheduleFacts:
    plain: dict[str, Any] = {**found}
    envelope = plain.pop("envelope")
    return ScheduleFacts(**plain, actions=tuple(envelope["actions"]), role=int(envelope.get("role", 0)))
