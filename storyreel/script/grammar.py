"""The film's grammar: how large, from where and with which move each shot of a scene is seen."""

from __future__ import annotations

import re
from collections.abc import Container, Sequence

from storyreel.model.spec import Angle, CameraSpec, Composition, Emotion, Move, Pace, ShotSize
from storyreel.script import things
from storyreel.script.beats import Cue
from storyreel.script.doc import SceneHead, ScriptShot

_RUN = re.compile(
    r"跑|追|逃|冲|奔|飞奔|赶|\b(?:run|runs|ran|running|chase[sd]?|chasing|rush(?:es|ed)?|race[sd]?|flee[s]?|escape[sd]?|dash(?:es|ed)?|sprint\w*|gallop\w*)\b",
    re.IGNORECASE,
)
_WALK = re.compile(
    r"走|踱|骑|驶|开车|穿过|经过|前行|跟着|漂|\b(?:walk(?:s|ed|ing)?|cross(?:es|ed)|follow(?:s|ed)?|ride[s]?|rode|drive[s]?|drove|wander\w*|stroll\w*|sail\w*|march\w*|pass(?:es|ed))\b",
    re.IGNORECASE,
)
_UP = re.compile(
    r"抬头|仰望|望向天|升起|天空|高高|爬上|\b(?:looks? up|looked up|rises?|rose|sky|climbs?|climbed|towers?|soars?)\b",
    re.IGNORECASE,
)
_DOWN = re.compile(
    r"低头|落下|倒下|跌|坠|脚下|蹲|\b(?:looks? down|looked down|falls?|fell|drops?|dropped|kneels?|knelt|beneath|below|sinks?)\b",
    re.IGNORECASE,
)
_INSERT = re.compile(
    r"看着|望着|盯着|拿出|打开|捡起|掏出|握着|放下|摸出|手里|手中|排出|\b(?:opens?|holds?|picks? up|takes? out|reads?|stares? at|looks? at|in (?:his|her|its) hands?|puts? down)\b",
    re.IGNORECASE,
)
_STRONG: frozenset[Emotion] = frozenset({"angry", "afraid", "sad", "surprised", "tender"})
_SPEECH: tuple[tuple[ShotSize, Composition], ...] = (
    ("MS", "two_shot"), ("MCU", "over_shoulder"), ("MCU", "auto"), ("MS", "over_shoulder"), ("CU", "auto"), ("MS", "auto"), ("MCU", "over_shoulder"), ("MS", "two_shot"),
)  # fmt: skip
_ALONE: tuple[tuple[ShotSize, Composition], ...] = (
    ("MS", "thirds_left"),
    ("MCU", "auto"),
    ("MS", "thirds_right"),
    ("CU", "auto"),
)
_OTHER: tuple[ShotSize, ...] = ("MS", "FS", "MCU", "WS", "CU", "FS", "MS", "WS", "MCU", "CU")
_OPENING: tuple[Move, ...] = ("pan_right", "push_in", "pan_left", "tilt_down")
_OPENING_TALK: tuple[Move, ...] = ("push_in", "static")
_CLOSE: tuple[Move, ...] = ("push_in", "static")
_DRIFT: tuple[Move, ...] = ("static", "pan_left", "push_in", "pan_right", "static", "pull_out", "track_right")
_ELSE: tuple[Move, ...] = ("static", "push_in")
_THIRDS: tuple[Composition, ...] = ("thirds_left", "auto", "thirds_right", "centre")
_NEXT: dict[ShotSize, ShotSize] = {"EWS": "WS", "WS": "MS", "FS": "MCU", "MS": "MCU", "MCU": "MS", "CU": "MS", "ECU": "MCU"}
_QUICK: frozenset[str] = frozenset({"tense", "joyful", "horror"})
_SLOW: frozenset[str] = frozenset({"calm", "melancholy", "romantic", "mystery", "hopeful"})


