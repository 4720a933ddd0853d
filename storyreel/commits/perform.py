"""perform: one envelope, one transaction. Answered already? -> lock -> resolve and load -> plan -> consent -> write, log, tasks -> bell."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from pydantic import TypeAdapter
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from storyreel.actions.base import (
    Action,
    Adopt,
    Asked,
    DeskChange,
    Effect,
    Envelope,
    Kind,
    Reads,
    Said,
    SnapshotWish,
    TaskChange,
)
from storyreel.actions.project import CreateProject
from storyreel.actions.state import check_open, check_there
from storyreel.actions.version import Undo
from storyreel.commits import proposals, writing
from storyreel.commits.bound import Bound, check_bound
from storyreel.commits.copying import write_copy
from storyreel.commits.door import Door
from storyreel.commits.outcome import Actor, CommitFacts, Outcome, QuoteFacts, conflict_of
from storyreel.commits.planning import Planned, check_invariants, check_reads, parse_all, plan_all, reads_of, reasons_to_ask
from storyreel.commits.sending import routed
from storyreel.commits.stepping import steps_of, together
from storyreel.graph import load
from storyreel.ledger import tasks
from storyreel.ledger.quote import Quote
from storyreel.model.digest import canonical
from storyreel.model.errors import BadInput, Conflict, NotFound
from storyreel.model.ids import derive
from storyreel.model.view import GraphView
from storyreel.runtime.telemetry import carry, counter, span

WROTE = "exists (select 1 from op o where o.workspace_id = c.workspace_id and o.revision = c.revision)"
SAID = TypeAdapter(tuple[Said, ...])
COMMITS = counter("storyreel_commits_total", "Commits to the graph, by where they came from.", ["source", "kind"])
RENDERS = counter("storyreel_renders_total", "Renders that were asked for.")
# More than this many shots written over or rendered is a batch: the place before it gets a name.
BATCH = 1


async def perform(
    door: Door,
    workspace_id: UUID,
    envelope: Envelope,
    actor: Actor,
    *,
    source: str = "api",
    episode_id: UUID | None = None,
    talk: proposals.Talk | None = None,
    bound: Bound | None = None,
) -> Outcome:
    """Do what an envelope asks, or make a proposal of it, or answer its questions.

    All of it is done, or none. Sent twice with one `request_id`, it is done once and answered twice. What it asks the asker's screen
    to show is told to the asker's own event streams. `bound` is what it may touch, where that is not everything.

    Raises:
        EnvelopeRefused: an action cannot be done; nothing was.
        Conflict: what it writes was changed since `base_revision` by someone else.
        NotFound: there is no such workspace.
        Unavailable: the database is away; nothing was done.
    """
    actions = parse_all(envelope.actions, actor)
    asked_in = workspace_id
    workspace_id, envelope, actions = await routed(door, workspace_id, envelope, actions, actor)
    if workspace_id != asked_in:
        # The talk and the episode are those of the place it was asked in.
        talk, episode_id = None, None
    steps = steps_of(envelope, actions)
    if steps:
        return await _steps(door, workspace_id, envelope, steps, actor, source=source, bound=bound)
    with span("commits.perform", workspace=workspace_id, actions=len(actions), source=source):
        if all(action.policy.kind is not Kind.change for action in actions):
            asked = await ask(door, workspace_id, envelope, actions, episode_id)
            door.bell.show(workspace_id, actor.id, asked.ui)
            return asked
        async with door.database.begin() as conn:
            outcome = await in_transaction(
                conn, door, workspace_id, envelope, actions, actor, source=source, episode_id=episode_id, talk=talk, bound=bound
            )
    door.bell.show(workspace_id, actor.id, outcome.ui)
    announce(door, outcome, source)
    return outcome


async def _steps(
    door: Door,
    workspace_id: UUID,
    envelope: Envelope,
    steps: Sequence[Envelope],
    actor: Actor,
    *,
    source: str,
    bound: Bound | None,
) -> Outcome:
    """One step after another, until there is none left to take.

    Raises:
        BadInput: not even the first can be taken.
    """
    done: list[Outcome] = []
    for step in steps:
        try:
            done.append(await perform(door, workspace_id, step, actor, source=source, bound=bound))
        except BadInput as error:
            nothing = all(verdict.get("facts", {}).get("nothing") for verdict in error.facts.get("verdicts", []))
            if not done or not nothing:
                raise
            break
    return together(done, envelope, len(steps))


def announce(door: Door, outcome: Outcome, source: str) -> None:
    """After the commit: ring the bell, and count what was done."""
    door.bell.ring(outcome.workspace_id)
    for copy in outcome.commit.copies if outcome.commit else ():
        door.bell.ring(copy)
    if outcome.commit and not outcome.repeated:
        COMMITS.labels(source, outcome.commit.kind).inc()
        RENDERS.inc(len(outcome.commit.tasks))


async def ask(
    door: Door, workspace_id: UUID, envelope: Envelope, actions: Sequence[Action], episode_id: UUID | None = None
) -> Outcome:
    """Answer queries; nothing is locked and nothing is written."""
    async with door.database.connect() as conn:
        view = await _view(conn, workspace_id, actions, envelope.actions, episode_id)
    if view.rows.get("workspace") is None:
        raise NotFound(f"there is no project {workspace_id}")
    check_there(view)
    # An answer over thousands of shots takes a second, in which others are served.
    planned = await asyncio.to_thread(plan_all, view, actions, envelope.actions, envelope.request_id)
    return Outcome(workspace_id=workspace_id, request_id=envelope.request_id, data=planned.data, ui=planned.ui)


async def in_transaction(
    conn: AsyncConnection,
    door: Door,
    workspace_id: UUID,
    envelope: Envelope,
    actions: Sequence[Action],
    actor: Actor,
    *,
    source: str,
    episode_id: UUID | None = None,
    approved_usd: float | None = None,
    talk: proposals.Talk | None = None,
    bound: Bound | None = None,
) -> Outcome:
    """The same inside the caller's transaction. `approved_usd` is the sum a person agreed to, if one did."""
    revision = await writing.lock_workspace(conn, workspace_id)
    found = await answered(conn, workspace_id, envelope.request_id, commits_only=approved_usd is not None)
    if found is not None:
        return found
    creates = isinstance(actions[0], CreateProject)
    if revision is None and not creates:
        raise NotFound(f"there is no project {workspace_id}")
    view = await _view(conn, workspace_id, actions, envelope.actions, episode_id)
    check_open(view, actions)
    planned = await _planned(view, actions, envelope)
    check_open(view, actions, planned.after)
    if bound is not None:
        check_bound(planned, bound)
    await _check_base(conn, workspace_id, envelope, planned, actor)
    check_invariants(planned.after, planned.ops)
    quote = door.price(planned.after, planned.renders)
    copies = [door.price(copy.view, copy.renders) for _, copy in planned.copies]
    quote = with_copies(quote, copies)
    reasons = reasons_to_ask(planned, quote.cost_usd, door.threshold_usd)
    agreed = approved_usd is not None and quote.cost_usd <= max(approved_usd, door.threshold_usd)
    if (envelope.mode == "propose" or reasons) and not agreed:
        proposal = await proposals.write(
            conn,
            workspace_id,
            envelope,
            planned,
            quote,
            reasons,
            actor=actor,
            source=source,
            talk=talk,
            renewed=approved_usd is not None,
        )
        return Outcome(
            workspace_id=workspace_id, request_id=envelope.request_id, proposal=proposal, data=planned.data, ui=planned.ui
        )
    facts = await _write(conn, workspace_id, (revision or 0) + 1, envelope, planned, quote, actor, source, copies)
    return Outcome(workspace_id=workspace_id, request_id=envelope.request_id, commit=facts, data=planned.data, ui=planned.ui)


