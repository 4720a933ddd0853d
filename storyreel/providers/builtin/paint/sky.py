"""Everything above the horizon that is not built: gradient, sun or moon, stars, clouds, mist."""

from __future__ import annotations

import math

import skia

from storyreel.providers.builtin.paint.canvas import Brush, Xy, oval, paint, rect, to_colour
from storyreel.providers.builtin.paint.light import Rgb, mix, rgb, scaled


def draw_sky(b: Brush, *, sun_x: float = 0.42) -> None:
    """Sky with its lights and clouds down to a little below the horizon."""
    gradient(b, b.extent[1], 0.06, b.light.sky)
    if b.light.weather in ("clear", "snow", "cloudy") and b.light.dark > 0.7:
        _stars(b, 40 if b.light.weather == "cloudy" else 130)
    if b.light.weather in ("clear", "fog"):
        _sun_or_moon(b, sun_x)
    if b.light.weather in ("clear", "cloudy"):
        for _ in range(5):
            cumulus(b, b.around(b.extent[0], b.extent[2]), b.around(-0.52, -0.16), b.around(0.10, 0.22))
    if b.light.weather not in ("clear", "snow"):
        _overcast(b)
    b.anew("below the sky")


def gradient(b: Brush, top: float, bottom: float, colours: tuple[Rgb, Rgb, Rgb]) -> None:
    """Three colours from `top` to `bottom` over the whole width."""
    p = skia.Paint()
    ends = [skia.Point(0, max(top, -0.72)), skia.Point(0, bottom)]
    p.setShader(skia.GradientShader.MakeLinear(ends, [to_colour(c) for c in colours], [0.0, 0.58, 1.0]))
    left, _, right, _ = b.extent
    b.canvas.drawRect(skia.Rect.MakeLTRB(left, top, right, bottom), p)


def _stars(b: Brush, count: int) -> None:
    left, top, right, _ = b.extent
    for _ in range(count):
        y = b.around(top, -0.08)
        size = b.px(b.around(0.6, 1.7))
        fade = min(1.0, -y * 2.4)
        b.canvas.drawCircle(b.around(left, right), y, size, paint((0.9, 0.93, 1.0), b.around(0.25, 0.9) * fade))


def _sun_or_moon(b: Brush, x: float) -> None:
    light = b.light
    if light.neon:
        return
    heights = {"dawn": -0.12, "day": -0.47, "dusk": -0.09, "night": -0.46}
    y = heights[light.time]
    colour: Rgb = {"dawn": rgb("fff0cf"), "day": rgb("fffbe6"), "dusk": rgb("ffe2a6"), "night": rgb("f3f1df")}[light.time]
    radius = 0.052 if light.dark > 0.7 else 0.048
    veil = {"clear": 1.0, "fog": 0.28}[light.weather]
    halo = mix(colour, light.sky[2], 0.3)
    for k, alpha in ((7.0, 0.10), (3.6, 0.16), (1.9, 0.22)):
        _halo(b, x, y, radius * k, halo, alpha * veil)
    b.canvas.drawCircle(x, y, radius, paint(colour, 0.95 * veil))
    if light.time == "night":
        for dx, dy, r in ((-0.012, -0.010, 0.011), (0.016, 0.006, 0.008), (-0.004, 0.018, 0.006)):
            b.canvas.drawCircle(x + dx, y + dy, r, paint(scaled(colour, 0.86), 0.5 * veil))


def _halo(b: Brush, x: float, y: float, radius: float, colour: Rgb, alpha: float) -> None:
    p = skia.Paint(AntiAlias=True)
    p.setBlendMode(skia.BlendMode.kScreen)
    p.setShader(skia.GradientShader.MakeRadial(skia.Point(x, y), radius, [to_colour(colour, alpha), to_colour(colour, 0)]))
    b.canvas.drawCircle(x, y, radius, p)


