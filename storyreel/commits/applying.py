"""What a planned envelope writes: its rows, the log, a snapshot before a batch, its tasks and its other effects."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from storyreel.actions.base import (
    Adopt,
    Asked,
    BudgetChange,
    DeskChange,
    Effect,
    Envelope,
    ProviderChange,
    ReviewChange,
    ScheduleChange,
    SnapshotWish,
    TaskChange,
)
from storyreel.actions.version import Undo
from storyreel.commits import writing
from storyreel.commits.batching import batch_of
from storyreel.commits.copying import write_copy
from storyreel.commits.outcome import Actor, CommitFacts, quote_facts
from storyreel.commits.planning import Planned
from storyreel.ledger import budget, providers, review, schedules, tasks
from storyreel.ledger.batches import NewBatch, open_batch
from storyreel.ledger.quote import Quote
from storyreel.model.digest import canonical
from storyreel.runtime.telemetry import carry

# More than this many shots written over or rendered is a batch: the place before it gets a name.
BATCH = 1
# The log keeps the ops in full; arguments are for reading.
LONGEST_ARGS = 20_000


async def apply(
    conn: AsyncConnection,
    workspace_id: UUID,
    revision: int,
    envelope: Envelope,
    planned: Planned,
    quote: Quote,
    actor: Actor,
    source: str,
    copies: Sequence[Quote] = (),
    given: NewBatch | None = None,
) -> CommitFacts:
    """Write it all, inside the transaction that holds the workspace; the facts of the commit."""
    batch = batch_of(workspace_id, revision, envelope, planned, source, given)
    batch_id = batch.id if batch else None
    for effect in planned.effects:
        if isinstance(effect, Adopt):
            await writing.adopt_assets(conn, workspace_id, effect)
    # A new project's own row is inserted by its ops, so they come before the log that points at it.
    await writing.write_rows(conn, planned.after, planned.ops)
    await writing.write_commit(
        conn,
        workspace_id,
        revision,
        request_id=envelope.request_id,
        actor=actor,
        source=source,
        intent=envelope.intent,
        kind=_kind(planned),
        actions=[_logged(one, planned, index) for index, one in enumerate(envelope.actions)],
        summary=[said.model_dump(mode="json") for said in planned.summary],
        ops=planned.ops,
        undoes=planned.undoes,
        batch_id=batch_id,
    )
    if len(planned.touched) > BATCH and revision > 1:
        name = f"before revision {revision}"
        await writing.write_snapshot(conn, workspace_id, revision - 1, name, note=envelope.intent, automatic=True)
    if batch is not None:
        await open_batch(conn, workspace_id, batch, asked_by=actor.id)
    wanted = await tasks.insert(
        conn,
        workspace_id,
        revision=revision,
        asked_by=actor.id,
        batch_id=batch_id,
        renders=planned.renders,
        quotes=quote.lines,
        trace=carry(),
    )
    for effect in planned.effects:
        await _carry_out(conn, workspace_id, revision, effect, actor)
    for (at, copy), price in zip(planned.copies, copies, strict=True):
        await write_copy(conn, copy, price, envelope, envelope.actions[at], actor, source, carry())
    if planned.undoes is not None:
        await _stop_unspent(conn, workspace_id, planned.undoes)
    return CommitFacts(
        revision=revision,
        summary=planned.summary,
        skipped=planned.skipped,
        tasks=tuple(task.id for task in wanted),
        batch_id=batch_id,
        quote=quote_facts(quote, planned.render_count),
        kind=_kind(planned),
        undoable=bool(planned.ops),
        copies=tuple(copy.workspace_id for _, copy in planned.copies),
    )


def with_copies(quote: Quote, copies: Sequence[Quote]) -> Quote:
    """The price and time of a plan with those of the projects that it makes."""
    return replace(
        quote,
        cost_usd=round(quote.cost_usd + sum(one.cost_usd for one in copies), 6),
        expected_s=quote.expected_s + sum(one.expected_s for one in copies),
        beside=(*quote.beside, *(line for one in copies for line in one.basis)),
    )


async def _carry_out(conn: AsyncConnection, workspace_id: UUID, revision: int, effect: Effect, actor: Actor) -> None:
    if isinstance(effect, TaskChange) and effect.priority is not None:
        await tasks.prioritise(conn, workspace_id, effect.tasks, effect.priority)
    elif isinstance(effect, TaskChange) and effect.verb != "prioritise":
        await tasks.change(conn, workspace_id, effect.verb, effect.tasks)
    elif isinstance(effect, DeskChange):
        await tasks.set_desk(conn, workspace_id, effect)
    elif isinstance(effect, ReviewChange | ProviderChange):
        await _decided(conn, workspace_id, effect, actor)
    elif isinstance(effect, BudgetChange):
        await budget.set_rule(conn, workspace_id, **effect.model_dump())
    elif isinstance(effect, ScheduleChange):
        await schedules.change(conn, workspace_id, effect, asked_by=actor.id, role=int(actor.role))
    elif isinstance(effect, SnapshotWish):
        if effect.number is not None:
            await writing.rename_snapshot(conn, workspace_id, effect.number, effect.name, effect.note)
        else:
            await writing.write_snapshot(conn, workspace_id, revision, effect.name, note=effect.note)


async def _decided(conn: AsyncConnection, workspace_id: UUID, effect: ReviewChange | ProviderChange, actor: Actor) -> None:
    if isinstance(effect, ReviewChange):
        await review.decide(conn, workspace_id, effect, by=actor.id)
    elif effect.held:
        await providers.hold(conn, workspace_id, effect.provider, by=actor.id, reason=effect.reason)
    else:
        await providers.let_go(conn, workspace_id, effect.provider)


async def _stop_unspent(conn: AsyncConnection, workspace_id: UUID, undone: int) -> None:
    """Undo never unspends: it cancels what the undone commit started and is not finished."""
    found = await conn.scalars(
        text(
            "select id from task where workspace_id = :ws and revision = :r"
            " and state in ('pending', 'running', 'paused', 'retry_pending')"
        ),
        {"ws": workspace_id, "r": undone},
    )
    ids = list(found)
    if ids:
        await tasks.change(conn, workspace_id, "cancel", ids)


def _kind(planned: Planned) -> str:
    steps = [action for action, plan in planned.plans if plan.undoes is not None and isinstance(action, Undo)]
    if not steps:
        return "edit"
    return "redo" if all(step.forward for step in steps) else "undo"


def _logged(one: Asked, planned: Planned, index: int) -> dict[str, Any]:
    """An action as the log keeps it: what, with which arguments, on what, why."""
    changes = [plan for _, plan in planned.plans]
    plan = changes[index] if len(changes) > index else None
    targets = [] if plan is None else sorted({f"{op.table}/{op.row}" for op in plan.ops})[:200]
    args = one.args if len(canonical(one.args)) < LONGEST_ARGS else {"cut": "too long for the log; its ops are kept"}
    return {"type": one.type, "args": args, "reason": one.reason, "targets": targets}
