"""Places under the sky. Each painter draws one place, far to near, in place units."""

from __future__ import annotations

import math

import skia

from storyreel.providers.builtin.paint import nature as n
from storyreel.providers.builtin.paint import sky as s
from storyreel.providers.builtin.paint import town as t
from storyreel.providers.builtin.paint.canvas import Brush, oval, paint, poly, rect, smooth
from storyreel.providers.builtin.paint.light import mix, rgb, scaled


def street(b: Brush) -> None:
    """A city street with shops, lamps and signs that runs to a vanishing point."""
    s.draw_sky(b, sun_x=0.12)
    t.skyline(b, -0.5, 0.5, 0.10, 0.26, 0.85)
    s.mist(b, 0.0, 0.12, 0.8)
    _road(b, 5.0, 8.0)
    _fronts(b, 8.0, (9.0, 19.0))
    for z in (44.0, 31.0, 21.0, 14.0, 9.0, 6.0):
        for side in (-1, 1):
            if z < 34:
                _pavement_tree(b, 7.0 * side, z + 2.4)
            t.lamp_post(b, 5.7 * side, z, side)
    _signs(b, 7.2, (27.0, 19.0, 13.0, 9.5, 7.0))


def _road(b: Brush, half_m: float, kerb_m: float, base: str = "6d7078") -> None:
    n.ground(b, "8c8d90", "76777c")
    far, near = 90.0, 1.6
    lane = poly([t.at(-half_m, 0, far), t.at(half_m, 0, far), t.at(half_m, 0, near), t.at(-half_m, 0, near)])
    surface = n.covered(b, base, 0.55)
    b.shade(lane, (0, 0), (0, 0.5), [(b.tone(surface, 0.7), 1), (scaled(b.tone(surface, 0.1), 0.85), 1)])
    for side in (-1, 1):
        kerb = poly(
            [
                t.at(half_m * side, 0, far),
                t.at((half_m + 0.25) * side, 0, far),
                t.at((half_m + 0.25) * side, 0, near),
                t.at(half_m * side, 0, near),
            ]
        )
        b.fill(kerb, b.tone(n.covered(b, "b9b5ab", 0.8), 0.3))
        _slabs(b, side, half_m + 0.25, kerb_m)
    z = 3.2
    while z < 60:
        dash = poly([t.at(-0.09, 0, z), t.at(0.09, 0, z), t.at(0.09, 0, z + 1.9), t.at(-0.09, 0, z + 1.9)])
        b.fill(dash, b.tone("e9e2cf", t.haze_depth(z)), 0.65 if b.light.weather != "snow" else 0.2)
        z += 4.6


def _slabs(b: Brush, side: int, inner_m: float, outer_m: float) -> None:
    lines = skia.Path()
    z = 2.4
    while z < 40:
        lines.moveTo(*t.at(inner_m * side, 0, z))
        lines.lineTo(*t.at(outer_m * side, 0, z))
        z *= 1.22
    for x in (inner_m, (inner_m + outer_m) / 2):
        lines.moveTo(*t.at(x * side, 0, 60))
        lines.lineTo(*t.at(x * side, 0, 2))
    b.line(lines, 0.3, 1.1, 0.22)


def _fronts(
    b: Brush, x_m: float, heights: tuple[float, float], *, far: float = 64.0, near: float = 3.4, shop: bool = True
) -> None:
    plots: list[tuple[float, float, int]] = []
    for side in (-1, 1):
        z = near
        while z < far:
            deep = b.around(6.0, 10.0) * (1 + z / 60)
            plots.append((z, z + deep, side))
            z += deep + 0.1
    for z0, z1, side in sorted(plots, reverse=True):
        t.side_front(b, side, x_m, z0, z1, b.around(*heights), b.pick(t.WALLS), shop=shop and z0 < 40)


def _signs(b: Brush, x_m: float, zs: tuple[float, ...]) -> None:
    words = list(t.SIGNS)
    b.rng.shuffle(words)
    for i, z in enumerate(zs):
        side = 1 if i % 2 else -1
        t.hanging_sign(b, (x_m - b.around(0, 0.5)) * side, b.around(4.6, 5.8), z, words[i], t.NEON[i % len(t.NEON)])
        if b.light.neon:
            t.hanging_sign(b, (x_m - 0.2) * -side, b.around(4.4, 8.0), z + 2.2, words[-1 - i], t.NEON[(i + 2) % len(t.NEON)])


