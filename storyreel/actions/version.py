"""Versions: snapshots, differences, going back and forth. The log is the history; nothing is copied."""

from __future__ import annotations

from typing import Any, ClassVar, Literal

from pydantic import Field

from storyreel.actions.base import Action, Consent, Draft, Kind, Plan, Policy, Reads, Role, Said, SnapshotWish
from storyreel.actions.places import changed
from storyreel.model.errors import BadInput, Conflict
from storyreel.model.ops import ABSENT, Fields, Op, flatten, inverse, unflatten
from storyreel.model.rows import ROWS
from storyreel.model.view import GraphView, LoggedCommit


class Snapshot(Action):
    """Name this place in the history, to come back to it."""

    type: Literal["version.snapshot"] = "version.snapshot"
    policy: ClassVar = Policy(role=Role.editor, undo=False)
    says: ClassVar = ("存一个版本，叫初稿", "Save a version called first draft")

    name: str = Field(min_length=1, max_length=200)
    note: str = Field(default="", max_length=2000)

    def plan(self, view: GraphView) -> Plan:
        """One wish beside the graph."""
        draft = Draft(view)
        draft.want(SnapshotWish(name=self.name, note=self.note))
        draft.say("version.snapshot", name=self.name)
        return draft.plan()


class Diff(Action):
    """What changed between two places in the history: revisions or snapshots."""

    type: Literal["version.diff"] = "version.diff"
    policy: ClassVar = Policy(role=Role.viewer, kind=Kind.query, undo=False)
    says: ClassVar = ("和初稿比有什么变化？", "What changed since the first draft?")

    since: str = Field(default="", description="A revision number or a snapshot's name; empty is the newest snapshot.")
    until: str = Field(default="", description="A later one; empty is now.")

    def reads(self) -> Reads:
        """The commits between the two."""
        return Reads(log="diff", place=self.since, other_place=self.until, order=True)

    def answer(self, view: GraphView) -> dict[str, Any]:
        """What was said at each commit, and the changed fields of each row."""
        rows: dict[str, dict[str, Any]] = {}
        for op in net([op for commit in view.log for op in commit.ops]):
            number = view.number(op.row) if op.table == "work_item" else None
            rows[str(op.row)] = {"table": op.table, "shot": number, "kind": op.kind, "before": op.before, "after": op.after}
        commits = [{"revision": c.revision, "actor": c.actor, "intent": c.intent, "summary": list(c.summary)} for c in view.log]
        return {"commits": commits, "rows": rows}


class Undo(Action):
    """Take back the last thing a person did; say it again to go further back."""

    type: Literal["version.undo"] = "version.undo"
    policy: ClassVar = Policy(role=Role.editor)
    aliases: ClassVar = ("undo",)
    says: ClassVar = ("撤销", "Undo")

    revision: int | None = Field(default=None, ge=1, description="A certain commit; without it, the last one.")

    def reads(self) -> Reads:
        """The commit that is to be taken back, with its rows."""
        return Reads(log="undo", place=str(self.revision or ""), order=True)

    def plan(self, view: GraphView) -> Plan:
        """The commit's ops, inverted, last first."""
        if not view.log:
            raise BadInput("there is nothing to undo", nothing=True)
        return take_back(view, view.log[0], "version.undone")


class Redo(Action):
    """Do again what was just undone."""

    type: Literal["version.redo"] = "version.redo"
    policy: ClassVar = Policy(role=Role.editor)
    aliases: ClassVar = ("redo",)
    says: ClassVar = ("重做", "Redo")

    def reads(self) -> Reads:
        """The undo that is to be taken back."""
        return Reads(log="redo", order=True)

    def plan(self, view: GraphView) -> Plan:
        """The undo's ops, inverted."""
        if not view.log:
            raise BadInput("there is nothing to redo", nothing=True)
        return take_back(view, view.log[0], "version.redone")


