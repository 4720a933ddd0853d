"""What is told of a running installation: figures by routes and never by ids, what the database knows, what is away."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from prometheus_client.parser import text_string_to_metric_families as parsed

from storyreel.ledger.gauges import FIGURES, Gauges, stuck
from storyreel.runtime import metrics
from storyreel.runtime.database import Database, open_database
from storyreel.runtime.settings import Settings
from tests.api.conftest import Caller, served
from tests.fixtures_services import Addresses

Told = dict[tuple[str, tuple[tuple[str, str], ...]], float]
UUIDS = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}")


def read(exposition: str) -> Told:
    return {
        (sample.name, tuple(sorted(sample.labels.items()))): sample.value
        for family in parsed(exposition)
        for sample in family.samples
    }


async def figures(caller: Caller) -> Told:
    answer = await caller.http.get("/metrics")
    assert answer.status_code == 200 and answer.headers["content-type"].startswith("text/plain")
    assert not UUIDS.search(answer.text), "no label holds an id"
    return read(answer.text)


def value(told: Told, name: str, **labels: str) -> float:
    return told.get((name, tuple(sorted(labels.items()))), 0.0)


async def test_requests_are_counted_by_route_and_status_and_never_by_id(caller: Caller) -> None:
    outline, name = "/v1/workspaces/{workspace}/outline", "storyreel_http_request_seconds_count"
    before = await figures(caller)
    await caller.outline()
    await caller.get(f"/v1/workspaces/{uuid4()}/outline", status=404)
    await caller.http.request("FETCH-ME", "/no/such/place")
    after = await figures(caller)

    def more(**labels: str) -> float:
        return value(after, name, **labels) - value(before, name, **labels)

    assert more(method="GET", route=outline, status="200") == 1
    assert more(method="GET", route=outline, status="404") == 1
    assert {dict(labels)["method"] for at, labels in after if at == name} <= {
        *["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "other"]
    }
    assert value(after, "storyreel_http_request_seconds_bucket", method="GET", route=outline, status="200", le="+Inf") >= 1


async def test_event_streams_are_counted_while_they_are_held(caller: Caller) -> None:
    held = value(await figures(caller), "storyreel_event_streams")
    async with caller.events():
        assert value(await figures(caller), "storyreel_event_streams") == held + 1
    async with asyncio.timeout(10):
        while value(await figures(caller), "storyreel_event_streams") != held:
            await asyncio.sleep(0.02)


async def test_the_api_tells_what_the_database_knows_and_how_the_machine_is(caller: Caller) -> None:
    told = await figures(caller)
    assert value(told, "storyreel_ledger_up") == 1
    assert value(told, "storyreel_workers", state="alive") == 0
    assert 0 < value(told, "storyreel_disk_used_ratio") <= 1 and 0 < value(told, "storyreel_memory_used_ratio") <= 1
    assert value(told, "storyreel_database_connections", state="most") >= 1
    assert value(told, "storyreel_tasks", queue="desk", state="pending") == 0
    assert not [name for name, _ in told if name == "storyreel_backup_age_seconds"], "none was ever made"


async def test_what_is_away_is_named_and_the_rest_goes_on(settings: Settings, caller: Caller) -> None:
    ready = await caller.http.get("/readyz")
    assert (ready.status_code, ready.json()["status"]) == (200, "degraded")
    assert ready.json()["parts"]["temporal"].startswith("away")
    assert ready.json()["version"]
    gone = settings.model_copy(
        update={"database_url": "postgresql://x@127.0.0.1:9/x", "app_database_url": "postgresql://x@127.0.0.1:9/x"}
    )
    async with served(gone) as base:
        answer = await caller.http.get(f"{base}/readyz")
        assert (answer.status_code, answer.json()["code"]) == (503, "unavailable")
        told = await caller.http.get(f"{base}/metrics")
        assert told.status_code == 200 and value(read(told.text), "storyreel_ledger_up") == 0
        assert (await caller.http.get(f"{base}/healthz")).status_code == 200


SEEDED = """
insert into workspace (id, name) values (:ws, 'w');
insert into episode (workspace_id, id, title, order_key) values (:ws, :ep, 'e', 'a'), (:ws, :ep2, 'e', 'b'), (:ws, :ep3, 'e', 'c');
insert into task (workspace_id, id, kind, episode_id, stages, state, revision, asked_by, run, stage, created_at, started_at, expected_s) values
  (:ws, gen_random_uuid(), 'cut', :ep, '{music,film}', 'pending', 0, 'me', 0, '', now() - interval '90 seconds', null, 0),
  (:ws, gen_random_uuid(), 'cut', :ep, '{music,film}', 'manual_review', 0, 'me', 1, 'film', now(), null, 0),
  (:ws, :stuck, 'cut', :ep2, '{music,film}', 'running', 0, 'me', 1, 'film', now() - interval '1 hour', now() - interval '1 hour', 10),
  (:ws, gen_random_uuid(), 'cut', :ep3, '{music,film}', 'running', 0, 'me', 1, 'music', now() - interval '1 hour', now() - interval '1 hour', 900);
