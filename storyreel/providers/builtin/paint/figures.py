"""Draws a person: body, head and face from the pack, in one light, with a rim, a soft shade and a shadow on the ground."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
import skia

from storyreel.model.spec import Emotion
from storyreel.providers.builtin.paint import pack
from storyreel.providers.builtin.paint.canvas import Pixels, new_pixels, paint, surface_of
from storyreel.providers.builtin.paint.handles import Canvas, Matrix
from storyreel.providers.builtin.paint.light import Light, Rgb, mix, saturated, scaled
from storyreel.providers.builtin.paint.person import EXPRESSIONS, HATS, Person

FOOT_Y = {"stand": 2936, "walk": 2905, "cross": 2925, "point": 2665, "gesture": 2985, "stand_open": 2935, "hip": 2885,
          "kneel": 1866, "squat": 1892, "floor": 1980, "hug": 2022, "chair": 2300, "run": 2905, "lie": 2936}  # fmt: skip
MIDDLE_X = {"stand": 490, "walk": 470, "cross": 400, "point": 480, "gesture": 480, "stand_open": 420, "hip": 480,
            "kneel": 480, "squat": 400, "floor": 520, "hug": 560, "chair": 560, "run": 470, "lie": 480}  # fmt: skip
HAND = {"gesture": (1150, 1150), "point": (1215, 640), "walk": (505, 1580), "stand": (410, 1520), "stand_open": (250, 1640),
        "chair": (860, 1060), "floor": (470, 1330), "squat": (180, 1240), "hip": (300, 1370), "cross": (560, 900), "kneel": (80, 1560),
        "hug": (960, 1200), "run": (505, 1580), "lie": (410, 1520)}  # fmt: skip
STANDING_UNITS = 2960.0
NECK = (470.0, 560.0)
HEAD_TOP = -60.0
BACK_X = 60.0


@dataclass(frozen=True)
class Staged:
    """A figure with its place in the picture, in pixels. `x` is the body's middle, `foot_y` the ground under it.

    Someone who lies has the point of the body at `pivot` (units from the crown) at `x`, so that a close shot can show the head.
    """

    person: Person
    pose: str
    emotion: Emotion
    speaking: bool
    x: float
    foot_y: float
    height_px: float
    facing_right: bool
    variant: int = 0
    asleep: bool = False
    blank: bool = False
    pivot: float = 1450.0

    @property
    def scale(self) -> float:
        """Pixels a body unit."""
        return self.height_px / STANDING_UNITS


def body_name(staged: Staged) -> str:
    """The drawing for a pose: an open jacket has standing poses of its own."""
    pose = {"run": "walk", "lie": "stand"}.get(staged.pose, staged.pose)
    if pose == "stand" and staged.person.garment == "jacket":
        return "stand_open" if staged.variant % 3 != 1 else "hip"
    if pose == "hip" and staged.person.garment != "jacket":
        return "cross"
    return pose


def matrix_of(staged: Staged) -> Matrix:
    """From body units to pixels."""
    name = body_name(staged)
    k = staged.scale
    side = 1.0 if staged.facing_right else -1.0
    m = skia.Matrix()
    m.preTranslate(staged.x, staged.foot_y)
    if staged.pose == "lie":
        m.preRotate(-87.0 * side)
        m.preScale(side * k * staged.person.girth, k)
        m.preTranslate(-BACK_X, -staged.pivot)
        return m
    if staged.pose == "run":
        m.preRotate(9.0 * side)
    m.preScale(side * k * staged.person.girth, k)
    m.preTranslate(-MIDDLE_X[name], -FOOT_Y[name])
    return m


def head_matrix(staged: Staged) -> Matrix:
    """From the head group's units to body units: children's heads are larger on their bodies."""
    grow = {"child": 1.32, "young": 1.03}.get(staged.person.age, 1.0)
    m = skia.Matrix()
    m.preTranslate(*NECK)
    m.preScale(grow / staged.person.girth * 0.98, grow)
    m.preTranslate(-NECK[0] + 225, -NECK[1])
    return m


def head_box(staged: Staged) -> tuple[float, float, float, float]:
    """Left, top, right, bottom of the head with its hair above the chin, in pixels."""
    whole = skia.Matrix.Concat(matrix_of(staged), head_matrix(staged))
    skin = pack.head(staged.person.head)[0].path.getBounds()
    top = min(layer.path.getBounds().top() for layer in pack.head(staged.person.head))
    box = whole.mapRect(skia.Rect.MakeLTRB(skin.left() - 150 - 20, top - 120, skin.right() - 150 + 20, skin.bottom() - 120))
    return box.left(), box.top(), box.right(), box.bottom()


def hand_at(staged: Staged) -> tuple[float, float]:
    """Where the free hand is, in pixels."""
    p = matrix_of(staged).mapXY(*HAND[body_name(staged)])
    return p.x(), p.y()


def draw_figure(target: Pixels, staged: Staged, light: Light, *, key_from_right: bool) -> None:
    """Draw a figure onto a premultiplied picture, lit."""
    height, width = target.shape[:2]
    box = _reach(staged, width, height)
    if box is None:
        return
    x0, y0, x1, y1 = box
    layer = new_pixels(x1 - x0, y1 - y0)
    surface = surface_of(layer)
    canvas = surface.getCanvas()
    canvas.translate(-x0, -y0)
    _draw_flat(canvas, staged, light)
    surface.flushAndSubmit()
    shaded = lit(layer, light, staged.height_px, key_from_right=key_from_right)
    over(target[y0:y1, x0:x1], shaded)


def draw_silhouette(target: Pixels, staged: Staged, colour: Rgb, blur_px: float) -> None:
    """A dark, blurred, faceless figure near the lens: the shoulder that is looked over."""
    layer = new_pixels(target.shape[1], target.shape[0])
    surface = surface_of(layer)
    canvas = surface.getCanvas()
    canvas.concat(matrix_of(staged))
    dim = {"top": scaled(mix(staged.person.top, colour, 0.6), 0.5), "hair": scaled(mix(staged.person.hair, colour, 0.5), 0.6)}
    for path in pack.body(body_name(staged)).values():
        canvas.drawPath(path, paint(dim["top"]))
    canvas.concat(head_matrix(staged))
    canvas.translate(-150, -120)
    for part in pack.head(staged.person.head):
        canvas.drawPath(part.path, paint(dim["hair"]))
    surface.flushAndSubmit()
    soft = cv2.GaussianBlur(layer, (0, 0), blur_px)
    over(target, soft.astype(np.float32) / 255)


def draw_shadow(canvas: Canvas, staged: Staged, light: Light, *, key_from_right: bool) -> None:
    """A contact patch under the feet, and a long soft shadow away from the light."""
    k = staged.height_px
    sun = light.weather == "clear" and not light.indoor and light.dark < 0.7
    contact = paint(scaled(light.ink, 0.7), 0.42)
    contact.setMaskFilter(skia.MaskFilter.MakeBlur(skia.kNormal_BlurStyle, 0.012 * k))
    half = 0.2 * k if staged.pose in ("stand", "walk", "run", "cross", "point", "gesture", "hip") else 0.26 * k
    half = 0.5 * k if staged.pose == "lie" else half
    canvas.drawOval(
        skia.Rect.MakeLTRB(staged.x - half, staged.foot_y - 0.035 * k, staged.x + half, staged.foot_y + 0.014 * k), contact
    )
    if staged.pose == "lie":
        return
    lean = (-1.0 if key_from_right else 1.0) * (1.15 if light.time in ("dawn", "dusk") else 0.7)
    canvas.save()
    canvas.translate(staged.x, staged.foot_y - 0.012 * k)
    slant = skia.Matrix()
    slant.setSkew(-lean, 0)
    canvas.scale(1, 0.25)
    canvas.concat(slant)
    canvas.translate(-staged.x, -staged.foot_y)
    canvas.concat(matrix_of(staged))
    shade = paint(scaled(light.ink, 0.6), 0.34 if sun else 0.16)
    shade.setMaskFilter(skia.MaskFilter.MakeBlur(skia.kNormal_BlurStyle, 26.0 if sun else 60.0))
    canvas.drawPath(pack.body(body_name(staged))["skin"], shade)
    canvas.concat(head_matrix(staged))
    canvas.translate(-150, -120)
    canvas.drawPath(pack.head(staged.person.head)[0].path, shade)
    canvas.restore()


def _reach(staged: Staged, width: int, height: int) -> tuple[int, int, int, int] | None:
    body = matrix_of(staged).mapRect(pack.body(body_name(staged))["ink"].getBounds())
    whole = skia.Matrix.Concat(matrix_of(staged), head_matrix(staged))
    head = whole.mapRect(skia.Rect.MakeLTRB(-330, -260, 720, 820))
    pad = 12 + 0.02 * staged.height_px
    x0, y0 = int(max(0, min(body.left(), head.left()) - pad)), int(max(0, min(body.top(), head.top()) - pad))
    x1, y1 = int(min(width, max(body.right(), head.right()) + pad)), int(min(height, max(body.bottom(), head.bottom()) + pad))
    return (x0, y0, x1, y1) if x1 - x0 > 4 and y1 - y0 > 4 else None


def _draw_flat(canvas: Canvas, staged: Staged, light: Light) -> None:
    who = staged.person
    tint = light.figure
    ink = mix(light.ink, (0.10, 0.07, 0.10), 0.35)
    colours = {
        k: scaled(v, tint)
        for k, v in {
            "skin": _living(who.skin, light),
            "bottom": who.bottom,
            "shoe": who.shoe,
            "top": who.top,
            "tee": who.tee,
        }.items()
    }
    canvas.save()
    canvas.concat(matrix_of(staged))
    shapes = pack.body(body_name(staged))
    jacket = who.garment == "jacket"
    for slot in ("skin", "bottom", "shoe", "sleeve", "top", "tee"):
        if slot in shapes:
            canvas.drawPath(shapes[slot], paint(colours["top" if slot == "sleeve" or (slot == "tee" and not jacket) else slot]))
    if jacket and "strip" in shapes:
        canvas.drawPath(shapes["strip"], paint(colours["tee"]))
        canvas.drawPath(shapes["seam"], paint(ink))
    canvas.drawPath(shapes["ink"], paint(ink))
    canvas.concat(head_matrix(staged))
    _draw_head(canvas, staged, colours["skin"], scaled(who.hair, tint), scaled(who.cloth, tint), ink)
    canvas.restore()


def _draw_head(canvas: Canvas, staged: Staged, skin: Rgb, hair: Rgb, cloth: Rgb, ink: Rgb) -> None:
    who = staged.person
    hairs = cloth if who.head in HATS else hair
    slots: dict[str, Rgb] = {"skin": skin, "hair": hairs, "cloth": cloth, "ink": ink, "white": (0.98, 0.97, 0.94)}
    _layers(canvas, pack.head(who.head), (-150, -120), slots)
    if staged.blank:
        return
    if who.age == "child":
        _cheeks(canvas, skin)
    eyes, rest, speaking = _expression(staged)
    _layers(canvas, pack.face(eyes, "eyes"), (194.7, 213), slots)
    if who.beard:
        _layers(canvas, pack.beard(who.beard), (-98.3, 271), slots | {"hair": hair})
    _layers(canvas, pack.face(speaking if staged.speaking else rest, "mouth"), (194.7, 213), slots)
    if who.glasses:
        _layers(canvas, pack.glasses(who.glasses), (33.7, 181), slots)


def _expression(staged: Staged) -> tuple[str, str, str]:
    if staged.asleep:
        return "eyesClosed", "tired", "tired"
    options = EXPRESSIONS[staged.emotion]
    return options[staged.variant % len(options)]


def _layers(canvas: Canvas, layers: tuple[pack.Layer, ...], at: tuple[float, float], slots: dict[str, Rgb]) -> None:
    canvas.save()
    canvas.translate(*at)
    for layer in layers:
        colour = slots.get(layer.slot)
        if colour is None:
            value = layer.slot.removeprefix("#")
            colour = tuple(int(value[i : i + 2], 16) / 255 for i in (0, 2, 4)) if len(value) == 6 else slots["ink"]
        canvas.drawPath(layer.path, paint(colour))  # type: ignore[arg-type]
    canvas.restore()


def _cheeks(canvas: Canvas, skin: Rgb) -> None:
    blush = paint(mix(skin, (0.93, 0.45, 0.42), 0.5), 0.5)
    blush.setMaskFilter(skia.MaskFilter.MakeBlur(skia.kNormal_BlurStyle, 12))
    for x in (215, 385):
        canvas.drawOval(skia.Rect.MakeLTRB(x - 32, 352, x + 32, 396), blush)


def _living(skin: Rgb, light: Light) -> Rgb:
    """Skin keeps some warmth under blue light, or it looks ill."""
    return saturated(scaled(skin, (1.0, 1.0 - 0.01 * light.dark, 1.0 - 0.05 * light.dark)), 1.0 + 0.03 * light.dark)


def lit(layer: Pixels, light: Light, height_px: float, *, key_from_right: bool) -> np.ndarray:
    """Warm ramp from the key side, soft shade on the far edge, thin rim on the near one. Premultiplied floats."""
    picture = layer.astype(np.float32) / 255
    alpha = picture[..., 3]
    side = 1 if key_from_right else -1
    if light.neon:
        return _neon_lit(picture, alpha, height_px)
    shift = max(2, round(0.014 * height_px))
    soft = cv2.blur(alpha, (2 * shift + 1, 2 * shift + 1), borderType=cv2.BORDER_REPLICATE)
    shade = np.clip(alpha - _moved(soft, -side * shift, -shift // 2), 0, 1)
    inside = cv2.erode(alpha, np.ones((_odd(0.013 * height_px),) * 2, np.uint8), borderType=cv2.BORDER_REPLICATE)
    rim = np.clip(inside - _moved(inside, -side * max(1, shift // 3), max(1, shift // 5)), 0, 1)
    rim = cv2.blur(rim, (_odd(shift / 3), _odd(shift / 3))) * inside
    ramp = np.linspace(0, 1, alpha.shape[1], dtype=np.float32)[None, :]
    ramp = ramp if key_from_right else ramp[:, ::-1]
    key = np.array(light.key, np.float32)
    warm = (0.03 + 0.10 * ramp)[..., None] * (1 - 0.25 * light.dark)
    colour = picture[..., :3]
    colour = colour * (1 - warm) + colour * warm * (0.75 + 0.6 * key)
    colour *= (1 - 0.42 * shade)[..., None]
    strength = 0.46 if light.weather == "clear" or light.dark > 0.4 else 0.2
    colour += (rim * strength)[..., None] * (key * alpha[..., None] - colour) * 0.8
    return np.dstack([np.clip(colour, 0, 1), alpha])


def _neon_lit(picture: np.ndarray, alpha: np.ndarray, height_px: float) -> np.ndarray:
    """Two coloured rims: magenta from one side, cyan from the other."""
    shift = max(3, round(0.013 * height_px))
    colour = picture[..., :3].copy()
    for side, own in ((1, (1.0, 0.25, 0.72)), (-1, (0.15, 0.88, 1.0))):
        edge = (
            np.clip(alpha - _moved(cv2.blur(alpha, (shift, shift), borderType=cv2.BORDER_REPLICATE), -side * shift, 0), 0, 1)
            * alpha
        )
        colour += (0.66 * edge)[..., None] * (np.array(own, np.float32) - colour)
    return np.dstack([np.clip(colour, 0, 1), alpha])


def _odd(width: float) -> int:
    return max(1, round(width)) | 1


def _moved(mask: np.ndarray, dx: int, dy: int) -> np.ndarray:
    """A mask shifted by whole pixels; its border values are carried in, so that a cut figure has no edge at the frame."""
    matrix = np.array([[1, 0, dx], [0, 1, dy]], np.float32)
    return cv2.warpAffine(mask, matrix, (mask.shape[1], mask.shape[0]), flags=cv2.INTER_NEAREST, borderMode=cv2.BORDER_REPLICATE)


def over(target: np.ndarray, top: np.ndarray) -> None:
    """Lay premultiplied floats over a premultiplied 8-bit picture, in place."""
    alpha = top[..., 3:4]
    mixed = target[..., :3].astype(np.float32) * (1 - alpha) + top[..., :3] * 255
    target[..., :3] = np.clip(mixed, 0, 255).astype(np.uint8)
    target[..., 3] = 255
