"""Telling of a draft space: its boards, a package, and what can be said next. No word of a story stands here."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from agent.types import Context
from storyreel.model.spec import Language

Lines = Callable[[dict[str, Any], Language], list[str]]
SHOWN = 8


def space_lines(one: dict[str, Any], language: Language) -> list[str]:
    """A draft space in a few lines: its boards with their drafts, its tags."""
    zh = language == "zh"
    boards = [
        f"{b['number']}. {b['title']}（{b['drafts']} 个草稿）" if zh else f"{b['number']}. {b['title']} ({b['drafts']} drafts)"
        for b in one["boards"]
    ]
    head = (
        f"“{one['name']}”：{one['drafts']} 个草稿，{one['pictures']} 个已选图，{one['open_tasks']} 个任务在进行。"
        if zh
        else f"{one['name']}: {one['drafts']} drafts, {one['pictures']} with a picture, {one['open_tasks']} open tasks."
    )
    tags = [f"{axis}: {', '.join(values[:SHOWN])}" for axis, values in one["tags"].items() if values]
    return [head, *boards, *tags]


def draft_steps(context: Context, language: Language, *, started: int) -> tuple[str, ...]:
    """Up to three things to say next in a draft space."""
    zh = language == "zh"
    if started:
        return ("进度怎么样了？", "撤销") if zh else ("how far is it?", "undo")
    if not context.drafts:
        return ("加一个草稿：雨夜的码头",) if zh else ("add a draft: a pier on a rainy night",)
    return (
        ("给草稿1出三种风格", "给所有草稿打标签", "打包收藏的图")
        if zh
        else ("three styles of draft 1", "tag all drafts", "package the favourites")
    )


def _package_lines(one: dict[str, Any], language: Language) -> list[str]:
    zh = language == "zh"
    names = [f"· {file['name']}" if zh else f"- {file['name']}" for file in one["files"][:SHOWN]]
    more = one["count"] - len(names)
    rest = [f"……还有 {more} 个" if zh else f"and {more} more"] if more > 0 else []
    head = f"打包 {one['count']} 个文件，下载：{one['url']}" if zh else f"{one['count']} files, to be had at {one['url']}"
    return [head, *names, *rest]


DRAFT_LINES: dict[str, Lines] = {"export.package": _package_lines}
