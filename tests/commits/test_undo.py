"""Undo restores the graph exactly, redo brings it back, and the log replayed from nothing is the live graph."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from storyreel.commits import EnvelopeRefused
from storyreel.graph.log import between
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
