"""A brush over skia: a plate of pixels, colours as fractions, a thin wobbly line, glows that are laid on last."""

from __future__ import annotations

import math
import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np
import skia

from storyreel.providers.builtin.paint.handles import Blend, Canvas, Paint, Path, Surface
from storyreel.providers.builtin.paint.light import Light, Rgb, mix, rgb, scaled

Pixels = np.ndarray
Xy = tuple[float, float]


@dataclass
class Glow:
    """A light that is screened over the finished plate. Place and radius in place units."""

    x: float
    y: float
    radius: float
    colour: Rgb
    strength: float
    stretch: float = 1.0


@dataclass
class Brush:
    """Draws in place units: x to the right from the middle, y down from the horizon, one unit = the frame's short side.

    `scale` is pixels a unit. `extent` is how far the plate reaches: left, top, right, bottom in place units.
    """

    canvas: Canvas
    light: Light
    scale: float
    extent: tuple[float, float, float, float]
    seed: int
    chinese: bool = True
    rng: random.Random = field(default_factory=random.Random)
    glows: list[Glow] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.anew()

    def px(self, width: float) -> float:
        """A line width in units for a width in pixels of a 720 pixel frame."""
        return width / 720

    def tone(self, base: str | Rgb, depth: float = 0.2) -> Rgb:
        """A colour in the hour's light, hazier with depth (0 to 1)."""
        return self.light.tone(base, depth)

    def ink(self, depth: float = 0.2) -> Rgb:
        """The colour of lines at a depth."""
        return mix(self.light.ink, self.light.haze, min(0.9, depth * self.light.air))

    def fill(self, shape: Path, colour: Rgb, alpha: float = 1.0) -> None:
        """A flat colour, as it is given."""
        self.canvas.drawPath(shape, paint(colour, alpha))

    def shade(self, shape: Path, a: Xy, b: Xy, stops: Sequence[tuple[Rgb, float]]) -> None:
        """Fill with a gradient from `a` to `b`; each stop is a colour and its opacity."""
        p = skia.Paint(AntiAlias=True)
        colours = [to_colour(c, alpha) for c, alpha in stops]
        p.setShader(skia.GradientShader.MakeLinear([skia.Point(*a), skia.Point(*b)], colours))
        self.canvas.drawPath(shape, p)

    def line(self, shape: Path, depth: float = 0.2, width: float = 1.5, alpha: float = 0.5, colour: Rgb | None = None) -> None:
        """Outline in the hour's ink, slightly unsteady as from a hand."""
        p = paint(colour or self.ink(depth), alpha)
        p.setStyle(skia.Paint.kStroke_Style)
        p.setStrokeWidth(self.px(width))
        p.setStrokeCap(skia.Paint.kRound_Cap)
        p.setStrokeJoin(skia.Paint.kRound_Join)
        p.setPathEffect(skia.DiscretePathEffect.Make(0.02, 0.0011, self.rng.randrange(1 << 20)))
        self.canvas.drawPath(shape, p)

    def block(self, shape: Path, base: str | Rgb, depth: float = 0.2, *, line: float = 0.42, width: float = 1.5) -> None:
        """A filled shape with its outline, toned for its depth."""
        self.fill(shape, self.tone(base, depth))
        if line:
            self.line(shape, depth, width, line)

    def soft(self, shape: Path, colour: Rgb, alpha: float, blur: float, mode: Blend = skia.BlendMode.kSrcOver) -> None:
        """A fill with a blurred edge; `blur` in units."""
        p = paint(colour, alpha)
        p.setMaskFilter(skia.MaskFilter.MakeBlur(skia.kNormal_BlurStyle, max(1e-4, blur)))
        p.setBlendMode(mode)
        self.canvas.drawPath(shape, p)

    def glow(self, x: float, y: float, radius: float, colour: str | Rgb, strength: float = 0.6, stretch: float = 1.0) -> None:
        """Ask for a light at the end; nothing shines where lamps are off."""
        own = rgb(colour) if isinstance(colour, str) else colour
        if strength * self.light.lamps > 0.03:
            self.glows.append(Glow(x, y, radius, own, strength * self.light.lamps, stretch))

    def lay_glows(self) -> None:
        """Screen all glows over what is drawn."""
        for g in self.glows:
            p = skia.Paint(AntiAlias=True)
            p.setBlendMode(skia.BlendMode.kScreen)
            stops = [to_colour(g.colour, g.strength * k) for k in (0.85, 0.32, 0.0)]
            p.setShader(skia.GradientShader.MakeRadial(skia.Point(0, 0), g.radius, stops, [0.0, 0.35, 1.0]))
            self.canvas.save()
            self.canvas.translate(g.x, g.y)
            self.canvas.scale(1, g.stretch)
            self.canvas.drawCircle(0, 0, g.radius, p)
            self.canvas.restore()
        self.glows.clear()

    def anew(self, *what: object) -> None:
        """Start chance afresh for one part of the place, so that it looks the same whatever was drawn before it."""
        self.rng = random.Random(f"{self.seed}{what}")  # noqa: S311 - chance for pictures, not for secrets

    def around(self, a: float, b: float) -> float:
        """A number by chance between two."""
        return self.rng.uniform(a, b)

    def pick(self, options: Sequence[str]) -> str:
        """One of several by chance."""
        return options[self.rng.randrange(len(options))]


