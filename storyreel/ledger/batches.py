"""Batches as people follow them: who asked and why, how many are done, how fast it goes, what waits and for what.

A batch counts the tasks that stand for its wishes (`batch_task`). A task that waited already takes a wish in, and is then of several
batches: each of them counts it, so that what was asked for always adds up.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from storyreel.ledger import _sql as sql
from storyreel.ledger._move import DEFAULT_CONCURRENCY
from storyreel.pipeline.contract import WAITS

# How fast it goes is told by what was done lately.
LATELY_S = 300.0
# So many ends say how fast it goes; before that it is what the prices expect.
ENOUGH = 3
# As many of the tasks that wait for one thing are named.
NAMED = 20


@dataclass(frozen=True)
class NewBatch:
    """A batch to open. `selector` is what was asked for; `skipped` how many shots were left out, by why.

    `shots` are all that it is about, where they are asked for slice by slice; `asked` is how many of them are, with this slice.
    """

    id: UUID
    reason: str = "by hand"
    title: str = ""
    selector: Mapping[str, Any] = field(default_factory=dict[str, Any])
    skipped: Mapping[str, int] = field(default_factory=dict[str, int])
    schedule_id: UUID | None = None
    shots: tuple[UUID, ...] = ()
    asked: int = 0


@dataclass(frozen=True)
class Waiting:
    """Tasks of a batch that wait for the same thing: `why` by code, `said` in words where the task has some."""

    why: str
    tasks: int
    said: str = ""
    owners: tuple[UUID, ...] = ()


@dataclass(frozen=True)
class Standing:
    """How a batch stands. The counts add up: `total` is done, failed, review, cancelled, running, waiting and paused together.

    `skipped` are shots that were left out and `to_ask` those that are not asked for yet: neither has a task. `rate_per_min` is None while
    too little was done to tell; `remaining_s` is None once nothing is open.
    """

    id: UUID
    title: str
    asked_by: str
    reason: str
    selector: Mapping[str, Any]
    schedule_id: UUID | None
    created_at: datetime
    total: int
    done: int
    failed: int
    review: int
    cancelled: int
    running: int
    waiting: int
    paused: int
    absorbed: int
    skipped: Mapping[str, int]
    to_ask: int
    percent: float
    stages: Mapping[str, int] = field(default_factory=dict[str, int])
    rate_per_min: float | None = None
    remaining_s: float | None = None
    waits: tuple[Waiting, ...] = ()
    held_providers: tuple[str, ...] = ()


async def open_batch(conn: AsyncConnection, workspace_id: UUID, batch: NewBatch, *, asked_by: str) -> None:
    """Open a batch, or, where a further slice of it is asked for, add to it."""
    await sql.run(
        conn,
        """
        insert into batch (workspace_id, id, asked_by, reason, title, selector, skipped, schedule_id, shots, asked)
        values (:workspace, :id, :asked_by, :reason, :title, cast(:selector as jsonb), cast(:skipped as jsonb), cast(:schedule as uuid),
            cast(:shots as uuid[]), :asked)
        on conflict (workspace_id, id) do update set asked = greatest(batch.asked, excluded.asked), skipped = (
            select coalesce(jsonb_object_agg(why, n), '{}') from (
                select key as why, sum(value::integer) as n
                from (select * from jsonb_each_text(batch.skipped) union all select * from jsonb_each_text(excluded.skipped)) both_of
                group by key
            ) added
        )
        """,
        workspace=workspace_id,
        id=batch.id,
        asked_by=asked_by,
        reason=batch.reason,
        title=batch.title,
        selector=sql.json(dict(batch.selector)),
        skipped=sql.json(dict(batch.skipped)),
        schedule=batch.schedule_id,
        shots=list(batch.shots),
        asked=batch.asked,
    )


async def link(conn: AsyncConnection, workspace_id: UUID, batch_id: UUID, tasks: Sequence[UUID], *, absorbed: bool) -> None:
    """Count these tasks in a batch."""
    await sql.run(
        conn,
        """
        insert into batch_task (workspace_id, batch_id, task_id, absorbed)
        select :workspace, :batch, id, :absorbed from unnest(cast(:tasks as uuid[])) as t(id)
        on conflict do nothing
        """,
        workspace=workspace_id,
        batch=batch_id,
        tasks=list(tasks),
        absorbed=absorbed,
    )


async def newest(conn: AsyncConnection, workspace_id: UUID, limit: int = 20, after: UUID | None = None) -> list[Standing]:
    """The newest batches with the counts of their tasks; those `after` a batch in that order."""
    found = await sql.rows(
        conn,
        f"{COUNTED.format(which=AFTER)} order by b.created_at desc, b.id desc limit :limit",
        workspace=workspace_id,
        limit=limit,
        after=after,
    )
    return [_standing(one) for one in found]


async def find(conn: AsyncConnection, workspace_id: UUID, batch_id: UUID) -> Standing | None:
    """One batch with all that a person asks of it, or None where there is none."""
    at = {"workspace": workspace_id, "batch": batch_id}
    found = await sql.row(conn, COUNTED.format(which="b.id = :batch"), **at)
    if found is None:
        return None
    pace = await sql.row(conn, PACE, **at, lately=LATELY_S, default=DEFAULT_CONCURRENCY)
    waits = await sql.rows(conn, WAITING_FOR, **at, choice=WAITS, named=NAMED)
    held = await sql.rows(conn, "select provider from provider_pause where workspace_id = :workspace order by 1", **_only(at))
    return _standing({**found, **(pace or {})}, waits, [one["provider"] for one in held])


async def slice_of(conn: AsyncConnection, workspace_id: UUID, batch_id: UUID) -> tuple[list[UUID], int] | None:
    """The shots that a batch is about and how many of them were asked for; None where there is no such batch."""
    found = await sql.row(
        conn, "select shots, asked from batch where workspace_id = :workspace and id = :id", workspace=workspace_id, id=batch_id
    )
    return (list(found["shots"]), int(found["asked"])) if found else None


def _only(at: Mapping[str, Any]) -> dict[str, Any]:
    return {"workspace": at["workspace"]}


AFTER = """(cast(:after as uuid) is null or (b.created_at, b.id) < (
    select created_at, id from batch where workspace_id = :workspace and id = cast(:after as uuid)))"""
COUNTED = """
select b.id, b.title, b.asked_by, b.reason, b.selector, b.schedule_id, b.created_at, b.skipped, cardinality(b.shots) - b.asked as to_ask,
    count(t.id) as total,
    count(t.id) filter (where t.state = 'succeeded') as done,
    count(t.id) filter (where t.state = 'failed') as failed,
    count(t.id) filter (where t.state = 'manual_review') as review,
    count(t.id) filter (where t.state = 'cancelled') as cancelled,
    count(t.id) filter (where t.state in ('running', 'retry_pending', 'cancelling')) as running,
    count(t.id) filter (where t.state = 'pending') as waiting,
    count(t.id) filter (where t.state = 'paused') as paused,
    count(t.id) filter (where l.absorbed) as absorbed,
    coalesce(sum(case when t.finished_at is null then t.progress else 100 end), 0)::float8 as percents
