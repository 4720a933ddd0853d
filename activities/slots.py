"""Slots of one queue that are given out only while the machine has room: a worker that is full asks for no work, so that others get it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress

from temporalio.worker import (
    CustomSlotSupplier,
    FixedSizeSlotSupplier,
    SlotMarkUsedContext,
    SlotPermit,
    SlotReleaseContext,
    SlotReserveContext,
    WorkerTuner,
)

LOOK_AGAIN_S = 2.0
# What Temporal's own defaults are; only a worker of workflows uses them.
WORKFLOW_TASKS = 100


class RoomySlots(CustomSlotSupplier):
    """A fixed number of slots, each given out only when `has_room` says so; asked again every `LOOK_AGAIN_S` seconds."""

    def __init__(self, most: int, has_room: Callable[[], bool], tell: Callable[..., None]) -> None:
        self._most = most
        self._has_room = has_room
        self._tell = tell
        self._free: asyncio.Semaphore | None = None
        self._loop: asyncio.AbstractEventLoop | None = None

    async def reserve_slot(self, ctx: SlotReserveContext) -> SlotPermit:
        """Wait for a slot, and for room."""
        del ctx
        if self._free is None:
            self._free, self._loop = asyncio.Semaphore(self._most), asyncio.get_running_loop()
        await self._free.acquire()
        try:
            await self._until_room()
        except BaseException:
            self._free.release()
            raise
        return SlotPermit()

    def try_reserve_slot(self, ctx: SlotReserveContext) -> SlotPermit | None:
        """No slot without asking: these queues are served by many, and nothing on them is started with its workflow's task."""
        del ctx
        return None

    def mark_slot_used(self, ctx: SlotMarkUsedContext) -> None:
        """Nothing to note."""

    def release_slot(self, ctx: SlotReleaseContext) -> None:
        """Give a slot back; called from threads of Temporal's own."""
        del ctx
        if self._free is not None and self._loop is not None:
            with suppress(RuntimeError):  # the loop has ended, and with it the need
                self._loop.call_soon_threadsafe(self._free.release)

    async def _until_room(self) -> None:
        if self._has_room():
            return
        self._tell(there_is=False)
        while not self._has_room():  # noqa: ASYNC110 (nobody tells when a disk has room again)
            await asyncio.sleep(LOOK_AGAIN_S)
        self._tell(there_is=True)


def tuner_of(slots: int, has_room: Callable[[], bool], tell: Callable[..., None]) -> WorkerTuner:
    """How a worker of one media queue gives out its slots. `tell(there_is=...)` hears when room goes and when it comes back."""
    return WorkerTuner.create_composite(
        workflow_supplier=FixedSizeSlotSupplier(WORKFLOW_TASKS),
        activity_supplier=RoomySlots(slots, has_room, tell),
        local_activity_supplier=FixedSizeSlotSupplier(1),
        nexus_supplier=FixedSizeSlotSupplier(1),
    )
