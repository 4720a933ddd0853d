"""Only what changed is made again, and a person is told what changed."""

from __future__ import annotations

from dataclasses import replace

import pytest

from storyreel.model.base import AssetRef
from storyreel.model.spec import CameraSpec, Line, PictureSpec
from storyreel.pipeline.stage import NewNode, Result
from storyreel.pipeline.stages.fresh import changes, is_fresh, stale, take_of, wanted_key
from tests.standins.views import made, node, selected, shot_view, with_spec


def asset(letter, kind="image/png"):
    return AssetRef(id=letter * 64, media_type=kind)


def grid(letters):
    cells = tuple(
        NewNode("image", "picture", asset(letter), {"score": 0.5}, parent=0, cell=place) for place, letter in enumerate(letters)
    )
    return Result(nodes=(NewNode("grid", "picture", asset(letters[0])), *cells))


def one(kind, slot, letter, **facts):
    return Result(nodes=(NewNode(kind, "video", asset(letter, "video/mp4"), facts),), slot=slot, select=0)


@pytest.fixture
def finished():
    """A shot that went through every stage."""
    view = shot_view(lines={"l1": Line(text="Hello.")})
    view = made("spec", view, Result(nodes=(NewNode("prompt_plan", "picture"),)))
    view = made("grid", view, grid("1234"))
    view = made("select", view, Result(slot="picture", candidate=2))
    view = made("video", view, one("video", "video", "5"))
    view = made("voice", view, one("voice", "voice", "6", lines=[]))
    return made("compose", view, one("final", "final", "7"))


STAGES = ("spec", "grid", "select", "video", "voice", "compose")


def test_after_a_render_everything_is_fresh(finished):
    assert [name for name in STAGES if not is_fresh(name, finished)] == []
    assert stale(finished) == ()


def test_a_change_of_the_camera_is_a_change_of_the_clip_alone_and_is_named(finished):
    moved = with_spec(finished, camera=CameraSpec(size="MS", move="pan_left"))
    assert [name for name in STAGES if not is_fresh(name, moved)] == ["spec", "video"]
    found = {each.stage: [change.words() for change in each.changes] for each in stale(moved)}
    assert found["video"] == ["move: “push_in” → “pan_left”"]


def test_a_change_of_the_place_makes_the_picture_stale_and_says_so(finished):
    elsewhere = with_spec(finished, picture=PictureSpec(subject="A woman lights the lamp", place="a cellar"))
    assert not is_fresh("grid", elsewhere)
    assert not is_fresh("select", elsewhere)
    assert is_fresh("video", elsewhere)  # its own picture has not changed yet
    [grid_] = [each for each in stale(elsewhere) if each.stage == "grid"]
    assert [change.words() for change in grid_.changes] == ["place: “a lighthouse” → “a cellar”"]


def test_another_picture_is_another_clip(finished):
    other = finished.cells[0]
    promoted = selected(finished, "picture", other)
    assert is_fresh("grid", promoted)
    assert is_fresh("select", promoted)  # a person's choice among the same pictures
    assert not is_fresh("video", promoted)
    assert [change.field for change in changes("video", finished.selected["video"], promoted)] == ["picture"]


def test_a_line_that_changed_is_spoken_again_and_nothing_is_drawn(finished):
    said = with_spec(finished, lines={"l1": Line(text="Goodbye.")})
    assert [name for name in STAGES if not is_fresh(name, said)] == ["voice"]


def test_make_again_asks_for_the_next_take_and_what_was_made_so_stays_fresh(finished):
    again = replace(finished, takes={"video": 1})
    assert not is_fresh("video", again)
    assert wanted_key("video", again) != wanted_key("video", finished)
    after = replace(made("video", again, one("video", "video", "8")), takes={})
    assert take_of("video", after) == 1
    assert is_fresh("video", after)


def test_a_new_take_of_the_grid_is_chosen_from_although_a_picture_is_there(finished):
    again = replace(finished, takes={"grid": 1})
    assert not is_fresh("grid", again)
    drawn = made("grid", again, grid("abcd"))
    assert is_fresh("grid", drawn)
    assert not is_fresh("select", drawn)
    chosen = replace(made("select", drawn, Result(slot="picture", candidate=0)), takes={})
    assert is_fresh("select", chosen)


def test_a_picture_of_an_earlier_take_that_a_person_went_back_to_stays(finished):
    first = finished.selected["picture"]
    again = made("grid", replace(finished, takes={"grid": 1}), grid("abcd"))
    back = replace(selected(again, "picture", first), takes={})
    assert is_fresh("grid", back)
    assert is_fresh("select", back)


def test_a_picture_that_a_person_brought_needs_no_grid_until_one_is_asked_for():
    view = shot_view()
    own = selected(view, "picture", node(view, "image", asset("9")), asset("9"))
    assert is_fresh("grid", own)
    assert is_fresh("select", own)
    assert not is_fresh("grid", replace(own, takes={"grid": 1}))
    assert not is_fresh("grid", view)


def test_what_asks_for_nothing_or_cannot_be_asked_for_yet_has_no_key():
    view = shot_view()
    assert [name for name in STAGES if wanted_key(name, view) is None] == ["select", "video", "voice", "compose"]