from batch b
left join batch_task l on l.workspace_id = b.workspace_id and l.batch_id = b.id
left join task t on t.workspace_id = l.workspace_id and t.id = l.task_id
where b.workspace_id = :workspace and {which}
group by b.workspace_id, b.id
"""
PACE = """
with mine as (
    select t.* from batch_task l join task t on t.workspace_id = l.workspace_id and t.id = l.task_id
    where l.workspace_id = :workspace and l.batch_id = :batch
), lately as (
    select count(*) as ended,
        extract(epoch from now() - greatest(min(started_at), now() - make_interval(secs => :lately)))::float8 as within_s
    from mine where state = 'succeeded' and finished_at > now() - make_interval(secs => :lately)
), still as (
    select count(*) as open,
        coalesce(greatest(max(expected_s * (1 - progress / 100)), sum(expected_s * (1 - progress / 100)) / least(count(*), (
            select coalesce(max(concurrency), :default) from desk where workspace_id = :workspace))), 0)::float8 as expected_s
    from mine where state in ('pending', 'running', 'paused', 'retry_pending', 'cancelling')
), at as (
    select jsonb_object_agg(stage, n) as stages from (
        select stage, count(*) as n from mine where state in ('running', 'retry_pending') and stage <> '' group by stage
    ) s
)
select lately.ended, lately.within_s, still.open, still.expected_s, at.stages from lately, still, at
"""
WAITING_FOR = """
with held as (
    select t.work_item_id, t.created_at, t.id, case
        when t.state = 'manual_review' then 'person'
        when t.state = 'paused' then 'paused'
        when t.state = 'retry_pending' then coalesce(nullif(t.error ->> 'code', ''), 'retry')
        when t.state = 'running' then 'choice'
        when d.paused then 'project paused'
        when t.note like 'waits for shot %' then 'another shot'
        when t.not_before > now() then 'its time'
        when t.kind = 'cut' then 'its shots'
        else 'its turn' end as why,
        case when t.state in ('manual_review', 'retry_pending') then coalesce(t.error ->> 'detail', '')
            when t.note like 'waits for shot %' then t.note else '' end as said
    from batch_task l join task t on t.workspace_id = l.workspace_id and t.id = l.task_id
    left join desk d on d.workspace_id = l.workspace_id
    where l.workspace_id = :workspace and l.batch_id = :batch
        and (t.state in ('pending', 'paused', 'retry_pending', 'manual_review') or (t.state = 'running' and t.note = :choice))
)
select why, said, count(*) as tasks,
    (array_agg(work_item_id order by created_at, id) filter (where work_item_id is not null))[1:cast(:named as integer)] as owners
from held group by why, said order by tasks desc, why, said limit 50
"""


def _standing(found: Mapping[str, Any], waits: Sequence[Mapping[str, Any]] = (), held: Sequence[str] = ()) -> Standing:
    total = found["total"]
    counts = ("done", "failed", "review", "cancelled", "running", "waiting", "paused", "absorbed", "to_ask")
    facts = ("id", "title", "asked_by", "reason", "selector", "schedule_id", "created_at", "skipped")
    per_min = _per_min(found)
    return Standing(
        **{name: found[name] for name in (*facts, *counts)},
        total=total,
        # What is not asked for yet is not done either.
        percent=round(found["percents"] / max(1, total + found["to_ask"]), 1),
        stages=found.get("stages") or {},
        rate_per_min=per_min,
        remaining_s=_remaining_s(found, per_min),
        waits=tuple(Waiting(one["why"], one["tasks"], one["said"], tuple(one["owners"] or ())) for one in waits),
        held_providers=tuple(held),
    )


def _per_min(found: Mapping[str, Any]) -> float | None:
    """Tasks a minute over the last minutes."""
    ended, within_s = found.get("ended") or 0, found.get("within_s") or 0.0
    return round(60 * ended / within_s, 2) if ended >= ENOUGH and within_s > 0 else None


def _remaining_s(found: Mapping[str, Any], per_min: float | None) -> float | None:
    """By how fast it goes; by what the prices expect while that is not known."""
    still = (found.get("open") or 0) + found["to_ask"]
    if not still:
        return None
    return round(60 * still / per_min if per_min else found.get("expected_s") or 0.0, 1)
