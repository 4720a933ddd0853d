"""Softer words: what is meant stays, what was said is shown, and what needs no softening is left alone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storyreel.actions.shot import UpdateShot
from storyreel.actions.softer import softer, softer_text
from storyreel.model.spec import AudioSpec, Line, PictureSpec, ShotSpec


@pytest.mark.parametrize(
    ("hard", "soft"),
    [
        ("A bloody corpse on the pier", "A stained still figure on the pier"),
        ("He is brutally murdered with a rifle", "He has fallen with a prop weapon"),
        ("Bombs explode over the city", "A ticking box bursts into light over the city"),
        ("血泊里的尸体", "暗红的地面里的倒下的身影"),
        ("他开枪了", "他对峙了"),
        (
            "A skilled gardener in the assassin bug's bloodless colours",
            "A skilled gardener in the assassin bug's bloodless colours",
        ),
    ],
)
def test_hard_words_become_soft_and_others_stay(hard, soft):
    assert softer_text(hard)[0] == soft


@given(st.text(max_size=200))
def test_what_is_soft_is_not_changed_again(text):
    once, _ = softer_text(text)
    twice, changes = softer_text(once)
    assert (twice, changes) == (once, [])


def test_the_proposal_is_an_update_of_the_shot_that_says_each_difference():
    spec = ShotSpec(
        picture=PictureSpec(subject="A naked king", place="the torture chamber", props=("a pistol", "a lamp")),
        lines={"l1": Line(text="Kill him!", speaker="Bo"), "l2": Line(text="No.")},
        audio=AudioSpec(sfx=("explosives",)),
    )
    found = softer(spec)
    assert found is not None
    edit = UpdateShot(shots="1", **found.patch)
    assert (edit.picture.subject, edit.picture.place) == ("A wrapped in cloth king", "the questioning chamber")
    assert edit.picture.props == ("a prop weapon", "a lamp")
    assert [line.text for line in edit.lines or ()] == ["Overcome him!", "No."]
    assert "“Kill” → “overcome”" in found.words()


def test_nothing_hard_is_nothing_to_propose():
    assert softer(ShotSpec(picture=PictureSpec(subject="A lamp"))) is None
