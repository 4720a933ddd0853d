"""The plan of a piece before a note is written: its moods, its bars, its chords, and how its energy rises and falls."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from random import Random

from storyreel.model.spec import Mood
from storyreel.providers.builtin.score import grid, harmony
from storyreel.providers.builtin.score.moods import Style, style
from storyreel.providers.builtin.score.notes import Bar, Section

MIN_SECTION_S = 5.0
PHRASE_BARS = 4
CHAPTER_BARS = 32
_TONICS = (0, 2, 3, 5, 7, 9, 10)
_SHIFTS = (-3, 2, 3, 5, -2, -5)
_PEAK_AT = 0.62


@dataclass(frozen=True, slots=True)
class Plan:
    """Sections with their styles, the bars of all of them, and the final bar, which is last in `bars`."""

    sections: tuple[Section, ...]
    styles: tuple[Style, ...]
    bars: tuple[Bar, ...]
    remarks: tuple[str, ...]


def plan(
    moods: Sequence[tuple[float, Mood]], duration_s: float, cuts_s: Sequence[float], flavour: str | None, rng: Random
) -> Plan:
    """Lay a piece of `duration_s` out over its moods and cuts."""
    spans, remarks = _spans(moods, duration_s)
    cuts = tuple(sorted({cut for cut in cuts_s if 0 < cut < duration_s}))
    sections = _sections(spans, flavour, rng)
    styles = tuple(style(mood, flavour) for _, mood in spans)
    bars: list[Bar] = []
    for number, section in enumerate(sections):
        last = number == len(sections) - 1
        end_s = _final_s(section, styles[number], duration_s, cuts) if last else sections[number + 1].start_s
        lines = _lines(section.start_s, end_s, cuts, styles[number], slow_down=last)
        home = section if last else sections[number + 1]
        chords = _chords(len(lines), section, styles[number], home, styles[number if last else number + 1])
        bars += [
            Bar(beats, chord, number, _energy(beats[0], duration_s, index, styles[number].strength))
            for index, (beats, chord) in enumerate(zip(lines, chords, strict=True))
        ]
    final = harmony.chord(styles[-1].home, sections[-1].tonic)
    bars.append(Bar((bars[-1].end_s, duration_s), final, len(sections) - 1, bars[-1].energy))
    return Plan(sections, styles, tuple(bars), remarks)


def _spans(moods: Sequence[tuple[float, Mood]], duration_s: float) -> tuple[tuple[tuple[float, Mood], ...], tuple[str, ...]]:
    """Moods by start, equal neighbours joined; one too short for a phrase is left to its neighbour, and that is said."""
    kept: list[tuple[float, Mood]] = []
    dropped: list[str] = []
    for start_s, mood in sorted(moods, key=lambda pair: pair[0]):
        if start_s >= duration_s:
            continue
        if not kept:
            kept.append((0.0, mood))
        elif mood != kept[-1][1]:
            if start_s - kept[-1][0] >= MIN_SECTION_S and duration_s - start_s >= MIN_SECTION_S + _ring_s(duration_s):
                kept.append((start_s, mood))
            else:
                dropped.append(
                    f"The change to {mood} at {start_s:.1f} s leaves no room for a phrase; the mood before it was kept."
                )
    return tuple(kept) or ((0.0, "neutral"),), tuple(dropped)


def _sections(spans: Sequence[tuple[float, Mood]], flavour: str | None, rng: Random) -> tuple[Section, ...]:
    tonic = rng.choice(_TONICS)
    made: list[Section] = []
    for start_s, mood in spans:
        if made:
            tonic = (tonic + rng.choice(_SHIFTS)) % 12
        way = style(mood, flavour)
        players = (way.pad, way.arp, way.lead, way.answer, way.bass)
        made.append(Section(start_s, mood, tonic, way.mode, way.bpm, players))
    return tuple(made)


def _ring_s(duration_s: float) -> float:
    """How long the final chord should ring."""
    return min(4.5, max(0.28 * duration_s, min(0.6, duration_s / 2)))


def _final_s(section: Section, way: Style, duration_s: float, cuts: Sequence[float]) -> float:
    """Where the final chord falls: on a late cut where there is one, else after whole bars, else after whole beats."""
    ring_s = _ring_s(duration_s)
    earliest, latest = duration_s - 1.6 * ring_s, duration_s - 0.6 * ring_s
    late = [cut for cut in cuts if max(earliest, section.start_s + 2.0) <= cut <= latest]
    if late:
        return late[-1]
    from_s = max((cut for cut in cuts if section.start_s < cut < earliest), default=section.start_s)
    for unit_s in (way.metre * 60 / way.bpm, 60 / way.bpm):
        end_s = from_s + max(1, round((duration_s - ring_s - from_s) / unit_s)) * unit_s
        if earliest <= end_s <= latest:
            return end_s
    return duration_s - ring_s


def _lines(start_s: float, end_s: float, cuts: tuple[float, ...], way: Style, *, slow_down: bool) -> list[tuple[float, ...]]:
    """Beat times of each bar. The very last bars of a piece slow down a little."""
    bars: list[tuple[float, ...]] = []
    found = grid.runs(start_s, end_s, cuts, way.bpm, way.metre)
    for number, run in enumerate(found):
        times = grid.beat_times(run)
        if slow_down and number == len(found) - 1 and run.beats >= 2 * way.metre:
            times = _slowing(times)
        at = 0
        for length in grid.bar_lengths(run.beats, way.metre):
            bars.append(times[at : at + length + 1])
            at += length
    return bars


def _slowing(times: tuple[float, ...]) -> tuple[float, ...]:
    steps = [after - before for before, after in pairwise(times)]
    weights = [1.0] * (len(steps) - 3) + [1.04, 1.09, 1.16]
    scale = sum(steps) / sum(step * weight for step, weight in zip(steps, weights, strict=True))
    slowed = [times[0]]
    for step, weight in zip(steps, weights, strict=True):
        slowed.append(slowed[-1] + step * weight * scale)
    return (*slowed[:-1], times[-1])


def _chords(count: int, section: Section, way: Style, home: Section, home_way: Style) -> list[harmony.Chord]:
    """One chord a bar. A section ends on the dominant of what follows: its own home, or the next section's."""
    names = [way.progressions[bar // CHAPTER_BARS % len(way.progressions)][bar % PHRASE_BARS] for bar in range(count)]
    made = [harmony.chord(name, section.tonic) for name in names]
    leading = [harmony.chord(name, home.tonic) for name in home_way.cadence]
    if count >= 3 and home is section:
        return [*made[:-2], *leading]
    return [*made[:-1], leading[-1]]


def _energy(at_s: float, duration_s: float, bar: int, strength: float) -> float:
    """0 to 1: an arch over the piece that peaks past its middle, with a smaller wave in each chapter of a long one."""
    along = at_s / duration_s
    if along < _PEAK_AT:
        arch = 0.4 + 0.6 * math.sin(math.pi / 2 * along / _PEAK_AT) ** 2
    else:
        arch = 1 - 0.45 * ((along - _PEAK_AT) / (1 - _PEAK_AT)) ** 1.5
    wave = 1 - 0.18 * (0.5 + 0.5 * math.cos(2 * math.pi * bar / CHAPTER_BARS)) if duration_s > 90 else 1.0
    return min(1.0, arch * wave * (0.35 + 0.65 * strength))
