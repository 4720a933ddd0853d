"""The one body that runs every stage: look, see whether there is anything to make, make it, keep it.

look      one transaction: the task is at this stage; what is asked for; often that is all (fresh, nothing, not wanted any more)
make      no transaction open; heartbeats; the kit's own ledger sees that nothing is bought twice
keep      one commit through the workers' door, with the bytes that were kept; then the task's own row, while nobody waits for it
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from typing import NoReturn
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection
from temporalio import activity

from activities import again, rewriting
from activities.asked import (
    View,
    Wish,
    choices,
    dumped,
    lineage,
    owner_kind,
    share,
    stood_id,
    takes_of,
    wish_of,
    with_choice,
)
from activities.beat import beating
from activities.failures import HandedBack, as_application_error, facts_of, next_try_s
from activities.giving import Given, Giving, registry_of
from activities.paid import NoLongerWanted
from activities.work import Work
from storyreel import commits
from storyreel.actions.base import Asked, Envelope
from storyreel.commits import Actor, EnvelopeRefused, Recorded, RecordStage
from storyreel.graph.sheets import sheet_view
from storyreel.graph.shots import episode_view, shot_view
from storyreel.ledger import providers, tasks
from storyreel.ledger.assets import Kept
from storyreel.model.errors import NotFound, Rejected, StoryreelError
from storyreel.model.facts import TaskFacts
from storyreel.model.ids import derive
from storyreel.model.rows import Node
from storyreel.model.sheet import Sheet, SheetView
from storyreel.pipeline.contract import WAITS, StageDone, StageOrder
from storyreel.pipeline.forbidden import calls_of, refuse_forbidden
from storyreel.pipeline.stage import Result, key_of
from storyreel.pipeline.stages import STAGES
from storyreel.pipeline.stages.fresh import standing
from storyreel.runtime.telemetry import bound, carried, log, span

GONE = "The shot was taken out of the film."
NOT_WANTED = "It is no longer wanted."
CHANGED = "Something was changed while this was made; what was made is kept beside it."
PERSON_CHOSE = "A person chose something else meanwhile; what was made is kept beside it."
STOPPING = "This worker is stopping; another goes on with it."
SOON_S = 1.0


class StageActivity:
    """A stage as an activity; registered once a stage, under the stage's name."""

    def __init__(self, work: Work) -> None:
        self._work = work
        self._door = work.door

    async def __call__(self, order: StageOrder) -> StageDone:
        """Run the stage, and say in Temporal's words what went wrong."""
        attempt = activity.info().attempt
        who = {"workspace": order.workspace_id, "task": order.task_id}
        with bound(**who, stage=order.stage), carried(order.trace), span(f"stage.{order.stage}", **who, attempt=attempt):
            try:
                return await self._run(order, attempt)
            except asyncio.CancelledError:
                _stopped()
            except StoryreelError as failure:
                await self._say(order, failure)
                raise as_application_error(failure) from failure
            except Exception as failure:
                await self._say(order, failure)
                raise

    async def _run(self, order: StageOrder, attempt: int) -> StageDone:
        task, wish, done = await self._look(order, attempt)
        if done is not None or wish is None or task is None:
            return done or _superseded(order, NOT_WANTED)
        if order.stage == "select" and order.chosen is not None:
            return await self._chosen(order, task)
        made = await self._make(order, task, wish, attempt)
        if made is None:
            return _superseded(order, NOT_WANTED)
        keeping = asyncio.ensure_future(self._keep(order, task, wish, *made))
        try:
            return await asyncio.shield(keeping)
        except asyncio.CancelledError:
            # It is made and paid for: a cancel that comes now comes late.
            return await keeping

    async def _look(self, order: StageOrder, attempt: int) -> tuple[TaskFacts | None, Wish | None, StageDone | None]:
        """The task, what is asked for, and the answer where nothing has to be made."""
        ws = order.workspace_id
        async with self._door.database.begin() as conn:
            task = await tasks.begin_stage(conn, ws, order.task_id, order.stage, attempt, run=order.run)
            if task is None:
                return None, None, _superseded(order, NOT_WANTED)
            try:
                view = await _view(conn, order, task)
            except NotFound:
                return task, None, _superseded(order, GONE)
            wish = wish_of(order.stage, view)
            done = _at_once(order, wish, attempt)
            if done is not None:
                await _end(conn, order, task, done)
        return task, wish, done

    async def _make(self, order: StageOrder, task: TaskFacts, wish: Wish, attempt: int) -> tuple[Given, Sequence[Kept]] | None:
        """What the stage makes, and the bytes it kept; None when it is not wanted any more, and nothing was bought."""

        async def tell(fraction: float) -> None:
            async with self._door.database.begin() as conn:
                percent = _percent(task, order, fraction)
                await tasks.progress(conn, order.workspace_id, order.task_id, percent, run=order.run)

        assert wish.request is not None
        if self._work.precheck is not None:
            await self._work.precheck(order, getattr(wish.request, "provider", ""))
        if wish.view.workspace.profile.rules:
            refuse_forbidden(wish.view.workspace.profile.rules, calls_of(STAGES[order.stage], wish.view))
        async with beating(tell) as beat:
            kit = self._work.kits(order, progress=beat, called_off=_called_off)
            giving = Giving(self._door.database, registry_of(self._work.kits), wish.view.workspace.profile, order, attempt)
            try:
                given = await giving.make(wish.request, kit)
            except NoLongerWanted:
                return None
            except Rejected as failure:
                kits = self._work.kits
                by = (getattr(kits, "rewriter", None), getattr(kits, "till", None))
                raise await rewriting.proposed(self._door, order, task, wish, failure, *by) from failure
        return replace(given, result=with_choice(given.result, wish.view)), kit.kept

    async def _keep(self, order: StageOrder, task: TaskFacts, wish: Wish, given: Given, kept: Sequence[Kept]) -> StageDone:
        result = given.result
        # What was given up is no part of the wish: what was made stands under its own key, and is stale from the beginning.
        key = key_of(order.stage, STAGES[order.stage].version, given.request, wish.take) if given.adjusted else wish.key
        parent, inputs = lineage(order.stage, wish.view)
        made = RecordStage(
            workspace_id=order.workspace_id,
            # The same make of the same run is the same commit, whichever attempt brings it.
            request_id=derive(order.task_id, "record", order.run, order.stage, key),
            task_id=order.task_id,
            kind=owner_kind(task),
            owner_id=order.owner_id,
            stage=order.stage,
            key=key,
            wanted_key=wish.key,
            take=wish.take,
            request=dumped(given.request),
            result=result,
            input_node_id=parent,
            slot_before=stood_id(wish),
            inputs=inputs,
            takes=wish.takes,
            kept=kept,
            references=wish.view.given if isinstance(wish.view, SheetView) else (),
            track_id=wish.view.sheet.track_id if isinstance(wish.view, SheetView) else None,
        )
        recorded = await commits.record(self._door, made)
        async with self._door.database.begin() as conn:
            done = await _done(conn, order, wish, result, recorded)
            if result.again is not None:
                done = await again.judged(conn, order, task, wish, result, done)
            if given.adjusted:
                given_up = [one.model_dump() for one in given.adjusted]
                await providers.adjust(conn, order.workspace_id, order.task_id, given_up)
            await _end(conn, order, task, done)
        return done

    async def _chosen(self, order: StageOrder, task: TaskFacts) -> StageDone:
        """A person's choice goes through the door as that person's own commit."""
        actor = Actor(id=order.chosen_by or "person")
        request_id = derive(order.task_id, "choice", order.run, order.chosen)
        asked = Asked(type="node.promote", args={"node": str(order.chosen)})
        revision = None
        try:
            outcome = await commits.perform(
                self._door, order.workspace_id, Envelope(request_id=request_id, actions=(asked,)), actor, source="choice"
            )
            revision = outcome.commit.revision if outcome.commit else None
        except EnvelopeRefused as refused:
            if not _already(refused):
                raise
        done = StageDone(stage="select", outcome="made", node_id=order.chosen, revision=revision)
        async with self._door.database.begin() as conn:
            await _end(conn, order, task, done)
        return done

    async def _say(self, order: StageOrder, failure: Exception) -> None:
        """Tell the task that a try failed and another follows; where even that fails, Temporal still knows."""
        in_s = next_try_s(failure)
        known = isinstance(failure, StoryreelError)
        log().warning(
            "stage.failed", error=str(failure), code=failure.code if known else "internal", again_in_s=in_s, exc_info=not known
        )
        if in_s is None:
            return
        error = (
            {"code": failure.code, "detail": failure.detail, **facts_of(failure)}
            if known
            else {"code": "internal", "detail": str(failure)}
        )
        with suppress(Exception):
            async with self._door.database.begin() as conn:
                await tasks.retrying(
                    conn, order.workspace_id, order.task_id, {**error, "stage": order.stage}, in_s=in_s, run=order.run
                )
            self._door.bell.ring(order.workspace_id)


