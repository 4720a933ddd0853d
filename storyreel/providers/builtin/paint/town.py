"""What people build: fronts along a street in perspective, skylines, lamps, shop signs, fences, roofs."""

from __future__ import annotations

from functools import cache
from importlib import resources

import skia

from storyreel.providers.builtin.paint.canvas import Brush, Xy, oval, paint, poly, rect, smooth
from storyreel.providers.builtin.paint.handles import Typeface
from storyreel.providers.builtin.paint.light import Rgb, mix, rgb, scaled
from storyreel.providers.builtin.paint.nature import SNOW, covered

EYE_M = 1.6
WALLS = ("b9867a", "c7b299", "8d9aa8", "a7a58f", "9b8aa0", "c9a27c", "7f95a3", "b5a7a0")
NEON = ("ff4fa3", "35e0e6", "ffb13d", "8f6bff", "5dff9b", "ff5a4d")
SIGNS = ("茶馆", "书店", "酒", "面馆", "药房", "旅社", "理发", "花店", "咖啡", "小吃", "当铺", "照相")

SIGNS_EN = ("TEA", "BOOKS", "BAR", "CAFE", "HOTEL", "BAKER", "FLOWERS", "SHOES", "MUSIC", "DINER", "PHOTO", "TOYS")


def at(x_m: float, y_m: float, z_m: float) -> Xy:
    """Where a point in metres (right, up, away) is seen from eye height, in place units."""
    return x_m / z_m, (EYE_M - y_m) / z_m


def haze_depth(z_m: float) -> float:
    """How far into the haze a thing at `z_m` metres stands, 0 to 1."""
    return min(1.0, 0.08 + z_m / 62)


@cache
def typeface() -> Typeface:
    """The face for signs; it holds Chinese and Latin letters."""
    found = resources.files("pylopdf_fonts_zh_cn").joinpath("NotoSansSC-Regular.otf")
    face = skia.FontMgr.New_Custom_Empty().makeFromData(skia.Data.MakeWithCopy(found.read_bytes()))
    assert face is not None
    return face


def letters(b: Brush, text: str, x: float, y: float, size: float, colour: Rgb, alpha: float = 1.0) -> None:
    """Text with its left foot at a place; drawn large and scaled down, since a font below one unit is rounded."""
    b.canvas.save()
    b.canvas.translate(x, y)
    b.canvas.scale(size / 100, size / 100)
    p = paint(colour, alpha)
    p.setStyle(skia.Paint.kStrokeAndFill_Style)
    p.setStrokeWidth(3)
    b.canvas.drawString(text, 0, 0, skia.Font(typeface(), 100), p)
    b.canvas.restore()


def window_colour(b: Brush, depth: float, lit_share: float) -> tuple[Rgb, bool]:
    """A window by chance: lit (warm, or neon) where lamps are on, otherwise a piece of sky."""
    chance, shade = b.rng.random(), b.rng.random()
    if b.light.lamps > 0.3 and chance < lit_share * (0.15 + 0.85 * b.light.lamps):
        tints = ("ffd98a", "ffc46b", "ffe6b0", "f7b267") if not b.light.neon else ("ffd98a", "5fe3ef", "ff8ad0", "ffc46b")
        warm = tints[int(shade * len(tints))]
        return mix(b.tone(warm, depth), rgb(warm), 0.25 + 0.7 * b.light.lamps), True
    return mix(b.tone("566a7d", depth), b.light.sky[1], 0.25), False


