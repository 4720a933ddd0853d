"""The command line as a program of its own, against an API that this test serves."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from storyreel.runtime.settings import Settings
from tests.api.conftest import served, settings

__all__ = ["settings"]
ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Ran:
    """What a command left."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """Its one document."""
        return json.loads(self.out)


@dataclass(frozen=True)
class Shell:
    """A terminal with its own data folder."""

    home: Path
    api: str = ""

    async def __call__(self, *words: str, **env: str) -> Ran:
        settings = {"STORYREEL_HOME": str(self.home), "LANG": "C.UTF-8", "COLUMNS": "100", "PYTHONPATH": str(ROOT)}
        settings |= {"STORYREEL_API": self.api} if self.api else {}
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "storyreel", *words),
            cwd=self.home.parent,
            env={**os.environ, **settings, **env},
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        out, err = await process.communicate()
        assert b"Traceback" not in err or env.get("STORYREEL_LOG_LEVEL") == "debug", err.decode()
        return Ran(process.returncode or 0, out.decode(), err.decode())

    async def done(self, *words: str) -> Any:
        """The document of a command that must succeed."""
        ran = await self(*words, "--json")
        assert ran.code == 0, ran.out + ran.err
        return ran.json


@pytest.fixture
def alone(tmp_path: Path) -> Shell:
    """A terminal where no stack runs."""
    return Shell(tmp_path / "home")


@pytest.fixture
async def shell(settings: Settings, tmp_path: Path) -> AsyncIterator[Shell]:
    """A terminal that knows an API."""
    async with served(settings) as base:
        yield Shell(tmp_path / "home", base)
