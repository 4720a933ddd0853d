"""What a script says, as scenes and shots, before anything of it is stored."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from storyreel.model.base import Frozen
from storyreel.model.spec import Age, CameraSpec, Emotion, Gender, Language, Line, Look, Mood, PictureSpec, TimeOfDay, Weather

MAX_CHARS = 400_000
"""The longest script that is read at once; about a thousand printed pages of English."""


class CastMember(Frozen):
    """One character as a shot shows it."""

    name: str
    action: str = ""
    emotion: Emotion = "neutral"


class ScriptCharacter(Frozen):
    """Someone the script names. `look` holds what its words say of the appearance, under a seed that follows the name."""

    name: str
    aliases: tuple[str, ...] = ()
    gender: Gender | None = None
    age: Age | None = None
    description: str = ""
    look: Look = Look()


class ScriptShot(Frozen):
    """One shot and where it stands in the script.

    `span` is a start and an end in characters of the source. `action` is what the text shows without anyone saying it.
    The shot needs `min_s` for its speech, or to be seen at all; `weight` is how many seconds more it would like.
    `directed` tells that the text itself asked for this camera.
    """

    span: tuple[int, int] = (0, 0)
    action: str = ""
    picture: PictureSpec = PictureSpec()
    camera: CameraSpec = CameraSpec()
    lines: tuple[Line, ...] = ()
    cast: tuple[CastMember, ...] = ()
    min_s: float = 1.0
    weight: float = 1.0
    directed: bool = False


class SceneHead(Frozen):
    """What all shots of a scene share. `None` means that the script does not say."""

    heading: str
    place: str = ""
    interior: bool | None = None
    time: TimeOfDay | None = None
    weather: Weather | None = None
    mood: Mood | None = None

    def facts(self) -> dict[str, Any]:
        """The head's own fields, to build another scene with them."""
        return {name: getattr(self, name) for name in SceneHead.model_fields}


class ScriptScene(SceneHead):
    """A scene of a script with its shots in order."""

    shots: tuple[ScriptShot, ...] = ()


class ScriptDoc(Frozen):
    """A whole script, understood."""

    language: Language
    title: str = ""
    characters: tuple[ScriptCharacter, ...] = ()
    scenes: tuple[ScriptScene, ...] = ()


class BoardShot(ScriptShot):
    """A shot with its length, in frames of the board's rate."""

    frames: int = Field(gt=0)


class BoardScene(SceneHead):
    """A scene whose shots have lengths."""

    shots: tuple[BoardShot, ...]


class Board(Frozen):
    """Scenes and shots with exact lengths. `notes` say in plain words what was done to fit what was asked."""

    language: Language
    title: str = ""
    fps: int
    characters: tuple[ScriptCharacter, ...] = ()
    scenes: tuple[BoardScene, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def frames(self) -> int:
        """The length of all shots together."""
        return sum(shot.frames for scene in self.scenes for shot in scene.shots)

    @property
    def shots(self) -> tuple[BoardShot, ...]:
        """All shots in order."""
        return tuple(shot for scene in self.scenes for shot in scene.shots)
