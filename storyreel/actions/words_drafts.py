"""Sentences for draft spaces: boards, drafts, templates, and what goes from there into a project."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Facts = dict[str, Any]
KINDS_ZH = {"free": "自由", "characters": "角色", "scenes": "场景", "styles": "风格"}
KINDS_EN = {"free": "", "characters": "people ", "scenes": "places ", "styles": "styles "}
FIELDS_ZH = {
    "words": "内容", "place": "地点", "time": "时间", "weather": "天气", "mood": "情绪", "style": "风格", "palette": "色板", "props": "道具",
    "composition": "构图", "size": "景别", "angle": "角度", "notes": "备注", "status": "状态", "tags_add": "加标签", "tags_remove": "去标签", "board": "看板",
    "title": "标题", "kind": "类型",
}  # fmt: skip
FIELDS_EN = {"tags_add": "tags added", "tags_remove": "tags removed"}
VARY_ZH = {"styles": "风格", "compositions": "构图", "lights": "光线"}
AXES_ZH = {"character": "角色", "scene": "场景", "style": "风格", "use": "用途"}


def _numbers(facts: Facts) -> str:
    return ", ".join(str(n) for n in sorted(n for n in facts.get("drafts") or () if n is not None))


def which_zh(facts: Facts) -> str:
    """The drafts of a sentence in Chinese."""
    known = _numbers(facts)
    return f"草稿 {known}" if known else "新草稿"


def which_en(facts: Facts) -> str:
    """The drafts of a sentence in English."""
    known = _numbers(facts)
    return f"draft{'s' if ',' in known else ''} {known}" if known else "the new draft"


def _value(value: Any, zh: bool) -> str:  # noqa: FBT001 - a private helper of two languages
    return ("、" if zh else ", ").join(map(str, value)) if isinstance(value, list | tuple) else str(value)


def _fields(fields: Facts, *, zh: bool) -> str:
    if zh:
        return "，".join(f"{FIELDS_ZH.get(name, name)}：{_value(value, zh=True)}" for name, value in fields.items())
    return ", ".join(f"{FIELDS_EN.get(name, name.replace('_', ' '))} {_value(value, zh=False)}" for name, value in fields.items())


def _changed_board(facts: Facts, *, zh: bool) -> str:
    told = _fields({k: KINDS_ZH.get(v, v) if zh else v for k, v in facts["fields"].items()}, zh=zh)
    moved = ("移动位置" if zh else "moved") if facts["moved"] else ""
    rest = ("，" if zh else ", ").join(part for part in (told, moved) if part)
    return f"看板“{facts['title']}”：{rest}" if zh else f"board {facts['title']!r}: {rest}"


def _added(facts: Facts, *, zh: bool) -> str:
    words = facts["words"][:60]
    if facts["drafts"] == 1 and words:
        return f"在“{facts['board']}”加一个草稿：{words}" if zh else f"add a draft to {facts['board']!r}: {words}"
    many = "s" if facts["drafts"] != 1 else ""
    return (
        f"在“{facts['board']}”加 {facts['drafts']} 个草稿" if zh else f"add {facts['drafts']} draft{many} to {facts['board']!r}"
    )


def _explored(facts: Facts, *, zh: bool) -> str:
    size = f"{facts['rows']}x{facts['cols']}"
    names = ("、" if zh else ", ").join(facts["names"])
    what = which_zh(facts) if zh else which_en(facts)
    if facts["vary"]:
        kind = VARY_ZH[facts["vary"]] if zh else facts["vary"]
        return f"{what}：{facts['sheets']} 种{kind}（{names}）" if zh else f"{what}: {facts['sheets']} {kind} ({names})"
    refs = facts["references"]
    if zh:
        return f"{what}：{facts['sheets']} 组 {size} 宫格" + (f"，用 {refs} 张参考图" if refs else "")
    with_ = f" from {refs} reference{'s' if refs != 1 else ''}" if refs else ""
    return f"{what}: {facts['sheets']} {size} grid{'s' if facts['sheets'] != 1 else ''}{with_}"


def _filled(facts: Facts, *, zh: bool) -> str:
    values = ("，" if zh else ", ").join(f"{name}={value}" for name, value in facts["values"].items())
    return f"用模板“{facts['template']}”：{values}" if zh else f"fill the template {facts['template']!r}: {values}"


def _sent(facts: Facts, *, zh: bool) -> str:
    to = facts["to"]
    if zh:
        target = f"第 {facts['number']} 个镜头" if facts["number"] else to
        what = "画面" if facts["use"] == "picture" else "参考图"
        return f"收下草稿空间“{facts['source']}”的 {facts['count']} 张图，作为{target}的{what}"
    target = f"shot {facts['number']}" if facts["number"] else to
    what = "the picture" if facts["use"] == "picture" else "a reference"
    many = "s" if facts["count"] != 1 else ""
    return f"take {facts['count']} picture{many} from the draft space {facts['source']!r} as {what} of {target}"


def _tagged(facts: Facts, *, zh: bool) -> str:
    tags = ("、" if zh else ", ").join(facts["tags"][:8])
    return f"{which_zh(facts)}：标签 {tags}" if zh else f"{which_en(facts)}: tags {tags}"


DRAFTS: dict[str, tuple[Callable[[Facts], str], Callable[[Facts], str]]] = {
    "space.created": (lambda f: f"新建草稿空间“{f['name']}”", lambda f: f"create the draft space {f['name']!r}"),
    "board.made": (
        lambda f: f"新建{KINDS_ZH[f['kind']]}看板“{f['title']}”",
        lambda f: f"make the {KINDS_EN[f['kind']]}board {f['title']!r}",
    ),
    "board.changed": (lambda f: _changed_board(f, zh=True), lambda f: _changed_board(f, zh=False)),
    "board.removed": (
        lambda f: f"删除看板“{f['title']}”和它的 {f['drafts']} 个草稿",
        lambda f: f"remove the board {f['title']!r} with its {f['drafts']} drafts",
    ),
    "draft.added": (lambda f: _added(f, zh=True), lambda f: _added(f, zh=False)),
    "draft.changed": (
        lambda f: f"{which_zh(f)}：{_fields(f['fields'], zh=True)}",
        lambda f: f"{which_en(f)}: {_fields(f['fields'], zh=False)}",
    ),
    "draft.removed": (lambda f: f"删除{which_zh(f)}", lambda f: f"remove {which_en(f)}"),
    "draft.skipped": (
        lambda f: f"跳过草稿 {f['draft']}（{f['status']}）",
        lambda f: f"draft {f['draft']} is {f['status']} and was left out",
    ),
    "draft.explored": (lambda f: _explored(f, zh=True), lambda f: _explored(f, zh=False)),
    "draft.filled": (lambda f: _filled(f, zh=True), lambda f: _filled(f, zh=False)),
    "draft.tagged": (lambda f: _tagged(f, zh=True), lambda f: _tagged(f, zh=False)),
    "draft.untagged": (
        lambda f: f"{which_zh(f)}：没看出可以打的标签",
        lambda f: f"{which_en(f)}: nothing was found to tag",
    ),
    "draft.filed": (
        lambda f: f"把{which_zh(f)}归到看板“{f['board']}”",
        lambda f: f"file {which_en(f)} on the board {f['board']!r}",
    ),
    "draft.sent": (lambda f: _sent(f, zh=True), lambda f: _sent(f, zh=False)),
}
