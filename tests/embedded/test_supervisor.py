"""The stack of one machine: everything up, everything found, nothing lost, whatever is killed."""

import asyncio
import json
import os
import signal
import sys
from asyncio.subprocess import PIPE, Process
from pathlib import Path

import httpx
import psycopg
import pytest

from storyreel.embedded import supervisor
from storyreel.embedded.child import Child, ChildFailed
from storyreel.embedded.home import Endpoints, open_home, read_endpoints
from storyreel.embedded.ports import Ports, free
from storyreel.embedded.supervisor import child_environment, make_plan, product, stack
from storyreel.model.errors import Refused
from storyreel.runtime.settings import Settings, load
from tests.embedded.test_child import running

UP = """
import asyncio, sys
from pathlib import Path
from storyreel.embedded.supervisor import as_it_is, nothing, serve
from storyreel.runtime.exit import leave
from storyreel.runtime.settings import load
asyncio.run(serve(load(home=Path(sys.argv[1])), children=nothing, upgrade=as_it_is, say=lambda text: print(text, flush=True)))
leave(0)
"""


@pytest.fixture
def elsewhere(tmp_path: Path, database, temporal_server: str) -> Settings:
    """Settings with every part replaced by an address: nothing is started but the children given."""
    return load(
        home=tmp_path / "home", database_url=database.owner, app_database_url=database.app, temporal_address=temporal_server
    )


async def up(home: Path) -> tuple[Process, Endpoints]:
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", UP, str(home), stdout=PIPE)
    assert process.stdout is not None
    async for line in process.stdout:
        if line.startswith(b"Storyreel is up"):
            break
    found = read_endpoints(home)
    assert found is not None
    return process, found


async def test_a_stack_survives_the_death_of_everything_and_stops_cleanly(tmp_path: Path) -> None:
    home = tmp_path / "home"
    process, first = await up(home)
    with psycopg.connect(first.database_url) as connection:
        connection.execute("create table tried (word text)")
        connection.execute("insert into tried values ('kept')")
    await _describe(first, "made-before", create=True)
    for pid in (process.pid, *first.pids.values()):
        os.kill(pid, signal.SIGKILL)
    await process.wait()
    assert read_endpoints(home) is None

    process, second = await up(home)
    with psycopg.connect(second.app_database_url) as connection:
        assert connection.execute("select word from tried").fetchall() == [("kept",)]
    await _describe(second, "made-before", create=False)
    process.terminate()
    assert await process.wait() == 0
    assert not (home / "endpoints.json").exists()
    assert not any(running(pid) for pid in second.pids.values())
    assert (home / "FORMAT").read_text() == "storyreel 1\n"


async def _describe(endpoints: Endpoints, namespace: str, *, create: bool) -> None:
    """The namespaces of Temporal stand for its state: they are in its database."""
    http = await _temporal_http(endpoints)
    async with httpx.AsyncClient(base_url=http, trust_env=False) as client:
        if create:
            made = await client.post(
                "/api/v1/namespaces", json={"namespace": namespace, "workflowExecutionRetentionPeriod": "86400s"}
            )
            assert made.is_success, made.text
        async with asyncio.timeout(10):
            while not (await client.get(f"/api/v1/namespaces/{namespace}")).is_success:
                await asyncio.sleep(0.05)


async def _temporal_http(endpoints: Endpoints) -> str:
    command = Path(f"/proc/{endpoints.pids['temporal']}/cmdline").read_bytes().decode().split("\0")
    return f"http://127.0.0.1:{command[command.index('--http-port') + 1]}"


async def test_a_folder_holds_one_stack(elsewhere: Settings) -> None:
    async with stack(elsewhere) as first:
        with pytest.raises(Refused, match=f"process {os.getpid()} since .* its API is {first.endpoints.api}"):
            async with stack(elsewhere):
                pass
    async with stack(elsewhere):
        pass


async def test_what_is_replaced_by_an_address_is_not_started(elsewhere: Settings) -> None:
    async with stack(elsewhere) as running_stack:
        assert running_stack.pids() == {}
        assert running_stack.endpoints.database_url == elsewhere.database_url
        assert running_stack.endpoints.temporal_address == elsewhere.temporal_address
        assert not (elsewhere.home_dir / "postgres").exists()
        on_disk = json.loads((elsewhere.home_dir / "endpoints.json").read_text())
        assert on_disk == running_stack.endpoints.model_dump()
        assert (elsewhere.home_dir / "endpoints.json").stat().st_mode & 0o077 == 0