async def _planned(view: GraphView, actions: Sequence[Action], envelope: Envelope) -> Planned:
    """The plan; one over a whole project takes seconds where that is large, in which others are served."""
    if any(action.reads().whole for action in actions):
        return await asyncio.to_thread(plan_all, view, actions, envelope.actions, envelope.request_id)
    return plan_all(view, actions, envelope.actions, envelope.request_id)


async def answered(conn: AsyncConnection, workspace_id: UUID, request_id: UUID, *, commits_only: bool = False) -> Outcome | None:
    """What this request was answered with before, if it was."""
    row = (
        (
            await conn.execute(
                text(
                    f"select revision, kind, summary, batch_id, {WROTE} as wrote from commit c"  # noqa: S608 - a constant
                    " where workspace_id = :ws and request_id = :request"
                ),
                {"ws": workspace_id, "request": request_id},
            )
        )
        .mappings()
        .first()
    )
    if row is not None:
        held = await conn.scalars(
            text("select id from task where workspace_id = :ws and revision = :r order by created_at, id"),
            {"ws": workspace_id, "r": row["revision"]},
        )
        facts = CommitFacts(
            revision=row["revision"],
            kind=row["kind"],
            summary=SAID.validate_python(row["summary"]),
            tasks=tuple(held),
            batch_id=row["batch_id"],
            undoable=row["wrote"],
        )
        return Outcome(workspace_id=workspace_id, request_id=request_id, commit=facts, repeated=True)
    proposal = None if commits_only else await proposals.find(conn, workspace_id, request_id=request_id)
    return Outcome(workspace_id=workspace_id, request_id=request_id, proposal=proposal, repeated=True) if proposal else None


