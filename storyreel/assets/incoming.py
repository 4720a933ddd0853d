"""Uploads on their way: a file each in the data folder, which grows piece by piece and survives whoever writes it."""

from __future__ import annotations

import asyncio
import fcntl
import os
from collections.abc import AsyncGenerator, AsyncIterable, Generator
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import BinaryIO
from uuid import UUID

from storyreel.assets.folder import failures_named
from storyreel.assets.take_in import TooLarge
from storyreel.model.errors import Conflict


@dataclass(frozen=True, slots=True)
class Written:
    """How many bytes of an upload are safe, and what ended this piece of it, if it was not its end."""

    size_bytes: int
    broken: Exception | None = None


@dataclass(frozen=True)
class Incoming:
    """A folder of unfinished files. Where several APIs serve one project, they must share it."""

    folder: Path

    def file(self, upload_id: UUID) -> Path:
        """Where the bytes of an upload are, or would be."""
        return self.folder / upload_id.hex

    @contextmanager
    def held(self, upload_id: UUID) -> Generator[BinaryIO]:
        """The file of an upload, which nobody else writes while the block runs.

        Raises:
            Conflict: another request holds it at this moment.
            Unavailable: the disk is away.
        """
        with failures_named(""):
            self.folder.mkdir(parents=True, exist_ok=True)
            out = self.file(upload_id).open("ab")
        with out:
            _hold(out)
            yield out

    def drop(self, upload_id: UUID) -> None:
        """Forget an upload's bytes."""
        with suppress(FileNotFoundError):
            self.file(upload_id).unlink()

    @asynccontextmanager
    async def aside(self) -> AsyncGenerator[Path]:
        """An empty file for as long as the block runs."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with NamedTemporaryFile(dir=self.folder, prefix="once-") as made:
            yield Path(made.name)


async def append(out: BinaryIO, offset: int, pieces: AsyncIterable[bytes], *, most: int) -> Written:
    """Append pieces to a held file from `offset` on, until they end or break off; what came is safe on the disk.

    Raises:
        Conflict: the bytes before `offset` are not here.
        Unavailable: the disk is full.
    """
    with failures_named(""):
        if out.tell() < offset:
            raise Conflict("the bytes that were sent before are not here; begin this upload again", offset=out.tell())
        # What came after the last byte that was counted was never promised.
        out.truncate(offset)
        broken = await _append(out, pieces, most - offset)
        await asyncio.to_thread(_sync, out)
        return Written(os.fstat(out.fileno()).st_size, broken)


async def save(pieces: AsyncIterable[bytes], file: Path, *, most: int) -> int:
    """Write pieces to a file; how many bytes came.

    Raises:
        TooLarge: more than `most`.
        Unavailable: the disk is full.
    """
    size = 0
    with failures_named(""), await asyncio.to_thread(file.open, "wb") as out:
        async for piece in pieces:
            size += len(piece)
            if size > most:
                raise TooLarge(f"the file has more than {most / 2**20:g} MB", most_bytes=most)
            await asyncio.to_thread(out.write, piece)
    return size


async def _append(out: BinaryIO, pieces: AsyncIterable[bytes], room: int) -> Exception | None:
    try:
        async for piece in pieces:
            await asyncio.to_thread(out.write, piece[:room])
            if len(piece) > room:
                return TooLarge("more bytes came than were said; what was said is kept")
            room -= len(piece)
    except OSError:
        raise
    except Exception as broken:  # noqa: BLE001 - a sender may go away in any way; what came stays
        return broken
    return None


def _hold(out: BinaryIO) -> None:
    try:
        fcntl.flock(out, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as held:
        raise Conflict("another request sends a piece of this upload at this moment; ask for its offset, then go on") from held


def _sync(out: BinaryIO) -> None:
    out.flush()
    os.fsync(out.fileno())
