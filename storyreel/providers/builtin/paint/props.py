"""Things and animals: how large they are, where they belong, and how they are drawn in the frame's light."""

from __future__ import annotations

import skia

from storyreel.providers.builtin.paint import pack
from storyreel.providers.builtin.paint.canvas import oval, paint, poly, rect, smooth, to_colour
from storyreel.providers.builtin.paint.handles import Canvas, Path
from storyreel.providers.builtin.paint.light import Light, Rgb, mix, rgb, saturated, scaled
from storyreel.providers.builtin.paint.sizes import FACES, IN_THE_SKY
from storyreel.providers.builtin.paint.words import OWN_DRAWINGS


def draw_prop(
    canvas: Canvas,
    name: str,
    x: float,
    foot_y: float,
    height_px: float,
    light: Light,
    *,
    flip: bool = False,
    shadow: bool = True,
) -> None:
    """A thing with its foot at a point, outlined in the hour's ink, a little less loud than the emoji it comes from."""
    if shadow and name not in IN_THE_SKY:
        dark = paint(scaled(light.ink, 0.7), 0.4)
        dark.setMaskFilter(skia.MaskFilter.MakeBlur(skia.kNormal_BlurStyle, 0.03 * height_px + 1))
        half = 0.42 * height_px
        canvas.drawOval(skia.Rect.MakeLTRB(x - half, foot_y - 0.06 * height_px, x + half, foot_y + 0.04 * height_px), dark)
    canvas.save()
    canvas.translate(x, foot_y)
    canvas.scale((-1 if flip else 1) * height_px / 30, height_px / 30)
    canvas.translate(-16, -31)
    if name in OWN_DRAWINGS:
        _own(canvas, name, light)
    elif name in FACES:
        _seated(canvas, name, light)
        canvas.translate(16, 12.5)
        canvas.scale(0.70, 0.70)
        canvas.translate(-16, -17)
        _emoji(canvas, name, light, height_px * 0.7)
    else:
        _emoji(canvas, name, light, height_px)
    canvas.restore()


def _emoji(canvas: Canvas, name: str, light: Light, height_px: float) -> None:
    layers = pack.prop(name)
    outline = paint(_ink(light))
    outline.setStyle(skia.Paint.kStroke_Style)
    outline.setStrokeJoin(skia.Paint.kRound_Join)
    outline.setStrokeWidth(min(1.5, max(0.5, 2 * max(1.6, 0.012 * height_px) * 30 / height_px)))
    for layer in layers:
        if layer.opacity > 0.6:
            canvas.drawPath(layer.path, outline)
    for layer in layers:
        tone = _toned(layer.slot, light)
        if name == "water-pistol":  # the list's only gun is a toy: painted as metal
            tone = scaled(saturated(tone, 0.06), 0.42)
        canvas.drawPath(layer.path, paint(tone, layer.opacity))


def _seated(canvas: Canvas, name: str, light: Light) -> None:
    """A sitting body in a head's own colours, for animals that the list draws as faces only."""
    layers = pack.prop(name)
    main = max(layers, key=lambda y: y.path.getBounds().width() * y.path.getBounds().height() * (y.opacity > 0.9)).slot
    pen = _Pen(canvas, light)
    belly = "#" + "".join(f"{round(255 * c):02x}" for c in mix(rgb(main), (1.0, 0.97, 0.92), 0.5))
    if name not in ("robot", "alien", "frog", "bear", "panda", "polar-bear", "koala", "hamster"):
        pen.shape(smooth([(22, 28), (28, 29.5), (30.5, 23), (27.6, 19), (27, 24), (23.5, 25.5)], close=True), main)
    pen.shape(smooth([(9, 31), (8, 23), (12.5, 15), (19.5, 15), (24, 23), (23, 31), (16, 31.6)], close=True), main)
    pen.canvas.drawPath(oval(16, 25.5, 4.0, 5.2), paint(_toned(belly, light)))
    for x in (11.4, 20.6):
        pen.shape(oval(x, 30.0, 3.1, 1.5), belly if name in ("fox", "wolf") else main)


def _toned(colour: str, light: Light) -> Rgb:
    own = saturated(rgb(colour), 0.80)
    return scaled(mix(own, scaled(own, light.key), 0.25), light.figure)


def _ink(light: Light) -> Rgb:
    return mix(light.ink, (0.12, 0.08, 0.1), 0.3)


def _own(canvas: Canvas, name: str, light: Light) -> None:
    """The few things the emoji list has not, drawn in the same 32 x 32 box with the foot at 31."""
    pen = _Pen(canvas, light)
    {
        "lighthouse": _lighthouse,
        "windmill": _windmill,
        "table": _table,
        "pagoda": _pagoda,
        "spaceship": _spaceship,
        "cup": _cup,
        "lamp_post": _lamp,
        "bench": _bench,
        "piano": _piano,
    }[name](pen)


