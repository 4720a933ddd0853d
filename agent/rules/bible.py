"""What episodes share, by talk: how places and props look, styles under a name, and the rules of the world."""

from __future__ import annotations

import re
from typing import Any

from agent.rules.heard import Found, Heard, Intent, Reading, found
from agent.rules.pictures import look, resolve, shown, take_named
from agent.rules.which import numbers_of, take_or_carried
from agent.rules.wishes import take_wish
from storyreel.actions.base import Asked
from storyreel.script.tongue import CJK

LONGEST_NAME = 24


def _rx(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


_ALWAYS = _rx(
    rf"^(?:请|让)?(?P<kz>道具|地点|场景)?[：:“]?(?P<zh>[{CJK}A-Za-z]{{1,10}}?)[”]?(?:里|中)?(?:要|得|应该|必须)?(?:永远|总是|一直|始终|固定)(?:都)?(?:要|得)?(?:是|在|用|有|保持)?(?P<zr>.+)$|"
    r"^(?:the\s+|an?\s+)?(?P<ke>prop\s+|place\s+)?(?P<en>[\w' -]{2,40}?)\s+(?:(?:is|are|looks?|has|stays?)\s+always|(?:should|must)\s+always\s+(?:be|have|look)|always\s+(?:is|looks?|has|stays?))\s+(?P<er>.+)$"
)
_NEW = _rx(
    r"^(?:请|帮我)?(?:加|新建|添加|建|设定)一?个?(?P<kz>道具|场景设定|地点设定|地点)[：:，,]?\s*(?:叫做?|名为)?[“《]?(?P<zh>[^，,。：:”》]{1,12})[”》]?[，,：:]?\s*(?P<zr>.*)$|"
    r"^(?:please\s+)?(?:add|create|define|make)\s+(?:an?\s+|the\s+)?(?:new\s+)?(?P<ke>prop|place|location look|location)(?:\s+(?:called|named))?\s*:?\s*[\"“']?(?P<en>[\w' -]{2,40}?)[\"”']?(?:\s*[,:]\s*(?P<er>.+))?$"
)
_KNOWN = _rx(
    r"的(?:场景|道具)?设定(?:改成|改为|是|换成|[:：])|的样子(?:改成|改为|是)|\b(?:looks?\s+like|['’]s\s+look\s+(?:is|to))\b|\bdescribe\b"
)
_NO_PLACE = _rx(
    r"^[把将给让]|的|镜头|分镜|整个|全片|片子|项目|我们?|你|字幕|配乐|音乐|^(?:i|we|you|it|this|that|they|he|she|everything|everyone|shots?.*|scene.*|the (?:film|project).*|music|captions?)$"
)
_LIGHT = _rx(
    r"(?P<zh>[^，,、。；\x1f是在用]{0,6}(?:光线?|灯光))(?![头亮])|\b(?:in\s+|with\s+|a\s+|an\s+)*(?P<en>(?:warm|cold|cool|soft|hard|dim|bright|golden|blue|harsh|moon|candle|neon|low|back)[\w-]*\s*light(?:ing)?|moonlight|candlelight|lamplight|backlight)\b"
)
_DELETE = _rx(
    r"(?:删掉|删除|去掉|移除)(?P<kz>道具|地点)?(?P<zh>[^，。第]{1,12}?)的?(?:场景设定|道具设定|地点设定|设定)$|(?:删掉|删除|去掉|移除)道具(?P<zp>[^，。第]{1,12})$|"
    r"\b(?:delete|remove)\s+the\s+(?P<ke>look|prop|place)\s+(?:of\s+)?(?:the\s+)?(?P<en>[^,.]+?)[.]?$"
)
_LOCK = _rx(r"(?P<off>解锁|解除锁定|取消锁定|\bunlock\b|\bfree\b)|锁定|锁住|固定住?|\block\b")
_FIELDS: dict[str, re.Pattern[str]] = {
    "time": _rx(r"时间|时段|\btime(?: of day)?\b"),
    "weather": _rx(r"天气|\bweather\b"),
    "light": _rx(r"光线?|灯光|\blight(?:ing)?\b"),
    "palette": _rx(r"配色|色调|颜色|\b(?:palette|colou?rs?)\b"),
    "style": _rx(r"风格|画风|\bstyle\b"),
    "description": _rx(r"样子|外观|描述|\b(?:description|appearance|looks?)\b"),
}
_SAVE = _rx(
    r"(?:存|保存|记)(?:成|为|下来?)(?:一个|一种)?(?:风格)?(?:预设)?[，,]?(?:叫做?|名为|命名为)?[“\"「《]?(?P<zh>[^”\"」》，。]{1,24})[”\"」》]?(?:风格)?$|\bsave\b(?P<mid>.*?)\bas\s+(?:an?\s+|the\s+)?(?:style\s+)?(?:called\s+|named\s+)?[\"“']?(?P<en>[^\"”'.]{1,40})[\"”']?\s*(?:style)?[.]?$"
)
_STYLE = _rx(r"的?(?:画面)?(?:风格|画风)|\b(?:the\s+)?style(?:\s+of)?\b")
_NEW_STYLE = _rx(
    r"^(?:请|帮我)?(?:新建|保存|建|加|存)一?[个种]?风格[：:，,]?(?:叫做?|名为)?[“\"「《]?(?P<zh>[^”\"」》，,。：:]{1,20})[”\"」》]?[：:，,]\s*(?P<zr>.+)$|^(?:please\s+)?(?:save|create|add|make)\s+(?:an?\s+)?(?:new\s+)?style\s+(?:called\s+|named\s+)?[\"“']?(?P<en>[^\"”':,]{2,40})[\"”']?\s*[:,]\s*(?P<er>.+)$"
)
_APPLY = _rx(
    rf"(?:套用?|应用|套上)(?P<za>[{CJK}A-Za-z]{{1,12}}?)(?:的)?(?:风格|画风|预设)|(?:把|将)[“\"《]?(?P<zb>[{CJK}A-Za-z]{{1,12}}?)[”\"》]?(?:这个|那个|这种)?的?(?:风格|画风|预设)(?:用|套|应用)(?:到|在|于|给)|"
    r"\bapply\s+(?:the\s+)?(?:style\s+)?[\"“']?(?P<en>[\w' -]{2,40}?)[\"”']?(?:\s+style)?(?=\s+(?:to|on)\b|[.!]?$)"
)
_TO = _rx(r"\b(?:to|on)\b")
_WORLD = _rx(
    r"^(?:把|请|在)?世界观(?:设定)?(?:[“《](?P<zn>[^”》]{1,24})[”》])?(?:里|中|上|是|要)*(?:写上?|加上?|加入|记上|补充|写明|添加)?(?:一条|一句|一下)?[:：，,]?\s*(?P<zh>.+)$|"
    r"^(?:please\s+)?(?:(?:add|write|put|note)\s+(?:it\s+)?(?:in|into|to|down in)\s+the\s+world(?:\s+(?:setting|rules|bible))?\s*[:,]?\s*(?:that\s+)?|(?:the\s+)?world\s*(?:setting|rules?|building)?\s*:\s*|in (?:this|our) world,?\s+)(?P<en>.+)$"
)
_NO_WORLD = _rx(r"[?？吗呢]$|哪些|什么|^(?:是|有)$|\b(?:what|which)\b")


def set_look(heard: Heard) -> Found | None:
    """How a place or a prop looks in every shot that names it."""
    always, new = _ALWAYS.match(heard.text), _NEW.match(heard.text)
    match = always or new
    groups = match.groupdict() if match else _of_known(heard)
    name = (groups.get("zh") or groups.get("en") or "").strip()
    if not name or _NO_PLACE.search(name) or name.lower() in {one.lower() for one in heard.context.characters}:
        return None
    rest = (groups.get("zr") or groups.get("er") or "").strip(" 。.")
    kind = _kind(groups.get("kz") or groups.get("ke") or "")
    fields = _fields(rest, heard)
    if not fields and not new:
        return None
    return Found(intent="a look", actions=(Asked(type="look.set", args={"name": name, **kind, **fields}),))


def _of_known(heard: Heard) -> dict[str, str | Any]:
    """The words behind the name of a look that is known: "灯塔的样子是…"."""
    at = _KNOWN.search(heard.text)
    name = next((one for one in heard.context.looks if one.lower() in heard.text[: at.start()].lower()), "") if at else ""
    return {"zh": name, "zr": heard.text[at.end() :]} if at and name else {}


def _kind(word: str) -> dict[str, str]:
    low = word.strip().lower()
    return {"kind": "prop"} if low in {"道具", "prop"} else {"kind": "place"} if low else {}


def _fields(rest: str, heard: Heard) -> dict[str, Any]:
    """The fields of a look; what none of them holds is its description."""
    reading = Reading(rest)
    fields: dict[str, Any] = {}
    if match := reading.take(_LIGHT):
        fields["light"] = (match["zh"] or match["en"]).strip()
    wish = take_wish(reading, heard, subject=False)
    fields |= {key: value for key, value in wish.picture.items() if key in ("time", "weather", "palette", "style")}
    return {**fields, "description": rest} if reading.left else fields


def delete_look(heard: Heard) -> Found | None:
    """The look of a place or a prop taken away."""
    match = _DELETE.search(heard.text)
    if match is None:
        return None
    name = (match["zh"] or match["zp"] or match["en"]).strip()
    kind = _kind("prop" if match["zp"] else (match["kz"] or (match["ke"] or "").replace("look", "")))
    return Found(intent="delete a look", actions=(Asked(type="look.delete", args={"name": name, **kind}),))


def lock_look(heard: Heard) -> Found | None:
    """Fields of a place's look held or freed."""
    reading = Reading(heard.text)
    lock = reading.take(_LOCK)
    name = next((one for one in sorted(heard.context.looks, key=len, reverse=True) if reading.take(_rx(re.escape(one)))), "")
    if lock is None or not name or re.search(r"镜头|\bshots?\b", heard.text, re.IGNORECASE):
        return None
    fields = [field for field, pattern in _FIELDS.items() if reading.take(pattern)]
    if not fields:
        return None
    return found(reading, "lock a look", Asked(type="look.set", args={"name": name, "unlock" if lock["off"] else "lock": fields}))


def save_style(heard: Heard) -> Found | None:
    """A style under a name: of a shot, of a picture, or in words."""
    if match := _NEW_STYLE.match(heard.text):
        name, words = (match["zh"] or match["en"]).strip(), (match["zr"] or match["er"]).strip(" 。.")
        return Found(intent="save a style", actions=(Asked(type="style.save", args={"name": name, "style": words}),))
    reading = Reading(heard.text)
    if _STYLE.search(heard.text) is None or (match := reading.take(_SAVE)) is None or heard.context.shot_count == 0:
        return None
    name = (match["zh"] or match["en"]).strip()
    between = Reading(heard.text[: match.start()] + (match["mid"] or ""))
    between.take_all(_STYLE)
    named = take_named(between)
    which = take_or_carried(between, heard)
    known = numbers_of(heard, which.words) if which else None
    if not known:
        return found(between, "save a style", question=heard.say("哪个镜头的风格？", "The style of which shot?"))
    args: dict[str, Any] = {"name": name, "shot": str(known[0])}
    if named.said:
        if (seen := shown(heard, known[0])) is None:
            return found(between, "save a style", looks=(look(known[0]),), about=str(known[0]))
        one = resolve(heard, seen, named)
        args |= {"node": one["node"]} if one else {}
    return found(between, "save a style", Asked(type="style.save", args=args), about=str(known[0]))


def apply_style(heard: Heard) -> Found | None:
    """A style that has a name put on shots, on a scene, or on the whole project."""
    reading = Reading(heard.text)
    match = reading.take(_APPLY)
    if match is None or heard.context.shot_count == 0:
        return None
    name = (match["za"] or match["zb"] or match["en"]).strip()
    reading.take_all(_TO)
    which = take_or_carried(reading, heard)
    if which is not None and which.apart:
        return None
    where = {} if which is None or which.whole_film else {"scene": which.scene} if which.scene else {"shots": which.words}
    asked = Asked(type="style.apply", args={"name": name, **where})
    return found(reading, "apply a style", asked, about=which.words if which and not which.whole_film else "")


def world(heard: Heard) -> Found | None:
    """A rule of the world, kept as a setting of its own."""
    match = _WORLD.match(heard.text)
    said = (match["zh"] or match["en"]).strip(" 。.") if match else ""
    if match is None or len(said) < 2 or _NO_WORLD.search(said):  # noqa: PLR2004 (one character says nothing)
        return None
    name = (match["zn"] or re.split(r"[，,。;；.]", said)[0][:LONGEST_NAME]).strip()
    args = {"table": "world_setting", "which": name, "text": said}
    return Found(intent="the world", actions=(Asked(type="doc.update", args=args),))


INTENTS: tuple[Intent, ...] = (world, delete_look, lock_look, save_style, apply_style, set_look)
