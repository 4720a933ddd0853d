"""Open country. Each painter draws one place, far to near, in place units."""

from __future__ import annotations

import skia

from storyreel.providers.builtin.paint import nature as n
from storyreel.providers.builtin.paint import sky as s
from storyreel.providers.builtin.paint import town as t
from storyreel.providers.builtin.paint.canvas import Brush, oval, paint, poly, rect, smooth
from storyreel.providers.builtin.paint.light import mix


def forest(b: Brush) -> None:
    """Pines and broad trees around a clearing with a path."""
    s.draw_sky(b)
    left, _, right, _ = b.extent
    n.hills(b, "6f9182", 0.22, 0.95)
    n.hills(b, "5f8670", 0.13, 0.85)
    s.mist(b, 0.0, 0.14, 0.9)
    for _ in range(34):
        n.pine(b, b.around(left, right), 0.012, b.around(0.14, 0.26), 0.78)
    s.mist(b, 0.01, 0.1, 0.7)
    n.ground(b, "7d9a68", "4f7348")
    n.path_to(b, "b89a70", -0.06, 0.06)
    _grove(b)
    s.god_rays(b, -0.35, -0.95)
    n.stones(b, 9)
    n.grass(b, 190)


def _grove(b: Brush) -> None:
    spots = [(b.around(-1.7, -0.22), b.around(0.03, 0.16)) for _ in range(13)] + [
        (b.around(0.24, 1.7), b.around(0.03, 0.16)) for _ in range(13)
    ]
    for x, y in sorted(spots, key=lambda q: q[1]):
        depth = max(0.12, 0.62 - 2.6 * y)
        height = 0.28 + 2.0 * y
        b.soft(oval(x + 0.03, y + 0.004, height * 0.2, height * 0.03), b.light.ink, 0.25, 0.01)
        b.anew("grove", x)
        if b.rng.random() < 0.55:
            n.pine(b, x, y, height * 1.1, depth, b.pick(("3f6b52", "47735a", "5d7f4c")))
        elif b.light.weather == "snow":
            n.bare_tree(b, x, y, height, depth)
        else:
            n.tree(b, x, y, height, depth, b.pick(("4f7d55", "5f8650", "6f8f4f")))


def mountain(b: Brush) -> None:
    """A high range behind meadows and a path."""
    s.draw_sky(b)
    left, _, right, _ = b.extent
    for x in (-1.5, -1.0, 0.9, 1.5, -0.35):
        n.mountain(b, x + b.around(-0.1, 0.1), b.around(0.6, 0.8), b.around(0.16, 0.24), 0.9)
    s.mist(b, 0.0, 0.16, 0.55)
    for x, w, h in ((-0.95, 0.8, 0.25), (0.25, 1.15, 0.40), (1.25, 0.9, 0.27)):
        n.mountain(b, x + b.around(-0.08, 0.08), w, h, 0.62)
    s.mist(b, 0.01, 0.1, 0.8)
    n.hills(b, "7f9a63", 0.055, 0.55)
    for _ in range(26):
        n.pine(b, b.around(left, right), b.around(0.0, 0.022), b.around(0.045, 0.09), 0.5)
    n.ground(b, "94a766", "66854a", 0.014)
    n.path_to(b, "c4a877", 0.12, 0.3, 0.3)
    n.stones(b, 16)
    n.grass(b, 240, flowers=0.4)


def sea(b: Brush) -> None:
    """A beach, open water and a far coast."""
    s.draw_sky(b)
    n.hills(b, "5f7f8f", 0.035, 0.95)
    n.water(b, -0.002, 0.16)
    n.wave_edge(b, 0.145, "dcc08c")
    n.stones(b, 8, "c9b796", 0.2)
    _shells(b)


