"""Nothing is paid for twice, and nothing that was paid for is lost, wherever a process dies."""

from __future__ import annotations

import asyncio
import os
import time
from dataclasses import replace

import pytest
from sqlalchemy import text

from activities.kit import KitMaker, NoLongerWanted, NotKnown, builtin_kit, clear, kits_of
from activities.mediabox import MediaBox
from activities.paid import Purchase
from activities.sweep import sweep
from storyreel.ledger import assets, budget, jobs, tasks
from storyreel.ledger.budget import OverBudget
from storyreel.model.base import AssetRef
from storyreel.model.errors import NoResource, NotPossible, Transient, Vanished
from storyreel.pipeline.contract import StageOrder
from storyreel.pipeline.ports import VideoRequest, VoiceRequest
from storyreel.providers import remote
from storyreel.providers.registry import Registry
from storyreel.runtime import clock
from storyreel.runtime.settings import Settings
from tests.activities.conftest import commits_counted
from tests.activities.shop import COST, LINE, quiet, shop

__all__ = ["shop"]


async def test_a_call_is_bought_once_and_handed_out_ever_after(shop):
    first = await shop.attempt().voice(LINE)
    again = await shop.attempt().voice(LINE)
    assert again == first
    assert again.words[0].text == "N"
    assert again.facts["provider"] == "remote"
    assert await shop.store.get(first.asset.id)
    assert (shop.vendor.counts["submit"], await shop.states()) == (1, ["settled"])
    assert await shop.money() == (0.0, pytest.approx(COST))


async def test_another_take_and_another_request_are_other_purchases(shop):
    await shop.attempt().voice(LINE)
    await shop.attempt().voice(LINE, take=1)
    await shop.attempt().voice(LINE.model_copy(update={"text": "Somebody had."}))
    assert shop.vendor.counts["submit"] == 3
    assert shop.vendor.paid_twice == []


async def test_two_who_want_the_same_at_once_buy_it_once(shop):
    shop.vendor.manners.delay_s = 0.2
    made = await asyncio.gather(*[shop.attempt().voice(LINE) for _ in range(5)])
    assert len({one.asset.id for one in made}) == 1
    assert (shop.vendor.counts["submit"], await shop.states()) == (1, ["settled"])
    assert await shop.money() == (0.0, pytest.approx(COST))


@pytest.mark.parametrize(("state", "submits", "looks"), [("reserved", 1, 0), ("sending", 1, 1), ("submitted", 1, 0)])
async def test_a_process_that_died_leaves_work_that_the_next_one_finishes_without_paying_again(shop, state, submits, looks):
    await shop.died(state)
    await shop.old()
    await shop.attempt().voice(LINE)
    assert (shop.vendor.counts["submit"], shop.vendor.counts["find"]) == (submits, looks)
    assert await shop.states() == ["settled"]
    assert await shop.money() == (0.0, pytest.approx(COST))


async def test_a_submit_whose_answer_was_lost_is_looked_up_and_not_sent_again(shop):
    shop.vendor.manners.lost = 1
    with pytest.raises(Transient):
        await shop.attempt().voice(LINE)
    assert await shop.states() == ["sending"]
    assert (await shop.money())[0] == pytest.approx(COST)
    await shop.attempt().voice(LINE)
    assert (shop.vendor.counts["submit"], shop.vendor.counts["find"]) == (1, 1)
    assert await shop.states() == ["settled"]


async def test_a_submit_that_is_still_on_its_way_is_not_sent_again_before_it_must_have_arrived(shop, monkeypatch):
    monkeypatch.setattr(remote, "SUBMIT_S", 0.1)
    shop.vendor.manners.submit_delay_s = 0.4
    with pytest.raises(Transient):
        await shop.attempt().voice(LINE)
    assert shop.vendor.counts["submit"] == 0
    await shop.attempt(lease_s=5).voice(LINE)
    assert (shop.vendor.counts["submit"], await shop.states()) == (1, ["settled"])
    assert shop.vendor.counts["find"] >= 1


