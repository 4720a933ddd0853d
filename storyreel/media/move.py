"""The camera over a still: a smooth path of views, and the clip it makes, drawn between the pixels so that nothing steps."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import get_args

import cv2
import numpy as np
from numpy.typing import NDArray

from storyreel.media import weather as weathers
from storyreel.media.encode import Encoder
from storyreel.media.format import Format
from storyreel.media.picture import Image, Planes, grey, planes, resize
from storyreel.model.base import Frozen
from storyreel.model.errors import StoryreelError
from storyreel.model.spec import Move, Pace, Weather
from storyreel.pipeline.ports import Box, Progress

Path4 = NDArray[np.float64]
"""frames x 4: the view's centre x and y and its width, all in shares of the widest view's width, and its tilt in radians."""

MOVES: tuple[Move, ...] = get_args(Move)

_EXTENT = {"slow": 0.55, "normal": 1.0, "fast": 1.7}
_RESERVE = 0.985  # kept free at the still's edge for breathing and tilt
_BREATH = 0.0035
_MARGIN = 0.03
_ROOM = 0.10  # how much wider than the frame a still is prepared


class Stopped(StoryreelError):
    """The work was stopped before it was done; nothing of it is kept."""

    code = "stopped"


class Camera(Frozen):
    """What the camera does over one still, for how long, and what it must keep in the picture."""

    format: Format
    frames: int
    move: Move = "static"
    pace: Pace = "normal"
    weather: Weather = "clear"
    focus: Box | None = None
    seed: int = 0


@dataclass(frozen=True, slots=True)
class _Still:
    """The still as the camera sees it, in shares of the widest view's width."""

    width: float
    height: float
    aspect: float
    focus: tuple[float, float, float, float] | None


