"""What renders would cost and how long they would take, from nothing but views and prices."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class RenderQuote:
    """The price and time of one render, with a line a stage that makes something."""

    owner_id: UUID
    cost_usd: float = 0.0
    expected_s: float = 0.0
    lines: tuple[str, ...] = ()
