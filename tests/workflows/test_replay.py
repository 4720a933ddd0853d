"""Runs that began with an earlier version of the workflows go on with this one."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from temporalio.client import WorkflowHistory
from temporalio.worker import Replayer, UnsandboxedWorkflowRunner
from temporalio.workflow import NondeterminismError

from storyreel.desk import plugin
from workflows import policy, sequence
from workflows.cut import EpisodeCut
from workflows.desk import RenderDesk
from workflows.scheduled import ScheduledAsk
from workflows.sheet import SheetRender
from workflows.shot import ShotRender

HISTORIES = {path.stem: path for path in sorted((Path(__file__).parents[1] / "histories").glob("*.json"))}
WORKFLOWS = (ShotRender, EpisodeCut, RenderDesk, SheetRender, ScheduledAsk)


def history(name: str) -> WorkflowHistory:
    return WorkflowHistory.from_json(f"saved/{name}", HISTORIES[name].read_text())


def test_every_history_says_which_version_it_is_from() -> None:
    told = (Path(__file__).parents[1] / "histories" / "README.md").read_text()
    assert {name for name in HISTORIES if f"| `{name}` | {workflow_of(HISTORIES[name])} | version" not in told} == set()


def workflow_of(path: Path) -> str:
    (first, *_) = json.loads(path.read_text())["events"]
    return first["workflowExecutionStartedEventAttributes"]["workflowType"]["name"]


def test_every_workflow_has_a_saved_history() -> None:
    assert {workflow_of(path) for path in HISTORIES.values()} == {workflow.__name__ for workflow in WORKFLOWS}


@pytest.mark.parametrize("name", HISTORIES)
async def test_a_saved_run_replays(name: str) -> None:
    await Replayer(workflows=WORKFLOWS, plugins=[plugin()]).replay_workflow(history(name))


def clip_before_choice(patch: pytest.MonkeyPatch) -> None:
    patch.setitem(sequence.NEEDS, "video", ("grid",))
    patch.setitem(sequence.NEEDS, "select", ("video",))


def voice_after_the_clip(patch: pytest.MonkeyPatch) -> None:
    patch.setitem(sequence.NEEDS, "voice", ("video",))


def no_stage_attribute(patch: pytest.MonkeyPatch) -> None:
    patch.setattr("temporalio.workflow.upsert_search_attributes", lambda _: None)


def no_last_word(patch: pytest.MonkeyPatch) -> None:
    async def forget(*_: object) -> None:
        return None

    patch.setattr("workflows.run.Rendering._finish", forget)


def film_before_music(patch: pytest.MonkeyPatch) -> None:
    patch.setitem(sequence.NEEDS, "film", ())
    patch.setitem(sequence.NEEDS, "music", ("film",))


def commands_are_dropped(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(RenderDesk, "_command", lambda *_: None)


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("shot_through", clip_before_choice),
        ("shot_through", voice_after_the_clip),
        ("shot_through", no_stage_attribute),
        ("shot_failed", no_last_word),
        ("cut", film_before_music),
        ("sheet", no_last_word),
        ("desk", commands_are_dropped),
    ],
)
async def test_a_change_that_would_break_runs_is_caught(
    name: str, change: Callable[[pytest.MonkeyPatch], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    # Outside the sandbox, so that the replayed workflow sees the change; unchanged, the same replay passes.
    replayer = Replayer(workflows=WORKFLOWS, plugins=[plugin()], workflow_runner=UnsandboxedWorkflowRunner())
    await replayer.replay_workflow(history(name))
    change(monkeypatch)
    with pytest.raises(NondeterminismError):
        await replayer.replay_workflow(history(name))


def test_the_retry_of_a_stage_is_what_was_agreed() -> None:
    assert (policy.tries("video").maximum_attempts, policy.tries("video").initial_interval.total_seconds()) == (4, 5)
