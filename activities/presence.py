"""A worker's word that it lives: to the ledger, where `storyreel doctor` reads it, and to the file that a container's probe looks at."""

from __future__ import annotations

import asyncio
import os
import socket
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, replace
from importlib.metadata import version
from typing import Any
from uuid import uuid4

from activities.precheck import Free, lacking, least_of
from storyreel.ledger import workers
from storyreel.ledger.workers import EVERY_S, Worker
from storyreel.model.errors import Unavailable
from storyreel.pipeline.contract import QUEUES, Queue
from storyreel.runtime.database import Database
from storyreel.runtime.ready import announce
from storyreel.runtime.telemetry import log

# A clock that is further off than this makes leases and heartbeats tell wrong.
CLOCK_OFF_S = 5.0


@dataclass
class Presence:
    """What a worker says of itself."""

    database: Database
    worker: Worker
    free: Callable[[], Free]
    draining: bool = False

    async def speak(self) -> None:
        """Say once that it lives; while the database is away, the probe's file alone hears it."""
        free = self.free()
        facts = {
            **self.worker.facts,
            "disk_free_mb": round(free.disk_mb),
            "memory_free_mb": round(free.memory_mb),
            "draining": self.draining,
            "full": [queue for queue in self.worker.queues if queue in QUEUES and lacking(least_of(queue), free)],
        }
        try:
            async with self.database.begin() as conn:
                off_s = await workers.see(conn, replace(self.worker, facts=facts))
        except Unavailable as away:
            log().warning("worker.unheard", reason=away.detail)
            return
        finally:
            announce()
        if abs(off_s) > CLOCK_OFF_S:
            log().warning("worker.clock_off", off_s=round(off_s, 1))

    async def drain(self) -> None:
        """Say that nothing new is taken."""
        self.draining = True
        await self.speak()

    async def keep(self) -> None:
        """Speak again and again, for ever."""
        while True:
            await asyncio.sleep(EVERY_S)
            await self.speak()


@asynccontextmanager
async def present(
    database: Database, queues: Sequence[Queue], slots: Mapping[Queue, int], free: Callable[[], Free], *, build_id: str = ""
) -> AsyncGenerator[Presence]:
    """Be known as a worker while the block runs; a process that is killed stays in the list and is seen to be dead."""
    facts: dict[str, Any] = {"slots": {queue: slots[queue] for queue in queues if queue in slots}}
    told = Worker(uuid4(), socket.gethostname(), os.getpid(), tuple(queues), version("storyreel"), build_id, facts=facts)
    one = Presence(database, told, free)
    await one.speak()
    keeping = asyncio.create_task(one.keep())
    try:
        yield one
    finally:
        keeping.cancel()
        with suppress(Unavailable):
            async with database.begin() as conn:
                await workers.leave(conn, told.id)
