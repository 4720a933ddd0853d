"""Making a backup: the database as it stands at one moment, then the bytes that it names.

The database comes first: bytes are in the store before the graph names them, so whatever the dump names is there to be copied.
"""

from __future__ import annotations

import asyncio
import re
import tarfile
import tempfile
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import psycopg
from psycopg.types.json import Jsonb
from sqlalchemy.engine import make_url

from storyreel.assets import Store, open_store
from storyreel.embedded import postgres
from storyreel.embedded.backup.manifest import (
    ASSETS,
    BASE,
    BASE_WAL,
    DUMP,
    MANIFEST,
    Base,
    Known,
    Manifest,
    Part,
    here,
    known,
    sums,
)
from storyreel.embedded.backup.programs import run
from storyreel.embedded.backup.vault import Vault, sha256_of
from storyreel.embedded.home import passwords, read_endpoints
from storyreel.graph.upgrade import current
from storyreel.model.errors import NotFound, Refused, Unavailable
from storyreel.runtime import clock
from storyreel.runtime.database import failures_named, plain_dsn
from storyreel.runtime.settings import Settings
from storyreel.runtime.telemetry import log

# One backup at a time, whoever makes it.
LOCK = 7_310_453
AT_ONCE = 4
ROLES = (postgres.ADMIN, postgres.OWNER, postgres.APP)
Say = Callable[[str], None]


@dataclass(frozen=True)
class Source:
    """What is backed up: the database as its owner, and as its administrator where we run it, and the store."""

    dsn: str
    admin_dsn: str
    store: Store
    work: Path


def source_of(settings: Settings) -> Source:
    """What the settings, or the stack of the data folder, are about.

    Raises:
        Unavailable: there is no database.
    """
    endpoints = read_endpoints(settings.home_dir)
    dsn = settings.database_url or (endpoints.database_url if endpoints else "")
    if not dsn:
        raise Unavailable("no database is configured and no stack runs; set DATABASE_URL (as the owner), or run `storyreel up`")
    dsn = plain_dsn(dsn)
    return Source(dsn, _admin_of(settings.home_dir, dsn), open_store(settings), settings.home_dir)


async def back_up(source: Source, vault: Vault, *, after: Known | None = None, say: Say = lambda _text: None) -> Manifest:
    """Make a backup, and write it down. With `after`, what is known, only if nobody has made one meanwhile.

    Raises:
        Refused: another one is being made, or was made meanwhile.
        Unavailable: database, store or vault is away.
        ProgramFailed: PostgreSQL's programs did not do it.
    """
    with failures_named(), tempfile.TemporaryDirectory(prefix="backup-", dir=_made(source.work)) as folder:
        async with _alone(source.dsn) as connection:
            if after is not None and (await known(vault)).newest != after.newest:
                raise Refused("another backup was made just now")
            return await _Making(source, vault, connection, Path(folder), say).run()


async def copy_assets(source: Source, vault: Vault) -> tuple[int, tuple[str, ...]]:
    """Copy the bytes that the graph names and the vault lacks: how many, and which the store does not have."""
    with failures_named():
        async with await psycopg.AsyncConnection.connect(source.dsn) as connection:
            named = await _named(connection)
    return await _copy(source.store, vault, named)


@dataclass(frozen=True)
class _Making:
    source: Source
    vault: Vault
    connection: psycopg.AsyncConnection[Any]
    folder: Path
    say: Say

    async def run(self) -> Manifest:
        started_at = clock.now()
        name = f"{started_at:%Y%m%dT%H%M%SZ}"
        base = await self._base()
        named, facts = await self._dump()
        copied, missing = await _copy(self.source.store, self.vault, named)
        self.say(
            f"{copied} of {len(named)} assets were new" + (f"; {len(missing)} are missing from the store" if missing else "")
        )
        for path in sorted(self.folder.iterdir()):
            await self.vault.put(f"{name}/{path.name}", path)
        made = Manifest(
            id=name,
            started_at=started_at,
            finished_at=clock.now(),
            storyreel=here(),
            assets=len(named),
            asset_bytes=sum(named.values()),
            copied=copied,
            missing=missing,
            base=base,
            parts={path.name: Part(size_bytes=path.stat().st_size, sha256=sha256_of(path)) for path in self.folder.iterdir()},
            **facts,
        )
        (self.folder / MANIFEST).write_text(made.model_dump_json(indent=1))
        await self.vault.put(f"{name}/{MANIFEST}", self.folder / MANIFEST)
        await _write_down(self.connection, made, self.vault.place)
        return made

    async def _dump(self) -> tuple[dict[str, int], dict[str, Any]]:
        """The dump, and what the very same moment of the database holds."""
        async with await psycopg.AsyncConnection.connect(self.source.dsn) as seen:
            await seen.set_isolation_level(psycopg.IsolationLevel.REPEATABLE_READ)
            await seen.set_read_only(True)
            snapshot = await _one(seen, "select pg_export_snapshot()")
            # What a turn of the agent keeps for itself belongs to the application, and ends with the turn.
            await run(
                "pg_dump", self.source.dsn, "--format=custom", "--compress=gzip:3", f"--snapshot={snapshot}", "--no-owner",
                "--exclude-extension=*", "--exclude-table=agent.*", f"--file={self.folder / DUMP}",
            )  # fmt: skip
            named = await _named(seen)
            facts = {
                "revision": await current(self.source.dsn),
                "postgres": await _one(seen, "show server_version"),
                "tables": await sums(seen),
            }
        (self.folder / ASSETS).write_text("".join(f"{asset_id}\n" for asset_id in sorted(named)))
        self.say(f"The database is dumped: {(self.folder / DUMP).stat().st_size / 2**20:.1f} MB")
        return named, facts

    async def _base(self) -> Base | None:
        """The server's files, where its log is archived: without it they are worth no more than the dump."""
        if not self.source.admin_dsn or await _one(self.connection, "show archive_mode") != "on":
            return None
        into = self.folder / ".base"
        await run(
            "pg_basebackup", self.source.admin_dsn, f"--pgdata={into}", "--format=tar", "--gzip", "--wal-method=stream",
            "--checkpoint=fast",
        )  # fmt: skip
        for name in (BASE, BASE_WAL):
            (into / name).rename(self.folder / name)
        first = await asyncio.to_thread(_first_segment, self.folder / BASE)
        (into / "backup_manifest").unlink()
        into.rmdir()
        async with await psycopg.AsyncConnection.connect(self.source.admin_dsn) as admin:
            system = await _one(admin, "select system_identifier::text from pg_control_system()")
            finished_at = await _one(admin, "select clock_timestamp()")
        self.say("The server's files are copied; any moment from now on can be brought back")
        return Base(system=system, first_segment=first, finished_at=finished_at)


