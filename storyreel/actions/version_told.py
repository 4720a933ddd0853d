"""What differs between two places in the history, grouped by what a person knows it by: as data, and as what is told."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from storyreel.actions.base import Said
from storyreel.model.ops import ABSENT, Op, flatten
from storyreel.model.rows import SLOTS, Cast, Character, Node, Row, Use, WorkItem
from storyreel.model.timing import to_seconds
from storyreel.model.view import GraphView

_PLACE = frozenset({"order_key", "scene_id", "board_id"})
_QUIET = frozenset(
    {"id", "workspace_id", "removed", "label", "kind", "span_start", "span_end", "script_id", "source", "structure"}
)
_SELECTED = {f"{slot}_node_id": slot for slot in SLOTS} | {"film_node_id": "film"}
_FIRST = {"added", "deleted"}


@dataclass
class Change:
    """One thing that differs: a shot, a scene, a character, ... `fields` is (what, before, after), in the order they were found."""

    what: str
    row: UUID
    name: str = ""
    number: int | None = None
    label: str = ""
    verb: str = "changed"
    fields: list[tuple[str, Any, Any]] = field(default_factory=list[tuple[str, Any, Any]])

    def data(self) -> dict[str, Any]:
        """As plain data."""
        fields = [{"field": name, "before": before, "after": after} for name, before, after in self.fields]
        held = {"what": self.what, "id": str(self.row), "name": self.name, "verb": self.verb, "fields": fields}
        return held | ({"shot": self.number, "label": self.label} if self.what == "shot" else {})


def changes(view: GraphView, ops: Sequence[Op]) -> list[Change]:
    """A net difference by what it is about: the film's own order for shots, everything else around them.

    `view` holds the touched rows as they are now.
    """
    found: dict[tuple[str, UUID], Change] = {}
    for op in ops:
        row = view.rows[op.table][op.row]
        if isinstance(row, Cast | Use):
            shot = found.setdefault(("shot", row.work_item_id), _change(view, "shot", row.work_item_id))
            shot.fields.extend(_linked(view, row, op))
        elif op.table not in {"node_ref", "track", "node"}:
            what = "shot" if isinstance(row, WorkItem) else op.table
            change = found.setdefault((what, row.id), _change(view, what, row.id))
            change.verb = _verb(op, change.verb)
            if change.verb not in _FIRST:
                change.fields.extend(_fields(view, op))
    kept = [change for change in found.values() if change.fields or change.verb in _FIRST]
    return sorted(kept, key=_order)


def made(view: GraphView, ops: Sequence[Op]) -> dict[str, int]:
    """How many of each kind of thing were made."""
    kinds = [view.rows["node"][op.row] for op in ops if op.table == "node" and op.kind == "insert"]
    return dict(Counter(row.kind for row in kinds if isinstance(row, Node)))


def lines(found: Sequence[Change], things: Mapping[str, int]) -> list[Said]:
    """What differs, for a person: shots with the same changes are told together."""
    groups: dict[str, tuple[Change, list[Change]]] = {}
    for change in found:
        same = change.what == "shot" and change.verb == "changed"
        key = repr((change.what, change.verb, change.fields)) if same else str(change.row)
        groups.setdefault(key, (change, []))[1].append(change)
    told = [_said(first, many) for first, many in groups.values()]
    return told + ([Said(code="version.made", facts={"made": dict(things)})] if things else [])


def _said(first: Change, many: Sequence[Change]) -> Said:
    fields = [{"field": name, "before": before, "after": after} for name, before, after in first.fields]
    facts: dict[str, Any] = {"what": first.what, "name": first.name, "verb": first.verb, "fields": fields}
    if first.what == "shot":
        facts |= {"shots": [change.number for change in many], "labels": [c.label for c in many if c.number is None]}
    return Said(code="version.change", facts=facts)


def _change(view: GraphView, what: str, row_id: UUID) -> Change:
    row = view.rows.get("work_item" if what == "shot" else what, {}).get(row_id)
    if isinstance(row, WorkItem):
        return Change(what, row_id, row.spec.picture.subject, view.number(row_id), row.label)
    name = str(getattr(row, row.label_field, "")) if row is not None and row.label_field else ""
    return Change(what, row_id, name, view.number(row_id))


def _verb(op: Op, was: str) -> str:
    if op.kind == "insert" or op.after.get("removed") is False:
        return "added"
    return "deleted" if op.after.get("removed") is True else was


def _fields(view: GraphView, op: Op) -> list[tuple[str, Any, Any]]:
    before, after = flatten(op.before), flatten(op.after)
    told: list[tuple[str, Any, Any]] = []
    for path in dict.fromkeys((*before, *after)):
        was, now = before.get(path), after.get(path)
        parts = path.split(".")
        if path in _PLACE:
            told = told if ("position", None, None) in told else [*told, ("position", None, None)]
        elif path in _SELECTED or path == "picture_node_id":
            told.append((_SELECTED.get(path, "picture"), _node(view, was), _node(view, now)))
        elif path == "frames":
            told.append(("duration_s", _seconds(view, was), _seconds(view, now)))
        elif path not in _QUIET and not (was in ({}, None) and now in ({}, None)):
            told.append((_leaf(parts), was, now))
    return told


def _seconds(view: GraphView, frames: Any) -> float | None:
    return round(to_seconds(int(frames), view.fps), 2) if frames else None


def _leaf(parts: Sequence[str]) -> str:
    """What a field is called: a line of dialogue is one of the lines, a person's look in a shot is a look."""
    if parts[:2] == ["spec", "lines"]:
        return "lines" if parts[-1] in {"text", "lines"} or parts[-1] == parts[min(2, len(parts) - 1)] else f"lines.{parts[-1]}"
    return "locks" if parts[0] == "locks" else parts[-1]


def _node(view: GraphView, node_id: Any) -> str | None:
    """A made thing in short: its place in the grid where it has one, else the start of its id."""
    if node_id is None:
        return None
    node = view.rows.get("node", {}).get(UUID(str(node_id)))
    return f"#{node.cell + 1}" if isinstance(node, Node) and node.cell is not None else str(node_id)[:8]


def _linked(view: GraphView, row: Row, op: Op) -> list[tuple[str, Any, Any]]:
    """A character or an asset that came into a shot, left it or does something else there."""
    if isinstance(row, Cast):
        person = view.rows.get("character", {}).get(row.character_id)
        name = person.name if isinstance(person, Character) else str(row.character_id)
        what = "cast"
    else:
        name, what = str(getattr(row, "asset_id", ""))[:12], "assets"
    verb = _verb(op, "changed")
    if verb == "added":
        return [(what, None, name)]
    if verb == "deleted":
        return [(what, name, None)]
    parts = [path for path in {**op.before, **op.after} if path not in _PLACE]
    return [
        (f"{name}.{path}", op.before.get(path), op.after.get(path, ABSENT)) for path in parts if op.after.get(path) is not ABSENT
    ]


def _order(change: Change) -> tuple[int, int, str]:
    ranks = ("workspace", "episode", "script", "scene", "shot", "character", "scene_look")
    rank = ranks.index(change.what) if change.what in ranks else len(ranks)
    return rank, change.number if change.number is not None else 10**9, change.label or change.name
