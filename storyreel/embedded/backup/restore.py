"""Bringing a backup back: into the data folder of the embedded stack, or into the configured database and store.

What was there before is never thrown away here: with `force` the embedded database is set aside in a folder of its own.
Bytes are checked against their names, and the graph against its sums.
"""

from __future__ import annotations

import asyncio
import shutil
import tempfile
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import psycopg

from storyreel.assets import FolderStore, Store, open_store
from storyreel.embedded import postgres
from storyreel.embedded.backup.make import asset_name, source_of
from storyreel.embedded.backup.manifest import DUMP, Manifest, Rows, known, sums
from storyreel.embedded.backup.past import moment_of, recover
from storyreel.embedded.backup.programs import run
from storyreel.embedded.backup.vault import Damaged, Vault, archive_folder, sha256_of
from storyreel.embedded.child import kept
from storyreel.embedded.home import locked, open_home
from storyreel.embedded.ports import free
from storyreel.model.base import Frozen
from storyreel.model.errors import NotFound, Refused
from storyreel.runtime import clock
from storyreel.runtime.database import failures_named, plain_dsn
from storyreel.runtime.settings import Settings

AT_ONCE = 4
Say = Callable[[str], None]


class Restored(Frozen):
    """What was brought back."""

    backup: str
    # The last moment that is in it.
    at: datetime
    rows: int
    fetched: int
    present: int
    # Named by the graph, and neither in the store nor in the backup.
    missing: tuple[str, ...] = ()
    # Where what was there before is now.
    aside: str = ""


async def restore(
    settings: Settings, vault: Vault, *, name: str = "", at: str = "", force: bool = False, say: Say = lambda _text: None
) -> Restored:
    """Bring back a backup, the newest unless one is named; or with `at` (a time, or `latest`) the database as it was then.

    Raises:
        NotFound: there is no such backup.
        Refused: something is there already and `force` is not given; a stack runs on it; or that moment cannot be brought back.
        Damaged: bytes of the backup are not what they were.
    """
    with failures_named(), tempfile.TemporaryDirectory(prefix="storyreel-restore-") as folder:
        if settings.database_url:
            if at:
                raise Refused("a moment in time is the business of whoever runs PostgreSQL; docs/backups.md says how")
            return await _into_database(settings, vault, (await known(vault)).named(name), Path(folder), force=force, say=say)
        open_home(settings.home_dir)
        with locked(settings.home_dir):
            return await _into_home(settings, vault, name, at, Path(folder), force=force, say=say)


async def bring_bytes(settings: Settings, vault: Vault, *, say: Say = lambda _text: None) -> Restored:
    """Bring back only the bytes that the database names and the store lacks: after the database was restored by other means.

    Raises:
        Unavailable: there is no database.
        Damaged: bytes of the backup are not what they were.
    """
    with failures_named():
        source = source_of(settings)
        return await _told(source.dsn, source.store, vault, "", clock.now(), say)


async def _into_database(settings: Settings, vault: Vault, backup: Manifest, folder: Path, *, force: bool, say: Say) -> Restored:
    dsn = plain_dsn(settings.database_url)
    await _check_free(dsn, force=force)
    await _load(dsn, vault, backup, folder, clean=True, say=say)
    return await _told(dsn, open_store(settings), vault, backup.id, backup.started_at, say)


async def _into_home(settings: Settings, vault: Vault, name: str, at: str, folder: Path, *, force: bool, say: Say) -> Restored:
    home, backups = settings.home_dir, await known(vault)
    backup = _base_for(backups.backups, at) if at else backups.named(name)
    store = open_store(settings)
    aside = await _set_aside(home, store, force=force)
    try:
        cluster = postgres.open_cluster(home, free())
        until = backup.started_at
        if at:
            archive, leftover = archive_folder(settings), aside / "postgres"
            until = await recover(
                cluster, vault, backup, at, home / "logs", leftover=leftover, archive=archive, folder=folder, say=say
            )
        else:
            await postgres.create(cluster, home / "logs" / "initdb.log")
        async with _served(cluster, home):
            dsn = cluster.dsn(postgres.OWNER)
            if not at:
                await _load(dsn, vault, backup, folder, clean=False, say=say)
            told = await _told(dsn, store, vault, backup.id, until, say)
    except BaseException:
        _put_back(home, aside)
        raise
    return told.model_copy(update={"aside": str(aside) if aside.exists() else ""})


@asynccontextmanager
async def _served(cluster: postgres.Cluster, home: Path) -> AsyncGenerator[None]:
    async with kept(postgres.server(cluster), home / "logs"):
        await postgres.prepare(cluster)
        yield


