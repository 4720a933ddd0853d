"""What follows when a provider does not deliver: one table, by what the work asks of it (pure).

The class of a failure (`storyreel.model.errors`) says what it is; this says how often it is tried, how long is waited, and what may be
given up where the person allows it. Whoever retries, gives way or explains reads it here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from storyreel.pipeline.contract import StageName
from storyreel.pipeline.ports import Capability

# What a request may ask less of.
Less = Literal["resolution", "duration", "count"]
# `own` is the work of this machine: cutting, choosing, joining.
Work = Capability | Literal["own"]


@dataclass(frozen=True, slots=True)
class Recovery:
    """The rules for one capability.

    `tries` counts the first one. A pause is `base_s`, then `factor` times the one before, at most `longest_s`, unless the vendor said
    when (retry-after); a vendor without room is asked again after `no_room_s`. From the try `gives_way_from` on, and only with the
    person's leave, `less` is asked for, or another provider.
    """

    tries: int = 4
    base_s: float = 5.0
    factor: float = 2.0
    longest_s: float = 300.0
    no_room_s: float = 30.0
    less: tuple[Less, ...] = ()
    alternative: bool = True
    rewrite: bool = False
    gives_way_from: int = 2


RECOVERY: dict[Work, Recovery] = {
    "image": Recovery(less=("resolution", "count"), rewrite=True),
    "video": Recovery(less=("resolution", "duration"), rewrite=True),
    # A line takes seconds: who waits for one does not wait as long to ask again.
    "voice": Recovery(base_s=2.0, longest_s=60.0, rewrite=True),
    "music": Recovery(),
    "sfx": Recovery(base_s=2.0, longest_s=60.0, rewrite=True),
    "own": Recovery(alternative=False),
}
CAPABILITY: dict[StageName, Capability] = {
    "grid": "image",
    "sheet": "image",
    "video": "video",
    "voice": "voice",
    "music": "music",
    "sfx": "sfx",
}


def recovery_of(stage: StageName) -> Recovery:
    """The rules for a stage: those of the capability it asks for."""
    work: Work = CAPABILITY.get(stage) or "own"
    return RECOVERY[work]
