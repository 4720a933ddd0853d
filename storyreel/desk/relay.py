"""The relay between PostgreSQL and Temporal: bells become signals, cancels reach their runs, and lost runs are found.

Any number of workers may run one: everything it does may be done twice, and what one does not hear the next sweep sees.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from uuid import UUID

from temporalio.client import Client, WorkflowExecutionStatus
from temporalio.service import RPCError

from storyreel.desk import schedules
from storyreel.desk.choices import Chosen, chosen_elsewhere
from storyreel.desk.runs import cancel_run, failures_named, look_again, ring
from storyreel.ledger import providers, tasks
from storyreel.model.errors import NotFound, Unavailable
from storyreel.model.facts import TaskFacts
from storyreel.pipeline.contract import Finish, run_id
from storyreel.runtime import clock
from storyreel.runtime.database import Database, listen
from storyreel.runtime.telemetry import log

CHANNEL = "storyreel_bell"
# Bells of one workspace within this time become one signal: a desk hears some ten a second at most.
COALESCE_S = 0.1
SWEEP_S = 1.0
RECONCILE_S = 10.0
# A run that its task says is running and Temporal does not know is lost; one that is just being started is not.
GRACE_S = 5.0
# What was asked before is asked again after this long, in case it was not heard.
AGAIN_S = 5.0
AT_ONCE = 20
OPEN_RUNS = "ExecutionStatus = 'Running' AND WorkflowType IN ('ShotRender', 'EpisodeCut', 'SheetRender')"
ENDED_OUTSIDE = "Its run was ended from outside, in Temporal. Retry it when you are ready."


@dataclass(frozen=True, slots=True)
class Asked:
    """How a workspace's queue stood when its desk was last rung, and when that was."""

    counts: tasks.Counts
    at_s: float


def should_ring(counts: tasks.Counts, last: Asked | None, now_s: float) -> bool:
    """Whether a desk has something to hear: work it may start, or that all is done. The same news is told again only after a while."""
    claimable = counts.waiting > 0 and counts.held < counts.concurrency and not counts.paused
    if last is None or last.counts != counts:
        return claimable or (last is not None and counts.held + counts.waiting == 0)
    return claimable and now_s - last.at_s >= AGAIN_S


