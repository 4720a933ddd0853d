"""What a stage is asked for and what it is made from: pure, over the view it was given."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

from storyreel.commits import OwnerKind
from storyreel.model.base import Frozen
from storyreel.model.facts import TaskFacts
from storyreel.model.rows import Node, ReferenceRole
from storyreel.model.sheet import SheetView
from storyreel.model.view import EpisodeView, ShotView
from storyreel.pipeline.contract import StageName
from storyreel.pipeline.stage import Result, key_of
from storyreel.pipeline.stages import STAGES
from storyreel.pipeline.stages.fresh import SLOT_OF, is_fresh, standing, take_of

View = ShotView | EpisodeView | SheetView
Inputs = tuple[tuple[UUID, ReferenceRole], ...]


@dataclass(frozen=True)
class Wish:
    """What a stage is to make: its request and key, and what stood in its place when it began.

    `fresh` says that what stands is what would be made. `request` None means that the shot asks for nothing here.
    """

    stage: StageName
    view: View
    take: int
    request: Frozen | None
    key: str = ""
    fresh: bool = False
    stood: Node | None = None
    takes: dict[str, int] = field(default_factory=dict)


def wish_of(stage: StageName, view: View) -> Wish:
    """What a stage is asked for today, in the take that its task or what is there says.

    Raises:
        StoryreelError: it cannot be asked for: an input is missing, and the message says which.
    """
    if isinstance(view, SheetView):
        return _sheet_wish(stage, view)
    take = take_of(stage, view)
    taken = replace(view, takes={**view.takes, stage: take})
    stood, takes = standing(stage, view), dict(view.takes)
    # A picture that a person brought needs no grid and no choice, so freshness comes before the request.
    if stage in ("grid", "select") and is_fresh(stage, view):
        return Wish(stage, taken, take, request=Frozen(), fresh=True, stood=stood, takes=takes)
    request: Frozen | None = STAGES[stage].request(taken)
    if request is None:
        return Wish(stage, taken, take, request=None, stood=stood, takes=takes)
    key = key_of(stage, STAGES[stage].version, request, take)
    return Wish(stage, taken, take, request=request, key=key, fresh=is_fresh(stage, view), stood=stood, takes=takes)


def _sheet_wish(stage: StageName, view: SheetView) -> Wish:
    """A sheet is always made: whoever asks for one wants pictures that are not there yet."""
    take = view.takes.get(stage, 0)
    request: Frozen | None = STAGES[stage].request(view)
    if request is None:
        return Wish(stage, view, take, request=None)
    key = key_of(stage, STAGES[stage].version, request, take)
    return Wish(stage, view, take, request=request, key=key, takes=dict(view.takes))


def choices(view: View) -> tuple[Node, ...]:
    """The pictures a choice is made from, in the order of the request's candidates."""
    return tuple(cell for cell in view.cells if view.asset(cell)) if isinstance(view, ShotView) else ()


def with_choice(result: Result, view: View) -> Result:
    """A result whose candidate is the node it stands for."""
    return result if result.candidate is None else replace(result, choose=choices(view)[result.candidate].id)


def lineage(stage: StageName, view: View) -> tuple[UUID | None, Inputs]:
    """What a stage's node is made from, and what with the help of."""
    if not isinstance(view, ShotView):
        return _beside(stage, view)
    match stage:
        case "grid":
            borrowed: Inputs = tuple((use.node_id, use.role) for use in view.uses if use.node_id)
            return _id(view.latest.get("spec")), (*_held(view), *borrowed)
        case "voice":
            return _id(view.latest.get("spec")), ()
        case "video":
            return (view.follows.clip.id if view.follows and view.follows.clip else view.shot.picture_node_id), ()
        case "compose" | "check":
            heard = _as(view.selected.get("voice"), "audio") if stage == "compose" else ()
            return view.shot.video_node_id if stage == "compose" else view.shot.final_node_id, heard
        case _:
            return None, ()


def _beside(stage: StageName, view: EpisodeView | SheetView) -> tuple[UUID | None, Inputs]:
    if isinstance(view, SheetView):
        return view.sheet.parent_id, ()
    return None, _film_inputs(view) if stage == "film" else ()


def share(stages: Sequence[str], stage: str, fraction: float) -> float:
    """How far a task is, in percent, when one of its stages is `fraction` done."""
    place = stages.index(stage) if stage in stages else 0
    return 100 * (place + min(1.0, max(0.0, fraction))) / max(1, len(stages))


def stood_id(wish: Wish) -> UUID | None:
    """What the stage's slot held when it began."""
    slot = SLOT_OF.get(wish.stage)
    return wish.view.shot.selected(slot) if slot and isinstance(wish.view, ShotView) else None


def owner_kind(task: TaskFacts) -> OwnerKind:
    """The table of what a task renders."""
    if task.work_item_id is not None:
        return "work_item"
    if task.character_id is not None:
        return "character"
    return "scene_look" if task.scene_look_id is not None else "episode"


def takes_of(task: TaskFacts) -> dict[str, int]:
    """The takes that a task asks for."""
    return {stage: int(take) for stage, take in task.takes.items()}


def dumped(request: Frozen | None) -> dict[str, Any]:
    """A request as its node keeps it."""
    return request.model_dump(mode="json") if request is not None else {}


def _film_inputs(view: EpisodeView) -> Inputs:
    finals = tuple(pair for shot in view.shots for pair in _as(shot.selected.get("final"), "video"))
    voices = tuple(pair for shot in view.shots for pair in _as(shot.selected.get("voice"), "audio"))
    sounds = tuple(pair for shot in view.shots for pair in _as(shot.selected.get("sfx"), "audio"))
    return (*finals, *voices, *sounds, *_as(view.latest.get("music"), "audio"))


def _held(view: ShotView) -> Inputs:
    return tuple((node.id, role) for node, role in view.holding)


def _as(node: Node | None, role: ReferenceRole) -> Inputs:
    return ((node.id, role),) if node is not None else ()


def _id(node: Node | None) -> UUID | None:
    return node.id if node is not None else None
