"""The door itself: what a process holds to change the graph."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from storyreel.actions.base import Render
from storyreel.commits.bell import Bell
from storyreel.ledger.quote import Quote
from storyreel.model.view import GraphView
from storyreel.runtime.database import Database

Pricer = Callable[[GraphView, Sequence[Render]], Quote]


@dataclass(frozen=True)
class Door:
    """A database, a bell, the prices, and the sum above which a person is asked."""

    database: Database
    bell: Bell
    price: Pricer
    threshold_usd: float = 1.0

    async def close(self) -> None:
        """Let what was rung go out."""
        await self.bell.close()
