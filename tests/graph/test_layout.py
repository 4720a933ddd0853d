"""Where nodes stand when a graph is drawn: held for any graph, and looked at for a small one."""

from __future__ import annotations

from collections import defaultdict

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from storyreel.model.errors import BadInput
from storyreel.model.layout import Dot, Lane, Layout, Place, lay_out

FEW = settings(max_examples=60, deadline=None)


@st.composite
def graphs(draw: st.DrawFn) -> list[Dot]:
    """Nodes of several owners with tracks of their own, made from earlier ones, some across owners and tracks."""
    owners = draw(st.integers(1, 4))
    dots: list[Dot] = []
    for number in range(draw(st.integers(0, 25))):
        owner = draw(st.integers(0, owners - 1))
        track = f"{owner}/{draw(st.integers(0, 3))}"
        before = [dot.id for dot in dots]
        own = [dot.id for dot in dots if dot.owner == str(owner)]
        pool = draw(st.sampled_from([own, own, own, before]))
        parent = draw(st.none() | st.sampled_from(pool)) if pool else None
        used = tuple((one, "image") for one in draw(st.lists(st.sampled_from(before), max_size=2, unique=True))) if before else ()
        dots.append(Dot(f"n{number}", parent, track, str(owner), used))
    return dots


@given(graphs())
@FEW
def test_no_two_nodes_stand_in_one_place_and_all_stand_inside(dots: list[Dot]):
    drawn = lay_out(dots)
    assert drawn.places.keys() == {dot.id for dot in dots}
    assert len(set(drawn.places.values())) == len(dots)
    assert all(0 <= p.row < drawn.rows and 0 <= p.column < drawn.columns for p in drawn.places.values())


@given(graphs())
@FEW
def test_parents_stand_above_their_children_and_a_track_runs_down_one_column(dots: list[Dot]):
    drawn = lay_out(dots)
    columns: dict[str, set[int]] = defaultdict(set)
    for dot in dots:
        columns[dot.track].add(drawn.places[dot.id].column)
        if dot.parent is not None:
            assert drawn.places[dot.parent].row < drawn.places[dot.id].row
    assert all(len(found) == 1 for found in columns.values())


@given(graphs())
@FEW
def test_no_lane_is_shared_while_a_track_has_it_and_a_block_is_no_wider_than_its_tracks(dots: list[Dot]):
    drawn = lay_out(dots)
    for lane in drawn.lanes:
        inside = [dot for dot in dots if _in(drawn.places[dot.id], lane)]
        assert {dot.track for dot in inside} == {lane.track}
    assert drawn.columns <= max((len(tracks) for tracks in _tracks(dots, drawn)), default=0)


@given(graphs())
@FEW
def test_a_branch_turns_into_another_column(dots: list[Dot]):
    drawn = lay_out(dots)
    begins = {lane.track: lane.first_row for lane in drawn.lanes}
    track = {dot.id: dot.track for dot in dots}
    for edge in drawn.edges:
        source, target = drawn.places[edge.source], drawn.places[edge.target]
        if edge.kind == "branch" and begins[track[edge.target]] == target.row:
            assert source.column != target.column


@given(graphs())
@FEW
def test_every_descent_and_every_reference_is_one_edge(dots: list[Dot]):
    drawn = lay_out(dots)
    track = {dot.id: dot.track for dot in dots}
    made = {(e.source, e.target) for e in drawn.edges if e.kind != "reference"}
    assert made == {(dot.parent, dot.id) for dot in dots if dot.parent}
    assert all((e.kind == "chain") == (track[e.source] == track[e.target]) for e in drawn.edges if e.kind != "reference")
    used = [(e.source, e.target, e.role) for e in drawn.edges if e.kind == "reference"]
    assert sorted(used) == sorted((source, dot.id, role) for dot in dots for source, role in dot.references)


@given(graphs(), st.randoms(use_true_random=False))
@FEW
def test_blocks_fill_rows_of_their_own_whatever_order_nodes_came_in(dots: list[Dot], chance):
    chance.shuffle(dots)
    drawn = lay_out(dots)
    edges = [row for block in drawn.blocks for row in (block.first_row, block.last_row)]
    assert edges == sorted(edges)
    for block in drawn.blocks:
        here = {dot.owner for dot in dots if block.first_row <= drawn.places[dot.id].row <= block.last_row}
        assert here == set(block.owners)


def _tracks(dots: list[Dot], drawn: Layout) -> list[set[str]]:
    return [{dot.track for dot in dots if dot.owner in block.owners} for block in drawn.blocks]


def _in(place: Place, lane: Lane) -> bool:
    return place.column == lane.column and lane.first_row <= place.row <= lane.last_row


def small() -> Layout:
    """Plan A with a sheet of two; plan B branches from its first picture, C from the second when B has ended."""
    return lay_out(
        [
            Dot("sheet", None, "A", "shot"),
            Dot("one", "sheet", "A", "shot"),
            Dot("two", "sheet", "A", "shot"),
            Dot("b", "one", "B", "shot"),
            Dot("three", "two", "A", "shot"),
            Dot("c", "three", "C", "shot", (("b", "image"),)),
        ]
    )


def test_a_lane_is_used_again_once_its_track_has_ended():
    drawn = small()
    assert {name: (place.row, place.column) for name, place in drawn.places.items()} == {
        "sheet": (0, 0), "one": (1, 0), "two": (2, 0), "three": (3, 0), "b": (2, 1), "c": (4, 1),
    }  # fmt: skip
    assert {(e.source, e.target): e.kind for e in drawn.edges}["b", "c"] == "reference"
    assert (drawn.rows, drawn.columns) == (5, 2)


def test_shots_stand_below_each_other_and_share_columns():
    dots = [Dot(f"{shot}-{n}", f"{shot}-{n - 1}" if n else None, f"A{shot}", str(shot)) for shot in range(3) for n in range(4)]
    drawn = lay_out(dots)
    assert (drawn.rows, drawn.columns) == (12, 1)
    assert [(block.first_row, block.last_row, block.owners) for block in drawn.blocks] == [
        (0, 3, ("0",)),
        (4, 7, ("1",)),
        (8, 11, ("2",)),
    ]


def test_a_chain_of_thousands_is_no_deeper_than_the_stack_allows():
    drawn = lay_out([Dot(str(n), str(n - 1) if n else None, "A", "shot") for n in range(5000)])
    assert drawn.places["4999"] == Place(4999, 0)


def test_a_graph_with_nothing_in_it_has_no_size():
    assert lay_out([]) == Layout({}, (), (), (), 0, 0)


def test_a_parent_that_is_not_shown_is_left_out():
    drawn = lay_out([Dot("a", "elsewhere", "A", "shot", (("far", "style"),))])
    assert drawn.edges == ()


def test_a_circle_and_a_node_twice_are_refused():
    with pytest.raises(BadInput, match="descends from itself"):
        lay_out([Dot("a", "b", "A", "s"), Dot("b", "a", "A", "s")])
    with pytest.raises(BadInput, match="twice"):
        lay_out([Dot("a", None, "A", "s"), Dot("a", None, "A", "s")])
