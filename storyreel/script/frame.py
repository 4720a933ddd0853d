"""What stands around the story in a brief, taken off it: the order, the title, the genre, the hour; and clauses put in their usual order."""

from __future__ import annotations

import re

from storyreel.model.base import Frozen
from storyreel.model.spec import TimeOfDay
from storyreel.script.numbers import UP_TO_TWELVE_EN, parse_number
from storyreel.script.tongue import CJK

_NUM_ZH = r"(?:\d{1,2}|[一二两三四五六七八九十]{1,3})"
_PERIOD_ZH = "凌晨|清晨|早晨|早上|上午|中午|下午|傍晚|晚上|深夜|半夜|午夜|夜里|夜晚"
_CLOCK_ZH = re.compile(
    rf"(?:在|于|每天)?(?P<when>(?P<period>{_PERIOD_ZH})?(?P<hour>{_NUM_ZH})点(?:钟|半|整|{_NUM_ZH}分|一刻)?(?!(?:点|儿|心|半)))(?:的时候|时分|时|多)?(?![{CJK}]?(?:名|滴|水))[，,]?"
)
_YEAR_ZH = re.compile(r"(?:在|公元)?(?P<when>(?:\d{4}|[一二三四五六七八九零〇]{4})年|很久很久以前|很久以前)(?:的)?[，,]?")
_HOUR_ZH = re.compile(
    rf"(?:在|于|到)?(?:一个)?(?:深夜|半夜|午夜|大半夜|三更半夜|清晨|傍晚|黄昏|凌晨|雨天|下雨天|雪天)(?:里|时分)?(?=[{CJK}，])(?!的|里|街|出租|食堂|市)[，,]?"
)
_ONCE_ZH = re.compile(r"(?:^|(?<=[，。：:]))(?:从前|有一天|某天|某一天|一天|那天)[，,]?(?:有(?=一|个))?")
_TITLE_ZH = re.compile(
    r"(?:(?:名为|名叫|叫做|叫作|叫|题为|题目是|片名是?|名字是?|标题是?)\s*)?《(?P<title>[^》]{1,30})》(?P<behind>的)?[，,]?"
)
_TITLED_ZH = re.compile(r"(?:名为|名叫|叫做|叫作|叫|题为|题目是|片名是?|名字是?|标题是?|片|剧|电影|视频|动画|故事|作品|^)\s*$")
GENRE_WORDS_ZH = (
    "悬疑|恐怖|惊悚|推理|爱情|恋爱|科幻|喜剧|搞笑|奇幻|魔幻|玄幻|武侠|仙侠|古装|古代|历史|动作|战争|青春|校园|末日|灾难|犯罪|警匪|灵异|童话|寓言|纪实|公益|"
    "亲情|友情|家庭|职场|都市|温馨|治愈|感人|浪漫|励志|唯美|热血|伤感|忧伤|温暖|轻松|幽默|暖心|悲伤|催泪|沙雕|烧脑"
)
_GENRE_ZH = re.compile(
    rf"(?:^|(?<=[\s，。个部条支段一]))(?:{GENRE_WORDS_ZH})(?:类|向|题材|风格)?(?:的)?[：:]|"
    rf"(?:(?:{GENRE_WORDS_ZH})(?:类|向|题材|风格)?的?){{1,3}}(?=小?(?:短片|短视频|视频|动画|故事|短剧|微电影|片子|电影|小故事|片|短|MV))"
)
_HERO_ZH = re.compile(r"(?:(?:故事的?)?(?:主角|主人公|男主|女主|故事|内容)(?:是|叫|讲的是|说的是|为)|讲的是|说的是)")