class Rollback(Action):
    """Go back to a place in the history: everything written since is taken back, in one commit that can be undone."""

    type: Literal["version.rollback"] = "version.rollback"
    policy: ClassVar = Policy(role=Role.editor, consent=Consent.always)
    says: ClassVar = ("回到初稿", "Go back to the first draft")

    to: str = Field(default="", description="A revision number or a snapshot's name; empty is the newest snapshot.")

    def reads(self) -> Reads:
        """Every commit since, with its rows."""
        return Reads(log="rollback", place=self.to, order=True)

    def plan(self, view: GraphView) -> Plan:
        """The net difference, inverted. What workers made stays as candidates: only what they selected is taken back."""
        ops = [op for op in net([op for commit in view.log for op in commit.ops]) if not _made_thing(op)]
        draft = Draft(view)
        for op in (inverse(op) for op in reversed(ops)):
            draft.view = draft.view.after([op])
            draft.ops.append(op)
        if draft.ops:
            draft.say("version.rolled_back", commits=len(view.log), place=self.to)
            draft.deletes = 1
        return changed(draft)


def take_back(view: GraphView, commit: LoggedCommit, code: str) -> Plan:
    """The inverse of a commit.

    Raises:
        Conflict: something it wrote was written again since.
    """
    ops: list[Op] = []
    for op in (inverse(op) for op in reversed(commit.ops)):
        try:
            view = view.after([op])
        except Conflict as conflict:
            raise Conflict(
                f"what commit {commit.revision} wrote was changed again since; undo the later change first, or roll back",
                revision=commit.revision,
                table=op.table,
                row=str(op.row),
            ) from conflict
        ops.append(op)
    if not ops:
        raise BadInput("that commit changed nothing that could be taken back", nothing=True)
    said = Said(code=code, facts={"revision": commit.revision, "intent": commit.intent, "summary": _what(commit)})
    return Plan(ops=tuple(ops), summary=(said,), undoes=commit.revision)


def _what(commit: LoggedCommit) -> list[dict[str, Any]]:
    """What a commit said it does; of an undo or a redo, what the step said that it is about."""
    found: list[dict[str, Any]] = []
    for said in commit.summary:
        inner = said.get("facts", {}).get("summary") if said["code"] in {"version.undone", "version.redone"} else None
        found += inner or [dict(said)]
    return found


def net(ops: list[Op]) -> list[Op]:
    """Ops of one row folded into one: what the whole run changed, in the order in which rows were first touched."""
    last: dict[tuple[str, Any], Fields] = {}
    was: dict[tuple[str, Any], Fields] = {}
    kinds: dict[tuple[str, Any], str] = {}
    for op in ops:
        at = (op.table, op.row)
        kinds.setdefault(at, op.kind)
        before, after = was.setdefault(at, {}), last.setdefault(at, {})
        flat_after = flatten(op.after) if op.kind == "insert" else op.after
        for path in {**op.before, **flat_after}:
            if path not in before and path not in after:
                before[path] = op.before.get(path, ABSENT)
            after[path] = flat_after.get(path, ABSENT)
    return [found for at in kinds if (found := _fold(at, kinds[at], was[at], last[at]))]


def _fold(at: tuple[str, Any], kind: str, before: Fields, after: Fields) -> Op | None:
    if kind == "insert":
        if after.get("removed"):
            return None
        held = {path: value for path, value in after.items() if value is not ABSENT}
        row = ROWS[at[0]].model_validate(unflatten(held)).model_dump(mode="json")
        return Op(table=at[0], row=at[1], kind="insert", after=row)
    paths = [path for path in before if before[path] != after[path]]
    if not paths:
        return None
    return Op(
        table=at[0],
        row=at[1],
        kind="change",
        before={p: before[p] for p in paths if before[p] is not ABSENT},
        after={p: after[p] for p in paths if after[p] is not ABSENT},
    )


def _made_thing(op: Op) -> bool:
    """Tracks, nodes and references are never taken back by a rollback: they were made and paid for."""
    return op.table in {"node", "node_ref", "track"} and op.kind == "insert"
