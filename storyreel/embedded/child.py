"""One child process: how it is started, kept running and stopped."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sys
from asyncio.subprocess import Process
from collections import deque
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, NoReturn

from storyreel.model.errors import StoryreelError
from storyreel.runtime import clock
from storyreel.runtime.telemetry import log

LAUNCH = Path(__file__).with_name("launch.py")
POLL_S = 0.05
FAILURES = 5
WINDOW_S = 60.0
FIRST_PAUSE_S = 0.2
LONGEST_PAUSE_S = 5.0
LOG_BYTES = 10_000_000
TAIL_LINES = 20


class ChildFailed(StoryreelError):
    """A part of the stack keeps failing; its log says why."""

    code = "child-failed"


async def at_once() -> bool:
    """Ready as soon as it runs."""
    return True


def nobody() -> None:
    """Whoever is told nothing."""


@dataclass(frozen=True)
class Child:
    """A program and how it is treated.

    `ready` is asked again and again until it says True. `before` runs before every start. `uid` and `gid` are the user to run as;
    0 is whoever we are. `death_signal` is what it gets should we die without a word.
    """

    name: str
    argv: tuple[str, ...]
    env: Mapping[str, str] = field(default_factory=dict[str, str])
    ready: Callable[[], Awaitable[bool]] = at_once
    before: Callable[[], None] = lambda: None
    ready_s: float = 60.0
    stop_signal: signal.Signals = signal.SIGTERM
    stop_s: float = 10.0
    death_signal: signal.Signals = signal.SIGKILL
    uid: int = 0
    gid: int = 0


class Kept:
    """A child that is being kept running."""

    def __init__(self, child: Child, logs: Path, told: Callable[[], None] = nobody) -> None:
        self.child = child
        self.log_file = logs / f"{child.name}.log"
        self._told = told
        self.up = asyncio.Event()
        self.starts = 0
        self._process: Process | None = None
        self._stop = asyncio.Event()

    @property
    def pid(self) -> int | None:
        """The process id while it runs."""
        return self._process.pid if self._process and self._process.returncode is None else None

    async def keep(self) -> None:
        """Start the child, and start it again whenever it ends, until `stop`.

        Raises:
            ChildFailed: it failed five times in a minute, or was not ready in time; with the end of its log.
        """
        failures: deque[float] = deque(maxlen=FAILURES)
        while True:
            code = await self._once()
            if self._stop.is_set():
                return
            self._count(failures, code)
            pause_s = min(FIRST_PAUSE_S * 2 ** (len(failures) - 1), LONGEST_PAUSE_S)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._stop.wait(), pause_s)
                return

    async def stop(self) -> None:
        """Ask the child to end, wait for it, and end it by force when its time is up."""
        self._stop.set()
        process = self._process
        if process is None or process.returncode is not None:
            return
        with contextlib.suppress(ProcessLookupError):
            process.send_signal(self.child.stop_signal)
        try:
            await asyncio.wait_for(process.wait(), self.child.stop_s)
        except TimeoutError:
            log().warning("stopped by force", child=self.child.name, after_s=self.child.stop_s)
        finally:
            self._kill()
        await process.wait()

    async def _once(self) -> int:
        await asyncio.to_thread(self.child.before)
        self._process = await spawn(self.child, self.log_file)
        self.starts += 1
        if self._stop.is_set():  # It came while the child was being started.
            self._kill()
        ended = asyncio.create_task(self._process.wait())
        ready = asyncio.create_task(self._until_ready())
        try:
            await asyncio.wait((ended, ready), return_when=asyncio.FIRST_COMPLETED)
            if ready.done():
                ready.result()
                self.up.set()
                self._told()
            return await ended
        finally:
            ready.cancel()
            ended.cancel()
            self._kill()

    async def _until_ready(self) -> None:
        deadline = clock.steady_s() + self.child.ready_s
        while not await self.child.ready():
            if clock.steady_s() > deadline:
                self._fail(f"was not ready within {self.child.ready_s:.0f} s")
            await asyncio.sleep(POLL_S)

    def _count(self, failures: deque[float], code: int) -> None:
        failures.append(clock.steady_s())
        log().warning("ended", child=self.child.name, code=code, failures=len(failures))
        if len(failures) == FAILURES and failures[-1] - failures[0] < WINDOW_S:
            self._fail(f"failed {FAILURES} times in {failures[-1] - failures[0]:.0f} s (last exit code {code})")

    def _fail(self, what: str) -> NoReturn:
        raise ChildFailed(f"{self.child.name} {what}. The end of {self.log_file}:\n{tail(self.log_file)}", child=self.child.name)

    def _kill(self) -> None:
        # The whole group: what the child itself has started goes with it.
        if self._process is not None:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self._process.pid, signal.SIGKILL)


@asynccontextmanager
async def kept(child: Child, logs: Path, told: Callable[[], None] = nobody) -> AsyncGenerator[Kept]:
    """Keep a child running while the block runs; it is ready when the block begins and gone when it has ended.

    `told` is called whenever it is ready, after each start.

    Raises:
        ChildFailed: it does not stay up. The block is cancelled.
    """
    one = Kept(child, logs, told)
    try:
        async with asyncio.TaskGroup() as group:
            group.create_task(one.keep(), name=f"keep {child.name}")
            try:
                await one.up.wait()
                yield one
            finally:
                await one.stop()
    except BaseExceptionGroup as failed:
        first = _first(failed)
        raise first from first.__cause__


async def spawn(child: Child, log_file: Path) -> Process:
    """Start the child in a process group of its own, tied to the life of this process, writing to its log file."""
    orders = (str(os.getpid()), str(int(child.death_signal)), str(child.uid), str(child.gid), "--")
    with _open_log(log_file) as out:
        return await asyncio.create_subprocess_exec(
            *(sys.executable, "-I", "-S", str(LAUNCH), *orders, *child.argv),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=out,
            stderr=out,
            env={**os.environ, **child.env},
            process_group=0,
        )


def tail(path: Path, lines: int = TAIL_LINES) -> str:
    """The last lines of a text file; empty when there is none."""
    try:
        with path.open("rb") as file:
            file.seek(max(0, path.stat().st_size - 64_000))
            return b"\n".join(file.read().splitlines()[-lines:]).decode(errors="replace")
    except FileNotFoundError:
        return ""


def _open_log(path: Path) -> IO[bytes]:
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.exists() and path.stat().st_size > LOG_BYTES:
        path.replace(path.with_suffix(".log.1"))
    return path.open("ab")


def _first(group: BaseExceptionGroup[BaseException]) -> BaseException:
    first = group.exceptions[0]
    return _first(first) if isinstance(first, BaseExceptionGroup) else first
