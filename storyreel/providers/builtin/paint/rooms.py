"""Places under a roof: one box in perspective, dressed by a table, and three that are not boxes (hall, cave, corridor)."""

from __future__ import annotations

from dataclasses import dataclass
from math import cos, sin, tau

import skia

from storyreel.providers.builtin.paint import fittings as f
from storyreel.providers.builtin.paint import nature as n
from storyreel.providers.builtin.paint import sky as s
from storyreel.providers.builtin.paint import town as t
from storyreel.providers.builtin.paint.canvas import Brush, oval, paint, poly, rect, smooth
from storyreel.providers.builtin.paint.light import mix, rgb, scaled
from storyreel.providers.builtin.paint.pieces import PIECES

BACK_M = 5.4
HALF_M = 5.2
HIGH_M = 3.4


@dataclass(frozen=True)
class Room:
    """How one kind of room is dressed. `pieces` names furniture painters with their place along the back wall in metres."""

    wall: str
    floor: str
    boards: bool
    windows: tuple[float, ...]
    pieces: tuple[tuple[str, float], ...]
    lamps: tuple[float, ...] = (-2.0, 2.2)
    skirting: str = "efe6d6"
    curtain: str | None = None
    panel: str | None = None
    lamp: str = "pendant"


ROOMS: dict[str, Room] = {
    "living": Room("d9b48c", "a8744c", True, (-0.9, 3.1), (("bookshelf", -3.7), ("sofa", 1.1), ("picture", 1.2), ("rug", 0.4), ("plant", 4.4), ("side_table", -1.6)), curtain="b0564a"),
    "cafe": Room("c79a72", "8a5a3d", True, (1.9,), (("shelf_bar", -2.3), ("counter", -2.3), ("table_set", 1.5), ("table_set", 4.0), ("menu", 4.2), ("plant", 0.1)), lamps=(-3.2, -1.4, 1.5, 4.0), panel="6e4a37"),
    "teahouse": Room("b98a60", "7a4f36", True, (), (("screen", -3.6), ("lattice", -0.2), ("scroll", 2.2), ("tea_table", -1.9), ("tea_table", 2.6), ("vase", 4.3)), lamps=(-2.6, 0.0, 2.6), panel="6b3c2c", lamp="lantern"),
    "office": Room("b9c4c9", "8d8f92", False, (-2.6, 0.2, 3.0), (("desk_computer", -2.8), ("desk_computer", 2.6), ("shelf_files", 4.8), ("plant", -0.2), ("clock", 1.6)), lamps=(-1.6, 1.6), lamp="tube"),
    "hospital": Room("c5d6d6", "a9bab8", False, (2.3,), (("hospital_bed", -1.6), ("drip", -3.2), ("monitor", 0.5), ("curtain_rail", -3.9), ("cabinet", 4.3)), lamps=(-1.4, 1.8), curtain="8fb8b8", lamp="tube"),
    "classroom": Room("d8cfa4", "a5764e", True, (3.5,), (("blackboard", -0.8), ("teacher_desk", 1.6), ("school_desks", 0.0), ("clock", 2.1), ("map", -4.3)), lamps=(-2.0, 1.6), curtain="a5524a"),
    "bedroom": Room("c3b3c2", "9a7258", True, (-1.9,), (("bed", 1.7), ("night_table", 3.9), ("wardrobe", -4.3), ("picture", 1.7), ("rug", -0.6)), lamps=(-0.4,), curtain="7f8fb0"),
    "kitchen": Room("e3d9bd", "b9a184", False, (0.5,), (("kitchen_row", -1.6), ("hood", -2.2), ("fridge", 3.3), ("table_set", 2.0), ("wall_shelf", 2.2)), lamps=(-0.2, 2.2), curtain="d9a24a", panel=None),
    "library": Room("8f6a4c", "6b4630", True, (0.0,), (("bookshelf", -4.2), ("bookshelf", -2.2), ("bookshelf", 2.2), ("bookshelf", 4.2), ("reading_desk", 0.4), ("rug", 0.2)), lamps=(-1.3, 1.5), curtain="5b6b55"),
    "shop": Room("d7c2a0", "a0805f", True, (3.0,), (("goods_shelf", -3.6), ("goods_shelf", -1.0), ("counter", 1.3), ("plant", 4.6)), lamps=(-2.4, 0.6, 3.0)),
    "prison": Room("7d8288", "6a6a6c", False, (2.6,), (("bunk", -2.4), ("bars", 0.0)), lamps=(0.0,), skirting="5c6066", lamp="bulb"),
    "lab": Room("c3d2dc", "96a3ab", False, (), (("lab_bench", -1.8), ("goods_shelf", 2.9), ("screens", -1.8), ("cabinet", 4.6)), lamps=(-2.2, 1.6), lamp="tube"),
    "cabin": Room("3d4658", "2d3340", False, (), (("porthole", -2.2), ("porthole", 2.2), ("screens", 0.0), ("console", 0.0)), lamps=(-3.0, 3.0), skirting="59657c", lamp="tube"),
}  # fmt: skip


