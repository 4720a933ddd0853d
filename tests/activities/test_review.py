"""What waits for a person, and that a decision is all it takes: the work goes on by itself, and the money is right."""

from __future__ import annotations

import pytest
from sqlalchemy import text
from temporalio.exceptions import ApplicationError

from activities.sweep import sweep
from storyreel.commits import EnvelopeRefused
from storyreel.ledger import providers, review, tasks
from storyreel.pipeline.contract import Finish
from tests.activities.test_giving import House, house

__all__ = ["house"]
PICTURE = 0.02  # two small pictures on a sheet


async def ended(house: House, code="provider-transient", stage="grid", outcome="manual_review", detail="no luck"):
    """The run of the task on its way has ended badly."""
    end = Finish(
        workspace_id=house.studio.workspace_id,
        task_id=house.order.task_id,
        run=house.order.run,
        outcome=outcome,
        code=code,
        detail=detail,
        stage=stage,
    )
    async with house.studio.door.database.begin() as conn:
        assert await tasks.finish(conn, end)


async def waiting(house):
    async with house.studio.door.database.connect() as conn:
        return await review.waiting(conn, house.studio.workspace_id)


async def let_go_again(house):
    async with house.studio.door.database.connect() as conn:
        return await providers.let_go_again(conn, house.studio.workspace_id, [house.order.task_id])


async def state(house):
    return (await house.bench.task(house.order.task_id)).state


async def lost(house):
    """A picture was being bought when the process died, at a vendor that cannot tell; the task ended in review."""
    house.vendor.manners.lost, house.vendor.manners.lookup = 1, False
    for _ in range(2):
        with pytest.raises(ApplicationError) as failure:
            await house.stages("grid")
    assert failure.value.type == "provider-job-unknown"
    await ended(house, failure.value.type, detail=failure.value.message)


async def jobs_of(house):
    async with house.studio.door.database.connect() as conn:
        return [
            tuple(row)
            for row in await conn.execute(
                text("select state::text, settled_usd::float8 from provider_job order by created_at, id")
            )
        ]


async def test_what_failed_waits_with_what_happened_where_and_what_may_be_done(house):
    await house.begin()
    await house.stages("grid")
    await ended(house, "provider-resource", "video", detail="no room")
    found = await waiting(house)
    [one] = found.waiting
    assert (one.kind, one.number, one.title, one.stage, one.code, one.said) == (
        "task",
        2,
        "shot 2",
        "video",
        "provider-resource",
        "no room",
    )
    assert one.cost_usd == pytest.approx(PICTURE)
    told = (await house.studio.ask(("task.waiting", {}))).data[0]
    assert told["waiting"][0]["choices"] == ["retry", "smaller", "edit", "provider", "upload", "skip"]
    assert told["proposals"] == 0


async def test_what_is_rendered_again_or_gone_does_not_wait_any_more(house):
    await house.begin()
    await ended(house, outcome="failed")
    assert len((await waiting(house)).waiting) == 1
    await house.studio.do(("gen.video", {"shots": "2", "cut": False}))
    assert (await waiting(house)).waiting == ()


async def test_retry_takes_what_waits_and_leaves_what_was_cancelled(house):
    await house.begin()
    await ended(house)
    outcome = await house.studio.ask(("task.review", {"verb": "retry"}))
    assert [said.code for said in outcome.commit.summary] == ["review.retry"]
    assert await state(house) == "pending"
    with pytest.raises(EnvelopeRefused, match="nothing waits for you"):
        await house.studio.ask(("task.review", {"verb": "retry"}))


async def test_an_edit_and_its_retry_are_one_commit(house):
    await house.begin()
    await ended(house, "provider-policy")
    outcome = await house.studio.ask(("task.review", {"verb": "edit", "changes": {"picture": {"subject": "A calm sea"}}}))
    assert (await house.view()).shot.spec.picture.subject == "A calm sea"
    assert (outcome.commit.undoable, await state(house)) == (True, "pending")
    with pytest.raises(EnvelopeRefused, match=r"changes\.picture"):
        await house.studio.ask(("task.review", {"verb": "edit", "shots": "2", "changes": {"picture": {"time": "never"}}}))


