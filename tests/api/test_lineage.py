"""Lineage over HTTP: why a picture looks as it does, two of them compared, tracks, the drawn graph, and what is stale."""

from __future__ import annotations

from collections.abc import AsyncIterator
from uuid import UUID, uuid4

import numpy as np
import pytest

from storyreel.assets import open_store
from storyreel.commits import Bell, Door
from storyreel.media.picture import png, read
from storyreel.runtime.database import database_of
from storyreel.runtime.settings import Settings
from tests.api.conftest import Caller, is_problem
from tests.commits.conftest import free_price
from tests.standins.making import Maker

COLOURS = ((40, 40, 220), (60, 200, 60), (200, 80, 40), (200, 40, 200))


@pytest.fixture
async def maker(caller: Caller, settings: Settings) -> AsyncIterator[Maker]:
    database = database_of(settings)
    door = Door(database=database, bell=Bell(database), price=free_price)
    yield await Maker.of(door, UUID(caller.workspace), open_store(settings))
    await door.close()
    await database.close()


@pytest.fixture
async def cells(maker: Maker) -> list[UUID]:
    """The four pictures of shot 1; the first is chosen, and the shot is finished."""
    await maker.make(1, "spec")
    pictures = [png(np.full((90, 160, 3), colour, np.uint8)) for colour in COLOURS]
    made = (await maker.make(1, "grid", pictures=pictures)).node_ids[1:]
    await maker.choose(1, made[0])
    await maker.make(1, "video")
    await maker.make(1, "compose")
    return list(made)


async def test_a_picture_says_what_it_comes_from(caller: Caller, cells: list[UUID]):
    told = await caller.get(f"@/nodes/{cells[0]}/lineage")
    assert [one["kind"] for one in told["chain"]] == ["prompt_plan", "grid", "image"]
    assert [one["kind"] for one in told["descendants"]["nodes"]] == ["video", "final"]
    is_problem(await caller.http.get(f"{caller.at}/nodes/{uuid4()}/lineage"), 404, "not-found")
    is_problem(await caller.http.get(f"{caller.at}/nodes/nonsense/lineage"), 422, "bad-input")


async def test_two_pictures_are_compared_in_data_and_side_by_side(caller: Caller, cells: list[UUID]):
    told = await caller.get(f"@/nodes/{cells[0]}/compare/{cells[1]}")
    assert told["quality"]["score"] == [0.5, 0.6]
    assert [sorted(one) for one in told["measured"]] == [["colour", "exposure", "faults", "noise", "sharpness", "total"]] * 2
    answer = await caller.http.get(
        f"{caller.at}/nodes/{cells[0]}/compare/{cells[1]}.png", params={"language": "zh", "width": 200}
    )
    assert (answer.status_code, answer.headers["content-type"]) == (200, "image/png")
    sheet = read(answer.content)
    assert sheet.shape[1] > 400
    shown = [np.abs(sheet.astype(int) - colour).max(axis=2).min() < 8 for colour in COLOURS]
    assert shown == [True, True, False, False]
    is_problem(await caller.http.get(f"{caller.at}/nodes/{cells[0]}/compare/{cells[0]}"), 422, "bad-input")


async def test_what_cannot_be_looked_at_is_not_laid_side_by_side(caller: Caller, maker: Maker, cells: list[UUID]):
    plan = (await caller.get(f"@/nodes/{cells[0]}/lineage"))["chain"][0]["node"]
    told = await caller.get(f"@/nodes/{plan}/compare/{cells[0]}")
    assert [one is None for one in told["measured"]] == [True, False]
    other = (await maker.make(1, "spec", take=1)).node_ids[0]
    answer = await caller.http.get(f"{caller.at}/nodes/{plan}/compare/{other}.png")
    assert "neither of the two can be looked at" in is_problem(answer, 422, "bad-input")["detail"]


async def test_tracks_are_listed_by_number_and_by_id(caller: Caller, cells: list[UUID]):
    told = await caller.get("@/shots/1/tracks")
    assert [(one["name"], one["main"], one["newest"]["number"]) for one in told["tracks"]] == [
        ("A", True, 6),
        ("video", False, 2),
    ]
    assert await caller.get(f"@/shots/{told['id']}/tracks") == told
    is_problem(await caller.http.get(f"{caller.at}/shots/99/tracks"), 422, "out-of-range")


async def test_the_graph_is_drawn_for_a_shot_and_for_the_film(caller: Caller, maker: Maker, cells: list[UUID]):
    await maker.through(2)
    shot = await caller.get("@/graph/layout", shot="1")
    film = await caller.get("@/graph/layout")
    assert (len(shot["nodes"]), len(film["nodes"])) == (8, 16)
    assert [block["shots"] for block in film["blocks"]] == [[1], [2]]
    places = {(node["row"], node["column"]) for node in film["nodes"]}
    assert len(places) == 16
    at = {node["id"]: node for node in shot["nodes"]}
    assert at[str(cells[0])]["selected"] and at[str(cells[0])]["name"] == "A #3"
    assert {edge["kind"] for edge in shot["edges"]} == {"chain", "branch"}
    drawn = await caller.get("@/graph/layout", owner=[shot["nodes"][0]["owner"]])
    assert drawn["nodes"] == shot["nodes"]
    assert await caller.get("@/graph/layout", shot="3") == {
        "nodes": [], "rows": 0, "columns": 0, "edges": [], "lanes": [], "blocks": [],
    }  # fmt: skip


async def test_what_is_stale_is_told_for_a_scope_with_its_reason(caller: Caller, cells: list[UUID]):
    assert (await caller.get("@/stale"))["shots"] == []
    await caller.do({"type": "node.promote", "args": {"node": str(cells[1])}})
    for scope in ("episode", "1", "scene 1"):
        [shot] = (await caller.get("@/stale", scope=scope))["shots"]
        assert [part["slot"] for part in shot["stale"]] == ["video", "final"]
        assert shot["stale"][0]["words"]["zh"] == ["视频：换了画面（现在选的是 #4，原来是 #3）"]
    assert (await caller.get("@/stale", scope="2-3"))["shots"] == []
    is_problem(await caller.http.get(f"{caller.at}/stale", params={"scope": "scene 9"}), 404, "not-found")


async def test_a_project_with_nothing_in_it_has_nothing_stale_and_nothing_drawn(stranger: Caller):
    stranger.workspace = (await stranger.post("/v1/workspaces", {"name": "New"}, 201))["workspace_id"]
    assert (await stranger.get("@/stale"))["shots"] == []
    assert (await stranger.get("@/graph/layout"))["nodes"] == []
    stranger.workspace = str(uuid4())
    for path in (f"/nodes/{uuid4()}/lineage", "/stale", "/graph/layout", "/shots/1/tracks"):
        is_problem(await stranger.http.get(stranger.at + path), 404, "not-found")
