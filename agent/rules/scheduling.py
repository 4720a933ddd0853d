"""Shots that continue from others, what is rendered by what it has in common, what goes first, and what is done at a time."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from agent.rules.heard import Found, Heard, Intent, Reading, found
from agent.rules.which import numbers_of, take_or_carried, take_which
from storyreel.actions.base import Asked
from storyreel.script.numbers import parse_number


def _rx(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


_FOLLOW = _rx(
    r"(?P<za>.+?)(?:要|就|应该)?(?:接着?|紧接|承接|续接|延续|从)(?P<zb>.+?)(?:的?(?:最后一帧|末帧|尾帧|结尾|后面|最后的画面))?(?:开始|往下|继续|接下去|走)?$"
    r"|(?P<ea>.+?)\s+(?:should\s+)?(?:continues?|goes on|carry on|carries on|picks? up|follows? on|starts?|begins?)\s+(?:on\s+)?(?:from|with|where)\s+(?:the\s+(?:last|final) frame of\s+|the end of\s+)?(?P<eb>.+?)(?:\s+(?:ends?|left off|stops?)|['’]s (?:last|final) frame)?$"
)
_SURE_FOLLOW = _rx(
    r"最后一帧|末帧|尾帧|接着?第|接上一|紧接|承接|续接|\bcontinu|\b(?:last|final) frame\b|\bpicks? up\b|\bleft off\b|\bgoes on from\b"
)
_BEFORE = _rx(r"上一?[个镜]镜?头?|前一?[个镜]镜?头?|\bthe (?:previous|one before|last) (?:shot|one)?|\bthe shot before\b")
_ALONE = _rx(
    r"(?:不要|不再|别|取消)(?:再)?(?:接着?|承接|延续|衔接)(?:前面?|上面?|别|其他)?的?(?:一?[个镜]头?)?(?:镜头?|别的镜头?|其他镜头?)?了?|独立(?:出来|开始)|"
    r"\b(?:stands?|let .* stand) (?:alone|by (?:itself|themselves))(?: again)?\b|\b(?:does(?:n['’]t| not)|do(?:n['’]t| not)|no longer|not) continues? (?:from|on)(?: (?:any|another|the (?:previous|other)) shot| shot \d+| it)?\b"
)
_NIGHT = r"(?P<zp>凌晨|半夜|早上|清晨|上午|中午|下午|傍晚|晚上|夜里|夜间|今晚|明早|深夜)?"
_CLOCK = _rx(
    rf"(?P<zd>每天|每日|每晚|天天|工作日|每个工作日|今天|今晚|明天|明早|每周(?P<zw>[一二三四五六日天]))?(?:的)?{_NIGHT}(?P<zh>\d{{1,2}}|[零一二两三四五六七八九十]+)(?:点|时|:|：)(?P<zm>半|一刻|三刻|\d{{1,2}}分?)?(?:钟|整)?(?:的时候)?"
    r"|\b(?P<ed>every (?:night|day|morning|evening|weekday|(?P<ew>mon|tues|wednes|thurs|fri|satur|sun)day)|each (?:night|day|morning)|nightly|daily|tonight|tomorrow(?: (?:morning|night|evening))?)?\s*(?:at\s+)(?P<eh>\d{1,2})(?::(?P<em>\d{2}))?\s*(?P<ep>am|pm|a\.m\.|p\.m\.|o['’]clock)?(?:\s+(?P<el>every (?:night|day|morning|evening|weekday)|each (?:night|day)|daily|tonight|tomorrow(?: morning| night)?))?"
)
_NIGHTLY = re.compile(r"每|天天|every|each|nightly|daily|weekday|工作日", re.IGNORECASE)
_WEEKDAYS = {**dict(zip("一二三四五六", range(1, 7), strict=True)), "日": 0, "天": 0}
_WEEKDAYS_EN = {"mon": 1, "tues": 2, "wednes": 3, "thurs": 4, "fri": 5, "satur": 6, "sun": 0}
_STALE = _rx(
    r"(?:所有|全部)?(?:过期|过时|失效|陈旧|不是最新)了?的?(?:镜头|画面|内容|东西|那些)?|\b(?:(?:all|everything|whatever|what)(?:\s+(?:that|of it))?(?:\s+(?:is|are|has gone))?\s+)?(?:stale|outdated|out of date)(?:\s+(?:shots?|ones|pictures?))?\b"
)
_MADE_BY = _rx(
    r"(?:所有|全部)?(?:由|用)?(?P<zp>[A-Za-z][\w.-]{1,40})(?:做|生成|渲染|出)的?(?:所有|全部)?(?:镜头|画面|视频)?|\b(?:everything|all|all shots|the shots|shots|what)(?:\s+(?:that\s+)?(?:was|were))?\s+(?:made|rendered|done|generated)\s+(?:by|with)\s+(?P<ep>[A-Za-z][\w.-]{1,40})\b|\b(?:everything|all shots|the shots)\s+(?:by|from)\s+(?P<eq>[A-Za-z][\w.-]{1,40})\b"
)
_STYLED = _rx(
    r"(?:所有|全部)?用?[“\"《「](?P<zt>[^”\"》」]{1,60})[”\"》」](?:风格|模板|样式)的?(?:所有|全部)?(?:镜头|画面)?|\b(?:everything|all shots|the shots|shots)\s+(?:(?:that (?:are|is)\s+)?(?:drawn|made|done)\s+)?(?:with|in|by)\s+the\s+(?:style|template)\s+[\"“']?(?P<et>[\w -]{1,60}?)[\"”']?(?=$|\s+again\b)"
)
_RENDER = _rx(
    r"(?:重新|再|把|请)?(?:渲染|重做|重渲|生成|做)(?:一[遍次])?(?:一下)?|重新(?:来|做|出)(?:一[遍次])?|\b(?:re-?)?(?:render|make|do|redo|generate)\b(?:\s+(?:again|anew))?|\bagain\b"
)
_EXPORT = _rx(r"导出(?:成片|影片|片子|视频)?|出片|\bexport(?: the)?(?: film| movie| video)?\b")
_ALL = _rx(
    r"所有|全部|整(?:个|部)片子?|影片|片子|成片|\beverything\b|\bit all\b|\bthe (?:whole )?(?:film|movie)\b|\ball (?:the )?shots\b"
)
_LIST = _rx(
    r"(?:有|列出|看看|查看|显示)?(?:哪些|什么|所有|全部)?的?(?:定时|计划|排定)(?:的)?(?:任务|渲染|导出)?(?:有哪些|是什么|有吗)?[？?]?$|\b(?:what(?:['’]s| is)|list|show)(?: me)?(?: (?:all|the|everything))*\s*(?:is )?scheduled?(?:s|d)?(?: (?:tasks?|renders?|exports?))?\b"
)
_UNSET = _rx(
    r"(?:取消|停掉|删掉|去掉|撤销)(?:所有|全部|那个|这个)?的?(?:定时|计划)(?:的)?(?:任务|渲染|导出)?|不要?(?:再)?定时(?:渲染|导出|任务)?了?|\b(?:cancel|stop|remove|drop|delete)\s+(?:the|all|every|my)?\s*(?:the )?(?:schedules?|scheduled (?:tasks?|renders?|exports?|jobs?))\b|\bunschedule\b"
)
_FIRST = _rx(
    r"(?:优先级|优先)(?:提高|调高|最高|提前)|插队|排(?:到|在)(?:最)?前面?|\b(?:high(?:er|est)?|top) priority\b|\bprioriti[sz]e\b|\bahead of the (?:others|rest)\b|\bto the front(?: of the queue)?\b"
)
_LATER = _rx(
    r"(?:放|排)(?:到|在)?最?后面?(?:再)?(?:渲染|做)?|(?:优先级)(?:降低|调低|最低)|最后再(?:渲染|做)|\b(?:render|do|put)\b(?=.*\blast\b)|\blast of all\b|\b(?:low(?:er|est)?) priority\b|\bdeprioriti[sz]e\b"
)
_TO = _rx(r"优先级(?:设为|设成|改成|改为|调到|为)?\s*(?P<z>\d{1,3})|\bpriority\s*(?:to|of|is|=)?\s*(?P<e>\d{1,3})\b")
SOONER, LATER = 90, 10
_PM = re.compile(r"下午|傍晚|晚上|今晚|夜里(?=[七八九十])|深夜|p\.?m", re.IGNORECASE)
_NOON, _DAY = 12, 24
_EVENING = _rx(r"evening|tonight|tomorrow night")


def follow(heard: Heard) -> Found | None:
    """One shot continues from another: "shot 4 continues from shot 3", "第4镜接第3镜的最后一帧"."""
    if heard.context.shot_count == 0 or not _SURE_FOLLOW.search(heard.text):
        return None
    match = _FOLLOW.search(heard.text)
    if match is None:
        return None
    first, second = Reading(match["za"] or match["ea"] or ""), Reading(match["zb"] or match["eb"] or "")
    shots = take_or_carried(first, heard)
    if shots is None or shots.apart or shots.words == "all":
        return None
    known = numbers_of(heard, shots.words)
    if _BEFORE.search(second.free) and known and known[0] > 1:
        second.take_all(_BEFORE)
        ahead = str(known[0] - 1)
    else:
        named = take_which(second, heard)
        ahead = named.words if named and named.said else ""
        if not ahead or len(numbers_of(heard, ahead) or ()) != 1:
            return None
    reading = Reading(heard.text, f"{first.free} {second.free}")
    asked = Asked(type="shot.follow", args={"shots": shots.words, "after": ahead})
    return found(reading, "continue from a shot", asked, about=shots.words)


def alone(heard: Heard) -> Found | None:
    """A shot continues from no other any more."""
    reading = Reading(heard.text)
    if heard.context.shot_count == 0 or not reading.take(_ALONE):
        return None
    shots = take_or_carried(reading, heard)
    if shots is None or shots.apart:
        return None
    return found(reading, "stand alone", Asked(type="shot.follow", args={"shots": shots.words}), about=shots.words)


def common(heard: Heard) -> Found | None:
    """Rendered again by what shots have in common: stale, made by a provider, drawn in a style."""
    if heard.context.shot_count == 0:
        return None
    reading = Reading(heard.text)
    asked = _common(reading)
    if asked is None or reading.take(_RENDER) is None:
        return None
    reading.take_all(_RENDER)
    return found(reading, "render again", asked)


def at_a_time(heard: Heard) -> Found | None:
    """Rendered or exported at a time: "render everything at 2am", "每天凌晨两点重新渲染过期的镜头"."""
    if heard.context.shot_count == 0:
        return None
    reading = Reading(heard.text)
    match = reading.take(_CLOCK)
    when = _when(match) if match is not None else None
    if when is None:
        return None
    done = _done(reading, heard)
    if done is None:
        return None
    asked = Asked(
        type="schedule.set",
        args={**when, "title": heard.text.strip()[:80], "actions": [done.model_dump(by_alias=True, exclude_defaults=True)]},
    )
    return found(reading, "do it at a time", asked)


def planned(heard: Heard) -> Found | None:
    """What is scheduled, or no more of it."""
    reading = Reading(heard.text)
    if reading.take(_UNSET):
        return found(reading, "cancel schedules", Asked(type="schedule.cancel"))
    if reading.take(_LIST):
        return found(reading, "list schedules", looks=(Asked(type="schedule.list"),))
    return None


def sooner(heard: Heard) -> Found | None:
    """Open renders of some shots put first or last, or given a priority."""
    if heard.context.shot_count == 0:
        return None
    for pattern, priority in ((_TO, None), (_FIRST, SOONER), (_LATER, LATER)):
        reading = Reading(heard.text)
        match = reading.take(pattern)
        if match is None:
            continue
        which = take_which(reading, heard)
        if which is None or not which.said or which.words == "all" or which.apart:
            continue
        reading.take_all(_FIRST if priority == SOONER else _LATER)
        reading.take_all(_rx(r"渲染|任务|优先级?|\b(?:renders?|tasks?|priority|first|last|give|set|put)\b"))
        value = int(match["z"] or match["e"]) if priority is None else priority
        asked = Asked(type="task.prioritise", args={"shots": which.words, "priority": min(100, value)})
        return found(reading, "render sooner or later", asked, about=which.words)
    return None


def _common(reading: Reading) -> Asked | None:
    if reading.take(_STALE):
        return Asked(type="gen.video", args={"stale": True})
    if match := reading.take(_STYLED):
        return Asked(type="gen.video", args={"template": (match["zt"] or match["et"]).strip(), "again": True})
    if match := reading.take(_MADE_BY):
        return Asked(type="gen.video", args={"provider": match["zp"] or match["ep"] or match["eq"], "again": True})
    return None


def _done(reading: Reading, heard: Heard) -> Asked | None:
    """What is to be done: an export, what is stale, some shots, or the whole film."""
    if reading.take(_EXPORT):
        reading.take_all(_ALL)
        return Asked(type="export.final")
    narrowed = _common(reading)
    if reading.take(_RENDER) is None:
        return None
    reading.take_all(_RENDER)
    if narrowed is not None:
        return narrowed
    which = take_which(reading, heard)
    if which is not None and which.said and which.words != "all" and not which.whole_film:
        return Asked(type="gen.video", args={"shots": which.words})
    reading.take_all(_ALL)
    return Asked(type="gen.compose")


def _when(match: re.Match[str]) -> dict[str, str] | None:
    """`cron` or `at`, from what was said of a time."""
    said = match[0]
    hour = parse_number(match["zh"] or match["eh"] or "")
    if hour is None or hour >= _DAY:
        return None
    hour, minute = int(hour), _minute(match)
    if hour < _NOON and (_PM.search(said) or (_EVENING.search(said) and not (match["ep"] or "").lower().startswith("a"))):
        hour += _NOON
    if hour == _NOON and re.search(r"凌晨|半夜|a\.?m", said, re.IGNORECASE):
        hour = 0
    if not _NIGHTLY.search(said):
        day = "tomorrow " if re.search(r"明天|明早|tomorrow", said, re.IGNORECASE) else ""
        return {"at": f"{day}{hour:02d}:{minute:02d}"}
    day = "*"
    if match["zw"] or match["ew"]:
        day = str(_WEEKDAYS[match["zw"]] if match["zw"] else _WEEKDAYS_EN[match["ew"].lower()])
    elif re.search(r"工作日|weekday", said, re.IGNORECASE):
        day = "1-5"
    return {"cron": f"{minute} {hour} * * {day}"}


def _minute(match: re.Match[str]) -> int:
    said = (match["zm"] or match["em"] or "0").rstrip("分")
    return {"半": 30, "一刻": 15, "三刻": 45}.get(said) or int(said if said.isdigit() else 0)


def _never_alone(intent: Intent) -> Callable[[Heard], Found | None]:
    """Sure enough to stand before what reads the same words as a plain render."""

    def tried(heard: Heard) -> Found | None:
        one = intent(heard)
        return replace(one, most=0.96) if one is not None and not one.left else one

    return tried


INTENTS: tuple[Intent, ...] = tuple(_never_alone(one) for one in (alone, follow, planned, at_a_time, common, sooner))
