"""Sentences for assets: what is brought in, what is said of it, which shots use it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Facts = dict[str, Any]
FROM_ZH = {"upload": "", "url": "网址", "folder": "文件夹", "bucket": "存储桶"}
ROLES_ZH = {"image": "画面", "style": "风格", "character": "角色", "scene": "场景", "audio": "声音", "video": "视频"}


def _where(facts: Facts, language: str) -> str:
    where = facts.get("where") or ""
    if language == "zh":
        return f"（来自{FROM_ZH[facts['by']]} {where}）" if where else ""
    return f" from {where}" if where else ""


def _imported(facts: Facts, language: str) -> str:
    new, known = facts["assets"], facts["known"]
    if language == "zh":
        parts = [*([f"导入 {new} 个素材"] if new else []), *([f"{known} 个原来就有"] if known else [])]
        return "，".join(parts) + _where(facts, language)
    parts = [*([f"import {new} file{'s' if new != 1 else ''}"] if new else []), *([f"{known} known already"] if known else [])]
    return ", ".join(parts) + _where(facts, language)


def _tagged(facts: Facts, language: str) -> str:
    n = facts["assets"]
    if language == "zh":
        parts = [
            *([f"加标签：{'、'.join(facts['added'])}"] if facts["added"] else []),
            *([f"去掉标签：{'、'.join(facts['removed'])}"] if facts["removed"] else []),
            *([f"标题：{facts['title']}"] if facts["title"] is not None else []),
            *(["改备注"] if facts["note"] is not None else []),
        ]
        return f"{n} 个素材：{'，'.join(parts)}"
    parts = [
        *([f"tag {', '.join(facts['added'])}"] if facts["added"] else []),
        *([f"no longer {', '.join(facts['removed'])}"] if facts["removed"] else []),
        *([f"title {facts['title']!r}"] if facts["title"] is not None else []),
        *(["a note"] if facts["note"] is not None else []),
    ]
    return f"{n} asset{'s' if n != 1 else ''}: {'; '.join(parts)}"


def _shots(facts: Facts, language: str) -> str:
    known = sorted(n for n in facts["shots"] if n is not None)
    told = ", ".join(str(n) for n in known[:12]) + ("…" if len(known) > 12 else "")  # noqa: PLR2004
    if language == "zh":
        return f"第 {told} 个镜头" if known else "新镜头"
    return f"shot{'s' if len(known) > 1 else ''} {told}" if known else "the new shot"


ASSETS: dict[str, tuple[Callable[[Facts], str], Callable[[Facts], str]]] = {
    "asset.imported": (lambda f: _imported(f, "zh"), lambda f: _imported(f, "en")),
    "asset.tagged": (lambda f: _tagged(f, "zh"), lambda f: _tagged(f, "en")),
    "asset.attached": (
        lambda f: f"{_shots(f, 'zh')}用素材“{f['title']}”作{ROLES_ZH.get(f['role'], '')}参考",
        lambda f: f"{_shots(f, 'en')}: use {f['title']!r} as {f['role']} reference",
    ),
    "asset.detached": (
        lambda f: f"{_shots(f, 'zh')}不再用素材“{f['title']}”",
        lambda f: f"{_shots(f, 'en')}: no longer use {f['title']!r}",
    ),
}
