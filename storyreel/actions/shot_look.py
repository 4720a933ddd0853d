"""Looking at shots: in a list, or one in full."""

from __future__ import annotations

from typing import Any, ClassVar, Literal

from storyreel.actions.base import Action, Kind, Policy, Role, Shot, Shots
from storyreel.actions.places import shot_line
from storyreel.actions.reads import Reads
from storyreel.model.frames import effective
from storyreel.model.quality import Quality
from storyreel.model.rows import SLOTS, Character, Node, Scene, SceneLook, WorkItem
from storyreel.model.view import GraphView
from storyreel.pipeline.quality_words import quality_of


class ListShots(Action):
    """List shots, a line each: number, length, what it shows, status, whether it is rendered, and what quality control found wrong."""

    type: Literal["shot.list"] = "shot.list"
    policy: ClassVar = Policy(role=Role.viewer, kind=Kind.query, undo=False)
    says: ClassVar = ("列出所有镜头", "List the shots")

    shots: Shots = "all"

    def reads(self) -> Reads:
        """The shots."""
        return Reads(shots=(self.shots,), notes=True)

    def answer(self, view: GraphView) -> dict[str, Any]:
        """One line a shot, with what is to be looked at."""
        shots = [{**shot_line(view, shot), **shot_kind(view, shot), **_look_at(view, shot)} for shot in view.at(self.shots)]
        return {"shots": shots, "of": view.shot_count}


class ViewShot(Action):
    """Show one shot in full: spec, what it inherits, cast, lines, newest pictures, what is selected, tasks, and what is wrong with it."""

    type: Literal["shot.view"] = "shot.view"
    policy: ClassVar = Policy(role=Role.viewer, kind=Kind.query, undo=False)
    says: ClassVar = ("看看第3个镜头", "Show me shot 3")

    shot: Shot

    def reads(self) -> Reads:
        """The shot with what was made for it, and its tasks."""
        return Reads(shots=(self.shot,), nodes="all", tasks="recent")

    def answer(self, view: GraphView) -> dict[str, Any]:
        """The shot with everything it inherits."""
        shot = view.one(self.shot)
        found = quality_note(view, shot)
        whole = {"quality": found} if found else {}
        return {**shot_line(view, shot), **shot_details(view, shot), **whole, "pictures": pictures_of(view, shot)}


def shot_kind(view: GraphView, shot: WorkItem) -> dict[str, Any]:
    """What kind of shot it is: time, weather and place as they are shown, its size, and who is in it."""
    cast = tuple((part, view.get(Character, part.character_id)) for part in view.cast_of(shot.id))
    frame = effective(view.workspace, view.get(Scene, shot.scene_id), shot, cast, view.all(SceneLook))
    people = tuple(person.name for _, person in cast)
    return {"time": frame.time, "weather": frame.weather, "place": frame.place, "size": frame.size, "people": people}


def quality_note(view: GraphView, shot: WorkItem) -> dict[str, Any] | None:
    """What quality control found on the shot as it is finished now, with its words; None where it was not looked at."""
    asked = (view.workspace.profile.quality or Quality()).model_dump(mode="json")
    notes = [node for node in view.all(Node) if node.work_item_id == shot.id and node.kind == "note" and node.stage == "check"]
    mine = [note for note in notes if note.parent_id == shot.final_node_id and shot.final_node_id is not None]
    # Looked at once more under other limits, the note that was written under those of today counts.
    newest = max(mine, key=lambda note: (note.request.get("quality") == asked, note.take, str(note.id)), default=None)
    return quality_of(newest)


def _quality_said(view: GraphView, shot: WorkItem) -> dict[str, Any]:
    """The same in words alone, as a talk is given it."""
    found = quality_note(view, shot)
    return {"quality": {name: found[name] for name in ("verdict", "words", "reasons")}} if found else {}


def _look_at(view: GraphView, shot: WorkItem) -> dict[str, Any]:
    """The mark of a shot that a person should look at, with why in words."""
    found = quality_note(view, shot)
    return {"look_at": found["words"]} if found and found["look_at"] else {}


def pictures_of(view: GraphView, shot: WorkItem) -> list[dict[str, Any]]:
    """The pictures of the newest take, as they stand in their grid: what "the second picture" counts."""
    made = [node for node in view.all(Node) if node.work_item_id == shot.id and node.kind == "image" and not node.discarded]
    newest = max((node.take for node in made), default=0)
    shown = sorted((node for node in made if node.take == newest), key=lambda node: (node.cell is None, node.cell or 0))
    return [
        {
            "node": str(node.id),
            "asset": node.asset_id,
            "take": node.take,
            "cell": node.cell,
            "selected": node.id == shot.picture_node_id,
        }
        for node in shown
    ]


def shot_details(view: GraphView, shot: WorkItem) -> dict[str, Any]:
    """What `shot.view` tells beside the line."""
    scene = view.get(Scene, shot.scene_id)
    cast = tuple((part, view.get(Character, part.character_id)) for part in view.cast_of(shot.id))
    selected = {slot: view.find(Node, shot.selected(slot)) for slot in SLOTS}
    return {
        "scene": {"number": view.scenes().index(scene) + 1, "title": scene.title},
        "frame": effective(view.workspace, scene, shot, cast, view.all(SceneLook)).model_dump(mode="json"),
        "camera": shot.spec.camera.model_dump(mode="json"),
        "lines": [line.model_dump(mode="json") for _, line in sorted(shot.spec.lines.items())],
        "cast": [{"name": person.name, "action": part.action, "emotion": part.emotion} for part, person in cast],
        "locks": shot.locks,
        "notes": shot.spec.notes,
        "span": [shot.span_start, shot.span_end] if shot.script_id else None,
        "selected": {
            slot: {"node": str(node.id), "asset": node.asset_id, "take": node.take} for slot, node in selected.items() if node
        },
        "tasks": [
            {"id": str(task.id), "state": task.state, "stage": task.stage, "progress": task.progress}
            for task in view.tasks
            if task.work_item_id == shot.id
        ],
        **_quality_said(view, shot),
    }
