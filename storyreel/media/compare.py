"""Two pictures side by side on one sheet, with what differs between them in words below."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from storyreel.media import fonts, picture
from storyreel.media.picture import Image

PAPER = (28, 23, 22)
INK = (0xFF, 0xE6, 0xE7, 0xEA)
QUIET = (0xFF, 0x9A, 0x9D, 0xA6)
WELL = (20, 17, 16)
MOST_LINES = 40


@dataclass(frozen=True, slots=True)
class Side:
    """One picture with its title and what is known of it; `data` None where it has no picture."""

    data: bytes | None
    title: str
    facts: str = ""


def side_by_side(left: Side, right: Side, lines: Sequence[str], *, cell_px: int = 560) -> bytes:
    """A PNG with both pictures whole, in fields of one size, and a line of text for each difference.

    `cell_px` is the width of one picture. Words that are too long turn into the next line; of very many the first are shown.

    Raises:
        UnreadablePicture: the bytes of one are no picture.
    """
    images = [None if side.data is None else picture.read(side.data) for side in (left, right)]
    gap, text_px = max(8, cell_px // 40), max(12, cell_px // 32)
    high = _height(images, cell_px)
    font = _font(text_px)
    width = 3 * gap + 2 * cell_px
    told = [row for line in lines for row in _wrapped(line, font, width - 2 * gap)][:MOST_LINES]
    head, step = round(text_px * 3.2), round(text_px * 1.6)
    height = gap + high + head + (gap + len(told) * step if told else 0) + gap
    sheet = np.full((height, width, 3), PAPER, np.uint8)
    words: list[tuple[str, int, int, tuple[int, ...]]] = []
    for place, (side, image) in enumerate(zip((left, right), images, strict=True)):
        x = gap + place * (cell_px + gap)
        sheet[gap : gap + high, x : x + cell_px] = WELL
        if image is not None:
            _lay(sheet, image, x, gap, cell_px, high)
        words.append((_cut(side.title, font, cell_px), x, gap + high + round(text_px * 1.4), INK))
        words.append((_cut(side.facts, font, cell_px), x, gap + high + round(text_px * 2.8), QUIET))
    top = gap + high + head + gap + text_px
    words += [(row, gap, top + index * step, INK) for index, row in enumerate(told)]
    return picture.png(_written(sheet, words, font))


def _height(images: Sequence[Image | None], cell_px: int) -> int:
    """The height of the tallest of them at the width of a cell, but no more than twice that width."""
    shapes = [image.shape[0] / image.shape[1] for image in images if image is not None]
    return round(cell_px * min(2.0, max(shapes, default=9 / 16)))


def _lay(sheet: Image, image: Image, left: int, top: int, width_px: int, height_px: int) -> None:
    """The whole picture in the middle of its field."""
    scale = min(width_px / image.shape[1], height_px / image.shape[0])
    fitted = picture.resize(image, max(1, math.floor(image.shape[1] * scale)), max(1, math.floor(image.shape[0] * scale)))
    y, x = top + (height_px - fitted.shape[0]) // 2, left + (width_px - fitted.shape[1]) // 2
    sheet[y : y + fitted.shape[0], x : x + fitted.shape[1]] = fitted


def _font(size_px: int) -> Any:
    import skia  # noqa: PLC0415  (only sheets with words need letters)

    return skia.Font(skia.Typeface.MakeFromFile(str(fonts.sans())), size_px)


def _written(sheet: Image, words: Sequence[tuple[str, int, int, tuple[int, ...]]], font: Any) -> Image:
    import skia  # noqa: PLC0415

    pixels = np.ascontiguousarray(np.dstack([sheet, np.full(sheet.shape[:2], 255, np.uint8)]))
    surface: Any = skia.Surface(pixels, colorType=skia.kBGRA_8888_ColorType)
    with surface as canvas:
        for text, x, y, colour in words:
            canvas.drawString(text, x, y, font, skia.Paint(Color=skia.Color(*colour[1:]), AntiAlias=True))
    return np.ascontiguousarray(pixels[:, :, :3])


def _wrapped(line: str, font: Any, room_px: int) -> list[str]:
    """A line as rows that fit: broken at spaces, and inside a run that is longer than a row, as Chinese is."""
    rows = [""]
    for piece in _pieces(" ".join(line.split())):
        if font.measureText((rows[-1] + piece).rstrip()) <= room_px or not rows[-1]:
            rows[-1] += piece
        else:
            rows[-1] = rows[-1].rstrip()
            rows.append(piece.lstrip())
    return rows


def _pieces(line: str) -> list[str]:
    """A Latin word with the space after it, or one character of another script."""
    pieces: list[str] = []
    for char in line:
        joined = pieces and char.isascii() and pieces[-1][-1].isascii() and not pieces[-1].endswith(" ")
        if joined:
            pieces[-1] += char
        else:
            pieces.append(char)
    return pieces


def _cut(text: str, font: Any, room_px: int) -> str:
    said = " ".join(text.split())
    if font.measureText(said) <= room_px:
        return said
    while said and font.measureText(said + "…") > room_px:
        said = said[:-1]
    return said + "…"
