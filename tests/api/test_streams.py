"""Many who follow one project: told alike, for the price of one, and told to come back when the process goes away."""

from __future__ import annotations

import asyncio
import json
import socket
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

import httpx
import pytest
from sqlalchemy import event

from api import fanout
from api.app import create_app
from api.serve import Server
from storyreel.runtime.settings import Settings
from tests.api.conftest import SHOTS, Caller, take

STREAMS = 30


@asynccontextmanager
async def serving(settings: Settings) -> AsyncIterator[tuple[Server, Caller]]:
    """The API as its own process serves it, on a socket that was handed down, and a caller with a project."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        api = create_app(settings)
        server = Server(api, settings.model_copy(update={"api_fd": listening.fileno()}), 0)
        task = asyncio.create_task(server.serve([listening.dup()]))
        while not server.started:
            assert not task.done()
            await asyncio.sleep(0.01)
        base = f"http://127.0.0.1:{listening.getsockname()[1]}"
        limits = httpx.Limits(max_connections=None, max_keepalive_connections=4)
        async with httpx.AsyncClient(base_url=base, timeout=20, limits=limits) as http:
            caller = Caller(http, base)
            caller.workspace = (await caller.post("/v1/workspaces", {"name": "Many"}, 201))["workspace_id"]
            await caller.act({"type": "scene.add", "args": {"title": "One"}}, {"type": "shot.bulk_add", "args": {"shots": SHOTS}})
            yield server, caller
            server.should_exit = True
            await task


async def test_what_happens_is_read_once_however_many_follow(settings: Settings):
    async with serving(settings) as (server, caller), AsyncExitStack() as stack:
        streams = [await stack.enter_async_context(caller.events()) for _ in range(STREAMS)]
        firsts = [asyncio.create_task(take(stream, 1)) for stream in streams]
        await caller.act({"type": "character.create", "args": {"name": "Anna"}})
        await asyncio.gather(*firsts)
        said = Counter[str]()

        def count(_conn: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
            said["events"] += "from commit" in statement or "from task_event" in statement

        engine = server._api.state.held.database.engine.sync_engine
        event.listen(engine, "before_cursor_execute", count)
        await caller.act({"type": "character.create", "args": {"name": "Bo"}})
        told = [await take(stream, 1) for stream in streams]
    assert {(one.event, json.loads(one.data)["revision"]) for (one,) in told} == {("commit", 4)}
    assert len({one.id for (one,) in told}) == 1
    assert 0 < said["events"] < STREAMS


async def test_streams_that_begin_anywhere_while_much_happens_are_told_all_of_it_once(settings: Settings):
    async with serving(settings) as (_, caller):

        async def follow(place: str) -> list[str]:
            async with caller.events(since=place) as stream:
                return [one.data for one in await take(stream, 24)]

        begun = []
        for number in range(12):
            begun.append(asyncio.create_task(follow("2.0")))
            await caller.act({"type": "character.create", "args": {"name": f"Person {number}"}})
            await caller.act({"type": "shot.update", "args": {"shots": "1", "notes": f"note {number}"}})
        found = await asyncio.gather(*begun)
    for told in found:
        assert [json.loads(one)["revision"] for one in told] == list(range(3, 27))


async def test_who_reads_too_slowly_is_told_what_was_missed(settings: Settings, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(fanout, "MOST_WAITING", 1)
    async with serving(settings) as (_, caller), caller.events() as stream:
        first = asyncio.create_task(take(stream, 1))
        await caller.act({"type": "character.create", "args": {"name": "Anna"}})
        await first
        await caller.do({"type": "gen.compose"})
        for number in range(5):
            await caller.act({"type": "shot.update", "args": {"shots": "1", "notes": f"note {number}"}})
        told = await take(stream, 1 + 6 + 5)
    assert [json.loads(one.data)["revision"] for one in told if one.event == "commit"] == [4, 5, 6, 7, 8, 9]
    assert len([one for one in told if one.event == "task"]) == 6


async def test_a_process_that_stops_tells_its_streams_to_come_back_and_answers_what_was_asked(settings: Settings):
    async with serving(settings) as (server, caller):
        async with caller.http.stream("GET", f"{caller.at}/events") as stream:
            lines = stream.aiter_lines()
            asked = asyncio.create_task(caller.say("Show shot 2"))
            while len(server.server_state.tasks) < 2:
                await asyncio.sleep(0)
            server.should_exit = True
            told = [line async for line in lines]
            assert (await asked)["understood"]
        assert any(line.startswith("retry: ") for line in told)
        # Nobody accepts any more; whoever shares the socket would.
        async with httpx.AsyncClient(base_url=caller.http.base_url, trust_env=False) as another:
            with pytest.raises(httpx.TransportError):
                await another.get("/healthz", timeout=0.5)
