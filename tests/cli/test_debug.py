"""Looking into a render, going through it again, and running it once more: real rows, a real run, instant providers."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from temporalio.client import Client

from storyreel.cli.debug_page import in_html, in_words
from storyreel.commits import Door
from storyreel.ledger import jobs
from storyreel.ledger.jobs import Wish
from storyreel.model.errors import NotPossible
from storyreel.runtime.settings import Settings
from tests.activities.instant import Instant
from tests.api.conftest import Caller, served, settings_of
from tests.cli.conftest import Shell
from tests.commits.conftest import Studio, door
from tests.desk.conftest import Set, client
from tests.fixtures_services import Addresses

__all__ = ["client", "door"]
SECRET = "q7Zk2mPz9XcV4bN1aL6s"
FILM = "Make a 10 second film about a fox who finds a lantern in the snow, 2 shots"
Json = dict[str, Any]


@dataclass
class House:
    """A project that was asked for by talk, with its API and a worker."""

    caller: Caller
    stage: Set
    base: str

    @property
    def workspace(self) -> UUID:
        return UUID(self.caller.workspace)

    async def page(self, what: str, status: int = 200) -> Json:
        found: Json = await self.caller.get(f"@/debug/{what}", status)
        return found

    async def act(self, kind: str, status: int = 200, **args: Any) -> Json:
        done: Json = await self.caller.act({"type": kind, "args": args}, status=status)
        return done

    async def rendered(self, kind: str = "gen.video", **args: Any) -> list[str]:
        """The stages that were made when this was asked for and done."""
        before = len(self.stage.instant.bought)
        await self.caller.do({"type": kind, "args": args})
        await self.stage.all_over()
        return self.stage.instant.stages[before:]

    async def called(self, task_id: str) -> None:
        """A call of a provider that kept secrets where vendors put them."""
        wish = Wish(
            workspace_id=self.workspace,
            owner_id=uuid4(),
            key="k" * 64,
            stage="video",
            capability="video",
            provider="acme",
            model="motion-2",
            request={"prompt": "write to anna@example.com", "api_key": SECRET, "image": f"data:image/png;base64,{'A' * 4000}"},
            task_id=UUID(task_id),
        )
        async with self.stage.studio.door.database.begin() as conn:
            job = await jobs.reserve(conn, wish, sending=True)
            assert isinstance(job, jobs.Job)
            await jobs.submitted(conn, job, "acme-17")
            await jobs.failed(
                conn, job, {"code": "provider", "detail": f"GET https://acme.example/v/17.mp4?sig={SECRET} was refused"}
            )


@asynccontextmanager
async def house(settings: Settings, client: Client, door: Door, dsn: str, folder: Path) -> AsyncIterator[House]:
    async with served(settings) as base, httpx.AsyncClient(base_url=base, timeout=30) as http:
        caller = Caller(http, base)
        caller.workspace = (await caller.post("/v1/workspaces", {"name": "The fox"}, 201))["workspace_id"]
        stage = Set(Studio(door, UUID(caller.workspace)), client, Instant(folder / "assets"), dsn)
        async with stage.working():
            yield House(caller, stage, base)


@pytest.fixture
async def at_work(database: Addresses, temporal_server: str, client: Client, door: Door, tmp_path: Path) -> AsyncIterator[House]:
    settings = settings_of(database, tmp_path / "home", temporal_address=temporal_server, temporal_ui="http://127.0.0.1:8233")
    async with house(settings, client, door, database.app, tmp_path) as opened:
        yield opened


async def refuse(_: Any, __: Any) -> None:
    raise NotPossible("Acme draws no foxes; choose another provider.")


async def test_a_failed_shot_is_explained_on_one_page(at_work: House, tmp_path: Path) -> None:
    at_work.stage.instant.before["video"] = refuse
    said = await at_work.caller.say(FILM)
    await at_work.caller.post(f"@/proposals/{said['proposal']['id']}/approve")
    found = await at_work.stage.until(lambda tasks: bool(tasks) and all(t.finished_at for t in tasks if t.kind == "shot"))
    task_id = str(next(task.id for task in found if task.kind == "shot"))
    await at_work.called(task_id)
    page = await at_work.page(task_id)
    task, run = page["task"], page["run"]
    assert (task["state"], task["error"]["code"], task["error"]["stage"]) == ("manual_review", "provider-not-possible", "video")
    assert task["asked"]["sentence"] == FILM and task["asked"]["approved_by"] and task["asked"]["batch"]["total"] == 3
    assert {"queued", "started", "stage", "stage_done", "manual_review"} <= {event["kind"] for event in task["events"]}
    assert {node["stage"] for node in task["made"]} >= {"grid", "voice"} and any(node["selected"] for node in task["made"])
    steps = {step["name"]: step for step in run["steps"]}
    assert (steps["video"]["state"], steps["video"]["attempts"]) == ("failed", 1) and "no foxes" in steps["video"]["failure"]
    assert steps["grid"]["state"] == "made" and steps["finish"]["state"] == "made" and run["status"] == "failed"
    assert page["links"]["temporal"].startswith("http://127.0.0.1:8233/namespaces/default/workflows/shot%2F")
    assert any("another provider" in line for line in page["advice"])
    call = task["calls"][0]
    assert (call["provider"], call["handle"], call["state"]) == ("acme", "acme-17", "failed")
    assert call["request"]["prompt"] == "write to anna@example.com"
    everything = json.dumps(page)
    assert SECRET not in everything and "AAAA" not in everything
    words, html = in_words(page), in_html(page)
    for shown in (words, html):
        assert (
            FILM in shown
            and "draws no foxes" in shown
            and "acme-17" in shown
            and "Move the camera" not in shown.split("video")[0]
        )
    assert "<script" not in html and "http" not in html.split("<body>")[0]
    # The same by the shot's number, the run's name and, for the whole workspace, its desk.
    number = task["shot"]
    assert (await at_work.page(f"shot {number}"))["task"]["id"] == task_id
    assert (await at_work.page(run["workflow_id"]))["task"]["id"] == task_id
    assert (await at_work.page("desk"))["run"]["workflow"] == "RenderDesk"
    assert "nothing was ever rendered" in (await at_work.page(str(uuid4()), 404))["detail"]


async def test_a_run_is_gone_through_again_from_the_command_line(at_work: House, tmp_path: Path) -> None:
    await prepared(at_work)
    shell = Shell(tmp_path / "cli", at_work.base)
    same = await shell("replay", "1")
    assert same.code == 0 and "go the same way" in same.out, same.err
    history = await at_work.caller.get("@/histories/1")
    changed = tmp_path / "changed.json"
    changed.write_text(json.dumps(history).replace('"name": "grid"', '"name": "sketch"'))
    other = await shell("replay", str(changed), "--json")
    assert other.code == 1 and "'sketch'" in other.json["runs"][0]["said"] and not other.json["runs"][0]["same"]
    page = tmp_path / "page.html"
    shown = await shell("debug", "1", "--html", str(page))
    assert shown.code == 0 and page.read_text().startswith("<!doctype html>")
    nothing = tmp_path / "nothing.json"
    nothing.write_text("{}")
    assert "is no history" in (await shell("replay", str(nothing))).err


async def prepared(house: House) -> None:
    """Two shots, rendered to the end."""
    shots = [{"duration_s": 2, "picture": {"subject": f"a fox {n}"}, "lines": [{"text": "Hm."}]} for n in (1, 2)]
    await house.caller.do({"type": "scene.add", "args": {"title": "One"}}, {"type": "shot.bulk_add", "args": {"shots": shots}})
    await house.rendered(shots="all", cut=False)


async def test_a_run_starts_again_from_a_stage_with_the_inputs_it_had(at_work: House) -> None:
    await prepared(at_work)
    # Nothing changed: nothing is made, unless a new take is asked for.
    assert await at_work.rendered("task.rerun", run="1", stage="video") == []
    assert await at_work.rendered("task.rerun", run="shot 1", stage="video", again=True) == ["video"]
    first = (await at_work.page("1"))["task"]
    assert (first["takes"].keys(), first["stages"]) == ({"video", "compose"}, ["video", "voice", "compose", *first["stages"][3:]])
    # An input changed since: it is named, with both ways on.
    await at_work.act("shot.update", shots="1", camera={"move": "pan_left"})
    refused = await at_work.act("task.rerun", status=422, run="1", stage="video")
    assert "camera move static → pan left" in refused["detail"] and refused["verdicts"][0]["facts"]["changed"] == ["move"]
    assert "--today" in refused["detail"] and "--as-it-was" in refused["detail"]
    # The voice of it is as it was.
    assert await at_work.rendered("task.rerun", run="1", stage="voice", again=True) == ["voice"]


async def test_where_inputs_changed_the_person_chooses_between_today_and_then(at_work: House) -> None:
    await prepared(at_work)
    task_id = (await at_work.page("2"))["task"]["id"]
    await at_work.act("shot.update", shots="2", camera={"move": "pan_left"})
    back = await at_work.act("task.rerun", run=task_id, stage="video", inputs="as_it_was")
    assert back["proposal"] and any("back" in one["code"] for one in back["proposal"]["summary"])
    assert await at_work.rendered("task.rerun", run=task_id, stage="video", inputs="as_it_was") == []
    moved = await at_work.caller.get("@/shots/2")
    assert "pan_left" not in json.dumps(moved)
    await at_work.act("shot.update", shots="2", camera={"move": "pan_left"})
    assert await at_work.rendered("task.rerun", run=task_id, stage="video", inputs="today") == ["video"]


async def test_the_same_by_talk_in_both_languages(at_work: House) -> None:
    await prepared(at_work)
    for sentence in ("rerun shot 2 from video", "第2镜从视频重新跑", "run shot 2 again from the video stage"):
        said = await at_work.caller.say(sentence)
        (asked,) = said["actions"]
        assert (asked["type"], asked["args"]["run"], asked["args"]["stage"]) == ("task.rerun", "2", "video"), sentence


async def test_what_the_ledger_knows_is_told_without_temporal(
    database: Addresses, temporal_server: str, client: Client, door: Door, tmp_path: Path
) -> None:
    lost = settings_of(database, tmp_path / "home", temporal_address=temporal_server)
    async with house(lost, client, door, database.app, tmp_path) as opened:
        await prepared(opened)
        run = (await opened.page("1"))["run"]["workflow_id"]
        stranger = (await opened.caller.post("/v1/workspaces", {"name": "Another"}, 201))["workspace_id"]
        answer = await opened.caller.http.get(f"/v1/workspaces/{stranger}/debug/{run}")
        assert answer.status_code == 404
        workspace = opened.caller.workspace
    away = settings_of(database, tmp_path / "away", temporal_address="127.0.0.1:9")
    async with served(away) as base, httpx.AsyncClient(base_url=base, timeout=30) as http:
        page = (await http.get(f"/v1/workspaces/{workspace}/debug/1")).json()
    assert page["run"] is None and "Temporal is away" in page["no_run"]
    assert page["task"]["state"] == "succeeded" and page["task"]["made"] and "Temporal is away" in in_words(page)
