"""Paints a frame, or a sheet of its variations: one plate for the place, a cell for each variation."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np
import skia

from storyreel.model.digest import seed_of
from storyreel.pipeline.ports import Box, CellFacts, ImageRequest
from storyreel.providers.builtin.paint import lens, nature, weather
from storyreel.providers.builtin.paint import props as p
from storyreel.providers.builtin.paint.canvas import Brush, Pixels, new_pixels, surface_of
from storyreel.providers.builtin.paint.figures import Staged, draw_figure, draw_shadow, draw_silhouette, hand_at, head_box
from storyreel.providers.builtin.paint.finish import finish, washed
from storyreel.providers.builtin.paint.lens import BLUR_PX, FRAME_M, ZOOM, Staging, Variation
from storyreel.providers.builtin.paint.light import mix, scaled
from storyreel.providers.builtin.paint.places import PLACES
from storyreel.providers.builtin.paint.plan import Plan, plan_of
from storyreel.providers.builtin.paint.sizes import IN_THE_SKY, STANDS_ALONE, height_m

GUTTER_PX = 16
MARGIN_X = 0.14
MARGIN_Y = 0.06
_CLOSENESS = {"EWS": 0.0, "WS": 0.1, "FS": 0.3, "MS": 0.6, "MCU": 0.75, "CU": 0.9, "ECU": 1.0}
_HERO = {"EWS": 0.20, "WS": 0.34, "FS": 0.5, "MS": 0.6, "MCU": 0.7, "CU": 0.82, "ECU": 1.1}

Stop = Callable[[], bool]
Tell = Callable[[float], None]


class Stopped(Exception):
    """The painter was told to stop."""


@dataclass(frozen=True)
class Plate:
    """The place, painted wider than a cell. `horizon` and `ground` are rows of the plate in pixels."""

    pixels: Pixels
    horizon: float
    ground: float
    scale: float


def paint_request(
    request: ImageRequest, *, stopped: Stop, tell: Tell
) -> tuple[np.ndarray, tuple[CellFacts, ...], tuple[str, ...]]:
    """The picture (RGB), what is known of each cell, and notes on the whole. Raises `Stopped` between cells when told to stop."""
    cv2.setNumThreads(1)
    plan = plan_of(request.frame)
    count = request.rows * request.cols
    width, height = request.width_px, request.height_px
    if stopped():
        raise Stopped
    plate = paint_plate(plan, width, height, request.seed)
    tell(0.3)
    cells: list[np.ndarray] = []
    facts: list[CellFacts] = []
    for i in range(count):
        if stopped():
            raise Stopped
        picture, fact = paint_cell(plan, plate, width, height, lens.variation_of(i, request.seed))
        cells.append(picture)
        facts.append(fact)
        tell(0.3 + 0.7 * (i + 1) / count)
    return sheet_of(cells, request.rows, request.cols), tuple(facts), plan.notes


def png_of(picture: np.ndarray) -> bytes:
    """An RGB picture as PNG, packed quickly."""
    done, data = cv2.imencode(".png", cv2.cvtColor(picture, cv2.COLOR_RGB2BGR), [cv2.IMWRITE_PNG_COMPRESSION, 2])
    assert done
    return data.tobytes()


def sheet_of(cells: list[np.ndarray], rows: int, cols: int) -> np.ndarray:
    """Cells in reading order with white gutters and border; a single cell stays as it is."""
    if len(cells) == 1:
        return cells[0]
    height, width = cells[0].shape[:2]
    sheet = np.full((rows * (height + GUTTER_PX) + GUTTER_PX, cols * (width + GUTTER_PX) + GUTTER_PX, 3), 255, np.uint8)
    for i, cell in enumerate(cells):
        y = GUTTER_PX + (i // cols) * (height + GUTTER_PX)
        x = GUTTER_PX + (i % cols) * (width + GUTTER_PX)
        sheet[y : y + height, x : x + width] = cell
    return sheet


def paint_plate(plan: Plan, width: int, height: int, seed: int) -> Plate:
    """The place alone, blurred for the lens; the same place in words gives the same place in every shot."""
    size = plan.frame.size
    place = PLACES[plan.place]
    full_w, full_h = round(width * (1 + 2 * MARGIN_X)), round(height * (1 + 2 * MARGIN_Y))
    pixels = new_pixels(full_w, full_h)
    surface = surface_of(pixels)
    canvas = surface.getCanvas()
    unit = min(height, width * 0.95)
    scale = unit * ZOOM[size]
    horizon = height * (MARGIN_Y + lens.horizon_of(plan))
    canvas.translate(full_w / 2, horizon)
    canvas.scale(scale, scale)
    extent = (-full_w / 2 / scale, -horizon / scale, full_w / 2 / scale, (full_h - horizon) / scale)
    brush = Brush(canvas, plan.light, scale, extent, random.Random(seed_of("place", plan.place, plan.frame.place)))  # noqa: S311
    place.draw(brush)
    brush.lay_glows()
    surface.flushAndSubmit()
    ground = horizon + place.ground_y * scale
    _wet(plan, pixels, horizon, ground, seed)
    if place.sky:
        weather.lightning(pixels, plan.light, seed, horizon)
    washed(pixels, seed)
    blur = BLUR_PX[size] * height / 720
    if blur:
        _blurred(pixels, blur)
    return Plate(pixels, horizon, ground, scale)


def _wet(plan: Plan, pixels: Pixels, horizon: float, ground: float, seed: int) -> None:
    kind = PLACES[plan.place].ground
    if plan.light.wet and kind == "hard":
        weather.wet_ground(pixels, round(horizon), round(horizon + (ground - horizon) * 0.25), seed, 0.62)
    elif plan.light.wet and kind in ("soft", "sand") and plan.light.weather in ("rain", "storm"):
        weather.wet_ground(pixels, round(horizon), round(ground), seed, 0.16)


def _blurred(pixels: Pixels, sigma: float) -> None:
    """A soft lens blur; wide ones are made on a smaller picture, which looks the same."""
    factor = 1 if sigma < 3 else 2 if sigma < 7 else 4
    height, width = pixels.shape[:2]
    small = cv2.resize(pixels, (width // factor, height // factor), interpolation=cv2.INTER_AREA) if factor > 1 else pixels
    soft = cv2.GaussianBlur(small, (0, 0), sigma / factor)
    pixels[:] = cv2.resize(soft, (width, height), interpolation=cv2.INTER_LINEAR) if factor > 1 else soft


def paint_cell(plan: Plan, plate: Plate, width: int, height: int, v: Variation) -> tuple[np.ndarray, CellFacts]:
    """One variation of the frame, and where its heads are."""
    picture, offset = _cropped(plate, width, height, v)
    staging = lens.stage(plan, width, height, v)
    _things_behind(picture, plan, staging, v, plate.horizon - offset)
    _people(picture, plan, staging, v)
    _things_before(picture, plan, staging, v)
    if staging.shoulder:
        draw_silhouette(picture, staging.shoulder, scaled(plan.light.ink, 0.6), 10 * height / 720)
    _front(picture, plan, staging, v)
    boxes = [head_box(s) for s in staging.shown]
    if plan.frame.angle == "dutch":
        picture, boxes = _tilted(picture, boxes, 6.0 if v.flip else -6.0)
    if PLACES[plan.place].sky:
        weather.fall(picture, plan.light, v.seed, near=_CLOSENESS[plan.frame.size])
        if plan.light.weather in ("rain", "storm") and plan.frame.size in ("EWS", "WS", "FS"):
            weather.splashes(picture, plan.light, v.seed + 1, int(plate.ground - offset) + height // 40)
    done = finish(picture, plan.light, plan.style, gain=v.gain)
    facts = CellFacts(
        heads=tuple(b for box in boxes if (b := _fraction(box, width, height))), notes=(*plan.notes, *_unseen(plan, staging))
    )
    return done, facts


def _unseen(plan: Plan, staging: Staging) -> list[str]:
    """Say who is not in the picture and why."""
    if not staging.hidden:
        return []
    names = "、".join(r.name for r in staging.hidden)
    return [f"{plan.frame.size}: {names} ∉ 画面 / not shown, the shot holds one face"]


def _fraction(box: tuple[float, float, float, float], width: int, height: int) -> Box | None:
    """A head's box in fractions of the cell, cut at its edges; None if nothing of it is inside."""
    x0, y0 = max(0.0, box[0] / width), max(0.0, box[1] / height)
    x1, y1 = min(1.0, box[2] / width), min(1.0, box[3] / height)
    return Box(x=x0, y=y0, width=x1 - x0, height=y1 - y0) if x1 - x0 > 0.002 and y1 - y0 > 0.002 else None


