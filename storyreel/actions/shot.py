"""Shots: adding, changing, cutting, joining, moving, deleting and looking at them."""

from __future__ import annotations

from typing import Any, ClassVar, Literal
from uuid import UUID

from pydantic import Field

from storyreel.actions.base import Action, Consent, Draft, Kind, Plan, Policy, Reads, Role, SceneRef, Shot, Shots
from storyreel.actions.places import (
    changed,
    character_named,
    scene_named,
    shot_label,
    shot_line,
    shots_of_scene,
    writable,
)
from storyreel.actions.shot_fields import (
    MAX_SHOT_S,
    CameraPatch,
    CastPatch,
    PicturePatch,
    apply_camera,
    apply_picture,
    check_locks,
    keyed_lines,
)
from storyreel.model.base import Frozen
from storyreel.model.errors import BadInput
from storyreel.model.order import between, spread
from storyreel.model.rows import Cast, Scene, WorkItem
from storyreel.model.spec import AudioSpec, Line, ShotSpec
from storyreel.model.timing import share, to_frames, to_seconds
from storyreel.model.view import GraphView

Seconds = float


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
            "shot.added", count=1, place=where, before=bool(self.before), duration_s=_seconds(view, self.shot.length(view.fps))
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
        draft.say("shot.added", count=index, place="end", before=False, duration_s=_seconds(view, total))
        return draft.plan()