def _pavement_tree(b: Brush, x_m: float, z: float) -> None:
    x, y = t.at(x_m, 0, z)
    if b.light.weather == "snow":
        n.bare_tree(b, x, y, 4.2 / z, t.haze_depth(z))
    else:
        n.tree(b, x, y, 4.6 / z, t.haze_depth(z), b.pick(("5f8a55", "6f9359", "557f62")))


def alley(b: Brush) -> None:
    """A narrow lane between old walls, with wires and a lantern."""
    s.draw_sky(b, sun_x=0.0)
    t.skyline(b, -0.3, 0.3, 0.08, 0.22, 0.8)
    n.ground(b, "85827c", "6b6762")
    _cobbles(b)
    _fronts(b, 2.5, (6.5, 9.5), far=34.0, near=1.7, shop=False)
    for z in (16.0, 10.0, 6.5, 4.4):
        _doorway(b, 1 if z in (10.0, 4.4) else -1, z)
    for z in (15.0, 8.5, 5.4):
        _wire(b, z)
        side = -1 if z == 8.5 else 1
        x, y = t.at(1.7 * side, 3.3, z)
        t.lantern(b, x, y, 0.5 / z, t.haze_depth(z))
    _signs(b, 1.9, (11.0, 6.8))


def _cobbles(b: Brush) -> None:
    lines = skia.Path()
    z = 2.2
    row = 0
    while z < 26:
        lines.moveTo(*t.at(-3.4, 0, z))
        lines.lineTo(*t.at(3.4, 0, z))
        nxt = z * 1.16
        for i in range(-6, 7):
            x = (i + 0.5 * (row % 2)) * 0.55
            lines.moveTo(*t.at(x, 0, z))
            lines.lineTo(*t.at(x, 0, nxt))
        z, row = nxt, row + 1
    b.line(lines, 0.25, 1.1, 0.26)


def _doorway(b: Brush, side: int, z: float) -> None:
    x = 2.5 * side
    depth = t.haze_depth(z)
    door = poly([t.at(x, 0, z), t.at(x, 2.3, z), t.at(x, 2.3, z + 1.3), t.at(x, 0, z + 1.3)])
    b.block(door, b.pick(("8a4b3c", "4c6a63", "6c5a49")), depth, width=2.0)
    box = poly(
        [t.at(x, 4.2, z + 1.8), t.at(x - 0.5 * side, 4.2, z + 1.8), t.at(x - 0.5 * side, 4.9, z + 1.8), t.at(x, 4.9, z + 1.8)]
    )
    b.block(box, "c4c6c3", depth)
    pot = t.at(x - 0.35 * side, 0, z - 0.3)
    size = 0.5 / z
    b.block(
        poly(
            [
                (pot[0] - size * 0.3, pot[1] - size * 0.5),
                (pot[0] + size * 0.3, pot[1] - size * 0.5),
                (pot[0] + size * 0.2, pot[1]),
                (pot[0] - size * 0.2, pot[1]),
            ]
        ),
        "b0654a",
        depth,
    )
    for k in (-1, 0, 1):
        b.fill(oval(pot[0] + k * size * 0.2, pot[1] - size * 0.8, size * 0.2, size * 0.36), b.tone("5d8c55", depth))


def _wire(b: Brush, z: float) -> None:
    a, c = t.at(-2.5, 5.4, z), t.at(2.5, 5.1, z)
    b.line(smooth([a, (0, a[1] + 0.5 / z), c]), t.haze_depth(z), 1.3, 0.6)


def rooftop(b: Brush) -> None:
    """A flat roof above the city, with a rail, a water tank and vents."""
    s.draw_sky(b)
    left, _, right, bottom = b.extent
    t.skyline(b, left, right, 0.10, 0.24, 0.85, 0.09)
    s.mist(b, 0.02, 0.1, 0.6)
    t.skyline(b, left, right, 0.02, 0.30, 0.5, 0.12)
    s.mist(b, 0.1, 0.06, 0.5)
    top = 0.10
    slab = rect(left, top, right - left, bottom - top)
    b.shade(slab, (0, top), (0, 0.5), [(b.tone(n.covered(b, "8f8b88"), 0.4), 1), (b.tone(n.covered(b, "6f6c6e"), 0.05), 1)])
    _tiles(b, top)
    for x in (-0.78, 0.98):
        _vent(b, x, 0.17)
    _tank(b, -1.15 if b.rng.random() < 0.5 else 1.3, 0.15)
    t.fence(b, 0.145, 0.105, "3f4652", 0.2, 0.036)


