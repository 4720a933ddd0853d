"""Several processes of the API behind one address, and several workers, that can be replaced one after the other while they serve."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import sys
import tempfile
from asyncio.subprocess import Process
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from storyreel.embedded.home import Endpoints
from storyreel.embedded.supervisor import child_environment, migrate, nothing, stack
from storyreel.runtime.ready import READY_FILE
from storyreel.runtime.settings import Settings, load

What = Literal["api", "worker"]
READY_S = 180.0
LOOK_S = 0.02
BACKLOG = 2048


@dataclass
class Fleet:
    """The processes that serve now, the oldest first."""

    settings: Settings
    endpoints: Endpoints
    listening: socket.socket
    running: dict[What, list[Process]] = field(default_factory=lambda: {"api": [], "worker": []})
    started: int = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.listening.getsockname()[1]}"

    async def start(self, what: What) -> Process:
        """One more of them; it serves when this returns."""
        self.started += 1
        ready = self.settings.home_dir / f"{what}-{self.started}.ready"
        env = child_environment(self.settings, self.endpoints) | {READY_FILE: str(ready)}
        fds: tuple[int, ...] = ()
        if what == "api":
            fds = (self.listening.fileno(),)
            env["STORYREEL_API_FD"] = str(fds[0])
        with (self.settings.home_dir / "logs" / f"{what}-{self.started}.log").open("wb") as log:
            process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", what), stdout=log, stderr=log, env={**os.environ, **env}, pass_fds=fds
            )
        self.running[what].append(process)
        async with asyncio.timeout(READY_S):
            while not ready.exists():
                assert process.returncode is None, log.name
                await asyncio.sleep(LOOK_S)
        return process

    async def stop(self, what: What) -> int:
        """End the oldest of them, as whoever deploys does; its exit code."""
        process = self.running[what].pop(0)
        process.send_signal(signal.SIGTERM)
        return await process.wait()

    async def roll(self, what: What) -> None:
        """Replace each by a new one, which serves before the old one stops."""
        for _ in list(self.running[what]):
            await self.start(what)
            assert await self.stop(what) == 0

    async def close(self) -> None:
        """End everything."""
        for process in (*self.running["api"], *self.running["worker"]):
            with suppress(ProcessLookupError):
                process.kill()
            await process.wait()


@asynccontextmanager
async def fleet(api: int = 2, workers: int = 1, **given: Any) -> AsyncGenerator[Fleet]:
    """PostgreSQL, Temporal, so many processes of the API and so many workers, while the block runs."""
    async with AsyncExitStack() as held:
        folder = Path(held.enter_context(tempfile.TemporaryDirectory(prefix="storyreel-fleet-")))
        settings = load(home=folder, temporal_headless=True, log_level="warning", **{"provider_text": "rules", **given})
        up = await held.enter_async_context(stack(settings, children=nothing, upgrade=migrate))
        listening = held.enter_context(socket.create_server(("127.0.0.1", 0), backlog=BACKLOG))
        made = Fleet(settings, up.endpoints, listening)
        held.push_async_callback(made.close)
        await asyncio.gather(*(made.start("api") for _ in range(api)), *(made.start("worker") for _ in range(workers)))
        yield made
