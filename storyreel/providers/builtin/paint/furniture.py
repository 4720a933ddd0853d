"""What stands and hangs in homes. Each piece is at `x` metres along the back wall, `z` metres away."""

from __future__ import annotations

import skia

from storyreel.providers.builtin.paint import town as t
from storyreel.providers.builtin.paint.canvas import Brush, oval, paint, poly, rect, smooth
from storyreel.providers.builtin.paint.fittings import BOOKS, bed_of, box, shadow, top


def bookshelf(b: Brush, x: float, z: float) -> None:
    """Six shelves of books."""
    shadow(b, x, 1.0, z - 0.2)
    box(b, x - 0.85, 0, x + 0.85, 2.75, z - 0.3, "6b4632", 0.2)
    for i in range(5):
        y = 0.12 + 0.52 * i
        box(b, x - 0.77, y, x + 0.77, y + 0.46, z - 0.28, "48301f", 0.2, width=1.0)
        at = x - 0.74
        while at < x + 0.66:
            w, h = b.around(0.05, 0.11), b.around(0.28, 0.42)
            if b.rng.random() < 0.9:
                box(b, at, y + 0.02, at + w, y + h, z - 0.27, b.pick(BOOKS), 0.2, width=0.8)
            at += w + 0.008


def sofa(b: Brush, x: float, z: float) -> None:
    """A three-seat sofa."""
    near = z - 1.1
    shadow(b, x, 1.5, near)
    box(b, x - 1.3, 0.35, x + 1.3, 1.0, z - 0.5, "5d7a78", 0.18, width=2.0, round_m=0.16)
    for k in range(3):
        box(b, x - 1.12 + 0.76 * k, 0.34, x - 0.4 + 0.76 * k, 0.62, near, "6f8f8a", 0.14, width=1.6, round_m=0.1)
    box(b, x - 1.18, 0.1, x + 1.18, 0.36, near, "4f6c6a", 0.14)
    for k in (-1, 1):
        box(b, x + 1.3 * k - 0.17, 0.1, x + 1.3 * k + 0.17, 0.76, near, "567371", 0.14, width=1.8, round_m=0.12)
    box(b, x - 1.0, 0.6, x - 0.56, 0.98, near + 0.2, "d39a52", 0.14, round_m=0.1)


def picture(b: Brush, x: float, z: float) -> None:
    """Two framed pictures."""
    for k, (w, h, colour) in enumerate(((0.62, 0.8, "7fa0a8"), (0.5, 0.5, "d9a06a"))):
        cx, y = x - 0.45 + 0.95 * k, 1.75 + 0.1 * k
        box(b, cx - w / 2, y, cx + w / 2, y + h, z, "f0e6d2", 0.18, width=2.0)
        box(b, cx - w * 0.38, y + h * 0.12, cx + w * 0.38, y + h * 0.88, z, colour, 0.2, width=1.0)
        a = t.at(cx, y + h * 0.42, z)
        b.fill(oval(a[0], a[1], w * 0.22 / z, w * 0.16 / z), b.tone("5f7f6a", 0.2))


def rug(b: Brush, x: float, z: float) -> None:
    """A rug on the floor."""
    cx, cy = t.at(x, 0, 3.7)
    for k, colour in ((1.0, "8f4a44"), (0.86, "d8b88a"), (0.78, "a65a4c"), (0.4, "c9a06f")):
        b.fill(oval(cx, cy, 0.55 * k, 0.075 * k), b.tone(colour, 0.12))
    b.line(oval(cx, cy, 0.55, 0.075), 0.12, 1.4, 0.4)


def plant(b: Brush, x: float, z: float) -> None:
    """A big-leaved plant in a pot."""
    near = z - 0.8
    shadow(b, x, 0.4, near)
    cx, cy = t.at(x, 0, near)
    u = 1 / near
    for i in range(9):
        lean = (i - 4) * 0.17
        tip = (cx + lean * u * 1.5, cy - (1.45 - abs(lean) * 0.75) * u)
        mid = (cx + lean * u * 0.5, cy - 0.95 * u)
        leaf = smooth([(cx, cy - 0.4 * u), (mid[0] - 0.09 * u, mid[1]), tip, (mid[0] + 0.1 * u, mid[1] + 0.04 * u)], close=True)
        b.block(leaf, b.pick(("4f7d55", "5f8f5c", "477050")), 0.14, width=1.3)
    b.block(
        poly([(cx - 0.24 * u, cy - 0.46 * u), (cx + 0.24 * u, cy - 0.46 * u), (cx + 0.17 * u, cy), (cx - 0.17 * u, cy)]),
        "b8704f",
        0.14,
    )