def draw_room(b: Brush, name: str) -> None:
    """One of `ROOMS`: walls, floor, windows, what stands in it, lamps and the light that falls in."""
    room = ROOMS[name]
    shell(b, room)
    for x in room.windows:
        f.window(b, x, BACK_M, room.curtain)
    for piece, x in room.pieces:
        PIECES[piece](b, x, BACK_M)
    for x in room.lamps:
        f.LAMPS[room.lamp](b, x, 4.2, HIGH_M)
    for x in room.windows:
        _shaft(b, x)


def shell(b: Brush, room: Room) -> None:
    """Ceiling, three walls and the floor."""
    left, top, right, bottom = b.extent
    wall = b.tone(room.wall, 0.25)
    x0, y0 = t.at(-HALF_M, HIGH_M, BACK_M)
    x1, y1 = t.at(HALF_M, 0, BACK_M)
    b.fill(rect(left, top, right - left, bottom - top), wall)
    b.shade(rect(x0, y0, x1 - x0, y1 - y0), (0, y0), (0, y1), [(mix(wall, b.light.key, 0.10), 1), (scaled(wall, 0.9), 1)])
    for side in (-1, 1):
        shape = poly(
            [
                t.at(HALF_M * side, 0, BACK_M),
                t.at(HALF_M * side, HIGH_M, BACK_M),
                t.at(HALF_M * side, HIGH_M, 1.2),
                t.at(HALF_M * side, 0, 1.2),
            ]
        )
        b.fill(shape, scaled(wall, 0.84 if side > 0 else 0.93))
        b.line(shape, 0.2, 1.4, 0.3)
    ceiling = poly(
        [t.at(-HALF_M, HIGH_M, BACK_M), t.at(HALF_M, HIGH_M, BACK_M), t.at(HALF_M, HIGH_M, 1.2), t.at(-HALF_M, HIGH_M, 1.2)]
    )
    b.fill(ceiling, mix(scaled(wall, 0.82), b.tone("f4ede0", 0.2), 0.35))
    b.line(ceiling, 0.2, 1.4, 0.3)
    if room.panel:
        py = t.at(0, 1.05, BACK_M)[1]
        b.fill(rect(x0, py, x1 - x0, y1 - py), b.tone(room.panel, 0.22))
        _panels(b, py)
        b.block(rect(x0, py - 0.008, x1 - x0, 0.012), scaled(rgb(room.panel), 1.2), 0.2)
    _floor(b, room)
    b.block(rect(x0, y1 - 0.022, x1 - x0, 0.022), room.skirting if not room.panel else room.panel, 0.25, width=1.2)


def _panels(b: Brush, top: float) -> None:
    x = -HALF_M
    while x < HALF_M:
        a, c = t.at(x + 0.08, 0.95, BACK_M), t.at(x + 0.92, 0.15, BACK_M)
        b.line(rect(a[0], a[1], c[0] - a[0], c[1] - a[1]), 0.2, 1.2, 0.35)
        x += 1.0


