"""The end of a picture: bloom, grade, vignette and grain, or a pencil, ink, noir or watercolour look."""

from __future__ import annotations

from functools import lru_cache

import cv2
import numpy as np

from storyreel.providers.builtin.paint.canvas import Pixels
from storyreel.providers.builtin.paint.light import Grade, Light


def finish(picture: Pixels, light: Light, style: str, *, gain: float = 1.0) -> np.ndarray:
    """An RGB picture as it leaves the painter. `gain` is a slight change of brightness between variations."""
    rgb = np.ascontiguousarray(picture[..., :3])
    rgb = _bloom(rgb, 0.5 if light.neon else 0.24 + 0.14 * light.dark)
    rgb = _graded(rgb, light.grade, gain)
    match style:
        case "pencil":
            return _pencil(rgb)
        case "ink":
            return _ink(rgb)
        case "noir":
            return _noir(rgb)
        case "watercolor":
            return _watercolour(rgb)
        case _:
            height, width = rgb.shape[:2]
            return cv2.multiply(rgb, _veil(width, height), scale=1.0, dtype=cv2.CV_8U)


def washed(plate: Pixels, seed: int) -> None:
    """Uneven pigment over a plate, in place: a fractal wash of at most 8 %."""
    height, width = plate.shape[:2]
    field = _fractal(width, height, seed % 4)
    plate[..., :3] = cv2.multiply(plate[..., :3], cv2.merge([field, field, field]), dtype=cv2.CV_8U)


