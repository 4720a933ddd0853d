"""Budgets and spending by talk, in both languages."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from agent.refusals import in_chinese
from agent.rules.planner import think
from agent.types import Context
from storyreel.commits.spending import refused
from storyreel.model.facts import BudgetFacts
from tests.agent.conftest import Talker

LIMIT_20 = {"limit_usd": 20.0}
SETS: list[tuple[str, dict[str, Any]]] = [
    ("set the budget to 20 dollars", LIMIT_20),
    ("Set a budget of $20", LIMIT_20),
    ("please raise the budget to 20 dollars", LIMIT_20),
    ("budget: 20 dollars", LIMIT_20),
    ("spend at most $20", LIMIT_20),
    ("don't spend more than 20 dollars", LIMIT_20),
    ("limit spending to $20 a month", {**LIMIT_20, "period": "month"}),
    ("set the monthly budget to 1,500.50 dollars", {"limit_usd": 1500.5, "period": "month"}),
    ("set Anna's budget to 20 dollars per month", {**LIMIT_20, "person": "Anna", "period": "month"}),
    ("set a budget for anna of $20", {**LIMIT_20, "person": "anna"}),
    ("ask me before spending more than 5 dollars", {"ask_usd": 5.0}),
    ("remove the budget", {"limit_usd": None, "ask_usd": None}),
    ("no monthly budget", {"limit_usd": None, "ask_usd": None, "period": "month"}),
    ("把预算设为20美元", LIMIT_20),
    ("预算 20 美元", LIMIT_20),
    ("每月预算 50 美元", {"limit_usd": 50.0, "period": "month"}),
    ("每个月最多花五十美元", {"limit_usd": 50.0, "period": "month"}),
    ("最多花20刀", LIMIT_20),
    ("把预算上限提高到 $20", LIMIT_20),
    ("花费不要超过20美元", LIMIT_20),
    ("花超过5美元先问我", {"ask_usd": 5.0}),
    ("小王的每月预算设为20美元", {**LIMIT_20, "person": "小王", "period": "month"}),
    ("取消预算", {"limit_usd": None, "ask_usd": None}),
]
VIEWS: list[tuple[str, dict[str, Any]]] = [
    ("how much have we spent?", {}),
    ("How much did it cost so far?", {}),
    ("how much is left in the budget?", {}),
    ("show the budget", {}),
    ("what is the budget?", {}),
    ("show me the spending by provider", {"by": "provider"}),
    ("how much have we spent per shot", {"by": "shot"}),
    ("花了多少钱", {}),
    ("一共花了多少钱了？", {}),
    ("预算还剩多少？", {}),
    ("看看预算", {}),
    ("按镜头看看花费", {"by": "shot"}),
    ("每天花了多少钱", {"by": "day"}),
    ("各个供应商花了多少钱", {"by": "provider"}),
    ("这个月花了多少钱", {}),
]


def thought(text: str, mode: Any = "agent") -> Any:
    return think(
        Context(workspace_id="00000000-0000-0000-0000-000000000001", revision=1, name="T", shot_count=8, text=text, mode=mode)  # type: ignore[arg-type]
    )


@pytest.mark.parametrize(("text", "args"), SETS)
def test_a_budget_is_set_as_it_was_said(text: str, args: dict[str, Any]) -> None:
    found = thought(text)
    assert [(one.type, one.args) for one in found.actions] == [("budget.set", args)]
    assert found.sure >= 0.8, found.left


@pytest.mark.parametrize(("text", "args"), VIEWS)
def test_what_was_spent_is_looked_up(text: str, args: dict[str, Any]) -> None:
    found = thought(text)
    assert [(one.type, one.args) for one in found.actions] == [("budget.view", args)]
    assert found.sure >= 0.8, found.left


@pytest.mark.parametrize(
    "text",
    ["make shot 2 cost more time", "第2个镜头多一点钱币", "make shot 3 20 seconds long", "render all of it every month of rain"],
)
def test_what_is_not_about_money_is_left_alone(text: str) -> None:
    assert not any(one.type.startswith("budget.") for one in thought(text).actions)


def test_other_money_is_asked_about() -> None:
    assert "美元" in thought("把预算设为50元").question
    assert "US dollars" in thought("set the budget to 50 euros").question


@pytest.mark.parametrize("text", ["set the budget to 20 dollars", "花了多少钱"])
def test_a_draft_space_has_a_budget_too(text: str) -> None:
    assert thought(text, "draft").actions[0].type.startswith("budget.")


async def test_a_budget_by_talk_from_one_end_to_the_other(talker: Talker) -> None:
    said = await talker.say("set the budget to 20 dollars")
    assert "the budget: at most $20.00" in said.message
    assert "undo" not in said.message
    said = await talker.say("how much have we spent?")
    assert "$0.00 was spent in all" in said.message
    assert "The budget: $0.00 used of $20.00, $20.00 left" in said.message
    said = await talker.say("还剩多少预算？")
    assert "预算：已用 $0.00 / $20.00，还剩 $20.00" in said.message
    said = await talker.say("取消预算")
    assert "取消预算" in said.message
    assert "没有设预算" in (await talker.say("花了多少钱？")).message


@pytest.mark.parametrize(
    ("budgets", "cost", "zh"),
    [
        (
            BudgetFacts("", "always", Decimal(3)),
            [Decimal(1)] * 5,
            "要花 $5.00，预算只剩 $3.00，5 个渲染里够前 3 个。提高上限，或者少做一些",
        ),
        (BudgetFacts("anna", "month", Decimal(3)), [Decimal(4)], "要花 $4.00，预算只剩 $3.00。提高上限，或者少做一些"),
    ],
)
def test_a_refusal_for_want_of_money_is_said_in_chinese_too(budgets: BudgetFacts, cost: list[Decimal], zh: str) -> None:
    assert in_chinese(refused(budgets, cost).detail) == zh
