"""Steps on shots: each becomes part of the shot's chain, and one that is there of its kind already gives way to it."""

from __future__ import annotations

from collections.abc import Sequence

from storyreel.actions.base import Draft
from storyreel.actions.edit_steps import CopyStep, HoldStep, OfShots, RemoveStep, SpeedStep, TrimStep
from storyreel.actions.places import seconds, writable
from storyreel.model.edits import (
    MOST_EDITS,
    Edit,
    HoldEdit,
    SpeedEdit,
    Timing,
    TrimEdit,
    clip_frames,
    keyed,
    relinked,
    standing,
)
from storyreel.model.errors import BadInput
from storyreel.model.rows import WorkItem
from storyreel.model.timing import to_frames
from storyreel.model.view import GraphView


def apply(draft: Draft, shots: Sequence[WorkItem], step: OfShots) -> None:
    """Do the step to the shots.

    Raises:
        BadInput: the step does not fit a shot that was named alone.
    """
    view = draft.view
    chosen = list(shots)
    for shot in writable(draft, chosen, many=len(chosen) > 1):
        try:
            steps, frames = _after(view, shot, step)
        except BadInput as unfit:
            if len(chosen) == 1:
                raise
            draft.skip("edit.unfit", shot=view.number(shot.id), why=unfit.detail)
            continue
        write(draft, shot, steps, frames, many=len(chosen) > 1)
    if draft.touched:
        numbers = [view.number(shot_id) for shot_id in draft.touched]
        fields = step.model_dump(mode="json", exclude={"step"}, exclude_defaults=True, exclude_none=True)
        draft.say("edit.applied", shots=numbers, step=step.step, fields=fields)


def write(draft: Draft, shot: WorkItem, steps: Sequence[Edit], frames: int, *, many: bool) -> bool:
    """Give a shot its chain and length; in a batch a shot whose length is locked keeps both, and that is said."""
    if many and frames != shot.frames and "duration" in shot.locks:
        draft.skip("shot.lock_held", shot=draft.view.number(shot.id), lock="duration")
        return False
    spec = shot.spec.model_copy(update={"edits": keyed(steps)})
    written = draft.change(shot, spec=spec.model_dump(), frames=frames)
    if written:
        draft.touch(shot.id)
    return written


def _after(view: GraphView, shot: WorkItem, step: OfShots) -> tuple[tuple[Edit, ...], int]:
    """The shot's chain and its length after the step."""
    chain = standing(shot.spec.edits, shot.frames)
    clip = clip_frames(shot.spec.edits, shot.frames)
    match step:
        case TrimStep():
            return _trimmed(view, shot, chain, step)
        case SpeedStep():
            made = SpeedEdit(of=shot.frames, frames=max(1, round(shot.frames / step.factor)))
            return _longer([*chain, made]), made.frames
        case HoldStep():
            made = HoldEdit(of=shot.frames, frames=shot.frames + max(1, to_frames(step.by_s, view.fps)))
            return _longer([*chain, made]), made.frames
        case RemoveStep():
            return relinked((one for one in chain if step.which not in ("all", one.step)), clip)
        case CopyStep():
            source = view.one(step.source)
            copied = standing(source.spec.edits, source.frames)
            if not copied and not chain:
                raise BadInput(f"nothing was done to shot {view.number(source.id)} yet; there is nothing to copy")
            return relinked(copied, clip)
        case _:
            return _longer([*(one for one in chain if one.step != step.step), step]), shot.frames


def _trimmed(view: GraphView, shot: WorkItem, chain: tuple[Edit, ...], step: TrimStep) -> tuple[tuple[Edit, ...], int]:
    start = round(step.in_s * view.fps)
    wanted = step.out_s if step.out_s is not None else None if step.duration_s is None else step.in_s + step.duration_s
    end = shot.frames if wanted is None else round(wanted * view.fps)
    if not 0 <= start < end <= shot.frames:
        length_s = seconds(view, shot.frames)
        raise BadInput(
            f"shot {view.number(shot.id)} is {length_s:g} s long, and the part must lie within it; hold makes it longer, or change its length"
        )
    part = TrimEdit(start=start, frames=end - start, of=shot.frames)
    last = next((one for one in reversed(chain) if isinstance(one, Timing)), None)
    if isinstance(last, TrimEdit):
        # A part of a part is a part.
        rest = [one for one in chain if one is not last]
        return (*rest, TrimEdit(start=last.start + part.start, frames=part.frames, of=last.of)), part.frames
    return _longer([*chain, part]), part.frames


def _longer(steps: list[Edit]) -> tuple[Edit, ...]:
    if len(steps) > MOST_EDITS:
        raise BadInput(f"a shot takes {MOST_EDITS} steps; take some back first")
    return tuple(steps)
