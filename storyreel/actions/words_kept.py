"""Sentences for what is kept beside the film: memory, canvases, documents."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Facts = dict[str, Any]
TABLES_ZH = {
    "world_setting": "世界设定",
    "prompt_template": "提示词模板",
    "episode": "本集",
    "scene": "第 {} 场",
    "shot": "第 {} 个镜头",
    "character": "角色{}",
}
TABLES_EN = {
    "world_setting": "the world setting {}",
    "prompt_template": "the prompt template {}",
    "episode": "the episode",
    "scene": "scene {}",
    "shot": "shot {}",
    "character": "{}",
}
FIELDS_ZH = {
    "body": "正文",
    "name": "名称",
    "brief": "简介",
    "title": "标题",
    "goal": "目的",
    "curve": "情绪曲线",
    "notes": "备注",
    "continuity": "连戏",
    "personality": "性格",
    "speaking": "说话方式",
}
FIELDS_EN = {"body": "text", "curve": "emotional curve", "speaking": "way of speaking"}
ABOUT_ZH = {"shot": "第 {} 个镜头", "scene": "第 {} 场", "character": "{}", "look": "{}", "episode": "本集"}
ABOUT_EN = {"shot": "shot {}", "scene": "scene {}", "character": "{}", "look": "{}", "episode": "the episode"}
CANVAS_ZH = {
    "planning": "策划", "production": "制作", "composition": "合成", "reference": "参考", "grid_group": "宫格", "pick": "选图",
}  # fmt: skip


def _document(facts: Facts, *, zh: bool) -> str:
    name = TABLES_ZH[facts["table"]] if zh else TABLES_EN[facts["table"]]
    told = name.format(facts["name"])
    return told if "{}" in name or not zh or facts["table"] == "episode" else f"{told}“{facts['name']}”"


def _saved(facts: Facts, *, zh: bool) -> str:
    about = (ABOUT_ZH if zh else ABOUT_EN).get(facts["about"], "").format(facts["name"])
    if zh:
        return f"记住了{'（关于' + about + '）' if about else ''}：{facts['fact']}"
    return f"remember{' about ' + about if about else ''}: {facts['fact']}"


KEPT: dict[str, tuple[Callable[[Facts], str], Callable[[Facts], str]]] = {
    "memory.saved": (lambda f: _saved(f, zh=True), lambda f: _saved(f, zh=False)),
    "memory.corrected": (
        lambda f: f"记忆改为：{f['fact']}（原来是：{f['was']}）",
        lambda f: f"remember instead: {f['fact']} (it was: {f['was']})",
    ),
    "memory.forgotten": (lambda f: f"忘掉：{'；'.join(f['facts'])}", lambda f: f"forget: {'; '.join(f['facts'])}"),
    "canvas.made": (
        lambda f: f"新建{CANVAS_ZH[f['kind']]}画布“{f['name']}”",
        lambda f: f"make the {f['kind'].replace('_', ' ')} canvas {f['name']!r}",
    ),
    "canvas.changed": (lambda f: f"修改画布“{f['name']}”", lambda f: f"change the canvas {f['name']!r}"),
    "canvas.deleted": (lambda f: f"删除画布“{f['name']}”", lambda f: f"delete the canvas {f['name']!r}"),
    "doc.created": (lambda f: f"新建{_document(f, zh=True)}", lambda f: f"add {_document(f, zh=False)}"),
    "doc.changed": (
        lambda f: f"修改{_document(f, zh=True)}的{FIELDS_ZH[f['field']]}",
        lambda f: f"change the {FIELDS_EN.get(f['field'], f['field'])} of {_document(f, zh=False)}",
    ),
}
