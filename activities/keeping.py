"""The store as a stage sees it: what it keeps is known to its workspace before anyone can refer to it."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any
from uuid import UUID

from storyreel.assets import Store
from storyreel.ledger import assets
from storyreel.ledger.assets import Kept
from storyreel.model.base import AssetRef
from storyreel.runtime.database import Database

FACTS = ("width_px", "height_px", "duration_s")


class PlainStore:
    """Bytes by content with no ledger beside them, for trying a stage alone."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def read(self, asset: AssetRef) -> bytes:
        """All the bytes."""
        return await self._store.get(asset.id)

    async def path(self, asset: AssetRef) -> Path:
        """A file with the bytes, to be read only."""
        return await self._store.path(asset.id)

    async def keep(self, data: bytes | Path, media_type: str, **facts: Any) -> AssetRef:
        """Keep bytes, or a file's bytes. `facts` are width_px, height_px, duration_s and a name for people."""
        asset_id = await self._store.put(data, media_type)
        return AssetRef(
            id=asset_id, media_type=media_type, **{name: facts[name] for name in FACTS if facts.get(name) is not None}
        )


class LedgerStore(PlainStore):
    """Bytes by content, each made known to a workspace as it is kept. Many at once share one commit."""

    def __init__(self, store: Store, database: Database, workspace_id: UUID) -> None:
        super().__init__(store)
        self._database = database
        self._workspace_id = workspace_id
        self._waiting: list[Kept] = []
        self._writing = asyncio.Lock()

    async def keep(self, data: bytes | Path, media_type: str, **facts: Any) -> AssetRef:
        """Keep bytes, or a file's bytes, and make them known.

        Raises:
            Unavailable: the store or the database is away; keeping the same again is harmless.
        """
        asset = await super().keep(data, media_type, **facts)
        kept = Kept(asset, len(data) if isinstance(data, bytes) else data.stat().st_size, str(facts.get("name", "")))
        self._waiting.append(kept)
        async with self._writing:
            if kept in self._waiting:
                await self._write()
        return asset

    async def _write(self) -> None:
        batch, self._waiting = self._waiting, []
        try:
            async with self._database.begin() as conn:
                await assets.register_all(conn, self._workspace_id, batch)
        except BaseException:
            # Whoever waits behind this one writes its own again.
            self._waiting = [*batch, *self._waiting]
            raise
