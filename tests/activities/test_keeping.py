"""What a stage keeps can be found by its looks, once the commit that keeps it is there."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import text

from activities.keeping import LedgerStore
from storyreel.assets import FolderStore
from storyreel.ledger import assets
from storyreel.runtime.database import Database
from tests.assets import samples
from tests.standins.project import a_project


async def test_pictures_and_clips_that_a_stage_keeps_are_known_by_their_looks(
    db: Database, store: FolderStore, tmp_path: Path
) -> None:
    project = await a_project(db)
    keeping = LedgerStore(store)
    film = tmp_path / "film.mp4"
    film.write_bytes(samples.clip())
    picture = await keeping.keep(samples.picture(), "image/png", width_px=96, height_px=64, name="cell")
    clip = await keeping.keep(film, "video/mp4")
    sound = await keeping.keep(samples.tone(), "audio/x-wav")
    broken = await keeping.keep(b"no picture", "image/png")
    for _ in range(2):
        async with db.begin() as conn:
            await assets.register_all(conn, project.workspace, [*keeping.kept, *keeping.kept])
    async with db.connect() as conn:
        found = await conn.execute(text("select id, vector_dims(perceptual) as dims, name from asset"))
        known = {row.id: (row.dims, row.name) for row in found}
    assert known == {picture.id: (96, "cell"), clip.id: (96, ""), sound.id: (None, ""), broken.id: (None, "")}


async def test_what_was_known_without_its_looks_gets_them_and_keeps_all_else(db: Database, store: FolderStore) -> None:
    project = await a_project(db)
    keeping = LedgerStore(store)
    kept = await keeping.keep(samples.picture(), "image/png", width_px=96, height_px=64, name="later")
    async with db.begin() as conn:
        await assets.register(conn, project.workspace, kept, 5, "first")
        await assets.register_all(conn, project.workspace, keeping.kept)
    async with db.connect() as conn:
        row = (await conn.execute(text("select name, size_bytes, perceptual is not null as looks from asset"))).one()
    assert (row.name, row.size_bytes, row.looks) == ("first", 5, True)
