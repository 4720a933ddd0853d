"""Edits: parametric steps on a finished clip, kept as a keyed chain that can be replayed on another shot; and how a film sounds and reads."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from itertools import pairwise
from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from storyreel.model.base import Frozen

Bars = Literal["16:9", "9:16", "1:1", "4:3", "2.39:1"]
GradeLook = Literal["", "black_white", "sepia", "warm", "cool", "vintage"]
# A chain longer than this is a slip, and each step costs quality.
MOST_EDITS = 20


class TrimEdit(Frozen):
    """A part of the clip: `frames` from `start`, of the `of` frames that it had."""

    step: Literal["trim"] = "trim"
    start: int = Field(ge=0)
    frames: int = Field(ge=1)
    of: int = Field(ge=1)

    @model_validator(mode="after")
    def _inside(self) -> TrimEdit:
        if self.start + self.frames > self.of:
            raise ValueError(f"{self.frames} frames from {self.start} do not lie within {self.of}")
        return self


class SpeedEdit(Frozen):
    """The clip faster or slower: its `of` frames in `frames`."""

    step: Literal["speed"] = "speed"
    frames: int = Field(ge=1)
    of: int = Field(ge=1)


class HoldEdit(Frozen):
    """The last picture held: the clip's `of` frames become `frames`."""

    step: Literal["hold"] = "hold"
    frames: int = Field(ge=1)
    of: int = Field(ge=1)

    @model_validator(mode="after")
    def _longer(self) -> HoldEdit:
        if self.frames < self.of:
            raise ValueError("a held picture makes a clip longer; trim it instead")
        return self


class ReverseEdit(Frozen):
    """Backwards."""

    step: Literal["reverse"] = "reverse"


class MirrorEdit(Frozen):
    """Left and right, or top and bottom, exchanged."""

    step: Literal["mirror"] = "mirror"
    axis: Literal["horizontal", "vertical"] = "horizontal"


class CropEdit(Frozen):
    """A part of the picture, in fractions from its top left corner, filling the frame."""

    step: Literal["crop"] = "crop"
    x: float = Field(default=0.1, ge=0, lt=1)
    y: float = Field(default=0.1, ge=0, lt=1)
    size: float = Field(default=0.8, gt=0.1, le=1, description="Width and height of the part, as a share of the whole.")

    @model_validator(mode="after")
    def _inside(self) -> CropEdit:
        if max(self.x, self.y) + self.size > 1 + 1e-9:
            raise ValueError("the part does not lie within the picture")
        return self


class BarsEdit(Frozen):
    """Black bars that show another aspect inside the frame."""

    step: Literal["bars"] = "bars"
    aspect: Bars = "2.39:1"


class GradeEdit(Frozen):
    """Colour and light: a look, and numbers on top of it (0 leaves as it is)."""

    step: Literal["grade"] = "grade"
    look: GradeLook = ""
    brightness: float = Field(default=0.0, ge=-1, le=1)
    contrast: float = Field(default=0.0, ge=-1, le=1)
    saturation: float = Field(default=0.0, ge=-1, le=1)
    warmth: float = Field(default=0.0, ge=-1, le=1)


class FadeEdit(Frozen):
    """From black and to black, or white."""

    step: Literal["fade"] = "fade"
    in_s: float = Field(default=0.0, ge=0, le=10)
    out_s: float = Field(default=0.0, ge=0, le=10)
    colour: Literal["black", "white"] = "black"


class BlurEdit(Frozen):
    """Out of focus, 0 to 1."""

    step: Literal["blur"] = "blur"
    amount: float = Field(default=0.3, gt=0, le=1)


class SharpenEdit(Frozen):
    """Crisper edges, 0 to 1."""

    step: Literal["sharpen"] = "sharpen"
    amount: float = Field(default=0.5, gt=0, le=1)


class VignetteEdit(Frozen):
    """Darker corners, 0 to 1."""

    step: Literal["vignette"] = "vignette"
    amount: float = Field(default=0.5, gt=0, le=1)


