"""Where made things come from, in a real database: ancestors, descendants, references, tracks, and what is stale."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text

from storyreel.actions.reads import Reads
from storyreel.commits import writing
from storyreel.commits.outcome import EnvelopeRefused
from storyreel.graph.lineage import ancestors, descendants, drawing, references
from storyreel.graph.load import view_for
from storyreel.model.ops import insert
from storyreel.model.rows import Node, NodeRef, Track
from storyreel.model.view import GraphView
from tests.graph.conftest import Studio
from tests.graph.test_load import counted
from tests.standins.making import Maker


@pytest.fixture
async def maker(studio: Studio) -> Maker:
    return await Maker.of(studio.door, studio.workspace_id)


async def put(studio: Studio, *rows: Node | NodeRef | Track) -> None:
    """Rows as an action would write them."""
    async with studio.door.database.begin() as conn:
        ops = [insert(row) for row in rows]
        await writing.write_rows(conn, GraphView(workspace_id=studio.workspace_id, rows={}).after(ops), ops)


async def ask(studio: Studio, kind: str, **args: Any) -> dict[str, Any]:
    return (await studio.ask((kind, args))).data[0]


async def branch(studio: Studio, maker: Maker, shot: int, origin: UUID, *sources: UUID) -> tuple[Track, Node]:
    """Track B from a picture, with one picture made with the help of others."""
    owner = await maker.shot(shot)
    ws = studio.workspace_id
    track = Track(id=uuid4(), workspace_id=ws, work_item_id=owner, kind="picture", name="B", origin_node_id=origin)
    frame = {"time": "night", "subject": "shot", "figures": []}
    request = {"image": {"frame": frame, "prompt": "a street, night, shot", "rows": 1, "cols": 1}, "provider": ""}
    node = Node(
        id=uuid4(), workspace_id=ws, kind="image", work_item_id=owner, track_id=track.id, parent_id=origin, stage="sheet",
        request=request,
    )  # fmt: skip
    refs = [
        NodeRef(id=uuid4(), workspace_id=ws, node_id=node.id, source_node_id=s, role="character", note="her face")
        for s in sources
    ]
    await put(studio, track, node, *refs)
    return track, node


async def test_a_node_knows_all_it_came_from_and_all_that_came_of_it_across_tracks_and_shots(studio: Studio, maker: Maker):
    cells = await maker.through(1)
    _, b = await branch(studio, maker, 1, cells[1])
    _, far = await branch(studio, maker, 2, b.id)
    async with studio.door.database.connect() as conn:
        up = await ancestors(conn, studio.workspace_id, far.id)
        down = await descendants(conn, studio.workspace_id, cells[1])
        assert list(up[-2:]) == [cells[1], b.id]
        assert len(up) == 4  # the plan and the sheet before them
        assert list(down) == [b.id, far.id]
        async with counted(studio) as count:
            await descendants(conn, studio.workspace_id, up[0])
        assert count["statements"] == 1


async def test_references_are_seen_from_both_ends(studio: Studio, maker: Maker):
    cells = await maker.through(1)
    _, b = await branch(studio, maker, 2, (await maker.through(2))[0], cells[2])
    async with studio.door.database.connect() as conn:
        found = await references(conn, studio.workspace_id, b.id)
        assert [ref.source_node_id for ref in found.uses] == [cells[2]]
        back = await references(conn, studio.workspace_id, cells[2])
        assert ([ref.node_id for ref in back.used_by], back.uses) == ([b.id], ())


async def test_why_a_picture_looks_as_it_does_is_told_from_the_root(studio: Studio, maker: Maker):
    asked = await studio.ask(("gen.storyboard", {"shots": "2"}), intent="draw shot 2")
    maker.task = asked.commit.tasks[0]
    other = await maker.through(1)
    cells = await maker.through(2)
    _, b = await branch(studio, maker, 2, cells[3], other[1])
    told = await ask(studio, "node.lineage", node=str(b.id))
    chain = told["chain"]
    assert [(one["kind"], one["name"]) for one in chain] == [
        ("prompt_plan", "A #1"),
        ("grid", "A #2"),
        ("image", "A #6"),
        ("image", "B #1"),
    ]
    assert chain[1] | {"provider": "builtin", "model": "painter-1", "seed": 7} == chain[1]
    assert chain[1]["prompt"] and chain[2]["prompt"] == chain[1]["prompt"]
    assert chain[1]["parameters"]["image"]["rows"] == 2
    assert (chain[1]["asked_by"], chain[1]["intent"], chain[1]["owner"]["shot"]) == ("owner", "draw shot 2", 2)
    assert chain[1]["asked_revision"] == asked.commit.revision < chain[1]["revision"]
    [ref] = chain[3]["references"]
    assert (ref["role"], ref["note"], ref["source"]["name"], ref["source"]["owner"]["shot"]) == (
        "character",
        "her face",
        "A #4",
        1,
    )
    assert "time of day day → night" in [change["words"]["en"] for change in chain[3]["changes"]]
    assert "时间 白天 → 夜晚" in [change["words"]["zh"] for change in chain[3]["changes"]]
    used = await ask(studio, "node.lineage", node=str(other[1]))
    assert [(one["name"], one["role"]) for one in used["used_by"]["nodes"]] == [("B #1", "character")]
    assert used["descendants"] == {"count": 0, "nodes": []}


async def test_a_node_of_another_project_is_not_there(studio: Studio, maker: Maker, door: Any):
    [cell, *_] = await maker.through(1)
    stranger = Studio(door, uuid4())
    await stranger.ask(("project.create", {"name": "Other", "fps": 24}))
    with pytest.raises(EnvelopeRefused, match="no such node"):
        await ask(stranger, "node.lineage", node=str(cell))
    async with door.database.connect() as conn:
        assert await ancestors(conn, stranger.workspace_id, cell) == ()


async def test_two_pictures_are_told_apart(studio: Studio, maker: Maker):
    cells = await maker.through(1)
    _, b = await branch(studio, maker, 1, cells[1], cells[0])
    told = await ask(studio, "node.compare", node=str(cells[2]), other=str(b.id))
    assert told["common"]["kind"] == "grid"
    assert "night" in told["prompt"]["new"]
    assert ("time", "day", "night") in [(one["what"], one["before"], one["after"]) for one in told["parameters"]]
    assert [ref["source"]["name"] for ref in told["references"]["only_second"]] == ["A #3"]
    assert told["quality"]["score"] == [0.7, None]
    same = await ask(studio, "node.compare", node=str(cells[0]), other=str(cells[1]))
    assert (same["prompt"], same["parameters"], same["references"]["only_first"]) == (None, [], [])
    assert same["quality"] == {"score": [0.5, 0.6]}


async def test_tracks_say_where_they_began_and_which_is_the_main_one(studio: Studio, maker: Maker):
    cells = await maker.through(1)
    track, b = await branch(studio, maker, 1, cells[1])
    told = (await ask(studio, "track.list", shot="1"))["tracks"]
    assert [(one["name"], one["kind"], one["main"], one["nodes"]) for one in told] == [
        ("A", "picture", True, 6),
        ("B", "picture", False, 1),
        ("video", "video", False, 2),
        ("voice", "voice", False, 1),
    ]
    assert told[0]["began"] is None
    assert (told[1]["began"]["name"], told[1]["newest"]["node"]) == ("A #4", str(b.id))
    async with studio.door.database.begin() as conn:
        await conn.execute(text("update node set favourite = true, pinned = true where id = :id"), {"id": b.id})
    await maker.choose(1, b.id) if b.asset_id else None
    again = (await ask(studio, "track.list", shot="1"))["tracks"][1]
    assert again["marks"] == {"favourite": 1, "pinned": 1, "discarded": 0, "to_compare": 0}
    by_id = await ask(studio, "track.list", shot=str(await maker.shot(1)))
    assert by_id["tracks"][1] == again
    assert track.name == "B"


async def test_choosing_another_picture_makes_what_was_made_of_the_old_one_stale_and_makes_nothing(studio: Studio, maker: Maker):
    cells = await maker.through(1)
    assert (await ask(studio, "shot.stale"))["shots"] == []
    await maker.choose(1, cells[2])
    told = await ask(studio, "gen.stale", shots="1")
    [shot] = told["shots"]
    assert shot["shot"] == 1
    assert {part["slot"]: part["words"]["en"] for part in shot["stale"]} == {
        "video": ["video: made from another picture (#5 was chosen instead of #3)"],
        "final": ["final: made from a video that is stale"],
    }
    assert await studio.scalar("select count(*) from task where workspace_id = :ws") == 0
    await maker.choose(1, cells[0])
    assert (await ask(studio, "shot.stale"))["shots"] == []


async def test_what_is_stale_is_asked_of_a_shot_a_scene_or_the_film(studio: Studio, maker: Maker):
    for shot in (1, 2, 4):
        await maker.through(shot)
    await studio.do(("shot.bulk_update", {"shots": "1,4", "picture": {"time": "night"}}))

    async def stale(words: str) -> list[int]:
        return [one["shot"] for one in (await ask(studio, "shot.stale", shots=words))["shots"]]

    assert await stale("all") == [1, 4]
    assert await stale("scene 2") == [4]
    assert await stale("2-3") == []
    [first, *_] = (await ask(studio, "shot.stale", shots="1"))["shots"][0]["stale"]
    assert (first["slot"], first["words"]["zh"]) == ("picture", ["画面：时间 白天 → 夜晚（镜头）"])


async def test_a_film_is_stale_with_its_shots(studio: Studio, maker: Maker):
    for shot in range(1, 6):
        await maker.through(shot)
    await maker.make(None, "music")
    await maker.make(None, "film")
    assert (await ask(studio, "shot.stale"))["film"] == []
    await studio.do(("shot.update", {"shots": "2", "camera": {"move": "pan_left"}}))
    [film] = (await ask(studio, "shot.stale"))["film"]
    assert film["words"]["en"] == ["film: shot 2 is stale"]
    await maker.make(2, "video")
    await maker.make(2, "compose")
    [film] = (await ask(studio, "shot.stale"))["film"]
    assert film["words"]["en"] == ["film: shot 2 changed"]


async def test_asking_what_is_stale_sends_as_many_statements_for_five_shots_as_for_one(studio: Studio, maker: Maker):
    for shot in range(1, 6):
        await maker.through(shot)
    sent: list[int] = []
    for words in ("1", "all"):
        reads = Reads(shots=(words,), nodes="selected", sources=True)
        async with studio.door.database.connect() as conn:
            await view_for(conn, studio.workspace_id, [reads])
            async with counted(studio) as count:
                await view_for(conn, studio.workspace_id, [reads])
        sent.append(count["statements"])
    assert sent[1] <= sent[0]


async def test_the_graph_of_several_shots_is_drawn_with_numbers_that_stay(studio: Studio, maker: Maker):
    cells = await maker.through(1)
    others = await maker.through(2)
    _, b = await branch(studio, maker, 2, others[0], cells[0])
    async with studio.door.database.begin() as conn:
        await conn.execute(text("update node set removed = true where id = :id"), {"id": others[1]})
    async with studio.door.database.connect() as conn, counted(studio) as count:
        drawn = await drawing(conn, studio.workspace_id, [await maker.shot(1), await maker.shot(2)])
    assert count["statements"] <= 2 + 2  # the shots' own ids
    nodes = {node["id"]: node for node in drawn.nodes}
    assert others[1] not in nodes
    assert [nodes[cell]["number"] for cell in (others[0], others[2])] == [3, 5]
    assert nodes[cells[0]]["selected"] and not nodes[cells[1]]["selected"]
    kinds = {(edge.source, edge.target): (edge.kind, edge.role) for edge in drawn.layout.edges}
    assert kinds[str(others[0]), str(b.id)] == ("branch", "")
    assert kinds[str(cells[0]), str(b.id)] == ("reference", "character")
    assert len(drawn.layout.blocks) == 2
