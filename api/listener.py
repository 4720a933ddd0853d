"""One LISTEN for a whole process: wakes every event stream of the workspace that has news."""

from __future__ import annotations

import asyncio
import contextlib
from collections import defaultdict
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from uuid import UUID

from storyreel.commits import CHANNEL
from storyreel.runtime.database import listen


class Listener:
    """Hears the bell and wakes those who wait for a workspace."""

    def __init__(self, dsn: str) -> None:
        self._dsn = dsn
        self._waiting: dict[UUID, set[asyncio.Event]] = defaultdict(set)

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
    async def news_of(self, workspace_id: UUID) -> AsyncGenerator[asyncio.Event]:
        """An event that is set whenever the workspace may have news; the waiter clears it."""
        event = asyncio.Event()
        event.set()
        self._waiting[workspace_id].add(event)
        try:
            yield event
        finally:
            self._waiting[workspace_id].discard(event)
            if not self._waiting[workspace_id]:
                del self._waiting[workspace_id]

    async def _listen(self) -> None:
        async for heard in listen(self._dsn, CHANNEL):
            # After a gap nobody knows what was missed, so everybody looks.
            for workspace_id, events in self._waiting.items():
                if heard.gap or heard.payload == str(workspace_id):
                    for event in events:
                        event.set()
