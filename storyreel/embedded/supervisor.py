"""The whole stack on one machine: what is not configured is started, kept running, and stopped in the opposite order.

    async with stack(settings, children=product, upgrade=migrate) as running:
        running.endpoints.api

Order: PostgreSQL, the schema, Temporal, then the children given. One stack holds a data folder at a time.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import httpx

from storyreel.embedded import postgres, temporal
from storyreel.embedded.backup.vault import archive_folder
from storyreel.embedded.child import Child, Kept, kept
from storyreel.embedded.home import Endpoints, locked, open_home, remove_endpoints, write_endpoints
from storyreel.embedded.ports import API_FROM, Ports
from storyreel.graph.upgrade import upgrade as migrate
from storyreel.runtime import clock
from storyreel.runtime.ready import READY_FILE
from storyreel.runtime.settings import Settings, environment

Children = Callable[[Settings, Endpoints], Sequence[Child]]
Upgrade = Callable[[str], Awaitable[object]]
Say = Callable[[str], None]
STOPS = (signal.SIGTERM, signal.SIGINT)
# A machine that is busy with something else reads our libraries slowly.
SLOWEST_START_S = 150.0
# What a worker needs after its grace: to hand back what it did not end, and to say goodbye.
LAST_WORDS_S = 12.0


def nothing(_settings: Settings, _endpoints: Endpoints) -> Sequence[Child]:
    """No children beside the stores."""
    return ()


async def as_it_is(_owner_dsn: str) -> None:
    """Leave the schema as it is."""


def silent(_text: str) -> None:
    """Say nothing."""


@dataclass
class Running:
    """A stack that is up."""

    home: Path
    endpoints: Endpoints
    kept: list[Kept] = field(default_factory=list[Kept])
    # How many children there are once all are up; before that nothing is said.
    parts: int = -1

    def pids(self) -> dict[str, int]:
        """The process id of every child that runs now."""
        return {one.child.name: one.pid for one in self.kept if one.pid is not None}

    def told(self) -> None:
        """Say in the data folder where everything is now; a part that was started again has another process id."""
        if len(self.kept) == self.parts:
            self.endpoints = self.endpoints.model_copy(update={"pids": self.pids()})
            write_endpoints(self.home, self.endpoints)


@dataclass(frozen=True)
class Plan:
    """What is to be started, and where; None is what an address replaces."""

    cluster: postgres.Cluster | None
    temporal: temporal.Address | None
    endpoints: Endpoints


@asynccontextmanager
async def stack(
    settings: Settings, *, children: Children = nothing, upgrade: Upgrade = as_it_is, say: Say = silent
) -> AsyncGenerator[Running]:
    """Run the stack while the block runs. Everything is ready when the block begins.

    Args:
        settings: what is configured; `DATABASE_URL`, `TEMPORAL_ADDRESS` and `S3_ENDPOINT` replace what would be started.
        children: the product's own processes, given the settings and the addresses that they are to use.
        upgrade: brings the schema up to date, given the owner's address, before anything uses it.
        say: is told each step in a line.

    Raises:
        Refused: the folder is held by another stack, or a port that was asked for is taken.
        ChildFailed: a part does not stay up; the block is cancelled first.
        Unavailable: a part cannot be started here at all.
    """
    home = settings.home_dir
    open_home(home)
    async with AsyncExitStack() as held:
        held.enter_context(locked(home))
        ports = Ports()
        held.callback(ports.close)
        plan = make_plan(settings, ports)
        running = Running(home, plan.endpoints)
        start = _Start(running, held, say)
        await _start_stores(settings, plan, start, upgrade)
        for child in children(settings, plan.endpoints):
            await start(child)
        held.callback(remove_endpoints, home)
        running.parts = len(running.kept)
        running.told()
        yield running


def product(settings: Settings, endpoints: Endpoints) -> Sequence[Child]:
    """Storyreel's own processes: a worker, then the API."""
    env = child_environment(settings, endpoints)
    ready_file = settings.home_dir / "run" / "worker.ready"
    worker = Child(
        name="worker",
        argv=(sys.executable, "-m", "worker"),
        env={**env, READY_FILE: str(ready_file)},
        ready=partial(_exists, ready_file),
        ready_s=SLOWEST_START_S,
        before=partial(_clear, ready_file),
        stop_s=settings.worker_grace_s + LAST_WORDS_S,
    )
    api = Child(
        name="api",
        argv=(sys.executable, "-m", "api"),
        env=env,
        ready=partial(responds, f"{endpoints.api}/healthz"),
        ready_s=SLOWEST_START_S,
        # A turn with a slow model is answered first.
        stop_s=30.0,
    )
    return (worker, api, *_keeper(settings, endpoints, env))


def _keeper(settings: Settings, endpoints: Endpoints, env: dict[str, str]) -> tuple[Child, ...]:
    """Whoever makes the daily backup, where one is asked for: as the schema's owner, who may read everything."""
    if not settings.backup_to:
        return ()
    argv = (sys.executable, "-m", "storyreel.embedded.backup.keep")
    return (Child(name="backup", argv=argv, env={**env, "STORYREEL_DATABASE_URL": endpoints.database_url}),)


