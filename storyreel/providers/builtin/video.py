"""The built-in camera: it moves over the first frame, lets weather pass over it, and needs no key."""

from __future__ import annotations

import asyncio
import threading
from io import BytesIO

from pydantic import ValidationError

from storyreel.model.errors import NotPossible
from storyreel.pipeline.ports import Capability, Generated, Inputs, Price, Progress, VideoRequest

_PREFIX = "builtin:"
_FRAMES_S = 45.0  # at 1280 x 720, drawn and encoded on one core
_PIXELS = 1280 * 720


class BuiltinVideo:
    """Draws a camera move over a still, exactly as long as asked, in the film's own encoding, so that it joins by copy.

    The same request gives the same bytes. A handle is the caller's key, so a job that died with its process is simply drawn again.
    """

    id = "builtin"
    model = "camera-1"
    capability: Capability = "video"

    def __init__(self, *, threads: int = 1) -> None:
        self._threads = threads
        self._running: dict[str, set[threading.Event]] = {}

    def price(self, request: VideoRequest) -> Price:
        """It costs nothing but time on this machine."""
        expected_s = request.frames / _FRAMES_S * (request.width_px * request.height_px / _PIXELS)
        return Price(cost_usd=0.0, basis="drawn on this machine", expected_s=round(expected_s, 1))

    async def submit(self, request: VideoRequest, key: str) -> str:  # noqa: ARG002
        """The handle; nothing is drawn before it is waited for."""
        return _PREFIX + key

    async def find(self, key: str) -> str | None:
        """Every key has its handle: what was lost with a process is drawn again, free of charge."""
        return _PREFIX + key

    async def cancel(self, handle: str) -> None:
        """Stop the drawing between two frames; waiting for it then ends with `Stopped`."""
        for running in self._running.get(handle, ()):
            running.set()

    async def wait(self, handle: str, request: VideoRequest, inputs: Inputs, progress: Progress) -> Generated:
        """The clip as MP4 with no sound: exactly `request.frames` frames.

        Raises:
            NotPossible: the first frame is no picture, or the size cannot be encoded.
            Stopped: the job was cancelled.
        """
        still = await inputs.read(request.first_frame)
        stop = threading.Event()
        self._running.setdefault(handle, set()).add(stop)
        loop = asyncio.get_running_loop()

        def tell(fraction: float) -> None:
            loop.call_soon_threadsafe(progress, fraction)

        try:
            data = await asyncio.to_thread(_draw, still, request, self._threads, stop, tell)
        finally:
            # The thread cannot be cancelled; this is what it looks at before every frame.
            stop.set()
            self._forget(handle, stop)
        seconds = request.frames / request.fps
        return Generated(data, "video/mp4", self.id, self.model, seed=request.seed, duration_s=seconds)

    def _forget(self, handle: str, stop: threading.Event) -> None:
        running = self._running.get(handle, set())
        running.discard(stop)
        if not running:
            self._running.pop(handle, None)


def _draw(still: bytes, request: VideoRequest, threads: int, stop: threading.Event, progress: Progress) -> bytes:
    # OpenCV and PyAV take a third of a second to load: only those who draw pay for it.
    from storyreel.media import move, picture  # noqa: PLC0415
    from storyreel.media.format import Format  # noqa: PLC0415

    try:
        fmt = Format(width_px=request.width_px, height_px=request.height_px, fps=request.fps)
        image = picture.read(still)
    except (ValidationError, picture.UnreadablePicture) as wrong:
        raise NotPossible(f"the camera cannot film this: {wrong}") from wrong
    camera = move.Camera(
        format=fmt,
        frames=request.frames,
        move=request.move,
        pace=request.pace,
        weather=request.weather,
        focus=request.focus,
        seed=request.seed,
    )
    out = BytesIO()
    move.render(image, camera, out, threads=threads, stopped=stop.is_set, progress=progress)
    return out.getvalue()
