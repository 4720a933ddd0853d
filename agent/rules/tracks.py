"""What a person does with tracks and sheets: a track's name, a track out of sight and back, a gutter nudged, two pictures compared."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from agent.rules.heard import Found, Heard, Intent, Reading, found
from agent.rules.pictures import Line, Shown, current, look, shown, take_named, take_track
from agent.rules.which import numbers_of, take_or_carried
from storyreel.actions.base import Asked
from storyreel.script.numbers import parse_number


def _rx(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


_RENAME = _rx(
    r"(?:改名(?:为|叫|成)?|重命名(?:为|成)?|命名为|叫做?|改叫)[“\"「《]?(?P<zh>[^”\"」》，。]{1,24})[”\"」》]?$|\b(?:call|rename|name)\b(?P<mid>.*?\b(?:track|plan|branch)\s+[A-Z]{1,2}\b)(?:\s+(?:to|as))?\s+(?:the\s+)?[\"“']?(?P<en>[^\"”'.]{1,40})[\"”']?"
)
_REMOVE = _rx(r"(?:删掉|删除|去掉|收起来?|隐藏|不要)(?:了)?|\b(?:delete|remove|drop|hide|put away)\b")
_BACK = _rx(r"(?:恢复|找回来?|拿回来?|显示)(?:回来)?|\b(?:bring back|restore|unhide|show again)\b")
_RECUT = _rx(
    r"(?:竖|横|纵)(?:向)?的?(?:缝|线|切口|边)|\b(?:upright|vertical|level|horizontal)\s+(?:gutter|cut|line|seam)\b|\b(?:gutter|seam)\b"
)
_NTH = _rx(r"第\s*(?P<zh>\d|[一二三四五])\s*(?:条|道|根)|\b(?:the )?(?P<en>first|second|third|fourth)\b")
_PX = _rx(
    r"(?:往|向)?(?P<zd>左|右|上|下)(?:移动?|挪|偏)?\s*(?P<zh>\d{1,4}|[一二三四五六七八九十]+)\s*个?(?:像素|px)|\b(?P<en>\d{1,4}|one|two|three|four|five|six|seven|eight|nine|ten)\s*(?:pixels?|px)\s+(?:to the\s+)?(?P<ed>left|right|up|down)(?:wards?)?"
)
_SHEET = _rx(r"(?:这张|那张)?(?:的)?(?:九宫格|四宫格|宫格|网格|候选图|拼图)|移动?|\b(?:move|of|this|that|sheet|grid|the)\b")
_ORDER = {"first": 1, "second": 2, "third": 3, "fourth": 4}
_COMPARE_TWO = _rx(
    r"(?:比较|对比)(?:一下)?(?:这|那)(?:两|2)张(?:图片?|画面)?|\bcompare\s+(?:these|those|the|both)\s*(?:two\s+)?(?:pictures|images|ones|candidates)?\b|\bcompare (?:these|those) two\b"
)


def track(heard: Heard) -> Found | None:
    """A track renamed, taken out of sight, or brought back."""
    reading = Reading(heard.text)
    if heard.context.shot_count == 0:
        return None
    fields: dict[str, Any] = {}
    if match := _RENAME.search(reading.free):
        fields["name"] = (match["zh"] or match["en"]).strip()
        reading.free = reading.free[: match.start()] + " " + (match["mid"] or "") + reading.free[match.end() :]
    elif reading.take(_BACK):
        fields["removed"] = False
    elif reading.take(_REMOVE):
        fields["removed"] = True
    name = take_track(reading) if fields else ""
    if not name:
        return None
    which = take_or_carried(reading, heard)

    def action(seen: Shown) -> Asked | None:
        one = next((line for line in seen.tracks if line["name"].upper() == name), None)
        return Asked(type="track.update", args={"track": one["id"], **fields}) if one else None

    missing = heard.say(f"没有轨道 {name}。", f"There is no track {name}.")
    return _of_shot(heard, reading, "a track", which.words if which else "", action, missing)


def recut(heard: Heard) -> Found | None:
    """A gutter of the newest sheet moved by some pixels."""
    reading = Reading(heard.text)
    pixels, gutter = reading.take(_PX), reading.take(_RECUT)
    if heard.context.shot_count == 0 or pixels is None or gutter is None:
        return None
    nth = reading.take(_NTH)
    number = _ORDER.get((nth["en"] or "").lower()) or int(parse_number(nth["zh"] or "") or 1) if nth else 1
    name = take_track(reading)
    which = take_or_carried(reading, heard)
    reading.take_all(_SHEET)
    direction = (pixels["zd"] or pixels["ed"]).lower()
    count = int(parse_number(pixels["zh"] or pixels["en"]) or 0)
    nudge = {
        "axis": "across" if direction in {"左", "右", "left", "right"} else "down",
        "cut": number - 1,
        "nudge_px": -count if direction in {"左", "上", "left", "up"} else count,
    }

    def action(seen: Shown) -> Asked | None:
        sheets = [one for one in seen.on(name) if one["kind"] == "grid"]
        return Asked(type="grid.recut", args={"node": sheets[-1]["node"], "nudges": [nudge]}) if sheets else None

    missing = heard.say("这个镜头还没有宫格图。", "This shot has no sheet yet.")
    return _of_shot(heard, reading, "cut a sheet again", which.words if which else "", action, missing)


def compare(heard: Heard) -> Found | None:
    """The pictures that are meant by these two: what is marked to compare, else what was chosen last beside what is selected."""
    reading = Reading(heard.text)
    if heard.context.shot_count == 0 or reading.take(_COMPARE_TWO) is None or take_named(Reading(reading.free)).said:
        return None
    which = take_or_carried(reading, heard)

    def action(seen: Shown) -> Asked | None:
        two = _two(heard, seen)
        return Asked(type="node.compare", args={"node": two[0]["node"], "other": two[1]["node"]}) if two else None

    missing = heard.say("是哪两张？比如“比较第1张和第2张”。", "Which two? For example 'compare picture 1 and picture 2'.")
    return _of_shot(heard, reading, "compare", which.words if which else "", action, missing)


def _two(heard: Heard, seen: Shown) -> tuple[Line, Line] | None:
    marked = [one for one in seen.pictures if "to_compare" in one.get("marks", ())]
    if len(marked) == 2:  # noqa: PLR2004 (a comparison has two sides)
        return marked[0], marked[1]
    here, chosen = current(heard, seen), next((one for one in seen.pictures if one["selected"]), None)
    return (here, chosen) if here and chosen and here is not chosen else None


def _of_shot(
    heard: Heard, reading: Reading, intent: str, words: str, action: Callable[[Shown], Asked | None], missing: str
) -> Found:
    """The action, once the one shot was looked at; `missing` where there is nothing that it could be done to."""
    known = numbers_of(heard, words) if words else None
    if not known or len(known) != 1:
        question = heard.say("哪个镜头的？比如“第3个镜头”。", "Of which shot? For example 'shot 3'.")
        return found(reading, intent, question=question)
    if (seen := shown(heard, known[0])) is None:
        return found(reading, intent, looks=(look(known[0]),), about=str(known[0]))
    asked = action(seen)
    return found(reading, intent, asked, about=str(known[0])) if asked else found(reading, intent, question=missing)


INTENTS: tuple[Intent, ...] = (track, recut, compare)