def _cropped(plate: Plate, width: int, height: int, v: Variation) -> tuple[Pixels, float]:
    """A cell's window on the plate, and the row it starts at."""
    full_h, full_w = plate.pixels.shape[:2]
    x = round((full_w - width) / 2 * (1 + 0.95 * v.pan))
    y = round((full_h - height) / 2 * (1 + 0.5 * v.lift))
    return np.ascontiguousarray(plate.pixels[y : y + height, x : x + width]), float(y)


def _people(picture: Pixels, plan: Plan, staging: Staging, v: Variation) -> None:
    surface = surface_of(picture)
    canvas = surface.getCanvas()
    if plan.frame.size in ("EWS", "WS", "FS"):
        for s in staging.shown:
            draw_shadow(canvas, s, plan.light, key_from_right=v.key_from_right)
            if s.pose == "chair":
                _seat(canvas, s, plan)
    else:
        for s in staging.shown:
            _pale_pool(canvas, s, plan)
    surface.flushAndSubmit()
    order = sorted(zip(staging.shown, staging.roles, strict=True), key=lambda q: q[0].foot_y)
    for s, role in order:
        draw_figure(picture, s, plan.light, key_from_right=v.key_from_right)
        if role.held:
            _held(picture, plan, s, role.held)


def _pale_pool(canvas: skia.Canvas, s: Staged, plan: Plan) -> None:
    """A faint lightness behind a subject, so that dark hair stands out from a dark place."""
    left, top, right, bottom = head_box(s)
    radius = (bottom - top) * 1.5
    paint = skia.Paint(AntiAlias=True)
    paint.setBlendMode(skia.BlendMode.kScreen)
    glow = mix(plan.light.haze, plan.light.key, 0.4)
    from storyreel.providers.builtin.paint.canvas import to_colour

    stops = [to_colour(glow, 0.20 + 0.08 * plan.light.dark), to_colour(glow, 0)]
    paint.setShader(skia.GradientShader.MakeRadial(skia.Point((left + right) / 2, (top + bottom) / 2), radius, stops))
    canvas.drawCircle((left + right) / 2, (top + bottom) / 2, radius, paint)