def side_front(b: Brush, side: int, x_m: float, z0: float, z1: float, height_m: float, base: str, *, shop: bool = True) -> None:
    """A house front along the street, seen at a slant; `side` is -1 left, 1 right."""
    x = x_m * side
    b.anew("front", side, round(z0, 2))
    depth = haze_depth((z0 + z1) / 2)
    front = poly([at(x, 0, z0), at(x, height_m, z0), at(x, height_m, z1), at(x, 0, z1)])
    tone = b.tone(base, depth)
    lit_side = side > 0
    tone = mix(tone, b.light.key, 0.14) if lit_side else mix(tone, b.light.ink, 0.16)
    b.fill(front, tone)
    _end_wall(b, side, x, z0, height_m, scaled(tone, 0.86))
    floors = max(1, int((height_m - 3.6) / 3.1))
    bays = max(1, int((z1 - z0) / 2.6))
    panes = skia.Path()
    for f in range(floors):
        for k in range(bays):
            za = z0 + (z1 - z0) * (k + 0.24) / bays
            zb = z0 + (z1 - z0) * (k + 0.76) / bays
            ya, yb = 3.9 + f * 3.1, 3.9 + f * 3.1 + 1.75
            shape = poly([at(x, ya, za), at(x, yb, za), at(x, yb, zb), at(x, ya, zb)])
            colour, lit = window_colour(b, depth, 0.42)
            b.fill(shape, colour)
            panes.addPath(shape)
            if lit and f < 2 and z0 < 26:
                gx, gy = at(x, (ya + yb) / 2, (za + zb) / 2)
                b.glow(gx, gy, 1.9 / za, "ffcf85", 0.28)
    b.line(panes, depth, 1.2, 0.35)
    roof = poly([at(x, height_m, z0), at(x - 0.35 * side, height_m, z0), at(x - 0.35 * side, height_m, z1), at(x, height_m, z1)])
    b.fill(roof, b.tone(covered(b, "5b4a48", 0.9), depth))
    if shop:
        _shop(b, side, x, z0, z1, depth)
    b.line(front, depth, 1.6, 0.45)


def _end_wall(b: Brush, side: int, x: float, z: float, height_m: float, tone: Rgb) -> None:
    a, c = at(x, 0, z), at(x, height_m, z)
    b.fill(poly([a, c, (c[0] + 2.2 * side, c[1]), (a[0] + 2.2 * side, a[1])]), tone)


def _shop(b: Brush, side: int, x: float, z0: float, z1: float, depth: float) -> None:
    """The ground floor: a lit window, a door and a striped awning."""
    open_late = b.rng.random() < 0.75
    inside = b.light.with_glow("ffd596", 1.0 if open_late else 0.2)
    inside = mix(inside, b.tone("6b5b50", depth), 0.0 if open_late and b.light.lamps > 0.4 else 0.6)
    za, zb = z0 + 0.12 * (z1 - z0), z0 + 0.72 * (z1 - z0)
    pane = poly([at(x, 0.7, za), at(x, 2.6, za), at(x, 2.6, zb), at(x, 0.7, zb)])
    door = poly([at(x, 0, zb + 0.3), at(x, 2.4, zb + 0.3), at(x, 2.4, min(z1, zb + 1.3)), at(x, 0, min(z1, zb + 1.3))])
    b.fill(pane, inside)
    b.fill(door, scaled(b.tone("6f4f43", depth), 0.9))
    b.line(pane, depth, 1.4, 0.5)
    b.line(door, depth, 1.2, 0.4)
    if open_late:
        gx, gy = at(x, 1.7, (za + zb) / 2)
        b.glow(gx, gy, 3.4 / za, "ffc878", 0.42)
    colour = b.pick(("b4443f", "3e7a78", "d29b45", "56618f", "7d9657"))
    out = x - 1.15 * side
    cloth = poly([at(x, 3.25, za - 0.2), at(out, 2.65, za - 0.2), at(out, 2.65, zb + 0.2), at(x, 3.25, zb + 0.2)])
    b.fill(cloth, b.tone(covered(b, colour, 0.6), depth * 0.8))
    stripes = 6
    for i in range(0, stripes, 2):
        s0 = za - 0.2 + (zb - za + 0.4) * i / stripes
        s1 = za - 0.2 + (zb - za + 0.4) * (i + 1) / stripes
        b.fill(
            poly([at(x, 3.25, s0), at(out, 2.65, s0), at(out, 2.65, s1), at(x, 3.25, s1)]), b.tone("efe6d4", depth * 0.8), 0.85
        )
    b.line(cloth, depth, 1.4, 0.5)


def hanging_sign(b: Brush, x_m: float, y_m: float, z_m: float, text: str, colour: str) -> None:
    """An upright board across the pavement, its letters one above the other."""
    size = 0.62 / z_m
    x, y = at(x_m, y_m, z_m)
    width, height = size * 1.5, size * (1.18 * len(text) + 0.35)
    depth = haze_depth(z_m)
    bright = b.light.lamps > 0.4
    board = rect(x - width / 2, y, width, height, size * 0.16)
    b.fill(board, b.tone("2a2430" if bright else "7c2f2a", depth * 0.7))
    own = rgb(colour)
    frame = mix(own, (1, 1, 1), 0.15) if bright else b.tone("e9d7a4", depth)
    b.line(board, depth * 0.5, 2.2 if bright else 1.5, 0.95, colour=frame)
    text_colour = mix(own, (1, 1, 1), 0.4) if bright else b.tone("f4e6bd", depth * 0.7)
    for i, ch in enumerate(text):
        letters(b, ch, x - size * 0.5, y + size * (1.1 + 1.18 * i), size, text_colour)
    if bright:
        strength = 0.95 if b.light.neon else 0.62
        b.glow(x, y + height / 2, height * (1.15 if b.light.neon else 0.9), own, strength)


