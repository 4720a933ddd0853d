"""Writing frames to a segment inside this process, by PyAV and libx264."""

from __future__ import annotations

import errno
from fractions import Fraction
from io import BytesIO
from pathlib import Path
from types import TracebackType
from typing import Any, Self, cast

import av
import numpy as np
from av.video.stream import VideoStream

from storyreel.media.ffmpeg import DiskFull
from storyreel.media.format import BT709, CODEC, LIMITED, PIXELS, Format, timescale, x264_options
from storyreel.media.picture import Image
from storyreel.model.errors import StoryreelError


class FramesMissing(StoryreelError):
    """A clip came out with another number of frames than was asked; it was not used."""

    code = "frames-missing"


class Encoder:
    """Takes planar frames one at a time; the count written is held against the count promised on leaving.

    With one thread the bytes depend on nothing but the frames, so a clip can be made again exactly.
    """

    def __init__(self, out: Path | BytesIO, fmt: Format, frames: int, *, threads: int = 1) -> None:
        self._format = fmt
        self._promised = frames
        self._written = 0
        target: Any = out if isinstance(out, BytesIO) else str(out)
        options = {"video_track_timescale": str(timescale(fmt)), "fflags": "+bitexact"}
        self._container = av.open(target, "w", format="mp4", options=options)
        self._stream = _stream(cast("Any", self._container), fmt, threads)

    def __enter__(self) -> Self:
        return self

    def write(self, planes: Image) -> None:
        """Add one frame, laid out as I420: height * 3 / 2 rows of width bytes."""
        frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(planes), format=PIXELS)
        frame.pts = self._written
        frame.time_base = Fraction(1, self._format.fps)
        frame.color_range = cast("Any", LIMITED)
        frame.colorspace = cast("Any", BT709)
        self._mux(frame)
        self._written += 1

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        try:
            if kind is None:
                self._mux(None)
        finally:
            self._container.close()
        if kind is None and self._written != self._promised:
            raise FramesMissing(f"{self._promised} frames were asked and {self._written} were made")

    def _mux(self, frame: av.VideoFrame | None) -> None:
        try:
            for packet in self._stream.encode(frame):
                self._container.mux(packet)
        except OSError as error:
            if error.errno == errno.ENOSPC:
                raise DiskFull from error
            raise


def _stream(container: Any, fmt: Format, threads: int) -> VideoStream:
    stream = cast("VideoStream", container.add_stream(CODEC, rate=fmt.fps, options=x264_options(fmt)))
    stream.width, stream.height, stream.pix_fmt = fmt.width_px, fmt.height_px, PIXELS
    context = cast("Any", stream.codec_context)
    context.thread_count = threads
    context.color_range = LIMITED
    context.colorspace = context.color_primaries = context.color_trc = BT709
    return stream
