"""Canvases over HTTP, and what a screen is asked to show."""

from __future__ import annotations

import asyncio
import json
from uuid import uuid4

from api.listener import Listener
from storyreel.commits import Bell
from storyreel.runtime.database import Database
from tests.api.conftest import Caller, is_problem, take
from tests.fixtures_services import Addresses


async def test_a_canvas_is_listed_and_shows_what_its_nodes_refer_to(caller: Caller):
    await caller.do({"type": "gen.video", "args": {"shots": "2"}})
    task = (await caller.get("@/tasks"))["items"][0]["id"]
    nodes = {
        "a": {"type": "shot", "ref": "2", "x": 10},
        "b": {"type": "shot", "ref": "4"},
        "t": {"type": "task", "ref": task},
        "n": {"type": "note", "text": "slow here"},
    }
    edges = {"e": {"from": "a", "to": "t", "kind": "feeds"}}
    await caller.act({"type": "canvas.edit", "args": {"name": "Plan", "nodes": nodes, "edges": edges}})
    await caller.act({"type": "canvas.edit", "args": {"name": "Edit", "kind": "composition"}})
    listed = await caller.get("@/canvases")
    assert [(one["name"], one["kind"], one["nodes"], one["edges"]) for one in listed] == [
        ("Edit", "composition", 0, 0),
        ("Plan", "planning", 4, 1),
    ]
    await caller.do({"type": "shot.delete", "args": {"shots": "4"}})
    shown = await caller.get(f"@/canvases/{listed[1]['id']}")
    refers = {key: node.get("refers") for key, node in shown["body"]["nodes"].items()}
    assert (refers["a"]["number"], refers["a"]["subject"]) == (2, "shot 2")
    assert refers["b"] == {"gone": True, "said": "this shot was deleted"}
    assert (refers["t"]["id"], refers["t"]["state"]) == (task, "pending")
    assert refers["n"] is None and shown["body"]["edges"]["e"]["kind"] == "feeds"
    await caller.do({"type": "canvas.delete", "args": {"canvas": "Plan"}})
    is_problem(await caller.http.get(f"{caller.at}/canvases/{listed[1]['id']}"), 404, "not-found")
    is_problem(await caller.http.get(f"{caller.at}/canvases/{uuid4()}"), 404, "not-found")
    assert [one["name"] for one in await caller.get("@/canvases")] == ["Edit"]


async def test_what_a_screen_is_asked_to_show_comes_once_in_the_stream_and_is_not_kept(caller: Caller):
    shot = (await caller.get("@/shots/3"))["id"]
    async with caller.events() as stream:
        first = asyncio.create_task(take(stream, 1))
        await asyncio.sleep(0)
        await caller.act({"type": "character.create", "args": {"name": "Anna"}})
        (commit,) = await first
        outcome = await caller.act({"type": "ui.focus_entity", "args": {"entity": "shot", "which": "3"}})
        (told,) = await take(stream, 1)
    assert outcome["commit"] is None
    assert (told.event, told.id) == ("ui", commit.id)
    wanted = {"type": "ui.focus_entity", "what": "entity", "entity": "shot", "id": shot, "number": 3}
    assert outcome["ui"] == [wanted]
    assert json.loads(told.data) == {**wanted, "actor": "owner"}
    async with caller.events(last=commit.id) as stream:
        after = asyncio.create_task(take(stream, 1))
        await caller.act({"type": "character.create", "args": {"name": "Bo"}})
        assert [event.event for event in await after] == ["commit"]


async def test_only_the_asker_s_own_screens_are_asked(db: Database, database: Addresses):
    workspace, listener, bell = uuid4(), Listener(database.app, db), Bell(db)
    async with (
        listener.running(),
        listener.news_of(workspace, "anna") as hers,
        listener.news_of(workspace, "bo") as his,
        listener.news_of(uuid4(), "anna") as elsewhere,
    ):
        for news in (hers, his, elsewhere):
            news.clear()
        # Listening has begun when everybody is told to look.
        await asyncio.wait_for(hers.wait(), 10)
        hers.clear()
        bell.show(workspace, "anna", [{"type": "ui.navigate", "what": "page", "name": "help"}])
        await bell.close()
        while not hers.shown:
            await asyncio.wait_for(hers.wait(), 10)
            hers.clear()
        assert [one["name"] for one in hers.shown] == ["help"]
        assert not his.shown and not elsewhere.shown
