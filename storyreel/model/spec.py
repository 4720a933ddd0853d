"""What a shot should be: the spec as it is stored, with gaps to inherit, and the frame as it is drawn, with none.

Inheritance runs project -> scene -> shot; `None` means "as the scene (or the project) says".
"""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from storyreel.model.base import Frozen
from storyreel.model.edits import Edit

TimeOfDay = Literal["dawn", "day", "dusk", "night"]
Weather = Literal["clear", "cloudy", "rain", "storm", "snow", "fog"]
Mood = Literal["neutral", "hopeful", "joyful", "calm", "romantic", "melancholy", "tense", "mystery", "horror", "epic"]
ShotSize = Literal["EWS", "WS", "FS", "MS", "MCU", "CU", "ECU"]
Angle = Literal["eye", "low", "high", "dutch"]
Move = Literal[
    "static", "push_in", "pull_out", "pan_left", "pan_right", "tilt_up", "tilt_down", "track_left", "track_right", "handheld"
]
Pace = Literal["slow", "normal", "fast"]
Composition = Literal["auto", "centre", "thirds_left", "thirds_right", "two_shot", "over_shoulder"]
Language = Literal["zh", "en"]
Emotion = Literal["neutral", "happy", "sad", "angry", "afraid", "surprised", "tender", "tired"]
Age = Literal["child", "young", "adult", "elder"]
Gender = Literal["woman", "man"]


def _empty(value: Any) -> bool:
    """Whether a field is left out of a dump: one that says nothing changes no key of what was made before it was there."""
    return not value


class Look(Frozen):
    """How a character is drawn, the same in every shot. Colours are `#rrggbb`; empty fields are chosen from `seed`."""

    seed: int = 0
    gender: Gender | None = None
    age: Age | None = None
    hair: str = Field(default="", description="The hair's style in a few words, for example 'long', 'bun', 'short', 'bald'.")
    hair_colour: str = ""
    skin_colour: str = ""
    garment: Literal["", "sweater", "jacket"] = ""
    top_colour: str = ""
    bottom_colour: str = ""
    shoe_colour: str = ""
    glasses: bool | None = None
    beard: bool | None = None
    hat: str = ""
    notes: str = Field(default="", description="What the fields above cannot say, in words, for providers that read words.")
    wardrobe: str = Field(default="", description="What the character wears, in words.", exclude_if=_empty)
    palette: tuple[str, ...] = Field(default=(), description="The character's own colours, as `#rrggbb`.", exclude_if=_empty)


class LookPatch(Frozen):
    """How a character looks other than always; `None` leaves a field as the character says."""

    age: Age | None = None
    hair: str | None = None
    hair_colour: str | None = None
    skin_colour: str | None = None
    garment: Literal["", "sweater", "jacket"] | None = None
    top_colour: str | None = None
    bottom_colour: str | None = None
    shoe_colour: str | None = None
    glasses: bool | None = None
    beard: bool | None = None
    hat: str | None = None
    notes: str | None = None
    wardrobe: str | None = None
    palette: tuple[str, ...] | None = None

    def asked(self) -> dict[str, Any]:
        """The fields that it writes."""
        return {name: value for name, value in self if value is not None}


class VoiceChoice(Frozen):
    """The voice of a speaker. `voice` names a provider's voice; empty means: choose by `seed`, gender, age and language."""

    voice: str = ""
    seed: int = 0
    gender: Gender | None = None
    age: Age | None = None
    language: Language | None = Field(default=None, description="The speaker's own language; empty: that of the line.")
    speed: float = Field(default=1.0, ge=0.5, le=2.0)


class Consistency(Frozen):
    """How alike a character must stay, and by which means a provider should hold it."""

    level: Literal["loose", "normal", "strict"] = "normal"
    method: Literal["look", "reference", "lora"] = "look"


class LookSpec(Frozen):
    """How a place or a prop looks in every shot; `None` leaves it to the scene."""

    description: str = ""
    time: TimeOfDay | None = None
    weather: Weather | None = None
    light: str = ""
    palette: tuple[str, ...] | None = None
    style: str | None = None


