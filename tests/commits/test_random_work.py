"""Random work over the whole catalogue: invariants hold, every change says something, undo and redo restore, the log is the graph."""

from __future__ import annotations

import json
import random
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text

from storyreel.actions.base import Asked, Kind
from storyreel.actions.catalogue import ACTIONS
from storyreel.actions.words import all_said
from storyreel.commits import EnvelopeRefused, Outcome
from storyreel.model.errors import BadInput, Conflict
from storyreel.model.rows import SLOTS, Cast, Node, Row, Track, WorkItem
from storyreel.model.view import GraphView
from tests.commits.conftest import Studio
from tests.commits.moves import IN_TURN, MOVES, Ground, drawn
from tests.commits.test_undo import live, replayed
from tests.standins.making import Maker

CHANGES = {action.type_name(): action for action in ACTIONS if action.policy.kind is Kind.change}
LOOKS = [action for action in ACTIONS if action.policy.kind is not Kind.change]
STORY = [name for name, action in CHANGES.items() if action.policy.modes & {"agent", "pro"} and name not in IN_TURN]
DRAFTS = [name for name, action in CHANGES.items() if "draft" in action.policy.modes and name not in {*IN_TURN, "draft.send"}]
STEPS = 16
# What stands beside the graph and is moved by effects: tasks, saved versions, how many renders run.
BESIDE = """
    select md5(concat_ws('|',
        (select string_agg(concat_ws(',', id, state, priority), ';' order by id) from task where workspace_id = :ws),
        (select string_agg(concat_ws(',', number, name, note), ';' order by created_at, id) from snapshot
            where workspace_id = :ws and not automatic),
        (select string_agg(id, ';' order by id) from asset where workspace_id = :ws),
        (select to_jsonb(w)::text from (select * from workspace where id = :ws) w)))
"""


def test_every_change_of_the_catalogue_can_be_drawn() -> None:
    assert CHANGES.keys() - MOVES.keys() == set(), "a new action needs a move in tests/commits/moves.py"
    assert MOVES.keys() - CHANGES.keys() == set(), "a move is of no action"


async def beside(studio: Studio) -> str:
    return str(await studio.scalar(BESIDE))


async def assets_of(studio: Studio) -> list[str]:
    async with studio.door.database.connect() as conn:
        query = text("select id from asset where workspace_id = :ws and media_type like 'image/%' order by id limit 6")
        return list(await conn.scalars(query, {"ws": studio.workspace_id}))


def check(view: GraphView) -> None:
    """What holds of any graph, whatever was done to it."""
    items = {item.id: item for item in view.all(WorkItem)}
    for item in items.values():
        for slot in SLOTS:
            chosen = item.selected(slot)
            node = view.find(Node, chosen)
            assert chosen is None or (node is not None and node.work_item_id == item.id), f"{slot} of {item.label} is not there"
    for part in view.all(Cast):
        assert part.work_item_id not in items or view.rows["character"][part.character_id].removed is False
    for node in view.all(Node):
        assert node.parent_id is None or node.parent_id in view.rows["node"]
        assert node.track_id is None or isinstance(view.rows["track"][node.track_id], Track)
    scenes = {scene.id for scene in view.scenes()}
    assert all(shot.scene_id in scenes or shot.scene_id in view.rows["scene"] for shot in view.shots())
    for scene in scenes:
        keys = [shot.order_key for shot in view.shots() if shot.scene_id == scene]
        assert len(set(keys)) == len(keys), "two shots have one place"


async def tried(studio: Studio, asked: tuple[str, dict[str, Any]]) -> Outcome | None:
    """What came of a move; a refusal is a BadInput that says why, never anything else."""
    try:
        outcome = await studio.do(asked)
    except BadInput as error:
        if not error.detail:
            raise
        return None
    assert outcome.commit is not None, asked
    said = all_said(outcome.commit.summary, "en"), all_said(outcome.commit.summary, "zh")
    assert all(said), f"{asked} said nothing"
    assert all(line.strip() for lines in said for line in lines)
    return outcome


