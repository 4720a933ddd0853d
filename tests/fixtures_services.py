"""Real PostgreSQL, real Temporal and a real store for tests: one server a test process, one database a test."""

from __future__ import annotations

import asyncio
import itertools
import os
import subprocess
import sys
import threading
import time
from collections.abc import AsyncIterator, Coroutine, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import pytest

from storyreel.assets import FolderStore
from storyreel.embedded import postgres, temporal
from storyreel.embedded.child import LAUNCH, Child, tail
from storyreel.embedded.ports import free
from storyreel.runtime.database import Database, open_database
from storyreel.runtime.settings import load

SCHEMA = Path(__file__).parents[1] / "schema.sql"
READY_S = 60
_numbers = itertools.count(1)


@dataclass(frozen=True)
class Addresses:
    """One test's database: as the owner of the schema, and as the application."""

    owner: str
    app: str


def run(work: Coroutine[Any, Any, Any]) -> Any:
    """Run a coroutine to its end in a loop of its own, whether or not this thread has one."""
    results: list[Any] = []
    failures: list[BaseException] = []

    def target() -> None:
        try:
            results.append(asyncio.run(work))
        except BaseException as failure:  # noqa: BLE001 (raised again below, in the thread that asked)
            failures.append(failure)

    thread = threading.Thread(target=target)
    thread.start()
    thread.join()
    if failures:
        raise failures[0]
    return results[0]


@contextmanager
def running(child: Child, folder: Path) -> Iterator[None]:
    """A child that is up while the block runs, and dies with this process."""
    log_file = folder / f"{child.name}.log"
    orders = (str(os.getpid()), str(int(child.death_signal)), str(child.uid), str(child.gid), "--")
    with log_file.open("ab") as out:
        process = subprocess.Popen(
            (sys.executable, "-I", "-S", str(LAUNCH), *orders, *child.argv),
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=out,
            env={**os.environ, **child.env},
            process_group=0,
        )
    try:
        deadline = time.monotonic() + READY_S
        while not run(child.ready()):
            assert process.poll() is None, tail(log_file)
            assert time.monotonic() < deadline, tail(log_file)
        yield
    finally:
        process.send_signal(child.stop_signal)
        try:
            process.wait(child.stop_s)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


@pytest.fixture(scope="session")
def pg(tmp_path_factory: pytest.TempPathFactory) -> Iterator[postgres.Cluster]:
    """This process's PostgreSQL, with the schema applied in its database, which nobody connects to: it is the template."""
    home = tmp_path_factory.mktemp("pg")
    cluster = postgres.open_cluster(home, free(), durable=False)
    run(postgres.create(cluster, home / "initdb.log"))
    with running(postgres.server(cluster), home):
        run(postgres.prepare(cluster))
        with psycopg.connect(cluster.dsn(postgres.OWNER)) as connection:
            if SCHEMA.exists():
                connection.execute(SCHEMA.read_bytes())
        yield cluster


@pytest.fixture
def database(pg: postgres.Cluster) -> Iterator[Addresses]:
    """A database of this test's own."""
    name = f"test_{next(_numbers)}"
    run(postgres.create_database(pg, name))
    yield Addresses(pg.dsn(postgres.OWNER, name), pg.dsn(postgres.APP, name))
    run(postgres.drop_database(pg, name))


@pytest.fixture
async def db(database: Addresses) -> AsyncIterator[Database]:
    """This test's database, opened as the application."""
    opened = open_database(database.app)
    yield opened
    await opened.close()


@pytest.fixture(scope="session")
def temporal_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of this process's Temporal server; it keeps everything in memory. Use task queues and ids of your own."""
    found = run(temporal.find(load()))
    address = temporal.Address(free(), free(), free())
    with running(temporal.server(found.path, address, ui=False), tmp_path_factory.mktemp("temporal")):
        yield address.frontend


@pytest.fixture
def store(tmp_path: Path) -> FolderStore:
    """An empty store."""
    return FolderStore(tmp_path / "assets")
