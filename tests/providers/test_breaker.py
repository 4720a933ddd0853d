"""A provider that is away is left alone, and found again by one call."""

from __future__ import annotations

import pytest

from storyreel.model.errors import Down, NotPossible, Transient
from storyreel.providers.breaker import FAILURES, LONGEST_S, Breaker, Breakers

AWAY = Transient("no answer")


class Clock:
    def __init__(self):
        self.now_s = 100.0

    def __call__(self):
        return self.now_s


@pytest.fixture
def clock():
    return Clock()


def broken(clock) -> Breaker:
    breaker = Breaker("remote", clock=clock)
    for _ in range(FAILURES):
        breaker.enter()
        breaker.failed(AWAY)
    return breaker


def test_it_opens_after_several_failures_on_end_and_says_for_how_long(clock):
    breaker = Breaker("remote", clock=clock)
    for _ in range(FAILURES - 1):
        breaker.failed(AWAY)
    breaker.enter()
    breaker.failed(AWAY)
    with pytest.raises(Down, match="remote failed 5 times") as down:
        breaker.enter()
    assert down.value.retry_after_s == pytest.approx(30)
    assert down.value.facts["created"] is False


def test_an_answer_in_between_begins_the_count_anew(clock):
    breaker = Breaker("remote", clock=clock)
    for failure in [AWAY] * 4 + [NotPossible("no")] + [AWAY] * 4:
        breaker.failed(failure)
    breaker.enter()
    breaker.passed()
    assert breaker.state == "closed"


@pytest.mark.parametrize(
    "failure",
    [
        NotPossible("never"),
        Transient("busy", busy=True),
        Transient("busy", retry_after_s=3),
        Transient("the job failed", over=True),
        ValueError(),
    ],
)
def test_what_does_not_say_that_the_vendor_is_away_does_not_count(clock, failure):
    breaker = Breaker("remote", clock=clock)
    for _ in range(3 * FAILURES):
        breaker.failed(failure)
    assert breaker.state == "closed"


def test_one_call_tries_whether_it_is_back_while_the_others_go_on_waiting(clock):
    breaker = broken(clock)
    clock.now_s += 31
    breaker.enter()
    with pytest.raises(Down):
        breaker.enter()
    breaker.passed()
    breaker.enter()
    breaker.enter()


def test_each_time_it_is_still_away_it_is_left_alone_for_longer(clock):
    breaker, waits = broken(clock), []
    for _ in range(6):
        waits.append(breaker.left_s)
        clock.now_s += breaker.left_s + 0.1
        breaker.enter()
        breaker.failed(AWAY)
    assert waits[:3] == [pytest.approx(30), pytest.approx(60), pytest.approx(120)]
    assert waits[-1] == pytest.approx(LONGEST_S)


def test_each_provider_has_its_own(clock):
    breakers = Breakers(clock)
    for _ in range(FAILURES):
        breakers.of("remote").failed(AWAY)
    assert (breakers.of("remote").state, breakers.of("other").state) == ("open", "closed")
