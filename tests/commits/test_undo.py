"""Undo restores the graph exactly, redo brings it back, and the log replayed from nothing is the live graph."""

from __future__ import annotations

import random
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from storyreel.commits import EnvelopeRefused
from storyreel.graph.log import between
from storyreel.model.errors import BadInput
from storyreel.model.ops import apply, flatten, inverse, unflatten
from storyreel.model.rows import Row
from storyreel.model.spec import Line, ShotSpec
from tests.commits.conftest import Studio

Rows = dict[str, dict[UUID, Row]]


def live(rows: Any) -> dict[str, dict[UUID, Row]]:
    """The graph as anyone sees it: rows that are not removed."""
    kept = {table: {i: row for i, row in held.items() if not row.removed} for table, held in rows.items()}
    return {table: held for table, held in kept.items() if held}


async def replayed(studio: Studio) -> Rows:
    """The graph made from nothing but the log."""
    async with studio.door.database.connect() as conn:
        commits = await between(conn, studio.workspace_id, 0)
    rows: Rows = {}
    for commit in commits:
        for op in commit.ops:
            held = rows.setdefault(op.table, {})
            held[op.row] = apply(held.get(op.row), op)
    return rows


def action(chance: random.Random) -> tuple[str, dict[str, Any]]:
    """One action that may or may not be possible, of any family that changes the graph."""
    n = chance.randint(1, 7)
    m = chance.randint(1, 7)
    low, high = sorted((n, m))
    times, moods = ["dawn", "day", "dusk", "night"], ["tense", "calm", "epic"]
    choices: list[tuple[str, dict[str, Any]]] = [
        ("shot.update", {"shots": f"{low}-{high}", "picture": {"time": chance.choice(times), "mood": chance.choice(moods)}}),
        ("shot.update", {"shots": "all", "camera": {"pace": chance.choice(["faster", "slower"])}, "scale_length": 0.9}),
        ("shot.update", {"shots": f"{n}", "lines": [{"text": f"Line {chance.random()}"}] * chance.randint(0, 3)}),
        ("shot.update", {"shots": f"{n}", "cast_add": [{"character": chance.choice(["Anna", "Bo"]), "emotion": "happy"}]}),
        ("shot.update", {"shots": f"{n}", "cast_remove": [chance.choice(["Anna", "Bo"])]}),
        ("shot.update", {"shots": f"{n}", "status": chance.choice(["draft", "locked", "approved"])}),
        (
            "shot.add",
            {
                "after": f"{n}",
                "shot": {"duration_s": chance.choice([0.5, 2]), "picture": {"subject": f"new {n}"}},
                "keep_total": chance.random() < 0.5,
            },
        ),
        ("shot.split", {"shot": f"{n}"}),
        ("shot.merge", {"shots": f"{low}-{high}"}),
        ("shot.reorder", {"shots": f"{n}", chance.choice(["before", "after"]): f"{m}"}),
        ("shot.delete", {"shots": f"{low}-{high}"}),
        ("scene.add", {"title": f"Scene {chance.random()}", "mood": chance.choice(moods), "after": "1"}),
        ("scene.update", {"scene": chance.choice(["1", "2", "last"]), "time": chance.choice(times), "place": "hill"}),
        ("scene.reorder", {"scene": "last", "before": "1"}),
        ("scene.delete", {"scene": "last"}),
        ("character.create", {"name": f"Person {chance.randint(1, 3)}", "age": "elder"}),
        ("character.update", {"character": "Anna", "look": {"hair": chance.choice(["long", "bun"])}, "personality": "brave"}),
        ("character.lock_consistency", {"character": "Bo", "locked": chance.random() < 0.7}),
        ("character.delete", {"character": chance.choice(["Person 1", "Bo"])}),
        ("project.set_style", {"style": chance.choice(["neon", "ink", "watercolour"])}),
        ("project.update_meta", {"name": f"Film {chance.randint(1, 9)}", "aspect": chance.choice(["16:9", "9:16"])}),
        ("project.set_config", {"grid_rows": chance.randint(1, 3)}),
        ("episode.update", {"title": f"Title {chance.randint(1, 9)}", "script": "A new script."}),
    ]
    return chance.choice(choices)


