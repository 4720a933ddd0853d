"""What a backup says of itself, and the sums by which a restored graph is known to be the same."""

from __future__ import annotations

import tempfile
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql
from pydantic import Field, ValidationError

from storyreel.embedded.backup.vault import Vault
from storyreel.model.base import Frozen
from storyreel.model.errors import NotFound

FORMAT = 1
MANIFEST = "manifest.json"
DUMP, ASSETS, BASE, BASE_WAL = "graph.dump", "assets.txt", "base.tar.gz", "pg_wal.tar.gz"
# A sum does not depend on the order of rows, and no row is held in memory.
SUM = "select count(*), coalesce(sum(('x' || substr(md5(t::text), 1, 15))::bit(60)::bigint), 0)::text from {} t"


class Part(Frozen):
    """One file of a backup."""

    size_bytes: int
    sha256: str


class Rows(Frozen):
    """A table: how many rows, and their sum."""

    count: int
    sum: str


class Base(Frozen):
    """The server whose files lie in a backup, and the piece of its log at which they begin."""

    system: str
    first_segment: str
    finished_at: datetime


class Manifest(Frozen):
    """A finished backup."""

    format: int = FORMAT
    id: str
    started_at: datetime
    finished_at: datetime
    storyreel: str
    revision: str
    postgres: str
    parts: dict[str, Part]
    tables: dict[str, Rows]
    assets: int
    asset_bytes: int
    copied: int
    # Named by the graph, and not to be had from the store.
    missing: tuple[str, ...] = ()
    base: Base | None = None

    @property
    def size_bytes(self) -> int:
        """What it takes beside the bytes it shares with other backups."""
        return sum(part.size_bytes for part in self.parts.values())


class Known(Frozen):
    """The backups of a vault, the newest last."""

    backups: tuple[Manifest, ...] = Field(default=())

    @property
    def newest(self) -> Manifest | None:
        """The last one that was finished."""
        return self.backups[-1] if self.backups else None

    def named(self, name: str = "") -> Manifest:
        """A backup by its id, or the newest.

        Raises:
            NotFound: there is none.
        """
        found = next((one for one in reversed(self.backups) if name in {"", one.id}), None)
        if found is None:
            there = ", ".join(one.id for one in self.backups) or "none"
            raise NotFound(f"there is no finished backup {name}".rstrip() + f"; there are: {there}")
        return found


async def known(vault: Vault) -> Known:
    """The finished backups of a vault."""
    found: list[Manifest] = []
    with tempfile.TemporaryDirectory() as folder:
        into = Path(folder) / MANIFEST
        # Their names are times, and no other name begins so.
        for entry in await vault.listed("2"):
            if entry.name.endswith(f"/{MANIFEST}"):
                await vault.fetch(entry.name, into)
                try:
                    found.append(Manifest.model_validate_json(into.read_bytes()))
                except ValidationError:
                    continue
    return Known(backups=tuple(sorted(found, key=lambda one: one.id)))


def here() -> str:
    """This Storyreel's version."""
    return version("storyreel")


async def sums(connection: psycopg.AsyncConnection[Any]) -> dict[str, Rows]:
    """Count and sum of every table of ours, as the connection's transaction sees them; in UTC, whatever the server's zone is."""
    await connection.execute("set local timezone = 'UTC'")
    found = await connection.execute(
        "select tablename from pg_tables where schemaname = 'public' and tablename <> 'backup' order by 1"
    )
    told: dict[str, Rows] = {}
    for (table,) in await found.fetchall():
        row = await (await connection.execute(sql.SQL(SUM).format(sql.Identifier("public", table)))).fetchone()
        assert row is not None
        told[table] = Rows(count=row[0], sum=row[1])
    return told
