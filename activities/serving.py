"""What a worker process holds and serves: one Temporal worker a queue, and beside the desk's queue the relay and the sweep."""

from __future__ import annotations

import asyncio
import os
import shutil
import socket
from collections.abc import AsyncGenerator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta
from functools import partial

from temporalio.worker import Worker

from activities.kit import KitMaker, kits_of
from activities.precheck import Precheck, free_here
from activities.registry import activities_of
from activities.slots import tuner_of
from activities.sweep import sweeping
from activities.work import Work
from storyreel.commits import Bell, Door
from storyreel.desk import Relay, connect, ensure_search_attributes
from storyreel.ledger.quote import pricer
from storyreel.pipeline.contract import Queue, task_queue
from storyreel.runtime.database import database_of
from storyreel.runtime.settings import Settings
from storyreel.runtime.telemetry import log

# Painting, encoding and speaking fill a core each; the rest waits for others.
CORES = max(1, os.cpu_count() or 1)
SLOTS: dict[Queue, int] = {"desk": 100, "spec": 50, "image": CORES, "video": CORES, "audio": CORES, "post": CORES, "io": 10}
# Where a stage needs room on the machine; the other queues only move rows.
MEDIA: frozenset[Queue] = frozenset({"image", "video", "audio", "post"})
GRACE_S = 8.0
# A cancel is heard with a heartbeat, so heartbeats are not held back for long.
HEARTBEATS = timedelta(seconds=2)


def slots_of(settings: Settings, queues: Sequence[Queue]) -> dict[Queue, int]:
    """How many activities of each queue run at once here."""
    return {queue: settings.worker_slots.get(queue, SLOTS[queue]) for queue in queues}


def worker_of(work: Work, queue: Queue, slots: int, workflows: Sequence[type] = (), grace_s: float = GRACE_S) -> Worker:
    """The worker of one queue; workflows run on the desk's, and a queue of media is asked for work only while there is room for it."""
    roomy = work.precheck if queue in MEDIA else None
    return Worker(
        work.client,
        task_queue=task_queue(queue),
        workflows=workflows if queue == "desk" else (),
        activities=activities_of(work, queue),
        max_concurrent_activities=None if roomy else slots,
        tuner=tuner_of(slots, partial(roomy.has_room, queue), partial(_tell_room, queue)) if roomy else None,
        graceful_shutdown_timeout=timedelta(seconds=grace_s),
        max_heartbeat_throttle_interval=HEARTBEATS,
        default_heartbeat_throttle_interval=HEARTBEATS,
    )


@asynccontextmanager
async def pools(
    work: Work, dsn: str, queues: Sequence[Queue], slots: dict[Queue, int], workflows: Sequence[type], *, grace_s: float = GRACE_S
) -> AsyncGenerator[asyncio.Future[None]]:
    """Serve while the block runs; the future fails when a part of the worker does. The end is graceful, for all queues at once."""
    workers = [
        worker_of(work, queue, slots.get(queue, SLOTS[queue]), workflows, grace_s)
        for queue in queues
        if activities_of(work, queue)
    ]
    relays = [Relay(work.client, work.door.database, dsn).run()] if "desk" in queues else []
    if relays and isinstance(work.kits, KitMaker):
        relays.append(sweeping(work.kits))
    parts = [asyncio.ensure_future(part) for part in (*(worker.run() for worker in workers), *relays)]
    running = asyncio.ensure_future(_first_failure(parts))
    try:
        yield running
    finally:
        running.cancel()
        await asyncio.gather(*(worker.shutdown() for worker in workers), return_exceptions=True)
        for part in parts[len(workers) :]:
            part.cancel()
        await asyncio.gather(*parts, running, return_exceptions=True)


@asynccontextmanager
async def opened(settings: Settings) -> AsyncGenerator[Work]:
    """What a worker holds, from the settings."""
    async with AsyncExitStack() as stack:
        database = database_of(settings)
        stack.push_async_callback(database.close)
        kits = kits_of(settings, database)
        stack.callback(shutil.rmtree, kits.scratch, ignore_errors=True)
        stack.push_async_callback(kits.close)
        client = await connect(settings)
        await ensure_search_attributes(client)
        price = pricer(kits.registry)
        door = Door(
            database=database,
            bell=Bell(database),
            price=price,
            threshold_usd=settings.spending_threshold_usd,
            queue_wait_s=settings.queue_wait_s,
        )
        stack.push_async_callback(door.close)
        room = Precheck(database, kits.registry, partial(free_here, settings.home_dir), socket.gethostname())
        yield Work(door=door, client=client, kits=kits, precheck=room)


async def _first_failure(parts: Sequence[asyncio.Future[None]]) -> None:
    done, _ = await asyncio.wait(parts, return_when=asyncio.FIRST_EXCEPTION)
    for part in done:
        part.result()


def _tell_room(queue: Queue, *, there_is: bool) -> None:
    if there_is:
        log().info("worker.room_again", queue=queue)
    else:
        log().warning("worker.no_room", queue=queue, doing="asking for no work of this queue until there is room again")
