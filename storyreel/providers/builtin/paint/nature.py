"""What grows and lies about: ground, trees, hills, mountains, stones, grass, water."""

from __future__ import annotations

import math

import skia

from storyreel.providers.builtin.paint.canvas import Brush, Xy, below, oval, paint, poly, rect, ridge, smooth
from storyreel.providers.builtin.paint.handles import Canvas, Path
from storyreel.providers.builtin.paint.light import Rgb, mix, rgb, scaled

SNOW: Rgb = (0.93, 0.95, 0.99)


def covered(b: Brush, base: str | Rgb, amount: float = 0.82) -> Rgb:
    """A colour that lies open to the sky: under snow it is white."""
    own = rgb(base) if isinstance(base, str) else base
    return mix(own, SNOW, amount) if b.light.weather == "snow" and not b.light.indoor else own


def ground(b: Brush, far: str, near: str, top: float = 0.0) -> None:
    """The ground from the horizon to the bottom edge, hazier far away."""
    left, _, right, bottom = b.extent
    a = b.tone(covered(b, far), 0.62)
    c = b.tone(covered(b, near), 0.08)
    b.shade(rect(left, top, right - left, bottom - top), (0, top), (0, top + 0.5), [(a, 1), (scaled(c, 0.9), 1)])


def hills(b: Brush, base: str, height: float, depth: float, foot: float = 0.02) -> None:
    """One soft range of hills."""
    left, _, right, _ = b.extent
    line = ridge(left, right, 0.08, height, b.rng)
    shape = below(line, foot)
    tone = b.tone(covered(b, base, 0.55), depth)
    b.shade(shape, (0, -height), (0, foot), [(tone, 1), (mix(tone, b.light.haze, 0.35), 1)])
    b.line(smooth(line), depth, 1.2, 0.25)


def mountain(b: Brush, x: float, width: float, height: float, depth: float, base: str = "7d8796") -> None:
    """A peak as lit and shaded facets with a cap of snow."""
    peak = (x + b.around(-0.08, 0.08) * width, -height)
    left, right, foot = x - width / 2, x + width / 2, 0.02
    rough_left = _jag(b, (left, foot), peak, 0.035 * height)
    rough_right = _jag(b, peak, (right, foot), 0.035 * height)
    lit = b.tone(covered(b, base, 0.5), depth)
    spine = [
        peak,
        *[(peak[0] + width * (0.03 + 0.05 * math.sin(k * 2.3)), -height * (1 - k / 5)) for k in range(1, 5)],
        (peak[0] + 0.06 * width, foot),
    ]
    b.fill(poly([*rough_left, *rough_right[1:]]), lit)
    b.fill(poly([*spine, *reversed(rough_right)]), scaled(mix(lit, b.light.ink, 0.24), 0.96))
    cap = 0.34 if b.light.weather != "snow" else 0.6
    _cap(b, peak, rough_left, rough_right, spine, height, cap, depth)
    b.line(poly([*rough_left, *rough_right[1:]], close=False), depth, 1.3, 0.35)


def _jag(b: Brush, a: Xy, c: Xy, by: float) -> list[Xy]:
    count = 7
    inner = [(a[0] + (c[0] - a[0]) * i / count, a[1] + (c[1] - a[1]) * i / count + b.around(-by, by)) for i in range(1, count)]
    return [a, *inner, c]


def _cap(b: Brush, peak: Xy, left: list[Xy], right: list[Xy], spine: list[Xy], height: float, share: float, depth: float) -> None:
    low = peak[1] + height * share
    hem = [(peak[0] - 0.5 + i / 14, low + (0.05 if i % 2 else -0.045) * height) for i in range(15)]
    mountain_shape = poly([*left, *right[1:]])
    b.canvas.save()
    b.canvas.clipPath(mountain_shape, doAntiAlias=True)
    top = poly([(peak[0] - 0.6, peak[1] - 0.1), (peak[0] + 0.6, peak[1] - 0.1), *reversed(hem)])
    white = b.tone(SNOW, depth * 0.8)
    b.fill(top, white)
    b.canvas.clipPath(
        poly([*spine, (right[-1][0], spine[-1][1]), (right[-1][0], peak[1] - 0.1), (peak[0], peak[1] - 0.1)]), doAntiAlias=True
    )
    b.fill(top, mix(white, b.light.sky[0], 0.34))
    b.canvas.restore()


