"""Sentences for exploring: sheets, tracks, marks, references, and what a person brings in."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Facts = dict[str, Any]
HOW_ZH = {"continue": "接着画一张", "branch": "开一条新轨道", "again": "同样的再来一张"}
HOW_EN = {"continue": "go on from this picture", "branch": "begin a new track from this picture", "again": "make it once more"}
MARKS_ZH = {"favourite": "收藏", "pinned": "置顶", "discarded": "弃用", "to_compare": "待比较"}
MARKS_EN = {"favourite": "favourite", "pinned": "pinned", "discarded": "discarded", "to_compare": "to compare"}
SLOTS_ZH = {"picture": "画面", "video": "视频", "voice": "配音", "music": "配乐", "sfx": "音效"}
ROLES_ZH = {"image": "图像", "style": "风格", "character": "角色", "scene": "场景", "audio": "声音", "video": "视频"}


def _of_zh(facts: Facts) -> str:
    shots = facts.get("shots") or ([facts["shot"]] if facts.get("shot") else [])
    return f"第 {'、'.join(str(n) for n in shots)} 个镜头：" if shots else ""


def _of_en(facts: Facts) -> str:
    shots = facts.get("shots") or ([facts["shot"]] if facts.get("shot") else [])
    return f"shot{'s' if len(shots) > 1 else ''} {', '.join(str(n) for n in shots)}: " if shots else ""


def _marked(facts: Facts, *, zh: bool) -> str:
    names = MARKS_ZH if zh else MARKS_EN
    told = [(names[mark], facts[mark]) for mark in names if mark in facts]
    count = facts["nodes"]
    if zh:
        return f"{count} 个节点：" + "，".join(name if on else f"取消{name}" for name, on in told)
    return f"{count} node{'s' if count > 1 else ''}: " + ", ".join(name if on else f"no longer {name}" for name, on in told)


def _referenced(facts: Facts, *, zh: bool) -> str:
    source = facts.get("source")
    if zh:
        return f"{_of_zh(facts)}{'不再用' if facts['removed'] else '用'}{source or '这张图'}作{ROLES_ZH[facts['role']]}参考"
    verb = "no longer uses" if facts["removed"] else "use"
    return f"{_of_en(facts)}{verb} {source or 'the picture'} as a reference ({facts['role']})"


def _track(facts: Facts, *, zh: bool) -> str:
    if facts.get("removed"):
        return f"{_of_zh(facts)}收起轨道 {facts['track']}" if zh else f"{_of_en(facts)}put track {facts['track']} away"
    if "removed" in facts and "name" not in facts:
        return f"{_of_zh(facts)}找回轨道 {facts['track']}" if zh else f"{_of_en(facts)}bring track {facts['track']} back"
    name = facts["name"]
    return f"{_of_zh(facts)}轨道 {facts['track']} 改名为 {name}" if zh else f"{_of_en(facts)}call track {facts['track']} {name}"


def _imported(facts: Facts, *, zh: bool) -> str:
    if zh:
        return f"{_of_zh(facts)}放入自带的{SLOTS_ZH[facts['slot']]}" + ("并选用" if facts["selected"] else "")
    return f"{_of_en(facts)}bring in a {facts['slot']} of your own" + (" and select it" if facts["selected"] else "")


EXPLORE: dict[str, tuple[Callable[[Facts], str], Callable[[Facts], str]]] = {
    "sheet.wanted": (
        lambda f: f"{_of_zh(f)}画 {f['rows']}×{f['cols']} 的候选图" + ("，放在新轨道上" if f["branch"] else ""),
        lambda f: f"{_of_en(f)}draw a {f['rows']}x{f['cols']} sheet of candidates" + (" on a new track" if f["branch"] else ""),
    ),
    "look.sheet_wanted": (
        lambda f: f"给“{f['name']}”画 {f['rows']}×{f['cols']} 的设定图",
        lambda f: f"draw a {f['rows']}x{f['cols']} sheet of {f['name']}",
    ),
    "look.picture_chosen": (
        lambda f: f"“{f['name']}”选用第 {f['cell']} 张设定图" if f["cell"] else f"“{f['name']}”选用这张设定图",
        lambda f: f"{f['name']}: select picture {f['cell']}" if f["cell"] else f"{f['name']}: select this picture",
    ),
    "node.derived": (lambda f: f"{_of_zh(f)}{HOW_ZH[f['how']]}", lambda f: f"{_of_en(f)}{HOW_EN[f['how']]}"),
    "node.marked": (lambda f: _marked(f, zh=True), lambda f: _marked(f, zh=False)),
    "node.referenced": (lambda f: _referenced(f, zh=True), lambda f: _referenced(f, zh=False)),
    "node.imported": (lambda f: _imported(f, zh=True), lambda f: _imported(f, zh=False)),
    "track.changed": (lambda f: _track(f, zh=True), lambda f: _track(f, zh=False)),
    "grid.recut": (lambda f: f"{_of_zh(f)}重新切开这张宫格图", lambda f: f"{_of_en(f)}cut the sheet again"),
}
