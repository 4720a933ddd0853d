"""What stands and hangs in rooms. Each piece is drawn at `x_m` along the back wall, which is `z` metres away."""

from __future__ import annotations

from collections.abc import Callable

import skia

from storyreel.providers.builtin.paint import sky as s
from storyreel.providers.builtin.paint import town as t
from storyreel.providers.builtin.paint.canvas import Brush, Xy, oval, paint, poly, rect, smooth
from storyreel.providers.builtin.paint.light import mix, rgb, scaled

Piece = Callable[[Brush, float, float], None]
BOOKS = ("b4503f", "3f6f7d", "d2a04a", "5d6f9a", "6f8f5a", "8a4f73", "c97f4f", "e0d3b8")


def box(
    b: Brush,
    x0: float,
    y0: float,
    x1: float,
    y1: float,
    z: float,
    colour: str,
    depth: float = 0.2,
    *,
    width: float = 1.6,
    round_m: float = 0.0,
) -> None:
    """A front face between two corners in metres (y up)."""
    a, c = t.at(x0, y1, z), t.at(x1, y0, z)
    b.block(rect(a[0], a[1], c[0] - a[0], c[1] - a[1], round_m / z), colour, depth, width=width)


def top(b: Brush, x0: float, x1: float, y: float, z0: float, z1: float, colour: str) -> None:
    """A level face: a table's top between two distances."""
    b.block(poly([t.at(x0, y, z1), t.at(x1, y, z1), t.at(x1, y, z0), t.at(x0, y, z0)]), colour, 0.15, width=1.4)


def shadow(b: Brush, x: float, half: float, z: float) -> None:
    """The soft dark under a thing."""
    cx, cy = t.at(x, 0, z)
    b.soft(oval(cx, cy, half / z, 0.16 / z), b.light.ink, 0.34, 0.012)


def window(b: Brush, x_m: float, z: float, curtain: str | None) -> None:
    """A window with what is outside, its frame, sill and curtains."""
    a, c = t.at(x_m - 0.85, 2.65, z), t.at(x_m + 0.85, 1.0, z)
    w, h = c[0] - a[0], c[1] - a[1]
    pane = rect(a[0], a[1], w, h)
    b.canvas.save()
    b.canvas.clipPath(pane, doAntiAlias=True)
    b.shade(pane, (0, a[1]), (0, c[1]), [(b.light.sky[0], 1), (b.light.sky[1], 1), (b.light.sky[2], 1)])
    if b.light.weather == "clear" and b.light.dark < 0.7:
        s.cumulus(b, a[0] + w * 0.55, a[1] + h * 0.4, w * 0.6)
    _view(b, a[0], c[1], w, h)
    b.canvas.restore()
    frame = b.tone("f1e8d8", 0.1)
    b.line(pane, 0.1, 6.5, 1.0, colour=frame)
    b.line(pane, 0.1, 1.4, 0.5)
    b.fill(rect(a[0] + w / 2 - 0.004, a[1], 0.008, h), frame)
    b.fill(rect(a[0], a[1] + h * 0.42, w, 0.007), frame)
    box(b, x_m - 1.0, 0.92, x_m + 1.0, 1.0, z - 0.05, "efe6d6", 0.1)
    if b.light.dark < 0.7:
        b.soft(pane, mix(b.light.key, (1, 1, 1), 0.4), 0.10, 0.02, skia.BlendMode.kScreen)
    if curtain:
        _curtains(b, x_m, z, curtain)


def _view(b: Brush, x: float, foot: float, w: float, h: float) -> None:
    """Houses outside: hazy, lit at night."""
    cx = x
    while cx < x + w:
        bw, bh = b.around(0.03, 0.055), h * b.around(0.18, 0.55)
        tone = mix(scaled(b.light.sky[1], 0.55 + 0.25 * (1 - b.light.dark)), b.light.ink, 0.18)
        b.fill(rect(cx, foot - bh, bw, bh), tone)
        for i in range(int(bh / 0.016)):
            for k in range(3):
                if b.rng.random() < 0.5:
                    lit = (
                        mix(rgb("ffd98a"), b.light.sky[2], 1 - b.light.lamps) if b.light.dark > 0.3 else mix(tone, (1, 1, 1), 0.3)
                    )
                    b.fill(rect(cx + bw * (0.14 + 0.28 * k), foot - bh + 0.006 + 0.016 * i, bw * 0.17, 0.008), lit)
        cx += bw + b.around(0, 0.008)


