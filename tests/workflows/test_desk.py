from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from temporalio.client import Client, WorkflowHandle
from temporalio.exceptions import ApplicationError
from temporalio.worker import UnsandboxedWorkflowRunner

from storyreel.desk import runs
from storyreel.pipeline.contract import Claim, Claimed, Commanded, Counts, DeskCommand, DeskSignal, RunOrder, desk_id
from tests.workflows.fakes import PATIENCE_S, Fakes, order_of, soon, worker_of
from workflows import desk


async def eventually(client: Client, workspace_id: UUID, **wanted: Any) -> Counts:
    """The desk's counts once they are as wanted; each look is a round trip to the desk."""
    async with asyncio.timeout(PATIENCE_S):
        while True:
            found = await runs.counts(client, workspace_id)
            if all(getattr(found, name) == value for name, value in wanted.items()):
                return found


def handle(client: Client, workspace_id: UUID) -> WorkflowHandle[Any, Any]:
    return client.get_workflow_handle(desk_id(workspace_id))


class Table:
    """A task table of one workspace: each claim starts what fits, as the real one does."""

    def __init__(self, client: Client, orders: list[RunOrder], at_once: int = 2) -> None:
        self.client, self.waiting, self.at_once = client, orders, at_once
        self.running: set[UUID] = set()

    async def claim(self, _: Claim) -> Claimed:
        started = 0
        while self.waiting and len(self.running) < self.at_once:
            order = self.waiting.pop(0)
            self.running.add(order.task_id)
            started += await runs.start_run(self.client, order)
        return Claimed(started=started, running=len(self.running), waiting=len(self.waiting))


async def test_the_first_ring_opens_the_desk_and_claims(client: Client, fakes: Fakes) -> None:
    workspace = uuid4()
    await runs.ring(client, workspace)
    await eventually(client, workspace, rings=1)
    await eventually(client, workspace, rings=1, pending=0)
    await fakes.claims.reach(1)
    assert fakes.claims == [Claim(workspace_id=workspace)]


async def test_bells_that_ring_during_a_claim_become_one_more_claim(client: Client, fakes: Fakes) -> None:
    claiming, go = asyncio.Event(), asyncio.Event()

    async def slow(_: Claim) -> Claimed:
        claiming.set()
        await go.wait()
        return Claimed(running=7)

    fakes.claim = slow
    workspace = uuid4()
    await runs.ring(client, workspace)
    await soon(claiming)
    for _ in range(6):
        await runs.ring(client, workspace)
    await eventually(client, workspace, rings=7)
    go.set()
    await eventually(client, workspace, running=7)
    await runs.signal_desk(client, workspace, "pause", DeskSignal())
    await eventually(client, workspace, pending=0)
    await fakes.claims.reach(2)
    await fakes.commands.reach(1)
    assert 2 <= len(fakes.claims) <= 3


async def test_lost_and_doubled_bells_render_everything_once(client: Client, fakes: Fakes) -> None:
    workspace = uuid4()
    orders = [order_of(("spec",), workspace_id=workspace) for _ in range(8)]
    table = Table(client, list(orders))
    fakes.claim = table.claim
    await runs.ring(client, workspace)
    for number in range(len(orders)):
        await fakes.ended.reach(number + 1)
        table.running.discard(fakes.ended[number].task_id)
        # Every third bell is lost, every other one rings twice.
        for _ in range(0 if number % 3 == 1 else 2):
            await runs.ring(client, workspace)
    assert sorted(call.task_id for call in fakes.calls) == sorted(order.task_id for order in orders)


async def test_each_command_is_carried_out_once_and_in_order(client: Client, fakes: Fakes) -> None:
    workspace, twice = uuid4(), uuid4()
    await runs.signal_desk(client, workspace, "rerender", DeskSignal(shots="8-12", stages=("video",), again=True, actor="anna"))
    await runs.signal_desk(client, workspace, "cancel", DeskSignal(shots="3", request_id=twice))
    await runs.signal_desk(client, workspace, "set_concurrency", DeskSignal(concurrency=5))
    await fakes.commands.reach(3)
    assert [(each.verb, each.signal.shots) for each in fakes.commands] == [
        ("rerender", "8-12"),
        ("cancel", "3"),
        ("set_concurrency", "all"),
    ]
    assert fakes.commands[1].request_id == twice
    assert len({each.request_id for each in fakes.commands}) == 3
    assert {each.workspace_id for each in fakes.commands} == {workspace}


