"""What a person is told when the surroundings are not as they should be, and that it passes."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.acceptance.stand import ROOT, Film, Stand, shot, until


def refused(stand: Stand, **env: str) -> str:
    """What `storyreel up` says when it cannot."""
    ran = subprocess.run(  # noqa: PLW1510 (the code is asserted below)
        [sys.executable, "-m", "storyreel", "up"], env={**stand.env, **env}, cwd=ROOT, capture_output=True, text=True, timeout=60
    )
    assert ran.returncode == 1, ran.stdout + ran.stderr
    assert "Traceback" not in ran.stderr
    return " ".join((ran.stdout + ran.stderr).split())


def test_a_second_stack_on_one_folder_says_who_has_it(stand: Stand) -> None:
    said = refused(stand)
    assert f"in use by process {stand.endpoints.pid}" in said
    assert stand.endpoints.api in said
    assert "STORYREEL_HOME" in said


def test_a_taken_port_is_named_by_its_setting(stand: Stand, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        said = refused(stand, STORYREEL_HOME=str(tmp_path / "other"), STORYREEL_API_PORT=str(port))
    assert f"STORYREEL_API_PORT={port} is taken" in said


def answers(stand: Stand, film: Film) -> httpx.Response:
    answer: httpx.Response = stand.api("GET", f"{film.path}/outline", ok=False)
    return answer


def problem(answer: httpx.Response, status: int) -> dict[str, Any]:
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    told: dict[str, Any] = answer.json()
    assert told["code"] and told["detail"]
    return told


def test_while_the_database_is_away_the_api_says_so_and_recovers(stand: Stand) -> None:
    film = Film(stand, [shot("Ada")])
    pid = stand.endpoints.pids["postgres"]
    os.kill(pid, signal.SIGKILL)
    seen = [answer for _ in range(20) if (answer := answers(stand, film)).status_code != 200]
    assert seen, "the database came back before anybody asked"
    for answer in seen:
        assert problem(answer, 503)["code"] == "unavailable"
        assert "Retry-After" in answer.headers
    until(lambda: answers(stand, film).status_code == 200, "the API to answer again")
    film.do({"type": "gen.compose"})
    film.finish()


def test_a_database_that_hangs_in_the_middle_of_a_request_loses_nothing(stand: Stand) -> None:
    film = Film(stand, [shot("Ada")])
    body = {"actions": [{"type": "shot.update", "args": {"shots": "1", "notes": "seen"}}]}
    with stand.sql() as conn:
        conn.execute("begin")
        conn.execute("select from workspace where id = %s for update", (film.id,))
        with httpx.Client(base_url=stand.endpoints.api, trust_env=False) as http, pytest.raises(httpx.ReadTimeout):
            http.post(f"{film.path}/actions", json=body, headers={"Idempotency-Key": "once"}, timeout=1)
        conn.execute("rollback")
    outcome = stand.api("POST", f"{film.path}/actions", body, key="once")
    notes = stand.rows("select revision from commit where workspace_id = %s and actions::text like '%%seen%%'", film.id)
    assert [row["revision"] for row in notes] == [outcome["commit"]["revision"]]


def test_a_store_that_is_away_is_named_and_the_work_goes_on_when_it_is_back(stand: Stand) -> None:
    film = Film(stand, [shot("Grace")])
    store, away = stand.home / "assets", stand.home / "assets.away"
    store.rename(away)
    store.write_text("not a folder")
    try:
        told = problem(stand.api("POST", f"{film.path}/assets?name=note.txt", {"a": 1}, ok=False), 503)
        assert str(store) in told["detail"] or "store" in told["detail"]
        film.do({"type": "gen.video", "args": {"shots": "1"}})
        until(
            lambda: (
                stand.rows("select from task_event where workspace_id = %s and kind = 'retry'", film.id)
                or any("away" in (task["note"] or "") or task["error"] for task in film.tasks())
            ),
            "the task to say that it waits",
        )
    finally:
        store.unlink()
        away.rename(store)
    film.finish()
    assert film.bought() == {("Grace", "grid"): 1, ("Grace", "video"): 1}
