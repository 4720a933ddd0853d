"""Storyreel driven by an MCP client of the official SDK: over HTTP and over the standard streams of the real command."""

from __future__ import annotations

import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from mcp import Client, StdioServerParameters, stdio_client

from storyreel.mcp.client import Api
from storyreel.mcp.tools import tool_named
from storyreel.model.errors import Unavailable
from storyreel.runtime.settings import Settings
from tests.api.conftest import served, settings

__all__ = ["settings"]
ROOT = Path(__file__).parents[2]
SHOTS = [{"duration_s": 3, "picture": {"subject": f"shot {n}", "place": "street"}} for n in range(1, 6)]


class Assistant:
    """A program that knows nothing but the tools."""

    def __init__(self, client: Client) -> None:
        self.client = client
        self.project = ""

    async def names(self) -> set[str]:
        return {tool.name for tool in (await self.client.list_tools()).tools}

    async def ask(self, tool: str, **args: Any) -> tuple[str, Any]:
        """A tool's words and data."""
        named = {"project": self.project} if self.project and tool not in {"list_projects", "project_create"} else {}
        answer = await self.client.call_tool(tool, named | args)
        assert not answer.is_error, answer.content[0].text
        return answer.content[0].text, answer.structured_content

    async def refused(self, tool: str, **args: Any) -> tuple[str, Any]:
        answer = await self.client.call_tool(tool, args)
        assert answer.is_error, answer.content
        return answer.content[0].text, answer.structured_content

    async def film(self) -> list[str]:
        """What the shots show."""
        _, outline = await self.ask("read_outline")
        shots = [shot["number"] for scene in outline["scenes"] for shot in scene["shots"]]
        return [(await self.ask("read_shot", shot=str(number)))[1]["data"][0]["frame"]["subject"] for number in shots]

    async def begin(self) -> None:
        """A project of five shots."""
        _, made = await self.ask("project_create", name="Lighthouse")
        self.project = made["workspace_id"]
        scene = {"type": "scene.add", "args": {"title": "One"}, "as": "one"}
        await self.ask("perform", actions=[scene, {"type": "shot.add", "args": {"shots": SHOTS}}], intent="five shots")


def command(home: Path, api: str = "") -> StdioServerParameters:
    env = {**os.environ, "STORYREEL_HOME": str(home), "PYTHONPATH": str(ROOT)} | ({"STORYREEL_API": api} if api else {})
    return StdioServerParameters(command=sys.executable, args=["-m", "storyreel", "mcp"], env=env, cwd=str(home.parent))


@asynccontextmanager
async def connected(way: str, base: str, home: Path) -> AsyncIterator[Assistant]:
    server = command(home, base) if way == "stdio" else f"{base}/mcp"
    async with Client(stdio_client(server) if isinstance(server, StdioServerParameters) else server) as client:
        yield Assistant(client)


@pytest.mark.parametrize("way", ["stdio", "http"])
async def test_a_client_lists_proposes_approves_and_undoes(settings: Settings, tmp_path: Path, way: str) -> None:
    async with served(settings) as base, connected(way, base, tmp_path / "home") as it:
        names = await it.names()
        assert {"list_projects", "read_outline", "propose", "approve", "reject", "undo", "task_status"} <= names
        assert {"shot_update", "shot_split", "gen_shots", "task_steer"} <= names
        await it.begin()
        assert [one["name"] for one in (await it.ask("list_projects"))[1]["projects"]] == ["Lighthouse"]
        five = [f"shot {n}" for n in range(1, 6)]
        assert await it.film() == five

        # What deletes is not done until a person agrees, however it is asked for.
        words, asked = await it.ask("shot_delete", shots="2")
        assert asked["commit"] is None and asked["proposal"]["state"] == "open"
        assert asked["proposal"]["id"] in words and "agree" in words and "approve" in words
        assert await it.film() == five
        waiting, page = await it.ask("open_proposals")
        assert [one["proposal"]["id"] for one in page["items"]] == [asked["proposal"]["id"]] and asked["proposal"][
            "id"
        ] in waiting
        words, done = await it.ask("approve", proposal=asked["proposal"]["id"])
        assert done["commit"]["undoable"] and "undo" in words
        assert await it.film() == ["shot 1", "shot 3", "shot 4", "shot 5"]
        assert (await it.ask("undo"))[1]["commit"]["kind"] == "undo"
        assert await it.film() == five

        # What needs no consent is a proposal only where that is asked for.
        night = {"type": "shot.update", "args": {"shots": "1", "picture": {"subject": "a lamp"}}}
        _, proposed = await it.ask("propose", actions=[night], intent="a lamp in shot 1")
        assert proposed["commit"] is None
        assert (await it.ask("reject", proposal=proposed["proposal"]["id"]))[1]["state"] == "rejected"
        _, again = await it.ask("shot_update", shots="1", picture={"subject": "a lamp"}, propose=True)
        assert again["commit"] is None and await it.film() == five
        assert (await it.ask("shot_update", shots="1", picture={"subject": "a lamp"}, reason="darker"))[1]["commit"]
        assert (await it.film())[0] == "a lamp"

        _, started = await it.ask("gen_storyboard", shots="1")
        assert len(started["commit"]["tasks"]) == 1
        assert (await it.ask("task_status"))[1]["data"][0]["counts"] == {"pending": 1}
        # Another name of an action is as good as its own.
        assert (await it.ask("task_cancel"))[1]["commit"]
        assert (await it.ask("task_status"))[1]["data"][0]["counts"] == {}


