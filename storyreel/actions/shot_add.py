"""Adding shots: one at a place, or the skeleton of a whole film."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Literal
from uuid import UUID

from pydantic import Field

from storyreel.actions.base import Action, Draft, Plan, Policy, Role, SceneRef, Shot
from storyreel.actions.places import scene_named, scene_of, seconds, set_cast, shot_label, shots_of_scene, with_looks
from storyreel.actions.reads import Reads
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
from storyreel.model.order import spread
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
    """Add a shot after or before another, or at the end; or many with `shots`: the skeleton of a film from an outline or a script.

    Many stand together where `after` or `before` says, else each at the end of its scene. With `keep_total` the film stays as long
    as it was: the other shots give their time in proportion.
    """

    type: Literal["shot.add"] = "shot.add"
    policy: ClassVar = Policy(role=Role.editor)
    # Of that name it must say which: none is not one.
    presets: ClassVar[Mapping[str, Mapping[str, Any]]] = {"shot.bulk_add": {"shots": ()}}
    says: ClassVar = (
        "在第3个镜头后面加一个特写，2秒，总长不变",
        "Insert a 2 second close-up after shot 3, keep the total length",
    )

    shot: NewShot | None = Field(default=None, description="The one shot; without it and without `shots`, an empty one.")
    shots: tuple[NewShot, ...] | None = Field(default=None, min_length=1, max_length=1000, description="Several, instead of one.")
    after: Shot | None = None
    before: Shot | None = None
    keep_total: bool = False
    script: str | None = Field(default=None, description="'$name' of the script that the spans are in.")

    @property
    def asked(self) -> tuple[NewShot, ...]:
        """The shots to add, in order."""
        return self.shots or (self.shot or NewShot(),)

    def reads(self) -> Reads:
        """The neighbours or the last shots of the scenes that are added to, and every shot where the total is kept."""
        place = self.after or self.before
        named = (place,) if place and not place.startswith("$") else ()
        scenes = (
            {shot.scene for shot in self.asked if shot.scene and not shot.scene.startswith("$")} if self.shots else set[str]()
        )
        ends = tuple(f"scene {scene}" for scene in sorted(scenes)) or ("last",)
        return Reads(shots=(*named, *(("all",) if self.keep_total else ends)), around=True)

    def plan(self, view: GraphView) -> Plan:
        """The shots, their cast, and shorter neighbours where the total is kept."""
        if self.after and self.before:
            raise BadInput("say either after or before which shot, not both")
        if self.shot and self.shots:
            raise BadInput("say either one shot or several shots, not both")
        script = view.named.get(self.script[1:]) if self.script else None
        frames = sum(shot.length(view.fps) for shot in self.asked)
        draft = Draft(view)
        placed = self._placed(view)
        if self.keep_total:
            _make_room(draft, frames)
        for index, (shot, scene, key) in enumerate(placed):
            shot_id = add_shot(draft, shot, scene, key, "shot", index, script=script)
            draft.made = draft.made or shot_id
        where = self.after or self.before or ("end" if self.shots else "last")
        draft.say("shot.added", count=len(placed), place=where, before=bool(self.before), duration_s=seconds(view, frames))
        return draft.plan()

    def _placed(self, view: GraphView) -> list[tuple[NewShot, Scene, str]]:
        """Each shot with its scene and order key, in the order they are made."""
        if self.after or self.before or not self.shots:
            scene, low, high = _gap(view, self.after, self.before, self.asked[0].scene)
            return [(shot, scene, key) for shot, key in zip(self.asked, spread(len(self.asked), low, high), strict=True)]
        placed: list[tuple[NewShot, Scene, str]] = []
        for scene, group in _by_scene(view, self.shots):
            held = shots_of_scene(view, scene.id)
            keys = spread(len(group), held[-1].order_key if held else None)
            placed += [(shot, scene, key) for shot, key in zip(group, keys, strict=True)]
        return placed


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
