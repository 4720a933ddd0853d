"""Many callers in one process, each with a connection of its own, for as little of the machine as can be."""

from __future__ import annotations

import asyncio
import json
import time
from collections import Counter
from collections.abc import AsyncGenerator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

BODY_LIMIT = 1 << 24
SERVER_ERROR = 500
PATIENCE_S = 120.0


class Line:
    """One caller's connection: opened when it is needed, kept while the other side keeps it."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self._at = (str(parts.hostname), int(parts.port or 80))
        self._ends: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None
        # Whether an answer to the last question had begun, and how many questions were asked twice.
        self.heard = False
        self.again = 0

    async def ask(self, method: str, path: str, body: Any = None, **headers: str) -> tuple[int, Any]:
        """A status and the JSON of an answer.

        As browsers do, what was asked on a kept connection that the other side had just closed is asked once more on a new one.

        Raises:
            OSError: the connection broke before the answer was whole.
        """
        kept = self._ends is not None
        try:
            return await self._ask(method, path, body, headers)
        except OSError:
            if not kept or self.heard:
                raise
            self.again += 1
            return await self._ask(method, path, body, headers)

    async def _ask(self, method: str, path: str, body: Any, headers: dict[str, str]) -> tuple[int, Any]:
        try:
            status, told = await self._begin(method, path, body, headers)
            reader = self._reader
            if "content-length" in told:
                data = await reader.readexactly(int(told["content-length"]))
            else:
                data = b"".join([piece async for piece in chunks(reader)])
        except asyncio.IncompleteReadError as broken:
            self.hang_up()
            raise ConnectionResetError(f"{method} {path} broke off") from broken
        except OSError:
            self.hang_up()
            raise
        if told.get("connection") == "close":
            self.hang_up()
        return status, json.loads(data) if data else None

    async def follow(self, path: str, **headers: str) -> AsyncGenerator[bytes]:
        """The lines of an answer that goes on.

        Raises:
            OSError: it is no stream.
        """
        try:
            status, _ = await self._begin("GET", path, None, headers)
            if status != 200:
                raise ConnectionError(f"{status} for {path}")
            yield b""
            async for piece in chunks(self._reader):
                for line in piece.split(b"\r\n"):
                    yield line
        except asyncio.IncompleteReadError as broken:
            raise ConnectionResetError(f"{path} broke off") from broken
        finally:
            self.hang_up()

    def hang_up(self) -> None:
        if self._ends is not None:
            self._ends[1].close()
        self._ends = None

    @property
    def _reader(self) -> asyncio.StreamReader:
        assert self._ends is not None
        return self._ends[0]

    async def _begin(self, method: str, path: str, body: Any, headers: dict[str, str]) -> tuple[int, dict[str, str]]:
        if self._ends is not None and self._ends[0].at_eof():
            self.hang_up()
        self._ends = self._ends or await asyncio.open_connection(*self._at, limit=BODY_LIMIT)
        data = b"" if body is None else json.dumps(body).encode()
        told = {"host": "api", "content-length": str(len(data)), "content-type": "application/json", **headers}
        head = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in told.items())
        self._ends[1].write(f"{method} {path} HTTP/1.1\r\n{head}\r\n".encode() + data)
        self.heard = False
        answer = (await self._ends[0].readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        self.heard = True
        fields = (line.partition(": ") for line in answer[1:] if line)
        return int(answer[0].split()[1]), {name.lower(): value for name, _, value in fields}


async def chunks(reader: asyncio.StreamReader) -> AsyncGenerator[bytes]:
    """The pieces of a chunked body."""
    while size := int(await reader.readline() or b"0", 16):
        yield (await reader.readexactly(size + 2))[:-2]
    await reader.readline()


@dataclass
class Told:
    """What callers lived through."""

    taken_s: dict[str, list[float]] = field(default_factory=dict)
    failed: list[str] = field(default_factory=list)
    late_s: float = 0.0
    by: Counter[str] = field(default_factory=Counter)

    def keep(self, kind: str, taken_s: float) -> None:
        self.taken_s.setdefault(kind, []).append(taken_s)


@dataclass
class Watcher:
    """One that follows a project's events, through every end of the stream."""

    line: Line
    path: str
    told: Told
    events: int = 0
    ends: int = 0
    place: str = ""
    seen: list[int] = field(default_factory=list)
    open: asyncio.Event = field(default_factory=asyncio.Event)

    async def run(self) -> None:
        while True:
            pause_s = 0.1
            try:
                async for line in self.line.follow(self.path, **({"Last_Event_ID": self.place} if self.place else {})):
                    self.open.set()
                    if line.startswith(b"id: "):
                        self.place = line[4:].decode()
                        self.events += 1
                    elif line.startswith(b"data: ") and b'"revision":' in line and b'"kind":"commit"' in line:
                        self.seen.append(int(json.loads(line[6:])["revision"]))
                    elif line.startswith(b"retry: "):
                        pause_s = int(line[7:]) / 1000
                self.ends += 1
            except OSError as broken:
                self.told.failed.append(f"stream: {broken!r}")
            await asyncio.sleep(pause_s)


async def say(line: Line, workspace: str, kind: str, text: str, told: Told) -> None:
    """Say something, and note how long the answer took or that it failed."""
    begun = time.perf_counter()
    try:
        async with asyncio.timeout(PATIENCE_S):
            status, answer = await line.ask(
                "POST", f"/v1/workspaces/{workspace}/chat", {"text": text}, Idempotency_Key=uuid4().hex
            )
    except (OSError, TimeoutError) as broken:
        told.failed.append(f"turn: {broken!r}")
        line.hang_up()
        return
    if status >= SERVER_ERROR or not answer.get("turn"):
        told.failed.append(f"turn: {status} {str(answer)[:200]}")
        return
    told.by[answer["answered_by"]] += 1
    # What the rules leave to the model is a complex turn, whatever it was meant to be.
    told.keep(kind if answer["answered_by"] == "rules" else "complex", time.perf_counter() - begun)
