"""Numbers in a person's words: lengths, counts and places in the film, in Chinese, English and digits."""

from __future__ import annotations

import re
from typing import Literal

_ZH_DIGITS = {c: n for n, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2, "俩": 2}
_ZH_UNITS = {"十": 10, "百": 100, "千": 1000}
_SMALL = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
]
_TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
_EN = {word: n for n, word in enumerate(_SMALL)} | {word: 20 + 10 * n for n, word in enumerate(_TENS)} | {"dozen": 12}
_ORDINALS = {
    "first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7, "eighth": 8, "ninth": 9, "tenth": 10,
    "eleventh": 11, "twelfth": 12, "last": -1, "final": -1, "penultimate": -2,
}  # fmt: skip
# Words for small numbers and for lengths of time, as patterns.
UP_TO_TEN_EN = "|".join(_SMALL[1:11])
UP_TO_TWELVE_EN = "|".join(_SMALL[1:13])
SECONDS_EN = "seconds?|secs?|s"
MINUTES_EN = "minutes?|mins?"
_WORD = "|".join(sorted(_EN, key=len, reverse=True))
_DIGITS = r"\d+(?:\.\d+)?"
_ZH = "[零〇一二两俩三四五六七八九十百千]+"
_NUM_EN = rf"(?:{_DIGITS}|(?:{_WORD})(?:[\s-]+(?:and\s+)?(?:{_WORD}|hundred))*)"
_NUM = rf"(?:{_DIGITS}|{_ZH})"
_FULL_WIDTH = {ord(f): ord(a) for f, a in zip("０１２３４５６７８９．：", "0123456789.:", strict=True)}

Thing = Literal["shot", "scene", "picture"]
_THINGS_ZH: dict[Thing, str] = {
    "shot": "镜头|分镜|镜|格分镜|段|个画面",
    "scene": "场景|场戏|场|幕",
    "picture": "张图片|张图|张|幅|版|种|候选|格|宫格",
}
_THINGS_EN: dict[Thing, str] = {
    "shot": "shots?|clips?|frames?|panels?|beats?",
    "scene": "scenes?|acts?",
    "picture": "pictures?|images?|variations?|variants?|versions?|options?|candidates?|cells?",
}


def parse_number(word: str) -> float | None:
    """The value of one number: digits, Chinese numerals ("一百二十", "两", "半") or English words ("twenty-five"), or None."""
    word = word.strip().lower().translate(_FULL_WIDTH)
    if re.fullmatch(_DIGITS, word):
        return float(word)
    if word in {"半", "half", "half a", "half an"}:
        return 0.5
    if word in {"a", "an", "几"}:
        return 1.0 if word != "几" else None
    return _chinese(word) if re.fullmatch(_ZH, word) else _english(word)


def _chinese(word: str) -> float:
    total, digit = 0, 0
    if not any(unit in word for unit in _ZH_UNITS):
        return float("".join(str(_ZH_DIGITS[char]) for char in word))
    for char in word:
        if char in _ZH_UNITS:
            total += (digit or (1 if char == "十" or not total else 0)) * _ZH_UNITS[char]
            digit = 0
        else:
            digit = _ZH_DIGITS[char]
    return float(total + digit)


def _english(word: str) -> float | None:
    parts = [part for part in re.split(r"[\s-]+", word) if part and part != "and"]
    if not parts or any(part not in _EN and part != "hundred" for part in parts):
        return None
    total = 0
    for part in parts:
        total = max(total, 1) * 100 if part == "hundred" else max(total, 1) * 12 if part == "dozen" else total + _EN[part]
    return float(total)