async def test_what_cannot_be_done_is_said_and_changes_nothing(settings: Settings, tmp_path: Path) -> None:
    async with served(settings) as base, connected("http", base, tmp_path) as it:
        said, _ = await it.refused("read_outline")
        assert "project_create" in said
        await it.begin()
        for tool, args, words in (
            ("shot_update", {"shots": "9", "duration_s": 2}, "shots 1 to 5"),
            ("shot_update", {"shots": "1", "duration_s": 0}, "duration_s"),
            ("shot_update", {"shots": "1", "colour": "red"}, "colour"),
            ("shot_explode", {}, "no tool"),
            ("approve", {"proposal": "nonsense"}, "proposal"),
            ("perform", {"actions": []}, "actions"),
            ("read_outline", {"project": "Nowhere"}, "Lighthouse"),
        ):
            said, facts = await it.refused(tool, **args)
            assert words in said and facts["code"], said
        assert await it.film() == [f"shot {n}" for n in range(1, 6)]
        await it.ask("project_create", name="Another")
        said, facts = await it.refused("read_outline")
        assert "Lighthouse" in said and "Another" in said and facts["code"] == "bad-input"


async def test_the_history_says_that_it_came_in_through_a_tool(settings: Settings, tmp_path: Path) -> None:
    async with served(settings) as base, connected("http", base, tmp_path) as it:
        await it.begin()
        _, answer = await it.ask("propose", actions=[{"type": "shot.delete", "args": {"shots": "1"}}])
        await it.ask("approve", proposal=answer["proposal"]["id"])
        async with (
            httpx.AsyncClient(base_url=base) as http,
            http.stream("GET", f"/v1/workspaces/{it.project}/events", params={"since": "0.0"}) as events,
        ):
            sources: list[str] = []
            async for line in events.aiter_lines():
                if line.startswith("data:") and '"source"' in line:
                    sources.append(line)
                if len(sources) == 3:
                    break
        assert all('"source":"mcp"' in line.replace(" ", "") for line in sources), sources


async def test_a_mode_has_its_own_tools_and_a_language_its_own_words(settings: Settings, tmp_path: Path) -> None:
    async with served(settings) as base:
        async with Client(f"{base}/mcp?mode=draft&language=zh") as client:
            drafts = Assistant(client)
            names = await drafts.names()
            assert "list_projects" in names and "shot_split" not in names and "read_outline" not in names
            said, _ = await drafts.refused("shot_split", shot="1", at_s=1)
            assert "draft mode" in said
        async with Client(f"{base}/mcp?language=zh", mode="legacy") as client:
            it = Assistant(client)
            await it.begin()
            words, _ = await it.ask("shot_delete", shots="2")
            assert "同意" in words and "删除" in words
        async with httpx.AsyncClient(base_url=base) as http:
            call = {"jsonrpc": "2.0", "id": 1, "method": "tools/list"}
            accept = {"accept": "application/json, text/event-stream"}
            assert (await http.post("/mcp", params={"mode": "opera"}, json=call, headers=accept)).status_code == 422
            page = await http.post("/mcp", json=call, headers=accept | {"origin": "https://films.example"})
            assert page.status_code == 403
            assert (await http.post("/mcp", json=call, headers=accept | {"origin": "http://localhost:6274"})).status_code == 200
            assert "/mcp" not in (await http.get("/openapi.json")).json()["paths"]


async def test_where_no_stack_runs_the_tools_are_listed_and_say_so(settings: Settings, tmp_path: Path) -> None:
    home = tmp_path / "home"
    async with Client(stdio_client(command(home))) as client:
        it = Assistant(client)
        assert "shot_update" in await it.names()
        said, facts = await it.refused("list_projects")
        assert "storyreel up" in said and facts["code"] == "unavailable"
    async with httpx.AsyncClient(base_url="http://127.0.0.1:9") as nobody:
        with pytest.raises(Unavailable, match=r"does not answer at http://127\.0\.0\.1:9"):
            await tool_named("agent", "list_projects").run(Api(nobody), {})
