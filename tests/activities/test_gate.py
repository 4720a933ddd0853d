"""What stands before a call: a person who holds the provider, a vendor that is away, and whose turn it is; and what is kept and said."""

from __future__ import annotations

import asyncio
import json
import time

import pytest
from sqlalchemy import text

from storyreel.ledger import providers, tasks
from storyreel.model.errors import Down, Paused, Rejected, Transient, Waits
from storyreel.pipeline.ports import SfxRequest, VoiceRequest
from tests.activities.shop import COST, LINE, shop

__all__ = ["shop"]


async def hold(shop, provider="remote"):
    async with shop.project.db.begin() as conn:
        await providers.hold(conn, shop.project.workspace, provider, by="anna", reason="too dear today")


async def let_go(shop, provider="remote"):
    async with shop.project.db.begin() as conn:
        await providers.let_go(conn, shop.project.workspace, provider)


def lines(count):
    return [VoiceRequest(text=f"line {number}".ljust(28), language="en") for number in range(count)]


async def test_nothing_new_is_sent_to_a_provider_that_is_held(shop):
    await hold(shop)
    with pytest.raises(Paused, match=r"held by anna \(too dear today\)") as held:
        await shop.attempt().voice(LINE)
    assert held.value.facts["provider"] == "remote"
    assert (shop.vendor.counts["submit"], await shop.states(), await shop.money()) == (0, [], (0.0, 0.0))
    await let_go(shop)
    await shop.attempt().voice(LINE)
    assert await shop.states() == ["settled"]


async def test_the_built_in_one_can_be_held_too_and_what_was_made_is_still_handed_out(shop):
    rain = SfxRequest(words="rain", duration_s=1.0)
    made = await shop.attempt().sfx(rain)
    await hold(shop, "builtin")
    assert await shop.attempt().sfx(rain) == made
    with pytest.raises(Paused):
        await shop.attempt().sfx(rain, take=1)
    assert await shop.states() == ["settled"]


async def test_a_job_that_is_under_way_is_waited_for_and_can_be_cancelled_while_held(shop):
    shop.vendor.manners.never = True
    attempt = shop.attempt(called_off=lambda: True)
    buying = asyncio.create_task(attempt.voice(LINE))
    while "submitted" not in await shop.states():
        await asyncio.sleep(0.01)
    await hold(shop)
    buying.cancel()
    with pytest.raises(asyncio.CancelledError):
        await buying
    assert (shop.vendor.counts["cancel"], await shop.states()) == (1, ["cancelled"])


async def test_a_held_provider_is_another_projects_business(shop):
    await hold(shop)
    async with shop.project.db.connect() as conn:
        assert (
            await conn.scalar(text("select count(*) from provider_pause where workspace_id <> :w"), {"w": shop.project.workspace})
            == 0
        )


async def test_two_machines_together_keep_the_rate(shop):
    limit = {"provider_limits": "remote=20/s"}
    first, second = shop.attempt(settings=limit), shop.attempt(settings=limit)
    began = time.monotonic()
    await asyncio.gather(*[(first if number % 2 else second).voice(line) for number, line in enumerate(lines(8))])
    assert time.monotonic() - began >= 7 / 20
    assert shop.vendor.counts["submit"] == 8


async def test_turns_are_given_out_evenly_and_one_too_far_off_is_left_to_others(db):
    async with db.begin() as conn:
        waits = [await providers.take_turn(conn, "slow", every_s=10, most_s=25) for _ in range(5)]
    assert waits[:3] == [pytest.approx(at, abs=0.5) for at in (0, 10, 20)]
    assert waits[3:] == [None, None]


async def test_who_would_wait_too_long_for_its_turn_waits_outside_without_a_job(shop):
    limit = {"provider_limits": "remote=1/h"}
    await shop.attempt(settings=limit).voice(LINE)
    with pytest.raises(Waits, match="others come first") as waits:
        await shop.attempt(settings=limit).voice(LINE, take=1)
    assert waits.value.retry_after_s
    assert (shop.vendor.counts["submit"], await shop.states()) == (1, ["settled"])