class Manner(Frozen):
    """What belongs to a style beside its words: how it is filmed, what must not be seen, and a picture that shows it."""

    filming: str = ""
    avoid: str = ""
    sample_asset_id: str | None = None


class StyleSpec(Frozen):
    """A manner of drawing and filming."""

    style: str = ""
    palette: tuple[str, ...] = ()
    texture: str = ""
    camera: str = Field(default="", description="How the camera behaves, in words.")
    mood: Mood | None = None
    prompt: str = Field(default="", description="Words that every prompt in this style holds.")
    avoid: str = Field(default="", description="Words for what must not be seen.")
    sample_asset_id: str | None = None


class Figure(Frozen):
    """One character as it stands in one frame."""

    name: str
    look: Look = Look()
    action: str = Field(default="", description="What the character does, in the person's words.")
    emotion: Emotion = "neutral"
    speaking: bool = False


class FrameSpec(Frozen):
    """One frame with nothing left open: what an image provider is given.

    `subject`, `place` and `props` are in the person's own words, Chinese or English.
    """

    subject: str = ""
    place: str = ""
    time: TimeOfDay = "day"
    weather: Weather = "clear"
    mood: Mood = "neutral"
    style: str = ""
    palette: tuple[str, ...] = ()
    props: tuple[str, ...] = ()
    size: ShotSize = "MS"
    angle: Angle = "eye"
    composition: Composition = "auto"
    figures: tuple[Figure, ...] = ()
    light: str = Field(default="", description="The light, in words.", exclude_if=_empty)
    details: tuple[str, ...] = Field(default=(), description="How the place and the props look, in words.", exclude_if=_empty)
    anchor: str = Field(default="", description="What carries on from the picture before.", exclude_if=_empty)
    filming: str = Field(default="", description="How the camera behaves in this style, in words.", exclude_if=_empty)
    avoid: str = Field(default="", description="What must not be seen.", exclude_if=_empty)


class PictureSpec(Frozen):
    """The picture a shot asks for; `None` inherits from the scene, then from the project."""

    subject: str = ""
    place: str | None = None
    time: TimeOfDay | None = None
    weather: Weather | None = None
    mood: Mood | None = None
    style: str | None = None
    palette: tuple[str, ...] | None = None
    props: tuple[str, ...] = ()
    composition: Composition = "auto"
    manner: Manner | None = Field(default=None, description="What belongs to `style`; it goes where the style goes.")


class CameraSpec(Frozen):
    """How the camera sees and moves."""

    size: ShotSize = "MS"
    angle: Angle = "eye"
    move: Move = "static"
    pace: Pace = "normal"


class Line(Frozen):
    """One line that is spoken. `speaker` is a character's name; empty means the narrator."""

    speaker: str = ""
    text: str
    language: Language | None = None
    emotion: Emotion = "neutral"


class AudioSpec(Frozen):
    """What is heard beside the lines."""

    music: Mood | None = None
    ambience: str = ""
    sfx: tuple[str, ...] = ()


class ShotSpec(Frozen):
    """All that a shot asks for, beside its length (a column) and its cast (a link table).

    `lines` is keyed ("l1", "l2", ...) so that an edit addresses one line by path; they are spoken in key order.
    """

    picture: PictureSpec = PictureSpec()
    camera: CameraSpec = CameraSpec()
    lines: dict[str, Line] = {}
    audio: AudioSpec = AudioSpec()
    continuity: str = Field(default="", description="What must carry on from the shot before.")
    tags: tuple[str, ...] = ()
    notes: str = ""
    looks: dict[str, LookPatch] = Field(default={}, description="How characters look in this shot alone, by the character's id.")
    edits: dict[str, Edit] = Field(
        default={}, description="Steps on the finished clip, keyed e1, e2, ... in their order.", exclude_if=_empty
    )
    providers: dict[str, str] = Field(
        default={},
        description="Who makes this shot, by capability, where a person chose another than the project's.",
        exclude_if=_empty,
    )
    left_out: bool = Field(
        default=False, description="A person goes without it: the film is made of the others.", exclude_if=_empty
    )
