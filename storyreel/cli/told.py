"""Answers of the API in a person's words."""

from __future__ import annotations

from typing import Any

from storyreel.model.timing import clock

Json = dict[str, Any]


def chat(answer: Json) -> str:
    """A chat answer, with how to say yes and what to say next."""
    lines = [answer["message"]]
    if answer.get("proposal") and answer["proposal"]["state"] == "open":
        lines.append(f"\nstoryreel approve {answer['proposal']['id']}")
    if answer.get("next_steps"):
        lines.append("→ " + "   ".join(answer["next_steps"]))
    return "\n".join(lines)


def outcome(done: Json) -> str:
    """What came of an envelope."""
    commit, proposal = done.get("commit"), done.get("proposal")
    if commit:
        return f"Done: revision {commit['revision']}, {len(commit['tasks'])} tasks started."
    if proposal:
        return f"It asks first. storyreel approve {proposal['id']}"
    return "\n".join(str(one) for one in done.get("data", []))


def film(view: Json) -> str:
    """The graph as a person reads it."""
    head = f"{view['name']} · {view['shots']} shots · {clock(view['frames'] / view['fps'])} · revision {view['revision']}"
    lines = [head, f"with {', '.join(view['characters'])}" if view["characters"] else ""]
    for scene in view["scenes"]:
        setting = " · ".join(str(scene["spec"][key]) for key in ("place", "time", "weather", "mood") if scene["spec"].get(key))
        lines.append(f"\nScene {scene['number']} {scene['title']}  {setting}".rstrip())
        for shot in scene["shots"]:
            mark = "✓" if shot["rendered"] else "·"
            lock = "" if shot["status"] == "draft" else f" [{shot['status']}]"
            lines.append(f"  {mark} {shot['number']:>3}  {shot['duration_s']:>5.1f} s  {shot['subject']}{lock}")
            lines += [f"{'':>17}{line['speaker'] or '—'}: {line['text']}" for line in shot["lines"]]
    return "\n".join(line for line in lines if line)


def tasks(page: Json) -> str:
    """Tasks in lines, the open ones first."""
    if not page["items"]:
        return "Nothing is being rendered."
    return "\n".join(
        f"{'shot ' + str(task['shot']) if task['shot'] else 'film':<10} {task['state']:<14} {task['stage']:<8} {task['progress']:>5.1f} %  "
        f"{_left(task)}{(task['error'] or {}).get('detail', task['note'])}".rstrip()
        for task in page["items"]
    )


def _left(task: Json) -> str:
    return f"about {task['remaining_s']:.0f} s left  " if task["state"] in {"pending", "running"} else ""