def side_table(b: Brush, x: float, z: float) -> None:
    """A small table with a lamp."""
    near = z - 0.9
    shadow(b, x, 0.5, near)
    for dx in (-0.3, 0.26):
        box(b, x + dx, 0, x + dx + 0.06, 0.55, near, "5d4030", 0.15)
    top(b, x - 0.42, x + 0.42, 0.58, near, near + 0.4, "8a5f42")
    cx, cy = t.at(x, 0.62, near + 0.2)
    u = 1 / near
    b.block(rect(cx - 0.035 * u, cy - 0.3 * u, 0.07 * u, 0.3 * u), "c9a24a", 0.12)
    b.fill(
        poly(
            [
                (cx - 0.14 * u, cy - 0.62 * u),
                (cx + 0.14 * u, cy - 0.62 * u),
                (cx + 0.23 * u, cy - 0.28 * u),
                (cx - 0.23 * u, cy - 0.28 * u),
            ]
        ),
        b.light.with_glow("ffe0a6"),
    )
    b.glow(cx, cy - 0.45 * u, 1.7 * u, "ffcf85", 0.8)


def table_set(b: Brush, x: float, z: float) -> None:
    """A round table with two chairs."""
    near = z - 1.0
    shadow(b, x, 0.8, near)
    for side in (-1, 1):
        cx = x + 0.75 * side
        box(b, cx - 0.2, 0.42, cx + 0.2, 0.5, near, "7a4f36", 0.14)
        box(b, cx + 0.16 * side - 0.03, 0.5, cx + 0.16 * side + 0.03, 1.0, near, "7a4f36", 0.14)
        for dx in (-0.17, 0.13):
            box(b, cx + dx, 0, cx + dx + 0.05, 0.42, near, "6b4530", 0.14, width=1.2)
    box(b, x - 0.04, 0, x + 0.04, 0.74, near, "55402f", 0.14)
    c = t.at(x, 0.76, near)
    b.block(oval(c[0], c[1], 0.55 / near, 0.09 / near), "a87a52", 0.12, width=1.8)
    box(b, x - 0.2, 0.78, x - 0.08, 0.9, near, "f0e8d8", 0.1, round_m=0.02)
    box(b, x + 0.1, 0.78, x + 0.22, 0.9, near, "f0e8d8", 0.1, round_m=0.02)


def screen(b: Brush, x: float, z: float) -> None:
    """A folding screen with branches."""
    near = z - 0.5
    for k in range(3):
        x0 = x - 0.95 + 0.64 * k
        box(b, x0, 0, x0 + 0.6, 2.1, near, "7a3f30", 0.18, width=2.0)
        box(b, x0 + 0.06, 0.2, x0 + 0.54, 2.0, near, "ecdcb8", 0.18, width=1.0)
        a, c = t.at(x0 + 0.1, 0.5, near), t.at(x0 + 0.46, 1.7, near)
        b.line(smooth([a, ((a[0] + c[0]) / 2, (a[1] + c[1]) / 2 - 0.03), c]), 0.15, 2.2, 0.7, colour=b.tone("5d4636", 0.18))
        for _ in range(7):
            u = b.rng.random()
            b.fill(
                oval(a[0] + (c[0] - a[0]) * u + b.around(-0.02, 0.02), a[1] + (c[1] - a[1]) * u, 0.007, 0.007),
                b.tone("d97f86", 0.18),
            )


def lattice(b: Brush, x: float, z: float) -> None:
    """A round lattice window with the outside behind it."""
    c = t.at(x, 1.85, z)
    r = 0.85 / z
    disc = oval(c[0], c[1], r, r)
    b.shade(disc, (c[0], c[1] - r), (c[0], c[1] + r), [(b.light.sky[0], 1), (b.light.sky[2], 1)])
    b.canvas.save()
    b.canvas.clipPath(disc, doAntiAlias=True)
    for i in range(6):
        stem = c[0] - r + 2 * r * (i + 0.5) / 6
        b.line(
            smooth([(stem, c[1] + r), (stem + 0.01, c[1]), (stem + 0.02, c[1] - r)]), 0.3, 3.2, 0.7, colour=b.tone("5f8f5c", 0.5)
        )
    bars = skia.Path()
    for i in range(-4, 5):
        bars.moveTo(c[0] + r * i / 4 - r, c[1] - r)
        bars.lineTo(c[0] + r * i / 4 + r, c[1] + r)
        bars.moveTo(c[0] + r * i / 4 + r, c[1] - r)
        bars.lineTo(c[0] + r * i / 4 - r, c[1] + r)
    b.line(bars, 0.1, 3.0, 0.9, colour=b.tone("6b3a2a", 0.15))
    b.canvas.restore()
    b.line(disc, 0.1, 7, 1.0, colour=b.tone("6b3a2a", 0.15))
    b.line(disc, 0.1, 1.6, 0.5)


