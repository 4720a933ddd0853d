"""Paints a frame, or a sheet of its variations: one plate for the place, a cell for each variation."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np

from storyreel.model.digest import seed_of
from storyreel.pipeline.ports import Box, CellFacts, ImageRequest
from storyreel.providers.builtin.paint import dress, lens, weather
from storyreel.providers.builtin.paint.canvas import Brush, Pixels, new_pixels, surface_of
from storyreel.providers.builtin.paint.figures import draw_silhouette, head_box
from storyreel.providers.builtin.paint.finish import finish, washed
from storyreel.providers.builtin.paint.lens import BLUR_PX, ZOOM, Staging, Variation
from storyreel.providers.builtin.paint.light import scaled
from storyreel.providers.builtin.paint.places import PLACES
from storyreel.providers.builtin.paint.plan import Plan, plan_of, say

GUTTER_PX = 16
MARGIN_X = 0.14
MARGIN_Y = 0.06
EXTENT = (-2.0, -1.3, 2.0, 1.15)  # how far every place is painted, whatever the shot shows of it
_CLOSENESS = {"EWS": 0.0, "WS": 0.1, "FS": 0.3, "MS": 0.6, "MCU": 0.75, "CU": 0.9, "ECU": 1.0}

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
    notes = plan.notes + (("reference pictures are not looked at by the built-in painter",) if request.references else ())
    return sheet_of(cells, request.rows, request.cols), tuple(facts), notes


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
    """The place alone, blurred for the lens; a place looks the same in every shot, however it was worded."""
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
    half = max(EXTENT[2], full_w / 2 / scale)
    extent = (-half, min(EXTENT[1], -horizon / scale), half, max(EXTENT[3], (full_h - horizon) / scale))
    brush = Brush(canvas, plan.light, scale, extent, seed_of("place", plan.place), chinese=plan.chinese)
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
        weather.wet_ground(
            pixels, round(horizon), round(horizon + (ground - horizon) * 0.25), seed, 0.40 + 0.24 * plan.light.dark
        )
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
    dress.things_behind(picture, plan, staging, v, plate.horizon - offset)
    dress.people(picture, plan, staging, v)
    dress.things_before(picture, plan, staging, v)
    if staging.shoulder:
        draw_silhouette(picture, staging.shoulder, scaled(plan.light.ink, 0.6), 10 * height / 720)
    dress.leaves(picture, plan, staging, v)
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
    return [say(names, f"这个景别只容一张脸，没有画：{names}", f"the shot holds one face; not shown: {names}")]


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
