"""Where the nodes of a graph stand when it is drawn: rows by descent, columns by track (pure).

A track keeps one column from its first node to its last; then another track may have it. Trees that are bound by lineage stand in one
block, and blocks stand below each other, so that a film of thousands of nodes stays as wide as its widest shot.
"""

from __future__ import annotations

import heapq
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from storyreel.model.errors import BadInput

EdgeKind = Literal["chain", "branch", "reference"]


@dataclass(frozen=True, slots=True)
class Dot:
    """A node to be placed: what it was made from, its track and its owner; `references` are (source, role)."""

    id: str
    parent: str | None
    track: str
    owner: str
    references: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Place:
    """Where a node stands. Rows run down with time, columns are lanes."""

    row: int
    column: int


@dataclass(frozen=True, slots=True)
class Edge:
    """A line from what was there to what was made of it.

    chain: made from it, in its track; branch: made from it, in another track; reference: made with its help, as `role`.
    """

    source: str
    target: str
    kind: EdgeKind
    role: str = ""


@dataclass(frozen=True, slots=True)
class Lane:
    """The stretch of a column that one track has for itself, rows included."""

    track: str
    column: int
    first_row: int
    last_row: int


@dataclass(frozen=True, slots=True)
class Block:
    """Nodes that are bound by owner or lineage, and the rows they fill, last one included."""

    owners: tuple[str, ...]
    first_row: int
    last_row: int
    columns: int


@dataclass(frozen=True, slots=True)
class Layout:
    """A whole drawing. `rows` and `columns` are its size."""

    places: Mapping[str, Place]
    edges: tuple[Edge, ...]
    lanes: tuple[Lane, ...]
    blocks: tuple[Block, ...]
    rows: int
    columns: int


def lay_out(dots: Sequence[Dot]) -> Layout:
    """Places for all nodes, given in the order in which they came; O(n log n).

    A parent or source that is not among them is taken not to be there. Blocks stand in the order of their first node.

    Raises:
        BadInput: a node is there twice, or descends from itself.
    """
    known = {dot.id: dot for dot in dots}
    if len(known) != len(dots):
        raise BadInput("a node is there twice")
    places: dict[str, Place] = {}
    lanes: list[Lane] = []
    blocks: list[Block] = []
    top = 0
    for group in _groups(_parents_first(dots, known), known):
        rows = _rows(group, known, top)
        own = _lanes(group, known, rows)
        column = {lane.track: lane.column for lane in own}
        places |= {dot.id: Place(rows[dot.id], column[dot.track]) for dot in group}
        last = max(rows.values())
        owners = tuple(dict.fromkeys(dot.owner for dot in group))
        blocks.append(Block(owners, top, last, max(column.values()) + 1))
        lanes += own
        top = last + 1
    return Layout(
        places, tuple(_edges(dots, known)), tuple(lanes), tuple(blocks), top, max((b.columns for b in blocks), default=0)
    )


def _parents_first(dots: Sequence[Dot], known: Mapping[str, Dot]) -> list[Dot]:
    """The nodes with every parent before its children, otherwise in their own order."""
    place = {dot.id: index for index, dot in enumerate(dots)}
    children: dict[str, list[int]] = defaultdict(list)
    for index, dot in enumerate(dots):
        if dot.parent in known and dot.parent is not None:
            children[dot.parent].append(index)
    ready = [place[dot.id] for dot in dots if dot.parent not in known]
    ordered: list[Dot] = []
    while ready:
        dot = dots[heapq.heappop(ready)]
        ordered.append(dot)
        for child in children[dot.id]:
            heapq.heappush(ready, child)
    if len(ordered) != len(dots):
        raise BadInput("a node descends from itself")
    return ordered


def _groups(dots: Iterable[Dot], known: Mapping[str, Dot]) -> list[list[Dot]]:
    """The nodes by what binds them: one owner, one track, or lineage across owners."""
    root: dict[str, str] = {}

    def find(name: str) -> str:
        root.setdefault(name, name)
        while root[name] != name:
            root[name] = root[root[name]]
            name = root[name]
        return name

    ordered = list(dots)
    for dot in ordered:
        home = find(f"owner {dot.owner}")
        parent = known.get(dot.parent) if dot.parent else None
        root[find(f"track {dot.track}")] = home
        if parent is not None:
            root[find(f"owner {parent.owner}")] = find(home)
    groups: dict[str, list[Dot]] = {}
    for dot in ordered:
        groups.setdefault(find(f"owner {dot.owner}"), []).append(dot)
    return list(groups.values())


def _rows(group: Sequence[Dot], known: Mapping[str, Dot], top: int) -> dict[str, int]:
    """A row below the parent and below the one before in the same track."""
    rows: dict[str, int] = {}
    last: dict[str, int] = {}
    for dot in group:
        above = rows[dot.parent] if dot.parent and dot.parent in known else top - 1
        rows[dot.id] = last[dot.track] = max(above, last.get(dot.track, top - 1)) + 1
    return rows


def _lanes(group: Sequence[Dot], known: Mapping[str, Dot], rows: Mapping[str, int]) -> list[Lane]:
    """A column for each track, for as long as it lasts; the leftmost that is free.

    A track gives its column up only below the first node of what branches from it: a branch always turns into another column.
    """
    first: dict[str, int] = {}
    last: dict[str, int] = {}
    held: dict[str, int] = {}
    for dot in group:
        row, parent = rows[dot.id], known.get(dot.parent) if dot.parent else None
        if parent is not None and dot.track not in first:
            held[parent.track] = max(held.get(parent.track, 0), row)
        first[dot.track] = min(first.get(dot.track, row), row)
        last[dot.track] = max(last.get(dot.track, 0), row)
    free: list[int] = []
    busy: list[tuple[int, int]] = []
    lanes: list[Lane] = []
    # Of tracks that begin in one row, the one that came first stands left.
    for track in sorted(first, key=lambda name: first[name]):
        while busy and busy[0][0] < first[track]:
            heapq.heappush(free, heapq.heappop(busy)[1])
        column = heapq.heappop(free) if free else len(busy)
        heapq.heappush(busy, (max(last[track], held.get(track, 0)), column))
        lanes.append(Lane(track, column, first[track], last[track]))
    return lanes


def _edges(dots: Iterable[Dot], known: Mapping[str, Dot]) -> Iterable[Edge]:
    for dot in dots:
        parent = known.get(dot.parent) if dot.parent else None
        if parent is not None:
            yield Edge(parent.id, dot.id, "chain" if parent.track == dot.track else "branch")
        for source, role in dot.references:
            if source in known:
                yield Edge(source, dot.id, "reference", role)