@asynccontextmanager
async def _alone(dsn: str) -> AsyncGenerator[psycopg.AsyncConnection[Any]]:
    async with await psycopg.AsyncConnection.connect(dsn, autocommit=True, connect_timeout=10) as connection:
        if not await _one(connection, "select pg_try_advisory_lock(%s)", LOCK):
            raise Refused("another backup of this database is being made; wait for it to end")
        yield connection


async def _copy(store: Store, vault: Vault, named: dict[str, int]) -> tuple[int, tuple[str, ...]]:
    there = {entry.name.rpartition("/")[2] for entry in await vault.listed("assets/")}
    wanted = sorted(named.keys() - there)
    gate = asyncio.Semaphore(AT_ONCE)
    missing: list[str] = []

    async def one(asset_id: str) -> None:
        async with gate:
            try:
                path = await store.path(asset_id)
                why = "" if await asyncio.to_thread(sha256_of, path) == asset_id else "its bytes are not what they were"
            except NotFound as gone:
                path, why = None, gone.detail
            if path is None or why:
                log().error("backup.asset", asset=asset_id, reason=why)
                missing.append(asset_id)
            else:
                await vault.put(asset_name(asset_id), path)

    await asyncio.gather(*(one(asset_id) for asset_id in wanted))
    return len(wanted) - len(missing), tuple(sorted(missing))


def asset_name(asset_id: str) -> str:
    """Where the bytes of an id lie in a vault."""
    return f"assets/{asset_id[:2]}/{asset_id}"


async def _named(connection: psycopg.AsyncConnection[Any]) -> dict[str, int]:
    """The bytes that the graph names, and their sizes."""
    found = await connection.execute("select id, max(size_bytes) from asset group by id")
    return {row[0]: int(row[1]) for row in await found.fetchall()}


async def _write_down(connection: psycopg.AsyncConnection[Any], made: Manifest, place: str) -> None:
    facts = {"assets": made.assets, "copied": made.copied, "missing": len(made.missing), "point_in_time": made.base is not None}
    await connection.execute(
        "insert into backup (id, place, started_at, finished_at, size_bytes, facts) values (%s, %s, %s, %s, %s, %s)"
        " on conflict (id) do nothing",
        (made.id, place, made.started_at, made.finished_at, made.size_bytes, Jsonb(facts)),
    )


async def _one(connection: psycopg.AsyncConnection[Any], query: str, *values: Any) -> Any:
    row = await (await connection.execute(query.encode(), values or None)).fetchone()
    return row[0] if row else ""


def _first_segment(base: Path) -> str:
    """The piece of the log at which restored files begin, from the label among them."""
    with tarfile.open(base) as files:
        label = files.extractfile("backup_label")
        assert label is not None
        found = re.search(r"\(file ([0-9A-F]{24})\)", label.read().decode())
    assert found is not None
    return found[1]


def _admin_of(home: Path, dsn: str) -> str:
    """The administrator's address, where the database is the one that this data folder holds."""
    if not (home / "secrets.json").exists():
        return ""
    known, url = passwords(home, ROLES), make_url(dsn)
    ours = url.username == postgres.OWNER and url.password == known[postgres.OWNER]
    return url.set(username=postgres.ADMIN, password=known[postgres.ADMIN]).render_as_string(hide_password=False) if ours else ""


def _made(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def is_due(newest: Manifest | None, now: datetime, every_s: float) -> bool:
    """Whether it is time for the next backup."""
    return newest is None or (now - newest.started_at).total_seconds() >= every_s
