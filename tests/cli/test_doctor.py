"""The doctor finds each fault that was made, says what to do, and is content when nothing is wrong."""

from __future__ import annotations

import asyncio
import os
import shutil
import sys
import threading
from collections.abc import Iterator
from datetime import timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx
import psycopg
import pytest
from google.protobuf.duration_pb2 import Duration
from temporalio.api.workflowservice.v1 import RegisterNamespaceRequest

from storyreel.cli.doctor import Finding, examine
from storyreel.cli.looks import keeping
from storyreel.desk.connect import connect
from storyreel.embedded.ports import free
from storyreel.graph.upgrade import head
from storyreel.pipeline.contract import QUEUES, run_id
from storyreel.runtime import clock
from storyreel.runtime.settings import Settings, load
from tests.cli.conftest import Shell
from tests.fixtures_services import Addresses

ROOT = Path(__file__).parents[2]


@pytest.fixture
def sql(database: Addresses) -> Iterator[psycopg.Connection[Any]]:
    with psycopg.connect(database.owner, autocommit=True) as connection:
        connection.execute("create table if not exists alembic_version (version_num varchar(32) primary key)")
        connection.execute("insert into alembic_version values (%s) on conflict do nothing", (head(),))
        yield connection


@pytest.fixture
def installed(database: Addresses, temporal_server: str, tmp_path: Path, sql: psycopg.Connection[Any]) -> Settings:
    """An installation in which all is well: a worker lives, and there is a backup of this morning."""
    worker(sql)
    backup(sql, hours=3)
    return load(
        home=tmp_path / "home", database_url=database.owner, app_database_url=database.app, temporal_address=temporal_server
    )


def worker(sql: psycopg.Connection[Any], **fields: Any) -> UUID:
    given = {"id": uuid4(), "host": "one", "process_id": 7, "queues": list(QUEUES), "version": "0.1.0", **fields}
    names = ", ".join(given)
    sql.execute(f"insert into worker ({names}) values ({', '.join(['%s'] * len(given))})", tuple(given.values()))
    return given["id"]


def backup(sql: psycopg.Connection[Any], *, hours: float) -> None:
    at = clock.now() - timedelta(hours=hours)
    sql.execute("insert into backup (id, place, started_at, finished_at) values (%s, '/disk', %s, %s)", (f"b{hours}", at, at))


def task(
    sql: psycopg.Connection[Any], state: str = "running", *, silent: str = "2 hours", note: str = "", stage: str = "film"
) -> tuple[UUID, UUID, UUID]:
    """A cut of an episode: its workspace, its own id and the episode's."""
    workspace, episode, one = uuid4(), uuid4(), uuid4()
    sql.execute("insert into workspace (id, name) values (%s, 'w')", (workspace,))
    sql.execute("insert into episode (workspace_id, id, title, order_key) values (%s, %s, 'e', 'a')", (workspace, episode))
    sql.execute(
        "insert into task (workspace_id, id, kind, episode_id, stages, state, revision, asked_by, run, stage, note, created_at, started_at)"
        " values (%s, %s, 'cut', %s, '{music,film}', %s, 0, 'me', 1, %s, %s, now() - %s::interval, now() - %s::interval)",
        (workspace, one, episode, state, stage, note, silent, silent),
    )
    return workspace, one, episode


async def wrong(settings: Settings, *parts: str) -> list[Finding]:
    """What is found wrong in these parts; all others are well."""
    found = await examine(settings)
    assert {one.part for one in found if one.state == "wrong"} <= {*parts}, found
    bad = [one for one in found if one.part in parts and one.state == "wrong"]
    assert all(one.mend for one in bad)
    return bad


async def test_where_all_is_well_nothing_is_wrong(installed: Settings, sql: psycopg.Connection[Any]) -> None:
    task(sql, silent="1 minute")
    task(sql, silent="9 hours", note="waits for a choice")
    assert await wrong(installed) == []
    found = {one.part: one for one in await examine(installed)}
    assert found["runs"].said == "2 tasks wait or run, and all that run move"
    assert found["clock"].said == "agrees with the database"
    assert found["versions"].said == "0.1.0"
    assert found["backup"].said == "the last one is 3 h old"


