"""Assets in the graph: cards, tags, uses; found by words and looks; collected only when nothing names them."""

from __future__ import annotations

import asyncio
import io
import os
import random
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
import pytest
from PIL import Image
from sqlalchemy import text

from storyreel.actions.reads import FIND_KINDS, Find
from storyreel.actions.words import all_said
from storyreel.assets import FolderStore
from storyreel.assets.incoming import Incoming
from storyreel.commits import EnvelopeRefused
from storyreel.commits.garbage import Collector
from storyreel.commits.intake import Intake
from storyreel.graph.search import QUERIES, search
from storyreel.graph.uses import uses
from storyreel.model.errors import BadInput, NotFound
from storyreel.model.rows import AssetCard, Use
from tests.assets import samples as bad
from tests.commits.conftest import Studio
from tests.commits.test_undo import live, replayed
from tests.fixtures_services import Addresses

DAY_S = 86_400.0


class Files:
    """Files that are taken in, and what becomes of their bytes."""

    def __init__(self, studio: Studio, store: FolderStore, folder: Path) -> None:
        self.studio = studio
        self.store = store
        self.folder = folder
        self.incoming = Incoming(folder / "uploads")

    async def take(self, seed: int = 0, name: str = "a.png", data: bytes | None = None) -> str:
        file = self.folder / "new"
        file.write_bytes(data or bad.picture(seed=seed))
        intake = Intake(self.studio.door, self.store, self.incoming)
        return (await intake.keep(self.studio.workspace_id, file, name=name, source={"by": "upload"})).id

    async def age(self, *ids: str, days: float = 3) -> None:
        """As if they had been kept some days ago."""
        for one in ids:
            path = self.store.file(one)
            then = path.stat().st_mtime - days * DAY_S
            os.utime(path, (then, then))
        await self.sql(
            "update asset set created_at = created_at - make_interval(days => :days) where id = any(:ids)",
            ids=list(ids),
            days=int(days),
        )

    async def sql(self, statement: str, **values: Any) -> None:
        async with self.studio.door.database.begin() as conn:
            await conn.execute(text(statement), values)

    async def collect(self, *, undo_s: float | None = None, **more: bool) -> set[str]:
        collector = Collector(self.studio.door.database, self.store, self.incoming, DAY_S, undo_s)
        return set((await collector.collect(**more)).assets)

    async def find(self, words: str = "", *kinds: Any, **more: Any) -> list[dict[str, Any]]:
        async with self.studio.door.database.connect() as conn:
            return await search(conn, self.studio.workspace_id, Find(words=words, kinds=kinds or FIND_KINDS, **more))


@pytest.fixture
def files(studio: Studio, store: FolderStore, tmp_path: Path) -> Files:
    return Files(studio, store, tmp_path)


def told(outcome: Any, language: Any) -> str:
    return "; ".join(all_said(outcome.commit.summary, language))


async def test_cards_tags_and_uses_can_be_written_and_taken_back(studio: Studio, files: Files) -> None:
    a, b = await files.take(1), await files.take(2)
    brought = await studio.do(
        (
            "asset.import",
            {"assets": [{"asset": a, "title": "灯塔", "tags": ["外景", "外景 "]}], "by": "folder", "where": "folder:x"},
        )
    )
    assert told(brought, "en") == "import 1 file from folder:x" and "导入 1 个素材" in told(brought, "zh")
    tagged = await studio.do(("asset.tag", {"assets": [a, b], "add": ["Night", "night"], "remove": ["外景"], "note": "雨夜"}))
    assert told(tagged, "en") == "2 assets: tag Night; no longer 外景; a note"
    cards = {card.asset_id: card for card in (await studio.view()).all(AssetCard)}
    assert (cards[a].title, cards[a].tags, cards[b].tags, cards[b].note) == ("灯塔", ("Night",), ("Night",), "雨夜")
    used = await studio.do(("asset.attach_to_shot", {"asset": a, "shots": "2-3", "role": "style"}))
    assert told(used, "en") == "shots 2, 3: use '灯塔' as style reference"
    await studio.do(("asset.detach_from_shot", {"asset": a, "shots": "2"}))
    assert [use.role for use in (await studio.view()).all(Use)] == ["style"]
    with pytest.raises(EnvelopeRefused, match="so already"):
        await studio.do(("asset.detach_from_shot", {"asset": a, "shots": "2"}))
    for _ in range(4):
        await studio.do(("version.undo", {}))
    view = await studio.view()
    assert view.all(AssetCard) == [] and view.all(Use) == []


