"""Places that people have built under the sky. Each painter draws one, far to near, in place units."""

from __future__ import annotations

import skia

from storyreel.providers.builtin.paint import nature as n
from storyreel.providers.builtin.paint import sky as s
from storyreel.providers.builtin.paint import town as t
from storyreel.providers.builtin.paint.canvas import Brush, oval, poly, rect, smooth
from storyreel.providers.builtin.paint.light import mix, scaled


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
    b.anew("plots")
    for side in (-1, 1):
        z = near
        while z < far:
            deep = b.around(6.0, 10.0) * (1 + z / 60)
            plots.append((z, z + deep, side))
            z += deep + 0.1
    for z0, z1, side in sorted(plots, reverse=True):
        b.anew("plot", z0, side)
        t.side_front(b, side, x_m, z0, z1, b.around(*heights), b.pick(t.WALLS), shop=shop and z0 < 40)


def _signs(b: Brush, x_m: float, zs: tuple[float, ...]) -> None:
    words = list(t.SIGNS if b.chinese else t.SIGNS_EN)
    b.anew("signs")
    b.rng.shuffle(words)
    for i, z in enumerate(zs):
        side = 1 if i % 2 else -1
        t.hanging_sign(b, (x_m - b.around(0, 0.5)) * side, b.around(4.6, 5.8), z, words[i], t.NEON[i % len(t.NEON)])
        if b.light.neon:
            t.hanging_sign(b, (x_m - 0.2) * -side, b.around(4.4, 8.0), z + 2.2, words[-1 - i], t.NEON[(i + 2) % len(t.NEON)])


def _pavement_tree(b: Brush, x_m: float, z: float) -> None:
    x, y = t.at(x_m, 0, z)
    b.anew("tree", x_m, z)
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
    tiles(b, top)
    for x in (-0.78, 0.98):
        _vent(b, x, 0.17)
    _tank(b, -1.15 if b.rng.random() < 0.5 else 1.3, 0.15)
    t.fence(b, 0.145, 0.105, "3f4652", 0.2, 0.036)


def tiles(b: Brush, top: float) -> None:
    """Joints of a paved floor from `top` towards the viewer."""
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
    bench(b, 3.7, 8.5)


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


def bench(b: Brush, x_m: float, z: float, base: str = "8a5f42") -> None:
    """A bench with a back."""
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
        bench(b, x_m, z)
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
    warm = mix(b.light.with_glow("f2b96c", 0.85), b.tone("6b4a38", depth), 0.38)
    b.shade(back, (0, t.at(0, 2.6, z)[1]), (0, t.at(0, 0.9, z)[1]), [(scaled(warm, 0.62), 1), (warm, 1)])
    for row in range(2):
        for k in range(5):
            x, y = t.at(inner + (outer - inner) * (k + 0.5) / 5, 2.2 - 0.55 * row, z)
            own = b.tone(b.pick(("9c4a34", "5f6f4f", "b98a4a", "7a4f5f", "d8c9a8")), depth)
            b.fill(rect(x - 0.13 / z, y, 0.26 / z, 0.36 / z, 0.04 / z), mix(own, warm, 0.3))
        a, c = t.at(inner, 1.84 - 0.55 * row, z), t.at(outer, 1.84 - 0.55 * row, z)
        b.fill(rect(min(a[0], c[0]), a[1], abs(c[0] - a[0]), 0.05 / z), b.tone("5a4030", depth))
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
    b.glow(x, y + 0.3 / z, 2.4 / z, "ffb860", 0.42)