def _seat(canvas: skia.Canvas, s: Staged, plan: Plan) -> None:
    """Something to sit on, indoors a stool, outdoors a stone or bench block."""
    from storyreel.providers.builtin.paint.canvas import paint, rect

    k = s.scale
    side = 1 if s.facing_right else -1
    top = s.foot_y - (2300 - 1400) * k
    centre = s.x + (330 - 560) * k * side
    half = 300 * k
    base = plan.light.tone("8a5f42" if plan.indoor else "8f8a84", 0.12)
    ink = paint(plan.light.ink, 0.7)
    ink.setStyle(skia.Paint.kStroke_Style)
    ink.setStrokeWidth(max(1.2, 12 * k))
    parts = [rect(centre - half, top, 2 * half, 110 * k, 20 * k)]
    parts += [rect(centre + dx * half - 35 * k, top + 100 * k, 70 * k, s.foot_y - top - 110 * k) for dx in (-0.8, 0.8)]
    for shape in parts if plan.indoor else [rect(centre - half, top, 2 * half, s.foot_y - top, 60 * k)]:
        canvas.drawPath(shape, paint(base))
        canvas.drawPath(shape, ink)


def _held(picture: Pixels, plan: Plan, s: Staged, name: str) -> None:
    surface = surface_of(picture)
    x, y = hand_at(s)
    unit = s.height_px / s.person.height_m
    tall = max(0.26, min(0.5, height_m(name) * 1.25)) * unit
    if name.startswith("umbrella"):
        tall = 0.98 * unit
        p.draw_prop(
            surface.getCanvas(), name, x - 0.02 * unit, y + 0.12 * unit, tall, plan.light, flip=not s.facing_right, shadow=False
        )
    else:
        p.draw_prop(surface.getCanvas(), name, x, y + 0.35 * tall, tall, plan.light, flip=not s.facing_right, shadow=False)
    surface.flushAndSubmit()