class UpdateShot(Action):
    """Change one shot, a range or all: picture, camera, length, pace, lines, cast, sound, status.

    What is left out stays. `clear` names fields of the picture that go back to what the scene says.
    """

    type: Literal["shot.update"] = "shot.update"
    policy: ClassVar = Policy(role=Role.editor, consent=Consent.many)
    aliases: ClassVar = ("shot.bulk_update", "shot.update_fields")
    says: ClassVar = ("把第2到第3个镜头改成夜景霓虹，节奏快一点", "Make shots 2-3 a neon night, a bit faster")

    shots: Shots
    picture: PicturePatch = PicturePatch()
    camera: CameraPatch = CameraPatch()
    duration_s: float | None = Field(default=None, gt=0, le=MAX_SHOT_S)
    scale_length: float | None = Field(default=None, gt=0.1, le=10, description="0.85 makes it a little faster, 1.15 slower.")
    lines: tuple[Line, ...] | None = Field(default=None, description="All the lines of the shot, replacing what it has.")
    cast_add: tuple[CastPatch, ...] = ()
    cast_remove: tuple[str, ...] = ()
    audio: AudioSpec | None = None
    continuity: str | None = None
    notes: str | None = Field(default=None, max_length=4000)
    status: Literal["draft", "locked", "approved"] | None = None
    clear: tuple[Literal["place", "time", "weather", "mood", "style", "palette"], ...] = ()

    def reads(self) -> Reads:
        """The shots with their cast."""
        return Reads(shots=(self.shots,)) if not self.shots.startswith("$") else Reads()

    def plan(self, view: GraphView) -> Plan:
        """One change a shot; a batch skips what is locked or approved."""
        draft = Draft(view)
        shots = view.at(self.shots)
        many = len(shots) > 1
        for shot in shots if self.status else writable(draft, shots, many=many):
            self._change(draft, shot)
        if draft.ops:
            numbers = [view.number(shot_id) for shot_id in draft.touched]
            draft.say("shot.changed", shots=numbers, fields=self.said_fields())
        return changed(draft)

    def said_fields(self) -> dict[str, Any]:
        """What is asked for, for telling a person."""
        return self.model_dump(mode="json", exclude_defaults=True, exclude={"type", "shots"})

    def _change(self, draft: Draft, shot: WorkItem) -> None:
        fields: dict[str, Any] = {"spec": self._spec(shot.spec).model_dump()}
        frames = self._frames(shot.frames, draft.view.fps)
        if self.status:
            fields["status"] = self.status
        check_locks(shot, ShotSpec.model_validate(fields["spec"]), draft.view.number(shot.id))
        before = len(draft.ops)
        draft.change(shot, frames=frames, **fields)
        self._recast(draft, shot)
        if len(draft.ops) > before:
            draft.touch(shot.id)

    def _spec(self, spec: ShotSpec) -> ShotSpec:
        picture = apply_picture(spec.picture, self.picture, self.clear)
        changes: dict[str, Any] = {"picture": picture, "camera": apply_camera(spec.camera, self.camera)}
        if self.lines is not None:
            changes["lines"] = keyed_lines(self.lines)
        changes |= {k: v for k in ("audio", "continuity", "notes") if (v := getattr(self, k)) is not None}
        return spec.model_copy(update=changes)

    def _frames(self, frames: int, fps: int) -> int:
        if self.duration_s is not None:
            return to_frames(self.duration_s, fps)
        if self.scale_length is not None:
            # A shot under half a second is a flash, not a faster shot.
            return max(min(frames, fps // 2), round(frames * self.scale_length))
        return frames

    def _recast(self, draft: Draft, shot: WorkItem) -> None:
        for words in self.cast_remove:
            person = character_named(draft.view, words)
            for cast in draft.view.cast_of(shot.id):
                if cast.character_id == person.id:
                    draft.remove(cast)
        set_cast(draft, shot.id, self.cast_add)


class SplitShot(Action):
    """Cut one shot in two at a moment, keeping its pictures with the first half."""

    # before   |------------ 4 ------------|
    # after    |----- 4 -----|----- 5 -----|      at_s into the shot
    type: Literal["shot.split"] = "shot.split"
    policy: ClassVar = Policy(role=Role.editor)
    says: ClassVar = ("把第4个镜头从中间切开", "Split shot 4 in the middle")

    shot: Shot
    at_s: float | None = Field(default=None, gt=0, description="Seconds into the shot; without it, the middle.")

    def reads(self) -> Reads:
        """The shot and its neighbours."""
        return Reads(shots=(self.shot,), around=True)

    def plan(self, view: GraphView) -> Plan:
        """A shorter shot and a new one after it."""
        draft = Draft(view)
        shot = writable(draft, [view.one(self.shot)], many=False)[0]
        first = to_frames(self.at_s, view.fps) if self.at_s is not None else shot.frames // 2
        if not 1 <= first < shot.frames:
            raise BadInput(f"shot {self.shot} is {_seconds(view, shot.frames)} s long; cut it somewhere inside")
        kept, moved = _share_lines(shot.spec.lines, first / shot.frames)
        second_id = view.new_id("shot")
        second = WorkItem(
            id=second_id,
            workspace_id=view.workspace_id,
            kind="shot",
            scene_id=shot.scene_id,
            label=shot_label(second_id),
            order_key=_key_after(view, shot),
            frames=shot.frames - first,
            spec=shot.spec.model_copy(update={"lines": keyed_lines(moved)}),
            locks=shot.locks,
            script_id=shot.script_id,
            span_start=shot.span_start,
            span_end=shot.span_end,
        )
        draft.change(shot, frames=first, spec=shot.spec.model_copy(update={"lines": keyed_lines(kept)}).model_dump())
        draft.insert(second)
        for index, cast in enumerate(view.cast_of(shot.id)):
            draft.insert(cast.model_copy(update={"id": view.new_id("cast", index), "work_item_id": second_id}))
        draft.touch(shot.id)
        draft.made = second_id
        draft.say("shot.split", shot=view.number(shot.id), first_s=_seconds(view, first), second_s=_seconds(view, second.frames))
        return draft.plan()


class MergeShots(Action):
    """Join neighbouring shots into one: lengths add up, lines follow one another, the first one's picture stays."""

    # before   |-- 3 --|-- 4 --|-- 5 --|
    # after    |---------- 3 ----------|
    type: Literal["shot.merge"] = "shot.merge"
    policy: ClassVar = Policy(role=Role.editor)
    says: ClassVar = ("把第3和第4个镜头合并", "Merge shots 3 and 4")

    shots: Shots

    def reads(self) -> Reads:
        """The shots with their cast."""
        return Reads(shots=(self.shots,))

    def plan(self, view: GraphView) -> Plan:
        """One longer shot; the others removed."""
        draft = Draft(view)
        shots = view.at(self.shots)
        numbers = [view.number(shot.id) or 0 for shot in shots]
        if len(shots) < 2 or numbers != list(range(numbers[0], numbers[0] + len(numbers))):
            raise BadInput("name at least two shots that stand next to each other, for example '3-4'")
        for shot in shots:
            writable(draft, [shot], many=False)
        first, rest = shots[0], shots[1:]
        lines = tuple(line for shot in shots for _, line in sorted(shot.spec.lines.items()))
        draft.change(
            first,
            frames=sum(shot.frames for shot in shots),
            spec=first.spec.model_copy(update={"lines": keyed_lines(lines)}).model_dump(),
            span_end=rest[-1].span_end if first.script_id and rest[-1].script_id == first.script_id else first.span_end,
        )
        held = {cast.character_id for cast in view.cast_of(first.id)}
        for shot in rest:
            for cast in view.cast_of(shot.id):
                if cast.character_id not in held:
                    held.add(cast.character_id)
                    moved = cast.model_copy(update={"id": view.new_id("cast", cast.id), "work_item_id": first.id})
                    draft.insert(moved)
                draft.remove(cast)
            draft.remove(shot)
        # Joining keeps every line and all the time, so it is no deletion to ask about.
        draft.deletes = 0
        draft.touch(first.id)
        draft.made = first.id
        draft.say("shot.merged", shots=numbers)
        return draft.plan()


class MoveShots(Action):
    """Move shots before or after another shot, keeping their order; they join that shot's scene."""

    type: Literal["shot.reorder"] = "shot.reorder"
    policy: ClassVar = Policy(role=Role.editor)
    says: ClassVar = ("把第5个镜头移到第2个前面", "Move shot 5 before shot 2")

    shots: Shots
    before: Shot | None = None
    after: Shot | None = None

    def reads(self) -> Reads:
        """The shots and the neighbours of the place."""
        return Reads(shots=(self.shots, self.before or self.after or "last"), around=True)

    def plan(self, view: GraphView) -> Plan:
        """New order keys."""
        if (self.before is None) == (self.after is None):
            raise BadInput("say either before or after which shot")
        draft = Draft(view)
        moving = view.at(self.shots)
        anchor = view.one(self.before or self.after or "")
        if anchor.id in {shot.id for shot in moving}:
            raise BadInput("a shot cannot be moved next to itself")
        gone = {shot.id for shot in moving}
        rest = [shot for shot in shots_of_scene(view, _scene_id(anchor)) if shot.id not in gone]
        at = rest.index(anchor) + (0 if self.before else 1)
        keys = spread(len(moving), rest[at - 1].order_key if at else None, rest[at].order_key if at < len(rest) else None)
        for shot, key in zip(moving, keys, strict=True):
            draft.change(shot, order_key=key, scene_id=anchor.scene_id)
        draft.say(
            "shot.moved", shots=[view.number(shot.id) for shot in moving], place=view.number(anchor.id), before=bool(self.before)
        )
        return changed(draft)


class DeleteShots(Action):
    """Delete shots. They can be brought back by undoing; what was made for them is kept."""

    type: Literal["shot.delete"] = "shot.delete"
    policy: ClassVar = Policy(role=Role.editor, consent=Consent.always)
    says: ClassVar = ("删掉第6个镜头", "Delete shot 6")

    shots: Shots

    def reads(self) -> Reads:
        """The shots."""
        return Reads(shots=(self.shots,))

    def plan(self, view: GraphView) -> Plan:
        """The shots, removed."""
        draft = Draft(view)
        shots = view.at(self.shots)
        for shot in writable(draft, shots, many=len(shots) > 1):
            draft.remove(shot)
            draft.touch(shot.id)
        if draft.touched:
            draft.say("shot.deleted", shots=[view.number(shot_id) for shot_id in draft.touched])
        return changed(draft)


class ListShots(Action):
    """List shots, a line each: number, length, what it shows, status, whether it is rendered."""

    type: Literal["shot.list"] = "shot.list"
    policy: ClassVar = Policy(role=Role.viewer, kind=Kind.query, undo=False)
    says: ClassVar = ("列出所有镜头", "List the shots")

    shots: Shots = "all"

    def reads(self) -> Reads:
        """The shots."""
        return Reads(shots=(self.shots,))

    def answer(self, view: GraphView) -> dict[str, Any]:
        """One line a shot."""
        return {"shots": [shot_line(view, shot) for shot in view.at(self.shots)], "of": view.shot_count}


class ViewShot(Action):
    """Show one shot in full: spec, what it inherits, cast, lines, what is selected, its tasks."""

    type: Literal["shot.view"] = "shot.view"
    policy: ClassVar = Policy(role=Role.viewer, kind=Kind.query, undo=False)
    says: ClassVar = ("看看第3个镜头", "Show me shot 3")

    shot: Shot

    def reads(self) -> Reads:
        """The shot with what is selected, and its tasks."""
        return Reads(shots=(self.shot,), nodes="selected", tasks="recent")

    def answer(self, view: GraphView) -> dict[str, Any]:
        """The shot with everything it inherits."""
        shot = view.one(self.shot)
        return {**shot_line(view, shot), **shot_details(view, shot)}


def shot_details(view: GraphView, shot: WorkItem) -> dict[str, Any]:
    """What `shot.view` tells beside the line."""
    from storyreel.model.rows import SLOTS, Character, Node
    from storyreel.model.view import effective

    scene = view.get(Scene, shot.scene_id)
    cast = tuple((part, view.get(Character, part.character_id)) for part in view.cast_of(shot.id))
    selected = {slot: view.find(Node, shot.selected(slot)) for slot in SLOTS}
    return {
        "scene": {"number": view.scenes().index(scene) + 1, "title": scene.title},
        "frame": effective(view.workspace, scene, shot, cast).model_dump(mode="json"),
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
    }


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
            spec=spec,
            script_id=script,
            span_start=span[0] if span else None,
            span_end=span[1] if span else None,
        )
    )
    set_cast(draft, shot_id, new.cast)
    return shot_id