def _floor(b: Brush, room: Room) -> None:
    near = 1.0
    shape = poly([t.at(-HALF_M, 0, BACK_M), t.at(HALF_M, 0, BACK_M), t.at(HALF_M, 0, near), t.at(-HALF_M, 0, near)])
    top = t.at(0, 0, BACK_M)[1]
    tone = b.tone(room.floor, 0.15)
    b.shade(shape, (0, top), (0, 0.8), [(scaled(tone, 1.05), 1), (scaled(tone, 0.72), 1)])
    lines = skia.Path()
    step = 0.34 if room.boards else 0.9
    x = -HALF_M
    while x <= HALF_M:
        lines.moveTo(*t.at(x, 0, BACK_M))
        lines.lineTo(*t.at(x, 0, near))
        x += step
    z = BACK_M - 0.35
    while z > near:
        if not room.boards:
            lines.moveTo(*t.at(-HALF_M, 0, z))
            lines.lineTo(*t.at(HALF_M, 0, z))
        else:
            i = b.rng.randrange(-12, 12)
            lines.moveTo(*t.at(i * step, 0, z))
            lines.lineTo(*t.at((i + 1) * step, 0, z))
        z -= 0.55 if not room.boards else 0.09
    b.line(lines, 0.2, 1.1, 0.3 if room.boards else 0.22)


def _shaft(b: Brush, x_m: float) -> None:
    """Daylight from a window: a slanting shaft in the air and its patch on the floor."""
    if b.light.dark > 0.7 or b.light.weather not in ("clear", "cloudy"):
        return
    strength = 0.15 if b.light.weather == "clear" else 0.07
    a, c = t.at(x_m - 0.7, 2.5, BACK_M), t.at(x_m + 0.7, 1.1, BACK_M)
    dx, dy = -0.34, 0.36
    beam = poly([(a[0], a[1]), (c[0], a[1]), (c[0] + dx, c[1] + dy), (a[0] + dx, c[1] + dy)])
    b.soft(beam, b.light.key, strength, 0.012, skia.BlendMode.kScreen)
    patch = poly([t.at(x_m - 1.7, 0, 4.3), t.at(x_m - 0.4, 0, 4.3), t.at(x_m - 1.2, 0, 3.1), t.at(x_m - 2.7, 0, 3.1)])
    b.soft(patch, b.light.key, strength * 1.7, 0.006, skia.BlendMode.kScreen)


def hall(b: Brush) -> None:
    """A castle or palace hall: pillars, banners, a red carpet to a throne."""
    left, top, right, bottom = b.extent
    stone = "8b8794"
    b.fill(rect(left, top, right - left, bottom - top), b.tone("5d5968", 0.3))
    back = 15.0
    x0, y0 = t.at(-6, 8.5, back)
    x1, y1 = t.at(6, 0, back)
    wall = b.tone(stone, 0.55)
    b.shade(rect(x0, y0, x1 - x0, y1 - y0), (0, y0), (0, y1), [(wall, 1), (scaled(wall, 0.8), 1)])
    for x in (-3.6, 3.6):
        _arched_window(b, x, back)
    for side in (-1, 1):
        shape = poly([t.at(6 * side, 0, back), t.at(6 * side, 8.5, back), t.at(6 * side, 8.5, 2), t.at(6 * side, 0, 2)])
        b.fill(shape, scaled(b.tone(stone, 0.3), 0.72 if side > 0 else 0.8))
    vault = poly([t.at(-6, 8.5, back), t.at(6, 8.5, back), t.at(6, 8.5, 2), t.at(-6, 8.5, 2)])
    b.fill(vault, scaled(b.tone("4b4757", 0.3), 0.8))
    n_floor = poly([t.at(-6, 0, back), t.at(6, 0, back), t.at(6, 0, 1), t.at(-6, 0, 1)])
    b.shade(n_floor, (0, 0.1), (0, 0.6), [(b.tone("8f8a90", 0.4), 1), (scaled(b.tone("77727c", 0.1), 0.75), 1)])
    tiles = Room("", "77727c", False, (), ())
    _tile_lines(b, back, tiles)
    carpet = poly([t.at(-1.0, 0, back), t.at(1.0, 0, back), t.at(1.0, 0, 1), t.at(-1.0, 0, 1)])
    b.shade(carpet, (0, 0.1), (0, 0.6), [(b.tone("a8323a", 0.4), 1), (b.tone("8a2430", 0.1), 1)])
    for x in (-0.88, 0.8):
        b.fill(poly([t.at(x, 0, back), t.at(x + 0.08, 0, back), t.at(x + 0.08, 0, 1), t.at(x, 0, 1)]), b.tone("d9b45a", 0.2))
    _throne(b, back)
    for z in (13.0, 10.0, 7.4, 5.2):
        for side in (-1, 1):
            _column(b, 3.9 * side, z, side)


