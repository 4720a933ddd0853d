"""Sentences for money: budgets, why a plan asks because of one, and how a price came about."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from storyreel.model.spec import Language

Facts = dict[str, Any]
CENT = 0.01
STAGES_ZH = {"grid": "画面", "sheet": "候选图", "video": "视频", "voice": "配音", "music": "配乐", "sfx": "音效", "compose": "合成", "film": "成片", "plan": "策划"}  # fmt: skip
UNITS_ZH = {"picture": "张", "second": "秒", "thousand characters": "千字", "piece": "段"}


def money(cost_usd: float, language: Language) -> str:
    """A price for a person."""
    free = "免费" if language == "zh" else "free"
    return free if cost_usd == 0 else dollars(cost_usd)


def dollars(usd: float) -> str:
    """A sum: to the cent, or finer where it is less than one."""
    return f"${usd:.2f}" if usd == 0 or abs(usd) >= CENT else f"${usd:.4f}"


def which(facts: Mapping[str, Any], language: Language) -> str:
    """Which budget it is: of everybody or of one person, in all or of a month."""
    person, monthly = facts.get("person") or "", facts.get("period") == "month"
    if language == "zh":
        return f"{person + '的' if person else ''}{'每月' if monthly else ''}预算"
    whose = f"{person}'s" if person else "the"
    return f"{whose} {'monthly ' if monthly else ''}budget"


def _set(facts: Facts, language: Language) -> str:
    limit, ask = facts["limit_usd"], facts["ask_usd"]
    if language == "zh":
        parts = [
            *([f"上限 {dollars(limit)}"] if limit is not None else []),
            *([f"超过 {dollars(ask)} 先问"] if ask is not None else []),
        ]
        return f"{which(facts, 'zh')}：{'，'.join(parts)}" if parts else f"取消{which(facts, 'zh')}"
    parts = [
        *([f"at most {dollars(limit)}"] if limit is not None else []),
        *([f"ask above {dollars(ask)}"] if ask is not None else []),
    ]
    return f"{which(facts, 'en')}: {', '.join(parts)}" if parts else f"take {which(facts, 'en')} away"


def _asks(facts: Facts, language: Language) -> str:
    left = facts.get("left_usd")
    if language == "zh":
        rest = f"，上限内还剩 {dollars(left)}" if left is not None else ""
        return f"{which(facts, 'zh')}会用到 {dollars(facts['would_usd'])}，超过 {dollars(facts['ask_usd'])}{rest}"
    rest = f"; {dollars(left)} is left under its limit" if left is not None else ""
    return f"{which(facts, 'en')} would come to {dollars(facts['would_usd'])}, above {dollars(facts['ask_usd'])}{rest}"


def _partly(facts: Facts, language: Language) -> str:
    fits, of, left = facts["fits"], facts["of"], dollars(facts["left_usd"])
    if language == "zh":
        return f"{which(facts, 'zh')}只剩 {left}，{of} 个渲染里只够前 {fits} 个；先提高上限，或者少做一些"
    return f"{which(facts, 'en')} has {left} left, enough for the first {fits} of the {of} renders; raise the limit first, or ask for less"


MONEY: dict[str, tuple[Callable[[Facts], str], Callable[[Facts], str]]] = {
    "budget.set": (lambda f: _set(f, "zh"), lambda f: _set(f, "en")),
    "ask.budget": (lambda f: _asks(f, "zh"), lambda f: _asks(f, "en")),
    "ask.partly": (lambda f: _partly(f, "zh"), lambda f: _partly(f, "en")),
}


def basis_lines(quote: Mapping[str, Any], language: Language) -> list[str]:
    """How a price came about: a line a stage and price, with the day on which that price was last seen to be true."""
    return [_basis(line, language) for line in quote.get("basis") or ()]


def _basis(line: Mapping[str, Any], language: Language) -> str:
    zh = language == "zh"
    stage = STAGES_ZH.get(line["stage"], line["stage"]) if zh else line["stage"]
    if line.get("problem"):
        return f"{stage}：无法定价（{line['problem']}）" if zh else f"{stage}: cannot be priced ({line['problem']})"
    maker = " ".join(part for part in (line["provider"], line["model"]) if part)
    seen = str(line.get("verified_on") or "")
    since = (f"{seen} 的价格" if zh else f"price of {seen}") if seen else ("设置里的价格" if zh else "price as set")
    where = ("，" if zh else ", ").join(part for part in (maker, since) if part)
    unit = UNITS_ZH.get(line["unit"], line["unit"]) if zh else line["unit"]
    sums = f"{line['units']:g} × ${line['unit_usd']:g}/{unit} = {dollars(line['cost_usd'])}"
    return f"{stage}：{sums}（{where}）" if zh else f"{stage}: {sums} ({where})"


def budget_lines(one: Mapping[str, Any], language: Language) -> list[str]:
    """The answer to what was spent: sums, each budget, and the groups that were asked for."""
    zh = language == "zh"
    spent, held, month = dollars(one["spent_usd"]), dollars(one["held_usd"]), dollars(one["month_usd"])
    head = (
        f"一共花了 {spent}，本月 {month}，{held} 留给进行中的任务。"
        if zh
        else f"{spent} was spent in all, {month} of it this month; {held} is held for open work."
    )
    lines = [head, *(_standing(budget, language) for budget in one["budgets"])]
    if not one["budgets"]:
        lines.append(
            "没有设预算。说“把预算设为 20 美元”就可以设。" if zh else "No budget is set; 'set the budget to 20 dollars' sets one."
        )
    if one["over_usd"]:
        lines.append(
            f"另有 {dollars(one['over_usd'])} 是服务商超出预留收取的，不在预算里。"
            if zh
            else f"Vendors took {dollars(one['over_usd'])} beyond what was reserved and what the limits had room for."
        )
    if one["unpriced"]:
        lines.append(
            f"有 {one['unpriced']} 次模型调用不知道价格，没有算进去；可以在设置里写明价格。"
            if zh
            else f"{one['unpriced']} calls of a model whose price is not known are not in this; the settings can say its price."
        )
    return [*lines, *_groups(one.get("lines") or (), one.get("by", ""), language)]


def _standing(budget: Mapping[str, Any], language: Language) -> str:
    used = budget["spent_usd"] + budget["held_usd"] + budget["promised_usd"]
    limit, ask, left = budget["limit_usd"], budget["ask_usd"], budget["left_usd"]
    if language == "zh":
        parts = [f"已用 {dollars(used)}" + (f" / {dollars(limit)}，还剩 {dollars(left)}" if limit is not None else "")]
        parts += [f"超过 {dollars(ask)} 先问"] if ask is not None else []
        return f"{which(budget, 'zh')}：{'；'.join(parts)}"
    parts = [f"{dollars(used)} used" + (f" of {dollars(limit)}, {dollars(left)} left" if limit is not None else "")]
    parts += [f"asks above {dollars(ask)}"] if ask is not None else []
    # A person is called as they are.
    said = which(budget, "en").replace("the ", "The ", 1) if not budget["person"] else which(budget, "en")
    return f"{said}: {'; '.join(parts)}"


def _groups(lines: Sequence[Mapping[str, Any]], by: str, language: Language) -> list[str]:
    def named(line: Mapping[str, Any]) -> str:
        name = str(line["name"] or "-")
        return STAGES_ZH.get(name, name) if language == "zh" and by == "stage" else name

    return [f"{named(line)}: {dollars(line['spent_usd'] + line['held_usd'])}" for line in lines[:20]]