def shoot(
    shots: Sequence[ScriptShot], cues: Sequence[Cue], scene: SceneHead, *, turn: int = 0, last: bool = False
) -> tuple[ScriptShot, ...]:
    """The shots of one scene with their cameras; what `cues` or a directed shot asks for stays as asked.

    `turn` shifts the patterns, so that scenes differ; `last` marks the scene that ends the film.
    """
    done: list[ScriptShot] = []
    spoken, voices = 0, set[str]()
    for index, (shot, cue) in enumerate(zip(shots, cues, strict=True)):
        ends = last and index == len(shots) - 1
        voices |= {speaker_of(shot)} - {""}
        camera, composition = _camera(shot, done, scene, spoken=spoken, alone=len(voices) == 1, turn=turn, ends=ends)
        spoken += bool(speaker_of(shot))
        if shot.directed:
            done.append(shot)
            continue
        picture = shot.picture.model_copy(update={"composition": cue.composition or composition})
        done.append(shot.model_copy(update={"camera": cue.camera(camera), "picture": picture, "directed": bool(cue)}))
    return tuple(done)


def speaker_of(shot: ScriptShot) -> str:
    """The character who is heard in a shot, or an empty string."""
    return next((line.speaker for line in shot.lines if line.speaker), "")


def feeling_of(shot: ScriptShot) -> Emotion:
    """The strongest feeling that a shot's lines or cast carry."""
    told: list[Emotion] = [*(line.emotion for line in shot.lines if line.speaker), *(member.emotion for member in shot.cast)]
    felt: list[Emotion] = [feeling for feeling in told if feeling != "neutral"]
    strong: list[Emotion] = [feeling for feeling in felt if feeling in _STRONG]
    ranked: list[Emotion] = [*strong, *felt, "neutral"]
    return ranked[0]


def contrast(camera: CameraSpec) -> CameraSpec:
    """A camera that cuts well after the given one: another size, still."""
    return CameraSpec(
        size=_NEXT[camera.size], angle="eye", move="static" if camera.move != "static" else "push_in", pace=camera.pace
    )


def unlike(camera: CameraSpec, sizes: Container[ShotSize]) -> CameraSpec:
    """The camera, with another size where its own is among those of its neighbours."""
    if camera.size not in sizes:
        return camera
    return camera.model_copy(update={"size": next(size for size in _OTHER if size not in sizes)})


def _words(shot: ScriptShot) -> str:
    return " ".join([shot.action, *(line.text for line in shot.lines if not line.speaker)])


def _camera(
    shot: ScriptShot, done: list[ScriptShot], scene: SceneHead, *, spoken: int, alone: bool, turn: int, ends: bool
) -> tuple[CameraSpec, Composition]:
    index, text = len(done), _words(shot)
    size, composition = _size(shot, done, scene, spoken=spoken, alone=alone, turn=turn, ends=ends)
    angle = _angle(shot, text, scene, index=index, turn=turn)
    move = _move(shot, text, size, done, turn=turn, ends=ends)
    return CameraSpec(size=size, angle=angle, move=move, pace=_pace(shot, text, scene)), composition


def _size(
    shot: ScriptShot, done: list[ScriptShot], scene: SceneHead, *, spoken: int, alone: bool, turn: int, ends: bool
) -> tuple[ShotSize, Composition]:
    before = done[-1].camera.size if done else None
    if not done:
        return _opening(shot, scene)
    if speaker_of(shot):
        return _talk(shot, before, spoken=spoken, alone=alone)
    return _silent(shot, before, len(done) + turn, ends=ends)


