"""The one place that runs the ffmpeg program: as a child that dies with its task and says plainly what went wrong."""

from __future__ import annotations

import asyncio
import os
import tempfile
import time
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections import deque
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from pathlib import Path

from storyreel.model.errors import StoryreelError, Unavailable
from storyreel.pipeline.ports import Progress
from storyreel.runtime.metrics import FFMPEG_S
from storyreel.runtime.telemetry import span

_TAIL_LINES = 30


class FfmpegFailed(StoryreelError):
    """ffmpeg stopped with an error; its last words are in `stderr`."""

    code = "ffmpeg"


class FfmpegMissing(Unavailable):
    """There is no ffmpeg program; install imageio-ffmpeg or name one in STORYREEL_FFMPEG."""

    code = "ffmpeg-missing"


class DiskFull(Unavailable):
    """The disk is full; make room and the same work will pass."""

    code = "disk-full"


def binary() -> str:
    """The ffmpeg program: STORYREEL_FFMPEG if it is set, else the one that comes with imageio-ffmpeg.

    Raises:
        FfmpegMissing: neither is there.
    """
    if named := os.environ.get("STORYREEL_FFMPEG"):
        return named
    from imageio_ffmpeg import get_ffmpeg_exe  # noqa: PLC0415  (looked for only where nothing is named)

    try:
        return get_ffmpeg_exe()
    except RuntimeError as missing:
        raise FfmpegMissing from missing


async def run(
    arguments: Sequence[str | Path], *, duration_s: float = 0.0, progress: Progress | None = None, cwd: Path | None = None
) -> str:
    """Run ffmpeg with `arguments` to its end; the last lines it wrote are returned.

    A cancelled caller kills the child before the cancellation goes on. `progress` is told the share of `duration_s` written.

    Raises:
        DiskFull: nothing more could be written.
        FfmpegFailed: any other failure.
        FfmpegMissing: the program is not there.
    """
    with _watched(arguments):
        process = await _start(arguments, cwd)
        tail: deque[str] = deque(maxlen=_TAIL_LINES)
        try:
            await asyncio.gather(_follow(process, duration_s, progress), _collect(process, tail), process.wait())
        finally:
            await _end(process)
        if process.returncode:
            raise _failure(process.returncode, list(tail))
        return "\n".join(tail)


@contextmanager
def _watched(arguments: Sequence[str | Path]) -> Generator[None]:
    begun, outcome = time.perf_counter(), "failed"
    try:
        # What it writes comes last.
        with span("ffmpeg", output=Path(arguments[-1]).suffix.lstrip(".") if arguments else None):
            yield
        outcome = "ok"
    except asyncio.CancelledError:
        outcome = "cancelled"
        raise
    finally:
        FFMPEG_S.labels(outcome).observe(time.perf_counter() - begun)


async def _start(arguments: Sequence[str | Path], cwd: Path | None) -> Process:
    command = [binary(), "-hide_banner", "-nostdin", "-nostats", "-y", "-progress", "pipe:1", *map(str, arguments)]
    try:
        return await asyncio.create_subprocess_exec(*command, stdin=DEVNULL, stdout=PIPE, stderr=PIPE, cwd=cwd)
    except OSError as missing:
        raise FfmpegMissing(f"ffmpeg could not be started: {missing}") from missing


async def _follow(process: Process, duration_s: float, progress: Progress | None) -> None:
    assert process.stdout is not None
    async for line in process.stdout:
        done_s = _out_time_s(line)
        if progress is not None and done_s is not None and duration_s > 0:
            progress(min(1.0, max(0.0, done_s / duration_s)))


def _out_time_s(line: bytes) -> float | None:
    name, _, value = line.strip().partition(b"=")
    return int(value) / 1e6 if name == b"out_time_us" and value.lstrip(b"-").isdigit() else None


async def _collect(process: Process, tail: deque[str]) -> None:
    assert process.stderr is not None
    rest = b""
    while chunk := await process.stderr.read(65536):
        *lines, rest = (rest + chunk).split(b"\n")
        tail.extend(line.decode(errors="replace") for line in lines)
        rest = rest[-4096:]
    if rest:
        tail.append(rest.decode(errors="replace"))


async def _end(process: Process) -> None:
    if process.returncode is None:
        process.kill()
        # A second cancel must not leave the child unreaped.
        await asyncio.shield(process.wait())


def _failure(returncode: int, tail: list[str]) -> StoryreelError:
    text = "\n".join(tail)
    if "No space left on device" in text:
        return DiskFull(stderr=text)
    cause = next((line.strip() for line in reversed(tail) if _says_why(line)), "no reason was given")
    return FfmpegFailed(f"ffmpeg ended with {returncode}: {cause}", returncode=returncode, stderr=text)


@contextmanager
def finished(out: Path) -> Generator[Path]:
    """A path in a working folder beside `out` that becomes `out` only when the work on it ends well."""
    with tempfile.TemporaryDirectory(dir=out.parent, prefix=".work-") as folder:
        path = Path(folder).absolute() / out.name
        yield path
        path.replace(out)


def _says_why(line: str) -> bool:
    return bool(line.strip()) and "Conversion failed" not in line and not line.startswith("  ")
