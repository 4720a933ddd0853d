"""How the film as a whole is finished: its captions, how loud its parts are, how it begins and ends, its pace; and the sounds of shots."""

from __future__ import annotations

import re
from typing import Any

from agent.rules.heard import Found, Heard, Intent, Reading, found
from agent.rules.which import take_or_carried
from agent.rules.wishes import COLOURS
from storyreel.actions.base import Asked

LOUDER_DB = 4.0
LEAST_DB, MOST_DB = -40.0, 12.0


def _rx(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


_CAPTIONS = _rx(
    r"(?:把|将)?字幕(?:的)?(?:字体|字号|颜色|位置|字)?|\b(?:the )?(?:captions?|subtitles?)(?:['’]s?)?(?: (?:text|font|size|colou?r))?\b"
)
_NAMED = {word: value for value, many in COLOURS.items() for word in many}
_COLOUR = "|".join(sorted(_NAMED, key=len, reverse=True))
_CAPTION_WISHES: tuple[tuple[re.Pattern[str], dict[str, Any]], ...] = (
    (_rx(r"(?:再|更|调|变)?(?:大(?:一?[点些号])|放大|加大|更大)|\b(?:bigger|larger|large)\b"), {"size": "large"}),
    (_rx(r"(?:再|更|调|变)?(?:小(?:一?[点些号])|缩小|更小)|\b(?:smaller|small)\b"), {"size": "small"}),
    (_rx(r"(?:放|移|挪|改)?(?:到|在)?(?:画面)?(?:上面|顶部|上方|上边)|\b(?:to|at|on) (?:the )?top\b"), {"place": "top"}),
    (_rx(r"(?:放|移|挪|改)?(?:到|在)?(?:画面)?(?:中间|中央|居中)|\b(?:to|at|in) (?:the )?(?:middle|centre|center)\b"), {"place": "middle"}),
    (_rx(r"(?:放|移|挪|改)?(?:回)?(?:到|在)?(?:画面)?(?:下面|底部|下方|下边)|\b(?:to|at|on) (?:the )?bottom\b"), {"place": "bottom"}),
    (_rx(r"不(?:要)?加粗|细一?[点些]|\bnot bold\b|\bthinner\b"), {"bold": False}),
    (_rx(r"加粗|粗(?:体|一?[点些])|\bbold(?:er)?\b"), {"bold": True}),
    (_rx(r"(?:加|带)(?:上)?(?:个)?(?:底色?|背景|衬底|黑底|底框|方框)|\b(?:boxed|in a box|with a (?:box|background))\b"), {"boxed": True}),
)  # fmt: skip
_IN_COLOUR = _rx(rf"(?:改成|换成|变成|用|成)?(?P<zh>{_COLOUR})(?:色)(?:的)?(?:字)?|\b(?P<en>{_COLOUR})\b")
_PARTS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("music_db", _rx(r"(?:背景)?(?:音乐|配乐|BGM)|\b(?:the )?(?:background )?(?:music|score|soundtrack)\b")),
    ("voice_db", _rx(r"人声|配音|旁白|对白|台词(?:声)?|说话声|\b(?:the )?(?:voices?|voice-?overs?|narration|narrator|dialogue|speech)\b")),
    ("effects_db", _rx(r"音效|环境音|\b(?:the )?(?:sound effects?|effects|ambience|sfx)\b")),
)  # fmt: skip
_LOUDER = _rx(
    r"(?:的)?(?:音量|声音)?(?:再|更|调|开)?(?:大一?[点些]|大声一?[点些]?|调大|开大|响一?[点些]|调高|高一?[点些]|提高)(?:的?音量|声音)?|\bturn(?:ed)?[\s\x1f]+up\b|\b(?:louder|raise)\b(?: a (?:bit|little))?"
)
_QUIETER = _rx(
    r"(?:的)?(?:音量|声音)?(?:再|更|调|放)?(?:小一?[点些]|小声一?[点些]?|轻一?[点些]|低一?[点些]|调小|调低|压低|降低|弱一?[点些])(?:的?音量|声音)?|\bturn(?:ed)?[\s\x1f]+down\b|\b(?:quieter|softer|lower|less loud)\b(?: a (?:bit|little))?"
)
_UP_OR_DOWN = _rx(r"音量|声音|\b(?:volume|turn|down|up|level|still|even|further)\b")
_NO_MUSIC = _rx(
    r"^(?:请|把)?(?:不要|去掉|关掉|删掉|取消|拿掉)(?:背景)?(?:音乐|配乐|BGM)(?:了|吧)?[。]?$|^(?:(?:片子|影片|全片)(?:不要|没有)(?:音乐|配乐))$|^(?:please )?(?:no|remove(?: the)?|drop(?: the)?|without|turn off(?: the)?)\s+(?:background\s+)?(?:music|score|soundtrack)(?:,? please)?[.!]?$"
)
_ENDS = _rx(
    r"(?:片头|开头|片子开始)(?:加上?|要)?淡入|(?:片尾|结尾|片子结束)(?:加上?|要)?淡出|(?:整个?片子?|全片)(?:加上?)?淡入淡出|\bfade (?:the (?:film|movie)|it all) (?:in and out|in|out)\b|\bthe (?:film|movie) (?:should )?fades? (?:in and out|in|out)\b|\bfade (?:in at the (?:start|beginning)|out at the end)(?: of the (?:film|movie))?\b"
)
_PERCENT = _rx(
    r"(?:整体|全片|整个?片子?)?(?:的)?节奏(?:整体)?(?:加快|快|提速|紧凑)(?P<zf>\d{1,2})\s*%|(?:整体|全片|整个?片子?)?(?:的)?节奏(?:整体)?(?:放慢|慢)(?P<zs>\d{1,2})\s*%|\b(?:the )?(?:whole )?(?:film|pace|pacing|everything|it) (?:be )?(?P<en>\d{1,2})\s*(?:%|percent) (?P<how>faster|slower|shorter|longer)"
)
_WHOLE = _rx(r"整个?片子?|整体|全片|影片|片子|\b(?:the )?(?:whole )?(?:film|movie|everything)\b")
_SOUND = _rx(
    r"(?:加上?|配上?|添加?上?|来点?|要有?|换成)(?:一?[点些段个])?(?P<zh>[^，。\x1f]{1,40}?)的?(?:声音|音效|声响|响声|环境音|(?<=[风雨雷鸟浪海车钟枪铃哭笑])声)|"
    r"\b(?:add|put|i want|some)\s+(?:the\s+|a\s+|an\s+|some\s+)?(?:sounds?\s+(?:effects?\s+)?of\s+(?:an?\s+|the\s+)?(?P<en>[^,.\x1f]+?)|(?P<eb>[\w' -]{2,40}?)\s+(?:sounds?|sound effects?|noises?|ambience))(?=\s+(?:to|in|for|on)\b|[.!]?$)"
)
_SOUND_AGAIN = _rx(r"(?:重新|重)(?:做|生成|来|配)(?:一[遍次])?|再(?:做|生成)一[遍次]|\b(?:again|anew|redo|re-?make|make)\b")
_EFFECTS = _rx(r"的?(?:音效|环境音)|\b(?:the )?(?:sound effects?|sounds|ambience|sfx)\b(?: of)?")
_TO = _rx(r"\b(?:to|in|for|on)\b")


