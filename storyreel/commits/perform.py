"""perform: one envelope, one transaction. Answered already? -> lock -> resolve and load -> plan -> consent -> write, log, tasks -> bell."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from pydantic import TypeAdapter
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from storyreel.actions.base import Action, Asked, Envelope, Kind, Said
from storyreel.actions.project import CreateProject
from storyreel.actions.reads import MoneyBy, Reads
from storyreel.actions.state import check_open, check_there
from storyreel.commits import proposals, writing
from storyreel.commits.applying import apply, with_copies
from storyreel.commits.bound import Bound, check_bound
from storyreel.commits.door import Door
from storyreel.commits.following import check_circles
from storyreel.commits.outcome import Actor, CommitFacts, Outcome, conflict_of
from storyreel.commits.planning import Planned, check_invariants, check_reads, parse_all, plan_all, reads_of, reasons_to_ask
from storyreel.commits.queueing import reasons_of_queue
from storyreel.commits.rerunning import runs_named
from storyreel.commits.sending import routed
from storyreel.commits.spending import reasons_of_budgets
from storyreel.commits.stepping import steps_of, together
from storyreel.graph import load
from storyreel.ledger import review, schedules, tasks
from storyreel.ledger.batches import NewBatch
from storyreel.ledger.quote import Quote
from storyreel.ledger.statement import overview
from storyreel.model.errors import BadInput, Conflict, NotFound, StoryreelError
from storyreel.model.view import GraphView
from storyreel.runtime.database import statement
from storyreel.runtime.telemetry import counter, span

ANSWERED = """
    select (
        select to_json(a) from (
            select c.revision, c.kind, c.summary, c.batch_id,
                exists (select 1 from op o where o.workspace_id = c.workspace_id and o.revision = c.revision) as wrote
            from commit c where c.workspace_id = :ws and c.request_id = :request) a
    ) as answer, (select id from proposal where workspace_id = :ws and request_id = :request) as proposal
"""
# Fewer are planned in a few milliseconds, and a thread for them would cost as much.
MANY_ROWS = 500
SAID = TypeAdapter(tuple[Said, ...])
COMMITS = counter("storyreel_commits_total", "Commits to the graph, by where they came from.", ["source", "kind"])
RENDERS = counter("storyreel_renders_total", "Renders that were asked for.")


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
    batch: NewBatch | None = None,
) -> Outcome:
    """Do what an envelope asks, or make a proposal of it, or answer its questions.

    All of it is done, or none. Sent twice with one `request_id`, it is done once and answered twice. What it asks the asker's screen
    to show is told to the asker's own event streams. `bound` is what it may touch, where that is not everything; `batch` the batch
    that its renders belong to, where that is not one of their own.

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
            weighed = await _or_refused(
                _weigh(conn, door, workspace_id, envelope, actions, actor, episode_id=episode_id, bound=bound)
            )
            outcome = (
                await _write(conn, workspace_id, envelope, weighed, actor, source=source, talk=talk, batch=batch)
                if isinstance(weighed, Weighed)
                else weighed
            )
    if isinstance(outcome, StoryreelError):
        raise outcome
    door.bell.show(workspace_id, actor.id, outcome.ui)
    announce(door, outcome, source)
    return outcome


async def _or_refused(weighing: Awaitable[Weighed | Outcome]) -> Weighed | Outcome | StoryreelError:
    """What came of it, or the refusal: nothing is written by then, and a rollback would have the connection forget what it prepared."""
    try:
        return await weighing
    except StoryreelError as refusal:
        return refusal


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
    planned = await _planned(view, actions, envelope)
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
    approved_usd: float,
    episode_id: UUID | None = None,
    talk: proposals.Talk | None = None,
    batch: NewBatch | None = None,
) -> Outcome:
    """The same inside the caller's transaction, for the sum that a person agreed to."""
    weighed = await _weigh(conn, door, workspace_id, envelope, actions, actor, episode_id=episode_id, approved_usd=approved_usd)
    if not isinstance(weighed, Weighed):
        return weighed
    return await _write(conn, workspace_id, envelope, weighed, actor, source=source, talk=talk, batch=batch)


@dataclass(frozen=True)
class Weighed:
    """An envelope that can be done: the plan, its price, why a person is to be asked, and whether one has said yes."""

    revision: int
    planned: Planned
    quote: Quote
    copies: Sequence[Quote]
    reasons: Sequence[Said]
    agreed_before: bool
    agreed: bool


