"""What stands in rooms of work, school, trade and care. Each piece is at `x` metres along the back wall, `z` metres away."""

from __future__ import annotations

import skia

from storyreel.providers.builtin.paint import town as t
from storyreel.providers.builtin.paint.canvas import Brush, Xy, oval, paint, poly, rect
from storyreel.providers.builtin.paint.fittings import BOOKS, bed_of, box, shadow, top
from storyreel.providers.builtin.paint.light import mix, rgb


def desk_computer(b: Brush, x: float, z: float) -> None:
    """A desk with a screen that shines, and a chair."""
    near = z - 1.0
    shadow(b, x, 1.1, near)
    for dx in (-1.0, 0.9):
        box(b, x + dx, 0, x + dx + 0.1, 0.74, near, "6f7478", 0.14)
    box(b, x + 0.35, 0.1, x + 0.9, 0.7, near + 0.1, "8a8f92", 0.14)
    top(b, x - 1.1, x + 1.1, 0.76, near - 0.1, near + 0.5, "c9b08a")
    box(b, x - 0.06, 0.8, x + 0.06, 0.98, near + 0.3, "44494f", 0.12)
    box(b, x - 0.5, 0.94, x + 0.5, 1.5, near + 0.3, "33383f", 0.12, width=1.8, round_m=0.04)
    a, c = t.at(x - 0.45, 1.46, near + 0.3), t.at(x + 0.45, 0.99, near + 0.3)
    b.fill(rect(a[0], a[1], c[0] - a[0], c[1] - a[1]), mix(b.tone("8fc3dc", 0.1), rgb("a9e0f5"), b.light.lamps))
    b.glow((a[0] + c[0]) / 2, (a[1] + c[1]) / 2, 0.7 / near, "8fd0f0", 0.45)
    box(b, x - 0.95, 0.78, x - 0.65, 0.92, near, "e9e0cc", 0.12)


def shelf_files(b: Brush, x: float, z: float) -> None:
    """Shelves of folders."""
    box(b, x - 0.6, 0, x + 0.6, 2.2, z - 0.3, "8b8f93", 0.2)
    for i in range(4):
        y = 0.1 + 0.52 * i
        for k in range(8):
            box(
                b,
                x - 0.52 + 0.13 * k,
                y,
                x - 0.42 + 0.13 * k,
                y + 0.38,
                z - 0.28,
                b.pick(("3f6f8d", "d8d4c8", "b4503f", "5d6a70")),
                0.2,
                width=0.9,
            )


def hospital_bed(b: Brush, x: float, z: float) -> None:
    """A bed with rails and white sheets."""
    bed_of(b, x, z, "dfe9ea", "b9c6c8")
    near = z - 1.7
    for dx in (-1.16, 1.1):
        box(b, x + dx, 0, x + dx + 0.06, 0.95, near, "98a8ab", 0.1)


def bunk(b: Brush, x: float, z: float) -> None:
    """A plank bed."""
    bed_of(b, x, z, "8a8d78", "5c5f63")


def drip(b: Brush, x: float, z: float) -> None:
    """A drip on its stand."""
    near = z - 1.2
    box(b, x - 0.025, 0, x + 0.025, 2.0, near, "a9b6b9", 0.12, width=1.2)
    box(b, x - 0.2, 1.96, x + 0.2, 2.0, near, "a9b6b9", 0.12, width=1.2)
    box(b, x - 0.2, 1.55, x - 0.02, 1.94, near, "dff0f2", 0.1, round_m=0.05)


def monitor(b: Brush, x: float, z: float) -> None:
    """A bedside monitor with a pulse."""
    near = z - 0.8
    box(b, x - 0.03, 0, x + 0.03, 1.3, near, "98a8ab", 0.12)
    box(b, x - 0.32, 1.25, x + 0.32, 1.75, near, "3c474c", 0.12, width=1.8, round_m=0.05)
    a = t.at(x - 0.26, 1.5, near)
    u = 1 / near
    pulse: list[Xy] = [
        (a[0], a[1]),
        (a[0] + 0.14 * u, a[1]),
        (a[0] + 0.2 * u, a[1] - 0.16 * u),
        (a[0] + 0.26 * u, a[1] + 0.12 * u),
        (a[0] + 0.32 * u, a[1]),
        (a[0] + 0.52 * u, a[1]),
    ]
    b.line(poly(pulse, close=False), 0.0, 2.0, 1.0, colour=rgb("7fffb0"))
    b.glow(a[0] + 0.26 * u, a[1], 0.6 * u, "7fffb0", 0.4)


