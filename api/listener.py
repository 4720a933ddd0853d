"""One LISTEN for a whole process: wakes every event stream of the workspace that has news."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections import defaultdict, deque
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID

from storyreel.commits import CHANNEL, SCREEN
from storyreel.runtime.database import listen

# A screen that does not look for long misses what it was asked to show; nothing else is lost.
MOST_SHOWN = 100


class News(asyncio.Event):
    """Set when a workspace may have news; `shown` is what the screens of whoever waits are asked to show, oldest first."""

    def __init__(self, actor: str) -> None:
        super().__init__()
        self.actor = actor
        self.shown: deque[dict[str, Any]] = deque(maxlen=MOST_SHOWN)


class Listener:
    """Hears the bell and wakes those who wait for a workspace; what a screen is asked to show reaches its own person alone."""

    def __init__(self, dsn: str) -> None:
        self._dsn = dsn
        self._waiting: dict[UUID, set[News]] = defaultdict(set)

    @asynccontextmanager
    async def running(self) -> AsyncGenerator[None]:
        """Listen while the block runs."""
        task = asyncio.create_task(self._listen())
        try:
            yield
        finally:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task

    @asynccontextmanager
    async def news_of(self, workspace_id: UUID, actor: str = "") -> AsyncGenerator[News]:
        """An event that is set whenever the workspace may have news; the waiter clears it."""
        event = News(actor)
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
            for workspace_id, events in self._waiting.items():
                if heard.gap or heard.payload == str(workspace_id):
                    for event in events:
                        event.set()

    def _show(self, said: dict[str, Any]) -> None:
        for news in self._waiting.get(UUID(said.pop("workspace")), ()):
            if news.actor == said["actor"]:
                news.shown.append(said)
                news.set()
