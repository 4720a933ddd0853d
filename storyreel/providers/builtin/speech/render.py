"""Breaths become one sound with a time for each word."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from storyreel.pipeline.ports import Word
from storyreel.providers.builtin.speech.kokoro import FRAME, RATE_HZ, Kokoro, Spoken, Wave
from storyreel.providers.builtin.speech.units import Breath, Unit

FASTEST = 1.25
"""How much faster than asked a line may be heard, to fit its room; above it the words blur."""
HARDEST = 1.5
"""How much faster the model may be asked to speak for that."""
_EDGE_S = 0.04
_QUIET = 0.012
"""Below this share of the loudest sample the sound counts as silence."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """How breaths are said: the style's table, the model's speed, a factor on pauses, and the pitch of the resampling to come."""

    table: Wave
    speed: float
    pauses: float = 1.0
    pitch: float = 1.0

    def faster(self, factor: float) -> Delivery:
        """The same, with speech and pauses `factor` times as fast."""
        return Delivery(self.table, self.speed * factor, self.pauses / factor, self.pitch)

    @property
    def model_speed(self) -> float:
        """The resampling that lifts the pitch also shortens, so the model speaks that much slower."""
        return self.speed / self.pitch


@dataclass(frozen=True, slots=True)
class Take:
    """Sound at 24 kHz and its words, their times in seconds of this sound."""

    wave: Wave
    words: tuple[Word, ...]


def render(
    model: Kokoro, breaths: list[Breath], delivery: Delivery, *, between: Callable[[float], None] = lambda _: None
) -> Take:
    """The whole line. `between` is told after each breath how far it is, 0 to 1, and may raise to stop."""
    waves: list[Wave] = []
    words: list[Word] = []
    at = 0
    for number, breath in enumerate(breaths):
        take = _breath(breath, model.say(breath.phonemes, delivery.table, delivery.model_speed), delivery)
        words += [Word(text=w.text, start_s=w.start_s + at / RATE_HZ, end_s=w.end_s + at / RATE_HZ) for w in take.words]
        last = number + 1 == len(breaths)
        silence = 0 if last else round(breath.pause_s * delivery.pauses * RATE_HZ * delivery.pitch)
        waves += [take.wave, np.zeros(silence, np.float32)]
        at += len(take.wave) + silence
        between((number + 1) / len(breaths))
    return Take(np.concatenate(waves) if waves else np.zeros(0, np.float32), tuple(words))


def _breath(breath: Breath, spoken: Spoken, delivery: Delivery) -> Take:
    """One run of the model, its pauses lengthened to what the marks ask for and its ends cut to the sound."""
    spans = _spans(breath.units, spoken.frames)
    start, end = _heard(spoken.wave, spans[0][0], spans[-1][1])
    waves: list[Wave] = []
    words: list[Word] = []
    cut, shift = start, -start
    for at, unit in enumerate(breath.units):
        if unit.text:
            from_, to = (min(max(edge, start), end) + shift for edge in spans[at])
            words.append(Word(text=unit.text, start_s=from_ / RATE_HZ, end_s=to / RATE_HZ))
        elif lacking := _lacking(breath.units, spans, at, delivery):
            quietest = _quietest(spoken.wave, *spans[at])
            if cut < quietest < end and at + 1 < len(spans):
                waves += [spoken.wave[cut:quietest], np.zeros(lacking, np.float32)]
                cut, shift = quietest, shift + lacking
    return Take(np.concatenate([*waves, spoken.wave[cut:end]]), tuple(words))


def _spans(units: tuple[Unit, ...], frames: np.ndarray) -> list[tuple[int, int]]:
    """The samples in which each unit sounds. The model pads its input by one token at each end."""
    edges = np.concatenate([[0], np.cumsum(frames)]) * FRAME
    places = np.cumsum([1, *(len(unit.phonemes) for unit in units)])
    return [(int(edges[a]), int(edges[b])) for a, b in pairwise(places)]


def _lacking(units: tuple[Unit, ...], spans: list[tuple[int, int]], at: int, delivery: Delivery) -> int:
    """The samples of silence that a mark inside a breath asks for beyond those it has."""
    has = spans[at][1] - spans[at][0]
    return max(0, round(units[at].pause_s * delivery.pauses * RATE_HZ * delivery.pitch) - has)


def _quietest(wave: Wave, start: int, end: int) -> int:
    """The middle of the quietest 25 ms of a stretch."""
    power = np.convolve(wave[start:end] ** 2, np.ones(FRAME, np.float32), mode="valid") if end - start >= FRAME else []
    return start + int(np.argmin(power)) + FRAME // 2 if len(power) else (start + end) // 2


def _heard(wave: Wave, start: int, end: int) -> tuple[int, int]:
    """Where the sound begins and ends, with a short edge around it."""
    loud = np.flatnonzero(np.abs(wave) > _QUIET * float(np.abs(wave).max(initial=0.0)))
    if not len(loud):
        return start, end
    edge = round(_EDGE_S * RATE_HZ)
    return max(0, int(loud[0]) - edge), min(len(wave), int(loud[-1]) + edge)