async def work(studio: Studio, chance: random.Random, names: list[str], **more: Any) -> list[dict[str, dict[UUID, Row]]]:
    """Random moves; the states after those that wrote to the graph."""
    view = await studio.view()
    states = [live(view.rows)]
    for _ in range(STEPS):
        ground = Ground(chance, view, await assets_of(studio), **more)
        asked = drawn(ground, names)
        if asked is None:
            continue
        was = await beside(studio)
        outcome = await tried(studio, asked)
        view = await studio.view()
        now = live(view.rows)
        if outcome is None:
            assert now == states[-1], f"{asked} was refused and changed something"
            continue
        check(view)
        wrote = now != states[-1]
        assert wrote or await beside(studio) != was, f"{asked} says that it was done and changed nothing"
        if wrote:
            states.append(now)
    return states


async def back_and_forth(studio: Studio, states: list[dict[str, dict[UUID, Row]]]) -> None:
    """Undo to the first state and redo to the last, one step after another; the log stays the graph."""
    for state in reversed(states[:-1]):
        await studio.do(("version.undo", {}))
        assert live((await studio.view()).rows) == state
    for state in states[1:]:
        await studio.do(("version.redo", {}))
        assert live((await studio.view()).rows) == state
    assert live(await replayed(studio)) == states[-1]


@pytest.fixture
async def furnished(studio: Studio) -> Studio:
    """The project with made things: two shots rendered, so that there are nodes, tracks and assets."""
    maker = await Maker.of(studio.door, studio.workspace_id)
    for number in (1, 3):
        await maker.make(number, "spec")
        await maker.make(number, "grid")
    await studio.do(
        ("memory.save", {"fact": "The sea is cold."}),
        ("look.set", {"name": "lamp", "kind": "prop", "description": "brass"}),
        ("style.save", {"name": "Ink", "style": "ink"}),
        ("canvas.edit", {"name": "Plan", "kind": "planning"}),
        ("doc.update", {"table": "world_setting", "which": "Sea", "text": "It is cold."}),
        ("shot.update", {"shots": "3", "notes": "made"}),
        ("character.lock_consistency", {"character": "Bo", "locks": ["hair"]}),
    )
    await studio.do(("gen.video", {"shots": "3"}))
    return studio


@pytest.fixture
async def drafts(door: Any) -> Studio:
    """A draft space with a board, two drafts and a template."""
    space = Studio(door, uuid4())
    await space.ask(("project.create", {"name": "Sketches", "kind": "draft_space"}))
    await space.ask(("board.update", {"title": "Ideas"}))
    await space.ask(("draft.add", {"words": "a pier", "board": "Ideas"}), ("draft.add", {"words": "a lamp", "board": "Ideas"}))
    await space.ask(("doc.update", {"table": "prompt_template", "which": "Poster", "text": "A poster of {subject}"}))
    await space.ask(("canvas.edit", {"name": "Picks", "kind": "pick"}))
    return space


TRIES = 25


async def each_once(studio: Studio, names: list[str]) -> list[str]:
    """Every move is made once, and taken back at once where it wrote; those that never could be made."""
    chance, never = random.Random(7), []
    view = await studio.view()
    for name in names:
        outcome = None
        for _ in range(TRIES):
            args = MOVES[name](Ground(chance, view, await assets_of(studio)))
            outcome = None if args is None else await tried(studio, (name, args))
            if outcome is not None:
                break
        if outcome is None or outcome.commit is None:
            never.append(name)
            continue
        check(await studio.view())
        if outcome.commit.undoable:
            await studio.do(("version.undo", {"revision": outcome.commit.revision}))
            assert live((await studio.view()).rows) == live(view.rows), f"{name} is not taken back"
        view = await studio.view()
    return never


async def test_every_action_of_a_project_can_be_done_and_taken_back(furnished: Studio) -> None:
    # A project that is there is not made again; the last episode stays; a draft comes from elsewhere, see below; nothing has run yet.
    assert set(await each_once(furnished, STORY)) <= {
        "project.create",
        "episode.delete",
        "draft.send",
        "task.review",
        "task.rerun",
    }


async def test_every_action_of_a_draft_space_can_be_done_and_taken_back(drafts: Studio) -> None:
    never = set(
        await each_once(drafts, [name for name in DRAFTS if name.startswith(("draft.", "board.", "style.save", "canvas."))])
    )
    assert never == set()


