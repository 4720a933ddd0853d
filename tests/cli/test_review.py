"""`storyreel review` in words."""

from __future__ import annotations

from typing import Any

import pytest
import typer

from storyreel.cli.review import _json, listed


def one(**more: Any) -> dict[str, Any]:
    plain = {
        "kind": "task", "since": "2026-11-21T10:00:00+00:00", "code": "provider-resource", "said": "no room for this", "task_kind": "shot",
        "state": "manual_review", "shot": 4, "title": "A lamp", "stage": "video", "provider": "remote", "cost_usd": 0.02, "held_usd": 0.0,
        "proposal": "", "choices": [{"verb": "retry", "says": "retry it"}, {"verb": "smaller", "says": "allow a smaller one"}],
    }  # fmt: skip
    return {**plain, **more}


def test_what_waits_is_told_with_its_cost_and_choices():
    said = listed({"waiting": [one()], "proposals": 2, "held": [{"provider": "remote", "paused_by": "anna"}]})
    assert said.splitlines() == [
        "1 thing to decide:",
        "shot 4 (video): no room for this [$0.02 spent]",
        "  choose: retry: retry it; smaller: allow a smaller one",
        "2 proposals to decide",
        "the provider remote is held by anna",
    ]


def test_an_unknown_call_has_both_choices_explained():
    charged = [{"verb": "charged", "says": ""}, {"verb": "not_charged", "says": ""}]
    said = listed({"waiting": [one(kind="job", cost_usd=0, held_usd=0.5, choices=charged)], "proposals": 0, "held": []})
    assert "[$0.50 held]" in said
    assert "charged: it was charged: the sum is spent, and it is bought once more" in said
    assert "not_charged: it was not charged: the sum is given back, and it is bought" in said


def test_nothing_waits_is_said_too_and_wrong_json_is_wrong_usage():
    assert listed({"waiting": [], "proposals": 0, "held": []}) == "Nothing waits for you."
    with pytest.raises(typer.BadParameter):
        _json("{")