def pine(b: Brush, x: float, y: float, height: float, depth: float, base: str = "3f6b52") -> None:
    """A fir: stacked tiers, lit on one side."""
    width = height * b.around(0.34, 0.44)
    tone = b.tone(covered(b, base, 0.35), depth)
    b.block(rect(x - 0.03 * height, y - 0.14 * height, 0.06 * height, 0.14 * height), "5d4636", depth, line=0)
    tiers = 5
    for i in range(tiers):
        t = i / tiers
        half = width / 2 * (1 - t * 0.78)
        low = y - height * (0.10 + 0.76 * t)
        tip = y - height * (0.10 + 0.76 * t + 0.30 * (1 - 0.3 * t))
        shape = poly(
            [
                (x - half, low),
                (x - half * 0.5, low + 0.018 * height),
                (x + half * 0.4, low + 0.01 * height),
                (x + half, low),
                (x, tip),
            ]
        )
        b.fill(shape, tone)
        b.fill(poly([(x, tip), (x + half, low), (x + half * 0.25, low + 0.012 * height)]), mix(tone, b.light.ink, 0.22))
        if b.light.weather == "snow":
            b.fill(
                poly(
                    [
                        (x, tip),
                        (x - half * 0.8, low - 0.01),
                        (x - half * 0.3, low - 0.05 * height),
                        (x + half * 0.2, low - 0.06 * height),
                    ]
                ),
                b.tone(SNOW, depth),
            )
        if depth < 0.7:
            b.line(shape, depth, 1.1, 0.22)


def tree(b: Brush, x: float, y: float, height: float, depth: float, base: str = "4f7d55") -> None:
    """A broad-leaved tree: a trunk that forks and a crown of round masses, darker below."""
    trunk = b.tone("6b4f3c", depth)
    w = 0.045 * height
    shape = poly([(x - w, y), (x - w * 0.5, y - 0.5 * height), (x + w * 0.5, y - 0.5 * height), (x + w * 1.1, y)])
    b.fill(shape, trunk)
    b.line(shape, depth, 1.2, 0.3)
    crown = covered(b, base, 0.5)
    masses = [
        (x + b.around(-0.26, 0.26) * height, y - height * b.around(0.5, 0.86), height * b.around(0.13, 0.2)) for _ in range(9)
    ]
    masses.sort(key=lambda m: m[1])
    tone = b.tone(crown, depth)
    shapes = [(_leafy(b, mx, my, r), (y - my) / height) for mx, my, r in masses]
    outline = skia.Path()
    for shape, _ in shapes:
        outline.addPath(shape)
    b.line(outline, depth, 3.4, 0.4)
    for shape, low in reversed(shapes):
        b.fill(shape, mix(scaled(tone, 0.76), tone, min(1.0, low * 1.15)))
    for mx, my, r in masses[:5]:
        b.soft(oval(mx - 0.3 * r, my - 0.35 * r, r * 0.55, r * 0.45), mix(tone, b.light.key, 0.35), 0.5, r * 0.18)


def _leafy(b: Brush, x: float, y: float, r: float) -> Path:
    count = 11
    ring = [
        (x + math.cos(i / count * 6.283) * r * b.around(0.85, 1.12), y + math.sin(i / count * 6.283) * r * b.around(0.8, 1.05))
        for i in range(count)
    ]
    return smooth(ring, close=True)


