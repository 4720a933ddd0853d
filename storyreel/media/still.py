"""Stills: fitting them to a frame, showing many on one sheet, and judging them without any model."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import cv2
import numpy as np
from numpy.typing import NDArray

from storyreel.media import fonts, picture
from storyreel.media.picture import Image
from storyreel.model.errors import BadInput

_JUDGED_PX = 512
_PAPER = (248, 246, 245)
_INK = (0xFF, 0x2A, 0x2C, 0x30)


Faults = tuple[Literal["black", "white", "flat", "blurred", "noisy", "clipped"], ...]


class NothingToShow(BadInput):
    """A contact sheet needs at least one picture."""

    code = "nothing-to-show"


@dataclass(frozen=True, slots=True)
class PictureScore:
    """How well a picture is made, 0 to 1 each. `noise` is its standard deviation in levels of 255. `faults` are for people.

    Scores rank variants of one picture; they do not compare different pictures, and they know nothing of meaning.
    """

    total: float
    sharpness: float
    exposure: float
    colour: float
    noise: float
    faults: Faults = ()


def fit(data: bytes, width_px: int, height_px: int, mode: Literal["cover", "pad"] = "cover") -> bytes:
    """The picture at exactly this size as PNG: `cover` cuts what does not fit, `pad` lays it on a blurred copy of itself."""
    image = picture.read(data)
    if mode == "cover":
        return picture.png(_covering(image, width_px, height_px))
    scale = min(width_px / image.shape[1], height_px / image.shape[0])
    inner = picture.resize(image, max(1, round(image.shape[1] * scale)), max(1, round(image.shape[0] * scale)))
    back = cv2.GaussianBlur(_covering(image, width_px, height_px), (0, 0), max(width_px, height_px) / 40)
    canvas = np.asarray(cv2.convertScaleAbs(back, alpha=0.6), np.uint8)
    left, top = (width_px - inner.shape[1]) // 2, (height_px - inner.shape[0]) // 2
    canvas[top : top + inner.shape[0], left : left + inner.shape[1]] = inner
    return picture.png(canvas)


def thumbnail(data: bytes, longest_px: int = 320) -> bytes:
    """The picture as a PNG no longer than `longest_px`; a small one is left as large as it is."""
    image = picture.read(data)
    scale = min(1.0, longest_px / max(image.shape[:2]))
    if scale == 1.0:
        return picture.png(image)
    return picture.png(picture.resize(image, max(1, round(image.shape[1] * scale)), max(1, round(image.shape[0] * scale))))


def contact_sheet(items: Sequence[tuple[bytes, str]], *, cols: int = 4, cell_px: int = 320) -> bytes:
    """Many pictures on one PNG, each with its words below it. Cells take the shape of the first picture.

    Raises:
        NothingToShow: there are none.
    """
    if not items:
        raise NothingToShow
    images = [picture.read(data) for data, _ in items]
    cols = max(1, min(cols, len(items)))
    high = max(1, round(cell_px * images[0].shape[0] / images[0].shape[1]))
    gap, strip = max(4, cell_px // 32), max(16, cell_px // 10)
    rows = math.ceil(len(items) / cols)
    size = (gap + rows * (high + strip + gap), gap + cols * (cell_px + gap))
    sheet = np.full((*size, 3), _PAPER, np.uint8)
    places: list[tuple[str, int, int]] = []
    for rank, (image, (_, label)) in enumerate(zip(images, items, strict=True)):
        left, top = gap + rank % cols * (cell_px + gap), gap + rank // cols * (high + strip + gap)
        sheet[top : top + high, left : left + cell_px] = _covering(image, cell_px, high)
        places.append((label, left, top + high))
    return picture.png(_lettered(sheet, places, cell_px, strip))


def score(data: bytes) -> PictureScore:
    """How well a picture is made: sharp but not noisy, lit without clipping, with some colour, and not empty."""
    image = picture.read(data)
    scale = min(1.0, _JUDGED_PX / max(image.shape[:2]))
    small = picture.resize(image, max(8, round(image.shape[1] * scale)), max(8, round(image.shape[0] * scale)))
    light = picture.grey(small).astype(np.float32)
    noise = _noise(light)
    sharpness = _sharpness(light, noise)
    exposure, clipped = _exposure(light)
    colour = _colourfulness(small)
    faults = _faults(light, noise, sharpness, clipped)
    empty = any(fault in {"black", "white", "flat"} for fault in faults)
    total = 0.05 * sharpness if empty else 0.5 * sharpness + 0.3 * exposure + 0.2 * colour
    facts = {"total": total, "sharpness": sharpness, "exposure": exposure, "colour": colour, "noise": noise}
    return PictureScore(**{name: round(float(value), 4) for name, value in facts.items()}, faults=faults)


def _covering(image: Image, width_px: int, height_px: int) -> Image:
    scale = max(width_px / image.shape[1], height_px / image.shape[0])
    large = picture.resize(image, max(width_px, round(image.shape[1] * scale)), max(height_px, round(image.shape[0] * scale)))
    left, top = (large.shape[1] - width_px) // 2, (large.shape[0] - height_px) // 2
    return np.ascontiguousarray(large[top : top + height_px, left : left + width_px])


def _lettered(sheet: Image, places: list[tuple[str, int, int]], cell_px: int, strip_px: int) -> Image:
    import skia  # noqa: PLC0415  (only contact sheets need letters)

    pixels = np.ascontiguousarray(np.dstack([sheet, np.full(sheet.shape[:2], 255, np.uint8)]))
    surface: Any = skia.Surface(pixels, colorType=skia.kBGRA_8888_ColorType)
    font: Any = skia.Font(skia.Typeface.MakeFromFile(str(fonts.sans())), strip_px * 0.58)
    paint: Any = skia.Paint(Color=skia.Color(*_INK[1:]), AntiAlias=True)
    with surface as canvas:
        for label, left, top in places:
            canvas.drawString(_shortened(label, font, cell_px), left + 2, top + strip_px * 0.72, font, paint)
    return np.ascontiguousarray(pixels[:, :, :3])


def _shortened(label: str, font: Any, room_px: int) -> str:
    text = " ".join(label.split())
    if font.measureText(text) <= room_px:
        return text
    while text and font.measureText(text + "…") > room_px:
        text = text[:-1]
    return text + "…"


def _noise(light: NDArray[np.float32]) -> float:
    """Grain, from what a plane and its edges do not explain (after Immerkær), at the quietest tenth of the picture."""
    mask = np.array([[1, -2, 1], [-2, 4, -2], [1, -2, 1]], np.float32)
    rough = np.abs(cv2.filter2D(light, -1, mask))
    tiles = cv2.resize(rough, (16, 16), interpolation=cv2.INTER_AREA)
    return float(np.percentile(tiles, 25) * math.sqrt(math.pi / 2) / 6)


def _sharpness(light: NDArray[np.float32], noise: float) -> float:
    """How steep the strongest edges are for their height, so that a soft picture does not pass by its contrast."""
    smooth = np.asarray(cv2.GaussianBlur(light, (0, 0), 0.7), np.float32)
    slope = cv2.magnitude(cv2.Sobel(smooth, cv2.CV_32F, 1, 0), cv2.Sobel(smooth, cv2.CV_32F, 0, 1)) / 8
    square = np.ones((11, 11), np.uint8)
    height = np.asarray(cv2.dilate(smooth, square) - cv2.erode(smooth, square), np.float32)
    strong = height >= max(4.0, float(np.percentile(height, 92)))
    if not strong.any():
        return 0.0
    steep = np.asarray(cv2.dilate(slope, square), np.float32)[strong] / height[strong]
    tall = float(np.median(height[strong])) - 6 * noise
    edges = float(np.clip((float(np.percentile(steep, 60)) - 0.1) / 0.22, 0, 1))
    return edges * (1 - math.exp(-max(0.0, tall) / 25)) * math.exp(-max(0.0, noise - 4) / 25)


def _exposure(light: NDArray[np.float32]) -> tuple[float, float]:
    """How well the range of light is used, and the share of pixels that are clipped. Dark pictures are not punished: night is dark."""
    low, middle, high = (float(value) for value in np.percentile(light, (2, 50, 98)))
    clipped = float((light >= 254).mean() + 0.5 * (light <= 1).mean())  # noqa: PLR2004
    span = min(1.0, (high - low) / 150)
    centred = 1 - max(0.0, abs(middle - 118) - 62) / 76
    return max(0.0, 0.65 * span + 0.35 * centred) * math.exp(-3 * max(0.0, clipped - 0.02)), clipped


def _colourfulness(image: Image) -> float:
    """Colourfulness after Hasler and Süsstrunk, 60 of theirs being plenty."""
    blue, green, red = (image[:, :, rank].astype(np.float32) for rank in range(3))
    rg, yb = red - green, 0.5 * (red + green) - blue
    value = math.hypot(float(rg.std()), float(yb.std())) + 0.3 * math.hypot(float(rg.mean()), float(yb.mean()))
    return min(1.0, value / 60)


def _faults(light: NDArray[np.float32], noise: float, sharpness: float, clipped: float) -> Faults:
    black = float((light < 26).mean()) > 0.98  # noqa: PLR2004
    white = float((light > 250).mean()) > 0.9  # noqa: PLR2004
    flat = float(np.subtract(*np.percentile(light, (99, 1)))) < 10 + 2 * noise
    found: list[Any] = [name for name, holds in (("black", black), ("white", white), ("flat", flat)) if holds]
    found += ["blurred"] if sharpness < 0.2 and not found else []  # noqa: PLR2004
    found += ["noisy"] if noise > 12 else []  # noqa: PLR2004
    return (*found, *(("clipped",) if clipped > 0.25 and not found else ()))  # noqa: PLR2004
