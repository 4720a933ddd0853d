"""A report of what does not carry on from shot to shot."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any, ClassVar, Literal

from storyreel.actions.base import Action, Kind, Policy, Role, Shots
from storyreel.actions.reads import Reads
from storyreel.model.continuity import Seen, findings
from storyreel.model.frames import effective
from storyreel.model.rows import Character, Scene, SceneLook, WorkItem
from storyreel.model.view import GraphView


class Continuity(Action):
    """Report what does not carry on from shot to shot: wardrobe, light and time, props, screen side, direction, place, anchors."""

    type: Literal["shot.continuity"] = "shot.continuity"
    policy: ClassVar = Policy(role=Role.viewer, kind=Kind.query, undo=False)
    says: ClassVar = ("检查一下连贯性", "Check the continuity")

    shots: Shots = "all"

    def reads(self) -> Reads:
        """The shots with the one before each."""
        return Reads(shots=(self.shots,), around=True)

    def answer(self, view: GraphView) -> dict[str, Any]:
        """What was found, each with both shots and the field."""
        wanted = {view.number(shot.id) for shot in view.at(self.shots)}
        looks = view.all(SceneLook)
        here = {scene.id for scene in view.scenes()}
        numbered = sorted((n, shot) for shot in view.shots() if shot.scene_id in here and (n := view.number(shot.id)) is not None)
        seen = [seen_of(view, number, shot, looks) for number, shot in numbered]
        found = [one for one in findings(seen) if one.second in wanted]
        lines = [{**asdict(one), "zh": one.words()[0], "en": one.words()[1]} for one in found]
        return {"findings": lines, "shots": len(wanted)}


def seen_of(view: GraphView, number: int, shot: WorkItem, looks: list[SceneLook]) -> Seen:
    """A shot as its continuity is looked at."""
    scene = view.get(Scene, shot.scene_id)
    cast = tuple((part, view.get(Character, part.character_id)) for part in view.cast_of(shot.id))
    frame = effective(view.workspace, scene, shot, cast, looks)
    return Seen(number=number, scene_id=scene.id, frame=frame, camera=shot.spec.camera, anchor=shot.spec.continuity)
