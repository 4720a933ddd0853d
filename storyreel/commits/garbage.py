"""Collecting bytes that nothing names any more.

First a look, without holding anybody up: what lies in the store, older than the grace, and named nowhere. Then, with every workspace
that knows such an asset held, the look is taken again and the asset forgotten, so that a commit either came before and names it, or comes
after and hears that it is gone. The bytes go last, unless they were put again meanwhile.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from storyreel.assets.incoming import Incoming
from storyreel.assets.store import Store, Stored
from storyreel.commits import writing
from storyreel.graph.named import named
from storyreel.ledger import assets, uploads
from storyreel.model.base import Frozen
from storyreel.runtime import clock
from storyreel.runtime.database import Database
from storyreel.runtime.telemetry import log

# A stage keeps bytes before the commit that names them; no stage takes this long.
GRACE_S = 24 * 3600.0


class Collected(Frozen):
    """What was collected, or would be: assets and their bytes; how much there is in all; uploads whose time was over."""

    dry_run: bool
    assets: tuple[str, ...] = ()
    size_bytes: int = 0
    kept: int = 0
    kept_bytes: int = 0
    uploads: int = 0


@dataclass(frozen=True)
class Collector:
    """Collects in one store for all workspaces of one database; any number may run at once.

    `grace_s` is how long bytes lie at least before they can go; `undo_s` how long a removed row is held for undo (None: for ever).
    """

    database: Database
    store: Store
    incoming: Incoming
    grace_s: float = GRACE_S
    undo_s: float | None = None

    async def collect(self, *, dry_run: bool = False) -> Collected:
        """Take away what nothing names.

        Raises:
            Unavailable: the database or the store is away; what was taken away by then is gone, and all else is as it was.
        """
        started = clock.now()
        before = started - timedelta(seconds=self.grace_s)
        undo_since = None if self.undo_s is None else started - timedelta(seconds=self.undo_s)
        lying = [one async for one in self.store.listed()]
        async with self.database.connect() as conn:
            wanted = await named(conn, undo_since)
        spare = [one for one in lying if one.put_at < before and one.id not in wanted]
        gone = spare if dry_run else await self._take_away(spare, before, undo_since)
        left = len(lying) - len(gone)
        total = sum(one.size_bytes for one in lying)
        freed = sum(one.size_bytes for one in gone)
        swept = 0 if dry_run else await self._sweep()
        ids = tuple(sorted(one.id for one in gone))
        return Collected(dry_run=dry_run, assets=ids, size_bytes=freed, kept=left, kept_bytes=total - freed, uploads=swept)

    async def _take_away(self, spare: Sequence[Stored], before: datetime, undo_since: datetime | None) -> list[Stored]:
        if not spare:
            return []
        still = await self._forget([one.id for one in spare], before, undo_since)
        gone = [one for one in spare if one.id in still and await self.store.delete_unless_put(one.id, before)]
        log("assets").info("garbage.collected", assets=len(gone), bytes=sum(one.size_bytes for one in gone))
        return gone

    async def _forget(self, ids: Sequence[str], before: datetime, undo_since: datetime | None) -> set[str]:
        """Forget the assets that nothing names even now; their ids."""
        async with self.database.begin() as conn:
            await _hold(conn, await assets.knowing(conn, ids))
            spare = set(ids) - await named(conn, undo_since)
            again = await assets.forget(conn, sorted(spare), before)
        return spare - again

    async def _sweep(self) -> int:
        async with self.database.begin() as conn:
            gone = await uploads.sweep(conn)
        for one in gone:
            self.incoming.drop(one)
        return len(gone)


async def _hold(conn: AsyncConnection, workspaces: Sequence[UUID]) -> None:
    """Hold workspaces, always in the same order, so that two collectors never wait for each other."""
    for workspace in sorted(workspaces):
        await writing.lock_workspace(conn, workspace)