def _tile_lines(b: Brush, back: float, room: Room) -> None:
    lines = skia.Path()
    for i in range(-6, 7):
        lines.moveTo(*t.at(i, 0, back))
        lines.lineTo(*t.at(i, 0, 1))
    z = back
    while z > 1.2:
        lines.moveTo(*t.at(-6, 0, z))
        lines.lineTo(*t.at(6, 0, z))
        z -= 1.0
    b.line(lines, 0.25, 1.1, 0.3)


def _arched_window(b: Brush, x_m: float, z: float) -> None:
    x, y = t.at(x_m, 6.4, z)
    w, h = 1.5 / z, 3.6 / z
    shape = skia.Path()
    shape.addPath(rect(x - w / 2, y, w, h))
    shape.addPath(oval(x, y, w / 2, w * 0.7))
    b.fill(shape, b.light.sky[1])
    b.line(shape, 0.2, 3.0, 0.8, colour=b.tone("4c4855", 0.2))
    for i in (1, 2):
        b.line(poly([(x - w / 2 + w * i / 3, y - w * 0.5), (x - w / 2 + w * i / 3, y + h)], close=False), 0.2, 1.4, 0.8)
    if b.light.dark < 0.7:
        b.soft(
            poly([(x - w / 2, y), (x + w / 2, y), (x + w * 1.2 - x * 0.6, y + 0.55), (x - w * 1.2 - x * 0.6, y + 0.55)]),
            b.light.key,
            0.14,
            0.02,
            skia.BlendMode.kScreen,
        )


def _throne(b: Brush, z: float) -> None:
    for i in range(3):
        w = 3.6 - 0.7 * i
        a = t.at(-w / 2, 0.22 * (i + 1), z - 0.2)
        b.block(rect(a[0], a[1], w / z, 0.26 / z), "9a939c", 0.4)
    x, y = t.at(0, 0.66, z)
    u = 1 / z
    b.block(
        poly([(x - 0.62 * u, y), (x - 0.62 * u, y - 2.3 * u), (x, y - 2.9 * u), (x + 0.62 * u, y - 2.3 * u), (x + 0.62 * u, y)]),
        "b98a3c",
        0.25,
        width=1.8,
    )
    b.block(rect(x - 0.42 * u, y - 2.1 * u, 0.84 * u, 1.5 * u, 0.1 * u), "9c2f3a", 0.25)
    b.block(rect(x - 0.75 * u, y - 0.85 * u, 1.5 * u, 0.28 * u), "b98a3c", 0.25)
    b.glow(x, y - 1.6 * u, 3.4 * u, "ffd890", 0.35)


