"""Adding shots: one at a place, or the skeleton of a whole film."""

from __future__ import annotations

from typing import ClassVar, Literal
from uuid import UUID

from pydantic import Field

from storyreel.actions.base import Action, Draft, Plan, Policy, Reads, Role, SceneRef, Shot
from storyreel.actions.places import scene_named, scene_of, seconds, set_cast, shot_label, shots_of_scene, with_looks
from storyreel.actions.shot_fields import (
    MAX_SHOT_S,
    CameraPatch,
    CastPatch,
    PicturePatch,
    apply_camera,
    apply_picture,
    keyed_lines,
)
from storyreel.model.base import Frozen
from storyreel.model.errors import BadInput
from storyreel.model.order import between, spread
from storyreel.model.rows import Scene, WorkItem
from storyreel.model.spec import AudioSpec, Line, ShotSpec
from storyreel.model.timing import share, to_frames
from storyreel.model.view import GraphView


class NewShot(Frozen):
    """One shot to add. `frames` is exact where it is given; otherwise `duration_s` is rounded to frames."""

    scene: SceneRef | None = None
    duration_s: float | None = Field(default=None, gt=0, le=MAX_SHOT_S)
    frames: int | None = Field(default=None, ge=1, le=int(MAX_SHOT_S * 60))
    picture: PicturePatch = PicturePatch()
    camera: CameraPatch = CameraPatch()
    lines: tuple[Line, ...] = ()
    cast: tuple[CastPatch, ...] = ()
    audio: AudioSpec = AudioSpec()
    continuity: str = ""
    notes: str = Field(default="", max_length=4000)
    span: tuple[int, int] | None = Field(default=None, description="Where it stands in the script: start and end in characters.")

    def length(self, fps: int) -> int:
        """Its length in frames; four seconds where nothing is said."""
        return self.frames or to_frames(self.duration_s or 4.0, fps)


class AddShot(Action):
    """Add one shot after or before another, or at the end of the film.

    With `keep_total` the film stays as long as it was: the other shots give their time in proportion.
    """

    type: Literal["shot.add"] = "shot.add"
    policy: ClassVar = Policy(role=Role.editor)
    says: ClassVar = (
        "在第3个镜头后面加一个特写，2秒，总长不变",
        "Insert a 2 second close-up after shot 3, keep the total length",
    )

    shot: NewShot = NewShot()
    after: Shot | None = None
    before: Shot | None = None
    keep_total: bool = False

    def reads(self) -> Reads:
        """The neighbours, and every shot where the total is kept."""
        place = self.after or self.before
        named = (place,) if place and not place.startswith("$") else ()
        return Reads(shots=(*named, "all" if self.keep_total else "last"), around=True)

    def plan(self, view: GraphView) -> Plan:
        """The shot, its cast, and shorter neighbours where the total is kept."""
        if self.after and self.before:
            raise BadInput("say either after or before which shot, not both")
        draft = Draft(view)
        scene, low, high = _gap(view, self.after, self.before, self.shot.scene)
        if self.keep_total:
            _make_room(draft, self.shot.length(view.fps))
        draft.made = add_shot(draft, self.shot, scene, between(low, high), "shot", 0)
        where = self.after or self.before or "last"
        draft.say(
            "shot.added", count=1, place=where, before=bool(self.before), duration_s=seconds(view, self.shot.length(view.fps))
        )
        return draft.plan()


