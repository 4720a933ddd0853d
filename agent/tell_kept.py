"""Telling what is remembered, and what a screen was asked to show."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from agent.tell_known import look_lines, style_lines
from storyreel.actions.words_kept import ABOUT_EN, ABOUT_ZH
from storyreel.model.spec import Language

KINDS_ZH = {"preference": "偏好", "decision": "决定", "note": "备注"}
NAMES_ZH = {
    "chat": "对话", "details": "详情", "timeline": "时间线", "lineage": "谱系", "tracks": "轨道", "compare": "对比", "references": "参考", "lines": "台词",
    "tasks": "任务", "assets": "素材", "versions": "版本", "memory": "记忆", "quality": "质量", "project": "项目", "script": "剧本",
    "storyboard": "分镜", "characters": "角色", "looks": "场景", "drafts": "草稿", "canvas": "画布", "export": "导出", "settings": "设置", "help": "帮助",
}  # fmt: skip
ENTITIES_ZH = {
    "project": "项目",
    "episode": "本集",
    "scene": "场",
    "shot": "镜头",
    "character": "角色",
    "look": "场景",
    "track": "轨道",
    "node": "素材",
}


def memory_lines(one: dict[str, Any], language: Language) -> list[str]:
    """A line a fact: what it is about, and the fact."""
    zh = language == "zh"
    told = [_fact(fact, zh=zh) for fact in one["memory"]]
    return told or [
        "还什么都没记。说“记住……”就会记下来。" if zh else "Nothing yet. Say 'remember that ...' to have something kept."
    ]


def people_lines(one: dict[str, Any], language: Language) -> list[str]:
    """A line a character."""
    people = [f"{c['name']}{': ' + c['personality'] if c['personality'] else ''}" for c in one["characters"]]
    return people or ["还没有角色" if language == "zh" else "no characters yet"]


def kept_lines(one: dict[str, Any], language: Language) -> list[str]:
    """What is kept, by what was asked for."""
    return next(lines for what, lines in OF_BIBLE.items() if what in one)(one, language)


def _fact(fact: dict[str, Any], *, zh: bool) -> str:
    about = (ABOUT_ZH if zh else ABOUT_EN).get(fact["about"], "").format(fact["which"]) if fact["which"] else ""
    kind = fact["kind"] if fact["kind"] != "fact" else ""
    marks = [part for part in (about, KINDS_ZH.get(kind, "") if zh else kind) if part]
    head = ("，" if zh else ", ").join(marks)
    return f"{f'（{head}）' if zh else f'({head}) '}{fact['fact']}" if head else str(fact["fact"])


def shown_lines(one: dict[str, Any], language: Language) -> list[str]:
    """What the screen was asked to show."""
    zh = language == "zh"
    if one["what"] == "entity":
        entity, number = one["entity"], one.get("number")
        if zh:
            return [f"屏幕上：第 {number} 个{ENTITIES_ZH[entity]}" if number else f"屏幕上：{ENTITIES_ZH.get(entity, '画布')}"]
        return [f"On your screen: {entity} {number}" if number else f"On your screen: the {entity}"]
    kind = ("面板" if zh else "panel") if one["what"] == "panel" else ("页面" if zh else "page")
    return [f"屏幕上：{NAMES_ZH[one['name']]}{kind}" if zh else f"On your screen: the {one['name']} {kind}"]


Lines = Callable[[dict[str, Any], Language], list[str]]
OF_BIBLE: dict[str, Lines] = {
    "characters": people_lines,
    "looks": look_lines,
    "styles": style_lines,
    "memory": memory_lines,
}
KEPT_LINES: dict[str, Lines] = {
    **dict.fromkeys(("bible.list", "character.list", "look.list", "style.list", "memory.list"), kept_lines),
    **dict.fromkeys(("ui.show", "ui.navigate", "ui.open_panel", "ui.focus_entity"), shown_lines),
}
