"""The parts of a shot that an action may change, and how a change meets what is there."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from storyreel.model.base import Frozen
from storyreel.model.errors import BadInput
from storyreel.model.ops import flatten
from storyreel.model.spec import (
    Angle,
    CameraSpec,
    Composition,
    Emotion,
    Line,
    LookPatch,
    Mood,
    Move,
    Pace,
    PictureSpec,
    ShotSize,
    ShotSpec,
    TimeOfDay,
    Weather,
)

# A longer shot is almost surely a slip of the tongue; ten minutes is more than any take this is made for.
MAX_SHOT_S = 600.0
PACES: tuple[Pace, ...] = ("slow", "normal", "fast")
LINES_LIMIT = 200


class PicturePatch(Frozen):
    """Fields of the picture to set; what is left out stays."""

    subject: str | None = Field(default=None, max_length=4000)
    place: str | None = Field(default=None, max_length=500)
    time: TimeOfDay | None = None
    weather: Weather | None = None
    mood: Mood | None = None
    style: str | None = Field(default=None, max_length=500)
    palette: tuple[str, ...] | None = None
    props: tuple[str, ...] | None = None
    composition: Composition | None = None


class CameraPatch(Frozen):
    """Fields of the camera to set. `pace` may be relative."""

    size: ShotSize | None = None
    angle: Angle | None = None
    move: Move | None = None
    pace: Literal["slow", "normal", "fast", "faster", "slower"] | None = None


class CastPatch(Frozen):
    """A character to put into a shot, or what it does there."""

    character: str = Field(min_length=1, description="Name, alias or '$name'.")
    action: str | None = Field(default=None, max_length=1000)
    emotion: Emotion | None = None
    look: LookPatch | None = Field(
        default=None, description="How the character looks in this shot alone; an empty one takes that back."
    )


def apply_picture(picture: PictureSpec, patch: PicturePatch, clear: tuple[str, ...]) -> PictureSpec:
    """The picture with the patch on it and `clear` fields inherited again."""
    fields: dict[str, Any] = {**picture.model_dump(), **patch.model_dump(exclude_none=True), **dict.fromkeys(clear)}
    if fields["style"] != picture.style:
        # What belonged to the style before goes with it.
        fields["manner"] = None
    return PictureSpec.model_validate(fields)


def apply_camera(camera: CameraSpec, patch: CameraPatch) -> CameraSpec:
    """The camera with the patch on it; a relative pace moves one step."""
    fields = patch.model_dump(exclude_none=True)
    step = {"faster": 1, "slower": -1}.get(fields.get("pace", ""))
    if step:
        at = PACES.index(camera.pace) + step
        fields["pace"] = PACES[min(max(at, 0), len(PACES) - 1)]
    return CameraSpec.model_validate({**camera.model_dump(), **fields})


def keyed_lines(lines: tuple[Line, ...]) -> dict[str, Line]:
    """Lines under keys that sort in their order: l001, l002, ...

    Raises:
        BadInput: there are more than a shot can hold.
    """
    if len(lines) > LINES_LIMIT:
        raise BadInput(f"one shot can hold {LINES_LIMIT} lines; split the shot")
    return {f"l{index:03d}": line for index, line in enumerate(lines, 1)}


def lock_path(words: str) -> str:
    """The path in a shot that a word for a lock means: `time` is `picture.time`, `camera` all of the camera.

    Raises:
        BadInput: a shot has no such field; the message lists those that it has.
    """
    paths = [*flatten(ShotSpec().model_dump(mode="json")), "picture", "camera", "audio", "cast", "duration"]
    wanted = words.strip().casefold()
    found = next((path for path in paths if wanted in (path, path.rpartition(".")[2])), None)
    if found is None:
        raise BadInput(f"a shot has no {words!r} to lock; it has {', '.join(sorted(path.rpartition('.')[2] for path in paths))}")
    return found
