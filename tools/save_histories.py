"""Saves histories of real runs, which every later version of the workflows must still replay.

    python -m tools.save_histories [name ...]     # all of them, or the ones named

Histories are kept, not refreshed: a change that cannot replay them is patched (`workflow.patched`), or its runs are drained first.
"""

from __future__ import annotations

import asyncio
import json
import re
import socket
import sys
import tempfile
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

from temporalio.client import Client, WorkflowFailureError
from temporalio.exceptions import ApplicationError

from storyreel.desk import board, choose, connect, ring, signal_desk
from storyreel.embedded import temporal
from storyreel.embedded.ports import free
from storyreel.pipeline.contract import (
    CUT_STAGES,
    SHEET_STAGES,
    Choice,
    Commanded,
    DeskCommand,
    DeskSignal,
    ScheduleOrder,
    StageDone,
    StageOrder,
    desk_id,
    task_queue,
)
from storyreel.runtime.settings import load
from tests.fixtures_services import run, running
from tests.workflows.fakes import Fakes, Gate, done, order_of, soon, start, worker_of

FOLDER = Path(__file__).parents[1] / "tests" / "histories"
Scenario = Callable[[Client, Fakes], Awaitable[str]]
WORKSPACE = UUID("6f3a0f0e-0000-4000-8000-000000000001")


async def shot_through(client: Client, _: Fakes) -> str:
    """All six stages, at once."""
    handle = await start(client, order_of())
    await handle.result()
    return handle.id


async def shot_chosen(client: Client, fakes: Fakes) -> str:
    """A person chooses the picture, the second time of asking."""
    cells = [UUID(int=n) for n in (1, 2)]

    async def select(order: StageOrder) -> StageDone:
        if order.chosen is None:
            return StageDone(stage="select", outcome="waiting", choices=tuple(cells))
        return done("select", node_id=order.chosen)

    fakes.stages["select"] = select
    order = order_of()
    handle = await start(client, order)
    while not (await board(client, "shot", order.owner_id, 1)).waiting_for_choice:
        pass
    await handle.signal("look_again")
    while not (await board(client, "shot", order.owner_id, 1)).waiting_for_choice:
        pass
    await choose(client, order.owner_id, 1, Choice(node_id=cells[1], actor="anna"))
    await handle.result()
    return handle.id


async def shot_cancelled(client: Client, fakes: Fakes) -> str:
    """Cancelled from outside in the middle of the clip."""
    fakes.stages["video"] = gate = Gate()
    handle = await start(client, order_of())
    await soon(gate.begun)
    await handle.cancel()
    with suppress(WorkflowFailureError):
        await handle.result()
    return handle.id


async def shot_mended(client: Client, fakes: Fakes) -> str:
    """A clip that fails in passing, a pause, and a way back to the clip."""
    fakes.stages["video"] = _failing(2)
    fakes.stages["compose"] = gate = Gate()
    handle = await start(client, order_of())
    await soon(gate.begun)
    await handle.signal("pause")
    await handle.signal("rerender", "video")
    gate.go.set()
    await handle.signal("resume")
    await handle.result()
    return handle.id


async def shot_failed(client: Client, fakes: Fakes) -> str:
    """A provider that will not, which waits for a person."""

    async def refuse(_: StageOrder) -> StageDone:
        raise ApplicationError("This provider draws no such thing.", type="provider-not-possible", non_retryable=True)

    fakes.stages["grid"] = refuse
    handle = await start(client, order_of())
    with suppress(WorkflowFailureError):
        await handle.result()
    return handle.id


async def cut(client: Client, _: Fakes) -> str:
    """Music and film."""
    handle = await start(client, order_of(CUT_STAGES, kind="cut", title="The film"))
    await handle.result()
    return handle.id


async def sheet(client: Client, _: Fakes) -> str:
    """A sheet of pictures, cut again afterwards."""
    handle = await start(client, order_of(SHEET_STAGES, kind="sheet", title="A sheet of 3 x 3"))
    await handle.result()
    return handle.id


async def desk(client: Client, fakes: Fakes) -> str:
    """Bells and every command."""
    await ring(client, WORKSPACE)
    await signal_desk(client, WORKSPACE, "rerender", DeskSignal(shots="8-12", stages=("video",), again=True, actor="anna"))
    await signal_desk(client, WORKSPACE, "set_concurrency", DeskSignal(concurrency=4))
    await ring(client, WORKSPACE)
    await signal_desk(client, WORKSPACE, "pause", DeskSignal(shots="9"))
    await signal_desk(client, WORKSPACE, "resume", DeskSignal(shots="9"))
    await signal_desk(client, WORKSPACE, "reprioritise", DeskSignal(shots="10", priority=90))
    await signal_desk(client, WORKSPACE, "cancel", DeskSignal(shots="11"))
    await fakes.commands.reach(6)
    await fakes.claims.reach(1)
    await ring(client, WORKSPACE)
    await fakes.claims.reach(2)
    return desk_id(WORKSPACE)


