"""A worker: `python -m worker [--queues video,post]`. It serves every queue of the settings, and the relay where it serves the desk's.

SIGTERM or SIGINT: it takes nothing new, gives what is being made the grace of the settings, hands back the rest and ends. A second one ends
it at once; what it was making is taken over when its heartbeats stay away.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import shutil
import signal
import socket
from collections.abc import AsyncGenerator, Coroutine, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta
from functools import partial
from typing import Any, NoReturn

import psutil
from temporalio.client import Client
from temporalio.worker import Worker

from activities.kit import KitMaker, kits_of
from activities.precheck import Precheck, free_here
from activities.presence import present
from activities.registry import activities_of
from activities.slots import tuner_of
from activities.sweep import sweeping
from activities.work import Work
from storyreel.commits import Bell, Door
from storyreel.desk import Relay, connect, ensure_search_attributes
from storyreel.desk.plugin import is_build
from storyreel.desk.watching import figures, tell_temporal
from storyreel.ledger.quote import pricer
from storyreel.model.errors import StoryreelError
from storyreel.pipeline.contract import QUEUES, Queue, task_queue
from storyreel.runtime import telemetry
from storyreel.runtime.database import database_of
from storyreel.runtime.exit import leave
from storyreel.runtime.join import become, join
from storyreel.runtime.settings import Settings, load
from workflows.cut import EpisodeCut
from workflows.desk import RenderDesk
from workflows.moving import MovingDesk
from workflows.scheduled import ScheduledAsk
from workflows.sheet import SheetRender
from workflows.shot import ShotRender

RUNS = (ShotRender, EpisodeCut, SheetRender, ScheduledAsk)
# Painting, encoding and speaking fill a core each; the rest waits for others.
CORES = max(1, os.cpu_count() or 1)
SLOTS: dict[Queue, int] = {"desk": 100, "spec": 50, "image": CORES, "video": CORES, "audio": CORES, "post": CORES, "io": 10}
# Where a stage needs room on the machine; the other queues only move rows.
MEDIA: frozenset[Queue] = frozenset({"image", "video", "audio", "post"})
GRACE_S = 8.0
# A cancel is heard with a heartbeat, so heartbeats are not held back for long.
HEARTBEATS = timedelta(seconds=2)


def workflows_of(client: Client) -> Sequence[type]:
    """What the worker of the desk's queue serves: a desk that moves between builds, where the worker says which build it is."""
    return (MovingDesk if is_build(client) else RenderDesk, *RUNS)


def worker_of(work: Work, queue: Queue, slots: int, grace_s: float = GRACE_S) -> Worker:
    """The worker of one queue; workflows run on the desk's, and a queue of media is asked for work only while there is room for it."""
    roomy = work.precheck if queue in MEDIA else None
    return Worker(
        work.client,
        task_queue=task_queue(queue),
        workflows=workflows_of(work.client) if queue == "desk" else (),
        activities=activities_of(work, queue),
        max_concurrent_activities=None if roomy else slots,
        tuner=tuner_of(slots, partial(roomy.has_room, queue), partial(_tell_room, queue)) if roomy else None,
        graceful_shutdown_timeout=timedelta(seconds=grace_s),
        max_heartbeat_throttle_interval=HEARTBEATS,
        default_heartbeat_throttle_interval=HEARTBEATS,
    )


@asynccontextmanager
async def serving(
    work: Work, dsn: str, queues: Sequence[Queue], slots: dict[Queue, int], *, grace_s: float = GRACE_S
) -> AsyncGenerator[asyncio.Future[None]]:
    """Serve while the block runs; the future fails when a part of the worker does. The end is graceful, for all queues at once."""
    workers = [worker_of(work, queue, slots.get(queue, SLOTS[queue]), grace_s) for queue in queues if activities_of(work, queue)]
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


async def main(settings: Settings, queues: Sequence[Queue]) -> None:
    """Serve until SIGTERM or SIGINT; a second one ends the process where it stands."""
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, _told_to_stop, stop)
    slots: dict[Queue, int] = {queue: settings.worker_slots.get(queue, SLOTS[queue]) for queue in queues}
    free = partial(free_here, settings.home_dir)
    async with (
        opened(settings) as work,
        _watched(settings, work, slots),
        present(work.door.database, queues, slots, free, build_id=settings.build_id) as presence,
        serving(work, settings.app_dsn, queues, slots, grace_s=settings.worker_grace_s) as running,
    ):
        stopping = asyncio.ensure_future(stop.wait())
        await asyncio.wait({stopping, running}, return_when=asyncio.FIRST_COMPLETED)
        stopping.cancel()
        if running.done():
            running.result()
        await presence.drain()


@asynccontextmanager
async def _watched(settings: Settings, work: Work, slots: dict[Queue, int]) -> AsyncGenerator[None]:
    with figures(settings, work.door.database, slots):
        yield


async def _first_failure(parts: Sequence[asyncio.Future[None]]) -> None:
    done, _ = await asyncio.wait(parts, return_when=asyncio.FIRST_EXCEPTION)
    for part in done:
        part.result()


def _told_to_stop(stop: asyncio.Event) -> None:
    if not stop.is_set():
        stop.set()
        return
    for child in psutil.Process().children(recursive=True):
        child.kill()
    leave(1)


def _tell_room(queue: Queue, *, there_is: bool) -> None:
    log = telemetry.log()
    if there_is:
        log.info("worker.room_again", queue=queue)
    else:
        log.warning("worker.no_room", queue=queue, doing="asking for no work of this queue until there is room again")


async def _then_leave(work: Coroutine[Any, Any, None]) -> NoReturn:
    """Do it and end the process from inside: a thread that still paints what was handed back cannot be stopped, and is not waited for."""
    try:
        await work
    except StoryreelError as failure:
        telemetry.log().error("worker.stopped", code=failure.code, reason=failure.detail)
        leave(1)
    except Exception:  # noqa: BLE001 (the end of the line)
        telemetry.log().exception("worker.broken")
        leave(1)
    leave(0)


def entry() -> int:
    """Read the command line and the settings, and serve; the exit code of a worker that cannot."""
    parser = argparse.ArgumentParser(prog="worker", description=__doc__)
    parser.add_argument("--queues", default="", help=f"by commas, of {', '.join(QUEUES)}; default: those of the settings, or all")
    parser.add_argument(
        "--join", default="", help="the API of an installation, http://[:secret@]host:port, which says all the rest"
    )
    said = parser.parse_args()
    try:
        alone = load(**({"join": said.join} if said.join else {}))
        if alone.join:
            become(join(alone.join, alone.join_secret.get_secret_value()))
        settings = load(worker_queues=said.queues) if said.queues else load()
        telemetry.configure(settings, "worker")
        tell_temporal(settings)
        asyncio.run(_then_leave(main(settings, settings.worker_queues or QUEUES)))
    except StoryreelError as failure:
        telemetry.log().error("worker.stopped", code=failure.code, reason=failure.detail)
        return 1
    return 0


if __name__ == "__main__":
    leave(entry())