def _tiles(b: Brush, top: float) -> None:
    left, _, right, bottom = b.extent
    lines = skia.Path()
    y, gap = top, 0.012
    while y < bottom:
        lines.moveTo(left, y)
        lines.lineTo(right, y)
        gap *= 1.42
        y += gap
    for i in range(-26, 27):
        lines.moveTo(i * 0.09, top)
        lines.lineTo(i * 0.09 + i * 0.3 * (bottom - top), bottom)
    b.line(lines, 0.25, 1.0, 0.2)


def _vent(b: Brush, x: float, y: float) -> None:
    b.soft(oval(x + 0.06, y + 0.005, 0.12, 0.014), b.light.ink, 0.3, 0.008)
    b.block(rect(x - 0.06, y - 0.12, 0.14, 0.12, 0.006), n.covered(b, "a7adb1", 0.3), 0.22)
    for i in range(4):
        b.fill(rect(x - 0.045, y - 0.10 + 0.024 * i, 0.11, 0.008), b.tone("5d656d", 0.22))


def _tank(b: Brush, x: float, y: float) -> None:
    for dx in (-0.06, 0.05):
        b.block(rect(x + dx, y - 0.16, 0.014, 0.16), "55504c", 0.25)
    b.block(rect(x - 0.09, y - 0.34, 0.18, 0.2, 0.012), "9a6f52", 0.25)
    b.block(poly([(x - 0.105, y - 0.34), (x, y - 0.41), (x + 0.105, y - 0.34)]), n.covered(b, "6f4c3d", 0.9), 0.25)


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
    s.god_rays(b, -0.5, -0.5)
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
    for _ in range(46):
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
    for _ in range(420):
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
    _tiles(b, 0.085)
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


def platform(b: Brush) -> None:
    """A station platform with a train at it, a roof and a clock."""
    s.draw_sky(b, sun_x=0.25)
    t.skyline(b, -0.2, b.extent[2], 0.06, 0.16, 0.85)
    s.mist(b, 0.0, 0.1, 0.8)
    n.ground(b, "94918f", "7b787a")
    b.fill(
        poly([t.at(-2.2, 0, 70), t.at(-2.2, 0, 1.6), t.at(-9, 0, 1.6), t.at(-9, 0, 70)]), b.tone(n.covered(b, "5a5452", 0.5), 0.3)
    )
    _train(b)
    for x0, x1, base in ((-2.2, -1.9, "d8d3c8"), (-1.7, -1.25, "e0b53f")):
        strip = poly([t.at(x0, 0, 70), t.at(x1, 0, 70), t.at(x1, 0, 1.6), t.at(x0, 0, 1.6)])
        b.shade(strip, (0, 0), (0, 0.5), [(b.tone(base, 0.7), 1), (b.tone(base, 0.1), 1)])
    _slabs(b, 1, -1.0, 7.0)
    for z in (26.0, 16.0, 10.0, 6.5):
        _pillar(b, 4.6, z)
    roof = poly([t.at(-1.4, 4.6, 60), t.at(-1.4, 4.6, 2), t.at(9.0, 4.9, 2), t.at(9.0, 4.9, 60)])
    b.shade(roof, (0, -0.05), (0, -0.7), [(b.tone("6f7278", 0.7), 1), (scaled(b.tone("4c4f57", 0.1), 0.7), 1)])
    b.line(roof, 0.2, 1.8, 0.5)
    for z in (20.0, 12.0, 7.5, 5.0):
        x, y = t.at(1.6, 4.55, z)
        b.fill(rect(x - 0.7 / z, y, 1.4 / z, 0.12 / z), b.light.with_glow("fff3cf"))
        b.glow(x, y + 0.2 / z, 2.6 / z, "ffe3aa", 0.6)
    _board(b, 2.5, 3.9, 8.6)
    _clock(b, 3.9, 3.7, 11.0)
    _bench(b, 3.7, 8.5)


