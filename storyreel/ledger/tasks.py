"""The queue of renders: written by commits, claimed by the desk, moved only forward and only by compare-and-set.

    pending -> running -> succeeded | failed | manual_review         running <-> retry_pending (its run waits to try again)
    pending <-> paused;  pending | paused -> cancelled;  running | retry_pending -> cancelling -> cancelled
    failed | cancelled | manual_review -> pending (retry);  running -> pending (its run was lost)

Each change writes a `task_event` in the same statement.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from storyreel.actions.base import DeskChange, Render
from storyreel.actions.task import MOVES, Verb
from storyreel.ledger import _sql as sql
from storyreel.ledger import batches
from storyreel.ledger._absorb import Waiting, absorb
from storyreel.ledger._move import DEFAULT_CONCURRENCY, FACTS, move, to_facts
from storyreel.ledger._runs import (
    begin_stage,
    claim,
    end_stage,
    finish,
    held,
    progress,
    requeue_lost,
    retrying,
    wanted,
)  # fmt: skip
from storyreel.ledger.quote import RenderQuote
from storyreel.model.facts import TaskFacts
from storyreel.model.ids import derive

# What is told of a verb where it is not the name of the new state.
TOLD: dict[Verb, str] = {"retry": "retry", "resume": "resumed"}
__all__ = [
    "Counts", "begin_stage", "change", "claim", "counts", "end_stage", "facts", "finish", "held", "insert", "prioritise",
    "progress", "remaining", "requeue_lost", "retrying", "set_desk", "wait_s", "wanted", "workspaces_with_work",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Counts:
    """How a workspace's queue stands. `held` counts runs, those that are being cancelled too."""

    held: int
    waiting: int
    paused: bool
    concurrency: int


async def insert(
    conn: AsyncConnection,
    workspace_id: UUID,
    *,
    revision: int,
    asked_by: str,
    renders: Sequence[Render],
    batch_id: UUID | None = None,
    quotes: Sequence[RenderQuote] = (),
    trace: Mapping[str, str] | None = None,
) -> list[TaskFacts]:
    """Queue renders, in their order. A task that waits for the same shot takes a new wish in: stages united, takes and priority the higher.

    `quotes` are `Quote.lines`, one a render, or nothing. Answers the tasks that stand for the renders, each once.
    """
    if not renders:
        return []
    waiting = await _waiting(conn, workspace_id, renders)
    ids = (derive(workspace_id, "task", revision, index) for index in range(len(renders)))
    queued, widened = absorb(waiting, renders, quotes, ids)
    if queued:
        await _queue(conn, workspace_id, queued, revision=revision, asked_by=asked_by, batch_id=batch_id, trace=trace or {})
    if widened:
        await _widen(conn, workspace_id, widened)
    if batch_id is not None:
        await batches.link(conn, workspace_id, batch_id, [task.id for task in queued], absorbed=False)
        await batches.link(conn, workspace_id, batch_id, [task.id for task in widened], absorbed=True)
    wanted = [task.id for task in [*widened, *queued]]
    return await facts(conn, workspace_id, ids=wanted, limit=len(wanted))


async def change(conn: AsyncConnection, workspace_id: UUID, verb: Verb, ids: Sequence[UUID]) -> list[TaskFacts]:
    """Move tasks as a person asks; those that are in no state for it stay. Answers the ones that moved.

    cancel: what waits is cancelled at once, what a run holds is cancelling until its run has let go. retry: what ended without a
    result waits again. pause and resume: what waits.
    """
    moved: list[TaskFacts] = []
    for to, was in MOVES[verb].items():
        event = TOLD.get(verb, to)
        moved += await move(conn, workspace_id, ids, was=was, to=to, event=event, closes=to == "cancelled", opens=verb == "retry")
    return moved


async def prioritise(conn: AsyncConnection, workspace_id: UUID, ids: Sequence[UUID], priority: int) -> int:
    """Give open tasks another priority (0 to 100, higher first); how many there were."""
    return await sql.run(
        conn,
        """
        update task set priority = :priority
        where workspace_id = :workspace and id = any(cast(:ids as uuid[]))
            and state in ('pending', 'paused', 'running', 'retry_pending', 'cancelling')
        """,
        workspace=workspace_id,
        ids=list(ids),
        priority=priority,
    )