@pytest.mark.parametrize("action", ["asset.import", "asset.tag", "asset.attach_to_shot"])
async def test_what_is_not_there_is_said_and_nothing_is_written(studio: Studio, action: str) -> None:
    nobody = "0" * 64
    args = {"asset.import": {"assets": [{"asset": nobody}]}, "asset.tag": {"assets": [nobody], "add": ["x"]}}
    with pytest.raises(EnvelopeRefused, match="no asset") as refused:
        await studio.do((action, args.get(action, {"asset": nobody, "shots": "1"})))
    assert refused.value.facts["cause"] == "not-found"


async def test_an_asset_of_another_project_cannot_be_named(studio: Studio, files: Files) -> None:
    other = Studio(studio.door, UUID(int=7))
    await other.ask(("project.create", {"name": "Other", "fps": 24}))
    theirs = await Files(other, files.store, files.folder).take(5)
    with pytest.raises(EnvelopeRefused, match="no asset"):
        await studio.do(("asset.tag", {"assets": [theirs], "add": ["x"]}))
    assert await files.find("", "asset") == []
    with pytest.raises(NotFound):
        await files.find(like=theirs)


async def test_a_locked_shot_is_left_alone(studio: Studio, files: Files) -> None:
    a = await files.take()
    await studio.do(("shot.update", {"shots": "2", "status": "locked"}))
    outcome = await studio.do(("asset.attach_to_shot", {"asset": a, "shots": "1-3"}))
    assert [said.code for said in outcome.commit.skipped] == ["shot.skipped"]
    with pytest.raises(EnvelopeRefused, match="locked"):
        await studio.do(("asset.attach_to_shot", {"asset": a, "shots": "2"}))


@pytest.mark.parametrize("seed", range(3))
async def test_random_work_on_assets_can_be_undone_redone_and_replayed(studio: Studio, files: Files, seed: int) -> None:
    chance = random.Random(seed)
    ids = [await files.take(n) for n in range(3)]
    states = [live((await studio.view()).rows)]
    for _ in range(14):
        one, tags = chance.choice(ids), chance.sample(["外景", "Night", "x", "参考"], 2)
        asked = chance.choice(
            [
                (
                    "asset.import",
                    {"assets": [{"asset": i, "title": f"t{chance.randint(1, 3)}", "tags": tags} for i in chance.sample(ids, 2)]},
                ),
                ("asset.tag", {"assets": [one], "add": tags[:1], "remove": tags[1:], "title": chance.choice([None, "新", ""])}),
                (
                    "asset.attach_to_shot",
                    {"asset": one, "shots": f"{chance.randint(1, 5)}", "role": chance.choice(["image", "style"])},
                ),
                ("asset.detach_from_shot", {"asset": one, "shots": "all"}),
                ("shot.delete", {"shots": "last"}),
            ]
        )
        try:
            await studio.do(asked)
        except BadInput:
            continue
        now = live((await studio.view()).rows)
        assert now != states[-1], "what says it was done changes something"
        states.append(now)
    assert len(states) > 4 and live(await replayed(studio)) == states[-1]
    for state in reversed(states[:-1]):
        await studio.do(("version.undo", {}))
        assert live((await studio.view()).rows) == state
    for state in states[1:]:
        await studio.do(("version.redo", {}))
        assert live((await studio.view()).rows) == state


async def test_words_are_found_wherever_they_stand_with_the_shot_they_stand_in(studio: Studio, files: Files) -> None:
    asset = await files.take(1, "红色灯塔.png")
    await studio.do(
        ("shot.update", {"shots": "4", "picture": {"subject": "老人点亮红色的灯塔"}, "notes": "slow and quiet"}),
        ("asset.tag", {"assets": [asset], "add": ["雨夜"], "note": "from the harbour"}),
        ("episode.update", {"script": "第一场：海边有一座红色的灯塔，无人看守。" + "很长。" * 200}),
    )
    found = await files.find("红色的灯塔")
    assert {hit["kind"] for hit in found} == {"shot", "script"}
    shot = next(hit for hit in found if hit["kind"] == "shot")
    assert (shot["shot"], shot["field"]) == (4, "picture.subject") and "红色的灯塔" in shot["snippet"]
    script = next(hit for hit in found if hit["kind"] == "script")
    assert "红色的灯塔" in script["snippet"] and len(script["snippet"]) < 200
    assert [hit["shot"] for hit in await files.find("QUIET", "shot")] == [4]
    for words in ("灯塔", "雨夜", "harbour"):
        assert [hit["id"] for hit in await files.find(words, "asset")] == [asset]
    for words in ("灯火", "quietly", "塔灯", "'; drop table asset; --", '"', "( & |", "-"):
        assert await files.find(words) == []
    answer = await studio.ask(("asset.list_by_project", {"query": "harbour"}))
    assert [one["id"] for one in answer.data[0]["assets"]] == [asset] and answer.data[0]["assets"][0]["tags"] == ["雨夜"]
    newest = await studio.ask(("asset.search", {}))
    assert [one["name"] for one in newest.data[0]["assets"]] == ["红色灯塔.png"]