async def _done(conn: AsyncConnection, order: StageOrder, wish: Wish, result: Result, recorded: Recorded) -> StageDone:
    """What became of a result: selected, kept for want of a slot, or kept beside what someone did meanwhile."""
    at = result.select if result.select is not None else 0
    made = recorded.node_ids[at] if recorded.node_ids else result.choose
    asset = result.nodes[at].asset if result.nodes else None
    outcome, note = "made", result.note
    if result.slot is not None and not recorded.selected:
        now = await _standing(conn, order, wish)
        if now == stood_id(wish) and now != made:
            outcome, note = "superseded", CHANGED
        elif now != made:
            made, note = now, PERSON_CHOSE
    elif order.stage == "film" and not recorded.selected:
        note = CHANGED
    return StageDone(
        stage=order.stage,
        outcome=outcome,
        node_id=made,
        asset_id=asset.id if asset else None,
        revision=recorded.revision,
        note=note,
    )


async def _view(conn: AsyncConnection, order: StageOrder, task: TaskFacts) -> View:
    """What the stage sees."""
    if order.kind == "shot":
        return await shot_view(conn, order.workspace_id, order.owner_id, takes_of(task))
    if order.kind == "cut":
        return await episode_view(conn, order.workspace_id, order.owner_id, takes_of(task))
    return await sheet_view(conn, order.workspace_id, order.owner_id, Sheet.model_validate(task.sheet), takes_of(task))


