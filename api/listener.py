"""One LISTEN for a whole process: wakes every event stream of the workspace that has news."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections import defaultdict, deque
from collections.abc import AsyncGenerator, Iterable
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID

from storyreel.commits import CHANNEL, SCREEN
from storyreel.ledger import events
from storyreel.model.errors import Unavailable
from storyreel.runtime.database import Database, listen

# A screen that does not look for long misses what it was asked to show; nothing else is lost.
MOST_SHOWN = 100
LOOK_S = 5.0


class News(asyncio.Event):
    """Set when a workspace may have news; `shown` is what the screens of whoever waits are asked to show, oldest first."""

    def __init__(self, actor: str, *, bells: bool = True) -> None:
        super().__init__()
        self.actor, self.bells = actor, bells
        self.shown: deque[dict[str, Any]] = deque(maxlen=MOST_SHOWN)


class Listener:
    """Hears the bell and wakes those who wait for a workspace; what a screen is asked to show reaches its own person alone."""

    def __init__(self, dsn: str, database: Database) -> None:
        self._dsn, self._database = dsn, database
        self._waiting: dict[UUID, set[News]] = defaultdict(set)

    @asynccontextmanager
    async def running(self) -> AsyncGenerator[None]:
        """Listen while the block runs."""
        tasks = [asyncio.create_task(self._listen()), asyncio.create_task(self._look())]
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    @asynccontextmanager
    async def news_of(self, workspace_id: UUID, actor: str = "", *, bells: bool = True) -> AsyncGenerator[News]:
        """An event that is set whenever the workspace may have news; the waiter clears it. Without `bells` only screens are told."""
        event = News(actor, bells=bells)
        event.set()
        self._waiting[workspace_id].add(event)
        try:
            yield event
        finally:
            self._waiting[workspace_id].discard(event)
            if not self._waiting[workspace_id]:
                del self._waiting[workspace_id]

    async def _listen(self) -> None:
        async for heard in listen(self._dsn, CHANNEL, SCREEN):
            if heard.channel == SCREEN:
                self._show(json.loads(heard.payload))
                continue
            # After a gap nobody knows what was missed, so everybody looks.
            self._wake(self._waiting if heard.gap else [UUID(heard.payload)])

    async def _look(self) -> None:
        """A bell can be lost: now and then, see in one question which workspaces have moved."""
        stood: dict[UUID, tuple[int, int]] = {}
        while True:
            await asyncio.sleep(LOOK_S)
            with contextlib.suppress(Unavailable):
                async with self._database.connect() as conn:
                    stand = await events.stands(conn, [*self._waiting])
                self._wake([one for one, at in stand.items() if stood.get(one) != at])
                stood = stand

    def _wake(self, workspaces: Iterable[UUID]) -> None:
        for workspace_id in workspaces:
            for news in self._waiting.get(workspace_id, ()):
                if news.bells:
                    news.set()

    def _show(self, said: dict[str, Any]) -> None:
        for news in self._waiting.get(UUID(said.pop("workspace")), ()):
            if news.actor == said["actor"]:
                news.shown.append(said)
                news.set()
