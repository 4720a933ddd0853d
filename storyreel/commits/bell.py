"""The bell: tells the desk and the event streams that a workspace has news.

It is rung after a commit from a connection of its own, once for many: NOTIFY inside every transaction would take the database's
notification lock at each commit. A bell that is lost is heard by the sweep.
"""

from __future__ import annotations

import asyncio
from uuid import UUID

from storyreel.model.errors import Unavailable
from storyreel.runtime.database import Database, notify
from storyreel.runtime.telemetry import log

CHANNEL = "storyreel_bell"


class Bell:
    """Rings for workspaces; what is rung while a ring is on its way goes out together with the next."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._rung: set[UUID] = set()
        self._ringing: asyncio.Task[None] | None = None

    def ring(self, workspace_id: UUID) -> None:
        """Say that a workspace has news; returns at once."""
        self._rung.add(workspace_id)
        if self._ringing is None or self._ringing.done():
            self._ringing = asyncio.get_running_loop().create_task(self._send())

    async def close(self) -> None:
        """Wait until everything rung has gone out."""
        if self._ringing is not None:
            await self._ringing

    async def _send(self) -> None:
        while self._rung:
            heard, self._rung = self._rung, set()
            try:
                async with self._database.begin() as conn:
                    for workspace_id in heard:
                        await notify(conn, CHANNEL, str(workspace_id))
            except Unavailable as away:
                log().warning("bell.lost", workspaces=len(heard), reason=away.detail)
