"""Versions: numbered, compared in words and as data, gone back to in whole or in part, and read as they stood."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

import pytest

from storyreel.actions.base import Asked, Envelope
from storyreel.actions.words import all_said
from storyreel.commits import LOCAL_OWNER, EnvelopeRefused, ask_then, perform
from storyreel.graph.log import revision_of
from storyreel.graph.past import film_at
from storyreel.model.errors import BadInput, NotFound
from storyreel.model.rows import Character, Episode, Scene, WorkItem
from tests.commits.conftest import Studio
from tests.standins.making import Maker


async def diff(studio: Studio, **args: Any) -> dict[str, Any]:
    return (await studio.ask(("version.diff", args))).data[0]


async def now(studio: Studio) -> int:
    return int(await studio.scalar("select revision from workspace where id = :ws"))


async def place(studio: Studio, words: str) -> int:
    async with studio.door.database.connect() as conn:
        return await revision_of(conn, studio.workspace_id, words)


async def subjects(studio: Studio) -> list[str]:
    return [shot.spec.picture.subject for shot in (await studio.view()).shots()]


async def shot(studio: Studio, number: int) -> WorkItem:
    return (await studio.view()).shots()[number - 1]


async def test_versions_are_numbered_named_noted_and_renamed(studio: Studio) -> None:
    await studio.do(("version.snapshot", {"name": "first", "note": "before Bo"}))
    await studio.do(("shot.update", {"shots": "1-3", "picture": {"time": "night"}}))
    await studio.do(("version.snapshot", {"name": "second"}))
    held = (await studio.ask(("version.list", {}))).data[0]["versions"]
    assert [(one["number"], one["name"], one["note"]) for one in held] == [(2, "second", ""), (1, "first", "before Bo")]
    every = (await studio.ask(("version.list", {"automatic": True}))).data[0]["versions"]
    assert [one["number"] for one in every] == [2, None, 1], "the place before the batch has no number"
    renamed = await studio.do(("version.snapshot", {"number": 1, "name": "draft"}))
    assert renamed.commit is not None
    assert all_said(renamed.commit.summary, "en") == ["version 1 is now called 'draft'"]
    held = (await studio.ask(("version.list", {}))).data[0]["versions"]
    assert [(one["name"], one["note"]) for one in held] == [("second", ""), ("draft", "before Bo")]
    with pytest.raises(EnvelopeRefused, match="no version #7; the newest is #2"):
        await studio.do(("version.snapshot", {"number": 7, "name": "x"}))
    with pytest.raises(EnvelopeRefused, match="already"):
        await studio.do(("version.snapshot", {"number": 2, "name": "second"}))


async def test_a_place_is_a_revision_a_number_a_name_now_or_a_time(studio: Studio) -> None:
    before = await now(studio)
    moment = await studio.scalar("select clock_timestamp()")
    await studio.do(("version.snapshot", {"name": "初稿"}))
    here = await now(studio)
    await studio.do(("shot.delete", {"shots": "2"}))
    assert [await place(studio, words) for words in ("#1", "v1", "初稿", str(here))] == [here] * 4
    assert await place(studio, "now") == here + 1
    assert await place(studio, moment.isoformat()) == before
    assert await place(studio, "2001-01-01") == 0
    for words in ("#9", "neverland", "9" * 30):
        with pytest.raises(NotFound):
            await place(studio, words)


async def test_a_difference_is_told_by_shot_in_both_languages_and_as_fields(studio: Studio) -> None:
    await studio.do(("version.snapshot", {"name": "first"}))
    await studio.do(("shot.update", {"shots": "2-3", "picture": {"time": "night"}}))
    await studio.do(("shot.update", {"shots": "1", "duration_s": 5, "cast_add": [{"character": "Bo"}]}))
    await studio.do(("shot.delete", {"shots": "5"}), ("character.update", {"character": "Anna", "personality": "brave"}))
    found = await diff(studio, since="first")
    assert "shots 2-3: time none → night" in found["told"]["en"]
    assert "第 2-3 个镜头：时间 无 → 夜晚" in found["told"]["zh"]
    first = next(line for line in found["told"]["en"] if line.startswith("shot 1:"))
    assert "length 3 → 5" in first
    assert "cast none → Bo" in first
    assert any(line.startswith("gone: shot s") and "shot 5" in line for line in found["told"]["en"])
    assert "character Anna: personality none → brave" in found["told"]["en"]
    by_shot = {change["shot"]: change for change in found["changes"] if change["what"] == "shot"}
    assert by_shot[2]["fields"] == [{"field": "time", "before": None, "after": "night"}]
    assert by_shot[None]["verb"] == "deleted"
    assert found["commits"][0]["revision"] == await place(studio, "first") + 1


async def test_a_difference_between_two_past_places_knows_nothing_of_later(studio: Studio) -> None:
    marks = []
    for time in ("dawn", "night", "dusk"):
        await studio.do(("shot.update", {"shots": "1", "picture": {"time": time}}))
        marks.append(await now(studio))
    found = await diff(studio, since=str(marks[0]), until=str(marks[1]))
    assert found["told"]["en"] == ["shot 1: time dawn → night"]
    assert (await diff(studio, since="now"))["told"] == {"zh": [], "en": []}


@pytest.mark.parametrize(
    ("part", "told"),
    [
        ({"shots": "1"}, {"shot 1"}),
        ({"scene": "One"}, {"scene One", "shot 1"}),
        ({"scene": "2"}, {"shot 4"}),
        ({"character": "Anna"}, {"character Anna"}),
        ({"episode": True}, {"scene One", "shot 1", "shot 4"}),
        ({}, {"project Other", "scene One", "shot 1", "shot 4", "character Anna"}),
    ],
)
async def test_a_part_is_compared_alone(studio: Studio, part: dict[str, Any], told: set[str]) -> None:
    since = str(await now(studio))
    await studio.do(
        ("shot.update", {"shots": "1", "notes": "a"}),
        ("shot.update", {"shots": "4", "notes": "b"}),
        ("scene.update", {"scene": "1", "goal": "c"}),
        ("character.update", {"character": "Anna", "personality": "d"}),
        ("project.update_meta", {"name": "Other"}),
    )
    found = await diff(studio, since=since, **part)
    assert {line.split(":")[0] for line in found["told"]["en"]} == told


async def test_one_part_at_a_time(studio: Studio) -> None:
    with pytest.raises(BadInput, match="name one of"):
        await diff(studio, since="1", shots="1", character="Anna")


async def test_shots_go_back_alone_and_the_others_keep_what_is_new(studio: Studio) -> None:
    since = str(await now(studio))
    await studio.do(("shot.update", {"shots": "1-3", "picture": {"time": "night"}, "cast_add": [{"character": "Bo"}]}))
    asked = await studio.ask(("version.rollback", {"to": since, "shots": "1-2"}))
    assert asked.proposal is not None
    assert asked.proposal.shots == 2
    told = all_said(asked.proposal.summary, "en")
    assert told[0].startswith("go back with shots 1-2 to")
    assert any("time night → none" in line for line in told)
    await studio.do(("version.rollback", {"to": since, "shots": "1-2"}))
    view = await studio.view()
    assert [one.spec.picture.time for one in view.shots()] == [None, None, "night", None, None]
    assert [len(view.cast_of(one.id)) for one in view.shots()] == [1, 0, 1, 2, 0]
    await studio.do(("version.undo", {}))
    assert [one.spec.picture.time for one in (await studio.view()).shots()][:3] == ["night"] * 3


async def test_a_deleted_shot_comes_back_among_its_new_neighbours(studio: Studio) -> None:
    """Its place may have been taken: the key between two shots is always the same."""
    since = str(await now(studio))
    gone = await shot(studio, 2)
    await studio.do(("shot.delete", {"shots": "2"}))
    await studio.do(("shot.add", {"after": "1", "shot": {"duration_s": 2, "picture": {"subject": "newcomer"}}}))
    await studio.do(("version.rollback", {"to": since, "shots": gone.label}))
    assert sorted((await subjects(studio))[1:3]) == ["newcomer", "shot 2"]
    keys = [one.order_key for one in (await studio.view()).shots() if one.scene_id == gone.scene_id]
    assert len(set(keys)) == len(keys)
    for after in ("1", "2", "3"):
        await studio.do(("shot.add", {"after": after, "shot": {"duration_s": 1, "picture": {"subject": "between"}}}))
    assert (await subjects(studio)).count("between") == 3


async def test_undoing_an_old_deletion_finds_its_place_too(studio: Studio) -> None:
    gone = await shot(studio, 2)
    deleted = await studio.do(("shot.delete", {"shots": "2"}))
    await studio.do(("shot.add", {"after": "1", "shot": {"duration_s": 2, "picture": {"subject": "newcomer"}}}))
    assert deleted.commit is not None
    await studio.do(("version.undo", {"revision": deleted.commit.revision}))
    keys = [one.order_key for one in (await studio.view()).shots() if one.scene_id == gone.scene_id]
    assert len(set(keys)) == len(keys) == 4


async def test_a_shot_brings_back_the_scene_it_stood_in(studio: Studio) -> None:
    since = str(await now(studio))
    gone = await shot(studio, 4)
    await studio.do(("scene.delete", {"scene": "Two"}))
    done = await studio.do(("version.rollback", {"to": since, "shots": gone.label}))
    assert done.commit is not None
    assert "bring back the scene Two with it" in all_said(done.commit.summary, "en")
    assert await subjects(studio) == ["shot 1", "shot 2", "shot 3", "shot 4"]
    assert [scene.title for scene in (await studio.view()).all(Scene)] == ["One", "Two"]


async def test_a_person_who_was_deleted_is_not_put_back_by_a_shot(studio: Studio) -> None:
    since = str(await now(studio))
    await studio.do(("shot.update", {"shots": "1", "notes": "changed"}))
    await studio.do(("character.delete", {"character": "Anna"}))
    done = await studio.do(("version.rollback", {"to": since, "shots": "1"}))
    assert done.commit is not None
    view = await studio.view()
    assert view.shots()[0].spec.notes == ""
    assert view.cast_of(view.shots()[0].id) == []
    assert [person.name for person in view.all(Character)] == ["Bo"]
    await studio.do(("version.undo", {}))
    await studio.do(("version.rollback", {"to": since, "character": "Anna"}))
    view = await studio.view()
    assert [len(view.cast_of(one.id)) for one in view.shots()] == [1, 0, 1, 2, 0]
    assert view.shots()[0].spec.notes == "changed"


async def test_a_person_does_not_go_back_to_before_there_was_one(studio: Studio) -> None:
    since = str(await now(studio))
    await studio.do(("character.create", {"name": "Cy"}), ("shot.update", {"shots": "1", "cast_add": [{"character": "Cy"}]}))
    with pytest.raises(EnvelopeRefused, match="Cy was not there yet"):
        await studio.do(("version.rollback", {"to": since, "character": "Cy"}))
    with pytest.raises(EnvelopeRefused, match="project was not there yet"):
        await studio.do(("version.rollback", {"to": "0"}))


async def test_a_name_that_was_given_again_is_not_doubled(studio: Studio) -> None:
    since = str(await now(studio))
    await studio.do(("character.delete", {"character": "Bo"}))
    deleted = await now(studio)
    await studio.do(("character.create", {"name": "Bo"}))
    with pytest.raises(EnvelopeRefused, match="another character called 'Bo'"):
        await studio.do(("version.undo", {"revision": deleted}))
    await studio.do(("version.rollback", {"to": since}))
    assert {person.name for person in (await studio.view()).all(Character)} == {"Anna", "Bo"}


async def test_a_scene_goes_back_with_the_shots_that_stood_in_it(studio: Studio) -> None:
    since = str(await now(studio))
    await studio.do(
        ("scene.update", {"scene": "1", "goal": "flee"}),
        ("shot.update", {"shots": "4", "notes": "kept"}),
        ("shot.update", {"shots": "1", "notes": "lost"}),
    )
    await studio.do(("shot.reorder", {"shots": "2", "after": "4"}))
    await studio.do(("version.rollback", {"to": since, "scene": "One"}))
    view = await studio.view()
    assert await subjects(studio) == [f"shot {n}" for n in range(1, 6)]
    assert [one.spec.notes for one in view.shots()] == ["", "", "", "kept", ""]
    assert view.scenes()[0].spec.goal == ""


async def test_every_choice_of_a_shot_is_a_version_to_go_back_to(studio: Studio) -> None:
    maker = await Maker.of(studio.door, studio.workspace_id)
    await maker.make(1, "spec")
    cells = (await maker.make(1, "grid")).node_ids[1:]
    for cell in (cells[0], cells[2]):
        await studio.do(("node.promote", {"node": str(cell)}))
    await studio.do(("version.undo", {}))
    found = (await studio.ask(("shot.versions", {"shot": "1", "slot": "picture"}))).data[0]
    assert found["shot"] == 1
    bar = found["versions"]
    assert [(one["number"], one["cell"], one["selected"], one["there"]) for one in bar] == [
        (1, 1, True, True),
        (2, 3, False, True),
        (3, 1, True, True),
    ]
    assert [one["now"] for one in bar] == [False, False, True]
    assert all(one["at"] and one["actor"] == "owner" for one in bar)
    await studio.do(("node.promote", {"node": bar[1]["node"]}))
    assert (await shot(studio, 1)).picture_node_id == cells[2]


async def test_made_things_stay_and_only_the_choice_goes_back(studio: Studio) -> None:
    maker = await Maker.of(studio.door, studio.workspace_id)
    since = str(await now(studio))
    await maker.make(1, "spec")
    cells = (await maker.make(1, "grid")).node_ids[1:]
    await studio.do(("node.promote", {"node": str(cells[0])}))
    found = await diff(studio, since=since)
    assert "made: 1 prompt plan, 1 grid, 4 image" in found["told"]["en"]
    await studio.do(("version.rollback", {"to": since, "shots": "1"}))
    view = await studio.view()
    assert view.shots()[0].picture_node_id is None
    assert len(view.rows["node"]) == 6
    assert not any(node.removed for node in view.rows["node"].values())


async def test_many_steps_back_and_forth_are_a_commit_each(studio: Studio) -> None:
    for n in range(4):
        await studio.do(("shot.update", {"shots": "1", "notes": f"{n}"}))
    done = await studio.do(("version.undo", {"steps": 3}))
    assert (await shot(studio, 1)).spec.notes == "0"
    assert done.commit is not None
    assert len(done.commit.summary) == 3
    await studio.do(("version.redo", {"steps": 2}))
    assert (await shot(studio, 1)).spec.notes == "2"
    done = await studio.do(("version.redo", {"steps": 9}))
    assert done.commit is not None
    assert (await shot(studio, 1)).spec.notes == "3"
    assert all_said(done.commit.skipped, "en") == ["only 1 of the 9 steps were there to take"]
    request = uuid4()
    for _ in range(2):
        await studio.do(("version.undo", {"steps": 2}), request_id=request)
    assert (await shot(studio, 1)).spec.notes == "1"
    with pytest.raises(BadInput, match="asked for alone"):
        await studio.do(("version.undo", {"steps": 2}), ("shot.update", {"shots": "1", "notes": "x"}))


async def then(studio: Studio, kind: str, revision: int, **args: Any) -> dict[str, Any]:
    envelope = Envelope(request_id=uuid4(), actions=(Asked(type=kind, args=args),))
    return (await ask_then(studio.door, studio.workspace_id, envelope, LOCAL_OWNER, revision)).data[0]


async def test_a_question_about_the_past_is_answered_as_it_was_then(studio: Studio) -> None:
    maker = await Maker.of(studio.door, studio.workspace_id)
    await maker.make(2, "spec")
    cells = (await maker.make(2, "grid")).node_ids[1:]
    await studio.do(("node.promote", {"node": str(cells[1])}))
    asked: list[tuple[str, dict[str, Any]]] = [
        ("shot.view", {"shot": "2"}),
        ("shot.list", {"shots": "with Anna"}),
        ("shot.list", {"shots": "scene Two"}),
        ("character.list", {}),
    ]
    envelopes = [Envelope(request_id=uuid4(), actions=(Asked(type=kind, args=args),)) for kind, args in asked]
    said = [(await perform(studio.door, studio.workspace_id, one, LOCAL_OWNER)).data[0] for one in envelopes]
    revision = await now(studio)
    await studio.do(("node.promote", {"node": str(cells[3])}))
    await maker.make(2, "grid", take=1)
    await studio.do(("shot.delete", {"shots": "1"}), ("character.update", {"character": "Anna", "personality": "brave"}))
    await studio.do(("scene.reorder", {"scene": "Two", "before": "One"}))
    for (kind, args), was in zip(asked, said, strict=True):
        assert await then(studio, kind, revision, **args) == was, kind
    with pytest.raises(BadInput, match="the film has no shots yet"):
        await then(studio, "shot.view", 1, shot="5")
    with pytest.raises(BadInput, match="asked of the past"):
        await then(studio, "version.diff", revision)
    with pytest.raises(NotFound):
        await then(studio, "shot.list", 0)


async def test_each_episode_is_read_by_itself(studio: Studio) -> None:
    await studio.do(("episode.create", {"title": "Two"}))
    view = await studio.view()
    second = next(row.id for row in view.all(Episode) if row.title == "Two")
    await studio.do(("scene.add", {"title": "Far"}), ("shot.add", {"shot": {"duration_s": 2}}), episode_id=second)
    async with studio.door.database.connect() as conn:
        for at in (None, await now(studio)):
            for episode, shots in ((None, 5), (second, 1)):
                film = await film_at(conn, studio.workspace_id, at, episode)
                assert (len(film.shots()), film.shot_count) == (shots, shots)
        assert len((await film_at(conn, studio.workspace_id, view.revision, second)).shots()) == 0
        with pytest.raises(NotFound, match="no episode"):
            await film_at(conn, studio.workspace_id, 1, second)


async def test_nothing_is_asked_of_another_project(studio: Studio) -> None:
    with pytest.raises(NotFound):
        envelope = Envelope(request_id=uuid4(), actions=(Asked(type="shot.list"),))
        await ask_then(studio.door, UUID(int=7), envelope, LOCAL_OWNER, 1)