async def test_two_machines_together_never_have_more_jobs_than_are_allowed_at_once(shop):
    shop.vendor.manners.delay_s = 0.15
    limit = {"provider_limits": "remote=at once 2"}
    most, done = 0, asyncio.Event()

    async def watch():
        nonlocal most
        while not done.is_set():
            async with shop.project.db.connect() as conn:
                there = await conn.scalar(text("select count(*) from provider_job where state in ('sending', 'submitted')"))
            most = max(most, there)
            await asyncio.sleep(0.01)

    watching = asyncio.create_task(watch())
    machines = [shop.attempt(settings=limit) for _ in range(3)]
    await asyncio.gather(*[machines[number % 3].voice(line) for number, line in enumerate(lines(7))])
    done.set()
    await watching
    assert most == 2
    assert await shop.states() == ["settled"] * 7


async def test_a_vendor_that_stumbles_again_and_again_is_left_alone(shop):
    attempt = shop.attempt()
    shop.vendor.manners.answers.extend([500] * 5)
    for line in lines(5):
        with pytest.raises(Transient):
            await attempt.voice(line)
    with pytest.raises(Down, match="5 times in a row") as down:
        await attempt.voice(LINE)
    assert down.value.facts["created"] is False
    assert down.value.retry_after_s
    assert shop.vendor.counts["turned away"] == 5
    attempt.registry.breakers.of("remote").passed()
    await attempt.voice(LINE)


async def test_the_last_answer_is_kept_with_its_status_and_without_secrets(shop):
    shop.vendor.manners.answers.append(422)
    with pytest.raises(Exception, match="stand-in"):
        await shop.attempt().voice(LINE)
    await shop.attempt().voice(LINE)
    async with shop.project.db.connect() as conn:
        refused, made = await conn.scalars(text("select answer from provider_job order by created_at, id"))
    assert (refused["status"], refused["method"], refused["path"]) == (422, "POST", "/v1/jobs")
    assert "422" in refused["body"]["error"]["message"]
    assert made["status"] == 200
    assert "bytes of audio/wav" in made["body"]
    assert len(json.dumps(made)) < 5000


async def test_what_content_rules_forbid_is_a_class_of_its_own_and_costs_nothing(shop):
    shop.vendor.manners.errors.append("policy")
    with pytest.raises(Rejected, match="policy"):
        await shop.attempt().voice(LINE)
    assert (await shop.states(), await shop.money()) == (["failed"], (0.0, 0.0))


async def test_taken_as_charged_and_sent_again_is_said_to_the_task_and_in_the_job(shop):
    async with shop.project.db.begin() as conn:
        [task] = await tasks.insert(conn, shop.project.workspace, revision=1, asked_by="anna", renders=[shop.project.render(1)])
    shop.vendor.manners.lookup = False
    await shop.died("sending")
    await shop.old()
    said = []

    async def tell(note):
        said.append(note)
        async with shop.project.db.begin() as conn:
            await providers.say(conn, shop.project.workspace, task.id, note)

    await shop.attempt(on_unknown={"remote": 0.05}, on_unknown_usd=0.0, tell=tell, task_id=task.id).voice(LINE)
    assert "taken as charged and it is sent again (allowed up to $0.05)" in said[0]
    async with shop.project.db.connect() as conn:
        [told] = await tasks.facts(conn, shop.project.workspace, ids=[task.id])
        kinds = list(await conn.scalars(text("select kind from task_event where task_id = :t order by id"), {"t": task.id}))
    assert told.note == said[0]
    assert "note" in kinds
    closed = next(row for row in await shop.rows() if row[0] == "failed")
    assert (closed[3]["said"], float(closed[2])) == (said[0], pytest.approx(COST))


async def test_a_vendor_for_which_a_person_is_to_be_asked_is_not_assumed(shop):
    shop.vendor.manners.lookup = False
    await shop.died("sending")
    await shop.old()
    with pytest.raises(Exception, match="Charged: the sum is spent") as asked:
        await shop.attempt(on_unknown={"remote": 0.0}, on_unknown_usd=9.0).voice(LINE)
    assert asked.value.facts["cost_usd"] == pytest.approx(COST)
