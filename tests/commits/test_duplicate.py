"""A project copied: the same graph under other ids, and with substitutions exactly what they touch is other."""

from __future__ import annotations

import random
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text

from storyreel.actions.base import Role
from storyreel.actions.copying import kept_rows, respanned, words_pattern
from storyreel.actions.words import all_said
from storyreel.commits import Actor, EnvelopeRefused, Outcome
from storyreel.graph.shots import shot_view
from storyreel.model.ids import derive
from storyreel.model.rows import Character, Node, Script, WorkItem
from storyreel.pipeline.stages.fresh import is_fresh
from tests.commits.conftest import Studio
from tests.commits.moves import MOVES
from tests.commits.test_random_work import STORY, work
from tests.commits.test_undo import live
from tests.standins.making import Maker


@pytest.fixture
async def made(studio: Studio) -> Studio:
    """Shots 1 and 3 with pictures and clips; Anna is in 1 and 4, Bo in 3 and 4."""
    maker = await Maker.of(studio.door, studio.workspace_id)
    for number in (1, 3):
        await maker.through(number)
    return studio


def at(studio: Studio, workspace_id: UUID) -> Studio:
    return Studio(studio.door, workspace_id)


async def copies(studio: Studio, **args: Any) -> list[Studio]:
    outcome = await studio.do(("project.duplicate", args))
    assert outcome.commit is not None
    assert all(all_said(outcome.commit.summary, "zh"))
    return [at(studio, one) for one in outcome.commit.copies]


async def pairs(source: Studio, copy: Studio) -> dict[UUID, UUID]:
    """Old ids to new ones, from what the copy's nodes say and from the way ids are made."""
    view = await source.view()
    ids = {row.id: derive(copy.workspace_id, "copy", row.id) for row in kept_rows(view)}
    return {**ids, source.workspace_id: copy.workspace_id}


async def differing(source: Studio, copy: Studio) -> set[tuple[str, UUID]]:
    """The rows of the source that are other in the copy, or are not there; rows that only the copy has are none."""
    ids = await pairs(source, copy)
    names = {str(old): str(new) for old, new in ids.items()}
    before, after = await source.view(), await copy.view()
    kept = kept_rows(before)
    assert {row.id for rows in after.rows.values() for row in rows.values()} <= set(ids.values())

    def there(value: Any) -> Any:
        if isinstance(value, dict):
            return {there(key): there(item) for key, item in value.items()}
        if isinstance(value, list):
            return [there(item) for item in value]
        return names.get(value, value) if isinstance(value, str) else value

    found: set[tuple[str, UUID]] = set()
    for row in kept:
        other = after.rows.get(row.table, {}).get(ids[row.id])
        dumped = there(row.model_dump(mode="json"))
        now = other.model_dump(mode="json") if other is not None else None
        if isinstance(row, Node) and now is not None:
            assert now["facts"].pop("from") == {"workspace": str(source.workspace_id), "node": str(row.id)}
            dumped["facts"].pop("from", None)
        if dumped != now:
            found.add((row.table, row.id))
    return found


async def test_a_copy_without_substitutions_is_the_same_graph_under_other_ids(made: Studio):
    before = live((await made.view()).rows)
    (copy,) = await copies(made)
    assert await differing(made, copy) == {("workspace", made.workspace_id)}
    view = await copy.view()
    assert (view.workspace.name, view.revision) == ("Test 2", 1)
    assert live((await made.view()).rows) == before


@pytest.mark.parametrize("seed", range(3))
async def test_that_holds_of_any_project(made: Studio, seed: int):
    names = [name for name in STORY if name in MOVES and name not in ("project.duplicate", "project.set_state", "project.create")]
    await work(made, random.Random(seed), names)
    (copy,) = await copies(made)
    assert await differing(made, copy) == {("workspace", made.workspace_id)}


async def test_what_is_untouched_is_fresh_there_and_is_not_bought_again(made: Studio):
    (copy,) = await copies(made, render=True)
    for shot in (await copy.view()).shots():
        async with made.door.database.connect() as conn:
            view = await shot_view(conn, copy.workspace_id, shot.id)
        number = view.number
        assert is_fresh("grid", view) == is_fresh("video", view) == (number in (1, 3))
    assert await copy.scalar("select count(*) from task where workspace_id = :ws") == 0
    counts = "select count(*) from made m join provider_job j using (workspace_id) where m.workspace_id = :ws and j.id = m.job_id"
    assert await copy.scalar(counts) == await made.scalar(counts)


async def test_one_substitution_touches_just_its_rows_and_makes_just_those_again(made: Studio):
    view = await made.view()
    anna = next(person for person in view.all(Character) if person.name == "Anna")
    (copy,) = await copies(made, characters={"Anna": {"look": {"hair": "short"}}}, render=True)
    assert await differing(made, copy) == {("workspace", made.workspace_id), ("character", anna.id)}
    ids = await pairs(made, copy)
    tasks = await copy.scalar("select array_agg(work_item_id) from task where workspace_id = :ws")
    first = next(shot for shot in view.shots() if view.number(shot.id) == 1)
    assert tasks == [ids[first.id]]


