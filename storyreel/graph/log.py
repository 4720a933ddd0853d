"""The log: commits and their ops, and the places in it that people name."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from storyreel.actions.reads import LogNeed
from storyreel.model.errors import NotFound
from storyreel.model.facts import LoggedCommit, SnapshotFacts
from storyreel.model.ops import Op
from storyreel.model.rows import SLOTS

_NUMBER = re.compile(r"^(?:#|[vV])(\d{1,9})$")
UP_TO = "select max(revision) from commit where workspace_id = :ws and created_at <= cast(:moment as timestamptz)"
# What changed in some rows or tables after a place, for reading that place.
SINCE = """
    select table_name, row_id, kind, before, after from op
    where workspace_id = :ws and revision > :at and table_name = any(:tables)
        and (cast(:rows as uuid[]) is null or row_id = any(:rows))
    order by revision, seq
"""

# A person's edits and redos that nobody took back, newest first.
UNDOABLE = """
    select c.revision from commit c
    where c.workspace_id = :ws and c.actor_kind = 'person' and c.kind in ('edit', 'redo')
      and not exists (select 1 from commit u where u.workspace_id = c.workspace_id and u.undoes = c.revision)
      and exists (select 1 from op o where o.workspace_id = c.workspace_id and o.revision = c.revision)
      and (cast(:revision as bigint) is null or c.revision = :revision)
    order by c.revision desc limit 1
"""
# The newest undo that nobody took back, if no edit came after it.
REDOABLE = """
    select c.revision from commit c
    where c.workspace_id = :ws and c.kind = 'undo'
      and not exists (select 1 from commit u where u.workspace_id = c.workspace_id and u.undoes = c.revision)
      and not exists (
          select 1 from commit e where e.workspace_id = c.workspace_id and e.revision > c.revision
          and e.actor_kind = 'person' and e.kind = 'edit'
          and exists (select 1 from op o where o.workspace_id = e.workspace_id and o.revision = e.revision)
      )
    order by c.revision desc limit 1
