"""What every room has: boxes and tops to build from, windows, lamps, fire. Places are metres, `z` the distance."""

from __future__ import annotations

from collections.abc import Callable

import skia

from storyreel.providers.builtin.paint import sky as s
from storyreel.providers.builtin.paint import town as t
from storyreel.providers.builtin.paint.canvas import Brush, oval, poly, rect, smooth
from storyreel.providers.builtin.paint.light import mix, rgb, scaled

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
    _on_the_pane(b, a[0], a[1], w, h)
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


def _on_the_pane(b: Brush, x: float, y: float, w: float, h: float) -> None:
    """Rain running down the glass, or snow falling behind it."""
    b.anew("pane", round(x, 3))
    white = mix(b.light.sky[2], (1.0, 1.0, 1.0), 0.6)
    if b.light.weather in ("rain", "storm"):
        drops = skia.Path()
        for _ in range(70):
            dx, dy, run = b.around(0, w), b.around(0, h), b.around(0.02, 0.07)
            drops.moveTo(x + dx, y + dy)
            drops.lineTo(x + dx - 0.16 * run, y + dy + run)
        b.line(drops, 0.0, 1.5, 0.6, colour=white)
    elif b.light.weather == "snow":
        for _ in range(60):
            b.fill(oval(x + b.around(0, w), y + b.around(0, h), 0.0035, 0.0035), white, 0.9)


def _view(b: Brush, x: float, foot: float, w: float, h: float) -> None:
    """Houses outside: hazy, lit at night."""
    cx = x
    while cx < x + w:
        bw, bh = b.around(0.03, 0.055), h * b.around(0.14, 0.30)
        tone = mix(scaled(b.light.sky[1], 0.55 + 0.25 * (1 - b.light.dark)), b.light.ink, 0.18)
        b.fill(rect(cx, foot - bh, bw, bh), tone)
        b.fill(
            poly([(cx - 0.004, foot - bh), (cx + bw / 2, foot - bh - 0.4 * bw), (cx + bw + 0.004, foot - bh)]), scaled(tone, 0.85)
        )
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


def bed_of(b: Brush, x: float, z: float, blanket: str, frame: str) -> None:
    """A bed with two pillows; its blanket and frame in the given colours."""
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


LAMPS: dict[str, Callable[[Brush, float, float, float], None]] = {
    "pendant": pendant,
    "tube": tube,
    "lantern": hung_lantern,
    "bulb": bulb,
}
