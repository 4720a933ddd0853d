"""A short seeded run of what `make chaos` does at length."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.chaos import storm
from tests.chaos.run import chaos

SEED, KILLS, SHOTS = 7, 6, 6


@pytest.mark.timeout(900)
def test_nothing_is_lost_and_nothing_paid_twice_whatever_dies(tmp_path: Path) -> None:
    found = chaos(tmp_path, SEED, KILLS, SHOTS)
    assert found.account.wrong == []
    assert sum(found.account.states.values()) == SHOTS
    assert found.account.charged_jobs == found.account.keys > SHOTS
    assert found.account.vendor_usd == found.account.spent_usd > 0
    assert found.account.misbehaved
    assert found.edits > 0 and found.events > 0
    assert sum(found.starts.values()) > len(found.starts)


def test_a_seed_says_what_is_struck_and_a_long_run_strikes_every_part_alone_and_in_pairs() -> None:
    assert storm.plan(3, 60) == storm.plan(3, 60) != storm.plan(4, 60)
    struck = {frozenset(blow.targets) for blow in storm.plan(3, 60)}
    assert struck == {frozenset({one, other}) for one in storm.KINDS for other in storm.KINDS}
    assert {blow.how for blow in storm.plan(3, 60)} == {"kill", "kill with children", "stop"}
    assert [blow.targets for blow in storm.plan(3, 6)][:5] == [blow.targets for blow in storm.plan(3, 60)][:5]
    assert {len(blow.targets) for blow in storm.plan(3, 6)} == {1, 2}
    assert sum(blow.how != "stop" for blow in storm.plan(3, 60)) == 60