async def test_a_worker_that_was_killed_is_found(installed: Settings, sql: psycopg.Connection[Any], database: Addresses) -> None:
    port = free()
    env = {
        "STORYREEL_HOME": str(installed.home_dir), "STORYREEL_APP_DATABASE_URL": database.app, "TEMPORAL_ADDRESS": installed.temporal_address,
        "STORYREEL_METRICS_PORT": str(port), "STORYREEL_WORKER_QUEUES": "spec,post", "PYTHONPATH": str(ROOT),
    }  # fmt: skip
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "worker", cwd=ROOT, env={**os.environ, **env}, stderr=asyncio.subprocess.DEVNULL
    )
    async with asyncio.timeout(120):
        while not sql.execute("select 1 from worker where process_id = %s", (process.pid,)).fetchone():
            assert process.returncode is None
            await asyncio.sleep(0.1)
    await _tells_its_figures(port)
    process.kill()
    await process.wait()
    # The minute after which it counts as dead.
    sql.execute("update worker set seen_at = seen_at - interval '61 seconds' where process_id = %s", (process.pid,))
    (dead,) = await wrong(installed, "workers")
    assert f"process {process.pid}, ended without a word" in dead.said and "it served spec, post" in dead.said
    sql.execute("delete from worker where host = 'one'")
    said = [one.said for one in await wrong(installed, "workers")]
    assert any(one.startswith("none lives") for one in said)


async def _tells_its_figures(port: int) -> None:
    """On its port, and Temporal's own on the next."""
    async with httpx.AsyncClient(trust_env=False) as http, asyncio.timeout(30):
        told = (await http.get(f"http://127.0.0.1:{port}/metrics")).text
        assert 'storyreel_worker_slots{queue="spec"}' in told and 'storyreel_worker_slots_used{queue="spec"} 0.0' in told
        assert 'storyreel_database_connections{state="most"}' in told and "storyreel_memory_used_ratio" in told
        while "temporal_worker_task_slots_available" not in (await http.get(f"http://127.0.0.1:{port + 1}/metrics")).text:
            await asyncio.sleep(0.1)


async def test_queues_that_nobody_serves_and_machines_without_room_are_named(
    installed: Settings, sql: psycopg.Connection[Any]
) -> None:
    sql.execute("update worker set queues = '{desk,spec,image,post}', facts = '{\"disk_free_mb\": 12}'")
    unserved, full = await wrong(installed, "workers")
    assert unserved.said == "nobody serves video, audio" and unserved.mend == "`storyreel worker --queues video,audio`"
    assert full.said == "one has 12 MB of disk left"


@pytest.fixture
def run(sql: psycopg.Connection[Any]) -> str:
    """The workflow's id of a run that does not move."""
    _, _, episode = task(sql)
    return run_id("cut", episode, 1)


async def test_a_run_that_temporal_does_not_know_is_found(installed: Settings, run: str) -> None:
    (stuck,) = await wrong(installed, "runs")
    assert stuck.said == f"{run} (film): nothing heard for 2 h; Temporal does not know it"


async def test_a_run_whose_queue_nobody_polls_is_found_and_one_that_was_ended_from_outside(installed: Settings, run: str) -> None:
    # In a namespace of its own: the server remembers the workers of other tests for some minutes.
    installed = installed.model_copy(update={"temporal_namespace": f"nobodys-{run[-8:-3]}"})
    client = await connect(installed)
    kept = Duration(seconds=86_400)
    asked = RegisterNamespaceRequest(namespace=client.namespace, workflow_execution_retention_period=kept)
    await client.workflow_service.register_namespace(asked)
    handle = await client.start_workflow("Nobodys", id=run, task_queue="nobody")
    (stuck,) = await wrong(installed, "runs")
    assert stuck.said.endswith("no worker polls the queue post") and stuck.mend == "`storyreel worker --queues post`"
    await handle.terminate()
    (stuck,) = await wrong(installed, "runs")
    assert stuck.said.endswith("Temporal says it is terminated") and "storyreel retry" in stuck.mend


async def test_what_was_heard_of_lately_is_not_stuck(installed: Settings, sql: psycopg.Connection[Any]) -> None:
    workspace, one, _ = task(sql)
    sql.execute("insert into task_event (workspace_id, task_id, kind) values (%s, %s, 'progress')", (workspace, one))
    assert await wrong(installed) == []


async def test_a_disk_that_is_full_is_found(installed: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    real = shutil.disk_usage

    def full(path: Any) -> Any:
        usage = real(path)
        return type(usage)(usage.total, usage.total - 1_500_000_000, 1_500_000_000)

    monkeypatch.setattr(shutil, "disk_usage", full)
    (found,) = await wrong(installed, "disk")
    assert found.said == "1.5 GB free" and "make room" in found.mend


class Store:
    """A server whose clock is another."""

    def __init__(self, off: timedelta) -> None:
        class Here(BaseHTTPRequestHandler):
            def do_HEAD(self) -> None:
                self.send_response_only(403)
                self.send_header("Date", format_datetime(clock.now() - off, usegmt=True))
                self.end_headers()

            def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - named so by its base
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Here)
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()
        self.url = f"http://127.0.0.1:{self.server.server_port}"