async def test_every_signal_a_person_can_send_by_its_name_is_heard(client: Client, fakes: Fakes) -> None:
    workspace = uuid4()
    await runs.ring(client, workspace)
    for name in ("rerender", "cancel", "pause", "resume", "reprioritise", "set_concurrency"):
        await handle(client, workspace).signal(name, {"shots": "1", "concurrency": 2, "priority": 90})
    await fakes.commands.reach(6)
    assert [each.verb for each in fakes.commands] == ["rerender", "cancel", "pause", "resume", "reprioritise", "set_concurrency"]


async def test_a_refused_command_is_told_and_stops_nothing(client: Client, fakes: Fakes) -> None:
    async def refuse(command: DeskCommand) -> Commanded:
        if command.verb == "cancel":
            raise ApplicationError("there is nothing to cancel", type="bad-input")
        return Commanded(request_id=command.request_id, revision=4)

    fakes.command = refuse
    workspace = uuid4()
    await runs.signal_desk(client, workspace, "cancel", DeskSignal())
    await eventually(client, workspace, refused="there is nothing to cancel", pending=0)
    await runs.signal_desk(client, workspace, "resume", DeskSignal())
    await eventually(client, workspace, refused="", pending=0)


async def test_a_desk_that_begins_a_new_history_loses_no_bell_and_no_command(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(desk, "BELLS_A_RUN", 3)
    fakes = Fakes()
    workspace = uuid4()
    # Outside the sandbox, so that the workflow sees the shorter history.
    async with worker_of(client, fakes, runner=UnsandboxedWorkflowRunner()):
        await runs.ring(client, workspace)
        first = (await handle(client, workspace).describe()).run_id
        asked = [DeskSignal(shots=str(number)) for number in range(1, 13)]
        for signal in asked:
            await runs.signal_desk(client, workspace, "rerender", signal)
            await runs.ring(client, workspace)
        await eventually(client, workspace, rings=13, pending=0)
        await fakes.commands.reach(len(asked))
        assert (await handle(client, workspace).describe()).run_id != first
        await fakes.claims.reach(1)
    assert [each.signal.shots for each in fakes.commands] == [each.shots for each in asked]


async def test_a_claim_that_fails_is_tried_until_it_is_done(client: Client, fakes: Fakes) -> None:
    tries = 0

    async def flaky(_: Claim) -> Claimed:
        nonlocal tries
        tries += 1
        if tries < 3:
            raise ApplicationError("away", type="unavailable", next_retry_delay=timedelta(milliseconds=1))
        return Claimed(running=1)

    fakes.claim = flaky
    workspace = uuid4()
    await runs.ring(client, workspace)
    await eventually(client, workspace, running=1)


async def test_a_large_command_is_given_again_until_all_of_it_is_asked_for_and_what_is_asked_for_begins_meanwhile(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(desk, "BELLS_A_RUN", 4)
    fakes = Fakes()

    async def slice_by_slice(command: DeskCommand) -> Commanded:
        batch, upto = uuid4(), min(command.asked + 10, 75 if command.verb == "rerender" else 0)
        return Commanded(request_id=command.request_id, batch_id=batch, asked=upto, shots=75 if command.verb == "rerender" else 0)

    fakes.command = slice_by_slice
    workspace = uuid4()
    async with worker_of(client, fakes, runner=UnsandboxedWorkflowRunner()):
        await runs.signal_desk(client, workspace, "rerender", DeskSignal(stale=True))
        first = (await handle(client, workspace).describe()).run_id
        await runs.signal_desk(client, workspace, "pause", DeskSignal())
        await fakes.commands.reach(9)
        await eventually(client, workspace, pending=0)
        assert (await handle(client, workspace).describe()).run_id != first, "several histories, and nothing lost between them"
    assert [each.asked for each in fakes.commands if each.verb == "rerender"] == [0, 10, 20, 30, 40, 50, 60, 70]
    assert len({each.request_id for each in fakes.commands if each.verb == "rerender"}) == 1
    assert [each.verb for each in fakes.commands][-1] == "pause", "in order"
    assert len(fakes.claims) >= 7