def captions(heard: Heard) -> Found | None:
    """How large burnt captions are, where they stand and in which colour."""
    reading = Reading(heard.text)
    if reading.take(_CAPTIONS) is None:
        return None
    fields: dict[str, Any] = {}
    for pattern, wanted in _CAPTION_WISHES:
        if set(wanted) - set(fields) and reading.take(pattern):
            fields |= wanted
    if match := reading.take(_IN_COLOUR):
        fields["colour"] = _NAMED[(match["zh"] or match["en"]).lower()]
    if not fields:
        return None
    reading.take_all(_rx(r"字体|字号|颜色|色|位置"))
    return found(reading, "captions", Asked(type="edit.caption_style", args=fields))


def mix(heard: Heard) -> Found | None:
    """Music, voices or effects louder or quieter than they are now."""
    reading = Reading(heard.text)
    field = next((name for name, pattern in _PARTS if reading.take(pattern)), "")
    louder, quieter = (reading.take(_LOUDER), None) if _LOUDER.search(reading.free) else (None, reading.take(_QUIETER))
    if not field or not (louder or quieter):
        return None
    reading.take_all(_UP_OR_DOWN)
    reading.take_all(_WHOLE)
    held = float((heard.context.profile.get("mix") or {}).get(field, 0.0))
    wanted = min(MOST_DB, max(LEAST_DB, held + (LOUDER_DB if louder else -LOUDER_DB)))
    return found(reading, "the mix", Asked(type="edit.apply", args={"edit": {"step": "mix", field: wanted}}))