def curtain_rail(b: Brush, x: float, z: float) -> None:
    """A ward curtain."""
    near = z - 0.8
    a, c = t.at(x - 0.75, 2.5, near), t.at(x + 0.75, 0.25, near)
    shape = rect(a[0], a[1], c[0] - a[0], c[1] - a[1])
    b.block(shape, "a9cfcf", 0.14, width=1.6)
    folds = skia.Path()
    for i in range(1, 9):
        fx = a[0] + (c[0] - a[0]) * i / 9
        folds.moveTo(fx, a[1])
        folds.lineTo(fx, c[1])
    b.line(folds, 0.1, 1.8, 0.25)


def cabinet(b: Brush, x: float, z: float) -> None:
    """A cabinet with drawers."""
    box(b, x - 0.5, 0, x + 0.5, 1.1, z - 0.4, "c9d2d0", 0.18)
    for i in range(3):
        box(b, x - 0.42, 0.1 + 0.33 * i, x + 0.42, 0.36 + 0.33 * i, z - 0.4, "dbe3e1", 0.18, width=1.2)


def blackboard(b: Brush, x: float, z: float) -> None:
    """A blackboard with chalk."""
    box(b, x - 1.9, 1.0, x + 1.9, 2.55, z, "8a6246", 0.18, width=2.0)
    box(b, x - 1.8, 1.08, x + 1.8, 2.47, z, "2f5a4c", 0.18, width=1.0)
    a = t.at(x - 1.55, 2.05, z)
    t.letters(b, "春天来了", a[0], a[1], 0.36 / z, b.tone("eef2e6", 0.2), 0.9)
    for i in range(3):
        y = t.at(0, 1.78 - 0.2 * i, z)[1]
        b.line(poly([(a[0], y), (a[0] + b.around(0.2, 0.4), y)], close=False), 0.2, 2.2, 0.6, colour=b.tone("eef2e6", 0.2))


def teacher_desk(b: Brush, x: float, z: float) -> None:
    """The teacher's desk."""
    near = z - 0.9
    shadow(b, x, 0.9, near)
    box(b, x - 0.8, 0, x + 0.8, 0.86, near, "96643f", 0.14, width=1.8)
    top(b, x - 0.88, x + 0.88, 0.88, near - 0.05, near + 0.4, "b98855")
    for k in range(3):
        box(b, x - 0.5 + 0.02 * k, 0.9 + 0.07 * k, x - 0.1 + 0.02 * k, 0.97 + 0.07 * k, near, BOOKS[k], 0.12, width=1.0)


def school_desks(b: Brush, x: float, z: float) -> None:
    """Two rows of pupils' desks at the sides."""
    for cx, near in ((-3.6, 4.0), (3.6, 4.0), (-2.9, 3.1), (2.9, 3.1)):
        shadow(b, cx, 0.6, near)
        for dx in (-0.5, 0.44):
            box(b, cx + dx, 0, cx + dx + 0.06, 0.68, near, "6f7478", 0.12)
        box(b, cx - 0.55, 0.5, cx + 0.55, 0.66, near, "a5764a", 0.12)
        top(b, cx - 0.6, cx + 0.6, 0.7, near - 0.05, near + 0.4, "c89a62")


def map_(b: Brush, x: float, z: float) -> None:
    """A map of the world."""
    box(b, x - 0.7, 1.2, x + 0.7, 2.3, z, "a9cbd6", 0.2, width=2.0)
    for dx, dy, w, h in ((-0.35, 1.9, 0.24, 0.22), (-0.25, 1.5, 0.12, 0.18), (0.15, 1.85, 0.32, 0.24), (0.4, 1.45, 0.12, 0.1)):
        c = t.at(x + dx, dy, z)
        b.fill(oval(c[0], c[1], w / z, h / z), b.tone("8fae6a", 0.2))


