"""Answers of the API in a person's words."""

from __future__ import annotations

import os
from typing import Any

from storyreel.actions.base import Said
from storyreel.actions.words import all_said, money, span
from storyreel.actions.words_money import basis_lines
from storyreel.model.spec import Language
from storyreel.model.timing import clock

Json = dict[str, Any]


def tongue() -> Language:
    """The language of this terminal, for what the API tells in facts and not in words."""
    spoken = os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG") or ""
    return "zh" if spoken.lower().startswith("zh") else "en"


def chat(answer: Json) -> str:
    """A chat answer, with how to say yes and what to say next."""
    proposal, commit = answer.get("proposal"), answer.get("commit")
    if commit and proposal:
        # It was approved in the same breath: the question is answered.
        return outcome({"commit": commit}, answer["language"])
    lines = [answer["message"]]
    if proposal and proposal["state"] == "open":
        lines.append(f"\nstoryreel approve {proposal['id']}")
    if answer.get("next_steps"):
        lines.append("→ " + "   ".join(answer["next_steps"]))
    return "\n".join(lines)


def outcome(done: Json, language: Language | None = None) -> str:
    """What came of an envelope."""
    spoken = language or tongue()
    commit, proposal = done.get("commit"), done.get("proposal")
    if commit:
        lines = [f"- {line}" for line in _said(commit["summary"], spoken) + _said(commit["skipped"], spoken)]
        return "\n".join(["好了：" if spoken == "zh" else "Done:", *lines, *started(commit, spoken)])
    if proposal:
        return _asked(proposal, spoken)
    return "\n".join(str(one) for one in done.get("data", []))


def started(commit: Json, language: Language) -> list[str]:
    """What a commit started, and how to follow it or take it back."""
    count, zh = len(commit["tasks"]), language == "zh"
    lines: list[str] = []
    if count:
        tasks = f"开始 {count} 个渲染。" if zh else f"{count} render{'s' if count != 1 else ''} started."
        lines.append(f"{tasks}{_price(commit['quote'], language)}")
        lines.append("storyreel status 查看进度" if zh else "`storyreel status` shows how far they are.")
    if commit["undoable"] and commit["kind"] == "edit":
        lines.append("storyreel undo 可以收回" if zh else "`storyreel undo` takes it back.")
    return lines


def _asked(proposal: Json, language: Language) -> str:
    lines = [f"- {line}" for line in _said(proposal["summary"], language) + _said(proposal["skipped"], language)]
    why, zh = "; ".join(_said(proposal["reasons"], language)), language == "zh"
    asks = (f"要先问一声：{why}。" if zh else f"It asks first: {why}.") if why else ""
    price = _price(proposal["quote"], language)
    lines += [f"  {line}" for line in basis_lines(proposal["quote"], language)]
    parts = ("将会：" if zh else "It would:", *lines, f"{asks}{price}".strip(), f"storyreel approve {proposal['id']}")
    return "\n".join(part for part in parts if part)


def film(view: Json) -> str:
    """The graph as a person reads it."""
    shots = f"{view['shots']} shot{'s' if view['shots'] != 1 else ''}"
    head = f"{view['name']} · {shots} · {clock(view['frames'] / view['fps'])} · revision {view['revision']}"
    lines = [head, f"with {', '.join(view['characters'])}" if view["characters"] else ""]
    for scene in view["scenes"]:
        setting = " · ".join(str(scene["spec"][key]) for key in ("place", "time", "weather", "mood") if scene["spec"].get(key))
        lines.append(f"\nScene {scene['number']} {scene['title']}  {setting}".rstrip())
        for shot in scene["shots"]:
            mark = "✓" if shot["rendered"] else "·"
            lock = "" if shot["status"] == "draft" else f" [{shot['status']}]"
            lines.append(f"  {mark} {shot['number']:>3}  {shot['duration_s']:>5.1f} s  {shot['subject']}{lock}")
            lines += [f"{'':>17}{line['speaker'] or '—'}: {line['text']}" for line in shot["lines"]]
    if not view["shots"]:
        lines.append("No shots yet: `storyreel chat 'Make a 30 second film about ...'` or `storyreel import script.fountain`.")
    return "\n".join(line for line in lines if line)


def tasks(page: Json) -> str:
    """Tasks in lines, in the film's order."""
    if not page["items"]:
        return "Nothing is being rendered."
    return "\n".join(
        f"{_of(task):<14} {task['state']:<14} {task['stage']:<8} {task['progress']:>5.1f} %  "
        f"{_left(task)}{(task['error'] or {}).get('detail', task['note'])}".rstrip()
        for task in sorted(page["items"], key=lambda task: (task["shot"] is None, task["shot"] or 0))
    )


def _of(task: Json) -> str:
    shot = f"shot {task['shot']}" if task["shot"] else ""
    return f"{shot} sheet".strip() if task["kind"] == "sheet" else shot or "film"


def dropped(_proposal: Json) -> str:
    """That a proposal was turned down."""
    return "All right, it is dropped; nothing was changed."


def _left(task: Json) -> str:
    return f"about {span(task['remaining_s'], 'en')} left  " if task["state"] in {"pending", "running"} else ""


def _price(quote: Json, language: Language) -> str:
    if not quote["renders"]:
        return ""
    cost, time = money(quote["cost_usd"], language), span(quote["expected_s"], language)
    return f"价格：{cost}，约需 {time}。" if language == "zh" else f" Price: {cost}; time: about {time}."


def _said(said: list[Json], language: Language) -> list[str]:
    return all_said([Said.model_validate(one) for one in said], language)
