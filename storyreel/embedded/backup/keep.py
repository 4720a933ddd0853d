"""The daily round: `python -m storyreel.embedded.backup.keep`, a child of `storyreel up`, or `storyreel backup --daily` beside a cluster.

Any number may run: the newest backup of the vault says whether one is due, and a lock in the database lets one make it.
"""

from __future__ import annotations

import asyncio
import tempfile
from datetime import datetime, timedelta
from pathlib import Path

import psycopg

from storyreel.embedded.backup.make import Source, back_up, copy_assets, is_due, source_of
from storyreel.embedded.backup.manifest import ASSETS, MANIFEST, Manifest, known
from storyreel.embedded.backup.vault import Entry, FolderVault, Vault, archive_folder, open_vault
from storyreel.model.errors import Refused, StoryreelError
from storyreel.runtime import clock, telemetry
from storyreel.runtime.exit import leave
from storyreel.runtime.settings import Settings, load
from storyreel.runtime.telemetry import log

EVERY_S = 24 * 3600.0
LOOK_S = 300.0
UNFINISHED = timedelta(days=1)


async def keep_daily(settings: Settings, vault: Vault, *, look_s: float = LOOK_S) -> None:
    """Make the daily backup, carry over what comes between two, and take away what is too old; for ever."""
    while True:
        try:
            await one_round(settings, source_of(settings), vault)
        except (StoryreelError, psycopg.Error, OSError) as failure:
            # The next round comes; how old the last backup is, is watched.
            log().error("backup.failed", reason=str(failure))
        await asyncio.sleep(look_s)


async def one_round(settings: Settings, source: Source, vault: Vault) -> Manifest | None:
    """What is due now; the backup that was made."""
    made, there = None, await known(vault)
    if is_due(there.newest, clock.now(), EVERY_S):
        try:
            made = await back_up(source, vault, after=there)
        except Refused:
            return None  # someone else is at it
        log().info("backup.made", backup=made.id, assets=made.assets, copied=made.copied, bytes=made.size_bytes)
        await prune(vault, settings.backup_days)
    else:
        await copy_assets(source, vault)
    await carry_log(settings, vault)
    return made


async def carry_log(settings: Settings, vault: Vault) -> int:
    """Take the pieces of the database's log to a vault that the server cannot write to by itself; how many."""
    spool = archive_folder(settings)
    if spool is None or isinstance(vault, FolderVault) or not spool.is_dir():
        return 0
    pieces = sorted(path for path in spool.glob("*/*.gz") if not path.name.startswith("."))
    for path in pieces:
        await vault.put(f"wal/{path.parent.name}/{path.name}", path)
        path.unlink()
    return len(pieces)


async def prune(vault: Vault, keep_days: int, now: datetime | None = None) -> tuple[str, ...]:
    """Take away the backups older than so many days, but never the newest good one, and what only they needed; their ids."""
    limit = (now or clock.now()) - timedelta(days=keep_days)
    backups = (await known(vault)).backups
    old = [one for one in backups[:-1] if one.finished_at < limit]
    kept = [one for one in backups if one not in old]
    if not kept:
        return ()
    ids, gone = {one.id for one in backups}, {one.id for one in old}
    everything = await vault.listed("2")
    unfinished = (now or clock.now()) - UNFINISHED
    dead = [one for one in everything if _id(one) in gone or (_id(one) not in ids and one.changed_at < unfinished)]
    # The manifest goes first: what is left of a backup is not one.
    await vault.delete(one.name for one in sorted(dead, key=lambda one: not one.name.endswith(MANIFEST)))
    if old:
        await vault.delete(await _unnamed(vault, kept, limit))
        await vault.delete(await _unneeded(vault, kept, limit))
    return tuple(sorted(gone))


async def _unnamed(vault: Vault, kept: list[Manifest], limit: datetime) -> list[str]:
    """Bytes that no backup names; those that came after the limit may be needed for a moment in time."""
    named: set[str] = set()
    with tempfile.TemporaryDirectory() as folder:
        into = Path(folder) / ASSETS
        for one in kept:
            await vault.fetch(f"{one.id}/{ASSETS}", into)
            named |= set(into.read_text().split())
    assets = await vault.listed("assets/")
    return [one.name for one in assets if one.name.rpartition("/")[2] not in named and one.changed_at < limit]


async def _unneeded(vault: Vault, kept: list[Manifest], limit: datetime) -> list[str]:
    """Pieces of the log from before the oldest files that are kept of their server."""
    first: dict[str, str] = {}
    for one in kept:
        if one.base is not None:
            first[one.base.system] = min(first.get(one.base.system, "g"), one.base.first_segment[8:24])
    return [one.name for one in await vault.listed("wal/") if _is_past(one, first, limit)]


def _is_past(piece: Entry, first: dict[str, str], limit: datetime) -> bool:
    _, system, name = piece.name.split("/")
    if ".history" in name:
        return False
    return name[8:24] < first[system] if system in first else piece.changed_at < limit


def _id(entry: Entry) -> str:
    return entry.name.partition("/")[0]


def main() -> int:
    """Serve until ended."""
    settings = load()
    telemetry.configure(settings, "backup")
    asyncio.run(keep_daily(settings, open_vault(settings)))
    return 0


if __name__ == "__main__":
    leave(main())