_HOURS_ZH = rf"(?P<h>{_NUM}|半)\s*个?(?:半)?(?:小时|钟头)"
_DURATIONS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"(?<!第)(?P<m>{_NUM})\s*分钟?(?P<half>半)(?!径|场|天)",
        rf"(?<!第)(?P<m>{_NUM})\s*(?:分钟|分(?!镜|格|场|之|为|成|别|段|享|手|鐘|屏|辨|析|歧|量|明|钟))\s*零?(?P<s>{_NUM})?\s*秒?钟?",
        r"(?P<m>半)\s*分钟",
        rf"(?<!第)(?P<s>{_NUM})\s*秒钟?(?!处|那|的时候|时|后|之后|前|开始|杀)",
        rf"(?P<m>{_NUM_EN})\s+and\s+a\s+half\s+minutes?\b",
        r"\b(?P<m>a|one)\s+minute\s+and\s+a\s+(?P<half>half)\b",
        r"\b(?P<m>half\s+an?)[\s-]+minute\b",
        rf"(?<![\w.])(?P<m>{_NUM_EN}|an?)[\s-]*(?:minutes?|mins?|m)\b(?:\s*(?:and\s+)?(?P<s>{_NUM_EN})[\s-]*(?:seconds?|secs?|s)\b)?",
        rf"(?<![\w.:])(?P<s>{_NUM_EN})[\s-]*(?:seconds?|secs?|s)\b(?!\s*(?:mark|in\b))",
        r"(?<![\d:.])(?P<m>[0-9]|1[0-5]):(?P<s>[0-5]\d)(?![\d:]|\s*[ap]\.?m)",
    )
)
_EACH = re.compile(
    r"(?:每(?:个|一)?(?:镜头|分镜|镜|画面|张|格|段|个)?|各)\s*$|(?:\beach(?:\s+\w+){0,4}|\bper shot|\bevery (?:shot|clip|panel))\s*$",
    re.IGNORECASE,
)
_EACH_AFTER = re.compile(r"^\s*(?:每|一个镜头|each\b|per shot|a shot\b|apiece|per clip)", re.IGNORECASE)
_AT_BEFORE = re.compile(r"(?:第|\bat(?: the)?|\bfrom|从)\s*$", re.IGNORECASE)


def find_duration_s(text: str) -> float | None:
    """The length that the text asks for, in seconds: "1分半", "三十秒", "two minutes", "90s", "1:30". A moment ("第30秒") is none."""
    lengths = [length for length, each in _durations(text) if not each]
    return lengths[0] if lengths else None


def find_each_s(text: str) -> float | None:
    """The length that the text asks for in every shot ("每个镜头5秒", "3 seconds each"), in seconds."""
    return next((length for length, each in _durations(text) if each), None)


def _durations(text: str) -> list[tuple[float, bool]]:
    text = text.translate(_FULL_WIDTH)
    found: list[tuple[int, float, bool]] = []
    taken: list[tuple[int, int]] = []
    for pattern in _DURATIONS:
        for match in pattern.finditer(text):
            if any(match.start() < end and start < match.end() for start, end in taken):
                continue
            length = _length(match)
            before, after = text[: match.start()], text[match.end() :]
            if length is None or length <= 0 or _AT_BEFORE.search(before):
                continue
            taken.append(match.span())
            found.append((match.start(), length, bool(_EACH.search(before) or _EACH_AFTER.search(after))))
    return [(length, each) for _, length, each in sorted(found)]


def _length(match: re.Match[str]) -> float | None:
    parts = match.groupdict()
    minutes = parse_number(re.sub(r"\s+", " ", parts["m"])) if parts.get("m") else 0.0
    seconds = parse_number(parts["s"]) if parts.get("s") else 0.0
    if minutes is None or seconds is None:
        return None
    if parts.get("half") or re.search(r"and\s+a\s+half", match[0]):
        minutes += 0.5
    return minutes * 60 + seconds


def find_count(text: str, of: Thing = "shot") -> int | None:
    """How many shots, scenes or pictures the text asks for ("八个镜头", "in 12 shots"); "the 8th shot" is no count."""
    text = text.translate(_FULL_WIDTH)
    chinese = re.compile(
        rf"(?<![第前后\d.:~到至-])(?<!镜头)(?P<n>\d+|{_ZH})\s*(?:个|组|条)?\s*(?:不同的?|独立的?)?(?:{_THINGS_ZH[of]})"
    )
    english = re.compile(
        rf"(?<![\w.:-])(?<!first )(?<!last )(?<!shots )(?<!shot )(?P<n>{_NUM_EN})[\s-]+(?:\w+[\s-]+){{0,2}}?(?:{_THINGS_EN[of]})\b",
        re.IGNORECASE,
    )
    total = re.compile(
        rf"(?:镜头数|分镜数|镜头数量|number of shots|shot count)\s*(?:为|是|:|：|=|of)?\s*(?P<n>\d+|{_ZH})", re.IGNORECASE
    )
    for pattern in (total, chinese, english) if of == "shot" else (chinese, english):
        for match in pattern.finditer(text):
            value = parse_number(match["n"])
            if value is not None and value >= 1 and value == int(value) and not _is_size(match[0]):
                return int(value)
    return None


