"""The worker processes there are: each says now and then that it lives; one that is not heard of for a while is dead."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from storyreel.ledger import _sql as sql
from storyreel.runtime import clock

EVERY_S = 10.0
# Six words missed.
DEAD_S = 60.0
# The dead are shown for a day, so that a person sees what happened overnight.
FORGOTTEN = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Worker:
    """A worker process, as it last spoke of itself.

    `clock_off_s`: how far its clock is ahead of the database's. `silent_s`: how long ago it spoke, by the database's clock. `facts`:
    {disk_free_mb, memory_free_mb, slots: {queue: activities at once}, draining, full: [queues it has no room for]}.
    """

    id: UUID
    host: str
    process_id: int
    queues: tuple[str, ...]
    version: str
    build_id: str = ""
    started_at: datetime | None = None
    seen_at: datetime | None = None
    clock_off_s: float = 0.0
    facts: Mapping[str, Any] = field(default_factory=dict[str, Any])
    silent_s: float = 0.0

    @property
    def dead(self) -> bool:
        """Whether it ended without a word."""
        return self.silent_s > DEAD_S

    @property
    def draining(self) -> bool:
        """Whether it takes nothing new and only ends what it has."""
        return bool(self.facts.get("draining"))


async def see(conn: AsyncConnection, worker: Worker) -> float:
    """Say that a worker lives, with its facts; how far its clock is ahead of the database's, in seconds."""
    off_s = await _clock_off_s(conn)
    await sql.run(
        conn,
        """
        insert into worker (id, host, process_id, queues, version, build_id, clock_off_s, facts)
        values (:id, :host, :process, :queues, :version, :build, :off_s, cast(:facts as jsonb))
        on conflict (id) do update set seen_at = now(), clock_off_s = excluded.clock_off_s, facts = excluded.facts
        """,
        id=worker.id,
        host=worker.host,
        process=worker.process_id,
        queues=list(worker.queues),
        version=worker.version,
        build=worker.build_id,
        off_s=off_s,
        facts=sql.json(dict(worker.facts)),
    )
    await sql.run(conn, "delete from worker where seen_at < now() - :forgotten", forgotten=FORGOTTEN)
    return off_s


async def leave(conn: AsyncConnection, worker_id: UUID) -> None:
    """Say that a worker ended as it should."""
    await sql.run(conn, "delete from worker where id = :id", id=worker_id)


async def listed(conn: AsyncConnection, *, queues: Sequence[str] = ()) -> list[Worker]:
    """All workers, the dead among them, by host; with `queues`, those that serve one of these."""
    found = await sql.rows(
        conn,
        """
        select id, host, process_id, queues, version, build_id, started_at, seen_at, clock_off_s, facts,
            extract(epoch from clock_timestamp() - seen_at)::float8 as silent_s
        from worker where cast(:queues as text[]) = '{}' or queues && cast(:queues as text[]) order by host, started_at, id
        """,
        queues=list(queues),
    )
    return [_to_worker(one) for one in found]


async def needs(conn: AsyncConnection, workspace_id: UUID, task_id: UUID) -> Mapping[str, Any]:
    """What a task says it needs of a worker, {memory_mb, disk_mb}; empty where it says nothing."""
    found = await sql.row(
        conn, "select needs from task where workspace_id = :workspace and id = :id", workspace=workspace_id, id=task_id
    )
    return dict(found["needs"]) if found else {}


def _to_worker(found: Mapping[str, Any]) -> Worker:
    plain: dict[str, Any] = {**found, "queues": tuple(found["queues"])}
    return Worker(**plain)


async def _clock_off_s(conn: AsyncConnection) -> float:
    before = clock.now()
    found = await sql.row(conn, "select clock_timestamp() as at")
    after = clock.now()
    assert found is not None
    middle = before + (after - before) / 2
    return (middle - found["at"]).total_seconds()
