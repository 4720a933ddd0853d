from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storyreel.actions.package_names import DRAFT_FIELDS, STORY_FIELDS, STORY_RULE, checked_rule, ending_of, named, safe, unique
from storyreel.model.errors import BadInput

FORBIDDEN = set('/\\:*?"<>|\x00\n\r\t')
MOST_BYTES = 255


@given(st.lists(st.tuples(st.text(max_size=400), st.sampled_from(["png", "mp4", ""])), max_size=12))
def test_whatever_people_call_things_files_have_names_that_every_system_takes(names: list[tuple[str, str]]) -> None:
    done = unique((safe(stem), ending) for stem, ending in names)
    assert len({name.casefold() for name in done}) == len(names)
    for name in done:
        assert name
        assert not FORBIDDEN & set(name)
        assert not name.startswith((".", " "))
        assert len(name.encode()) <= MOST_BYTES


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("../../etc/passwd", "_.._etc_passwd"),
        ("con", "_con"),
        ("CON.png", "_CON.png"),
        ("灯塔 的 夜", "灯塔 的 夜"),
        ("...", "file"),
        ("e\u0301t\u00e9", "été"),
        ("a\u202egnp.exe", "a_gnp.exe"),
    ],
)
def test_a_name_is_made_safe(said: str, kept: str) -> None:
    assert safe(said) == kept


def test_a_rule_is_filled_with_numbers_as_wide_as_it_says() -> None:
    values = {"project": "Lamp", "shot": 7, "stage": "select", "n": 2}
    assert named(checked_rule(STORY_RULE, STORY_FIELDS), values) == "Lamp-007-select-2"
    assert named("{project}_{shot:2}", values) == "Lamp_ 7"
    assert unique([("a", "png"), ("A", "png"), ("a", "mp4")]) == ["a.png", "A (2).png", "a.mp4"]
    assert ending_of("image/jpeg; charset=binary") == "jpg"


@pytest.mark.parametrize("rule", ["{0}", "{}", "{n:{n}}", "{n:03d}", "{project:10}", "{scene.spec}", "{n}}", "x" * 201])
def test_a_rule_reaches_nothing_but_its_fields(rule: str) -> None:
    with pytest.raises(BadInput):
        checked_rule(rule, DRAFT_FIELDS)
