"""Editing, what goes out, the sounds of shots, and a project's life, through the door and against PostgreSQL."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import text

from storyreel.actions.base import Role
from storyreel.actions.words import all_said
from storyreel.commits import Actor, EnvelopeRefused
from storyreel.commits.purge import TABLES, purge
from storyreel.graph.shots import episode_view, shot_view
from storyreel.graph.totals import workspaces
from storyreel.model.edits import TrimEdit
from storyreel.model.errors import NotFound, Refused
from storyreel.model.rows import Node, WorkItem
from storyreel.model.view import ShotView
from storyreel.pipeline.stages.fresh import wanted_key, wanted_request
from storyreel.runtime.tables import metadata
from tests.commits.conftest import Studio
from tests.standins.making import Maker

DAY_S = 86_400.0


async def shot(studio: Studio, number: int) -> WorkItem:
    view = await studio.view()
    return next(one for one in view.shots() if view.number(one.id) == number)


async def seen(studio: Studio, number: int) -> ShotView:
    async with studio.door.database.connect() as conn:
        return await shot_view(conn, studio.workspace_id, (await shot(studio, number)).id)


async def bring(studio: Studio, media_type: str, name: str) -> str:
    """An asset that is known to the project."""
    asset = name * 64
    async with studio.door.database.begin() as conn:
        await conn.execute(
            text("insert into asset (workspace_id, id, media_type, size_bytes, duration_s) values (:ws, :id, :type, 9, 12)"),
            {"ws": studio.workspace_id, "id": asset, "type": media_type},
        )
    return asset


async def with_clip(studio: Studio, number: int = 3) -> None:
    picture, clip = await bring(studio, "image/png", "a"), await bring(studio, "video/mp4", "b")
    await studio.do(
        ("node.import", {"shot": str(number), "asset": picture}), ("node.import", {"shot": str(number), "asset": clip})
    )


async def test_a_trimmed_shot_keeps_its_clip_and_asks_for_another_segment(studio: Studio):
    await with_clip(studio)
    before = await seen(studio, 3)
    await studio.do(("edit.trim", {"shots": "3", "in_s": 0.5, "duration_s": 1}))
    after = await seen(studio, 3)
    assert (after.shot.frames, after.shot.spec.edits) == (24, {"e1": TrimEdit(start=12, frames=24, of=72)})
    assert wanted_key("video", after, 0) == wanted_key("video", before, 0)
    assert wanted_key("compose", after, 0) != wanted_key("compose", before, 0)
    asked = wanted_request("compose", after)
    assert asked is not None
    assert asked.model_dump()["frames"] == 24
    await studio.do(("version.undo", {}))
    undone = await seen(studio, 3)
    assert undone.shot == before.shot
    assert wanted_key("compose", undone, 0) == wanted_key("compose", before, 0)


async def test_a_part_of_a_part_a_speed_and_a_held_end_follow_one_another(studio: Studio):
    for step in (
        {"step": "trim", "out_s": 2},
        {"step": "trim", "in_s": 1},
        {"step": "speed", "factor": 2},
        {"step": "hold", "by_s": 1},
    ):
        await studio.do(("edit.apply", {"shots": "1", "edit": step}))
    made = await shot(studio, 1)
    assert [edit.step for edit in made.spec.edits.values()] == ["trim", "speed", "hold"]
    assert made.frames == 12 + 24
    assert (await seen(studio, 1)).shot.spec.edits["e1"] == TrimEdit(start=24, frames=24, of=72)
    await studio.do(("edit.apply", {"shots": "1", "step": "remove", "which": "trim"}))
    assert (await shot(studio, 1)).frames == 36 + 24
    await studio.do(("edit.apply", {"shots": "1", "step": "remove"}))
    assert ((await shot(studio, 1)).frames, (await shot(studio, 1)).spec.edits) == (72, {})


async def test_a_new_length_by_other_means_ends_what_changed_the_length(studio: Studio):
    await with_clip(studio)
    await studio.do(
        ("edit.apply", {"shots": "3", "step": "grade", "look": "warm"}), ("edit.trim", {"shots": "3", "duration_s": 2})
    )
    await studio.do(("shot.update", {"shots": "3", "duration_s": 5}))
    asked = wanted_request("compose", await seen(studio, 3))
    assert asked is not None
    assert [edit["step"] for edit in asked.model_dump()["edits"]] == ["grade"]


async def test_a_chain_is_copied_and_one_that_does_not_fit_is_left_out_and_said(studio: Studio):
    await studio.do(
        ("edit.apply", {"shots": "1", "step": "grade", "look": "black_white"}),
        ("edit.apply", {"shots": "1", "step": "mirror"}),
        ("edit.trim", {"shots": "1", "in_s": 2}),
    )
    await studio.do(("shot.update", {"shots": "5", "duration_s": 1.5}))
    await studio.do(("edit.apply", {"shots": "2,5", "step": "copy", "source": "1"}))
    two, five = await shot(studio, 2), await shot(studio, 5)
    assert [edit.step for edit in two.spec.edits.values()] == ["grade", "mirror", "trim"]
    assert two.frames == 24
    assert [edit.step for edit in five.spec.edits.values()] == ["grade", "mirror"]
    assert five.frames == 36


@pytest.mark.parametrize(
    ("step", "told"),
    [
        ({"step": "trim", "in_s": 4}, "within it"),
        ({"step": "crop", "x": 0.9}, "within"),
        ({"step": "wipe"}, "wipe"),
        ({"step": "speed", "factor": 100}, "factor"),
        ({"step": "music"}, "which music"),
        ({"step": "music", "asset": "f" * 64}, "no asset"),
        ({"step": "copy", "source": "2"}, "nothing"),
    ],
)
async def test_a_step_that_cannot_be_done_says_why_and_changes_nothing(studio: Studio, step: dict[str, Any], told: str):
    before = (await studio.view()).revision
    with pytest.raises(EnvelopeRefused, match=told):
        await studio.ask(("edit.apply", {"shots": "1", "edit": step}))
    assert (await studio.view()).revision == before


async def test_the_same_step_again_changes_nothing_and_another_of_its_kind_takes_its_place(studio: Studio):
    await studio.do(("edit.apply", {"shots": "1", "step": "grade", "look": "warm"}))
    with pytest.raises(EnvelopeRefused, match="so already"):
        await studio.ask(("edit.apply", {"shots": "1", "step": "grade", "look": "warm"}))
    await studio.do(("edit.apply", {"shots": "1", "step": "grade", "look": "cool"}))
    assert [edit.model_dump()["look"] for edit in (await shot(studio, 1)).spec.edits.values()] == ["cool"]


async def test_pacing_keeps_the_total_where_it_is_asked_to(studio: Studio):
    before = sum(one.frames for one in (await studio.view()).shots())
    await studio.do(("edit.pacing", {"shots": "2", "factor": 2, "keep_total": True}))
    lengths = [one.frames for one in (await studio.view()).shots()]
    assert lengths[1] == 144
    assert sum(lengths) == before
    await studio.do(("edit.pacing", {"factor": 0.5, "keep_clips": True}))
    paced = await shot(studio, 2)
    assert paced.frames == 72
    assert [edit.step for edit in paced.spec.edits.values()] == ["speed"]
    with pytest.raises(EnvelopeRefused, match="no room"):
        await studio.ask(("edit.pacing", {"shots": "2", "factor": 4, "keep_total": True}))


async def test_no_shot_is_paced_to_less_than_its_line(studio: Studio):
    await studio.do(("shot.update", {"shots": "1", "lines": [{"text": "This is a line that takes quite some time to be said."}]}))
    await studio.do(("edit.pacing", {"shots": "1-2", "factor": 0.3}))
    assert (await shot(studio, 1)).frames > 48 > (await shot(studio, 2)).frames


async def test_captions_music_and_mix_are_of_the_project_and_are_undone(studio: Studio):
    was = (await studio.view()).workspace.profile
    await studio.do(
        ("edit.caption_style", {"size": "large", "place": "top", "colour": "#ffee00"}),
        ("edit.replace_music", {"words": "chinese"}),
        ("edit.replace_music", {"shots": "2-3", "mood": "tense"}),
        ("edit.apply", {"step": "mix", "music_db": -6}),
        ("edit.apply", {"step": "ends", "in_s": 1, "out_s": 2}),
    )
    view = await studio.view()
    profile = view.workspace.profile
    assert profile.caption_style is not None
    assert profile.mix is not None
    assert (profile.caption_style.size, profile.music, profile.mix.music_db, profile.mix.fade_out_s) == (
        "large",
        "chinese",
        -6,
        2,
    )
    assert [one.spec.audio.music for one in view.shots()] == [None, "tense", "tense", None, None]
    assert [[edit.step for edit in one.spec.edits.values()] for one in view.shots()] == [["fade"], [], [], [], ["fade"]]
    await studio.do(("version.undo", {}))
    assert (await studio.view()).workspace.profile == was


async def test_own_music_is_the_films_until_other_music_is_asked_for(studio: Studio):
    own = await bring(studio, "audio/wav", "c")
    await studio.do(("project.update_meta", {"music": "none"}))
    await studio.do(("edit.replace_music", {"asset": own}))
    view = await studio.view()

    async def music() -> Node | None:
        async with studio.door.database.connect() as conn:
            return (await episode_view(conn, studio.workspace_id, view.episode.id)).latest.get("music")

    found = await music()
    assert found is not None
    assert (found.asset_id, view.workspace.profile.music) == (own, "")
    await studio.do(("edit.replace_music", {"words": "piano"}))
    assert await music() is None
    await studio.do(("version.undo", {}))
    assert await music() is not None


async def test_sounds_are_asked_for_by_words_and_only_where_they_are_asked_for(studio: Studio):
    outcome = await studio.do(("gen.sfx", {"shots": "2", "words": "waves and gulls"}))
    assert outcome.commit is not None
    stages = await studio.scalar("select stages from task where id = :id", id=outcome.commit.tasks[0])
    assert stages == ["sfx"]
    request = wanted_request("sfx", await seen(studio, 2))
    assert request is not None
    assert request.model_dump()["sfx"]["words"] == "waves and gulls"
    assert "sfx" not in await studio.scalar("select stages from task where id = :id", id=(await task_of(studio)))


async def task_of(studio: Studio) -> Any:
    outcome = await studio.do(("gen.video", {"shots": "3"}))
    assert outcome.commit is not None
    return outcome.commit.tasks[0]


async def test_an_export_is_looked_at_before_it_is_made(studio: Studio):
    await with_clip(studio)
    await studio.do(("gen.video", {"shots": "1"}))
    outcome = await studio.ask(("export.preview", {}))
    told = outcome.data[0]
    assert [line["state"] for line in told["shots"]] == ["in_work", *["missing"] * 4]
    assert (told["length_s"], told["film"], told["ready"], told["render_first"]) == (15, "missing", False, [1, 2, 3, 4, 5])
    assert told["size_estimate_bytes"] > 100_000
    assert told["state"] == "in_progress"


async def test_a_platform_shapes_the_film_and_says_what_must_be_framed_anew(studio: Studio):
    await with_clip(studio)
    outcome = await studio.do(("export.platform_preset", {"platform": "YouTube Shorts"}))
    assert outcome.commit is not None
    profile = (await studio.view()).workspace.profile
    assert (profile.aspect, profile.resolution, profile.platform) == ("9:16", "1080p", "youtube_shorts")
    said = all_said(outcome.commit.summary, "en")
    assert any("framed anew" in line and "shot 3" in line for line in said)
    assert all(all_said(outcome.commit.summary, "zh"))
    with pytest.raises(EnvelopeRefused, match="Douyin"):
        await studio.ask(("export.platform_preset", {"platform": "telly"}))


async def test_an_archived_project_is_left_alone_until_it_is_restored(studio: Studio):
    await studio.do(("gen.video", {"shots": "1"}))
    await studio.do(("project.archive", {}))
    assert await studio.scalar("select count(*) from task where workspace_id = :ws and state = 'pending'") == 0
    for asked in (("shot.update", {"shots": "1", "duration_s": 2}), ("gen.video", {"shots": "1"})):
        with pytest.raises(Refused, match=r"archived.*restore"):
            await studio.ask(asked)
    assert (await studio.ask(("shot.list", {}))).data
    async with studio.door.database.connect() as conn:
        assert await workspaces(conn) == []
        assert [one["state"] for one in await workspaces(conn, shown="archived")] == ["archived"]
    await studio.do(("project.restore", {}))
    await studio.do(("shot.update", {"shots": "1", "duration_s": 2}))
    async with studio.door.database.connect() as conn:
        assert [one["shots"] for one in await workspaces(conn)] == [5]


async def test_archiving_is_undone_like_anything_else(studio: Studio):
    await studio.do(("project.archive", {}))
    await studio.do(("version.undo", {}))
    await studio.do(("shot.update", {"shots": "1", "duration_s": 2}))


async def test_deleting_asks_first_and_is_taken_back_by_restoring(studio: Studio):
    before = await studio.view()
    assert (await studio.ask(("project.delete", {}))).proposal is not None
    await studio.do(("project.delete", {}))
    for asked in (("shot.list", {}), ("shot.update", {"shots": "1", "duration_s": 2})):
        with pytest.raises(NotFound, match="deleted"):
            await studio.ask(asked)
    async with studio.door.database.connect() as conn:
        assert await workspaces(conn) == []
        assert [one["state"] for one in await workspaces(conn, shown="deleted")] == ["deleted"]
    await studio.do(("project.restore", {}))
    after = await studio.view()
    assert (after.workspace, after.shots()) == (before.workspace, before.shots())


async def test_only_an_owner_ends_a_project(studio: Studio):
    with pytest.raises(EnvelopeRefused, match="owner"):
        await studio.ask(("project.delete", {}), actor=Actor(id="eve", role=Role.editor))


async def test_a_deleted_project_goes_for_good_only_when_its_time_is_over(studio: Studio):
    maker = await Maker.of(studio.door, studio.workspace_id)
    await maker.through(1)
    await studio.do(("gen.video", {"shots": "2"}))
    other = Studio(studio.door, uuid4())
    await other.do(("project.create", {"name": "Stays"}))
    await studio.do(("project.delete", {}))
    database = studio.door.database
    assert await purge(database, retention_s=DAY_S, actor="ops") == ()
    assert [one.name for one in await purge(database, retention_s=0, actor="ops", dry_run=True)] == ["Test"]
    (gone,) = await purge(database, retention_s=0, actor="ops")
    assert gone.rows["work_item"] == 5
    assert gone.rows["node"] > 3
    for table in [table for table in metadata.tables.values() if "workspace_id" in table.c and table.name != "purge"]:
        assert await studio.scalar(f"select count(*) from {table.name} where workspace_id = :ws") == 0, table.name
    with pytest.raises(NotFound):
        await studio.do(("project.restore", {}))
    assert await studio.scalar("select actor from purge where workspace_id = :ws") == "ops"
    assert (await other.view()).workspace.name == "Stays"
    assert await purge(database, retention_s=0, actor="ops") == ()


def test_every_table_of_a_workspace_is_purged():
    named = {table.name for table in metadata.tables.values() if "workspace_id" in table.c}
    assert named - set(TABLES) == {"purge"}
