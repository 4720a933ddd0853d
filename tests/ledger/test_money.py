"""The ledger adds up: every account is the sum of its calls, every call the sum of its entries, and no limit is ever crossed."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from decimal import Decimal
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from opentelemetry.trace import NonRecordingSpan, SpanContext, TraceFlags, use_span
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from storyreel.ledger import assets, budget, jobs, money
from storyreel.ledger.budget import OverBudget
from storyreel.ledger.jobs import Job, Wish
from storyreel.ledger.statement import GROUPS, statement
from storyreel.model.base import AssetRef

SOUND = AssetRef(id="5" * 64, media_type="audio/wav", duration_s=1.5)
PEOPLE, MONTHS = ("ann", "bo"), ("2026-10", "2026-11")
LIVE = "('reserved', 'sending', 'submitted', 'unknown')"
# Each account beside what its calls and their entries say it must be.
ACCOUNTS = f"""
    select b.person, b.month, b.limit_usd, b.reserved_usd, b.spent_usd,
        coalesce(sum(j.reserved_usd) filter (where j.state in {LIVE}), 0), coalesce(sum(j.settled_usd), 0),
        coalesce(sum((select sum(m.usd) from money m where m.workspace_id = j.workspace_id and m.job_id = j.id)), 0)
    from budget b left join provider_job j on j.workspace_id = b.workspace_id and b.person in ('', j.person) and b.month in ('', j.month)
    where b.workspace_id = :w group by b.workspace_id, b.person, b.month
