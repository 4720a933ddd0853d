"""The store as a folder on this machine."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import hashlib
import os
import tempfile
from collections.abc import AsyncGenerator, Callable, Generator
from contextlib import contextmanager
from datetime import UTC, datetime
from io import BufferedRandom
from pathlib import Path
from typing import BinaryIO

from storyreel.assets.store import CHUNK, ID, Stored, checked, id_of, missing
from storyreel.model.errors import Unavailable

FULL = {errno.ENOSPC, errno.EDQUOT}


class FolderStore:
    """A folder of files named by their content, two letters a level. Every file in it is whole: it is written aside and renamed."""

    def __init__(self, root: Path) -> None:
        self.root = root

    async def put(self, data: bytes | Path, media_type: str = "application/octet-stream") -> str:
        """Keep bytes, or a file's bytes; the folder does not remember media types."""
        del media_type
        return await asyncio.to_thread(self._put, data)

    async def get(self, asset_id: str) -> bytes:
        """All the bytes."""
        return await asyncio.to_thread(self._read, asset_id)

    async def stream(self, asset_id: str, start: int = 0, stop: int | None = None) -> AsyncGenerator[bytes]:
        """The bytes from `start` up to `stop`, in pieces."""
        with failures_named(asset_id), await asyncio.to_thread(self.file(asset_id).open, "rb") as file:
            file.seek(start)
            left = (stop if stop is not None else os.fstat(file.fileno()).st_size) - start
            while left > 0 and (piece := await asyncio.to_thread(file.read, min(CHUNK, left))):
                left -= len(piece)
                yield piece

    async def size(self, asset_id: str) -> int:
        """How many bytes."""
        with failures_named(asset_id):
            return self.file(asset_id).stat().st_size

    async def path(self, asset_id: str) -> Path:
        """The file itself."""
        await self.size(asset_id)
        return self.file(asset_id)

    async def exists(self, asset_id: str) -> bool:
        """Whether the bytes are there."""
        return self.file(asset_id).exists()

    async def delete(self, asset_id: str) -> None:
        """Remove the bytes."""
        with failures_named(asset_id):
            self.file(asset_id).unlink(missing_ok=True)

    async def listed(self) -> AsyncGenerator[Stored]:
        """All that is kept; files that are only on their way in are left out."""
        for path in await asyncio.to_thread(lambda: [one for one in self.root.glob("??/??/*") if ID.fullmatch(one.name)]):
            with contextlib.suppress(FileNotFoundError):
                stat = path.stat()
                yield Stored(path.name, stat.st_size, datetime.fromtimestamp(stat.st_mtime, UTC))

    async def delete_unless_put(self, asset_id: str, since: datetime) -> bool:
        """Remove the bytes unless they were put again since that moment.

        They are moved aside before they are looked at: who puts them meanwhile finds none and writes them anew.
        """
        return await asyncio.to_thread(self._delete_unless_put, asset_id, since)

    def file(self, asset_id: str) -> Path:
        """Where the bytes of an id are, or would be."""
        return self.root / checked(asset_id)[:2] / asset_id[2:4] / asset_id

    def fill(self, asset_id: str, write: Callable[[BinaryIO], None]) -> Path:
        """Make the file of an id by `write`, unless it is there; it appears whole and with the right content.

        Raises:
            Unavailable: the disk is full or away, or what was written is not what the id says.
        """
        target = self.file(asset_id)
        with failures_named(asset_id):
            if _put_again(target):
                return target
            target.parent.mkdir(parents=True, exist_ok=True)
            self._write_aside(target, write)
        return target

    def _put(self, data: bytes | Path) -> str:
        with failures_named(str(data) if isinstance(data, Path) else ""):
            asset_id = id_of(data)
        self.fill(asset_id, lambda file: _copy(data, file))
        return asset_id

    def _delete_unless_put(self, asset_id: str, since: datetime) -> bool:
        target, aside = self.file(asset_id), self.root / f".old-{asset_id}"
        with failures_named(asset_id):
            try:
                target.replace(aside)
            except FileNotFoundError:
                return True
            if aside.stat().st_mtime < since.timestamp():
                aside.unlink()
                return True
            # The same bytes, whoever wrote them meanwhile.
            aside.replace(target)
            return False

    def _read(self, asset_id: str) -> bytes:
        with failures_named(asset_id):
            return self.file(asset_id).read_bytes()

    def _write_aside(self, target: Path, write: Callable[[BinaryIO], None]) -> None:
        handle, name = tempfile.mkstemp(dir=self.root, prefix=".new-")
        try:
            with os.fdopen(handle, "w+b") as file:
                _write_durably(file, write, target.name)
            Path(name).chmod(0o644)
            Path(name).replace(target)
        except BaseException:
            with contextlib.suppress(OSError):
                Path(name).unlink()
            raise
        _sync_folder(target.parent)


@contextmanager
def failures_named(asset_id: str) -> Generator[None]:
    """Turn what a disk can say into the errors of a store."""
    try:
        yield
    except FileNotFoundError as gone:
        raise missing(asset_id) from gone
    except OSError as failure:
        if failure.errno in FULL:
            raise Unavailable(
                "The disk of the store is full: nothing was kept. Free some space and try again.", cause="disk-full"
            ) from failure
        raise Unavailable(f"The store cannot be used: {failure.strerror or failure}.", cause="store-away") from failure


def prune(folder: Path, limit_bytes: int) -> None:
    """Remove the files of a cache that were used longest ago, until the rest is within the limit."""
    files = sorted(((each.stat(), each) for each in folder.rglob("*") if each.is_file()), key=lambda pair: pair[0].st_mtime)
    over = sum(stat.st_size for stat, _ in files) - limit_bytes
    for stat, each in files:
        if over <= 0:
            return
        each.unlink(missing_ok=True)
        over -= stat.st_size


def _write_durably(file: BufferedRandom, write: Callable[[BinaryIO], None], asset_id: str) -> None:
    write(file)
    file.flush()
    file.seek(0)
    if hashlib.file_digest(file, "sha256").hexdigest() != asset_id:
        raise Unavailable(f"The bytes of {asset_id} changed on their way; nothing was kept.")
    os.fsync(file.fileno())


def _put_again(target: Path) -> bool:
    """Whether the file is there; it then counts as put just now."""
    try:
        os.utime(target)
    except FileNotFoundError:
        return False
    return True


def _copy(data: bytes | Path, file: BinaryIO) -> None:
    if isinstance(data, bytes):
        file.write(data)
        return
    with data.open("rb") as source:
        while piece := source.read(CHUNK):
            file.write(piece)


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