Timing = TrimEdit | SpeedEdit | HoldEdit
Edit = Annotated[
    TrimEdit
    | SpeedEdit
    | HoldEdit
    | ReverseEdit
    | MirrorEdit
    | CropEdit
    | BarsEdit
    | GradeEdit
    | FadeEdit
    | BlurEdit
    | SharpenEdit
    | VignetteEdit,
    Field(discriminator="step"),
]


class CaptionStyle(Frozen):
    """How captions that are burnt in look."""

    size: Literal["small", "normal", "large"] = "normal"
    place: Literal["bottom", "middle", "top"] = "bottom"
    colour: str = Field(default="#ffffff", pattern=r"^#[0-9a-fA-F]{6}$")
    outline: str = Field(default="#101014", pattern=r"^#[0-9a-fA-F]{6}$")
    bold: bool = False
    boxed: bool = Field(default=False, description="On a dark box instead of an outline.")


class Mix(Frozen):
    """How the parts of a film's sound stand to each other: decibels beside what they are by themselves."""

    voice_db: float = Field(default=0.0, ge=-40, le=12)
    music_db: float = Field(default=0.0, ge=-40, le=12)
    effects_db: float = Field(default=0.0, ge=-40, le=12)
    duck_db: float | None = Field(default=None, ge=0, le=30, description="How far music gives way to speech.")
    loudness_lufs: float | None = Field(default=None, ge=-31, le=-9, description="The loudness of the whole.")
    fade_in_s: float = Field(default=0.0, ge=0, le=10)
    fade_out_s: float = Field(default=0.0, ge=0, le=10)


def unset(value: Any) -> bool:
    """Whether a field is left out of a dump: one that says nothing changes no key of what was made before it was there."""
    return not value


def ordered(edits: Mapping[str, Edit]) -> tuple[Edit, ...]:
    """The chain in its order: e2 before e10."""
    return tuple(edits[key] for key in sorted(edits, key=lambda key: (int(re.sub(r"\D", "", key) or 0), key)))


def standing(edits: Mapping[str, Edit], frames: int) -> tuple[Edit, ...]:
    """The steps that hold for a shot of `frames`.

    Where the shot was given another length by other means, a clip of that length is asked for and the steps that changed the length are void.
    """
    chain = ordered(edits)
    timing = [step for step in chain if isinstance(step, Timing)]
    links = all(later.of == earlier.frames for earlier, later in pairwise(timing))
    return chain if timing and timing[-1].frames == frames and links else tuple(e for e in chain if not isinstance(e, Timing))


def clip_frames(edits: Mapping[str, Edit], frames: int) -> int:
    """How long the clip under the edits of a shot of `frames` is."""
    return next((step.of for step in standing(edits, frames) if isinstance(step, Timing)), frames)


def relinked(steps: Iterable[Edit], frames: int) -> tuple[tuple[Edit, ...], int]:
    """The steps for a clip of `frames`, each after the one before, and the length that they lead to.

    A part that lies beyond the clip's end is shortened to it, or left out.
    """
    made: list[Edit] = []
    for step in steps:
        fits = _relinked(step, frames)
        if fits is not None:
            made.append(fits)
            frames = fits.frames if isinstance(fits, Timing) else frames
    return tuple(made), frames


def _relinked(step: Edit, frames: int) -> Edit | None:
    match step:
        case TrimEdit():
            left = min(step.frames, frames - step.start)
            return TrimEdit(start=step.start, frames=left, of=frames) if left > 0 else None
        case SpeedEdit():
            return SpeedEdit(frames=max(1, round(frames * step.frames / step.of)), of=frames)
        case HoldEdit():
            return HoldEdit(frames=frames + step.frames - step.of, of=frames)
        case _:
            return step


def keyed(steps: Iterable[Edit]) -> dict[str, Edit]:
    """A chain under keys that sort in its order."""
    return {f"e{place}": step for place, step in enumerate(steps, 1)}
