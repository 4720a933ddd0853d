from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text
from temporalio.exceptions import ApplicationError

from storyreel.ledger import tasks
from storyreel.ledger.quote import pricer
from storyreel.model.errors import NotPossible, StoryreelError, Transient
from storyreel.model.rows import Node, WorkItem
from storyreel.pipeline.contract import WAITS, Finish, RunOrder
from storyreel.providers.registry import Registry
from storyreel.runtime.settings import Settings
from tests.activities.conftest import Bench, commits_counted
from tests.commits.conftest import Studio


async def first(bench: Bench, kind: str = "gen.video", **args: Any) -> RunOrder:
    await bench.studio.do((kind, {"shots": "1", **args}))
    (order,) = await bench.claim()
    return order


def failing(failure: StoryreelError) -> Any:
    async def before(*_: object) -> None:
        raise failure

    return before


async def test_a_shot_is_made_stage_by_stage_and_selected(bench: Bench) -> None:
    order = await first(bench)
    done = await bench.through(order)
    assert [each.outcome for each in done] == ["made"] * 7
    view = await bench.studio.view()
    shot = view.get(WorkItem, order.owner_id)
    assert shot.picture_node_id == done[2].node_id
    assert (shot.video_node_id, shot.voice_node_id, shot.final_node_id) == tuple(each.node_id for each in done[3:6])
    final, clip = view.get(Node, shot.final_node_id), view.get(Node, shot.video_node_id)
    assert (final.parent_id, clip.parent_id) == (clip.id, shot.picture_node_id)
    assert bench.instant.stages == ["grid", "video", "voice"]
    task = await bench.task(order.task_id)
    assert task.progress == 100
    assert (await bench.events(order.task_id)).count("stage_done") == 7


async def test_a_stage_takes_one_commit_to_begin_one_to_keep_what_it_made_and_one_to_end(bench: Bench) -> None:
    order = await first(bench)
    await bench.stage(order, "spec")
    await bench.studio.door.close()
    async with commits_counted(bench.studio.door.database) as counted:
        assert (await bench.stage(order, "grid")).outcome == "made"
        await bench.studio.door.close()
    assert len(counted) == 4  # begun, kept, the bell, ended
    cells = [node for node in (await bench.studio.view()).all(Node) if node.cell is not None]
    known = await bench.studio.scalar("select count(*) from asset where workspace_id = :ws")
    assert (len(cells), known) == (4, 5), "the sheet and its cells are known to the workspace"


async def test_a_task_that_somebody_holds_keeps_no_other_shot_waiting(bench: Bench) -> None:
    await bench.studio.do(("gen.video", {"shots": "1-2"}))
    held, other = await bench.claim()
    database = bench.studio.door.database
    begun, locked = asyncio.Event(), asyncio.Event()

    async def wait(*_: object) -> None:
        begun.set()
        await locked.wait()

    await bench.stage(held, "spec")
    bench.instant.before["grid"] = wait
    making = asyncio.create_task(bench.stage(held, "grid"))
    await asyncio.wait_for(begun.wait(), 20)
    async with database.begin() as conn:
        await conn.execute(text("select 1 from task where id = :id for update"), {"id": held.task_id})
        locked.set()
        kept = "select count(*) from commit where workspace_id = :ws and kind = 'record' and intent = 'grid'"
        async with asyncio.timeout(20):
            while not await bench.studio.scalar(kept):
                await asyncio.sleep(0.01)
            assert (await bench.stage(other, "spec")).outcome == "made"
        assert not making.done()
    assert (await making).outcome == "made"


async def test_what_is_fresh_is_not_made_again(bench: Bench) -> None:
    await bench.through(await first(bench))
    revision = (await bench.studio.view()).revision
    await over(bench)
    again = await bench.through(await first(bench))
    assert {each.outcome for each in again} == {"fresh"}
    assert len(bench.instant.bought) == 3
    assert (await bench.studio.view()).revision == revision + 1, "the wish is a commit, fresh stages are none"


async def test_a_shot_without_lines_asks_for_no_voice(bench: Bench) -> None:
    await bench.studio.do(("gen.video", {"shots": "2"}))
    (order,) = await bench.claim()
    assert (await bench.stage(order, "voice")).outcome == "nothing"