class AddShots(Action):
    """Add many shots at the end of their scenes: the skeleton of a film from an outline or a script."""

    type: Literal["shot.bulk_add"] = "shot.bulk_add"
    policy: ClassVar = Policy(role=Role.editor)
    says: ClassVar = ("按大纲加30个镜头", "Add thirty shots from the outline")

    shots: tuple[NewShot, ...] = Field(min_length=1, max_length=1000)
    script: str | None = Field(default=None, description="'$name' of the script that the spans are in.")

    def reads(self) -> Reads:
        """The last shot of each scene that is added to."""
        scenes = {shot.scene for shot in self.shots if shot.scene and not shot.scene.startswith("$")}
        return Reads(shots=tuple(f"scene {scene}" for scene in sorted(scenes)) or ("last",), around=True)

    def plan(self, view: GraphView) -> Plan:
        """Shots in the order given."""
        draft = Draft(view)
        script = view.named.get(self.script[1:]) if self.script else None
        index = 0
        for scene, group in _by_scene(view, self.shots):
            held = shots_of_scene(draft.view, scene.id)
            keys = spread(len(group), held[-1].order_key if held else None)
            for shot, key in zip(group, keys, strict=True):
                shot_id = add_shot(draft, shot, scene, key, "shot", index, script=script)
                draft.made = draft.made or shot_id
                index += 1
        total = sum(shot.length(view.fps) for shot in self.shots)
        draft.say("shot.added", count=index, place="end", before=False, duration_s=seconds(view, total))
        return draft.plan()


def add_shot(draft: Draft, new: NewShot, scene: Scene, order_key: str, *id_parts: object, script: UUID | None = None) -> UUID:
    """Bring one new shot and its cast into the draft; its id."""
    view = draft.view
    shot_id = view.new_id(*id_parts)
    spec = ShotSpec(
        picture=apply_picture(ShotSpec().picture, new.picture, ()),
        camera=apply_camera(ShotSpec().camera, new.camera),
        lines=keyed_lines(new.lines),
        audio=new.audio,
        continuity=new.continuity,
        notes=new.notes,
    )
    span = new.span if script else None
    draft.insert(
        WorkItem(
            id=shot_id,
            workspace_id=view.workspace_id,
            kind="shot",
            scene_id=scene.id,
            order_key=order_key,
            label=shot_label(shot_id),
            frames=new.length(view.fps),
            spec=with_looks(view, spec, new.cast),
            script_id=script,
            span_start=span[0] if span else None,
            span_end=span[1] if span else None,
        )
    )
    set_cast(draft, shot_id, new.cast)
    return shot_id


def _gap(view: GraphView, after: str | None, before: str | None, scene: str | None) -> tuple[Scene, str | None, str | None]:
    """The scene and the two keys between which a new shot goes."""
    if after or before:
        anchor = view.one(after or before or "")
        held = shots_of_scene(view, scene_of(anchor))
        at = held.index(anchor) + (1 if after else 0)
        found = view.get(Scene, anchor.scene_id)
        return found, held[at - 1].order_key if at else None, held[at].order_key if at < len(held) else None
    scenes = view.scenes()
    if not scenes:
        raise BadInput("the film has no scene yet; add a scene first (scene.add)")
    found = scene_named(view, scene) if scene else scenes[-1]
    held = shots_of_scene(view, found.id)
    return found, held[-1].order_key if held else None, None


def _make_room(draft: Draft, frames: int) -> None:
    """Shorten the free shots so that the film keeps its total with `frames` more in it."""
    free = [shot for shot in draft.view.at("all") if shot.status == "draft"]
    least = max(1, draft.view.fps // 2)
    total = sum(shot.frames for shot in free) - frames
    if total < least * len(free):
        raise BadInput("there is no room for it at this total length; make it shorter or let the film grow")
    for shot, length in zip(free, share(total, [float(shot.frames) for shot in free], least), strict=True):
        draft.change(shot, frames=length)
        draft.touch(shot.id)


def _by_scene(view: GraphView, shots: tuple[NewShot, ...]) -> list[tuple[Scene, list[NewShot]]]:
    groups: dict[UUID, tuple[Scene, list[NewShot]]] = {}
    for shot in shots:
        scenes = view.scenes()
        if shot.scene is None and not scenes:
            raise BadInput("the film has no scene yet; add a scene first (scene.add)")
        scene = scene_named(view, shot.scene) if shot.scene else scenes[-1]
        groups.setdefault(scene.id, (scene, []))[1].append(shot)
    return list(groups.values())
