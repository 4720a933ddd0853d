"""Exploring, as a person has it: sheets beside the selected truth, tracks, marks, references, and pictures they bring."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text

from activities.keeping import LedgerStore
from storyreel.assets import FolderStore
from storyreel.commits import EnvelopeRefused
from storyreel.ledger import tasks
from storyreel.model.rows import Character, Node, NodeRef, Track, Use, WorkItem
from storyreel.model.view import GraphView
from storyreel.pipeline.contract import Finish
from tests.activities.conftest import Bench


async def made(bench: Bench, *actions: tuple[str, dict[str, Any]]) -> list[Node]:
    """The nodes that come of some actions once their runs are done, sheets before their cells."""
    before = set((await bench.studio.view()).rows[Node.table])
    await bench.studio.do(*actions)
    for order in await bench.claim():
        await bench.through(order)
        end = Finish(workspace_id=order.workspace_id, task_id=order.task_id, outcome="succeeded", run=order.run)
        async with bench.studio.door.database.begin() as conn:
            await tasks.finish(conn, end)
    new = [node for node in (await bench.studio.view()).all(Node) if node.id not in before]
    return sorted(new, key=lambda node: (node.cell is not None, node.cell or 0))


async def brought(bench: Bench, media_type: str) -> str:
    """An asset as an upload leaves it: its bytes in the store, its row in the ledger."""
    data = uuid4().bytes
    kept = await LedgerStore(FolderStore(bench.instant.folder)).keep(data, media_type)
    async with bench.studio.door.database.begin() as conn:
        await conn.execute(
            text("insert into asset (workspace_id, id, media_type, size_bytes, duration_s) values (:ws, :id, :type, 10, 1.5)"),
            {"ws": bench.studio.workspace_id, "id": kept.id, "type": media_type},
        )
    return kept.id


async def selections(bench: Bench) -> list[UUID | None]:
    return [shot.picture_node_id for shot in (await bench.studio.view()).shots()]


def track_of(view: GraphView, node: Node) -> str:
    return view.get(Track, node.track_id).name


async def test_a_sheet_of_nine_is_nine_pictures_beside_what_is_selected(bench: Bench) -> None:
    await made(bench, ("gen.image", {"shots": "1"}))
    chosen = await selections(bench)
    assert chosen[0] is not None
    sheet, *cells = await made(bench, ("gen.grid", {"shots": "1", "rows": 3, "cols": 3}))
    assert (sheet.kind, sheet.facts["rows"], sheet.facts["cols"]) == ("grid", 3, 3)
    assert [cell.cell for cell in cells] == list(range(9))
    assert {cell.parent_id for cell in cells} == {sheet.id}
    assert await selections(bench) == chosen


async def test_a_branch_on_each_shot_of_a_range_is_a_new_track_and_touches_no_selection(bench: Bench) -> None:
    await made(bench, ("gen.image", {"shots": "1-3"}))
    chosen = await selections(bench)
    new = await made(bench, ("gen.grid", {"shots": "1-3", "branch": True}))
    view = await bench.studio.view()
    assert len(new) == 3 * 5
    assert {track_of(view, node) for node in new} == {"B"}
    assert len({node.track_id for node in new}) == 3
    origins = {track.origin_node_id for track in view.all(Track) if track.name == "B"}
    assert origins == set(chosen[:3])
    assert await selections(bench) == chosen


async def test_going_on_from_a_picture_inherits_what_it_was_and_says_who_said_what(bench: Bench) -> None:
    sheet, *cells = await made(bench, ("gen.grid", {"shots": "1", "change": {"time": "night"}}))
    assert sheet.request["sources"]["time"] == "asked"
    await bench.studio.do(("shot.update", {"shots": "1", "picture": {"time": "dawn", "place": "a desert"}}))
    args = {"node": str(cells[1].id), "change": {"weather": "rain"}}
    (picture,) = await made(bench, ("node.continue", args))
    frame, sources = picture.request["image"]["frame"], picture.request["sources"]
    assert (frame["time"], frame["weather"]) == ("night", "rain"), "the picture's own time, not what the shot says now"
    assert (sources["time"], sources["weather"]) == ("parent", "asked")
    assert (picture.parent_id, picture.track_id, picture.cell) == (cells[1].id, cells[1].track_id, None)
    assert cells[1].asset_id in [one["id"] for one in picture.request["image"]["references"]]


async def test_again_is_made_from_the_same_with_another_seed(bench: Bench) -> None:
    sheet, first, *_ = await made(bench, ("gen.grid", {"shots": "1"}))
    (again,) = await made(bench, ("node.regenerate", {"node": str(first.id)}))
    assert again.request["image"]["frame"] == sheet.request["image"]["frame"]
    assert again.request["image"]["seed"] != sheet.request["image"]["seed"]
    assert (again.parent_id, again.track_id) == (sheet.parent_id, first.track_id)


async def test_a_clip_is_made_again_as_the_next_take(bench: Bench) -> None:
    await made(bench, ("gen.video", {"shots": "1"}))
    view = await bench.studio.view()
    clip = view.get(Node, view.shots()[0].video_node_id)
    new = await made(bench, ("node.regenerate", {"node": str(clip.id)}))
    assert [node.take for node in new if node.kind == "video"] == [clip.take + 1]


async def test_a_face_borrowed_from_another_track_is_a_reference_that_names_its_source(bench: Bench) -> None:
    _, a_cell, *_ = await made(bench, ("gen.grid", {"shots": "1"}))
    _, b_cell, *_ = await made(bench, ("gen.grid", {"shots": "1", "branch": True}))
    args = {"node": str(a_cell.id), "references": [{"node": str(b_cell.id), "role": "character"}]}
    (picture,) = await made(bench, ("node.continue", args))
    view = await bench.studio.view()
    (ref,) = [ref for ref in view.all(NodeRef) if ref.node_id == picture.id]
    assert (ref.source_node_id, ref.role, ref.note) == (b_cell.id, "character", "track B, #2")
    assert track_of(view, picture) == track_of(view, a_cell) == "A", "nothing is merged"


async def test_a_standing_reference_helps_every_later_picture_until_it_is_taken_away(bench: Bench) -> None:
    _, cell, *_ = await made(bench, ("gen.grid", {"shots": "2"}))
    await bench.studio.do(("node.reference", {"shots": "1", "node": str(cell.id), "role": "style"}))
    (use,) = (await bench.studio.view()).all(Use)
    assert (use.asset_id, use.node_id) == (cell.asset_id, cell.id)
    new = await made(bench, ("gen.image", {"shots": "1"}))
    grid = next(node for node in new if node.kind == "grid")
    assert [one["id"] for one in grid.request["image"]["references"]] == [cell.asset_id]
    refs = [ref for ref in (await bench.studio.view()).all(NodeRef) if ref.node_id == grid.id]
    assert [(ref.source_node_id, ref.role) for ref in refs] == [(cell.id, "style")]
    await bench.studio.do(("node.reference", {"shots": "1", "node": str(cell.id), "remove": True}))
    assert (await bench.studio.view()).all(Use) == []


async def test_a_character_sheet_gives_the_picture_that_stands_for_the_character(bench: Bench) -> None:
    sheet, *cells = await made(bench, ("gen.character", {"name": "anna", "rows": 2, "cols": 3}))
    view = await bench.studio.view()
    anna = next(person for person in view.all(Character) if person.name == "Anna")
    assert (sheet.character_id, len(cells)) == (anna.id, 6)
    await bench.studio.do(("node.promote", {"node": str(cells[4].id)}))
    assert (await bench.studio.view()).get(Character, anna.id).picture_node_id == cells[4].id
    other = await made(bench, ("gen.grid", {"shots": "1"}))
    with pytest.raises(EnvelopeRefused):
        await bench.studio.do(("node.discard", {"nodes": [str(cells[4].id)]}))
    await bench.studio.do(("node.discard", {"nodes": [str(other[1].id), str(other[2].id)]}))
    marked = [node.discarded for node in (await bench.studio.view()).all(Node)]
    assert marked.count(True) == 2


async def test_a_picture_of_ones_own_is_a_node_that_can_be_selected_and_stays(bench: Bench) -> None:
    asset = await brought(bench, "image/png")
    outcome = await bench.studio.do(("node.import", {"shot": "1", "asset": asset}))
    assert outcome.commit is not None
    view = await bench.studio.view()
    shot = view.shots()[0]
    picture = view.get(Node, shot.picture_node_id)
    assert (picture.stage, picture.asset_id, picture.parent_id) == ("import", asset, None)
    await bench.studio.do(("version.undo", {}))
    undone = await bench.studio.view()
    assert undone.shots()[0].picture_node_id is None
    assert undone.find(Node, picture.id) is None


async def test_a_recording_must_say_what_it_is(bench: Bench) -> None:
    asset = await brought(bench, "audio/wav")
    with pytest.raises(EnvelopeRefused) as refused:
        await bench.studio.do(("node.import", {"shot": "1", "asset": asset}))
    assert "voice, music or sfx" in str(refused.value)
    await bench.studio.do(("node.import", {"shot": "1", "asset": asset, "slot": "voice"}))
    shot = (await bench.studio.view()).shots()[0]
    assert (await bench.studio.view()).get(Node, shot.voice_node_id).asset_id == asset


async def test_a_track_is_renamed_put_away_and_brought_back(bench: Bench) -> None:
    await made(bench, ("gen.image", {"shots": "1"}))
    _, cell, *_ = await made(bench, ("gen.grid", {"shots": "1", "branch": True}))
    track = str(cell.track_id)
    with pytest.raises(EnvelopeRefused):
        await bench.studio.do(("track.update", {"track": track, "name": "A"}))
    await bench.studio.do(("track.update", {"track": track, "name": "rain"}))
    await bench.studio.do(("track.update", {"track": track, "removed": True}))
    assert [one.name for one in (await bench.studio.view()).all(Track)] == ["A"]
    await bench.studio.do(("track.update", {"track": track, "removed": False}))
    await bench.studio.do(("node.promote", {"node": str(cell.id)}))
    with pytest.raises(EnvelopeRefused):
        await bench.studio.do(("track.update", {"track": track, "removed": True}))


async def test_sheets_of_one_shot_run_beside_each_other_and_a_sheet_keeps_no_render_waiting(bench: Bench) -> None:
    await bench.studio.do(("task.set_concurrency", {"concurrency": 10}))
    await bench.studio.do(("gen.grid", {"shots": "1"}), ("gen.grid", {"shots": "1", "rows": 3}), ("gen.image", {"shots": "1"}))
    orders = await bench.claim()
    assert sorted(order.kind for order in orders) == ["sheet", "sheet", "shot"]
    assert len({order.workflow_id for order in orders}) == 3


async def test_a_node_of_another_project_is_no_reference_and_no_start(bench: Bench) -> None:
    stranger = str(uuid4())
    for name, args in (
        ("node.continue", {"node": stranger}),
        ("gen.grid", {"node": stranger}),
        ("node.reference", {"shots": "1", "node": stranger}),
        ("node.import", {"shot": "1", "asset": "0" * 64}),
    ):
        with pytest.raises(EnvelopeRefused) as refused:
            await bench.studio.do((name, args))
        assert "there is no" in str(refused.value)


async def test_what_a_node_is_never_changes_and_its_parent_is_there_first(bench: Bench) -> None:
    sheet, cell, *_ = await made(bench, ("gen.grid", {"shots": "1"}))
    asked = {"ws": bench.studio.workspace_id, "id": sheet.id, "parent": cell.id}
    for statement in (
        "update node set parent_id = :parent where workspace_id = :ws and id = :id",
        "update node set stage = 'x' where workspace_id = :ws and id = :id and :parent is not null",
    ):
        with pytest.raises(Exception, match="what a node is never changes"):
            async with bench.studio.door.database.begin() as conn:
                await conn.execute(text(statement), asked)
    held = (await bench.studio.view()).get(WorkItem, sheet.work_item_id)
    assert held.picture_node_id is None


async def test_a_sheet_is_cut_again_where_a_person_says_and_the_old_cut_is_put_aside(bench: Bench) -> None:
    sheet, *cells = await made(bench, ("gen.grid", {"shots": "1"}))
    await bench.studio.do(("node.promote", {"node": str(cells[2].id)}))
    nudge = {"axis": "down", "cut": 0, "nudge_px": 6}
    new = await made(bench, ("grid.recut", {"node": str(sheet.id), "nudges": [nudge]}))
    assert [(node.parent_id, node.cell) for node in new] == [(sheet.id, place) for place in range(4)]
    assert {node.asset_id for node in new}.isdisjoint({cell.asset_id for cell in cells})
    view = await bench.studio.view()
    assert [view.get(Node, cell.id).discarded for cell in cells] == [True, True, False, True], "what is selected stays"
    with pytest.raises(EnvelopeRefused) as refused:
        await bench.studio.do(("grid.recut", {"node": str(sheet.id), "nudges": [{**nudge, "cut": 1}]}))
    assert "there are 1, counted from 0" in str(refused.value)


async def test_a_sheet_of_ones_own_is_cut_once_its_rows_and_columns_are_known(bench: Bench) -> None:
    await bench.studio.do(("node.import", {"shot": "1", "asset": await brought(bench, "image/png"), "select": False}))
    (own,) = (await bench.studio.view()).all(Node)
    with pytest.raises(EnvelopeRefused) as refused:
        await bench.studio.do(("grid.split", {"node": str(own.id)}))
    assert "how many rows and columns" in str(refused.value)
    cells = await made(bench, ("grid.split", {"node": str(own.id), "rows": 2, "cols": 3}))
    assert [(cell.parent_id, cell.cell) for cell in cells] == [(own.id, place) for place in range(6)]


async def test_a_shot_drawn_with_its_peoples_pictures_is_fresh_until_another_is_chosen(bench: Bench) -> None:
    _, first, second, *_ = await made(bench, ("gen.character", {"name": "anna"}))
    await bench.studio.do(("look.set", {"name": "the hall", "description": "red curtains"}))
    await bench.studio.do(("shot.update", {"shots": "1", "picture": {"place": "the hall"}}))
    await bench.studio.do(("node.promote", {"node": str(first.id)}))
    await made(bench, ("gen.video", {"shots": "1"}))
    told = await bench.studio.ask(("shot.stale", {"shots": "1"}))
    assert told.data[0]["shots"] == []
    await bench.studio.do(("node.promote", {"node": str(second.id)}))
    (shot,) = (await bench.studio.ask(("shot.stale", {"shots": "1"}))).data[0]["shots"]
    assert [part["slot"] for part in shot["stale"] if part["changes"]] == ["picture"]
    await bench.studio.do(("node.promote", {"node": str(first.id)}))
    await bench.studio.do(("look.set", {"name": "the hall", "description": "blue curtains"}))
    (shot,) = (await bench.studio.ask(("shot.stale", {"shots": "1"}))).data[0]["shots"]
    assert [part["slot"] for part in shot["stale"] if part["changes"]] == ["picture"]


async def test_what_is_tried_is_held_to_the_locks_and_to_the_projects_rules(bench: Bench) -> None:
    await bench.studio.do(("shot.update", {"shots": "1", "picture": {"time": "night"}, "lock": ["time"]}))
    _, cell, *_ = await made(bench, ("gen.grid", {"shots": "1"}))
    for name, args in (
        ("gen.grid", {"shots": "1", "change": {"time": "day"}}),
        ("node.branch", {"node": str(cell.id), "change": {"time": "day"}}),
    ):
        with pytest.raises(EnvelopeRefused, match=r"picture\.time is locked"):
            await bench.studio.do((name, args))
    await bench.studio.do(("project.set_rules", {"rules": ["blood"]}))
    with pytest.raises(EnvelopeRefused, match="blood"):
        await bench.studio.do(("gen.grid", {"shots": "2", "words": "a pool of blood"}))
