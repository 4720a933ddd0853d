"""Shots: adding, changing, cutting, joining, moving, deleting and looking at them."""

from __future__ import annotations

from typing import Any, ClassVar, Literal

from pydantic import Field

from storyreel.actions.base import Action, Consent, Draft, Plan, Policy, Role, Shot, Shots
from storyreel.actions.follow import let_go
from storyreel.actions.places import (
    changed,
    character_named,
    scene_of,
    seconds,
    set_cast,
    shot_label,
    shots_of_scene,
    with_looks,
    writable,
)
from storyreel.actions.reads import Reads
from storyreel.actions.shot_fields import (
    MAX_SHOT_S,
    CameraPatch,
    CastPatch,
    PicturePatch,
    apply_camera,
    apply_picture,
    keyed_lines,
    lock_path,
)
from storyreel.model.errors import BadInput
from storyreel.model.order import between, spread
from storyreel.model.rows import WorkItem
from storyreel.model.spec import AudioSpec, Line, ShotSpec
from storyreel.model.timing import to_frames
from storyreel.model.view import GraphView

Seconds = float


class UpdateShot(Action):
    """Change one shot, a range or all: picture, camera, length, pace, lines, cast, sound, status, locks.

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
    lock: tuple[str, ...] = Field(
        default=(), description="Fields that must not change: 'time', 'subject', 'camera', 'lines', 'cast', 'duration', ..."
    )
    unlock: tuple[str, ...] = ()

    def reads(self) -> Reads:
        """The shots with their cast."""
        return Reads(shots=(self.shots,)) if not self.shots.startswith("$") else Reads()

    def plan(self, view: GraphView) -> Plan:
        """One change a shot; a batch skips what is locked or approved."""
        draft = Draft(view)
        shots = view.at(self.shots)
        many = len(shots) > 1
        for shot in shots if self._frees() else writable(draft, shots, many=many):
            self._change(draft, shot)
        if draft.ops:
            numbers = [view.number(shot_id) for shot_id in draft.touched]
            draft.say("shot.changed", shots=numbers, fields=self.said_fields())
        return changed(draft)

    def said_fields(self) -> dict[str, Any]:
        """What is asked for, for telling a person."""
        return self.model_dump(mode="json", exclude_defaults=True, exclude={"type", "shots"})

    def _frees(self) -> bool:
        """Whether shots that are locked or approved may be written: to make them drafts, or to change nothing but their status."""
        return self.status == "draft" or (self.status is not None and set(self.said_fields()) == {"status"})

    def _change(self, draft: Draft, shot: WorkItem) -> None:
        fields: dict[str, Any] = {"spec": with_looks(draft.view, self._spec(shot.spec), self.cast_add).model_dump()}
        frames = self._frames(shot.frames, draft.view.fps)
        if self.status:
            fields["status"] = self.status
        if self.lock or self.unlock:
            freed = {lock_path(words) for words in self.unlock}
            kept = {path: why for path, why in shot.locks.items() if path not in freed}
            fields["locks"] = {**kept, **{lock_path(words): "asked for" for words in self.lock}}
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
        """The shot, its neighbours, and what continues from it."""
        return Reads(shots=(self.shot,), around=True, follows=True)

    def plan(self, view: GraphView) -> Plan:
        """A shorter shot and a new one after it."""
        draft = Draft(view)
        shot = writable(draft, [view.one(self.shot)], many=False)[0]
        first = to_frames(self.at_s, view.fps) if self.at_s is not None else shot.frames // 2
        if not 1 <= first < shot.frames:
            raise BadInput(f"shot {self.shot} is {seconds(view, shot.frames)} s long; cut it somewhere inside")
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
        # What went on from its end goes on from the end of the second half.
        let_go(draft, {shot.id}, to=second)
        draft.touch(shot.id)
        draft.made = second_id
        draft.say("shot.split", shot=view.number(shot.id), first_s=seconds(view, first), second_s=seconds(view, second.frames))
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
        """The shots with their cast, and what continues from them."""
        return Reads(shots=(self.shots,), follows=True)

    def plan(self, view: GraphView) -> Plan:
        """One longer shot; the others removed."""
        draft = Draft(view)
        shots = view.at(self.shots)
        numbers = [view.number(shot.id) or 0 for shot in shots]
        if len(shots) == 1 or numbers != list(range(numbers[0], numbers[0] + len(numbers))):
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
                    last = draft.view.cast_of(first.id)
                    place = between(last[-1].order_key if last else None, None)
                    moved = {"id": view.new_id("cast", cast.id), "work_item_id": first.id, "order_key": place}
                    draft.insert(cast.model_copy(update=moved))
                draft.remove(cast)
            draft.remove(shot)
        let_go(draft, {shot.id for shot in rest}, to=first)
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
        rest = [shot for shot in shots_of_scene(view, scene_of(anchor)) if shot.id not in gone]
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
        """The shots, and what continues from them."""
        return Reads(shots=(self.shots,), follows=True)

    def plan(self, view: GraphView) -> Plan:
        """The shots, removed."""
        draft = Draft(view)
        shots = view.at(self.shots)
        for shot in writable(draft, shots, many=len(shots) > 1):
            draft.remove(shot)
            draft.touch(shot.id)
        if draft.touched:
            draft.say("shot.deleted", shots=[view.number(shot_id) for shot_id in draft.touched])
            let_go(draft, draft.touched)
        return changed(draft)


def _key_after(view: GraphView, shot: WorkItem) -> str:
    held = shots_of_scene(view, scene_of(shot))
    at = held.index(shot)
    return between(shot.order_key, held[at + 1].order_key if at + 1 < len(held) else None)


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
