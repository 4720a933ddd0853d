"""Places far from every day: a temple court, a ship, another planet."""

from __future__ import annotations

import math

import skia

from storyreel.providers.builtin.paint import nature as n
from storyreel.providers.builtin.paint import sky as s
from storyreel.providers.builtin.paint import town as t
from storyreel.providers.builtin.paint.canvas import Brush, oval, paint, poly, rect, smooth
from storyreel.providers.builtin.paint.city import tiles
from storyreel.providers.builtin.paint.light import mix, rgb


def space(b: Brush) -> None:
    """An airless plain under stars and a great planet."""
    left, top, right, _ = b.extent
    s.gradient(b, top, 0.06, (rgb("05060f"), rgb("121536"), rgb("33265c")))
    for _ in range(320):
        b.canvas.drawCircle(
            b.around(left, right), b.around(top, 0.05), b.px(b.around(0.5, 1.8)), paint((0.92, 0.94, 1.0), b.around(0.25, 0.95))
        )
    for x, y, colour in ((-0.7, -0.3, "5a3d8f"), (0.5, -0.15, "2d5a8f"), (0.0, -0.5, "7a3d6f")):
        b.soft(oval(x, y, 0.5, 0.16), rgb(colour), 0.35, 0.12, skia.BlendMode.kScreen)
    _planet(b, 0.46, -0.27, 0.19)
    b.canvas.drawCircle(-0.66, -0.36, 0.035, paint(rgb("cfd3dd")))
    line = [(left + (right - left) * i / 30, -0.02 - 0.045 * abs(math.sin(i * 1.7)) * b.around(0.4, 1.0)) for i in range(31)]
    shape = poly([*line, (right, 0.05), (left, 0.05)])
    b.fill(shape, rgb("4c4668"))
    b.shade(rect(left, 0.0, right - left, b.extent[3]), (0, 0), (0, 0.5), [(rgb("6d6486"), 1), (rgb("48415e"), 1)])
    for _ in range(26):
        y = 0.03 + 0.5 * b.rng.random() ** 1.4
        x, r = b.around(left, right), (0.014 + 0.15 * y) * b.around(0.4, 1.0)
        b.fill(oval(x, y, r, r * 0.28), rgb("3a3450"), 0.9)
        b.fill(oval(x + r * 0.06, y + r * 0.07, r * 0.92, r * 0.22), rgb("5d5577"), 0.9)
        b.line(oval(x, y, r, r * 0.28), 0.1, 1.2, 0.5)
    n.stones(b, 16, "8a8299")


def _planet(b: Brush, x: float, y: float, r: float) -> None:
    b.soft(oval(x, y, r * 1.06, r * 1.06), rgb("7fb4ff"), 0.5, r * 0.1, skia.BlendMode.kScreen)
    disc = oval(x, y, r, r)
    b.canvas.save()
    b.canvas.clipPath(disc, doAntiAlias=True)
    b.fill(disc, rgb("d49a6a"))
    for i in range(9):
        cy = y - r + 2 * r * (i + 0.5) / 9
        b.fill(oval(x, cy, r * 1.2, r * 0.07), rgb(("e8c08e", "b87450", "f0d4a8", "c98a5c")[i % 4]), 0.75)
    b.soft(oval(x + r * 0.5, y + r * 0.35, r * 1.15, r * 1.15), rgb("0b0a20"), 0.0, 0.01)
    b.shade(disc, (x - r, y - r), (x + r, y + r), [((0, 0, 0), 0.0), ((0, 0, 0), 0.1), (rgb("0a0820"), 0.85)])
    b.canvas.restore()
    ring = paint(rgb("e6d3b0"), 0.6)
    ring.setStyle(skia.Paint.kStroke_Style)
    ring.setStrokeWidth(r * 0.12)
    b.canvas.save()
    b.canvas.translate(x, y)
    b.canvas.rotate(-18)
    b.canvas.clipRect(skia.Rect.MakeLTRB(-3 * r, 0, 3 * r, 3 * r))
    b.canvas.drawOval(skia.Rect.MakeLTRB(-1.75 * r, -0.36 * r, 1.75 * r, 0.36 * r), ring)
    b.canvas.restore()


