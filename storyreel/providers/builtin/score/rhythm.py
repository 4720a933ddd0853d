"""Drums, and the accents that mark a cut, a change of mood, the peak and the end."""

from __future__ import annotations

from dataclasses import dataclass

from storyreel.providers.builtin.score import harmony
from storyreel.providers.builtin.score.instruments import (
    CLAP,
    CRASH,
    HAT,
    HIGH_BLOCK,
    INSTRUMENTS,
    KICK,
    LOW_BLOCK,
    OPEN_HAT,
    RIDE,
    SHAKER,
    SNARE,
    TAMBOURINE,
    TAP,
    TRIANGLE,
)
from storyreel.providers.builtin.score.moods import DrumFigure, Style
from storyreel.providers.builtin.score.notes import Bar

SWELL_S = 1.32
_ACCENT_GAP_S = 2.5


@dataclass(frozen=True, slots=True)
class Hit:
    """A stroke: a bar, a beat in it, who plays what, and how strong (0 to 1)."""

    bar: int
    beat: float
    player: str
    pitch: int
    strength: float


Stroke = tuple[float, str, int, float]
_TAIKO, _TIMPANI = ("taiko", 45), ("timpani", 41)

_SOFT: dict[DrumFigure, tuple[Stroke, ...]] = {
    "heart": ((0, "taiko", 41, 0.55), (0.5, "taiko", 41, 0.35)),
    "war": ((0, *_TAIKO, 0.7), (2.5, *_TAIKO, 0.45), (3, *_TAIKO, 0.5)),
    "light": ((1, "kit", SHAKER, 0.35), (3, "kit", SHAKER, 0.4)),
    "machine": ((0, "kit", KICK, 0.8), (2, "kit", KICK, 0.75), (1, "kit", HAT, 0.4), (3, "kit", HAT, 0.4)),
    "brush": ((1, "kit", HAT, 0.4), (3, "kit", HAT, 0.4), (0, "kit", RIDE, 0.45), (2, "kit", RIDE, 0.4)),
    "ticks": ((0, "kit", LOW_BLOCK, 0.4), (1, "kit", HIGH_BLOCK, 0.3), (2, "kit", LOW_BLOCK, 0.35), (3, "kit", HIGH_BLOCK, 0.3)),
}
_FULL: dict[DrumFigure, tuple[Stroke, ...]] = {
    "heart": ((0, "taiko", 41, 0.75), (0.5, "taiko", 41, 0.5), (2, "taiko", 38, 0.4)),
    "war": (
        (0, *_TAIKO, 1.0), (0.75, *_TAIKO, 0.5), (1.5, *_TAIKO, 0.75), (2, "taiko", 50, 0.6), (2.5, *_TAIKO, 0.8),
        (3, "taiko", 50, 0.6), (3.5, *_TAIKO, 0.55), (0, "kit", SNARE, 0.25), (2.75, "kit", SNARE, 0.3), (3.25, "kit", SNARE, 0.35),
    ),
    "light": (
        (0, "kit", KICK, 0.5), (2, "kit", KICK, 0.45), (1, "kit", TAMBOURINE, 0.4), (3, "kit", TAMBOURINE, 0.45),
        (0.5, "kit", SHAKER, 0.3), (1.5, "kit", SHAKER, 0.3), (2.5, "kit", SHAKER, 0.3), (3.5, "kit", SHAKER, 0.3),
    ),
    "machine": (
        (0, "kit", KICK, 1.0), (1, "kit", KICK, 0.95), (2, "kit", KICK, 1.0), (3, "kit", KICK, 0.95), (1, "kit", CLAP, 0.6),
        (3, "kit", CLAP, 0.65), (0.5, "kit", OPEN_HAT, 0.4), (1.5, "kit", HAT, 0.5), (2.5, "kit", OPEN_HAT, 0.4), (3.5, "kit", HAT, 0.5),
    ),
    "brush": (
        (0, "kit", RIDE, 0.6), (1, "kit", RIDE, 0.65), (1.5, "kit", RIDE, 0.4), (2, "kit", RIDE, 0.6), (3, "kit", RIDE, 0.65),
        (3.5, "kit", RIDE, 0.4), (1, "kit", HAT, 0.5), (3, "kit", HAT, 0.5), (0, "kit", KICK, 0.3), (2.5, "kit", TAP, 0.35),
    ),
    "ticks": (
        (0, "taiko", 41, 0.7), (2.5, "taiko", 41, 0.5),
        *((b / 2, "kit", LOW_BLOCK if b % 4 == 0 else HIGH_BLOCK, 0.5 if b % 2 == 0 else 0.3) for b in range(8)),
    ),
}  # fmt: skip