async def test_a_person_chooses_where_the_project_wants_it_so(bench: Bench) -> None:
    await bench.studio.do(("project.set_config", {"selection": "by_hand"}))
    order = await first(bench, "gen.image")
    await bench.stage(order, "spec")
    await bench.stage(order, "grid")
    waiting = await bench.stage(order, "select")
    assert (waiting.outcome, waiting.note, len(waiting.choices)) == ("waiting", WAITS, 4)
    assert (await bench.task(order.task_id)).note == WAITS
    chosen = await bench.stage(order, "select", chosen=waiting.choices[2], chosen_by="anna")
    assert (chosen.outcome, chosen.node_id) == ("made", waiting.choices[2])
    assert (await bench.studio.view()).get(WorkItem, order.owner_id).picture_node_id == waiting.choices[2]
    actor = await bench.studio.scalar("select actor from commit where workspace_id = :ws order by revision desc limit 1")
    assert actor == "anna"
    again = await bench.stage(order, "select", chosen=waiting.choices[2], chosen_by="anna")
    assert (again.outcome, again.node_id) == ("fresh", waiting.choices[2])
    assert await bench.studio.scalar("select max(revision) from commit where workspace_id = :ws") == chosen.revision


async def test_a_try_that_is_told_twice_is_kept_once(bench: Bench) -> None:
    order = await first(bench)
    first_try = await bench.stage(order, "spec")
    assert (await bench.stage(order, "spec", attempt=2)).outcome == "fresh"
    assert first_try.node_id is not None
    assert len([node for node in (await bench.studio.view()).all(Node) if node.stage == "spec"]) == 1


@pytest.mark.parametrize(
    ("why", "called_off"), [({"cancel_requested": True}, True), ({"not_found": True}, False), ({"paused": True}, False)]
)
async def test_a_provider_is_told_to_stop_only_when_the_work_is_called_off(
    bench: Bench,
    why: dict[str, bool],
    called_off: bool,  # noqa: FBT001
) -> None:
    begun = asyncio.Event()

    async def wait(*_: object) -> None:
        begun.set()
        await asyncio.Event().wait()

    bench.instant.before["grid"] = wait
    order = await first(bench)
    making = asyncio.create_task(bench.stage(order, "grid"))
    await asyncio.wait_for(begun.wait(), 20)
    bench.cancel(**why)
    with pytest.raises(asyncio.CancelledError):
        await making
    assert bench.instant.called_off == [called_off]


async def test_a_stopping_worker_leaves_the_job_running_and_hands_the_stage_on(bench: Bench) -> None:
    begun = asyncio.Event()

    async def wait(*_: object) -> None:
        begun.set()
        await asyncio.Event().wait()

    bench.instant.before["grid"] = wait
    order = await first(bench)
    making = asyncio.create_task(bench.stage(order, "grid"))
    await asyncio.wait_for(begun.wait(), 20)
    bench.cancel(worker_shutdown=True)
    with pytest.raises(ApplicationError) as failure:
        await making
    assert failure.value.type == "unavailable", "the run starts the stage anew"
    assert failure.value.non_retryable, "at once, so that none of its tries is used"
    assert failure.value.next_retry_delay == timedelta(seconds=1)
    assert bench.instant.called_off == [False]


async def test_what_another_try_cannot_mend_is_said_so_to_temporal(bench: Bench) -> None:
    bench.instant.before["grid"] = failing(NotPossible("This model draws no people.", model="m1"))
    order = await first(bench)
    with pytest.raises(ApplicationError, match="draws no people") as failure:
        await bench.stage(order, "grid")
    assert (failure.value.type, failure.value.non_retryable) == ("provider-not-possible", True)
    assert failure.value.details[0] == {"model": "m1"}
    assert (await bench.task(order.task_id)).state == "running", "the run itself ends the task"


async def test_a_passing_failure_is_seen_and_waits_as_long_as_the_provider_said(bench: Bench) -> None:
    bench.instant.before["grid"] = failing(Transient("Too many at once.", retry_after_s=42.0))
    order = await first(bench)
    with pytest.raises(ApplicationError) as failure:
        await bench.stage(order, "grid")
    assert failure.value.next_retry_delay == timedelta(seconds=42)
    task = await bench.task(order.task_id)
    assert (task.state, task.error and task.error["detail"]) == ("retry_pending", "Too many at once.")
    bench.instant.before.clear()
    assert (await bench.stage(order, "grid", attempt=2)).outcome == "made"
    assert (await bench.task(order.task_id)).state == "running"


