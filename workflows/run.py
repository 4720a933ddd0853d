"""What every run has in common: stages in the order of their needs, a person's signals, and an end that is always written."""

from __future__ import annotations

import asyncio
from collections.abc import Collection
from datetime import timedelta
from uuid import UUID

from temporalio import workflow
from temporalio.exceptions import ActivityError, ApplicationError, CancelledError
from temporalio.exceptions import TimeoutError as NotHeardOf
from temporalio.workflow import ActivityCancellationType

from storyreel.pipeline.contract import Board, Choice, Finish, RunOrder, StageDone, StageName, StageOrder
from workflows import policy
from workflows.sequence import STAGES, after, ready
from workflows.words import details_of, tried_out


class Rendering:
    """A run in progress. A workflow derives from it, hands it the order and awaits `through`."""

    def __init__(self, order: RunOrder) -> None:
        self._order = order
        self._todo: set[StageName] = set(order.stages)
        self._busy: dict[StageName, asyncio.Task[StageDone]] = {}
        self._done: dict[StageName, StageDone] = {}
        self._again: list[StageName] = []
        self._choices: tuple[UUID, ...] = ()
        self._choice: Choice | None = None
        # What waits for its provider, and why; and how often it was said that it may go on.
        self._waiting: dict[StageName, str] = {}
        self._woken = 0
        self._paused = False
        self._cancelled = False
        self._cancelled_from_outside = False
        self._end: Finish | None = None

    @workflow.signal(description="Stop: what is being made is cancelled with its provider, what is done is kept.")
    def cancel(self) -> None:
        """Stop the run."""
        self._cancelled = True

    @workflow.signal(description="Start no further stage until `resume`; what is being made is finished.")
    def pause(self) -> None:
        """Hold the run."""
        self._paused = True

    @workflow.signal(description="Go on after `pause`.")
    def resume(self) -> None:
        """Go on."""
        self._paused = False

    @workflow.signal(description="Go through the stages again from the one that is named; only what changed is made again.")
    def rerender(self, stage: str) -> None:
        """Go back to a stage."""
        self._again.extend(each for each in STAGES if each == stage)

    @workflow.signal(
        description="A picture was chosen by another way, or a provider was let go; means nothing to a run that waits for neither."
    )
    def look_again(self) -> None:
        """Ask the select stage again whether a choice is needed, and go on with what waits for a provider."""
        self._woken += 1
        if self._choice is None:
            self._choices = ()

    @workflow.query(description="Where this run stands.")
    def board(self) -> Board:
        """Where this run stands."""
        return Board(
            task_id=self._order.task_id,
            title=self._order.title,
            stage=", ".join(_sorted(self._busy)),
            done=tuple(self._done[stage] for stage in _sorted(self._done)),
            paused=self._paused,
            waiting_for_choice=self._choices,
        )

    @workflow.update(description="Choose one of the pictures that wait for a choice.")
    def choose(self, choice: Choice) -> Board:
        """Choose a picture; the answer is the board as it stood then."""
        self._choice = choice
        return self.board()

    @choose.validator
    def _may_choose(self, choice: Choice) -> None:
        if not self._choices:
            raise ApplicationError("Nothing waits for a choice here.", type="refused")
        if self._choice is not None:
            raise ApplicationError("The choice has been made.", type="conflict")
        if choice.node_id not in self._choices:
            known = ", ".join(str(each) for each in self._choices)
            raise ApplicationError(f"{choice.node_id} is not one of the pictures to choose from: {known}", type="bad-input")

    async def through(self) -> Finish:
        """Go through the stages and write the end.

        Raises:
            ApplicationError: a stage failed for good.
            asyncio.CancelledError: Temporal was asked to cancel the workflow, and everything is cleaned up.
        """
        self._tell()
        while self._advance():
            await self._stir()
            self._collect()
        end = self._end or self._ending()
        await self._finish(end)
        if end.outcome in ("failed", "manual_review"):
            raise ApplicationError(end.detail, {"stage": end.stage}, type=end.code, non_retryable=True)
        if end.outcome == "cancelled" and self._cancelled_from_outside:
            raise asyncio.CancelledError
        return end

    def _advance(self) -> bool:
        """Start what may start; whether there is anything to wait for."""
        if self._cancelled or self._end:
            if self._cancelled:
                for task in self._busy.values():
                    task.cancel()
            return bool(self._busy)
        self._go_back()
        if not self._paused:
            for stage in ready(self._todo, self._busy):
                if stage != "select" or not self._choices or self._choice:
                    self._start(stage)
        return bool(self._busy or self._todo)

    async def _stir(self) -> None:
        """Sleep until a stage ends or a person says something."""
        seen = self._said()
        try:
            await workflow.wait_condition(lambda: any(task.done() for task in self._busy.values()) or seen != self._said())
        except asyncio.CancelledError:
            self._cancelled = self._cancelled_from_outside = True

    def _said(self) -> tuple[object, ...]:
        """What people have said, to see whether they have said more."""
        return self._paused, self._cancelled, len(self._again), self._choice, self._choices

    def _start(self, stage: StageName) -> None:
        choice, self._choices = (self._choice, ()) if stage == "select" else (None, self._choices)
        self._choice = None if stage == "select" else self._choice
        order = StageOrder(
            workspace_id=self._order.workspace_id,
            task_id=self._order.task_id,
            kind=self._order.kind,
            owner_id=self._order.owner_id,
            stage=stage,
            run=self._order.run,
            chosen=choice.node_id if choice else None,
            chosen_by=choice.actor if choice else "",
            trace=self._order.trace,
        )
        self._todo.discard(stage)
        self._busy[stage] = asyncio.create_task(self._make(order))
        workflow.upsert_search_attributes([policy.STAGE_ATTRIBUTE.value_set(stage)])
        self._tell()

    async def _make(self, order: StageOrder) -> StageDone:
        options = policy.stage_options(order.stage)
        waited = lost = 0
        while True:
            try:
                return await workflow.execute_activity(order.stage, order, result_type=StageDone, **options)
            except ActivityError as failure:
                cause = failure.cause
                if isinstance(cause, NotHeardOf) and lost < policy.LIVES:
                    # Its workers died: nothing is wrong with the stage, unless it is the stage that kills them.
                    lost += 1
                    if not self._cancelled:
                        continue
                elif not isinstance(cause, ApplicationError) or cause.type not in (policy.AWAY, *policy.WAITS):
                    raise
            if self._cancelled or not isinstance(cause, ApplicationError):
                # The cancel met a try that was failing, which is how that try ended.
                raise asyncio.CancelledError
            if cause.type in policy.WAITS:
                await self._wait_for_provider(order.stage, policy.wait_before(waited, cause.next_retry_delay), cause.message)
                waited += 1
                continue
            pause = cause.next_retry_delay or policy.AWAY_PAUSE
            await workflow.sleep(pause, summary=f"{order.stage}: a part of the stack is away, or the worker gave it back")

    async def _wait_for_provider(self, stage: StageName, pause: timedelta, why: str) -> None:
        """Wait until the provider may be called, or until somebody says that it may."""
        woken = self._woken
        self._waiting[stage] = why
        self._tell()
        try:
            await workflow.wait_condition(lambda: self._woken != woken, timeout=pause, timeout_summary=f"{stage}: {why}"[:200])
        except TimeoutError:
            workflow.logger.info("asking again after %s", pause)
        finally:
            self._waiting.pop(stage, None)
        self._tell()

    def _collect(self) -> None:
        ended: dict[StageName, asyncio.Task[StageDone]] = {stage: task for stage, task in self._busy.items() if task.done()}
        for stage, task in ended.items():
            del self._busy[stage]
            failure = asyncio.CancelledError() if task.cancelled() else task.exception()
            if failure is None:
                self._took(task.result())
            elif isinstance(failure, asyncio.CancelledError) or isinstance(failure.__cause__, CancelledError):
                # Cancelled by us, or by hand from the Temporal UI: either way the run is to stop.
                self._cancelled = True
                self._todo.add(stage)
            else:
                self._end = self._end or self._failure(stage, failure)
        self._tell()

    def _took(self, done: StageDone) -> None:
        self._done[done.stage] = done
        if done.again is not None:
            self._again.append(done.again)
        if done.outcome == "waiting":
            self._choices = done.choices
            self._todo.add(done.stage)
        elif done.outcome == "superseded":
            self._end = self._end or self._finished("cancelled", "superseded", done.note or "It is no longer wanted.", done.stage)

    def _go_back(self) -> None:
        """Put back what a `rerender` asked for; what is being made right now is finished first."""
        for stage in self._again:
            self._todo |= after(stage) & set(self._order.stages)
            if stage in ("spec", "grid", "select"):
                self._choices, self._choice = (), None
        self._again.clear()

    def _ending(self) -> Finish:
        # A look at what was delivered is no reason to say that it was not.
        if self._cancelled and self._todo - {"check"}:
            return self._finished("cancelled", "cancelled", "It was cancelled.", _sorted(self._todo)[0])
        return self._finished("succeeded")

    def _failure(self, stage: StageName, failure: BaseException) -> Finish:
        cause = failure.cause if isinstance(failure, ActivityError) else failure
        if isinstance(cause, ApplicationError):
            hopeless = cause.non_retryable or cause.type in policy.HOPELESS
            said = cause.message if hopeless else tried_out(cause.message, policy.tries(stage).maximum_attempts)
            return self._finished("manual_review", cause.type or "internal", said, stage)
        if isinstance(cause, NotHeardOf):
            said = tried_out(f"The stage {stage} was not heard of any more.", policy.tries(stage).maximum_attempts)
            return self._finished("manual_review", "timeout", said, stage)
        return self._finished("manual_review", "internal", tried_out(str(cause or failure), 0), stage)

    def _finished(self, outcome: str, code: str = "", detail: str = "", stage: str = "") -> Finish:
        return Finish.model_validate(
            {
                "workspace_id": self._order.workspace_id,
                "task_id": self._order.task_id,
                "run": self._order.run,
                "outcome": outcome,
                "code": code,
                "detail": detail,
                "stage": stage,
            }
        )

    async def _finish(self, end: Finish) -> None:
        """Write the end, whatever is said meanwhile: a cancel that comes now comes late."""
        options = policy.desk_options(f"Write it down: {end.outcome}")
        options["cancellation_type"] = ActivityCancellationType.ABANDON
        writing = workflow.start_activity("finish", end, **options)
        while not writing.done():
            try:
                await asyncio.shield(writing)
            except asyncio.CancelledError:
                workflow.logger.info("asked to cancel while the end was being written")
        self._tell(end)

    def _tell(self, end: Finish | None = None) -> None:
        workflow.set_current_details(
            details_of(
                self._order, self._done, _sorted(self._busy), self._choices, paused=self._paused, end=end, waiting=self._waiting
            )
        )


def _sorted(stages: Collection[StageName]) -> list[StageName]:
    return [stage for stage in STAGES if stage in stages]
