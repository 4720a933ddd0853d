"""Renders are queued in order, claimed once, told as they go and ended once."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import text

from storyreel.actions.base import DeskChange
from storyreel.actions.task import MOVES, SteerTasks
from storyreel.ledger import events, tasks
from storyreel.ledger.quote import RenderQuote
from storyreel.model.errors import BadInput
from storyreel.model.view import GraphView
from storyreel.pipeline.contract import Finish, StageDone


async def queue(project, *renders, **more):
    async with project.db.begin() as conn:
        return await tasks.insert(
            conn, project.workspace, revision=more.pop("revision", 1), asked_by="anna", renders=renders, **more
        )


async def claim(project):
    async with project.db.begin() as conn:
        return await tasks.claim(conn, project.workspace)


async def do(project, function, *args, **more):
    async with project.db.begin() as conn:
        return await function(conn, project.workspace, *args, **more)


async def finish(project, order, outcome="succeeded", **more):
    async with project.db.begin() as conn:
        return await tasks.finish(conn, Finish(workspace_id=project.workspace, task_id=order.task_id, outcome=outcome, **more))


async def state(project, task_id):
    return (await do(project, tasks.facts, ids=[task_id]))[0]


async def told(project, task_id):
    async with project.db.begin() as conn:
        found = await conn.execute(text("select kind from task_event where task_id = :t order by id"), {"t": task_id})
        return [one[0] for one in found]


async def test_renders_start_in_the_order_they_were_asked_for_as_many_at_once_as_the_desk_allows(project):
    await queue(project, *[project.render(number) for number in (3, 1, 4, 2)])
    orders = await claim(project)
    assert [order.title for order in orders] == [
        "Shot 3 of 4: Picture 3",
        "Shot 1 of 4: Picture 1",
        "Shot 4 of 4: Picture 4",
    ]
    assert {order.run for order in orders} == {1}
    assert await claim(project) == []
    await finish(project, orders[1])
    assert [order.title for order in await claim(project)] == ["Shot 2 of 4: Picture 2"]


async def test_a_higher_priority_goes_first_and_a_paused_desk_starts_nothing(project):
    await queue(project, project.render(1), project.render(2, priority=80))
    await do(project, tasks.set_desk, DeskChange(paused=True))
    assert await claim(project) == []
    await do(project, tasks.set_desk, DeskChange(paused=False, concurrency=1))
    assert [order.owner_id for order in await claim(project)] == [project.shots[1]]
    counts = await do(project, tasks.counts)
    assert (counts.held, counts.waiting, counts.paused, counts.concurrency) == (1, 1, False, 1)


async def test_a_wish_for_a_shot_that_waits_already_widens_the_task(project):
    [first] = await queue(project, project.render(1, "video", "compose"), quotes=[RenderQuote(project.shots[0], 1.0, 10.0)])
    [second] = await queue(
        project,
        project.render(1, "grid", "select", takes={"grid": 2}, priority=70),
        revision=2,
        quotes=[RenderQuote(project.shots[0], 0.5, 5.0)],
    )
    assert second.id == first.id
    assert second.stages == ("grid", "select", "video", "compose")
    assert (second.takes, second.priority, second.quoted_usd, second.expected_s) == ({"grid": 2}, 70, 1.5, 15.0)
    assert await told(project, first.id) == ["queued", "queued"]


async def test_a_wish_for_a_shot_that_is_being_made_waits_behind_it(project):
    await queue(project, project.render(1))
    [order] = await claim(project)
    [second] = await queue(project, project.render(1), revision=2)
    assert second.id != order.task_id
    assert await claim(project) == []
    await finish(project, order)
    [again] = await claim(project)
    assert (again.task_id, again.run) == (second.id, 2)


async def test_the_film_is_cut_when_its_shots_are_done(project):
    await queue(project, project.cut(), project.render(1))
    [shot] = await claim(project)
    assert shot.kind == "shot"
    await finish(project, shot, "failed", code="x", detail="y")
    [cut] = await claim(project)
    assert (cut.kind, cut.owner_id, cut.title) == ("cut", project.episode, "The film: One night")


async def test_two_desks_that_claim_at_once_never_start_more_than_is_allowed(project):
    await queue(project, *[project.render(number) for number in range(1, 5)])
    claimed = [order for orders in await asyncio.gather(*[claim(project) for _ in range(6)]) for order in orders]
    assert len(claimed) == 3
    assert len({order.task_id for order in claimed}) == 3


async def test_cancelling_ends_what_waits_at_once_and_lets_a_run_let_go(project):
    await queue(project, *[project.render(number) for number in range(1, 5)])
    [running, *_] = await claim(project)
    all_ids = [task.id for task in await do(project, tasks.facts)]
    moved = {task.id: task.state for task in await do(project, tasks.change, "cancel", all_ids)}
    assert sorted(moved.values()) == ["cancelled", "cancelling", "cancelling", "cancelling"]
    assert not await do(project, tasks.wanted, running.task_id)
    assert not await do(project, tasks.begin_stage, running.task_id, "video")
    await finish(project, running, "cancelled")
    assert (await state(project, running.task_id)).state == "cancelled"
    assert await told(project, running.task_id) == ["queued", "started", "cancelling", "cancelled"]


async def test_what_people_may_ask_of_tasks_is_what_the_database_lets_them_become(project):
    async with project.db.begin() as conn:
        rows = await conn.execute(text("select from_state, to_state from transition where entity = 'task'"))
        allowed = {tuple(row) for row in rows}
    asked = {(one, to) for moves in MOVES.values() for to, was in moves.items() for one in was}
    assert asked
    assert asked <= allowed


async def test_a_try_that_waits_is_not_paused_but_let_go_by_its_run(project):
    await queue(project, project.render(1))
    [order] = await claim(project)
    await do(project, tasks.retrying, order.task_id, {"code": "busy"}, in_s=60)
    assert await do(project, tasks.change, "pause", [order.task_id]) == []
    plan_for = GraphView(project.workspace, {}, tasks=(await state(project, order.task_id),))
    with pytest.raises(BadInput, match="nothing to pause"):
        SteerTasks(verb="pause", tasks=(str(order.task_id),)).plan(plan_for)
    [moved] = await do(project, tasks.change, "cancel", [order.task_id])
    assert moved.state == "cancelling"


async def test_a_success_after_a_cancel_stays_a_success_and_says_so(project):
    await queue(project, project.render(1))
    [order] = await claim(project)
    await do(project, tasks.change, "cancel", [order.task_id])
    assert await finish(project, order)
    assert not await finish(project, order, "failed")
    ended = await state(project, order.task_id)
    assert (ended.state, ended.note, ended.progress) == ("succeeded", "the cancel came late", 100)


async def test_what_failed_waits_again_when_a_person_retries_and_its_next_run_has_another_number(project):
    await queue(project, project.render(1))
    [order] = await claim(project)
    await finish(project, order, "manual_review", code="provider-not-possible", detail="Choose another provider.", stage="video")
    ended = await state(project, order.task_id)
    assert ended.error == {"code": "provider-not-possible", "detail": "Choose another provider.", "stage": "video"}
    assert [task.state for task in await do(project, tasks.change, "retry", [order.task_id])] == ["pending"]
    [again] = await claim(project)
    assert (again.task_id, again.run) == (order.task_id, 2)
    assert (await state(project, order.task_id)).error is None


async def test_a_stale_run_changes_nothing(project):
    await queue(project, project.render(1))
    [order] = await claim(project)
    await do(project, tasks.requeue_lost, [order.task_id])
    [again] = await claim(project)
    assert again.run == order.run + 1
    assert not await do(project, tasks.wanted, order.task_id, run=order.run)
    assert not await do(project, tasks.begin_stage, order.task_id, "grid", run=order.run)
    assert not await finish(project, order, run=order.run)
    assert await do(project, tasks.begin_stage, order.task_id, "grid", run=again.run)
    assert (await state(project, order.task_id)).state == "running"


async def test_a_lost_run_that_was_being_cancelled_is_cancelled(project):
    await queue(project, project.render(1))
    [order] = await claim(project)
    await do(project, tasks.change, "cancel", [order.task_id])
    await do(project, tasks.requeue_lost, [order.task_id])
    assert (await state(project, order.task_id)).state == "cancelled"


async def test_a_retry_keeps_the_runs_place_and_progress_never_goes_back(project):
    await queue(project, project.render(1))
    [order] = await claim(project)
    assert await do(project, tasks.begin_stage, order.task_id, "video", 1)
    await do(project, tasks.progress, order.task_id, 40, "moving the camera")
    await do(project, tasks.retrying, order.task_id, {"code": "provider-transient"}, in_s=5)
    waiting = await state(project, order.task_id)
    assert (waiting.state, waiting.error) == ("retry_pending", {"code": "provider-transient"})
    assert await do(project, tasks.begin_stage, order.task_id, "video", 2)
    await do(project, tasks.progress, order.task_id, 10)
    await do(project, tasks.end_stage, order.task_id, StageDone(stage="video", outcome="made"), 55)
    going = await state(project, order.task_id)
    assert (going.state, going.attempt, going.progress, going.error) == ("running", 2, 55, None)
    assert await told(project, order.task_id) == [
        "queued",
        "started",
        "stage",
        "progress",
        "retry",
        "stage",
        "progress",
        "stage_done",
    ]


async def test_stages_at_once_are_each_told_by_their_own_name(project):
    await queue(project, project.render(1))
    [order] = await claim(project)
    for stage in ("grid", "voice"):
        assert await do(project, tasks.begin_stage, order.task_id, stage, 1)
    await do(project, tasks.end_stage, order.task_id, StageDone(stage="grid", outcome="made"), 20)
    assert (await happened(project))[-1] == ("stage_done", "grid")


async def happened(project) -> list[tuple[str, str]]:
    async with project.db.connect() as conn:
        found = await events.since(conn, project.workspace, 0, 0)
    return [(event.kind, event.data["stage"]) for event in found if event.source == "task"]


async def test_pause_holds_a_task_back_and_resume_lets_it_go(project):
    [task] = await queue(project, project.render(1))
    assert [one.state for one in await do(project, tasks.change, "pause", [task.id])] == ["paused"]
    assert await claim(project) == []
    await do(project, tasks.change, "resume", [task.id])
    assert len(await claim(project)) == 1


async def test_what_is_left_is_the_work_shared_among_the_runs_and_never_less_than_the_longest(project):
    quotes = [RenderQuote(shot, 0.0, seconds) for shot, seconds in zip(project.shots, (10, 10, 10, 100), strict=True)]
    await queue(project, *[project.render(number) for number in range(1, 5)], quotes=quotes)
    assert await do(project, tasks.remaining) == pytest.approx(100)
    await do(project, tasks.set_desk, DeskChange(concurrency=1))
    assert await do(project, tasks.remaining) == pytest.approx(130)


async def test_only_workspaces_with_something_to_do_are_woken(project):
    async with project.db.begin() as conn:
        assert project.workspace not in await tasks.workspaces_with_work(conn)
    [task] = await queue(project, project.render(1))
    async with project.db.begin() as conn:
        assert project.workspace in await tasks.workspaces_with_work(conn)
    await do(project, tasks.change, "pause", [task.id])
    async with project.db.begin() as conn:
        assert project.workspace not in await tasks.workspaces_with_work(conn)


async def test_a_follower_of_the_stream_is_told_everything_once_also_what_commits_late(project):
    [first, second] = await queue(project, project.render(1), project.render(2))
    tail = events.Tail(project.workspace)
    async with project.db.begin() as late:
        await tasks.change(late, project.workspace, "pause", [first.id])
        await do(project, tasks.change, "pause", [second.id])
        async with project.db.begin() as conn:
            early = await read(tail, conn)
        assert [(event.kind, event.data["task_id"]) for event in early] == [
            ("queued", first.id),
            ("queued", second.id),
            ("paused", second.id),
        ]
    async with project.db.begin() as conn:
        assert [(event.kind, event.data["task_id"]) for event in await read(tail, conn)] == [("paused", first.id)]
        assert await read(tail, conn) == []


async def test_what_a_stopped_process_commits_long_after_is_told_to_whoever_follows_goes_on_or_begins(project, monkeypatch):
    monkeypatch.setattr(events, "BACK", timedelta(0))
    [first, second] = await queue(project, project.render(1), project.render(2))
    tail = events.Tail(project.workspace)
    async with project.db.begin() as late:
        await tasks.change(late, project.workspace, "pause", [first.id])
        for seconds in (0, 20, 40):
            await progressed(project, second.id, seconds)
            async with project.db.begin() as conn:
                await read(tail, conn)
        elsewhere = events.Tail.at(project.workspace, tail.place)
        async with project.db.begin() as conn:
            begun = await events.recent(conn, project.workspace)
    for follower in (tail, elsewhere, begun):
        async with project.db.begin() as conn:
            assert [(event.kind, event.data["task_id"]) for event in await read(follower, conn)] == [("paused", first.id)]
    await progressed(project, second.id, 41)
    async with project.db.begin() as conn:
        assert len(await read(tail, conn)) == 1
        # Once nobody can come late any more, no place is kept for them.
        assert "~" not in tail.place


async def progressed(project, task_id, in_s):
    async with project.db.begin() as conn:
        await conn.execute(
            text(
                "insert into task_event (workspace_id, task_id, kind, at) values (:w, :t, 'progress', now() + make_interval(secs => :s))"
            ),
            {"w": project.workspace, "t": task_id, "s": in_s},
        )


async def read(tail: events.Tail, conn) -> list[events.Event]:
    found = await tail.read(conn)
    for event in found:
        tail.told(event)
    return found


async def test_a_task_says_what_it_needs_where_it_runs_and_the_most_where_it_takes_a_wish_in(project):
    first = RenderQuote(project.shots[0], needs={"memory_mb": 600, "disk_mb": 90})
    second = RenderQuote(project.shots[0], needs={"memory_mb": 400, "disk_mb": 120})
    await queue(project, project.render(1, "video"), quotes=[first])
    await queue(project, project.render(1, "voice"), quotes=[second], revision=2)
    async with project.db.begin() as conn:
        found = list(await conn.scalars(text("select needs from task where workspace_id = :w"), {"w": project.workspace}))
    assert found == [{"memory_mb": 600, "disk_mb": 120}]