def _things_behind(picture: Pixels, plan: Plan, staging: Staging, v: Variation, horizon: float) -> None:
    """Things in the sky, large things, and everything in a frame without people."""
    if not plan.things:
        return
    height, width = picture.shape[:2]
    surface = surface_of(picture)
    canvas = surface.getCanvas()
    side = -1 if v.flip else 1
    if not staging.shown:
        _heroes(canvas, plan, width, height, v)
    else:
        behind = [n for n in plan.things if _is_behind(plan, n)]
        for i, name in enumerate(behind):
            away = side if i % 2 == 0 else -side
            x = width * (0.5 + away * (0.31 - 0.05 * i))
            if name in IN_THE_SKY:
                p.draw_prop(canvas, name, x, height * (0.30 + 0.06 * i), height * 0.16, plan.light, flip=side > 0)
                continue
            metres = FRAME_M[plan.frame.size]
            tall = min(0.62, max(0.12, height_m(name) / max(metres, 2.2) * 0.9)) * height
            foot = max(horizon + 0.10 * height, (0.74 if plan.frame.size in ("EWS", "WS") else 0.90) * height)
            p.draw_prop(canvas, name, x, foot, tall, plan.light, flip=side > 0)
    surface.flushAndSubmit()


def _is_behind(plan: Plan, name: str) -> bool:
    return name in IN_THE_SKY or height_m(name) >= (1.0 if plan.frame.size in ("MS", "MCU", "CU", "ECU") else 2.0)


def _heroes(canvas: skia.Canvas, plan: Plan, width: int, height: int, v: Variation) -> None:
    """A frame whose subject is a thing: it is the one that the lens looks at."""
    share = _HERO[plan.frame.size] / (1 if v.zoom == 0 else 1) * v.zoom
    offset = {"thirds_left": -0.16, "thirds_right": 0.16}.get(
        plan.frame.composition, 0.0 if plan.frame.composition == "centre" or v.index % 4 == 2 else (0.12 if v.flip else -0.12)
    )
    first = plan.things[0]
    for i, name in reversed(list(enumerate(plan.things))):
        relative = min(1.0, max(0.3, (height_m(name) / height_m(first)) ** 0.5)) if i else 1.0
        grow = min(1.0, 0.62 + 0.2 * height_m(name)) if plan.frame.size in ("EWS", "WS", "FS") else 1.0
        tall = min(share * (1.35 if name in STANDS_ALONE else 1.0) * relative * (grow if not i else 1.0), 1.25) * height
        tall = min(tall, 0.9 * width)
        x = width * (0.5 + offset + (0 if not i else (0.24 + 0.07 * i) * (1 if (i % 2) ^ v.flip else -1)))
        foot = 0.5 * height + tall / 2 if plan.frame.size in ("CU", "ECU", "MCU") else (0.86 + 0.03 * (i > 0)) * height
        if name in IN_THE_SKY and not plan.indoor:
            foot = 0.34 * height + tall / 2
        p.draw_prop(canvas, name, x, foot, tall, plan.light, flip=bool(v.flip))