def _shells(b: Brush) -> None:
    left, _, right, bottom = b.extent
    for _ in range(150):
        y = b.around(0.2, bottom)
        b.fill(
            oval(b.around(left, right), y, 0.004 + 0.006 * y, 0.002 + 0.003 * y),
            b.tone(b.pick(("f3e6cc", "b89a6a", "e7b9a0")), 0.1),
            0.7,
        )
    for _ in range(12):
        y = b.around(0.22, bottom)
        x = b.around(left, right)
        b.line(smooth([(x, y), (x + 0.06, y - 0.006), (x + 0.13, y)]), 0.2, 1.2, 0.2)


def lake(b: Brush) -> None:
    """A lake or river with an arched bridge and willows."""
    s.draw_sky(b)
    left, _, right, _ = b.extent
    n.hills(b, "7f9a94", 0.2, 0.92)
    n.hills(b, "6d9078", 0.09, 0.75)
    s.mist(b, 0.0, 0.1, 0.9)
    for _ in range(16):
        n.tree(b, b.around(left, right), 0.012, b.around(0.07, 0.13), 0.66)
    n.water(b, 0.005, 0.24, "4f8791", 0.35)
    _bridge(b, -0.42)
    n.wave_edge(b, 0.235, "7f9a5a")
    for x in (-1.25, 1.12):
        _willow(b, x, 0.27, 0.62)
    n.grass(b, 170, top=0.25)
    n.stones(b, 10, top=0.25)
    for _ in range(40):
        _reed(b, b.around(left, right), 0.245)


def _bridge(b: Brush, x: float) -> None:
    half, top, foot = 0.46, -0.055, 0.075
    arch = skia.Path()
    arch.moveTo(x - half, foot - 0.02)
    arch.quadTo(x, top * 2.0 - 0.06, x + half, foot - 0.02)
    arch.lineTo(x + half, foot + 0.025)
    arch.lineTo(x + half * 0.36, foot + 0.025)
    arch.quadTo(x, top - 0.05, x - half * 0.36, foot + 0.025)
    arch.lineTo(x - half, foot + 0.025)
    arch.close()
    b.block(arch, n.covered(b, "b0a594", 0.35), 0.42, width=1.7)
    rail = skia.Path()
    rail.moveTo(x - half, foot - 0.055)
    rail.quadTo(x, top * 2.0 - 0.095, x + half, foot - 0.055)
    b.line(rail, 0.35, 3.4, 0.9, colour=b.tone("8c8174", 0.4))
    for i in range(15):
        u = i / 14
        px = x - half + 2 * half * u
        py = (1 - u) ** 2 * (foot - 0.02) + 2 * u * (1 - u) * (top * 2.0 - 0.06) + u**2 * (foot - 0.02)
        b.line(poly([(px, py), (px, py - 0.036)], close=False), 0.35, 2.4, 0.9, colour=b.tone("8c8174", 0.4))
    mirror = oval(x, foot + 0.06, half * 0.34, 0.035)
    b.soft(mirror, b.tone("4a5c5e", 0.4), 0.3, 0.01)


def _willow(b: Brush, x: float, y: float, height: float) -> None:
    b.block(
        smooth([(x - 0.03, y), (x - 0.012, y - height * 0.6), (x + 0.012, y - height * 0.6), (x + 0.035, y)], close=True),
        "6d5541",
        0.2,
    )
    tone = b.tone(n.covered(b, "7fa05a", 0.5), 0.2)
    for _ in range(80):
        sx = x + b.rng.gauss(0, 0.10) * height / 0.5
        sy = y - height * b.around(0.62, 1.0)
        p = paint(mix(tone, b.light.ink, b.around(0, 0.25)), 0.75)
        p.setStyle(skia.Paint.kStroke_Style)
        p.setStrokeWidth(b.px(2.4))
        b.canvas.drawPath(
            smooth(
                [
                    (sx, sy),
                    (sx + (sx - x) * 0.5, sy + 0.08),
                    (sx + (sx - x) * 0.6 + b.around(-0.01, 0.01), sy + b.around(0.18, 0.34)),
                ]
            ),
            p,
        )


