"""How fast and how many at once a provider may be asked, for the whole installation: what the setting says, as values (pure).

STORYREEL_PROVIDER_LIMITS="remote=60/min,at once 4; other=5/s"
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from storyreel.model.errors import BadInput

UNITS_S = {"s": 1.0, "sec": 1.0, "second": 1.0, "min": 60.0, "minute": 60.0, "h": 3600.0, "hour": 3600.0}
_RATE = re.compile(r"^(\d+(?:\.\d+)?)\s*(?:/|per)\s*([a-z]+)$")
_AT_ONCE = re.compile(r"^(?:at once\s*(\d+)|(\d+)\s*at once)$")


class WrongLimit(BadInput):
    """STORYREEL_PROVIDER_LIMITS is not understood; write `remote=60/min,at once 4`, and `;` between providers."""

    code = "wrong-setting"


@dataclass(frozen=True, slots=True)
class Limit:
    """`every_s`: the least time between two calls; `at_once`: the most jobs there may be. None is no limit."""

    every_s: float | None = None
    at_once: int | None = None

    def words(self) -> str:
        """For a person."""
        rate = f"{60 / self.every_s:g} a minute" if self.every_s else ""
        return ", ".join(part for part in (rate, f"{self.at_once} at once" if self.at_once else "") if part) or "no limit"


def parse(text: str) -> dict[str, Limit]:
    """The limits by provider.

    Raises:
        WrongLimit: it is not understood; the message quotes the part.
    """
    return dict(_one(part.strip()) for part in text.split(";") if part.strip())


def _one(text: str) -> tuple[str, Limit]:
    name, _, said = text.partition("=")
    every_s, at_once = None, None
    for part in (part.strip().lower() for part in said.split(",")):
        rate, most = _RATE.match(part), _AT_ONCE.match(part)
        if rate and rate[2] in UNITS_S and float(rate[1]) > 0:
            every_s = UNITS_S[rate[2]] / float(rate[1])
        elif most and int(most[1] or most[2]) > 0:
            at_once = int(most[1] or most[2])
        else:
            raise WrongLimit(f"STORYREEL_PROVIDER_LIMITS: {text!r} is not understood; write `remote=60/min,at once 4`")
    if not name.strip():
        raise WrongLimit(f"STORYREEL_PROVIDER_LIMITS: {text!r} names no provider")
    return name.strip(), Limit(every_s, at_once)
