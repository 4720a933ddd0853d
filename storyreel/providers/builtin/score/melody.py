"""The melody: a motif of four notes, and the phrases that state, turn, break and bring it back."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random
from typing import Literal

from storyreel.providers.builtin.score import harmony
from storyreel.providers.builtin.score.instruments import INSTRUMENTS
from storyreel.providers.builtin.score.moods import Style
from storyreel.providers.builtin.score.notes import Bar, Motif, Role, Section

Figure = Literal["motif", "inverted", "doubled", "fragment", "hold", "rest"]
Phrase = tuple[Figure, Figure, Figure, Figure]

_RHYTHMS = ((1.5, 0.5, 1, 1), (1, 0.5, 0.5, 2), (2, 0.5, 0.5, 1), (0.5, 0.5, 1, 2), (1, 1, 0.5, 1.5), (1.5, 1.5, 0.5, 0.5))
_STATE: tuple[Phrase, ...] = (("motif", "hold", "motif", "hold"), ("motif", "fragment", "motif", "hold"))
_VARY: tuple[Phrase, ...] = (("motif", "inverted", "fragment", "hold"), ("inverted", "motif", "fragment", "hold"))
_PEAK: tuple[Phrase, ...] = (("motif", "motif", "doubled", "hold"), ("motif", "doubled", "inverted", "hold"))
_REST: tuple[Phrase, ...] = (("rest", "rest", "rest", "rest"), ("rest", "rest", "fragment", "hold"))
_CLOSE: Phrase = ("motif", "fragment", "hold", "hold")


@dataclass(frozen=True, slots=True)
class Sung:
    """One note of a melody, in beats of its bar."""

    bar: int
    beat: float
    beats: float
    pitch: int
    strength: float
    role: Role


@dataclass(frozen=True, slots=True)
class Line:
    """A melody and the bars in which its motif is heard exactly."""

    notes: tuple[Sung, ...]
    motif_bars: tuple[int, ...]


def motif(rng: Random, metre: int) -> Motif:
    """A motif worth coming back to: one leap at least, one step at least, within a sixth, and not one straight line."""
    beats = _of_metre(rng.choice(_RHYTHMS), metre)
    while True:
        moves = [rng.choice((-3, -2, -1, -1, 1, 1, 2, 3, 4)) for _ in range(3)]
        steps = (0, moves[0], moves[0] + moves[1], sum(moves))
        sizes = {abs(move) for move in moves}
        if (
            max(steps) - min(steps) <= 5
            and len(set(steps)) >= 3
            and 1 in sizes
            and max(sizes) >= 2
            and len({m > 0 for m in moves}) == 2
        ):
            return Motif(beats, steps)


def _of_metre(rhythm: tuple[float, ...], metre: int) -> tuple[float, ...]:
    beats = list(rhythm)
    beats[beats.index(max(beats))] += metre - sum(beats)
    return tuple(beats) if min(beats) > 0 else (metre - 1.5, 0.5, 0.5, 0.5)


def figures(bars: tuple[Bar, ...], styles: tuple[Style, ...], rng: Random) -> list[Figure]:
    """What the melody does in each bar but the last: phrases of four, made to the energy's shape."""
    made: list[Figure] = []
    peak = max(range(len(bars)), key=lambda bar: (bars[bar].energy, -bar))
    for number in sorted({bar.section for bar in bars}):
        count = sum(bar.section == number for bar in bars)
        first = len(made)
        section: list[Figure] = []
        for phrase in range(-(-count // 4)):
            closing = phrase == -(-count // 4) - 1 and phrase > 0
            at_peak = first + 4 * phrase <= peak < first + 4 * phrase + 4
            section += _phrase(phrase, at_peak=at_peak, closing=closing, sparse=styles[number].sparse, rng=rng)
        made += section[:count]
    return made


def _phrase(number: int, *, at_peak: bool, closing: bool, sparse: float, rng: Random) -> Phrase:
    if number == 0:
        return rng.choice(_STATE)
    if at_peak:
        return rng.choice(_PEAK)
    if closing:
        return _CLOSE
    if number % 2 == 1 or rng.random() > sparse:
        return rng.choice((*_VARY, _STATE[1]))
    return rng.choice(_REST)


def write(bars: tuple[Bar, ...], sections: tuple[Section, ...], styles: tuple[Style, ...], theme: Motif, rng: Random) -> Line:
    """The melody over all bars but the last, and its answers where it holds a note."""
    plan = figures(bars, styles, rng)
    notes: list[Sung] = []
    heard: list[int] = []
    previous: float | None = None
    told = 0
    for number, (bar, figure) in enumerate(zip(bars, plan, strict=True)):
        style, section = styles[bar.section], sections[bar.section]
        voice = _Voice.of(
            style.lead, style, section, bar, lift=5 if bar.energy > 0.85 * style.strength and figure == "motif" else 0
        )
        sung, exact = _sing(figure, theme, bar, voice, (previous, told))
        notes += [Sung(number, beat, length, pitch, 1.0, "lead") for beat, length, pitch in sung]
        if sung:
            previous = sung[-1][2]
        if exact and figure == "motif":
            heard.append(number)
            told = sung[0][2]
        if figure in ("hold", "rest") and bar.energy > 0.5 and bar.beats >= 3 and rng.random() < 0.6:
            notes += _answer(number, bar, style, section, theme)
    return Line(tuple(notes), tuple(heard))


@dataclass(frozen=True, slots=True)
class _Voice:
    """What a player may sing in a bar: the ladder of its pitches, and where it likes to be."""

    rungs: tuple[int, ...]
    centre: float

    @classmethod
    def of(cls, player: str, style: Style, section: Section, bar: Bar, lift: int = 0) -> _Voice:
        reach = INSTRUMENTS[player]
        centre = min(max(70 + style.bright + lift, reach.low + 7), reach.high - 7)
        low, high = max(reach.low, int(centre) - 12), min(reach.high, int(centre) + 12)
        return cls(harmony.ladder(harmony.scale(section.mode, section.tonic, bar.chord), low, high), centre)


_Placed = tuple[list[tuple[float, float, int]], bool]


def _sing(figure: Figure, theme: Motif, bar: Bar, voice: _Voice, before: tuple[float | None, int]) -> _Placed:
    """Notes of a bar as (beat, beats, pitch), and whether they are the figure step for step.

    `before` is the melody's last pitch, and the pitch on which the motif was last begun: it is begun elsewhere if it can be.
    """
    previous, told = before
    near = voice.centre if previous is None else previous
    if figure == "rest":
        return [], False
    if figure == "hold" or bar.beats < 2:
        return [(0.0, max(1.0, bar.beats - 0.75) if bar.beats > 1 else 1.0, _tone(bar, voice, near))], False
    beats, steps = _shape(figure, theme)
    if sum(beats[:-1]) > bar.beats - 0.5:
        beats, steps = _shape("fragment", Motif((1, 1, 1, 1), theme.steps))
    last = bar.beats - sum(beats[:-1])
    return _placed((*beats[:-1], last - (0.5 if figure == "fragment" and last > 1 else 0)), steps, bar, voice, (near, told))


def _shape(figure: Figure, theme: Motif) -> tuple[tuple[float, ...], tuple[int, ...]]:
    if figure == "inverted":
        return theme.beats, tuple(-step for step in theme.steps)
    if figure == "fragment":
        return theme.beats[:2], theme.steps[:2]
    if figure == "doubled":
        half = tuple(beat / 2 for beat in theme.beats)
        return half + half, theme.steps + tuple(step + 1 for step in theme.steps)
    return theme.beats, theme.steps


def _placed(beats: tuple[float, ...], steps: tuple[int, ...], bar: Bar, voice: _Voice, before: tuple[float, int]) -> _Placed:
    """The steps hung on the rung where they agree best with the chord and lie closest; what still clashes moves to the chord."""
    near, told = before
    starts = [sum(beats[:index]) for index in range(len(beats))]
    strong = [start in (0, bar.beats // 2) or length >= 1.5 for start, length in zip(starts, beats, strict=True)]
    anchors = [a for a in range(len(voice.rungs)) if a + min(steps) >= 0 and a + max(steps) < len(voice.rungs)]
    if not anchors:
        return [(0.0, float(bar.beats), _tone(bar, voice, near))], False

    def cost(anchor: int) -> float:
        pitches = [voice.rungs[anchor + step] for step in steps]
        wrong = sum(
            9.0 if bar.chord.clashes(p) else 0.0 if bar.chord.has(p) else 1.2 for p, s in zip(pitches, strong, strict=True) if s
        )
        wrong += 3.0 if pitches[0] == told else 0.0
        wrong += 0.0 if bar.chord.has(pitches[0]) else 1.3
        return wrong + 0.45 * abs(pitches[0] - near) + 0.4 * abs(sum(pitches) / len(pitches) - voice.centre)

    anchor = min(anchors, key=cost)
    pitches = [voice.rungs[anchor + step] for step in steps]
    mended = [_tone(bar, voice, p) if s and bar.chord.clashes(p) else p for p, s in zip(pitches, strong, strict=True)]
    return list(zip(starts, beats, mended, strict=True)), mended == pitches


def _tone(bar: Bar, voice: _Voice, near: float) -> int:
    """The chord tone nearest to where the melody is, kept from wandering off."""
    rungs = tuple(pitch for pitch in voice.rungs if bar.chord.has(pitch))
    return min(rungs, key=lambda pitch: (abs(pitch - near) + 0.5 * abs(pitch - voice.centre), pitch))


def _answer(number: int, bar: Bar, style: Style, section: Section, theme: Motif) -> list[Sung]:
    """The second voice picks the motif's head up, a beat late and an octave's reach away from the melody."""
    voice = _Voice.of(style.answer, style, section, bar, lift=-5)
    sung, _ = _placed((1.0, float(bar.beats - 2)), theme.steps[:2], bar, voice, (voice.centre, 0))
    if len(sung) < 2:
        return []
    agreed = [(beat, length, _tone(bar, voice, p) if beat or bar.chord.clashes(p) else p) for beat, length, p in sung]
    return [Sung(number, beat + 1, length, pitch, 0.75, "answer") for beat, length, pitch in agreed]