def set_cast(draft: Draft, shot_id: UUID, cast: tuple[CastPatch, ...]) -> None:
    """Put characters into a shot, or change what they do there."""
    for part in cast:
        person = character_named(draft.view, part.character)
        held = draft.view.cast_of(shot_id)
        present = next((row for row in held if row.character_id == person.id), None)
        said = part.model_dump(exclude_none=True, exclude={"character"})
        if present:
            draft.change(present, **said)
        else:
            key = between(held[-1].order_key if held else None, None)
            row_id = draft.view.new_id("cast", shot_id, person.id)
            row = Cast(
                id=row_id,
                workspace_id=draft.view.workspace_id,
                work_item_id=shot_id,
                character_id=person.id,
                order_key=key,
                **said,
            )
            draft.insert(row)


def _gap(view: GraphView, after: str | None, before: str | None, scene: str | None) -> tuple[Scene, str | None, str | None]:
    """The scene and the two keys between which a new shot goes."""
    if after or before:
        anchor = view.one(after or before or "")
        held = shots_of_scene(view, _scene_id(anchor))
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


def _key_after(view: GraphView, shot: WorkItem) -> str:
    held = shots_of_scene(view, _scene_id(shot))
    at = held.index(shot)
    return between(shot.order_key, held[at + 1].order_key if at + 1 < len(held) else None)


