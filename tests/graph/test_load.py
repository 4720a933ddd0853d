"""Views hold what was asked for and no more, and the past reads as it stood."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import event

from storyreel.actions.reads import Reads
from storyreel.graph.load import view_at, view_for
from storyreel.graph.rows import in_workspace, read, read_together
from storyreel.model.errors import NotFound
from storyreel.model.rows import ROWS, Cast, WorkItem, Workspace
from storyreel.model.view import GraphView
from tests.graph.conftest import Studio

MANY = 300


@asynccontextmanager
async def counted(studio: Studio) -> AsyncIterator[dict[str, int]]:
    """How many statements were sent, and how many rows and bytes came, while the block ran."""
    engine = studio.door.database.engine.sync_engine
    found = {"statements": 0, "rows": 0, "bytes": 0}

    def after(_conn: Any, cursor: Any, *_: Any) -> None:
        found["statements"] += 1
        found["rows"] += max(0, cursor.rowcount)
        result = cursor._cursor.pgresult
        cells = ((row, column) for row in range(result.ntuples) for column in range(result.nfields))
        found["bytes"] += sum(len(result.get_value(*cell) or b"") for cell in cells)

    event.listen(engine, "after_cursor_execute", after)
    try:
        yield found
    finally:
        event.remove(engine, "after_cursor_execute", after)


async def seen(studio: Studio, *reads: Reads) -> tuple[GraphView, dict[str, int]]:
    # What was done before rings yet.
    await studio.door.bell.close()
    async with studio.door.database.connect() as conn:
        # A first use prepares the connection.
        await view_for(conn, studio.workspace_id, reads)
        async with counted(studio) as count:
            view = await view_for(conn, studio.workspace_id, reads)
    return view, count


async def test_a_view_of_one_shot_holds_that_shot_and_who_is_in_it(studio: Studio):
    view, _ = await seen(studio, Reads(shots=("4",)))
    assert [shot.spec.picture.subject for shot in view.all(WorkItem)] == ["shot 4"]
    assert len(view.all(Cast)) == 2
    assert view.shot_count == 5


async def test_neighbours_come_only_where_they_are_asked_for(studio: Studio):
    near, _ = await seen(studio, Reads(shots=("3",), around=True))
    assert sorted(near.numbers[shot.id] for shot in near.all(WorkItem)) == [2, 3, 4]


async def test_one_shot_of_a_long_film_costs_no_more_than_one_of_a_short_film(studio: Studio):
    _, short = await seen(studio, Reads(shots=("2",)))
    shots = [{"duration_s": 2, "picture": {"subject": f"more {n}"}} for n in range(MANY)]
    await studio.do(("shot.bulk_add", {"shots": shots}))
    view, long = await seen(studio, Reads(shots=("2",)))
    assert view.shot_count == MANY + 5
    assert long["statements"] == short["statements"]
    assert long["rows"] <= short["rows"] + 1
    assert long["bytes"] <= short["bytes"] * 1.05


async def test_statements_do_not_grow_with_the_shots_that_are_read(studio: Studio):
    _, one = await seen(studio, Reads(shots=("1",)))
    _, all_ = await seen(studio, Reads(shots=("1-5",)))
    assert one["statements"] == all_["statements"]


async def test_rows_that_are_read_together_are_those_that_are_read_one_by_one(studio: Studio):
    await studio.do(("character.update", {"character": "Anna", "personality": "brave"}))
    async with studio.door.database.connect() as conn:
        condition = {kind: f"{'id' if kind is Workspace else 'workspace_id'} = :ws" for kind in ROWS.values()}
        together, revision = await read_together(
            conn, condition, "select revision from workspace where id = :ws", ws=studio.workspace_id
        )
        alone = {table: await read(conn, kind, in_workspace(kind, studio.workspace_id)) for table, kind in ROWS.items()}
    assert together == alone
    assert len([table for table, rows in together.items() if rows]) > 5
    assert revision == (await studio.view()).revision


async def test_a_project_that_is_not_there_is_an_empty_view(studio: Studio):
    async with studio.door.database.connect() as conn:
        view = await view_for(conn, uuid4(), [Reads(shots=("all",))])
        assert view.rows == {}
        with pytest.raises(NotFound, match="no episode"):
            await view_for(conn, studio.workspace_id, [Reads()], uuid4())


async def test_the_past_reads_as_it_stood(studio: Studio):
    then = await studio.view()
    await studio.do(("shot.update", {"shots": "2", "picture": {"time": "night"}}))
    await studio.do(("shot.delete", {"shots": "1"}))
    await studio.do(("shot.bulk_add", {"shots": [{"duration_s": 4, "picture": {"subject": "new"}}]}))
    now = await studio.view()
    assert [s.spec.picture.subject for s in now.shots()] == ["shot 2", "shot 3", "shot 4", "shot 5", "new"]
    past = await studio.view(then.revision)
    assert past.shots() == then.shots()
    assert past.numbers == then.numbers
    assert (past.revision, past.shot_count) == (then.revision, 5)


async def test_every_place_in_the_past_reads_as_it_was_seen_then(studio: Studio):
    seen_then = {}
    for number, asked in enumerate(
        [
            ("shot.bulk_update", {"shots": "2-3", "picture": {"time": "night"}}),
            ("shot.split", {"shot": "3", "at_s": 1}),
            ("character.update", {"character": "Anna", "personality": "brave"}),
            ("shot.reorder", {"shots": "1", "after": "4"}),
            ("shot.merge", {"shots": "1-2"}),
            ("scene.delete", {"scene": "2"}),
        ]
    ):
        view = await studio.view()
        seen_then[view.revision] = live(view)
        await studio.do(asked)
        assert live(await studio.view()) != seen_then[view.revision], f"step {number} changed nothing"
    for revision, rows in seen_then.items():
        assert live(await studio.view(revision)) == rows


async def test_a_place_after_the_newest_is_the_newest(studio: Studio):
    now = await studio.view()
    async with studio.door.database.connect() as conn:
        assert (await view_at(conn, studio.workspace_id, now.revision + 5)).shots() == now.shots()


def live(view: GraphView) -> dict[str, dict[Any, Any]]:
    found = {table: {key: row for key, row in rows.items() if not row.removed} for table, rows in view.rows.items()}
    return {table: rows for table, rows in found.items() if rows}
