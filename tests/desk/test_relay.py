from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from temporalio.client import Client

from storyreel.commits import CHANNEL as RUNG
from storyreel.desk import Relay, connect, ensure_search_attributes, relay, start_run
from storyreel.desk.relay import CHANNEL, Asked, should_ring
from storyreel.embedded import temporal
from storyreel.embedded.ports import free
from storyreel.ledger import tasks
from storyreel.ledger.tasks import Counts
from storyreel.pipeline.contract import RunOrder, run_id
from storyreel.runtime.settings import load
from tests.desk.conftest import Set
from tests.fixtures_services import run, running


def counts(held: int = 0, waiting: int = 0, *, paused: bool = False) -> Counts:
    return Counts(held=held, waiting=waiting, paused=paused, concurrency=3)


def test_the_relay_listens_where_the_bell_is_rung() -> None:
    assert CHANNEL == RUNG


@pytest.mark.parametrize(
    ("now", "last", "rings"),
    [
        (counts(waiting=2), None, True),
        (counts(held=3, waiting=2), None, False),
        (counts(waiting=2, paused=True), None, False),
        (counts(), None, False),
        (counts(), Asked(counts(held=1), 0.0), True),
        (counts(), Asked(counts(), 0.0), False),
        (counts(waiting=2), Asked(counts(waiting=2), 99.0), False),
        (counts(waiting=2), Asked(counts(waiting=2), 90.0), True),
        (counts(held=1, waiting=1), Asked(counts(held=2, waiting=1), 99.9), True),
    ],
)
def test_a_desk_is_rung_when_it_has_something_to_do_and_once_for_the_same_news(
    now: Counts,
    last: Asked | None,
    rings: bool,  # noqa: FBT001
) -> None:
    assert should_ring(now, last, 100.0) is rings


async def claimed(stage_set: Set) -> list[RunOrder]:
    await stage_set.studio.do(("gen.video", {"shots": "1-2"}))
    async with stage_set.studio.door.database.begin() as conn:
        return await tasks.claim(conn, stage_set.studio.workspace_id)


async def states(stage_set: Set) -> set[str]:
    return {task.state for task in await stage_set.tasks()}


async def test_a_run_that_was_never_started_is_claimed_again_after_a_grace(
    stage_set: Set, monkeypatch: pytest.MonkeyPatch
) -> None:
    lost, started = await claimed(stage_set)
    await start_run(stage_set.client, started)
    keeper = Relay(stage_set.client, stage_set.studio.door.database, stage_set.dsn)
    await keeper.reconcile()
    assert await states(stage_set) == {"running"}, "a run may just be being started"
    monkeypatch.setattr(relay, "GRACE_S", 0.0)
    await keeper.reconcile()
    found = {task.id: task.state for task in await stage_set.tasks()}
    assert found == {lost.task_id: "pending", started.task_id: "running"}


async def test_a_run_that_turns_up_in_time_is_not_lost(stage_set: Set, monkeypatch: pytest.MonkeyPatch) -> None:
    orders = await claimed(stage_set)
    keeper = Relay(stage_set.client, stage_set.studio.door.database, stage_set.dsn)
    await keeper.reconcile()
    for order in orders:
        await start_run(stage_set.client, order)
    monkeypatch.setattr(relay, "GRACE_S", 0.0)
    await keeper.reconcile()
    assert await states(stage_set) == {"running"}


async def test_a_run_that_was_terminated_has_failed_and_says_so(stage_set: Set, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(relay, "GRACE_S", 0.0)
    first, second = await claimed(stage_set)
    for order in (first, second):
        await start_run(stage_set.client, order)
    await stage_set.client.get_workflow_handle(run_id("shot", first.owner_id, 1)).terminate("by hand")
    keeper = Relay(stage_set.client, stage_set.studio.door.database, stage_set.dsn)
    await keeper.reconcile()
    (ended,) = [task for task in await stage_set.tasks() if task.id == first.task_id]
    assert (ended.state, ended.error and ended.error["code"]) == ("failed", "run-ended")


async def test_a_cancel_of_a_run_that_never_began_is_done_at_once(stage_set: Set) -> None:
    await claimed(stage_set)
    await stage_set.studio.do(("task.cancel", {}))
    await Relay(stage_set.client, stage_set.studio.door.database, stage_set.dsn).look(stage_set.studio.workspace_id)
    assert await states(stage_set) == {"cancelled"}


async def test_search_attributes_are_registered_once(client: Client) -> None:
    assert await ensure_search_attributes(client) == ()


async def test_all_open_work_starts_again_when_temporals_database_is_lost(
    stage_set: Set, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(relay, "GRACE_S", 1.0)
    begun = asyncio.Event()

    async def wait(*_: object) -> None:
        begun.set()
        await asyncio.Event().wait()

    stage_set.instant.before["video"] = wait
    async with stage_set.working():
        await stage_set.studio.do(("gen.video", {"shots": "1-2"}))
        await asyncio.wait_for(begun.wait(), 30)
    bought = len([stage for stage in stage_set.instant.stages if stage == "grid"])
    stage_set.instant.before.clear()
    # The tasks still say that they run; another Temporal has never heard of them.
    assert await states(stage_set) <= {"running", "retry_pending"}
    found = await asyncio.to_thread(lambda: run(temporal.find(load())))
    address = temporal.Address(free(), free(), free())
    with running(temporal.server(found.path, address, ui=False), Path(tmp_path_factory.mktemp("other"))):
        other = await connect(load(temporal_address=address.frontend))
        async with stage_set.working(other):
            ended = await stage_set.all_over()
    assert {(task.state, task.run) for task in ended} == {("succeeded", 2)}
    assert len([stage for stage in stage_set.instant.stages if stage == "grid"]) == bought, "what was made is not made again"