class Relay:
    """Serves the whole database. `run` it beside a worker and cancel it at the end."""

    def __init__(self, client: Client, database: Database, dsn: str) -> None:
        self._client = client
        self._database = database
        self._dsn = dsn
        self._heard: set[UUID] = set()
        self._bell = asyncio.Event()
        self._asked: dict[UUID, Asked] = {}
        self._cancelled: dict[tuple[UUID, int], float] = {}
        self._missing: dict[tuple[UUID, int], float] = {}
        self._chosen: dict[Chosen, float] = {}

    async def run(self) -> None:
        """Relay until cancelled; what is away for a moment is waited for."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._listen())
            group.create_task(self._serve())
            group.create_task(_every(SWEEP_S, self.sweep))
            group.create_task(self._reconciling())
            group.create_task(_every(RECONCILE_S, self._schedules))

    async def sweep(self) -> None:
        """Look at every workspace that has work: what a dead process did not ring for is found here."""
        async with self._database.connect() as conn:
            self.hear(await tasks.workspaces_with_work(conn))

    def hear(self, workspaces: Iterable[UUID]) -> None:
        """Look at these workspaces soon."""
        self._heard.update(workspaces)
        if self._heard:
            self._bell.set()

    async def look(self, workspace_id: UUID) -> None:
        """Ring the desk if it has something to do, and pass on what is being cancelled."""
        async with self._database.connect() as conn:
            counts = await tasks.counts(conn, workspace_id)
            held = await tasks.held(conn, workspace_id) if counts.held else []
            chosen = await chosen_elsewhere(conn, workspace_id, held, frozenset(self._chosen))
            asleep = [
                task.id for task in held if task.state == "retry_pending" and (task.error or {}).get("code") == "provider-paused"
            ]
            woken = set(await providers.let_go_again(conn, workspace_id, asleep)) if asleep else set[UUID]()
        for task in held:
            if task.state == "cancelling":
                await self._cancel(workspace_id, task)
        for task in (task for task in held if task.id in woken):
            # Told each time it is looked at until it has gone on: a signal too many means nothing.
            await look_again(self._client, task.named_by, task.run, task.kind)
        for task, key in chosen:
            await look_again(self._client, task.owner_id, task.run)
            self._chosen[key] = clock.steady_s()
        if should_ring(counts, self._asked.get(workspace_id), clock.steady_s()):
            await ring(self._client, workspace_id)
            self._asked[workspace_id] = Asked(counts, clock.steady_s())
        elif workspace_id in self._asked:
            self._asked[workspace_id] = Asked(counts, self._asked[workspace_id].at_s)

    async def reconcile(self) -> None:
        """Find tasks that say they are running while Temporal knows no such open run, and settle them after a grace.

        A run that was never there (Temporal's database was lost, or the start was) waits to be claimed again; one that was ended from
        outside has failed.
        """
        held = await self._held()
        known = await self._open_runs() if held else set()
        strangers = [(ws, task) for ws, task in held if _run_of(task) not in known]
        gate = asyncio.Semaphore(AT_ONCE)

        async def check(workspace_id: UUID, task: TaskFacts) -> tuple[UUID, int] | None:
            async with gate:
                return await self._check(workspace_id, task)

        still = {(task.id, task.run) for _, task in held}
        self._chosen = {key: at_s for key, at_s in self._chosen.items() if key[:2] in still}
        missing = await asyncio.gather(*(check(ws, task) for ws, task in strangers))
        # Whoever turned up again is no longer missing.
        self._missing = {key: since_s for key, since_s in self._missing.items() if key in missing}

    async def _schedules(self) -> None:
        await schedules.reconcile(self._client, self._database)

    async def _listen(self) -> None:
        async for heard in listen(self._dsn, CHANNEL):
            if heard.gap:
                await _patiently(self.sweep)
            else:
                with suppress(ValueError):
                    self.hear([UUID(heard.payload)])

    async def _serve(self) -> None:
        while True:
            await self._bell.wait()
            self._bell.clear()
            heard, self._heard = self._heard, set()
            await asyncio.gather(*(_patiently(self.look, workspace_id) for workspace_id in heard))
            await asyncio.sleep(COALESCE_S)

    async def _reconciling(self) -> None:
        # Twice at the start, a grace apart: after a loss the work goes on in seconds.
        await _patiently(self.reconcile)
        await asyncio.sleep(GRACE_S)
        await _every(RECONCILE_S, self.reconcile)

    async def _cancel(self, workspace_id: UUID, task: TaskFacts) -> None:
        key, now_s = (task.id, task.run), clock.steady_s()
        if now_s - self._cancelled.get(key, -AGAIN_S) < AGAIN_S:
            return
        self._cancelled = {known: at_s for known, at_s in self._cancelled.items() if now_s - at_s < AGAIN_S} | {key: now_s}
        if not await cancel_run(self._client, task.kind, task.named_by, task.run):
            # There is no run to clean up: it was never started, or it has ended.
            await self._settle_lost(workspace_id, task)

    async def _held(self) -> list[tuple[UUID, TaskFacts]]:
        async with self._database.connect() as conn:
            return [(ws, task) for ws in await tasks.workspaces_with_work(conn) for task in await tasks.held(conn, ws)]

    async def _open_runs(self) -> set[str]:
        """The ids of the runs Temporal lists as open. Its list lags a little, so whoever is not in it is asked for by id."""
        with failures_named():
            return {run.id async for run in self._client.list_workflows(OPEN_RUNS, page_size=1000)}

    async def _check(self, workspace_id: UUID, task: TaskFacts) -> tuple[UUID, int] | None:
        status = await self._status(_run_of(task))
        if status is WorkflowExecutionStatus.RUNNING:
            return None
        key, now_s = (task.id, task.run), clock.steady_s()
        if now_s - self._missing.setdefault(key, now_s) < GRACE_S:
            return key
        log().warning("run.lost", workspace=str(workspace_id), task=str(task.id), run=task.run, ended=status and status.name)
        if status is None:
            await self._settle_lost(workspace_id, task)
        else:
            await self._settle_ended(workspace_id, task)
        return None

    async def _status(self, workflow_id: str) -> WorkflowExecutionStatus | None:
        """How a run stands; None when Temporal knows no such run."""
        try:
            with failures_named():
                return (await self._client.get_workflow_handle(workflow_id).describe()).status
        except NotFound:
            return None

    async def _settle_lost(self, workspace_id: UUID, task: TaskFacts) -> None:
        async with self._database.begin() as conn:
            await tasks.requeue_lost(conn, workspace_id, [task.id])
        self.hear([workspace_id])

    async def _settle_ended(self, workspace_id: UUID, task: TaskFacts) -> None:
        end = Finish(
            workspace_id=workspace_id,
            task_id=task.id,
            outcome="failed",
            code="run-ended",
            detail=ENDED_OUTSIDE,
            stage=task.stage,
            run=task.run,
        )
        async with self._database.begin() as conn:
            await tasks.finish(conn, end)
        self.hear([workspace_id])


def _run_of(task: TaskFacts) -> str:
    return run_id(task.kind, task.named_by, task.run)


async def _every(pause_s: float, work: Callable[[], Awaitable[None]]) -> None:
    while True:
        await _patiently(work)
        await asyncio.sleep(pause_s)


async def _patiently(work: Callable[..., Awaitable[None]], *args: UUID) -> None:
    """Do it; when the database or Temporal is away, say so and leave it to the next time."""
    try:
        await work(*args)
    except Unavailable as away:
        log().warning("relay.waits", reason=away.detail)
    except RPCError as failure:
        log().warning("relay.refused", reason=str(failure))
