"""Programs that come from elsewhere, fetched once into the cache: by the Temporal SDK, or by Go."""

from __future__ import annotations

import asyncio
import fcntl
import os
import shutil
import sys
import tempfile
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

from storyreel.runtime import clock
from storyreel.runtime.settings import Settings

STALLED_S = 15.0
LOOK_S = 0.5
BUILD_S = 1800.0


def cache_folder(settings: Settings) -> Path:
    """Where fetched programs are kept: STORYREEL_CACHE, or the user's cache."""
    if settings.cache:
        return settings.cache.expanduser().resolve()
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches" / "storyreel"
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "storyreel"


@asynccontextmanager
async def alone(cache: Path, name: str) -> AsyncGenerator[None]:
    """Hold a name in the cache, so that two processes do not fetch the same thing twice."""
    cache.mkdir(parents=True, exist_ok=True)
    with (cache / f"{name}.lock").open("w") as file:
        await asyncio.to_thread(fcntl.flock, file, fcntl.LOCK_EX)
        yield


async def download_temporal(target: Path) -> str:
    """Let the SDK download its server to `target`. Empty when it did; otherwise why not. It gives up when nothing more arrives."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent) as folder:
        program = (sys.executable, "-m", "storyreel.embedded.download", folder)
        process = await asyncio.create_subprocess_exec(
            *program, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL
        )
        said = asyncio.create_task(process.communicate())
        if not await _arrives(said, Path(folder)):
            process.kill()
            await said
            return f"nothing arrived for {STALLED_S:.0f} s"
        lines = (await said)[0].decode().strip().splitlines()
        got = sorted(Path(folder).glob("temporal*"))
        if process.returncode or not got:
            return lines[-1] if lines else "the SDK failed"
        got[0].chmod(0o755)
        got[0].replace(target)
    return ""


async def _arrives(said: asyncio.Task[tuple[bytes, bytes]], folder: Path) -> bool:
    size, since = -1, clock.steady_s()
    while not said.done():
        await asyncio.wait({said}, timeout=LOOK_S)
        now = sum(file.stat().st_size for file in folder.iterdir())
        size, since = (now, clock.steady_s()) if now != size else (size, since)
        if clock.steady_s() - since > STALLED_S:
            return False
    return True


async def go_install(package: str, target: Path) -> str:
    """Build a Go program from its public source to `target`. Empty when it did; otherwise why not."""
    go = shutil.which("go") or shutil.which("go", path="/usr/local/go/bin")
    if go is None:
        return "Go is not installed"
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent) as folder:
        env = {**os.environ, "CGO_ENABLED": "0", "GOBIN": folder}
        code, said = await run(go, "install", "-trimpath", "-ldflags", "-s -w", package, env=env, timeout_s=BUILD_S)
        if code:
            return said.strip().splitlines()[-1] if said.strip() else f"go ended with {code}"
        next(Path(folder).iterdir()).replace(target)
    return ""


async def run(*argv: str, env: dict[str, str] | None = None, timeout_s: float) -> tuple[int, str]:
    """Run a program to its end: its exit code and what it said. A program that is not there, or too slow, gives -1."""
    try:
        process = await asyncio.create_subprocess_exec(
            *argv, env=env, stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT
        )
    except OSError as problem:
        return -1, str(problem)
    try:
        out, _ = await asyncio.wait_for(process.communicate(), timeout_s)
    except TimeoutError:
        process.kill()
        await process.wait()
        return -1, f"it took longer than {timeout_s:.0f} s"
    return process.returncode or 0, out.decode(errors="replace")
