from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest
from temporalio.api.enums.v1 import EventType
from temporalio.client import Client, WorkflowExecutionStatus, WorkflowFailureError
from temporalio.common import RetryPolicy
from temporalio.exceptions import ApplicationError, CancelledError
from temporalio.worker import UnsandboxedWorkflowRunner

from storyreel.desk import runs
from storyreel.model.errors import BadInput, Conflict
from storyreel.pipeline.contract import CUT_STAGES, SHOT_STAGES, Choice, StageDone, StageOrder, task_queue
from tests.workflows.fakes import Fakes, Gate, done, ids, order_of, soon, start, worker_of
from workflows import policy


def failing(*failures: ApplicationError) -> Callable[[StageOrder], Awaitable[StageDone]]:
    left = list(failures)

    async def answer(order: StageOrder) -> StageDone:
        if left:
            raise left.pop(0)
        return done(order.stage)

    return answer


def passing(code: str = "provider-transient") -> ApplicationError:
    return ApplicationError("busy", type=code, next_retry_delay=timedelta(milliseconds=1))


async def scheduled(client: Client, workflow_id: str) -> dict[str, object]:
    history = await client.get_workflow_handle(workflow_id).fetch_history()
    kind = EventType.EVENT_TYPE_ACTIVITY_TASK_SCHEDULED
    found = [e.activity_task_scheduled_event_attributes for e in history.events if e.event_type == kind]
    return {each.activity_type.name: each for each in found}


async def test_a_shot_goes_through_its_stages_in_order_and_ends_once(client: Client, fakes: Fakes) -> None:
    order = order_of()
    end = await (await start(client, order)).result()
    made = fakes.made
    assert sorted(made) == sorted(SHOT_STAGES)
    assert [stage for stage in made if stage != "voice"] == [stage for stage in SHOT_STAGES if stage != "voice"]
    assert made.index("spec") < made.index("voice") < made.index("compose")
    assert fakes.ended == [end]
    assert end.outcome == "succeeded"
    assert {each.run for each in fakes.calls} == {1}


async def test_only_the_stages_of_the_order_are_made(client: Client, fakes: Fakes) -> None:
    await (await start(client, order_of(("voice", "compose")))).result()
    assert fakes.made == ["voice", "compose"]


async def test_a_cut_scores_before_it_joins(client: Client, fakes: Fakes) -> None:
    await (await start(client, order_of(CUT_STAGES, kind="cut"))).result()
    assert fakes.made == ["music", "film"]
    assert fakes.calls[0].kind == "cut"


async def test_the_voice_is_spoken_while_the_picture_is_drawn(client: Client, fakes: Fakes) -> None:
    grid, voice = Gate(), Gate()
    fakes.stages.update(grid=grid, voice=voice)
    run = await start(client, order_of())
    await soon(grid.begun)
    await soon(voice.begun)
    voice.go.set()
    grid.go.set()
    await run.result()


async def test_each_stage_goes_to_its_pool_with_the_agreed_patience(client: Client, fakes: Fakes) -> None:
    run = await start(client, order_of())
    await run.result()
    asked = await scheduled(client, run.id)
    assert {name: each.task_queue.name for name, each in asked.items()} == {
        "spec": task_queue("spec"),
        "grid": task_queue("image"),
        "select": task_queue("image"),
        "video": task_queue("video"),
        "voice": task_queue("audio"),
        "compose": task_queue("post"),
        "check": task_queue("post"),
        "finish": task_queue("desk"),
    }
    retry = asked["video"].retry_policy
    assert (retry.initial_interval.ToTimedelta(), retry.backoff_coefficient) == (timedelta(seconds=5), 2.0)
    assert (retry.maximum_interval.ToTimedelta(), retry.maximum_attempts) == (timedelta(seconds=300), 4)
    assert asked["video"].heartbeat_timeout.ToTimedelta() == timedelta(seconds=15)
    assert set(retry.non_retryable_error_types) == set(policy.HOPELESS)


async def test_a_passing_failure_is_tried_again_three_times(client: Client, fakes: Fakes) -> None:
    fakes.stages["video"] = failing(passing(), passing(), passing())
    end = await (await start(client, order_of())).result()
    assert end.outcome == "succeeded"
    assert fakes.attempts["video"] == [1, 2, 3, 4]


