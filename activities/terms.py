"""For whom is bought, and under which rules; and the two ways in which nothing comes of it without anything being wrong with a vendor."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from uuid import UUID

from storyreel.model.errors import NotPossible

# Longer than the longest submit: a job that is `sending` for longer than this has lost its sender.
LEASE_S = 20.0
# No vendor is at one job for longer; then it is called off.
PATIENCE_S = 7200.0


class NoLongerWanted(Exception):  # it is no failure: nothing is wrong, and nothing was bought
    """The work is not wanted any more; nothing was bought."""


class NotKnown(NotPossible):
    """It is not known whether the provider has this job, and it cannot be looked up; a person has to decide."""

    code = "provider-job-unknown"


async def always() -> bool:
    """Everything is wanted."""
    return True


async def quietly(note: str) -> None:
    """Nobody is told."""
    del note


@dataclass(frozen=True)
class Terms:
    """For whom is bought, and under which rules.

    `on_unknown_usd`: a call that may have been made, at a provider that cannot tell, is taken as charged and made again up to this price;
    above it a person is asked. `on_unknown` says the same of single providers. `lease_s` must be longer than any provider's submit takes.
    `patience_s` is how long a vendor may be at one job before it is called off and tried anew. `tell` is told what a person should know of, in words.
    """

    workspace_id: UUID
    owner_id: UUID
    stage: str
    task_id: UUID | None = None
    on_unknown_usd: float = 0.0
    lease_s: float = LEASE_S
    patience_s: float = PATIENCE_S
    still_wanted: Callable[[], Awaitable[bool]] = always
    called_off: Callable[[], bool] = lambda: False
    on_unknown: Mapping[str, float] = field(default_factory=dict[str, float])
    tell: Callable[[str], Awaitable[None]] = quietly

    def assumed_usd(self, provider: str) -> float:
        """Up to which price an unknown call of a provider is taken as charged and sent again; 0 asks a person."""
        return self.on_unknown.get(provider, self.on_unknown_usd)