async def test_the_indexes_serve_the_search(studio: Studio, files: Files, database: Addresses) -> None:
    """The queries as they are sent, over enough rows that a look at each would cost more."""
    await files.sql(
        """
        insert into memory (workspace_id, id, fact) select :ws, gen_random_uuid(), 'fact ' || n from generate_series(1, 2000) n
        """,
        ws=studio.workspace_id,
    )
    await files.sql(
        """
        insert into asset (workspace_id, id, media_type, size_bytes, name)
        select :ws, encode(sha256(n::text::bytea), 'hex'), 'image/png', 1, 'name ' || n from generate_series(1, 2000) n
        """,
        ws=studio.workspace_id,
    )
    await files.sql(
        """
        insert into work_item (workspace_id, id, kind, scene_id, order_key, label, frames, spec)
        select :ws, gen_random_uuid(), 'shot', (select min(id::text)::uuid from scene where workspace_id = :ws), 'x' || n, 'l' || n, 9,
            jsonb_build_object('notes', 'note ' || n) from generate_series(1, 2000) n
        """,
        ws=studio.workspace_id,
    )
    await files.sql(
        """
        insert into node (workspace_id, id, kind, work_item_id, request)
        select :ws, gen_random_uuid(), 'note', (select min(id::text)::uuid from work_item where workspace_id = :ws),
            jsonb_build_object('image', jsonb_build_object('prompt', 'prompt ' || n)) from generate_series(1, 2000) n
        """,
        ws=studio.workspace_id,
    )
    await files.sql(
        """
        insert into script (workspace_id, id, episode_id, version, language, format, source)
        select :ws, gen_random_uuid(), (select min(id::text)::uuid from episode where workspace_id = :ws), 1000 + n, 'en', 'prose',
            'line ' || n from generate_series(1, 2000) n
        """,
        ws=studio.workspace_id,
    )
    await files.sql("insert into conversation (workspace_id, id) values (:ws, :ws)", ws=studio.workspace_id)
    await files.sql(
        """
        insert into message (workspace_id, id, conversation_id, turn_id, role, actor, text)
        select :ws, gen_random_uuid(), :ws, gen_random_uuid(), 'person', 'a', 'said ' || n from generate_series(1, 2000) n
        """,
        ws=studio.workspace_id,
    )
    with psycopg.connect(database.owner, autocommit=True) as owner:
        owner.execute("analyze")
    async with studio.door.database.begin() as conn:
        for kind, index in INDEXES.items():
            plan = await conn.execute(
                text(f"explain {QUERIES[kind]}"), {"ws": studio.workspace_id, "words": "1711", "first": "1711"}
            )
            said = "\n".join(plan.scalars())
            assert index in said, f"{kind}: {said}"
    assert {hit["kind"] for hit in await files.find("1711")} == set(INDEXES)


INDEXES = {
    "script": "script_found",
    "message": "message_found",
    "shot": "work_item_found",
    "prompt": "node_prompt_found",
    "memory": "memory_found",
    "asset": "asset_name_found",
}


async def test_what_looks_alike_is_found_and_the_nearest_comes_first(studio: Studio, files: Files) -> None:
    ids = [await files.take(n) for n in range(8)]
    copy = io.BytesIO()
    Image.fromarray(bad.scene(seed=5)).crop((3, 2, 93, 62)).resize((60, 40)).save(copy, "JPEG", quality=35)
    wanted = await files.take(data=copy.getvalue(), name="copy.jpg")
    found = await files.find(like=wanted, limit=3)
    assert found[0]["id"] == ids[5] and len(found) == 3
    assert found[0]["distance"] < 0.4 < found[1]["distance"]
    answer = (await studio.ask(("asset.search", {"like": wanted, "limit": 1}))).data[0]["assets"]
    assert [one["id"] for one in answer] == [ids[5]] and answer[0]["distance"] == found[0]["distance"]


