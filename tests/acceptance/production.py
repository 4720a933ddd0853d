"""The topology of production on this machine: real servers, and our processes started as the files in `deploy/` say.

PostgreSQL (made by deploy/init-database.sh), Temporal's production server on it (schema, settings, namespace by the files of the compose
file), an S3 server, the migration, the API and workers by their units and pools. Only addresses, passwords and sizes are the test's own.
"""

from __future__ import annotations

import os
import shlex
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import httpx
import psycopg
from psycopg.rows import dict_row
from temporalio.client import Client

from storyreel.embedded import postgres, servers, temporal
from storyreel.embedded.child import LAUNCH, Child, tail
from storyreel.embedded.ports import Ports, free
from storyreel.embedded.supervisor import responds
from storyreel.runtime.settings import load
from tests.fixtures_services import run

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"
READY_S = 120.0
SECRET = "who-may-join-this-one"
# The test's machine is small, and there is one of each.
SMALL = {"NUM_HISTORY_SHARDS": "4", "SQL_MAX_CONNS": "5", "SQL_VIS_MAX_CONNS": "3"}
# Temporal's table of its own processes keeps ports as small integers.
LOW_PORTS = 21000
SERVICES = ("FRONTEND", "HISTORY", "MATCHING", "WORKER")
Json = dict[str, Any]


def env_of(path: Path) -> dict[str, str]:
    """The variables of an environment file."""
    lines = (line.strip() for line in path.read_text().splitlines())
    return dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))


def unit_of(name: str) -> tuple[tuple[str, ...], dict[str, str]]:
    """What a systemd unit starts, with this Python, and the variables that it sets."""
    command: tuple[str, ...] = ()
    env: dict[str, str] = {}
    for line in (DEPLOY / "systemd" / name).read_text().splitlines():
        key, _, value = line.partition("=")
        if key == "ExecStart":
            program, *words = shlex.split(value)
            assert program.endswith("/bin/python")
            command = (sys.executable, *words)
        elif key == "Environment":
            env |= dict(word.split("=", 1) for word in shlex.split(value))
    assert command
    return command, env


def plain(**more: str) -> dict[str, str]:
    """The environment of a service: nothing of whoever runs the tests."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "TMPDIR") if name in os.environ}
    return {**kept, "PYTHONUNBUFFERED": "1", **more}


@dataclass
class Started:
    """A process that runs."""

    name: str
    process: subprocess.Popen[bytes]
    log: Path

    def stop(self, patience_s: float = 60) -> int:
        """SIGTERM, and its exit code."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(patience_s)


@dataclass
class Production:
    """What runs, and how the test reaches it."""

    folder: Path
    stack: ExitStack
    cluster: postgres.Cluster
    extension: Path
    api_port: int = field(default_factory=free)
    s3_port: int = field(default_factory=free)
    temporal_port: int = 0

    def start(self, child: Child) -> Started:
        """Start a process and wait until it is ready; it ends with the test."""
        return self.stack.enter_context(started(child, self.folder))

    @property
    def secrets(self) -> dict[str, str]:
        """What stands in /etc/storyreel/secrets.env."""
        return {
            "DATABASE_URL": self.cluster.dsn(postgres.APP),
            "TEMPORAL_ADDRESS": f"127.0.0.1:{self.temporal_port}",
            "S3_ENDPOINT": f"http://127.0.0.1:{self.s3_port}",
            "S3_ACCESS_KEY": "storyreel",
            "S3_SECRET_KEY": "storyreel-secret",
        }

    def worker(self, pool: str, name: str, *, joined: bool = False, **more: str) -> Started:
        """A worker of a pool, in a home folder of its own; one that joins is told the API's address and nothing else."""
        command, env = unit_of("storyreel-worker@.service")
        ready = self.folder / f"{name}.ready"
        known = {**env_of(DEPLOY / "config" / "storyreel.env"), **self.secrets}
        if joined:
            known = {"STORYREEL_JOIN": f"http://:{SECRET}@127.0.0.1:{self.api_port}"}
        own = {"STORYREEL_HOME": str(self.folder / name), "STORYREEL_READY_FILE": str(ready)}
        given = plain(**{**env, **known, **env_of(DEPLOY / "config" / f"worker-{pool}.env"), **own, **more})

        async def is_ready() -> bool:
            return ready.exists()

        return self.start(Child(name=name, argv=command, env=given, ready=is_ready))

    def sql(self) -> psycopg.Connection[Json]:
        return psycopg.connect(self.cluster.dsn(postgres.OWNER), autocommit=True, row_factory=dict_row)

    def rows(self, query: str, *values: Any) -> list[Json]:
        with self.sql() as conn:
            return conn.execute(query, values).fetchall()

    def api(self, method: str, path: str, body: Any = None, *, key: str = "") -> Any:
        with httpx.Client(base_url=f"http://127.0.0.1:{self.api_port}", trust_env=False, timeout=60) as http:
            answer = http.request(method, path, json=body, headers={"Idempotency-Key": key} if key else {})
        assert answer.is_success, f"{method} {path}: {answer.status_code} {answer.text}"
        return answer.json()

    def found(self, query: str) -> list[str]:
        """The ids of the runs that Temporal's list finds."""

        async def ask() -> list[str]:
            client = await Client.connect(f"127.0.0.1:{self.temporal_port}")
            return [one.id async for one in client.list_workflows(query)]

        ids: list[str] = run(ask())
        return ids

    def makers(self, workspace: str) -> dict[str, set[int]]:
        """The processes that made each stage, by the histories that Temporal kept."""
        return run(_makers(f"127.0.0.1:{self.temporal_port}", workspace))


