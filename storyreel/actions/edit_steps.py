"""What can be asked of an edit: steps on shots, in a person's seconds and shares, and steps on the film as a whole."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from storyreel.actions.base import Shot
from storyreel.model.base import Frozen
from storyreel.model.edits import (
    BarsEdit,
    BlurEdit,
    CropEdit,
    FadeEdit,
    GradeEdit,
    MirrorEdit,
    ReverseEdit,
    SharpenEdit,
    VignetteEdit,
)
from storyreel.model.spec import Mood

StepName = Literal["trim", "speed", "hold", "reverse", "mirror", "crop", "bars", "grade", "fade", "blur", "sharpen", "vignette"]


class TrimStep(Frozen):
    """Keep a part of the shot: from `in_s` to `out_s`, or the first `duration_s`. The clip itself is kept."""

    step: Literal["trim"] = "trim"
    in_s: float = Field(default=0.0, ge=0)
    out_s: float | None = Field(default=None, gt=0)
    duration_s: float | None = Field(default=None, gt=0)


class SpeedStep(Frozen):
    """Play the shot faster (2 is twice as fast) or slower; the shot gets shorter or longer with it."""

    step: Literal["speed"] = "speed"
    factor: float = Field(ge=0.25, le=4)


class HoldStep(Frozen):
    """Hold the last picture for a while."""

    step: Literal["hold"] = "hold"
    by_s: float = Field(gt=0, le=30)


class RemoveStep(Frozen):
    """Take steps back: those of one kind, or all."""

    step: Literal["remove"] = "remove"
    which: StepName | Literal["all"] = "all"


class CopyStep(Frozen):
    """Do to these shots what was done to another one, instead of what was done to them."""

    step: Literal["copy"] = "copy"
    source: Shot


class PacingStep(Frozen):
    """Make shots shorter (0.8) or longer (1.25). `keep_total`: the others give way, so that the film stays as long as it is.

    `keep_clips`: play the clips that there are faster or slower, instead of asking for clips of the new length.
    """

    step: Literal["pacing"] = "pacing"
    factor: float = Field(ge=0.25, le=4)
    keep_total: bool = False
    keep_clips: bool = False


class CaptionsStep(Frozen):
    """Where captions are, and how burnt ones look; what is left out stays."""

    step: Literal["captions"] = "captions"
    captions: Literal["burnt", "beside", "none"] | None = None
    size: Literal["small", "normal", "large"] | None = None
    place: Literal["bottom", "middle", "top"] | None = None
    colour: str | None = Field(default=None, pattern=r"^#[0-9a-fA-F]{6}$")
    outline: str | None = Field(default=None, pattern=r"^#[0-9a-fA-F]{6}$")
    bold: bool | None = None
    boxed: bool | None = None


class MusicStep(Frozen):
    """Other music: a flavour in words, a mood for the shots, or a sound of one's own for the whole film."""

    step: Literal["music"] = "music"
    words: str | None = Field(default=None, max_length=200, description="For example 'chinese', 'piano', or 'none'.")
    mood: Mood | None = None
    asset: str | None = Field(default=None, description="An uploaded sound's id.")


class MixStep(Frozen):
    """How loud voices, music and the rest are, in decibels beside the usual; what is left out stays."""

    step: Literal["mix"] = "mix"
    voice_db: float | None = Field(default=None, ge=-40, le=12)
    music_db: float | None = Field(default=None, ge=-40, le=12)
    effects_db: float | None = Field(default=None, ge=-40, le=12)
    duck_db: float | None = Field(default=None, ge=0, le=30)
    loudness_lufs: float | None = Field(default=None, ge=-31, le=-9)


class EndsStep(Frozen):
    """Let the film rise out of the dark and sink into it, picture and sound; 0 takes that back."""

    step: Literal["ends"] = "ends"
    in_s: float = Field(default=1.0, ge=0, le=10)
    out_s: float = Field(default=1.5, ge=0, le=10)


Plain = ReverseEdit | MirrorEdit | CropEdit | BarsEdit | GradeEdit | FadeEdit | BlurEdit | SharpenEdit | VignetteEdit
OfShots = TrimStep | SpeedStep | HoldStep | RemoveStep | CopyStep | Plain
OfFilm = PacingStep | CaptionsStep | MusicStep | MixStep | EndsStep
EditStep = Annotated[
    TrimStep
    | SpeedStep
    | HoldStep
    | RemoveStep
    | CopyStep
    | ReverseEdit
    | MirrorEdit
    | CropEdit
    | BarsEdit
    | GradeEdit
    | FadeEdit
    | BlurEdit
    | SharpenEdit
    | VignetteEdit
    | PacingStep
    | CaptionsStep
    | MusicStep
    | MixStep
    | EndsStep,
    Field(discriminator="step"),
]
