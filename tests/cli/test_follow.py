"""Progress: what is merged from events, and what a pipe is told."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storyreel.cli import follow
from storyreel.cli.follow import Board, left_of, merge, percent_of


def task(number: int | None, **more: Any) -> dict[str, Any]:
    return {"shot": number, "state": "running", "stage": "grid", "progress": 0.0, "remaining_s": 20.0, "error": None, **more}


def test_an_event_moves_a_task_on_and_never_back():
    one = task(1)
    merge(one, {"state": "running", "stage": "video", "progress": 50})
    assert (one["stage"], one["progress"], one["remaining_s"]) == ("video", 50, 10.0)
    merge(one, {"state": "running", "stage": "", "progress": 20})
    assert (one["stage"], one["progress"]) == ("video", 50)


@given(st.lists(st.floats(0, 100), min_size=1, max_size=30))
def test_what_is_left_and_how_far_all_is_stay_within_their_bounds(done: list[float]):
    tasks = {str(n): task(n, progress=percent, remaining_s=20 * (1 - percent / 100)) for n, percent in enumerate(done)}
    assert 0 <= percent_of(tasks) <= 100
    assert max(t["remaining_s"] for t in tasks.values()) <= left_of(tasks) <= sum(t["remaining_s"] for t in tasks.values()) + 1e-9
    for one in tasks.values():
        one["state"] = "succeeded"
    assert (percent_of(tasks), left_of(tasks)) == (100, 0)


def test_a_pipe_is_told_a_line_when_a_shot_is_finished_and_no_more(capsys: pytest.CaptureFixture[str], monkeypatch: Any):
    from rich.console import Console

    monkeypatch.setattr(follow, "err", Console(stderr=True, soft_wrap=True))
    tasks = {"a": task(1), "b": task(2), "c": task(None)}
    with Board(quiet=False) as board:
        for stage in ("spec", "grid", "select", "video", "voice", "compose"):
            for one in tasks.values():
                merge(one, {"state": "running", "stage": stage, "progress": 30})
                board.show(tasks)
        for one, state in zip(tasks.values(), ("succeeded", "manual_review", "succeeded"), strict=True):
            merge(one, {"state": state, "progress": 100})
            board.show(tasks)
            board.show(tasks)
    lines = capsys.readouterr().err.splitlines()
    assert [line.split("  ")[0] for line in lines] == ["Shot 1 done", "Shot 2 manual review", "Film done"]
    assert "53 %" in lines[0] and "left" in lines[0] and "100 %" in lines[2] and "left" not in lines[2]


def test_a_program_is_told_nothing_in_between(capsys: pytest.CaptureFixture[str]):
    with Board(quiet=True) as board:
        board.show({"a": task(1, state="succeeded")})
    assert capsys.readouterr().err == ""
