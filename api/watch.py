"""What is measured and logged about every request. FastAPI opens its span, and continues the caller's trace, where spans are exported."""

from __future__ import annotations

import time
from contextlib import nullcontext
from typing import Any
from uuid import uuid4

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from storyreel.runtime.telemetry import bound, carried, histogram

# Until the first byte of the answer: an event stream has no end of its own.
REQUEST_S = histogram(
    "storyreel_http_request_seconds", "Time until an answer begins, by route and status.", ["method", "route", "status"]
)


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

        async def seen(message: Message) -> None:
            if message["type"] == "http.response.start":
                labels = (scope["method"], _route(scope), str(message["status"]))
                REQUEST_S.labels(*labels).observe(time.perf_counter() - begun)
                message = {**message, "headers": [*message["headers"], (b"x-request-id", request.encode("latin-1"))]}
            await send(message)

        trace = {name: given[name] for name in ("traceparent", "tracestate") if name in given}
        with carried(trace) if trace else nullcontext(), bound(request=request):
            await self._app(scope, receive, seen)


def _route(scope: dict[str, Any] | Scope) -> str:
    """The route's pattern, so that ids do not become labels."""
    return str(getattr(scope.get("route"), "path", "none"))
