"""Settings of the whole project: its name, format, captions, language, rules, and choosing pictures by hand."""

from __future__ import annotations

import re
from typing import Any

from agent.rules.formats import settings_of
from agent.rules.heard import Found, Heard, Reading, found
from storyreel.actions.base import Asked
from storyreel.script import words


def _rx(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


_CAPTIONS: dict[str, re.Pattern[str]] = {
    "none": _rx(
        r"(?:不要|不用|去掉|关掉|关闭|取消|删掉)(?:显示)?字幕|字幕(?:关掉|去掉|关闭|不要(?!压|烧|印))|\b(?:no|without|remove(?: the)?|turn off(?: the)?|hide(?: the)?|drop(?: the)?)\s+(?:captions?|subtitles?)\b|\b(?:captions?|subtitles?) off\b"
    ),
    "beside": _rx(
        r"字幕(?:不要|别)(?:压|烧|印)在?画面(?:上|里)?|字幕(?:单独|另外|外挂|放旁边|分开)(?:一个文件|文件|输出)?|外挂字幕|\b(?:put|keep|set)\s+(?:the\s+)?(?:captions?|subtitles?)\s+(?:beside|outside|in a separate file|next to)\b(?:\s+the picture)?|\b(?:separate|external) (?:captions?|subtitles?)(?: file)?\b"
    ),
    "burnt": _rx(
        r"(?:把)?字幕(?:压|烧|印)(?:在|到|进)?画面(?:上|里)?|(?:加上|打开|显示|要|开启)字幕|硬字幕|\b(?:burn|put|show|turn on|add)\s+(?:in\s+)?(?:the\s+)?(?:captions?|subtitles?)\b(?:\s+(?:into|in|on)(?:\s+the\s+picture)?)?|\bburnt[- ]in captions\b"
    ),
}
_BY_HAND = _rx(
    r"我(?:自己|来|亲自)(?:来)?(?:选|挑)(?:图|图片|画面)?|手动选(?:图|择)?|让我选|\b(?:let me|i(?:'ll| will| want to)) (?:choose|pick|select)(?: the)?(?: pictures?| images?)?(?: myself| by hand)?\b|\b(?:choose|select(?:ion)?|pick) by hand\b|\bby hand\b|\bmanual(?:ly)? (?:selection|choose|select)\b"
)
_AUTOMATIC = _rx(
    r"自动选(?:图|择|最好的)?|你来选|帮我选图|\b(?:choose|pick|select) (?:the )?(?:best |pictures? |images? )?(?:automatically|for me)\b|\bautomatic(?:ally)? (?:selection|choose|select)\b"
)
_QUALITY: dict[str, re.Pattern[str]] = {
    "off": _rx(
        r"(?:不要|不用|关掉|关闭|取消|停掉|别做)(?:做)?(?:质量检查|质检|质量控制)|(?:质量检查|质检|质量控制)(?:关掉|关闭|关了|取消|停掉|不要了?)|\b(?:turn off|switch off|disable|stop|no)\s+(?:the\s+)?quality (?:check(?:s|ing)?|control)\b|\bquality (?:check(?:s|ing)?|control) off\b|\bturn (?:the )?quality (?:check(?:s|ing)?|control) off\b"
    ),
    "on": _rx(
        r"(?:打开|开启|启用|恢复)(?:质量检查|质检|质量控制)|(?:质量检查|质检|质量控制)(?:打开|开启|开着)|\b(?:turn on|switch on|enable)\s+(?:the\s+)?quality (?:check(?:s|ing)?|control)\b|\bquality (?:check(?:s|ing)?|control) on\b|\bturn (?:the )?quality (?:check(?:s|ing)?|control) (?:back )?on\b"
    ),
}
_RENAME = _rx(
    r"(?:把)?(?:这个|整个)?(?:项目|片子|影片|短片)(?:的)?(?:(?:名字|名称|标题|片名)(?:改成|改为|换成|叫做?|是|设为)|改名|叫做?|命名为|取名|改叫)(?:为|成|叫)?[:：]?\s*[“\"《「]?(?P<zh>[^”\"》」，。\x1f]+)[”\"》」]?|\b(?:rename|call)\s+(?:the\s+|this\s+)?(?:project|film|movie|it)\s+(?:to\s+)?[\"“']?(?P<en>[A-Z][^\"”'.]*)[\"”']?|\b(?:project|film)(?:'s)? (?:name|title) (?:to|is)\s+[\"“']?(?P<et>[^\"”'.]+)[\"”']?"
)
_RULE = _rx(
    r"(?:不许|不准|禁止|绝不能|千万不要|永远不要)(?:让)?(?:出现|拍|画|有|用|提到|使用)?(?P<zh>[^，。]{1,40})|\b(?:never|forbid|ban|do not ever|don't ever)\s+(?:show|use|mention|draw|include|have)?\s*(?P<en>[^,.]{2,60})"
)
_LANGUAGE = _rx(r"语言|配音|旁白|\b(?:language|speak|voices?|narrat)\w*")
_GENRE = _rx(
    r"(?:类型|题材)(?:改成|改为|是|为|设为)[:：]?\s*(?P<genre>[^，。]{1,20})|(?:受众|观众)(?:改成|是|为)[:：]?\s*(?P<audience>[^，。]{1,30})|\bgenre(?: is| to|:)\s*(?P<genre_en>[\w -]{2,30})|\baudience(?: is| to|:)\s*(?P<audience_en>[\w ,-]{2,40})"
)
_PLATFORMS = {
    "抖音": "抖音",
    "快手": "快手",
    "小红书": "小红书",
    "b站": "B站",
    "视频号": "视频号",
    "tiktok": "TikTok",
    "youtube": "YouTube",
    "instagram": "Instagram",
    "reels": "Instagram",
}
_WORDS = _rx(
    r"项目|整个|片子|画幅|画面比例|比例|分辨率|清晰度|(?:的)?(?:视频|片子)|发(?:到|布到)?|平台|横构图|竖构图|\b(?:project|film|aspect(?: ratio)?|ratio|resolution|format|video|publish|post|quality|screen|for)\b"
)


def configure(heard: Heard) -> Found | None:
    """One or more settings of the project."""
    reading = Reading(heard.text)
    actions = [*_meta(heard, reading), *_config(reading), *_rules(heard, reading)]
    if not actions:
        return None
    reading.take_all(_WORDS)
    return found(reading, "project settings", *actions)


def _meta(heard: Heard, reading: Reading) -> list[Asked]:
    fields: dict[str, Any] = settings_of(reading.free, reading)
    if match := reading.take(_RENAME):
        fields["name"] = (match["zh"] or match["en"] or match["et"]).strip()
    if match := reading.take(_GENRE):
        fields |= {key.removesuffix("_en"): value.strip() for key, value in match.groupdict().items() if value}
    if (language := words.find_language(reading.free)) and (
        _LANGUAGE.search(reading.free) or re.search(r"改|换|用|做成|版|change|switch|in ", heard.text)
    ):
        fields["language"] = language
        for hit in words.LANGUAGES.hits(reading.free):
            reading.strike(hit.start, hit.end)
        reading.take_all(_LANGUAGE)
        reading.take(_rx("版本?"))
    for word, name in _PLATFORMS.items():
        at = heard.text.lower().find(word)
        if at >= 0 and (fields or re.search(r"发|平台|for |on ", heard.text)):
            fields["platform"] = name
            reading.strike(at, at + len(word))
    return [Asked(type="project.update_meta", args=fields)] if fields else []


def _config(reading: Reading) -> list[Asked]:
    fields: dict[str, str] = {}
    for value, pattern in _CAPTIONS.items():
        if reading.take(pattern):
            fields["captions"] = value
            break
    for value, pattern in _QUALITY.items():
        if reading.take(pattern):
            fields["quality"] = value
            break
    if reading.take(_BY_HAND):
        fields["selection"] = "by_hand"
    elif reading.take(_AUTOMATIC):
        fields["selection"] = "automatic"
    return [Asked(type="project.set_config", args=fields)] if fields else []


def _rules(heard: Heard, reading: Reading) -> list[Asked]:
    match = reading.take(_RULE)
    if match is None:
        return []
    new = [part.strip() for part in re.split(r"[、,，]|和|或|\band\b|\bor\b", match["zh"] or match["en"]) if part.strip()]
    held = [str(rule) for rule in heard.context.profile.get("rules", [])]
    return [Asked(type="project.set_rules", args={"rules": list(dict.fromkeys([*held, *new]))})] if new else []
