"""Weather that moves over a still: rain, snow and fog as wrapped textures that scroll, a few milliseconds a frame."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from storyreel.media.picture import Image
from storyreel.model.spec import Weather

Drawn = NDArray[np.float32]
_FOG_SHRINK = 8


@dataclass(frozen=True, slots=True)
class Layer:
    """A texture of light that repeats, and the speed at which it scrolls, in pixels a second; `sway_px` swings it sideways."""

    tile: Image
    across_px_s: float
    down_px_s: float
    sway_px: float = 0.0
    sway_hz: float = 0.0
    exact: bool = False

    def draw(self, y: Image, at_s: float) -> None:
        """Add the layer's light to the brightness plane `y`, in place."""
        height, width = y.shape[:2]
        sway = self.sway_px * math.sin(2 * math.pi * self.sway_hz * at_s)
        left = (-self.across_px_s * at_s + sway) % width
        top = (-self.down_px_s * at_s) % height
        cv2.add(y, _window(self.tile, left, top, width, height, exact=self.exact), dst=y)


@dataclass(frozen=True, slots=True)
class Fog:
    """Slow banks of mist: a small texture of how thick they are, drawn up to the frame's size."""

    tile: Image
    across_px_s: float
    light: int

    def draw(self, y: Image, at_s: float) -> None:
        """Mix the mist into the brightness plane `y`, in place."""
        height, width = y.shape[:2]
        low_h, low_w = self.tile.shape[0] // 2, self.tile.shape[1] // 2
        left = (self.across_px_s / _FOG_SHRINK * at_s) % low_w
        top = (2.0 * math.sin(at_s * 0.5)) % low_h
        small = _window(self.tile, left, top, low_w, low_h, exact=True)
        thick = cv2.resize(small, (width, height), interpolation=cv2.INTER_LINEAR)
        cv2.multiply(y, cv2.bitwise_not(thick), dst=y, scale=1 / 255)
        cv2.add(y, cv2.convertScaleAbs(thick, alpha=self.light / 255), dst=y)


@dataclass(frozen=True, slots=True)
class Flash:
    """Far lightning: the whole picture brightens at `moments_s` and fades."""

    moments_s: tuple[float, ...]
    strength: float

    def draw(self, y: Image, at_s: float) -> None:
        """Brighten the brightness plane `y`, in place."""
        light = sum(self.strength * _decay(at_s - moment) for moment in self.moments_s)
        if light >= 1:
            cv2.add(y, np.array([round(light), 0, 0, 0], np.float64), dst=y)


Overlay = tuple[Layer | Fog | Flash, ...]


def overlay(weather: Weather, width_px: int, height_px: int, duration_s: float, seed: int) -> Overlay:
    """What moves in this weather over a frame of this size; nothing when the sky is clear or only cloudy."""
    rng = np.random.default_rng([seed & 0xFFFFFFFF, 7])
    size = (height_px, width_px)
    if weather in {"rain", "storm"}:
        heavy = weather == "storm"
        return (*_rain(rng, size, heavy=heavy), *((_lightning(rng, duration_s),) if heavy else ()))
    if weather == "snow":
        return _snow(rng, size)
    return (_fog(rng, size),) if weather == "fog" else ()


def draw(layers: Overlay, y: Image, at_s: float) -> None:
    """Draw all `layers` over the brightness plane `y` at a moment, in place."""
    for layer in layers:
        layer.draw(y, at_s)


def _rain(rng: np.random.Generator, size: tuple[int, int], *, heavy: bool) -> Overlay:
    height, width = size
    unit = height / 720
    slant = 0.26 if heavy else 0.12
    layers: list[Layer] = []
    for count, length, light, thick, speed in ((340, 26, 30, 1, 1.5), (150, 48, 40, 1, 2.2), (46, 84, 44, 2, 3.1)):
        tile = np.zeros((height, width), np.float32)
        for _ in range(round(count * (1.7 if heavy else 1.0) * width / height / 1.78)):
            x, y = rng.uniform(0, width), rng.uniform(0, height)
            run = length * unit * rng.uniform(0.7, 1.3)
            _line(tile, (x, y), (x - slant * run, y + run), light * rng.uniform(0.5, 1.0), max(1, round(thick * unit)))
        fall = speed * height
        layers.append(Layer(_doubled(_soft(tile, 0.7 * unit)), -slant * fall, fall))
    return tuple(layers)


