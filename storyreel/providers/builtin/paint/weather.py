"""What falls and drifts between the lens and the scene."""

from __future__ import annotations

import random

import cv2
import numpy as np
import skia

from storyreel.providers.builtin.paint.canvas import Pixels, paint, surface_of, to_colour
from storyreel.providers.builtin.paint.handles import Canvas
from storyreel.providers.builtin.paint.light import Light, mix


def fall(target: Pixels, light: Light, seed: int, *, near: float) -> None:
    """Rain, snow, fog or lightning over an outdoor picture. `near` grows as the shot closes in, 0 to 1."""
    surface = surface_of(target)
    canvas = surface.getCanvas()
    rng = random.Random(seed)  # noqa: S311 - chance for pictures
    height, width = target.shape[:2]
    if light.weather in ("rain", "storm"):
        _rain(canvas, width, height, light, rng, heavy=light.weather == "storm", near=near)
    elif light.weather == "snow":
        _snow(canvas, width, height, light, rng, near)
    elif light.weather == "fog":
        _fog(canvas, width, height, light, rng)
    surface.flushAndSubmit()


def _rain(canvas: Canvas, width: int, height: int, light: Light, rng: random.Random, *, heavy: bool, near: float) -> None:
    unit = height / 720
    colour = mix(light.sky[2], (0.86, 0.91, 1.0), 0.7)
    lean = 0.30 if heavy else 0.16
    for count, length, thick, alpha in ((260, 26, 0.9, 0.20), (130, 50, 1.3, 0.28), (int(36 + 20 * near), 110, 2.0, 0.26)):
        p = paint(colour, alpha * (1.25 if heavy else 1.0))
        p.setStyle(skia.Paint.kStroke_Style)
        p.setStrokeWidth(thick * unit)
        path = skia.Path()
        for _ in range(int(count * (1.5 if heavy else 1.0))):
            x, y = rng.uniform(-0.1, 1.1) * width, rng.uniform(-0.1, 1.0) * height
            reach = length * unit * rng.uniform(0.6, 1.3)
            path.moveTo(x, y)
            path.lineTo(x - lean * reach, y + reach)
        canvas.drawPath(path, p)


def splashes(target: Pixels, light: Light, seed: int, top_px: int) -> None:
    """Small crowns where rain meets the ground."""
    surface = surface_of(target)
    canvas = surface.getCanvas()
    rng = random.Random(seed)  # noqa: S311 - chance for pictures
    height, width = target.shape[:2]
    p = paint(mix(light.sky[2], (0.9, 0.94, 1.0), 0.6), 0.4)
    p.setStyle(skia.Paint.kStroke_Style)
    for _ in range(90):
        y = rng.uniform(top_px, height)
        size = (2 + 9 * (y - top_px) / max(1, height - top_px)) * height / 720
        x = rng.uniform(0, width)
        p.setStrokeWidth(max(0.7, size * 0.14))
        canvas.drawOval(skia.Rect.MakeLTRB(x - size, y - size * 0.28, x + size, y + size * 0.28), p)
        canvas.drawLine(x, y - size * 0.2, x + size * 0.2, y - size * 0.9, p)
    surface.flushAndSubmit()


