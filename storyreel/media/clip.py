"""Clips and recordings from outside: opened as what their content says they are and nothing else, and never beyond their own file."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

import av
import cv2
import numpy as np
from av.error import FFmpegError
from numpy.typing import NDArray

from storyreel.media import picture
from storyreel.media.clean import MOST_PX, check_size
from storyreel.media.look import look_of
from storyreel.media.picture import Image
from storyreel.media.probe import UnreadableMedia
from storyreel.model.errors import BadInput

# A playlist dressed as a clip reads whatever file it names, so every type is opened by its own demuxer alone.
DEMUXERS: dict[str, str] = {
    "video/mp4": "mov",
    "video/quicktime": "mov",
    "video/x-m4v": "mov",
    "audio/mp4": "mov",
    "audio/x-m4a": "mov",
    "audio/m4a": "mov",
    "video/3gpp": "mov",
    "video/webm": "matroska",
    "video/x-matroska": "matroska",
    "video/x-msvideo": "avi",
    "video/mpeg": "mpeg",
    "video/x-flv": "flv",
    "audio/mpeg": "mp3",
    "audio/ogg": "ogg",
    "video/ogg": "ogg",
    "audio/x-flac": "flac",
    "audio/flac": "flac",
    "audio/x-wav": "wav",
    "audio/wav": "wav",
    "audio/aac": "aac",
    "audio/x-aiff": "aiff",
    "audio/aiff": "aiff",
}
MOST_STREAMS = 32
# Where nothing says better: a second in, so that a fade from black is over.
POSTER_S = 1.0
WAVE_POINTS = 4000


@dataclass(frozen=True, slots=True)
class ClipFacts:
    """What is known of a clip or a recording; a recording has no size."""

    duration_s: float
    width_px: int | None = None
    height_px: int | None = None


def clip_facts(path: Path, media_type: str, *, most_px: int = MOST_PX) -> ClipFacts:
    """Length and size, once its first frame or sound was decoded.

    Raises:
        UnreadableMedia: it cannot be read as what its content says it is, or nothing in it can be shown or heard.
        TooManyPixels: its frames are larger than `most_px`; none was decoded.
    """
    with opened(path, media_type) as container:
        if len(container.streams) > MOST_STREAMS:
            raise UnreadableMedia(f"the file holds {len(container.streams)} streams; send one with a picture and a sound")
        stream = _stream(container, media_type)
        size: dict[str, int] = {}
        if stream.type == "video":
            context = stream.codec_context
            check_size(context.width, context.height, most_px=most_px)
            size = {"width_px": context.width, "height_px": context.height}
        if next(iter(container.decode(stream)), None) is None:
            raise UnreadableMedia("nothing in this file can be shown or heard; it may be cut off")
        duration_s = _duration_s(container, stream)
    return ClipFacts(round(duration_s, 3), **size)


def length_s(source: Path | bytes, media_type: str) -> float:
    """How long a clip or recording is by what is in it, whatever its head says.

    Raises:
        UnreadableMedia: it cannot be read as what it is said to be, or nothing in it can be shown or heard.
    """
    with opened(source, media_type) as container:
        stream = _stream(container, media_type)
        if next(iter(container.decode(stream)), None) is None:
            raise UnreadableMedia("nothing in this file can be shown or heard; it may be cut off")
        container.seek(0)
        spans = [packet.duration or 0 for packet in container.demux(stream) if packet.size]
        return float(sum(spans) * (stream.time_base or 0))


def look_at(source: Path | bytes, media_type: str) -> tuple[float, ...] | None:
    """The numbers of what a picture or clip looks like (`media.look`); None where there is nothing to see in it."""
    try:
        if media_type.startswith("image/"):
            return look_of(picture.read(source if isinstance(source, bytes) else source.read_bytes()))
        return look_of(poster(source, media_type)) if media_type.startswith("video/") else None
    except BadInput:
        return None


def poster(path: Path | bytes, media_type: str, *, most_px: int = MOST_PX) -> Image:
    """The frame that stands for a clip: a second in, or a third of the way through a shorter one.

    Raises:
        UnreadableMedia: there is none.
    """
    with opened(path, media_type) as container:
        stream = next(iter(container.streams.video), None)
        if stream is None:
            raise UnreadableMedia("there is no picture in this file")
        check_size(stream.codec_context.width, stream.codec_context.height, most_px=most_px)
        at_s = min(POSTER_S, _duration_s(container, stream) / 3)
        best: Any = None
        for frame in container.decode(stream):
            best = frame
            if frame.time is None or frame.time >= at_s:
                break
        if best is None:
            raise UnreadableMedia("nothing in this file can be shown; it may be cut off")
        return np.asarray(best.to_ndarray(format="bgr24"), np.uint8)


def loudest(path: Path, media_type: str, points: int) -> NDArray[np.float32]:
    """The outline of a sound: the greatest level of each of `points` equal stretches, 0 to 1. The sound is never held whole.

    Raises:
        UnreadableMedia: there is no sound in it.
    """
    peaks: list[float] = []
    with opened(path, media_type) as container:
        stream = next(iter(container.streams.audio), None)
        if stream is None:
            raise UnreadableMedia("there is no sound in this file")
        # The channels are not added up: two that are alike would be drawn louder than they are.
        resampler = av.AudioResampler(format="fltp", rate=8000)
        window = max(1, int(_duration_s(container, stream) * 8000 / WAVE_POINTS))
        left = np.zeros(0, np.float32)
        for frame in container.decode(stream):
            for part in resampler.resample(frame):
                left = np.concatenate([left, np.abs(part.to_ndarray()).max(axis=0)])
                whole = len(left) // window * window
                peaks += left[:whole].reshape(-1, window).max(axis=1, initial=0).tolist()
                left = left[whole:]
    if not peaks and not len(left):
        return np.zeros(points, np.float32)
    parts = np.array_split(np.asarray(peaks or [float(left.max())], np.float32), min(points, max(1, len(peaks))))
    drawn = np.asarray([part.max() for part in parts], np.float32)
    return np.interp(np.linspace(0, 1, points), np.linspace(0, 1, len(drawn)), drawn).astype(np.float32)


@contextmanager
def opened(source: Path | bytes, media_type: str) -> Generator[Any]:
    """The file by the demuxer of its type.

    Raises:
        UnreadableMedia: no demuxer is known for it, or it breaks off.
    """
    demuxer = DEMUXERS.get(media_type)
    if demuxer is None:
        raise UnreadableMedia(f"a {media_type} cannot be read here; send MP4, MOV, WebM, MP3, WAV, FLAC or OGG")
    try:
        file = BytesIO(source) if isinstance(source, bytes) else str(source)
        with av.open(file, "r", format=demuxer, options={"protocol_whitelist": "file"}) as container:
            yield container
    except (FFmpegError, OSError, ValueError, UnicodeDecodeError) as broken:
        raise UnreadableMedia(f"the file cannot be read: {broken}") from broken


def thumbnail(image: Image, width_px: int) -> Image:
    """The picture in at most this width."""
    if image.shape[1] <= width_px:
        return image
    height_px = max(1, round(image.shape[0] * width_px / image.shape[1]))
    return np.asarray(cv2.resize(image, (width_px, height_px), interpolation=cv2.INTER_AREA), np.uint8)


def waveform(levels: NDArray[np.float32]) -> Image:
    """A sound's outline as a picture, as many pixels wide as there are levels, a quarter as high."""
    width = len(levels)
    height = max(24, width // 4)
    canvas = np.full((height, width, 3), (38, 33, 30), np.uint8)
    for x, level in enumerate(levels):
        half = max(1, round(min(1.0, float(level)) * (height / 2 - 2)))
        canvas[height // 2 - half : height // 2 + half, x] = (196, 168, 92)
    return canvas


def webp(image: Image, quality: int = 82) -> bytes:
    """The picture as WebP bytes."""
    return cv2.imencode(".webp", image, [cv2.IMWRITE_WEBP_QUALITY, quality])[1].tobytes()


def jpeg(image: Image, quality: int = 85) -> bytes:
    """The picture as JPEG bytes."""
    return cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, quality])[1].tobytes()


def _stream(container: Any, media_type: str) -> Any:
    kinds = (container.streams.video, container.streams.audio) if media_type.startswith("video/") else (container.streams.audio,)
    found = next((stream for kind in kinds for stream in kind), None)
    if found is None:
        raise UnreadableMedia("there is neither picture nor sound in this file")
    return found


def _duration_s(container: Any, stream: Any) -> float:
    if container.duration:
        return float(container.duration) / 1e6
    return float((stream.duration or 0) * (stream.time_base or 0))
