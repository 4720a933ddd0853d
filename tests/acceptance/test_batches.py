"""Batches on the whole stack: a signal from Temporal's own command line, and a cancel that reaches every vendor."""

from __future__ import annotations

import asyncio
import json
import subprocess
import time
from collections.abc import Iterator
from typing import Any

import pytest

from storyreel.embedded import temporal
from storyreel.runtime.settings import load
from tests.acceptance.conftest import standing
from tests.acceptance.stand import OVER, ROOT, Film, Json, Stand, shot, until

CANCELLED_WITHIN_S = 15.0
DOCUMENT = ROOT / "docs" / "temporal.md"
SIGNAL = "temporal workflow signal --workflow-id desk/$W"


@pytest.fixture(scope="module")
def stand(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stand]:
    slots = "image=24,video=4,audio=4,post=4,spec=24"
    with standing(tmp_path_factory.mktemp("stand"), STORYREEL_WORKER_SLOTS=slots) as running:
        yield running


def temporal_cli(stand: Stand, *words: str) -> str:
    """What Temporal's own command line answers, with the real binary against the real server."""
    found = asyncio.run(temporal.look(load()))
    assert found is not None, "the stack runs, so there is a binary"
    done = subprocess.run(
        [str(found.path), *words, "--address", stand.endpoints.temporal_address],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def signal(film: Film, name: str, **body: Any) -> None:
    words = ("workflow", "signal", "--workflow-id", f"desk/{film.id}", "--name", name, "--input", json.dumps(body))
    temporal_cli(film.stand, *words)  # type: ignore[arg-type]


def batches(film: Film) -> list[Json]:
    found: list[Json] = film.stand.api("GET", f"{film.path}/batches")["items"]
    return found


def batch(film: Film, which: str) -> Json:
    found: Json = film.stand.api("GET", f"{film.path}/batches/{which}")
    states = ("done", "failed", "review", "cancelled", "running", "waiting", "paused")
    assert sum(found[state] for state in states) == found["total"]
    return found


@pytest.mark.timeout(420)
def test_a_signal_from_the_temporal_command_line_renders_shots_8_to_12_again_and_nothing_else(stand: Stand) -> None:
    film = Film(stand, [shot(f"view {number}") for number in range(1, 15)])
    film.do({"type": "task.set_concurrency", "args": {"concurrency": 14}})
    film.do({"type": "gen.video", "args": {"shots": "all"}})
    film.finish()
    before, tasks, finals = film.bought(), len(film.tasks()), film.segments()
    wanted = {f"view {number}" for number in range(8, 13)}

    signal(film, "pause")
    until(lambda: counted(film)["pending"] == 0, "the desk to have paused")
    signal(film, "rerender", shots="8-12", again=True, actor="ops", stages=["video"])
    until(lambda: len(film.tasks()) == tasks + 5, "five new tasks")
    asked = batches(film)[0]
    assert (asked["reason"], asked["asked_by"], asked["total"], asked["selector"]["shots"]) == ("signal", "ops", 5, "8-12")
    assert [one["why"] for one in batch(film, asked["id"])["waits"]] == ["project paused"]
    signal(film, "reprioritise", shots="12", priority=90)
    signal(film, "resume")
    found = film.finish()[tasks:]

    assert {task["subject"] for task in found} == wanted
    after = film.bought()
    again = {key: after[key] - before[key] for key in after if after[key] != before[key]}
    assert again == {(subject, "video"): 1 for subject in wanted}, "a clip each, and nothing else"
    changed = {subject for subject, final in film.segments().items() if final != finals[subject]}
    assert changed <= wanted
    assert batch(film, asked["id"])["done"] == 5


def query(film: Film) -> tuple[str, ...]:
    return ("workflow", "query", "--workflow-id", f"desk/{film.id}", "--type", "counts", "--output", "json")


@pytest.mark.timeout(420)
def test_the_cancel_of_a_batch_of_200_with_20_running_reaches_every_vendor_and_starts_nothing_after(stand: Stand) -> None:
    film, vendor = Film(stand, [shot(f"pane {number}") for number in range(1, 201)]), stand.vendor
    film.do({"type": "task.set_concurrency", "args": {"concurrency": 20}})
    vendor.behave(hold=["image:pane"])
    try:
        film.do({"type": "gen.image", "args": {"shots": "all"}})
        until(lambda: len(vendor.jobs("image", "pane")) == 20, "twenty jobs at the vendor")
        asked = batches(film)[0]
        assert (asked["total"], asked["running"], asked["waiting"]) == (200, 20, 180)

        submitted, start = vendor.counts()["submit"], time.monotonic()
        signal(film, "cancel", batch=asked["id"], actor="ops")
        until(lambda: all(job["cancelled"] for job in vendor.jobs("image", "pane")), "the vendor to be told of all")
        told_s = time.monotonic() - start
        until(lambda: all(task["state"] in OVER for task in film.tasks()), "all tasks to end")
        print(f"\n20 jobs of a batch of 200 called off in {told_s:.1f} s")  # noqa: T201 (with -s it is read)

        assert {task["state"] for task in film.tasks()} == {"cancelled"}
        assert batch(film, asked["id"])["cancelled"] == 200
        # The runs are closed, so that nothing of them can still send anything.
        until(lambda: not running(film), "every run to close")
        assert vendor.counts()["submit"] == submitted, "nothing was started after"
        assert len([job for job in vendor.jobs("image", "pane") if job["cancelled"]]) == 20
        assert told_s < CANCELLED_WITHIN_S
    finally:
        vendor.behave(hold=[])


def running(film: Film) -> list[Json]:
    words = f"WorkspaceId='{film.id}' AND WorkflowType='ShotRender' AND ExecutionStatus='Running'"
    found: list[Json] = json.loads(temporal_cli(film.stand, "workflow", "list", "--query", words, "--output", "json") or "[]")  # type: ignore[arg-type]
    return found


@pytest.mark.timeout(420)
def test_every_signal_that_the_documentation_writes_out_is_taken(stand: Stand) -> None:
    film = Film(stand, [shot(f"documented {number}") for number in range(1, 13)])
    stand.vendor.behave(hold=["image:documented"])
    try:
        film.do(
            {"type": "style.save", "args": {"name": "Ink", "style": "ink"}},
            {"type": "style.apply", "args": {"name": "Ink", "shots": "2"}},
        )
        film.do({"type": "gen.image", "args": {"shots": "1"}})
        until(lambda: rung(film), "the desk to be open")
        written = [line.strip() for line in DOCUMENT.read_text().splitlines() if line.strip().startswith(SIGNAL)]
        assert len(written) > 12
        found = asyncio.run(temporal.look(load()))
        assert found is not None
        env = {**stand.env, "W": film.id, "TEMPORAL_ADDRESS": stand.endpoints.temporal_address}
        refused = []
        for line in written:
            command = line.replace("temporal ", f"{found.path} ", 1)
            done = subprocess.run(["bash", "-c", command], env=env, capture_output=True, text=True, check=False, timeout=60)
            assert done.returncode == 0, (line, done.stderr)
            until(lambda: counted(film)["pending"] == 0, f"the desk to have done it: {line}")
            refused += [counted(film)["refused"]]
        # Nothing is made yet, so that nothing is stale and nobody made anything; all else is done.
        assert [said for said in refused if said] == ["none of the 12 shots is stale", "none of the 12 shots is made by remote"]
        assert json.loads(temporal_cli(stand, "workflow", "list", "--query", f"WorkspaceId='{film.id}'", "--output", "json"))
    finally:
        signal(film, "cancel")
        stand.vendor.behave(hold=[])
    until(lambda: all(task["state"] in OVER for task in film.tasks()), "all tasks to end")


def counted(film: Film) -> Json:
    found: Json = json.loads(temporal_cli(film.stand, *query(film)))["queryResult"][0]  # type: ignore[arg-type]
    return found


def rung(film: Film) -> bool:
    return bool(film.stand.rows("select 1 from task where workspace_id = %s and run > 0", film.id))