@contextmanager
def production(folder: Path, programs: Mapping[str, Path]) -> Iterator[Production]:
    """The whole of it but the workers; `programs` by name."""
    with ExitStack() as stack:
        cluster = postgres.open_cluster(folder, free(), durable=False)
        made = Production(folder, stack, cluster, programs["extension"])
        _postgres(made)
        made.start(_s3(made, programs["versitygw"]))
        _temporal(made, programs)
        _do(made, sys.executable, "-m", "storyreel", "migrate", env=plain(DATABASE_URL=cluster.dsn(postgres.OWNER)))
        command, env = unit_of("storyreel-api.service")
        given = {**env, **env_of(DEPLOY / "config" / "storyreel.env"), **made.secrets, "STORYREEL_JOIN_SECRET": SECRET}
        given |= {"STORYREEL_HOME": str(folder / "api"), "STORYREEL_API_PORT": str(made.api_port)}
        ready = f"http://127.0.0.1:{made.api_port}/readyz"
        made.start(Child(name="api", argv=command, env=plain(**given), ready=lambda: responds(ready)))
        yield made


@contextmanager
def started(child: Child, folder: Path) -> Iterator[Started]:
    log_file = folder / f"{child.name}.log"
    orders = (str(os.getpid()), str(int(child.death_signal)), str(child.uid), str(child.gid), "--")
    with log_file.open("ab") as out:
        process = subprocess.Popen(
            (sys.executable, "-I", "-S", str(LAUNCH), *orders, *child.argv),
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=out,
            env=dict(child.env) or plain(),
            cwd=ROOT,
            process_group=0,
        )
    try:
        deadline = time.monotonic() + READY_S
        while not run(child.ready()):
            assert process.poll() is None, f"{child.name}: {tail(log_file)}"
            assert time.monotonic() < deadline, f"{child.name}: {tail(log_file)}"
            time.sleep(0.05)
        yield Started(child.name, process, log_file)
    finally:
        if process.poll() is None:
            process.send_signal(child.stop_signal)
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _postgres(made: Production) -> None:
    cluster = made.cluster
    run(postgres.create(cluster, made.folder / "initdb.log"))
    made.start(_with_extension(postgres.server(cluster), made.extension))
    programs = postgres.programs(cluster.folder)
    env = plain(
        PGHOST="127.0.0.1",
        PGPORT=str(cluster.port),
        PGPASSWORD=cluster.secrets[postgres.ADMIN],
        POSTGRES_USER=postgres.ADMIN,
        STORYREEL_OWNER_PASSWORD=cluster.secrets[postgres.OWNER],
        STORYREEL_APP_PASSWORD=cluster.secrets[postgres.APP],
    )
    _do(made, "/bin/sh", str(DEPLOY / "init-database.sh"), env={**env, "PATH": f"{programs}:{env['PATH']}"})


def _with_extension(child: Child, folder: Path) -> Child:
    """A server that finds an extension outside its own folders, as every packaged PostgreSQL has it inside."""
    told = (f"extension_control_path=$system:{folder}", f"dynamic_library_path=$libdir:{folder / 'lib'}")
    return replace(child, argv=(*child.argv, *(word for setting in told for word in ("-c", setting))))