def _reed(b: Brush, x: float, y: float) -> None:
    h = b.around(0.03, 0.08)
    b.line(
        smooth([(x, y), (x + 0.004, y - h * 0.6), (x + b.around(-0.02, 0.02), y - h)]),
        0.25,
        1.8,
        0.8,
        colour=b.tone("7a8a4c", 0.25),
    )


def desert(b: Brush) -> None:
    """Dunes with a lit and a shaded side, a few cacti and stones."""
    s.draw_sky(b)
    left, _, right, _ = b.extent
    for height, depth, base in ((0.16, 0.9, "d9a86a"), (0.10, 0.7, "dcae6e"), (0.05, 0.5, "e0b677")):
        n.hills(b, base, height, depth)
    s.mist(b, 0.0, 0.08, 0.6)
    n.ground(b, "e3bb7d", "cf9d5e")
    for i in range(5):
        y = 0.03 + 0.085 * i
        x = b.around(-1.2, 0.4)
        crest = [(left, y + 0.05), (x - 0.5, y + 0.03), (x, y - 0.018 - 0.01 * i), (x + 0.5, y + 0.02), (right, y + 0.06)]
        lee = smooth(
            [(x, y - 0.014 - 0.008 * i), (x + 0.5, y + 0.02), (right, y + 0.06), (right, y + 0.12), (x + 0.4, y + 0.09)],
            close=True,
        )
        b.fill(lee, mix(b.tone("b27f4e", 0.35 - 0.06 * i), b.light.ink, 0.08), 0.45)
        b.line(smooth(crest), 0.4, 1.4, 0.3)
    for x, y in ((-0.95, 0.06), (0.72, 0.10), (1.4, 0.05), (-1.5, 0.12)):
        _cactus(b, x, y, 0.1 + 1.1 * y)
    n.stones(b, 14, "b98d62")


def _cactus(b: Brush, x: float, y: float, h: float) -> None:
    w = h * 0.16
    shape = skia.Path()
    shape.addPath(rect(x - w / 2, y - h, w, h, w / 2))
    for side, low, high in ((-1, 0.4, 0.75), (1, 0.52, 0.9)):
        shape.addPath(rect(x + side * w * 1.1 - w * 0.35, y - h * high, w * 0.7, h * (high - low), w * 0.35))
        shape.addPath(rect(min(x, x + side * w * 1.2), y - h * low - w * 0.6, w * 1.2, w * 0.6, w * 0.3))
    b.soft(oval(x + h * 0.2, y, h * 0.3, h * 0.03), b.light.ink, 0.3, 0.008)
    b.line(shape, 0.3, 2.6, 0.6)
    b.fill(shape, b.tone(n.covered(b, "5f8f5c", 0.5), 0.35))


def field(b: Brush) -> None:
    """Farmland: rows of crops, a fence, a barn, trees along the edge."""
    s.draw_sky(b)
    left, _, right, bottom = b.extent
    n.hills(b, "8fae7d", 0.10, 0.85)
    n.hills(b, "9db672", 0.05, 0.7)
    s.mist(b, 0.0, 0.08, 0.7)
    for _ in range(15):
        n.tree(b, b.around(left, right), 0.014, b.around(0.06, 0.12), 0.6)
    _barn(b, 0.5)
    n.ground(b, "c3b45e", "9a9a48", 0.012)
    rows = skia.Path()
    for i in range(-40, 41):
        rows.moveTo(i * 0.035, 0.014)
        rows.lineTo(i * 0.035 + i * 0.55 * bottom, bottom)
    b.line(rows, 0.3, 2.6, 0.28, colour=b.tone("6f7a35", 0.3))
    for _ in range(900):
        y = 0.02 + (bottom - 0.02) * b.rng.random() ** 1.3
        h = 0.012 + 0.085 * y
        x = b.around(left, right)
        if abs(x) > 0.12 + 0.5 * y:
            tone = b.tone(n.covered(b, b.pick(("d9b84e", "c9a640", "b7a146")), 0.5), max(0.05, 0.5 - y))
            b.line(smooth([(x, y), (x + 0.2 * h, y - 0.6 * h), (x + 0.34 * h, y - h)]), 0.2, 1.2 + 2.2 * y, 0.85, colour=tone)
            b.fill(oval(x + 0.34 * h, y - h, 0.08 * h, 0.2 * h), tone)
    n.path_to(b, "c7a877", 0.0, 0.02, 0.3)


