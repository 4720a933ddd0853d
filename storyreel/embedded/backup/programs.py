"""PostgreSQL's own programs, run to their end."""

from __future__ import annotations

import asyncio
import os
from asyncio.subprocess import DEVNULL, PIPE
from pathlib import Path

from sqlalchemy.engine import make_url

from storyreel.embedded import postgres
from storyreel.model.errors import StoryreelError


class ProgramFailed(StoryreelError):
    """A program of PostgreSQL ended badly; its last words say why."""

    code = "backup-failed"


async def run(name: str, dsn: str, *words: str | Path) -> str:
    """Run one of the newest programs there are, which speak to older servers too, on a database; what it said.

    The password goes by the environment, which other users of the machine cannot read.

    Raises:
        ProgramFailed: it did not end well.
    """
    program, url = postgres.programs(Path("/nonexistent")) / name, make_url(dsn)
    where = url.set(password=None).render_as_string(hide_password=False)
    process = await asyncio.create_subprocess_exec(
        *(str(program), f"--dbname={where}", "--no-password", *map(str, words)),
        stdin=DEVNULL,
        stdout=PIPE,
        stderr=PIPE,
        env={**os.environ, "PGTZ": "UTC", "LC_ALL": "C", **({"PGPASSWORD": str(url.password)} if url.password else {})},
    )
    try:
        out, err = await process.communicate()
    except asyncio.CancelledError:
        process.kill()
        await process.wait()
        raise
    if process.returncode:
        said = err.decode(errors="replace").strip()[-1500:]
        raise ProgramFailed(f"{name} ended with {process.returncode}: {said}")
    return out.decode(errors="replace")
