from __future__ import annotations

import asyncio
from typing import Any
from uuid import UUID

import pytest
from temporalio.client import WorkflowExecutionStatus, WorkflowFailureError

from storyreel import desk
from storyreel.model.rows import Node, WorkItem
from storyreel.pipeline.contract import Choice, DeskSignal, run_id
from tests.desk.conftest import PATIENCE_S, Set


async def test_a_wish_becomes_a_film(stage_set: Set) -> None:
    async with stage_set.working():
        await stage_set.studio.do(("gen.compose", {}))
        found = await stage_set.all_over()
    assert [task.state for task in found] == ["succeeded"] * 6
    view = await stage_set.studio.view()
    assert view.get(Node, view.episode.film_node_id).kind == "film"
    assert all(shot.final_node_id for shot in view.all(WorkItem))
    assert len(stage_set.instant.bought) == 5 * 2 + 3 + 1


async def test_what_did_not_change_is_not_bought_again(stage_set: Set) -> None:
    async with stage_set.working():
        await stage_set.studio.do(("gen.compose", {}))
        await stage_set.all_over()
        bought = len(stage_set.instant.bought)
        await stage_set.studio.do(("shot.update", {"shots": "2", "camera": {"move": "push_in"}}))
        await stage_set.studio.do(("gen.compose", {}))
        await stage_set.all_over()
    assert stage_set.instant.stages[bought:] == ["video"]


async def test_work_that_waited_for_a_worker_is_found_without_a_bell(stage_set: Set) -> None:
    await stage_set.studio.do(("gen.video", {"shots": "1"}))
    async with stage_set.working():
        (task,) = await stage_set.all_over()
    assert task.state == "succeeded"


async def test_a_cancel_by_a_person_reaches_the_provider(stage_set: Set) -> None:
    begun = asyncio.Event()

    async def wait(*_: object) -> None:
        begun.set()
        await asyncio.Event().wait()

    stage_set.instant.before["video"] = wait
    async with stage_set.working():
        await stage_set.studio.do(("gen.video", {"shots": "1"}))
        await asyncio.wait_for(begun.wait(), 30)
        await stage_set.studio.do(("task.cancel", {}))
        (task,) = await stage_set.all_over()
        run = stage_set.client.get_workflow_handle(run_id("shot", task.work_item_id or task.id, 1))
        # The ledger is written first; the run itself closes just after, while it has its worker.
        with pytest.raises(WorkflowFailureError):
            await run.result()
    assert task.state == "cancelled"
    assert stage_set.instant.called_off == [True]
    assert (await run.describe()).status == WorkflowExecutionStatus.CANCELED


async def waiting(stage_set: Set) -> tuple[UUID, tuple[UUID, ...]]:
    """The one shot that is rendered, and what its run waits to be chosen from."""
    (task,) = await stage_set.until(lambda found: found[0].stage != "")
    assert task.work_item_id is not None
    async with asyncio.timeout(PATIENCE_S):
        while not (choices := (await desk.board(stage_set.client, "shot", task.work_item_id, task.run)).waiting_for_choice):
            pass
    return task.work_item_id, choices


async def test_a_person_chooses_by_hand_and_the_shot_goes_on(stage_set: Set) -> None:
    await stage_set.studio.do(("project.set_config", {"selection": "by_hand"}))
    async with stage_set.working():
        await stage_set.studio.do(("gen.video", {"shots": "1"}))
        owner, choices = await waiting(stage_set)
        chosen = choices[3]
        await desk.choose(stage_set.client, owner, 1, Choice(node_id=chosen, actor="anna"))
        (task,) = await stage_set.all_over()
    assert task.state == "succeeded"
    assert (await stage_set.studio.view()).get(WorkItem, owner).picture_node_id == chosen


async def test_a_picture_selected_elsewhere_lets_the_waiting_run_go_on(stage_set: Set) -> None:
    await stage_set.studio.do(("project.set_config", {"selection": "by_hand"}))
    async with stage_set.working():
        await stage_set.studio.do(("gen.video", {"shots": "1"}))
        _, choices = await waiting(stage_set)
        await stage_set.studio.do(("node.promote", {"node": str(choices[1])}))
        (task,) = await stage_set.all_over()
    assert task.state == "succeeded"


async def test_signals_to_the_desk_become_commits_and_tasks(stage_set: Set) -> None:
    workspace = stage_set.studio.workspace_id
    async with stage_set.working():
        await desk.signal_desk(stage_set.client, workspace, "set_concurrency", DeskSignal(concurrency=1, actor="ops"))
        await desk.signal_desk(stage_set.client, workspace, "pause", DeskSignal(actor="ops"))
        await desk.signal_desk(stage_set.client, workspace, "rerender", DeskSignal(shots="1-3", actor="ops"))
        found = await stage_set.until(lambda tasks: len(tasks) == 3)
        assert {task.state for task in found} == {"pending"}
        await desk.signal_desk(stage_set.client, workspace, "reprioritise", DeskSignal(shots="3", priority=90, actor="ops"))
        await stage_set.until(lambda tasks: any(task.priority == 90 for task in tasks))
        await desk.signal_desk(stage_set.client, workspace, "cancel", DeskSignal(shots="2", actor="ops"))
        await stage_set.until(lambda tasks: any(task.state == "cancelled" for task in tasks))
        await desk.signal_desk(stage_set.client, workspace, "resume", DeskSignal(actor="ops"))
        found = await stage_set.all_over()
    ended = sorted((t for t in found if t.state == "succeeded"), key=lambda t: str(t.finished_at))
    numbers = (await stage_set.studio.view()).numbers
    assert [numbers[t.work_item_id] for t in ended if t.work_item_id] == [3, 1]
    assert await stage_set.studio.scalar("select count(*) from commit where workspace_id = :ws and actor = 'ops'") == 6
    assert await stage_set.studio.scalar("select count(*) from proposal where workspace_id = :ws and state = 'open'") == 0


async def test_a_signal_sent_twice_counts_once(stage_set: Set) -> None:
    workspace = stage_set.studio.workspace_id
    twice = DeskSignal(shots="1", again=True, actor="ops", request_id=workspace)
    async with stage_set.working():
        await desk.signal_desk(stage_set.client, workspace, "pause", DeskSignal())
        for _ in range(2):
            await desk.signal_desk(stage_set.client, workspace, "rerender", twice)
        await desk.signal_desk(stage_set.client, workspace, "rerender", DeskSignal(shots="2", actor="last"))
        found = await stage_set.until(lambda tasks: len(tasks) == 2)
    assert len(found) == 2


async def test_a_refused_signal_says_why_at_the_desk(stage_set: Set) -> None:
    workspace = stage_set.studio.workspace_id
    async with stage_set.working():
        await desk.signal_desk(stage_set.client, workspace, "rerender", DeskSignal(shots="99"))
        async with asyncio.timeout(30):
            while not (counts := await _counts(stage_set)).refused:
                pass
    assert "99" in counts.refused


async def _counts(stage_set: Set) -> Any:
    return await desk.counts(stage_set.client, stage_set.studio.workspace_id)
