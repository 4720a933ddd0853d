"""Places, props, people and styles that stay the same: what a shot takes from them, and what its request then holds."""

from __future__ import annotations

from dataclasses import replace
from uuid import uuid4

import pytest

from storyreel.model.base import AssetRef
from storyreel.model.errors import NotPossible
from storyreel.model.rows import Node, SceneLook
from storyreel.model.rules import hits
from storyreel.model.spec import Consistency, FrameSpec, LookPatch, LookSpec, Manner, PictureSpec
from storyreel.pipeline.forbidden import refuse_forbidden
from storyreel.pipeline.stages import STAGES
from tests.standins.views import shot_view, with_profile, with_spec

GRID = STAGES["grid"]


def a_look(view, name="The lighthouse", kind="place", aliases=(), picture=None, **spec):
    return SceneLook(
        id=uuid4(),
        workspace_id=view.workspace.id,
        kind=kind,
        name=name,
        aliases=aliases,
        spec=LookSpec(**spec),
        picture_node_id=picture,
    )


def a_picture(view, **owner):
    asset = AssetRef(id=uuid4().hex * 2, media_type="image/png")
    node = Node(id=uuid4(), workspace_id=view.workspace.id, kind="image", asset_id=asset.id, **owner)
    return node, asset


def test_a_shot_takes_from_its_places_look_what_neither_it_nor_its_scene_says():
    view = shot_view(style="storybook", palette=("#111111",))
    look = a_look(view, time="dawn", light="lamplight", palette=("#ffcc88",), description="white, with a red cap")
    frame = replace(view, looks=(look,)).frame
    assert (frame.time, frame.weather, frame.style) == ("night", "rain", "storybook"), (
        "the scene says the time, no look the style"
    )
    assert frame.palette == ("#ffcc88",)
    assert (frame.light, frame.details) == ("lamplight", ("The lighthouse: white, with a red cap",))
    prompt = GRID.request(replace(view, looks=(look,))).image.prompt
    assert "white, with a red cap" in prompt
    assert "lamplight" in prompt


@pytest.mark.parametrize("words", ["a lighthouse", "THE  Lighthouse", "the old tower", "灯塔"])
def test_a_place_is_known_by_its_name_and_its_aliases(words):
    view = with_spec(shot_view(), picture=PictureSpec(place=words))
    look = a_look(view, aliases=("old tower", "灯塔"), light="lamplight")
    assert replace(view, looks=(look,)).frame.light == "lamplight"
    assert replace(view, looks=(a_look(view, name="lighthouse keeper", light="lamplight"),)).frame.light == ""


def test_what_looks_do_not_touch_asks_for_what_it_always_asked():
    view = shot_view()
    other = a_look(view, name="The harbour", time="dawn", light="neon", description="boats")
    assert GRID.request(replace(view, looks=(other,))) == GRID.request(view)
    assert set(FrameSpec().model_dump()) == {
        "subject", "place", "time", "weather", "mood", "style", "palette", "props", "size", "angle", "composition", "figures",
    }  # fmt: skip


def test_the_selected_picture_of_a_person_a_place_and_a_prop_goes_with_the_request():
    view = with_spec(shot_view(), picture=PictureSpec(subject="x", props=("brass lamp",)))
    person = view.cast[0][1]
    face, face_asset = a_picture(view, character_id=person.id)
    look_id, prop_id = uuid4(), uuid4()
    place, place_asset = a_picture(view, scene_look_id=look_id)
    prop, prop_asset = a_picture(view, scene_look_id=prop_id)
    looks = (
        a_look(view, name="lighthouse", picture=place.id).model_copy(update={"id": look_id}),
        a_look(view, name="brass lamp", kind="prop", picture=prop.id).model_copy(update={"id": prop_id}),
    )
    cast = ((view.cast[0][0], person.model_copy(update={"picture_node_id": face.id})),)
    assets = {asset.id: asset for asset in (face_asset, place_asset, prop_asset)}
    pictures = {person.id: (face,), look_id: (place,), prop_id: (prop,)}
    held = replace(view, cast=cast, looks=looks, assets=assets, pictures=pictures)
    assert [role for _, role in held.holding] == ["character", "scene", "image"]
    assert GRID.request(held).image.references == (face_asset, place_asset, prop_asset)
    assert GRID.request(replace(held, pictures={})) == GRID.request(replace(view, looks=looks))


def test_how_alike_a_person_must_stay_says_how_many_pictures_go_along():
    view = shot_view()
    part, person = view.cast[0]
    face, face_asset = a_picture(view, character_id=person.id)
    side, side_asset = a_picture(view, character_id=person.id, pinned=True)

    def given(level):
        who = person.model_copy(update={"picture_node_id": face.id, "consistency": Consistency(level=level)})
        assets = {face_asset.id: face_asset, side_asset.id: side_asset}
        held = replace(view, cast=((part, who),), assets=assets, pictures={person.id: (side, face)})
        return GRID.request(held).image.references

    assert given("loose") == ()
    assert given("normal") == (face_asset,)
    assert given("strict") == (face_asset, side_asset)


def test_a_person_may_look_different_in_one_shot_alone():
    view = shot_view()
    person = view.cast[0][1]
    spec = view.shot.spec.model_copy(update={"looks": {str(person.id): LookPatch(wardrobe="a red raincoat")}})
    other = replace(view, shot=view.shot.model_copy(update={"spec": spec}))
    assert other.frame.figures[0].look.wardrobe == "a red raincoat"
    assert "a red raincoat" in GRID.request(other).image.prompt
    assert view.frame.figures[0].look.wardrobe == ""


def test_what_belongs_to_a_style_goes_where_the_style_goes():
    sample = AssetRef(id="a" * 64, media_type="image/png")
    manner = Manner(filming="slow and low", avoid="photographs", sample_asset_id=sample.id)
    view = replace(with_profile(shot_view(), style="ink wash", manner=manner), assets={sample.id: sample})
    request = GRID.request(view).image
    assert request.references == (sample,)
    assert "without photographs" in request.prompt
    own = with_spec(view, picture=PictureSpec(subject="x", style="neon"))
    assert GRID.request(own).image.references == ()
    assert own.frame.avoid == ""


def test_a_rule_is_a_word_and_not_a_part_of_one():
    texts = {"one": "It had begun.", "two": "Two guns on a table", "three": "他在抽香烟"}
    assert [(hit.rule, hit.field) for hit in hits(("gun", "香烟", "rain"), texts)] == [("gun", "two"), ("香烟", "three")]


def test_the_last_look_at_a_prompt_stops_what_the_rules_forbid_wherever_it_came_from():
    view = with_profile(shot_view(), style="gun metal", rules=("gun",))
    with pytest.raises(NotPossible, match=r"“gun” \(prompt 1\)"):
        refuse_forbidden(("gun",), GRID.calls(view))
    refuse_forbidden(("gun",), GRID.calls(with_profile(shot_view(), style="ink", manner=Manner(avoid="guns"))))