async def set_desk(conn: AsyncConnection, workspace_id: UUID, wish: DeskChange) -> None:
    """Pause or resume the whole desk, or set how many runs it holds at once; None leaves a thing as it is."""
    await sql.run(
        conn,
        """
        insert into desk (workspace_id, concurrency, paused)
        values (:workspace, coalesce(cast(:concurrency as integer), :default), coalesce(cast(:paused as boolean), false))
        on conflict (workspace_id) do update set
            concurrency = coalesce(cast(:concurrency as integer), desk.concurrency),
            paused = coalesce(cast(:paused as boolean), desk.paused)
        """,
        workspace=workspace_id,
        concurrency=wish.concurrency,
        paused=wish.paused,
        default=DEFAULT_CONCURRENCY,
    )


async def counts(conn: AsyncConnection, workspace_id: UUID) -> Counts:
    """How many runs are held and how many tasks wait."""
    found = await sql.row(
        conn,
        """
        select (select count(*) from task where workspace_id = :workspace and run > 0
                    and state in ('running', 'retry_pending', 'cancelling')) as held,
            (select count(*) from task where workspace_id = :workspace and state = 'pending') as waiting,
            coalesce((select paused from desk where workspace_id = :workspace), false) as paused,
            coalesce((select concurrency from desk where workspace_id = :workspace), :default) as concurrency
        """,
        workspace=workspace_id,
        default=DEFAULT_CONCURRENCY,
    )
    assert found is not None
    return Counts(**found)


async def facts(
    conn: AsyncConnection,
    workspace_id: UUID,
    *,
    ids: Sequence[UUID] | None = None,
    open_only: bool = False,
    work_item_ids: Sequence[UUID] | None = None,
    batch_id: UUID | None = None,
    limit: int = 50,
    after: UUID | None = None,
) -> list[TaskFacts]:
    """Tasks, the newest first, those `after` a task in that order; with `ids`, in the order of the ids."""
    where, order = ["t.workspace_id = :workspace"], "t.created_at desc, t.id"
    if ids is not None:
        where.append("t.id = any(cast(:ids as uuid[]))")
        order = "array_position(cast(:ids as uuid[]), t.id)"
    if open_only:
        where.append("t.state in ('pending', 'running', 'paused', 'retry_pending', 'cancelling')")
    if work_item_ids is not None:
        where.append("t.work_item_id = any(cast(:items as uuid[]))")
    if batch_id is not None:
        linked = "select from batch_task l where l.workspace_id = t.workspace_id and l.task_id = t.id and l.batch_id = :batch"
        where.append(f"exists ({linked})")
    if after is not None:
        last = "(select created_at from task where workspace_id = :workspace and id = :after)"
        where.append(f"(t.created_at < {last} or (t.created_at = {last} and t.id > :after))")
    found = await sql.rows(
        conn,
        f"select {FACTS} from task t where {' and '.join(where)} order by {order} limit :limit",  # noqa: S608 - made of constants
        **_given(
            workspace=workspace_id,
            ids=None if ids is None else list(ids),
            items=None if work_item_ids is None else list(work_item_ids),
            batch=batch_id,
            after=after,
            limit=limit,
        ),
    )
    return [to_facts(one) for one in found]


async def remaining(
    conn: AsyncConnection, workspace_id: UUID, *, episode_id: UUID | None = None, batch_id: UUID | None = None
) -> float:
    """About how many seconds the open tasks still take, as many at once as the desk allows; 0 when nothing is open."""
    found = await sql.row(
        conn,
        """
        select coalesce(greatest(
            max(t.expected_s * (1 - t.progress / 100)),
            sum(t.expected_s * (1 - t.progress / 100)) / least(count(*), coalesce(max(d.concurrency), :default))
        ), 0)::float8 as left_s
        from task t left join desk d on d.workspace_id = t.workspace_id
        where t.workspace_id = :workspace and t.state in ('pending', 'running', 'retry_pending', 'cancelling')
            and (cast(:episode as uuid) is null or t.episode_id = :episode) and (cast(:batch as uuid) is null or exists (
                select from batch_task l where l.workspace_id = t.workspace_id and l.task_id = t.id and l.batch_id = :batch))
        """,
        workspace=workspace_id,
        episode=episode_id,
        batch=batch_id,
        default=DEFAULT_CONCURRENCY,
    )
    return float(found["left_s"]) if found else 0.0