def _curtains(b: Brush, x_m: float, z: float, colour: str) -> None:
    for side in (-1, 1):
        xa, xb = x_m + side * 1.22, x_m + side * 0.66
        outer, inner = t.at(xa, 2.85, z)[0], t.at(xb, 2.85, z)[0]
        head, foot = t.at(0, 2.85, z)[1], t.at(0, 0.5, z)[1]
        shape = smooth(
            [
                (outer, head),
                (inner, head),
                (inner, head),
                (inner - (inner - outer) * 0.25, (head + foot) / 2),
                (inner - 0.004 * side, foot),
                (outer, foot),
                (outer, foot),
            ],
            close=True,
        )
        b.block(shape, colour, 0.12, width=1.7)
        folds = skia.Path()
        for i in range(1, 4):
            fx = outer + (inner - outer) * i / 4
            folds.moveTo(fx, head + 0.01)
            folds.lineTo(fx + 0.004 * side, foot - 0.004)
        b.line(folds, 0.1, 1.6, 0.28)
    rail = t.at(x_m - 1.35, 2.9, z)
    b.fill(rect(rail[0], rail[1], 2.7 / z, 0.07 / z, 0.02 / z), b.tone("5d4a3d", 0.1))


def flame(b: Brush, x: float, y: float, size: float) -> None:
    """A burning torch or fire."""
    for k, colour in ((1.0, "e0602c"), (0.68, "f7a43c"), (0.36, "ffe9a0")):
        shape = smooth(
            [
                (x - size * 0.5 * k, y),
                (x - size * 0.3 * k, y - size * 0.7 * k),
                (x, y - size * 1.7 * k),
                (x + size * 0.34 * k, y - size * 0.7 * k),
                (x + size * 0.5 * k, y),
            ],
            close=True,
        )
        b.fill(shape, rgb(colour))
    own = max(0.55, b.light.lamps)
    b.glow(x, y - size * 0.6, size * 6.5, "ffa54a", 0.8 * own / max(0.3, b.light.lamps))


# Lamps


def pendant(b: Brush, x_m: float, z: float, high_m: float) -> None:
    """A shade on a cord."""
    a, c = t.at(x_m, high_m, z), t.at(x_m, 2.72, z)
    b.line(poly([a, c], close=False), 0.1, 1.8, 0.8)
    u = 1 / z
    b.fill(oval(c[0], c[1] + 0.25 * u, 0.09 * u, 0.09 * u), b.light.with_glow("fff3cf"))
    b.block(
        poly(
            [
                (c[0] - 0.07 * u, c[1]),
                (c[0] + 0.07 * u, c[1]),
                (c[0] + 0.27 * u, c[1] + 0.24 * u),
                (c[0] - 0.27 * u, c[1] + 0.24 * u),
            ]
        ),
        "5a4336",
        0.1,
    )
    b.glow(c[0], c[1] + 0.34 * u, 2.3 * u, "ffcf8a", 0.85)


def tube(b: Brush, x_m: float, z: float, high_m: float) -> None:
    """A fluorescent lamp under the ceiling."""
    shape = poly(
        [
            t.at(x_m - 0.75, high_m, z + 0.5),
            t.at(x_m + 0.75, high_m, z + 0.5),
            t.at(x_m + 0.75, high_m, z),
            t.at(x_m - 0.75, high_m, z),
        ]
    )
    b.fill(shape, mix(b.light.with_glow("f6fbff"), (1, 1, 1), 0.3))
    b.line(shape, 0.1, 1.2, 0.4)
    x, y = t.at(x_m, high_m, z)
    b.glow(x, y, 2.2 / z, "e6f2ff", 0.6)


def hung_lantern(b: Brush, x_m: float, z: float, high_m: float) -> None:
    """A red lantern under the ceiling."""
    a = t.at(x_m, high_m, z)
    c = t.at(x_m, 2.95, z)
    b.line(poly([a, c], close=False), 0.1, 1.5, 0.7)
    t.lantern(b, c[0], c[1], 0.36 / z, 0.1)


def bulb(b: Brush, x_m: float, z: float, high_m: float) -> None:
    """A bare bulb."""
    a, c = t.at(x_m, high_m, z), t.at(x_m, 2.7, z)
    b.line(poly([a, c], close=False), 0.1, 1.5, 0.8)
    b.fill(oval(c[0], c[1], 0.09 / z, 0.11 / z), b.light.with_glow("fff0b8"))
    b.glow(c[0], c[1], 2.6 / z, "ffdf9a", 0.9)


LAMPS: dict[str, Callable[[Brush, float, float, float], None]] = {
    "pendant": pendant,
    "tube": tube,
    "lantern": hung_lantern,
    "bulb": bulb,
}


# Pieces


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