async def test_a_last_try_that_fails_does_not_promise_another(bench: Bench) -> None:
    bench.instant.before["grid"] = failing(Transient("Down."))
    order = await first(bench)
    with pytest.raises(ApplicationError):
        await bench.stage(order, "grid", attempt=4)
    assert (await bench.task(order.task_id)).state == "running"


async def test_an_edit_while_it_is_made_keeps_the_result_beside_the_shot(bench: Bench) -> None:
    async def edit(*_: object) -> None:
        await bench.studio.do(("shot.update", {"shots": "1", "camera": {"move": "push_in"}}))

    order = await first(bench)
    for stage in ("spec", "grid", "select"):
        await bench.stage(order, stage)
    bench.instant.before["video"] = edit
    done = await bench.stage(order, "video")
    assert done.outcome == "superseded"
    view = await bench.studio.view()
    assert view.get(WorkItem, order.owner_id).video_node_id is None
    assert view.get(Node, done.node_id).stage == "video"


async def over(bench: Bench) -> None:
    async with bench.studio.door.database.begin() as conn:
        for task in await tasks.held(conn, bench.studio.workspace_id):
            await tasks.finish(conn, Finish(workspace_id=bench.studio.workspace_id, task_id=task.id, outcome="succeeded"))


async def test_a_shot_that_is_locked_meanwhile_keeps_what_it_has(bench: Bench) -> None:
    order = await first(bench)
    await bench.through(order)
    await over(bench)
    before = (await bench.studio.view()).get(WorkItem, order.owner_id).video_node_id

    async def lock(*_: object) -> None:
        await bench.studio.do(("shot.update", {"shots": "1", "status": "locked"}))

    bench.instant.before["video"] = lock
    done = await bench.stage(await first(bench, again=True), "video")
    assert done.outcome == "superseded"
    view = await bench.studio.view()
    assert view.get(WorkItem, order.owner_id).video_node_id == before
    assert view.get(Node, done.node_id).take == 1


async def test_a_person_who_chooses_meanwhile_is_not_overruled(bench: Bench) -> None:
    order = await first(bench)
    first_clip = (await bench.through(order))[3].node_id
    await over(bench)
    second_clip = (await bench.through(await first(bench, again=True)))[3].node_id
    await over(bench)

    async def choose(*_: object) -> None:
        await bench.studio.do(("node.promote", {"node": str(first_clip)}))

    bench.instant.before["video"] = choose
    done = await bench.stage(await first(bench, again=True), "video")
    assert second_clip != first_clip
    assert (done.outcome, done.node_id) == ("made", first_clip)
    assert "person" in done.note
    assert (await bench.studio.view()).get(WorkItem, order.owner_id).video_node_id == first_clip


async def test_a_removed_shot_and_a_replaced_run_are_not_worked_on(bench: Bench) -> None:
    order = await first(bench)
    assert (await bench.stage(order.model_copy(update={"run": 7}), "grid")).outcome == "superseded"
    await bench.studio.do(("shot.delete", {"shots": "1"}))
    assert (await bench.stage(order, "grid")).outcome == "superseded"
    assert bench.instant.bought == []


async def test_a_film_is_scored_and_cut(bench: Bench) -> None:
    await bench.studio.do(("gen.compose", {}))
    while orders := await bench.claim():
        for order in orders:
            await bench.through(order)
        await over(bench)
    view = await bench.studio.view()
    film = view.get(Node, view.episode.film_node_id)
    assert film.episode_id == view.episode.id
    refs = await bench.studio.scalar("select count(*) from node_ref where node_id = :node and workspace_id = :ws", node=film.id)
    assert refs == 5 + 3 + 1


async def test_what_is_there_already_is_not_priced_again(bench: Bench) -> None:
    order = await first(bench)
    await bench.through(order)
    prices = {"image": 1.0, "video": 1.0, "voice": 1.0}
    remote = dict.fromkeys(("provider_image", "provider_video", "provider_voice"), "remote")
    book = Registry(Settings(remote_provider_url="http://127.0.0.1:1", remote_provider_prices=prices, **remote))
    door = replace(bench.studio.door, price=pricer(book))
    studio = Studio(door, bench.studio.workspace_id)
    asked = await studio.ask(("gen.video", {"shots": "1-2"}), mode="propose")
    assert asked.proposal is not None
    again = await studio.ask(("gen.video", {"shots": "2"}), mode="propose")
    assert again.proposal is not None
    assert asked.proposal.quote.cost_usd == again.proposal.quote.cost_usd > 0
