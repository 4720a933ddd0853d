"""Breakers: a provider that fails again and again is left alone for a while, so that nobody waits for it in vain.

One a provider and process. A library was looked at (`purgatory`): it counts every exception that passes as a failure of the vendor,
lets everybody through at once when the time is over, and says nothing of how long is left. Here only what says that the vendor is away
counts, one call tries whether it is back, and the time left goes to whoever has to wait.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

from storyreel.model.errors import Down, StoryreelError, Transient

FAILURES = 5
FIRST_S = 30.0
LONGEST_S = 300.0
State = Literal["closed", "open", "trying"]


@dataclass
class Breaker:
    """One provider's. `closed` lets everything through, `open` nothing, `trying` one call."""

    provider: str
    failures: int = FAILURES
    first_s: float = FIRST_S
    clock: Callable[[], float] = time.monotonic
    _failed: int = 0
    _opened: int = 0
    _until_s: float = 0.0

    @property
    def state(self) -> State:
        """How it stands now."""
        if self._failed < self.failures:
            return "closed"
        return "open" if self.clock() < self._until_s else "trying"

    @property
    def left_s(self) -> float:
        """How long it stays open; 0 when it is not."""
        return max(0.0, self._until_s - self.clock()) if self.state == "open" else 0.0

    def enter(self) -> None:
        """Ask whether a call may be made; of those who ask when the time is over, one may.

        Raises:
            Down: it is left alone; `retry_after_s` says for how long.
        """
        match self.state:
            case "closed":
                return
            case "trying":
                # Whoever tries may die over it: then another may try.
                self._until_s = self.clock() + self.first_s
            case "open":
                left_s = max(1.0, self.left_s)
                raise Down(
                    f"{self.provider} failed {self._failed} times in a row and is left alone for {left_s:.0f} s.",
                    retry_after_s=left_s,
                    created=False,
                    provider=self.provider,
                )

    def unused(self) -> None:
        """The call that it let through was not made after all."""
        if self._failed >= self.failures:
            self._until_s = min(self._until_s, self.clock())

    def passed(self) -> None:
        """It answered."""
        self._failed, self._opened = 0, 0

    def failed(self, failure: BaseException) -> None:
        """A call of it failed; only what says that it is away counts, any other answer shows that it is there."""
        if not is_away(failure):
            if isinstance(failure, StoryreelError):
                self.passed()
            return
        self._failed += 1
        if self._failed >= self.failures:
            self._until_s = self.clock() + min(LONGEST_S, self.first_s * 2**self._opened)
            self._opened += 1


@dataclass
class Breakers:
    """The breakers of a process, by provider."""

    clock: Callable[[], float] = time.monotonic
    _of: dict[str, Breaker] = field(default_factory=dict[str, Breaker])

    def of(self, provider: str) -> Breaker:
        """The breaker of a provider."""
        return self._of.setdefault(provider, Breaker(provider, clock=self.clock))


def is_away(failure: BaseException) -> bool:
    """Whether a failure says that the vendor is away: it did not answer, or stumbled; not that it is busy, nor that a job failed."""
    return (
        isinstance(failure, Transient)
        and not isinstance(failure, Down)
        and failure.retry_after_s is None
        and failure.facts.get("busy") is not True
        and failure.facts.get("over") is not True
    )
