"""The orchestra: notes become raw sound through the soundfont, block by block."""

from __future__ import annotations

import math
import threading
from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import tinysoundfont

from storyreel.providers.builtin.score.instruments import INSTRUMENTS, KITS
from storyreel.providers.builtin.score.notes import Bar, Note, Role, Score

RATE = 48_000
SOUNDFONT = Path(__file__).parent.parent / "soundfont" / "score.sf3"
Sound = npt.NDArray[np.float32]

_MIX_DB: dict[Role, float] = {
    "pad": -9.0, "arp": -8.0, "lead": -2.0, "answer": -7.0, "bass": -6.5, "drums": -9.0, "accent": -11.0,
}  # fmt: skip
_PAN: dict[Role, int] = {"pad": 64, "arp": 82, "lead": 56, "answer": 40, "bass": 64, "drums": 68, "accent": 74}
_HEADROOM_DB = -10.0  # the controller only turns down, so every level is taken from here
_CHANNELS = 16
_MOST_RESTING = 2
_resting: list[tuple[Any, int]] = []
_door = threading.Lock()
_VOLUME, _PAN_AT, _EXPRESSION = 7, 10, 11


@dataclass(frozen=True, slots=True)
class _Event:
    """Something that a channel is told at a frame; releases come before attacks of the same frame."""

    frame: int
    order: int
    channel: int
    kind: str
    first: int
    second: int


def blocks(score: Score, block_s: float = 2.0) -> Iterator[Sound]:
    """The score as raw stereo blocks, float32 (frames, 2) at 48 kHz; together exactly its duration."""
    total = round(score.duration_s * RATE)
    events = sorted(_events(score), key=lambda event: (event.frame, event.order))
    with orchestra() as (synth, font):
        yield from _played_through(synth, font, events, total, round(block_s * RATE))


def _played_through(synth: Any, font: int, events: Sequence[_Event], total: int, step: int) -> Iterator[Sound]:
    at = index = 0
    while at < total:
        end = min(total, at + step)
        out = bytearray((end - at) * 8)
        view = memoryview(out)
        start = at
        while at < end:
            while index < len(events) and events[index].frame <= at:
                _tell(synth, font, events[index])
                index += 1
            until = min(end, events[index].frame) if index < len(events) else end
            synth.generate_simple(until - at, buffer=view[(at - start) * 8 : (until - start) * 8])
            at = until
        yield np.frombuffer(out, dtype=np.float32).reshape(-1, 2)


@contextmanager
def orchestra() -> Generator[tuple[Any, int]]:
    """A synthesizer with the soundfont loaded, and the font's number in it; silent, and nobody else's until it is given back."""
    with _door:
        synth, font = _resting.pop() if _resting else (None, 0)
    if synth is None:
        synth = tinysoundfont.Synth(samplerate=RATE)
        font = synth.sfload(SOUNDFONT.read_bytes(), max_voices=192)
    try:
        yield synth, font
    finally:
        synth.sounds_off()
        synth.generate_simple(RATE // 10)  # voices that are cut off need a moment to end
        with _door:
            if len(_resting) < _MOST_RESTING:
                _resting.append((synth, font))


def _tell(synth: Any, font: int, event: _Event) -> None:
    if event.kind == "on":
        synth.noteon(event.channel, event.first, event.second)
    elif event.kind == "off":
        synth.noteoff(event.channel, event.first)
    elif event.kind == "control":
        synth.control_change(event.channel, event.first, event.second)
    else:
        drums = event.kind == "drums"
        synth.program_select(event.channel, font, event.first, event.second, drums)


def _events(score: Score) -> Iterator[_Event]:
    lines: dict[tuple[str, Role], list[Note]] = {}
    for note in score.notes:
        lines.setdefault((note.player, note.role), []).append(note)
    turns: list[tuple[str, Role, list[Note]]] = [
        (player, role, run) for (player, role), notes in lines.items() for run in _stretches(notes)
    ]
    free_s = [-1.0] * _CHANNELS
    for player, role, notes in sorted(turns, key=lambda turn: (turn[2][0].start_s, turn[0], turn[1])):
        # The channel that fell silent first; what still rings there rings on.
        channel = min(range(_CHANNELS), key=lambda seat: (free_s[seat], seat))
        free_s[channel] = max(note.end_s for note in notes) + 0.5
        yield from _seated(channel, max(0, round(notes[0].start_s * RATE) - 1), player, role)
        yield from _played(channel, notes)
        if role == "pad":
            yield from _breathing(channel, notes, score.bars)


def _stretches(notes: Sequence[Note]) -> Iterator[list[Note]]:
    """Runs of notes with no long rest between, so that a channel is free for someone else meanwhile."""
    run = [notes[0]]
    for note in notes[1:]:
        if note.start_s - run[-1].start_s > 20:
            yield run
            run = []
        run.append(note)
    yield run


def _seated(channel: int, frame: int, player: str, role: Role) -> Iterator[_Event]:
    if player in KITS:
        kit = KITS[player]
        level_db = kit.level_db
        yield _Event(frame, 0, channel, "drums", 128, kit.program)
    else:
        instrument = INSTRUMENTS[player]
        level_db = instrument.level_db
        yield _Event(frame, 0, channel, "program", instrument.bank, instrument.program)
    # TinySoundFont takes the third power of volume times expression.
    volume = 127 * 10 ** (min(0.0, level_db + _MIX_DB[role] + _HEADROOM_DB) / 60)
    yield _Event(frame, 1, channel, "control", _VOLUME, round(volume))
    yield _Event(frame, 1, channel, "control", _PAN_AT, _PAN[role])
    yield _Event(frame, 1, channel, "control", _EXPRESSION, 127)


def _played(channel: int, notes: Sequence[Note]) -> Iterator[_Event]:
    by_pitch: dict[int, list[Note]] = {}
    for note in notes:
        by_pitch.setdefault(note.pitch, []).append(note)
    for pitch, same in by_pitch.items():
        for note, following in [*pairwise(same), (same[-1], None)]:
            # A release answers for every voice of its key, so it must come before the key is struck again.
            end_s = note.end_s if following is None else min(note.end_s, following.start_s - 0.002)
            yield _Event(round(note.start_s * RATE), 3, channel, "on", pitch, note.velocity)
            yield _Event(round(max(end_s, note.start_s + 0.01) * RATE), 2, channel, "off", pitch, 0)


def _breathing(channel: int, notes: Sequence[Note], bars: Sequence[Bar]) -> Iterator[_Event]:
    """A held chord swells to the middle of its bar and sinks again."""
    for bar in bars:
        if notes[0].start_s <= bar.start_s <= notes[-1].start_s:
            for step in range(8):
                at_s = bar.start_s + (bar.end_s - bar.start_s) * step / 8
                value = 112 + round(15 * math.sin(math.pi * step / 8))
                yield _Event(round(at_s * RATE), 1, channel, "control", _EXPRESSION, value)