async def test_another_character_takes_the_parts(made: Studio):
    (copy,) = await copies(made, characters={"Anna": {"by": "Bo"}})
    view = await copy.view()
    people = {person.id: person.name for person in view.all(Character)}
    cast = {view.number(shot.id): [people[part.character_id] for part in view.cast_of(shot.id)] for shot in view.shots()}
    assert cast == {1: ["Bo"], 2: [], 3: ["Bo"], 4: ["Bo"], 5: []}
    assert sorted(people.values()) == ["Anna", "Bo"]


async def test_a_name_changes_wherever_it_is_said(made: Studio):
    await made.do(
        ("shot.update", {"shots": "2", "lines": [{"speaker": "Anna", "text": "I am Anna, not Annabel."}]}),
        ("episode.update", {"script": "Anna walks. Anna stops."}),
    )
    copy, second = await copies(
        made,
        variants=[
            {"characters": {"Anna": {"name": "Mia"}}},
            {"words": {"street": "harbour"}, "name": "By the sea", "language": "zh"},
        ],
    )
    said = [line for shot in (await copy.view()).shots() for line in shot.spec.lines.values()]
    assert ("Mia", "I am Mia, not Annabel.") in [(line.speaker, line.text) for line in said]
    assert next(iter((await copy.view()).all(Script))).source == "Mia walks. Mia stops."
    view = await second.view()
    assert (view.workspace.name, view.workspace.profile.language, view.episode.language) == ("By the sea", "zh", "zh")
    assert [scene.spec.place for scene in view.scenes()] == ["harbour", "sea"]


async def test_own_pictures_are_exchanged_and_made_ones_stay(made: Studio):
    for name in ("a", "b"):
        async with made.door.database.begin() as conn:
            await conn.execute(
                text("insert into asset (workspace_id, id, media_type, size_bytes) values (:ws, :id, 'image/png', 9)"),
                {"ws": made.workspace_id, "id": name * 64},
            )
    await made.do(("node.import", {"shot": "2", "asset": "a" * 64}), ("node.reference", {"shots": "1", "asset": "a" * 64}))
    (copy,) = await copies(made, assets={"a" * 64: "b" * 64})
    view = await copy.view()
    two = next(shot for shot in view.shots() if view.number(shot.id) == 2)
    assert view.get(Node, two.picture_node_id).asset_id == "b" * 64
    assert {table for table, _ in await differing(made, copy)} == {"workspace", "node", "work_item_asset"}
    with pytest.raises(EnvelopeRefused, match="no asset"):
        await made.ask(("project.duplicate", {"assets": {"a" * 64: "f" * 64}}))


async def test_a_copy_is_priced_first_and_asked_for_by_an_owner(made: Studio):
    outcome: Outcome = await made.ask(("project.duplicate", {"words": {"street": "pier"}, "render": True}))
    assert outcome.proposal is not None
    assert outcome.proposal.quote.renders == 2
    assert await made.scalar("select count(*) from workspace") == 1
    with pytest.raises(EnvelopeRefused, match="owner"):
        await made.ask(("project.duplicate", {}), actor=Actor(id="eve", role=Role.editor))


async def test_a_copy_is_a_project_of_its_own(made: Studio):
    (copy,) = await copies(made)
    await copy.do(("shot.update", {"shots": "1", "duration_s": 5}))
    await copy.do(("version.undo", {}))
    with pytest.raises(EnvelopeRefused, match="began"):
        await copy.ask(("version.undo", {}))
    assert len((await copy.view()).shots()) == 5
    (again,) = await copies(copy, words={"sea": "lake"})
    assert len((await again.view()).shots()) == 5


@pytest.mark.parametrize(
    ("args", "told"),
    [
        ({"characters": {"Carol": {"name": "Mia"}}}, "Carol"),
        ({"characters": {"Anna": {"name": "Bo"}}}, "called"),
        ({"characters": {"Anna": {"by": "Bo", "name": "Mia"}}}, "either"),
        ({"words": {"street": "smoking"}}, "smoking"),
    ],
)
async def test_what_cannot_be_substituted_says_why_and_makes_nothing(made: Studio, args: dict[str, Any], told: str):
    await made.do(("project.set_rules", {"rules": ["smoking"]}))
    with pytest.raises(EnvelopeRefused, match=told):
        await made.ask(("project.duplicate", args))
    assert await made.scalar("select count(*) from workspace") == 1


def test_a_shots_stretch_of_the_script_moves_with_the_words():
    words = {"cat": "tiger", "street": "sea"}
    pattern = words_pattern(words)
    assert pattern is not None
    text_ = "A cat on the street. The cat sleeps."
    script = Script.model_construct(id=None, source=text_)
    shot = WorkItem.model_construct(span_start=text_.index("The"), span_end=len(text_))
    moved = respanned(shot, script, pattern, words)
    new = pattern.sub(lambda found: words[found.group(0)], text_)
    assert new[moved.span_start : moved.span_end] == "The tiger sleeps."
