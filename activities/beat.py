"""Signs of life: Temporal hears that a stage is being made, and only so can it say that the stage is no longer wanted."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress

from temporalio import activity

EVERY_S = 1.0
# How much further a stage must be to be worth a row, and how long it must have been quiet.
STEP = 0.05
QUIET_S = 2.0

Tell = Callable[[float], Awaitable[None]]


class Beat:
    """How far a stage is, 0 to 1: called by whoever makes, from any thread."""

    def __init__(self) -> None:
        self.fraction = 0.0

    def __call__(self, fraction: float) -> None:
        """Say how far it is."""
        self.fraction = min(1.0, max(0.0, fraction))


@asynccontextmanager
async def beating(tell: Tell) -> AsyncGenerator[Beat]:
    """Heartbeat while the block runs, and `tell` how far it is now and then; a failure to tell stops nothing."""
    beat = Beat()
    ticking = asyncio.create_task(_tick(beat, tell))
    try:
        yield beat
    finally:
        ticking.cancel()
        with suppress(asyncio.CancelledError):
            await ticking


async def _tick(beat: Beat, tell: Tell) -> None:
    told, quiet_s = 0.0, 0.0
    while True:
        activity.heartbeat(round(beat.fraction, 3))
        if beat.fraction - told >= STEP and quiet_s >= QUIET_S:
            told, quiet_s = beat.fraction, 0.0
            with suppress(Exception):
                await tell(beat.fraction)
        await asyncio.sleep(EVERY_S)
        quiet_s += EVERY_S