def drums(bars: tuple[Bar, ...], styles: tuple[Style, ...]) -> list[Hit]:
    """The beat: soft where the energy is middling, full where it is high, silent below."""
    made: list[Hit] = []
    for number, bar in enumerate(bars):
        figure = styles[bar.section].drums
        if figure == "none" or bar.energy < 0.38:
            continue
        strokes = (_FULL if bar.energy > 0.6 else _SOFT)[figure]
        made += [Hit(number, beat, player, pitch, strength) for beat, player, pitch, strength in strokes if beat < bar.beats]
    return made


def accents(bars: tuple[Bar, ...], styles: tuple[Style, ...], cut_bars: frozenset[int]) -> list[Hit]:
    """A mark on each bar that starts on a cut: a bell at least, the style's own accent where there has been none for a while.

    The last of `bars` is the final chord.
    """
    made: list[Hit] = []
    big_s = -_ACCENT_GAP_S
    for number in sorted(cut_bars):
        bar = bars[number]
        style = styles[bar.section]
        big = bar.start_s - big_s >= _ACCENT_GAP_S and bar.energy > 0.45 and style.accent != "bell"
        made += _big(number, bar, style) if big else [Hit(number, 0.0, "celesta", _bell(bar), 0.35 + 0.25 * bar.energy)]
        big_s = bar.start_s if big else big_s
    return made


def _big(number: int, bar: Bar, style: Style) -> list[Hit]:
    strength = 0.3 + 0.45 * bar.energy
    if style.accent == "cymbal":
        return [Hit(number, 0.0, "cymbals", CRASH, 0.7 * strength), Hit(number, 0.0, "celesta", _bell(bar), 0.5)]
    return [Hit(number, 0.0, "timpani", drum(bar.chord), strength), Hit(number, 0.0, "taiko", 41, strength)]


def _bell(bar: Bar) -> int:
    return harmony.nearest(harmony.ladder(bar.chord.tones, 76, 91), 84)


def drum(chord: harmony.Chord) -> int:
    """The kettledrum tuned to the chord's root."""
    reach = INSTRUMENTS["timpani"]
    return harmony.nearest(harmony.ladder((chord.root,), reach.low, reach.high), 43)


def swells(bars: tuple[Bar, ...], styles: tuple[Style, ...]) -> list[int]:
    """The bars into which a cymbal rises: each change of mood, the peak, and the final chord, where there was room to rise."""
    turns = {number for number, bar in enumerate(bars) if number and bar.section != bars[number - 1].section}
    peak = max(range(len(bars) - 1), key=lambda number: bars[number].energy)
    loud = {n for n in (peak, len(bars) - 1) if bars[n].energy > 0.7 and styles[bars[n].section].strength > 0.7}
    return sorted(number for number in turns | loud if bars[number].start_s > SWELL_S + 0.5)


def final(bar: Bar, number: int, style: Style) -> list[Hit]:
    """The strokes under the final chord."""
    made = [Hit(number, 0.0, "celesta", _bell(bar), 0.4)]
    if style.accent == "boom":
        made += [Hit(number, 0.0, "timpani", drum(bar.chord), 0.6), Hit(number, 0.0, "taiko", 41, 0.6)]
    elif style.drums in ("light", "machine", "brush"):
        made.append(Hit(number, 0.0, "cymbals", CRASH if style.strength > 0.7 else TRIANGLE, 0.35))
    return made