async def wait_s(conn: AsyncConnection, workspace_id: UUID, priority: int) -> float:
    """About how many seconds a new task of this priority would wait behind those that go before it."""
    found = await sql.row(
        conn,
        """
        select coalesce(sum(t.expected_s * (1 - t.progress / 100)), 0)::float8
            / coalesce((select concurrency from desk where workspace_id = :workspace), :default) as wait_s
        from task t
        where t.workspace_id = :workspace and (t.state in ('running', 'retry_pending', 'cancelling')
            or (t.state = 'pending' and t.priority >= :priority))
        """,
        workspace=workspace_id,
        priority=priority,
        default=DEFAULT_CONCURRENCY,
    )
    return float(found["wait_s"]) if found else 0.0


async def workspaces_with_work(conn: AsyncConnection) -> list[UUID]:
    """The workspaces whose desk has something to do."""
    found = await sql.rows(
        conn, "select distinct workspace_id from task where state in ('pending', 'running', 'retry_pending', 'cancelling')"
    )
    return [one["workspace_id"] for one in found]


async def _waiting(conn: AsyncConnection, workspace_id: UUID, renders: Sequence[Render]) -> list[Waiting]:
    found = await sql.rows(
        conn,
        """
        select id, kind::text as kind, work_item_id, episode_id, stages, takes, priority, quoted_usd::float8 as quoted_usd, expected_s, needs
        from task
        where workspace_id = :workspace and state = 'pending' and ((kind = 'shot' and work_item_id = any(cast(:items as uuid[])))
            or (kind = 'cut' and episode_id = any(cast(:episodes as uuid[]))))
        order by created_at, id
        for update
        """,
        workspace=workspace_id,
        items=[render.work_item_id for render in renders if render.kind == "shot"],
        episodes=[render.episode_id for render in renders if render.kind == "cut"],
    )
    return [_to_waiting(one) for one in found]


async def _queue(
    conn: AsyncConnection,
    workspace_id: UUID,
    queued: Sequence[Waiting],
    *,
    revision: int,
    asked_by: str,
    batch_id: UUID | None,
    trace: Mapping[str, str],
) -> None:
    await sql.run(
        conn,
        """
        with queued as (
            insert into task (
                workspace_id, id, kind, work_item_id, episode_id, stages, takes, priority, batch_id, revision, asked_by, quoted_usd,
                expected_s, character_id, scene_look_id, sheet, needs, trace, created_at
            )
            select :workspace, r.id, r.kind, r.work_item_id, r.episode_id, r.stages, r.takes, r.priority, cast(:batch as uuid), :revision,
                :asked_by, r.quoted_usd, r.expected_s, r.character_id, r.scene_look_id, r.sheet, r.needs, cast(:trace as jsonb),
                -- One transaction has one time: the order of asking is kept in its microseconds.
                now() + r.place * interval '1 microsecond'
            from jsonb_to_recordset(cast(:rows as jsonb)) as r(
                place integer, id uuid, kind task_kind, work_item_id uuid, episode_id uuid, stages text[], takes jsonb, priority integer,
                quoted_usd numeric, expected_s real, character_id uuid, scene_look_id uuid, sheet jsonb, needs jsonb
            )
            on conflict do nothing
            returning workspace_id, id, stages, created_at
        )
        insert into task_event (workspace_id, task_id, kind, data)
        select workspace_id, id, 'queued', jsonb_build_object('stages', stages) from queued order by created_at
        """,
        workspace=workspace_id,
        batch=batch_id,
        revision=revision,
        asked_by=asked_by,
        trace=sql.json(dict(trace)),
        rows=sql.json([{**task.row(), "place": place} for place, task in enumerate(queued)]),
    )


async def _widen(conn: AsyncConnection, workspace_id: UUID, widened: Sequence[Waiting]) -> None:
    await sql.run(
        conn,
        """
        with widened as (
            update task t set stages = r.stages, takes = r.takes, priority = r.priority, quoted_usd = r.quoted_usd, expected_s = r.expected_s,
                needs = r.needs
            from jsonb_to_recordset(cast(:rows as jsonb)) as r(
                id uuid, stages text[], takes jsonb, priority integer, quoted_usd numeric, expected_s real, needs jsonb
            )
            where t.workspace_id = :workspace and t.id = r.id and t.state = 'pending'
            returning t.workspace_id, t.id, t.stages
        )
        insert into task_event (workspace_id, task_id, kind, data)
        select workspace_id, id, 'queued', jsonb_build_object('stages', stages, 'widened', true) from widened
        """,
        workspace=workspace_id,
        rows=sql.json([task.row() for task in widened]),
    )


def _given(**values: Any) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not None}


def _to_waiting(found: Mapping[str, Any]) -> Waiting:
    plain: dict[str, Any] = {**found, "stages": tuple(found["stages"])}
    return Waiting(**plain)
