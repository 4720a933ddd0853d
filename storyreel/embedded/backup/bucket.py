"""Backups on a server that speaks S3."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from pathlib import Path

from storyreel.assets.s3 import PART_BYTES, S3Store, download, failures_named, objects
from storyreel.embedded.backup.vault import Entry
from storyreel.runtime.settings import Settings


class S3Vault:
    """A bucket, or a part of one, on a server that speaks S3."""

    def __init__(self, settings: Settings, bucket: str, prefix: str) -> None:
        self._store = S3Store.of(settings.model_copy(update={"s3_bucket": bucket}))
        self._prefix = f"{prefix.strip('/')}/" if prefix.strip("/") else ""
        self.place = f"s3://{bucket}/{self._prefix}".rstrip("/")

    async def put(self, name: str, source: Path) -> None:
        """Upload a file; large ones go in parts."""
        await asyncio.to_thread(self._put, name, source)

    async def fetch(self, name: str, into: Path) -> None:
        """Download a file."""
        await asyncio.to_thread(download, self._store.client, self._store.bucket, self._prefix + name, into)

    async def listed(self, prefix: str = "") -> list[Entry]:
        """The objects whose key begins so."""
        return await asyncio.to_thread(self._listed, prefix)

    async def delete(self, names: Iterable[str]) -> None:
        """Remove objects."""
        await asyncio.to_thread(self._delete, tuple(names))

    def _put(self, name: str, source: Path) -> None:
        self._store.ensure_bucket()
        with failures_named(name), source.open("rb") as file:
            self._store.client.put_object(
                self._store.bucket, self._prefix + name, file, source.stat().st_size, part_size=PART_BYTES
            )

    def _listed(self, prefix: str) -> list[Entry]:
        client, bucket = self._store.client, self._store.bucket
        with failures_named(""):
            if not client.bucket_exists(bucket):
                return []
            found = objects(client, bucket, self._prefix + prefix)
            return [Entry(one.key.removeprefix(self._prefix), one.size_bytes, one.changed_at) for one in found]

    def _delete(self, names: tuple[str, ...]) -> None:
        with failures_named(""):
            for name in names:
                self._store.client.remove_object(self._store.bucket, self._prefix + name)