async def test_clocks_that_are_off_are_found(installed: Settings, sql: psycopg.Connection[Any]) -> None:
    sql.execute("update worker set clock_off_s = -120")
    (off,) = await wrong(installed, "clock")
    assert off.said == "the worker on one is 120 s behind the database" and "time server" in off.mend
    store, same = Store(timedelta(minutes=10)), Store(timedelta())
    (ahead,) = await keeping.clocks(installed.model_copy(update={"s3_endpoint": store.url}), None)
    assert ahead.state == "wrong" and ahead.said.removeprefix("this machine is ").split(" s ") in (
        ["600", "ahead of the store (S3)"],
        ["601", "ahead of the store (S3)"],
    )
    (well,) = await keeping.clocks(installed.model_copy(update={"s3_endpoint": same.url}), None)
    assert well.state == "well"
    for one in (store, same):
        one.server.shutdown()


async def test_this_machines_own_clock_is_held_against_the_databases(
    installed: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = clock.now
    monkeypatch.setattr(clock, "now", lambda: real() + timedelta(seconds=30))
    (off,) = await wrong(installed, "clock")
    assert off.said in {f"this machine is {n} s ahead of the database" for n in (29, 30, 31)}


async def test_versions_that_differ_are_found(installed: Settings, sql: psycopg.Connection[Any]) -> None:
    worker(sql, host="two", version="0.0.9", build_id="b1")
    sql.execute("update alembic_version set version_num = '0001'")
    parts = await wrong(installed, "versions", "database")
    said = " | ".join(one.said for one in parts)
    assert "worker two 0.0.9" in said and f"the database is at 0001, this code at {head()}" in said
    assert "workers of several builds serve: , b1" in said


async def test_what_only_a_person_can_decide_is_told(installed: Settings, sql: psycopg.Connection[Any]) -> None:
    workspace, one, episode = task(sql, "manual_review")
    sql.execute(
        "insert into provider_job (workspace_id, id, task_id, owner_id, key, stage, capability, provider, request, state)"
        " values (%s, %s, %s, %s, 'k', 'music', 'music', 'remote', '{}', 'unknown')",
        (workspace, uuid4(), one, episode),
    )
    (unknown,) = await wrong(installed, "unknown")
    assert unknown.said.startswith("of 1 calls") and "charged" in unknown.mend
    (review,) = [found for found in await examine(installed) if found.part == "review"]
    assert (review.state, review.said) == ("off", "1 tasks wait for a person")


async def test_a_backup_that_is_old_or_was_never_made_is_found(installed: Settings, sql: psycopg.Connection[Any]) -> None:
    sql.execute("update backup set finished_at = finished_at - interval '24 hours'")
    (old,) = await wrong(installed, "backup")
    assert old.said == "the last one is 27 h old" and "storyreel backup" in old.mend
    sql.execute("delete from backup")
    assert await wrong(installed) == []
    (never,) = [one for one in await examine(installed) if one.part == "backup"]
    assert never.state == "off" and "STORYREEL_BACKUP_TO" in never.mend
    (never,) = await wrong(installed.model_copy(update={"backup_to": "/disk"}), "backup")
    assert never.said == "there has never been one in /disk"


async def test_the_command_tells_all_of_it_and_its_code_says_whether_something_is_wrong(
    installed: Settings, sql: psycopg.Connection[Any]
) -> None:
    shell = Shell(installed.home_dir)
    env = {"STORYREEL_APP_DATABASE_URL": installed.app_database_url, "TEMPORAL_ADDRESS": installed.temporal_address}
    well = await shell("doctor", "--json", **env)
    assert well.code == 0, well.out
    sql.execute("update worker set seen_at = now() - interval '1 hour'")
    ill = await shell("doctor", "--json", **env)
    assert ill.code == 1
    assert {"part": "workers", "state": "wrong"}.items() <= next(
        one for one in ill.json["findings"] if one["part"] == "workers"
    ).items()
    told = await shell("doctor", **env)
    assert told.code == 1 and "✗ workers" in told.out and "→ others go on with what it had" in told.out
