"""Words of a draft space: which drafts, which board, which references, how large a grid, what a picture should be."""

from __future__ import annotations

import re
from typing import Any

from agent.rules.heard import Heard, Reading
from storyreel.script import numbers, words
from storyreel.script.lexicon import Lexicon

SMALL = r"(?:\d{1,3}|[一二两三四五六七八九十]{1,3}|one|two|three|four|five|six|seven|eight|nine|ten)"
GRIDS_ZH = {"四": 2, "九": 3, "十六": 4, "二十五": 5}
AXES_OF = {
    "角色": "character", "人物": "character", "场景": "scene", "风格": "style", "用途": "use", "character": "character", "scene": "scene",
    "style": "style", "use": "use", "people": "character", "place": "scene",
}  # fmt: skip
_BY_TABLE: tuple[tuple[str, Lexicon[Any]], ...] = (
    ("time", words.TIMES),
    ("weather", words.WEATHERS),
    ("size", words.SIZES),
    ("angle", words.ANGLES),
    ("composition", words.COMPOSITIONS),
    ("style", words.STYLES),
    ("mood", words.MOODS),
)


def rx(pattern: str) -> re.Pattern[str]:
    """A pattern that cares for no case."""
    return re.compile(pattern, re.IGNORECASE)


DRAFT_WORDS = rx(r"草稿|看板|\bdrafts?\b|\bboards?\b")
_LIST = rf"{SMALL}(?:\s*(?:-|~|–|到|至|to)\s*{SMALL})?(?:\s*(?:,|，|、|和|\band\b)\s*(?:草稿)?{SMALL}(?:\s*(?:-|~|到|至|to)\s*{SMALL})?)*"
_NUMBERED = rx(
    rf"(?:把|将|给|用)?(?:第\s*)?草稿\s*(?P<a>{_LIST})(?:号)?(?:的)?|(?:把|将|给|用)?第\s*(?P<b>{_LIST})\s*[个张](?:草稿|图)(?:的)?|\b(?:the\s+)?drafts?\s+(?P<c>{_LIST})\b(?:['’]s)?"
)
_LAST = rx(
    r"(?:把|将|给)?(?:最后|最新)(?:的)?(?:一|那)?[个张]?(?:草稿|图)(?:的)?|\b(?:the\s+)?(?:last|newest|latest) (?:draft|one)\b"
)
_EVERY = rx(
    r"(?:把|将|给)?(?:所有|全部)(?:看板)(?:上|里)?的?(?:所有)?草稿(?:都)?|\b(?:all|every) drafts? (?:on|of) (?:all|every) boards?\b|\beverywhere\b"
)
_ALL = rx(
    r"(?:把|将|给)?(?:所有|全部|每一?个)的?草稿(?:都)?|\b(?:all(?: the| of the)?|every) drafts?\b|\bthem all\b|\beverything\b|\ball of them\b"
)
_TAGGED = rx(
    r"(?:把|将|给)?(?:标签|带)(?:是|为|有)?[“\"「]?(?P<a>[^”\"」，。\s]{1,20}?)[”\"」]?(?:标签)?的(?:所有)?草稿|\b(?:the\s+|all\s+)?drafts? (?:tagged|with the tag)\s+[\"“']?(?P<b>[\w:-]+)[\"”']?"
)
_LABEL = rx(r"\b(d[0-9a-f]{8})\b")
_IT = rx(
    r"(?:把|给|将)?(?:它|这个|这张|那个|那张)(?:草稿|图)?(?:的)?|\b(?:it|this one|that one|this draft|that draft)\b(?:['’]s)?"
)
_BOARD = rx(
    r"(?:在|到|上|去)?\s*[“\"「](?P<a>[^”\"」]{1,40})[”\"」]\s*(?:这个|那个)?看板(?:上|里|中|的)?|看板\s*[“\"「]?(?P<b>[^”\"」，。的上里\s]{1,40})[”\"」]?(?:上|里|中|的)?|(?:到|去|进)\s*(?P<d>[^，。“”\s]{1,20}?)\s*看板|\b(?:on|to|onto|from)?\s*(?:the\s+)?board\s+[\"“'](?P<e>[^\"”']{1,40})[\"”']|\b(?:on|to|onto|from|in)\s+the\s+[\"“']?(?P<f>[\w -]{1,40}?)[\"”']?\s+board\b|\b(?:on|to|onto|from)\s+(?:the\s+)?board\s+(?P<g>[\w-]{1,40})\b"
)
_REFERENCES = rx(
    rf"(?:用|拿|以|根据|按)?(?:这|那|我的?|附件(?:里的?)?|上传的)?(?:些|几|{SMALL})?\s*张?(?:参考图?|附图|附件)(?:片)?(?:来|都)?|\b(?:from|with|using|after|based on)\s+(?:these|this|my|the)?\s*(?:{SMALL}\s+)?(?:attached\s+)?(?:references?|pictures?|images?|attachments?)(?:\s+(?:pictures?|images?))?\b|\b(?:these|this|the)\s+(?:{SMALL}\s+)?(?:references?|attachments?)\b"
)
_SIZE = rx(r"(?P<rows>[1-5])\s*[x×*]\s*(?P<cols>[1-5])")
_NINE = rx(r"(?P<zh>四|九|十六|二十五)宫格")
_WORDS = rx(
    r"(?:内容|画面|描述)?(?:改成|改为|换成|写成|画)[:：]?\s*[“\"「](?P<a>[^”\"」]+)[”\"」]|(?:内容|描述)(?:改成|改为|换成|是)[:：]?\s*(?P<b>[^，。]+)|\b(?:change|set) (?:its |the )?words (?:of .*? )?to\s+[\"“']?(?P<c>[^\"”']+)[\"”']?|\b(?:words|text)\s*[:：]\s*[\"“']?(?P<d>[^\"”']+)[\"”']?"
)


