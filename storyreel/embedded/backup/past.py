"""A moment in time: the server's files of a backup, and its log replayed up to then."""

from __future__ import annotations

import asyncio
import os
import re
import shlex
import struct
import sys
import tarfile
import tempfile
from asyncio.subprocess import Process
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import psycopg
from psycopg import sql
from psycopg.conninfo import make_conninfo

from storyreel.embedded import postgres
from storyreel.embedded.backup.archive import system
from storyreel.embedded.backup.manifest import BASE, BASE_WAL, Manifest
from storyreel.embedded.backup.vault import Damaged, FolderVault, Vault, sha256_of
from storyreel.embedded.child import spawn, tail
from storyreel.model.errors import Refused, Unavailable

LOOK_S = 0.1
ENDED = re.compile(r"last completed transaction was at log time (\S+ \S+)")
Say = Callable[[str], None]


async def recover(
    cluster: postgres.Cluster,
    vault: Vault,
    backup: Manifest,
    at: str,
    logs: Path,
    *,
    leftover: Path,
    archive: Path | None,
    folder: Path,
    say: Say,
) -> datetime:
    """Rebuild the cluster's folder as it was at a moment; the time of the last transaction that is in it.

    What the server had not archived yet is taken from `leftover`, its old folder, where that is still there.

    Raises:
        Refused: the log does not reach so far.
        Damaged: the backup is not what it was.
    """
    await _unpack(cluster, vault, backup, folder)
    wal = await _log(vault, backup, folder)
    sources = [str(wal)]
    if _is_of(leftover, backup):
        sources.append(str(leftover / "pg_wal"))
    with tempfile.TemporaryDirectory(prefix="sr-") as private:
        at_last = await _replay(cluster, backup, at, logs, sources, Path(private), archive)
    say(f"The log is replayed up to {at_last:%Y-%m-%d %H:%M:%S} UTC")
    return at_last


def moment_of(said: str) -> datetime:
    """A time as ISO 8601 writes it; without a zone it is UTC.

    Raises:
        Refused: it is none.
    """
    try:
        moment = datetime.fromisoformat(said)
    except ValueError:
        raise Refused(f"{said!r} is no time; write 2026-11-20T12:00:00Z, or latest") from None
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)


async def _unpack(cluster: postgres.Cluster, vault: Vault, backup: Manifest, folder: Path) -> None:
    uid, gid = postgres.unprivileged()
    cluster.folder.mkdir(mode=0o700, parents=True)
    for name, into in ((BASE, cluster.folder), (BASE_WAL, cluster.folder / "pg_wal")):
        path = folder / name
        await vault.fetch(f"{backup.id}/{name}", path)
        if await asyncio.to_thread(sha256_of, path) != backup.parts[name].sha256:
            raise Damaged(f"{name} of the backup {backup.id} is not what it was; take another backup")
        await asyncio.to_thread(_extract, path, into)
    (cluster.folder / "recovery.signal").touch(0o600)
    if uid:
        for path in (cluster.folder, *cluster.folder.rglob("*")):
            os.chown(path, uid, gid)


async def _log(vault: Vault, backup: Manifest, folder: Path) -> Path:
    """A folder with the pieces of the log: the vault's own, or a copy of what is needed of it."""
    if isinstance(vault, FolderVault):
        return vault.root / "wal"
    assert backup.base is not None
    into = folder / "wal" / backup.base.system
    into.mkdir(parents=True)
    for entry in await vault.listed(f"wal/{backup.base.system}/"):
        name = entry.name.rpartition("/")[2]
        if name.endswith(".history.gz") or name[8:24] >= backup.base.first_segment[8:24]:
            await vault.fetch(entry.name, into / name)
    return into.parent


async def _replay(
    cluster: postgres.Cluster, backup: Manifest, at: str, logs: Path, sources: list[str], private: Path, archive: Path | None
) -> datetime:
    """Run the server until it has replayed the log; only we can reach it, by a socket in a folder of our own."""
    assert backup.base is not None
    rules = private / "hba"
    rules.write_text("local all all trust\n")
    uid, gid = postgres.unprivileged(cluster.folder)
    for path in (private, rules):
        os.chown(path, uid or -1, gid or -1)
    script = shlex.join((sys.executable, "-I", "-S", str(postgres.ARCHIVE)))
    more = {
        "listen_addresses": "",
        "unix_socket_directories": str(private),
        "hba_file": str(rules),
        "restore_command": f'{script} fetch "%f" "%p" {shlex.join([backup.base.system, *sources])}',
        "recovery_target_action": "promote",
        **({} if at == "latest" else {"recovery_target_time": moment_of(at).isoformat(sep=" ")}),
    }
    child = replace(postgres.server(cluster, archive, **more), name="recovery")
    log_file = logs / "recovery.log"
    log_file.unlink(missing_ok=True)
    process = await spawn(child, log_file)
    try:
        return await _follow(process, cluster, private, at, log_file, backup.base.finished_at)
    finally:
        if process.returncode is None:
            process.send_signal(child.stop_signal)
        await process.wait()


async def _follow(
    process: Process, cluster: postgres.Cluster, private: Path, at: str, log_file: Path, begun_at: datetime
) -> datetime:
    where = make_conninfo(host=str(private), port=cluster.port, user=postgres.ADMIN, dbname="postgres")
    while process.returncode is None:
        try:
            async with await psycopg.AsyncConnection.connect(where, autocommit=True) as connection:
                row = await (await connection.execute("select pg_is_in_recovery(), pg_last_xact_replay_timestamp()")).fetchone()
                assert row is not None
                if not row[0]:
                    await connection.execute(
                        sql.SQL("alter role {} password {}").format(
                            sql.Identifier(postgres.ADMIN), sql.Literal(cluster.secrets[postgres.ADMIN])
                        )
                    )
                    last: datetime | None = row[1]
                    return last.astimezone(UTC) if last else begun_at
        except psycopg.OperationalError:
            pass
        await asyncio.sleep(LOOK_S)
    raise _why(at, log_file)


def _why(at: str, log_file: Path) -> Refused | Unavailable:
    said = tail(log_file, 40)
    if "recovery ended before configured recovery target was reached" in said:
        found = ENDED.findall(said)
        upto = f"; its last transaction is of {found[-1]} UTC" if found else ""
        return Refused(f"the log does not reach {at}{upto}. Restore --at latest to have all of it")
    return Unavailable(f"the server did not come up again. The end of {log_file}:\n{said}")


def _extract(path: Path, into: Path) -> None:
    into.mkdir(exist_ok=True, mode=0o700)
    with tarfile.open(path) as files:
        files.extractall(into, filter="data" if into.name == "pg_wal" else "tar")  # noqa: S202 (our own, and its digest was checked)


def _is_of(leftover: Path, backup: Manifest) -> bool:
    """Whether an old data folder is of the server that was backed up."""
    try:
        return backup.base is not None and system(leftover) == backup.base.system and (leftover / "pg_wal").is_dir()
    except (OSError, struct.error):
        return False