@pytest.mark.parametrize("seed", range(4))
async def test_a_project_can_be_undone_redone_and_replayed(furnished: Studio, seed: int) -> None:
    states = await work(furnished, random.Random(seed), STORY)
    assert len(states) > 3
    assert live(await replayed(furnished)) == states[-1]
    await back_and_forth(furnished, states)


@pytest.mark.parametrize("seed", range(2))
async def test_a_draft_space_can_be_undone_redone_and_replayed(drafts: Studio, seed: int) -> None:
    states = await work(drafts, random.Random(1000 + seed), DRAFTS)
    assert len(states) > 3
    assert live(await replayed(drafts)) == states[-1]
    await back_and_forth(drafts, states)


@pytest.mark.parametrize("seed", range(2))
async def test_any_place_of_random_work_can_be_read_and_gone_back_to(furnished: Studio, seed: int) -> None:
    chance = random.Random(500 + seed)
    history: dict[int, dict[str, dict[UUID, Row]]] = {}
    for _ in range(3):
        await work_briefly(furnished, chance)
        view = await furnished.view()
        history[view.revision] = live(view.rows)
    for revision, state in history.items():
        assert live((await furnished.view(revision)).rows) == state
    target, last = min(history), max(history)
    made = {"node", "node_ref", "track"}
    try:
        await furnished.do(("version.rollback", {"to": str(target)}))
    except EnvelopeRefused as refused:
        if "nothing would change" not in refused.detail:
            raise
        return
    now = live((await furnished.view()).rows)
    assert {t: rows for t, rows in now.items() if t not in made} == {t: r for t, r in history[target].items() if t not in made}
    await furnished.do(("version.undo", {}))
    assert live((await furnished.view()).rows) == history[last]


async def work_briefly(studio: Studio, chance: random.Random) -> None:
    for _ in range(5):
        view = await studio.view()
        asked = drawn(Ground(chance, view, await assets_of(studio)), STORY)
        if asked is not None:
            await tried(studio, asked)


async def test_questions_and_screens_change_nothing(furnished: Studio) -> None:
    node = next(str(row.id) for row in (await furnished.view()).all(Node) if row.kind == "image")
    given: dict[str, dict[str, Any]] = {
        "shot.view": {"shot": "1"},
        "bible.list": {"what": "characters"},
        "version.list": {"shot": "1"},
        "version.diff": {"since": "1"},
        "node.lineage": {"node": node},
        "ui.show": {"what": "page", "page": "assets"},
        "doc.get": {"table": "episode"},
        "track.list": {"shot": "1"},
    }
    before, beside_before = live((await furnished.view()).rows), await beside(furnished)
    answered = 0
    for action in LOOKS:
        try:
            outcome = await furnished.ask((action.type_name(), given.get(action.type_name(), {})))
        except (BadInput, Conflict):
            continue
        assert outcome.commit is None
        assert outcome.proposal is None
        json.dumps(outcome.model_dump(mode="json"))
        answered += 1
    assert answered >= len(given)
    assert (live((await furnished.view()).rows), await beside(furnished)) == (before, beside_before)


async def test_what_comes_from_a_draft_space_can_be_taken_back_too(furnished: Studio, drafts: Studio) -> None:
    asset = (await assets_of(furnished))[0]
    await copy_asset(furnished, drafts, asset)
    added = await drafts.do(("draft.add", {"asset": asset, "board": "Ideas"}))
    assert added.commit is not None
    node = next(row.id for row in (await drafts.view()).all(Node))
    states = [live((await furnished.view()).rows)]
    sent = {"source": str(drafts.workspace_id), "nodes": [str(node)], "shot": "2"}
    for more in ({}, {"use": "reference", "role": "style"}):
        await furnished.do(Asked(type="draft.send", args={**sent, **more}))
        states.append(live((await furnished.view()).rows))
        check(await furnished.view())
    await back_and_forth(furnished, states)


async def copy_asset(source: Studio, target: Studio, asset: str) -> None:
    """The same bytes, known in another space."""
    async with source.door.database.begin() as conn:
        names = (await conn.scalars(text("select column_name from information_schema.columns where table_name = 'asset'"))).all()
        columns = ", ".join(name for name in names if name != "workspace_id")
        query = f"insert into asset (workspace_id, {columns}) select :target, {columns} from asset where workspace_id = :ws and id = :id"
        await conn.execute(text(query), {"ws": source.workspace_id, "target": target.workspace_id, "id": asset})