def bare_tree(b: Brush, x: float, y: float, height: float, depth: float) -> None:
    """A leafless tree, for winter, fear and deserts."""
    p = paint(b.tone("4b3a33", depth))
    p.setStyle(skia.Paint.kStroke_Style)
    p.setStrokeCap(skia.Paint.kRound_Cap)

    def limb(x0: float, y0: float, angle: float, length: float, width: float) -> None:
        x1, y1 = x0 + math.cos(angle) * length, y0 - math.sin(angle) * length
        p.setStrokeWidth(width)
        b.canvas.drawLine(x0, y0, x1, y1, p)
        if length > height * 0.07:
            for turn in (b.around(0.25, 0.6), -b.around(0.25, 0.6)):
                limb(x1, y1, angle + turn, length * b.around(0.62, 0.76), width * 0.62)

    limb(x, y, math.pi / 2 + b.around(-0.1, 0.1), height * 0.34, height * 0.05)


def grass(b: Brush, count: int, base: str = "5b8a4f", *, flowers: float = 0.25, top: float = 0.04) -> None:
    """Tufts and flowers over the near ground, larger towards the viewer."""
    left, _, right, bottom = b.extent
    b.anew("grass")
    snow = b.light.weather == "snow"
    for _ in range(round(count * 3.2)):
        t = b.rng.random() ** 1.3
        y = top + (bottom - top) * t
        x = b.around(left, right)
        size = 0.006 + 0.026 * (y / 0.5)
        depth = max(0.04, 0.55 - y * 1.1)
        tone = b.tone(mix(rgb(base), SNOW, 0.5) if snow else base, depth)
        for k in (-1, 0, 1):
            tip = (x + k * size * 0.55 + b.around(-0.1, 0.1) * size, y - size * b.around(0.8, 1.3))
            b.fill(
                poly([(x + k * size * 0.12 - size * 0.09, y), tip, (x + k * size * 0.12 + size * 0.09, y)]),
                scaled(tone, 0.86 + 0.1 * k),
            )
        bloom, kind = b.rng.random(), b.rng.random()
        if not snow and bloom < flowers:
            colour = b.tone(("f3d35f", "f2f0e6", "e58fa8", "d7a6e8")[int(kind * 4)], depth)
            b.canvas.drawCircle(x, y - size * 1.2, size * 0.22, paint(colour))


def stones(b: Brush, count: int, base: str = "9a968d", top: float = 0.06) -> None:
    """Stones with a lit back and a foot in shadow."""
    left, _, right, bottom = b.extent
    b.anew("stones")
    for _ in range(round(count * 2.2)):
        y = top + (bottom - top) * b.rng.random() ** 1.4
        x = b.around(left, right)
        r = (0.008 + 0.045 * y) * b.around(0.6, 1.3)
        depth = max(0.05, 0.5 - y)
        b.soft(oval(x + r * 0.2, y + r * 0.28, r * 1.15, r * 0.3), b.light.ink, 0.28, r * 0.2)
        shape = smooth(
            [
                (x - r, y + 0.3 * r),
                (x - 0.8 * r, y - 0.3 * r),
                (x - 0.1 * r, y - 0.62 * r),
                (x + 0.8 * r, y - 0.2 * r),
                (x + r, y + 0.3 * r),
            ],
            close=True,
        )
        b.block(shape, covered(b, base, 0.6), depth, line=0.45)
        b.soft(oval(x - 0.2 * r, y - 0.25 * r, 0.4 * r, 0.16 * r), b.light.key, 0.3, r * 0.1)


def path_to(b: Brush, base: str, foot_x: float = 0.0, far_x: float = 0.1, width: float = 0.34) -> None:
    """A path that winds from the near edge to the horizon."""
    _, _, _, bottom = b.extent
    steps = 9
    left: list[Xy] = []
    right: list[Xy] = []
    for i in range(steps + 1):
        t = i / steps
        y = bottom * (1 - t) ** 1.9 + 0.004
        x = foot_x + (far_x - foot_x) * t + 0.05 * math.sin(t * 5.2) * (1 - t)
        half = width * (y / bottom) / 2 + 0.004
        left.append((x - half, y))
        right.append((x + half, y))
    shape = smooth([*left, *reversed(right)], close=True)
    near = b.tone(covered(b, base, 0.6), 0.1)
    b.shade(shape, (0, 0), (0, bottom), [(b.tone(covered(b, base, 0.6), 0.55), 1), (near, 1)])
    b.line(shape, 0.3, 1.2, 0.22)


