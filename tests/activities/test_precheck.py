"""What a worker has no room for it does not take; another does, and it costs neither a try nor money."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text
from temporalio.exceptions import ApplicationError

from activities import precheck as looks
from activities.precheck import NEEDS, Free, Needs, NoRoom, Precheck, free_here, lacking, least_of, needs_of
from activities.presence import present
from activities.slots import RoomySlots
from activities.work import Work
from storyreel.ledger import workers
from storyreel.pipeline.contract import QUEUE_OF, RunOrder
from storyreel.providers.registry import Registry
from storyreel.providers.remote import RemoteProvider
from storyreel.runtime.database import Database
from storyreel.runtime.settings import Settings
from tests.activities.conftest import Bench

PLENTY = Free(64_000, 64_000)
MBS = st.floats(0, 1e6)


@given(MBS, MBS, MBS, MBS)
def test_what_is_lacking_is_named_and_only_that(memory: float, disk: float, memory_free: float, disk_free: float) -> None:
    said = lacking(Needs(memory, disk), Free(memory_free, disk_free))
    assert ("memory" in said, "disk" in said) == (memory_free < memory, disk_free < disk)


def test_a_task_that_knows_what_it_needs_is_believed() -> None:
    assert needs_of("video", {}) == NEEDS["video"]
    assert needs_of("video", {"memory_mb": 9000}) == Needs(9000, NEEDS["video"].disk_mb)
    assert needs_of("spec", {}) == Needs()


def test_a_queue_is_served_while_the_smallest_of_its_stages_could_be_made() -> None:
    assert least_of("post") == Needs(NEEDS["compose"].memory_mb, NEEDS["check"].disk_mb)
    assert least_of("spec") == Needs()
    assert {stage for stage, queue in QUEUE_OF.items() if queue != "spec"} == set(NEEDS)


def test_this_machine_has_something_free_and_a_container_no_more_than_its_limit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(looks, "CGROUP", tmp_path / "none")
    whole = free_here(tmp_path / "not" / "yet" / "there")
    assert whole.memory_mb > 50 and whole.disk_mb > 50
    monkeypatch.setattr(looks, "CGROUP", tmp_path)
    (tmp_path / "memory.max").write_text(f"{100 << 20}\n")
    (tmp_path / "memory.current").write_text(f"{90 << 20}\n")
    (tmp_path / "memory.stat").write_text(f"anon 5\ninactive_file {20 << 20}\n")
    assert free_here(tmp_path).memory_mb == 30
    (tmp_path / "memory.max").write_text("max\n")
    assert free_here(tmp_path).memory_mb > 50


def test_the_files_of_the_built_in_makers_are_where_they_are_looked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    assert [looks.missing_models(capability) for capability in looks.MODELS] == [[]] * len(looks.MODELS)
    monkeypatch.setitem(looks.MODELS, "voice", (("no_such_package", "part.bin"), ("storyreel", "no.bin")))
    assert looks.missing_models("voice") == ["no_such_package/part.bin", "storyreel/no.bin"]


@pytest.fixture
def registry(tmp_path: Path) -> Registry:
    return Registry(Settings(home=tmp_path))


def looking(bench: Bench, registry: Registry, free: Callable[[], Free]) -> Bench:
    room = Precheck(bench.studio.door.database, registry, free, "mill")
    return replace(bench, work=Work(bench.work.door, bench.work.client, bench.work.kits, room))


async def order_of(bench: Bench) -> RunOrder:
    await bench.studio.do(("gen.video", {"shots": "1"}))
    (order,) = await bench.claim()
    return order


async def test_a_stage_without_room_is_handed_back_unmade_and_says_why(bench: Bench, registry: Registry) -> None:
    free = PLENTY
    full = looking(bench, registry, lambda: free)
    order = await order_of(full)
    await full.stage(order, "spec")
    free = Free(64_000, 10)
    with pytest.raises(ApplicationError) as failure:
        await full.stage(order, "grid")
    assert (failure.value.type, failure.value.non_retryable) == ("unavailable", True), "the run tries again without counting"
    task = await full.task(order.task_id)
    assert (task.state, (task.error or {})["code"]) == ("retry_pending", NoRoom.code)
    assert "mill has no room for grid (disk: 10 MB free of 200 MB needed)" in task.note
    assert full.instant.bought == []
    free = PLENTY
    assert (await full.stage(order, "grid")).outcome == "made"


async def test_what_the_task_says_it_needs_is_looked_for(bench: Bench, registry: Registry) -> None:
    full = looking(bench, registry, lambda: Free(8_000, 64_000))
    order = await order_of(full)
    await full.stage(order, "spec")
    async with full.studio.door.database.begin() as conn:
        await conn.execute(text("update task set needs = '{\"memory_mb\": 9000}' where id = :id"), {"id": order.task_id})
    with pytest.raises(ApplicationError, match="memory: 8000 MB free of 9000 MB needed"):
        await full.stage(order, "grid")


async def test_a_provider_without_a_free_gpu_is_believed_and_one_that_is_well_is_not_asked_each_time(
    bench: Bench, registry: Registry, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: Iterator[str] = iter(["all 4 GPUs are busy", ""])

    async def unwell() -> str:
        return next(said)

    monkeypatch.setattr(registry, "route", lambda capability, pinned="": "farm")
    monkeypatch.setattr(registry, "get", lambda capability, pinned="": SimpleNamespace(unwell=unwell))
    full = looking(bench, registry, lambda: PLENTY)
    order = await order_of(full)
    await full.stage(order, "spec")
    with pytest.raises(ApplicationError, match=r"farm: all 4 GPUs are busy"):
        await full.stage(order, "grid")
    assert (await full.stage(order, "grid")).outcome == "made"
    assert (await full.stage(order, "grid")).outcome == "fresh"


async def test_a_missing_model_file_is_named(bench: Bench, registry: Registry, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(looks.MODELS, "image", (("storyreel", "gone.bin"),))
    full = looking(bench, registry, lambda: PLENTY)
    order = await order_of(full)
    await full.stage(order, "spec")
    with pytest.raises(ApplicationError, match=r"not installed: storyreel/gone\.bin"):
        await full.stage(order, "grid")


async def test_slots_are_given_out_while_there_is_room_and_come_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("activities.slots.LOOK_AGAIN_S", 0.01)
    room, told, context = True, list[bool](), SimpleNamespace()
    slots = RoomySlots(1, lambda: room, lambda *, there_is: told.append(there_is))
    first = await slots.reserve_slot(context)
    second = asyncio.ensure_future(slots.reserve_slot(context))
    await asyncio.sleep(0.02)
    assert not second.done(), "there is one slot"
    room = False
    await asyncio.to_thread(slots.release_slot, SimpleNamespace(permit=first, slot_info=None))
    await asyncio.sleep(0.05)
    assert not second.done() and told == [False], "there is a slot, and no room"
    room = True
    await asyncio.wait_for(second, 5)
    assert told == [False, True]
    waiting = asyncio.ensure_future(slots.reserve_slot(context))
    await asyncio.sleep(0)
    waiting.cancel()
    await asyncio.gather(waiting, return_exceptions=True)
    slots.release_slot(SimpleNamespace(permit=None, slot_info=None))
    await asyncio.wait_for(slots.reserve_slot(context), 5)


async def test_a_worker_is_known_while_it_lives_with_its_facts_and_its_clock(
    db: Database, tmp_path: Path, monkeypatch: Any
) -> None:
    ready = tmp_path / "ready"
    monkeypatch.setenv("STORYREEL_READY_FILE", str(ready))
    async with present(db, ("video", "post"), {"video": 2, "post": 1}, lambda: PLENTY, build_id="b7") as presence:
        async with db.connect() as conn:
            (one,) = await workers.listed(conn)
            assert await workers.listed(conn, queues=("image",)) == []
            assert len(await workers.listed(conn, queues=("post", "image"))) == 1
        assert (one.queues, one.build_id, one.dead, one.draining) == (("video", "post"), "b7", False, False)
        assert one.facts["slots"] == {"video": 2, "post": 1}
        assert (one.facts["disk_free_mb"], one.facts["memory_free_mb"]) == (64_000, 64_000)
        assert abs(one.clock_off_s) < 1 and one.version and ready.exists()
        assert one.facts["full"] == []
        presence.free = lambda: Free(64_000, 99)
        await presence.drain()
        async with db.begin() as conn:
            assert (await workers.listed(conn))[0].facts["full"] == ["video", "post"]
            assert (await workers.listed(conn))[0].draining
            await conn.execute(text("update worker set seen_at = now() - interval '61 s'"))
        async with db.connect() as conn:
            assert (await workers.listed(conn))[0].dead, "it was not heard of for a minute"
    async with db.connect() as conn:
        assert await workers.listed(conn) == []


async def test_the_dead_are_forgotten_after_a_day(db: Database) -> None:
    async with present(db, ("io",), {}, lambda: PLENTY) as presence:
        async with db.begin() as conn:
            await conn.execute(
                text(
                    "insert into worker (id, host, process_id, queues, version, seen_at)"
                    " select gen_random_uuid(), 'old', 1, '{io}', '0', now() - age from unnest(array[interval '2 days', '2 h']) age"
                )
            )
        await presence.speak()
        async with db.connect() as conn:
            assert [one.host for one in await workers.listed(conn) if one.dead] == ["old"]


@pytest.mark.parametrize(
    ("status", "body", "said"),
    [
        (200, {"ready": False, "message": "no GPU is free"}, "no GPU is free"),
        (200, {"ready": False}, "it is not ready"),
        (200, {"ready": True}, ""),
        (404, {}, ""),
        (503, {}, ""),
    ],
)
async def test_a_provider_of_ones_own_may_say_that_it_can_take_nothing(status: int, body: dict[str, Any], said: str) -> None:
    asked: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request.url.path)
        return httpx.Response(status, json=body)

    client = httpx.AsyncClient(transport=httpx.MockTransport(answer), base_url="http://gpu.example")
    provider = RemoteProvider("video", client)
    assert isinstance(provider, looks.Tells)
    assert await provider.unwell() == said
    assert asked == ["/v1/health"]
    await client.aclose()


async def test_a_provider_that_cannot_be_reached_is_left_to_the_call_to_say_so() -> None:
    def nobody(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("refused")

    client = httpx.AsyncClient(transport=httpx.MockTransport(nobody), base_url="http://gpu.example")
    assert await RemoteProvider("video", client).unwell() == ""
