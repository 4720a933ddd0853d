"""Scene headings: what they say of the place and the time, and how one is written."""

from __future__ import annotations

import re

from storyreel.model.spec import Language, TimeOfDay
from storyreel.script import words
from storyreel.script.doc import SceneHead
from storyreel.script.tongue import tidy

_NUMBER = r"[0-9０-９零一二两三四五六七八九十百]+"
_LEADING = re.compile(
    rf"^\s*(?:第\s*{_NUMBER}\s*[场幕景章节回]|(?:场景?|镜头)\s*{_NUMBER}|{_NUMBER}(?:-{_NUMBER})?(?=[、.．\s]))\s*[、.．:：\s·—-]*"
    r"|^\s*(?:chapter|scene|part|act)\s+[\dIVXLC]+\b[\s.:—-]*",
    re.IGNORECASE,
)
_INT = re.compile(
    r"^\s*(?:INT|I)\b\.?(?!\s*/)[\s.]*|^\s*内景?(?![\u4e00-\u9fff/／])[\s.．。:：、·—-]*|^\s*内景[\s.．。:：、·—-]*",
    re.IGNORECASE,
)
_EXT = re.compile(
    r"^\s*(?:EXT|EST|E)\b\.?(?!\s*/)[\s.]*|^\s*外景?(?![\u4e00-\u9fff/／])[\s.．。:：、·—-]*|^\s*外景[\s.．。:：、·—-]*",
    re.IGNORECASE,
)
_BOTH = re.compile(
    r"^\s*(?:(?:INT|EXT)\b\.?\s*/\s*(?:INT|EXT)\b\.?|I\s*/\s*E\b\.?)[\s.]*|^\s*(?:内外景|内[/／]外景?)[\s.．。:：、·—-]*",
    re.IGNORECASE,
)
_TAIL = re.compile(
    r"[\s，,·/／—–-]+(?:内景?|外景?|continuous|same(?: time)?|later|moments? later|连续|同上|稍后|同时)\s*$", re.IGNORECASE
)
_TIME_ONLY: dict[str, TimeOfDay] = {
    "日": "day",
    "昼": "day",
    "夜": "night",
    "晚": "night",
    "晨": "dawn",
    "早": "dawn",
    "昏": "dusk",
}
_TIME_PART = re.compile(
    r"^(?:(?:清|大清|早)?[晨早]|日|夜|昼|晚|昏|(?:early |late )?(?:day|night|dawn|dusk|morning|evening|afternoon|noon|midnight|sunset|sunrise|twilight)|magic hour|"
    r"黄昏|清晨|傍晚|早晨|早上|上午|中午|正午|下午|深夜|凌晨|白天|夜晚|晚上|午后|黎明|拂晓|雨夜|雪夜|午夜|日景|夜景|月夜|日落|日出)(?:景)?$",
    re.IGNORECASE,
)
_WEATHER_PART = re.compile(
    r"^(?:晴天?|阴天?|多云|(?:大|小|细|暴)?雨|雷雨|暴风雨|(?:大|小)?雪|(?:大|浓|薄)?雾|clear|cloudy|overcast|(?:heavy |light )?(?:rain|snow|fog|mist)|storm|rainy|snowy|stormy|foggy|sunny)$",
    re.IGNORECASE,
)
_SEPARATOR = re.compile(r"\s+[—–-]+\s+|\s*[—–]+\s*|[，,·/／、]\s*|\s+(?=[\u4e00-\u9fff])|(?<=[\u4e00-\u9fff])\s+|[.．。]\s+")


def parse_heading(heading: str) -> SceneHead:
    """The place, time and weather that a scene heading names; a mere number or chapter names none."""
    interior, rest = _inside(_LEADING.sub("", heading))
    tail = _TAIL.search(rest)
    while tail:
        interior = _side(tail[0]) if interior is None else interior
        rest = rest[: tail.start()]
        tail = _TAIL.search(rest)
    parts = [part.strip(" .。-—") for part in _SEPARATOR.split(rest)]
    place = " ".join(part for part in parts if part and not _TIME_PART.match(part) and not _WEATHER_PART.match(part))
    return SceneHead(
        heading=heading, place=tidy(place), interior=interior, time=_time(parts, rest), weather=words.find_weather(rest)
    )


def _inside(rest: str) -> tuple[bool | None, str]:
    both = _BOTH.match(rest)
    if both:
        return None, rest[both.end() :]
    for pattern, inside in ((_INT, True), (_EXT, False)):
        match = pattern.match(rest)
        if match and match.end():
            return inside, rest[match.end() :]
    return None, rest


def _side(tail: str) -> bool | None:
    return True if "内" in tail else False if "外" in tail else None


def _time(parts: list[str], rest: str) -> TimeOfDay | None:
    for part in reversed(parts):
        if part.rstrip("景") in _TIME_ONLY:
            return _TIME_ONLY[part.rstrip("景")]
    return words.find_time(rest)


def heading_of(head: SceneHead, language: Language, number: int) -> str:
    """A heading in the usual form for a scene's place and time; one with no place is numbered."""
    if not head.place:
        return f"第{number}场" if language == "zh" else f"SCENE {number}"
    sides = {True: "内景 ", False: "外景 "} if language == "zh" else {True: "INT. ", False: "EXT. "}
    side = "" if head.interior is None else sides[head.interior]
    place = head.place if language == "zh" else head.place.upper()
    usual = "日" if head.time == "day" and language == "zh" else words.name_of(head.time, language) if head.time else ""
    return f"{side}{place}" + (f" - {usual.upper()}" if usual else "")