def lab_bench(b: Brush, x: float, z: float) -> None:
    """A bench with flasks."""
    near = z - 1.0
    box(b, x - 2.0, 0, x + 2.0, 0.88, near, "aebcc4", 0.14, width=1.8)
    top(b, x - 2.05, x + 2.05, 0.92, near - 0.05, near + 0.5, "dfe7ea")
    for k, colour in enumerate(("5fd0b0", "d86fa0", "f0c04a", "6fa8e8")):
        c = t.at(x - 1.3 + 0.75 * k, 0.95, near)
        u = 1 / near
        b.fill(
            poly(
                [
                    (c[0] - 0.05 * u, c[1] - 0.42 * u),
                    (c[0] + 0.05 * u, c[1] - 0.42 * u),
                    (c[0] + 0.05 * u, c[1] - 0.26 * u),
                    (c[0] + 0.17 * u, c[1]),
                    (c[0] - 0.17 * u, c[1]),
                    (c[0] - 0.05 * u, c[1] - 0.26 * u),
                ]
            ),
            b.light.with_glow(colour, 0.6),
            0.85,
        )
        b.glow(c[0], c[1] - 0.1 * u, 0.5 * u, colour, 0.4)


def screens(b: Brush, x: float, z: float) -> None:
    """A wall of screens."""
    for k in range(3):
        x0 = x - 1.6 + 1.1 * k
        box(b, x0, 1.55, x0 + 1.0, 2.35, z - 0.1, "232a38", 0.1, width=2.0, round_m=0.05)
        a, c = t.at(x0 + 0.07, 2.28, z - 0.1), t.at(x0 + 0.93, 1.62, z - 0.1)
        b.fill(rect(a[0], a[1], c[0] - a[0], c[1] - a[1]), mix(rgb("12344a"), rgb("4fc3e0"), 0.35))
        for i in range(4):
            y = a[1] + (c[1] - a[1]) * (0.2 + 0.2 * i)
            b.line(poly([(a[0] + 0.01, y), (a[0] + b.around(0.05, 0.14), y)], close=False), 0.0, 2.0, 0.9, colour=rgb("8ff0ff"))
        b.glow((a[0] + c[0]) / 2, (a[1] + c[1]) / 2, 0.2, "5fd0f0", 0.7)


def console(b: Brush, x: float, z: float) -> None:
    """A long console with lights."""
    near = z - 1.2
    b.block(
        poly([t.at(x - 2.4, 0, near), t.at(x + 2.4, 0, near), t.at(x + 2.2, 0.95, near + 0.3), t.at(x - 2.2, 0.95, near + 0.3)]),
        "55617a",
        0.12,
        width=2.0,
    )
    for k in range(22):
        c = t.at(x - 2.0 + 0.19 * k, 0.62 + 0.14 * (k % 2), near + 0.2)
        colour = b.pick(("5fe3ef", "ffb13d", "ff5a7a", "7dff9b"))
        b.fill(oval(c[0], c[1], 0.035 / near, 0.03 / near), rgb(colour))
        b.glow(c[0], c[1], 0.18 / near, colour, 0.6)


def porthole(b: Brush, x: float, z: float) -> None:
    """A round window on stars."""
    c = t.at(x, 1.9, z)
    r = 0.95 / z
    b.fill(oval(c[0], c[1], r, r), rgb("0a0d22"))
    for _ in range(46):
        px, py = b.around(-1, 1), b.around(-1, 1)
        if px * px + py * py < 0.85:
            b.canvas.drawCircle(c[0] + px * r, c[1] + py * r, b.px(b.around(0.7, 1.8)), paint((1, 1, 1), b.around(0.4, 1.0)))
    b.fill(oval(c[0] + r * 0.35, c[1] + r * 0.3, r * 0.36, r * 0.36), rgb("c98a5c"))
    b.line(oval(c[0], c[1], r, r), 0.1, 11, 1.0, colour=b.tone("7d8aa3", 0.1))
    b.line(oval(c[0], c[1], r * 1.05, r * 1.05), 0.1, 2, 0.7)


