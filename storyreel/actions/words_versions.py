"""Sentences for versions: what differs between two places in the history, and what a return brings along."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

Facts = Mapping[str, Any]
Word = Callable[[Any, str], str]

_THINGS_ZH = {
    "workspace": "项目设置",
    "episode": "本集",
    "script": "剧本",
    "scene": "场景",
    "character": "角色",
    "scene_look": "场景与道具",
    "style_preset": "风格",
    "prompt_template": "提示词模板",
    "memory": "记忆",
    "canvas": "画布",
    "world_setting": "世界设定",
    "board": "草稿板",
    "asset_card": "素材卡",
}
_THINGS_EN = {"workspace": "project", "scene_look": "place or prop"}
_FIELDS_ZH = {
    "position": "位置",
    "cast": "角色",
    "assets": "素材",
    "lines": "台词",
    "film": "影片",
    "sfx": "音效",
    "locks": "锁定",
    "look": "外形",
    "language": "语言",
    "fps": "帧率",
    "action": "动作",
    "emotion": "表情",
    "speaker": "说话人",
    "personality": "性格",
    "speaking": "说话方式",
    "tags": "标签",
    "continuity": "连戏",
    "fact": "内容",
    "body": "正文",
}
_FIELDS_EN = {"duration_s": "length", "position": "place in the film", "sfx": "sound effects", "assets": "assets"}
_MADE_ZH = {
    "image": "张图",
    "grid": "张九宫格",
    "video": "段视频",
    "voice": "段配音",
    "music": "段配乐",
    "sfx": "段音效",
    "final": "个成片段",
    "film": "部影片",
    "prompt_plan": "份画面计划",
    "edit": "次编辑",
    "note": "条笔记",
}
_MOST_FIELDS = 6
_MOST_CHARACTERS = 60


def change(facts: Facts, language: str, word: Word, numbers: Callable[[Sequence[int | None]], str]) -> str:
    """One thing that differs, in a line."""
    zh = language == "zh"
    who = _who(facts, zh=zh, numbers=numbers)
    if facts["verb"] == "added":
        return f"新增{who}" if zh else f"new: {who}"
    if facts["verb"] == "deleted":
        return f"没有了：{who}" if zh else f"gone: {who}"
    fields = facts["fields"]
    told = [_field(one, word, zh=zh) for one in fields[:_MOST_FIELDS]]
    if len(fields) > _MOST_FIELDS:
        told.append(f"还有 {len(fields) - _MOST_FIELDS} 项" if zh else f"and {len(fields) - _MOST_FIELDS} more")
    return f"{who}：{'；'.join(told)}" if zh else f"{who}: {'; '.join(told)}"


def made(facts: Facts, language: str) -> str:
    """How many things were made."""
    if language == "zh":
        return "做出了" + "、".join(f" {count} {_MADE_ZH.get(kind, kind)}" for kind, count in facts["made"].items())
    return "made: " + ", ".join(f"{count} {kind.replace('_', ' ')}" for kind, count in facts["made"].items())


def rolled_back(facts: Facts, language: str) -> str:
    """Where to, how much of the project, and how many steps that takes back."""
    scope, name, place = facts.get("scope", "workspace"), facts.get("name", ""), facts["place"]
    if language == "zh":
        parts = {"shots": f"镜头 {name} ", "scene": f"场景“{name}”", "character": f"角色{name}", "episode": "本集"}
        where = f"“{place}”" if place else "最近的版本"
        return f"{parts.get(scope, '')}回到{where}（撤回 {facts['commits']} 步）"
    parts = {"shots": f"with shots {name} ", "scene": f"with the scene {name!r} ", "character": f"with {name} "}
    part = "with this episode " if scope == "episode" else parts.get(scope, "")
    return f"go back {part}to {place or 'the newest snapshot'} ({facts['commits']} steps)"


def _who(facts: Facts, *, zh: bool, numbers: Callable[[Sequence[int | None]], str]) -> str:
    name, what = facts["name"], facts["what"]
    if what != "shot":
        thing = str((_THINGS_ZH if zh else _THINGS_EN).get(what, what))
        return f"{thing}{'“' + name + '”' if name else ''}" if zh else f"{thing.replace('_', ' ')} {name}".rstrip()
    known = [number for number in facts["shots"] if number is not None]
    if known:
        said = f"第 {numbers(known)} 个镜头" if zh else f"shot{'s' if len(known) > 1 else ''} {numbers(known)}"
    else:
        said = f"镜头 {'、'.join(facts['labels'])}" if zh else f"shot {', '.join(facts['labels'])}"
    short = name if len(name) <= _MOST_CHARACTERS else name[: _MOST_CHARACTERS - 1] + "…"
    one = facts["verb"] != "changed" and short
    return (f"{said}（{short}）" if zh else f"{said} ({short})") if one else said


def _field(one: Facts, word: Word, *, zh: bool) -> str:
    name, before, after = one["field"], one["before"], one["after"]
    label = _label(name, word, zh=zh)
    if name == "position":
        return "换了位置" if zh else "moved"
    if before in (None, "", []) and after in (None, "", []):
        return label
    return f"{label} {_value(before, word, zh=zh)} → {_value(after, word, zh=zh)}"


def _label(name: str, word: Word, *, zh: bool) -> str:
    """A field's name; "Anna.emotion" and "lines.speaker" are told with whose it is."""
    owner, _, leaf = name.rpartition(".")
    if zh:
        said = _FIELDS_ZH.get(leaf) or word(leaf, "zh")
        return f"{_FIELDS_ZH.get(owner, owner)}的{said}" if owner else said
    said = _FIELDS_EN.get(leaf) or word(leaf, "en")
    return f"{owner}'s {said}" if owner else said


def _value(value: Any, word: Word, *, zh: bool) -> str:
    if value is None or value in ("", [], {}):
        return "无" if zh else "none"
    said = word(value, "zh" if zh else "en")
    return said if len(said) <= _MOST_CHARACTERS else said[: _MOST_CHARACTERS - 1] + "…"


VERSIONS: dict[str, tuple[Callable[[Facts], str], Callable[[Facts], str]]] = {
    "version.renamed": (
        lambda f: f"第 {f['number']} 版改名为“{f['name']}”",
        lambda f: f"version {f['number']} is now called {f['name']!r}",
    ),
    "version.made": (lambda f: made(f, "zh"), lambda f: made(f, "en")),
    "version.rolled_back": (lambda f: rolled_back(f, "zh"), lambda f: rolled_back(f, "en")),
    "version.more": (lambda f: f"还有 {f['more']} 处不同", lambda f: f"and {f['more']} more"),
    "version.scene_back": (
        lambda f: f"一起恢复场景{'“' + f['title'] + '”' if f['title'] else ''}",
        lambda f: f"bring back the scene {f['title']}".rstrip() + " with it",
    ),
    "version.person_gone": (
        lambda f: f"角色{f['name']}已删除，没有放回镜头",
        lambda f: f"{f['name']} was deleted and was not put back into the shot",
    ),
    "version.node_gone": (
        lambda f: f"原来选用的{'图' if f['slot'] == 'picture' else f['slot']}已经不在，保留现在的",
        lambda f: f"the {f['slot']} that was selected is gone; the present one stays",
    ),
}