async def _standing(conn: AsyncConnection, order: StageOrder, wish: Wish) -> UUID | None:
    try:
        view = await shot_view(conn, order.workspace_id, order.owner_id, wish.takes)
    except NotFound:
        return stood_id(wish)
    node = standing(order.stage, view)
    return node.id if node else None


async def _end(conn: AsyncConnection, order: StageOrder, task: TaskFacts, done: StageDone) -> None:
    await tasks.end_stage(conn, order.workspace_id, order.task_id, done, _percent(task, order, 1.0), run=order.run)


def _at_once(order: StageOrder, wish: Wish, attempt: int) -> StageDone | None:
    """The answer where nothing has to be made."""
    if wish.request is None:
        return StageDone(stage=order.stage, outcome="nothing")
    if attempt > 1 and (owed := again.owed(order, wish)) is not None:
        return StageDone(stage=order.stage, outcome="made", again=owed)
    if wish.fresh:
        return _fresh(order, wish.stood)
    if order.stage == "select" and order.chosen is None and getattr(wish.request, "mode", "") == "by_hand":
        return StageDone(stage="select", outcome="waiting", choices=tuple(cell.id for cell in choices(wish.view)), note=WAITS)
    return None


def _fresh(order: StageOrder, node: Node | None) -> StageDone:
    return StageDone(
        stage=order.stage, outcome="fresh", node_id=node.id if node else None, asset_id=node.asset_id if node else None
    )


def _superseded(order: StageOrder, note: str) -> StageDone:
    return StageDone(stage=order.stage, outcome="superseded", note=note)


def _percent(task: TaskFacts, order: StageOrder, fraction: float) -> float:
    return share(task.stages, order.stage, fraction)


def _called_off() -> bool:
    """Whether a cancel means that nobody wants the result; a stopping worker, a pause, a reset or a time-out does not.

    Nor does a run that Temporal does not know any more: its database may be lost, or another attempt be at work, and the ledger's next
    run joins the call that is open. What a terminated run leaves is closed by the sweep.
    """
    why = activity.cancellation_details()
    return why is not None and why.cancel_requested


def _stopped() -> NoReturn:
    """Answer a cancel: as cancelled when it was called off, else as a try that another worker goes on with."""
    why = activity.cancellation_details()
    if why is not None and why.worker_shutdown and not _called_off():
        raise as_application_error(HandedBack(STOPPING, retry_after_s=SOON_S))
    raise asyncio.CancelledError


def _already(refused: EnvelopeRefused) -> bool:
    verdicts = refused.facts.get("verdicts", [])
    return bool(verdicts) and all(verdict.get("facts", {}).get("nothing") for verdict in verdicts if not verdict.get("ok"))