class _Pen:
    def __init__(self, canvas: Canvas, light: Light) -> None:
        self.canvas = canvas
        self.light = light
        self.stroke = paint(_ink(light))
        self.stroke.setStyle(skia.Paint.kStroke_Style)
        self.stroke.setStrokeWidth(0.55)
        self.stroke.setStrokeJoin(skia.Paint.kRound_Join)

    def shape(self, path: Path, colour: str) -> None:
        self.canvas.drawPath(path, paint(_toned(colour, self.light)))
        self.canvas.drawPath(path, self.stroke)

    def shine(self, x: float, y: float, radius: float, colour: str, strength: float) -> None:
        p = skia.Paint(AntiAlias=True)
        p.setBlendMode(skia.BlendMode.kScreen)
        stops = [to_colour(rgb(colour), strength * max(0.25, self.light.lamps)), to_colour(rgb(colour), 0)]
        p.setShader(skia.GradientShader.MakeRadial(skia.Point(x, y), radius, stops))
        self.canvas.drawCircle(x, y, radius, p)


def _lighthouse(pen: _Pen) -> None:
    pen.shape(poly([(4, 31), (7, 27.5), (13, 28.5), (19, 27), (25, 28), (28, 31)]), "8b8680")
    pen.shape(poly([(11.2, 28), (13, 9.5), (19, 9.5), (20.8, 28)]), "f2ece0")
    for y0, y1 in ((12.5, 16.2), (20.0, 24.0)):
        pen.shape(poly([_edge(y0, -1), _edge(y0, 1), _edge(y1, 1), _edge(y1, -1)]), "c8453f")
    pen.shape(rect(11.8, 8.3, 8.4, 1.4, 0.4), "5b6470")
    pen.shape(rect(13.4, 4.6, 5.2, 3.8), "ffe39a")
    pen.shape(poly([(12.8, 4.7), (16, 1.2), (19.2, 4.7)]), "c8453f")
    pen.shape(rect(14.8, 24.6, 2.4, 3.4, 1.0), "5d4636")
    pen.shine(16, 6.5, 9, "ffe9a8", 0.85)
    beam = paint((1.0, 0.93, 0.68), 0.22 * pen.light.dark)
    beam.setBlendMode(skia.BlendMode.kScreen)
    beam.setMaskFilter(skia.MaskFilter.MakeBlur(skia.kNormal_BlurStyle, 0.6))
    for side in (-1, 1):
        pen.canvas.drawPath(poly([(16, 6.2), (16 + 46 * side, -3), (16 + 46 * side, 13), (16, 7)]), beam)


def _edge(y: float, side: int) -> tuple[float, float]:
    half = 3.0 + 1.8 * (y - 9.5) / 18.5
    return 16 + side * half, y


def _windmill(pen: _Pen) -> None:
    pen.shape(poly([(10.5, 31), (12.6, 13), (19.4, 13), (21.5, 31)]), "e6dac2")
    pen.shape(poly([(12, 13.2), (16, 8.6), (20, 13.2)]), "8f4f3e")
    pen.shape(rect(14.6, 26, 2.8, 5, 1), "6b4a36")
    for turn in (20, 110, 200, 290):
        pen.canvas.save()
        pen.canvas.translate(16, 13)
        pen.canvas.rotate(turn)
        pen.shape(rect(-0.25, -12, 0.5, 12), "6b4a36")
        pen.shape(rect(0.3, -11.6, 3.0, 9), "f3ead6")
        pen.canvas.restore()


def _table(pen: _Pen) -> None:
    for x in (6, 23.8):
        pen.shape(rect(x, 17, 2.2, 14), "7a5238")
    pen.shape(rect(3, 14, 26, 3.4, 0.8), "a5754d")


def _pagoda(pen: _Pen) -> None:
    pen.shape(rect(6, 29, 20, 2), "b9b0a2")
    for i in range(4):
        half = 7.2 - 1.3 * i
        y = 28.9 - 6.4 * i
        pen.shape(rect(16 - half * 0.7, y - 4.2, half * 1.4, 4.2), "b24a3c")
        pen.shape(
            poly(
                [(16 - half * 1.35, y - 3.6), (16 - half * 0.6, y - 6.3), (16 + half * 0.6, y - 6.3), (16 + half * 1.35, y - 3.6)]
            ),
            "4f5f6b",
        )
        pen.shine(16, y - 2, half, "ffcf80", 0.5)
    pen.shape(rect(15.6, 0.6, 0.8, 3.2), "d9b45a")


def _spaceship(pen: _Pen) -> None:
    pen.shine(16, 30, 7, "7fd0ff", 0.9)
    for side in (-1, 1):
        pen.shape(poly([(16 + 3 * side, 17), (16 + 11.5 * side, 27.5), (16 + 10 * side, 29), (16 + 3.4 * side, 26)]), "6f7f9a")
    pen.shape(poly([(16, 1.5), (19.8, 9), (20.4, 24), (18.4, 28), (13.6, 28), (11.6, 24), (12.2, 9)]), "d5dbe6")
    pen.shape(oval(16, 11, 2.4, 3.4), "6fc3e8")
    for y in (18.5, 22):
        pen.shape(rect(12.6, y, 6.8, 1.0), "c8453f")
    pen.shape(poly([(13.8, 28), (18.2, 28), (17.4, 30.4), (14.6, 30.4)]), "4c5568")


