"""The store on any server that speaks S3. The client is synchronous, so it works in threads."""

from __future__ import annotations

import asyncio
import sys
import threading
from collections.abc import AsyncGenerator, Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import BinaryIO
from urllib.parse import urlsplit

import urllib3
from minio import Minio
from minio.error import InvalidResponseError, S3Error, ServerError

from storyreel.assets.folder import FolderStore, prune
from storyreel.assets.store import CHUNK, ID, Stored, checked, id_of, missing
from storyreel.model.errors import StoryreelError, Unavailable
from storyreel.runtime import clock
from storyreel.runtime.settings import Settings, WrongSetting

PART_BYTES = 16 << 20
TIMEOUT = urllib3.Timeout(connect=5, read=60)
# Bytes that were put longer ago are written again, so that a collection that looks at this moment sees them as wanted.
PUT_AGAIN_S = 3600.0
CACHE_BYTES = 20 << 30
ABSENT = {"NoSuchKey", "NoSuchObject", "NotFound", "ResourceNotFound"}
FULL = {"XMinioStorageFull", "InsufficientStorage", "QuotaExceeded", "XMinioAdminBucketQuotaExceeded", "StorageFull"}
REFUSED = {"AccessDenied", "InvalidAccessKeyId", "SignatureDoesNotMatch", "AuthorizationHeaderMalformed"}


class S3Store:
    """A bucket, made if it is missing. `path` keeps copies in a local folder, the oldest of which go when it grows too large."""

    def __init__(self, client: Minio, bucket: str, region: str, cache: FolderStore, cache_bytes: int = CACHE_BYTES) -> None:
        self.client = client
        self.bucket = bucket
        self.region = region
        self.cache = cache
        self.cache_bytes = cache_bytes
        self._bucket_made = threading.Event()

    @classmethod
    def of(cls, settings: Settings) -> S3Store:
        """The store that the settings describe; nothing is connected yet.

        Raises:
            WrongSetting: S3_ENDPOINT is no address.
        """
        where = urlsplit(settings.s3_endpoint if "//" in settings.s3_endpoint else f"//{settings.s3_endpoint}", scheme="https")
        if not where.hostname or where.scheme not in {"http", "https"} or where.path.strip("/"):
            raise WrongSetting(f"S3_ENDPOINT: {settings.s3_endpoint!r} is not http(s)://host:port")
        client = Minio(
            where.netloc,
            access_key=settings.s3_access_key.get_secret_value(),
            secret_key=settings.s3_secret_key.get_secret_value(),
            secure=where.scheme == "https",
            region=settings.s3_region,  # Unless it is given, every bucket costs a question that some servers do not answer.
            http_client=urllib3.PoolManager(timeout=TIMEOUT, maxsize=16, retries=urllib3.Retry(2, backoff_factor=0.2)),
        )
        return cls(client, settings.s3_bucket, settings.s3_region, FolderStore(settings.home_dir / "cache" / "assets"))

    async def put(self, data: bytes | Path, media_type: str = "application/octet-stream") -> str:
        """Keep bytes, or a file's bytes, under their media type; large ones go in parts."""
        return await asyncio.to_thread(self._put, data, media_type)

    async def get(self, asset_id: str) -> bytes:
        """All the bytes."""
        return b"".join([piece async for piece in self.stream(asset_id)])

    async def stream(self, asset_id: str, start: int = 0, stop: int | None = None) -> AsyncGenerator[bytes]:
        """The bytes from `start` up to `stop`, in pieces."""
        checked(asset_id)
        stop = min(await self.size(asset_id), stop if stop is not None else sys.maxsize)
        if stop <= start:
            return
        with failures_named(asset_id):
            answer = await asyncio.to_thread(self.client.get_object, self.bucket, asset_id, offset=start, length=stop - start)
            try:
                while piece := await asyncio.to_thread(answer.read, CHUNK):
                    yield piece
            finally:
                answer.close()
                answer.release_conn()

    async def size(self, asset_id: str) -> int:
        """How many bytes."""
        with failures_named(checked(asset_id)):
            found = await asyncio.to_thread(self.client.stat_object, self.bucket, asset_id)
            return int(found.size or 0)

    async def path(self, asset_id: str) -> Path:
        """A copy in the local folder, fetched on first use."""
        target = self.cache.file(asset_id)
        if target.exists():
            target.touch()
            return target
        await asyncio.to_thread(self._fetch, asset_id)
        return target

    async def exists(self, asset_id: str) -> bool:
        """Whether the bytes are there."""
        return await asyncio.to_thread(self._exists, checked(asset_id))

    async def delete(self, asset_id: str) -> None:
        """Remove the bytes, and the local copy."""
        with failures_named(checked(asset_id)):
            await asyncio.to_thread(self.client.remove_object, self.bucket, asset_id)
        await self.cache.delete(asset_id)

    async def listed(self) -> AsyncGenerator[Stored]:
        """All that is kept."""
        for one in await asyncio.to_thread(self._listed):
            yield one

    async def delete_unless_put(self, asset_id: str, since: datetime) -> bool:
        """Remove the bytes unless they were put again since that moment.

        Between the look and the deletion lies one round trip; who puts bytes that are older than `PUT_AGAIN_S` writes them anew.
        """
        return await asyncio.to_thread(self._delete_unless_put, checked(asset_id), since)

    def _listed(self) -> list[Stored]:
        with failures_named(""):
            if not self.client.bucket_exists(self.bucket):
                return []
            found = objects(self.client, self.bucket)
            return [Stored(one.key, one.size_bytes, one.changed_at) for one in found if ID.fullmatch(one.key)]

    def _delete_unless_put(self, asset_id: str, since: datetime) -> bool:
        put_at = self._put_at(asset_id)
        if put_at is not None and put_at >= since:
            return False
        with failures_named(asset_id):
            self.client.remove_object(self.bucket, asset_id)
        return True

    def _put_at(self, asset_id: str) -> datetime | None:
        with failures_named(asset_id):
            try:
                return self.client.stat_object(self.bucket, asset_id).last_modified
            except S3Error as answer:
                if answer.code in ABSENT or answer.code == "NoSuchBucket":
                    return None
                raise

    def _put(self, data: bytes | Path, media_type: str) -> str:
        asset_id = id_of(data)
        self.ensure_bucket()
        put_at = self._put_at(asset_id)
        if put_at is not None and clock.now() - put_at < timedelta(seconds=PUT_AGAIN_S):
            return asset_id
        with failures_named(asset_id):
            if isinstance(data, bytes):
                self._upload(asset_id, BytesIO(data), len(data), media_type)
            else:
                with data.open("rb") as file:
                    self._upload(asset_id, file, data.stat().st_size, media_type)
        return asset_id

    def _upload(self, asset_id: str, file: BinaryIO, size: int, media_type: str) -> None:
        self.client.put_object(self.bucket, asset_id, file, size, content_type=media_type, part_size=PART_BYTES)

    def _exists(self, asset_id: str) -> bool:
        return self._put_at(asset_id) is not None

    def _fetch(self, asset_id: str) -> None:
        def write(file: BinaryIO) -> None:
            with failures_named(asset_id):
                answer = self.client.get_object(self.bucket, asset_id)
                try:
                    file.writelines(answer.stream(CHUNK))
                finally:
                    answer.close()
                    answer.release_conn()

        self.cache.fill(asset_id, write)
        prune(self.cache.root, self.cache_bytes)

    def ensure_bucket(self) -> None:
        """Make the bucket unless it is there."""
        if self._bucket_made.is_set():
            return
        with failures_named(""):
            if not self.client.bucket_exists(self.bucket):
                try:
                    self.client.make_bucket(self.bucket, location=self.region)
                except S3Error as answer:
                    if answer.code not in {"BucketAlreadyOwnedByYou", "BucketAlreadyExists"}:
                        raise
        self._bucket_made.set()