def render(
    still: Image,
    camera: Camera,
    out: Path | BytesIO,
    *,
    threads: int = 1,
    stopped: Callable[[], bool] | None = None,
    progress: Progress | None = None,
) -> None:
    """Draw and encode exactly `camera.frames` frames of a camera over `still`, as a segment without sound.

    The same still and camera give the same bytes with one thread. A still of another shape is seen through the widest
    window of the frame's shape that fits in it.

    Raises:
        Stopped: `stopped` said so between two frames.
    """
    fmt = camera.format
    source, widest_px = _prepared(still, fmt)
    views = path(camera, still.shape[1], still.shape[0], drift=_drift(still))
    seconds = camera.frames / fmt.fps
    layers = weathers.overlay(camera.weather, fmt.width_px, fmt.height_px, seconds, camera.seed)
    canvas = np.empty((fmt.height_px * 3 // 2, fmt.width_px), np.uint8)
    with Encoder(out, fmt, camera.frames, threads=threads) as encoder:
        for index in range(camera.frames):
            if stopped is not None and stopped():
                raise Stopped
            _view(source, views[index], widest_px, fmt, canvas)
            weathers.draw(layers, canvas[: fmt.height_px], index / fmt.fps)
            encoder.write(canvas)
            if progress is not None:
                progress((index + 1) / camera.frames)


def path(camera: Camera, still_width_px: int, still_height_px: int, *, drift: float = 1.0) -> Path4:
    """The view of every frame. Each lies within the still, and holds the focus wherever still and view have room for it.

    `drift` enlarges the breathing of a camera that stands.
    """
    still = _still_of(camera, still_width_px, still_height_px)
    time_s = np.arange(camera.frames) / camera.format.fps
    share = ease(np.linspace(0.0, 1.0, camera.frames)) if camera.frames > 1 else np.zeros(1)
    first, last = _ends(camera, still)
    plain = first + (last - first) * share[:, None]
    views = np.column_stack([plain, np.zeros(camera.frames)])
    views += _shake(camera, time_s) if camera.move == "handheld" else _breath(camera, time_s, drift)
    return _inside(views, still)


def ease(share: NDArray[np.float64]) -> NDArray[np.float64]:
    """Start and end gently, but never stand: a cut in the middle of a move should not look like a stop."""
    ramp = 0.25
    peak = 1.0 / (1.0 - ramp)
    rising = share**2 / (2 * ramp) * peak
    steady = (share - ramp / 2) * peak
    falling = 1.0 - (1.0 - share) ** 2 / (2 * ramp) * peak
    trapezoid = np.where(share < ramp, rising, np.where(share > 1 - ramp, falling, steady))
    return 0.25 * share + 0.75 * trapezoid


def _still_of(camera: Camera, width_px: int, height_px: int) -> _Still:
    aspect = camera.format.width_px / camera.format.height_px
    widest_px = min(width_px, height_px * aspect)
    width, height = width_px / widest_px, height_px / widest_px
    box = camera.focus
    if box is None:
        return _Still(width, height, aspect, None)
    left, top = max(0.0, box.x), max(0.0, box.y)
    right, bottom = min(1.0, box.x + box.width), min(1.0, box.y + box.height)
    if right <= left or bottom <= top:
        return _Still(width, height, aspect, None)
    return _Still(width, height, aspect, (left * width, top * height, right * width, bottom * height))


def _ends(camera: Camera, still: _Still) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The first and the last view: centre x, centre y, width. Views between them hold what both hold."""
    extent = _EXTENT[camera.pace] * float(np.clip(math.sqrt(camera.frames / camera.format.fps / 4), 0.6, 1.3))
    near = 1 - 0.115 * extent
    middle = (still.width / 2, still.height / 2)
    match camera.move:
        case "push_in" | "pull_out":
            wide, tight = _fixed(still, *middle, _RESERVE), _fixed(still, *_aim(still, middle), _RESERVE * near)
            return (wide, tight) if camera.move == "push_in" else (tight, wide)
        case "pan_left" | "pan_right" | "track_left" | "track_right":
            return _across(camera.move, still, extent)
        case "tilt_up" | "tilt_down":
            return _upright(camera.move, still, extent)
        case "handheld":
            view = _fixed(still, *middle, 0.95)
            return view, view
        case "static":
            # Hardly nearer over the shot: felt as air, not seen as a move.
            return _fixed(still, *middle, _RESERVE), _fixed(still, *middle, _RESERVE * 0.984)


def _across(move: Move, still: _Still, extent: float) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    track = move.startswith("track")
    width = 0.86 if track else 0.88
    travel = min(still.width - width - 0.01, (0.16 if track else 0.11) * extent)
    sign = 1.0 if move.endswith("right") else -1.0
    x, y = _aim(still, (still.width / 2, still.height / 2)) if still.width > 1.2 else (still.width / 2, still.height / 2)  # noqa: PLR2004
    first = _fixed(still, x - sign * travel / 2, y, width)
    last = _fixed(still, x + sign * travel / 2, y, width * (0.985 if track else 1.0))
    return first, last


def _upright(move: Move, still: _Still, extent: float) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    width = 0.88
    travel = min(still.height - width / still.aspect - 0.01, 0.085 * extent)
    sign = 1.0 if move == "tilt_down" else -1.0
    x, y = still.width / 2, still.height / 2
    return _fixed(still, x, y - sign * travel / 2, width), _fixed(still, x, y + sign * travel / 2, width)


def _aim(still: _Still, middle: tuple[float, float]) -> tuple[float, float]:
    if still.focus is None:
        return middle
    left, top, right, bottom = still.focus
    return (left + right) / 2, (top + bottom) / 2 + 0.08 / still.aspect


def _fixed(still: _Still, x: float, y: float, width: float) -> NDArray[np.float64]:
    """A view moved as little as needed so that it holds the focus and lies in the still; the still comes first."""
    height = width / still.aspect
    focus = still.focus or (x, y, x, y)
    x = _held(x, width, focus[0], focus[2], still.width)
    y = _held(y, height, focus[1], focus[3], still.height)
    return np.array([x, y, width])


def _held(centre: float, size: float, low: float, high: float, whole: float) -> float:
    margin = _MARGIN * size
    if high - low > size - 2 * margin:
        # Too large to be held: its middle is.
        low = high = (low + high) / 2
    centre = min(max(centre, high + margin - size / 2), low - margin + size / 2)
    edge = size / 2 + 0.004
    return min(max(centre, min(edge, whole / 2)), max(whole - edge, whole / 2))


def _drift(still: Image) -> float:
    """1 for a picture with edges, more for a soft one, in which a small drift would be neither seen nor encoded."""
    small = resize(grey(still), 160, 90).astype(np.float32)
    steps = float(np.abs(np.diff(small, axis=1)).mean() + np.abs(np.diff(small, axis=0)).mean())
    return float(np.clip(9.0 / max(steps, 0.1), 1.0, 3.0))


def _breath(camera: Camera, time_s: NDArray[np.float64], drift: float) -> Path4:
    """A drift of a few pixels, like a tripod on a wooden floor; no frame equals the one before."""
    rng = np.random.default_rng([camera.seed & 0xFFFFFFFF, 3])
    size = _BREATH * drift if camera.move == "static" else _BREATH * 0.35
    x, y = (_waves(rng, time_s, (0.13, 0.21)) for _ in range(2))
    return np.column_stack([size * x, 0.6 * size * y, np.zeros_like(x), np.zeros_like(x)])


def _shake(camera: Camera, time_s: NDArray[np.float64]) -> Path4:
    """A hand that holds a camera: slow sway, a little tremble, a little tilt."""
    rng = np.random.default_rng([camera.seed & 0xFFFFFFFF, 5])
    size = 0.0095 * (0.6 + 0.4 * _EXTENT[camera.pace])
    tempo = {"slow": 0.75, "normal": 1.0, "fast": 1.35}[camera.pace]
    x, y, near, tilt = (_waves(rng, time_s * tempo, (0.23, 0.51, 0.97, 1.63)) for _ in range(4))
    return np.column_stack([size * x, 0.75 * size * y, 0.25 * size * near, 0.0035 * tilt])


def _waves(rng: np.random.Generator, time_s: NDArray[np.float64], rates_hz: tuple[float, ...]) -> NDArray[np.float64]:
    total, weights = np.zeros_like(time_s), 0.0
    for rank, rate in enumerate(rates_hz):
        weight = 1.0 / (rank + 1)
        total += weight * np.sin(2 * np.pi * (rate * rng.uniform(0.88, 1.14) * time_s + rng.uniform()))
        weights += weight
    return total / weights


def _inside(views: Path4, still: _Still) -> Path4:
    tilt = np.abs(np.sin(views[:, 3]))
    half_w = views[:, 2] / 2 * (1 + tilt / still.aspect)
    half_h = views[:, 2] / still.aspect / 2 * (1 + tilt * still.aspect)
    views[:, 0] = np.clip(views[:, 0], np.minimum(half_w, still.width / 2), np.maximum(still.width - half_w, still.width / 2))
    views[:, 1] = np.clip(views[:, 1], np.minimum(half_h, still.height / 2), np.maximum(still.height - half_h, still.height / 2))
    return views


def _prepared(still: Image, fmt: Format) -> tuple[Planes, float]:
    """The still's planes near the frame's scale, so that moving neither flickers nor softens, and its widest view in pixels."""
    height, width = still.shape[:2]
    widest = min(width, height * fmt.width_px / fmt.height_px)
    scale = fmt.width_px * (1 + _ROOM) / widest
    if not (1 - _ROOM <= scale <= 1 + _ROOM / 4):
        still = resize(still, max(2, round(width * scale)), max(2, round(height * scale)))
        widest *= still.shape[1] / width
    return planes(still), widest


def _view(source: Planes, view: NDArray[np.float64], widest_px: float, fmt: Format, canvas: Image) -> None:
    """Draw one view into `canvas`, laid out as I420."""
    width, height = fmt.width_px, fmt.height_px
    turn, shift = _affine(view, widest_px, width, height)
    _warp(source.y, turn, shift, canvas[:height])
    # Chroma samples lie on the even columns and between the rows (MPEG-2 siting); in the halved source pixel c covers 2c and 2c + 1.
    half = (turn @ np.array([0.0, 0.5]) + shift - 0.5) / 2
    flat = canvas.reshape(-1)
    start, size = height * width, height * width // 4
    for rank, plane in enumerate((source.u, source.v)):
        part = flat[start + rank * size : start + (rank + 1) * size].reshape(height // 2, width // 2)
        _warp(plane, turn, half, part)


def _affine(
    view: NDArray[np.float64], widest_px: float, width: int, height: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    x, y, size, tilt = view
    scale = size * widest_px / width
    turn = scale * np.array([[math.cos(tilt), -math.sin(tilt)], [math.sin(tilt), math.cos(tilt)]])
    corner = np.array([0.5 - width / 2, 0.5 - height / 2])
    return turn, np.array([x * widest_px, y * widest_px]) + turn @ corner - 0.5


def _warp(plane: Image, turn: NDArray[np.float64], shift: NDArray[np.float64], out: Image) -> None:
    matrix = np.column_stack([turn, shift])
    size = (out.shape[1], out.shape[0])
    cv2.warpAffine(plane, matrix, size, dst=out, flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP, borderMode=cv2.BORDER_REFLECT_101)
