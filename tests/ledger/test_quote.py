"""A person is told what a render would cost and how long it would take, and pays only for what changed."""

from __future__ import annotations

from dataclasses import replace

import pytest

from storyreel.actions.base import Render
from storyreel.ledger.quote import quote
from storyreel.model.base import AssetRef
from storyreel.model.errors import NotPossible
from storyreel.model.spec import CameraSpec, Line
from storyreel.pipeline.contract import CUT_STAGES, SHOT_STAGES
from storyreel.pipeline.stage import NewNode, Result
from storyreel.providers.prices import price
from storyreel.providers.registry import Registry
from storyreel.runtime.settings import Settings
from tests.standins.views import episode_view, made, shot_view, with_spec

USD = {"image": 0.05, "video": 0.1, "voice": 10.0, "music": 0.5}


class Book:
    """Fixed unit prices, ten seconds a call."""

    def __init__(self):
        self.pins = []

    def price(self, capability, pinned, request):
        self.pins.append(pinned)
        return price(USD[capability], capability, request, expected_s=10.0)


def wish(view, *stages, **more):
    return Render(kind="shot", episode_id=view.episode.id, work_item_id=view.shot.id, stages=stages or SHOT_STAGES, **more)


def rendered(view):
    asset = AssetRef(id="a" * 64, media_type="x/y")
    cell = NewNode("image", "picture", asset, {"score": 0.5}, parent=0, cell=0)
    view = made("spec", view, Result(nodes=(NewNode("prompt_plan", "picture"),)))
    view = made("grid", view, Result(nodes=(NewNode("grid", "picture", asset), cell)))
    view = made("select", view, Result(slot="picture", candidate=0))
    view = made("video", view, Result(nodes=(NewNode("video", "video", asset),), slot="video", select=0))
    view = made("voice", view, Result(nodes=(NewNode("voice", "voice", asset, {"lines": []}),), slot="voice", select=0))
    return made("compose", view, Result(nodes=(NewNode("final", "video", asset),), slot="final", select=0))


@pytest.fixture
def view():
    return shot_view(lines={"l1": Line(text="x" * 100)}, frames=48)


def test_a_first_render_pays_for_a_sheet_a_clip_and_each_line(view):
    found = quote([wish(view)], [view], Book())
    assert found.cost_usd == pytest.approx(4 * 0.05 + 2 * 0.1 + 0.1 * 10.0)
    assert found.expected_s > 30
    assert [line.split(":")[0] for line in found.lines[0].lines] == list(SHOT_STAGES)
    assert found.lines[0].owner_id == view.shot.id


def test_what_is_fresh_costs_nothing_and_what_changed_is_all_that_is_paid(view):
    done = rendered(view)
    assert quote([wish(done)], [done], Book()).cost_usd == 0
    moved = with_spec(done, camera=CameraSpec(move="pan_left"))
    assert quote([wish(moved)], [moved], Book()).cost_usd == pytest.approx(0.2)


def test_a_new_take_of_the_picture_pays_for_the_clip_that_follows_from_it(view):
    done = rendered(view)
    again = wish(done, takes={"grid": 1})
    assert quote([again], [done], Book()).cost_usd == pytest.approx(0.4)


def test_a_film_pays_for_its_score_once(view):
    other = replace(view, number=2)
    episode = episode_view(view, other)
    cut = Render(kind="cut", episode_id=view.episode.id, stages=CUT_STAGES)
    found = quote([cut], [episode], Book())
    assert found.cost_usd == 0.5
    assert found.lines[0].owner_id == view.episode.id


def test_the_pinned_provider_is_asked_and_one_that_cannot_say_is_named(view):
    book = Book()
    profile = view.workspace.profile.model_copy(update={"providers": {"image": "studio"}})
    pinned = replace(view, workspace=view.workspace.model_copy(update={"profile": profile}))
    quote([wish(pinned, "grid")], [pinned], book)
    assert book.pins == ["studio"]
    found = quote([wish(pinned, "grid")], [pinned], Registry(Settings()))
    assert "studio" in found.lines[0].lines[0]
    assert found.cost_usd == 0


def test_the_built_ins_are_free_and_say_how_long_they_take(view):
    found = quote([wish(view)], [view], Registry(Settings()))
    assert found.cost_usd == 0
    assert found.expected_s > 1
    with pytest.raises(NotPossible):
        Registry(Settings()).price("image", "studio", None)


def test_a_shot_that_nobody_has_seen_is_counted_as_free(view):
    assert quote([wish(view)], [None], Book()).cost_usd == 0