async def test_a_job_that_another_task_left_is_adopted_and_no_sweep_takes_it_away(shop):
    await shop.died("submitted")
    await shop.old()
    shop.vendor.manners.never = True
    async with shop.project.db.begin() as conn:
        [task] = await tasks.insert(conn, shop.project.workspace, revision=1, asked_by="a", renders=[shop.project.render(1)])
    waiting = asyncio.create_task(shop.attempt(task_id=task.id).voice(LINE))
    while not shop.vendor.counts["ask"]:
        await asyncio.sleep(0.01)
    await shop.old()
    assert await sweep(kits(shop), shop.project.workspace) == 0
    shop.vendor.manners.never = False
    await waiting
    assert (shop.vendor.counts["submit"], shop.vendor.counts["cancel"]) == (1, 0)


async def test_a_job_that_is_being_sent_is_waited_for_not_taken_over(shop):
    job = await shop.died("sending")
    waiting = asyncio.create_task(shop.attempt(lease_s=60).voice(LINE))
    await asyncio.sleep(0.15)
    assert not waiting.done()
    assert shop.vendor.counts["find"] == 0
    handle = await shop.attempt().registry.get("voice").submit(LINE, job.vendor_key)
    async with shop.project.db.begin() as conn:
        await jobs.submitted(conn, job, handle)
    await waiting
    assert shop.vendor.counts["submit"] == 1


async def test_a_sender_that_was_stopped_before_its_first_byte_leaves_it_to_whoever_took_it_for_dead(shop, monkeypatch):
    async with commits_counted(shop.project.db) as counted:
        # A hundred seconds pass between the second commit, which says that it is being sent, and the sending.
        monkeypatch.setattr(clock, "steady_s", lambda: time.monotonic() + 100 * (len(counted) == 2))
        await shop.attempt(lease_s=0.3).voice(LINE)
    async with shop.project.db.begin() as conn:
        tries = await conn.scalar(text("select submissions from provider_job"))
    assert (shop.vendor.counts["submit"], shop.vendor.counts["find"], tries) == (1, 1, 2)
    assert await shop.money() == (0.0, pytest.approx(COST))


async def test_of_many_who_find_a_deserted_job_one_sends_it(shop):
    await shop.died("sending")
    await shop.old()
    await asyncio.gather(*[shop.attempt(lease_s=5).voice(LINE) for _ in range(4)])
    assert shop.vendor.counts["submit"] == 1


async def test_where_nobody_can_tell_a_person_decides_and_the_money_stays_held(shop):
    shop.vendor.manners.lookup = False
    await shop.died("sending")
    await shop.old()
    with pytest.raises(NotKnown, match="whether it was charged") as asked:
        await shop.attempt().voice(LINE)
    assert asked.value.facts["job"]
    assert isinstance(asked.value, NotPossible)
    assert await shop.states() == ["unknown"]
    assert (await shop.money())[0] == pytest.approx(COST)
    assert shop.vendor.counts["submit"] == 0


async def test_below_a_sum_it_is_taken_as_charged_and_made_again(shop):
    shop.vendor.manners.lookup = False
    await shop.died("sending")
    await shop.old()
    await shop.attempt(on_unknown_usd=0.05).voice(LINE)
    assert sorted(await shop.states()) == ["failed", "settled"]
    assert await shop.money() == (0.0, pytest.approx(2 * COST))


async def test_a_vendor_that_turns_away_is_asked_again_and_nothing_stays_held(shop):
    shop.vendor.manners.answers.append(429)
    shop.vendor.manners.retry_after_s = 3
    with pytest.raises(Transient) as failure:
        await shop.attempt().voice(LINE)
    assert failure.value.retry_after_s == 3
    assert (await shop.states(), await shop.money()) == (["failed"], (0.0, 0.0))
    await shop.attempt().voice(LINE)
    assert await shop.states() == ["failed", "settled"]
    assert shop.vendor.counts["find"] == 0


@pytest.mark.parametrize(("code", "kind"), [("resource", NoResource), ("refused", NotPossible), ("hiccup", Transient)])
async def test_a_job_that_ended_badly_gives_its_money_back_and_the_next_try_is_a_new_job(shop, code, kind):
    shop.vendor.manners.errors.append(code)
    with pytest.raises(kind):
        await shop.attempt().voice(LINE)
    assert (await shop.states(), await shop.money()) == (["failed"], (0.0, 0.0))
    await shop.attempt().voice(LINE)
    assert shop.vendor.counts["submit"] == 2


async def test_a_backend_that_forgot_the_job_is_told_again(shop):
    await shop.died("submitted")
    shop.vendor.forget()
    with pytest.raises(Vanished):
        await shop.attempt().voice(LINE)
    await shop.attempt().voice(LINE)
    assert await shop.states() == ["failed", "settled"]
    assert await shop.money() == (0.0, pytest.approx(COST))