def _train(b: Brush) -> None:
    x = -2.6
    z = 4.0
    while z < 60:
        z1 = z + 11
        depth = t.haze_depth((z + z1) / 2)
        car = poly([t.at(x, 0.35, z), t.at(x, 3.7, z), t.at(x, 3.7, z1), t.at(x, 0.35, z1)])
        b.block(car, "4f8196", depth, width=1.8)
        b.fill(poly([t.at(x, 1.0, z), t.at(x, 1.45, z), t.at(x, 1.45, z1), t.at(x, 1.0, z1)]), b.tone("e7dcc2", depth))
        for k in range(5):
            za, zb = z + 0.8 + 2.0 * k, z + 2.2 + 2.0 * k
            colour, lit = t.window_colour(b, depth, 0.95)
            pane = poly([t.at(x, 1.75, za), t.at(x, 2.9, za), t.at(x, 2.9, zb), t.at(x, 1.75, zb)])
            b.fill(pane, colour)
            b.line(pane, depth, 1.3, 0.5)
            if lit and z < 30:
                gx, gy = t.at(x, 2.3, (za + zb) / 2)
                b.glow(gx, gy, 1.8 / za, "ffd590", 0.35)
        top = poly([t.at(x, 3.7, z), t.at(x - 1.2, 4.1, z), t.at(x - 1.2, 4.1, z1), t.at(x, 3.7, z1)])
        b.fill(top, b.tone(n.covered(b, "c9ccc9", 0.9), depth))
        z = z1 + 0.6
    end = poly([t.at(-2.6, 0.35, 4.0), t.at(-2.6, 3.7, 4.0), t.at(-9, 3.9, 4.0), t.at(-9, 0.35, 4.0)])
    b.fill(end, scaled(b.tone("4f8196", 0.1), 0.7))


def _pillar(b: Brush, x_m: float, z: float) -> None:
    w = 0.16
    shape = poly([t.at(x_m - w, 0, z), t.at(x_m - w, 4.7, z), t.at(x_m + w, 4.7, z), t.at(x_m + w, 0, z)])
    b.block(shape, "6a6f78", t.haze_depth(z), width=1.6)


def _board(b: Brush, x_m: float, y_m: float, z: float) -> None:
    x, y = t.at(x_m, y_m, z)
    w, h = 2.6 / z, 0.62 / z
    b.line(
        poly(
            [(x - w * 0.3, y - h * 1.4), (x - w * 0.3, y - h * 0.5), (x + w * 0.3, y - h * 0.5), (x + w * 0.3, y - h * 1.4)],
            close=False,
        ),
        0.2,
        1.6,
        0.7,
    )
    b.block(rect(x - w / 2, y - h / 2, w, h, h * 0.1), "27486b", 0.1)
    t.letters(b, "2 月台", x - w * 0.36, y + h * 0.24, h * 0.66, b.light.with_glow("f3f0e4"))
    b.glow(x, y, w * 0.7, "9cc4ff", 0.3)


def _clock(b: Brush, x_m: float, y_m: float, z: float) -> None:
    x, y = t.at(x_m, y_m, z)
    r = 0.42 / z
    b.block(oval(x, y, r, r), b.light.with_glow("fbf6e6"), 0.0, width=2.2, line=0.8)
    b.line(poly([(x, y), (x, y - r * 0.7)], close=False), 0.1, 1.6, 0.9)
    b.line(poly([(x, y), (x + r * 0.45, y + r * 0.2)], close=False), 0.1, 1.8, 0.9)


def _bench(b: Brush, x_m: float, z: float, base: str = "8a5f42") -> None:
    depth = t.haze_depth(z)
    x, y = t.at(x_m, 0, z)
    w, h = 1.8 / z, 0.45 / z
    for dx in (-0.42, 0.42):
        b.block(rect(x + w * dx - 0.05 / z, y - h, 0.1 / z, h), "4a4d55", depth)
    b.block(rect(x - w / 2, y - h * 1.12, w, h * 0.22), n.covered(b, base, 0.6), depth)
    b.block(rect(x - w / 2, y - h * 1.95, w, h * 0.4), n.covered(b, base, 0.3), depth)


def park(b: Brush) -> None:
    """A city park: lawn, path, benches, lamps, tall trees, houses behind."""
    s.draw_sky(b)
    left, _, right, _ = b.extent
    t.skyline(b, left, right, 0.08, 0.2, 0.9, lit=0.3)
    s.mist(b, 0.0, 0.12, 0.8)
    for _ in range(24):
        n.tree(b, b.around(left, right), 0.014, b.around(0.11, 0.18), 0.68, b.pick(("5f8a55", "79985a", "c08a4f")))
    n.ground(b, "94b070", "678f4c")
    n.path_to(b, "cdb892", 0.1, -0.08, 0.5)
    for x, y in ((-1.5, 0.09), (-0.8, 0.07), (0.78, 0.07), (1.4, 0.1)):
        b.soft(oval(x + 0.04, y, 0.15, 0.02), b.light.ink, 0.3, 0.012)
        n.tree(b, x, y, 0.42 + y, 0.34, b.pick(("5f8a55", "6f9359", "c98f4d")))
    for x_m, z in ((-3.4, 9.0), (3.8, 11.0)):
        _bench(b, x_m, z)
    for x_m, z, side in ((-2.6, 13.0, -1), (2.4, 8.0, 1), (-2.9, 6.4, -1)):
        t.lamp_post(b, x_m, z, side, 3.6)
    n.grass(b, 170, flowers=0.5)