"""


async def needed(
    conn: AsyncConnection, workspace_id: UUID, need: LogNeed, place: str, other_place: str
) -> tuple[LoggedCommit, ...]:
    """The commits that a versioning action must be shown."""
    if need in {"undo", "redo"}:
        query = UNDOABLE if need == "undo" else REDOABLE
        values: dict[str, Any] = {"ws": workspace_id} | ({"revision": int(place) if place else None} if need == "undo" else {})
        revision = await conn.scalar(text(query), values)
        return await commits(conn, workspace_id, [revision]) if revision is not None else ()
    since = await revision_of(conn, workspace_id, place)
    until = await revision_of(conn, workspace_id, other_place) if other_place else None
    return await between(conn, workspace_id, since, until)


async def revision_of(conn: AsyncConnection, workspace_id: UUID, place: str) -> int:
    """The revision that words name: a revision's number, "#3" for the third version, a version's name or id, "now", a time, or "".

    "" is the newest snapshot. A time is in ISO 8601, in UTC where it names no zone; it stands for the last commit up to it.

    Raises:
        NotFound: there is no such place; the message lists what there is.
    """
    now = int(await conn.scalar(text("select revision from workspace where id = :ws"), {"ws": workspace_id}) or 0)
    if place.strip().lower() == "now":
        return now
    if place.isdigit():
        # The digits of other scripts, and more of them than a revision can have, are no number here.
        if len(place) > len(str(now)) or int(place) > now:
            raise NotFound(f"there is no revision {place}; the newest is {now}", newest=now)
        return int(place)
    number = _NUMBER.match(place.strip())
    found = await conn.scalar(
        text(
            "select revision from snapshot where workspace_id = :ws and (:place = '' or name = :place or id::text = :place"
            " or number = cast(:number as integer)) order by (name = :place) desc, created_at desc, revision desc limit 1"
        ),
        {"ws": workspace_id, "place": place, "number": int(number[1]) if number else None},
    )
    if found is None and (moment := _moment(place)) is not None:
        return int(await conn.scalar(text(UP_TO), {"ws": workspace_id, "moment": moment}) or 0)
    if found is None:
        names = await conn.scalars(
            text("select name from snapshot where workspace_id = :ws order by created_at desc limit 5"), {"ws": workspace_id}
        )
        raise NotFound(f"there is no snapshot {place!r}; there are: {', '.join(names) or 'none yet'}")
    return int(found)


def _moment(place: str) -> datetime | None:
    try:
        said = datetime.fromisoformat(place.strip())
    except ValueError:
        return None
    return said if said.tzinfo else said.replace(tzinfo=UTC)


async def snapshots(conn: AsyncConnection, workspace_id: UUID) -> tuple[SnapshotFacts, ...]:
    """The named places, newest first."""
    found = await conn.execute(
        text(
            "select id, revision, name, number, note, automatic, created_at from snapshot"
            " where workspace_id = :ws order by created_at desc, revision desc, number desc"
        ),
        {"ws": workspace_id},
    )
    return tuple(SnapshotFacts(**row) for row in found.mappings())


async def choices(conn: AsyncConnection, workspace_id: UUID, shots: Sequence[UUID]) -> tuple[LoggedCommit, ...]:
    """The commits that changed what shots have selected, in order, with those ops alone."""
    found = await conn.scalars(
        text(
            "select distinct revision from op where workspace_id = :ws and table_name = 'work_item' and row_id = any(:shots)"
            " and (before ?| :slots or after ?| :slots) order by revision"
        ),
        {"ws": workspace_id, "shots": list(shots), "slots": [f"{slot}_node_id" for slot in SLOTS]},
    )
    return await commits(conn, workspace_id, list(found), set(shots))


async def since(
    conn: AsyncConnection, workspace_id: UUID, at: int, tables: Collection[str], rows: Collection[UUID] | None = None
) -> list[Op]:
    """The ops after revision `at` on some tables, or on some of their rows alone, in order."""
    values = {"ws": workspace_id, "at": at, "tables": list(tables), "rows": None if rows is None else list(rows)}
    found = await conn.execute(text(SINCE), values)
    return [Op(table=row.table_name, row=row.row_id, kind=row.kind, before=row.before, after=row.after) for row in found]


async def between(conn: AsyncConnection, workspace_id: UUID, since: int, until: int | None = None) -> tuple[LoggedCommit, ...]:
    """The commits after `since`, up to and with `until`, in order."""
    found = await conn.scalars(
        text(
            "select revision from commit where workspace_id = :ws and revision > :since"
            " and revision <= coalesce(:until, revision) order by revision"
        ),
        {"ws": workspace_id, "since": since, "until": until},
    )
    return await commits(conn, workspace_id, list(found))


async def commits(
    conn: AsyncConnection, workspace_id: UUID, revisions: Sequence[int], rows: Collection[UUID] | None = None
) -> tuple[LoggedCommit, ...]:
    """Commits with their ops, or those of certain rows alone, in order."""
    values = {"ws": workspace_id, "revisions": list(revisions), "rows": None if rows is None else list(rows)}
    ops: dict[int, list[Op]] = defaultdict(list)
    for row in await conn.execute(
        text(
            "select revision, table_name, row_id, kind, before, after from op"
            " where workspace_id = :ws and revision = any(:revisions)"
            " and (cast(:rows as uuid[]) is null or row_id = any(:rows)) order by revision, seq"
        ),
        values,
    ):
        ops[row.revision].append(Op(table=row.table_name, row=row.row_id, kind=row.kind, before=row.before, after=row.after))
    found = await conn.execute(
        text(
            "select revision, intent, actor, actor_kind, summary, undoes, created_at from commit"
            " where workspace_id = :ws and revision = any(:revisions) order by revision"
        ),
        values,
    )
    return tuple(
        LoggedCommit(
            revision=row.revision,
            intent=row.intent,
            actor=row.actor,
            actor_kind=row.actor_kind,
            summary=tuple(row.summary),
            ops=tuple(ops[row.revision]),
            undoes=row.undoes,
            at=row.created_at,
        )
        for row in found
    )
