"""The screen: "打开第3个镜头", "show me the timeline panel", "go to the storyboard page"; heard only where it is sure."""

from __future__ import annotations

import re
from typing import Any

from agent.rules.heard import Found, Heard
from storyreel.actions.base import Asked
from storyreel.script.numbers import parse_number

PANELS = {
    "对话": "chat", "聊天": "chat", "详情": "details", "属性": "details", "时间线": "timeline", "时间轴": "timeline", "谱系": "lineage", "来历": "lineage",
    "轨道": "tracks", "方案": "tracks", "对比": "compare", "比较": "compare", "参考": "references", "台词": "lines", "任务": "tasks", "素材": "assets",
    "资产": "assets", "版本": "versions", "记忆": "memory", "质量": "quality",
    "chat": "chat", "details": "details", "properties": "details", "timeline": "timeline", "lineage": "lineage", "history": "lineage",
    "tracks": "tracks", "track": "tracks", "compare": "compare", "comparison": "compare", "references": "references", "reference": "references",
    "lines": "lines", "dialogue": "lines", "tasks": "tasks", "task": "tasks", "assets": "assets", "asset": "assets", "versions": "versions",
    "version": "versions", "memory": "memory", "quality": "quality",
}  # fmt: skip
PAGES = {
    "项目": "project", "剧本": "script", "分镜": "storyboard", "故事板": "storyboard", "时间线": "timeline", "角色": "characters", "人物": "characters",
    "场景": "looks", "草稿": "drafts", "素材": "assets", "资产": "assets", "画布": "canvas", "任务": "tasks", "版本": "versions", "导出": "export",
    "设置": "settings", "帮助": "help",
    "project": "project", "script": "script", "storyboard": "storyboard", "timeline": "timeline", "characters": "characters",
    "character": "characters", "looks": "looks", "drafts": "drafts", "assets": "assets", "asset": "assets", "canvas": "canvas", "tasks": "tasks",
    "task": "tasks", "versions": "versions", "export": "export", "settings": "settings", "help": "help",
}  # fmt: skip
_GO_ZH = r"^(?:请|帮我)*(?:打开|显示|展开|调出|给我看|看看|切换?到|跳到|转到|去|进入|回到)(?:一下)?"
_GO_EN = r"^(?:please\s+)?(?:open|show(?: me)?|bring up|switch to|go to|navigate to|take me to|jump to)\s+(?:the\s+|my\s+)?"
_END = r"[\s。.!！]*$"


def _names(table: dict[str, str], *, zh: bool) -> str:
    return "|".join(sorted((name for name in table if name.isascii() != zh), key=len, reverse=True))


def _rx(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


_PANEL = _rx(
    rf"{_GO_ZH}(?P<zh>{_names(PANELS, zh=True)})的?面板{_END}|{_GO_ZH}(?P<zt>时间线|时间轴){_END}|"
    rf"{_GO_EN}(?P<en>{_names(PANELS, zh=False)})\s+panel{_END}|{_GO_EN}(?P<et>timeline){_END}"
)
_PAGE = _rx(
    rf"{_GO_ZH}(?P<zh>{_names(PAGES, zh=True)})(?:的?页面?|界面){_END}|{_GO_EN}(?P<en>{_names(PAGES, zh=False)})\s+(?:page|screen){_END}"
)
_SHOT = _rx(
    r"^(?:请|帮我)*(?:打开|跳到|定位到?|转到|聚焦到?)(?:一下)?第?\s*(?P<zh>\d{1,4}|[零一二两三四五六七八九十百]+)\s*(?:个|号)?(?:镜头|分镜)"
    rf"{_END}|^(?:please\s+)?(?:open|go to|jump to|focus(?:\s+on)?|take me to)\s+shot\s+#?(?P<en>\d{{1,4}}){_END}"
)
_PERSON = _rx(rf"^(?:打开|转到|open|go to)\s*(?P<who>.+?)(?:的?(?:角色卡|资料|角色页面?)|['’]s (?:card|page|sheet)){_END}")


def show(heard: Heard) -> Found | None:
    """What the person's screen should show: a panel, a page, a shot (told in words as well), or somebody's card."""
    if match := _PANEL.match(heard.text):
        word = next(group for group in match.groups() if group).lower()
        return _found("ui.open_panel", {"panel": PANELS[word]})
    if match := _PAGE.match(heard.text):
        return _found("ui.navigate", {"page": PAGES[(match["zh"] or match["en"]).lower()]})
    if (match := _SHOT.match(heard.text)) and heard.context.shot_count:
        number = str(int(parse_number(match["zh"] or match["en"]) or 0))
        seen = Asked(type="shot.view", args={"shot": number}, reason="what it is, in words")
        return _found("ui.focus_entity", {"entity": "shot", "which": number}, seen, about=number)
    if match := _PERSON.match(heard.text):
        known = [name for name in heard.context.characters if name.lower() == match["who"].strip().lower()]
        return _found("ui.focus_entity", {"entity": "character", "which": known[0]}) if known else None
    return None


def _found(kind: str, args: dict[str, Any], *more: Asked, about: str = "") -> Found:
    return Found(intent="show", actions=(Asked(type=kind, args=args), *more), about=about)
