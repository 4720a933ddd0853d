"""The ports a stage works through: what it may ask of a provider, of the store and of the media room.

Requests are frozen and complete: two equal requests to the same provider may share one result.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Literal, Protocol, TypeVar

from pydantic import Field

from storyreel.model.base import AssetRef, Frozen
from storyreel.model.spec import Emotion, FrameSpec, Language, Mood, Move, Pace, TimeOfDay, VoiceChoice, Weather

Capability = Literal["image", "video", "voice", "music", "sfx"]


class Box(Frozen):
    """A rectangle in fractions of the picture, from its top left corner."""

    x: float
    y: float
    width: float
    height: float


class CellFacts(Frozen):
    """What the maker of a picture knows of one cell: where heads are, and what it could not do as asked."""

    heads: tuple[Box, ...] = ()
    notes: tuple[str, ...] = ()


class ImageRequest(Frozen):
    """A picture, or a sheet of `rows` x `cols` variations divided by gutters. `width_px` x `height_px` is one cell."""

    frame: FrameSpec
    prompt: str = ""
    width_px: int = Field(gt=0)
    height_px: int = Field(gt=0)
    rows: int = Field(default=1, ge=1, le=5)
    cols: int = Field(default=1, ge=1, le=5)
    seed: int = 0
    references: tuple[AssetRef, ...] = ()


class VideoRequest(Frozen):
    """A clip of exactly `frames` frames that moves over `first_frame`; video only, no sound."""

    first_frame: AssetRef
    prompt: str = ""
    move: Move = "static"
    pace: Pace = "normal"
    weather: Weather = "clear"
    focus: Box | None = Field(default=None, description="What the camera should keep in the picture: usually a head.")
    frames: int = Field(gt=0)
    fps: int = Field(gt=0)
    width_px: int = Field(gt=0)
    height_px: int = Field(gt=0)
    seed: int = 0


class VoiceRequest(Frozen):
    """One line, spoken. `max_s` is the room it has; a voice may speak up to its fastest to fit, never cut."""

    text: str
    language: Language
    voice: VoiceChoice = VoiceChoice()
    emotion: Emotion = "neutral"
    place: str = Field(default="", description="Where it is spoken, for the room's sound.")
    max_s: float | None = None


class MusicRequest(Frozen):
    """A score of `duration_s` whose bars fall on `cuts_s` where they can. `moods` pairs a start in seconds with a mood."""

    moods: tuple[tuple[float, Mood], ...]
    duration_s: float = Field(gt=0)
    cuts_s: tuple[float, ...] = ()
    flavour: str = Field(default="", description="A style in words, for example 'chinese'.")
    seed: int = 0


class SfxRequest(Frozen):
    """What is heard in a place for `duration_s`: the person's words for it, or else what the place sounds like."""

    words: str = ""
    place: str = ""
    time: TimeOfDay = "day"
    weather: Weather = "clear"
    duration_s: float = Field(gt=0)
    seed: int = 0


Request = ImageRequest | VideoRequest | VoiceRequest | MusicRequest | SfxRequest
R_contra = TypeVar("R_contra", bound=Request, contravariant=True)


class Word(Frozen):
    """One word or syllable and when it is heard, in seconds from the start of its sound."""

    text: str
    start_s: float
    end_s: float


@dataclass(frozen=True, slots=True)
class Generated:
    """What a provider hands back: the bytes and what it knows of them.

    `cells` has one entry a cell of a sheet, in reading order. `words` are a voice's timings. `seed` and `model` are facts
    of this result, kept with it. `notes` say in plain words what could not be done as asked.
    """

    data: bytes
    media_type: str
    provider: str
    model: str
    seed: int = 0
    cells: tuple[CellFacts, ...] = ()
    words: tuple[Word, ...] = ()
    duration_s: float | None = None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Price:
    """What a request would cost, in US dollars, and how it was reckoned.

    `units` of `unit` at `unit_usd` each, by `source`, which was last seen to be true on `verified_on`; no date where nobody outside
    says so: the settings do, or it is made here.
    """

    cost_usd: float
    basis: str
    expected_s: float = field(default=0.0)
    provider: str = ""
    model: str = ""
    units: float = 0.0
    unit: str = ""
    unit_usd: float = 0.0
    source: str = ""
    verified_on: date | None = None


class Opinion(Frozen):
    """What a model thinks of a shot: how far it is what was asked, 0 to 1, why, and which model said so."""

    score: float = Field(ge=0, le=1)
    reasons: tuple[str, ...] = ()
    by: str = ""


class Reviewer(Protocol):
    """A model that looks at pictures and gives its opinion."""

    async def opinion(self, asked: str, pictures: Sequence[bytes], language: Language) -> Opinion | None:
        """What it thinks of frames (PNG) that should show what was `asked`; None where it gives none."""
        ...


class Progress(Protocol):
    """Told how far a job is, 0 to 1."""

    def __call__(self, fraction: float) -> None:
        """`fraction` of the job is done."""
        ...


class Inputs(Protocol):
    """Where a provider finds the bytes that a request refers to, and a folder for its own files while it works."""

    scratch: Path

    async def read(self, asset: AssetRef) -> bytes:
        """The bytes of an asset."""
        ...


class Provider(Protocol[R_contra]):
    """Who makes one kind of thing. A job is submitted once and then waited for, so that a crash between the two costs nothing.

    `submit` returns the vendor's handle and must be called once a key. `wait` may be called again with a known handle, after a
    crash as well. `find` looks a job up by our key where the vendor allows it: a handle, or None when there is none; it raises
    `LookupUnsupported` where the vendor cannot tell. Vendors' errors are raised as the classes of `storyreel.model.errors`.
    """

    id: str
    model: str
    capability: Capability

    def price(self, request: R_contra) -> Price:
        """What the request would cost, and about how long it would take."""
        ...

    async def submit(self, request: R_contra, key: str) -> str:
        """Hand the request over; the vendor's handle for it."""
        ...

    async def wait(self, handle: str, request: R_contra, inputs: Inputs, progress: Progress) -> Generated:
        """What was made, once it is; `progress` is told how far it is."""
        ...

    async def cancel(self, handle: str) -> None:
        """Ask the vendor to stop; a job that has ended stays as it ended."""
        ...

    async def find(self, key: str) -> str | None:
        """The handle of a job that was handed over under our key, if there is one."""
        ...
