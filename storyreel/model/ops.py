"""Ops: the two ways in which a row of the graph changes, with their inverses.

`before` and `after` hold only what changed, by path: `{"spec.picture.time": "night"}`. A path goes into objects with dots and stops
at lists, which are values. A key that is absent on one side was not there.

    insert   before {}            after the whole row
    change   before old values    after new values

A delete is a change of `removed`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal
from uuid import UUID

from storyreel.model.base import Frozen
from storyreel.model.rows import ROWS, Row

Fields = dict[str, Any]
ABSENT: Any = object()
# Columns whose value is one thing, however deep: comparing inside them would tear it apart.
WHOLE = frozenset({"request", "facts", "structure", "locks"})


class Op(Frozen):
    """One change of one row."""

    table: str
    row: UUID
    kind: Literal["insert", "change"]
    before: Fields = {}
    after: Fields


class BrokenOp(Exception):
    """The row is not as the op says it was."""


def insert(row: Row) -> Op:
    """The op that brings `row` into the graph."""
    return Op(table=row.table, row=row.id, kind="insert", after=row.model_dump(mode="json"))


def change(old: Row, new: Row) -> Op | None:
    """The op that turns `old` into `new`, or None when they are equal."""
    was, now = flatten(old.model_dump(mode="json")), flatten(new.model_dump(mode="json"))
    paths = [path for path in sorted(was.keys() | now.keys()) if was.get(path, ABSENT) != now.get(path, ABSENT)]
    if not paths:
        return None
    return Op(
        table=old.table,
        row=old.id,
        kind="change",
        before={path: was[path] for path in paths if path in was},
        after={path: now[path] for path in paths if path in now},
    )


def inverse(op: Op) -> Op:
    """The op that takes `op` back: an insert by removing the row, a change by its own `before`."""
    if op.kind == "insert":
        return Op(table=op.table, row=op.row, kind="change", before={"removed": False}, after={"removed": True})
    return Op(table=op.table, row=op.row, kind="change", before=op.after, after=op.before)


def apply(row: Row | None, op: Op) -> Row:
    """The row after `op`.

    Raises:
        BrokenOp: the row is not there, is there already, or does not hold `before`.
        pydantic.ValidationError: the result is no such row.
    """
    kind = ROWS[op.table]
    if op.kind == "insert":
        if row is not None:
            raise BrokenOp(f"{op.table} {op.row} is there already")
        return kind.model_validate(op.after)
    if row is None:
        raise BrokenOp(f"{op.table} {op.row} is not there")
    flat = flatten(row.model_dump(mode="json"))
    for path in op.before.keys() | op.after.keys():
        if flat.get(path, ABSENT) != op.before.get(path, ABSENT):
            raise BrokenOp(f"{op.table} {op.row}: {path} is no longer what the op replaces")
    for path in op.before:
        flat.pop(path, None)
    flat.update(op.after)
    return kind.model_validate(unflatten(flat))


def flatten(value: Mapping[str, Any], prefix: str = "") -> Fields:
    """Nested objects as paths; an empty object is a value, so that it is not lost."""
    flat: Fields = {}
    for name, item in value.items():
        path = f"{prefix}{name}"
        if isinstance(item, dict) and item and path not in WHOLE:
            flat.update(flatten(item, f"{path}."))
        else:
            flat[path] = item
    return flat


def unflatten(flat: Mapping[str, Any]) -> Fields:
    """Paths as nested objects; the inverse of `flatten`."""
    nested: Fields = {}
    for path in sorted(flat):
        *parents, leaf = path.split(".")
        here = nested
        for parent in parents:
            held = here.get(parent)
            here = here.setdefault(parent, {}) if isinstance(held, dict) or held is None else _replace(here, parent)
        if leaf not in here or flat[path] != {}:
            here[leaf] = flat[path]
    return nested


def _replace(here: Fields, name: str) -> Fields:
    here[name] = {}
    fresh: Fields = here[name]
    return fresh
