"""The event stream of a workspace: its commits and what its tasks tell, in one order."""

from __future__ import annotations

import heapq
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Literal
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from storyreel.ledger import _sql as sql
from storyreel.model.errors import BadInput

# Ids are given out before their transactions commit, so an event may appear after one with a higher id: for as long as its writer lives.
# A reader that begins looks back at least so far.
BACK = timedelta(seconds=10)
# A place in the stream, as text. It says no more than this many events at once that were told ahead of others.
PLACE = re.compile(r"(\d{1,18})(?:\.(\d{1,18})(?:~([0-9]{1,9}(?:-[0-9]{1,9})?(?:,[0-9]{1,9}(?:-[0-9]{1,9})?)*))?)?")
MOST_AHEAD = 10_000
NOT_TOLD = frozenset({"id", "kind", "at", "oldest_xid", "next_xid"})


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened. `id` is the commit's revision or the task event's number, by `source`."""

    source: Literal["commit", "task"]
    id: int
    kind: str
    at: datetime
    data: Mapping[str, Any] = field(default_factory=dict)


async def since(conn: AsyncConnection, workspace_id: UUID, revision: int, event_id: int, limit: int = 200) -> list[Event]:
    """What was committed after `revision` and what tasks told after `event_id`, each up to `limit`.

    Commits come in the order of their revisions and tasks' events in the order of their numbers; the two are merged by time.
    """
    told, _ = await _told(conn, workspace_id, event_id, limit)
    return _merged(await _commits(conn, workspace_id, revision, limit), told)


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


async def stands(conn: AsyncConnection, workspaces: Iterable[UUID]) -> dict[UUID, tuple[int, int]]:
    """Where the streams of several workspaces end now."""
    found = await sql.rows(
        conn,
        """
        select w.id, w.revision,
            coalesce((select v.id from task_event v where v.workspace_id = w.id order by v.id desc limit 1), 0) as event
        from workspace w where w.id = any(cast(:workspaces as uuid[]))
        """,
        workspaces=list(workspaces),
    )
    return {one["id"]: (one["revision"], one["event"]) for one in found}


async def recent(conn: AsyncConnection, workspace_id: UUID) -> Tail:
    """A reader at the end of the stream, who is told what is still to come late behind it."""
    found = await sql.row(
        conn,
        """
        select (select revision from workspace where id = :workspace) as revision,
            coalesce((select max(id) from task_event where workspace_id = :workspace and at < least(now() - :back,
                -- What somebody is about to tell was given its id since then.
                (select min(xact_start) from pg_stat_activity where backend_xid is not null))), 0) as event
        """,
        workspace=workspace_id,
        back=BACK,
    )
    tail = Tail(workspace_id, found["revision"] or 0, found["event"]) if found else Tail(workspace_id)
    while passed := await tail.read(conn):
        for event in passed:
            tail.told(event)
    return tail


@dataclass(frozen=True, slots=True)
class Horizon:
    """What a reading saw of transactions: the oldest that had not ended, and the first that had not begun."""

    oldest_xid: int
    next_xid: int


@dataclass
class Tail:
    """A reader that follows the stream and misses nothing, and tells nothing twice.

    `revision` is the newest commit that was told; every task event up to `event_id` was told, and those in `_recent` after it. What
    comes late behind an event that was told is told as well: `event_id` moves on to an event only when every transaction that was open
    when it was first seen has ended, since one of them may hold a lower number.
    """

    workspace_id: UUID
    revision: int = 0
    event_id: int = 0
    # Events that were told ahead, with the first transaction that had not begun when they were first read; None before they are.
    _recent: dict[int, int | None] = field(default_factory=dict[int, "int | None"])
    _untold: set[int] = field(default_factory=set[int])
    _horizon: Horizon | None = None

    @classmethod
    def at(cls, workspace_id: UUID, place: str) -> Tail:
        """A reader that goes on at a `place` that another one gave.

        Raises:
            BadInput: it is no place.
        """
        match = PLACE.fullmatch(place.strip())
        if match is None:
            raise BadInput(f"{place[:80]!r} is no event id; use one that the stream gave, or '0.0' for the beginning")
        floor = int(match[2] or 0)
        return cls(workspace_id, int(match[1]), floor, dict.fromkeys(_spread(floor, match[3] or "")))

    @property
    def place(self) -> str:
        """Where the reader stands, as text: `<revision>.<task event>`, and the events it was told ahead of others."""
        ahead = _packed(self.event_id, sorted(self._recent))
        return f"{self.revision}.{self.event_id}" + (f"~{ahead}" if ahead else "")

    async def read(self, conn: AsyncConnection, limit: int = 200) -> list[Event]:
        """What is new. Each event counts as told once `told` has been called with it."""
        most = limit + len(self._recent)
        commits = await _commits(conn, self.workspace_id, self.revision, most)
        told, horizon = await _told(conn, self.workspace_id, self.event_id, most)
        if horizon is not None:
            self._horizon = horizon
            known = {event.id: horizon.next_xid for event in told if self._recent.get(event.id, 0) is None}
            self._recent |= known
        new = [event for event in told if event.id not in self._recent]
        self._untold = {event.id for event in new}
        return _merged(commits, new)

    def knows(self, event: Event) -> bool:
        """Whether an event was told."""
        return event.id <= self.revision if event.source == "commit" else event.id <= self.event_id or event.id in self._recent

    def go_on(self, place: str) -> None:
        """Stand at a place that another reader of the same project gave."""
        other = Tail.at(self.workspace_id, place)
        self.revision, self.event_id, self._recent = other.revision, other.event_id, other._recent  # noqa: SLF001 (its own kind)
        self._untold = set()

    def told(self, event: Event) -> str:
        """Note that an event was told; the place after it."""
        if event.source == "commit":
            self.revision = max(self.revision, event.id)
        else:
            # Of what another reader handed on it is known only at the next reading of one's own.
            self._recent[event.id] = self._horizon.next_xid if self._horizon and event.id in self._untold else None
            self._untold.discard(event.id)
            self._let_go()
        return self.place

    def _let_go(self) -> None:
        if self._horizon is None:
            return
        before, oldest = min(self._untold, default=None), self._horizon.oldest_xid
        settled = [
            number
            for number, seen in self._recent.items()
            if seen is not None and seen <= oldest and (before is None or number < before)
        ]
        self.event_id = max([self.event_id, *settled])
        self._recent = {number: seen for number, seen in self._recent.items() if number > self.event_id}


def _packed(floor: int, numbers: Iterable[int]) -> str:
    """Numbers above the floor as ranges of their distances from it: 3-5,9."""
    spans: list[list[int]] = []
    for number in numbers:
        if spans and number == spans[-1][1] + 1:
            spans[-1][1] = number
        else:
            spans.append([number, number])
    return ",".join(f"{a - floor}-{b - floor}" if b > a else f"{a - floor}" for a, b in spans)


def _spread(floor: int, packed: str) -> list[int]:
    spans = [part.partition("-") for part in packed.split(",") if part]
    return [floor + n for a, _, b in spans for n in range(int(a), min(int(b or a), int(a) + MOST_AHEAD) + 1)]


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


def _merged(commits: Iterable[Event], told: Iterable[Event]) -> list[Event]:
    return list(heapq.merge(commits, told, key=lambda event: (event.at, event.source, event.id)))


async def _told(conn: AsyncConnection, workspace_id: UUID, event_id: int, limit: int) -> tuple[list[Event], Horizon | None]:
    """What tasks told, and what the very same reading saw of transactions; None where it read nothing."""
    found = await sql.rows(
        conn,
        """
        select v.id, v.kind, v.stage, v.data, v.at, t.id as task_id, t.kind::text as task_kind, t.work_item_id, t.episode_id,
            t.state::text as state, t.progress, t.batch_id,
            array(select l.batch_id from batch_task l where l.workspace_id = t.workspace_id and l.task_id = t.id order by 1) as batches,
            pg_snapshot_xmin(pg_current_snapshot())::text::bigint as oldest_xid,
            pg_snapshot_xmax(pg_current_snapshot())::text::bigint as next_xid
        from task_event v join task t on t.workspace_id = v.workspace_id and t.id = v.task_id
        where v.workspace_id = :workspace and v.id > :event order by v.id limit :limit
        """,
        workspace=workspace_id,
        event=event_id,
        limit=limit,
    )
    events = [
        Event("task", one["id"], one["kind"], one["at"], {k: v for k, v in one.items() if k not in NOT_TOLD}) for one in found
    ]
    return events, Horizon(found[0]["oldest_xid"], found[0]["next_xid"]) if found else None
