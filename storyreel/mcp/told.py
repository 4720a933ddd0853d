"""What a tool answers: words for the assistant and its person, and the same as data."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from storyreel.actions.base import Said
from storyreel.actions.words import all_said, money, span
from storyreel.model.spec import Language

Json = dict[str, Any]


@dataclass(frozen=True)
class Told:
    """An answer in words, and as data."""

    words: str
    data: Json


def found(data: Json) -> Told:
    """What was asked for, as it is."""
    return Told(json.dumps(data, ensure_ascii=False, default=str), data)


def outcome(done: Json, language: Language) -> Told:
    """What came of an envelope: what was done, what waits for a yes, or what was asked."""
    parts = [found({"data": done["data"]}).words] if done["data"] else []
    parts += [found({"ui": done["ui"]}).words] if done.get("ui") else []
    if done["commit"]:
        parts.append(_done(done["commit"], language))
    if done["proposal"]:
        parts.append(proposal(done["proposal"], done["workspace_id"], language))
    return Told("\n\n".join(parts), done)


def proposal(facts: Json, project: str, language: Language) -> str:
    """A proposal in words: what it would do, why it asks, its price, and how to say yes or no."""
    zh = language == "zh"
    why = "；".join(_said(facts["reasons"], language)) if zh else "; ".join(_said(facts["reasons"], language))
    price = _price(facts["quote"], language)
    call = json.dumps({"project": project, "proposal": facts["id"]})
    if facts["state"] != "open":
        return f"提议 {facts['id']}：{facts['state']}" if zh else f"Proposal {facts['id']}: {facts['state']}."
    head = "还什么都没做，要先得到同意" if zh else "Nothing was done yet: a person must agree first"
    ask = f"同意就调用 approve {call}；不要就调用 reject。" if zh else f"If they agree, call approve {call}; if not, reject."
    return "\n".join([f"{head}{'：' if zh else ': '}{why}" if why else head, *_changes(facts, language), price, ask])


def _done(facts: Json, language: Language) -> str:
    zh = language == "zh"
    head = f"已完成，版本 {facts['revision']}" if zh else f"Done, as revision {facts['revision']}"
    tasks = len(facts["tasks"])
    renders = [
        f"{tasks} 个渲染任务，{_price(facts['quote'], language)}"
        if zh
        else f"{tasks} renders were started. {_price(facts['quote'], language)}"
    ]
    undo = ["可以用 undo 撤销。" if zh else "undo takes it back."] if facts["undoable"] else []
    return "\n".join([head, *_changes(facts, language), *(renders if tasks else []), *undo])


def _changes(facts: Json, language: Language) -> list[str]:
    left_out = "略过：" if language == "zh" else "left out: "
    return [
        *(f"- {line}" for line in _said(facts["summary"], language)),
        *(f"- {left_out}{line}" for line in _said(facts["skipped"], language)),
    ]


def _price(quote: Json, language: Language) -> str:
    if not quote["renders"]:
        return "不花钱。" if language == "zh" else "It costs nothing."
    price, length = money(quote["cost_usd"], language), span(quote["expected_s"], language)
    if language == "zh":
        return f"{quote['renders']} 次渲染，{price}，大约 {length}。"
    return f"{quote['renders']} renders, {price}, about {length}."


def _said(many: list[Json], language: Language) -> list[str]:
    return all_said([Said.model_validate(one) for one in many], language)
