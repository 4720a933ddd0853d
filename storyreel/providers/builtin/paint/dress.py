"""Dresses a cell: people with what they hold and sit on, things around them, leaves before the lens."""

from __future__ import annotations

import cv2
import numpy as np
import skia

from storyreel.providers.builtin.paint import nature
from storyreel.providers.builtin.paint.canvas import Pixels, new_pixels, paint, rect, surface_of, to_colour
from storyreel.providers.builtin.paint.figures import Staged, draw_figure, draw_shadow, hand_at, head_box, lit, matrix_of, over
from storyreel.providers.builtin.paint.handles import Canvas, Path
from storyreel.providers.builtin.paint.lens import FRAME_M, WIDE, Staging, Variation
from storyreel.providers.builtin.paint.light import Rgb, mix, rgb, scaled
from storyreel.providers.builtin.paint.places import PLACES
from storyreel.providers.builtin.paint.plan import Plan
from storyreel.providers.builtin.paint.props import draw_prop, draw_umbrella
from storyreel.providers.builtin.paint.sizes import ALIVE, IN_THE_SKY, STANDS_ALONE, height_m

_TABLE_THINGS_M = 0.4
_HERO = {"EWS": 0.28, "WS": 0.40, "FS": 0.5, "MS": 0.6, "MCU": 0.7, "CU": 0.82, "ECU": 1.1}


def people(picture: Pixels, plan: Plan, staging: Staging, v: Variation) -> None:
    """Shadows and seats first, then everyone from far to near with what they hold."""
    surface = surface_of(picture)
    canvas = surface.getCanvas()
    for s in staging.shown:
        if staging.full:
            draw_shadow(canvas, s, plan.light, key_from_right=v.key_from_right)
        else:
            _pale_pool(canvas, s, plan)
        if s.pose == "chair" and staging.full:
            _seat(canvas, s, plan)
        if s.pose == "lie" and plan.indoor:
            _bed(canvas, s, plan, cover=False)
    surface.flushAndSubmit()
    order = sorted(zip(staging.shown, staging.roles, strict=True), key=lambda q: q[0].foot_y)
    for s, role in order:
        draw_figure(picture, s, plan.light, key_from_right=v.key_from_right)
        if s.pose == "lie" and plan.indoor:
            over_bed = surface_of(picture)
            _bed(over_bed.getCanvas(), s, plan, cover=True)
            over_bed.flushAndSubmit()
        if role.held and s.pose != "lie":
            _held(picture, plan, s, role.held, v)


def _pale_pool(canvas: Canvas, s: Staged, plan: Plan) -> None:
    """A faint lightness behind a subject, so that dark hair stands out from a dark place."""
    left, top, right, bottom = head_box(s)
    radius = (bottom - top) * 1.5
    pool = skia.Paint(AntiAlias=True)
    pool.setBlendMode(skia.BlendMode.kScreen)
    glow = mix(plan.light.haze, plan.light.key, 0.4)
    stops = [to_colour(glow, 0.20 + 0.08 * plan.light.dark), to_colour(glow, 0)]
    pool.setShader(skia.GradientShader.MakeRadial(skia.Point((left + right) / 2, (top + bottom) / 2), radius, stops))
    canvas.drawCircle((left + right) / 2, (top + bottom) / 2, radius, pool)


def _outlined(canvas: Canvas, shape: Path, colour: Rgb, plan: Plan, width: float) -> None:
    ink = paint(plan.light.ink, 0.75)
    ink.setStyle(skia.Paint.kStroke_Style)
    ink.setStrokeWidth(width)
    canvas.drawPath(shape, paint(colour))
    canvas.drawPath(shape, ink)