def _barn(b: Brush, x: float) -> None:
    b.block(rect(x, -0.075, 0.13, 0.095), "a8503f", 0.5)
    b.block(
        poly([(x - 0.012, -0.072), (x + 0.03, -0.125), (x + 0.10, -0.125), (x + 0.142, -0.072)]), n.covered(b, "6b4a44", 0.9), 0.5
    )
    b.fill(rect(x + 0.048, -0.035, 0.035, 0.055), b.tone("f0e3d0", 0.5))


def village(b: Brush) -> None:
    """Low houses with tiled roofs around a lane, hills behind, smoke from a chimney."""
    s.draw_sky(b)
    n.hills(b, "7f9f8a", 0.24, 0.9)
    n.hills(b, "7f9f6f", 0.11, 0.75)
    s.mist(b, 0.0, 0.12, 0.9)
    n.ground(b, "a9a878", "8b8a58")
    n.path_to(b, "c9b48c", 0.05, 0.02, 0.4)
    houses = [
        (-1.35, 0.10, 0.36),
        (-0.75, 0.07, 0.28),
        (-0.36, 0.035, 0.17),
        (0.26, 0.035, 0.18),
        (0.62, 0.07, 0.28),
        (1.15, 0.11, 0.38),
    ]
    for x, y, w in sorted(houses, key=lambda h: h[1]):
        _house(b, x, y, w)
    for x, y in ((-1.0, 0.09), (0.98, 0.1), (0.46, 0.05)):
        n.tree(b, x, y, 0.2 + 1.3 * y, max(0.15, 0.5 - 2 * y), "6f9355")
    t.fence(b, 0.2, 0.06, "8d6f4f", 0.2, 0.09)
    n.path_to(b, "c9b48c", 0.05, 0.02, 0.4)
    n.grass(b, 130, top=0.08)
    n.stones(b, 8)


def _house(b: Brush, x: float, y: float, w: float) -> None:
    depth = max(0.15, 0.6 - 3.4 * y)
    h = w * 0.52
    b.soft(oval(x, y + 0.006, w * 0.6, 0.014), b.light.ink, 0.3, 0.008)
    b.block(rect(x - w / 2, y - h, w, h), b.pick(("e8dcc2", "dcc8a8", "e4d3c0")), depth)
    for k in (-0.32, 0.18):
        colour, lit = t.window_colour(b, depth, 0.9)
        b.block(rect(x + w * k, y - h * 0.68, w * 0.16, h * 0.34), colour, 0.0)
        if lit:
            b.glow(x + w * (k + 0.08), y - h * 0.5, w * 0.4, "ffc878", 0.5)
    b.block(rect(x - w * 0.1, y - h * 0.66, w * 0.17, h * 0.66), "7a5240", depth)
    t.eaves_roof(b, x, y - h * 0.94, w * 0.6, h * 0.62, depth, "6a5a56", 0.62)
    for i in range(5):
        b.soft(
            oval(x + w * (0.3 + 0.05 * i), y - h * (1.75 + 0.3 * i), w * (0.03 + 0.018 * i), w * (0.03 + 0.014 * i)),
            b.light.sky[2],
            0.3 - 0.05 * i,
            0.008,
        )


def plain(b: Brush) -> None:
    """Open ground under the sky, for a frame that names no place."""
    s.draw_sky(b)
    n.hills(b, "8fa58f", 0.16, 0.92)
    n.hills(b, "8fa878", 0.07, 0.75)
    s.mist(b, 0.0, 0.12, 0.9)
    n.ground(b, "a9b57c", "7f9160")
    n.stones(b, 8)
    n.grass(b, 170, flowers=0.3)
