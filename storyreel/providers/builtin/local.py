"""What the built-in providers have in common: a job is only its request, so a handle is never lost and costs nothing to make again."""

from __future__ import annotations

import asyncio
import threading
from collections import defaultdict
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass

from storyreel.model.errors import NotPossible
from storyreel.pipeline.ports import Progress, Request

PREFIX = "builtin:"


class Cancelled(NotPossible):
    """It was cancelled before it was done; ask for it again if it is still wanted."""

    code = "provider-cancelled"


@dataclass(frozen=True, slots=True)
class Work:
    """One job in its thread: `stopped` asks whether to go on, `tell` says how far it is from any thread."""

    stopped: Callable[[], bool]
    tell: Progress

    def between(self, fraction: float) -> None:
        """Say how far it is.

        Raises:
            Cancelled: the job is to stop.
        """
        if self.stopped():
            raise Cancelled
        self.tell(fraction)


class LocalJobs:
    """Handles made of keys, and a way to stop what is being made."""

    def __init__(self) -> None:
        self._running: dict[str, set[threading.Event]] = defaultdict(set)

    async def submit(self, request: Request, key: str) -> str:  # noqa: ARG002 - the work begins in `wait`
        """The handle; nothing is started."""
        return PREFIX + key

    async def find(self, key: str) -> str | None:
        """The handle, always: what was lost with a process is made again, for nothing."""
        return PREFIX + key

    async def cancel(self, handle: str) -> None:
        """Stop what is being made under a handle, soon; waiting for it then ends with `Cancelled`."""
        for stop in self._running.get(handle, ()):
            stop.set()

    @contextmanager
    def working(self, handle: str, progress: Progress) -> Generator[Work]:
        """A job while the block runs. Leaving the block stops its thread too, so that none works on for nobody."""
        stop, loop = threading.Event(), asyncio.get_running_loop()

        def tell(fraction: float) -> None:
            loop.call_soon_threadsafe(progress, fraction)

        self._running[handle].add(stop)
        try:
            yield Work(stop.is_set, tell)
        finally:
            stop.set()
            self._running[handle].discard(stop)
            if not self._running[handle]:
                del self._running[handle]
