"""The store as a stage sees it: what it keeps is known to its workspace from the commit on that first refers to it."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

from storyreel.assets import Store
from storyreel.ledger.assets import Kept
from storyreel.model.base import AssetRef

FACTS = ("width_px", "height_px", "duration_s")


async def looked_at(data: bytes | Path, media_type: str) -> tuple[float, ...] | None:
    """What a picture or clip looks like, as its workspace finds it by; None where there is nothing to see."""
    if not media_type.startswith(("image/", "video/")):
        return None
    # Only who makes pictures loads what reads them.
    from storyreel.media import clip  # noqa: PLC0415

    return await asyncio.to_thread(clip.look_at, data, media_type)


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
    """Bytes by content that wait in `kept` to become known to a workspace, with the commit of what they were made for."""

    def __init__(self, store: Store) -> None:
        super().__init__(store)
        self.kept: list[Kept] = []

    async def keep(self, data: bytes | Path, media_type: str, **facts: Any) -> AssetRef:
        """Keep bytes, or a file's bytes. Where nothing comes of them, they are no more than bytes; keeping them again is harmless.

        Raises:
            Unavailable: the store is away.
        """
        asset = await super().keep(data, media_type, **facts)
        size = len(data) if isinstance(data, bytes) else data.stat().st_size
        self.kept.append(Kept(asset, size, str(facts.get("name", "")), look=await looked_at(data, media_type)))
        return asset