def cumulus(b: Brush, x: float, y: float, width: float) -> None:
    """A cloud with a flat foot and a lit top."""
    light = b.light
    lit = mix(light.sky[2], mix(light.key, (1, 1, 1), 0.45), 0.75 - 0.6 * light.dark)
    shade = mix(lit, light.sky[1], 0.55)
    puffs: list[tuple[float, float, float]] = []
    count = 6
    for i in range(count):
        t = i / (count - 1)
        r = width * (0.14 + 0.14 * math.sin(t * math.pi)) * b.around(0.8, 1.2)
        puffs.append((x + (t - 0.5) * width, y - r * b.around(0.2, 0.7), r))
    alpha = 0.5 if light.dark > 0.7 else 0.92
    b.canvas.save()
    b.canvas.clipRect(skia.Rect.MakeLTRB(x - width, y - width, x + width, y), True)
    for dx, dy, colour in ((0.0, 0.0, shade), (0.008, -0.016, lit)):
        for px, py, r in puffs:
            b.soft(oval(px + dx, py + dy, r, r), colour, alpha, 0.004)
    b.canvas.restore()


def _overcast(b: Brush) -> None:
    left, top, right, _ = b.extent
    storm = b.light.weather == "storm"
    for i in range(26):
        y = top + (0.02 - top) * (i / 16) ** 0.8 + b.around(-0.03, 0.03)
        dark = b.rng.random() < 0.5
        base = b.light.sky[0] if dark else mix(b.light.sky[2], b.light.sky[1], 0.4)
        shape = oval(b.around(left, right), y, b.around(0.35, 0.9), b.around(0.03, 0.075))
        b.soft(shape, scaled(base, 0.78 if storm and dark else 1.0), b.around(0.25, 0.5), 0.035)


def mist(b: Brush, y: float, height: float, strength: float) -> None:
    """A band of haze around `y`, thicker where the air is thicker."""
    amount = min(0.95, strength * b.light.air * (1.35 if b.light.weather == "fog" else 1.0))
    left, _, right, _ = b.extent
    p = skia.Paint()
    stops = [to_colour(b.light.haze, a) for a in (0.0, amount, 0.0)]
    p.setShader(skia.GradientShader.MakeLinear([skia.Point(0, y - height), skia.Point(0, y + height * 0.7)], stops))
    b.canvas.drawRect(skia.Rect.MakeLTRB(left, y - height, right, y + height * 0.7), p)


def god_rays(b: Brush, x: float, y: float, strength: float = 0.16) -> None:
    """Slanting shafts of light, where there is a sun and something for it to fall through."""
    if b.light.weather not in ("clear", "fog") or b.light.dark > 0.7 or b.light.neon:
        return
    for i in range(5):
        lean = -0.55 + 0.16 * i + b.around(-0.03, 0.03)
        wide = b.around(0.03, 0.07)
        shape = skia.Path()
        shape.addPoly([skia.Point(*q) for q in _shaft(x, y, lean, wide)], True)
        p = skia.Paint(AntiAlias=True)
        p.setBlendMode(skia.BlendMode.kScreen)
        p.setMaskFilter(skia.MaskFilter.MakeBlur(skia.kNormal_BlurStyle, 0.012))
        ends = [skia.Point(x, y), skia.Point(x + lean * 1.5, y + 1.25)]
        p.setShader(skia.GradientShader.MakeLinear(ends, [to_colour(b.light.key, strength), to_colour(b.light.key, 0)]))
        b.canvas.drawPath(shape, p)


def _shaft(x: float, y: float, lean: float, wide: float) -> tuple[Xy, Xy, Xy, Xy]:
    return (x - 0.01, y), (x + 0.01, y), (x + lean * 1.6 + wide, y + 1.3), (x + lean * 1.6 - wide, y + 1.3)


def flat(b: Brush, top: float, bottom: float, colour: Rgb) -> None:
    """One colour over the whole width between two heights."""
    left, _, right, _ = b.extent
    b.fill(rect(left, top, right - left, bottom - top), colour)