insert into provider_job (workspace_id, id, owner_id, key, stage, capability, provider, request, state, handle, reserved_usd, settled_usd, updated_at) values
  (:ws, gen_random_uuid(), :ep, 'a', 'music', 'music', 'remote', '{}', 'unknown', null, 0.5, null, now()),
  (:ws, gen_random_uuid(), :ep, 'b', 'music', 'music', 'remote', '{}', 'submitted', 'h', 0.25, null, now()),
  (:ws, gen_random_uuid(), :ep, 'c', 'music', 'music', 'remote', '{}', 'settled', 'h', 0, 1.5, now()),
  (:ws, gen_random_uuid(), :ep, 'd', 'music', 'music', 'remote', '{}', 'settled', 'h', 0, 2, now() - interval '2 days'),
  (:ws, gen_random_uuid(), :ep, 'e', 'music', 'music', 'remote', '{}', 'failed', 'h', 0, null, now());
insert into budget (workspace_id, limit_usd, reserved_usd, spent_usd, month) values (:ws, 100, 5, 87, ''), (:ws, 1, 0, 1, '2020-01');
insert into worker (id, host, process_id, queues, version, seen_at, clock_off_s, facts) values
  (gen_random_uuid(), 'a', 1, '{desk,video}', '1', now(), -1.5, '{}'), (gen_random_uuid(), 'b', 1, '{video}', '1', now(), 0, '{"draining": true}'),
  (gen_random_uuid(), 'c', 1, '{post}', '1', now() - interval '5 minutes', 99, '{}');
insert into backup (id, place, started_at, finished_at) values ('b', '/x', now(), now() - interval '2 hours')
"""


@pytest.fixture
async def seeded(db: Database, database: Addresses) -> Gauges:
    given = {name: str(uuid4()) for name in ("ws", "ep", "ep2", "ep3", "stuck")}
    statements = SEEDED
    for name in sorted(given, key=len, reverse=True):
        statements = statements.replace(f":{name}", f"'{given[name]}'")
    with psycopg.connect(database.owner, autocommit=True) as connection:
        connection.execute(statements.encode())
    return Gauges(db)


async def test_the_figures_are_those_of_the_rows(seeded: Gauges) -> None:
    told = read((await seeded.told()).decode())

    def says(want: float, name: str, **labels: str) -> None:
        assert value(told, name, **labels) == pytest.approx(want, abs=5), (name, labels)

    says(1, "storyreel_tasks", queue="desk", state="pending")
    says(1, "storyreel_tasks", queue="post", state="running")
    says(1, "storyreel_tasks", queue="audio", state="running")
    says(90, "storyreel_oldest_waiting_seconds")
    says(7200, "storyreel_backup_age_seconds")
    exact = {
        "storyreel_stuck_runs": 1, "storyreel_review_queue": 1, "storyreel_unknown_jobs": 1, "storyreel_held_usd": 0.75,
        "storyreel_budgets_nearly_spent": 1, "storyreel_budget_left_ratio": 0.08, "storyreel_worker_clock_off_seconds": 1.5,
        "storyreel_archive_failing": 0,
    }  # fmt: skip
    assert {name: round(value(told, name), 6) for name in exact} == exact
    assert [value(told, "storyreel_workers", state=state) for state in ("alive", "draining", "dead")] == [1, 1, 1]
    assert [value(told, "storyreel_queue_workers", queue=queue) for queue in ("desk", "video", "post")] == [1, 1, 0]
    assert value(told, "storyreel_open_jobs", provider="remote", state="submitted") == 1
    assert value(told, "storyreel_spent_usd", provider="remote", capability="music") == 3.5
    assert [
        value(told, "storyreel_calls", provider="remote", capability="music", state=one) for one in ("settled", "failed")
    ] == [1, 1]
    assert {name for name, _ in told} == {one.name for one in FIGURES}, "each figure is told"


async def test_a_run_is_stuck_only_long_after_what_was_expected(seeded: Gauges) -> None:
    async with seeded.database.connect() as conn:
        (one,) = await stuck(conn)
    assert (one.kind, one.stage, one.queue, one.run) == ("cut", "film", "post", 1) and one.silent_s > 3500


async def test_a_database_that_is_too_slow_is_said_and_does_not_hold_the_scrape_up(
    database: Addresses, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("storyreel.ledger.gauges.LIMIT_MS", 50)
    monkeypatch.setattr(
        "storyreel.ledger.gauges.BUDGET_LEFT", "select pg_sleep(30), null as least, cast(:nearly as float8) as nearly"
    )
    db = open_database(database.app)
    async with asyncio.timeout(5):
        told = read((await Gauges(db).told()).decode())
    assert told == {("storyreel_ledger_up", ()): 0.0}
    await db.close()


def test_memory_is_that_of_the_container_where_it_has_a_limit(tmp_path: Path) -> None:
    meminfo = tmp_path / "meminfo"
    meminfo.write_text("MemTotal: 1000 kB\nMemFree: 100 kB\nMemAvailable: 250 kB\n")
    assert metrics.memory_used(meminfo, tmp_path / "none") == 0.75
    (tmp_path / "memory.max").write_text("1000\n")
    (tmp_path / "memory.current").write_text("900\n")
    (tmp_path / "memory.stat").write_text("anon 1\ninactive_file 400\n")
    assert metrics.memory_used(meminfo, tmp_path) == 0.5
    (tmp_path / "memory.max").write_text("max\n")
    assert metrics.memory_used(meminfo, tmp_path) == 0.75
