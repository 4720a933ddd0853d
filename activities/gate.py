"""What stands before every call that makes something: a person may hold the provider, it may be away, and its turn may not have come.

Nothing is written down for a call that does not get through here, and no try is used up by waiting.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from storyreel.ledger import providers
from storyreel.model.errors import Paused, Waits
from storyreel.providers.registry import Registry
from storyreel.runtime.database import Database

# A turn that is further off than this is waited for outside, where it holds no place of a worker.
MOST_S = 20.0
LATER_S = 15.0


@dataclass(frozen=True)
class Gate:
    """The gate of one process. The turns and the number of jobs are counted in the database, for all processes together."""

    database: Database
    registry: Registry
    most_s: float = MOST_S

    async def check(self, conn: AsyncConnection, workspace_id: UUID, provider: str) -> None:
        """See whether a provider may be called at all.

        Raises:
            Paused: a person holds it in this workspace.
            Down: it failed several times in a row and is left alone.
        """
        await self.check_held(conn, workspace_id, provider)
        self.registry.breakers.of(provider).enter()

    async def turn(self, provider: str) -> None:
        """Wait until a call may leave.

        Raises:
            Waits: its turn is too far off.
        """
        limit = self.registry.limit(provider)
        if limit.every_s is None:
            return
        async with self.database.begin() as conn:
            in_s = await providers.take_turn(conn, provider, every_s=limit.every_s, most_s=self.most_s)
        if in_s is None:
            self.registry.breakers.of(provider).unused()
            raise Waits(f"{provider} takes {limit.words()}, and others come first.", retry_after_s=LATER_S, provider=provider)
        await asyncio.sleep(in_s)

    async def check_held(self, conn: AsyncConnection, workspace_id: UUID, provider: str) -> None:
        """See whether a person holds the provider.

        Raises:
            Paused: somebody does; the message says who, and why.
        """
        pause = await providers.pause_of(conn, workspace_id, provider)
        if pause is not None:
            why = f" ({pause.reason})" if pause.reason else ""
            raise Paused(
                f"{provider} is held by {pause.paused_by}{why}; it goes on when it is let go.", provider=provider, created=False
            )

    async def room(self, conn: AsyncConnection, provider: str) -> bool:
        """Whether the provider takes one more job now; until the transaction ends nobody else finds the same room."""
        at_once = self.registry.limit(provider).at_once
        return at_once is None or await providers.room(conn, provider, at_once)
