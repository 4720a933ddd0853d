"""What lies under the melody: held chords, arpeggios and the bass, more of each as the energy rises."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from storyreel.providers.builtin.score import harmony
from storyreel.providers.builtin.score.instruments import INSTRUMENTS
from storyreel.providers.builtin.score.melody import Sung
from storyreel.providers.builtin.score.moods import Style
from storyreel.providers.builtin.score.notes import Bar

_PAD_LOW, _PAD_HIGH, _PAD_CENTRE = 50, 73, 61
_RISING = {"rise": (0, 1, 2, 3), "wave": (0, 1, 2, 3, 2, 1), "broken": (0, 2, 1, 2), "pulse": (0, 0, 1, 0), "chime": (3, 1, 2, 0)}


@dataclass(frozen=True, slots=True)
class _Held:
    first: int
    last: int
    pitch: int


def pads(bars: tuple[Bar, ...], styles: tuple[Style, ...], breaks: frozenset[int]) -> list[Sung]:
    """Four voices that move as little as they can. A voice that stays is tied over, save into a bar of `breaks`.

    The notes' `beats` count the beats of all the bars that they last.
    """
    made: list[_Held] = []
    open_: dict[int, int] = {}
    previous: tuple[int, ...] = ()
    section = -1
    for number, bar in enumerate(bars):
        reach = INSTRUMENTS[styles[bar.section].pad]
        low, high = max(_PAD_LOW, reach.low), min(_PAD_HIGH, reach.high)
        previous = (
            harmony.voicing(bar.chord, previous, low, high) if previous else harmony.opening(bar.chord, 4, _PAD_CENTRE, low, high)
        )
        keep = number not in breaks and bar.section == section
        ended = [p for p, since in open_.items() if p not in previous or not keep or number - since >= 4]
        made += [_Held(open_.pop(pitch), number - 1, pitch) for pitch in ended]
        open_ |= {pitch: number for pitch in previous if pitch not in open_}
        section = bar.section
    made += [_Held(first, len(bars) - 1, pitch) for pitch, first in open_.items()]
    return [Sung(h.first, 0.0, sum(bars[b].beats for b in range(h.first, h.last + 1)), h.pitch, 0.8, "pad") for h in made]


def arpeggio(bars: tuple[Bar, ...], styles: tuple[Style, ...], rng: Random) -> list[Sung]:
    """Chord tones one after another, in a pattern that each phrase may turn round; sparser where the energy is low."""
    made: list[Sung] = []
    turned = False
    for number, bar in enumerate(bars):
        style = styles[bar.section]
        if number % 8 == 4:
            turned = rng.random() < 0.4
        if style.arp_figure == "none":
            continue
        tones = _ladder(bar, style)
        pattern = _RISING[style.arp_figure]
        for index, (beat, length) in enumerate(_pulse(bar, style)):
            step = pattern[index % len(pattern)]
            pitch = tones[len(tones) - 1 - step if turned and style.arp_figure != "pulse" else step]
            made.append(Sung(number, beat, length, pitch, 0.9 if beat == int(beat) else 0.72, "arp"))
    return made


def _ladder(bar: Bar, style: Style) -> tuple[int, ...]:
    """Four rising chord tones where the player sounds best and the melody is not."""
    reach = INSTRUMENTS[style.arp]
    base = {"chime": 74, "pulse": 55}.get(style.arp_figure, 58 + style.bright)
    rungs = harmony.ladder(bar.chord.tones, max(reach.low, base), reach.high)
    return rungs[:4]


def _pulse(bar: Bar, style: Style) -> list[tuple[float, float]]:
    """Beats on which the arpeggio plays and how long each note may ring."""
    if style.arp_figure == "chime":
        at = (0.0, 1.5, 3.0) if bar.energy > 0.5 else (0.0, 2.0)
        return [(beat, 2.0) for beat in at if beat < bar.beats]
    steps = max(1, round(style.steps * (1.0 if bar.energy > 0.55 else 0.5)))
    ring = 1.0 / steps if style.arp_figure == "pulse" else 1.5
    return [(index / steps, ring) for index in range(bar.beats * steps)]


def bass(bars: tuple[Bar, ...], styles: tuple[Style, ...]) -> list[Sung]:
    """The roots, near the one before, in the figure of the style."""
    made: list[Sung] = []
    previous = 43
    for number, bar in enumerate(bars):
        style = styles[bar.section]
        reach = INSTRUMENTS[style.bass]
        low, high = max(reach.low, 36), min(reach.high, 53)
        root = harmony.nearest(harmony.ladder((bar.chord.root,), low, high), 0.5 * previous + 0.5 * 43)
        following = bars[number + 1].chord if number + 1 < len(bars) else bar.chord
        made += [
            Sung(number, beat, length, pitch, strength, "bass")
            for beat, length, pitch, strength in _bass(bar, style, root, following)
        ]
        previous = root
    return made


def _bass(bar: Bar, style: Style, root: int, following: harmony.Chord) -> list[tuple[float, float, int, float]]:
    fifth = root + 7 if root + 7 <= 55 else root - 5
    full = float(bar.beats)
    if style.bass_figure == "walk":
        return _walk(bar, root, following)
    if style.bass_figure in ("pulse", "octaves") and bar.energy > 0.5:
        octave = root + 12 if style.bass_figure == "octaves" and root + 12 <= 55 else root
        return [(b / 2, 0.45, octave if b % 2 else root, 0.8 if b % 2 else 1.0) for b in range(bar.beats * 2)]
    if style.bass_figure == "half" and bar.energy > 0.45 and bar.beats >= 4:
        return [(0.0, 2.0, root, 1.0), (2.0, full - 2, fifth, 0.85)]
    return [(0.0, full, root, 0.95)]


def _walk(bar: Bar, root: int, following: harmony.Chord) -> list[tuple[float, float, int, float]]:
    """A note a beat: chord tones, and at the end a step into the next root."""
    tones = harmony.ladder((bar.chord.root, *bar.chord.tones), root, min(55, root + 12))
    target = harmony.nearest(harmony.ladder((following.root,), 34, 53), root)
    walked = [tones[min(beat, len(tones) - 1)] for beat in range(bar.beats)]
    if bar.beats > 1 and target != root:
        walked[-1] = target + (1 if walked[-1] > target else -1) if bar.beats > 2 else walked[-1]
    return [(float(beat), 0.9, pitch, 1.0 if beat == 0 else 0.85) for beat, pitch in enumerate(walked)]
