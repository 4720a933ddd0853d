"""The log: commits and their ops, and the places in it that people name."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from storyreel.actions.base import LogNeed
from storyreel.model.errors import NotFound
from storyreel.model.ops import Op
from storyreel.model.view import LoggedCommit

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
    """The revision that words name: a number, a snapshot's name or id, or nothing for the newest snapshot.

    Raises:
        NotFound: there is no such place; the message lists what there is.
    """
    now = await conn.scalar(text("select revision from workspace where id = :ws"), {"ws": workspace_id}) or 0
    if place.isdigit():
        if int(place) > now:
            raise NotFound(f"there is no revision {place}; the newest is {now}", newest=now)
        return int(place)
    found = await conn.scalar(
        text(
            "select revision from snapshot where workspace_id = :ws and (:place = '' or name = :place or id::text = :place)"
            " order by created_at desc, revision desc limit 1"
        ),
        {"ws": workspace_id, "place": place},
    )
    if found is None:
        names = await conn.scalars(
            text("select name from snapshot where workspace_id = :ws order by created_at desc limit 5"), {"ws": workspace_id}
        )
        raise NotFound(f"there is no snapshot {place!r}; there are: {', '.join(names) or 'none yet'}")
    return int(found)


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


async def commits(conn: AsyncConnection, workspace_id: UUID, revisions: Sequence[int]) -> tuple[LoggedCommit, ...]:
    """Commits with their ops, in order."""
    values = {"ws": workspace_id, "revisions": list(revisions)}
    ops: dict[int, list[Op]] = defaultdict(list)
    for row in await conn.execute(
        text(
            "select revision, table_name, row_id, kind, before, after from op"
            " where workspace_id = :ws and revision = any(:revisions) order by revision, seq"
        ),
        values,
    ):
        ops[row.revision].append(Op(table=row.table_name, row=row.row_id, kind=row.kind, before=row.before, after=row.after))
    found = await conn.execute(
        text(
            "select revision, intent, actor, actor_kind, summary, undoes from commit"
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
        )
        for row in found
    )