def paint(colour: Rgb, alpha: float = 1.0) -> Paint:
    """An anti-aliased fill paint."""
    return skia.Paint(AntiAlias=True, Color=to_colour(colour, alpha))


def to_colour(colour: Rgb, alpha: float = 1.0) -> int:
    """A skia colour from fractions."""
    c = scaled(colour, 1.0)
    return skia.ColorSetARGB(round(255 * min(1.0, max(0.0, alpha))), round(255 * c[0]), round(255 * c[1]), round(255 * c[2]))


def poly(points: Iterable[Xy], *, close: bool = True) -> Path:
    """A straight-edged shape."""
    path = skia.Path()
    path.addPoly([skia.Point(x, y) for x, y in points], close)
    return path


def rect(x: float, y: float, width: float, height: float, round_: float = 0.0) -> Path:
    """A rectangle from its top left corner."""
    path = skia.Path()
    path.addRoundRect(skia.Rect.MakeXYWH(x, y, width, height), round_, round_)
    return path


def oval(x: float, y: float, rx: float, ry: float) -> Path:
    """An ellipse around a point."""
    path = skia.Path()
    path.addOval(skia.Rect.MakeLTRB(x - rx, y - ry, x + rx, y + ry))
    return path


def smooth(points: Sequence[Xy], *, close: bool = False) -> Path:
    """A soft curve through the middles of the segments between `points`."""
    path = skia.Path()
    pts = list(points)
    if close:
        start = middle(pts[-1], pts[0])
        path.moveTo(*start)
        for i, p in enumerate(pts):
            path.quadTo(*p, *middle(p, pts[(i + 1) % len(pts)]))
        path.close()
        return path
    path.moveTo(*pts[0])
    for i in range(1, len(pts) - 1):
        path.quadTo(*pts[i], *(middle(pts[i], pts[i + 1]) if i < len(pts) - 2 else pts[i + 1]))
    if len(pts) == 2:
        path.lineTo(*pts[1])
    return path


def middle(a: Xy, b: Xy) -> Xy:
    """The point half way."""
    return ((a[0] + b[0]) / 2, (a[1] + b[1]) / 2)


def ridge(left: float, right: float, step: float, height: float, rng: random.Random, *, rough: float = 0.5) -> list[Xy]:
    """A hill line from left to right: sums of waves with random phases, `height` at most above 0 (negative y)."""
    phases = [(rng.uniform(0, 6.28), rng.uniform(0.7, 1.3)) for _ in range(4)]
    count = max(2, math.ceil((right - left) / step))
    out: list[Xy] = []
    for i in range(count + 1):
        x = left + (right - left) * i / count
        waves = sum(math.sin(x * f * (2.1**k) * 2.2 + p) * (rough**k) for k, (p, f) in enumerate(phases))
        out.append((x, -height * (0.55 + 0.24 * waves)))
    return out


def below(line: Sequence[Xy], bottom: float) -> Path:
    """The area under a line down to `bottom`."""
    path = skia.Path()
    path.addPoly([skia.Point(x, y) for x, y in line], False)
    path.lineTo(line[-1][0], bottom)
    path.lineTo(line[0][0], bottom)
    path.close()
    return path


def new_pixels(width: int, height: int) -> Pixels:
    """A clear premultiplied RGBA plate."""
    return np.zeros((height, width, 4), np.uint8)


def surface_of(pixels: Pixels) -> Surface:
    """A skia surface that draws into `pixels` (RGBA, premultiplied)."""
    info = skia.ImageInfo.Make(pixels.shape[1], pixels.shape[0], skia.kRGBA_8888_ColorType, skia.kPremul_AlphaType)
    surface = skia.Surface.MakeRasterDirect(info, pixels, pixels.strides[0])
    assert surface is not None
    return surface