def _seat(canvas: Canvas, s: Staged, plan: Plan) -> None:
    """Something to sit on: a stool indoors, a bench outdoors."""
    k = s.scale
    side = 1 if s.facing_right else -1
    top = s.foot_y - (2300 - 1400) * k
    centre = s.x + (330 - 560) * k * side
    half = (300 if plan.indoor else 620) * k
    wood = plan.light.tone("8a5f42", 0.1)
    line = max(1.2, 13 * k)
    for dx in (-0.8, 0.8):
        _outlined(
            canvas,
            rect(centre + dx * half - 35 * k, top + 60 * k, 70 * k, s.foot_y - top - 70 * k),
            scaled(wood, 0.85),
            plan,
            line,
        )
    if not plan.indoor:
        for dy in (-560, -330):
            _outlined(canvas, rect(centre - half, top + dy * k, 2 * half, 130 * k, 20 * k), wood, plan, line)
    _outlined(canvas, rect(centre - half, top, 2 * half, 120 * k, 20 * k), wood, plan, line)


def _bed(canvas: Canvas, s: Staged, plan: Plan, *, cover: bool) -> None:
    """A bed in the lying body's own units: frame and pillow below, a blanket above up to the chest."""
    canvas.save()
    canvas.concat(matrix_of(s))
    if cover:
        colour = plan.light.tone("7d8fb5" if plan.place != "hospital" else "cfe0e2", 0.05)
        _outlined(canvas, rect(-70, 1050, 960, 2050, 160), colour, plan, 16)
        _outlined(canvas, rect(-70, 1020, 940, 190, 80), mix(colour, (1, 1, 1), 0.55), plan, 14)
    else:
        frame = plan.light.tone("8a5f42" if plan.place != "hospital" else "b9c6c8", 0.1)
        _outlined(canvas, rect(-560, -420, 330, 3700, 40), scaled(frame, 0.9), plan, 18)
        _outlined(canvas, rect(-900, -520, 1500, 130, 40), frame, plan, 18)
        _outlined(canvas, rect(-260, -380, 260, 3600, 90), plan.light.tone("efe9dc", 0.05), plan, 16)
        _outlined(canvas, rect(-120, -330, 260, 900, 120), plan.light.tone("fbf7ee", 0.02), plan, 14)
    canvas.restore()


def _held(picture: Pixels, plan: Plan, s: Staged, name: str, v: Variation) -> None:
    x, y = hand_at(s)
    unit = s.height_px / s.person.height_m
    if name.startswith("umbrella"):
        surface = surface_of(picture)
        left, top, right, _ = head_box(s)
        draw_umbrella(surface.getCanvas(), (x, y), ((left + right) / 2, top), unit, plan.light, s.person.cloth)
        surface.flushAndSubmit()
        return
    tall = max(0.26, min(0.46, height_m(name) * 1.2)) * unit
    thing(picture, plan, name, x, y + 0.35 * tall, tall, v, flip=not s.facing_right, shadow=False)


def thing(
    picture: Pixels, plan: Plan, name: str, x: float, foot: float, tall: float, v: Variation, *, flip: bool, shadow: bool = True
) -> None:
    """A thing, lit like the people around it when it is large enough for that to show."""
    if tall < 60:
        surface = surface_of(picture)
        draw_prop(surface.getCanvas(), name, x, foot, tall, plan.light, flip=flip, shadow=shadow)
        surface.flushAndSubmit()
        return
    height, width = picture.shape[:2]
    reach = tall * 0.75 if name != "lighthouse" else width
    x0, x1 = int(max(0, x - reach)), int(min(width, x + reach))
    y0, y1 = int(max(0, foot - tall * 1.2)), int(min(height, foot + tall * 0.15))
    if x1 - x0 < 4 or y1 - y0 < 4:
        return
    layer = new_pixels(x1 - x0, y1 - y0)
    surface = surface_of(layer)
    canvas = surface.getCanvas()
    canvas.translate(-x0, -y0)
    draw_prop(canvas, name, x, foot, tall, plan.light, flip=flip, shadow=shadow)
    surface.flushAndSubmit()
    over(picture[y0:y1, x0:x1], lit(layer, plan.light, tall, key_from_right=v.key_from_right))