def _column(b: Brush, x_m: float, z: float, side: int) -> None:
    depth = min(0.6, 0.1 + z / 26)
    w = 0.42
    a, c = t.at(x_m - w, 8.6, z), t.at(x_m + w, 0, z)
    tone = b.tone("a8a2ac", depth)
    shape = rect(a[0], a[1], c[0] - a[0], c[1] - a[1])
    b.shade(shape, (a[0], 0), (c[0], 0), [(mix(tone, b.light.key, 0.2), 1), (tone, 1), (scaled(tone, 0.62), 1)])
    b.line(shape, depth, 1.6, 0.5)
    b.block(rect(a[0] - 0.12 / z, c[1] - 0.35 / z, c[0] - a[0] + 0.24 / z, 0.35 / z), "98929c", depth)
    bx, by = t.at(x_m - 1.05 * side, 5.6, z)
    colour = "8f2c3a" if side < 0 else "2f4a7f"
    cloth = poly(
        [
            (bx - 0.45 / z, by),
            (bx + 0.45 / z, by),
            (bx + 0.45 / z, by + 2.3 / z),
            (bx, by + 2.8 / z),
            (bx - 0.45 / z, by + 2.3 / z),
        ]
    )
    b.block(cloth, colour, depth * 0.8)
    b.fill(oval(bx, by + 1.1 / z, 0.22 / z, 0.22 / z), b.tone("e0bd62", depth))
    fx, fy = t.at(x_m - 0.5 * side, 2.6, z)
    f.flame(b, fx, fy, 0.32 / z)


def cave(b: Brush) -> None:
    """A cave: rock layers around a far opening, stalactites, a torch."""
    left, top, right, bottom = b.extent
    b.fill(rect(left, top, right - left, bottom - top), b.tone("4d4754", 0.2))
    s.gradient(b, -0.3, 0.1, b.light.sky)
    n.hills(b, "6f8f7c", 0.06, 0.9, 0.1)
    for i, (rx, ry) in enumerate(((0.27, 0.21), (0.44, 0.33), (0.68, 0.47), (1.05, 0.66))):
        _rock_ring(b, rx, ry, i)
    floor = smooth(
        [(left, 0.22), (-0.5, 0.13), (0.0, 0.09), (0.5, 0.13), (right, 0.24), (right, bottom), (left, bottom)], close=True
    )
    b.shade(floor, (0, 0.08), (0, 0.5), [(b.tone("8a8178", 0.3), 1), (scaled(b.tone("5d5660", 0.1), 0.75), 1)])
    n.stones(b, 22, "7d7780", 0.16)
    for x, h in ((-0.62, 0.16), (-0.42, 0.1), (0.38, 0.12), (0.7, 0.2), (-0.9, 0.24), (1.1, 0.26), (0.1, 0.06)):
        y = -0.26 - abs(x) * 0.34
        b.block(
            smooth(
                [
                    (x - h * 0.3, y - 0.1),
                    (x - h * 0.12, y + h * 0.3),
                    (x, y + h),
                    (x + h * 0.14, y + h * 0.3),
                    (x + h * 0.3, y - 0.1),
                ],
                close=True,
            ),
            "5f5866",
            0.15,
        )
    for x, y in ((-0.74, 0.02), (0.82, 0.0)):
        b.line(poly([(x, y + 0.13), (x, y)], close=False), 0.1, 7, 0.9, colour=b.tone("5d4636", 0.1))
        f.flame(b, x, y - 0.01, 0.05)


def _rock_ring(b: Brush, rx: float, ry: float, step: int) -> None:
    """A frame of rock with a ragged hole; nearer rings are darker."""
    left, top, right, bottom = b.extent
    hole = [(rx * c * b.around(0.9, 1.1), -0.04 + ry * d * b.around(0.9, 1.1)) for c, d in _circle(22)]
    shape = skia.Path()
    shape.addRect(skia.Rect.MakeLTRB(left, top, right, bottom))
    shape.addPath(poly(hole))
    shape.setFillType(skia.PathFillType.kEvenOdd)
    tone = scaled(b.tone("7a7280", 0.5 - 0.12 * step), 1.0 - 0.17 * step)
    b.fill(shape, tone)
    b.line(poly(hole), 0.2, 1.8, 0.5)
    for _ in range(14):
        i = b.rng.randrange(22)
        x, y = hole[i]
        k = b.around(1.1, 1.5)
        b.line(poly([(x, y), (x * k, (y + 0.04) * k - 0.04)], close=False), 0.2, 1.4, 0.3)


