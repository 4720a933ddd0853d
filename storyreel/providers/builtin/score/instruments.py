"""The players: which preset of the soundfont each is, how far it reaches, and how loud it is by nature.

`tools/build_soundfont.py` reads this table, so the soundfont holds these presets over these ranges and nothing else.
"""

from __future__ import annotations

from dataclasses import dataclass

DRUM_BANK = 128


@dataclass(frozen=True, slots=True)
class Instrument:
    """A preset of General MIDI. `low` to `high` are the MIDI keys it may be asked for.

    `level_db` evens out the presets: with it, a note of velocity 90 in the middle of the range is about as loud for all.
    `sustained` players hold a note for its length; the others ring and die away by themselves.
    """

    bank: int
    program: int
    low: int
    high: int
    level_db: float = 0.0
    sustained: bool = False


INSTRUMENTS: dict[str, Instrument] = {
    "piano": Instrument(0, 0, 33, 96, 11.6),
    "rhodes": Instrument(0, 4, 36, 88, 3.4),
    "celesta": Instrument(0, 8, 60, 96, 11),
    "music box": Instrument(0, 10, 60, 96, -4),
    "vibraphone": Instrument(0, 11, 53, 89, 4),
    "tubular bells": Instrument(0, 14, 55, 79, 1.5),
    "guitar": Instrument(0, 24, 40, 83, 6.5),
    "double bass": Instrument(0, 32, 28, 55, -3.3),
    "synth bass": Instrument(0, 38, 28, 55, 9.8, sustained=True),
    "violin": Instrument(0, 40, 55, 93, -1.5, sustained=True),
    "cello": Instrument(0, 42, 36, 72, 0, sustained=True),
    "tremolo": Instrument(0, 44, 43, 88, -1.8, sustained=True),
    "pizzicato": Instrument(0, 45, 36, 88, 1.4),
    "harp": Instrument(0, 46, 36, 93, 8.2),
    "timpani": Instrument(0, 47, 36, 57, 2.4),
    "strings": Instrument(0, 48, 36, 91, -3, sustained=True),
    "slow strings": Instrument(0, 49, 36, 91, -5.7, sustained=True),
    "synth strings": Instrument(0, 51, 40, 91, 1.5, sustained=True),
    "choir": Instrument(0, 52, 48, 79, 0.5, sustained=True),
    "muted trumpet": Instrument(0, 59, 55, 84, -11, sustained=True),
    "horns": Instrument(0, 60, 41, 77, -6.2, sustained=True),
    "oboe": Instrument(0, 68, 58, 88, -3.5, sustained=True),
    "clarinet": Instrument(0, 71, 52, 88, 1.5, sustained=True),
    "flute": Instrument(0, 73, 60, 93, -2.5, sustained=True),
    "shakuhachi": Instrument(0, 77, 57, 86, -3, sustained=True),
    "saw lead": Instrument(0, 81, 48, 91, -4, sustained=True),
    "warm pad": Instrument(0, 89, 40, 84, 7.2, sustained=True),
    "polysynth": Instrument(0, 90, 40, 88, 6.5, sustained=True),
    "bowed glass": Instrument(0, 92, 48, 88, 1.3, sustained=True),
    "sweep pad": Instrument(0, 95, 40, 84, -9.6, sustained=True),
    "koto": Instrument(0, 107, 45, 88, 2.4),
    "taiko": Instrument(0, 116, 36, 60, 6),
    "reverse cymbal": Instrument(0, 119, 55, 65, -6.5),
}
"""Pitched players by name."""


@dataclass(frozen=True, slots=True)
class Kit:
    """A drum kit of General MIDI, and the keys of it that are played."""

    program: int
    keys: frozenset[int]
    level_db: float = 0.0


KICK, RIM, SNARE, CLAP, TAP = 36, 37, 38, 39, 40
HAT, OPEN_HAT, CRASH, RIDE, TAMBOURINE = 42, 46, 49, 51, 54
SHAKER, HIGH_BLOCK, LOW_BLOCK, TRIANGLE = 70, 76, 77, 81

KITS: dict[str, Kit] = {
    "kit": Kit(0, frozenset({KICK, RIM, SNARE, HAT, OPEN_HAT, CRASH, RIDE, TAMBOURINE, SHAKER, HIGH_BLOCK, LOW_BLOCK, TRIANGLE})),
    "machine": Kit(25, frozenset({KICK, SNARE, CLAP, HAT, OPEN_HAT}), -8.0),
    "brushes": Kit(40, frozenset({KICK, SNARE, CLAP, TAP, HAT, RIDE})),
}
"""Drum kits by name."""
