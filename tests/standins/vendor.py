"""A generator that speaks the remote protocol, counts what it is asked, and misbehaves on command.

What it makes is trivial and quick: flat pictures, a still clip, a tone. The same request gives the same bytes.

    async with Vendor().serving() as vendor: ...              in this process, on a free port
    python -m tests.standins.vendor --port 8899               on its own; POST /control sets `Manners`, GET /counts tells

`Manners` are what it does wrong: late, never, forgetful, full, failing, answering too late to be heard.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import math
import socket
import struct
import time
import zlib
from collections import Counter, deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import lru_cache
from io import BytesIO
from itertools import count
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

GUTTER_PX = 16


@dataclass
class Manners:
    """How it behaves. `answers` are statuses that the next submits get instead of a job; `lost` jobs are made, but answered with 500."""

    delay_s: float = 0.0
    submit_delay_s: float = 0.0
    answers: deque[int] = field(default_factory=deque)
    retry_after_s: float | None = None
    lost: int = 0
    never: bool = False
    lookup: bool = True
    # Codes with which the next jobs end instead of being done: "resource", "refused", or anything else.
    errors: deque[str] = field(default_factory=deque)
    # What is wrong with the next results: "bytes" that mean nothing, or "half" of them; and how many questions get a 404 in passing.
    spoils: deque[str] = field(default_factory=deque)
    blinks: int = 0
    # Whether the bytes of a request's assets are asked for before work begins.
    wants_inputs: bool = True
    # Words ("video:Iris"): jobs of that capability whose request holds the rest go on for ever; the answer to their submit never comes.
    hold: deque[str] = field(default_factory=deque)
    hold_answers: deque[str] = field(default_factory=deque)


@dataclass
class Job:
    """One job."""

    id: str
    key: str
    capability: str
    request: dict[str, Any]
    since: float
    needs: list[str]
    error: str = ""
    cancelled: bool = False
    # The trace that the caller said it is in.
    trace: str = ""


class Vendor:
    """The server's state and its counters."""

    def __init__(self, manners: Manners | None = None) -> None:
        self.manners = manners or Manners()
        self.counts: Counter[str] = Counter()
        self.submissions: Counter[str] = Counter()
        self.jobs: dict[str, Job] = {}
        self.url = ""
        self.submitted = asyncio.Event()
        self._numbers = count(1)

    @property
    def app(self) -> Starlette:
        """The HTTP face."""
        return Starlette(
            routes=[
                Route("/v1/jobs", self._submit, methods=["POST"]),
                Route("/v1/jobs", self._find, methods=["GET"]),
                Route("/v1/jobs/{id}", self._job, methods=["GET"]),
                Route("/v1/jobs/{id}", self._cancel, methods=["DELETE"]),
                Route("/v1/jobs/{id}/result", self._result, methods=["GET"]),
                Route("/v1/jobs/{id}/inputs/{asset}", self._input, methods=["PUT"]),
                Route("/control", self._control, methods=["POST"]),
                Route("/counts", self._tell, methods=["GET"]),
            ]
        )

    @asynccontextmanager
    async def serving(self, port: int = 0) -> AsyncIterator[Vendor]:
        """Serve on loopback while the block runs."""
        with socket.socket() as listening:
            listening.bind(("127.0.0.1", port))
            config = uvicorn.Config(self.app, log_level="error", access_log=False, lifespan="off")
            server = uvicorn.Server(config)
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

    def forget(self) -> None:
        """Lose every job, as a server does that was replaced."""
        self.jobs.clear()

    @property
    def paid_twice(self) -> list[str]:
        """Keys that were submitted more than once."""
        return [key for key, times in self.submissions.items() if times > 1]

    async def _submit(self, request: Request) -> Response:
        body = await request.json()
        await asyncio.sleep(self.manners.submit_delay_s)
        if self.manners.answers:
            self.counts["turned away"] += 1
            return self._refusal(self.manners.answers.popleft())
        job = Job(
            id=f"job-{next(self._numbers)}",
            key=body["key"],
            capability=body["capability"],
            request=body["request"],
            since=time.monotonic(),
            needs=_needs(body["request"]) if self.manners.wants_inputs else [],
            error=self.manners.errors.popleft() if self.manners.errors else "",
            trace=[*request.headers.get("traceparent", "").split("-"), "", ""][1],
        )
        self.jobs[job.id] = job
        self.counts["submit"] += 1
        self.submissions[job.key] += 1
        self.submitted.set()
        while _told_of(job, self.manners.hold_answers):
            await asyncio.sleep(0.05)
        if self.manners.lost:
            self.manners.lost -= 1
            return self._refusal(500)
        return JSONResponse(self._state(job), 201)

    async def _find(self, request: Request) -> Response:
        self.counts["find"] += 1
        if not self.manners.lookup:
            return self._refusal(501)
        found = [job for job in self.jobs.values() if job.key == request.query_params.get("key") and not job.cancelled]
        return JSONResponse({"jobs": [self._state(job) for job in reversed(found)]})

    async def _job(self, request: Request) -> Response:
        self.counts["ask"] += 1
        job = self.jobs.get(request.path_params["id"])
        if self.manners.blinks:
            self.manners.blinks -= 1
            job = None
        return JSONResponse(self._state(job)) if job else self._refusal(404)

    async def _cancel(self, request: Request) -> Response:
        self.counts["cancel"] += 1
        job = self.jobs.get(request.path_params["id"])
        if job is None:
            return self._refusal(404)
        if self._state(job)["state"] == "done":
            return self._refusal(409)
        job.cancelled = True
        return Response(status_code=204)

    async def _input(self, request: Request) -> Response:
        job = self.jobs.get(request.path_params["id"])
        if job is None:
            return self._refusal(404)
        assert await request.body()
        self.counts["input"] += 1
        job.needs = [need for need in job.needs if need != request.path_params["asset"]]
        job.since = time.monotonic()
        return Response(status_code=204)

    async def _result(self, request: Request) -> Response:
        self.counts["result"] += 1
        job = self.jobs.get(request.path_params["id"])
        if job is None:
            return self._refusal(404)
        data, media_type = await asyncio.to_thread(made, job.capability, job.request)
        spoil = self.manners.spoils.popleft() if self.manners.spoils else ""
        data = {"bytes": b"\x07" * len(data), "half": data[: len(data) // 2]}.get(spoil, data)
        return Response(data, media_type=media_type)

    async def _control(self, request: Request) -> Response:
        for name, value in (await request.json()).items():
            if name == "forget":
                self.forget()
            else:
                setattr(self.manners, name, deque(value) if isinstance(value, list) else value)
        return Response(status_code=204)

    async def _tell(self, _: Request) -> Response:
        jobs = [
            {
                "key": job.key,
                "capability": job.capability,
                "request": job.request,
                "cancelled": job.cancelled,
                "needs": job.needs,
                "trace": job.trace,
            }
            for job in self.jobs.values()
        ]
        return JSONResponse({**self.counts, "submissions": dict(self.submissions), "paid_twice": self.paid_twice, "jobs": jobs})

    def _refusal(self, status: int) -> Response:
        headers = {"Retry-After": str(self.manners.retry_after_s)} if self.manners.retry_after_s is not None else {}
        return JSONResponse({"error": {"code": "stand-in", "message": f"The stand-in answers {status}."}}, status, headers)

    def _state(self, job: Job) -> dict[str, Any]:
        told: dict[str, Any] = {"id": job.id, "key": job.key, "needs": job.needs}
        if job.cancelled:
            return {**told, "state": "cancelled"}
        if job.needs:
            return {**told, "state": "waiting"}
        if self.manners.never or _told_of(job, self.manners.hold) or time.monotonic() - job.since < self.manners.delay_s:
            return {**told, "state": "running", "progress": 0.5}
        if job.error:
            return {**told, "state": "failed", "error": {"code": job.error, "message": f"It ended with {job.error}."}}
        return {**told, "state": "done", "progress": 1.0, "result": facts(job.capability, job.request)}


def made(capability: str, request: dict[str, Any]) -> tuple[bytes, str]:
    """The bytes for a request."""
    match capability:
        case "image":
            cell = (request["width_px"], request["height_px"])
            return sheet(*cell, request["rows"], request["cols"], request["seed"] % 200), "image/png"
        case "video":
            grey = 80 + zlib.crc32(request["prompt"].encode()) % 120
            return clip(request["width_px"], request["height_px"], request["fps"], request["frames"], grey), "video/mp4"
        case "voice":
            return tone(length_s(request), 220.0), "audio/wav"
        case _:
            return tone(request["duration_s"], 110.0), "audio/wav"


def facts(capability: str, request: dict[str, Any]) -> dict[str, Any]:
    """What it knows of a result."""
    known: dict[str, Any] = {"model": "stand-in-1", "seed": request.get("seed", 0)}
    match capability:
        case "image":
            head = {"x": 0.4, "y": 0.2, "width": 0.2, "height": 0.3}
            known["cells"] = [{"heads": [head], "notes": []} for _ in range(request["rows"] * request["cols"])]
        case "video":
            known["duration_s"] = request["frames"] / request["fps"]
        case "voice":
            long_s = length_s(request)
            known |= {"duration_s": long_s, "words": [{"text": request["text"][:1], "start_s": 0.0, "end_s": long_s}]}
        case _:
            known["duration_s"] = request["duration_s"]
    return known


def length_s(request: dict[str, Any]) -> float:
    """How long it takes to say a line: a fifteenth of a second a letter, or less where there is no room."""
    return round(min(max(0.3, len(request["text"]) / 15), request["max_s"] or math.inf), 3)


@lru_cache(maxsize=64)
def sheet(width_px: int, height_px: int, rows: int, cols: int, seed: int) -> bytes:
    """A PNG of flat cells with a pattern of their own, divided by white gutters."""
    lines = [
        _line(width_px, cols, [(seed * 37 + (row * cols + col) * 61) % 160 + 20 for col in range(cols)], band)
        for row in range(rows)
        for band in (0, 40)
    ]
    wide = len(lines[0])
    blank = b"\xff" * wide
    raw = bytearray()
    for row in range(rows):
        if row:
            raw += (b"\0" + blank) * GUTTER_PX
        for y in range(height_px):
            raw += b"\0" + lines[2 * row + (y // 32) % 2]
    tall = rows * height_px + (rows - 1) * GUTTER_PX
    head = struct.pack(">IIBBBBB", wide, tall, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", head) + _chunk(b"IDAT", zlib.compress(bytes(raw), 1)) + _chunk(b"IEND", b"")


@lru_cache(maxsize=32)
def clip(width_px: int, height_px: int, fps: int, frames: int, grey: int = 90) -> bytes:
    """A still clip in the film's own encoding."""
    import numpy as np

    from storyreel.media.encode import Encoder
    from storyreel.media.format import Format

    fmt = Format(width_px=width_px, height_px=height_px, fps=fps)
    canvas = np.full((height_px * 3 // 2, width_px), 128, np.uint8)
    out = BytesIO()
    with Encoder(out, fmt, frames) as encoder:
        for frame in range(frames):
            canvas[: height_px // 4, : 8 * (1 + frame % 8)] = grey
            encoder.write(canvas)
    return out.getvalue()


@lru_cache(maxsize=64)
def tone(duration_s: float, pitch_hz: float) -> bytes:
    """A WAV of 8 kHz, 16 bits, mono."""
    period = [round(8000 * math.sin(2 * math.pi * pitch_hz * n / 8000)) for n in range(8000)]
    second = struct.pack("<8000h", *period)
    count_ = round(duration_s * 8000)
    data = (second * (count_ // 8000 + 1))[: 2 * count_]
    return (
        b"RIFF"
        + struct.pack("<I", 36 + len(data))
        + b"WAVEfmt "
        + struct.pack("<IHHIIHH", 16, 1, 1, 8000, 16000, 2, 16)
        + b"data"
        + struct.pack("<I", len(data))
        + data
    )


def _told_of(job: Job, words: deque[str]) -> bool:
    """Whether one of the words, "capability:text", speaks of a job."""
    text = json.dumps(job.request, ensure_ascii=False)
    return any(job.capability == capability and said in text for capability, _, said in (word.partition(":") for word in words))


def _line(width_px: int, cols: int, greys: list[int], band: int) -> bytes:
    """One line of pixels: stripes in each cell, white between cells."""
    cells = [((bytes([grey]) * 24 + bytes([grey + 35 + band]) * 24) * (width_px // 48 + 1))[:width_px] for grey in greys]
    return (b"\xff" * GUTTER_PX).join(cells)


def _needs(request: dict[str, Any]) -> list[str]:
    found = [request["first_frame"]] if "first_frame" in request else request.get("references", [])
    return [asset["id"] for asset in found]


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def main() -> None:
    """Serve until the process is stopped."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, default=0)
    port = parser.parse_args().port

    async def serve() -> None:
        async with Vendor().serving(port) as vendor:
            print(vendor.url, flush=True)  # noqa: T201 (whoever started it reads the address)
            await asyncio.Event().wait()

    asyncio.run(serve())


if __name__ == "__main__":
    main()