async def _view(
    conn: AsyncConnection, workspace_id: UUID, actions: Sequence[Action], asked: Sequence[Asked], episode_id: UUID | None
) -> GraphView:
    """What the actions must be shown.

    Raises:
        EnvelopeRefused: words of some of several actions name nothing; with a verdict for each.
        BadInput: the words of the only action do.
    """
    reads = reads_of(actions, asked)
    try:
        view = await load.view_for(conn, workspace_id, reads, episode_id)
    except BadInput:
        if len(actions) == 1:
            raise
        # Loaded together for speed; looked at one by one to say which it was.
        found = {read: await _unreadable(conn, workspace_id, read, episode_id) for read in dict.fromkeys(reads)}
        check_reads(asked, [found[read] for read in reads])
        raise
    named = [task for read in reads for task in read.task_ids]
    if named:
        view = replace(view, tasks=tuple(await tasks.facts(conn, workspace_id, ids=named, limit=len(named))))
    need = {read.tasks for read in reads} - {"none"}
    if not need:
        return view
    open_only = need == {"open"}
    return replace(
        view, tasks=tuple(await tasks.facts(conn, workspace_id, open_only=open_only, limit=5000 if open_only else 200))
    )


async def _unreadable(conn: AsyncConnection, workspace_id: UUID, read: Reads, episode_id: UUID | None) -> BadInput | None:
    try:
        await load.view_for(conn, workspace_id, [read], episode_id)
    except BadInput as error:
        return error
    return None


async def _check_base(conn: AsyncConnection, workspace_id: UUID, envelope: Envelope, planned: Planned, actor: Actor) -> None:
    """Refuse only where a field that the plan writes was written since by someone else."""
    if envelope.base_revision is None or envelope.base_revision >= planned.before.revision or not planned.ops:
        return
    written = {(op.table, str(op.row), path) for op in planned.ops if op.kind == "change" for path in {**op.before, **op.after}}
    since = await conn.execute(
        text(
            "select c.revision, c.actor, o.table_name, o.row_id, o.before, o.after from commit c"
            " join op o on o.workspace_id = c.workspace_id and o.revision = c.revision"
            " where c.workspace_id = :ws and c.revision > :base and c.actor <> :actor and o.kind = 'change'"
            " and o.row_id = any(:rows)"
        ),
        {"ws": workspace_id, "base": envelope.base_revision, "actor": actor.id, "rows": list({op.row for op in planned.ops})},
    )
    clashes = [
        (row.revision, row.actor, path)
        for row in since
        for path in {**row.before, **row.after}
        if (row.table_name, str(row.row_id), path) in written
    ]
    if clashes:
        commits = [dict(revision=r, actor=who) for r, who in dict.fromkeys((r, who) for r, who, _ in clashes)]  # noqa: C408
        fields = sorted({path for _, _, path in clashes})
        raise Conflict(
            conflict_of(commits, fields),
            commits=commits,
            fields=fields,
            revision=planned.before.revision,
            plan=[said.model_dump() for said in planned.summary],
        )


async def _write(
    conn: AsyncConnection,
    workspace_id: UUID,
    revision: int,
    envelope: Envelope,
    planned: Planned,
    quote: Quote,
    actor: Actor,
    source: str,
    copies: Sequence[Quote] = (),
) -> CommitFacts:
    batch_id = derive(workspace_id, "batch", revision) if len(planned.renders) > 1 else None
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
    if batch_id is not None:
        await tasks.open_batch(conn, workspace_id, batch_id, asked_by=actor.id, reason="by hand", title=envelope.intent)
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
        await _carry_out(conn, workspace_id, revision, effect)
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
    )


def quote_facts(quote: Quote, renders: int) -> QuoteFacts:
    """The price and time of a plan, as it is told."""
    return QuoteFacts(cost_usd=round(quote.cost_usd, 6), expected_s=round(quote.expected_s, 1), renders=renders)


async def _carry_out(conn: AsyncConnection, workspace_id: UUID, revision: int, effect: Effect) -> None:
    if isinstance(effect, TaskChange):
        await tasks.change(conn, workspace_id, effect.verb, effect.tasks)
    elif isinstance(effect, DeskChange):
        await tasks.set_desk(conn, workspace_id, effect)
    elif isinstance(effect, SnapshotWish):
        if effect.number is not None:
            await writing.rename_snapshot(conn, workspace_id, effect.number, effect.name, effect.note)
        else:
            await writing.write_snapshot(conn, workspace_id, revision, effect.name, note=effect.note)


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


# The log keeps the ops in full; arguments are for reading.
LONGEST_ARGS = 20_000