def _scene_id(shot: WorkItem) -> UUID:
    if shot.scene_id is None:
        raise BadInput(f"{shot.label} is a draft, not a shot")
    return shot.scene_id


def _share_lines(lines: dict[str, Line], fraction: float) -> tuple[tuple[Line, ...], tuple[Line, ...]]:
    """The lines that begin before `fraction` of all that is said, and the others."""
    spoken = [line for _, line in sorted(lines.items())]
    whole = sum(len(line.text) for line in spoken) or 1
    said, kept = 0, 0
    for line in spoken:
        if said / whole >= fraction:
            break
        said += len(line.text)
        kept += 1
    return tuple(spoken[:kept]), tuple(spoken[kept:])


def _by_scene(view: GraphView, shots: tuple[NewShot, ...]) -> list[tuple[Scene, list[NewShot]]]:
    groups: dict[UUID, tuple[Scene, list[NewShot]]] = {}
    for shot in shots:
        scenes = view.scenes()
        if shot.scene is None and not scenes:
            raise BadInput("the film has no scene yet; add a scene first (scene.add)")
        scene = scene_named(view, shot.scene) if shot.scene else scenes[-1]
        groups.setdefault(scene.id, (scene, []))[1].append(shot)
    return list(groups.values())


def _seconds(view: GraphView, frames: int) -> float:
    return round(to_seconds(frames, view.fps), 2)
