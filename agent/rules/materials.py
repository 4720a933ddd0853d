"""Files that are there: tags and titles, bringing them into the project, a person's reference pictures; and canvases."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from agent.rules.heard import Found, Heard, Intent, Reading, found
from agent.rules.pictures import look, resolve, shown, take_named
from agent.rules.which import numbers_of, take_or_carried
from storyreel.actions.base import Asked
from storyreel.script.numbers import parse_number

Act = Callable[[list[str]], Asked]


def _rx(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


_TAG = _rx(
    r"(?:加上?|打上?|贴上?|添加)(?:一?个)?[“\"「]?(?P<zb>[^”\"」，。\x1f]{0,20}?)[”\"」]?(?:的)?标签[：:]?\s*[“\"「]?(?P<zh>[^”\"」，。\x1f]{0,30})[”\"」]?|"
    r"\btag\b(?P<mid>.*?)(?:\s+(?:as|with))?\s+(?:[\"“'](?P<en>[^\"”']{1,40})[\"”']|(?<=as |th )(?P<eb>[\w -]{2,30}))[.]?$|\b(?:add|put)\s+(?:the\s+)?tag\s+[\"“']?(?P<ec>[\w -]{2,30}?)[\"”']?\s+(?:to|on)\b"
)
_UNTAG = _rx(
    r"(?:去掉|删掉|删除|取消|移除)[“\"「]?(?P<zh>[^”\"」，。\x1f]{1,20}?)[”\"」]?(?:这个|的)?标签|\b(?:remove|take off|drop)\s+(?:the\s+)?tag\s+[\"“']?(?P<en>[\w -]{2,30}?)[\"”']?(?=\s+(?:from|of)\b|[.]?$)"
)
_TITLE = _rx(
    r"(?:命名为|取名(?:为|叫)?|名字(?:叫|是)|标题(?:是|为|改成)|改名(?:为|叫)?|叫做?)[“\"「《]?(?P<zh>[^”\"」》，。\x1f]{1,40})[”\"」》]?$|\b(?:call|title|name)\s+(?:this|that|the)\s+(?:picture|image|photo|file|asset)\s+[\"“']?(?P<en>[^\"”'.]{1,60})[\"”']?"
)
_FILE = _rx(
    r"这[一几两三些]*(?:张|个|份|段)?(?:的)?(?:图片?|照片|画面?|文件|素材|录音|音频|视频)|(?:我)?(?:上传|附上|发)的?(?:图片?|照片|文件|素材)?|\b(?:this|these|that|those|my|the)(?:\s+(?:attached|uploaded))?\s+(?:pictures?|images?|photos?|files?|assets?|sounds?|recordings?|clips?)\b"
)
_OF_FOUND = _rx(
    r"第\s*(?P<zh>\d+|[一二三四五六七八九十])\s*(?:个|张|份)?|\bthe (?P<en>first|second|third|fourth|fifth)(?: one| picture| image| file)?\b"
)
_NTH = {"first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5}
_IMPORT = _rx(
    r"(?:导入|收进|存进|加进|加到|放进|收录)(?:到)?(?:项目|素材库|库)?(?:里|中)?|\b(?:import|bring in|add|keep|put)\b(?=.*\b(?:files?|assets?|photos?|pictures?|images?|these|uploads?|library)\b)"
)
_INTO = _rx(r"项目|素材库?|库|\b(?:to|into|in) (?:the |my )?(?:project|library|assets)\b")
_REFERENCE_OF = _rx(
    r"(?:做|作为?|当作?|用作|成|是)|的?(?:参考图?|样子|长相|形象)|\b(?:as\s+)?(?:a |the )?(?:character\s+)?(?:reference|look|face)\b(?:\s+(?:for|of|picture))*|\bfor\b|\buse\b"
)
_IS_REFERENCE = _rx(r"参考|就长这样|的(?:样子|长相|形象)|\breference\b|\blooks? like (?:this|that)\b")
_LIKE_THIS = _rx(r"就?长(?:成)?这样|\blooks? like (?:this|that)\b")
_SHOT = _rx(r"镜头|分镜|\bshots?\b")
_CANVAS = _rx(
    r"^(?:请|帮我)?(?:新建|创建|建|加|做)(?:立)?一?[个张]?(?:新的?)?画布[，,：:]?\s*(?:叫做?|名为|名字叫)?[“\"《]?(?P<zh>[^”\"》，。]{1,40})[”\"》]?$|^(?:请|帮我)?(?:新建|创建|建)一?[个张]?(?:叫|名为)[“\"《]?(?P<zb>[^”\"》，。]{1,40}?)[”\"》]?的画布$|"
    r"^(?:please\s+)?(?:make|create|add|start)\s+(?:an?\s+)?(?:new\s+)?canvas\s+(?:called\s+|named\s+)?[\"“']?(?P<en>[^\"”'.]{1,40})[\"”']?[.]?$"
)
_NO_CANVAS = _rx(
    r"^(?:请)?(?:删掉|删除|去掉)[“\"《]?(?P<zh>[^”\"》，。]{1,40}?)[”\"》]?(?:这个|那个|的)?画布[。]?$|^(?:请)?(?:删掉|删除|去掉)画布[：:]?[“\"《]?(?P<zb>[^”\"》，。]{1,40})[”\"》]?$|^(?:please\s+)?(?:delete|remove)\s+the\s+canvas\s+[\"“']?(?P<en>[^\"”'.]{1,40})[\"”']?[.]?$|^(?:please\s+)?(?:delete|remove)\s+the\s+[\"“']?(?P<eb>[^\"”'.]{1,40}?)[\"”']?\s+canvas[.]?$"
)  # fmt: skip


def tag(heard: Heard) -> Found | None:
    """Tags, or a title, of the files or pictures that are meant."""
    reading = Reading(heard.text)
    fields: dict[str, Any] = {}
    if match := reading.take(_UNTAG):
        fields["remove"] = [_said(match)]
    elif (match := _TAG.search(reading.free)) and _said(match):
        fields["add"] = [one.strip() for one in re.split(r"[、,，]|\band\b", _said(match)) if one.strip()]
        middle = match.groupdict().get("mid")
        reading.free = reading.free[: match.start()] + " " + (middle or "") + reading.free[match.end() :]
    elif _FILE.search(reading.free) and (match := reading.take(_TITLE)):
        fields["title"] = _said(match)
    if not fields:
        return None
    return _on_files(heard, reading, "tag files", lambda assets: Asked(type="asset.tag", args={"assets": assets, **fields}))


def bring_in(heard: Heard) -> Found | None:
    """The attached files kept in the project, with nothing made of them yet."""
    mine = _attached(heard)
    reading = Reading(heard.text)
    if not mine or reading.take(_IMPORT) is None or _SHOT.search(heard.text) or _IS_REFERENCE.search(heard.text):
        return None
    reading.take_all(_FILE)
    reading.take_all(_INTO)
    brought = [
        {"asset": one.asset_id, **({"title": one.name} if one.name else {})} for one in heard.context.attachments if one.asset_id
    ]
    return found(reading, "bring in files", Asked(type="asset.import", args={"assets": brought}))


def of_person(heard: Heard) -> Found | None:
    """A picture as the reference of a character, in every shot that it is in."""
    if not _IS_REFERENCE.search(heard.text) or _SHOT.search(heard.text):
        return None
    reading = Reading(heard.text)
    names = sorted(heard.context.characters, key=len, reverse=True)
    name = next((one for one in names if reading.take(_rx(rf"{re.escape(one)}(?:['’]s)?"))), "")
    if not name:
        return None
    reading.take_all(_LIKE_THIS)
    reading.take_all(_FILE)
    reading.take_all(_REFERENCE_OF)

    def action(assets: list[str]) -> Asked:
        return Asked(type="character.attach_reference", args={"character": name, "asset": assets[0]})

    return _on_files(heard, reading, "a reference of a character", action)


def similar(heard: Heard) -> Found | None:
    """Files that look like the one that is meant."""
    reading = Reading(heard.text)
    finds = reading.take(_rx(r"(?:找|搜索?|查找)(?:一下|找|出来?|到)?|\b(?:find|search(?: for)?|look for)\b"))
    alike = reading.take(
        _rx(
            r"(?:和|跟|与)?(?:长得)?(?:相似|差不多|相像|类似|像)的?|\b(?:similar to|that look like|like|similar|look-?alikes of)\b"
        )
    )
    if not finds or not alike:
        return None
    reading.take_all(_rx(r"(?<![张幅])图片?|照片|素材|文件|\b(?:pictures?|images?|photos?|files?|ones?|more)\b"))
    return _on_files(heard, reading, "look-alikes", lambda assets: Asked(type="asset.search", args={"like": assets[0]}))


def canvas(heard: Heard) -> Found | None:
    """A canvas made, or taken away with nothing that it shows."""
    if match := _CANVAS.match(heard.text):
        return Found(intent="a canvas", actions=(Asked(type="canvas.edit", args={"name": _said(match)}),))
    if match := _NO_CANVAS.match(heard.text):
        return Found(intent="delete a canvas", actions=(Asked(type="canvas.delete", args={"canvas": _said(match)}),))
    return None


def _said(match: re.Match[str]) -> str:
    held = match.groupdict()
    return next((value.strip() for key, value in held.items() if key != "mid" and value and value.strip()), "")


def _attached(heard: Heard) -> list[str]:
    return [one.asset_id for one in heard.context.attachments if one.asset_id and one.role != "script"]


def _on_files(heard: Heard, reading: Reading, intent: str, action: Act) -> Found | None:
    """The action on what is attached, else on one that was just found, else on a picture of the shot that the talk is about."""
    if mine := _attached(heard):
        reading.take_all(_FILE)
        return found(reading, intent, action(mine))
    listed = _just_found(heard)
    return _on_found(heard, reading, intent, action, listed) if listed else _on_picture(heard, reading, intent, action)


def _on_found(heard: Heard, reading: Reading, intent: str, action: Act, listed: list[dict[str, Any]]) -> Found:
    match = reading.take(_OF_FOUND)
    place = (_NTH.get((match["en"] or "").lower()) or int(parse_number(match["zh"] or "") or 0)) if match else 1
    reading.take_all(_FILE)
    one = listed[place - 1 : place]
    if one and (match or len(listed) == 1):
        return found(reading, intent, action([str(one[0]["id"])]))
    return found(reading, intent, question=heard.say("哪一个文件？比如“第一个”。", "Which file? For example 'the first one'."))


def _on_picture(heard: Heard, reading: Reading, intent: str, action: Act) -> Found:
    named = take_named(reading)
    reading.take_all(_FILE)
    which = take_or_carried(reading, heard)
    known = numbers_of(heard, which.words) if which else None
    if not known or not named.said:
        question = heard.say(
            "哪一张？可以随消息附上图，或者说“第3个镜头的第二张图”。",
            "Which one? Attach it, or say 'the second picture of shot 3'.",
        )
        return found(reading, intent, question=question)
    if (seen := shown(heard, known[0])) is None:
        return found(reading, intent, looks=(look(known[0]),), about=str(known[0]))
    one = resolve(heard, seen, named)
    if one is None or not one["asset"]:
        question = heard.say("是哪一张图？比如“第2张”。", "Which picture? For example 'picture 2'.")
        return found(reading, intent, question=question, about=str(known[0]))
    return found(reading, intent, action([one["asset"]]), about=str(known[0]))


def _just_found(heard: Heard) -> list[dict[str, Any]]:
    """What the last turn found, where it looked for files."""
    last = heard.context.turns[-1:] or ()
    return [
        hit
        for turn in last
        for one in turn.data
        if str(one.get("type", "")).startswith("asset.")
        for hit in one.get("assets", ())
    ]


INTENTS: tuple[Intent, ...] = (canvas, bring_in, of_person, tag, similar)
