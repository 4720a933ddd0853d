"""How a process of the API ends: not a request fails, and whoever follows a stream is told to come back.

Several processes may share one listening socket that whoever starts them has opened (`STORYREEL_API_FD`): what has knocked and was not
let in yet is served by another one. Behind a load balancer each has a port of its own, and is found unready before it stops to listen.
"""

from __future__ import annotations

import asyncio
import gc
import select
import socket
from typing import Any

import uvicorn
from fastapi import FastAPI
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from storyreel.runtime.ready import announce
from storyreel.runtime.settings import Settings

# A turn with a slow model may take this long to be answered.
GRACE_S = 25
# Longer than callers keep a connection that they do not use, so that it is not closed under a request that is on its way.
KEEP_ALIVE_S = 75
# How long a caller who has a connection open may take to use it once more, and is told then that it closes.
LINGER_S = 1.0
LOOK_S = 0.02
# A turn makes some ten thousand objects, nearly all of which end with it.
GC_AFTER = (20_000, 20, 20)
BACKLOG = 2048


class Draining:
    """Says of every answer, once the process is about to end, that its connection closes."""

    def __init__(self, app: ASGIApp, api: FastAPI) -> None:
        self._app, self._api = app, api

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def last(message: Message) -> None:
            if message["type"] == "http.response.start" and draining(self._api):
                message = {**message, "headers": [*message["headers"], (b"connection", b"close")]}
            await send(message)

        await self._app(scope, receive, last)


def draining(api: FastAPI) -> bool:
    """Whether the process is about to end."""
    return bool(getattr(api.state, "draining", False))


class Server(uvicorn.Server):
    """Serves the API until SIGTERM, and then to the end of what was begun."""

    def __init__(self, api: FastAPI, settings: Settings, port: int) -> None:
        self._api, self._unready_s, self._fd = api, settings.api_unready_s, settings.api_fd
        super().__init__(
            uvicorn.Config(
                api,
                host=settings.api_host,
                port=port,
                log_config=None,
                access_log=False,
                backlog=BACKLOG,
                timeout_keep_alive=KEEP_ALIVE_S,
                timeout_graceful_shutdown=GRACE_S,
            )
        )

    def begin(self) -> None:
        """Serve until it is told to stop."""
        self.run([socket.socket(fileno=self._fd)] if self._fd is not None else None)

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin to listen, and say so to whoever started the process."""
        await super().startup(sockets)
        # What was loaded stays: to look through it again and again for what is no longer used takes a tenth of a second each time.
        gc.collect()
        gc.freeze()
        gc.set_threshold(*GC_AFTER)
        announce()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Be unready, stop to listen, end the streams, answer what was asked, and close."""
        self._api.state.draining = True
        if self._fd is None:
            await asyncio.sleep(self._unready_s)
        for server in self.servers:
            server.close()
        for connection in self._connections():
            if connection.cycle is not None and not connection.cycle.response_complete:
                # Closed with its answer.
                connection.shutdown()
        self._api.state.held.streams.close()
        await self._linger()
        await super().shutdown(sockets)
        # It has done what it was told: it need not die of the signal as well, with what is yet to be flushed.
        self._captured_signals.clear()

    async def _linger(self) -> None:
        end = asyncio.get_running_loop().time() + LINGER_S
        while self._connections() and asyncio.get_running_loop().time() < end:  # noqa: ASYNC110 (uvicorn has no event for it)
            await asyncio.sleep(LOOK_S)
        # Closing over a request that has arrived and was not read would reset it: such a one is answered first.
        while waiting := [one for one in self._connections() if _idle(one)]:
            for one in waiting:
                if not _asks(one):
                    one.transport.close()
            await asyncio.sleep(LOOK_S)

    def _connections(self) -> list[Any]:
        return list(self.server_state.connections)


def _idle(connection: Any) -> bool:
    return not connection.transport.is_closing() and (connection.cycle is None or connection.cycle.response_complete)


def _asks(connection: Any) -> bool:
    """Whether something has arrived on it that was not read yet."""
    ear = select.poll()
    ear.register(connection.transport.get_extra_info("socket").fileno(), select.POLLIN)
    return bool(ear.poll(0))
