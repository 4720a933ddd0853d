"""What a media file is, measured by reading it: there is no ffprobe where this runs."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any, Literal

import av
import cv2
import numpy as np
from av.error import FFmpegError, InvalidDataError
from numpy.typing import NDArray

from storyreel.media import picture
from storyreel.media.picture import Image
from storyreel.model.errors import BadInput, OutOfRange

Source = Path | bytes
_SMALL_PX = 320
_BLACK_LEVEL = 0.10 * 255
_BLACK_SHARE = 0.98
_FROZEN = 0.001 * 255  # ffmpeg's freezedetect at -60 dB
_SILENT_DBFS = -60.0
_WINDOW_S = 0.05


class UnreadableMedia(BadInput):
    """This file is no sound or film that can be read; it may be cut off."""

    code = "unreadable-media"


@dataclass(frozen=True, slots=True)
class Probe:
    """The facts of a file. Fields of a stream that it lacks are zero or empty; `frames` are counted, not taken from the header."""

    duration_s: float
    video_codec: str = ""
    pixels: str = ""
    width_px: int = 0
    height_px: int = 0
    fps: float = 0.0
    frames: int = 0
    extradata: str = ""
    time_base_hz: int = 0
    steady: bool = False
    audio_codec: str = ""
    audio_rate_hz: int = 0
    audio_channels: int = 0
    audio_duration_s: float = 0.0
    subtitles: int = 0
    tags: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Finding:
    """A stretch of a film or sound that a viewer would take for a fault."""

    kind: Literal["black", "frozen", "silent"]
    start_s: float
    end_s: float


@dataclass(frozen=True, slots=True)
class Loudness:
    """How loud a sound is: integrated loudness and true peak (ITU-R BS.1770)."""

    integrated_lufs: float
    true_peak_dbtp: float


def probe(source: Source) -> Probe:
    """The facts of a film, clip or sound.

    Raises:
        UnreadableMedia: it cannot be read.
    """
    with _opened(source) as container:
        packets = _packets(container)
        video = next(iter(container.streams.video), None)
        sound = next(iter(container.streams.audio), None)
        facts: dict[str, Any] = {
            "duration_s": (container.duration or 0) / 1e6,
            "subtitles": len(container.streams.subtitles),
            "tags": tuple(sorted(container.metadata.items())),
        }
        if video is not None:
            facts |= _video_facts(video, packets.get(video.index, []))
        if sound is not None:
            facts |= _audio_facts(sound, packets.get(sound.index, []))
    return Probe(**facts)


def black_or_frozen(source: Source, *, black_s: float = 0.5, frozen_s: float = 2.0) -> list[Finding]:
    """Stretches that are black for at least `black_s` or do not move for at least `frozen_s`, in order of their start."""
    black = _Stretch("black", black_s)
    frozen = _Stretch("frozen", frozen_s)
    still: Image | None = None
    end_s = 0.0
    for at_s, length_s, small in _small_frames(source):
        moved = still is None or float(cv2.absdiff(small, still).mean()) > _FROZEN
        black.see(at_s, bool((small <= _BLACK_LEVEL).mean() >= _BLACK_SHARE))
        if moved:
            still = small
            frozen.see(at_s, False)  # noqa: FBT003
            frozen.see(at_s, True)  # noqa: FBT003
        end_s = at_s + length_s
    found = [*black.close(end_s), *frozen.close(end_s)]
    return sorted(found, key=lambda finding: finding.start_s)


def decoded(source: Source) -> Iterator[Any]:
    """The frames of a film, one after another.

    Raises:
        UnreadableMedia: it cannot be read, or breaks off.
    """
    with _opened(source) as container:
        try:
            yield from container.decode(_only_video(container))
        except FFmpegError as broken:
            raise UnreadableMedia(f"the file breaks off: {broken}") from broken


def frame_at(source: Source, at_s: float) -> bytes:
    """The frame on screen at `at_s` as PNG.

    Raises:
        OutOfRange: the film has no such moment.
        UnreadableMedia: it cannot be read.
    """
    with _opened(source) as container:
        stream = _only_video(container)
        base = float(stream.time_base or 1)
        container.seek(max(0, int(at_s / base)), stream=stream)
        best: Any = None
        for frame in container.decode(stream):
            if best is not None and float(frame.pts) * base > at_s + 1e-6:
                break
            best = frame
            shown_until_s = (frame.pts + (frame.duration or 0)) * base
            if shown_until_s > at_s + 1e-6:
                break
        else:
            if best is None or at_s > (best.pts + (best.duration or 0)) * base + 1e-6:
                raise OutOfRange(f"the film has no moment at {at_s:.2f} s")
        return picture.png(_bgr(best))


def last_frame(source: Source) -> bytes:
    """The last frame as PNG.

    Raises:
        UnreadableMedia: it cannot be read, or has no frame.
    """
    with _opened(source) as container:
        stream = _only_video(container)
        # Back to the key frame before the end: what stands before it need not be decoded.
        container.seek(stream.duration or 0, stream=stream)
        last: Any = None
        for frame in container.decode(stream):
            last = frame
        if last is None:
            raise UnreadableMedia("there is no frame in it")
        return picture.png(_bgr(last))


def sound_of(source: Source, rate_hz: int = 48_000) -> NDArray[np.float32]:
    """The whole sound, samples x channels, as float32 at `rate_hz`; an edit list's trims are applied.

    Raises:
        UnreadableMedia: there is no sound in it.
    """
    with _opened(source) as container:
        stream = next(iter(container.streams.audio), None)
        if stream is None:
            raise UnreadableMedia("there is no sound in this file")
        layout = "mono" if stream.codec_context.channels == 1 else "stereo"
        resampler = av.AudioResampler(format="fltp", layout=layout, rate=rate_hz)
        parts = [part.to_ndarray() for frame in container.decode(stream) for part in resampler.resample(frame)]
        parts += [part.to_ndarray() for part in resampler.resample(None)]
    if not parts:
        return np.zeros((0, 1), np.float32)
    return np.ascontiguousarray(np.concatenate(parts, axis=1).T, dtype=np.float32)


def loudness(source: Source) -> Loudness:
    """How loud the file's sound is; -inf where it is silent."""
    from storyreel.media import sound  # noqa: PLC0415  (scipy is loaded only by those who measure)

    samples = sound_of(source)
    return Loudness(sound.loudness_lufs(samples), sound.true_peak_dbtp(samples))


