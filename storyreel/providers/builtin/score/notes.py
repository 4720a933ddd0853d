"""What a piece is made of once it is written: parts, notes in seconds, and facts about how it was fitted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from storyreel.providers.builtin.score.harmony import Chord

Role = Literal["pad", "arp", "lead", "answer", "bass", "drums", "accent"]


@dataclass(frozen=True, slots=True)
class Note:
    """One sound of one player. `pitch` is a MIDI key (for a kit: the drum); `velocity` 1 to 127."""

    start_s: float
    end_s: float
    pitch: int
    velocity: int
    role: Role
    player: str


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar as it falls in time. `beats_s` has one entry a beat and one more: the start of what follows."""

    beats_s: tuple[float, ...]
    chord: Chord
    section: int
    energy: float

    @property
    def start_s(self) -> float:
        """Its bar line."""
        return self.beats_s[0]

    @property
    def end_s(self) -> float:
        """The next bar line."""
        return self.beats_s[-1]

    @property
    def beats(self) -> int:
        """How many beats it has."""
        return len(self.beats_s) - 1

    def at(self, beat: float) -> float:
        """The second in which `beat` (from 0, with fractions) of this bar falls."""
        whole = min(int(beat), self.beats - 1)
        return self.beats_s[whole] + (beat - whole) * (self.beats_s[whole + 1] - self.beats_s[whole])


@dataclass(frozen=True, slots=True)
class Motif:
    """Four notes that the piece keeps coming back to: lengths in beats, and steps of the scale from the first note."""

    beats: tuple[float, ...]
    steps: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """A stretch of one mood: where it starts, in which key (0 is C) and mode, and how fast it was meant to be."""

    start_s: float
    mood: str
    tonic: int
    mode: str
    bpm: float
    players: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Score:
    """A finished piece. The last bar is the final chord, which rings to the end.

    `cuts_hit` are the cuts on which a bar line falls; `motif_bars` the bars in which the motif is heard as it was first stated.
    """

    duration_s: float
    sections: tuple[Section, ...]
    bars: tuple[Bar, ...]
    notes: tuple[Note, ...]
    motif: Motif
    motif_bars: tuple[int, ...]
    cuts_hit: tuple[float, ...]
    remarks: tuple[str, ...]
    wet: float
    room_s: float
