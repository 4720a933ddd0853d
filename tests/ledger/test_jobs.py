"""A job moves only forward, a key is bought once at a time, and the money always adds up."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from storyreel.ledger import assets, budget, jobs
from storyreel.ledger.budget import OverBudget
from storyreel.ledger.jobs import Delivered, Wish
from storyreel.model.base import AssetRef

SOUND = AssetRef(id="5" * 64, media_type="audio/wav", duration_s=1.5)
FACTS = {"provider": "remote", "notes": []}


def wish(project, key="k", cost=1.0, owner=0):
    return Wish(project.workspace, project.shots[owner], key, "voice", "voice", "remote", cost_usd=cost, request={"text": "x"})


async def reserve(project, key="k", cost=1.0, *, sending=False):
    async with project.db.begin() as conn:
        return await jobs.reserve(conn, wish(project, key, cost), sending=sending)


async def do(project, function, *args, **more):
    async with project.db.begin() as conn:
        return await function(conn, *args, **more)


async def settle(project, job, cost=None):
    async with project.db.begin() as conn:
        await assets.register(conn, project.workspace, SOUND, 10)
        return await jobs.settle(conn, job, SOUND.id, FACTS, cost_usd=cost)


async def money(project):
    return await do(project, budget.get, project.workspace)


async def delivered(project, key="k", cost=1.0):
    job = await reserve(project, key, cost, sending=True)
    assert await do(project, jobs.submitted, job, "vendor-1")
    assert await settle(project, job)
    return job


async def test_the_way_of_a_job_from_wish_to_result(project):
    job = await reserve(project)
    assert (job.mine, job.state, job.reserved_usd) == (True, "reserved", 1)
    assert (await money(project)).reserved_usd == 1
    assert await do(project, jobs.sending, job)
    assert await do(project, jobs.submitted, job, "vendor-7")
    assert (await do(project, jobs.live, project.workspace, job.owner_id, "k")).handle == "vendor-7"
    assert await settle(project, job)
    found = await do(project, jobs.look, project.workspace, job.owner_id, "k")
    assert found == Delivered(SOUND, FACTS, job.id)
    assert await reserve(project) == found
    now = await money(project)
    assert (now.reserved_usd, now.spent_usd) == (0, 1)


async def test_every_step_counts_once(project):
    job = await delivered(project)
    assert not await settle(project, job)
    assert not await do(project, jobs.sending, job)
    assert not await do(project, jobs.submitted, job, "another")
    assert not await do(project, jobs.failed, job, {})
    assert not await do(project, jobs.cancelled, job, {})
    assert (await money(project)).spent_usd == 1


async def test_a_second_buyer_is_shown_the_first_ones_job(project):
    first = await reserve(project)
    second = await reserve(project)
    assert (second.id, second.mine) == (first.id, False)
    assert (await money(project)).reserved_usd == 1


async def test_many_buyers_at_once_make_one_job(project):
    found = await asyncio.gather(*[reserve(project) for _ in range(8)])
    assert [one.mine for one in found].count(True) == 1
    assert len({one.id for one in found}) == 1
    assert (await money(project)).reserved_usd == 1


async def test_a_buyer_who_comes_while_a_job_is_settled_buys_nothing(project):
    """The insert waits for the settling transaction, and must then see what it made."""
    job = await reserve(project, sending=True)
    await do(project, jobs.submitted, job, "h")
    async with project.db.begin() as conn:
        await assets.register(conn, project.workspace, SOUND, 10)
        assert await jobs.settle(conn, job, SOUND.id, FACTS)
        late = asyncio.create_task(reserve(project))
        await asyncio.sleep(0.2)
        assert not late.done()
    assert isinstance(await late, Delivered)
    now = await money(project)
    assert (now.reserved_usd, now.spent_usd) == (0, 1)


async def test_of_many_who_take_a_deserted_job_over_one_gets_it(project):
    job = await reserve(project, sending=True)
    assert sorted(await asyncio.gather(*[do(project, jobs.sending, job) for _ in range(5)])) == [False, False, False, False, True]


@pytest.mark.parametrize("end", [jobs.failed, jobs.cancelled])
async def test_what_made_nothing_gives_its_money_back_and_may_be_bought_again(project, end):
    job = await reserve(project, sending=True)
    assert await do(project, end, job, {"code": "x"})
    assert (await money(project)).reserved_usd == 0
    assert (await reserve(project)).mine


async def test_a_vendor_may_keep_a_part_or_take_more_and_is_charged_for_exactly_that(project):
    job = await reserve(project, cost=2.0, sending=True)
    await do(project, jobs.failed, job, {}, charged_usd=0.5)
    assert (await money(project)).spent_usd == Decimal("0.5")
    dear = await reserve(project, cost=2.0, sending=True)
    await do(project, jobs.submitted, dear, "h")
    await settle(project, dear, cost=50.0)
    assert (await money(project)).spent_usd == Decimal("50.5")


async def test_doubt_keeps_a_job_and_its_money_and_says_that_its_sender_gave_up(project):
    job = await reserve(project, sending=True)
    await do(project, jobs.doubt, job, {"code": "timeout"})
    left = await do(project, jobs.live, project.workspace, job.owner_id, "k")
    assert (left.state, left.error, left.reserved_usd) == ("sending", {"code": "timeout"}, 1)


async def test_an_unknown_job_blocks_its_key_until_someone_decides(project):
    job = await reserve(project, sending=True)
    assert await do(project, jobs.unknown, job, {})
    assert (await reserve(project)).state == "unknown"
    assert await do(project, jobs.failed, job, {}, charged_usd=1.0)
    assert (await money(project)).spent_usd == 1
    assert (await reserve(project)).mine


async def test_the_limit_refuses_what_it_does_not_cover_and_cannot_be_set_below_what_is_promised(project):
    await do(project, budget.set_rule, project.workspace, limit_usd=2.5)
    await reserve(project, "a")
    await reserve(project, "b")
    with pytest.raises(OverBudget, match=r"\$0.50 of the budget is left"):
        await reserve(project, "c")
    assert await do(project, jobs.live, project.workspace, project.shots[0], "c") is None
    with pytest.raises(OverBudget):
        await do(project, budget.set_rule, project.workspace, limit_usd=1.0)
    await do(project, budget.set_rule, project.workspace, limit_usd=None)
    assert (await reserve(project, "c")).mine


async def test_what_is_free_never_waits_for_the_budgets_row(project):
    await do(project, budget.set_rule, project.workspace, limit_usd=1.0)
    async with project.db.begin() as conn:
        await conn.execute(text("select 1 from budget where workspace_id = :w for update"), {"w": project.workspace})
        job = await asyncio.wait_for(reserve(project, cost=0.0, sending=True), 2)
        await asyncio.wait_for(do(project, jobs.submitted, job, "h"), 2)
        assert await asyncio.wait_for(settle(project, job), 2)


async def test_a_sweep_sees_open_jobs_whose_task_has_ended(project):
    job = await reserve(project, sending=True)
    assert [one.id for one in await do(project, jobs.open_jobs, project.workspace)] == [job.id]
    assert await do(project, jobs.open_jobs, project.workspace, older_than_s=60) == []
    await do(project, jobs.failed, job, {})
    assert await do(project, jobs.open_jobs, project.workspace) == []


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["reserve", "sending", "submitted", "settle", "failed", "cancelled", "unknown", "crash"]),
        st.sampled_from("abc"),
        st.integers(0, 40),
    ),
    max_size=25,
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
async def test_whatever_happens_in_whatever_order_the_money_adds_up_under_its_limit(project, steps):
    """Every row's money is either held, spent or given back; the budget is the sum of its jobs."""
    async with project.db.begin() as conn:
        for table in ("made", "money", "provider_job", "budget", "budget_rule"):
            await conn.execute(text(f"delete from {table} where workspace_id = :w"), {"w": project.workspace})
        await budget.set_rule(conn, project.workspace, limit_usd=1.0)
    for name, key, cents in steps:
        await step(project, name, key, cents / 100)
    async with project.db.begin() as conn:
        held, spent, live = (
            await conn.execute(
                text(
                    "select coalesce(sum(reserved_usd) filter (where state in ('reserved','sending','submitted','unknown')), 0),"
                    " coalesce(sum(settled_usd), 0),"
                    " count(*) filter (where state in ('reserved','sending','submitted','unknown'))"
                    " - count(distinct key) filter (where state in ('reserved','sending','submitted','unknown'))"
                    " from provider_job where workspace_id = :w"
                ),
                {"w": project.workspace},
            )
        ).one()
        now = await budget.get(conn, project.workspace)
    assert (now.reserved_usd, now.spent_usd) == (held, spent)
    assert held + spent <= 1
    assert live == 0


async def step(project, name, key, cost):
    if name == "reserve":
        try:
            await reserve(project, key, cost)
        except OverBudget:
            return
    if name == "crash":
        with pytest.raises(ZeroDivisionError):
            async with project.db.begin() as conn:
                await conn.execute(text("select 1"))
                with suppress(OverBudget):
                    await jobs.reserve(conn, wish(project, key, cost))
                raise ZeroDivisionError
        return
    job = await do(project, jobs.live, project.workspace, project.shots[0], key)
    if job is None or name == "reserve":
        return
    match name:
        case "sending":
            await do(project, jobs.sending, job)
        case "submitted":
            await do(project, jobs.submitted, job, "h")
        case "settle":
            await settle(project, job, cost)
        case "unknown":
            await do(project, jobs.unknown, job, {})
        case "failed":
            await do(project, jobs.failed, job, {}, charged_usd=cost)
        case _:
            await do(project, jobs.cancelled, job, {})