def ship(b: Brush) -> None:
    """The deck of a ship: planks, rail, mast and sail, open sea around."""
    s.draw_sky(b)
    left, _, right, bottom = b.extent
    n.water(b, -0.002, 0.16)
    mast = rect(-0.635, -1.2, 0.05, 1.36)
    sail = smooth(
        [(-0.6, -0.95), (-0.1, -0.75), (0.02, -0.42), (-0.12, -0.16), (-0.6, -0.12), (-0.6, -0.12), (-0.66, -0.5)], close=True
    )
    b.shade(sail, (-0.6, 0), (0.05, 0), [(b.tone("e9dfc8", 0.2), 1), (mix(b.tone("e9dfc8", 0.2), b.light.key, 0.3), 1)])
    b.line(sail, 0.2, 1.8, 0.6)
    b.block(mast, "7d5a3f", 0.15, width=1.8)
    for i in range(7):
        b.line(poly([(-0.61, -1.0), (-1.9 + 0.22 * i, 0.14)], close=False), 0.2, 1.2, 0.35)
    top = 0.13
    deck = rect(left, top, right - left, bottom - top)
    b.shade(
        deck, (0, top), (0, 0.5), [(b.tone(n.covered(b, "b98f62", 0.6), 0.3), 1), (b.tone(n.covered(b, "9a7049", 0.5), 0.05), 1)]
    )
    planks = skia.Path()
    for i in range(-26, 27):
        planks.moveTo(i * 0.075, top)
        planks.lineTo(i * 0.075 + i * 0.34 * (bottom - top), bottom)
    b.line(planks, 0.2, 1.3, 0.4)
    t.fence(b, 0.15, 0.11, "8a5f40", 0.15, 0.055)
    for x, y in ((0.95, 0.22), (-1.1, 0.26)):
        _barrel(b, x, y, 0.16)


def _barrel(b: Brush, x: float, y: float, h: float) -> None:
    b.soft(oval(x + h * 0.15, y, h * 0.5, h * 0.09), b.light.ink, 0.35, 0.008)
    b.block(
        smooth(
            [
                (x - h * 0.3, y),
                (x - h * 0.42, y - h * 0.5),
                (x - h * 0.3, y - h),
                (x + h * 0.3, y - h),
                (x + h * 0.42, y - h * 0.5),
                (x + h * 0.3, y),
            ],
            close=True,
        ),
        "8f6342",
        0.12,
        width=1.8,
    )
    for k in (0.25, 0.72):
        b.fill(rect(x - h * 0.36, y - h * k, h * 0.72, h * 0.06), b.tone("4a4444", 0.12))


def temple(b: Brush) -> None:
    """A temple or palace court: hall on a terrace, stone floor, lanterns, blossom trees."""
    s.draw_sky(b)
    n.hills(b, "8a9bb0", 0.2, 0.95)
    s.mist(b, 0.0, 0.14, 1.0)
    depth = 0.48
    for side in (-1, 1):
        b.block(rect(side * 0.98 - 0.42, -0.055, 0.84, 0.085), "b5604f", 0.62)
        t.eaves_roof(b, side * 0.98, -0.05, 0.46, 0.075, 0.62)
    b.block(rect(-0.5, -0.005, 1.0, 0.055), n.covered(b, "c9c0b2", 0.4), depth)
    b.block(rect(-0.40, -0.16, 0.80, 0.16), "a34a3c", depth)
    for i in range(6):
        x = -0.36 + 0.124 * i
        t.mullioned(b, x, -0.135, 0.098, 0.13, depth)
        b.glow(x + 0.05, -0.07, 0.13, "ffc878", 0.34)
    for i in range(7):
        b.block(rect(-0.385 + 0.1237 * i, -0.165, 0.018, 0.17), "8c3328", depth)
    t.eaves_roof(b, 0, -0.15, 0.52, 0.13, depth)
    b.block(rect(-0.25, -0.30, 0.5, 0.05), "a34a3c", depth)
    t.eaves_roof(b, 0, -0.285, 0.34, 0.13, depth)
    n.ground(b, "c4bcae", "a39c92", 0.048)
    for i in range(4):
        b.block(rect(-0.16 - 0.02 * i, 0.028 + 0.014 * i, 0.32 + 0.04 * i, 0.016), n.covered(b, "cfc7b8", 0.5), 0.45)
    tiles(b, 0.085)
    for x, y in ((-0.98, 0.075), (1.0, 0.075), (-1.5, 0.12), (1.55, 0.12)):
        n.tree(b, x, y, 0.34 + y, 0.36, "d796a0" if b.light.weather != "snow" else "8f7d84")
    for x, y in ((-0.62, 0.09), (0.62, 0.09), (-0.95, 0.22), (0.95, 0.22)):
        _stone_lamp(b, x, y, 0.05 + 0.5 * y)


def _stone_lamp(b: Brush, x: float, y: float, h: float) -> None:
    b.soft(oval(x + h * 0.2, y, h * 0.4, h * 0.07), b.light.ink, 0.3, 0.008)
    b.block(rect(x - h * 0.1, y - h * 0.55, h * 0.2, h * 0.55), n.covered(b, "8f8a84", 0.2), 0.25)
    b.block(rect(x - h * 0.24, y - h * 0.82, h * 0.48, h * 0.28), b.light.with_glow("ffd78c"), 0.1)
    b.block(
        poly([(x - h * 0.42, y - h * 0.8), (x, y - h * 1.14), (x + h * 0.42, y - h * 0.8)]), n.covered(b, "6d6a68", 0.9), 0.25
    )
    b.glow(x, y - h * 0.68, h * 1.7, "ffcf80", 0.75)
