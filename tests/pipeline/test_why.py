"""What is stale is named by the input that changed, as a person would say it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from storyreel.actions.words_lineage import cause_words, part_words
from storyreel.model.base import AssetRef
from storyreel.model.rows import Use
from storyreel.model.spec import CameraSpec, Line, PictureSpec
from storyreel.pipeline.stage import NewNode, Result
from storyreel.pipeline.stages.why import differences, request_of, stale_film, stale_parts
from tests.standins.views import episode_view, made, made_cut, node, selected, shot_view, with_profile, with_spec


def asset(letter, kind="image/png"):
    return AssetRef(id=letter * 64, media_type=kind)


def one(kind, slot, letter, **facts):
    return Result(nodes=(NewNode(kind, "video", asset(letter, "video/mp4"), facts),), slot=slot, select=0)


@pytest.fixture
def finished():
    """A shot that went through every stage, with a sheet of four of which the third is chosen."""
    view = shot_view(lines={"l1": Line(text="Hello."), "l2": Line(text="Who is there?", speaker="Anna")})
    cells = tuple(NewNode("image", "picture", asset(x), {"score": 0.5}, parent=0, cell=place) for place, x in enumerate("1234"))
    view = made("grid", view, Result(nodes=(NewNode("grid", "picture", asset("0")), *cells)))
    view = made("select", view, Result(slot="picture", candidate=2))
    view = made("video", view, one("video", "video", "5"))
    video = view.selected["video"].model_copy(update={"parent_id": view.shot.picture_node_id})
    view = replace(view, selected={**view.selected, "video": video})
    view = made("voice", view, one("voice", "voice", "6", lines=[]))
    return made("compose", view, one("final", "final", "7"))


def sources(view):
    return {view.latest["grid"].id: view.latest["grid"]}


def told(view, language="en", **names):
    parts = stale_parts(view, sources(view))
    return {part.slot: part_words(part, language, names, view.workspace.fps) for part in parts}


def test_after_a_render_nothing_is_stale(finished):
    assert told(finished) == {}


def test_who_said_what_changed_is_named(finished):
    night = with_spec(finished, picture=PictureSpec(subject="A woman lights the lamp", time="dusk"))
    assert told(night) == {
        "picture": ["picture: time of day night → dusk (shot)"],
        "video": ["video: made from a picture that is stale"],
        "final": ["final: made from a video that is stale"],
    }
    assert told(night, "zh") == {
        "picture": ["画面：时间 夜晚 → 黄昏（镜头）"],
        "video": ["视频：所用的画面已过期"],
        "final": ["成片段：所用的视频已过期"],
    }
    fog = replace(
        finished, scene=finished.scene.model_copy(update={"spec": finished.scene.spec.model_copy(update={"weather": "fog"})})
    )
    assert told(fog)["picture"] == ["picture: weather rain → fog (scene)"]
    assert told(fog)["video"] == ["video: weather rain → fog (scene)", "video: made from a picture that is stale"]
    ink = with_profile(finished, style="ink")
    assert told(ink)["picture"] == ["picture: style none → ink (project)"]


def test_the_look_of_a_character_is_named_by_the_character(finished):
    cast = tuple(
        (part, who.model_copy(update={"look": who.look.model_copy(update={"hair": "bun"})})) for part, who in finished.cast
    )
    assert told(replace(finished, cast=cast))["picture"] == ["picture: look of Anna, hair none → bun"]
    assert told(replace(finished, cast=cast), "zh")["picture"] == ["画面：Anna的造型，发型 无 → bun"]
    acts = tuple((part.model_copy(update={"emotion": "afraid"}), who) for part, who in finished.cast)
    assert told(replace(finished, cast=acts))["picture"] == ["picture: acting of Anna, emotion neutral → afraid"]
    assert told(replace(finished, cast=()))["picture"] == ["picture: Anna is no longer in it"]
    nobody = replace(finished, cast=())
    grid = made(
        "grid",
        nobody,
        Result(nodes=(NewNode("grid", "picture", asset("0")), NewNode("image", "picture", asset("1"), parent=0, cell=0))),
    )
    came = replace(made("select", grid, Result(slot="picture", candidate=0)), cast=finished.cast)
    assert told(came)["picture"] == ["picture: Anna came in"]


def test_a_line_is_named_by_its_number(finished):
    lines = {"l1": Line(text="Hello."), "l2": Line(text="Nobody?", speaker="Anna")}
    assert told(with_spec(finished, lines=lines)) == {
        "voice": ["voice: line 2 “Who is there?” → “Nobody?”"],
        "final": ["final: made from a voice that is stale"],
    }
    angry = {"l1": Line(text="Hello."), "l2": Line(text="Who is there?", speaker="Anna", emotion="angry")}
    assert told(with_spec(finished, lines=angry))["voice"] == ["voice: line 2, who says it or how"]
    more = {**finished.shot.spec.lines, "l3": Line(text="Only the sea.")}
    assert told(with_spec(finished, lines=more), "zh")["voice"] == ["配音：新加了第 3 句台词“Only the sea.”"]
    fewer = {"l1": Line(text="Hello.")}
    assert told(with_spec(finished, lines=fewer))["voice"] == ["voice: line 2 is gone: “Who is there?”"]


def test_another_picture_is_named_by_its_number_and_what_was_made_of_the_old_one_is_stale(finished):
    other = finished.cells[1]
    chosen = selected(finished, "picture", other)
    names = {str(finished.shot.picture_node_id): "#4", str(other.id): "#3"}
    assert told(chosen, **names) == {
        "video": ["video: made from another picture (#3 was chosen instead of #4)"],
        "final": ["final: made from a video that is stale"],
    }
    assert told(chosen, "zh", **names)["video"] == ["视频：换了画面（现在选的是 #3，原来是 #4）"]
    back = selected(chosen, "picture", finished.cells[2])
    assert told(back) == {}


def test_the_camera_and_the_length_are_the_clips_business(finished):
    moved = with_spec(finished, camera=CameraSpec(size="MS", move="pan_left"))
    assert told(moved)["video"] == ["video: camera move push in → pan left (shot)"]
    longer = replace(finished, shot=finished.shot.model_copy(update={"frames": 96}))
    found = told(longer)
    assert found["video"] == ["video: length 2 s → 4 s"]
    assert found["voice"] == ["voice: length 2 s → 4 s"]
    assert found["final"][0] == "final: length 2 s → 4 s"


def test_what_a_person_brought_is_never_stale(finished):
    own = selected(finished, "picture", node(finished, "image", asset("9")), asset("9"))
    night = with_spec(own, picture=PictureSpec(subject="A woman lights the lamp", time="dusk"))
    assert "picture" not in told(night)
    clip = selected(finished, "video", node(finished, "video", asset("8", "video/mp4")), asset("8", "video/mp4"))
    assert told(clip) == {"final": ["final: made from another clip"]}


def test_a_picture_that_was_tried_beside_the_truth_is_bound_only_by_what_the_shot_said(finished):
    frame = finished.frame.model_copy(update={"mood": "horror"}).model_dump(mode="json")
    request = {"image": {"frame": frame}, "sources": {"time": "scene", "mood": "asked", "place": "parent"}}
    tried = selected(finished, "picture", node(finished, "image", asset("9"), stage="sheet", request=request), asset("9"))
    assert "picture" not in told(tried)
    asked = with_spec(tried, picture=PictureSpec(subject="Something else", place="a cellar", mood="calm"))
    assert "picture" not in told(asked)
    day = with_spec(tried, picture=PictureSpec(subject="A woman lights the lamp", time="day"))
    assert told(day)["picture"] == ["picture: time of day night → day (shot)"]


def test_a_new_reference_is_told_once(finished):
    use = [
        Use(id=finished.shot.id, workspace_id=finished.workspace.id, work_item_id=finished.shot.id, asset_id=x * 64, role="image")
        for x in "bc"
    ]
    held = replace(finished, uses=tuple(use), assets={**finished.assets, **{x * 64: asset(x) for x in "bc"}})
    assert told(held)["picture"] == ["picture: other reference pictures"]


def test_a_film_says_which_shots_it_no_longer_is(finished):
    other = replace(finished, number=2)
    film = made_cut("music", episode_view(finished, other), Result(nodes=(NewNode("music", "music", asset("d", "audio/wav")),)))
    film = made_cut("film", film, Result(nodes=(NewNode("film", "video", asset("e", "video/mp4")),)))
    assert stale_film(film, []) == ()

    def words(view, shots=(), language="en"):
        return {part.slot: part_words(part, language, {}, 24) for part in stale_film(view, shots)}

    again = made("compose", replace(other, takes={"compose": 1}), one("final", "final", "f"))
    assert words(replace(film, shots=(finished, again))) == {"film": ["film: shot 2 changed"]}
    night = with_spec(other, picture=PictureSpec(subject="A woman lights the lamp", time="dusk"))
    parts = [(2, part) for part in stale_parts(night, sources(night))]
    assert words(replace(film, shots=(finished, night)), parts)["film"][0] == "film: shot 2 is stale"
    assert words(replace(film, shots=(finished, night)), parts, "zh")["film"][0] == "影片：第 2 个镜头已过期"
    bare = replace(other, selected={}, number=2)
    assert words(replace(film, shots=(finished, bare)))["film"] == ["film: shot 2 is not rendered"]
    assert "film: 2 → 1 shots" in words(replace(film, shots=(finished,)))["film"]
    assert words(replace(film, workspace=with_profile(finished, music="chinese").workspace))["music"] == [
        "music: music style none → chinese (project)"
    ]


def test_a_cell_was_asked_for_by_its_sheet(finished):
    grid, cell = finished.latest["grid"], finished.cells[0]
    assert request_of(cell, grid) == grid.request
    assert request_of(grid, None) == grid.request
    assert request_of(finished.selected["video"], cell) == finished.selected["video"].request


def test_equal_requests_do_not_differ_and_what_only_follows_is_named_alone(finished):
    request = finished.latest["grid"].request
    assert differences(request, request) == ()
    [cause] = differences(request, {**request, "image": {**request["image"], "prompt": "other words"}})
    assert cause_words(cause, "zh").startswith("提示词 ")
