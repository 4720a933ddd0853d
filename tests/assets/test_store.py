"""Every store keeps the same promises: a folder, and a real S3 server."""

import asyncio
import os
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from storyreel.assets import Store, open_store
from storyreel.assets.folder import FolderStore
from storyreel.assets.s3 import PART_BYTES, S3Store, prune
from storyreel.embedded import fetch
from storyreel.embedded.child import Child
from storyreel.embedded.ports import free
from storyreel.embedded.supervisor import responds
from storyreel.model.digest import digest_bytes
from storyreel.model.errors import NotFound, Unavailable
from storyreel.runtime.settings import Settings, WrongSetting, load
from tests.fixtures_services import run, running

GATEWAY = "versitygw"
PACKAGE = "github.com/versity/versitygw/cmd/versitygw@v1.7.0"
NOWHERE = "0" * 64


@pytest.fixture(scope="session")
def s3_endpoint(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A real S3 server over a folder; built once, where Go is."""
    cache = fetch.cache_folder(load())
    program = cache / "bin" / "versitygw-1.7.0"
    if not program.exists() and (problem := run(_build(cache, program))):
        pytest.skip(f"No S3 server to test against: {problem}")
    folder = tmp_path_factory.mktemp("s3")
    (folder / "data").mkdir()
    port = free()
    child = Child(
        name=GATEWAY,
        argv=(str(program), "--port", f"127.0.0.1:{port}", "--health", "/health", "posix", str(folder / "data")),
        env={"ROOT_ACCESS_KEY": "tester", "ROOT_SECRET_KEY": "tester-secret"},
        ready=lambda: responds(f"http://127.0.0.1:{port}/health"),
    )
    with running(child, folder):
        yield f"http://127.0.0.1:{port}"


async def _build(cache: Path, program: Path) -> str:
    async with fetch.alone(cache, GATEWAY):
        return "" if program.exists() else await fetch.go_install(PACKAGE, program)


@pytest.fixture
def s3_settings(s3_endpoint: str, tmp_path: Path) -> Settings:
    return load(
        home=tmp_path,
        s3_endpoint=s3_endpoint,
        s3_access_key="tester",
        s3_secret_key="tester-secret",
        s3_bucket=f"b-{os.urandom(6).hex()}",
    )


@pytest.fixture(params=["folder", "s3"])
def any_store(request: pytest.FixtureRequest, tmp_path: Path) -> Store:
    return open_store(load(home=tmp_path) if request.param == "folder" else request.getfixturevalue("s3_settings"))


async def collect(pieces: AsyncIterator[bytes]) -> bytes:
    return b"".join([piece async for piece in pieces])


async def test_bytes_come_back_as_they_were_under_their_hash(any_store: Store) -> None:
    data = os.urandom(100_000)
    asset = await any_store.put(data, "image/png")
    assert asset == digest_bytes(data)
    assert await any_store.get(asset) == data
    assert await any_store.size(asset) == len(data)
    assert await any_store.exists(asset)
    assert (await any_store.path(asset)).read_bytes() == data


async def test_the_same_bytes_are_one_asset_however_often_and_however_they_come(any_store: Store, tmp_path: Path) -> None:
    data = os.urandom(300_000)
    source = tmp_path / "source"
    source.write_bytes(data)
    ids = await asyncio.gather(*(any_store.put(each) for each in [data, source] * 4))
    assert set(ids) == {digest_bytes(data)}
    assert await any_store.get(ids[0]) == data
    assert source.read_bytes() == data


async def test_a_large_file_goes_in_parts(any_store: Store, tmp_path: Path) -> None:
    source = tmp_path / "large"
    source.write_bytes(os.urandom(1 << 20) * ((PART_BYTES >> 20) * 2 + 1))
    asset = await any_store.put(source, "video/mp4")
    assert await any_store.size(asset) == source.stat().st_size
    assert digest_bytes(await any_store.get(asset)) == asset


@pytest.mark.parametrize(
    ("start", "stop"),
    [(0, None), (0, 10), (5, 6), (299_990, None), (100, 250_000), (10, 10), (299_999, 400_000), (300_000, None)],
)
async def test_a_range_is_those_bytes_and_no_more(any_store: Store, start: int, stop: int | None) -> None:
    data = bytes(range(256)) * 1172
    data = data[:300_000]
    asset = await any_store.put(data)
    assert await collect(any_store.stream(asset, start, stop)) == data[start:stop]


async def test_nothing_is_an_asset_too(any_store: Store) -> None:
    asset = await any_store.put(b"")
    assert await any_store.get(asset) == b""
    assert await any_store.size(asset) == 0


async def test_what_is_not_there_is_not_found(any_store: Store) -> None:
    await any_store.put(b"something else")
    for ask in (any_store.get(NOWHERE), any_store.size(NOWHERE), any_store.path(NOWHERE), collect(any_store.stream(NOWHERE))):
        with pytest.raises(NotFound, match=NOWHERE):
            await ask
    assert not await any_store.exists(NOWHERE)
    await any_store.delete(NOWHERE)


@pytest.mark.parametrize("name", ["../../etc/passwd", "", "A" * 64, "0" * 63, "0" * 64 + "\n"])
async def test_what_is_no_id_never_becomes_a_path(any_store: Store, name: str) -> None:
    for ask in (
        any_store.get(name),
        any_store.exists(name),
        any_store.delete(name),
        any_store.path(name),
        collect(any_store.stream(name)),
    ):
        with pytest.raises(NotFound, match="not the id"):
            await ask


async def test_what_is_deleted_is_gone(any_store: Store) -> None:
    asset = await any_store.put(b"for a while")
    await any_store.path(asset)
    await any_store.delete(asset)
    assert not await any_store.exists(asset)
    with pytest.raises(NotFound):
        await any_store.path(asset)


async def test_another_process_finds_what_was_kept(s3_settings: Settings) -> None:
    asset = await open_store(s3_settings).put(b"shared", "text/plain")
    other = S3Store.of(s3_settings)
    assert await other.get(asset) == b"shared"
    found = await asyncio.to_thread(other.client.stat_object, other.bucket, asset)
    assert found.content_type == "text/plain"


async def test_a_store_that_is_away_or_refuses_us_is_unavailable(s3_settings: Settings) -> None:
    away = S3Store.of(s3_settings.model_copy(update={"s3_endpoint": f"http://127.0.0.1:{free()}"}))
    with pytest.raises(Unavailable, match="away"):
        await away.put(b"x")
    stranger = S3Store.of(load(**{**s3_settings.model_dump(), "s3_secret_key": "wrong"}))
    with pytest.raises(Unavailable, match="S3_SECRET_KEY"):
        await stranger.put(b"x")


def test_an_address_that_is_none_is_named_by_its_setting() -> None:
    for wrong in ("ftp://host", "http://host/path", "http://"):
        with pytest.raises(WrongSetting, match="S3_ENDPOINT"):
            open_store(load(s3_endpoint=wrong))


async def test_a_full_disk_is_said_and_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_handle: int) -> None:
        raise OSError(28, "No space left on device")

    store = FolderStore(tmp_path)
    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(Unavailable, match="disk of the store is full"):
        await store.put(b"too much")
    assert [each for each in tmp_path.rglob("*") if each.is_file()] == []


async def test_bytes_that_change_on_their_way_are_not_kept(tmp_path: Path) -> None:
    store = FolderStore(tmp_path)
    with pytest.raises(Unavailable, match="changed on their way"):
        store.fill(NOWHERE, lambda file: file.write(b"half") and None)
    assert not await store.exists(NOWHERE)


def test_the_oldest_copies_leave_a_cache_that_is_too_large(tmp_path: Path) -> None:
    for age, name in enumerate(("new", "old", "oldest")):
        (tmp_path / name).write_bytes(b"x" * 10)
        os.utime(tmp_path / name, (1000 - age, 1000 - age))
    prune(tmp_path, 15)
    assert [each.name for each in tmp_path.iterdir()] == ["new"]