def menu(b: Brush, x: float, z: float) -> None:
    """A chalked menu on the wall."""
    box(b, x - 0.6, 1.5, x + 0.6, 2.5, z, "33423d", 0.2, width=2.4)
    a = t.at(x - 0.42, 2.2, z)
    t.letters(b, "今日", a[0], a[1], 0.3 / z, b.tone("efe8d4", 0.2))
    for i in range(3):
        y = t.at(0, 2.0 - 0.17 * i, z)[1]
        b.line(poly([(a[0], y), (a[0] + b.around(0.1, 0.15), y)], close=False), 0.2, 2, 0.7, colour=b.tone("efe8d4", 0.2))


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


def clock(b: Brush, x: float, z: float) -> None:
    """A wall clock."""
    c = t.at(x, 2.75, z)
    r = 0.24 / z
    b.block(oval(c[0], c[1], r, r), "f6f1e4", 0.15, width=2.6, line=0.8)
    b.line(poly([(c[0], c[1] - r * 0.65), c, (c[0] + r * 0.4, c[1] + r * 0.15)], close=False), 0.1, 2, 0.9)


def _bed(b: Brush, x: float, z: float, blanket: str, frame: str) -> None:
    near = z - 1.7
    shadow(b, x, 1.3, near)
    box(b, x - 1.15, 0.2, x + 1.15, 1.25, z - 0.1, frame, 0.2, width=2.0, round_m=0.08)
    b.block(
        poly([t.at(x - 1.1, 0.6, z - 0.2), t.at(x + 1.1, 0.6, z - 0.2), t.at(x + 1.12, 0.58, near), t.at(x - 1.12, 0.58, near)]),
        "f1ece0",
        0.14,
        width=1.8,
    )
    for dx in (-0.55, 0.5):
        c = t.at(x + dx, 0.72, z - 0.45)
        b.block(oval(c[0], c[1], 0.42 / z, 0.15 / z), "ffffff", 0.12, width=1.6)
    b.block(
        poly(
            [t.at(x - 1.12, 0.64, z - 0.8), t.at(x + 1.12, 0.64, z - 0.8), t.at(x + 1.16, 0.62, near), t.at(x - 1.16, 0.62, near)]
        ),
        blanket,
        0.12,
        width=1.8,
    )
    box(b, x - 1.16, 0.16, x + 1.16, 0.62, near, blanket, 0.10, width=2.0)
    for dx in (-0.6, 0.1, 0.7):
        a, c = t.at(x + dx, 0.58, near), t.at(x + dx + 0.06, 0.2, near)
        b.line(poly([a, c], close=False), 0.1, 1.5, 0.3)


def bed(b: Brush, x: float, z: float) -> None:
    """A double bed."""
    _bed(b, x, z, "7d8fb5", "7a5540")


def hospital_bed(b: Brush, x: float, z: float) -> None:
    """A bed with rails and white sheets."""
    _bed(b, x, z, "dfe9ea", "b9c6c8")
    near = z - 1.7
    for dx in (-1.16, 1.1):
        box(b, x + dx, 0, x + dx + 0.06, 0.95, near, "98a8ab", 0.1)


def bunk(b: Brush, x: float, z: float) -> None:
    """A plank bed."""
    _bed(b, x, z, "8a8d78", "5c5f63")


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


def bars(b: Brush, x: float, z: float) -> None:
    """Prison bars at the side."""
    near = 3.4
    for k in range(9):
        cx = 2.3 + 0.24 * k
        box(b, cx, 0, cx + 0.06, 3.4, near, "3d4147", 0.06, width=1.4)
    for y in (0.9, 2.3):
        box(b, 2.2, y, 4.5, y + 0.09, near, "3d4147", 0.06)


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


PIECES: dict[str, Piece] = {
    "bookshelf": bookshelf, "goods_shelf": goods_shelf, "sofa": sofa, "picture": picture, "rug": rug, "plant": plant,
    "side_table": side_table, "counter": counter, "shelf_bar": shelf_bar, "table_set": table_set, "menu": menu, "screen": screen,
    "lattice": lattice, "scroll": scroll, "tea_table": tea_table, "vase": vase, "desk_computer": desk_computer,
    "shelf_files": shelf_files, "clock": clock, "bed": bed, "hospital_bed": hospital_bed, "bunk": bunk, "night_table": night_table,
    "wardrobe": wardrobe, "drip": drip, "monitor": monitor, "curtain_rail": curtain_rail, "cabinet": cabinet,
    "blackboard": blackboard, "teacher_desk": teacher_desk, "school_desks": school_desks, "map": map_, "kitchen_row": kitchen_row,
    "hood": hood, "fridge": fridge, "wall_shelf": wall_shelf, "reading_desk": reading_desk, "bars": bars, "lab_bench": lab_bench,
    "screens": screens, "console": console, "porthole": porthole,
}  # fmt: skip