def no_music(heard: Heard) -> Found | None:
    """A film without music."""
    if not _NO_MUSIC.match(heard.text):
        return None
    return Found(intent="no music", actions=(Asked(type="edit.replace_music", args={"words": "none"}),))


def own_music(heard: Heard) -> Found | None:
    """A sound of a person's own as the music of the film."""
    sounds = [one.asset_id for one in heard.context.attachments if one.asset_id and one.role != "script"]
    if len(sounds) != 1 or not re.search(r"配乐|音乐|BGM|\b(?:music|score|soundtrack)\b", heard.text, re.IGNORECASE):
        return None
    return Found(intent="own music", actions=(Asked(type="edit.replace_music", args={"asset": sounds[0]}),))


def ends(heard: Heard) -> Found | None:
    """The film rising out of the dark and sinking into it."""
    reading = Reading(heard.text)
    said = "".join(match[0] for match in reading.take_all(_ENDS))
    if not said:
        return None
    into, out = re.search(r"淡入|\bin\b", said, re.IGNORECASE), re.search(r"淡出|\bout\b", said, re.IGNORECASE)
    edit = {"step": "ends", **({} if into else {"in_s": 0.0}), **({} if out else {"out_s": 0.0})}
    return found(reading, "ends of the film", Asked(type="edit.apply", args={"edit": edit}))


def pacing(heard: Heard) -> Found | None:
    """The whole film faster or slower by a share."""
    reading = Reading(heard.text)
    match = reading.take(_PERCENT)
    if match is None or heard.context.shot_count == 0:
        return None
    share = int(match["zf"] or match["zs"] or match["en"]) / 100
    faster = bool(match["zf"]) or (match["how"] or "").lower() in {"faster", "shorter"}
    reading.take_all(_WHOLE)
    return found(reading, "pacing", Asked(type="edit.pacing", args={"factor": round(1 - share if faster else 1 + share, 3)}))


def sounds(heard: Heard) -> Found | None:
    """Sounds of shots by their words, or made again."""
    if heard.context.shot_count == 0:
        return None
    reading = Reading(heard.text)
    match = reading.take(_SOUND)
    again = match is None and _EFFECTS.search(reading.free) is not None and reading.take(_SOUND_AGAIN) is not None
    if match is None and not again:
        return None
    reading.take_all(_EFFECTS)
    which = take_or_carried(reading, heard)
    reading.take_all(_TO)
    if which is None or which.apart:
        return found(reading, "sounds", question=heard.say("哪个镜头的声音？", "The sounds of which shot?"))
    words = (match["zh"] or match["en"] or match["eb"]).strip() if match else ""
    args = {"shots": which.words, **({"words": words} if words else {"again": True})}
    return found(reading, "sounds", Asked(type="gen.sfx", args=args), about=which.words)


INTENTS: tuple[Intent, ...] = (own_music, no_music, captions, ends, mix, pacing, sounds)
