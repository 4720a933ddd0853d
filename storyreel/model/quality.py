"""What a project says of its quality control: whether it is on, how often it may try again by itself, and its own limits."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field, field_validator

from storyreel.model.base import Frozen

Limit = Literal[
    "picture_sharpness",
    "picture_grain",
    "picture_light",
    "picture_burnt_out",
    "picture_palette",
    "picture_people",
    "clip_begins",
    "clip_sharpness",
    "clip_grain",
    "clip_light",
    "clip_burnt_out",
    "clip_colours",
    "clip_flicker",
    "clip_black",
    "clip_frozen",
    "voice_heard",
    "voice_late",
    "voice_faint",
    "voice_loud",
    "voice_clipped",
    "sound_faint",
    "opinion",
]
Verdict = Literal["pass", "ask", "retry"]


class Quality(Frozen):
    """A project's own word on quality control, where it differs from what the house thinks.

    `limits` replace the limits of measures by their names (see `pipeline.quality.TABLE`).
    """

    on: bool = True
    retries: int = Field(
        default=1, ge=0, le=3, description="How often a shot may be made again by itself, and only where that costs nothing more."
    )
    opinion: bool = Field(
        default=False,
        description="Ask a model for its opinion of each shot too, where one is configured; it is paid by its tokens.",
    )
    limits: dict[Limit, float] = Field(default={}, max_length=30)

    @field_validator("limits", mode="before")
    @classmethod
    def _numbers(cls, given: Any) -> Any:
        """Kept in the order of their names: the same limits are the same request."""
        return dict(sorted(given.items())) if isinstance(given, dict) else given