async def test_what_fails_four_times_waits_for_a_person_and_says_where_and_what_to_do(client: Client, fakes: Fakes) -> None:
    fakes.stages["video"] = failing(*[passing()] * 4)
    with pytest.raises(WorkflowFailureError):
        await (await start(client, order_of())).result()
    (end,) = fakes.ended
    assert (end.outcome, end.code, end.stage) == ("manual_review", "provider-transient", "video")
    assert end.detail.startswith("busy It was tried 4 times. Retry it when that has changed, ask for less or another provider")
    assert "compose" not in fakes.made


def held() -> ApplicationError:
    return ApplicationError("remote is held by anna; it goes on when it is let go.", type="provider-paused", non_retryable=True)


async def test_a_held_provider_is_waited_for_and_uses_up_no_try(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(policy, "WAIT_FIRST", timedelta(milliseconds=1))
    fakes = Fakes(stages={"grid": failing(*[held()] * 6, *[passing()] * 3)})
    # Outside the sandbox, so that the shorter pause is the one the workflow sees.
    async with worker_of(client, fakes, runner=UnsandboxedWorkflowRunner()):
        end = await (await start(client, order_of(("spec", "grid")))).result()
    assert end.outcome == "succeeded"
    assert fakes.attempts["grid"] == [1] * 7 + [2, 3, 4]


async def test_a_run_that_waits_for_its_provider_is_woken_when_that_is_let_go_and_tells_why_it_waits(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(policy, "WAIT_FIRST", timedelta(hours=1))
    fakes = Fakes(stages={"grid": failing(held())})
    async with worker_of(client, fakes, runner=UnsandboxedWorkflowRunner()):
        order = order_of(("spec", "grid"))
        run = await start(client, order)
        await fakes.calls.reach(2)
        while "grid waits: remote is held by anna" not in str(await run.query("__temporal_workflow_metadata")):
            await asyncio.sleep(0.02)
        await runs.look_again(client, order.owner_id, order.run)
        assert (await run.result()).outcome == "succeeded"
    assert fakes.made == ["spec", "grid", "grid"]


async def test_a_run_that_waits_for_its_provider_can_be_cancelled(client: Client, fakes: Fakes) -> None:
    fakes.stages["grid"] = failing(*[held()] * 9)
    run = await start(client, order_of(("spec", "grid")))
    await fakes.calls.reach(2)
    await run.signal("cancel")
    assert (await run.result()).outcome == "cancelled"


async def test_a_cancel_that_meets_a_try_that_fails_for_now_is_heard(client: Client, fakes: Fakes) -> None:
    async def give_back() -> None:
        raise held()

    fakes.stages["grid"] = grid = Gate(clean=give_back)
    run = await start(client, order_of(("spec", "grid")))
    await soon(grid.begun)
    await run.signal("cancel")
    assert (await run.result()).outcome == "cancelled"


def test_waits_grow_to_five_minutes_and_never_undercut_what_was_said() -> None:
    waits = [policy.wait_before(again, None).total_seconds() for again in range(9)]
    assert waits == [5, 10, 20, 40, 80, 160, 300, 300, 300]
    assert policy.wait_before(0, timedelta(seconds=600)) == timedelta(seconds=600)


async def test_a_line_is_tried_again_sooner_than_a_clip(client: Client, fakes: Fakes) -> None:
    run = await start(client, order_of())
    await run.result()
    asked = await scheduled(client, run.id)
    waits = {
        name: asked[name].retry_policy.initial_interval.ToTimedelta().total_seconds() for name in ("video", "voice", "compose")
    }
    assert waits == {"video": 5, "voice": 2, "compose": 5}


@pytest.mark.parametrize("code", ["provider-not-possible", "refused", "anything-of-a-vendor"])
async def test_what_another_try_cannot_mend_waits_for_a_person_at_once(client: Client, fakes: Fakes, code: str) -> None:
    fakes.stages["grid"] = failing(ApplicationError("no", type=code, non_retryable=code not in policy.HOPELESS))
    run = await start(client, order_of())
    with pytest.raises(WorkflowFailureError):
        await run.result()
    assert fakes.attempts["grid"] == [1]
    assert (fakes.ended[0].outcome, fakes.ended[0].code, fakes.ended[0].stage) == ("manual_review", code, "grid")
    assert (await run.describe()).status == WorkflowExecutionStatus.FAILED


async def test_a_failure_lets_what_is_being_made_be_finished(client: Client, fakes: Fakes) -> None:
    voice = Gate()
    fakes.stages.update(voice=voice, grid=failing(ApplicationError("no", type="refused")))
    run = await start(client, order_of())
    await soon(voice.begun)
    await fakes.calls.reach(3)
    voice.go.set()
    with pytest.raises(WorkflowFailureError):
        await run.result()
    assert not voice.cancelled.is_set()
    assert fakes.ended[0].stage == "grid"


async def test_an_outage_longer_than_the_retries_fails_no_shot(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(policy, "AWAY_PAUSE", timedelta(milliseconds=1))
    fakes = Fakes(stages={"spec": failing(*[passing("unavailable")] * 4)})
    # Outside the sandbox, so that the shorter pause is the one the workflow sees.
    async with worker_of(client, fakes, runner=UnsandboxedWorkflowRunner()):
        end = await (await start(client, order_of(("spec",)))).result()
    assert end.outcome == "succeeded"
    assert fakes.attempts["spec"] == [1, 2, 3, 4, 1]


async def test_workers_that_die_again_and_again_fail_no_shot(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(policy, "HEARTBEAT", timedelta(milliseconds=200))
    monkeypatch.setattr(policy, "tries", lambda _: RetryPolicy(initial_interval=timedelta(milliseconds=1), maximum_attempts=2))
    deaths = 5

    async def dying(order: StageOrder) -> StageDone:
        if len(fakes.attempts["spec"]) <= deaths:
            await asyncio.Event().wait()
        return done(order.stage)

    fakes = Fakes(stages={"spec": dying})
    async with worker_of(client, fakes, runner=UnsandboxedWorkflowRunner()):
        end = await (await start(client, order_of(("spec",)))).result()
    assert end.outcome == "succeeded"
    assert fakes.attempts["spec"] == [1, 2, 1, 2, 1, 2]


@pytest.mark.parametrize("how", ["workflow", "signal"])
async def test_a_cancel_waits_until_the_stage_has_cleaned_up(client: Client, fakes: Fakes, how: str) -> None:
    letting_go, let_go = asyncio.Event(), asyncio.Event()

    async def clean() -> None:
        letting_go.set()
        await let_go.wait()

    fakes.stages["video"] = video = Gate(clean=clean)
    run = await start(client, order_of())
    await soon(video.begun)
    await (run.cancel() if how == "workflow" else run.signal("cancel"))
    await soon(letting_go)
    assert fakes.ended == []
    assert (await run.describe()).status == WorkflowExecutionStatus.RUNNING
    let_go.set()
    if how == "workflow":
        with pytest.raises(WorkflowFailureError) as failure:
            await run.result()
        assert isinstance(failure.value.cause, CancelledError)
    else:
        await run.result()
    assert video.cleaned.is_set()
    assert [end.outcome for end in fakes.ended] == ["cancelled"]
    assert "compose" not in fakes.made


async def test_a_cancel_that_comes_when_all_is_delivered_comes_late(client: Client, fakes: Fakes) -> None:
    delivered = Gate()

    async def deliver(order: StageOrder) -> StageDone:
        try:
            return await delivered(order)
        except asyncio.CancelledError:
            return done(order.stage)

    fakes.stages["compose"] = deliver
    run = await start(client, order_of())
    await soon(delivered.begun)
    await run.cancel()
    assert (await run.result()).outcome == "succeeded"


async def test_a_shot_that_is_not_good_enough_goes_back_to_the_stage_that_is_to_blame(client: Client, fakes: Fakes) -> None:
    said = iter(("video", None))

    async def look(order: StageOrder) -> StageDone:
        return done(order.stage).model_copy(update={"again": next(said)})

    fakes.stages["check"] = look
    end = await (await start(client, order_of())).result()
    assert end.outcome == "succeeded"
    assert [stage for stage in fakes.made if stage != "voice"][-6:] == ["video", "compose", "check"] * 2
    assert fakes.made.count("voice") == 1


async def test_a_paused_run_starts_nothing_more_until_it_is_resumed(client: Client, fakes: Fakes) -> None:
    fakes.stages["spec"] = spec = Gate()
    run = await start(client, order_of())
    await soon(spec.begun)
    await run.signal("pause")
    spec.go.set()
    board = await run.query("board", result_type=runs.Board)
    while not board.done:
        board = await run.query("board", result_type=runs.Board)
    assert board.paused
    assert fakes.made == ["spec"]
    await run.signal("resume")
    await run.result()
    assert len(fakes.made) == len(SHOT_STAGES)


async def test_a_paused_run_can_be_cancelled(client: Client, fakes: Fakes) -> None:
    fakes.stages["spec"] = spec = Gate()
    run = await start(client, order_of())
    await soon(spec.begun)
    await run.signal("pause")
    spec.go.set()
    await run.signal("cancel")
    assert (await run.result()).outcome == "cancelled"


async def test_rerender_finishes_what_runs_and_goes_back(client: Client, fakes: Fakes) -> None:
    fakes.stages["compose"] = compose = Gate()
    run = await start(client, order_of())
    await soon(compose.begun)
    await run.signal("rerender", "video")
    await run.signal("rerender", "no such stage")
    compose.go.set()
    await run.result()
    assert [stage for stage in fakes.made if stage != "voice"][-4:] == ["compose", "video", "compose", "check"]
    assert not compose.cancelled.is_set()


async def test_what_is_no_longer_wanted_ends_the_run(client: Client, fakes: Fakes) -> None:
    async def superseded(order: StageOrder) -> StageDone:
        return StageDone(stage=order.stage, outcome="superseded", note="the shot was removed")

    fakes.stages["grid"] = superseded
    end = await (await start(client, order_of())).result()
    assert (end.outcome, end.code, end.detail) == ("cancelled", "superseded", "the shot was removed")
    assert "video" not in fakes.made


async def test_a_person_chooses_one_of_what_waits(client: Client, fakes: Fakes) -> None:
    choices = ids(3)
    waiting = asyncio.Event()

    async def select(order: StageOrder) -> StageDone:
        if order.chosen is None:
            waiting.set()
            return StageDone(stage="select", outcome="waiting", choices=choices)
        return done("select", node_id=order.chosen)

    fakes.stages["select"] = select
    order = order_of()
    run = await start(client, order)
    with pytest.raises(Conflict, match="Nothing waits"):
        await runs.choose(client, order.owner_id, 1, Choice(node_id=choices[0]))
    await soon(waiting)
    while not (await runs.board(client, "shot", order.owner_id, 1)).waiting_for_choice:
        pass
    with pytest.raises(BadInput, match="not one of the pictures"):
        await runs.choose(client, order.owner_id, 1, Choice(node_id=ids(1)[0]))
    await runs.choose(client, order.owner_id, 1, Choice(node_id=choices[1], actor="anna"))
    assert (await run.result()).outcome == "succeeded"
    asked = [call for call in fakes.calls if call.stage == "select"]
    assert [(each.chosen, each.chosen_by) for each in asked] == [(None, ""), (choices[1], "anna")]


async def test_a_run_that_waits_for_a_choice_can_be_cancelled(client: Client, fakes: Fakes) -> None:
    async def select(order: StageOrder) -> StageDone:
        return StageDone(stage="select", outcome="waiting", choices=ids(2))

    fakes.stages["select"] = select
    order = order_of()
    run = await start(client, order)
    while not (await runs.board(client, "shot", order.owner_id, 1)).waiting_for_choice:
        pass
    assert await runs.cancel_run(client, "shot", order.owner_id, 1)
    with pytest.raises(WorkflowFailureError):
        await run.result()
    assert fakes.ended[0].outcome == "cancelled"


async def test_the_same_run_is_started_once(client: Client, fakes: Fakes) -> None:
    order = order_of(("spec",))
    run = await start(client, order)
    assert not await runs.start_run(client, order)
    await run.result()
    assert not await runs.start_run(client, order)
    assert fakes.made == ["spec"]


async def test_a_run_reads_well_in_the_ui_and_is_found_by_its_shot(client: Client, fakes: Fakes) -> None:
    order = order_of()
    run = await start(client, order)
    await run.result()
    about = await run.describe()
    assert await about.static_summary() == order.title
    assert str(order.task_id) in (await about.static_details() or "")
    pairs = {pair.key.name: pair.value for pair in about.typed_search_attributes if pair.key.name != "BuildIds"}
    assert pairs == {
        "WorkspaceId": str(order.workspace_id),
        "WorkItemId": str(order.owner_id),
        "TaskId": str(order.task_id),
        "Title": "Shot 1 of 1 A lamp",
        "Stage": "check",
    }
    said = await run.query("__temporal_workflow_metadata")
    assert "| compose | made |" in str(said)
