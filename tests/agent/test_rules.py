"""What the rules must never do: the contrary of what was said, a part as if it were the whole, or something to other shots."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.rules.planner import think
from agent.rules.which import spelled
from agent.types import Context, PastTurn, ShotLine, Thought
from storyreel.actions.base import Asked
from storyreel.actions.catalogue import ACTIONS, BY_NAME, parse

SHOTS = tuple(ShotLine(number=n, scene=1 if n < 5 else 2, duration_s=4.0, subject=f"subject {n}") for n in range(1, 13))


def heard(text: str, **more: Any) -> Thought:
    fields: dict[str, Any] = {"shot_count": 12, "shots": SHOTS, "characters": ("Anna", "安娜"), "fps": 24}
    return think(Context(workspace_id=uuid4(), revision=9, name="x", text=text, **{**fields, **more}))


@pytest.mark.parametrize(
    "said",
    ["不要把第3个镜头改成夜景", "don't make shot 3 a night", "please do not delete shot 4", "别删第2个镜头"],
)
def test_the_contrary_of_a_wish_is_never_done(said: str) -> None:
    assert not heard(said).actions


@pytest.mark.parametrize(
    "said", ["把所有夜景镜头改成白天", "make all the night shots rainy", "delete the boring bits", "删掉多余的部分"]
)
def test_shots_that_cannot_be_told_are_not_guessed(said: str) -> None:
    before = PastTurn(text="shot 5", actions=(Asked(type="shot.update", args={"shots": "5", "notes": "x"}),), shots=(5,))
    thought = heard(said, turns=(before,))
    assert not [one for one in thought.actions if one.args.get("shots") == "5"]


def test_a_wish_that_is_half_understood_is_less_sure_than_a_model_needs_to_be_passed_over() -> None:
    assert heard("make shot 2 a night with purple elephants dancing").sure < 0.8
    assert heard("make shot 2 a night").sure >= 0.8


@pytest.mark.parametrize(
    "yes", ["好", "好的，开始吧", "同意", "yes", "Go ahead!", "ok, do it", "行，就这么办", "sounds good, thanks"]
)
def test_yes_approves_only_where_something_is_open(yes: str) -> None:
    assert heard(yes, open_proposal=uuid4()).decision == "approve"
    assert heard(yes).decision == ""


def test_a_yes_with_a_further_wish_is_that_wish() -> None:
    thought = heard("yes, but make shot 3 a close-up", open_proposal=uuid4())
    assert thought.decision == ""


@given(
    st.integers(1, 12),
    st.integers(1, 12),
    st.sampled_from(
        ["把第{a}到第{b}个镜头改成夜景", "make shots {a}-{b} a night", "第{a}~{b}镜头改夜景", "shots {a} to {b} at night"]
    ),
)
def test_a_range_is_read_as_it_is_said(one: int, other: int, words: str) -> None:
    first, last = sorted((one, other))
    thought = heard(words.format(a=first, b=last))
    assert thought.actions[0].args["shots"] in {f"{first}-{last}", spelled([*range(first, last + 1)])}
    assert thought.actions[0].args["picture"] == {"time": "night"}


@given(st.text(max_size=120))
def test_any_text_is_answered_and_what_it_asks_for_is_in_the_catalogue(text: str) -> None:
    for count in (0, 12):
        thought = heard(text, shot_count=count, shots=SHOTS[:count])
        for action in (*thought.actions, *thought.looks):
            assert action.type in BY_NAME
            parse(action)


# What only a person's hand, another mode or a file can mean has no sentence of its own in a talk.
NOT_SAID = frozenset(
    {
        "project.create",
        "project.open",
        "episode.create",
        "episode.update",
        "episode.delete",
        "shot.bulk_add",
        "doc.get",
        "doc.update",
        "canvas.edit",
        "canvas.delete",
        "character.attach_reference",
    }
)


@pytest.mark.parametrize("language", [0, 1], ids=["zh", "en"])
def test_the_catalogue_s_own_examples_are_understood(language: int) -> None:
    people = ("小雨", "老王", "Anna", "Bob")
    missed: list[str] = []
    for action in ACTIONS:
        said = action.says[language]
        thought = heard(said, characters=people)
        done = {BY_NAME[one.type].type_name() for one in (*thought.actions, *thought.looks)}
        if action.type_name() not in NOT_SAID and not done and not thought.question:
            missed.append(f"{action.type_name()}: {said}")
    assert not missed
