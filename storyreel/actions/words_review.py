"""Sentences for what waits for a person, its decisions, and for providers that are held; told in words by whoever answers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from storyreel.actions.ranges import numbers
from storyreel.model.spec import Language

Facts = dict[str, Any]
# What each decision does, in a few words.
DECISIONS: dict[str, tuple[str, str]] = {
    "retry": ("重试", "retry it"),
    "edit": ("改一下再试", "change it and retry"),
    "provider": ("换一个供应商做", "have another provider make it"),
    "smaller": ("允许做小一点", "allow a smaller one"),
    "skip": ("不要它了，影片里没有它", "go without it"),
    "upload": ("用我自己的", "bring your own"),
    "charged": ("扣了费：这笔钱算花掉，再买一次", "it was charged: the sum is spent, and it is bought once more"),
    "not_charged": ("没扣费：这笔钱退回，再买", "it was not charged: the sum is given back, and it is bought"),
    "choose": ("选一张", "choose one"),
}
MOST_LINES = 20


def _which(facts: Facts, language: Language) -> str:
    shots, tasks = facts.get("shots") or [], facts.get("tasks") or 0
    if language == "zh":
        return f"第 {numbers(shots)} 个镜头" if shots else f"{tasks} 个任务"
    if shots:
        return f"shot{'s' if len(shots) > 1 else ''} {numbers(shots)}"
    return f"{tasks} render{'s' if tasks != 1 else ''}"


def _line(zh: str, en: str) -> tuple[Callable[[Facts], str], Callable[[Facts], str]]:
    return (
        lambda f: zh.format_map({**f, "which": _which(f, "zh")}),
        lambda f: en.format_map({**f, "which": _which(f, "en")}),
    )


def _held(facts: Facts, language: Language) -> str:
    why = f"（{facts['reason']}）" if language == "zh" else f" ({facts['reason']})"
    said = f"暂停供应商 {facts['provider']}" if language == "zh" else f"hold the provider {facts['provider']}"
    return f"{said}{why if facts.get('reason') else ''}"


REVIEW: dict[str, tuple[Callable[[Facts], str], Callable[[Facts], str]]] = {
    "review.retry": _line("重试{which}", "retry {which}"),
    "review.smaller": _line("{which}可以做小一点，重试", "allow {which} to be smaller, and retry"),
    "review.skip": _line("不要{which}了，影片里没有它", "go without {which}: the film is made of the others"),
    "review.back": _line("{which}又回到影片里", "{which} back in the film"),
    "review.provider": _line("{which}改由 {provider} 来做", "have {which} made by {provider}"),
    "review.upload": _line("{which}用上传的素材", "use what was uploaded for {which}"),
    "review.charged": _line("{calls} 次调用算已扣费：{usd:.2f} 美元", "count {calls} call(s) as charged: ${usd:.2f}"),
    "review.not_charged": _line(
        "{calls} 次调用没有扣费：退回 {usd:.2f} 美元", "count {calls} call(s) as not charged: ${usd:.2f} given back"
    ),
    "provider.held": (lambda f: _held(f, "zh"), lambda f: _held(f, "en")),
    "provider.let_go": (lambda f: f"恢复供应商 {f['provider']}", lambda f: f"let the provider {f['provider']} go on"),
}


def waiting_lines(one: Facts, language: Language) -> list[str]:
    """What waits for a person, in lines: what it is, what happened, what it cost, and what may be decided."""
    zh = language == "zh"
    waiting, proposals, held = one["waiting"], one["proposals"], one["held"]
    lines = [line for item in waiting[:MOST_LINES] for line in _item(item, zh=zh)]
    if len(waiting) > MOST_LINES:
        lines.append(f"……还有 {len(waiting) - MOST_LINES} 项" if zh else f"… and {len(waiting) - MOST_LINES} more")
    if proposals:
        lines.append(f"{proposals} 个提议等你决定" if zh else f"{proposals} proposal{'s' if proposals != 1 else ''} to decide")
    lines += [f"供应商 {name} 被 {by} 暂停" if zh else f"the provider {name} is held by {by}" for name, by in held.items()]
    if not lines:
        return ["没有什么等你处理。" if zh else "Nothing waits for you."]
    head = f"{len(waiting)} 项等你处理：" if zh else f"{len(waiting)} thing{'s' if len(waiting) != 1 else ''} to decide:"
    return [head, *lines] if waiting else lines


def _item(item: Facts, *, zh: bool) -> list[str]:
    name = _name(item, zh=zh)
    stage = f"（{item['stage']}）" if zh and item["stage"] else f" ({item['stage']})" if item["stage"] else ""
    spent = [f"${item['cost_usd']:.2f} 已花" if zh else f"${item['cost_usd']:.2f} spent"] if item["cost_usd"] else []
    spent += [f"${item['held_usd']:.2f} 占用" if zh else f"${item['held_usd']:.2f} held"] if item["held_usd"] else []
    cost = f" [{', '.join(spent)}]" if spent else ""
    said = item["said"] or item["code"] or item["state"]
    verbs = [f"{verb}: {DECISIONS[verb][0 if zh else 1]}" for verb in item["choices"] if verb in DECISIONS]
    does = (f"  可以：{'；'.join(verbs)}" if zh else f"  choose: {'; '.join(verbs)}") if verbs else ""
    return [line for line in (f"{name}{stage}: {said}{cost}", does) if line]


def _name(item: Facts, *, zh: bool) -> str:
    if item["shot"]:
        return f"第 {item['shot']} 个镜头" if zh else f"shot {item['shot']}"
    if item["of"] == "cut":
        return "影片" if zh else "the film"
    return item["title"] or ("任务" if zh else "a render")