def _cup(pen: _Pen) -> None:
    pen.shape(oval(22.5, 20.5, 4.2, 4.4), "f3ecdf")
    pen.canvas.drawPath(oval(22.5, 20.5, 2.2, 2.4), paint(_toned("8a7a6a", pen.light)))
    pen.shape(poly([(7.5, 13), (23, 13), (21.4, 29), (9.1, 29)]), "f3ecdf")
    pen.shape(oval(15.2, 13, 7.8, 1.9), "6b4432")
    for x in (12.2, 17.2):
        steam = paint((1.0, 1.0, 1.0), 0.45)
        steam.setStyle(skia.Paint.kStroke_Style)
        steam.setStrokeWidth(1.0)
        steam.setMaskFilter(skia.MaskFilter.MakeBlur(skia.kNormal_BlurStyle, 0.5))
        rise = skia.Path()
        rise.moveTo(x, 10.5)
        rise.cubicTo(x - 2, 8, x + 2, 6, x, 3)
        pen.canvas.drawPath(rise, steam)


def _lamp(pen: _Pen) -> None:
    pen.shape(rect(15.3, 6, 1.4, 25), "3f4652")
    pen.shape(rect(13.8, 29, 4.4, 2), "3f4652")
    pen.shape(poly([(13, 3), (19, 3), (18, 7.5), (14, 7.5)]), "ffe9b0")
    pen.shape(poly([(12.4, 3), (16, 0.6), (19.6, 3)]), "3f4652")
    pen.shine(16, 5.5, 10, "ffd68a", 0.85)


def _bench(pen: _Pen) -> None:
    for x in (5, 25):
        pen.shape(rect(x, 20, 1.8, 11), "4a4d55")
    for y in (14, 17, 21.5):
        pen.shape(rect(2.5, y, 27, 2.2, 0.5), "9a6a48")


def _piano(pen: _Pen) -> None:
    for x in (4.5, 25.5):
        pen.shape(rect(x, 22, 2, 9), "4a3024")
    pen.shape(rect(3.5, 6, 25, 18, 0.8), "5b3a2a")
    pen.shape(rect(5.5, 8, 21, 7.5, 0.5), "6f4934")
    pen.shape(rect(2.5, 19, 27, 4.2, 0.5), "4a3024")
    pen.shape(rect(4, 18.2, 24, 2.2), "f6f0e4")
    for i in range(10):
        pen.canvas.drawPath(rect(5.4 + 2.3 * i, 18.2, 1.0, 1.3), paint(_toned("2b2226", pen.light)))


def draw_umbrella(
    canvas: Canvas, hand: tuple[float, float], crown: tuple[float, float], unit: float, light: Light, colour: Rgb
) -> None:
    """An open umbrella from a raised hand over a head. `unit` is pixels a metre."""
    top = (crown[0] * 0.72 + hand[0] * 0.28, crown[1] - 0.34 * unit)
    ink = paint(_ink(light))
    ink.setStyle(skia.Paint.kStroke_Style)
    ink.setStrokeCap(skia.Paint.kRound_Cap)
    ink.setStrokeWidth(0.030 * unit)
    canvas.drawLine(hand[0], hand[1] + 0.10 * unit, *top, ink)
    canvas.drawLine(top[0], top[1], top[0], top[1] - 0.07 * unit, ink)
    half, high = 0.74 * unit, 0.40 * unit
    hem = top[1] + high
    cloth = skia.Path()
    cloth.moveTo(top[0] - half, hem)
    cloth.cubicTo(top[0] - half * 0.86, top[1] - high * 0.12, top[0] + half * 0.86, top[1] - high * 0.12, top[0] + half, hem)
    for i in range(4):
        x1 = top[0] + half - (i + 1) * half / 2
        cloth.quadTo(x1 + half / 4, hem - high * 0.24, x1, hem)
    cloth.close()
    own = scaled(mix(colour, (0.75, 0.22, 0.2), 0.35), light.figure)
    canvas.drawPath(cloth, paint(own))
    canvas.save()
    canvas.clipPath(cloth, doAntiAlias=True)
    for k, alpha in ((-1, 0.22), (1, 0.16)):
        shade = paint(light.ink if k < 0 else light.key, alpha)
        canvas.drawPath(
            poly(
                [
                    (top[0], top[1] - high * 0.2),
                    (top[0] + k * half * 0.52, hem),
                    (top[0] + k * half * 1.1, hem),
                    (top[0] + k * half, top[1]),
                ]
            ),
            shade,
        )
    canvas.restore()
    ink.setStrokeWidth(0.022 * unit)
    for x in (-0.5, 0.0, 0.5):
        rib = skia.Path()
        rib.moveTo(top[0], top[1] + high * 0.12)
        rib.quadTo(top[0] + x * half * 0.8, top[1] + high * 0.3, top[0] + x * half, hem)
        ink.setAlphaf(0.55)
        canvas.drawPath(rib, ink)
    ink.setAlphaf(1.0)
    canvas.drawPath(cloth, ink)
