"""The real worker process with the real built-in providers: what `storyreel up` runs."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from uuid import uuid4

import psutil
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text
from temporalio.client import Client

from activities.precheck import Free, Precheck
from activities.work import Work
from storyreel.assets import FolderStore
from storyreel.commits import Door
from storyreel.desk import connect
from storyreel.desk.runs import words_of
from storyreel.ledger import workers
from storyreel.media import ffmpeg
from storyreel.model.facts import TaskFacts
from storyreel.model.rows import Node
from storyreel.pipeline.contract import QUEUES
from storyreel.providers.registry import Registry
from storyreel.runtime.settings import Settings
from tests.activities.instant import Instant
from tests.commits.conftest import Studio
from tests.desk.conftest import PATIENCE_S, Set
from tests.fixtures_services import Addresses
from tests.standins.vendor import Vendor
from worker import serving

ROOT = Path(__file__).parents[2]


@asynccontextmanager
async def worker(stage_set: Set, address: str, home: Path, *args: str, **more: str) -> AsyncIterator[asyncio.subprocess.Process]:
    ready, said = home / f"ready-{uuid4()}", home / "worker.log"
    home.mkdir(parents=True, exist_ok=True)
    env = {
        **os.environ,
        "STORYREEL_HOME": str(home),
        "STORYREEL_APP_DATABASE_URL": stage_set.dsn,
        "TEMPORAL_ADDRESS": address,
        "STORYREEL_READY_FILE": str(ready),
        "STORYREEL_LOG_FORMAT": "json",
        **more,
    }
    with said.open("ab") as log:
        process = await asyncio.create_subprocess_exec(sys.executable, "-m", "worker", *args, cwd=ROOT, env=env, stderr=log)
    try:
        async with asyncio.timeout(40):
            while not ready.exists():
                assert process.returncode is None, said.read_text()
                await asyncio.sleep(0.05)
        yield process
    finally:
        if process.returncode is None:
            process.send_signal(signal.SIGTERM)
            try:
                await asyncio.wait_for(process.wait(), 30)
            except TimeoutError:
                process.kill()
                raise


async def small(door: Door, *, duration_s: float = 1, resolution: str = "360p") -> Studio:
    studio = Studio(door, uuid4())
    await studio.do(("project.create", {"name": "One lamp"}))
    shot = {"duration_s": duration_s, "picture": {"subject": "a lamp"}, "lines": [{"text": "Hello."}]}
    await studio.do(
        ("project.update_meta", {"resolution": resolution}),
        ("project.set_config", {"grid_rows": 1, "grid_cols": 1}),
        ("scene.add", {"title": "One", "place": "street"}),
        ("shot.bulk_add", {"shots": [shot]}),
    )
    return studio


async def all_over(stage_set: Set) -> list[TaskFacts]:
    """As the set's own, with the patience that real makers need on a busy machine."""
    for left in (3, 2, 1, 0):
        try:
            return await stage_set.all_over()
        except TimeoutError:
            if not left:
                raise
    raise AssertionError


async def until(look: Callable[[], object], what: str, patience_s: float = 120) -> None:
    """Look every few milliseconds: what a process does inside tells nobody."""
    try:
        async with asyncio.timeout(patience_s):
            while not look():
                await asyncio.sleep(0.01)
    except TimeoutError:
        pytest.fail(f"waited {patience_s:.0f} s for {what}")


def slow_ffmpeg(folder: Path) -> Path:
    """An encoder that notes its process in `folder` and waits there until the file `gate` is gone."""
    script = folder / "ffmpeg"
    script.write_text(
        f'#!/bin/sh\ntouch {folder}/begun-$$\nwhile [ -e {folder}/gate ]; do sleep 0.05; done\nexec {ffmpeg.binary()} "$@"\n'
    )
    script.chmod(0o755)
    (folder / "gate").touch()
    return script


def encoders(folder: Path) -> set[int]:
    """The processes of the encoders that were begun."""
    return {int(path.name.partition("-")[2]) for path in folder.glob("begun-*")}


