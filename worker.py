"""A worker: `python -m worker [--queues video,post]`. It serves every queue of the settings, and the relay where it serves the desk's.

SIGTERM or SIGINT: it takes nothing new, gives what is being made the grace of the settings, hands back the rest and ends. A second one ends
it at once; what it was making is taken over when its heartbeats stay away.
"""

from __future__ import annotations

import argparse
import asyncio
import signal
from collections.abc import AsyncGenerator, Coroutine, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from functools import partial
from typing import Any, NoReturn

import psutil
from temporalio.client import Client

from activities.precheck import free_here
from activities.presence import present
from activities.serving import GRACE_S, opened, pools, slots_of
from activities.work import Work
from storyreel.desk.plugin import is_build
from storyreel.desk.watching import figures, tell_temporal
from storyreel.model.errors import StoryreelError
from storyreel.pipeline.contract import QUEUES, Queue
from storyreel.runtime import telemetry
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


def workflows_of(client: Client) -> Sequence[type]:
    """What the worker of the desk's queue serves: a desk that moves between builds, where the worker says which build it is."""
    return (MovingDesk if is_build(client) else RenderDesk, *RUNS)


def serving(
    work: Work, dsn: str, queues: Sequence[Queue], slots: dict[Queue, int], *, grace_s: float = GRACE_S
) -> AbstractAsyncContextManager[asyncio.Future[None]]:
    """Serve queues with our workflows while the block runs; the future fails when a part of the worker does."""
    return pools(work, dsn, queues, slots, workflows_of(work.client), grace_s=grace_s)


async def main(settings: Settings, queues: Sequence[Queue]) -> None:
    """Serve until SIGTERM or SIGINT; a second one ends the process where it stands."""
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, _told_to_stop, stop)
    slots = slots_of(settings, queues)
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


def _told_to_stop(stop: asyncio.Event) -> None:
    if not stop.is_set():
        stop.set()
        return
    for child in psutil.Process().children(recursive=True):
        child.kill()
    leave(1)


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
