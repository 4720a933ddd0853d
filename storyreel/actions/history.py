"""Taking the past back: many ops folded into one, inverted, and made to fit what stands there now. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from storyreel.actions.base import Draft, Plan, Said
from storyreel.model.errors import BadInput, Conflict, Refused
from storyreel.model.facts import LoggedCommit
from storyreel.model.ops import ABSENT, Fields, Op, flatten, inverse, unflatten
from storyreel.model.order import between
from storyreel.model.rows import ROWS, Cast, Character, Node, Row, Scene, WorkItem
from storyreel.model.view import GraphView

# Made and paid for: what a worker or a person brought in is never taken away by a rollback.
MADE = frozenset({"node", "node_ref", "track"})
# What two live rows of a workspace may not share, as the database holds it.
ONCE: dict[str, tuple[str, ...]] = {
    "character": ("name",),
    "scene_look": ("kind", "name"),
    "style_preset": ("name",),
    "prompt_template": ("name",),
    "asset_card": ("asset_id",),
    "work_item_character": ("work_item_id", "character_id"),
}
# The column by which a row stands among its like, and the column of whom it stands in.
ORDERED: dict[str, str] = {
    "episode": "workspace_id",
    "scene": "episode_id",
    "work_item": "scene_id",
    "work_item_character": "work_item_id",
}
STANDS_IN: dict[str, tuple[str, str]] = {"scene": ("episode_id", "episode"), "work_item": ("scene_id", "scene")}
HOLDS: tuple[tuple[str, str, str], ...] = (
    ("work_item", "scene_id", "scene"),
    ("scene", "episode_id", "episode"),
    ("work_item", "board_id", "board"),
    ("work_item_character", "character_id", "character"),
)


def take_back(view: GraphView, commit: LoggedCommit, code: str) -> Plan:
    """The inverse of a commit.

    Raises:
        Conflict: something it wrote was written again since.
        Refused: what would come back can no longer stand beside what there is.
    """
    if any(op.kind == "insert" and op.table == "workspace" for op in commit.ops):
        raise Refused(
            "this is where the project began, and there is nothing before it; delete the project instead (project.delete)"
        )
    draft = Draft(view)
    try:
        _do(draft, [inverse(op) for op in reversed(commit.ops)])
    except Conflict as conflict:
        raise Conflict(
            f"what commit {commit.revision} wrote was changed again since; undo the later change first, or roll back",
            revision=commit.revision,
        ) from conflict
    if not draft.ops:
        raise BadInput("that commit changed nothing that could be taken back", nothing=True)
    settle_order(draft)
    refuse_doubles(draft)
    summary = list(commit.summary)
    said = Said(code=code, facts={"revision": commit.revision, "intent": commit.intent, "summary": summary})
    return Plan(ops=tuple(draft.ops), summary=(said,), undoes=commit.revision)


def roll_back(draft: Draft, ops: Sequence[Op], *, part: bool) -> None:
    """Add the inverse of a net difference to the draft, and what it takes to stand. `part`: other rows keep what is new of them.

    Raises:
        Refused: it would take away what something new still needs, or bring back what cannot stand beside what there is.
    """
    back = [inverse(op) for op in reversed(ops)]
    if part:
        # People first: whether someone is there decides whether they stand in a shot again.
        back.sort(key=lambda op: op.table == Cast.table)
        links = next((place for place, op in enumerate(back) if op.table == Cast.table), len(back))
        _do(draft, back[:links])
        back = [op for op in back[links:] if _fits(draft, op)]
    _do(draft, back)
    if part:
        _bring_back_holders(draft)
    _keep_selections_whole(draft)
    refuse_taking_from_under(draft)
    settle_order(draft)
    refuse_doubles(draft)


def settle_order(draft: Draft) -> None:
    """Give a row that came back a place of its own where a newer neighbour took the one it had."""
    for table, parent in ORDERED.items():
        back = {op.row for op in draft.ops if op.table == table and (op.after.keys() & {"removed", "order_key", parent})}
        places = _places(draft.view, table, parent) if back else Counter[tuple[Any, str]]()
        for row_id in sorted(back, key=str):
            row = draft.view.rows[table][row_id]
            where, key = getattr(row, parent), str(getattr(row, "order_key", ""))
            if not row.removed and places[where, key] > 1:
                later = min((other for there, other in places if there == where and other > key), default=None)
                free = between(key, later)
                places[where, key] -= 1
                places[where, free] += 1
                draft.change(row, order_key=free)


def refuse_doubles(draft: Draft) -> None:
    """See that nothing comes back beside a newer row of the same name.

    Raises:
        Refused: it would; the message names both.
    """
    for op in draft.ops:
        columns = ONCE.get(op.table)
        row = draft.view.rows[op.table][op.row]
        if columns is None or row.removed:
            continue
        same = _once(row, columns)
        rivals = [
            other
            for other in draft.view.rows[op.table].values()
            if other.id != row.id and not other.removed and _once(other, columns) == same
        ]
        if rivals:
            name = getattr(row, row.label_field, "") if row.label_field else "one"
            raise Refused(
                f"there is another {row.table.replace('_', ' ')} called {name!r} now; rename or delete that one first",
                table=row.table,
                row=str(rivals[0].id),
            )


def refuse_taking_from_under(draft: Draft) -> None:
    """See that nothing is taken away under what still stands in it.

    Raises:
        Refused: something does; the message says what and how many.
    """
    gone = {(op.table, op.row) for op in draft.ops if op.after.get("removed") is True}
    for table, column, holder in HOLDS:
        left = [
            row
            for row in draft.view.rows.get(table, {}).values()
            if not row.removed
            and (holder, getattr(row, column)) in gone
            and draft.view.rows[holder][getattr(row, column)].removed
        ]
        if left:
            what = draft.view.rows[holder][getattr(left[0], column)]
            name = getattr(what, what.label_field, "") or holder
            raise Refused(
                f"the {holder} {name!r} was not there yet, and {len(left)} of the shots still need it; go back with them, or delete it",
                table=holder,
                row=str(what.id),
            )


def net(ops: Iterable[Op]) -> list[Op]:
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


def _do(draft: Draft, ops: Sequence[Op]) -> None:
    draft.view = draft.view.after(ops)
    draft.ops.extend(ops)


def _fits(draft: Draft, op: Op) -> bool:
    """Whether an op brings back no part in a shot or of a person that is no longer there; that it does is said."""
    row = draft.view.rows[op.table][op.row]
    if op.after.get("removed") is not False or not isinstance(row, Cast):
        return True
    person, shot = draft.view.rows.get("character", {}).get(row.character_id), _shot(draft.view, row.work_item_id)
    if isinstance(person, Character) and person.removed:
        draft.skip("version.person_gone", name=person.name, shot=draft.view.number(row.work_item_id))
        return False
    return shot is None or not shot.removed


def _bring_back_holders(draft: Draft) -> None:
    """Bring back the scene that a shot stood in."""
    for op in list(draft.ops):
        row = draft.view.rows[op.table][op.row]
        column, holder = STANDS_IN.get(op.table, ("", ""))
        held = draft.view.rows.get(holder, {}).get(getattr(row, column)) if holder else None
        if held is not None and held.removed and not row.removed:
            draft.change(held, removed=False)
            name = held.title if isinstance(held, Scene) else ""
            draft.say("version.scene_back", title=name)


def _keep_selections_whole(draft: Draft) -> None:
    """What would be selected again but is no longer there leaves the slot as it was now; what was put aside comes back."""
    for op in list(draft.ops):
        for path, value in op.after.items():
            if not path.endswith("_node_id") or path == "origin_node_id" or value is None:
                continue
            node = draft.view.rows.get(Node.table, {}).get(UUID(str(value)))
            if not isinstance(node, Node):
                continue
            if node.removed:
                row = draft.view.rows[op.table][op.row]
                draft.change(row, **{path: op.before.get(path)})
                draft.skip("version.node_gone", slot=path.removesuffix("_node_id"), shot=draft.view.number(op.row))
            elif node.discarded:
                draft.change(node, discarded=False)


def _places(view: GraphView, table: str, parent: str) -> Counter[tuple[Any, str]]:
    """How many rows that are there stand at each place."""
    return Counter(
        (getattr(row, parent), str(getattr(row, "order_key", ""))) for row in view.rows[table].values() if not row.removed
    )


def _once(row: Row, columns: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(str(getattr(row, column)).lower() for column in columns)


def _shot(view: GraphView, shot_id: UUID) -> WorkItem | None:
    row = view.rows.get(WorkItem.table, {}).get(shot_id)
    return row if isinstance(row, WorkItem) else None
