"""Choosing among what was made: "the second picture" of a shot, looked up where it is not known."""

from __future__ import annotations

import re

from agent.rules.heard import Found, Heard, Reading, found
from agent.rules.pictures import Shown, look, shown, take_track
from agent.rules.which import numbers_of, take_or_carried
from storyreel.actions.base import Asked
from storyreel.script.numbers import parse_number

_ORDINAL = {"first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "sixth": 6, "last": -1}
_PICTURE = re.compile(
    r"(?:选用?|用|要|换成|改用|采用|选择|挑)(?:了)?第\s*(?P<zh>\d+|[一二三四五六七八九十])\s*(?:张|幅|格|个(?=图|候选|备选|画面|版本|选项))(?:图片?|候选|备选|画面|版本|选项)?|第\s*(?P<zp>\d+|[一二三四五六七八九十])\s*(?:张|幅|格)(?:图片?|候选|备选|画面)?(?:吧|更好|好看)?|"
    r"\b(?:use|pick|choose|select|take|switch to|go with|i (?:like|prefer))\s+(?:the\s+)?(?P<en>first|second|third|fourth|fifth|sixth|last|\d+(?:st|nd|rd|th))\s+(?:picture|image|variant|option|candidate|frame|cell|version)\b|"
    r"\b(?:use|pick|choose|select|take)\s+(?:picture|image|variant|option|candidate|cell)\s*#?(?P<ep>\d+)\b",
    re.IGNORECASE,
)

# Only right after variants were drawn can "the third one" mean a picture.
_ONE_OF_THEM = re.compile(
    r"(?:用|要|选)?第\s*(?P<zh>\d+|[一二三四五六七八九十])\s*个|\b(?:use|pick|choose|select|take)\s+(?:the\s+)?(?P<en>first|second|third|fourth|fifth|sixth|last)(?:\s+one)?\b",
    re.IGNORECASE,
)

OFFERS = frozenset({"gen.image_variant", "gen.grid"})


def _offered(heard: Heard) -> bool:
    last = heard.context.turns[-1:] or ()
    return any(action.type in OFFERS for turn in last for action in turn.actions)


def choose(heard: Heard) -> Found | None:
    """A picture of a shot selected by its place among the newest ones."""
    reading = Reading(heard.text)
    match = reading.take(_PICTURE) or (reading.take(_ONE_OF_THEM) if _offered(heard) else None)
    if match is None or heard.context.shot_count == 0:
        return None
    track = take_track(reading)
    which = take_or_carried(reading, heard)
    known = numbers_of(heard, which.words) if which else None
    if which is None or known is None or len(known) != 1:
        return found(
            reading,
            "choose a picture",
            question=heard.say(
                "哪个镜头的？比如“第3个镜头用第二张图”。", "Of which shot? For example 'use the second picture of shot 3'."
            ),
        )
    seen = shown(heard, known[0])
    if seen is None:
        return found(reading, "choose a picture", looks=(look(known[0]),), about=which.words)
    return _pick(heard, reading, match, seen, track)


def _pick(heard: Heard, reading: Reading, match: re.Match[str], seen: Shown, track: str) -> Found:
    shot, pictures, place = seen.shot, seen.newest_sheet(track), _place(match)
    if not pictures or not (place == -1 or 1 <= place <= len(pictures)):
        count = len(pictures)
        question = heard.say(
            f"第 {shot} 个镜头现在有 {count} 张图。要先多画几张吗？",
            f"Shot {shot} has {count} pictures so far. Shall I draw more variants first?",
        )
        return found(reading, "choose a picture", question=question, about=str(shot))
    node = pictures[place - 1 if place > 0 else -1]["node"]
    actions = [Asked(type="node.promote", args={"node": node})]
    if heard.context.has_film or any(line.number == shot and line.rendered for line in heard.context.shots):
        actions.append(Asked(type="gen.video", args={"shots": str(shot)}, reason="it was rendered with another picture"))
    return found(reading, "choose a picture", *actions, about=str(shot))


def _place(match: re.Match[str]) -> int:
    word = next(group for group in match.groups() if group).lower()
    return _ORDINAL.get(word) or int(parse_number(re.sub(r"(?:st|nd|rd|th)$", "", word)) or 0)
