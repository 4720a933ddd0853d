"""A batch's counts add up, whatever took its wishes in; and it says how fast it goes and what waits for what."""

from __future__ import annotations

from uuid import uuid4

from storyreel.actions.base import DeskChange
from storyreel.ledger import batches, tasks
from storyreel.ledger.batches import NewBatch
from storyreel.pipeline.contract import Finish

STATES = ("done", "failed", "review", "cancelled", "running", "waiting", "paused")


async def ask(project, *renders, revision, **more):
    batch = NewBatch(id=uuid4(), reason="by hand", title="again", selector={"shots": "all"}, **more)
    async with project.db.begin() as conn:
        await batches.open_batch(conn, project.workspace, batch, asked_by="anna")
        await tasks.insert(conn, project.workspace, revision=revision, asked_by="anna", renders=renders, batch_id=batch.id)
    return batch.id


async def standing(project, batch):
    async with project.db.connect() as conn:
        found = await batches.find(conn, project.workspace, batch)
    assert found is not None
    assert sum(getattr(found, state) for state in STATES) == found.total
    return found


async def do(project, function, *args, **more):
    async with project.db.begin() as conn:
        return await function(conn, project.workspace, *args, **more)


async def end(project, order, outcome="succeeded", **more):
    async with project.db.begin() as conn:
        await tasks.finish(conn, Finish(workspace_id=project.workspace, task_id=order.task_id, outcome=outcome, **more))


async def test_a_wish_that_a_waiting_task_took_in_is_counted_by_both_batches(project):
    first = await ask(project, project.render(1), project.render(2), revision=1)
    second = await ask(project, project.render(2), project.render(3), project.render(4), revision=2, skipped={"locked": 2})
    one, two = await standing(project, first), await standing(project, second)
    assert (one.total, one.absorbed, one.waiting) == (2, 0, 2)
    assert (two.total, two.absorbed, two.waiting, two.skipped) == (3, 1, 3, {"locked": 2})
    await do(project, tasks.set_desk, DeskChange(concurrency=10))
    for order in await do(project, tasks.claim):
        await end(project, order)
    one, two = await standing(project, first), await standing(project, second)
    assert (one.done, two.done, one.percent, two.percent) == (2, 3, 100.0, 100.0)
    assert one.remaining_s is None
    listed = await do(project, batches.newest)
    assert [(batch.id, batch.total, batch.done) for batch in listed] == [(second, 3, 3), (first, 2, 2)]


async def test_a_batch_says_what_waits_and_for_what(project):
    batch = await ask(project, *(project.render(number) for number in (1, 2, 3, 4)), project.cut(), revision=1)
    await do(project, tasks.set_desk, DeskChange(concurrency=2))
    first, second = await do(project, tasks.claim)
    await do(project, tasks.begin_stage, first.task_id, "video")
    await end(project, second, "manual_review", code="refused", detail="Say it in other words.", stage="grid")
    three = (await do(project, tasks.facts, work_item_ids=[project.shots[2]]))[0]
    await do(project, tasks.change, "pause", [three.id])
    found = await standing(project, batch)
    assert (found.running, found.review, found.waiting, found.paused) == (1, 1, 2, 1)
    assert found.stages == {"video": 1}
    waits = {one.why: one for one in found.waits}
    assert set(waits) == {"person", "paused", "its turn", "its shots"}
    assert (waits["person"].said, waits["person"].owners) == ("Say it in other words.", (project.shots[1],))
    await do(project, tasks.set_desk, DeskChange(paused=True))
    assert {one.why: one.tasks for one in (await standing(project, batch)).waits}["project paused"] == 2


async def test_how_fast_it_goes_is_told_by_what_was_done_lately(project):
    batch = await ask(project, *(project.render(number) for number in (1, 2, 3, 4)), revision=1)
    assert (await standing(project, batch)).rate_per_min is None, "nothing was done yet"
    await do(project, tasks.set_desk, DeskChange(concurrency=3))
    for order in await do(project, tasks.claim):
        await end(project, order)
    found = await standing(project, batch)
    assert found.rate_per_min
    assert found.remaining_s == round(60 / found.rate_per_min, 1), "one is open, at the rate of the others"


async def test_the_slices_of_one_wish_are_one_batch(project):
    shots = project.shots
    batch = NewBatch(id=uuid4(), shots=shots, asked=2, skipped={"locked": 1})
    for asked, numbers in ((2, (1, 2)), (4, (3, 4))):
        async with project.db.begin() as conn:
            sliced = NewBatch(id=batch.id, shots=shots, asked=asked, skipped={"locked": 1})
            await batches.open_batch(conn, project.workspace, sliced, asked_by="anna")
            await tasks.insert(
                conn,
                project.workspace,
                revision=asked,
                asked_by="anna",
                renders=[project.render(number) for number in numbers],
                batch_id=batch.id,
            )
        found = await standing(project, batch.id)
        assert (found.total, found.to_ask, found.skipped) == (asked, 4 - asked, {"locked": asked // 2})
        assert found.percent == 0.0
    async with project.db.connect() as conn:
        assert await batches.slice_of(conn, project.workspace, batch.id) == (list(shots), 4)
