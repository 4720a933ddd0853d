"""What the rules must never do: the contrary of what was said, a part as if it were the whole, or something to other shots."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.rules.planner import think
from agent.rules.which import spelled
from agent.types import Attachment, Context, Focus, Looked, PastTurn, ShotLine, Thought
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


# What has no sentence in a talk that already stands in a project, or none that a person would say.
NOT_SAID = frozenset(
    {
        "project.create",  # a turn stands in a project; another one is made on the page of projects
        "doc.get",  # by an id, which only programs say
    }
)
# Both let shots use a file as a reference, and keep it in the same way.
SAME = {"asset.attach_to_shot": "node.reference"}
SHEET = str(uuid4())
PICTURES = [
    {"kind": kind, "track": track, "number": number, "cell": cell, "sheet": SHEET if cell else None, "selected": cell == 1,
     "node": SHEET if kind == "grid" else str(uuid4()), "asset": "b" * 64, "marks": ["to_compare"] if cell in {2, 3} else []}
    for kind, track, number, cell in (("grid", "A", 1, None), *(("image", "A", n + 1, n) for n in range(1, 5)), ("image", "B", 6, None))
]  # fmt: skip
TRACKS = [{"id": str(uuid4()), "name": name} for name in "AB"]
FILE = Attachment(asset_id="a" * 64)


def done(text: str, *, mode: Any, attached: tuple[Attachment, ...]) -> set[str]:
    """What comes of a sentence that is said of shot 3, with all that had to be looked up."""
    story = mode != "draft"
    context = Context(
        workspace_id=uuid4(), revision=9, name="x", text=text, mode=mode, attachments=attached, looks=("灯塔", "lighthouse"),
        characters=("小雨", "老王", "林小雨", "Anna", "Bob"), focus=Focus(shots="3") if story else Focus(),
        shot_count=12 if story else 0, shots=SHOTS if story else (),
        drafts=tuple({"number": n, "board": 1, "title": "x", "words": "x"} for n in range(1, 4)) if not story else (),
    )  # fmt: skip
    thought = think(context)
    if thought.looks and thought.looks[0].type == "track.list":
        shown = Looked(
            asked=thought.looks[0], data={"shot": int(thought.looks[0].args["shot"]), "tracks": TRACKS, "pictures": PICTURES}
        )
        thought = think(context, (shown,))
    for one in thought.actions:
        parse(one)
    return {BY_NAME[one.type].type_name() for one in (*thought.actions, *thought.looks)}


@pytest.mark.parametrize("language", [0, 1], ids=["zh", "en"])
def test_the_catalogue_s_own_examples_are_understood(language: int) -> None:
    missed: list[str] = []
    for action in ACTIONS:
        name = action.type_name()
        mode = "draft" if name.startswith("draft.") or "agent" not in action.policy.modes else "agent"
        # A sentence about a file is said with the file.
        files: tuple[tuple[Attachment, ...], ...] = ((), (FILE,), (FILE.model_copy(update={"role": "first_frame"}),))
        asked = [done(action.says[language], mode=mode, attached=one) for one in files]
        if name not in NOT_SAID and not any({name, SAME.get(name, name)} & one for one in asked):
            missed.append(f"{name}: {action.says[language]}")
    assert not missed
