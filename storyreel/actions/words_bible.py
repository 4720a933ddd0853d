"""Sentences for what stays the same: characters, places, props and styles, and what a change of them reaches."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from storyreel.actions.ranges import numbers

Facts = dict[str, Any]
LEVELS_ZH = {"loose": "宽松", "normal": "正常", "strict": "严格"}
METHODS_ZH = {"look": "外形描述", "reference": "参考图", "lora": "LoRA"}
KINDS_ZH = {"place": "场景", "prop": "道具"}
FIELDS_ZH = {
    "description": "描述",
    "time": "时间",
    "weather": "天气",
    "light": "光线",
    "palette": "色板",
    "style": "风格",
    "aliases": "别名",
    "name": "名称",
    "kind": "类别",
    "locks": "锁定",
}


def _reached(facts: Facts, *, zh: bool) -> str:
    """Which shots of which episodes, which of them are made and stale now, and which are locked or approved."""
    shots = _shots(facts, zh=zh)
    if zh:
        said = f"{facts['what']}影响{shots}"
        said += f"；其中 {facts['made']} 个已经做好，现在过期了" if facts["made"] else ""
        return said + (f"；{len(facts['kept'])} 个已锁定或通过，保持原样" if facts["kept"] else "")
    said = f"{facts['what']} touches {shots}"
    said += f"; {facts['made']} of them {'is' if facts['made'] == 1 else 'are'} made and now stale" if facts["made"] else ""
    return said + (f"; {len(facts['kept'])} of them locked or approved, left as it is" if facts["kept"] else "")


def _shots(facts: Facts, *, zh: bool) -> str:
    several = len(facts["episodes"]) > 1 or any(one["number"] > 1 for one in facts["episodes"])
    if zh:
        return "、".join(
            (f"第 {one['number']} 集" if several else "") + f"第 {numbers(one['shots'])} 个镜头" for one in facts["episodes"]
        )
    return ", ".join(
        (f"episode {one['number']} " if several else "") + f"shot{'s' if len(one['shots']) > 1 else ''} {numbers(one['shots'])}"
        for one in facts["episodes"]
    )


def _look(facts: Facts, *, zh: bool) -> str:
    fields = facts["fields"]
    if zh:
        told = "、".join(FIELDS_ZH.get(str(name), str(name)) for name in fields)
        return f"{'加入' if facts['new'] else '修改'}{KINDS_ZH[facts['kind']]}“{facts['name']}”" + (f"：{told}" if told else "")
    told = ", ".join(fields)
    return f"{'add' if facts['new'] else 'change'} the {facts['kind']} {facts['name']!r}" + (f": {told}" if told else "")


def _applied(facts: Facts, *, zh: bool) -> str:
    if facts["to"] == "project":
        return f"整个项目用“{facts['name']}”风格" if zh else f"the whole project in the style {facts['name']!r}"
    if facts["to"] == "scene":
        return (
            f"第 {facts['scene']} 场用“{facts['name']}”风格" if zh else f"scene {facts['scene']} in the style {facts['name']!r}"
        )
    shots = numbers(facts["shots"])
    if zh:
        return f"第 {shots} 个镜头用“{facts['name']}”风格"
    return f"shot{'s' if len(facts['shots']) > 1 else ''} {shots} in the style {facts['name']!r}"


BIBLE: dict[str, tuple[Callable[[Facts], str], Callable[[Facts], str]]] = {
    "touches": (lambda f: _reached(f, zh=True), lambda f: _reached(f, zh=False)),
    "rule.stands": (
        lambda f: f"“{f['what']}”已经出现在{_shots(f, zh=True)}，改掉之前不会再渲染",
        lambda f: f"“{f['what']}” stands in {_shots(f, zh=False)} already: not rendered again until that is changed",
    ),
    "character.consistency": (
        lambda f: f"{f['name']}的一致性：{LEVELS_ZH[f['level']]}，靠{METHODS_ZH[f['method']]}",
        lambda f: f"keep {f['name']} alike: {f['level']}, by {f['method']}",
    ),
    "look.set": (lambda f: _look(f, zh=True), lambda f: _look(f, zh=False)),
    "look.deleted": (
        lambda f: f"删除{KINDS_ZH[f['kind']]}“{f['name']}”",
        lambda f: f"delete the {f['kind']} {f['name']!r}",
    ),
    "style.saved": (
        lambda f: f"保存风格“{f['name']}”",
        lambda f: f"save the style {f['name']!r}",
    ),
    "style.applied": (lambda f: _applied(f, zh=True), lambda f: _applied(f, zh=False)),
    "shot.lock_held": (
        lambda f: f"跳过第 {f['shot']} 个镜头（{f['lock']} 已锁定）",
        lambda f: f"shot {f['shot']} was left out ({f['lock']} is locked)",
    ),
}
