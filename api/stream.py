"""An answer that goes on for ever: pieces are sent as they come, until there are no more or nobody listens."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing, suppress
from typing import Any

from fastapi.responses import Response
from starlette.types import Receive, Scope, Send

from storyreel.model.digest import canonical

# Who hears nothing for long takes a stream for dead.
PING_S = 15.0
PING = b": ping\r\n\r\n"
HEADERS = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}


class EventStream(Response):
    """Server-sent events from pieces that are in their form already."""

    media_type = "text/event-stream"

    def __init__(self, pieces: AsyncGenerator[bytes] | None = None, status_code: int = 200) -> None:
        super().__init__(status_code=status_code, headers=HEADERS)
        del self.headers["content-length"]
        self._pieces = pieces

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002 (ASGI's three)
        """Send what comes; a caller who goes away ends it."""
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        sending = asyncio.create_task(self._send(send))
        leaving = asyncio.create_task(_left(receive))
        try:
            await asyncio.wait({sending, leaving}, return_when=asyncio.FIRST_COMPLETED)
            if sending.done():
                sending.result()
        finally:
            for task in (sending, leaving):
                task.cancel()
                with suppress(asyncio.CancelledError, OSError):
                    await task

    async def _send(self, send: Send) -> None:
        if self._pieces is not None:
            async with aclosing(self._pieces) as pieces:
                async for piece in pieces:
                    await send({"type": "http.response.body", "body": piece, "more_body": True})
        await send({"type": "http.response.body", "body": b"", "more_body": False})


def said(name: str, data: Any) -> bytes:
    """One event with its name."""
    return f"event: {name}\r\ndata: {canonical(data)}\r\n\r\n".encode()


async def pinged(pieces: AsyncGenerator[bytes]) -> AsyncGenerator[bytes]:
    """The pieces, and a sign of life where the next one is long in coming."""
    coming: asyncio.Task[bytes] | None = None
    try:
        while True:
            coming = coming or asyncio.create_task(_next(pieces))
            done, _ = await asyncio.wait({coming}, timeout=PING_S)
            if not done:
                yield PING
                continue
            piece, coming = coming.result(), None
            if not piece:
                return
            yield piece
    finally:
        if coming is not None:
            coming.cancel()
            await asyncio.gather(coming, return_exceptions=True)
        await pieces.aclose()


async def _next(pieces: AsyncGenerator[bytes]) -> bytes:
    return await anext(pieces, b"")


async def _left(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