def things_behind(picture: Pixels, plan: Plan, staging: Staging, v: Variation, horizon: float) -> None:
    """Things in the sky, large things, and everything in a frame without people."""
    if not plan.things:
        return
    if not staging.shown:
        _heroes(picture, plan, v)
        return
    height, width = picture.shape[:2]
    side = -1 if v.flip else 1
    metres = FRAME_M[plan.frame.size]
    for i, name in enumerate(n for n in plan.things if _is_behind(plan, n)):
        x = width * (0.5 + (side if i % 2 == 0 else -side) * (0.31 - 0.05 * i))
        if name in IN_THE_SKY:
            thing(picture, plan, name, x, height * (0.30 + 0.06 * i), height * 0.16, v, flip=side > 0)
            continue
        tall = min(0.62, max(0.12, height_m(name) / max(metres, 2.2) * 0.9)) * height
        foot = max(horizon + 0.10 * height, (0.74 if plan.frame.size in ("EWS", "WS") else 0.90) * height)
        thing(picture, plan, name, x, foot, tall, v, flip=side > 0)


def _is_behind(plan: Plan, name: str) -> bool:
    return name in IN_THE_SKY or height_m(name) >= (2.0 if plan.frame.size in WIDE else 1.0)


def _heroes(picture: Pixels, plan: Plan, v: Variation) -> None:
    """A frame whose subject is a thing: it is the one that the lens looks at; others stand beside it."""
    height, width = picture.shape[:2]
    first = plan.things[0]
    aside = 0.0 if v.index % 4 == 2 or plan.frame.composition == "centre" else (0.12 if v.flip else -0.12)
    offset = {"thirds_left": -0.16, "thirds_right": 0.16}.get(plan.frame.composition, aside)
    shown = [n for n in plan.things if not (plan.frame.size == "EWS" and _on_a_table(n))]
    level = _laid(picture, plan, shown, v, offset) if shown and _on_a_table(shown[0]) else 0.0
    for i, name in reversed(list(enumerate(shown))):
        tall = min(_hero_height(plan, name, first, v) * height, 0.9 * width)
        x = width * (0.5 + offset + (0 if not i else (0.24 + 0.07 * i) * (1 if (i % 2) ^ v.flip else -1)))
        centred = plan.frame.size in ("MCU", "CU", "ECU")
        foot = 0.5 * height + tall / 2 if centred else (0.86 + 0.03 * (i > 0)) * height
        if name in IN_THE_SKY and not plan.indoor:
            foot = 0.34 * height + tall / 2
        if level and _on_a_table(name):
            foot = level
        thing(picture, plan, name, x, foot, tall, v, flip=bool(v.flip))


def _laid(picture: Pixels, plan: Plan, shown: list[str], v: Variation, offset: float) -> float:
    """A table for the small things of a frame, and the row that they stand on."""
    height, width = picture.shape[:2]
    tall = min(_hero_height(plan, shown[0], shown[0], v) * height, 0.9 * width)
    close = plan.frame.size in ("MCU", "CU", "ECU")
    foot = 0.5 * height + tall / 2 if close else (0.62 if plan.frame.size == "MS" else 0.74) * height
    _table_under(picture, plan, width * (0.5 + offset), foot, tall, whole=close)
    return foot


def _on_a_table(name: str) -> bool:
    return height_m(name) <= _TABLE_THINGS_M and name not in ALIVE and name not in IN_THE_SKY


def _table_under(picture: Pixels, plan: Plan, x: float, foot: float, tall: float, *, whole: bool) -> None:
    """A table top for what would else stand on nothing: across the whole frame in close shots."""
    height, width = picture.shape[:2]
    surface = surface_of(picture)
    canvas = surface.getCanvas()
    wood = plan.light.tone("9a6a48", 0.05)
    half = width if whole else max(tall * 1.1, 0.16 * width)
    back, front = foot - 0.10 * tall, foot + 0.14 * tall
    if not whole:
        for side in (-0.86, 0.86):
            _outlined(
                canvas, rect(x + side * half - 0.012 * width, front, 0.024 * width, height - front), scaled(wood, 0.7), plan, 2
            )
    _outlined(canvas, rect(x - half, back, 2 * half, front - back), wood, plan, 2)
    _outlined(
        canvas, rect(x - half, front, 2 * half, 0.05 * height if not whole else height - front), scaled(wood, 0.72), plan, 2
    )
    surface.flushAndSubmit()


