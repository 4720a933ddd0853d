"""The built-in camera: it moves over the first frame, lets weather pass over it, and needs no key."""

from __future__ import annotations

import asyncio
from io import BytesIO

from pydantic import ValidationError

from storyreel.model.errors import NotPossible
from storyreel.pipeline.ports import Capability, Generated, Inputs, Price, Progress, VideoRequest
from storyreel.providers.builtin.local import Cancelled, LocalJobs, Work

_FRAMES_S = 45.0  # at 1280 x 720, drawn and encoded on one core
_PIXELS = 1280 * 720


class BuiltinVideo(LocalJobs):
    """Draws a camera move over a still, exactly as long as asked, in the film's own encoding, so that it joins by copy.

    The same request gives the same bytes.
    """

    id = "builtin"
    model = "camera-1"
    capability: Capability = "video"

    def __init__(self, *, threads: int = 1) -> None:
        super().__init__()
        self._threads = threads

    def price(self, request: VideoRequest) -> Price:
        """It costs nothing but time on this machine."""
        expected_s = request.frames / _FRAMES_S * (request.width_px * request.height_px / _PIXELS)
        return Price(cost_usd=0.0, basis="drawn on this machine", expected_s=round(expected_s, 1))

    async def wait(self, handle: str, request: VideoRequest, inputs: Inputs, progress: Progress) -> Generated:
        """The clip as MP4 with no sound: exactly `request.frames` frames.

        Raises:
            NotPossible: the first frame is no picture, or the size cannot be encoded.
            Cancelled: the job was cancelled.
        """
        still = await inputs.read(request.first_frame)
        with self.working(handle, progress) as work:
            data = await asyncio.to_thread(_draw, still, request, self._threads, work)
        seconds = request.frames / request.fps
        return Generated(data, "video/mp4", self.id, self.model, seed=request.seed, duration_s=seconds)


def _draw(still: bytes, request: VideoRequest, threads: int, work: Work) -> bytes:
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
    try:
        move.render(image, camera, out, threads=threads, stopped=work.stopped, progress=work.tell)
    except move.Stopped as stopped:
        raise Cancelled from stopped
    return out.getvalue()