async def interrupted(shop, *, called_off):
    shop.vendor.manners.never = True
    buying = asyncio.create_task(shop.attempt(called_off=lambda: called_off).voice(LINE))
    await asyncio.wait_for(shop.vendor.submitted.wait(), 5)
    while "submitted" not in await shop.states():
        await asyncio.sleep(0.01)
    buying.cancel()
    with pytest.raises(asyncio.CancelledError):
        await buying


async def test_calling_off_reaches_the_vendor_and_frees_the_money(shop):
    await interrupted(shop, called_off=True)
    assert shop.vendor.counts["cancel"] == 1
    assert (await shop.states(), await shop.money()) == (["cancelled"], (0.0, 0.0))


async def test_a_worker_that_stops_leaves_the_job_to_the_next_one(shop):
    await interrupted(shop, called_off=False)
    assert shop.vendor.counts["cancel"] == 0
    assert await shop.states() == ["submitted"]
    shop.vendor.manners.never = False
    await shop.attempt().voice(LINE)
    assert shop.vendor.counts["submit"] == 1


async def test_a_cancel_that_comes_after_delivery_keeps_what_was_paid_for(shop):
    shop.vendor.manners.never = True
    attempt = shop.attempt(called_off=lambda: True)
    buying = asyncio.create_task(attempt.voice(LINE))
    while "submitted" not in await shop.states():
        await asyncio.sleep(0.01)
    cancel = attempt.registry.get("voice").cancel

    async def just_too_late(handle):
        shop.vendor.manners.never = False
        await cancel(handle)

    attempt.registry.get("voice").cancel = just_too_late
    buying.cancel()
    with pytest.raises(asyncio.CancelledError):
        await buying
    assert (await shop.states(), await shop.money()) == (["settled"], (0.0, pytest.approx(COST)))


async def test_what_is_no_longer_wanted_is_not_bought(shop):
    async def no():
        return False

    with pytest.raises(NoLongerWanted):
        await shop.attempt(still_wanted=no).voice(LINE)
    assert (shop.vendor.counts["submit"], await shop.states()) == (0, [])
    await shop.died("reserved")
    with pytest.raises(NoLongerWanted):
        await shop.attempt(still_wanted=no).voice(LINE)
    assert shop.vendor.counts["submit"] == 0


async def test_the_budget_is_a_wall(shop):
    async with shop.project.db.begin() as conn:
        await budget.set_rule(conn, shop.project.workspace, limit_usd=0.07)
    lines = [VoiceRequest(text=f"line {number}".ljust(28), language="en") for number in range(6)]
    done = await asyncio.gather(*[shop.attempt().voice(line) for line in lines], return_exceptions=True)
    assert [type(one) for one in done].count(OverBudget) == 4
    assert shop.vendor.counts["submit"] == 2
    assert await shop.money() == (0.0, pytest.approx(2 * COST))


async def test_a_clip_is_made_over_the_picture_in_the_store(shop):
    asset_id = await shop.store.put(b"a picture", "image/png")
    clip = VideoRequest(first_frame=AssetRef(id=asset_id, media_type="image/png"), frames=6, fps=12, width_px=64, height_px=48)
    made = await shop.attempt().video(clip)
    assert (made.asset.width_px, made.asset.duration_s, shop.vendor.counts["input"]) == (64, 0.5, 1)
    async with shop.project.db.begin() as conn:
        assert await assets.get(conn, shop.project.workspace, made.asset.id) == made.asset


def kits(shop):
    registry = shop.attempt().registry
    return KitMaker(shop.project.db, shop.store, registry, MediaBox(), shop.tmp_path)


@pytest.mark.parametrize(
    ("state", "end", "cancels"),
    [("reserved", "cancelled", 0), ("sending", "cancelled", 0), ("submitted", "cancelled", 1)],
)
async def test_a_sweep_closes_what_a_dead_run_left_and_frees_its_money(shop, state, end, cancels):
    shop.vendor.manners.never = True
    await shop.died(state)
    assert await sweep(kits(shop), shop.project.workspace) == 0  # too fresh: it may be on its way
    await shop.old()
    assert await sweep(kits(shop), shop.project.workspace) == 1
    assert (await shop.states(), await shop.money()) == ([end], (0.0, 0.0))
    assert shop.vendor.counts["cancel"] == cancels


