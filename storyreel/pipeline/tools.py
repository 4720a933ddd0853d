"""What stages need of the media room: the tools that `Kit.media` holds, and the values that pass between.

Tools read and write files of this machine; whoever calls them keeps the results in the store.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from pydantic import Field

from storyreel.model.base import Frozen
from storyreel.model.edits import CaptionStyle, Edit, Mix
from storyreel.model.sheet import Nudge
from storyreel.model.spec import Language, Mood, TimeOfDay, Weather
from storyreel.pipeline.ports import Box, Progress, Word


class Shape(Frozen):
    """A picture's size and rate: all segments of a film have one."""

    width_px: int = Field(gt=0)
    height_px: int = Field(gt=0)
    fps: int = Field(gt=0)


class Spoken(Frozen):
    """One line as it is heard, in seconds from the start of its shot."""

    speaker: str = ""
    text: str
    start_s: float
    end_s: float
    words: tuple[Word, ...] = ()


class Bed(Frozen):
    """What a stretch of film sounds like behind everything: a place at a time in a weather, or the person's own words."""

    start_s: float
    duration_s: float
    words: str = ""
    place: str = ""
    time: TimeOfDay = "day"
    weather: Weather = "clear"
    mood: Mood = "neutral"


@dataclass(frozen=True, slots=True)
class Cell:
    """One picture cut from a sheet, as PNG. `confidence` is how sure its edges are, 0 to 1."""

    data: bytes
    width_px: int
    height_px: int
    confidence: float


class CutFacts(Frozen):
    """One gutter of a sheet: where it starts, how wide it is and how sure that is, 0 to 1."""

    start_px: int
    width_px: int
    confidence: float


@dataclass(frozen=True, slots=True)
class Cutting:
    """The cells of a sheet in reading order, and the gutters between its columns (`down`) and its rows (`across`)."""

    cells: tuple[Cell, ...]
    down: tuple[CutFacts, ...] = ()
    across: tuple[CutFacts, ...] = ()

    @property
    def confidence(self) -> float:
        """That of the least sure gutter; 1 for a single picture."""
        return min((cut.confidence for cut in (*self.down, *self.across)), default=1.0)

    def facts(self) -> dict[str, Any]:
        """The gutters as a node keeps them."""
        return {
            "confidence": round(self.confidence, 3),
            "cuts": {axis: [cut.model_dump() for cut in getattr(self, axis)] for axis in ("down", "across")},
        }


@dataclass(frozen=True, slots=True)
class Score:
    """How well a picture is made, 0 to 1, and its faults in words."""

    total: float
    faults: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Shown:
    """A finished shot as it is measured: its files, and what is needed to read them.

    `frames` is how long the clip should be, `spans` when lines should be heard, in seconds; `people` pairs where a head is in the
    picture with the colour (`#rrggbb`) that its body should show.
    """

    final: Path
    frames: int
    fps: int
    clip: Path | None = None
    picture: Path | None = None
    begins_with: Path | None = None
    voice: Path | None = None
    sound: Path | None = None
    spans: tuple[tuple[float, float], ...] = ()
    palette: tuple[str, ...] = ()
    people: tuple[tuple[Box, str], ...] = ()


@dataclass(frozen=True, slots=True)
class SegmentFacts:
    """A finished segment. `extradata` is the digest of its codec's set-up: only equals are joined by copying."""

    frames: int
    extradata: str
    copied: bool


@dataclass(frozen=True, slots=True)
class Cut:
    """What is done to a clip of `frames` before its captions are burnt in, in order, and how the captions look."""

    frames: int
    edits: tuple[Edit, ...] = ()
    style: CaptionStyle | None = None


@dataclass(frozen=True, slots=True)
class Laid:
    """A sound file, where it begins, and after how long it ends at the latest."""

    path: Path
    at_s: float
    most_s: float | None = None


@dataclass(frozen=True, slots=True)
class FilmParts:
    """All that a film is joined of. `spoken` is in seconds of the film; `switchable` puts it in as subtitles to switch on."""

    segments: tuple[Path, ...]
    shape: Shape
    frames: int
    voices: tuple[Laid, ...] = ()
    music: Path | None = None
    beds: tuple[Bed, ...] = ()
    spoken: tuple[Spoken, ...] = ()
    language: Language = "en"
    switchable: bool = False
    title: str = ""
    produce_id: str = ""
    # Sounds of shots, which stand for the sound of their places.
    effects: tuple[Laid, ...] = ()
    mix: Mix | None = None


@dataclass(frozen=True, slots=True)
class FilmFacts:
    """The joined film. `subtitles` is an SRT file of all that is spoken, or empty. Loudness is None for a silent film."""

    frames: int
    duration_s: float
    loudness_lufs: float | None
    peak_dbtp: float | None
    subtitles: str
    notes: tuple[str, ...] = ()


class MediaTools(Protocol):
    """The tool box. Every tool gives the same result for the same input."""

    def speaking_s(self, text: str, language: Language, speed: float = 1.0) -> float:
        """About how long a line takes to say."""
        ...

    async def split(self, sheet: Path, rows: int, cols: int, nudges: Sequence[Nudge] = ()) -> Cutting:
        """The cells of a sheet in reading order."""
        ...

    async def score(self, path: Path) -> Score:
        """How well a picture is made."""
        ...

    async def last_frame(self, clip: Path) -> bytes:
        """The last frame of a clip, as PNG."""
        ...

    async def measure(self, shown: Shown) -> dict[str, float]:
        """What can be measured of a finished shot, by the names of `pipeline.quality`.

        Raises:
            BadInput: its clip cannot be read.
        """
        ...

    async def glimpses(self, clip: Path, count: int) -> tuple[bytes, ...]:
        """Some frames of a clip as small PNGs, evenly spread."""
        ...

    async def duration_s(self, path: Path) -> float:
        """How long a sound is."""
        ...

    async def voice_track(self, lines: Sequence[Laid], least_s: float) -> tuple[bytes, float]:
        """One WAV (48 kHz mono) with each line at its place, at least `least_s` long and no line cut; and its length."""
        ...

    async def segment(
        self,
        clip: Path,
        out: Path,
        shape: Shape,
        frames: int,
        *,
        captions: Sequence[Spoken],
        cut: Cut | None = None,
        progress: Progress,
        held: bool = False,
    ) -> SegmentFacts:
        """Write the clip to `out` as a segment of exactly `frames`: edited as `cut` says, then with `captions` burnt in.

        A plain copy where nothing is to be done. `held` holds the last picture of a clip that is too short.
        """
        ...

    async def film(self, parts: FilmParts, out: Path, scratch: Path, progress: Progress) -> FilmFacts:
        """Join segments, mix the sound and write the film to `out`."""
        ...