def _snow(rng: np.random.Generator, size: tuple[int, int]) -> Overlay:
    height, width = size
    unit = height / 720
    layers: list[Layer] = []
    for count, radius, light, speed, sway in ((260, 1.3, 120, 46, 7), (110, 2.2, 165, 84, 13), (34, 3.8, 190, 150, 22)):
        tile = np.zeros((height, width), np.float32)
        for _ in range(round(count * width / height / 1.78)):
            centre = (rng.uniform(0, width), rng.uniform(0, height))
            _dot(tile, centre, radius * unit * rng.uniform(0.7, 1.25), light * rng.uniform(0.55, 1.0))
        soft = _doubled(_soft(tile, radius * unit * 0.45))
        layers.append(Layer(soft, 9 * unit, speed * unit, sway * unit, rng.uniform(0.11, 0.19), exact=True))
    return tuple(layers)


def _fog(rng: np.random.Generator, size: tuple[int, int]) -> Fog:
    height, width = max(16, size[0] // _FOG_SHRINK), max(16, size[1] // _FOG_SHRINK)
    noise = np.zeros((height, width), np.float32)
    for octave in (0.42, 0.21, 0.1):
        grain = rng.standard_normal((height, width)).astype(np.float32)
        noise += _wrapped_blur(grain, octave * height * 0.5) * octave
    low, high = np.percentile(noise, (4, 97))
    shape = np.clip((noise - low) / (high - low + 1e-6), 0, 1)
    # Mist lies low: the upper part of the frame stays clearer.
    lying = np.linspace(0.45, 1.0, height, dtype=np.float32)[:, None]
    return Fog(_doubled(shape * lying * 88), across_px_s=size[1] * 0.035, light=206)


def _lightning(rng: np.random.Generator, duration_s: float) -> Flash:
    # At most one soft flash in four seconds: far below what troubles sensitive eyes.
    spots = np.arange(0.9, max(1.0, duration_s - 0.4), 4.0)
    return Flash(tuple(float(spot + rng.uniform(0, 1.6)) for spot in spots), 34.0)


def _decay(since_s: float) -> float:
    if since_s < 0:
        return 0.0
    return min(1.0, since_s / 0.05) * math.exp(-since_s / 0.16)


def _line(tile: Drawn, start: tuple[float, float], end: tuple[float, float], light: float, thick: int) -> None:
    height, width = tile.shape
    for dx in (0, width):
        for dy in (0, -height):
            ends = [(round((x + dx) * 16), round((y + dy) * 16)) for x, y in (start, end)]
            cv2.line(tile, ends[0], ends[1], light, thick, cv2.LINE_AA if tile.dtype == np.uint8 else cv2.LINE_8, 4)


def _dot(tile: Drawn, centre: tuple[float, float], radius: float, light: float) -> None:
    height, width = tile.shape
    for dx in (-width, 0, width):
        for dy in (-height, 0, height):
            spot = (round((centre[0] + dx) * 16), round((centre[1] + dy) * 16))
            cv2.circle(tile, spot, max(8, round(radius * 16)), light, -1, cv2.LINE_8, 4)


def _soft(tile: Drawn, sigma: float) -> Drawn:
    return _wrapped_blur(tile, max(0.5, sigma))


def _wrapped_blur(tile: Drawn, sigma: float) -> Drawn:
    pad = min(*tile.shape, math.ceil(3 * sigma))
    wide = cv2.copyMakeBorder(tile, pad, pad, pad, pad, cv2.BORDER_WRAP)
    return np.asarray(cv2.GaussianBlur(wide, (0, 0), sigma)[pad:-pad, pad:-pad], np.float32)


def _doubled(tile: Drawn) -> Image:
    """The texture four times, so that any window of the frame's size can be cut from it."""
    return np.ascontiguousarray(np.tile(np.clip(np.rint(tile), 0, 255).astype(np.uint8), (2, 2)))


def _window(tile: Image, left: float, top: float, width: int, height: int, *, exact: bool) -> Any:
    column, row = int(left), int(top)
    if not exact:
        return tile[row : row + height, column : column + width]
    # Slow things need parts of a pixel, or they are seen to step.
    shift = np.array([[1, 0, left - column], [0, 1, top - row]], np.float32)
    spare = tile[row : row + height + 1, column : column + width + 1]
    return cv2.warpAffine(
        spare, shift, (width, height), flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP, borderMode=cv2.BORDER_REPLICATE
    )
