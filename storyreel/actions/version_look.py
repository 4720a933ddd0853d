"""Versions that are looked at: which there are, what differs between two places, and what a shot had selected over time."""

from __future__ import annotations

from typing import Any, ClassVar, Literal, Self
from uuid import UUID

from pydantic import Field, model_validator

from storyreel.actions.base import Action, Kind, Policy, Role, Shot
from storyreel.actions.history import net
from storyreel.actions.reads import Reads
from storyreel.actions.scope import Scoped
from storyreel.actions.version import PLACE
from storyreel.actions.version_told import changes, lines, made
from storyreel.actions.words import all_said
from storyreel.model.facts import LoggedCommit
from storyreel.model.ops import ABSENT, Op
from storyreel.model.rows import SLOTS, Node, Slot, Track, WorkItem
from storyreel.model.view import GraphView


class ListVersions(Action):
    """List the saved versions with their numbers, names and notes, newest first; of a shot, what it had selected over time.

    Each choice of a shot can be gone back to with node.promote, or branched from.
    """

    type: Literal["version.list"] = "version.list"
    policy: ClassVar = Policy(role=Role.viewer, kind=Kind.query, undo=False, modes=frozenset({"agent", "pro", "draft"}))
    aliases: ClassVar = ("shot.versions",)
    says: ClassVar = ("有哪些版本？", "Which versions are there?")

    automatic: bool = Field(default=False, description="Also the places that were kept before a batch.")
    shot: Shot | None = Field(default=None, description="What this shot had selected, instead of the saved versions.")
    slot: Slot | None = Field(default=None, description="With shot, only this: picture, video, voice, music, sfx or final.")

    @model_validator(mode="after")
    def _slots_are_of_shots(self) -> Self:
        if self.slot is not None and self.shot is None:
            raise ValueError("a slot is a shot's: say of which shot")
        return self

    def reads(self) -> Reads:
        """The versions; or the shot, what was made for it, and the commits that chose."""
        if self.shot is None:
            return Reads(snapshots=True)
        return Reads(shots=(self.shot,), nodes="all", log="choices", order=True)

    def answer(self, view: GraphView) -> dict[str, Any]:
        """One entry a version; of a shot one entry a choice, oldest first, numbered in each slot from 1."""
        if self.shot is not None:
            return _versions_of(view, view.one(self.shot), (self.slot,) if self.slot else SLOTS)
        kept = [one for one in view.snapshots if self.automatic or not one.automatic]
        return {"versions": [one.data() for one in kept], "revision": view.revision}


class Diff(Scoped):
    """What changed between two places in the history, in everything or in one part."""

    type: Literal["version.diff"] = "version.diff"
    policy: ClassVar = Policy(role=Role.viewer, kind=Kind.query, undo=False)
    says: ClassVar = ("和初稿比有什么变化？", "What changed since the first draft?")

    since: str = Field(default="", description=f"{PLACE} Empty is the newest version.")
    until: str = Field(default="", description="The other place; empty is now.")

    def reads(self) -> Reads:
        """The commits between the two."""
        return self.scope_reads("diff", self.since, self.until)

    def answer(self, view: GraphView) -> dict[str, Any]:
        """The changed fields of each row, grouped by what they are about, told in both languages, and each commit between."""
        ops = self.scope(view).part(view, net([op for commit in view.log for op in commit.ops]))
        touched = {(op.table, op.row) for op in ops}
        found = changes(view, ops)
        told = lines(found, made(view, ops))
        commits = [
            {"revision": c.revision, "actor": c.actor, "intent": c.intent, "summary": list(c.summary)}
            for c in view.log
            if any((op.table, op.row) in touched for op in c.ops) or not (self.shots or self.scene or self.character)
        ]
        return {
            "commits": commits,
            "rows": {str(op.row): _row(view, op) for op in ops},
            "changes": [change.data() for change in found],
            "told": {"zh": all_said(told, "zh"), "en": all_said(told, "en")},
        }


def _versions_of(view: GraphView, shot: WorkItem, slots: tuple[Slot, ...]) -> dict[str, Any]:
    return {
        "shot": view.number(shot.id),
        "label": shot.label,
        "versions": [one for slot in slots for one in _choices(view, shot, slot)],
    }


def _row(view: GraphView, op: Op) -> dict[str, Any]:
    number = view.number(op.row) if op.table == WorkItem.table else None
    return {"table": op.table, "shot": number, "kind": op.kind, "before": op.before, "after": op.after}


def _choices(view: GraphView, shot: WorkItem, slot: Slot) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for commit in view.log:
        chosen = [value for op in commit.ops if (value := _chosen(op, shot.id, slot)) is not ABSENT]
        if chosen:
            found.append(_choice(view, shot, slot, commit, len(found) + 1, chosen[-1]))
    return [{**one, "now": index == len(found)} for index, one in enumerate(found, 1)]


def _chosen(op: Op, shot: UUID, slot: Slot) -> Any:
    """What an op selected for the slot: a node's id, None, or nothing said."""
    value = op.after.get(f"{slot}_node_id", ABSENT) if op.row == shot else ABSENT
    return ABSENT if op.kind == "insert" and value is None else value


def _choice(view: GraphView, shot: WorkItem, slot: Slot, commit: LoggedCommit, number: int, value: Any) -> dict[str, Any]:
    node = view.rows.get(Node.table, {}).get(UUID(str(value))) if value else None
    held = node if isinstance(node, Node) else None
    track = view.find(Track, held.track_id) if held else None
    return {
        "slot": slot,
        "number": number,
        "node": str(value) if value else None,
        "asset": held.asset_id if held else None,
        "track": track.name if track else None,
        "cell": held.cell + 1 if held and held.cell is not None else None,
        "take": held.take if held else None,
        "there": held is not None and not held.removed,
        "discarded": held is not None and held.discarded,
        "selected": bool(value) and str(shot.selected(slot)) == str(value),
        "revision": commit.revision,
        "at": commit.at.isoformat() if commit.at else None,
        "actor": commit.actor,
        "actor_kind": commit.actor_kind,
        "intent": commit.intent,
    }