async def test_where_an_asset_is_used_is_told(studio: Studio, files: Files) -> None:
    a = await files.take(1)
    await studio.do(("asset.attach_to_shot", {"asset": a, "shots": "2,4"}))
    await studio.do(("version.snapshot", {"name": "with it"}))
    await studio.do(("asset.detach_from_shot", {"asset": a, "shots": "all"}))
    await studio.do(("version.snapshot", {"name": "without"}))
    await studio.do(("asset.attach_to_shot", {"asset": a, "shots": "5"}))
    async with studio.door.database.connect() as conn:
        found = await uses(conn, studio.workspace_id, a)
    assert [one["shot"] for one in found["shots"]] == [5]
    assert "with it" in [one["name"] for one in found["snapshots"]]
    assert "without" not in [one["name"] for one in found["snapshots"]]


async def test_only_what_nothing_names_is_collected(studio: Studio, files: Files) -> None:
    spare, card, used, undone, spoken, young = [await files.take(n) for n in range(6)]
    orphan = await files.store.put(b"bytes of a stage that failed")
    await studio.do(("asset.tag", {"assets": [card], "add": ["x"]}), ("asset.attach_to_shot", {"asset": used, "shots": "1"}))
    await studio.do(("asset.attach_to_shot", {"asset": undone, "shots": "2"}))
    await studio.do(("version.undo", {}))
    await studio.do(("shot.update", {"shots": "3", "notes": f"like asset://{spoken}"}))
    await files.age(spare, card, used, undone, spoken, orphan)
    assert await files.collect(dry_run=True) == {spare, orphan} and await files.store.exists(spare)
    assert await files.collect() == {spare, orphan}
    assert not await files.store.exists(spare) and await files.collect() == set()
    for one in (card, used, undone, spoken, young):
        assert await files.store.exists(one)
    await studio.do(("version.undo", {}))
    await studio.do(("version.redo", {}))


async def test_beyond_the_horizon_only_a_snapshot_holds_what_was_removed(studio: Studio, files: Files) -> None:
    held, gone = await files.take(1), await files.take(2)
    await studio.do(("asset.attach_to_shot", {"asset": held, "shots": "1"}))
    await studio.do(("version.snapshot", {"name": "with the first"}))
    await studio.do(("asset.detach_from_shot", {"asset": held, "shots": "1"}))
    await studio.do(("asset.attach_to_shot", {"asset": gone, "shots": "1"}))
    await studio.do(("asset.detach_from_shot", {"asset": gone, "shots": "1"}))
    await files.age(held, gone)
    assert await files.collect(undo_s=DAY_S) == set()
    await files.sql("update commit set created_at = created_at - interval '2 days'")
    assert await files.collect() == set()
    assert await files.collect(undo_s=DAY_S) == {gone}
    assert await files.store.exists(held)
    # What comes again is whole again.
    assert await files.take(2) == gone
    await studio.do(("asset.attach_to_shot", {"asset": gone, "shots": "1"}))


async def test_a_collection_and_a_commit_at_once_never_leave_a_name_without_bytes(studio: Studio, files: Files) -> None:
    for seed in range(10, 16):
        asset = await files.take(seed)
        await files.age(asset)
        asked = studio.do(("asset.attach_to_shot", {"asset": asset, "shots": "1"}))
        collected, done = await asyncio.gather(files.collect(), asked, return_exceptions=True)
        assert not isinstance(collected, BaseException), collected
        named = not isinstance(done, BaseException)
        assert named or isinstance(done, EnvelopeRefused), done
        assert named == await files.store.exists(asset)


async def test_bytes_that_are_put_again_while_they_are_collected_stay(studio: Studio, files: Files) -> None:
    for seed in range(20, 26):
        asset = await files.take(seed)
        await files.age(asset)
        await asyncio.gather(files.collect(), files.take(seed))
        assert await files.store.exists(asset), "a person who just sent it finds it"
        async with studio.door.database.connect() as conn:
            assert await conn.scalar(text("select count(*) from asset where id = :id"), {"id": asset}) == 1
