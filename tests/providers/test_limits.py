"""What STORYREEL_PROVIDER_LIMITS says."""

from __future__ import annotations

from uuid import uuid4

import pytest

from activities.terms import Terms
from storyreel.providers.limits import Limit, WrongLimit, parse
from storyreel.providers.registry import Registry
from storyreel.runtime.settings import Settings, load


def test_a_rate_and_how_many_at_once_by_provider():
    said = parse("remote=60/min,at once 4; other = 5/s ;third=2 at once")
    assert said == {"remote": Limit(1.0, 4), "other": Limit(0.2), "third": Limit(None, 2)}
    assert said["remote"].words() == "60 a minute, 4 at once"


@pytest.mark.parametrize(
    "text", ["remote", "remote=", "remote=fast", "=5/s", "remote=0/min", "remote=at once 0", "remote=5/fortnight"]
)
def test_what_is_not_understood_is_quoted(text):
    with pytest.raises(WrongLimit, match="PROVIDER_LIMITS"):
        parse(text)


def test_nothing_said_is_no_limit():
    assert Registry(Settings()).limit("remote") == Limit()


def test_unknown_calls_are_decided_by_vendor_and_else_by_the_sum_for_all(monkeypatch):
    monkeypatch.setenv("STORYREEL_ON_UNKNOWN", "remote=ask,other=0.50")
    monkeypatch.setenv("STORYREEL_ASSUME_CHARGED_BELOW_USD", "0.1")
    settings = load()
    nobody = Terms(uuid4(), uuid4(), "voice", None, settings.assume_charged_below_usd, on_unknown=Registry(settings).on_unknown)
    assert [nobody.assumed_usd(name) for name in ("remote", "other", "third")] == [0.0, 0.5, 0.1]