def _bloom(rgb: np.ndarray, strength: float) -> np.ndarray:
    height, width = rgb.shape[:2]
    small = cv2.resize(rgb, (max(1, width // 4), max(1, height // 4)), interpolation=cv2.INTER_AREA)
    bright = cv2.subtract(small, np.full_like(small, 150))
    soft = cv2.GaussianBlur(bright, (0, 0), max(1.0, height / 110))
    wide = cv2.resize(soft, (width, height), interpolation=cv2.INTER_LINEAR)
    return cv2.addWeighted(rgb, 1.0, wide, 1.7 * strength, 0.0)


def _graded(rgb: np.ndarray, grade: Grade, gain: float) -> np.ndarray:
    x = np.arange(256, dtype=np.float32) / 255 * gain * grade.gain
    x = np.clip((x - 0.46) * grade.contrast + 0.46, 0, 1)
    table = np.stack([x * (hi - lo) + lo for lo, hi in zip(grade.shadow, grade.light, strict=True)], axis=-1)
    out = cv2.LUT(rgb, np.clip(table * 255, 0, 255).astype(np.uint8)[None])
    s = grade.saturation
    if abs(s - 1) < 0.005:
        return out
    weights = np.array([0.3, 0.59, 0.11], np.float32)
    matrix = np.eye(3, dtype=np.float32) * s + (1 - s) * np.tile(weights, (3, 1))
    return cv2.transform(out, matrix)


@lru_cache(maxsize=4)
def _veil(width: int, height: int) -> np.ndarray:
    """Vignette and paper grain as one factor a pixel."""
    y, x = np.mgrid[-1 : 1 : height * 1j, -1 : 1 : width * 1j]
    far = np.clip((x**2 + y**2) / 2, 0, 1)
    vignette = 1 - 0.30 * far**1.5
    grain = 1 + np.random.default_rng(5).normal(0, 0.010, (height, width))
    field = (vignette * grain).astype(np.float32)
    return cv2.merge([field, field, field])


@lru_cache(maxsize=6)
def _fractal(width: int, height: int, seed: int) -> np.ndarray:
    rng = np.random.default_rng(seed)
    total = np.zeros((height, width), np.float32)
    for octave in range(5):
        cells = 3 * 2**octave
        grid = rng.normal(0, 1, (cells, cells * 2)).astype(np.float32)
        total += cv2.resize(grid, (width, height), interpolation=cv2.INTER_CUBIC) / 1.7**octave
    return np.clip(1 + 0.030 * total, 0.92, 1.08).astype(np.float32)


@lru_cache(maxsize=4)
def _paper(width: int, height: int) -> np.ndarray:
    rng = np.random.default_rng(9)
    fine = cv2.GaussianBlur(rng.normal(0, 1, (height, width)).astype(np.float32), (0, 0), 1.1)
    return np.clip(1 + 0.055 * fine, 0.86, 1.1).astype(np.float32)


def _lines(rgb: np.ndarray, strength: float) -> np.ndarray:
    """Dark where the picture changes: 1 on plain areas, falling to 0 on lines."""
    grey = cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY)
    soft = cv2.GaussianBlur(grey, (0, 0), max(1.0, rgb.shape[0] / 300))
    ratio = cv2.divide(grey.astype(np.float32) + 8, soft.astype(np.float32) + 8)
    return np.clip(1 - strength * (1 - ratio), 0, 1)


@lru_cache(maxsize=8)
def _hatch(width: int, height: int, angle: float, gap: float) -> np.ndarray:
    """Pencil strokes in one direction: wavering, of uneven pressure, lifted now and then. 0 is a stroke, 1 is paper."""
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    waver = (_fractal(width, height, 1) - 1) * 2.4 * height / 16
    across = (x * np.cos(angle) + y * np.sin(angle) + waver) * (2 * np.pi / gap)
    rng = np.random.default_rng(int(angle * 100) & 0xFF)
    pressure = cv2.resize(
        rng.normal(0, 1, (height // 6 + 1, width // 40 + 1)).astype(np.float32), (width, height), interpolation=cv2.INTER_CUBIC
    )
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), -np.degrees(angle), 1.5)
    pressure = cv2.warpAffine(pressure, turn, (width, height), borderMode=cv2.BORDER_REFLECT)
    return np.clip(0.62 + 0.75 * np.sin(across) + 0.38 * pressure, 0, 1).astype(np.float32)


def _pencil(rgb: np.ndarray) -> np.ndarray:
    height, width = rgb.shape[:2]
    tone = cv2.GaussianBlur(cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY), (0, 0), 1.0).astype(np.float32) / 255
    low, high = np.percentile(tone, (1, 97))
    tone = np.clip((tone - low) / max(0.2, float(high - low)), 0, 1) ** 0.8
    gap = max(3.4, height / 120)
    shade = np.ones_like(tone)
    for limit, angle, depth in ((0.80, 0.85, 0.34), (0.50, 0.45, 0.36), (0.26, -0.75, 0.40)):
        amount = np.clip((limit - tone) / 0.34, 0, 1)
        shade *= 1 - depth * amount * (1 - _hatch(width, height, angle, gap))
    grey = (0.70 + 0.30 * tone) * shade * (_lines(rgb, 2.6) ** 1.4) * _paper(width, height)
    paper, lead = np.array([0.985, 0.972, 0.94], np.float32), np.array([0.16, 0.16, 0.19], np.float32)
    out = lead + (paper - lead) * np.clip(grey, 0, 1)[..., None]
    hint = rgb.astype(np.float32) / 255
    out = out * (0.84 + 0.16 * (hint / np.maximum(0.2, hint.max(axis=2, keepdims=True))))
    return (np.clip(out, 0, 1) * 255).astype(np.uint8)


def _ink(rgb: np.ndarray) -> np.ndarray:
    height, width = rgb.shape[:2]
    soft = cv2.bilateralFilter(cv2.resize(rgb, (width // 2, height // 2), interpolation=cv2.INTER_AREA), 9, 60, 7)
    soft = cv2.resize(cv2.medianBlur(soft, 5), (width, height), interpolation=cv2.INTER_CUBIC)
    grey = cv2.cvtColor(soft, cv2.COLOR_RGB2GRAY).astype(np.float32) / 255
    low, high = np.percentile(grey, (2, 96))
    grey = np.clip((grey - low) / max(0.15, high - low), 0, 1) ** 0.58
    steps = np.round(grey * 6) / 6 * 0.5 + grey * 0.5
    mist = np.abs(np.linspace(-0.5, 1.0, height, dtype=np.float32))[:, None] ** 3 * 0.22  # the paper shows at the foot
    tone = (
        np.clip(0.10 + 0.90 * steps + mist, 0, 1) * (_lines(rgb, 1.8) ** 1.3) * _paper(width, height) * _fractal(width, height, 2)
    )
    paper = np.array([0.965, 0.945, 0.89], np.float32)
    ink = np.array([0.10, 0.11, 0.14], np.float32)
    out = ink + (paper - ink) * np.clip(tone, 0, 1)[..., None]
    colour = soft.astype(np.float32) / 255
    pure = colour[..., 0] - 1.25 * colour[..., 1:].max(axis=2) - 0.6 * np.abs(colour[..., 1] - colour[..., 2])
    red = np.clip((pure - 0.16) * 4.0, 0, 0.8)[..., None]
    out = out * (1 - red) + np.array([0.74, 0.20, 0.15], np.float32) * red * (0.5 + 0.5 * tone[..., None])
    return (np.clip(out, 0, 1) * 255).astype(np.uint8)


def _noir(rgb: np.ndarray) -> np.ndarray:
    height, width = rgb.shape[:2]
    grey = cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY).astype(np.float32) / 255
    low, high = np.percentile(grey, (1.5, 98.5))
    grey = np.clip((grey - low) / max(0.25, high - low), 0, 1)
    grey = grey * grey * (3 - 2 * grey) * 0.75 + grey * 0.25
    veil = _veil(width, height)[..., 0] ** 1.5
    noise = 1 + np.random.default_rng(3).normal(0, 0.035, (height, width)).astype(np.float32)
    out = np.clip(grey * veil * noise, 0, 1)
    return (np.dstack([out, out * 0.995, out * 0.98]) * 255).astype(np.uint8)


def _watercolour(rgb: np.ndarray) -> np.ndarray:
    height, width = rgb.shape[:2]
    small = cv2.resize(rgb, (width // 2, height // 2), interpolation=cv2.INTER_AREA)
    for _ in range(2):
        small = cv2.bilateralFilter(small, 7, 40, 6)
    flow = cv2.resize(cv2.medianBlur(small, 7), (width, height), interpolation=cv2.INTER_CUBIC)
    keep = cv2.addWeighted(flow, 0.6, rgb, 0.4, 0)
    colour = keep.astype(np.float32) / 255
    pigment = _fractal(width, height, 3) ** 1.5
    edge = np.clip(_lines(flow, 1.0), 0.6, 1) * np.clip(_lines(rgb, 1.7), 0.25, 1)
    out = 1 - (1 - colour) * 0.90 * np.clip(pigment, 0.78, 1.2)[..., None]
    out = np.clip((out - 0.5) * 1.10 + 0.53, 0, 1) * edge[..., None] * _paper(width, height)[..., None]
    y, x = np.mgrid[-1 : 1 : height * 1j, -1 : 1 : width * 1j].astype(np.float32)
    rough = (_fractal(width, height, 1) - 1) * 1.3
    border = np.clip((1.0 - np.maximum(np.abs(x) * (1 - 0.0), np.abs(y)) + rough * 0.45) / 0.035 - 0.5, 0, 1)[..., None]
    paper = np.array([0.98, 0.965, 0.93], np.float32)
    return (np.clip(out * border + paper * (1 - border), 0, 1) * 255).astype(np.uint8)
