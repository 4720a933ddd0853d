"""What a plan may spend: each budget that it would come out of asks above its threshold, and refuses above its limit."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from itertools import accumulate

from sqlalchemy.ext.asyncio import AsyncConnection

from storyreel.actions.base import Said, TaskChange
from storyreel.commits.outcome import Actor
from storyreel.commits.planning import Planned
from storyreel.ledger import budget
from storyreel.ledger.budget import MICRO, OverBudget, dollars
from storyreel.ledger.quote import Quote
from storyreel.model.facts import BudgetFacts
from storyreel.model.view import GraphView


async def reasons_of_budgets(
    conn: AsyncConnection, view: GraphView, planned: Planned, quote: Quote, actor: Actor, *, proposing: bool
) -> list[Said]:
    """Why budgets ask before this is done. Work that is tried again counts with what it would still cost.

    Call it with the workspace locked: what others were promised meanwhile is then seen. A plan that is only proposed may be larger than
    a limit, and says how much of it fits; it is refused when it is approved.

    Raises:
        OverBudget: a limit does not cover it; the message says how much of it fits and what to do.
    """
    again = [
        one for effect in planned.effects if isinstance(effect, TaskChange) and effect.verb == "retry" for one in effect.tasks
    ]
    if not quote.cost_usd and not again:
        return []
    costs = costs_of(quote) + (await budget.owed(conn, view.workspace_id, again) if again else [])
    if not sum(costs):
        return []
    owners = [
        owner for render in planned.renders if render.kind != "sheet" and (owner := render.work_item_id or render.episode_id)
    ]
    budgets = await budget.standing(conn, view.workspace_id, person=actor.id, owners=owners)
    short = [one for one in budgets if one.left_usd is not None and one.left_usd < sum(costs)]
    if short and not proposing:
        raise refused(min(short, key=_left), costs)
    return [*(partly(one, costs) for one in short), *asking(budgets, sum(costs, Decimal(0)))]


def costs_of(quote: Quote) -> list[Decimal]:
    """What each render costs, in order; the whole where it is not known by render."""
    lines = [Decimal(str(line.cost_usd)).quantize(MICRO) for line in quote.lines]
    whole = Decimal(str(quote.cost_usd)).quantize(MICRO)
    return lines if sum(lines) == whole else [whole]


def fits(costs: Sequence[Decimal], left_usd: Decimal) -> int:
    """How many of the first renders a sum covers."""
    return sum(1 for so_far in accumulate(costs) if so_far <= left_usd)


def asking(budgets: Sequence[BudgetFacts], cost_usd: Decimal) -> list[Said]:
    """The budgets whose threshold this would cross."""
    return [
        Said(
            code="ask.budget",
            facts={
                **_which(one),
                "cost_usd": float(cost_usd),
                "ask_usd": float(one.ask_usd),
                "would_usd": float(one.used_usd + cost_usd),
                "left_usd": None if one.left_usd is None else float(one.left_usd),
            },
        )
        for one in budgets
        if one.ask_usd is not None and one.used_usd + cost_usd > one.ask_usd
    ]


def partly(one: BudgetFacts, costs: Sequence[Decimal]) -> Said:
    """That a budget covers a part of this alone."""
    left = _left(one)
    many = {"cost_usd": float(sum(costs)), "left_usd": float(left), "fits": fits(costs, left), "of": len(costs)}
    return Said(code="ask.partly", facts={**_which(one), **many})


def refused(one: BudgetFacts, costs: Sequence[Decimal]) -> OverBudget:
    """That a limit does not cover this, how much of it fits, and what to do."""
    left, cost = _left(one), sum(costs, Decimal(0))
    covered = fits(costs, left)
    name = budget.named(one.person) + (" for this month" if one.period == "month" else "")
    some = f"; the first {covered} of the {len(costs)} renders fit" if len(costs) > 1 else ""
    return OverBudget(
        f"This costs {dollars(cost)} and {dollars(left)} of {name} is left{some}. Raise the limit or ask for less.",
        cost_usd=float(cost), left_usd=float(left), fits=covered, of=len(costs), **_which(one),
    )  # fmt: skip


def _left(one: BudgetFacts) -> Decimal:
    return one.left_usd or Decimal(0)


def _which(one: BudgetFacts) -> dict[str, str]:
    return {"person": one.person, "period": one.period}
