"""What is measured and logged about every request. FastAPI opens its span, and continues the caller's trace, where spans are exported."""

from __future__ import annotations

import time
from contextlib import ExitStack, nullcontext
from http import HTTPStatus
from typing import Any
from uuid import uuid4

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from storyreel.runtime.metrics import REQUEST_S, STREAMS
from storyreel.runtime.telemetry import bound, carried

# What a client may send as a method is not ours to count.
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
STREAM = b"text/event-stream"


class Watch:
    """Times each request, and puts its id, and the caller's trace, on every log line."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        begun = time.perf_counter()
        given = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        request = given.get("x-request-id", "")[:100] or uuid4().hex
        began = False

        async def seen(message: Message) -> None:
            nonlocal began
            if message["type"] == "http.response.start":
                began = True
                _note(scope, message["status"], begun)
                if any(name == b"content-type" and value.startswith(STREAM) for name, value in message["headers"]):
                    STREAMS.inc()
                    over.callback(STREAMS.dec)
                message = {**message, "headers": [*message["headers"], (b"x-request-id", request.encode("latin-1"))]}
            await send(message)

        trace = {name: given[name] for name in ("traceparent", "tracestate") if name in given}
        with ExitStack() as over, carried(trace) if trace else nullcontext(), bound(request=request):
            try:
                await self._app(scope, receive, seen)
            except Exception:
                if not began:
                    # Whoever stands outside answers with 500.
                    _note(scope, HTTPStatus.INTERNAL_SERVER_ERROR, begun)
                raise


def _note(scope: Scope, status: int, begun: float) -> None:
    method = scope["method"] if scope["method"] in METHODS else "other"
    REQUEST_S.labels(method, _route(scope), str(int(status))).observe(time.perf_counter() - begun)


def _route(scope: dict[str, Any] | Scope) -> str:
    """The route's pattern, so that ids do not become labels."""
    return str(getattr(scope.get("route"), "path", "none"))