async def _weigh(
    conn: AsyncConnection,
    door: Door,
    workspace_id: UUID,
    envelope: Envelope,
    actions: Sequence[Action],
    actor: Actor,
    *,
    episode_id: UUID | None = None,
    approved_usd: float | None = None,
    bound: Bound | None = None,
) -> Weighed | Outcome:
    """Hold the workspace, and find out what is to be written, or what was answered before; nothing is written."""
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
    await check_circles(conn, planned)
    quote = door.price(planned.after, planned.renders)
    copies = [door.price(copy.view, copy.renders) for _, copy in planned.copies]
    proposing = envelope.mode == "propose" and approved_usd is None
    budgets = await reasons_of_budgets(conn, planned.after, planned, quote, actor, proposing=proposing)
    quote = with_copies(quote, copies)
    waits = await reasons_of_queue(conn, planned, door.queue_wait_s)
    reasons = [*reasons_to_ask(planned, quote.cost_usd, door.threshold_usd), *budgets, *waits]
    agreed = approved_usd is not None and quote.cost_usd <= max(approved_usd, door.threshold_usd)
    return Weighed(revision or 0, planned, quote, copies, reasons, agreed_before=approved_usd is not None, agreed=agreed)


async def _write(
    conn: AsyncConnection,
    workspace_id: UUID,
    envelope: Envelope,
    weighed: Weighed,
    actor: Actor,
    *,
    source: str,
    talk: proposals.Talk | None = None,
    batch: NewBatch | None = None,
) -> Outcome:
    """The commit, or the proposal where a person is to be asked."""
    planned, quote = weighed.planned, weighed.quote
    outcome = Outcome(workspace_id=workspace_id, request_id=envelope.request_id, data=planned.data, ui=planned.ui)
    if (envelope.mode == "propose" or weighed.reasons) and not weighed.agreed:
        proposal = await proposals.write(
            conn,
            workspace_id,
            envelope,
            planned,
            quote,
            weighed.reasons,
            actor=actor,
            source=source,
            talk=talk,
            renewed=weighed.agreed_before,
        )
        return outcome.model_copy(update={"proposal": proposal})
    facts = await apply(conn, workspace_id, weighed.revision + 1, envelope, planned, quote, actor, source, weighed.copies, batch)
    return outcome.model_copy(update={"commit": facts})


async def _planned(view: GraphView, actions: Sequence[Action], envelope: Envelope) -> Planned:
    """The plan; over a large project it takes a second and more, in which others are served."""
    if sum(map(len, view.rows.values())) > MANY_ROWS:
        return await asyncio.to_thread(plan_all, view, actions, envelope.actions, envelope.request_id)
    return plan_all(view, actions, envelope.actions, envelope.request_id)


async def answered(conn: AsyncConnection, workspace_id: UUID, request_id: UUID, *, commits_only: bool = False) -> Outcome | None:
    """What this request was answered with before, if it was."""
    (found,) = (await conn.execute(statement(ANSWERED), {"ws": workspace_id, "request": request_id})).mappings()
    if (row := found["answer"]) is not None:
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
    if found["proposal"] is None or commits_only:
        return None
    proposal = await proposals.find(conn, workspace_id, found["proposal"])
    return Outcome(workspace_id=workspace_id, request_id=request_id, proposal=proposal, repeated=True)


async def _view(
    conn: AsyncConnection, workspace_id: UUID, actions: Sequence[Action], asked: Sequence[Asked], episode_id: UUID | None
) -> GraphView:
    """What the actions must be shown.

    Raises:
        EnvelopeRefused: words of some of several actions name nothing; with a verdict for each.
        BadInput: the words of the only action do.
    """
    reads, ran = await runs_named(conn, workspace_id, reads_of(actions, asked), episode_id)
    try:
        view = replace(await load.view_for(conn, workspace_id, reads, episode_id), ran=ran)
    except BadInput:
        if len(actions) == 1:
            raise
        # Loaded together for speed; looked at one by one to say which it was.
        found = {read: await _unreadable(conn, workspace_id, read, episode_id) for read in dict.fromkeys(reads)}
        check_reads(asked, [found[read] for read in reads])
        raise
    asked_money: list[MoneyBy] = sorted((read.money for read in reads if read.money), key="all".__eq__)
    if asked_money:
        view = replace(view, money=await overview(conn, workspace_id, asked_money[0]))
    if any(read.schedules for read in reads):
        view = replace(view, schedules=await schedules.listed(conn, workspace_id))
    if any(read.review for read in reads):
        view = replace(view, review=await review.waiting(conn, workspace_id))
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