def scroll(b: Brush, x: float, z: float) -> None:
    """A hanging scroll with brushed letters."""
    box(b, x - 0.36, 0.95, x + 0.36, 2.75, z, "d9c49a", 0.18, width=1.6)
    box(b, x - 0.28, 1.15, x + 0.28, 2.6, z, "f5efdf", 0.18, width=0.8)
    for i, ch in enumerate("静心"):
        a = t.at(x - 0.2, 2.05 - 0.5 * i, z)
        t.letters(b, ch, a[0], a[1], 0.4 / z, b.tone("2f2a2e", 0.15))
    for y in (0.92, 2.76):
        box(b, x - 0.42, y, x + 0.42, y + 0.07, z, "6b3a2a", 0.15, round_m=0.03)


def tea_table(b: Brush, x: float, z: float) -> None:
    """A low table with a pot, cups and stools."""
    near = z - 1.1
    shadow(b, x, 0.9, near)
    for dx in (-0.85, 0.65):
        box(b, x + dx, 0, x + dx + 0.28, 0.42, near, "6f4230", 0.14)
    for dx in (-0.5, 0.42):
        box(b, x + dx, 0, x + dx + 0.08, 0.66, near, "5d3626", 0.14)
    box(b, x - 0.6, 0.62, x + 0.6, 0.74, near, "8a4f36", 0.12, width=1.8)
    c = t.at(x, 0.86, near)
    b.block(oval(c[0], c[1], 0.14 / near, 0.11 / near), "5f7f7a", 0.1)
    b.block(oval(c[0], c[1] - 0.11 / near, 0.04 / near, 0.03 / near), "5f7f7a", 0.1)
    for dx in (-0.34, 0.3):
        box(b, x + dx, 0.75, x + dx + 0.1, 0.84, near, "f0e8d8", 0.1, round_m=0.02)


def vase(b: Brush, x: float, z: float) -> None:
    """A tall vase with branches."""
    near = z - 0.6
    shadow(b, x, 0.3, near)
    cx, cy = t.at(x, 0, near)
    u = 1 / near
    for lean in (-0.3, 0.05, 0.36):
        b.line(
            smooth([(cx, cy - 0.8 * u), (cx + lean * 0.4 * u, cy - 1.3 * u), (cx + lean * u, cy - 1.9 * u)]),
            0.12,
            2.6,
            0.9,
            colour=b.tone("5d4636", 0.12),
        )
        for k in range(7):
            v = 0.4 + 0.09 * k
            b.fill(
                oval(cx + lean * v * u + b.around(-0.05, 0.05) * u, cy - (0.8 + 1.15 * v) * u, 0.035 * u, 0.035 * u),
                b.tone("e08f9a", 0.1),
            )
    b.block(
        smooth(
            [
                (cx - 0.12 * u, cy),
                (cx - 0.24 * u, cy - 0.45 * u),
                (cx - 0.08 * u, cy - 0.72 * u),
                (cx - 0.13 * u, cy - 0.86 * u),
                (cx + 0.13 * u, cy - 0.86 * u),
                (cx + 0.08 * u, cy - 0.72 * u),
                (cx + 0.24 * u, cy - 0.45 * u),
                (cx + 0.12 * u, cy),
            ],
            close=True,
        ),
        "5a7fa0",
        0.12,
        width=1.8,
    )


def bed(b: Brush, x: float, z: float) -> None:
    """A double bed."""
    bed_of(b, x, z, "7d8fb5", "7a5540")


def night_table(b: Brush, x: float, z: float) -> None:
    """A night table with a lamp."""
    box(b, x - 0.35, 0, x + 0.35, 0.62, z - 0.5, "7a5540", 0.15)
    side_table(b, x, z + 0.2)


def wardrobe(b: Brush, x: float, z: float) -> None:
    """A wardrobe with two doors."""
    shadow(b, x, 0.9, z - 0.4)
    box(b, x - 0.85, 0, x + 0.85, 2.5, z - 0.4, "8a6248", 0.18, width=2.0)
    for k in (-1, 0):
        box(b, x + 0.8 * k + 0.04, 0.15, x + 0.8 * k + 0.76, 2.36, z - 0.4, "96704f", 0.18)
    for dx in (-0.1, 0.1):
        c = t.at(x + dx, 1.2, z - 0.42)
        b.canvas.drawCircle(c[0], c[1], 0.035 / z, paint(b.tone("e0bd62", 0.1)))


