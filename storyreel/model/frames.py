"""The frame that a shot asks for, with everything inherited filled in (pure)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from storyreel.model.looks import look_in_shot, look_of_place, looks_of_shot, place_of
from storyreel.model.rows import Cast, Character, Scene, SceneLook, WorkItem, Workspace
from storyreel.model.spec import Figure, FrameSpec, Manner, PictureSpec


def effective(
    workspace: Workspace,
    scene: Scene,
    shot: WorkItem,
    cast: Iterable[tuple[Cast, Character]],
    looks: Sequence[SceneLook] = (),
) -> FrameSpec:
    """The frame a shot asks for: the shot's own words first, then the scene's, then its place's look, then the project's."""
    picture, profile = shot.spec.picture, workspace.profile
    speakers = {line.speaker for line in shot.spec.lines.values()}
    place = look_of_place(place_of(scene, shot), looks)
    manner = manner_of(workspace, scene, shot, looks) or Manner()
    return FrameSpec(
        subject=picture.subject,
        place=place_of(scene, shot) or "",
        time=_first(picture, scene, place, "time") or "day",
        weather=_first(picture, scene, place, "weather") or "clear",
        mood=_first(picture, scene, None, "mood") or profile.mood,
        style=_first(picture, scene, place, "style") or profile.style,
        palette=_first(picture, scene, place, "palette") or profile.palette,
        props=picture.props,
        size=shot.spec.camera.size,
        angle=shot.spec.camera.angle,
        composition=picture.composition,
        figures=tuple(
            Figure(
                name=person.name,
                look=look_in_shot(person, shot),
                action=part.action,
                emotion=part.emotion,
                speaking=person.name in speakers,
            )
            for part, person in cast
        ),
        light=place.spec.light if place else "",
        details=tuple(_detail(look) for look in looks_of_shot(scene, shot, looks) if look.spec.description),
        anchor=shot.spec.continuity,
        filming=manner.filming,
        avoid=manner.avoid,
    )


def manner_of(workspace: Workspace, scene: Scene, shot: WorkItem, looks: Sequence[SceneLook]) -> Manner | None:
    """What belongs to the style a shot is drawn in: it comes from whoever says the style."""
    place = look_of_place(place_of(scene, shot), looks)
    if shot.spec.picture.style:
        return shot.spec.picture.manner
    if scene.spec.style and shot.spec.picture.style is None:
        return scene.spec.manner
    said = _first(shot.spec.picture, scene, place, "style")
    return None if said else workspace.profile.manner


def _first(picture: PictureSpec, scene: Scene, look: SceneLook | None, name: str) -> Any:
    said = (getattr(picture, name), getattr(scene.spec, name), getattr(look.spec, name) if look is not None else None)
    return next((value for value in said if value is not None), None)


def _detail(look: SceneLook) -> str:
    return f"{look.name}: {look.spec.description}"
