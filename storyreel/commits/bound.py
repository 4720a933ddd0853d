"""What a talk is bound to: one work item, and on it perhaps one track. Whatever else an envelope would touch is refused."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

from storyreel.actions.base import DeskChange, Effect, Render, TaskChange
from storyreel.commits.planning import Planned
from storyreel.model.base import Frozen
from storyreel.model.errors import Refused
from storyreel.model.ops import Op
from storyreel.model.rows import SLOTS, Memory, Node, NodeRef, Row, Track, WorkItem
from storyreel.model.view import GraphView


class Bound(Frozen):
    """One work item, and on it perhaps one track, with words for a person: "shot 3", "track B of shot 3"."""

    work_item_id: UUID
    track_id: UUID | None = None
    name: str = ""


def check_bound(planned: Planned, bound: Bound) -> None:
    """Refuse a plan that reaches beyond what its talk is bound to.

    Raises:
        Refused: naming the first thing outside, and where to ask for it.
    """
    outside = next(_outside(planned, bound), None)
    if outside is None:
        return
    raise Refused(
        f"this talk is about {bound.name or 'one shot'}, and {outside} lies outside it; "
        "ask for it in the project's own talk, or open the talk of what it is about",
        bound=str(bound.work_item_id),
        outside=outside,
    )


def _outside(planned: Planned, bound: Bound) -> Iterator[str]:
    view = planned.after
    for op in planned.ops:
        row = view.rows[op.table][op.row]
        if not _of_item(view, row, bound.work_item_id):
            yield _named(view, row)
        elif bound.track_id is not None and not _of_track(view, row, op, bound.track_id):
            yield "another track of it"
    own = any(isinstance(one, Render) and one.work_item_id == bound.work_item_id for one in planned.effects)
    for effect in planned.effects:
        if said := _beyond(view, effect, bound, own=own):
            yield said


def _of_item(view: GraphView, row: Row, item: UUID) -> bool:
    """Whether a row is the work item, or is about nothing but it. What is remembered belongs to every talk."""
    if isinstance(row, WorkItem):
        return row.id == item
    if isinstance(row, Memory):
        return True
    if isinstance(row, NodeRef):
        node = view.find(Node, row.node_id)
        return node is not None and node.work_item_id == item
    return getattr(row, "work_item_id", None) == item


def _of_track(view: GraphView, row: Row, op: Op, track: UUID) -> bool:
    """Whether a change stays on the track. A new track begins beside it and changes nothing of another."""
    if isinstance(row, Node):
        return row.track_id in {None, track} or op.kind == "insert"
    if isinstance(row, Track):
        return row.id == track or op.kind == "insert"
    if isinstance(row, WorkItem):
        chosen = [UUID(str(value)) for slot in SLOTS if (value := op.after.get(f"{slot}_node_id"))]
        nodes = [node for one in chosen if (node := view.find(Node, one)) is not None]
        return all(node.track_id in {None, track} for node in nodes)
    return True


def _beyond(view: GraphView, effect: Effect, bound: Bound, *, own: bool) -> str:
    """What an effect reaches outside; empty when it stays inside. The film may be joined anew with what the talk made."""
    if isinstance(effect, DeskChange):
        return "the whole project's rendering"
    if isinstance(effect, Render):
        if effect.kind == "cut":
            return "" if own else "the film"
        if effect.work_item_id != bound.work_item_id:
            return _shot(view, effect.work_item_id)
        track = getattr(getattr(effect, "sheet", None), "track_id", None)
        return "another track of it" if bound.track_id and track not in {None, bound.track_id} and _there(view, track) else ""
    if isinstance(effect, TaskChange):
        own_tasks = {task.id for task in view.tasks if task.work_item_id == bound.work_item_id}
        return "" if set(effect.tasks) <= own_tasks else "another render"
    return ""


def _there(view: GraphView, track: UUID | None) -> bool:
    """Whether a track was there before; one that the plan makes is a branch of this talk's own."""
    return view.find(Track, track) is not None


def _shot(view: GraphView, shot: UUID | None) -> str:
    number = view.number(shot) if shot else None
    return f"shot {number}" if number else "another shot"


def _named(view: GraphView, row: Row) -> str:
    if isinstance(row, WorkItem):
        return _shot(view, row.id)
    shot: UUID | None = getattr(row, "work_item_id", None)
    if shot is not None:
        return _shot(view, shot)
    name = str(getattr(row, row.label_field, "")) if row.label_field else ""
    return f"the {row.table.replace('_', ' ')}{' ' + name if name else ''}"