def lamp_post(b: Brush, x_m: float, z_m: float, side: int, height_m: float = 5.2) -> None:
    """A street lamp with its head over the road, its cone and its pool."""
    depth = haze_depth(z_m)
    tone = b.tone("3a3f4a", depth)
    p = paint(tone)
    p.setStyle(skia.Paint.kStroke_Style)
    p.setStrokeCap(skia.Paint.kRound_Cap)
    p.setStrokeWidth(max(b.px(1.2), 0.13 / z_m))
    foot, top = at(x_m, 0, z_m), at(x_m, height_m, z_m)
    arm = at(x_m - 1.1 * side, height_m + 0.15, z_m)
    b.canvas.drawPath(smooth([foot, top, (top[0] + (arm[0] - top[0]) * 0.4, arm[1]), arm]), p)
    head = at(x_m - 1.25 * side, height_m + 0.05, z_m)
    b.fill(oval(head[0], head[1], 0.34 / z_m, 0.13 / z_m), b.light.with_glow("fff0c4"))
    if b.light.lamps > 0.3:
        own = "ffd591" if not b.light.neon else "ffe9c9"
        b.glow(head[0], head[1], 2.4 / z_m, own, 0.72)
        _cone(b, head, at(x_m - 1.25 * side, 0, z_m), 2.3 / z_m, rgb(own))


def _cone(b: Brush, head: Xy, foot: Xy, half: float, colour: Rgb) -> None:
    shape = poly(
        [(head[0] - half * 0.08, head[1]), (head[0] + half * 0.08, head[1]), (foot[0] + half, foot[1]), (foot[0] - half, foot[1])]
    )
    b.soft(shape, colour, 0.06 * b.light.lamps, half * 0.12, skia.BlendMode.kScreen)
    b.soft(oval(foot[0], foot[1], half * 1.2, half * 0.26), colour, 0.22 * b.light.lamps, half * 0.16, skia.BlendMode.kScreen)


def skyline(
    b: Brush, left: float, right: float, low: float, high: float, depth: float, foot: float = 0.02, *, lit: float = 0.4
) -> None:
    """Flat houses side by side, far away, with windows."""
    x = left
    b.anew("skyline", round(depth, 2))
    while x < right:
        width = b.around(0.06, 0.15)
        height = b.around(low, high)
        base = b.pick(WALLS)
        tone = b.tone(base, depth)
        shape = rect(x, -height, width, height + foot)
        b.fill(shape, tone)
        b.fill(rect(x + width * 0.72, -height, width * 0.28, height + foot), mix(tone, b.light.ink, 0.14))
        _panes(b, x, -height, width, height, depth, lit)
        if b.light.weather == "snow":
            b.fill(rect(x - 0.003, -height - 0.008, width + 0.006, 0.012, 0.004), b.tone(SNOW, depth))
        elif b.rng.random() < 0.5:
            b.fill(rect(x + width * 0.2, -height - 0.022, width * 0.25, 0.022), mix(tone, b.light.ink, 0.2))
        b.line(shape, depth, 1.2, 0.3)
        x += width + b.around(-0.004, 0.02)


def _panes(b: Brush, x: float, top: float, width: float, height: float, depth: float, lit: float) -> None:
    cols = max(2, int(width / 0.026))
    rows = max(2, int(height / 0.04))
    for r in range(rows):
        for c in range(cols):
            colour, on = window_colour(b, depth, lit)
            px, py = x + width * (c + 0.28) / cols, top + height * (r + 0.3) / rows
            b.fill(rect(px, py, width / cols * 0.5, height / rows * 0.5), colour, 0.95 if on else 0.6)


