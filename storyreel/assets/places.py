"""Where many files lie that a person wants to bring in: a folder below the operator's root, and a prefix of a bucket."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Literal, Protocol

from storyreel.assets.take_in import TooLarge
from storyreel.model.errors import BadInput, NotFound, Refused
from storyreel.runtime.settings import Settings

if TYPE_CHECKING:  # only those who use S3 load its client
    from minio import Minio


@dataclass(frozen=True, slots=True)
class Lying:
    """One file where it lies. `version` changes with its content."""

    place: str
    name: str
    size_bytes: int
    version: str

    @property
    def mark(self) -> str:
        """What tells that it was brought in before."""
        return f"{self.place}#{self.version}"


class Place(Protocol):
    """Where files lie."""

    @property
    def by(self) -> Literal["folder", "bucket"]:
        """What kind of place it is."""
        ...

    @property
    def where(self) -> str:
        """How it is called; every file's place begins with it."""
        ...

    async def listed(self, most: int) -> list[Lying]:
        """The files in the order of their names.

        Raises:
            BadInput: there are more than `most`; nothing is brought in.
        """
        ...

    async def copy(self, file: Lying, into: Path) -> None:
        """One of them, copied.

        Raises:
            NotFound: it is gone.
        """
        ...


@dataclass(frozen=True)
class FolderPlace:
    """A folder with all that is below it. Links that lead out of the root, and hidden files, are not followed."""

    root: Path
    folder: Path
    by: Literal["folder"] = "folder"

    @classmethod
    def of(cls, settings: Settings, named: str) -> FolderPlace:
        """The folder that is called `named`, counted from the root of the settings.

        Raises:
            Refused: no root is set, or it lies outside.
            NotFound: there is no such folder.
        """
        if settings.import_root is None:
            raise Refused("no folder may be imported from here; the operator sets STORYREEL_IMPORT_ROOT")
        root = settings.import_root.expanduser().resolve()
        try:
            folder = (root / named).resolve()
            if not folder.is_relative_to(root):
                raise Refused("this folder lies outside the one that may be imported from")
            if not folder.is_dir():
                raise NotFound(f"there is no folder {named!r} to import from")
        except (OSError, ValueError) as wrong:
            raise NotFound("there is no such folder to import from") from wrong
        return cls(root, folder)

    @property
    def where(self) -> str:
        """How it is called, from the root."""
        return f"folder:{self.folder.relative_to(self.root).as_posix()}"

    async def listed(self, most: int) -> list[Lying]:
        """The files below it."""
        return await asyncio.to_thread(lambda: few(self._files(), most))

    async def copy(self, file: Lying, into: Path) -> None:
        """One of them."""
        source = (self.root / file.place.removeprefix("folder:")).resolve()
        if not source.is_relative_to(self.root) or not source.is_file():
            raise NotFound(f"{file.name} is gone")
        await asyncio.to_thread(lambda: into.write_bytes(source.read_bytes()))

    def _files(self) -> Iterator[Lying]:
        for path in sorted(self.folder.rglob("*")):
            inside = path.relative_to(self.root)
            if any(part.startswith(".") for part in inside.parts) or not path.resolve().is_relative_to(self.root):
                continue
            if path.is_file():
                stat = path.stat()
                yield Lying(f"folder:{inside.as_posix()}", path.name, stat.st_size, f"{stat.st_size}-{stat.st_mtime_ns}")


@dataclass(frozen=True)
class BucketPlace:
    """A prefix of a bucket on the S3 server of the settings."""

    client: Minio
    bucket: str
    prefix: str
    by: Literal["bucket"] = "bucket"

    @classmethod
    def of(cls, settings: Settings, bucket: str, prefix: str) -> BucketPlace:
        """The bucket of that name.

        Raises:
            Refused: it is not among those of the settings.
        """
        if not settings.s3_endpoint or bucket not in settings.import_buckets:
            raise Refused(f"the bucket {bucket!r} may not be imported from; the operator sets STORYREEL_IMPORT_BUCKETS")
        from storyreel.assets.s3 import S3Store  # noqa: PLC0415 (only those who use S3 load its client)

        return cls(S3Store.of(settings).client, bucket, prefix)

    @property
    def where(self) -> str:
        """How it is called."""
        return f"s3://{self.bucket}/{self.prefix}"

    async def listed(self, most: int) -> list[Lying]:
        """The objects under the prefix."""
        return await asyncio.to_thread(lambda: few(self._objects(), most))

    async def copy(self, file: Lying, into: Path) -> None:
        """One of them."""
        await asyncio.to_thread(self._copy, file, into)

    def _objects(self) -> Iterator[Lying]:
        from storyreel.assets import s3  # noqa: PLC0415 - as above

        with s3.failures_named(""):
            for one in s3.objects(self.client, self.bucket, self.prefix):
                yield Lying(f"s3://{self.bucket}/{one.key}", one.key.rpartition("/")[2], one.size_bytes, one.etag)

    def _copy(self, file: Lying, into: Path) -> None:
        from storyreel.assets import s3  # noqa: PLC0415 - as above

        s3.download(self.client, self.bucket, file.place.removeprefix(f"s3://{self.bucket}/"), into)


def few(files: Iterator[Lying], most: int) -> list[Lying]:
    """The files, if they are not too many."""
    found = list(islice(files, most + 1))
    if len(found) > most:
        raise BadInput(f"there are more than {most} files here; import a part of it at a time", most=most)
    return found


def check_fits(file: Lying, most_bytes: int) -> None:
    """Refuse a file before it is copied.

    Raises:
        TooLarge: it is.
    """
    if file.size_bytes > most_bytes:
        raise TooLarge(f"{file.name} has {file.size_bytes / 2**20:.1f} MB; a file may have {most_bytes / 2**20:g} MB")
