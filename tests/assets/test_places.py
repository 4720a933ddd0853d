"""A bucket's prefix is listed, copied and told apart by version; and what a provider says of a picture is kept with it."""

from __future__ import annotations

import asyncio
from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import text

from storyreel.assets import FolderStore
from storyreel.assets.incoming import Incoming
from storyreel.assets.places import BucketPlace, FolderPlace
from storyreel.assets.s3 import S3Store
from storyreel.commits import LOCAL_OWNER
from storyreel.commits.garbage import Collector
from storyreel.commits.intake import Importer, Intake
from storyreel.model.errors import BadInput, NotPossible, Refused, Transient
from storyreel.providers.embed import Embedding, open_embedder
from storyreel.runtime.settings import Settings, load
from tests.assets import samples
from tests.assets.test_store import s3_endpoint, s3_settings
from tests.commits.conftest import Studio, door, empty, studio

__all__ = ["door", "empty", "s3_endpoint", "s3_settings", "studio"]


@pytest.fixture
def intake(studio: Studio, store: FolderStore, tmp_path: Path) -> Intake:
    return Intake(studio.door, store, Incoming(tmp_path / "uploads"))


async def test_a_prefix_of_a_bucket_is_brought_in_and_again_only_what_changed(
    studio: Studio, intake: Intake, s3_settings: Settings
) -> None:
    settings = s3_settings.model_copy(update={"import_buckets": ("material",)})
    client = S3Store.of(settings).client
    await asyncio.to_thread(client.make_bucket, "material")

    def lay(key: str, data: bytes) -> None:
        client.put_object("material", key, BytesIO(data), len(data))

    for n in range(3):
        lay(f"film/one/{n}.png", samples.picture(seed=n))
    lay("film/one/bad.png", samples.picture()[:50])
    lay("other/9.png", samples.picture(seed=9))
    place = BucketPlace.of(settings, "material", "film/")

    async def bring() -> Any:
        return await Importer(intake, studio.workspace_id, LOCAL_OWNER, uuid4()).place(place, 100)

    first = await bring()
    assert (len(first.assets), first.known, [left.name for left in first.left]) == (3, 0, ["bad.png"])
    assert first.outcome.commit.summary[0].facts["where"] == "s3://material/film/"
    lay("film/one/1.png", samples.picture(seed=7))
    lay("film/two/new.png", samples.picture(seed=8))
    second = await bring()
    assert (len(second.assets), second.known) == (2, 2)
    assert (await bring()).known == 4
    with pytest.raises(Refused):
        BucketPlace.of(settings, settings.s3_bucket, "")


async def test_more_files_than_an_import_takes_are_refused_before_one_is_copied(tmp_path: Path) -> None:
    for n in range(4):
        (tmp_path / f"{n}.txt").write_text("x")
    place = FolderPlace.of(load(home=tmp_path / "home", import_root=tmp_path), "")
    assert [one.name for one in await place.listed(4)] == ["0.txt", "1.txt", "2.txt", "3.txt"]
    with pytest.raises(BadInput, match="more than 3"):
        await place.listed(3)


class Seer:
    """Says of each picture what it is told to."""

    def __init__(self, *says: Embedding | Exception) -> None:
        self.says = list(says)

    async def picture(self, data: bytes, media_type: str) -> Embedding:
        assert data.startswith(samples.HEAD) and media_type == "image/png"
        said = self.says.pop(0)
        if isinstance(said, Exception):
            raise said
        return said

    async def close(self) -> None:
        """Nothing is open."""


async def test_what_a_provider_says_is_kept_with_its_model_and_a_picture_is_kept_without(
    studio: Studio, intake: Intake, tmp_path: Path
) -> None:
    says = [
        Embedding("m1", (1.0, 0.0)),
        Embedding("m1", (0.9, 0.1)),
        Embedding("m1", (0.0, 1.0)),
        Embedding("m2", (1.0, 0.0, 0.0)),
    ]
    seeing = Intake(intake.door, intake.store, intake.incoming, embedder=Seer(*says, Transient("away")))
    ids: list[str] = []
    for n in range(5):
        file = tmp_path / "f"
        file.write_bytes(samples.picture(seed=n))
        ids.append((await seeing.keep(studio.workspace_id, file, name="", source={})).id)
    found = await studio.ask(("asset.search", {"like": ids[0], "by": "meaning"}))
    assert [one["id"] for one in found.data[0]["assets"]] == [ids[1], ids[2]]
    async with studio.door.database.connect() as conn:
        models = await conn.execute(text("select id, embedding_model from asset"))
        assert {row.id: row.embedding_model for row in models} == dict(zip(ids, ["m1", "m1", "m1", "m2", ""], strict=True))


def test_nobody_is_asked_what_a_picture_shows_unless_the_settings_say_so(tmp_path: Path) -> None:
    assert open_embedder(load(home=tmp_path)) is None
    for wrong in ({"provider_embedding": "nobody"}, {"provider_embedding": "remote"}):
        with pytest.raises(NotPossible):
            open_embedder(load(home=tmp_path, **wrong))


async def test_bytes_on_s3_are_collected_too(studio: Studio, s3_settings: Settings, tmp_path: Path) -> None:
    store = S3Store.of(s3_settings)
    collector = Collector(studio.door.database, store, Incoming(tmp_path / "uploads"), grace_s=0)
    assert (await collector.collect()).assets == ()
    spare = await store.put(b"nobody names me")
    # The server's clock counts whole seconds.
    async with asyncio.timeout(10):
        while not (found := await collector.collect()).assets:
            await asyncio.sleep(0.2)
    assert found.assets == (spare,) and not await store.exists(spare)