async def _load(dsn: str, vault: Vault, backup: Manifest, folder: Path, *, clean: bool, say: Say) -> None:
    """The dump into a database, all or nothing, and a look whether it is what it was."""
    path = await fetched(vault, backup, DUMP, folder)
    words = ("--clean", "--if-exists") if clean else ()
    await run("pg_restore", dsn, "--single-transaction", "--exit-on-error", "--no-owner", *words, path)
    async with await psycopg.AsyncConnection.connect(dsn) as connection:
        now = await sums(connection)
    if wrong := sorted(table for table in backup.tables.keys() | now.keys() if backup.tables.get(table) != now.get(table)):
        raise Damaged(f"what was restored is not what was backed up: {', '.join(wrong)}")
    say(f"The graph is back: {_count(backup.tables)} rows, the same as in the backup")


async def _told(dsn: str, store: Store, vault: Vault, backup: str, at: datetime, say: Say) -> Restored:
    async with await psycopg.AsyncConnection.connect(dsn) as connection:
        found = await connection.execute("select distinct id from asset")
        named = [row[0] for row in await found.fetchall()]
        rows = _count(await sums(connection))
    fetched_count, missing = await _bring(store, vault, named)
    say(f"The store is back: {fetched_count} files fetched" + (f", {len(missing)} are missing" if missing else ""))
    present = len(named) - fetched_count - len(missing)
    return Restored(backup=backup, at=at, rows=rows, fetched=fetched_count, present=present, missing=missing)


async def _bring(store: Store, vault: Vault, named: list[str]) -> tuple[int, tuple[str, ...]]:
    """Put the bytes that a store lacks; they are checked on the way in."""
    gate, missing = asyncio.Semaphore(AT_ONCE), list[str]()

    async def one(asset_id: str) -> bool:
        async with gate:
            if await store.exists(asset_id):
                return False
            with tempfile.TemporaryDirectory() as folder:
                path = Path(folder) / asset_id
                try:
                    await vault.fetch(asset_name(asset_id), path)
                except NotFound:
                    missing.append(asset_id)
                    return False
                if await asyncio.to_thread(sha256_of, path) != asset_id:
                    raise Damaged(f"the bytes of {asset_id} in {vault.place} are not what they were")
                await store.put(path)
            return True

    count = sum(await asyncio.gather(*(one(asset_id) for asset_id in named)))
    return count, tuple(sorted(missing))


async def fetched(vault: Vault, backup: Manifest, name: str, folder: Path) -> Path:
    """A part of a backup, on this disk and whole.

    Raises:
        Damaged: it is not what it was.
    """
    path = folder / name
    await vault.fetch(f"{backup.id}/{name}", path)
    if await asyncio.to_thread(sha256_of, path) != backup.parts[name].sha256:
        raise Damaged(f"{name} of the backup {backup.id} is not what it was; take another backup")
    return path


def _base_for(backups: tuple[Manifest, ...], at: str) -> Manifest:
    """The newest backup whose files were whole before that moment."""
    with_base = [one for one in backups if one.base is not None]
    if at == "latest":
        fitting = with_base
    else:
        moment = moment_of(at)
        fitting = [one for one in with_base if one.base is not None and one.base.finished_at <= moment]
    if not fitting:
        reach = (
            f"the earliest is {with_base[0].base.finished_at:%Y-%m-%dT%H:%M:%SZ}"
            if with_base and with_base[0].base
            else "none has"
        )
        raise Refused(
            f"no backup holds the server's files from before {at} ({reach}); they are kept where STORYREEL_BACKUP_TO is set before `storyreel up`"
        )
    return fitting[-1]


async def _set_aside(home: Path, store: Store, *, force: bool) -> Path:
    """Make room for what comes back. Bytes stay where they are: they are named by what they hold."""
    aside = home / f"before-{clock.now():%Y%m%dT%H%M%SZ}"
    old = [path for path in (home / "postgres", *home.glob("temporal.db*")) if path.exists()]
    holds = bool(old) or (isinstance(store, FolderStore) and any([one async for one in store.listed()]))
    if holds and not force:
        raise Refused(f"{home} is not empty; with --force what is in it is set aside in {aside.name}")
    for path in old:
        aside.mkdir(exist_ok=True)
        path.rename(aside / path.name)
    return aside


def _put_back(home: Path, aside: Path) -> None:
    """Leave everything as it was before a restore that failed."""
    shutil.rmtree(home / "postgres", ignore_errors=True)
    if aside.exists():
        for path in aside.iterdir():
            path.rename(home / path.name)
        aside.rmdir()


async def _check_free(dsn: str, *, force: bool) -> None:
    async with await psycopg.AsyncConnection.connect(dsn, autocommit=True) as connection:
        busy = await _first(
            connection, "select count(*) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()"
        )
        full = await _first(connection, "select to_regclass('public.workspace') is not null") and await _first(
            connection, "select exists (select from workspace)"
        )
    if busy:
        raise Refused(f"{busy} connections use the database; stop the API and the workers first")
    if full and not force:
        raise Refused("the database holds projects; with --force they are replaced by those of the backup")


async def _first(connection: psycopg.AsyncConnection[Any], query: str) -> Any:
    row = await (await connection.execute(query.encode())).fetchone()
    assert row is not None
    return row[0]


def _count(tables: dict[str, Rows]) -> int:
    return sum(one.count for one in tables.values())