async def test_another_provider_makes_the_stage_that_failed_from_now_on_and_that_is_no_staleness(house):
    await house.begin()
    house.vendor.manners.answers.append(503)
    with pytest.raises(ApplicationError):
        await house.stages("grid")
    await ended(house, "provider-transient")
    await house.studio.ask(("task.review", {"verb": "provider"}))
    assert (await house.view()).shot.spec.providers == {"image": "builtin"}
    [house.order] = await house.bench.claim()
    await house.stages("spec", "grid", "select")
    view = await house.view()
    assert view.selected["picture"].id
    assert view.latest["grid"].facts["provider"] == "builtin-painter"
    assert [done.outcome for done in await house.stages("grid")] == ["fresh"]
    assert house.vendor.counts["submit"] == 0


async def test_a_shot_that_is_fine_is_made_anew_by_another_provider(house):
    await house.begin()
    outcome = await house.studio.do(("task.review", {"verb": "provider", "shots": "3", "provider": "builtin"}))
    assert len(outcome.commit.tasks) == 1
    with pytest.raises(EnvelopeRefused, match="'nobody' makes no video; builtin, remote can"):
        await house.studio.ask(("task.review", {"verb": "provider", "shots": "3", "provider": "nobody"}))


async def test_smaller_is_allowed_for_this_task_alone(house):
    await house.begin()
    await ended(house, "provider-resource")
    await house.studio.ask(("task.review", {"verb": "smaller", "shots": "2"}))
    assert await state(house) == "pending"
    assert (await house.adjusted())[0] == {"allowed": "smaller", "by": "owner"}
    [house.order] = await house.bench.claim()
    house.vendor.manners.errors.append("resource")
    await house.stages("spec", "grid", attempt=2)
    assert (await house.view()).latest["grid"].request["image"]["width_px"] < 640


async def test_the_film_goes_without_a_shot_that_is_skipped_and_can_take_it_back(house):
    await house.begin()
    await ended(house)
    outcome = await house.studio.ask(("task.review", {"verb": "skip", "shots": "2"}))
    assert [said.code for said in outcome.commit.summary] == ["review.skip"]
    task = await house.bench.task(house.order.task_id)
    assert (task.state, task.note) == ("cancelled", "A person goes without it.")
    assert (await house.view()).shot.spec.left_out
    made = await house.studio.ask(("gen.compose", {}), mode="propose")
    assert [said.code for said in made.proposal.skipped] == ["shot.left_out"]
    back = await house.studio.do(("task.review", {"verb": "retry", "shots": "2"}))
    assert [said.code for said in back.commit.summary] == ["review.back"]
    assert not (await house.view()).shot.spec.left_out
    assert len(back.commit.tasks) == 1


async def test_a_film_that_waited_for_a_skipped_shot_is_joined_without_it(house):
    await house.begin()
    await house.studio.do(("gen.music", {}))
    await ended(house)
    [cut] = await house.bench.claim()
    end = Finish(
        workspace_id=cut.workspace_id,
        task_id=cut.task_id,
        run=cut.run,
        outcome="manual_review",
        code="provider-not-possible",
        stage="film",
    )
    async with house.studio.door.database.begin() as conn:
        await tasks.finish(conn, end)
    await house.studio.ask(("task.review", {"verb": "skip", "shots": "2"}))
    assert (await house.bench.task(cut.task_id)).state == "pending"


async def test_a_persons_own_picture_is_taken_and_the_rest_goes_on(house):
    await house.begin()
    await house.stages("grid")
    asset = (await house.view()).cells[0].asset_id
    await ended(house, "provider-policy")
    await house.studio.ask(("task.review", {"verb": "upload", "shots": "2", "asset": asset}))
    assert (await house.view()).selected["picture"].facts["provider"] == "person"
    assert await state(house) == "pending"
    [house.order] = await house.bench.claim()
    done = await house.stages("spec", "grid", "select", "video")
    assert [one.outcome for one in done][1:] == ["fresh", "fresh", "made"]


