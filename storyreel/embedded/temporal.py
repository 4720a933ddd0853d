"""The Temporal development server: found, or fetched once, and run as a child.

    python -m storyreel.embedded.temporal       # makes sure there is one, and says which

It is looked for in this order: `STORYREEL_TEMPORAL_BIN`, `temporal` on the PATH, our cache; then it is downloaded by Temporal's
Python SDK, or else built with Go, into the cache.
"""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import httpx

from storyreel.embedded import fetch
from storyreel.embedded.child import Child
from storyreel.model.errors import Unavailable
from storyreel.runtime import clock
from storyreel.runtime.exit import leave
from storyreel.runtime.settings import Settings, WrongSetting, load

VERSION = "1.5.1"  # The newest that `go install` builds: later ones carry a replace directive.
PACKAGE = f"github.com/temporalio/cli/cmd/temporal@v{VERSION}"
SEARCH_ATTRIBUTES = ("WorkspaceId", "WorkItemId", "Stage", "TaskId")
# Searched by its words, where the others are compared as a whole.
WORDS = ("Title",)
NONE = (
    "There is no Temporal server to run, and none could be fetched ({why}). Install Temporal's CLI (version 1.4 or later) or Go 1.25, "
    "or name a binary by STORYREEL_TEMPORAL_BIN, or a running server by TEMPORAL_ADDRESS."
)

Say = Callable[[str], None]


@dataclass(frozen=True)
class Found:
    """A binary, and how it was come by, in words."""

    path: Path
    how: str


@dataclass(frozen=True)
class Address:
    """The ports of one development server, all on the loop."""

    port: int
    http_port: int
    ui_port: int

    @property
    def frontend(self) -> str:
        """What clients connect to."""
        return f"127.0.0.1:{self.port}"

    @property
    def ui(self) -> str:
        """The web pages."""
        return f"http://127.0.0.1:{self.ui_port}"


async def find(settings: Settings, say: Say = print) -> Found:
    """A Temporal CLI that can run the development server.

    Raises:
        WrongSetting: STORYREEL_TEMPORAL_BIN names something that cannot.
        Unavailable: there is none and none could be made; the message says what to do.
    """
    if settings.temporal_bin:
        if not await can_serve(settings.temporal_bin):
            raise WrongSetting(f"STORYREEL_TEMPORAL_BIN: {settings.temporal_bin} does not run `server start-dev`.")
        return Found(settings.temporal_bin, "named by STORYREEL_TEMPORAL_BIN")
    if (on_path := shutil.which("temporal")) and await can_serve(Path(on_path)):
        return Found(Path(on_path), "found on the PATH")
    return await _cached_or_fetched(fetch.cache_folder(settings), say)


async def look(settings: Settings) -> Found | None:
    """The CLI that `find` would use, without fetching or building one."""
    on_path = shutil.which("temporal")
    ready = fetch.cache_folder(settings) / "bin" / f"temporal-{VERSION}"
    known = (
        (settings.temporal_bin, "named by STORYREEL_TEMPORAL_BIN"),
        (Path(on_path) if on_path else None, "found on the PATH"),
        (ready, "from the cache"),
    )
    for path, how in known:
        if path and path.exists() and await can_serve(path):
            return Found(path, how)
    return None


async def _cached_or_fetched(cache: Path, say: Say) -> Found:
    ready = cache / "bin" / f"temporal-{VERSION}"
    async with fetch.alone(cache, "temporal"):
        if ready.exists() and await can_serve(ready):
            return Found(ready, "from the cache")
        start = clock.steady_s()
        say("Fetching the Temporal server by its SDK (once)...")
        why = await fetch.download_temporal(ready)
        if not why:
            return Found(ready, f"downloaded in {clock.steady_s() - start:.0f} s")
        say(f"It cannot be downloaded ({why}); building it with Go instead (once, about three minutes on two cores)...")
        if problem := await fetch.go_install(PACKAGE, ready):
            raise Unavailable(NONE.format(why=f"download: {why}; build: {problem}"))
        return Found(ready, f"built in {clock.steady_s() - start:.0f} s")


async def can_serve(binary: Path) -> bool:
    """Whether a file is a Temporal CLI with the development server."""
    code, _ = await fetch.run(str(binary), "server", "start-dev", "--help", timeout_s=20)
    return code == 0


def server(binary: Path, address: Address, *, namespace: str = "default", file: Path | None = None, ui: bool = True) -> Child:
    """The server as a child. Without a `file` it keeps everything in memory.

    The file is written ahead (WAL): a killed server loses nothing; a machine that loses power may lose the last moments, which the
    ledger knows how to do again.
    """
    argv = [
        *(str(binary), "server", "start-dev", "--ip", "127.0.0.1", "--namespace", namespace, "--log-level", "warn"),
        *("--port", str(address.port), "--http-port", str(address.http_port)),
        *(("--ui-port", str(address.ui_port)) if ui else ("--headless",)),
        *("--dynamic-config-value", "matching.useNewMatcher=true"),
        # Of two workspaces that wait for the same worker, each gets its turn.
        *("--dynamic-config-value", "matching.enableFairness=true"),
        # A queue is not cut up: turns and priorities hold within a part only, and one part is enough for many workers.
        *("--dynamic-config-value", "matching.numTaskqueueReadPartitions=1"),
        *("--dynamic-config-value", "matching.numTaskqueueWritePartitions=1"),
        *(word for name in SEARCH_ATTRIBUTES for word in ("--search-attribute", f"{name}=Keyword")),
        *(word for name in WORDS for word in ("--search-attribute", f"{name}=Text")),
    ]
    if file is not None:
        argv += ["--db-filename", str(file), "--sqlite-pragma", "journal_mode=WAL", "--sqlite-pragma", "synchronous=NORMAL"]
    return Child(name="temporal", argv=tuple(argv), ready=lambda: answers(address, namespace))


async def answers(address: Address, namespace: str) -> bool:
    """Whether the server serves the namespace and knows our search attributes."""
    where = f"http://127.0.0.1:{address.http_port}/cluster/namespaces/{namespace}/search-attributes"
    try:
        async with httpx.AsyncClient(trust_env=False, timeout=2) as client:
            answer = await client.get(where)
    except httpx.HTTPError:
        return False
    known = answer.json().get("customAttributes", {}) if answer.is_success else {}
    return {*SEARCH_ATTRIBUTES, *WORDS} <= set(known)


async def ensure(say: Say) -> int:
    """Make sure that there is a server to run; the exit code of `python -m storyreel.embedded.temporal`."""
    try:
        found = await find(load(), say)
    except (WrongSetting, Unavailable) as problem:
        say(str(problem))
        return 1
    say(f"Temporal's server: {found.path} ({found.how})")
    return 0


if __name__ == "__main__":
    leave(asyncio.run(ensure(lambda text: print(text, flush=True))))  # noqa: T201 (a command's answer)
