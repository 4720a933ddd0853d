"""A budget asks above its threshold, refuses above its limit, says how much fits, and is set like any other setting."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storyreel.actions.base import Role
from storyreel.actions.words import all_said
from storyreel.commits import Actor, EnvelopeRefused, Outcome, approve
from storyreel.commits.spending import fits
from storyreel.ledger import budget, jobs, tasks
from storyreel.ledger.budget import OverBudget
from storyreel.ledger.jobs import Wish
from storyreel.ledger.quote import Basis, Quote, RenderQuote
from tests.commits.conftest import Studio

ANN = Actor(id="ann")
PRICE = date(2026, 11, 1)


def dollar_each(view: Any, renders: Any) -> Quote:
    """A dollar a shot; joining the film is free."""
    lines = tuple(
        RenderQuote(
            one.owner_id,
            cost,
            5.0,
            basis=(
                Basis(stage="video", provider="veo", units=2.5, unit="second", unit_usd=0.4, cost_usd=cost, verified_on=PRICE),
            )
            if cost
            else (),
        )
        for one in renders
        for cost in [0.0 if one.kind == "cut" else 1.0]
    )
    return Quote(sum(line.cost_usd for line in lines), 5.0 * len(lines), lines)


@pytest.fixture
def paid(studio: Studio) -> Studio:
    """The studio with five shots, where each costs a dollar and nobody is asked for the sum alone."""
    return Studio(replace(studio.door, price=dollar_each, threshold_usd=1000.0), studio.workspace_id)


async def limit(studio: Studio, **rule: Any) -> Outcome:
    return await studio.ask(("budget.set", rule))


async def render(studio: Studio, shots: str, **more: Any) -> Outcome:
    return await studio.ask(("gen.video", {"shots": shots}), **more)


def reasons(outcome: Outcome, language: Any = "en") -> list[str]:
    assert outcome.proposal is not None
    return all_said(outcome.proposal.reasons, language)


async def test_a_plan_over_a_limit_is_refused_with_how_much_fits_and_what_to_do(paid: Studio) -> None:
    await limit(paid, limit_usd=3)
    with pytest.raises(OverBudget, match=r"costs \$5.00 and \$3.00 of the budget is left; the first 3 of the 5 renders fit"):
        await render(paid, "1-5")
    assert await paid.scalar("select count(*) from task where workspace_id = :ws") == 0
    assert (await paid.do(("gen.video", {"shots": "1-3"}))).commit is not None


async def test_what_is_promised_to_open_work_counts_before_it_is_reserved(paid: Studio) -> None:
    await limit(paid, limit_usd=3)
    await paid.do(("gen.video", {"shots": "1-2"}))
    with pytest.raises(OverBudget, match=r"\$1.00 of the budget is left; the first 1 of the 3"):
        await render(paid, "3-5")
    # A wish that a waiting task takes in costs nothing more.
    assert (await render(paid, "1")).commit is not None
    await paid.ask(("task.cancel", {}))
    assert (await paid.do(("gen.video", {"shots": "3-5"}))).commit is not None


async def test_a_threshold_asks_and_says_which_budget_and_how_much_is_left(paid: Studio) -> None:
    await limit(paid, limit_usd=10, ask_usd=1.5)
    assert (await render(paid, "1")).commit is not None
    asked = await render(paid, "2")
    assert reasons(asked) == ["the budget would come to $2.00, above $1.50; $9.00 is left under its limit"]
    assert reasons(asked, "zh") == ["预算会用到 $2.00，超过 $1.50，上限内还剩 $9.00"]
    assert asked.proposal is not None
    assert (await approve(paid.door, paid.workspace_id, asked.proposal.id, ANN)).commit is not None


async def test_a_proposal_that_fits_in_part_says_how_many_and_is_refused_until_the_limit_is_raised(paid: Studio) -> None:
    await limit(paid, limit_usd=2)
    asked = await render(paid, "1-5", mode="propose")
    assert asked.proposal is not None
    assert any("$2.00 left, enough for the first 2 of the 5 renders" in said for said in reasons(asked))
    assert any("5 个渲染里只够前 2 个" in said for said in reasons(asked, "zh"))
    with pytest.raises(OverBudget, match="Raise the limit"):
        await approve(paid.door, paid.workspace_id, asked.proposal.id, ANN)
    await limit(paid, limit_usd=5)
    assert (await approve(paid.door, paid.workspace_id, asked.proposal.id, ANN)).commit is not None


async def test_a_persons_budget_binds_that_person_alone(paid: Studio) -> None:
    await limit(paid, person="ann", period="month", limit_usd=1)
    with pytest.raises(OverBudget, match="ann's budget for this month"):
        await render(paid, "1-2", actor=ANN)
    assert (await render(paid, "1", actor=ANN)).commit is not None
    with pytest.raises(OverBudget):
        await render(paid, "2", actor=ANN)
    assert (await paid.do(("gen.video", {"shots": "2-5"}))).commit is not None


async def test_many_who_ask_at_once_are_promised_no_more_than_there_is(paid: Studio) -> None:
    await limit(paid, limit_usd=3)

    async def ask(n: int) -> bool:
        try:
            return (await render(paid, str(n))).commit is not None
        except OverBudget:
            return False

    assert sum(await asyncio.gather(*[ask(n) for n in range(1, 6)])) == 3


async def test_every_proposal_says_how_its_price_came_about_and_when_it_was_last_true(paid: Studio) -> None:
    asked = await render(paid, "1-5")
    assert asked.proposal is not None
    (line,) = asked.proposal.quote.basis
    assert (line.stage, line.calls, line.units, line.unit_usd, line.cost_usd) == ("video", 5, 12.5, 0.4, 5.0)
    assert asked.proposal.quote.verified_on == PRICE
    # Read back from its row it is the same.
    again = await paid.ask(("gen.video", {"shots": "1-5"}), request_id=asked.request_id)
    assert again.proposal is not None
    assert again.proposal.quote == asked.proposal.quote


async def test_trying_again_is_held_to_the_budget_by_what_it_would_still_cost(paid: Studio) -> None:
    done = await paid.do(("gen.video", {"shots": "1-3"}))
    assert done.commit is not None
    first, *rest = [
        task for task in done.commit.tasks if await paid.scalar("select kind = 'shot' from task where id = :id", id=task)
    ]
    async with paid.door.database.begin() as conn:
        job = await jobs.reserve(
            conn, Wish(paid.workspace_id, uuid4(), "k", "video", "video", "veo", cost_usd=0.75, task_id=first), sending=True
        )
        assert isinstance(job, jobs.Job)
        await jobs.failed(conn, job, {}, charged_usd=0.75)
        await tasks.change(conn, paid.workspace_id, "cancel", done.commit.tasks)
    await limit(paid, limit_usd=Decimal("2.9"))
    with pytest.raises(OverBudget, match=r"costs \$2.25 and \$2.15 of the budget is left; the first 2 of the 3"):
        await paid.ask(("task.retry", {"tasks": [str(one) for one in (first, *rest)]}))
    assert (await paid.ask(("task.retry", {"tasks": [str(first), str(rest[0])]}))).commit is not None


async def test_what_is_free_asks_no_budget(studio: Studio) -> None:
    await studio.ask(("budget.set", {"limit_usd": 0, "ask_usd": 0}))
    assert (await studio.ask(("gen.video", {"shots": "1"}))).commit is not None


async def test_a_budget_is_set_in_part_and_taken_away(studio: Studio) -> None:
    async def rules() -> list[Any]:
        async with studio.door.database.connect() as conn:
            return [one.data() for one in await budget.standing(conn, studio.workspace_id)]

    done = await limit(studio, limit_usd=20)
    assert done.commit is not None
    assert all_said(done.commit.summary, "en") == ["the budget: at most $20.00"]
    await limit(studio, ask_usd=15)
    ((one),) = await rules()
    assert (one["limit_usd"], one["ask_usd"], one["left_usd"]) == (20, 15, 20)
    with pytest.raises(EnvelopeRefused, match="it is so already"):
        await limit(studio, ask_usd=15)
    await limit(studio, limit_usd=None, ask_usd=None)
    assert await rules() == []


@pytest.mark.parametrize("rule", [{}, {"limit_usd": 5, "ask_usd": 6}, {"limit_usd": -1}])
async def test_a_budget_that_says_nothing_or_could_not_be_is_refused(studio: Studio, rule: dict[str, Any]) -> None:
    with pytest.raises(EnvelopeRefused):
        await limit(studio, **rule)


async def test_only_an_owner_sets_a_budget_and_everybody_sees_it(studio: Studio) -> None:
    editor = Actor(id="ed", role=Role.editor)
    with pytest.raises(EnvelopeRefused, match="needs the role owner"):
        await studio.ask(("budget.set", {"limit_usd": 5}), actor=editor)
    await limit(studio, limit_usd=5)
    seen = await studio.ask(("budget.view", {}), actor=Actor(id="v", role=Role.viewer))
    assert seen.data[0]["budgets"][0]["left_usd"] == 5


async def test_a_limit_below_what_is_spent_is_refused(paid: Studio) -> None:
    async with paid.door.database.begin() as conn:
        await jobs.reserve(conn, Wish(paid.workspace_id, uuid4(), "k", "video", "video", "veo", cost_usd=4))
    with pytest.raises(OverBudget, match=r"\$4.00 is spent or promised already"):
        await limit(paid, limit_usd=3)
    seen = (await paid.ask(("budget.view", {"by": "stage"}))).data[0]
    assert (seen["held_usd"], seen["spent_usd"], seen["lines"][0]["name"]) == (4, 0, "video")


SUMS = st.lists(st.integers(0, 300).map(lambda cents: Decimal(cents) / 100), max_size=30)


@given(costs=SUMS, left=st.integers(0, 3000).map(lambda cents: Decimal(cents) / 100))
def test_as_many_fit_as_the_sum_covers_and_not_one_more(costs: list[Decimal], left: Decimal) -> None:
    many = fits(costs, left)
    assert sum(costs[:many]) <= left or many == 0
    assert many == len(costs) or sum(costs[: many + 1]) > left