def _silent(shot: ScriptShot, before: ShotSize | None, step: int, *, ends: bool) -> tuple[ShotSize, Composition]:
    """A shot nobody in the picture speaks in: by its end, feeling, things and movement, else what differs from the last one."""
    if ends:
        return ("WS" if before != "WS" else "EWS"), "centre"
    if feeling_of(shot) in _STRONG and before not in {"CU", "ECU"}:
        return "CU", "auto"
    text = _words(shot)
    if shot.picture.props and _INSERT.search(text) and before not in {"CU", "ECU"}:
        return ("ECU" if not shot.cast and step % 2 else "CU"), "centre"
    if _RUN.search(text):
        return ("FS" if before != "FS" else "WS"), "auto"
    row: tuple[ShotSize, ...] = (*_OTHER[step % len(_OTHER) :], *_OTHER)
    size: ShotSize = next(size for size in row if size != before)
    return size, _THIRDS[step % len(_THIRDS)]


def _opening(shot: ScriptShot, scene: SceneHead) -> tuple[ShotSize, Composition]:
    if speaker_of(shot):
        return "WS", "two_shot" if len(shot.cast) > 1 else "auto"
    inside = scene.interior if scene.interior is not None else things.is_interior(scene.place)
    return ("WS" if inside else "EWS"), "auto"


def _talk(shot: ScriptShot, before: ShotSize | None, *, spoken: int, alone: bool) -> tuple[ShotSize, Composition]:
    if feeling_of(shot) in _STRONG and before not in {"CU", "ECU"}:
        return "CU", "auto"
    size, composition = (_ALONE if alone else _SPEECH)[spoken % len(_ALONE if alone else _SPEECH)]
    if alone and before == size:
        size = _NEXT[size]
    return size, "auto" if len(shot.cast) < 2 and composition in {"two_shot", "over_shoulder"} else composition  # noqa: PLR2004


def _angle(shot: ScriptShot, text: str, scene: SceneHead, *, index: int, turn: int) -> Angle:
    feeling = feeling_of(shot)
    if feeling == "angry":
        return "low"
    if speaker_of(shot):
        return "high" if feeling == "afraid" else "eye"
    if _UP.search(text) or (scene.mood == "epic" and index % 2 == 0):
        return "low"
    if _DOWN.search(text) or feeling in {"sad", "afraid", "tired"}:
        return "high"
    if scene.mood in {"horror", "tense"} and index % 4 == 2:  # noqa: PLR2004
        return "dutch"
    return "high" if (index + turn) % 7 == 4 else "low" if (index + turn) % 7 == 6 else "eye"  # noqa: PLR2004


def _move(shot: ScriptShot, text: str, size: ShotSize, done: list[ScriptShot], *, turn: int, ends: bool) -> Move:
    before = done[-1].camera.move if done else "static"
    step = len(done) + turn
    if ends and not speaker_of(shot):
        return "pull_out"
    if not done:
        opening = _OPENING_TALK if speaker_of(shot) else _OPENING
        return opening[turn % len(opening)]
    if speaker_of(shot):
        return "push_in" if feeling_of(shot) in _STRONG or (step % 4 == 3 and before != "push_in") else "static"  # noqa: PLR2004
    wanted: list[Move] = [*_moves_in(text, step), *(_CLOSE if size in {"CU", "ECU"} else ()), _DRIFT[step % len(_DRIFT)], *_ELSE]
    fresh: list[Move] = [move for move in wanted if move != before]
    return fresh[0]


def _moves_in(text: str, step: int) -> tuple[Move, ...]:
    """The moves that go with what the words tell of: running, walking, rising, falling."""
    if _RUN.search(text):
        return ("handheld", "track_left") if step % 2 else ("track_right", "track_left")
    if _WALK.search(text):
        return ("track_right", "track_left")
    if _UP.search(text):
        return ("tilt_up",)
    return ("tilt_down",) if _DOWN.search(text) else ()


def _pace(shot: ScriptShot, text: str, scene: SceneHead) -> Pace:
    if _RUN.search(text) or feeling_of(shot) in {"angry", "afraid"}:
        return "fast"
    if scene.mood in _SLOW or feeling_of(shot) in {"sad", "tender", "tired"}:
        return "slow"
    return "fast" if scene.mood in _QUICK and not shot.lines else "normal"