def market(b: Brush) -> None:
    """A night market: stalls with striped roofs down both sides, strings of lanterns."""
    s.draw_sky(b, sun_x=0.1)
    t.skyline(b, -0.6, 0.6, 0.12, 0.3, 0.8)
    s.mist(b, 0.0, 0.12, 0.7)
    n.ground(b, "8f8780", "6d6660")
    _cobbles(b)
    zs = (34.0, 26.0, 20.0, 15.5, 12.0, 9.2, 7.0, 5.3, 4.0)
    for z in zs:
        for side in (-1, 1):
            _stall(b, side, z)
    for z in (24.0, 15.0, 9.5, 6.2):
        a, c = t.at(-3.4, 4.3, z), t.at(3.4, 4.3, z)
        b.line(smooth([a, (0, a[1] + 1.0 / z), c]), t.haze_depth(z), 1.2, 0.6)
        for i in range(1, 8):
            u = i / 8
            sag = 4 * u * (1 - u) * 0.5 / z
            t.lantern(
                b,
                a[0] + (c[0] - a[0]) * u,
                a[1] + sag + 0.1 / z,
                0.34 / z,
                t.haze_depth(z) * 0.7,
                b.pick(("e0402f", "e8a12f", "e0402f")),
            )
    _signs(b, 3.0, (18.0, 11.0, 7.4))


def _stall(b: Brush, side: int, z: float) -> None:
    inner, outer = 2.7 * side, 5.2 * side
    depth = t.haze_depth(z)
    back = poly([t.at(outer, 0, z), t.at(outer, 2.6, z), t.at(inner, 2.6, z), t.at(inner, 0, z)])
    b.fill(back, mix(b.light.with_glow("ffcf8a", 0.9), b.tone("6b5344", depth), 0.35))
    counter = poly([t.at(inner, 0, z), t.at(inner, 1.0, z), t.at(outer, 1.0, z), t.at(outer, 0, z)])
    b.block(counter, b.pick(("8a5a42", "6f5a6b", "4f6a68")), depth)
    for i in range(6):
        x, y = t.at(inner + (outer - inner) * (i + 0.5) / 6, 1.0, z)
        r = 0.16 / z
        b.fill(oval(x, y - r * 0.7, r, r * 0.8), b.light.with_glow(b.pick(("e0703f", "d9b13f", "7fae4f", "c9506a")), 0.5))
    colour = b.pick(("c2473f", "3e7f8a", "d6983e", "7a5aa0"))
    for i in range(6):
        u0, u1 = i / 6, (i + 1) / 6
        x0, x1 = inner + (outer - inner) * u0, inner + (outer - inner) * u1
        quad = poly(
            [t.at(x0, 3.1, z + 0.8), t.at(x1, 3.1, z + 0.8), t.at(x1, 2.45, max(1.5, z - 0.5)), t.at(x0, 2.45, max(1.5, z - 0.5))]
        )
        b.fill(quad, b.tone(n.covered(b, colour if i % 2 else "efe4cf", 0.5), depth * 0.7))
        b.line(quad, depth, 1.1, 0.4)
    x, y = t.at((inner + outer) / 2, 2.2, z)
    b.fill(oval(x, y, 0.1 / z, 0.1 / z), b.light.with_glow("fff0c0"))
    b.glow(x, y + 0.3 / z, 2.6 / z, "ffc46b", 0.75)


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


def plain(b: Brush) -> None:
    """Open ground under the sky, for a frame that names no place."""
    s.draw_sky(b)
    n.hills(b, "8fa58f", 0.16, 0.92)
    n.hills(b, "8fa878", 0.07, 0.75)
    s.mist(b, 0.0, 0.12, 0.9)
    n.ground(b, "a9b57c", "7f9160")
    n.stones(b, 8)
    n.grass(b, 170, flowers=0.3)