@contextmanager
def failures_named(asset_id: str) -> Generator[None]:
    """Turn what the client raises into the errors of a store."""
    try:
        yield
    except S3Error as answer:
        raise _said(answer, asset_id) from answer
    except (ServerError, InvalidResponseError, urllib3.exceptions.HTTPError, ConnectionError) as failure:
        raise Unavailable("The store (S3) is away for the moment; nothing was lost.", cause="store-away") from failure


@dataclass(frozen=True, slots=True)
class Listed:
    """One object of a bucket."""

    key: str
    size_bytes: int
    etag: str
    changed_at: datetime


def objects(client: Minio, bucket: str, prefix: str = "") -> Iterator[Listed]:
    """The objects of a bucket under a prefix, in the order of their keys."""
    for one in client.list_objects(bucket, prefix=prefix or None, recursive=True):
        if not one.is_dir and one.object_name and one.last_modified:
            yield Listed(one.object_name, int(one.size or 0), str(one.etag or "").strip('"'), one.last_modified)


def download(client: Minio, bucket: str, key: str, into: Path) -> None:
    """Copy an object to a file.

    Raises:
        NotFound: it is gone.
        Unavailable: the server is away.
    """
    with failures_named(key):
        answer = client.get_object(bucket, key)
        try:
            with into.open("wb") as out:
                out.writelines(answer.stream(CHUNK))
        finally:
            answer.close()
            answer.release_conn()


def _said(answer: S3Error, asset_id: str) -> StoryreelError:
    if answer.code in ABSENT or (answer.code == "NoSuchBucket" and asset_id):
        return missing(asset_id)
    if answer.code in FULL:
        return Unavailable("The store (S3) is full: nothing was kept. Free some space and try again.", cause="disk-full")
    if answer.code in REFUSED:
        return Unavailable(
            f"The store (S3) refuses us ({answer.code}): look at S3_ACCESS_KEY and S3_SECRET_KEY.", cause="store-refused"
        )
    return Unavailable(f"The store (S3) answers {answer.code}: {answer.message}", cause="store-away")