def water(b: Brush, top: float, bottom: float, base: str = "2f7f93", glitter_x: float | None = 0.42) -> None:
    """A band of water with waves, and the sun's or moon's road on it."""
    left, _, right, _ = b.extent
    far = mix(b.tone(base, 0.55), b.light.sky[2], 0.35)
    near = mix(b.tone(base, 0.1), b.light.sky[0], 0.22)
    b.shade(rect(left, top, right - left, bottom - top), (0, top), (0, bottom), [(far, 1), (near, 1)])
    lines = 200
    for _ in range(lines):
        t = b.rng.random()
        y = top + (bottom - top) * t**1.4
        wide = 0.02 + 0.13 * t
        colour = mix(near, b.light.sky[2], 0.55) if b.rng.random() < 0.55 else scaled(near, 0.8)
        p = paint(colour, 0.18 + 0.3 * t)
        p.setStyle(skia.Paint.kStroke_Style)
        p.setStrokeWidth(b.px(0.8 + 1.8 * t))
        p.setStrokeCap(skia.Paint.kRound_Cap)
        x = b.around(left, right)
        b.canvas.drawPath(smooth([(x, y), (x + wide * 0.3, y - 0.003), (x + wide * 0.7, y + 0.003), (x + wide, y)]), p)
    if glitter_x is not None and b.light.weather in ("clear", "cloudy"):
        _glitter(b, glitter_x, top, bottom)


def _glitter(b: Brush, x: float, top: float, bottom: float) -> None:
    colour = mix(b.light.key, (1, 1, 1), 0.4)
    for _ in range(70):
        t = b.rng.random()
        y = top + (bottom - top) * t * 0.92 + 0.004
        spread = 0.02 + 0.07 * t
        wide = b.around(0.006, 0.028) * (0.6 + t)
        at = x + b.rng.gauss(0, 1) * spread
        b.canvas.drawRect(skia.Rect.MakeXYWH(at - wide / 2, y, wide, b.px(1.4 + 1.2 * t)), paint(colour, 0.35 + 0.4 * (1 - t)))


def wave_edge(b: Brush, y: float, sand: str) -> None:
    """Where water meets sand: a wet band and a line of foam."""
    left, _, right, bottom = b.extent
    line = [(left + (right - left) * i / 24, y + 0.012 * math.sin(i * 0.9) + b.around(-0.003, 0.003)) for i in range(25)]
    shape = below(line, bottom)
    b.shade(shape, (0, y), (0, bottom), [(b.tone(covered(b, sand, 0.7), 0.3), 1), (b.tone(covered(b, sand, 0.7), 0.05), 1)])
    p = paint(mix(b.tone("ffffff", 0.2), b.light.sky[2], 0.15), 0.85)
    p.setStyle(skia.Paint.kStroke_Style)
    for offset, width, alpha in ((0.0, 5.0, 0.75), (0.013, 2.2, 0.4)):
        p.setStrokeWidth(b.px(width))
        p.setAlphaf(alpha)
        b.canvas.save()
        b.canvas.translate(0, offset)
        b.canvas.drawPath(smooth(line), p)
        b.canvas.restore()


def leaves_in_front(canvas: Canvas, x: float, y: float, size: float, colour: Rgb, turn: float) -> None:
    """Twigs with dark leaves near the lens, in pixels; the caller blurs them."""
    p = paint(colour, 0.96)
    for twig in range(4):
        angle = turn + twig * 0.5
        for i in range(1, 7):
            reach = size * 0.17 * i
            cx, cy = x + math.cos(angle) * reach, y + math.sin(angle) * reach
            for side in (-1, 1):
                canvas.save()
                canvas.translate(cx, cy)
                canvas.rotate(math.degrees(angle) + side * 46)
                canvas.drawPath(
                    smooth([(0, 0), (size * 0.09, -size * 0.055), (size * 0.21, 0), (size * 0.09, size * 0.055)], close=True), p
                )
                canvas.restore()