"""


async def do(project, function, *args, **more):
    async with project.db.begin() as conn:
        return await function(conn, *args, **more)


async def rows(project, sql):
    async with project.db.begin() as conn:
        return [tuple(one) for one in await conn.execute(text(sql), {"w": project.workspace})]


async def reserve(project, key="k", cost=1.0, **more):
    wish = Wish(project.workspace, project.shots[0], key, "voice", "voice", "remote", cost_usd=cost, **more)
    return await do(project, jobs.reserve, wish, sending=True)


async def settle(project, job, cost=None, state="submitted"):
    async with project.db.begin() as conn:
        await assets.register(conn, project.workspace, SOUND, 10)
        return await jobs.settle(conn, job, SOUND.id, {"provider": "remote"}, cost_usd=cost, handle="h")


async def account(project, person="", month=""):
    found = await do(project, budget.get, project.workspace, person=person, month=month)
    return float(found.reserved_usd), float(found.spent_usd)


async def check(project):
    """Hold every account to its calls and to their entries, and to its limit."""
    accounts = await rows(project, ACCOUNTS)
    for person, month, limit, reserved, spent, held, settled, entries in accounts:
        assert (reserved, spent) == (held, settled), (person, month)
        assert entries == reserved + spent
        assert reserved >= 0
        assert spent >= 0
        assert limit is None or reserved + spent <= limit
    whole = await do(project, money.totals, project.workspace)
    assert [(one[3], one[4]) for one in accounts if one[:2] == ("", "")] in ([], [(whole.held_usd, whole.spent_usd)])
    assert not await rows(project, "select from money where workspace_id = :w group by job_id having sum(usd) < 0")
    # Every statement is the ledger, however it is grouped.
    for by in GROUPS:
        told = await do(project, statement, project.workspace, by)
        for lines in (told.lines, told.days, [told.total]):
            assert sum(line.spent_usd for line in lines) == whole.spent_usd, by
            assert sum(line.held_usd for line in lines) == whole.held_usd, by
            assert sum(line.over_usd for line in lines) == whole.over_usd, by


async def test_a_call_is_in_the_accounts_of_the_project_of_who_asked_and_of_its_month(project):
    job = await reserve(project, person="ann", month="2026-10")
    now = await do(project, budget.this_month)
    assert await account(project) == await account(project, "ann") == await account(project, "", "2026-10") == (1, 0)
    assert await account(project, "bo") == await account(project, "", now) == (0, 0)
    await settle(project, job, 0.25)
    # The month in which it was held pays, whatever month it is by then.
    assert await account(project, "ann", "2026-10") == await account(project) == (0, 0.25)
    entries = await rows(project, "select kind, usd from money where workspace_id = :w order by id")
    assert entries == [("reserve", 1), ("settle", Decimal("-0.75"))]


async def test_a_call_for_a_task_is_paid_by_whoever_asked_for_the_task(project):
    await rows(
        project,
        "insert into task (workspace_id, id, kind, work_item_id, episode_id, stages, revision, asked_by)"
        f" values (:w, gen_random_uuid(), 'shot', '{project.shots[0]}', '{project.episode}', array['video'], 1, 'bo') returning id",
    )
    ((task,),) = await rows(project, "select id from task where workspace_id = :w")
    job = await reserve(project, task_id=task)
    assert (job.person, job.month) == ("bo", await do(project, budget.this_month))


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ({}, r"\$2.00 of the budget is left"),
        ({"person": "ann"}, r"\$2.00 of ann's budget is left"),
        ({"period": "month"}, r"\$2.00 of the budget for \d{4}-\d\d is left"),
        ({"person": "ann", "period": "month"}, r"\$2.00 of ann's budget for \d{4}-\d\d is left"),
    ],
)
async def test_each_budget_stops_what_it_does_not_cover_and_says_which_it_is(project, rule, said):
    await do(project, budget.set_rule, project.workspace, limit_usd=2, **rule)
    with pytest.raises(OverBudget, match=said):
        await reserve(project, "a", 2.01, person="ann")
    assert (await reserve(project, "a", 2, person="ann")).mine
    if "person" in rule:
        assert (await reserve(project, "b", 5, person="bo")).mine
    await check(project)


async def test_a_new_month_begins_with_the_whole_limit_and_the_old_one_keeps_its_calls(project):
    await do(project, budget.set_rule, project.workspace, period="month", limit_usd=1)
    first = await reserve(project, "a", 1)
    with pytest.raises(OverBudget):
        await reserve(project, "b", 0.01)
    assert (await reserve(project, "b", 1, month="2031-01")).mine
    with pytest.raises(OverBudget, match="2031-01"):
        await reserve(project, "c", 0.01, month="2031-01")
    await do(project, jobs.failed, first, {})
    assert (await reserve(project, "c", 1)).mine
    await check(project)


async def test_taking_a_budget_away_lifts_its_limit(project):
    await do(project, budget.set_rule, project.workspace, person="ann", limit_usd=1, ask_usd=0.5)
    (found,) = await do(project, budget.standing, project.workspace)
    assert (found.person, found.limit_usd, found.ask_usd, found.left_usd) == ("ann", 1, Decimal("0.5"), 1)
    await do(project, budget.set_rule, project.workspace, person="ann")
    assert await do(project, budget.standing, project.workspace) == []
    assert (await reserve(project, cost=9, person="ann")).mine


async def test_what_a_vendor_takes_beyond_every_limit_is_written_down_and_breaks_none(project):
    await do(project, budget.set_rule, project.workspace, limit_usd=3)
    job = await reserve(project, cost=2)
    assert await settle(project, job, 5)
    assert await account(project) == (0, 3)
    totals = await do(project, money.totals, project.workspace)
    assert (totals.spent_usd, totals.over_usd) == (3, 2)
    ((charged,),) = await rows(project, "select facts -> 'charged_usd' from provider_job where workspace_id = :w")
    assert charged == 5
    await check(project)


async def test_what_was_free_and_is_charged_for_is_in_the_ledger(project):
    job = await reserve(project, cost=0)
    assert await rows(project, "select from budget where workspace_id = :w") == []
    assert await settle(project, job, 0.5)
    assert await account(project) == (0, 0.5)
    await check(project)


async def test_a_call_keeps_the_trace_that_it_was_made_in(project):
    context = SpanContext(int("ab" * 16, 16), int("cd" * 8, 16), is_remote=False, trace_flags=TraceFlags(1))
    with use_span(NonRecordingSpan(context)):
        await reserve(project)
    ((trace,),) = await rows(project, "select trace from provider_job where workspace_id = :w")
    assert trace["traceparent"].split("-")[1:3] == ["ab" * 16, "cd" * 8]


async def test_an_entry_is_never_changed(project):
    await reserve(project)
    with pytest.raises(DBAPIError, match="never changed"):
        await rows(project, "update money set usd = 0 where workspace_id = :w returning id")


STEP = st.tuples(
    st.sampled_from(["reserve", "reserve", "settle", "settle", "failed", "cancelled", "unknown", "resolve"]),
    st.sampled_from("abcdefgh"),
    st.integers(0, 60),
    st.sampled_from(PEOPLE),
    st.sampled_from(MONTHS),
)
LIMIT = st.one_of(st.none(), st.integers(0, 150))
LIMITS = st.tuples(LIMIT, LIMIT, LIMIT)
AGAIN = settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


async def afresh(project, limits):
    whole, ann, monthly = (None if one is None else Decimal(one) / 100 for one in limits)
    async with project.db.begin() as conn:
        for table in ("made", "money", "provider_job", "budget", "budget_rule"):
            await conn.execute(text(f"delete from {table} where workspace_id = :w"), {"w": project.workspace})
        await budget.set_rule(conn, project.workspace, limit_usd=whole)
        await budget.set_rule(conn, project.workspace, person="ann", limit_usd=ann)
        await budget.set_rule(conn, project.workspace, period="month", limit_usd=monthly)


async def step(project, what):
    name, key, cents, person, month = what
    if name == "reserve":
        with suppress(OverBudget):
            await reserve(project, key, cents / 100, person=person, month=month)
        return
    job = await do(project, jobs.live, project.workspace, project.shots[0], key)
    if not isinstance(job, Job):
        return
    match name:
        case "settle":
            await settle(project, job, cents / 100)
        case "unknown":
            await do(project, jobs.unknown, job, {})
        case "resolve":
            await do(project, jobs.resolve, project.workspace, job.id, charged=cents > 30)
        case "failed":
            await do(project, jobs.failed, job, {}, charged_usd=cents / 100)
        case _:
            await do(project, jobs.cancelled, job, {}, charged_usd=0.0)


@AGAIN
@given(limits=LIMITS, steps=st.lists(STEP, max_size=25))
async def test_whatever_happens_every_account_is_the_sum_of_its_calls_and_their_entries(project, limits, steps):
    await afresh(project, limits)
    for what in steps:
        await step(project, what)
    await check(project)


@AGAIN
@given(limits=LIMITS, talks=st.lists(st.lists(STEP, min_size=3, max_size=8), min_size=8, max_size=10))
async def test_so_it_is_with_many_at_once_and_none_waits_for_another_for_ever(project, limits, talks):
    """Each talk has a connection of its own; a deadlock would be an error here."""

    async def one(steps):
        for what in steps:
            await step(project, what)

    await afresh(project, limits)
    await asyncio.wait_for(asyncio.gather(*[one(steps) for steps in talks]), 60)
    await check(project)


async def test_accounts_that_many_open_at_once_are_opened_once_and_none_waits_for_another_for_ever(project):
    for _ in range(8):
        await afresh(project, (None, None, None))
        await rows(project, "delete from budget where workspace_id = :w returning person")
        await asyncio.gather(*[reserve(project, f"k{n}", 0.3, person=PEOPLE[n % 2]) for n in range(9)])
        await check(project)


async def test_a_limit_that_is_set_while_others_buy_is_never_missed(project):
    """Accounts that are opened beside it are opened with the new limit, or the rule finds them."""

    async def buy(n):
        with suppress(OverBudget):
            await reserve(project, f"k{n}", 0.3, person=PEOPLE[n % 2])

    async def limit(person, period):
        with suppress(OverBudget):
            await do(project, budget.set_rule, project.workspace, person=person, period=period, limit_usd=1)

    await asyncio.gather(*[buy(n) for n in range(9)], limit("ann", "month"), limit("", "always"), *[buy(n) for n in range(9, 18)])
    await check(project)
    missed = await rows(
        project,
        f"""
        select r.person, r.period from budget_rule r join budget b on b.workspace_id = r.workspace_id and b.person = r.person
            and b.month = case when r.period = 'always' then '' else {budget.THIS_MONTH} end
        where r.workspace_id = :w and r.limit_usd is distinct from b.limit_usd
        """,
    )
    assert missed == []


async def test_fifty_at_once_against_a_budget_for_twenty_are_exactly_twenty_to_the_cent(project):
    await do(project, budget.set_rule, project.workspace, limit_usd=20 * 0.37)

    async def buy(n):
        try:
            return (await reserve(project, f"k{n}", 0.37, person=PEOPLE[n % 2])).mine
        except OverBudget:
            return False

    assert sum(await asyncio.gather(*[buy(n) for n in range(50)])) == 20
    assert await account(project) == (7.4, 0)
    await check(project)


async def test_what_a_model_says_of_a_shot_is_the_shots_and_of_a_talk_the_talks(project):
    for key, owner in (("a", project.shots[0]), ("b", uuid4())):
        job = await do(
            project, jobs.reserve, Wish(project.workspace, owner, key, "check", "text", "gemini", cost_usd=0.5), sending=True
        )
        assert await do(project, jobs.answered, job, {"tokens_in": 7, "tokens_out": 3}, cost_usd=0.25)
    told = await do(project, statement, project.workspace, "shot")
    assert {(line.name, line.spent_usd, line.tokens_in) for line in told.lines} == {
        ("shot-1", Decimal("0.25"), 7),
        ("talk", Decimal("0.25"), 7),
    }


async def test_a_render_whose_rest_a_limit_has_no_room_for_buys_nothing(project):
    """Two shots of a dollar for the picture and two for the clip, against a limit of five: one is made, the other buys no picture."""
    await do(project, budget.set_rule, project.workspace, limit_usd=5)
    first, second = [
        (
            await rows(
                project,
                "insert into task (workspace_id, id, kind, work_item_id, episode_id, stages, revision, asked_by, state, run, quoted_usd)"
                f" values (:w, gen_random_uuid(), 'shot', '{shot}', '{project.episode}', array['video'], 1, 'bo', 'running', 1, 3) returning id",
            )
        )[0][0]
        for shot in project.shots[:2]
    ]
    assert (await reserve(project, "picture 1", 1, task_id=first)).mine
    with pytest.raises(OverBudget, match=r"costs \$3.00 and \$2.00 of the budget is left"):
        await reserve(project, "picture 2", 1, task_id=second)
    assert (await reserve(project, "clip 1", 2, task_id=first)).mine
    # What belongs to no render is held to what is left beside what those that have begun may need.
    assert (await reserve(project, "else", 2)).mine
    await check(project)