def bars(b: Brush, x: float, z: float) -> None:
    """Prison bars at the side."""
    near = 3.4
    for k in range(9):
        cx = 2.3 + 0.24 * k
        box(b, cx, 0, cx + 0.06, 3.4, near, "3d4147", 0.06, width=1.4)
    for y in (0.9, 2.3):
        box(b, 2.2, y, 4.5, y + 0.09, near, "3d4147", 0.06)


def goods_shelf(b: Brush, x: float, z: float) -> None:
    """Shelves with jars and boxes."""
    shadow(b, x, 1.2, z - 0.2)
    box(b, x - 1.1, 0, x + 1.1, 2.5, z - 0.3, "7d5a40", 0.2)
    for i in range(4):
        y = 0.2 + 0.56 * i
        box(b, x - 1.02, y, x + 1.02, y + 0.5, z - 0.28, "54392a", 0.2, width=1.0)
        for k in range(7):
            cx = x - 0.88 + 0.29 * k
            h = b.around(0.2, 0.38)
            box(
                b,
                cx - 0.1,
                y + 0.02,
                cx + 0.1,
                y + h,
                z - 0.26,
                b.pick((*BOOKS, "9fc0b8", "d8d0bd")),
                0.18,
                width=1.0,
                round_m=0.03,
            )


def clock(b: Brush, x: float, z: float) -> None:
    """A wall clock."""
    c = t.at(x, 2.75, z)
    r = 0.24 / z
    b.block(oval(c[0], c[1], r, r), "f6f1e4", 0.15, width=2.6, line=0.8)
    b.line(poly([(c[0], c[1] - r * 0.65), c, (c[0] + r * 0.4, c[1] + r * 0.15)], close=False), 0.1, 2, 0.9)


def menu(b: Brush, x: float, z: float) -> None:
    """A chalked menu on the wall."""
    box(b, x - 0.6, 1.5, x + 0.6, 2.5, z, "33423d", 0.2, width=2.4)
    a = t.at(x - 0.42, 2.2, z)
    t.letters(b, "今日", a[0], a[1], 0.3 / z, b.tone("efe8d4", 0.2))
    for i in range(3):
        y = t.at(0, 2.0 - 0.17 * i, z)[1]
        b.line(poly([(a[0], y), (a[0] + b.around(0.1, 0.15), y)], close=False), 0.2, 2, 0.7, colour=b.tone("efe8d4", 0.2))


def counter(b: Brush, x: float, z: float) -> None:
    """A bar with things on it."""
    near = z - 1.2
    shadow(b, x, 2.0, near)
    box(b, x - 1.75, 0, x + 1.75, 1.02, near, "6f4630", 0.14, width=2.0)
    for k in range(6):
        box(b, x - 1.62 + 0.56 * k, 0.14, x - 1.16 + 0.56 * k, 0.86, near, "7d5238", 0.14, width=1.2)
    top(b, x - 1.85, x + 1.85, 1.06, near - 0.1, near + 0.5, "a5754d")
    for k, (w, h, colour) in enumerate(
        ((0.16, 0.34, "c7cdcf"), (0.1, 0.2, "e9e0cc"), (0.1, 0.2, "e9e0cc"), (0.22, 0.28, "b4503f"), (0.12, 0.4, "5d7f5a"))
    ):
        cx = x - 1.3 + 0.62 * k
        box(b, cx - w / 2, 1.08, cx + w / 2, 1.08 + h, near + 0.1, colour, 0.12, round_m=0.03)


def shelf_bar(b: Brush, x: float, z: float) -> None:
    """Bottles and cups on shelves behind a bar."""
    for y in (1.5, 2.05, 2.6):
        box(b, x - 1.6, y, x + 1.6, y + 0.07, z, "5d3f2c", 0.2)
        for k in range(14):
            cx = x - 1.5 + 0.23 * k
            h = b.around(0.18, 0.4)
            box(
                b,
                cx - 0.055,
                y + 0.07,
                cx + 0.055,
                y + 0.07 + h,
                z,
                b.pick(("6f8f5a", "b4703f", "8fb0b4", "d8c9a8", "7d4a44")),
                0.2,
                width=1.0,
                round_m=0.03,
            )
    a = t.at(x, 2.2, z)
    b.glow(a[0], a[1], 0.36, "ffc980", 0.3)
