"""What every store of bytes can do. An asset's id is the SHA-256 of its bytes in hex, so the same bytes are kept once."""

from __future__ import annotations

import hashlib
import re
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol

from storyreel.model.errors import NotFound

ID = re.compile(r"[0-9a-f]{64}")
CHUNK = 1 << 18


@dataclass(frozen=True, slots=True)
class Stored:
    """Bytes in a store: how many, and when they were last put."""

    id: str
    size_bytes: int
    put_at: datetime


class Store(Protocol):
    """Bytes by their content. Putting the same bytes twice, from any number of processes, is one asset.

    All methods raise `NotFound` for an id that is not there, and `Unavailable` when the store is away or full.
    """

    async def put(self, data: bytes | Path, media_type: str = "application/octet-stream") -> str:
        """Keep bytes, or a file's bytes, for good; they are there whole or not at all. Returns the id."""
        ...

    async def get(self, asset_id: str) -> bytes:
        """All the bytes."""
        ...

    def stream(self, asset_id: str, start: int = 0, stop: int | None = None) -> AsyncGenerator[bytes]:
        """The bytes from `start` up to, and without, `stop`, in pieces."""
        ...

    async def size(self, asset_id: str) -> int:
        """How many bytes."""
        ...

    async def path(self, asset_id: str) -> Path:
        """A file on this machine with the bytes, to be read only; it may be gone after the work at hand."""
        ...

    async def exists(self, asset_id: str) -> bool:
        """Whether the bytes are there."""
        ...

    async def delete(self, asset_id: str) -> None:
        """Remove the bytes; nothing happens when they are not there."""
        ...

    def listed(self) -> AsyncGenerator[Stored]:
        """All that is kept, in no order."""
        ...

    async def delete_unless_put(self, asset_id: str, since: datetime) -> bool:
        """Remove the bytes unless they were put again since that moment, also just now; whether they are gone."""
        ...


def checked(asset_id: str) -> str:
    """The id, if it is one; nothing else ever becomes part of a path.

    Raises:
        NotFound: it is no id.
    """
    if not ID.fullmatch(asset_id):
        raise NotFound(f"{asset_id[:80]!r} is not the id of an asset.")
    return asset_id


def missing(asset_id: str) -> NotFound:
    """The error for an id whose bytes are not there."""
    return NotFound(f"The asset {asset_id} is not in the store.", asset=asset_id)


def id_of(data: bytes | Path) -> str:
    """The id of bytes, or of a file's bytes."""
    if isinstance(data, bytes):
        return hashlib.sha256(data).hexdigest()
    with data.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