_CLOCK_EN = re.compile(
    rf",?\s*\b(?P<when>at\s+(?:(?P<hour>\d{{1,2}}|{UP_TO_TWELVE_EN})(?::\d\d)?\s*(?P<half>[ap])\.?m\b\.?|(?P<word>midnight|noon)|"
    rf"(?P<clock>\d{{1,2}}|{UP_TO_TWELVE_EN}) o'?clock(?: in the (?P<part>morning|afternoon|evening)| at night)?))(?P<comma>,?)",
    re.IGNORECASE,
)
_FILM_EN = r"(?:(?:short|animated|short animated|feature)\s+)?(?:films?|videos?|shorts?|movies?|animations?|stor(?:y|ies)|clips?|cartoons?|tale|piece|reel)"
_GENRE_EN = r"(?:romances?|romantic comed(?:y|ies)|romcom|rom-com|myster(?:y|ies)|thrillers?|horror|comed(?:y|ies)|sci-?fi|science[ -]fiction|fantas(?:y|ies)|dramas?|noir|westerns?|adventures?|crime|ghost|suspense|love|murder mystery|psychological|dark|funny|scary|sad|heartwarming|sweet|epic|fairy)"
_ABOUT_EN = r"(?::|,|\babout\b|\bwhere\b|\bin which\b|\bof\b|\bwhen\b|\bthat (?:tells|follows|shows)\b|\bfollowing\b|\bin that\b)"
_OPEN_EN = re.compile(
    rf"^\s*(?:please\s+|can you\s+|could you\s+|i(?:'d| would)? (?:want|like|need)\s+(?:you to\s+)?|let's\s+)*(?:(?:make|create|generate|produce|do|shoot|write|tell|film|give)\s+(?:me\s+|us\s+)?)?"
    rf"(?:an?\s+|the\s+)?(?:[\w.-]+\s+){{0,3}}?(?:{_GENRE_EN}\s+){{0,2}}(?:{_GENRE_EN}|{_FILM_EN})(?:\s+{_FILM_EN})?\s*{_ABOUT_EN}\s*(?:the story of\s+)?(?:how\s+)?",
    re.IGNORECASE,
)
_ITS_EN = re.compile(
    r"^\s*(?:it(?:'s| is)|this is|the (?:story|film|video) is|the hero is|the main character is)\s+(?:a (?:story|film) )?(?:about\s+)?(?=\w)",
    re.IGNORECASE,
)
_TITLE_EN = re.compile(r",?\s*\b(?:called|titled|entitled|named)\s+[\"“'‘](?P<title>[^\"”’]{2,40})[\"”'’]\s*,?", re.IGNORECASE)
_LEAD_EN = re.compile(
    r"^(?P<lead>(?:deep\s+)?(?:one|in|on|at|under|inside|during|after|before|beneath|near|high above|far from|outside|behind)\s+[^,;:]{2,50}),\s*(?P<main>(?:an?|the|two|three|my|his|her|one|some|[A-Z])\w*\s.+)$",
    re.IGNORECASE | re.DOTALL,
)
_HOUR_EN = re.compile(
    r"^(?:(?:on|in|at|during|one)\s+)(?:an?\s+|the\s+)?(?:\w+\s+){0,2}(?:night|morning|evening|afternoon|dawn|dusk|midnight|noon|sunrise|sunset|day|storm|winter|summer|spring|autumn)$",
    re.IGNORECASE,
)
_LAST_DAY_EN = re.compile(
    r"^(?P<who>(?:my|a|an|the|his|her)\s+[\w' -]+?)'s\s+(?P<which>first|last)\s+(?P<what>day|night|week|summer)\b", re.IGNORECASE
)
_PARTS: dict[str, TimeOfDay] = {
    "清晨": "dawn", "早晨": "dawn", "早上": "dawn", "上午": "day", "中午": "day", "下午": "day", "傍晚": "dusk", "晚上": "night", "深夜": "night", "半夜": "night",
    "午夜": "night", "夜里": "night", "夜晚": "night", "morning": "dawn", "afternoon": "day", "evening": "dusk",
}  # fmt: skip


class Framed(Frozen):
    """A brief without its frame. `when` is the hour or year in the brief's words, `time` what that hour is."""

    story: str
    title: str = ""
    when: str = ""
    time: TimeOfDay | None = None


