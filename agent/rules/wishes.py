"""What a shot should become: the fields of a change, read from a person's words."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from agent.rules.feelings import FEELINGS
from agent.rules.heard import Heard, Reading
from agent.rules.speech import Speech, take_speech
from storyreel.script import numbers, things, words
from storyreel.script.lexicon import Lexicon
from storyreel.script.tongue import CJK

FASTER, SLOWER, LONGER, SHORTER = 0.85, 1.18, 1.25, 0.8


@dataclass
class Wish:
    """The wanted fields of a shot, collected while reading. `plus_s` and `scale` are relative to what it is."""

    picture: dict[str, Any] = field(default_factory=dict[str, Any])
    camera: dict[str, Any] = field(default_factory=dict[str, Any])
    rest: dict[str, Any] = field(default_factory=dict[str, Any])
    scale: float | None = None
    plus_s: float | None = None
    speech: Speech | None = None
    keep_total: bool = False
    guessed: bool = False

    @property
    def empty(self) -> bool:
        """Whether nothing was wished for."""
        return not (self.picture or self.camera or self.rest or self.speech or self.scale or self.plus_s)

    @property
    def seen(self) -> bool:
        """Whether it changes what is seen or heard, so that a rendered shot is stale."""
        return bool(
            self.picture or self.camera or self.speech or self.scale or self.plus_s or set(self.rest) - {"notes", "status"}
        )


_FASTER = re.compile(
    r"(?:节奏|剪辑|运镜|镜头运动|速度)?(?:再|更|稍微|稍)?(?:快一?点儿?|快一?些|更快|加快(?:一点|一些)?(?:节奏|速度)?|提速|紧凑(?:一点|一些)?|再快)|"
    r"\b(?:a (?:little |bit )?|much |even |slightly )?(?:faster|quicker|snappier|speedier|brisker)(?: paced?| pace)?\b|\bspeed(?:\s+\w+)? up\b|\bpick up the pace\b|\btighter pac(?:e|ing)\b",
    re.IGNORECASE,
)
_SLOWER = re.compile(
    r"(?:节奏|剪辑|运镜|镜头运动|速度)?(?:再|更|稍微|稍)?(?:慢一?点儿?|慢一?些|更慢|放慢(?:一点|一些)?(?:节奏|速度)?|舒缓一?点|再慢)|\b(?:a (?:little |bit )?|much |even |slightly )?slower(?: paced?| pace)?\b|\bslow(?:\s+\w+)? down\b",
    re.IGNORECASE,
)
_CAMERA_ONLY = re.compile(r"运镜|镜头运动|\bcamera\b", re.IGNORECASE)
_LONGER = re.compile(
    r"(?:再|更)?(?:长一?点儿?|长一?些|延长(?:一点|一些)?|拉长(?:一点)?)|\b(?:a (?:little |bit )?|much |slightly )?longer\b|\blengthen\b|\bextend\b",
    re.IGNORECASE,
)
_SHORTER = re.compile(
    r"(?:再|更)?(?:短一?点儿?|短一?些|缩短(?:一点|一些)?)|\b(?:a (?:little |bit )?|much |slightly )?shorter\b|\bshorten\b|\btrim\b",
    re.IGNORECASE,
)
_SECONDS = re.compile(
    r"(?:(?:时长|长度)?(?:改成|改为|改到|变成|设为|调到|调成|缩短到|缩到|延长到|为|是)?\s*)(?P<n>\d+(?:\.\d+)?|[零一二两三四五六七八九十半]+)\s*个?(?P<zh>秒|分|小时|钟头)钟?长?|"
    rf"(?:\b(?:to|for|last|lasts?|exactly|of)\s+)?\b(?P<m>\d+(?:\.\d+)?|{numbers.UP_TO_TEN_EN}|half a|a|zero)[\s-]*(?P<en>{numbers.SECONDS_EN}|{numbers.MINUTES_EN}|hours?)\b(?:\s+long\b)?",
    re.IGNORECASE,
)
_UNIT_S = {"秒": 1, "分": 60, "小": 3600, "钟": 3600, "s": 1, "m": 60, "h": 3600}
_PLUS = re.compile(
    r"(?:再|加|增加|多|延长)(?:长|加)?\s*(?=[\d一二两三半]+(?:\.\d+)?\s*秒)|\b(?:lengthen|extend|longer)\b[\w\s]{0,16}\bby\b|\badd\b(?=\s+[\w.]+\s*(?:s\b|sec))|(?=\b\w+ seconds? longer\b)",
    re.IGNORECASE,
)
_MINUS = re.compile(
    r"(?:减|缩短|减少|少|剪掉|砍掉)(?:掉|去)?\s*(?=[\d一二两三半]+(?:\.\d+)?\s*秒)|\b(?:shorten|trim|cut|shorter)\b[\w\s]{0,16}\bby\b|(?=\b\w+ seconds? shorter\b)",
    re.IGNORECASE,
)
_TO_LENGTH = re.compile(r"缩短|延长|拉长|\b(?:shorten|lengthen|trim|extend|cut(?: it)?(?: down)?)\b", re.IGNORECASE)
_STOPS = re.compile(
    r"(?:雨|雪|雾|风暴)[^，。]{0,4}(?:去掉|停了?|删掉|拿掉|没了)|\b(?:remove|stop|take (?:out|away)|lose)\s+(?:the\s+|all\s+)?(?=rain|snow|fog|storm|mist|cloud)",
    re.IGNORECASE,
)
_KEEP = re.compile(
    r"(?:并|但|而)?(?:保持)?(?:总时?长|总长度|整体时长|全长)(?:度)?(?:保持)?(?:不变|不动|一样|不要变)|保持总时?长(?:不变)?|\b(?:and |but )?(?:keep(?:ing)?|without changing|same) the (?:(?:same )?total|overall|whole)(?: (?:length|duration|time|running time))?(?: the same| unchanged)?|\bkeep (?:the )?total (?:length|duration)(?: the same| unchanged)?",
    re.IGNORECASE,
)
_NOTE = re.compile(
    r"(?:加(?:个|一个|一条)?|写个?)?(?:备注|注释|笔记)(?:改成|为)?\s*[:：]?\s*(?P<t>.+)$|\b(?:add a |leave a )?note\b(?: (?:to|on|for) (?:it|this|that|\x1f+))?\s*[:：]\s*(?P<u>.+)$",
    re.IGNORECASE,
)
_STATUS: dict[str, re.Pattern[str]] = {
    "draft": re.compile(
        r"解锁|解除锁定|取消锁定|取消通过|退回草稿|改回草稿|\bunlock(?:ed)?\b|\bunapprove\b|\bback to draft\b|\breopen\b",
        re.IGNORECASE,
    ),
    "locked": re.compile(r"锁定|锁住|锁上|锁起来|别再动|\block(?:ed)?\b", re.IGNORECASE),
    "approved": re.compile(r"定稿|审核通过|批准|通过|\bapproved?\b|\bsign(?:ed)? off\b|\bis final\b", re.IGNORECASE),
}
_TONES: dict[tuple[str, str], re.Pattern[str]] = {
    ("#fff6dd", "#8fb8e8"): re.compile(
        r"(?:再|更)?(?:亮一?[点些]|更亮|明亮(?:一点|一些)?|提亮)|\bbright(?:er|en)?\b|\blighter\b", re.IGNORECASE
    ),
    ("#4a5a7a", "#0e1320"): re.compile(
        r"(?:再|更)?(?:暗一?[点些]|更暗|昏暗(?:一点)?|压暗)|\bdark(?:er|en)\b|\bdimmer\b", re.IGNORECASE
    ),
    ("#ffb36b", "#7a3b2e"): re.compile(
        r"(?:再|更)?(?:暖一?[点些]|更暖|暖色调?|暖调)(?:的)?|\bwarm(?:er)?(?: colou?rs| tones?| light| palette)?\b(?= |$|[,.])",
        re.IGNORECASE,
    ),
    ("#9fc7ff", "#1d3557"): re.compile(
        r"(?:再|更)?(?:冷一?[点些]|更冷|冷色调?|冷调)(?:的)?|\bcool(?:er)?(?: colou?rs| tones?| light| palette)\b|\bcolder\b|\bcooler\b",
        re.IGNORECASE,
    ),
}
COLOURS: dict[str, tuple[str, ...]] = {
    "#c8102e": ("红", "red", "crimson", "scarlet"),
    "#f28c28": ("橙", "橘", "orange"),
    "#f6c945": ("黄", "yellow"),
    "#d4af37": ("金", "gold", "golden"),
    "#3a9d5d": ("绿", "green"),
    "#1fa7a0": ("青", "teal", "cyan", "turquoise"),
    "#2f6fd6": ("蓝", "blue"),
    "#1d2f5f": ("藏青", "深蓝", "navy", "dark blue"),
    "#7b3fb5": ("紫", "purple", "violet"),
    "#f29bb8": ("粉", "pink"),
    "#7a4a2b": ("棕", "褐", "咖啡", "brown"),
    "#f5f5f0": ("白", "white"),
    "#20232a": ("黑", "black"),
    "#8c9096": ("灰", "grey", "gray"),
    "#c3cbd4": ("银", "silver"),
    "#d9c7a3": ("米", "beige", "cream"),
}
_COLOUR = {word: value for value, many in COLOURS.items() for word in many}
_NAMES = "|".join(sorted(_COLOUR, key=len, reverse=True))
_PALETTE = re.compile(
    rf"(?P<zh>(?:(?:{_NAMES})色?(?:、|和|与|配)?)+)(?:色调|调子|调|的?色板|的?配色|为主)|(?:色板|配色|主色调?|色调)(?:改成|改为|用|换成|是|为)?[:：]?\s*(?P<zz>(?:(?:{_NAMES})色?(?:、|和|与|配|,|，)?)+)|"
    rf"\b(?:in|with|palette of|a palette of|palette)\s+(?:an?\s+)?(?P<en>(?:{_NAMES})(?:(?:\s*,\s*|\s+and\s+)(?:{_NAMES}))*)(?:\s+(?:palette|tones?|colou?rs?|light))?\b|\b(?P<ex>(?:{_NAMES})(?:(?:\s*,\s*|\s+and\s+)(?:{_NAMES}))*)\s+(?:palette|tones?|colou?rs?)\b",
    re.IGNORECASE,
)
# A complaint says why, and the wish beside it says what.
_TOO = re.compile(
    r"(?:太|有点|过于)[^，。\x1f]{1,2}了?(?=[，,]|$)|\b(?:it(?:'s| is) )?too \w+\b|\bi (?:don't|do not) (?:really )?like\b",
    re.IGNORECASE,
)
_NEON: Lexicon[str] = Lexicon({"霓虹": ("霓虹灯", "霓虹风格", "霓虹"), "neon": ("neon lights", "neon-lit", "neon")})
_PLACE = re.compile(
    rf"(?:地点|场景|背景|地方)(?:改|换|设|变|移)?(?:到|成|为|在|是)?[:：]?\s*(?P<zh>[{CJK}A-Za-z]{{1,16}}?)(?=[，,。]|$)|(?:搬到|移到|挪到|换到|设在|放在)(?P<zm>[{CJK}]{{2,12}}?)(?=[，,。]|$|里?$)|"
    r"\b(?:set (?:it |them |this |that )?(?:in|on|at)|move (?:it|them|this|that) to|takes? place (?:in|on|at)|relocate (?:it |them )?to|change the (?:place|location|setting) to|(?:place|location|setting|background)(?: is|:| to| into| be)?)\s+(?:an?\s+|the\s+)?(?P<en>[a-z][\w' -]{1,60}?)(?=[,.]|$|\s+(?:at|in the|with|and|during)\b)",
    re.IGNORECASE,
)
_SUBJECT = re.compile(
    rf"(?:画面|内容|主体)(?:里|中)?(?:改|换|变|设|拍|画)?(?:成|为|是|出现)?[:：]?\s*(?P<zh>[{CJK}A-Za-z].{{1,200}})$|(?:显示|展示|拍|画|表现)(?:成|出|的是)?(?P<zs>[{CJK}][^，,。]{{1,100}})|"
    r"(?<!^)\b(?:shows?(?! me\b)|showing|depicts?|(?:change|replace) the (?:picture|subject|content|image) (?:to|with|by)|a (?:picture|shot|view) of|the (?:picture|subject) (?:is|should be))\s+(?P<en>[^\x1f]{2,300})(?=$|\x1f)",
    re.IGNORECASE,
)
_INTO = re.compile(
    rf"(?:改成|换成|变成|改为|换为|变为)\s*(?P<zh>[{CJK}A-Za-z][^，,。]{{1,120}})|\b(?:make|turn|change)\b.*?\b(?:into|to show|to|be)\s+(?P<en>(?:an?|the|two|three|some|his|her)\s+[^,.]{{3,200}})",
    re.IGNORECASE,
)
_LIKE_ZH = re.compile(
    r"(?:(?<=\x1f)格|场景|画面|氛围|效果|背景|情绪|气氛|风格|画风|景别|角度|机位|节奏|时间|天气|色调|感觉|的感觉|感|风)"
)


def take_wish(reading: Reading, heard: Heard, *, subject: bool = True) -> Wish:
    """All that a reading wishes of a shot, each word used once; without `subject` what it shows is left to the caller."""
    wish = Wish()
    wish.speech = take_speech(reading, heard)
    _take_notes(reading, wish)
    _take_status(reading, wish)
    wish.keep_total = reading.take(_KEEP) is not None
    shows = _SUBJECT.search(reading.free) if subject else None
    _take_length(reading, wish)
    _take_pace(reading, wish)
    _take_feeling(reading, wish)
    _take_tables(reading, wish)
    _take_colours(reading, wish)
    _take_place(reading, wish)
    _strike_labels(reading, wish)
    if subject:
        _take_subject(reading, wish, shows)
    return wish


def _take_notes(reading: Reading, wish: Wish) -> None:
    if match := reading.take(_NOTE):
        wish.rest["notes"] = (match["t"] or match["u"]).strip()


def _take_status(reading: Reading, wish: Wish) -> None:
    for status, pattern in _STATUS.items():
        if reading.take(pattern):
            wish.rest["status"] = status
            return


def _take_length(reading: Reading, wish: Wish) -> None:
    sign = 1 if reading.take(_PLUS) else -1 if reading.take(_MINUS) else 0
    match = reading.take(_SECONDS)
    if match is None:
        return
    count = numbers.parse_number(match["n"] or match["m"])
    if count is None:
        return
    # Too long and nothing at all are heard too: the action says what a shot can be.
    seconds = count * _UNIT_S[(match["zh"] or match["en"])[0].lower()]
    if sign:
        wish.plus_s = sign * seconds
        reading.take(_LONGER if sign > 0 else _SHORTER)
    else:
        wish.rest["duration_s"] = seconds
        reading.take(_TO_LENGTH)


def _take_pace(reading: Reading, wish: Wish) -> None:
    alone = _CAMERA_ONLY.search(reading.text) is not None
    if reading.take(_FASTER):
        wish.camera["pace"], wish.scale = "faster", None if alone or "duration_s" in wish.rest else FASTER
    elif reading.take(_SLOWER):
        wish.camera["pace"], wish.scale = "slower", None if alone or "duration_s" in wish.rest else SLOWER
    elif "duration_s" not in wish.rest and wish.plus_s is None:
        longer, shorter = reading.take(_LONGER), reading.take(_SHORTER)
        wish.scale = LONGER if longer else SHORTER if shorter else None


def _take_feeling(reading: Reading, wish: Wish) -> None:
    """A mood with the camera, pace or colours that make it; what the person says of those themselves stands."""
    for pattern, picture, camera in FEELINGS:
        if reading.take(pattern):
            wish.picture |= picture
            wish.camera = {**camera, **wish.camera}
            return


def _take_tables(reading: Reading, wish: Wish) -> None:
    """Whatever the vocabulary of the script room knows."""
    _take_weather(reading, wish)
    if neon := reading.word(_NEON):
        wish.picture |= {"style": neon, "time": "night"}
    picture = {
        "style": reading.word(words.STYLES),
        "time": reading.word(words.TIMES),
        "composition": reading.word(words.COMPOSITIONS),
    }
    camera = {"size": reading.word(words.SIZES), "angle": reading.word(words.ANGLES)}
    wish.picture |= {key: value for key, value in picture.items() if value}
    wish.camera |= {key: value for key, value in camera.items() if value}
    if "pace" not in wish.camera and (pace := reading.word(words.PACES)):
        wish.camera["pace"] = pace
    if move := reading.word(words.MOVES):
        wish.camera["move"] = move
        reading.take(re.compile(r"(?<=\x1f)[近远进开]"))
    if mood := reading.word(words.MOODS):
        wish.picture["mood"] = mood


def _take_weather(reading: Reading, wish: Wish) -> None:
    hits = words.WEATHERS.hits(reading.free)
    if not hits:
        return
    stops = _STOPS.search(reading.free)
    weather = None if stops else words.WEATHERS.find(reading.free)
    time = words.TIMES.find(reading.free)
    for hit in hits:
        reading.strike(hit.start, hit.end)
    wish.picture["weather"] = weather or "clear"
    if weather is None:
        reading.take(
            re.compile(
                r"不要|别|没有|去掉|不再|停了?|删掉|拿掉|没了|\btake (?:out|away)\b|\blose\b|\b(?:no|without|stop|remove|not|don't|any)\b",
                re.IGNORECASE,
            )
        )
    # A word such as "雨夜" says both.
    if time is not None:
        wish.picture["time"] = time


def _take_colours(reading: Reading, wish: Wish) -> None:
    for tones, pattern in _TONES.items():
        if reading.take(pattern):
            wish.picture["palette"] = list(tones)
    match = reading.take(_PALETTE)
    if match:
        said = (match["zh"] or match["zz"] or match["en"] or match["ex"] or "").lower()
        wish.picture["palette"] = [_COLOUR[word] for word in re.findall(_NAMES, said)]


def _take_place(reading: Reading, wish: Wish) -> None:
    if match := reading.take(_PLACE):
        wish.picture["place"] = (match["zh"] or match["zm"] or match["en"]).strip()
        return
    for place in things.places(reading.free):
        at = re.search(
            rf"(?:在|到|去|于)?{re.escape(place)}(?:里|上|边|中)?|\b(?:in|on|at|by|to|inside|into)\s+(?:an?\s+|the\s+)?{re.escape(place)}\b",
            reading.free,
            re.IGNORECASE,
        )
        if at and (
            re.match(r"在|到|去|于|in|on|at|by|to|inside|into", at[0], re.IGNORECASE)
            or re.search(r"(?:改成|换成|变成|改为)\s*$", reading.text[: at.start()])
        ):
            wish.picture["place"] = place
            reading.strike(*at.span())
            return


def _take_subject(reading: Reading, wish: Wish, match: re.Match[str] | None) -> None:
    if match:
        said = (match["zh"] or match["zs"] or match["en"]).strip(" 。.")
        rest = reading.free[match.start() : match.end()]
        if re.search(rf"[{CJK}A-Za-z]", re.sub(r"^(?:画面|内容|主体|shows?|showing)", "", rest)) and Reading(rest).left:
            wish.picture["subject"] = said
            reading.strike(*match.span())
        return
    if not reading.left:
        return
    into = _INTO.search(reading.text)
    name = "zh" if into and into["zh"] else "en"
    if into and Reading(reading.free[into.start(name) : into.end(name)]).left and not _vague(reading.left):
        said = (into["zh"] or into["en"]).strip(" 。.")
        wish.picture["subject"], wish.guessed = said, True
        reading.strike(*into.span())


def _strike_labels(reading: Reading, wish: Wish) -> None:
    """Words that only name the kind of thing that was changed, such as "风格" beside "水彩"."""
    if not wish.empty:
        reading.take_all(_TOO)
        reading.take_all(_LIKE_ZH)
        reading.take_all(
            re.compile(
                r"\b(?:style|weather|mood|time(?: of day)?|angle|camera|scene|picture|image|palette|colou?rs?|tones?|atmosphere|background|setting|light(?:ing)?|pace|length|duration|seconds?|long|shot size|framing|view|status)\b",
                re.IGNORECASE,
            )
        )
        reading.take_all(re.compile(r"运镜|镜头运动|时长|长度|备注|状态|构图|色板|配色|灯光|光线|光"))


def _vague(left: str) -> bool:
    return VAGUE.fullmatch(left) is not None


# Words around a new shot that are no part of what it shows.
OF_WHAT = re.compile(r"^(?:关于|一个|一只|新的?)(?=.{4})|(?:的)$|^(?:an?|the)\s+(?=an?\s)", re.IGNORECASE)
VAGUE = re.compile(
    r"(?:(?:better|nicer|good|great|cool|cooler|pretty|prettier|beautiful|interesting|awesome|different|amazing|perfect|professional|work|fix|fixed|improve|improved|好看|漂亮|高级|高级感|大气|有意思|不错|好玩|精彩|美|完美|专业|不一样|别的|优化|改进|个|角度|景别|风格|画风|天气|时间|机位|构图|配色|angle|style|weather|framing|composition|改善|修改)\s*)+",
    re.IGNORECASE,
)