async def told(studio: Studio, stage: str) -> list[tuple[str, int]]:
    """What the task was told of a stage, and in which try."""
    async with studio.door.database.connect() as conn:
        found = await conn.execute(
            text(
                "select kind, coalesce((data ->> 'attempt')::int, 0) from task_event"
                " where workspace_id = :ws and stage = :stage and kind in ('stage', 'retry', 'stage_done') order by id"
            ),
            {"ws": studio.workspace_id, "stage": stage},
        )
        return [(kind, attempt) for kind, attempt in found]


async def test_a_worker_makes_a_film_of_one_shot_and_stops_when_it_is_told(
    client: Client, temporal_server: str, door: Door, database: Addresses, tmp_path: Path
) -> None:
    studio = await small(door)
    alone = Set(studio, client, Instant(tmp_path), database.app)
    home = tmp_path / "home"
    async with worker(alone, temporal_server, home) as process:
        await studio.do(("gen.compose", {}))
        found = await all_over(alone)
    assert process.returncode == 0, (home / "worker.log").read_text()
    assert [(task.state, task.error) for task in found] == [("succeeded", None)] * 2
    view = await studio.view()
    film = view.get(Node, view.episode.film_node_id)
    assert film.asset_id is not None
    assert await FolderStore(home / "assets").size(film.asset_id) > 10_000


@pytest.mark.timeout(300)
async def test_a_worker_that_is_told_to_stop_hands_an_encode_back_or_ends_it_in_its_grace(
    client: Client, temporal_server: str, door: Door, database: Addresses, tmp_path: Path
) -> None:
    studio = await small(door)
    alone = Set(studio, client, Instant(tmp_path), database.app)
    home = tmp_path / "home"
    slow = {"STORYREEL_FFMPEG": str(slow_ffmpeg(tmp_path))}
    async with worker(alone, temporal_server, home, STORYREEL_WORKER_GRACE_S="0", **slow) as first:
        await studio.do(("gen.compose", {}))
        await until(lambda: encoders(tmp_path), "the encoder to run")
        first.send_signal(signal.SIGTERM)
        assert await asyncio.wait_for(first.wait(), 30) == 0
    begun = encoders(tmp_path)
    assert not [pid for pid in begun if psutil.pid_exists(pid)], "the encoder went with its worker"
    assert list((home / "scratch").iterdir()) == [], "what was half made is cleared away"
    assert await told(studio, "compose") == [("stage", 1)]

    async with worker(alone, temporal_server, home, STORYREEL_WORKER_GRACE_S="600", **slow) as second:
        await until(lambda: encoders(tmp_path) > begun, "another worker to take it over")
        second.send_signal(signal.SIGTERM)
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(second.wait(), 1)
        (tmp_path / "gate").unlink()
        assert await asyncio.wait_for(second.wait(), 30) == 0
    async with door.database.connect() as conn:
        assert await workers.listed(conn) == [], "who ends as it should is in no list"
    assert await told(studio, "compose") == [("stage", 1), ("stage", 1), ("stage_done", 0)], (
        "no try was used, nothing was made twice"
    )

    async with worker(alone, temporal_server, home):
        found = await all_over(alone)
    assert [(task.state, task.error) for task in found] == [("succeeded", None)] * 2


