"""A worker whose activities are told what to answer: the same names, no I/O, and every wait ends with an event."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, TypeVar
from uuid import UUID, uuid4

from temporalio import activity
from temporalio.client import Client, WorkflowHandle
from temporalio.worker import Worker, WorkflowRunner
from temporalio.worker.workflow_sandbox import SandboxedWorkflowRunner

from storyreel.desk.runs import start_run
from storyreel.pipeline.contract import (
    QUEUES,
    SHOT_STAGES,
    Claim,
    Claimed,
    Commanded,
    DeskCommand,
    Finish,
    Fired,
    Firing,
    Queue,
    RunOrder,
    StageDone,
    StageName,
    StageOrder,
    task_queue,
)
from workflows.cut import EpisodeCut
from workflows.desk import RenderDesk
from workflows.scheduled import ScheduledAsk
from workflows.sequence import STAGES
from workflows.sheet import SheetRender
from workflows.shot import ShotRender

Answer = Callable[[StageOrder], Awaitable[StageDone]]
QUICK = timedelta(milliseconds=100)
PATIENCE_S = 30
T = TypeVar("T")


class Seen(list[T]):
    """What an activity was given, in order, and a way to wait for more of it."""

    def __init__(self) -> None:
        super().__init__()
        self._more = asyncio.Event()

    def append(self, item: T) -> None:
        super().append(item)
        self._more.set()

    async def reach(self, count: int) -> None:
        async with asyncio.timeout(PATIENCE_S):
            while len(self) < count:
                self._more.clear()
                await self._more.wait()


@dataclass
class Fakes:
    """What the fake activities were asked, and what they are to answer. By default every stage makes something at once."""

    stages: dict[str, Answer] = field(default_factory=dict)
    calls: Seen[StageOrder] = field(default_factory=Seen[StageOrder])
    ended: Seen[Finish] = field(default_factory=Seen[Finish])
    claims: Seen[Claim] = field(default_factory=Seen[Claim])
    commands: Seen[DeskCommand] = field(default_factory=Seen[DeskCommand])
    fired: Seen[Firing] = field(default_factory=Seen[Firing])
    claim: Callable[[Claim], Awaitable[Claimed]] | None = None
    command: Callable[[DeskCommand], Awaitable[Commanded]] | None = None
    attempts: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))

    @property
    def made(self) -> list[str]:
        return [order.stage for order in self.calls]

    async def stage(self, order: StageOrder) -> StageDone:
        self.calls.append(order)
        self.attempts[order.stage].append(activity.info().attempt)
        answer = self.stages.get(order.stage)
        return await answer(order) if answer else done(order.stage)

    def activities(self, queue: Queue) -> list[Callable[..., Any]]:
        if queue != "desk":
            return [activity.defn(name=stage)(_bound(self)) for stage in STAGES]
        return [self.finish_activity(), self.claim_activity(), self.command_activity(), self.fire_activity()]

    def finish_activity(self) -> Callable[..., Any]:
        @activity.defn(name="finish")
        async def finish(end: Finish) -> None:
            self.ended.append(end)

        return finish

    def claim_activity(self) -> Callable[..., Any]:
        @activity.defn(name="claim")
        async def claim(wish: Claim) -> Claimed:
            self.claims.append(wish)
            return await self.claim(wish) if self.claim else Claimed()

        return claim

    def command_activity(self) -> Callable[..., Any]:
        @activity.defn(name="command")
        async def command(wish: DeskCommand) -> Commanded:
            self.commands.append(wish)
            return await self.command(wish) if self.command else Commanded(request_id=wish.request_id, revision=1)

        return command

    def fire_activity(self) -> Callable[..., Any]:
        @activity.defn(name="fire")
        async def fire(due: Firing) -> Fired:
            self.fired.append(due)
            return Fired(said="It was asked for.")

        return fire


def _bound(fakes: Fakes) -> Callable[..., Any]:
    async def stage(order: StageOrder) -> StageDone:
        return await fakes.stage(order)

    return stage


@dataclass
class Gate:
    """A stage that says when it has begun and goes on when it is let; cancelled, it says so and cleans up first."""

    begun: asyncio.Event = field(default_factory=asyncio.Event)
    go: asyncio.Event = field(default_factory=asyncio.Event)
    cancelled: asyncio.Event = field(default_factory=asyncio.Event)
    cleaned: asyncio.Event = field(default_factory=asyncio.Event)
    clean: Callable[[], Awaitable[None]] | None = None

    async def __call__(self, order: StageOrder) -> StageDone:
        self.begun.set()
        beating = asyncio.create_task(_beat())
        try:
            await self.go.wait()
        except asyncio.CancelledError:
            self.cancelled.set()
            if self.clean:
                await self.clean()
            self.cleaned.set()
            raise
        finally:
            beating.cancel()
        return done(order.stage)


async def _beat() -> None:
    while True:
        activity.heartbeat()
        await asyncio.sleep(0.05)


def done(stage: StageName, **more: Any) -> StageDone:
    return StageDone(**{"stage": stage, "outcome": "made", "node_id": uuid4(), **more})


def order_of(stages: tuple[StageName, ...] = SHOT_STAGES, **more: Any) -> RunOrder:
    given = {
        "workspace_id": uuid4(),
        "task_id": uuid4(),
        "kind": "shot",
        "owner_id": uuid4(),
        "run": 1,
        "title": "Shot 1 of 1: A lamp",
    }
    return RunOrder(**{**given, "stages": stages, **more})


@asynccontextmanager
async def worker_of(
    client: Client,
    fakes: Fakes,
    *,
    workflows: Sequence[type] = (RenderDesk, ShotRender, EpisodeCut, SheetRender, ScheduledAsk),
    runner: WorkflowRunner | None = None,
) -> AsyncIterator[None]:
    """One worker a queue, as in a real process."""
    async with AsyncExitStack() as stack:
        for queue in QUEUES:
            worker = Worker(
                client,
                task_queue=task_queue(queue),
                workflows=workflows if queue == "desk" else (),
                activities=fakes.activities(queue),
                workflow_runner=runner or SandboxedWorkflowRunner(),
                max_heartbeat_throttle_interval=QUICK,
                default_heartbeat_throttle_interval=QUICK,
            )
            await stack.enter_async_context(worker)
        yield


async def start(client: Client, order: RunOrder) -> WorkflowHandle[Any, Any]:
    assert await start_run(client, order)
    return client.get_workflow_handle(order.workflow_id, result_type=Finish)


async def soon(event: asyncio.Event) -> None:
    await asyncio.wait_for(event.wait(), PATIENCE_S)


def ids(count: int) -> tuple[UUID, ...]:
    return tuple(uuid4() for _ in range(count))