def _s3(made: Production, program: Path) -> Child:
    (made.folder / "s3").mkdir()
    return Child(
        name="s3",
        argv=(
            str(program),
            "--port",
            f"127.0.0.1:{made.s3_port}",
            "--health",
            "/health",
            "--quiet",
            "posix",
            str(made.folder / "s3"),
        ),
        env=plain(ROOT_ACCESS_KEY="storyreel", ROOT_SECRET_KEY="storyreel-secret"),
        ready=lambda: responds(f"http://127.0.0.1:{made.s3_port}/health"),
    )


def _temporal(made: Production, programs: Mapping[str, Path]) -> None:
    tools = made.folder / "tools"
    tools.mkdir()
    (tools / "temporal-sql-tool").symlink_to(programs["temporal-sql-tool"])
    (tools / "temporal").symlink_to(programs["temporal"])
    path = f"{tools}:{os.environ['PATH']}"
    cluster = made.cluster
    admin = {"SQL_USER": postgres.ADMIN, "SQL_PASSWORD": cluster.secrets[postgres.ADMIN]}
    where = {"SQL_PLUGIN": "postgres12", "SQL_HOST": "127.0.0.1", "SQL_PORT": str(cluster.port)}
    _do(made, "/bin/sh", str(DEPLOY / "temporal-schema.sh"), env={**plain(**admin, **where), "PATH": path})
    low = Ports()
    made.stack.callback(low.close)
    names = [*(f"{name}_{kind}_PORT" for name in SERVICES for kind in ("GRPC", "MEMBERSHIP")), "FRONTEND_HTTP_PORT"]
    ports = {name: str(low.from_(LOW_PORTS, None, "")) for name in names}
    made.temporal_port = int(ports["FRONTEND_GRPC_PORT"])
    given = {
        **env_of(DEPLOY / "config" / "temporal.env"),
        **SMALL,
        **ports,
        "DB_PORT": str(cluster.port),
        "POSTGRES_SEEDS": "127.0.0.1",
        "POSTGRES_USER": postgres.ADMIN,
        "POSTGRES_PWD": cluster.secrets[postgres.ADMIN],
        "BIND_ON_IP": "127.0.0.1",
        "DYNAMIC_CONFIG_FILE_PATH": str(DEPLOY / "temporal-dynamic.yaml"),
    }
    answers = f"127.0.0.1:{made.temporal_port}"
    made.start(
        Child(
            name="temporal", argv=(str(programs["temporal-server"]), "start"), env=plain(**given), ready=lambda: _serves(answers)
        )
    )
    env = {**plain(TEMPORAL_ADDRESS=answers, TEMPORAL_NAMESPACE="default"), "PATH": path}
    _do(made, "/bin/sh", str(DEPLOY / "temporal-namespace.sh"), env=env)


async def _serves(address: str) -> bool:
    try:
        client = await Client.connect(address)
        return await client.service_client.check_health()
    except (RuntimeError, Exception):  # noqa: BLE001 (not yet)
        return False


def _do(made: Production, *words: str, env: dict[str, str]) -> None:
    said = subprocess.run(words, env=env, cwd=ROOT, capture_output=True, text=True, check=False, timeout=READY_S)
    (made.folder / "setup.log").open("a").write(f"$ {words}\n{said.stdout}{said.stderr}\n")
    assert said.returncode == 0, f"{words}: {said.stdout[-2000:]}{said.stderr[-2000:]}"


async def _makers(address: str, workspace: str) -> dict[str, set[int]]:
    client = await Client.connect(address)
    found: dict[str, set[int]] = {}
    async for described in client.list_workflows(f"WorkspaceId='{workspace}' AND WorkflowType!='RenderDesk'"):
        history = await client.get_workflow_handle(described.id).fetch_history()
        stages = {event.event_id: event for event in history.events if event.HasField("activity_task_scheduled_event_attributes")}
        for event in history.events:
            if event.HasField("activity_task_started_event_attributes"):
                begun = event.activity_task_started_event_attributes
                stage = stages[begun.scheduled_event_id].activity_task_scheduled_event_attributes.activity_type.name
                found.setdefault(stage, set()).add(int(begun.identity.partition("@")[0]))
    return found


async def programs() -> dict[str, Path]:
    """Where the servers are; built once, where Go is.

    Raises:
        Unavailable: one cannot be had.
    """
    settings = load()
    found = {program.name: await servers.find(program, settings) for program in servers.PROGRAMS}
    return {**found, "temporal": (await temporal.find(settings)).path, "extension": await servers.find_extension(settings)}
