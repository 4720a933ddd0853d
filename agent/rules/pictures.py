"""Which picture a message is about: "the second picture", "track B #7", "this one", among what was made for a shot."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from agent.rules.heard import Heard, Reading
from storyreel.actions.base import Asked
from storyreel.script.numbers import parse_number

Line = dict[str, Any]


def _rx(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


_TRACK = _rx(
    r"(?:轨道?|方案|路线|支线)\s*(?P<a>[A-Z]{1,2})(?![A-Za-z])(?:\s*(?:里面?|上|中)?的)?|(?<![A-Za-z])(?P<b>[A-Z]{1,2})\s*(?:轨道?|方案|路线|支线|线)(?:\s*(?:里面?|上|中)?的)?|"
    r"\b(?:on |of |in |from )?(?:the )?(?:track|plan|branch|line)\s+(?P<c>[A-Z]{1,2})\b(?:['’]s)?|(?<![A-Za-z])(?P<d>[A-Z])(?:['’]s\b|的)"
)
_ORDINALS = {
    "first": 1,
    "second": 2,
    "third": 3,
    "fourth": 4,
    "fifth": 5,
    "sixth": 6,
    "seventh": 7,
    "eighth": 8,
    "ninth": 9,
    "last": -1,
}
_PLACE = _rx(
    r"第\s*(?P<a>\d+|[一二三四五六七八九十]+)\s*(?:张|幅|格)(?:图片?|画面|候选)?|(?:选|用|要)\s*(?P<e>\d+)\s*号?(?:图|张|格)?(?=$|[，,。\s再])|(?P<f>\d+)\s*号(?:图|张|格)|"
    rf"\b(?:the )?(?P<g>{'|'.join(_ORDINALS)})(?=\s*(?:,|and\b)\s*(?:the )?(?:{'|'.join(_ORDINALS)})\s+(?:picture|image|one)s?\b)|"
    rf"\b(?:the )?(?P<b>{'|'.join(_ORDINALS)}|\d+(?:st|nd|rd|th))\s+(?:picture|image|variant|option|candidate|frame|cell|one)\b|"
    r"\b(?:picture|image|variant|option|candidate|frame|cell|pick)\s*#?(?P<c>\d+)\b"
)
_NUMBER = re.compile(
    r"(?:(?:(?:on |of |in |from )?(?:the )?\b(?:[Tt]rack|[Pp]lan|[Bb]ranch)\s+)?(?<![A-Za-z])(?P<t>[A-Z]{1,2})\s*)?#\s*(?P<n>\d+)"
)
_THIS = _rx(
    r"这[一]?(?:张|幅|格|个)(?:图片?|画面|脸)?|刚才?那?[一]?张(?:图)?|现在的?(?:图|画面)|当前的?(?:图|画面)|(?<![的])它(?!们)|"
    r"\b(?:this|that|the (?:current|selected|new|newest))\s+(?:picture|image|one|frame|look|face)\b|\b(?:this|it)\b(?!['’]s)"
)
LAST = -1


@dataclass(frozen=True)
class Shown:
    """What was made for one shot, as `track.list` tells it."""

    shot: int
    tracks: tuple[Line, ...]
    pictures: tuple[Line, ...]

    def on(self, track: str) -> tuple[Line, ...]:
        """The pictures of a track, or all of them."""
        return tuple(one for one in self.pictures if not track or one["track"].upper() == track.upper())

    def newest_sheet(self, track: str = "") -> tuple[Line, ...]:
        """The cells of the newest sheet of a track in reading order; where there is none, its single pictures."""
        held = [one for one in self.on(track) if one["kind"] != "grid"]
        cells = [one for one in held if one["sheet"]]
        if not cells:
            return tuple(held)
        return tuple(sorted((one for one in cells if one["sheet"] == cells[-1]["sheet"]), key=lambda one: one["cell"]))


def take_track(reading: Reading) -> str:
    """The name of a track, struck out; "" where none is named."""
    match = reading.take(_TRACK)
    return next(group for group in match.groups() if group).upper() if match else ""


def shown(heard: Heard, shot: int) -> Shown | None:
    """What was looked up of a shot; None where nobody looked yet."""
    for one in heard.looked:
        if one.asked.type == "track.list" and one.asked.args.get("shot") == str(shot):
            return Shown(shot, tuple(one.data.get("tracks", ())), tuple(one.data.get("pictures", ())))
    return None


def look(shot: int) -> Asked:
    """The look-up that `shown` needs."""
    return Asked(type="track.list", args={"shot": str(shot)}, reason="its pictures")


@dataclass(frozen=True)
class Named:
    """A picture as the words name it, before anybody looked: by number on a track, by place in a sheet, or "this"."""

    track: str = ""
    number: int = 0
    place: int = 0
    this: bool = False

    @property
    def said(self) -> bool:
        """Whether anything was named."""
        return bool(self.track or self.number or self.place or self.this)


def take_named(reading: Reading) -> Named:
    """The picture that a reading names, struck out of it."""
    if (short := _NUMBER.search(reading.free)) and short["t"]:
        # As the house itself calls them: "A #16".
        reading.strike(*short.span())
        return Named(short["t"], number=int(short["n"]))
    track = take_track(reading)
    if match := reading.take(_NUMBER):
        return Named(track, number=int(match["n"]))
    if match := reading.take(_PLACE):
        reading.take(_THIS)
        return Named(track, place=_place(next(group for group in match.groups() if group)))
    return Named(track, this=reading.take(_THIS) is not None)


def resolve(heard: Heard, seen: Shown, named: Named) -> Line | None:
    """The picture; None where the words name none or several."""
    if named.number:
        held = [one for one in seen.on(named.track) if one["number"] == named.number]
        return held[0] if len(held) == 1 else None
    if named.place:
        cells = seen.newest_sheet(named.track)
        at = len(cells) if named.place == LAST else named.place
        return cells[at - 1] if 1 <= at <= len(cells) else None
    if named.track:
        pictures = [one for one in seen.on(named.track) if one["kind"] != "grid"]
        chosen = [one for one in pictures if one["selected"]]
        return (chosen or pictures)[-1] if pictures else None
    return current(heard, seen)


def current(heard: Heard, seen: Shown) -> Line | None:
    """The picture in focus, the one that was just chosen or made by itself, else the one that is selected."""
    by_id = {one["node"]: one for one in seen.pictures}
    focus = str(heard.context.focus.node_id or "")
    if focus in by_id:
        return by_id[focus]
    for turn in heard.context.turns[-1:]:
        for action in reversed(turn.actions):
            if action.type in {"node.promote", "node.import"} and action.args.get("node") in by_id:
                return by_id[str(action.args["node"])]
    newest = [one for one in seen.pictures if one["kind"] != "grid"]
    if newest and newest[-1]["sheet"] is None:
        return newest[-1]
    return next((one for one in newest if one["selected"]), None)


def _place(word: str) -> int:
    low = word.lower()
    return _ORDINALS.get(low) or int(parse_number(re.sub(r"(?:st|nd|rd|th)$", "", low)) or 0)