def _circle(count: int) -> list[tuple[float, float]]:
    return [(cos(i / count * tau), sin(i / count * tau)) for i in range(count)]


def corridor(b: Brush) -> None:
    """A long passage with doors on both sides and lamps above."""
    left, top, right, bottom = b.extent
    half, high, far = 1.9, 3.0, 24.0
    wall = b.tone("c3bca8", 0.2)
    b.fill(rect(left, top, right - left, bottom - top), wall)
    for side in (-1, 1):
        shape = poly(
            [t.at(half * side, 0, far), t.at(half * side, high, far), t.at(half * side, high, 1), t.at(half * side, 0, 1)]
        )
        edge = 0.0 if side < 0 else 0.05
        b.shade(shape, (0, 0), (side * 1.0, 0), [(b.tone("9a9484", 0.8), 1), (scaled(wall, 0.95 - edge), 1)])
        low = poly([t.at(half * side, 0, far), t.at(half * side, 1.1, far), t.at(half * side, 1.1, 1), t.at(half * side, 0, 1)])
        b.fill(low, b.tone("6f8a80", 0.3), 0.85)
        b.line(low, 0.3, 1.4, 0.4)
    floor = poly([t.at(-half, 0, far), t.at(half, 0, far), t.at(half, 0, 1), t.at(-half, 0, 1)])
    b.shade(floor, (0, 0.05), (0, 0.6), [(b.tone("a39c8e", 0.6), 1), (scaled(b.tone("7d786f", 0.1), 0.8), 1)])
    roof = poly([t.at(-half, high, far), t.at(half, high, far), t.at(half, high, 1), t.at(-half, high, 1)])
    b.shade(roof, (0, -0.05), (0, -0.6), [(b.tone("b9b3a4", 0.6), 1), (scaled(b.tone("cfc8b8", 0.1), 0.8), 1)])
    x0, y0 = t.at(-half, high, far)
    b.fill(rect(x0, y0, 2 * half / far, high / far), b.light.with_glow("e9e6d2", 0.8))
    b.glow(0, -0.01, 0.22, "fff0cc", 0.5)
    lines = skia.Path()
    z = far
    while z > 1.4:
        lines.moveTo(*t.at(-half, 0, z))
        lines.lineTo(*t.at(half, 0, z))
        z *= 0.86
    b.line(lines, 0.3, 1.1, 0.3)
    z = 19.0
    while z > 2.6:
        for side in (-1, 1):
            _side_door(b, half * side, z)
        lx, ly = t.at(0, high, z)
        bright = b.light.with_glow("fffbe2")
        b.fill(poly([t.at(-0.5, high, z), t.at(0.5, high, z), t.at(0.5, high, z - 0.5), t.at(-0.5, high, z - 0.5)]), bright)
        b.glow(lx, ly + 0.3 / z, 2.6 / z, "fff0cc", 0.5)
        z -= 2.9


def _side_door(b: Brush, x: float, z: float) -> None:
    depth = t.haze_depth(z * 2)
    shape = poly([t.at(x, 0, z), t.at(x, 2.15, z), t.at(x, 2.15, z - 1.0), t.at(x, 0, z - 1.0)])
    b.block(shape, "8a6248", depth, width=1.8)
    pane = poly([t.at(x, 1.45, z - 0.3), t.at(x, 1.95, z - 0.3), t.at(x, 1.95, z - 0.7), t.at(x, 1.45, z - 0.7)])
    b.fill(pane, b.light.with_glow("dfe8e0", 0.6))
    kx, ky = t.at(x, 1.0, z - 0.9)
    b.canvas.drawCircle(kx, ky, 0.05 / z, paint(b.tone("d9b45a", depth)))
