"""Budgets: how much may be spent, by whom and when; and what was."""

from __future__ import annotations

from typing import Any, ClassVar, Literal, Self

from pydantic import Field, model_validator

from storyreel.actions.base import EVERY_MODE, Action, BudgetChange, Draft, Kind, Plan, Policy, Role
from storyreel.actions.reads import MoneyBy, Reads
from storyreel.model.errors import BadInput
from storyreel.model.facts import Period
from storyreel.model.view import GraphView

MOST_USD = 10_000_000
Person = Field(default="", max_length=200, description="Whose: one person's, by name; empty: the whole project's.")


class SetBudget(Action):
    """Set how much may be spent, by the whole project or by one person, in all or in each month.

    Above `limit_usd` nothing is bought; what would cross `ask_usd` asks first. What is not given stays as it is, and null takes it away.
    """

    type: Literal["budget.set"] = "budget.set"
    policy: ClassVar = Policy(role=Role.owner, undo=False, modes=frozenset({"agent", "draft"}))
    says: ClassVar = ("把预算设为 20 美元", "Set the budget to 20 dollars")

    person: str = Person
    period: Period = Field(default="always", description="always: one sum for all time; month: that much each calendar month.")
    limit_usd: float | None = Field(default=None, ge=0, le=MOST_USD, description="The cap, in US dollars; null: none.")
    ask_usd: float | None = Field(
        default=None, ge=0, le=MOST_USD, description="The threshold above which a person is asked; null: none."
    )

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if not {"limit_usd", "ask_usd"} & self.model_fields_set:
            raise ValueError("say limit_usd or ask_usd; null takes it away")
        if self.limit_usd is not None and self.ask_usd is not None and self.ask_usd > self.limit_usd:
            raise ValueError("ask_usd above limit_usd would never be reached")
        return self

    def reads(self) -> Reads:
        """The budgets there are."""
        return Reads(money="all")

    def plan(self, view: GraphView) -> Plan:
        """One wish, with what stays."""
        assert view.money is not None
        there = next((one for one in view.money.budgets if (one.person, one.period) == (self.person, self.period)), None)
        was = {"limit_usd": _float(there and there.limit_usd), "ask_usd": _float(there and there.ask_usd)}
        wanted = {**was, **self.model_dump(include={"limit_usd", "ask_usd"} & self.model_fields_set)}
        if wanted == was:
            raise BadInput("nothing would change: it is so already", same=True)
        draft = Draft(view)
        draft.want(BudgetChange(person=self.person, period=self.period, **wanted))
        draft.say("budget.set", person=self.person, period=self.period, **wanted)
        return draft.plan()


class ViewBudget(Action):
    """Tell what was spent, what is held for open work, how each budget stands, and, with `by`, what the money went to."""

    type: Literal["budget.view"] = "budget.view"
    policy: ClassVar = Policy(role=Role.viewer, kind=Kind.query, undo=False, modes=EVERY_MODE)
    says: ClassVar = ("花了多少钱？", "How much have we spent?")

    by: MoneyBy = Field(default="all", description="What to group it by; all: sums alone.")

    def reads(self) -> Reads:
        """The ledger."""
        return Reads(money=self.by)

    def answer(self, view: GraphView) -> dict[str, Any]:
        """Sums, budgets, and lines of the grouping."""
        assert view.money is not None
        return view.money.data()


def _float(usd: Any) -> float | None:
    return None if usd is None else float(usd)
