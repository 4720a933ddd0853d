"""Telling where made things come from: tracks, lineage, what is stale, how two pictures differ."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from storyreel.actions.words import ZH
from storyreel.model.spec import Language

STAGES_ZH = {
    "sheet": "候选图",
    "recut": "重新切图",
    "import": "自带",
    **{k: ZH[k] for k in ("spec", "grid", "video", "voice", "music")},
}
ROLES_ZH = {"image": "图像", "style": "风格", "character": "角色", "scene": "场景", "audio": "声音", "video": "视频"}
MOST = 12
LONGEST = 160


def track_lines(one: dict[str, Any], language: Language) -> list[str]:
    """A line a track: its name, where it began, how many it holds, and which is the main one."""
    zh = language == "zh"
    lines: list[str] = []
    for track in one["tracks"]:
        began, newest = track["began"], track["newest"]
        parts = [f"{track['nodes']} 个节点" if zh else f"{track['nodes']} nodes"]
        if began:
            parts.append(f"从 {began['name']} 分出" if zh else f"began at {began['name']}")
        if newest:
            parts.append(f"最新 {newest['name']}" if zh else f"newest {newest['name']}")
        if track["main"]:
            parts.append("主轨道" if zh else "main")
        head = f"轨道 {track['name']}" if zh else f"Track {track['name']}"
        lines.append(f"{head}{'：' if zh else ': '}{('，' if zh else ', ').join(parts)}")
    return lines or ["这个镜头还没有图。" if zh else "Nothing was made for this shot yet."]


def lineage_lines(one: dict[str, Any], language: Language) -> list[str]:
    """The chain from the root: what each step was made from, with the help of what, and what it changed."""
    lines = [line for step in one["chain"] for line in _step(step, zh=language == "zh")]
    return lines[: MOST * 3]


def _step(step: dict[str, Any], *, zh: bool) -> list[str]:
    stage = STAGES_ZH.get(step["stage"], step["stage"]) if zh else step["stage"]
    maker = " / ".join(part for part in (step.get("provider"), step.get("model")) if part)
    cell = (f"第 {step['cell']} 格" if zh else f"cell {step['cell']}") if step["cell"] else ""
    intent = step.get("intent") or ""
    asked = (f"因为“{intent}”" if zh else f'because of "{intent}"') if intent else ""
    head = [part for part in (step["name"], stage, cell, maker, asked) if part]
    lines = ["· " + ("，" if zh else ", ").join(head)]
    if step.get("prompt"):
        text = step["prompt"].replace("\n", " ")
        lines.append(f"  {'提示词' if zh else 'prompt'}: {text if len(text) <= LONGEST else text[:LONGEST] + '…'}")
    for ref in step.get("references", ()):
        source = ref["note"] or (ref["source"] or {}).get("name", "")
        role = ROLES_ZH.get(ref["role"], ref["role"]) if zh else ref["role"]
        lines.append(f"  参考{source}（{role}）" if zh else f"  with the help of {source} ({role})")
    lines += [f"  {_change(change, zh=zh)}" for change in step.get("changes", ())]
    return lines


def _change(change: dict[str, Any], *, zh: bool) -> str:
    words = change.get("words")
    return str(words["zh" if zh else "en"]) if isinstance(words, dict) else str(change.get("what", ""))


def stale_lines(one: dict[str, Any], language: Language) -> list[str]:
    """A line a stale part, with the input that changed."""
    zh = language == "zh"
    lines = [f"{_shot(shot['shot'], zh=zh)}{part['words'][language]}" for shot in one["shots"] for part in shot["stale"]]
    lines += [part["words"][language] for part in one["film"]]
    return lines or ["没有过期的东西。" if zh else "Nothing is stale."]


def _shot(number: int, *, zh: bool) -> str:
    return f"第 {number} 个镜头：" if zh else f"shot {number}: "


def compare_lines(one: dict[str, Any], language: Language) -> list[str]:
    """What differs between two pictures."""
    zh = language == "zh"
    lines = [_change(change, zh=zh) for change in one["parameters"]]
    return lines or ["两张图是用同样的参数画的。" if zh else "Both were made with the same parameters."]


MADE_LINES: dict[str, Callable[[dict[str, Any], Language], list[str]]] = {
    "track.list": track_lines,
    "node.lineage": lineage_lines,
    "shot.stale": stale_lines,
    "gen.stale": stale_lines,
    "node.compare": compare_lines,
}
