"""A draft's sheets, from the wish to its pictures, with providers that answer at once."""

from __future__ import annotations

from pathlib import Path
from typing import cast
from uuid import uuid4

import pytest
from temporalio.client import Client

from activities.work import Work
from storyreel.commits import Door
from storyreel.model.rows import Node, NodeRef, Track, WorkItem
from storyreel.pipeline.ports import ImageRequest
from tests.activities.conftest import Bench
from tests.activities.instant import Instant
from tests.commits.conftest import Studio


@pytest.fixture
async def space(door: Door, tmp_path: Path) -> Bench:
    """A draft space with one draft."""
    instant = Instant(tmp_path / "assets")
    made = Bench(Studio(door, uuid4()), Work(door=door, client=cast("Client", None), kits=instant), instant)
    await made.studio.ask(("project.create", {"name": "Ideas", "kind": "draft_space"}))
    await made.studio.ask(("task.set_concurrency", {"concurrency": 8}))
    await made.studio.ask(("draft.add", {"words": "a pier on a rainy night", "time": "night", "style": "noir"}))
    return made


async def test_a_drafts_sheet_is_drawn_chosen_from_varied_and_packed(space: Bench) -> None:
    studio = space.studio
    await studio.ask(("draft.explore", {"drafts": "1", "rows": 2, "cols": 2}))
    (order,) = await space.claim()
    assert [done.outcome for done in await space.through(order)] == ["made"]
    ((_, asked),) = space.instant.bought
    assert isinstance(asked, ImageRequest)
    assert (asked.rows, asked.cols, asked.frame.subject, asked.frame.time, asked.frame.style) == (
        2,
        2,
        "a pier on a rainy night",
        "night",
        "noir",
    )
    view = await studio.view()
    cells = sorted((node for node in view.all(Node) if node.cell is not None), key=lambda node: node.cell or 0)
    assert [node.kind for node in cells] == ["image"] * 4
    assert [track.name for track in view.all(Track)] == ["A"]
    assert view.all(WorkItem)[0].picture_node_id is None, "a person chooses"
    await studio.ask(("node.promote", {"node": str(cells[1].id)}))
    await studio.ask(("draft.explore", {"drafts": "1", "vary": "styles"}))
    orders = await space.claim()
    assert len(orders) == 3, "sheets of one draft run beside each other"
    for one in orders:
        await space.through(one)
    view = await studio.view()
    drawn = [node for node in view.all(Node) if node.parent_id == cells[1].id]
    assert sorted(node.request["image"]["frame"]["style"] for node in drawn) == ["ink wash", "photorealistic", "watercolor"]
    assert {node.request["image"]["frame"]["time"] for node in drawn} == {"night"}, "all else is inherited"
    facts = (await studio.ask(("export.package", {"what": "all"}))).data[0]
    assert facts["count"] == 8
    assert facts["files"][0]["name"] == "Ideas-Drafts-001-1.png"


async def test_grids_from_references_keep_them_and_alike_grids_are_made_anew(space: Bench) -> None:
    studio = space.studio
    await studio.ask(("draft.explore", {"drafts": "1"}))
    (first,) = await space.claim()
    await space.through(first)
    whole = next(node for node in (await studio.view()).all(Node) if node.kind == "grid")
    reference = {"node": str(whole.id), "role": "style"}
    await studio.ask(("draft.explore", {"references": [reference], "words": "a fox", "count": 2}))
    for order in await space.claim():
        await space.through(order)
    view = await studio.view()
    made = [node for node in view.all(Node) if node.kind == "grid" and node.id != whole.id]
    assert sorted(node.take for node in made) == [1, 2]
    assert len({node.asset_id for node in made}) == 2, "each grid is another try"
    assert [(ref.source_node_id, ref.role) for ref in view.all(NodeRef)] == [(whole.id, "style")] * 2