def lightning(target: Pixels, light: Light, seed: int, horizon_px: float) -> None:
    """A bolt from the clouds to the horizon, and the sky lit by it. Drawn on the plate, behind all figures."""
    if light.weather != "storm" or light.indoor:
        return
    rng = random.Random(seed)  # noqa: S311 - chance for pictures
    height, width = target.shape[:2]
    surface = surface_of(target)
    canvas = surface.getCanvas()
    x, y = width * rng.choice((0.26, 0.72, 0.8)), -0.02 * height
    flash = skia.Paint(AntiAlias=True)
    flash.setBlendMode(skia.BlendMode.kScreen)
    flash.setShader(
        skia.GradientShader.MakeRadial(
            skia.Point(x, horizon_px * 0.4), 0.6 * height, [to_colour((0.75, 0.78, 1.0), 0.5), to_colour((0.6, 0.6, 1.0), 0)]
        )
    )
    canvas.drawRect(skia.Rect.MakeWH(width, height), flash)
    points = [(x, y)]
    while points[-1][1] < horizon_px:
        px, py = points[-1]
        points.append((px + rng.uniform(-0.05, 0.05) * height, py + rng.uniform(0.04, 0.09) * height))
    path = skia.Path()
    path.addPoly([skia.Point(*q) for q in points], False)
    fork = points[len(points) // 2]
    path.moveTo(*fork)
    path.lineTo(fork[0] + 0.07 * height, fork[1] + 0.09 * height)
    path.lineTo(fork[0] + 0.06 * height, fork[1] + 0.16 * height)
    for thick, alpha, blur in ((14.0, 0.4, 9.0), (3.0, 0.95, 0.8)):
        p = paint((0.93, 0.93, 1.0), alpha)
        p.setStyle(skia.Paint.kStroke_Style)
        p.setStrokeWidth(thick * height / 720)
        p.setMaskFilter(skia.MaskFilter.MakeBlur(skia.kNormal_BlurStyle, blur))
        canvas.drawPath(path, p)
    surface.flushAndSubmit()


def _snow(canvas: Canvas, width: int, height: int, light: Light, rng: random.Random, near: float) -> None:
    unit = height / 720
    for count, size, alpha, blur in ((420, 1.8, 0.75, 0.0), (150, 3.6, 0.8, 0.7), (int(26 + 14 * near), 9.0, 0.55, 3.2)):
        p = paint(mix((1.0, 1.0, 1.0), light.haze, 0.12), alpha)
        if blur:
            p.setMaskFilter(skia.MaskFilter.MakeBlur(skia.kNormal_BlurStyle, blur * unit))
        for _ in range(count):
            canvas.drawCircle(rng.uniform(0, width), rng.uniform(0, height), size * unit * rng.uniform(0.5, 1.2), p)


def _fog(canvas: Canvas, width: int, height: int, light: Light, rng: random.Random) -> None:
    veil = skia.Paint()
    stops = [to_colour(light.haze, a) for a in (0.10, 0.30, 0.16)]
    veil.setShader(skia.GradientShader.MakeLinear([skia.Point(0, 0), skia.Point(0, height)], stops, [0.0, 0.6, 1.0]))
    canvas.drawRect(skia.Rect.MakeWH(width, height), veil)
    for _ in range(9):
        p = paint(light.haze, rng.uniform(0.14, 0.26))
        p.setMaskFilter(skia.MaskFilter.MakeBlur(skia.kNormal_BlurStyle, 0.05 * height))
        x, y = rng.uniform(0, width), rng.uniform(0.45, 0.95) * height
        rx, ry = rng.uniform(0.25, 0.6) * width, rng.uniform(0.03, 0.08) * height
        canvas.drawOval(skia.Rect.MakeLTRB(x - rx, y - ry, x + rx, y + ry), p)


def wet_ground(plate: Pixels, horizon: int, top: int, seed: int, strength: float) -> None:
    """Mirror what stands above the horizon in the ground below: displaced, blurred downwards, patchy like puddles."""
    height, width = plate.shape[:2]
    deep = min(height - top, horizon)
    if deep < 8:
        return
    mirror = cv2.flip(plate[horizon - deep : horizon, :, :3], 0)
    rng = np.random.default_rng(seed)
    rough = cv2.resize(
        rng.normal(0, 1, (max(2, deep // 5), max(2, width // 60))).astype(np.float32),
        (width, deep),
        interpolation=cv2.INTER_CUBIC,
    )
    grow = np.linspace(0.2, 1.0, deep, dtype=np.float32)[:, None]
    map_x = (np.arange(width, dtype=np.float32)[None, :] + rough * 5.0 * grow * height / 720).astype(np.float32)
    map_y = np.broadcast_to(np.arange(deep, dtype=np.float32)[:, None], (deep, width)).copy()
    mirror = cv2.remap(mirror, map_x, map_y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT)
    mirror = cv2.blur(mirror, (3, max(3, round(19 * height / 720) | 1)))
    patches = cv2.resize(rng.normal(0, 1, (9, 22)).astype(np.float32), (width, deep), interpolation=cv2.INTER_CUBIC)
    fade = np.clip(np.linspace(0, 7, deep, dtype=np.float32), 0, 1) * np.linspace(1.0, 0.62, deep, dtype=np.float32)
    mask = np.clip(0.62 + 0.42 * patches, 0.18, 1.0) * strength * fade[:, None]
    base = plate[top : top + deep, :, :3].astype(np.float32)
    mixed = base * (1 - 0.80 * mask[..., None]) + mirror.astype(np.float32) * mask[..., None]
    plate[top : top + deep, :, :3] = np.clip(mixed, 0, 255).astype(np.uint8)