async def serve(settings: Settings, *, children: Children = product, upgrade: Upgrade = migrate, say: Say = print) -> None:
    """Run the stack, by default the whole product, until SIGTERM or SIGINT; each further one hurries a part that is slow to stop.

    Raises:
        StoryreelError: as `stack` does.
    """

    async def run() -> None:
        async with stack(settings, children=children, upgrade=upgrade, say=say) as running:
            say(f"Storyreel is up: {running.endpoints.api}")
            await asyncio.Event().wait()

    loop, work = asyncio.get_running_loop(), asyncio.create_task(run())
    for number in STOPS:
        loop.add_signal_handler(number, work.cancel)
    try:
        await asyncio.wait({work})
    finally:
        for number in STOPS:
            loop.remove_signal_handler(number)
    if not work.cancelled():
        work.result()
    say("Stopped.")


def child_environment(settings: Settings, endpoints: Endpoints) -> dict[str, str]:
    """What Storyreel's own processes are told: the same settings, with the addresses of what runs, as the application's role."""
    host, _, port = endpoints.api.removeprefix("http://").rpartition(":")
    told = settings.model_copy(update={"home": settings.home_dir})
    return {
        **environment(told),
        "STORYREEL_HOME": str(settings.home_dir),
        "STORYREEL_DATABASE_URL": endpoints.app_database_url,
        "STORYREEL_APP_DATABASE_URL": "",
        "TEMPORAL_ADDRESS": endpoints.temporal_address,
        "TEMPORAL_NAMESPACE": endpoints.temporal_namespace,
        "STORYREEL_API_HOST": host,
        "STORYREEL_API_PORT": port,
        "PYTHONUNBUFFERED": "1",
    }


async def responds(url: str) -> bool:
    """Whether an address answers with success."""
    try:
        async with httpx.AsyncClient(trust_env=False, timeout=3) as client:
            return (await client.get(url)).is_success
    except httpx.HTTPError:
        return False


def make_plan(settings: Settings, ports: Ports) -> Plan:
    """Choose ports and addresses; nothing is started.

    Raises:
        Refused: a port that was asked for is taken.
    """
    cluster = None
    if not settings.database_url:
        cluster = postgres.open_cluster(settings.home_dir, ports.any(settings.postgres_port, "STORYREEL_POSTGRES_PORT"))
    address = None
    if not settings.temporal_address:
        address = temporal.Address(
            port=ports.any(settings.temporal_port, "STORYREEL_TEMPORAL_PORT"),
            http_port=ports.any(None, ""),
            ui_port=ports.any(settings.temporal_ui_port, "STORYREEL_TEMPORAL_UI_PORT"),
        )
    api_port = ports.from_(API_FROM, settings.api_port, "STORYREEL_API_PORT", settings.api_host)
    endpoints = Endpoints(
        pid=os.getpid(),
        started_at=clock.now().isoformat(timespec="seconds"),
        database_url=cluster.dsn(postgres.OWNER) if cluster else settings.database_url,
        app_database_url=cluster.dsn(postgres.APP) if cluster else settings.app_dsn,
        temporal_address=address.frontend if address else settings.temporal_address,
        temporal_namespace=settings.temporal_namespace,
        temporal_ui=address.ui if address and not settings.temporal_headless else "",
        api=f"http://{settings.api_host}:{api_port}",
        store=settings.s3_endpoint or str(settings.home_dir / "assets"),
    )
    return Plan(cluster, address, endpoints)


@dataclass(frozen=True)
class _Start:
    """Starts children one after the other and has them stopped in the opposite order."""

    running: Running
    held: AsyncExitStack
    say: Say

    async def __call__(self, child: Child) -> None:
        begun = clock.steady_s()
        one = await self.held.enter_async_context(kept(child, self.running.home / "logs", self.running.told))
        self.running.kept.append(one)
        self.say(f"{child.name} is up ({clock.steady_s() - begun:.1f} s)")


async def _start_stores(settings: Settings, plan: Plan, start: _Start, upgrade: Upgrade) -> None:
    if plan.cluster:
        await postgres.create(plan.cluster, settings.home_dir / "logs" / "initdb.log")
        await start(postgres.server(plan.cluster, archive_folder(settings)))
        await postgres.prepare(plan.cluster)
    await upgrade(plan.endpoints.database_url)
    if plan.temporal:
        found = await temporal.find(settings, start.say)
        start.say(f"Temporal's server: {found.path} ({found.how})")
        file = settings.home_dir / "temporal.db"
        ui = not settings.temporal_headless
        await start(temporal.server(found.path, plan.temporal, namespace=settings.temporal_namespace, file=file, ui=ui))


async def _exists(path: Path) -> bool:
    return path.exists()


def _clear(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
