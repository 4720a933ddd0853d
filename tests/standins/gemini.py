"""A local Gemini: `generateContent` as the vendor answers it, with replies that a test records by the message they answer.

async with Gemini().serving() as gemini: ...        gemini.url is its address; gemini.calls counts what it was asked
"""

from __future__ import annotations

import asyncio
import json
import re
import socket
from collections import defaultdict, deque
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

MESSAGE = re.compile(r"<message>\n(.*?)\n</message>", re.DOTALL)


class Gemini:
    """The server's state: recorded replies by message, and what it was asked.

    A reply is an envelope (a dict), or `{"text": ...}`, `{"blocked": reason}`, `{"finish": reason}`, `{"status": 429, "retry": "30s"}`.
    """

    def __init__(self) -> None:
        self.replies: defaultdict[str, deque[dict[str, Any]]] = defaultdict(deque)
        self.asked: list[dict[str, Any]] = []
        self.url = ""
        self.delay_s = 0.0

    @property
    def calls(self) -> int:
        """How often it was asked."""
        return len(self.asked)

    def record(self, message: str, *replies: dict[str, Any]) -> None:
        """The replies to a message, in order."""
        self.replies[message.strip()].extend(replies)

    @asynccontextmanager
    async def serving(self) -> AsyncGenerator[Gemini]:
        """Serve on loopback while the block runs."""
        app = Starlette(routes=[Route("/v1beta/models/{call:path}", self._generate, methods=["POST"])])
        with socket.socket() as listening:
            listening.bind(("127.0.0.1", 0))
            server = uvicorn.Server(uvicorn.Config(app, log_level="error", access_log=False, lifespan="off"))
            serving = asyncio.create_task(server.serve(sockets=[listening]))
            while not server.started:
                await asyncio.sleep(0.005)
            self.url = f"http://127.0.0.1:{listening.getsockname()[1]}"
            try:
                yield self
            finally:
                server.should_exit = True
                server.force_exit = True
                await serving

    async def _generate(self, request: Request) -> Response:
        model, _, verb = request.path_params["call"].rpartition(":")
        if verb != "generateContent" or not request.headers.get("x-goog-api-key"):
            return failure(403, "PERMISSION_DENIED", "Method doesn't allow unregistered callers.")
        body = await request.json()
        self.asked.append({"model": model, "body": body})
        await asyncio.sleep(self.delay_s)
        config = body.get("generationConfig") or body.get("generation_config") or {}
        if "responseJsonSchema" not in config and "response_json_schema" not in config:
            return failure(400, "INVALID_ARGUMENT", "this stand-in answers structured requests only")
        reply = self._reply(body)
        if reply is None:
            return failure(500, "INTERNAL", "no reply was recorded for this message")
        return answer_of(model, reply)

    def _reply(self, body: dict[str, Any]) -> dict[str, Any] | None:
        said = "\n".join(part.get("text", "") for content in body["contents"] for part in content["parts"])
        found = MESSAGE.search(said)
        waiting = self.replies.get(found[1].strip() if found else "")
        return waiting.popleft() if waiting else None


def answer_of(model: str, reply: dict[str, Any]) -> Response:
    """A recorded reply as the vendor would send it."""
    if "status" in reply:
        return failure(
            reply["status"], reply.get("name", "RESOURCE_EXHAUSTED"), reply.get("message", "Quota exceeded."), reply.get("retry")
        )
    usage = {"promptTokenCount": 100, "candidatesTokenCount": 20, "totalTokenCount": 120}
    if "blocked" in reply:
        return JSONResponse({"promptFeedback": {"blockReason": reply["blocked"]}, "usageMetadata": usage, "modelVersion": model})
    if "finish" in reply:
        candidate: dict[str, Any] = {"finishReason": reply["finish"], "index": 0}
    else:
        text = reply["text"] if set(reply) == {"text"} else json.dumps(reply, ensure_ascii=False)
        candidate = {"content": {"parts": [{"text": text}], "role": "model"}, "finishReason": "STOP", "index": 0}
    return JSONResponse({"candidates": [candidate], "usageMetadata": usage, "modelVersion": model, "responseId": "r1"})


def failure(status: int, name: str, message: str, retry: str | None = None) -> Response:
    """An error in Google's shape."""
    details = [{"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": retry}] if retry else []
    return JSONResponse({"error": {"code": status, "message": message, "status": name, "details": details}}, status_code=status)
