"""A draft space over HTTP: boards and drafts as lists, the outline, a talk, and packages that any program can open."""

from __future__ import annotations

import io
import json
import zipfile
from typing import Any

import httpx
import numpy as np
import pytest

from storyreel.assets import open_store
from storyreel.media import picture
from storyreel.runtime.settings import Settings
from tests.api.conftest import Caller

Json = dict[str, Any]


def png(shade: int) -> bytes:
    return picture.png(np.full((16, 24, 3), shade, dtype=np.uint8))


@pytest.fixture
async def space(stranger: Caller) -> Caller:
    """A caller in a Chinese draft space with three drafts, each from a picture of its own."""
    made = await stranger.post("/v1/workspaces", {"name": "灵感/一", "kind": "draft_space", "language": "zh"}, 201)
    stranger.workspace = made["workspace_id"]
    assets = [await upload(stranger, png(shade)) for shade in (40, 120, 200)]
    drafts = [{"asset": asset, "words": words} for asset, words in zip(assets, ("雨夜的码头", "狐狸", "灯塔"), strict=True)]
    await stranger.act({"type": "draft.add", "args": {"drafts": drafts}})
    return stranger


async def upload(caller: Caller, data: bytes) -> str:
    answer = await caller.http.post(f"{caller.at}/assets", content=data)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


async def zipped(caller: Caller, **params: Any) -> tuple[zipfile.ZipFile, httpx.Response]:
    answer = await caller.http.get(f"{caller.at}/package", params=params)
    assert answer.status_code == 200, answer.text
    found = zipfile.ZipFile(io.BytesIO(answer.content))
    assert found.testzip() is None
    return found, answer


async def test_a_draft_space_is_listed_outlined_and_summed_up_without_a_story(space: Caller) -> None:
    boards = await space.get("@/boards")
    assert [(board["title"], board["drafts"]) for board in boards] == [("草稿", 3)]
    page = await space.get("@/drafts", limit=2)
    assert [(one["number"], one["words"], one["board"]) for one in page["items"]] == [
        (1, "雨夜的码头", "草稿"),
        (2, "狐狸", "草稿"),
    ]
    assert [one["number"] for one in (await space.get("@/drafts", limit=2, cursor=page["next"]))["items"]] == [3]
    await space.act({"type": "draft.tag", "args": {"drafts": "all"}})
    assert [one["number"] for one in (await space.get("@/drafts", which="tag:night"))["items"]] == [1]
    told = json.dumps([await space.outline(), await space.get("@")], ensure_ascii=False)
    assert not any(word in told for word in ("shots", "scenes", "episode", "dialogue"))
    assert (await space.outline())["boards"][0]["drafts"][2]["words"] == "灯塔"
    (listed,) = (await space.get("/v1/workspaces"))["items"]
    assert listed["kind"] == "draft_space"


async def test_a_talk_in_a_draft_space_draws_grids(space: Caller) -> None:
    answer = await space.say("给草稿1和2各出一张2x2的宫格")
    answer = answer if answer["commit"] else await space.say("好")
    assert answer["commit"]["tasks"], answer["message"]
    assert "镜头" not in answer["message"]


async def test_favourites_are_packed_in_one_folder_under_names_by_the_rule(space: Caller) -> None:
    drafts = (await space.get("@/drafts"))["items"]
    await space.act({"type": "node.favourite", "args": {"nodes": [drafts[0]["picture"], drafts[2]["picture"]]}})
    found, answer = await zipped(space)
    assert found.namelist() == ["灵感_一/灵感_一-草稿-001-1.png", "灵感_一/灵感_一-草稿-003-1.png", "灵感_一/manifest.json"]
    assert "filename*=UTF-8''%E7%81%B5%E6%84%9F_%E4%B8%80.zip" in answer.headers["content-disposition"]
    assert "content-length" not in answer.headers, "it is streamed"
    assert found.read("灵感_一/灵感_一-草稿-001-1.png") == png(40)
    manifest = json.loads(found.read("灵感_一/manifest.json"))
    assert [(one["draft"], one["stage"], one["marks"], one["asset"]) for one in manifest["files"]] == [
        (1, "import", ["favourite"], drafts[0]["asset"]),
        (3, "import", ["favourite"], drafts[2]["asset"]),
    ]
    everything, _ = await zipped(space, what="all", rule="{project}")
    assert everything.namelist()[:3] == ["灵感_一/灵感_一.png", "灵感_一/灵感_一 (2).png", "灵感_一/灵感_一 (3).png"]
    told = (await space.act({"type": "export.package", "args": {"what": "all", "drafts": "2"}}))["data"][0]
    by_address, _ = await zipped(space, **dict(httpx.URL(told["url"]).params))
    assert by_address.namelist()[0] == f"灵感_一/{told['files'][0]['name']}"


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ("{shot}", "has no field {shot}"),
        ("{project.__class__}", "has no field"),
        ("{n:>99}", "not understood"),
        ("{project!r}", "not understood"),
        ("plain", "needs a field"),
        ("{n", "not understood"),
    ],
)
async def test_a_rule_that_is_none_is_refused(space: Caller, rule: str, said: str) -> None:
    answer = await space.get("@/package", status=422, what="all", rule=rule)
    assert said in answer["detail"]


async def test_nothing_marked_and_bytes_that_are_gone_are_said(space: Caller, settings: Settings) -> None:
    assert "nothing is marked as a favourite" in (await space.get("@/package", status=422))["detail"]
    (first, *_) = (await space.get("@/drafts"))["items"]
    await open_store(settings).delete(first["asset"])
    gone = await space.get("@/package", status=404, what="all")
    assert "灵感_一-草稿-001-1.png" in gone["detail"]


async def test_a_shots_favourite_is_packed_by_shot_and_stage(caller: Caller) -> None:
    asset = await upload(caller, png(90))
    await caller.act({"type": "node.import", "args": {"shot": "2", "asset": asset}})
    (node,) = [one for one in (await caller.get("@/graph"))["rows"]["node"] if one["asset_id"] == asset]
    await caller.act({"type": "node.favourite", "args": {"nodes": [node["id"]]}})
    found, _ = await zipped(caller)
    name = (await caller.get("@"))["name"]
    assert found.namelist() == [f"{name}/{name}-002-import-1.png", f"{name}/manifest.json"]
    assert (await caller.get("@/drafts", status=422))["detail"].startswith("this is a project")