@pytest.mark.timeout(300)
async def test_a_vendor_is_asked_once_however_many_workers_stop_while_it_works(
    client: Client, temporal_server: str, door: Door, database: Addresses, tmp_path: Path
) -> None:
    studio = await small(door)
    alone = Set(studio, client, Instant(tmp_path), database.app)
    home = tmp_path / "home"
    async with Vendor().serving() as vendor:
        vendor.manners.never = True
        remote = {
            "STORYREEL_PROVIDER_VIDEO": "remote",
            "STORYREEL_REMOTE_PROVIDER_URL": vendor.url,
            "STORYREEL_REMOTE_PROVIDER_PRICES": '{"video": 0.01}',
        }
        async with worker(alone, temporal_server, home, STORYREEL_WORKER_GRACE_S="0", **remote) as first:
            await studio.do(("gen.compose", {}))
            await until(lambda: vendor.counts["ask"], "the vendor to be waited for")
            first.send_signal(signal.SIGTERM)
            assert await asyncio.wait_for(first.wait(), 20) == 0

        asked = vendor.counts["ask"]
        async with worker(alone, temporal_server, home, STORYREEL_WORKER_GRACE_S="600", **remote) as second:
            await until(lambda: vendor.counts["ask"] > asked, "another worker to wait for the same job")
            second.send_signal(signal.SIGTERM)
            with pytest.raises(TimeoutError):
                await asyncio.wait_for(second.wait(), 1)
            async with door.database.connect() as conn:
                assert [one.draining for one in await workers.listed(conn)] == [True]
            second.send_signal(signal.SIGTERM)
            assert await asyncio.wait_for(second.wait(), 10) == 1, "a second word ends it where it stands"

        vendor.manners.never = False
        async with worker(alone, temporal_server, home, **remote):
            found = await all_over(alone)
    assert [(task.state, task.error) for task in found] == [("succeeded", None)] * 2
    assert (vendor.counts["submit"], vendor.counts["cancel"], vendor.paid_twice) == (1, 0, [])


@pytest.mark.timeout(300)
async def test_what_a_full_machine_does_not_take_another_makes(
    client: Client, temporal_server: str, door: Door, database: Addresses, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two workers in this process, each with a machine of its own as far as room goes."""
    monkeypatch.setattr("activities.slots.LOOK_AGAIN_S", 0.05)
    studio = await small(door)
    stage_set = Set(studio, client, Instant(tmp_path), database.app)
    full, small_one = Free(64_000, 1), Free(1_000, 64_000)

    def work(host: str, ours: Client, free: Callable[[], Free]) -> Work:
        room = Precheck(door.database, Registry(Settings(home=tmp_path)), free, host)
        return Work(door, ours, stage_set.instant, room)

    looks = 0

    def looked() -> Free:
        nonlocal looks
        looks += 1
        return full

    other = await connect(Settings(temporal_address=temporal_server))
    async with serving(work("full", client, looked), database.app, QUEUES, {}):
        await studio.do(("gen.compose", {}))
        await stage_set.until(lambda found: any(task.stage == "spec" and task.progress > 0 for task in found))
        async with asyncio.timeout(PATIENCE_S):
            while not await stage_set.queued(studio.workspace_id, "grid"):
                await asyncio.sleep(0.05)
            before = looks
            while looks < before + 10:
                await asyncio.sleep(0.02)
        assert await told(studio, "grid") == [], "it asks for no work that it has no room for"
        async with door.database.begin() as conn:
            await conn.execute(text("update task set needs = '{\"memory_mb\": 2000}' where kind = 'shot'"))
        async with serving(work("small", other, lambda: small_one), database.app, QUEUES, {}):
            await stage_set.until(lambda found: any("small has no room for grid (memory: 1000" in task.note for task in found))
            assert stage_set.instant.bought == []
            full = Free(64_000, 64_000)
            found = await stage_set.all_over()
    assert [(task.state, task.error) for task in found] == [("succeeded", None)] * 2
    assert {attempt for kind, attempt in await told(studio, "grid") if kind == "stage"} == {1}, "being handed back used no try"


@given(st.text())
def test_the_words_of_a_title_are_words_that_postgresql_reads(title: str) -> None:
    words = words_of(title).split()
    assert all(len(word) <= 100 and word in title for word in words)
    assert not set("".join(words)) & set(":'\\&|!()<>*")


def test_the_words_of_a_title_stay_in_their_order() -> None:
    assert words_of("Shot 3 of 8: Ada's lamp (在雨夜)") == "Shot 3 of 8 Ada s lamp 在雨夜"
