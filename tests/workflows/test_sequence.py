from __future__ import annotations

from typing import get_args

from hypothesis import given
from hypothesis import strategies as st

from storyreel.pipeline.contract import QUEUE_OF, SHOT_STAGES, StageName
from storyreel.pipeline.stages import STAGES as MAKERS
from workflows import policy
from workflows.sequence import NEEDS, STAGES, after, before, ready

SOME = st.sets(st.sampled_from(STAGES))


def test_voice_is_spoken_while_pictures_are_made() -> None:
    assert ready(set(SHOT_STAGES), ()) == ["spec"]
    assert ready(set(SHOT_STAGES) - {"spec"}, ()) == ["grid", "voice"]


def test_a_stage_waits_for_what_it_builds_on_even_when_the_stage_between_is_left_out() -> None:
    assert ready({"grid", "video"}, ()) == ["grid"]
    assert ready({"video"}, {"grid"}) == []


def test_what_builds_on_a_grid_is_done_again_with_it() -> None:
    assert after("grid") == {"grid", "select", "video", "compose", "check"}


@given(SOME, SOME)
def test_only_what_is_to_be_done_starts_and_never_beside_what_it_needs(todo: set[StageName], busy: set[StageName]) -> None:
    for stage in ready(todo, busy):
        assert stage in todo
        assert stage not in busy
        assert not before(stage) & (todo | busy)


@given(SOME)
def test_every_wish_comes_to_an_end(todo: set[StageName]) -> None:
    left = set(todo)
    while left:
        started = ready(left, ())
        assert started
        left -= set(started)


def test_every_stage_has_a_queue_its_needs_its_words_and_a_maker() -> None:
    names = set(get_args(StageName))
    assert names == set(QUEUE_OF) == set(NEEDS) == set(policy.SAYS) == set(MAKERS) == set(STAGES)