async def test_an_unknown_call_waits_with_both_choices_explained(house):
    await house.begin()
    await lost(house)
    [one] = (await waiting(house)).waiting
    assert (one.kind, one.provider, one.number, one.state, one.held_usd) == (
        "job",
        "remote",
        2,
        "manual_review",
        pytest.approx(PICTURE),
    )
    told = (await house.studio.ask(("task.waiting", {}))).data[0]["waiting"][0]
    assert told["choices"] == ["charged", "not_charged", "skip"]


@pytest.mark.parametrize(("verb", "spent"), [("charged", PICTURE), ("not_charged", 0.0)])
async def test_the_word_on_an_unknown_call_settles_it_and_the_task_goes_on(house, verb, spent):
    await house.begin()
    await lost(house)
    outcome = await house.studio.ask(("task.review", {"verb": verb}))
    assert [said.code for said in outcome.commit.summary] == [f"review.{verb}"]
    assert (await jobs_of(house))[-1] == ("failed", pytest.approx(spent))
    assert await state(house) == "pending"
    event = await house.studio.scalar(
        "select data from task_event where task_id = :t and kind = 'note' order by id desc limit 1", t=house.order.task_id
    )
    assert event["by"] == "owner"
    assert event["charged"] is (verb == "charged")
    house.vendor.manners.lookup = True
    [house.order] = await house.bench.claim()
    assert [one.outcome for one in await house.stages("spec", "grid")][-1:] == ["made"]
    assert (await jobs_of(house))[-1][0] == "settled"
    with pytest.raises(EnvelopeRefused, match="no call waits"):
        await house.studio.ask(("task.review", {"verb": verb}))


@pytest.mark.parametrize("has_it", [True, False])
async def test_an_unknown_call_that_the_vendor_can_tell_of_by_now_is_settled_by_itself(house, has_it):
    await house.begin()
    await lost(house)
    assert await sweep(house.bench.work.kits, house.studio.workspace_id, older_than_s=0) == 0
    house.vendor.manners.lookup = True
    if not has_it:
        house.vendor.forget()
    assert await sweep(house.bench.work.kits, house.studio.workspace_id, older_than_s=0) == 1
    task = await house.bench.task(house.order.task_id)
    assert (task.state, task.note.startswith("remote could tell by now")) == ("pending", True)
    [house.order] = await house.bench.claim()
    await house.stages("spec", "grid")
    assert house.vendor.counts["submit"] == (1 if has_it else 2)
    assert [row[0] for row in await jobs_of(house)] == (["settled"] if has_it else ["failed", "settled"])


async def test_a_provider_is_held_and_let_go_through_the_door(house):
    await house.begin()
    outcome = await house.studio.ask(("provider.pause", {"provider": "Remote", "why": "too dear"}))
    assert outcome.commit.summary[0].facts == {"provider": "remote", "reason": "too dear"}
    with pytest.raises(ApplicationError) as failure:
        await house.stages("grid")
    assert (failure.value.type, failure.value.non_retryable) == ("provider-paused", True)
    task = await house.bench.task(house.order.task_id)
    assert (task.state, task.error["code"], task.error["provider"]) == ("retry_pending", "provider-paused", "remote")
    assert (await house.studio.ask(("task.waiting", {}))).data[0]["held"] == {"remote": "owner"}
    assert await let_go_again(house) == []
    with pytest.raises(EnvelopeRefused, match="held already"):
        await house.studio.ask(("provider.pause", {"provider": "remote"}))
    with pytest.raises(EnvelopeRefused, match="there is no provider 'nobody'"):
        await house.studio.ask(("provider.pause", {"provider": "nobody"}))
    await house.studio.ask(("provider.resume", {"provider": "remote"}))
    assert await let_go_again(house) == [house.order.task_id]
    assert [one.outcome for one in await house.stages("grid")] == ["made"]