async def test_children_start_in_order_after_the_schema_and_stop_the_other_way_round(elsewhere: Settings, tmp_path: Path) -> None:
    diary = tmp_path / "diary"

    def writer(name: str) -> Child:
        code = f"""
import pathlib, signal, sys, time
diary = pathlib.Path({str(diary)!r})
def note(word): diary.open("a").write(word + "\\n")
signal.signal(signal.SIGTERM, lambda *_: (note("stop {name}"), sys.exit(0)))
note("start {name}")
time.sleep(60)
"""

        async def ready() -> bool:
            return diary.exists() and f"start {name}" in diary.read_text()

        return Child(name=name, argv=(sys.executable, "-c", code), ready=ready)

    async def upgrade(dsn: str) -> None:
        assert dsn == elsewhere.database_url
        diary.write_text("schema\n")

    async with stack(elsewhere, children=lambda *_: (writer("worker"), writer("api")), upgrade=upgrade):
        pass
    assert diary.read_text().split("\n") == ["schema", "start worker", "start api", "stop api", "stop worker", ""]


async def test_the_data_folder_says_which_process_a_part_is_after_it_was_started_again(elsewhere: Settings) -> None:
    def parts(*_: object) -> tuple[Child, ...]:
        return (Child(name="part", argv=("/bin/sleep", "60")),)

    async with stack(elsewhere, children=parts) as up, asyncio.timeout(20):
        first = up.pids()["part"]
        os.kill(first, signal.SIGKILL)
        while (found := read_told(elsewhere.home_dir)).pids == {"part": first}:
            await asyncio.sleep(0.02)
        assert found.pids == up.pids()
        assert running(found.pids["part"])


def read_told(home: Path) -> Endpoints:
    return Endpoints.model_validate_json((home / "endpoints.json").read_text())


async def test_a_child_that_keeps_failing_ends_the_work_in_hand(elsewhere: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("storyreel.embedded.child.FIRST_PAUSE_S", 0.001)
    broken = Child(name="broken", argv=(sys.executable, "-c", "raise SystemExit('no such thing')"))
    with pytest.raises(ChildFailed, match=r"(?s)broken failed 5 times.*no such thing"):
        async with stack(elsewhere, children=lambda *_: (broken,)):
            await asyncio.Event().wait()
    assert read_endpoints(elsewhere.home_dir) is None


def test_a_port_that_was_asked_for_and_is_taken_is_named_by_its_setting(elsewhere: Settings) -> None:
    import socket

    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(Refused, match=f"STORYREEL_API_PORT={port} is taken"):
            make_plan(elsewhere.model_copy(update={"api_port": port}), Ports())
    assert make_plan(elsewhere.model_copy(update={"api_port": port}), Ports()).endpoints.api.endswith(f":{port}")


def test_two_stacks_that_start_at_once_choose_different_ports() -> None:
    first, second = Ports(), Ports()
    one, two = (ports.from_(18710, None, "X") for ports in (first, second))
    assert one != two
    first.close()
    assert Ports().from_(18710, None, "X") == one
    second.close()


def test_a_folder_of_a_later_format_is_refused(tmp_path: Path) -> None:
    open_home(tmp_path)
    open_home(tmp_path)
    (tmp_path / "FORMAT").write_text("storyreel 99\n")
    with pytest.raises(Refused, match="storyreel 99"):
        open_home(tmp_path)


def test_the_products_processes_are_told_everything_but_the_owners_address(
    elsewhere: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = elsewhere.model_copy(update={"gemini_model": "some-model", "database_url": "postgresql://owner"})
    endpoints = make_plan(elsewhere, Ports()).endpoints
    for name, value in child_environment(settings, endpoints).items():
        monkeypatch.setenv(name, value)
    told = load()
    assert (told.app_dsn, told.database_url) == (elsewhere.app_database_url, elsewhere.app_database_url)
    assert told.temporal_address == elsewhere.temporal_address
    assert f"http://{told.api_host}:{told.api_port}" == endpoints.api
    assert told.home == elsewhere.home_dir
    assert [child.name for child in product(settings, endpoints)] == ["worker", "api"]


async def test_a_signal_stops_a_stack_that_is_still_starting(elsewhere: Settings) -> None:
    async def never() -> bool:
        return False

    def slow(*_: object) -> tuple[Child, ...]:
        asyncio.get_running_loop().call_later(0.1, os.kill, os.getpid(), signal.SIGTERM)
        return (Child(name="slow", argv=("/bin/sleep", "60"), ready=never),)

    said: list[str] = []
    async with asyncio.timeout(10):
        await supervisor.serve(elsewhere, children=slow, upgrade=supervisor.as_it_is, say=said.append)
    assert said == ["Stopped."]


def test_free_ports_are_free() -> None:
    assert free(free()) > 0