def _hero_height(plan: Plan, name: str, first: str, v: Variation) -> float:
    """The share of the frame's height that a subject fills: by shot size, a little by its own size."""
    share = _HERO[plan.frame.size] * v.zoom
    if name != first:
        return share * min(1.0, max(0.3, (height_m(name) / height_m(first)) ** 0.5))
    if name in STANDS_ALONE:
        share *= 1.5
    if _on_a_table(name) and plan.frame.size not in ("MCU", "CU", "ECU"):
        share *= 0.5
    if name in ALIVE and plan.frame.size in WIDE:
        share *= 1.5  # the one that acts must be told from afar
    if plan.frame.size in WIDE:
        share *= min(1.0, 0.62 + 0.2 * height_m(name))
    return min(share, 1.25)


def things_before(picture: Pixels, plan: Plan, staging: Staging, v: Variation) -> None:
    """Things beside people: on the ground in wide shots, in a lower corner in close ones."""
    near = [n for n in plan.things if staging.shown and not _is_behind(plan, n)]
    if not staging.full:
        near = [n for n in near if n in ALIVE]  # a thing with nothing under it would float
    if not near:
        return
    height, width = picture.shape[:2]
    pixels_per_m = staging.shown[0].height_px / staging.shown[0].person.height_m
    left, right = min(s.x for s in staging.shown), max(s.x for s in staging.shown)
    start = 1 if (left + right) / 2 < width / 2 else -1
    for i, name in enumerate(near):
        side = start if i % 2 == 0 else -start
        if staging.full:
            tall = max(height_m(name) * pixels_per_m * 1.1, 0.045 * height)
            reach = (0.42 + 0.42 * (i // 2)) * pixels_per_m + tall * 0.4
            x = (right if side > 0 else left) + side * reach
            foot = staging.shown[0].foot_y + 0.02 * pixels_per_m
        else:
            tall = (0.40 + 0.14 * min(1.0, height_m(name))) * height
            x = width * (0.5 + side * (0.36 - 0.13 * (i // 2)))
            foot = 1.06 * height  # from below the edge, as one who stands nearer
        x = min(max(x, tall * 0.62), width - tall * 0.62)
        turned = side < 0 if name in ALIVE else side > 0  # animals look at the people
        thing(picture, plan, name, x, foot, tall, v, flip=turned)


def leaves(picture: Pixels, plan: Plan, staging: Staging, v: Variation) -> None:
    """Dark blurred leaves in a corner that no head is in."""
    kind = PLACES[plan.place].front
    if kind == "none" or staging.shoulder or plan.frame.size in ("CU", "ECU") or plan.light.weather == "snow":
        return
    if plan.style in ("ink", "pencil"):
        return
    height, width = picture.shape[:2]
    heads = [head_box(s) for s in staging.shown]
    right = (sum(b[0] + b[2] for b in heads) / 2 / len(heads) < width / 2) if heads else v.index % 2 == 0
    w, h = round(0.30 * min(width, height * 1.8)), round(0.46 * height)
    x0, y0 = (width - w if right else 0), (0 if kind == "leaves" else height - h)
    if any(b[0] < x0 + w and b[2] > x0 and b[1] < y0 + h and b[3] > y0 for b in heads):
        return
    layer = new_pixels(w, h)
    surface = surface_of(layer)
    colour = scaled(mix(rgb("33513a"), plan.light.ink, 0.4 + 0.35 * plan.light.dark), 0.75)
    corner = (w * 0.92 if right else w * 0.08, h * (0.06 if kind == "leaves" else 0.98))
    nature.leaves_in_front(surface.getCanvas(), corner[0], corner[1], h * 0.44, colour, _inward(kind, right=right))
    surface.flushAndSubmit()
    soft = cv2.GaussianBlur(layer, (0, 0), 3.6 * height / 720)
    part = picture[y0 : y0 + h, x0 : x0 + w]
    alpha = soft[..., 3:4].astype(np.float32) / 255
    part[..., :3] = np.clip(part[..., :3] * (1 - alpha) + soft[..., :3], 0, 255).astype(np.uint8)


def _inward(kind: str, *, right: bool) -> float:
    """The angle of the first twig, so that all of them grow from the corner into the picture."""
    if kind == "leaves":
        return 1.75 if right else -0.15
    return 3.25 if right else 4.75
