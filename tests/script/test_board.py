"""Lengths: the total and the number of shots are as asked, to the frame, and speech keeps its time."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from storyreel.model.errors import BadInput
from storyreel.script.board import FASTEST, board, shot_spec
from storyreel.script.parse import parse
from storyreel.script.speech import speaking_s
from storyreel.script.tongue import tokens

SCRIPTS = Path(__file__).parents[1] / "data" / "scripts"
DOCS = [
    parse((SCRIPTS / name).read_text())
    for name in ("earnest.fountain", "kong_yiji.md", "mad_tea_party.txt", "kong_yiji_prose.txt")
]
SILENT = parse("EXT. SEA - DAWN\n\nWaves break on the rocks.\n\nA gull passes.\n\nINT. HUT - DAY\n\nA kettle steams.\n")


def attempt(make):
    try:
        return make(), {}
    except BadInput as error:
        return None, error.facts


@settings(max_examples=80, deadline=None)
@given(st.sampled_from(DOCS), st.floats(5, 400), st.sampled_from([24, 25, 30, 60]), st.one_of(st.none(), st.integers(1, 60)))
def test_total_and_count_hold_exactly(doc, total_s: float, fps: int, shots: int | None) -> None:
    made, refusal = attempt(lambda: board(doc, total_s=total_s, fps=fps, shots=shots))
    if made is None:
        assert refusal["minimum_s"] > total_s - 0.1
        return
    assert made.frames == round(total_s * fps)
    assert shots is None or len(made.shots) == shots
    assert all(shot.frames >= 0.45 * fps for shot in made.shots)
    spoken = [line for shot in made.shots for line in shot.lines]
    before = [line for scene in doc.scenes for shot in scene.shots for line in shot.lines]
    assert tokens(" ".join(line.text for line in spoken)) == tokens(" ".join(line.text for line in before))
    for shot in made.shots:
        need_s = sum(speaking_s(line.text, line.language or doc.language) for line in shot.lines)
        assert shot.frames / fps >= need_s / FASTEST - 0.05


def test_without_a_total_speech_has_room() -> None:
    for doc in DOCS:
        for shot in board(doc, fps=25).shots:
            assert shot.frames / 25 > sum(speaking_s(line.text, doc.language) for line in shot.lines)


def test_a_length_that_cannot_hold_the_speech_says_what_would() -> None:
    with pytest.raises(BadInput, match="need at least") as caught:
        board(DOCS[0], total_s=12)
    least = caught.value.facts["minimum_s"]
    made = board(DOCS[0], total_s=least, fps=25)
    assert made.frames == round(least * 25)
    assert "speak faster" in " ".join(made.notes)


def test_a_refusal_speaks_the_script_s_language() -> None:
    with pytest.raises(BadInput, match="最少需要"):
        board(DOCS[1], total_s=9)


def test_spans_stay_in_order_when_shots_are_split_and_joined() -> None:
    for doc in (*DOCS, SILENT):
        for count in (1, 2, 3, 9, 25, 50):
            ends = 0
            for shot in board(doc, shots=count).shots:
                assert ends <= shot.span[0] <= shot.span[1]
                ends = shot.span[1]


def test_silent_scenes_stretch() -> None:
    made = board(SILENT, total_s=20, fps=24, shots=8)
    assert (len(made.shots), made.frames) == (8, 480)
    assert len(made.scenes) == 2


def test_shots_that_are_split_are_seen_differently() -> None:
    made = board(SILENT, shots=6)
    sizes = [shot.camera.size for shot in made.shots]
    assert all(a != b for a, b in pairwise(sizes))


@pytest.mark.parametrize(
    ("total_s", "fps", "shots"), [(0, 25, None), (-3, 25, None), (10, 0, None), (10, 25, 0), (10, 25, 5000), (1e9, 25, None)]
)
def test_impossible_numbers(total_s: float, fps: int, shots: int | None) -> None:
    with pytest.raises(BadInput, match="not possible"):
        board(DOCS[0], total_s=total_s, fps=fps, shots=shots)


def test_a_shot_becomes_a_spec_with_keyed_lines() -> None:
    shot = next(shot for shot in board(DOCS[0]).shots if shot.lines)
    spec = shot_spec(shot)
    assert list(spec.lines) == ["l1"]
    assert spec.camera == shot.camera