async def shot_checked(client: Client, fakes: Fakes) -> str:
    """The last look finds the clip wanting and sends the run back to it, once."""
    looks = 0

    async def look(_: StageOrder) -> StageDone:
        nonlocal looks
        looks += 1
        return done("check", again="video" if looks == 1 else None)

    fakes.stages["check"] = look
    handle = await start(client, order_of())
    await handle.result()
    return handle.id


async def shot_waited(client: Client, fakes: Fakes) -> str:
    """A provider that a person holds, and lets go."""
    held = asyncio.Event()

    async def wait(_: StageOrder) -> StageDone:
        if held.is_set():
            return done("video")
        held.set()
        raise ApplicationError("A person holds it.", type="provider-paused", non_retryable=True)

    fakes.stages["video"] = wait
    handle = await start(client, order_of())
    await held.wait()
    while "video waits" not in str(await handle.query("__temporal_workflow_metadata")):
        pass
    await handle.signal("look_again")
    await handle.result()
    return handle.id


async def desk_sliced(client: Client, fakes: Fakes) -> str:
    """A command for many shots, done slice by slice with claims between, and one that waits for it."""

    async def slices(command: DeskCommand) -> Commanded:
        count = 30 if command.verb == "rerender" else 0
        return Commanded(request_id=command.request_id, batch_id=UUID(int=7), asked=min(command.asked + 10, count), shots=count)

    fakes.command = slices
    workspace = UUID(int=WORKSPACE.int + 1)
    await signal_desk(client, workspace, "rerender", DeskSignal(stale=True, actor="anna"))
    await signal_desk(client, workspace, "pause", DeskSignal(provider="remote"))
    await fakes.commands.reach(4)
    await fakes.claims.reach(2)
    return desk_id(workspace)


async def scheduled(client: Client, _: Fakes) -> str:
    """A moment that has come."""
    order = ScheduleOrder(
        workspace_id=WORKSPACE, schedule_id=UUID(int=9), title="Render at night", at=datetime(2026, 11, 22, 2, tzinfo=UTC)
    )
    handle = await client.start_workflow(
        "ScheduledAsk", order, id=f"scheduled/{order.schedule_id}", task_queue=task_queue("desk")
    )
    await handle.result()
    return handle.id


SCENARIOS: dict[str, Scenario] = {
    each.__name__: each
    for each in (
        *(shot_through, shot_chosen, shot_cancelled, shot_mended, shot_failed, shot_checked, shot_waited),
        *(cut, sheet, desk, desk_sliced, scheduled),
    )
}


def _failing(times: int) -> Callable[[StageOrder], Awaitable[StageDone]]:
    left = [times]

    async def answer(order: StageOrder) -> StageDone:
        if left[0]:
            left[0] -= 1
            raise ApplicationError("busy", type="provider-transient", next_retry_delay=timedelta(milliseconds=1))
        return done(order.stage)

    return answer


def scrubbed(history: str) -> str:
    """A history without the names and folders of the machine that made it."""
    plain = json.dumps(json.loads(history), indent=1, ensure_ascii=False).replace(socket.gethostname(), "host")
    plain = re.sub(r'"stackTrace": "(?:[^"\\]|\\.)*"', '"stackTrace": ""', plain)
    return re.sub(r'"identity": "[^"]*"', '"identity": "worker"', plain) + "\n"


async def save(address: str, names: list[str]) -> None:
    """Run the scenarios one after another, and write down what happened."""
    for name in names:
        client, fakes = await connect(load(temporal_address=address)), Fakes()
        async with worker_of(client, fakes):
            workflow_id = await SCENARIOS[name](client, fakes)
            history = await client.get_workflow_handle(workflow_id).fetch_history()
        path = FOLDER / f"{name}.json"
        path.write_text(scrubbed(history.to_json()))
        print(f"{path.name}: {len(history.events)} events")


def main() -> None:
    """Bring a server up for the time of it."""
    found = run(temporal.find(load()))
    address = temporal.Address(free(), free(), free())
    with tempfile.TemporaryDirectory() as folder, running(temporal.server(found.path, address, ui=False), Path(folder)):
        run(save(address.frontend, sys.argv[1:] or list(SCENARIOS)))


if __name__ == "__main__":
    main()
