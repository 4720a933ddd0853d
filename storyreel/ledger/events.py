"""The event stream of a workspace: its commits and what its tasks tell, in one order."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Literal
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from storyreel.ledger import _sql as sql

# Ids are given out before their transactions commit, so an event may appear after one with a higher id. None is that late.
LATE = timedelta(seconds=5)


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened. `id` is the commit's revision or the task event's number, by `source`."""

    source: Literal["commit", "task"]
    id: int
    kind: str
    at: datetime
    data: Mapping[str, Any] = field(default_factory=dict)


async def since(conn: AsyncConnection, workspace_id: UUID, revision: int, event_id: int, limit: int = 200) -> list[Event]:
    """What was committed after `revision` and what tasks told after `event_id`, in order of time; each sort up to `limit`."""
    commits = await _commits(conn, workspace_id, revision, limit)
    return sorted(
        [*commits, *await _told(conn, workspace_id, event_id, limit)], key=lambda event: (event.at, event.source, event.id)
    )


async def newest(conn: AsyncConnection, workspace_id: UUID) -> tuple[int, int]:
    """Where the stream ends now: the newest revision, and the newest task event."""
    found = await sql.row(
        conn,
        """
        select (select revision from workspace where id = :workspace) as revision,
            (select max(id) from task_event where workspace_id = :workspace) as event
        """,
        workspace=workspace_id,
    )
    return (found["revision"] or 0, found["event"] or 0) if found else (0, 0)


@dataclass
class Tail:
    """A reader that follows the stream and misses nothing, and tells nothing twice.

    `revision` and `event_id` are where it begins; what came late behind an event it has told is told as well.
    """

    workspace_id: UUID
    revision: int = 0
    event_id: int = 0
    _recent: dict[int, datetime] = field(default_factory=dict)

    async def read(self, conn: AsyncConnection, limit: int = 200) -> list[Event]:
        """What is new."""
        new = [
            event
            for event in await since(conn, self.workspace_id, self.revision, self.event_id, limit + len(self._recent))
            if event.source == "commit" or event.id not in self._recent
        ]
        for event in new:
            if event.source == "commit":
                self.revision = max(self.revision, event.id)
            else:
                self._recent[event.id] = event.at
        self._let_go()
        return new

    def _let_go(self) -> None:
        # Behind the newest event, what is older than any latecomer needs no second look.
        if not self._recent:
            return
        newest = max(self._recent.values())
        settled = [number for number, at in self._recent.items() if newest - at > LATE]
        self.event_id = max([self.event_id, *settled])
        self._recent = {number: at for number, at in self._recent.items() if number > self.event_id}


async def _commits(conn: AsyncConnection, workspace_id: UUID, revision: int, limit: int) -> list[Event]:
    found = await sql.rows(
        conn,
        """
        select revision, request_id, actor, actor_kind, source, intent, summary, undoes, batch_id, created_at from commit
        where workspace_id = :workspace and revision > :revision order by revision limit :limit
        """,
        workspace=workspace_id,
        revision=revision,
        limit=limit,
    )
    return [
        Event("commit", one["revision"], "commit", one["created_at"], {k: v for k, v in one.items() if k != "created_at"})
        for one in found
    ]


async def _told(conn: AsyncConnection, workspace_id: UUID, event_id: int, limit: int) -> list[Event]:
    found = await sql.rows(
        conn,
        """
        select v.id, v.kind, v.stage, v.data, v.at, t.id as task_id, t.kind::text as task_kind, t.work_item_id, t.episode_id,
            t.state::text as state, t.progress, t.batch_id
        from task_event v join task t on t.workspace_id = v.workspace_id and t.id = v.task_id
        where v.workspace_id = :workspace and v.id > :event order by v.id limit :limit
        """,
        workspace=workspace_id,
        event=event_id,
        limit=limit,
    )
    return [
        Event("task", one["id"], one["kind"], one["at"], {k: v for k, v in one.items() if k not in {"id", "kind", "at"}})
        for one in found
    ]
