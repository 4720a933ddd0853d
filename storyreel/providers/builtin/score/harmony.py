"""Scales, chords and how one chord moves to the next. Pitch classes count from C = 0."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise, permutations, product

MODES: dict[str, tuple[int, ...]] = {
    "ionian": (0, 2, 4, 5, 7, 9, 11),
    "lydian": (0, 2, 4, 6, 7, 9, 11),
    "mixolydian": (0, 2, 4, 5, 7, 9, 10),
    "dorian": (0, 2, 3, 5, 7, 9, 10),
    "aeolian": (0, 2, 3, 5, 7, 8, 10),
    "phrygian": (0, 1, 3, 5, 7, 8, 10),
    "gong": (0, 2, 4, 7, 9),
    "yu": (0, 3, 5, 7, 10),
}
"""Steps of each mode in semitones. `gong` and `yu` are the major and minor ends of the Chinese five tones."""

QUALITIES: dict[str, tuple[int, ...]] = {
    "": (0, 4, 7),
    "m": (0, 3, 7),
    "5": (0, 7),
    "sus2": (0, 2, 7),
    "sus4": (0, 5, 7),
    "7": (0, 4, 7, 10),
    "m7": (0, 3, 7, 10),
    "maj7": (4, 7, 11, 14),  # the root is left to the bass, where it does not rub against the seventh
    "6": (0, 4, 7, 9),
    "add9": (0, 4, 7, 14),
    "madd9": (0, 3, 7, 14),
}

_NUMERALS = {"I": 0, "II": 2, "III": 4, "IV": 5, "V": 7, "VI": 9, "VII": 11}
_ROMAN = re.compile(r"(b?)(VII|VI|IV|V|III|II|I|vii|vi|iv|v|iii|ii|i)(5|sus2|sus4|7|maj7|6|add9|)")


@dataclass(frozen=True, slots=True)
class Chord:
    """A chord as it sounds: its root, for the bass, and its tones as pitch classes, for all others."""

    name: str
    root: int
    tones: tuple[int, ...]

    def has(self, pitch: int) -> bool:
        """Whether `pitch` is one of its tones in some octave."""
        return pitch % 12 in self.tones

    def clashes(self, pitch: int) -> bool:
        """Whether `pitch` is no tone of it and lies a semitone from one."""
        return not self.has(pitch) and any((pitch - tone) % 12 in (1, 11) for tone in self.tones)


def chord(roman: str, tonic: int) -> Chord:
    """The chord that a roman numeral names over `tonic`: small numerals are minor, `b` lowers the major scale's degree."""
    match = _ROMAN.fullmatch(roman)
    if match is None:
        raise ValueError(f"{roman!r} is no chord this composer knows.")
    flat, numeral, colour = match.groups()
    root = (_NUMERALS[numeral.upper()] - len(flat) + tonic) % 12
    quality = f"m{colour}" if numeral.islower() and colour in ("", "7", "add9") else colour
    return Chord(roman, root, tuple((root + step) % 12 for step in QUALITIES[quality]))


def scale(mode: str, tonic: int, over: Chord) -> tuple[int, ...]:
    """The pitch classes to sing over a chord: the mode, bent where the chord borrows a tone from outside it."""
    own = {(tonic + step) % 12 for step in MODES[mode]}
    borrowed = set(over.tones) - own
    bent = {pc for pc in own if not any((pc - tone) % 12 in (1, 11) for tone in borrowed)}
    return tuple(sorted(bent | set(over.tones)))


def ladder(pitch_classes: Iterable[int], low: int, high: int) -> tuple[int, ...]:
    """Every MIDI key from `low` to `high` in these pitch classes, rising."""
    wanted = set(pitch_classes)
    return tuple(key for key in range(low, high + 1) if key % 12 in wanted)


def nearest(pitches: tuple[int, ...], to: float) -> int:
    """The pitch closest to `to`; of two, the lower."""
    return min(pitches, key=lambda pitch: (abs(pitch - to), pitch))


def voicing(over: Chord, previous: tuple[int, ...], low: int, high: int) -> tuple[int, ...]:
    """The chord in as many voices as `previous`, each moving as little as it can; rising, and no two a semitone apart."""
    voices = len(previous)
    tones = over.tones[:voices] if len(over.tones) >= voices else (over.tones + over.tones)[:voices]
    best: tuple[float, tuple[int, ...]] | None = None
    for order in set(permutations(tones)):
        for pitches in product(*(_around(tone, was, low, high) for tone, was in zip(order, previous, strict=True))):
            spread = tuple(sorted(pitches))
            cost = sum(abs(a - b) for a, b in zip(spread, sorted(previous), strict=True)) + _crowding(spread)
            if best is None or (cost, spread) < best:
                best = (cost, spread)
    assert best is not None
    return best[1]


def opening(over: Chord, voices: int, centre: int, low: int, high: int) -> tuple[int, ...]:
    """The first voicing of a piece: spread evenly around `centre`."""
    seats = tuple(round(centre + (index - (voices - 1) / 2) * 4.5) for index in range(voices))
    return voicing(over, seats, low, high)


def _around(tone: int, was: int, low: int, high: int) -> tuple[int, ...]:
    keys = [key for key in range(max(low, was - 9), min(high, was + 9) + 1) if key % 12 == tone]
    return tuple(keys) or (nearest(ladder((tone,), low, high), was),)


def _crowding(pitches: tuple[int, ...]) -> float:
    """What is wrong with a voicing: semitones, unisons, gaps wider than an octave, mud below the middle."""
    cost = 0.0
    for lower, upper in pairwise(pitches):
        gap = upper - lower
        cost += {0: 12.0, 1: 60.0}.get(gap, 0.0) + (4.0 if gap > 12 else 0.0) + (6.0 if lower < 52 and gap < 4 else 0.0)
    outer = sum(60.0 for low_ in pitches for high_ in pitches if high_ > low_ and (high_ - low_) in (13, 25))
    return cost + outer