def kitchen_row(b: Brush, x: float, z: float) -> None:
    """Cupboards with a sink, a stove and pots."""
    near = z - 0.7
    shadow(b, x, 2.7, near)
    box(b, x - 2.6, 0.08, x + 2.6, 0.88, near, "7fa096", 0.14, width=1.8)
    for k in range(6):
        box(b, x - 2.5 + 0.86 * k, 0.16, x - 1.74 + 0.86 * k, 0.78, near, "8fb0a4", 0.14, width=1.3)
    top(b, x - 2.66, x + 2.66, 0.92, near - 0.05, near + 0.5, "d8cbb0")
    for row in range(2):
        for k in range(20):
            box(b, x - 2.6 + 0.26 * k, 1.0 + 0.24 * row, x - 2.36 + 0.26 * k, 1.22 + 0.24 * row, z, "efe9dc", 0.2, width=0.7)
    for dx in (-0.9, -0.4):
        box(b, x + dx, 0.96, x + dx + 0.34, 1.2, near + 0.2, "b0563f" if dx < -0.5 else "8c9296", 0.12, round_m=0.04)
    c = t.at(x - 0.7, 1.3, near)
    for k in range(3):
        b.soft(oval(c[0] + 0.01 * k, c[1] - 0.035 * (k + 1), 0.018, 0.024), (1, 1, 1), 0.22, 0.008)


def hood(b: Brush, x: float, z: float) -> None:
    """A hood over the stove."""
    b.block(
        poly(
            [
                t.at(x - 0.2, 3.3, z),
                t.at(x + 0.2, 3.3, z),
                t.at(x + 0.2, 2.5, z),
                t.at(x + 0.6, 2.05, z - 0.3),
                t.at(x - 0.6, 2.05, z - 0.3),
                t.at(x - 0.2, 2.5, z),
            ]
        ),
        "a9b0b3",
        0.18,
    )


def fridge(b: Brush, x: float, z: float) -> None:
    """A fridge with a note."""
    box(b, x - 0.5, 0.05, x + 0.5, 2.0, z - 0.5, "e6e9e4", 0.16, width=2.0, round_m=0.1)
    box(b, x - 0.5, 1.25, x + 0.5, 1.28, z - 0.51, "b9c0bd", 0.16, width=1.0)
    box(b, x - 0.2, 1.5, x + 0.02, 1.72, z - 0.52, "f3d35f", 0.14, width=1.0)


def wall_shelf(b: Brush, x: float, z: float) -> None:
    """A shelf with plates."""
    box(b, x - 0.8, 2.0, x + 0.8, 2.07, z, "8a6246", 0.18)
    for k in range(5):
        c = t.at(x - 0.6 + 0.3 * k, 2.22, z)
        b.block(oval(c[0], c[1], 0.12 / z, 0.15 / z), b.pick(("f0e8d8", "9fc0c8", "e0b08a")), 0.18, width=1.2)


def reading_desk(b: Brush, x: float, z: float) -> None:
    """A heavy desk with an open book and a green lamp."""
    near = z - 1.3
    shadow(b, x, 1.2, near)
    box(b, x - 1.1, 0, x + 1.1, 0.78, near, "5d3a28", 0.12, width=2.0)
    top(b, x - 1.2, x + 1.2, 0.8, near - 0.05, near + 0.5, "7d5238")
    c = t.at(x + 0.6, 0.84, near)
    u = 1 / near
    b.block(rect(c[0] - 0.02 * u, c[1] - 0.34 * u, 0.04 * u, 0.34 * u), "c9a24a", 0.1)
    b.block(
        poly(
            [
                (c[0] - 0.24 * u, c[1] - 0.32 * u),
                (c[0] - 0.14 * u, c[1] - 0.5 * u),
                (c[0] + 0.14 * u, c[1] - 0.5 * u),
                (c[0] + 0.24 * u, c[1] - 0.32 * u),
            ]
        ),
        "3f7a5c",
        0.1,
    )
    b.glow(c[0], c[1] - 0.2 * u, 1.3 * u, "ffdf9a", 0.8)
    for side in (-1, 1):
        b.block(
            poly(
                [
                    t.at(x - 0.3, 0.84, near),
                    t.at(x - 0.3 + 0.26 * side, 0.9, near),
                    t.at(x - 0.3 + 0.26 * side, 0.94, near + 0.25),
                    t.at(x - 0.3, 0.88, near + 0.25),
                ]
            ),
            "f3ead6",
            0.1,
            width=1.2,
        )
