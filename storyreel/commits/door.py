"""The door itself: what a process holds to change the graph."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from uuid import UUID

from storyreel.actions.base import Render, Role
from storyreel.commits.bell import Bell
from storyreel.commits.outcome import Actor
from storyreel.ledger.quote import Quote
from storyreel.model.view import GraphView
from storyreel.runtime.database import Database

Pricer = Callable[[GraphView, Sequence[Render]], Quote]
Rights = Callable[[Actor, UUID], Awaitable[Role]]


async def same_everywhere(actor: Actor, _workspace_id: UUID) -> Role:
    """The role that an actor comes with, whatever the workspace."""
    return actor.role


@dataclass(frozen=True)
class Door:
    """A database, a bell, the prices, and the sum above which a person is asked."""

    database: Database
    bell: Bell
    price: Pricer
    threshold_usd: float = 1.0
    # Where renders would wait longer than this, a person is asked whether they may.
    queue_wait_s: float = 3600.0
    # The role of an actor in a workspace: asked where an envelope reaches from one into another.
    role_in: Rights = same_everywhere

    async def close(self) -> None:
        """Let what was rung go out."""
        await self.bell.close()
