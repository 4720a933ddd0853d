"""A deploy while films are made: what began on the old build ends there, what is new goes to the new one, and the desks move over."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass, field
from uuid import uuid4

import pytest
from temporalio import workflow
from temporalio.client import Client
from temporalio.worker import Worker

from storyreel.desk import connect, ring, versions
from storyreel.model.errors import BadInput, Conflict, NotFound
from storyreel.pipeline import contract
from storyreel.pipeline.contract import Finish, RunOrder, desk_id
from storyreel.runtime.settings import load
from tests.workflows.fakes import PATIENCE_S, Fakes, Gate, order_of, soon, start, worker_of
from workflows.cut import EpisodeCut
from workflows.desk import RenderDesk
from workflows.moving import MovingDesk
from workflows.run import Rendering
from workflows.sheet import SheetRender
from workflows.shot import ShotRender


@workflow.defn(name="ShotRender")
class ShotsAnotherWay(Rendering):
    """What no run of the present build could go on with: it begins with a wait that they never had."""

    @workflow.init
    def __init__(self, order: RunOrder) -> None:
        super().__init__(order)

    @workflow.run
    async def run(self, order: RunOrder) -> Finish:
        await workflow.sleep(0.001)
        return await self.through()


PLAIN = (RenderDesk, ShotRender, EpisodeCut, SheetRender)
OLD = (MovingDesk, ShotRender, EpisodeCut, SheetRender)
NEW = (MovingDesk, ShotsAnotherWay, EpisodeCut, SheetRender)


@dataclass
class Deployment:
    """A deployment of this test's own, and its builds."""

    address: str
    name: str = field(default_factory=lambda: f"film-{uuid4().hex[:6]}")
    clients: list[Client] = field(default_factory=list)

    async def build(self, build_id: str) -> Client:
        settings = load(temporal_address=self.address, deployment=self.name, build_id=build_id)
        self.clients.append(await connect(settings))
        return self.clients[-1]

    async def standing(self) -> dict[str, str]:
        return {one.build_id: one.standing for one in await versions.builds(self.clients[0], self.name)}

    async def lacking(self, build_id: str) -> list[contract.Queue]:
        with suppress(NotFound):
            return await versions.missing(self.clients[0], self.name, build_id)
        return list(versions.NEEDED)

    async def ready(self, build_id: str) -> Client:
        """Wait until Temporal has heard of all workers of a build; what it missed of one it hears with its next poll, a minute later."""
        async with asyncio.timeout(2 * PATIENCE_S):
            while await self.lacking(build_id):
                await asyncio.sleep(0.1)
        return self.clients[0]

    async def go_to(self, build_id: str) -> None:
        await versions.set_current(await self.ready(build_id), self.name, build_id)


@pytest.fixture
async def deployment(temporal_server: str, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Deployment]:
    # Which build is the current one is kept with the queues: these are this test's own.
    monkeypatch.setattr(contract, "PREFIX", f"versions-{uuid4().hex[:6]}-")
    made = Deployment(temporal_server)
    yield made
    async for run in made.clients[0].list_workflows(
        "ExecutionStatus = 'Running' AND WorkflowType IN ('RenderDesk', 'ShotRender')"
    ):
        await made.clients[0].get_workflow_handle(run.id).terminate("the test is over")


async def build_of(client: Client, workflow_id: str) -> str:
    info = (await client.get_workflow_handle(workflow_id).describe()).raw_description.workflow_execution_info
    return info.versioning_info.deployment_version.build_id


async def test_a_run_ends_on_the_build_it_began_on_while_new_runs_and_desks_go_to_the_next(deployment: Deployment) -> None:
    old, new, workspace = Fakes(), Fakes(), uuid4()
    one, two = await deployment.build("one"), await deployment.build("two")
    old.stages["video"] = gate = Gate()
    async with worker_of(one, old, workflows=OLD):
        await deployment.go_to("one")
        await ring(one, workspace)
        await old.claims.reach(1)
        run = await start(one, began := order_of())
        await soon(gate.begun)
        async with worker_of(two, new, workflows=NEW):
            await deployment.go_to("two")
            # Even where the old build's own process asks for it.
            await (await start(one, later := order_of())).result()
            await ring(one, workspace)
            await new.claims.reach(1)
            gate.go.set()
            assert (await run.result()).outcome == "succeeded"
            standing = await deployment.standing()
    assert {call.task_id for call in old.calls} == {began.task_id} and len(old.calls) == len(contract.SHOT_STAGES)
    assert {call.task_id for call in new.calls} == {later.task_id} and len(new.calls) == len(contract.SHOT_STAGES)
    assert [await build_of(two, each) for each in (run.id, later.workflow_id, desk_id(workspace))] == ["one", "two", "two"]
    assert len(old.claims) == 1
    assert standing == {"two": "current", "one": "draining"}


async def test_a_share_of_the_new_runs_can_try_a_build_first(deployment: Deployment) -> None:
    one, two = await deployment.build("one"), await deployment.build("two")
    with pytest.raises(NotFound):
        await versions.builds(one, deployment.name)
    with pytest.raises(BadInput):
        await versions.set_ramp(one, deployment.name, "one", 101)
    async with worker_of(one, Fakes(), workflows=OLD), worker_of(two, new := Fakes(), workflows=OLD):
        await deployment.go_to("one")
        await deployment.ready("two")
        await versions.set_ramp(one, deployment.name, "two", 100)
        assert await deployment.standing() == {"one": "current", "two": "ramping"}
        await (await start(one, order_of())).result()
        assert len(new.calls) == len(contract.SHOT_STAGES)
        await versions.set_ramp(one, deployment.name, "two", 0)
        with pytest.raises(NotFound, match="start one first"):
            await versions.set_current(one, deployment.name, "three")


async def test_a_build_that_serves_too_little_does_not_take_over(deployment: Deployment) -> None:
    part = await deployment.build("part")
    desk = Fakes().activities("desk")
    async with Worker(part, task_queue=contract.task_queue("desk"), workflows=NEW, activities=desk):
        async with asyncio.timeout(PATIENCE_S):
            while len(await deployment.lacking("part")) == len(versions.NEEDED):
                await asyncio.sleep(0.1)
        with pytest.raises(Conflict, match="serves spec, image, video, audio, post yet"):
            await versions.set_current(part, deployment.name, "part")


async def test_workers_that_say_no_build_serve_everything(client: Client, fakes: Fakes) -> None:
    run = await start(client, order_of())
    assert (await run.result()).outcome == "succeeded"
    assert await build_of(client, run.id) == ""


async def test_the_first_build_takes_over_the_runs_of_workers_that_say_none(deployment: Deployment) -> None:
    before, after = Fakes(), Fakes()
    none, first = await deployment.build(""), await deployment.build("first")
    before.stages["grid"] = gate = Gate()
    async with worker_of(none, before, workflows=PLAIN):
        run = await start(none, order_of())
        await soon(gate.begun)
        async with worker_of(first, after, workflows=OLD):
            await deployment.go_to("first")
            gate.go.set()
            assert (await run.result()).outcome == "succeeded"
    assert await build_of(first, run.id) == "first" and after.made[-1] == "check"