def framed_zh(text: str, *, named: bool = True) -> Framed:
    """A Chinese brief without its title, its genre, its hour; `named` false leaves names in 《》 where they are."""
    title = _TITLE_ZH.search(text) if named else None
    if (
        title
        and not _TITLED_ZH.search(text[: title.start()].rsplit("，", maxsplit=1)[-1])
        and not title[0].startswith(("名", "叫", "题", "片", "标"))
    ):
        title = None
    if title:
        mark = "的" if title["behind"] else "，"
        text = text[: title.start()] + mark + text[title.end() :]
    clock = _CLOCK_ZH.search(text)
    when, time = (clock["when"], hour_zh(clock["period"] or "", clock["hour"])) if clock else ("", None)
    text = _CLOCK_ZH.sub("", text)
    year = _YEAR_ZH.search(text)
    if year:
        text, when = text[: year.start()] + text[year.end() :], year["when"] + when
    for pattern in (_GENRE_ZH, _HERO_ZH, _ONCE_ZH, _HOUR_ZH):
        text = pattern.sub("", text)
    text = re.sub(r"(?:^|(?<=，))(?:有)?个(?=[\u4e00-\u9fff])", "一个", text)
    return Framed(story=text, title=title["title"] if title else "", when=when, time=time)


def hour_zh(period: str, hour: str) -> TimeOfDay | None:
    """The time of day of a clock time: three in the early morning is night, whatever the word for it says."""
    value = parse_number(hour)
    if value is None:
        return _PARTS.get(period)
    if period == "凌晨":
        return "night" if value < 5 or value == 12 else "dawn"  # noqa: PLR2004
    if period in {"", *_PARTS} and period in _PARTS:
        return "dawn" if period == "早上" and value <= 8 else "day" if period == "早上" else _PARTS[period]  # noqa: PLR2004
    return None


def framed_en(text: str) -> Framed:
    """An English brief without its order, its title, its genre and its hour; a place that stands in front goes behind."""
    clock = _CLOCK_EN.search(text)
    when, time = (_said_en(clock), hour_en(clock)) if clock else ("", None)
    text = _CLOCK_EN.sub("", text).strip(" ,") if clock else text
    title = _TITLE_EN.search(text)
    film = title and re.search(rf"(?:{_FILM_EN}|{_GENRE_EN})\s*$", text[: title.start()], re.IGNORECASE)
    text = f"{text[: title.start()]} {text[title.end() :]}" if title and film else text
    text = _ITS_EN.sub("", _OPEN_EN.sub("", text.strip(), count=1), count=1).strip()
    lead = _LEAD_EN.match(text)
    if lead:
        main, where = lead["main"].rstrip(" ."), lead["lead"]
        text = main if _HOUR_EN.match(where) else f"{main} {where[0].lower()}{where[1:]}"
    text = _LAST_DAY_EN.sub(lambda match: f"{match['who']} spends a {match['which']} {match['what']}", text)
    return Framed(story=text, title=title["title"] if title and film else "", when=when, time=time)


def _said_en(clock: re.Match[str]) -> str:
    words = clock["when"].strip(" ,").lower()
    return re.sub(r"\s*([ap])\.?m\.?$", r" \1.m.", words)


def hour_en(clock: re.Match[str]) -> TimeOfDay | None:
    """The time of day of a clock time."""
    if clock["word"]:
        return "night" if clock["word"].lower() == "midnight" else "day"
    if clock["clock"]:
        return {"morning": "dawn", "afternoon": "day", "evening": "dusk"}.get((clock["part"] or "").lower())  # type: ignore[return-value]
    value = (parse_number(clock["hour"]) or 0) % 12
    if clock["half"].lower() == "a":
        return "night" if value < 5 else "dawn" if value < 9 else "day"  # noqa: PLR2004
    return "day" if value < 5 else "dusk" if value < 8 else "night"  # noqa: PLR2004
