"""Where backups lie: a folder, or a bucket on S3. Names are relative paths with slashes."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import os
import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol
from urllib.parse import urlsplit

from storyreel.assets.folder import failures_named
from storyreel.model.errors import NotFound, Unavailable
from storyreel.runtime.settings import Settings, WrongSetting

CHUNK = 1 << 20


class Damaged(Unavailable):
    """Bytes are not what they were when they were kept; take another backup, and look at the disk they lie on."""

    code = "damaged"


@dataclass(frozen=True, slots=True)
class Entry:
    """One file of a vault."""

    name: str
    size_bytes: int
    changed_at: datetime


class Vault(Protocol):
    """A place for backups. All methods raise `Unavailable` when it is away or full."""

    place: str

    async def put(self, name: str, source: Path) -> None:
        """Keep a file's bytes; they are there whole or not at all."""
        ...

    async def fetch(self, name: str, into: Path) -> None:
        """Copy a file out.

        Raises:
            NotFound: it is not there.
        """
        ...

    async def listed(self, prefix: str = "") -> list[Entry]:
        """The files whose name begins so, in order."""
        ...

    async def delete(self, names: Iterable[str]) -> None:
        """Remove files; one that is not there is no matter."""
        ...


class FolderVault:
    """A folder; better on another disk."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.place = str(root)

    async def put(self, name: str, source: Path) -> None:
        """Copy a file in."""
        await asyncio.to_thread(self._put, name, source)

    async def fetch(self, name: str, into: Path) -> None:
        """Copy a file out."""
        try:
            await asyncio.to_thread(shutil.copyfile, self.root / name, into)
        except FileNotFoundError as gone:
            raise NotFound(f"{self.place} holds no {name}") from gone

    async def listed(self, prefix: str = "") -> list[Entry]:
        """The files whose name begins so."""
        return await asyncio.to_thread(self._listed, prefix)

    async def delete(self, names: Iterable[str]) -> None:
        """Remove files, and the folders that are left empty."""
        await asyncio.to_thread(self._delete, tuple(names))

    def _put(self, name: str, source: Path) -> None:
        target = self.root / name
        with failures_named(name):
            target.parent.mkdir(parents=True, exist_ok=True)
            aside = target.with_name(f".{target.name}.{os.getpid()}")
            try:
                with source.open("rb") as given, aside.open("wb") as file:
                    shutil.copyfileobj(given, file, CHUNK)
                    file.flush()
                    os.fsync(file.fileno())
                aside.replace(target)
            finally:
                aside.unlink(missing_ok=True)

    def _listed(self, prefix: str) -> list[Entry]:
        found: list[Entry] = []
        begun = [self.root / prefix] if prefix.endswith("/") else list(self.root.glob(f"{prefix}*"))
        for path in (each for one in begun for each in (one, *one.rglob("*"))):
            name = path.relative_to(self.root).as_posix()
            with contextlib.suppress(FileNotFoundError):
                if path.is_file() and not path.name.startswith("."):
                    stat = path.stat()
                    found.append(Entry(name, stat.st_size, datetime.fromtimestamp(stat.st_mtime, UTC)))
        return sorted(found, key=lambda one: one.name)

    def _delete(self, names: tuple[str, ...]) -> None:
        for name in names:
            path = self.root / name
            path.unlink(missing_ok=True)
            with contextlib.suppress(OSError):
                path.parent.rmdir()


def open_vault(settings: Settings, place: str = "") -> Vault:
    """The vault of an address: a folder, or s3://bucket/prefix on the server of the settings; else that of STORYREEL_BACKUP_TO.

    Without any it is the folder `backups` in the data folder, which guards against mistakes, and not against a lost disk.

    Raises:
        WrongSetting: it is an address on S3, and no server is set.
    """
    place = place or settings.backup_to or str(settings.home_dir / "backups")
    if not place.startswith("s3://"):
        return FolderVault(Path(place).expanduser().resolve())
    where = urlsplit(place)
    given = settings.model_copy(update={"s3_endpoint": settings.backup_s3_endpoint or settings.s3_endpoint})
    if not given.s3_endpoint or not where.netloc:
        raise WrongSetting(f"{place}: say which server by STORYREEL_BACKUP_S3_ENDPOINT or S3_ENDPOINT, as s3://bucket/prefix")
    if settings.backup_s3_endpoint:
        keys = {"s3_access_key": settings.backup_s3_access_key, "s3_secret_key": settings.backup_s3_secret_key}
        given = given.model_copy(update=keys)
    from storyreel.embedded.backup.bucket import S3Vault  # noqa: PLC0415 (only those who use S3 load its client)

    return S3Vault(given, where.netloc, where.path)


def archive_folder(settings: Settings) -> Path | None:
    """Where the embedded server keeps the pieces of its log; for a vault on S3 they are carried there from here. None: nowhere."""
    if not settings.backup_to:
        return None
    if settings.backup_to.startswith("s3://"):
        return settings.home_dir / "wal"
    return Path(settings.backup_to).expanduser().resolve() / "wal"


def sha256_of(path: Path) -> str:
    """The digest of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
