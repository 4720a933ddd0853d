"""Versions that change: naming a place in the history, going back and forth. The log is the history; nothing is copied."""

from __future__ import annotations

from typing import ClassVar, Literal, Self

from pydantic import Field, model_validator

from storyreel.actions.base import EVERY_MODE, Action, Consent, Draft, Plan, Policy, Role, SnapshotWish
from storyreel.actions.history import MADE, net, roll_back, take_back
from storyreel.actions.places import changed
from storyreel.actions.reads import Reads
from storyreel.actions.scope import Scope, Scoped, inserted
from storyreel.actions.version_told import changes, lines
from storyreel.model.errors import BadInput, NotFound
from storyreel.model.facts import SnapshotFacts
from storyreel.model.ops import Op
from storyreel.model.rows import WorkItem
from storyreel.model.view import GraphView

__all__ = ["Rollback", "Snapshot", "Undo", "net"]

# A return tells its first changes one by one.
MOST_LINES = 12
MOST_STEPS = 200
PLACE = "A revision number, a version's number as '#3', a version's name, 'now', or a time as 2026-03-01T12:00."


class Snapshot(Action):
    """Name this place in the history, to come back to it; or, with a number, give that version another name or note."""

    type: Literal["version.snapshot"] = "version.snapshot"
    policy: ClassVar = Policy(role=Role.editor, undo=False, modes=EVERY_MODE)
    says: ClassVar = ("存一个版本，叫初稿", "Save a version called first draft")

    name: str = Field(min_length=1, max_length=200)
    note: str | None = Field(default=None, max_length=2000)
    number: int | None = Field(default=None, ge=1, description="A version that there is already, to rename it.")

    def reads(self) -> Reads:
        """The versions that there are."""
        return Reads(snapshots=True)

    def plan(self, view: GraphView) -> Plan:
        """One wish beside the graph."""
        draft = Draft(view)
        if self.number is None:
            number = max((one.number or 0 for one in view.snapshots), default=0) + 1
            draft.want(SnapshotWish(name=self.name, note=self.note or ""))
            draft.say("version.snapshot", name=self.name, number=number)
            return draft.plan()
        held = snapshot_of(view, self.number)
        note = held.note if self.note is None else self.note
        if (held.name, held.note) == (self.name, note):
            return changed(draft)
        draft.want(SnapshotWish(name=self.name, note=note, number=self.number))
        draft.say("version.renamed", name=self.name, number=self.number)
        return draft.plan()


class Undo(Action):
    """Take back the last thing a person did, or the last few; say it again to go further back.

    With `forward` (redo) it does again what was just undone.
    """

    type: Literal["version.undo"] = "version.undo"
    policy: ClassVar = Policy(role=Role.editor, modes=EVERY_MODE)
    aliases: ClassVar = ("undo",)
    presets: ClassVar = {"version.redo": {"forward": True}, "redo": {"forward": True}}
    says: ClassVar = ("撤销", "Undo")

    revision: int | None = Field(default=None, ge=1, description="A certain commit; without it, the last one.")
    steps: int = Field(default=1, ge=1, le=MOST_STEPS, description="How many, each a commit of its own.")
    forward: bool = Field(default=False, description="Redo: do again what was undone last.")

    @model_validator(mode="after")
    def _redo_takes_the_last(self) -> Self:
        if self.forward and self.revision is not None:
            raise ValueError("a redo does again what was undone last; leave out the revision")
        return self

    def reads(self) -> Reads:
        """The commit, or the undo, that is to be taken back, with its rows."""
        return Reads(log="redo" if self.forward else "undo", place=str(self.revision or ""), order=True)

    def plan(self, view: GraphView) -> Plan:
        """The commit's ops, inverted, last first."""
        if not view.log:
            raise BadInput(f"there is nothing to {'redo' if self.forward else 'undo'}", nothing=True)
        return take_back(view, view.log[0], "version.redone" if self.forward else "version.undone")


class Rollback(Scoped):
    """Go back to a place in the history, with everything or with one part: what was written since is taken back, in one commit."""

    type: Literal["version.rollback"] = "version.rollback"
    policy: ClassVar = Policy(role=Role.editor, consent=Consent.always, modes=EVERY_MODE)
    says: ClassVar = ("回到初稿", "Go back to the first draft")

    to: str = Field(default="", description=f"{PLACE} Empty is the newest version.")

    def reads(self) -> Reads:
        """Every commit since, with its rows."""
        return self.scope_reads("rollback", self.to)

    def plan(self, view: GraphView) -> Plan:
        """The net difference, inverted. What was made stays as candidates: only what was selected since is taken back."""
        scope = self.scope(view)
        ops = [op for op in net([op for commit in view.log for op in commit.ops]) if not _made_thing(op)]
        ops = scope.part(view, ops)
        _refuse_before_beginning(view, scope, ops)
        draft = Draft(view)
        roll_back(draft, ops, part=scope.kind != "workspace")
        if draft.ops:
            self._tell(draft, view, scope)
        return changed(draft)

    def _tell(self, draft: Draft, view: GraphView, scope: Scope) -> None:
        told = lines(changes(draft.view, net(draft.ops)), {})
        more = len(told) - MOST_LINES
        extra = list(draft.summary)
        draft.summary.clear()
        draft.say("version.rolled_back", commits=len(view.log), place=self.to, scope=scope.kind, name=scope.name)
        draft.summary.extend([*told[:MOST_LINES], *extra])
        if more > 0:
            draft.say("version.more", more=more)
        draft.deletes = 1
        for shot in {op.row for op in draft.ops if op.table == WorkItem.table}:
            draft.touch(shot)


def snapshot_of(view: GraphView, number: int) -> SnapshotFacts:
    """A version by its number.

    Raises:
        NotFound: there is none.
    """
    found = next((one for one in view.snapshots if one.number == number), None)
    if found is None:
        newest = max((one.number or 0 for one in view.snapshots), default=0)
        raise NotFound(f"there is no version #{number}; the newest is #{newest}" if newest else "there is no version yet")
    return found


def _refuse_before_beginning(view: GraphView, scope: Scope, ops: list[Op]) -> None:
    if inserted(ops, "workspace", view.workspace_id):
        raise BadInput("the project was not there yet at that place; go back to a later one")
    if scope.character and inserted(ops, "character", scope.character):
        raise BadInput(f"{scope.name} was not there yet at that place; delete the character instead")


def _made_thing(op: Op) -> bool:
    """Tracks, nodes and references are never taken back by a rollback: they were made and paid for."""
    return op.table in MADE and op.kind == "insert"
