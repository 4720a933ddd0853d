"""The API on a real PostgreSQL, served over a real socket, with the rules for a planner."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest
import uvicorn
from httpx_sse import ServerSentEvent, aconnect_sse

from api.app import create_app
from storyreel.runtime.settings import Settings, load
from tests.fixtures_services import Addresses

Json = dict[str, Any]
PATIENCE_S = 20


@asynccontextmanager
async def served(settings: Settings) -> AsyncIterator[str]:
    """The API's address while the block runs."""
    config = uvicorn.Config(create_app(settings), port=0, log_config=None, timeout_graceful_shutdown=1, lifespan="on")
    server = uvicorn.Server(config)
    task = asyncio.create_task(server.serve())
    while not server.started:
        assert not task.done(), "the API did not start"
        await asyncio.sleep(0.01)
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    server.should_exit = True
    await task


class Caller:
    """A program that speaks to the API."""

    def __init__(self, http: httpx.AsyncClient, base: str) -> None:
        self.http = http
        self.base = base
        self.workspace = ""

    @property
    def at(self) -> str:
        return f"/v1/workspaces/{self.workspace}"

    async def get(self, path: str, status: int = 200, **params: Any) -> Any:
        answer = await self.http.get(path.replace("@", self.at, 1), params=params)
        assert answer.status_code == status, answer.text
        return answer.json()

    async def post(self, path: str, body: Any = None, status: int = 200, **headers: str) -> Any:
        answer = await self.http.post(path.replace("@", self.at, 1), json=body, headers=headers)
        assert answer.status_code == status, answer.text
        return answer.json()

    async def act(self, *actions: Json, status: int = 200, **more: Any) -> Any:
        return await self.post("@/actions", {"actions": list(actions), **more}, status)

    async def do(self, *actions: Json, **more: Any) -> Any:
        """The same, saying yes where it asks."""
        outcome = await self.act(*actions, **more)
        if outcome["proposal"]:
            outcome = await self.post(f"@/proposals/{outcome['proposal']['id']}/approve")
        return outcome

    async def say(self, text: str, status: int = 200, **body: Any) -> Json:
        answer: Json = await self.post("@/chat", {"text": text, **body}, status)
        return answer

    async def outline(self, **params: Any) -> Json:
        found: Json = await self.get("@/outline", **params)
        return found

    @asynccontextmanager
    async def events(self, since: str | None = None, last: str | None = None) -> AsyncIterator[AsyncIterator[ServerSentEvent]]:
        headers = {"Last-Event-ID": last} if last else {}
        params = {"since": since} if since else {}
        async with aconnect_sse(self.http, "GET", f"{self.at}/events", params=params, headers=headers) as source:
            source.response.raise_for_status()
            yield (event async for event in source.aiter_sse() if event.data)


async def take(stream: AsyncIterator[ServerSentEvent], count: int) -> list[ServerSentEvent]:
    """The next events, or a failure when they do not come."""
    async with asyncio.timeout(PATIENCE_S):
        return [await anext(stream) for _ in range(count)]


def settings_of(database: Addresses, home: Path, **more: Any) -> Settings:
    fields = {"database_url": database.owner, "app_database_url": database.app, "home": home, "provider_text": "rules"}
    return load(**{**fields, **more})


@pytest.fixture
def settings(database: Addresses, tmp_path: Path) -> Settings:
    return settings_of(database, tmp_path)


@pytest.fixture
async def stranger(settings: Settings) -> AsyncIterator[Caller]:
    """A caller with no project yet."""
    async with served(settings) as base, httpx.AsyncClient(base_url=base, timeout=PATIENCE_S) as http:
        yield Caller(http, base)


SHOTS = [{"duration_s": 3, "picture": {"subject": f"shot {n}", "place": "street"}} for n in range(1, 6)]


@pytest.fixture
async def caller(stranger: Caller) -> Caller:
    """A caller with a project of five shots of three seconds in one scene."""
    made = await stranger.post("/v1/workspaces", {"name": f"Test {uuid4().hex[:4]}"}, 201)
    stranger.workspace = made["workspace_id"]
    await stranger.act({"type": "scene.add", "args": {"title": "One"}}, {"type": "shot.bulk_add", "args": {"shots": SHOTS}})
    return stranger


def is_problem(answer: httpx.Response, status: int, code: str) -> Json:
    """The answer's problem, checked for its shape."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    body: Json = answer.json()
    assert (body["status"], body["code"], body["type"]) == (status, code, f"urn:storyreel:{code}")
    assert body["title"] and body["detail"]
    return body