def fence(b: Brush, y: float, height: float, base: str, depth: float, step: float = 0.07, *, rails: int = 2) -> None:
    """Posts and rails along the whole width."""
    left, _, right, _ = b.extent
    tone = b.tone(base, depth)
    for i in range(rails):
        ry = y - height * (0.45 + 0.42 * i)
        bar = rect(left, ry, right - left, height * 0.10)
        b.fill(bar, tone)
        b.line(bar, depth, 1.1, 0.35)
    x = left
    while x < right:
        post = rect(x, y - height, height * 0.13, height)
        b.fill(post, scaled(tone, 0.92))
        b.line(post, depth, 1.1, 0.35)
        if b.light.weather == "snow":
            b.fill(rect(x - height * 0.03, y - height * 1.04, height * 0.19, height * 0.08, height * 0.03), b.tone(SNOW, depth))
        x += step


def lantern(b: Brush, x: float, y: float, size: float, depth: float = 0.15, colour: str = "e0402f") -> None:
    """A round paper lantern hung at a point."""
    body = b.light.with_glow(colour, 0.9)
    b.line(poly([(x, y - size), (x, y)], close=False), depth, 1.2, 0.6)
    b.fill(oval(x, y + size * 0.6, size * 0.62, size * 0.58), body)
    b.fill(oval(x, y + size * 0.6, size * 0.26, size * 0.5), mix(body, rgb("ffd9a0"), 0.35 + 0.4 * b.light.lamps))
    for dy in (0.02, 1.08):
        b.fill(rect(x - size * 0.24, y + size * dy, size * 0.48, size * 0.12), b.tone("c9a24a", depth))
    b.line(oval(x, y + size * 0.6, size * 0.62, size * 0.58), depth, 1.2, 0.5)
    b.line(poly([(x, y + size * 1.2), (x, y + size * 1.6)], close=False), depth, 1.6, 0.8, colour=b.tone("d8a23a", depth))
    b.glow(x, y + size * 0.6, size * 3.4, "ff8a4a", 0.6)


def eaves_roof(
    b: Brush, x: float, y: float, half: float, height: float, depth: float, base: str = "4f5f6b", top: float = 0.45
) -> None:
    """A Chinese roof: concave slopes with turned-up corners, tile ribs and a ridge."""
    peak = half * top
    left = [
        (x - half * 1.12, y - height * 0.16),
        (x - half * 0.86, y - height * 0.10),
        (x - half * 0.62, y - height * 0.42),
        (x - peak, y - height),
    ]
    right = [(2 * x - px, py) for px, py in reversed(left)]
    hem = [(x + half * 0.9, y), (x, y + height * 0.03), (x - half * 0.9, y)]
    shape = smooth([left[0], left[1], left[2], left[3], left[3], right[0], right[0], *right[1:], *hem], close=True)
    tone = b.tone(covered(b, base, 0.7), depth)
    b.shade(shape, (x, y - height), (x, y), [(mix(tone, b.light.key, 0.16), 1), (mix(tone, b.light.ink, 0.2), 1)])
    b.canvas.save()
    b.canvas.clipPath(shape, doAntiAlias=True)
    ribs = skia.Path()
    count = 18
    for i in range(count + 1):
        t = i / count * 2 - 1
        ribs.moveTo(x + t * peak, y - height)
        ribs.quadTo(x + t * half * 0.72, y - height * 0.4, x + t * half * 1.1, y + height * 0.05)
    b.line(ribs, depth, 1.2, 0.28)
    b.canvas.restore()
    b.line(shape, depth, 1.7, 0.55)
    ridge = rect(x - peak * 1.06, y - height * 1.06, peak * 2.12, height * 0.1, height * 0.04)
    b.block(ridge, covered(b, "3e4a55", 0.9), depth)


def mullioned(b: Brush, x: float, y: float, width: float, height: float, depth: float, frame: str = "7a4a3a") -> None:
    """A lattice door or window with paper behind it, warm at night."""
    b.fill(rect(x, y, width, height), b.light.with_glow("ffdca0", 0.85) if b.light.lamps > 0.4 else b.tone("e8dcc0", depth))
    bars = skia.Path()
    for i in range(1, 4):
        bars.addRect(skia.Rect.MakeXYWH(x + width * i / 4 - 0.001, y, 0.002, height))
    for i in range(1, 6):
        bars.addRect(skia.Rect.MakeXYWH(x, y + height * i / 6 - 0.001, width, 0.002))
    b.fill(bars, b.tone(frame, depth), 0.8)
    b.line(rect(x, y, width, height), depth, 2.0, 0.8, colour=b.tone(frame, depth))