def count_of(said: str | None) -> int | None:
    """A small number in words or digits, if it is one."""
    number = numbers.parse_number(said) if said else None
    return int(number) if number is not None else None


def take_drafts(reading: Reading, heard: Heard, *, carried: bool = True) -> str:
    """The drafts that a reading names, as the actions know them; else those in focus, or those the talk was about. Empty for none."""
    named = _named(reading)
    if named or not carried:
        return named
    pointed = reading.take(_IT) is not None
    before = heard.carried or heard.context.focus.drafts or spoken_of(heard)
    return before if pointed or heard.carried or heard.context.focus.drafts else ""


def _named(reading: Reading) -> str:
    if match := reading.take(_LABEL):
        return match[1]
    if match := reading.take(_TAGGED):
        return f"tag:{match['a'] or match['b']}"
    if reading.take(_EVERY):
        return "everywhere"
    if match := reading.take(_NUMBERED):
        return _listed(next(value for value in match.groups() if value))
    for pattern, meant in ((_ALL, "all"), (_LAST, "last")):
        if reading.take(pattern):
            return meant
    return ""


def spoken_of(heard: Heard) -> str:
    """The drafts that the turn before was about."""
    for turn in reversed(heard.context.turns[-2:]):
        for one in reversed(turn.actions):
            if one.type == "draft.add":
                return "last"
            if one.args.get("drafts") and isinstance(one.args["drafts"], str):
                return str(one.args["drafts"])
    return ""


def _listed(said: str) -> str:
    """Numbers and ranges in digits."""
    parts = [part.strip() for part in re.split(r",|，|、|和|\band\b", said.replace("草稿", "")) if part.strip()]
    return ",".join("-".join(str(count_of(end.strip())) for end in re.split(r"-|~|–|到|至|\bto\b", part)) for part in parts)


def take_board(reading: Reading, heard: Heard, *, focus: bool = True) -> dict[str, str]:
    """The board that is named, else the one in focus, as an argument."""
    match = reading.take(_BOARD)
    name = next((value.strip() for value in match.groups() if value), "") if match else ""
    name = name or (heard.context.focus.board if focus else "")
    return {"board": name} if name else {}


def take_references(reading: Reading, heard: Heard) -> list[dict[str, Any]]:
    """The pictures that came with a message, where it speaks of references, or they came as such."""
    said = reading.take(_REFERENCES)
    given = [
        {"asset": one.asset_id} if one.asset_id else {"node": str(one.node_id)}
        for one in heard.context.attachments
        if one.asset_id or one.node_id
    ]
    if said is None:
        return given
    if not given and heard.context.focus.node_id:
        return [{"node": str(heard.context.focus.node_id)}]
    return given


def size_of(text: str) -> dict[str, Any]:
    """The rows and columns that a text asks for."""
    if match := _SIZE.search(text):
        return {"rows": int(match["rows"]), "cols": int(match["cols"])}
    if match := _NINE.search(text):
        return {"rows": GRIDS_ZH[match["zh"]], "cols": GRIDS_ZH[match["zh"]]}
    return {}


def take_fields(reading: Reading) -> dict[str, Any]:
    """What a picture should be: its words, and its size, angle, light and style."""
    fields: dict[str, Any] = {}
    if match := reading.take(_WORDS):
        fields["words"] = next(value for value in match.groups() if value).strip()
    for field, table in _BY_TABLE:
        value = reading.word(table)
        if value is not None:
            fields[field] = value
    return fields