def _is_size(words: str) -> bool:
    """Whether a phrase such as "one wide shot" or "一段" names a kind of shot and not a number of shots."""
    return bool(
        re.match(r"(?:one|1)\s+\w+\s+\w+", words, re.IGNORECASE)
        or re.fullmatch(r"[一1]\s*(?:段|个镜头|镜|张|版|种|场|幕|格)", words)
    )


_NTH_ZH = rf"(?:\d+|{_ZH})"
_RANGE = re.compile(
    rf"第?\s*(?P<a>{_NTH_ZH})\s*(?:个|镜|号)?\s*(?:镜头|分镜)?\s*(?:~|～|-|–|—|到|至)\s*第?\s*(?P<b>{_NTH_ZH})\s*(?:个|号)?\s*(?:镜头|分镜|镜|格|张|$)"
    rf"|\bshots?\s+(?P<c>\d+)\s*(?:~|-|–|to|through|until)\s*(?P<d>\d+)",
    re.IGNORECASE,
)
_EDGE = re.compile(
    rf"(?P<zh>前|最?后|最前|最末)(?P<n>{_NTH_ZH})(?:个|张|格)?(?:镜头|分镜|镜|张|格|个)|\b(?P<en>first|last|final)\s+(?P<m>{_NUM_EN})\s+(?:shots?|clips?|scenes?)",
    re.IGNORECASE,
)
_ONE = re.compile(
    rf"第\s*(?P<a>{_NTH_ZH})\s*(?:个|张|格|镜|号|场|幕|集)|倒数第?(?P<r>{_NTH_ZH})个?|(?P<last>最后一?(?:个|镜|张|格|场|幕))"
    rf"|\b(?P<nth>\d+)(?:st|nd|rd|th)\b|\b(?P<word>{'|'.join(_ORDINALS)})\b(?=\s+(?:\w+\s+)?(?:shot|one|scene|clip|picture|panel|frame|image|act|take))"
    rf"|(?:\bshots?|\bscenes?|镜头|分镜)\s*#?(?P<b>\d+(?:\s*(?:,|，|、|and|和|&)\s*\d+(?!\s*(?:秒|s\b|sec|分|个|shots)))*)",
    re.IGNORECASE,
)


def find_ordinals(text: str) -> tuple[int, ...]:
    """Which places the text names ("第二个", "shots 3 and 5", "第8~12镜头"), in order; those counted from the end are negative."""
    text = text.translate(_FULL_WIDTH)
    found: list[tuple[int, tuple[int, ...]]] = []
    for pattern, reader in ((_RANGE, _range), (_EDGE, _edge), (_ONE, _one)):
        for match in pattern.finditer(text):
            places = reader(match)
            text = text[: match.start()] + " " * len(match[0]) + text[match.end() :] if places else text
            found.append((match.start(), places))
    return tuple(dict.fromkeys(place for _, places in sorted(found) for place in places))


def _range(match: re.Match[str]) -> tuple[int, ...]:
    first, last = (parse_number(match[a] or match[b]) for a, b in (("a", "c"), ("b", "d")))
    if first is None or last is None or not 0 < first <= last or last - first > 1000:  # noqa: PLR2004
        return ()
    return tuple(range(int(first), int(last) + 1))


def _edge(match: re.Match[str]) -> tuple[int, ...]:
    count = int(parse_number(match["n"] or match["m"]) or 0)
    from_start = match["zh"] in {"前", "最前"} or (match["en"] or "").lower() == "first"
    return tuple(range(1, count + 1)) if from_start else tuple(range(-count, 0))


def _one(match: re.Match[str]) -> tuple[int, ...]:
    if match["last"]:
        return (-1,)
    if match["word"]:
        return (_ORDINALS[match["word"].lower()],)
    if match["b"]:
        return tuple(int(number) for number in re.findall(r"\d+", match["b"]))
    value = parse_number(match["a"] or match["r"] or match["nth"])
    return () if not value else (-int(value) if match["r"] else int(value),)
