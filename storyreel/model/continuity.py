"""What does not carry on from one shot to the next (pure): wardrobe, light and time, props, screen side, place, and what was asked for."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal
from uuid import UUID

from storyreel.model.looks import key_of_name
from storyreel.model.spec import CameraSpec, Figure, FrameSpec

Kind = Literal["wardrobe", "light", "props", "side", "direction", "place", "anchor"]
# Shots so close may not show what stands around.
CLOSE = frozenset({"CU", "ECU"})
WORN = ("garment", "wardrobe", "top_colour", "bottom_colour", "shoe_colour", "hat", "hair", "hair_colour", "glasses", "beard")
LIGHT = ("time", "weather", "light", "palette")
SIDES = {"thirds_left": "left", "thirds_right": "right"}
AGAINST = {"track_left": "track_right", "track_right": "track_left", "pan_left": "pan_right", "pan_right": "pan_left"}
PARTS = re.compile(r"[,;，；、。.\n]+")


@dataclass(frozen=True)
class Seen:
    """One shot as it will be seen; `anchor` is what its spec says must carry on from the shot before."""

    number: int
    scene_id: UUID | None
    frame: FrameSpec
    camera: CameraSpec
    anchor: str = ""


@dataclass(frozen=True)
class Finding:
    """Something that is not as it was: between which two shots, in which field, of whom."""

    kind: Kind
    first: int
    second: int
    field: str
    before: Any
    after: Any
    who: str = ""

    def words(self) -> tuple[str, str]:
        """For a person, in Chinese and in English."""
        whose = f"{self.who} " if self.who else ""
        change = f"{_plain(self.before)} → {_plain(self.after)}"
        return (
            f"第 {self.first} 到第 {self.second} 个镜头：{KINDS[self.kind][0]}{'（' + self.who + '）' if self.who else ''} {change}",
            f"shots {self.first} and {self.second}: {whose}{KINDS[self.kind][1]} {change}",
        )


KINDS: dict[Kind, tuple[str, str]] = {
    "wardrobe": ("外形不一致", "looks different:"),
    "light": ("光线或时间不一致", "light or time differs:"),
    "props": ("道具消失", "a prop is gone:"),
    "side": ("画面左右跳轴", "the screen side is crossed:"),
    "direction": ("运动方向相反", "the direction is against the one before:"),
    "place": ("同一场里换了地点", "the place jumps within a scene:"),
    "anchor": ("没有延续", "does not carry on:"),
}


def findings(shots: Sequence[Seen]) -> tuple[Finding, ...]:
    """All that does not carry on, in the film's order. Shots of different scenes need not agree, but for what a shot asks to carry on."""
    found: list[Finding] = []
    for at, shot in enumerate(shots):
        before = shots[at - 1] if at else None
        found += _anchor(before, shot)
        if before is None or before.scene_id != shot.scene_id:
            continue
        found += _light(before, shot)
        found += _place(before, shot)
        found += _sides(before, shot)
        found += _direction(before, shot)
        found += _props(shots, at)
        found += _wardrobe(shots, at)
    return tuple(found)


def _light(one: Seen, two: Seen) -> Iterable[Finding]:
    for field in LIGHT:
        before, after = getattr(one.frame, field), getattr(two.frame, field)
        if before != after:
            yield Finding("light", one.number, two.number, field, before, after)


def _place(one: Seen, two: Seen) -> Iterable[Finding]:
    if key_of_name(one.frame.place) != key_of_name(two.frame.place):
        yield Finding("place", one.number, two.number, "place", one.frame.place, two.frame.place)


def _sides(one: Seen, two: Seen) -> Iterable[Finding]:
    """One person who jumps across the frame, and two who change places."""
    names, after = [figure.name for figure in one.frame.figures], [figure.name for figure in two.frame.figures]
    if len(names) == 1 and names == after:
        was, now = SIDES.get(one.frame.composition), SIDES.get(two.frame.composition)
        if was and now and was != now:
            yield Finding("side", one.number, two.number, "composition", was, now, names[0])
    shared = [name for name in names if name in after]
    order = [name for name in after if name in shared]
    if len(shared) > 1 and shared != order:
        yield Finding("side", one.number, two.number, "cast", shared, order)


def _direction(one: Seen, two: Seen) -> Iterable[Finding]:
    """The camera turns against its last move while it follows the same people."""
    shared = {figure.name for figure in one.frame.figures} & {figure.name for figure in two.frame.figures}
    if AGAINST.get(one.camera.move) == two.camera.move and shared:
        yield Finding("direction", one.number, two.number, "move", one.camera.move, two.camera.move, ", ".join(sorted(shared)))


def _props(shots: Sequence[Seen], at: int) -> Iterable[Finding]:
    """A prop that was there, is not in a shot that would show it, and is there again."""
    one, two = shots[at - 1], shots[at]
    if two.frame.size in CLOSE or at + 1 >= len(shots) or shots[at + 1].scene_id != two.scene_id:
        return
    now, later = _names(two.frame.props), _names(shots[at + 1].frame.props)
    for prop in one.frame.props:
        if (
            key_of_name(prop) not in now
            and key_of_name(prop) in later
            and key_of_name(prop) not in key_of_name(two.frame.subject)
        ):
            yield Finding("props", one.number, two.number, "props", prop, None)


def _wardrobe(shots: Sequence[Seen], at: int) -> Iterable[Finding]:
    """Each person against the last shot of the scene that they were in."""
    two = shots[at]
    for figure in two.frame.figures:
        seen = _last_seen(shots, at, figure.name)
        if seen is None:
            continue
        one, was = seen
        for field in WORN:
            before, after = getattr(was.look, field), getattr(figure.look, field)
            if before != after:
                yield Finding("wardrobe", one.number, two.number, field, before, after, figure.name)


def _last_seen(shots: Sequence[Seen], at: int, name: str) -> tuple[Seen, Figure] | None:
    for one in reversed(shots[:at]):
        if one.scene_id != shots[at].scene_id:
            return None
        for figure in one.frame.figures:
            if figure.name == name:
                return one, figure
    return None


def _anchor(one: Seen | None, two: Seen) -> Iterable[Finding]:
    """Each thing that must carry on has to be in both shots, in whatever field."""
    for part in (words.strip() for words in PARTS.split(two.anchor)):
        if not part:
            continue
        held, holds = one is not None and _shows(one, part), _shows(two, part)
        if one is not None and held != holds:
            yield Finding("anchor", one.number, two.number, "continuity", part if held else None, part if holds else None)
        elif one is None or not holds:
            yield Finding("anchor", one.number if one else two.number, two.number, "continuity", part, None)


def _shows(shot: Seen, words: str) -> bool:
    frame = shot.frame
    told = [frame.subject, frame.place, frame.light, *frame.props, *frame.details]
    told += [
        part
        for figure in frame.figures
        for part in (figure.name, figure.action, figure.look.wardrobe, figure.look.hat, figure.look.notes)
    ]
    return key_of_name(words) in " ".join(" ".join(told).casefold().split())


def _names(props: Sequence[str]) -> set[str]:
    return {key_of_name(prop) for prop in props}


def _plain(value: Any) -> str:
    if isinstance(value, list | tuple):
        return ", ".join(str(one) for one in value) or "–"
    return str(value) if value not in (None, "") else "–"
