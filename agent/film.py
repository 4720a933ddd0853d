"""A board of scenes and shots becomes the actions of one envelope: one proposal, one commit, one film."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from storyreel.actions.base import Asked
from storyreel.model.rows import Profile
from storyreel.model.spec import CameraSpec, PictureSpec
from storyreel.script.doc import Board, BoardScene, BoardShot, ScriptCharacter

NAME_LENGTH = 80
BRIEF_LENGTH = 10_000


def film_actions(
    board: Board,
    *,
    source: str,
    script_format: str,
    profile: Profile,
    style: str = "",
    mood: str | None = None,
    music: str = "",
    brief: str = "",
    settings: dict[str, Any] | None = None,
    replaces: int = 0,
    episode: bool = False,
    known: Sequence[str] = (),
) -> tuple[Asked, ...]:
    """Everything that makes a film of a board: project, style, people, script, scenes, shots, and the wish to render it.

    `replaces` scenes go first, with their shots. `episode` makes it another film of the project, whose name and look stay. Characters
    that are `known` are not made again.

    `source` is the text that the shots' spans are in; `brief` is what was asked for. `settings` are further fields of `project.update_meta`.
    """
    meta = {"name": (board.title or ("" if episode else source))[:NAME_LENGTH], "language": board.language, **(settings or {})}
    looks = {key: value for key, value in (("style", style), ("mood", mood), ("music", music)) if value}
    changed = {key: value for key, value in looks.items() if getattr(profile, key) != value}
    if episode:
        first: tuple[Asked, ...] = (
            Asked(type="episode.create", args={"title": meta["name"]}, reason="another film of this project"),
        )
        style_of = style
    else:
        first = (
            *(Asked(type="scene.delete", args={"scene": str(n)}, reason="the film it replaces") for n in range(replaces, 0, -1)),
            Asked(type="project.update_meta", args=meta, reason="what the film is called and its language"),
            *((Asked(type="project.set_style", args=changed, reason="the style that was asked for"),) if changed else ()),
        )
        style_of = ""
    held = {name.lower() for name in known}
    return (
        *first,
        *(_character(person, index) for index, person in enumerate(board.characters, 1) if person.name.lower() not in held),
        Asked(
            type="episode.update",
            name="script",
            reason="the text the shots follow",
            args={
                "script": source,
                "script_format": script_format,
                "title": meta["name"],
                "language": board.language,
                **({"brief": brief[:BRIEF_LENGTH]} if brief else {}),
            },
        ),
        *(_scene(scene, index, style_of) for index, scene in enumerate(board.scenes, 1)),
        Asked(type="shot.bulk_add", args={"script": "$script", "shots": _shots(board)}, reason="the shots of the board"),
        Asked(type="gen.compose", reason="render them and join the film"),
    )


def _character(person: ScriptCharacter, index: int) -> Asked:
    look = person.look.model_dump(exclude_defaults=True, exclude={"seed", "gender", "age"})
    args: dict[str, Any] = {"name": person.name, "also_called": list(person.aliases), "gender": person.gender, "age": person.age}
    args |= {"look": look} if look else {}
    args |= {"personality": person.description} if person.description else {}
    return Asked(type="character.create", name=f"character{index}", args={k: v for k, v in args.items() if v})


def _scene(scene: BoardScene, index: int, style: str = "") -> Asked:
    fields = {
        "title": scene.heading,
        "place": scene.place,
        "time": scene.time,
        "weather": scene.weather,
        "mood": scene.mood,
        "style": style,
    }
    return Asked(type="scene.add", name=f"scene{index}", args={key: value for key, value in fields.items() if value})


def _shots(board: Board) -> list[dict[str, Any]]:
    names = {person.name for person in board.characters}
    return [_shot(shot, index, names) for index, scene in enumerate(board.scenes, 1) for shot in scene.shots]


def _shot(shot: BoardShot, scene: int, names: set[str]) -> dict[str, Any]:
    picture = _given(PictureSpec(), shot.picture)
    return {
        "scene": f"$scene{scene}",
        "frames": shot.frames,
        "picture": picture,
        "camera": _given(CameraSpec(), shot.camera),
        "lines": [line.model_dump(mode="json", exclude_defaults=True) | {"text": line.text} for line in shot.lines],
        "cast": [
            {"character": part.name, "emotion": part.emotion, **({"action": part.action} if part.action else {})}
            for part in shot.cast
            if part.name in names
        ],
        "span": list(shot.span),
    }


def _given(default: PictureSpec | CameraSpec, value: PictureSpec | CameraSpec) -> dict[str, Any]:
    """The fields that differ from the default."""
    plain, base = value.model_dump(mode="json"), default.model_dump(mode="json")
    return {key: item for key, item in plain.items() if item != base[key]}
