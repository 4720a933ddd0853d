"""The MCP server over HTTP: each tool call is a request to this very application, with the caller's own headers."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from http import HTTPStatus
from ipaddress import ip_address
from typing import Any, cast
from urllib.parse import urlsplit

import httpx
from fastapi import FastAPI
from mcp.server import Server
from mcp.server.streamable_http_manager import StreamableHTTPSessionManager
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from api.limits import LARGEST_BODY
from storyreel.mcp.client import Api
from storyreel.mcp.server import Asker, Context, server_of

PATH = "/mcp"
# Who asks, and which trace it belongs to, go on to the request that a call becomes.
CARRIED = ("authorization", "traceparent", "tracestate", "x-request-id")
# A call may wait for a planning model, as a request may.
PATIENCE_S = 180.0


class Mcp:
    """The endpoint. It keeps no session, so that any replica can answer any call."""

    def __init__(self, app: FastAPI) -> None:
        self._app = app
        self._manager: StreamableHTTPSessionManager | None = None

    @asynccontextmanager
    async def running(self) -> AsyncGenerator[None]:
        """Serve while the block runs."""
        self._manager = StreamableHTTPSessionManager(
            self._server(), json_response=True, stateless=True, max_request_body_size=LARGEST_BODY
        )
        async with self._manager.run():
            yield
        self._manager = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        _check_origin(Headers(scope=scope).get("origin", ""))
        _asker(Request(scope))
        if self._manager is None:
            raise HTTPException(HTTPStatus.SERVICE_UNAVAILABLE, "the API is starting or stopping")
        await self._manager.handle_request(scope, receive, send)

    def _server(self) -> Server[Any]:
        @asynccontextmanager
        async def reach(ctx: Context) -> AsyncGenerator[Api]:
            request = cast("Request", ctx.request)
            headers = {name: request.headers[name] for name in CARRIED if name in request.headers}
            inside = httpx.ASGITransport(app=self._app, raise_app_exceptions=False)
            headers |= {"x-storyreel-source": "mcp"}
            async with httpx.AsyncClient(transport=inside, base_url="http://api", headers=headers, timeout=PATIENCE_S) as http:
                yield Api(http, _asker(request).language)

        return server_of(reach, lambda ctx: _asker(cast("Request", ctx.request)))


def install(app: FastAPI) -> Mcp:
    """Put the endpoint into the application; what it answers must run with the application."""
    endpoint = Mcp(app)
    app.router.routes.append(Route(PATH, endpoint=endpoint, methods=["GET", "POST", "DELETE"], include_in_schema=False))
    return endpoint


def _asker(request: Request) -> Asker:
    """What the address asks for: `?mode=draft&language=zh`."""
    mode, language = request.query_params.get("mode", "agent"), request.query_params.get("language", "en")
    if mode not in ("agent", "pro", "draft"):
        raise HTTPException(HTTPStatus.UNPROCESSABLE_ENTITY, "the mode is agent, pro or draft")
    if language not in ("zh", "en"):
        raise HTTPException(HTTPStatus.UNPROCESSABLE_ENTITY, "the language is zh or en")
    return Asker(mode, language)


def _check_origin(origin: str) -> None:
    """Refuse a page of the web that a browser was led to call a machine's own API from.

    Programs send no Origin.
    """
    host = urlsplit(origin).hostname or ""
    if origin and host != "localhost" and not _is_loopback(host):
        raise HTTPException(HTTPStatus.FORBIDDEN, f"pages of {origin} may not speak to this server")


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
