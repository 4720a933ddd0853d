"""What is kept beside the film: memory, canvases, documents; and what a screen is asked to show."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest

from storyreel.actions.memory import likeness
from storyreel.actions.words import all_said
from storyreel.commits import Actor, Bound, EnvelopeRefused
from storyreel.model.errors import BadInput, Conflict, Refused
from storyreel.model.rows import Canvas, Character, Memory, PromptTemplate, Scene, Script, WorkItem, WorldSetting
from tests.commits.conftest import Studio

OTHER = Actor(id="other")


async def revision(studio: Studio) -> int:
    return int(await studio.scalar("select revision from workspace where id = :ws"))


async def remembered(studio: Studio, **args: Any) -> list[dict[str, Any]]:
    facts: list[dict[str, Any]] = (await studio.ask(("memory.list", args))).data[0]["memory"]
    return facts


async def test_a_fact_is_kept_with_what_it_is_about_and_where_it_came_from(studio: Studio) -> None:
    request = uuid4()
    saved = await studio.ask(
        ("memory.save", {"fact": "Anna is afraid of water", "about": "character", "which": "Anna", "quote": "she fears water"}),
        request_id=request,
    )
    assert saved.commit is not None
    (line,) = await remembered(studio)
    assert (line["fact"], line["about"], line["which"]) == ("Anna is afraid of water", "character", "Anna")
    assert line["source"] == {"request_id": str(request), "revision": saved.commit.revision, "quote": "she fears water"}
    assert all_said(saved.commit.summary, "zh") == ["记住了（关于Anna）：Anna is afraid of water"]


async def test_facts_are_about_anything_and_found_by_it(studio: Studio) -> None:
    await studio.ask(
        ("memory.save", {"fact": "No red at all", "kind": "preference"}),
        ("memory.save", {"fact": "The rain begins here", "about": "shot", "which": "4"}),
        ("memory.save", {"fact": "It is her first day", "about": "scene", "which": "Two"}),
        ("memory.save", {"fact": "Always seen from the sea", "about": "episode"}),
    )
    assert [(one["about"], one["which"]) for one in await remembered(studio, about="shot", which="4")] == [("shot", "4")]
    assert {one["about"] for one in await remembered(studio)} == {"project", "shot", "scene", "episode"}
    assert [one["fact"] for one in await remembered(studio, words="red")] == ["No red at all"]
    await studio.do(("shot.delete", {"shots": "4"}))
    assert [one["fact"] for one in await remembered(studio) if one.get("gone")] == ["The rain begins here"]


CORRECTED = (
    ("The film is 30 seconds long", "The film is 45 seconds long"),
    ("小雨喜欢狗", "小雨不喜欢狗"),
    ("Anna likes dogs", "Anna does not like dogs"),
    ("The hero is called Lin", "The hero is called Ling"),
)


async def test_a_fact_that_corrects_another_takes_its_place(studio: Studio) -> None:
    for first, _ in CORRECTED:
        await studio.ask(("memory.save", {"fact": first}))
    for _, then in CORRECTED:
        corrected = await studio.ask(("memory.save", {"fact": then}))
        assert corrected.commit is not None and corrected.commit.summary[0].code == "memory.corrected"
    assert sorted(one["fact"] for one in await remembered(studio)) == sorted(then for _, then in CORRECTED)
    await studio.ask(("version.undo", {}))
    assert "The hero is called Lin" in [one["fact"] for one in await remembered(studio)]


async def test_other_facts_and_other_subjects_stand_beside_each_other(studio: Studio) -> None:
    for who in ("Anna", "Bo"):
        await studio.ask(("memory.save", {"fact": "Afraid of water", "about": "character", "which": who}))
    await studio.ask(("memory.save", {"fact": "Loves the old lighthouse", "about": "character", "which": "Anna"}))
    assert len(await remembered(studio)) == 3
    assert likeness("小雨怕水", "小雨爱吃苹果") < 0.85 < likeness("小雨怕水", "小雨不怕水")
    with pytest.raises(EnvelopeRefused, match="so already"):
        await studio.ask(("memory.save", {"fact": "Afraid of water", "about": "character", "which": "Bo"}))


async def test_a_named_fact_is_corrected_whatever_it_said(studio: Studio) -> None:
    await studio.ask(("memory.save", {"fact": "Anna is a nurse"}))
    held = (await remembered(studio))[0]["id"]
    await studio.ask(("memory.save", {"fact": "She drives a tram", "about": "character", "which": "Anna", "corrects": held}))
    (line,) = await remembered(studio)
    assert (line["id"], line["fact"], line["which"]) == (held, "She drives a tram", "Anna")


async def test_forgetting_one_just_does_it_and_forgetting_several_asks(studio: Studio) -> None:
    for fact in ("Anna fears water", "Anna loves tea", "The tram is green"):
        await studio.ask(("memory.save", {"fact": fact}))
    assert (await studio.ask(("memory.forget", {"words": "the tram is green"}))).commit is not None
    with pytest.raises(EnvelopeRefused, match="nothing like that is remembered"):
        await studio.ask(("memory.forget", {"words": "the moon"}))
    asked = await studio.ask(("memory.forget", {"words": "Anna"}))
    assert asked.proposal is not None and asked.commit is None
    await studio.do(("memory.forget", {"words": "Anna"}))
    assert await remembered(studio) == []
    await studio.ask(("version.undo", {}))
    assert len(await remembered(studio)) == 2


async def canvas(studio: Studio) -> Canvas:
    (found,) = (await studio.view()).all(Canvas)
    return found


async def test_a_canvas_is_laid_out_changed_and_taken_back(studio: Studio) -> None:
    made = await studio.ask(
        (
            "canvas.edit",
            {
                "name": "Plan",
                "kind": "production",
                "nodes": {
                    "a": {"type": "shot", "ref": "1", "x": 10},
                    "b": {"type": "shot", "ref": "3", "x": 200},
                    "n": {"type": "note", "text": "slow here", "group": "g"},
                    "g": {"type": "group", "text": "Act one"},
                },
                "edges": {"e": {"from": "a", "to": "b", "kind": "depends_on"}},
            },
        )
    )
    assert made.commit is not None and len(made.commit.summary) == 1
    shots = (await studio.view()).shots()
    held = await canvas(studio)
    assert held.body["nodes"]["a"] == {"type": "shot", "ref": str(shots[0].id), "x": 10.0, "y": 0.0}
    assert held.body["edges"] == {"e": {"from": "a", "to": "b", "kind": "depends_on"}}
    await studio.ask(("canvas.edit", {"canvas": "plan", "nodes": {"a": {"y": 5}, "g": None, "b": None}}))
    after = await canvas(studio)
    assert after.body["nodes"].keys() == {"a", "n"} and "edges" not in after.body
    assert "group" not in after.body["nodes"]["n"] and after.body["nodes"]["a"]["y"] == 5
    await studio.ask(("version.undo", {}))
    assert (await canvas(studio)).body == held.body


NOT_THERE: tuple[tuple[dict[str, Any], dict[str, Any], str], ...] = (
    ({"a": {"type": "shot", "ref": str(uuid4())}}, {}, "no shot"),
    ({"a": {"type": "shot", "ref": "99"}}, {}, "shots 1 to 5"),
    ({"a": {"type": "asset", "ref": "0" * 64}}, {}, "no asset"),
    ({"a": {"type": "task", "ref": str(uuid4())}}, {}, "no task"),
    ({"a": {"type": "shot"}}, {}, "needs a ref"),
    ({"a": {"type": "note", "ref": "1"}}, {}, "no note"),
    ({"a": {"x": 1}}, {}, "say its type"),
    ({"a.b": {"type": "note"}}, {}, "pattern"),
    ({"a": {"type": "note", "group": "zz"}}, {"e": {"from": "a", "to": "zz"}}, "no node 'zz'"),
    ({"a": {"type": "note"}}, {"e": {"from": "a", "to": "a"}}, "itself"),
    ({"a": {"type": "note"}, "b": {"type": "note", "group": "a"}}, {}, "no group"),
    ({"a": None}, {}, "no node 'a'"),
)


async def test_a_canvas_refers_only_to_what_is_there(studio: Studio) -> None:
    before = await revision(studio)
    for nodes, edges, says in NOT_THERE:
        with pytest.raises(BadInput, match=says):
            await studio.ask(("canvas.edit", {"name": "Plan", "nodes": nodes, "edges": edges}))
    assert await revision(studio) == before


async def test_two_people_move_different_nodes_of_one_canvas_and_meet_only_on_the_same(studio: Studio) -> None:
    await studio.ask(("canvas.edit", {"name": "Plan"}))
    base = await revision(studio)
    await studio.ask(("canvas.edit", {"canvas": "Plan", "nodes": {"a": {"type": "note", "text": "A"}}}), base_revision=base)
    await studio.ask(
        ("canvas.edit", {"canvas": "Plan", "nodes": {"b": {"type": "note", "text": "B"}}}), base_revision=base, actor=OTHER
    )
    base = await revision(studio)
    await studio.ask(("canvas.edit", {"canvas": "Plan", "nodes": {"a": {"x": 7}}}), base_revision=base)
    await studio.ask(("canvas.edit", {"canvas": "Plan", "nodes": {"b": {"x": 9}}}), base_revision=base, actor=OTHER)
    nodes = (await canvas(studio)).body["nodes"]
    assert (nodes["a"]["x"], nodes["b"]["x"]) == (7.0, 9.0)
    with pytest.raises(Conflict, match=r"body\.nodes\.a\.x"):
        await studio.ask(("canvas.edit", {"canvas": "Plan", "nodes": {"a": {"x": 8}}}), base_revision=base, actor=OTHER)


async def test_deleting_a_canvas_deletes_nothing_else(studio: Studio) -> None:
    for name in ("Plan", "Other"):
        await studio.ask(("canvas.edit", {"name": name, "nodes": {"a": {"type": "shot", "ref": "2"}}}))
    before = await studio.view()
    asked = await studio.ask(("canvas.delete", {"canvas": "Plan"}))
    assert asked.proposal is not None
    await studio.do(("canvas.delete", {"canvas": "Plan"}))
    after = await studio.view()
    assert [one.name for one in after.all(Canvas)] == ["Other"]
    changed = {
        (table, row) for table, rows in after.rows.items() for row in rows if before.rows.get(table, {}).get(row) != rows[row]
    }
    assert {table for table, _ in changed} == {"canvas"} and len(changed) == 1


async def test_free_text_of_documents_is_changed_by_number_name_and_id(studio: Studio) -> None:
    shot = (await studio.view()).shots()[1]
    await studio.ask(
        ("doc.update", {"table": "scene", "which": "2", "text": "She finds the letter"}),
        ("doc.update", {"table": "shot", "which": str(shot.id), "text": "keep the lamp lit"}),
        ("doc.update", {"table": "shot", "which": "3", "field": "continuity", "text": "wet coat"}),
        ("doc.update", {"table": "character", "which": "Anna", "text": "stubborn"}),
        ("doc.update", {"table": "prompt_template", "which": "Poster", "text": "{who} before {place}"}),
        ("doc.update", {"table": "script", "text": "A girl finds a letter."}),
        ("doc.update", {"table": "episode", "text": "about a letter"}),
    )
    await studio.ask(("doc.update", {"table": "script", "text": "A girl finds two letters."}))
    view = await studio.view()
    shots = view.shots()
    assert view.scenes()[1].spec.goal == "She finds the letter"
    assert (shots[1].spec.notes, shots[2].spec.continuity) == ("keep the lamp lit", "wet coat")
    assert [one.personality for one in view.all(Character) if one.name == "Anna"] == ["stubborn"]
    assert [one.body for one in view.all(PromptTemplate)] == ["{who} before {place}"]
    assert sorted((one.version, one.source) for one in view.all(Script)) == [
        (1, "A girl finds a letter."),
        (2, "A girl finds two letters."),
    ]
    assert view.episode.brief == "about a letter"


async def test_a_world_setting_is_made_by_its_name_and_counts_its_versions(studio: Studio) -> None:
    made = await studio.ask(("world.set", {"which": "The sea", "text": "It glows at night"}))
    assert made.commit is not None and all_said(made.commit.summary, "zh") == ["新建世界设定“The sea”"]
    await studio.ask(("world.set", {"which": "the sea", "text": "It glows in storms"}))
    (held,) = (await studio.view()).all(WorldSetting)
    assert (held.name, held.body, held.version) == ("The sea", "It glows in storms", 2)
    with pytest.raises(EnvelopeRefused, match="so already"):
        await studio.ask(("world.set", {"which": "The sea", "text": "It glows in storms"}))
    await studio.ask(("version.undo", {}))
    (back,) = (await studio.view()).all(WorldSetting)
    assert (back.body, back.version) == ("It glows at night", 1)


NO_TEXT: tuple[tuple[dict[str, Any], str], ...] = (
    ({"table": "shot", "which": "1", "field": "frames", "text": "9"}, "what can: script: source"),
    ({"table": "character", "which": "Zoe", "text": "kind"}, "no character 'Zoe'"),
    ({"table": "world_setting", "which": "Sea", "text": "  "}, "needs a text"),
    ({"table": "world_setting", "text": "x"}, "no world setting"),
    ({"table": "task", "text": "x"}, "table"),
)


async def test_what_is_no_free_text_is_refused_with_what_can_be_changed(studio: Studio) -> None:
    for args, says in NO_TEXT:
        with pytest.raises(EnvelopeRefused, match=says):
            await studio.ask(("doc.update", args))


async def test_a_locked_shot_keeps_its_notes(studio: Studio) -> None:
    await studio.ask(("shot.update", {"shots": "2", "status": "locked"}))
    with pytest.raises(EnvelopeRefused, match="shot 2 is locked"):
        await studio.ask(("doc.update", {"table": "shot", "which": "2", "text": "x"}))


async def test_a_screen_is_asked_with_ids_and_nothing_changes(studio: Studio) -> None:
    before = await revision(studio)
    shown = await studio.ask(
        ("ui.focus_entity", {"entity": "shot", "which": "3"}),
        ("ui.open_panel", {"panel": "timeline"}),
        ("ui.navigate", {"page": "storyboard", "entity": "scene", "which": "Two"}),
    )
    view = await studio.view()
    assert shown.commit is None and shown.proposal is None
    assert shown.ui == (
        {"type": "ui.focus_entity", "what": "entity", "entity": "shot", "id": str(view.shots()[2].id), "number": 3},
        {"type": "ui.open_panel", "what": "panel", "name": "timeline"},
        {
            "type": "ui.navigate",
            "what": "page",
            "name": "storyboard",
            "entity": "scene",
            "id": str(view.scenes()[1].id),
            "number": 2,
        },
    )
    assert await revision(studio) == before
    for wrong, says in (
        ({"entity": "shot", "which": "9"}, "shots 1 to 5"),
        ({"entity": "track", "which": "B"}, "no such track"),
        ({"entity": "canvas", "which": "B"}, "no canvas 'B'"),
        ({}, "say what to bring into view"),
    ):
        with pytest.raises(BadInput, match=says):
            await studio.ask(("ui.focus_entity", wrong))


def outside(studio: Studio, shot: WorkItem) -> Bound:
    return Bound(work_item_id=shot.id, name="shot 2")


async def test_a_bound_talk_changes_its_shot_and_nothing_else(studio: Studio) -> None:
    view = await studio.view()
    bound = outside(studio, view.shots()[1])
    done = await studio.ask(("shot.update", {"shots": "2", "picture": {"time": "night"}}), bound=bound)
    assert done.commit is not None
    assert (await studio.ask(("memory.save", {"fact": "No red", "about": "project"}), bound=bound)).commit is not None
    assert (await studio.ask(("shot.view", {"shot": "4"}), bound=bound)).data
    before = await revision(studio)
    for action, says in (
        (("shot.update", {"shots": "3", "picture": {"time": "night"}}), "shot 3 lies outside"),
        (("shot.update", {"shots": "2-3", "camera": {"size": "CU"}}), "shot 3 lies outside"),
        (("character.update", {"character": "Anna", "personality": "calm"}), "character Anna lies outside"),
        (("scene.update", {"scene": "1", "mood": "calm"}), "scene One lies outside"),
        (("gen.video", {"shots": "1"}), "shot 1 lies outside"),
        (("gen.compose", {}), "lies outside"),
        (("task.set_concurrency", {"concurrency": 5}), "whole project's rendering"),
        (("project.set_style", {"style": "ink"}), "workspace Test lies outside"),
        (("canvas.edit", {"name": "X"}), "canvas X lies outside"),
    ):
        with pytest.raises(Refused, match=says):
            await studio.ask(action, bound=bound)
    assert await revision(studio) == before
    assert (await studio.ask(("gen.video", {"shots": "2"}), bound=bound)).commit is not None


async def test_what_was_kept_survives_in_the_log(studio: Studio) -> None:
    await studio.ask(("memory.save", {"fact": "No red"}))
    there = (await studio.view()).all(Memory)
    await studio.do(("memory.forget", {"words": "no red"}))
    gone = await studio.view()
    assert gone.all(Memory) == []
    then = await studio.view(at=gone.revision - 1)
    assert then.all(Memory) == there and then.all(Scene) == gone.all(Scene)
