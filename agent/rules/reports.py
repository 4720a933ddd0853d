"""Questions beside the shots: looks, styles, versions, continuity, what a change reaches, what an export would hold, which files there are."""

from __future__ import annotations

import re
from typing import Any

from agent.rules.heard import Found, Heard, Intent, Reading, found
from agent.rules.which import numbers_of, take_which
from storyreel.actions.base import Asked
from storyreel.script.tongue import CJK


def _rx(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


_ARE_THERE = r"(?:\s+(?:are there|do (?:we|you|i) have|have (?:we|i|you)(?: got)?|exist|can i use|were saved|have looks))?"
_LISTS: tuple[tuple[re.Pattern[str], str], ...] = (
    (
        _rx(
            r"(?:都)?有(?:哪些|什么|几个)(?:场景设定|地点设定|道具|场景和道具)(?:(?:和|与|、)(?:道具|场景设定))?|(?:场景设定|道具)(?:列表|清单|有哪些)|(?:列出|看看|显示)(?:所有|全部)?的?(?:场景设定|道具)(?:和道具)?|"
            rf"\b(?:which|what|list|show(?: me)?)\s+(?:all\s+)?(?:the\s+)?(?:places|props|looks)(?:\s+(?:and|or)\s+(?:places|props|looks))?{_ARE_THERE}"
        ),
        "look.list",
    ),
    (
        _rx(
            r"(?:都)?有(?:哪些|什么|几种)(?:画面?)?风格(?:可以?(?:用|选))?|(?:画面?)?风格(?:列表|有哪些|库|清单)|(?:列出|看看|显示)(?:所有|全部|保存的)?的?风格|"
            rf"\b(?:which|what|list|show(?: me)?)\s+(?:all\s+)?(?:the\s+)?(?:saved\s+)?styles{_ARE_THERE}"
        ),
        "style.list",
    ),
    (
        _rx(
            r"(?:都|现在)?(?:有|存了?)(?:过)?(?:哪些|什么|几个|多少个?)(?:保存的)?(?:版本|快照)|(?:版本|快照)(?:列表|清单|历史|有哪些)|(?:列出|看看|显示)(?:所有|全部|保存的)?的?(?:版本|快照)|"
            rf"\b(?:which|what|list|show(?: me)?)\s+(?:all\s+)?(?:the\s+|my\s+)?(?:saved\s+)?(?:versions|snapshots){_ARE_THERE}"
        ),
        "version.list",
    ),
    (
        _rx(
            r"(?:现在|这样)?导出(?:的话|出来)?(?:会)?(?:是|有)?(?:什么样子?|怎么样|啥样|什么|如何)|(?:预览|检查)(?:一下)?(?:导出|成片)|导出(?:的)?预览|(?:可以|能)(?:导出|交付)了(?:吗|没有?)|"
            r"\bwhat (?:would|will) (?:an|the|my) export (?:hold|look like|contain|be like)(?: now)?|\b(?:preview|check)(?: the| an| my)? export\b|\bexport preview\b|\bis (?:it|the film) ready (?:to export|for delivery|to deliver)\b"
        ),
        "export.preview",
    ),
)
_CONTINUITY = _rx(
    r"(?:检查|看看|查|核对)(?:一下|下|一遍)?[^，。]{0,16}?(?:连贯性?|连戏|衔接|穿帮|接戏)|(?:连贯性?|连戏|衔接)(?:怎么样|如何|有(?:没有)?问题(?:吗)?|好不好)|有(?:没有)?(?:穿帮|不连贯|接不上)(?:的地方|吗)?|"
    r"\b(?:check|report|look at)\s+(?:on\s+)?(?:the\s+)?continuity\b(?:\s+of)?|\bcontinuity (?:errors|problems|check|report|issues)\b|\bdoes (?:it|everything) match from shot to shot\b"
)
_OF_CONTINUITY = _rx(
    r"检查|看看|核对|查|一遍|的?(?:连贯性?|连戏|衔接|穿帮|接戏)|不连贯|接不上|怎么样|如何|问题|没有|地方|\b(?:check|report|look|any|continuity|errors|problems|issues|match|everything|does)\b"
)
_VERSIONS_OF = _rx(
    r"(?:有过|用过|选过)(?:哪些|什么|几个)(?:版本|图|画面)?|(?:的)?(?:版本历史|历史版本|选择历史)|\b(?:which|what) versions (?:did|has|have)\b|\bha(?:ve|d)\b|\b(?:version )?history\b|\bversions of\b"
)
_ASKS_VERSIONS = _rx(
    r"(?:有过|用过|选过)(?:哪些|什么|几个)|版本历史|历史版本|选择历史|\b(?:which|what) versions (?:did|has|have)\b|\bversion history\b|\b(?:list|show) (?:me )?the versions of\b"
)
_REACH_ZH = _rx(
    r"^(?:如果|要是|假如)?(?:改变?|换|修改|改动|动|调整)(?:一下|了|掉)?(?P<a>[^，。？?]{1,16}?)(?:的话)?[，,]?(?:会|要|将)?(?:影响|波及|牵涉|动)到?(?:哪些|多少|几个|什么)|^(?P<b>[^，。？?]{1,16}?)(?:被?用在|出现在|用到)(?:了)?(?:哪些|哪几个|什么|多少)|^(?P<c>[^，。？?]{1,16}?)(?:都)?在(?:哪些|哪几个|什么)(?:镜头|地方|场)里?"
)
_REACH_EN = _rx(
    r"\b(?:which|what|how many) shots would (?:a |the )?change (?:of|to|in) (?P<a>.+?) (?:touch|affect|reach|change)|\bwhat (?:would|does) (?:changing|a change of|a change to) (?P<b>.+?) (?:touch|affect|reach|change)|\bwhere (?:is|are) (?P<c>.+?) (?:used|seen)\b|\b(?:which|what) shots (?:use|show|have|feature) (?P<d>[^?.]+)|\b(?:which|what) shots (?:is|are|does) (?P<e>.+?) (?:in|appear in|used in)\b"
)
_THINGS_ZH = r"(?:图片?|照片|素材|录音|声音|音频|视频|文件)"
_THINGS_EN = r"(?:pictures?|images?|photos?|files?|assets?|sounds?|recordings?|clips?|references?)"
_SEARCH = _rx(
    rf"(?:找|搜索?|查找|搜寻)(?:一下|一找|找|出来?|到)?(?:有关|关于|所有|全部)?(?P<zh>[{CJK}A-Za-z0-9 “”\"]{{0,20}}?)的?{_THINGS_ZH}(?:素材)?|"
    rf"\b(?:find|search(?:\s+for)?|look\s+for)\s+(?:me\s+)?(?:the\s+|all\s+|any\s+|some\s+|my\s+)*{_THINGS_EN}(?:\s+(?:of|with|about|tagged|called|named|for|showing)\s+(?P<en>[^?.\x1f]+))?|"
    rf"\b(?:find|search(?:\s+for)?|look\s+for)\s+(?:the\s+|all\s+|any\s+)*(?P<eb>[\w' -]{{2,40}}?)\s+{_THINGS_EN}\b"
)
_FILES = _rx(
    r"(?:素材库?|资产)(?:里)?(?:都)?有(?:哪些|什么)|有(?:哪些|什么)素材|(?:列出|看看|显示)(?:所有|全部)?的?素材|\b(?:which|what|list|show(?: me)?)\s+(?:all\s+)?(?:the\s+|my\s+)?(?:assets|files|uploads)\b|\bwhat(?:'s| is) in (?:the|my) (?:asset )?library\b|\b(?:list|show(?: me)?)\s+(?:my\s+)?uploads\b(?:\s+(?:are there|do (?:we|i) have))?"
)
_SIMILAR = _rx(r"相似|差不多|像|类似|\b(?:similar|like|look-?alikes?|alike)\b")
_THE_STYLE = _rx(r"^(?:整体|全片|项目)?的?(?:画面)?风格$|^(?:the )?(?:film's )?style$")
_END = _rx(r"[?？]|一下|现在|项目里?|\b(?:now|project|film|there|in the project)\b")


def lists(heard: Heard) -> Found | None:
    """What there is of one kind."""
    for pattern, kind in _LISTS:
        reading = Reading(heard.text)
        if reading.take(pattern):
            reading.take_all(_END)
            return found(reading, "ask", Asked(type=kind))
    return None


def continuity(heard: Heard) -> Found | None:
    """What does not carry on from shot to shot, in some shots or in all."""
    if heard.context.shot_count == 0 or not _CONTINUITY.search(heard.text):
        return None
    reading = Reading(heard.text)
    which = take_which(reading, heard)
    reading.take_all(_OF_CONTINUITY)
    reading.take_all(_END)
    named = which.words if which and not which.apart else ""
    return found(reading, "continuity", Asked(type="shot.continuity", args={"shots": named} if named else {}), about=named)


def versions_of(heard: Heard) -> Found | None:
    """What one shot had selected over time."""
    if heard.context.shot_count == 0 or not _ASKS_VERSIONS.search(heard.text):
        return None
    reading = Reading(heard.text)
    which = take_which(reading, heard)
    known = numbers_of(heard, which.words) if which else None
    reading.take_all(_VERSIONS_OF)
    if not known or len(known) != 1:
        question = heard.say("哪个镜头的？比如“第3个镜头”。", "Of which shot? For example 'shot 3'.")
        return found(reading, "versions of a shot", question=question)
    reading.take_all(_END)
    return found(reading, "versions of a shot", Asked(type="shot.versions", args={"shot": str(known[0])}), about=str(known[0]))


def reach(heard: Heard) -> Found | None:
    """Which shots somebody or something is in, and so which a change of it touches."""
    match = _REACH_ZH.search(heard.text) or _REACH_EN.search(heard.text)
    if match is None:
        return None
    said = next(group for group in match.groups() if group).strip(" “”\"'《》")
    args = _of(heard, said)
    return Found(intent="what a change reaches", actions=(Asked(type="bible.impact", args=args),)) if args else None


def _of(heard: Heard, said: str) -> dict[str, Any]:
    bare = re.sub(
        r"^(?:(?:the|a|character)\s+|角色|道具|场景)|(?:这个)?(?:角色|人物|道具|场景设定|的样子|的造型)$",
        "",
        said,
        flags=re.IGNORECASE,
    )
    for names, kind in ((heard.context.characters, "character"), (heard.context.looks, "look")):
        if name := next((one for one in names if one.lower() == bare.lower()), ""):
            return {kind: name}
    if _THE_STYLE.match(said):
        return {"style": True}
    world = re.match(r"世界观[“《]?(?P<zh>[^”》]+)[”》]?$|(?:the )?world setting (?P<en>.+)$", said, re.IGNORECASE)
    return {"world": (world["zh"] or world["en"]).strip()} if world else {}


def files(heard: Heard) -> Found | None:
    """Files by their words, or all there are, the newest first."""
    reading = Reading(heard.text)
    if reading.take(_FILES):
        reading.take_all(_END)
        return found(reading, "which files there are", Asked(type="asset.search"))
    match = reading.take(_SEARCH)
    if match is None or _SIMILAR.search(heard.text):
        return None
    said = (match["zh"] or match["en"] or match["eb"] or "").strip(" “”\"'")
    query = re.sub(r"^(?:the|a|an)\s+", "", said, flags=re.IGNORECASE)
    return found(reading, "find files", Asked(type="asset.search", args={"query": query} if query else {}))


INTENTS: tuple[Intent, ...] = (versions_of, lists, continuity, reach, files)