def silence(source: Source, *, least_s: float = 1.0, below_dbfs: float = _SILENT_DBFS) -> list[Finding]:
    """Stretches of the sound that stay under `below_dbfs` for at least `least_s`."""
    samples = sound_of(source)
    window = round(48_000 * _WINDOW_S)
    quiet = _Stretch("silent", least_s)
    for start in range(0, len(samples), window):
        level = float(np.abs(samples[start : start + window]).max(initial=0.0))
        quiet.see(start / 48_000, level < 10 ** (below_dbfs / 20))
    return quiet.close(len(samples) / 48_000)


class _Stretch:
    """Collects the stretches during which something stays true for long enough."""

    def __init__(self, kind: Literal["black", "frozen", "silent"], least_s: float) -> None:
        self._kind: Literal["black", "frozen", "silent"] = kind
        self._least_s = least_s
        self._since_s: float | None = None
        self._found: list[Finding] = []

    def see(self, at_s: float, holds: bool) -> None:  # noqa: FBT001
        if holds and self._since_s is None:
            self._since_s = at_s
        if not holds:
            self.close(at_s)

    def close(self, at_s: float) -> list[Finding]:
        if self._since_s is not None and at_s - self._since_s >= self._least_s - 1e-6:
            self._found.append(Finding(self._kind, round(self._since_s, 3), round(at_s, 3)))
        self._since_s = None
        return self._found


def _opened(source: Source) -> Any:
    try:
        return av.open(BytesIO(source) if isinstance(source, bytes) else str(source), "r")
    except (FFmpegError, OSError) as unreadable:
        raise UnreadableMedia(f"the file cannot be read: {unreadable}") from unreadable


def _packets(container: Any) -> dict[int, list[tuple[int, int]]]:
    """Time and length of each packet, by stream, in each stream's own ticks."""
    found: dict[int, list[tuple[int, int]]] = {}
    try:
        for packet in container.demux():
            if packet.size and packet.pts is not None:
                found.setdefault(packet.stream.index, []).append((packet.pts, packet.duration or 0))
    except InvalidDataError as broken:
        raise UnreadableMedia(f"the file breaks off: {broken}") from broken
    return found


def _video_facts(stream: Any, packets: list[tuple[int, int]]) -> dict[str, Any]:
    context = stream.codec_context
    times = sorted(pts for pts, _ in packets)
    gaps = np.diff(times)
    return {
        "video_codec": context.name,
        "pixels": context.pix_fmt or "",
        "width_px": context.width,
        "height_px": context.height,
        "fps": float(stream.average_rate or 0),
        "frames": len(packets),
        "extradata": hashlib.sha256(bytes(context.extradata or b"")).hexdigest(),
        "time_base_hz": int(1 / stream.time_base),
        "steady": bool(len(gaps) == 0 or (gaps == gaps[0]).all()),
    }


def _audio_facts(stream: Any, packets: list[tuple[int, int]]) -> dict[str, Any]:
    context = stream.codec_context
    # Priming lies before zero and is not heard.
    end = max((pts + length for pts, length in packets), default=0)
    return {
        "audio_codec": context.name,
        "audio_rate_hz": context.sample_rate,
        "audio_channels": context.channels,
        "audio_duration_s": float(end * stream.time_base),
    }


def _only_video(container: Any) -> Any:
    stream = next(iter(container.streams.video), None)
    if stream is None:
        raise UnreadableMedia("there is no picture in this file")
    return stream


def _small_frames(source: Source) -> Iterator[tuple[float, float, Image]]:
    with _opened(source) as container:
        stream = _only_video(container)
        base = float(stream.time_base or 1)
        width = min(_SMALL_PX, stream.codec_context.width)
        height = max(2, round(stream.codec_context.height * width / stream.codec_context.width))
        for frame in container.decode(stream):
            full = luma(frame)
            small = np.asarray(cv2.resize(full, (width, height), interpolation=cv2.INTER_AREA), np.uint8)
            yield frame.pts * base, (frame.duration or 0) * base, small


def luma(frame: Any) -> Image:
    """A decoded frame's brightness as it is stored, without a copy where that can be."""
    if not frame.format.name.startswith(("yuv4", "nv12", "gray")) or frame.format.name.endswith("le"):
        return np.asarray(frame.to_ndarray(format="gray"), np.uint8)
    plane = frame.planes[0]
    rows = np.frombuffer(plane, np.uint8)[: plane.line_size * frame.height].reshape(frame.height, plane.line_size)
    return rows[:, : frame.width]


def _bgr(frame: Any) -> Image:
    """The frame in colours, by the matrix it names; small old films that name none are BT.601."""
    return np.asarray(frame.to_ndarray(format="bgr24"), np.uint8)
