"""What a program meets at the edges: problems, health, parts that are away, and the description of it all."""

from __future__ import annotations

import asyncio
from pathlib import Path

import httpx
import pytest

from api.app import create_app
from storyreel.embedded import postgres
from storyreel.embedded.ports import free
from storyreel.runtime.settings import Settings
from tests.api.conftest import Caller, is_problem, served, settings_of
from tests.fixtures_services import Addresses, run, running


async def test_every_wrong_address_method_and_body_is_a_problem_with_a_stable_code(caller: Caller):
    http = caller.http
    is_problem(await http.get("/v1/nothing"), 404, "not-found")
    wrong = await http.put("/v1/workspaces")
    is_problem(wrong, 405, "method-not-allowed")
    assert wrong.headers["allow"]
    is_problem(await http.post(f"{caller.at}/actions", content=b"{not json"), 422, "bad-input")
    is_problem(await http.post(f"{caller.at}/actions", json={"actions": []}), 422, "bad-input")
    is_problem(await http.post(f"{caller.at}/actions", json={"actions": "all"}), 422, "bad-input")
    is_problem(await http.get("/v1/workspaces/not-an-id"), 422, "bad-input")
    is_problem(await http.get("/v1/workspaces", params={"limit": 0}), 422, "bad-input")
    is_problem(await http.get("/v1/workspaces", params={"cursor": "x"}), 422, "bad-input")
    nul = {"name": "a\u0000b"}
    is_problem(await http.post("/v1/workspaces", json=nul), 422, "bad-input")


async def test_a_failure_of_ours_hides_its_details(settings: Settings):
    app = create_app(settings)

    @app.get("/broken")
    async def broken() -> None:
        raise RuntimeError("the password is swordfish")

    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as http:
        answer = await http.get("/broken")
    is_problem(answer, 500, "internal")
    assert "swordfish" not in answer.text


async def test_health_readiness_figures_and_request_ids(caller: Caller):
    assert await caller.get("/healthz") == {"status": "ok"}
    parts = (await caller.get("/readyz"))["parts"]
    assert (parts["database"], parts["store"]) == ("well", "well")
    assert (await caller.http.get("/healthz", headers={"X-Request-Id": "r-1"})).headers["x-request-id"] == "r-1"
    figures = await caller.http.get("/metrics")
    assert figures.headers["content-type"].startswith("text/plain")
    assert "storyreel_http_request_seconds_bucket" in figures.text


async def test_everything_is_described_with_its_answers_and_its_problems(stranger: Caller):
    described = await stranger.get("/openapi.json")
    assert described["openapi"].startswith("3.1")
    assert {"code", "detail", "status"} <= set(described["components"]["schemas"]["Problem"]["required"])
    operations = {f"{verb} {path}": one for path, verbs in described["paths"].items() for verb, one in verbs.items()}
    assert len(operations) >= 20
    for name, one in operations.items():
        assert one.get("summary") and one.get("description"), name
        code, good = next((code, answer) for code, answer in one["responses"].items() if code.startswith("2"))
        assert good.get("content") or code == "204", name
        assert one["responses"]["422"]["content"]["application/problem+json"]["schema"], name
    for found in references(described):
        assert found.removeprefix("#/components/schemas/") in described["components"]["schemas"], found
    assert (await stranger.http.get("/docs")).status_code == 200


def references(part: object) -> list[str]:
    if isinstance(part, dict):
        mine = [part["$ref"]] if isinstance(part.get("$ref"), str) else []
        return mine + [found for value in part.values() for found in references(value)]
    return [found for value in part for found in references(value)] if isinstance(part, list) else []


async def test_the_api_starts_without_its_database_says_so_and_recovers(tmp_path: Path):
    """Away at the start, there, and away again in the middle: said each time, and nothing needs a restart."""
    home = tmp_path / "pg"
    home.mkdir()
    tmp_path.chmod(0o755)
    cluster = postgres.open_cluster(home, free(), durable=False)
    addresses = Addresses(cluster.dsn(postgres.OWNER), cluster.dsn(postgres.APP))
    settings = settings_of(addresses, tmp_path / "home", database_timeout_s=1)
    async with served(settings) as base, httpx.AsyncClient(base_url=base, timeout=30) as http:
        assert (await http.get("/healthz")).status_code == 200
        away = await http.get("/readyz")
        assert "database" in is_problem(away, 503, "unavailable")["detail"]
        assert away.headers["retry-after"]
        is_problem(await http.get("/v1/workspaces"), 503, "unavailable")
        is_problem(await http.post("/v1/workspaces", json={"name": "A"}), 503, "unavailable")
        await asyncio.to_thread(run, postgres.create(cluster, home / "initdb.log"))
        server = running(postgres.server(cluster), home)
        await asyncio.to_thread(server.__enter__)
        try:
            await asyncio.to_thread(run, postgres.prepare(cluster))
            from storyreel.graph.upgrade import upgrade

            await upgrade(addresses.owner)
            assert (await http.get("/readyz")).status_code == 200
            made = await http.post("/v1/workspaces", json={"name": "A"})
            at = f"/v1/workspaces/{made.json()['workspace_id']}"
            said = await http.post(f"{at}/chat", json={"text": "Make a 20 second film about a fox in the snow, 4 shots"})
            assert said.status_code == 200 and said.json()["proposal"], said.text
        finally:
            await asyncio.to_thread(server.__exit__, None, None, None)
        is_problem(await http.get(at), 503, "unavailable")
        is_problem(await http.post(f"{at}/chat", json={"text": "yes"}), 503, "unavailable")


async def test_without_temporal_everything_but_a_choice_of_pictures_works(caller: Caller):
    done = (await caller.do({"type": "gen.compose"}))["commit"]
    node = {"node": "00000000-0000-0000-0000-000000000000"}
    shot = next(t for t in (await caller.get("@/tasks"))["items"] if t["kind"] == "shot")
    said = is_problem(await caller.http.post(f"{caller.at}/tasks/{shot['id']}/choose", json=node), 503, "unavailable")
    assert "Temporal" in said["detail"] and shot["id"] in done["tasks"]


async def test_a_temporal_that_is_configured_and_away_is_said_when_it_is_needed(database: Addresses, tmp_path: Path):
    settings = settings_of(database, tmp_path, temporal_address=f"127.0.0.1:{free()}")
    async with served(settings) as base, httpx.AsyncClient(base_url=base, timeout=30) as http:
        caller = Caller(http, base)
        caller.workspace = (await caller.post("/v1/workspaces", {"name": "A"}, 201))["workspace_id"]
        shot = {"duration_s": 2, "picture": {"subject": "a"}}
        await caller.act({"type": "scene.add"}, {"type": "shot.bulk_add", "args": {"shots": [shot]}})
        await caller.do({"type": "gen.compose"})
        shot = next(t for t in (await caller.get("@/tasks"))["items"] if t["kind"] == "shot")
        node = {"node": shot["id"]}
        is_problem(await http.post(f"{caller.at}/tasks/{shot['id']}/choose", json=node), 503, "unavailable")


@pytest.mark.parametrize("path", ["/v1/actions", "/v1/workspaces"])
async def test_a_program_that_sends_a_trace_is_followed(stranger: Caller, path: str):
    trace = {"traceparent": "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"}
    assert (await stranger.http.get(path, headers=trace)).status_code == 200