async def test_a_sweep_finds_a_job_whose_answer_was_lost_and_keeps_what_it_made(shop):
    shop.vendor.manners.lost = 1
    with pytest.raises(Transient):
        await shop.attempt().voice(LINE)
    await shop.old()
    await sweep(kits(shop), shop.project.workspace)
    assert (await shop.states(), await shop.money()) == (["settled"], (0.0, pytest.approx(COST)))
    await shop.attempt().voice(LINE)
    assert shop.vendor.counts["submit"] == 1


@pytest.mark.parametrize("charged", [True, False])
async def test_a_persons_word_settles_what_nobody_could_tell(shop, charged):
    shop.vendor.manners.lookup = False
    job = await shop.died("sending")
    await shop.old()
    await sweep(kits(shop), shop.project.workspace)
    assert await shop.states() == ["unknown"]
    async with shop.project.db.begin() as conn:
        assert await jobs.resolve(conn, shop.project.workspace, job.id, charged=charged)
        assert not await jobs.resolve(conn, shop.project.workspace, job.id, charged=charged)
    assert await shop.money() == (0.0, pytest.approx(COST if charged else 0.0))


async def test_a_call_takes_no_more_commits_than_it_needs(shop):
    paid = shop.attempt()
    async with commits_counted(shop.project.db) as counted:
        await paid.voice(LINE)
    assert len(counted) == 4  # look, sending, submitted, settled
    builtin = replace(paid, registry=Registry(Settings()))
    purchase = Purchase(builtin, Instant(), LINE, replace(shop.wish(), key="x", cost_usd=0.0))
    async with commits_counted(shop.project.db) as counted:
        await purchase.done()
    assert len(counted) == 2  # sending, settled


class Instant:
    """A maker in this process."""

    id, model, capability, local = "instant", "instant-1", "voice", True

    async def submit(self, request, key):
        return f"instant:{key}"

    async def wait(self, handle, request, inputs, progress):
        from storyreel.pipeline.ports import Generated

        return Generated(b"sound", "audio/wav", self.id, self.model, duration_s=1.0)


async def test_a_kit_remembers_what_it_keeps_and_clears_its_scratch_folder(shop, tmp_path):
    kits = KitMaker(shop.project.db, shop.store, Registry(Settings()), MediaBox(), tmp_path / "scratch")
    async with shop.project.db.begin() as conn:
        [task] = await tasks.insert(conn, shop.project.workspace, revision=1, asked_by="a", renders=[shop.project.render(1)])
    order = StageOrder(
        workspace_id=shop.project.workspace, task_id=task.id, kind="shot", owner_id=shop.project.shots[0], stage="grid"
    )
    kit = kits(order, progress=quiet, called_off=lambda: False)
    async with commits_counted(shop.project.db) as counted:
        kept = await asyncio.gather(*[kit.store.keep(f"cell {n}".encode(), "image/png", width_px=8) for n in range(9)])
    assert counted == []
    assert {one.asset.id for one in kit.kept} == {one.id for one in kept}
    assert [one.size_bytes for one in kit.kept] == [6] * 9
    assert await shop.store.get(kept[0].id) == b"cell 0"
    folder = kit.scratch
    assert folder.is_dir()
    del kit
    assert not folder.exists()


async def test_a_stage_can_be_tried_with_nothing_but_a_folder(tmp_path):
    kit = builtin_kit(tmp_path)
    asset = await kit.store.keep(b"some words", "text/plain")
    assert await kit.store.read(asset) == b"some words"


def test_what_a_killed_process_left_is_cleared_away_and_what_is_in_use_is_not(tmp_path):
    old, new = tmp_path / "1-old", tmp_path / "2-new"
    for folder in (old, new):
        folder.mkdir()
        (folder / "half.mp4").write_bytes(b"half a film")
    os.utime(old, (0, 0))
    clear(tmp_path)
    assert [folder.name for folder in tmp_path.iterdir()] == ["2-new"]


async def test_the_kits_of_a_worker_come_from_its_settings(db, tmp_path):
    made = kits_of(Settings(home=tmp_path, assume_charged_below_usd=0.2), db)
    assert (made.on_unknown_usd, made.scratch.parent) == (0.2, tmp_path / "scratch")
    await made.close()
