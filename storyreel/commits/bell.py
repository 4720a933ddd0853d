"""The bell: tells the desk and the event streams that a workspace has news.

It is rung after a commit from a connection of its own, once for many: NOTIFY inside every transaction would take the database's
notification lock at each commit. A bell that is lost is heard by the sweep.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from storyreel.model.digest import canonical
from storyreel.model.errors import Unavailable
from storyreel.runtime.database import Database, notify
from storyreel.runtime.telemetry import log

CHANNEL = "storyreel_bell"
# What a person's own screens are asked to show: said once and never kept, as a wish of an hour ago is no wish any more.
SCREEN = "storyreel_screen"


class Bell:
    """Rings for workspaces; what is rung while a ring is on its way goes out together with the next."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._rung: set[UUID] = set()
        self._shown: list[str] = []
        self._ringing: asyncio.Task[None] | None = None

    def ring(self, workspace_id: UUID) -> None:
        """Say that a workspace has news; returns at once."""
        self._rung.add(workspace_id)
        if self._ringing is None or self._ringing.done():
            self._ringing = asyncio.get_running_loop().create_task(self._send())

    def show(self, workspace_id: UUID, actor: str, shown: Sequence[Mapping[str, Any]]) -> None:
        """Ask the actor's screens to show something; ids and fixed names only. Returns at once."""
        self._shown += [canonical({"workspace": str(workspace_id), "actor": actor, **one}) for one in shown]
        if shown:
            self.ring(workspace_id)

    async def close(self) -> None:
        """Wait until everything rung has gone out."""
        if self._ringing is not None:
            await self._ringing

    async def _send(self) -> None:
        while self._rung:
            heard, self._rung = self._rung, set()
            shown, self._shown = self._shown, []
            try:
                async with self._database.begin() as conn:
                    for workspace_id in heard:
                        await notify(conn, CHANNEL, str(workspace_id))
                    for one in shown:
                        await notify(conn, SCREEN, one)
            except Unavailable as away:
                log().warning("bell.lost", workspaces=len(heard), reason=away.detail)