def _things_before(picture: Pixels, plan: Plan, staging: Staging, v: Variation) -> None:
    """Things beside people: on the ground in wide shots, in a lower corner in close ones."""
    near = [n for n in plan.things if staging.shown and not _is_behind(plan, n)]
    if not near:
        return
    height, width = picture.shape[:2]
    surface = surface_of(picture)
    canvas = surface.getCanvas()
    pixels_per_m = staging.shown[0].height_px / staging.shown[0].person.height_m
    left = min(s.x for s in staging.shown)
    right = max(s.x for s in staging.shown)
    start = 1 if (left + right) / 2 < width / 2 else -1
    for i, name in enumerate(near):
        side = start if i % 2 == 0 else -start
        if plan.frame.size in ("EWS", "WS", "FS"):
            tall = max(height_m(name) * pixels_per_m * 1.1, 0.045 * height)
            reach = (0.42 + 0.42 * (i // 2)) * pixels_per_m + tall * 0.4
            x = (right if side > 0 else left) + side * reach
            foot = staging.shown[0].foot_y + 0.02 * pixels_per_m
        else:
            tall = (0.24 + 0.10 * min(1.0, height_m(name))) * height
            x = width * (0.5 + side * (0.36 - 0.13 * (i // 2)))
            foot = 0.97 * height
        x = min(max(x, tall * 0.5), width - tall * 0.5)
        p.draw_prop(canvas, name, x, foot, tall, plan.light, flip=side > 0)
    surface.flushAndSubmit()


def _front(picture: Pixels, plan: Plan, staging: Staging, v: Variation) -> None:
    """Dark blurred leaves in the corner that no head is in."""
    kind = PLACES[plan.place].front
    if kind == "none" or staging.shoulder or plan.frame.size in ("CU", "ECU") or plan.light.weather == "snow":
        return
    height, width = picture.shape[:2]
    heads = [head_box(s) for s in staging.shown]
    right = (sum(b[0] + b[2] for b in heads) / 2 / len(heads) < width / 2) if heads else v.index % 2 == 0
    w, h = round(0.24 * min(width, height * 1.8)), round(0.34 * height)
    x0, y0 = (width - w if right else 0), (0 if kind == "leaves" else height - h)
    if any(b[0] < x0 + w and b[2] > x0 and b[1] < y0 + h and b[3] > y0 for b in heads):
        return
    layer = new_pixels(w, h)
    surface = surface_of(layer)
    colour = scaled(mix(plan.light.tone("33513a", 0.0), plan.light.ink, 0.55), 0.8)
    corner = (w * 0.86 if right else w * 0.14, h * (0.12 if kind == "leaves" else 0.95))
    nature.leaves_in_front(surface.getCanvas(), corner[0], corner[1], h * 0.30, colour, 1.2 + 0.4 * v.index)
    surface.flushAndSubmit()
    soft = cv2.GaussianBlur(layer, (0, 0), 3.2 * height / 720)
    part = picture[y0 : y0 + h, x0 : x0 + w]
    alpha = soft[..., 3:4].astype(np.float32) / 255
    part[..., :3] = np.clip(part[..., :3] * (1 - alpha) + soft[..., :3], 0, 255).astype(np.uint8)


def _tilted(
    picture: Pixels, boxes: list[tuple[float, float, float, float]], degrees: float
) -> tuple[Pixels, list[tuple[float, float, float, float]]]:
    """The picture turned about its middle and enlarged so that no corner is empty; the heads move with it."""
    height, width = picture.shape[:2]
    angle = np.deg2rad(abs(degrees))
    grow = float(np.cos(angle) + max(width / height, height / width) * np.sin(angle))
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, grow)
    turned = cv2.warpAffine(picture, matrix, (width, height), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT)
    moved: list[tuple[float, float, float, float]] = []
    for x0, y0, x1, y1 in boxes:
        corners = np.array([[x0, y0, 1], [x1, y0, 1], [x1, y1, 1], [x0, y1, 1]]) @ matrix.T
        moved.append(
            (float(corners[:, 0].min()), float(corners[:, 1].min()), float(corners[:, 0].max()), float(corners[:, 1].max()))
        )
    return turned, moved