async def tried(studio: Studio, *asked: tuple[str, dict[str, Any]]) -> bool:
    try:
        return (await studio.do(*asked)).commit is not None
    except BadInput:
        return False


@pytest.mark.parametrize("seed", range(6))
async def test_random_work_can_be_undone_redone_and_replayed(studio: Studio, seed: int) -> None:
    chance = random.Random(seed)
    states = [live((await studio.view()).rows)]
    for _ in range(14):
        if await tried(studio, *(action(chance) for _ in range(chance.choice([1, 1, 2])))):
            now = live((await studio.view()).rows)
            assert now != states[-1], "a command that says it was done changes something"
            states.append(now)
    assert len(states) > 3
    assert live(await replayed(studio)) == states[-1]
    for state in reversed(states[:-1]):
        await studio.do(("version.undo", {}))
        assert live((await studio.view()).rows) == state
    for state in states[1:]:
        await studio.do(("version.redo", {}))
        assert live((await studio.view()).rows) == state
    with pytest.raises(EnvelopeRefused, match="nothing to redo"):
        await studio.do(("version.redo", {}))
    assert live(await replayed(studio)) == states[-1]


@pytest.mark.parametrize("seed", range(3))
async def test_the_past_can_be_read_and_gone_back_to(studio: Studio, seed: int) -> None:
    chance = random.Random(100 + seed)
    history = {}
    for _ in range(10):
        await tried(studio, action(chance))
        view = await studio.view()
        history[view.revision] = live(view.rows)
    for revision, state in history.items():
        assert live((await studio.view(revision)).rows) == state
    target = sorted(history)[len(history) // 2]
    if history[target] != history[max(history)]:
        await studio.do(("version.rollback", {"to": str(target)}))
        assert live((await studio.view()).rows) == history[target]
        await studio.do(("version.undo", {}))
        assert live((await studio.view()).rows) == history[max(history)]


async def test_undo_names_what_stands_against_it(studio: Studio) -> None:
    first = await studio.do(("shot.update", {"shots": "1", "picture": {"time": "night"}}))
    await studio.do(("shot.update", {"shots": "1", "picture": {"time": "dusk"}}))
    assert first.commit is not None
    with pytest.raises(EnvelopeRefused, match="changed again since"):
        await studio.do(("version.undo", {"revision": first.commit.revision}))


async def test_an_edit_after_an_undo_ends_the_redo(studio: Studio) -> None:
    await studio.do(("shot.update", {"shots": "1", "notes": "a"}))
    await studio.do(("version.undo", {}))
    await studio.do(("shot.update", {"shots": "2", "notes": "b"}))
    with pytest.raises(EnvelopeRefused, match="nothing to redo"):
        await studio.do(("version.redo", {}))


async def test_undoing_a_render_stops_what_has_not_begun(studio: Studio) -> None:
    await studio.do(("shot.update", {"shots": "1-2", "picture": {"time": "night"}}), ("gen.video", {"shots": "1-2"}))
    await studio.do(("version.undo", {}))
    states = await studio.scalar("select array_agg(distinct state::text) from task where workspace_id = :ws")
    assert states == ["cancelled"]


specs = st.builds(
    ShotSpec,
    lines=st.dictionaries(st.sampled_from(["l001", "l002", "l003"]), st.builds(Line, text=st.text(max_size=5))),
    tags=st.lists(st.text(max_size=3), max_size=2).map(tuple),
)


@given(specs)
def test_paths_are_a_faithful_form_of_an_object(spec: ShotSpec) -> None:
    plain = {"spec": spec.model_dump(mode="json")}
    assert unflatten(flatten(plain)) == plain


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(specs, specs)
def test_an_op_and_its_inverse_leave_a_row_as_it_was(one: ShotSpec, two: ShotSpec) -> None:
    from uuid import uuid4

    from storyreel.model.ops import change
    from storyreel.model.rows import WorkItem

    row = WorkItem(id=uuid4(), workspace_id=uuid4(), kind="shot", scene_id=uuid4(), order_key="V", label="s", frames=1, spec=one)
    other = row.model_copy(update={"spec": two})
    op = change(row, other)
    if op is not None:
        assert apply(row, op) == other
        assert apply(other, inverse(op)) == row
