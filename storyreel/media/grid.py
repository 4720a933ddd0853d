"""Cutting a sheet of pictures into its cells, along the gutters that are really there."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

import cv2
import numpy as np

from storyreel.media import gutters, picture
from storyreel.media.gutters import Cut, Values
from storyreel.media.picture import Image
from storyreel.model.errors import BadInput

__all__ = ["CONFIDENT", "Cut", "PixelBox", "Split", "TooSmall", "crop", "recut", "split"]

CONFIDENT = 0.5
"""Below this a person should look at the cut."""

_MIXED = 0.12
_TRIM_PX = 1
_LEAST_PX = 8


class TooSmall(BadInput):
    """The sheet is too small to hold that many pictures."""

    code = "sheet-too-small"


@dataclass(frozen=True, slots=True)
class PixelBox:
    """A rectangle in whole pixels from the top left corner."""

    left: int
    top: int
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Split:
    """The cells in reading order, and the cuts between columns (`down`) and between rows (`across`)."""

    cells: tuple[PixelBox, ...]
    down: tuple[Cut, ...]
    across: tuple[Cut, ...]

    @property
    def confidence(self) -> float:
        """That of the least sure cut; 1 for a single picture."""
        return min((cut.confidence for cut in (*self.down, *self.across)), default=1.0)


def split(sheet: bytes | Image, rows: int, cols: int) -> Split:
    """Find the `rows` x `cols` cells of a sheet; how many there are is never guessed.

    Gutters may be off centre, uneven, noisy or absent. Cells are trimmed so that no gutter shows at their edges.

    Raises:
        TooSmall: a cell would have fewer than 16 pixels a side.
        UnreadablePicture: the sheet is no picture.
    """
    image = picture.read(sheet) if isinstance(sheet, bytes) else sheet
    height, width = image.shape[:2]
    if width < 16 * cols or height < 16 * rows:
        raise TooSmall(f"{width} x {height} pixels cannot hold {rows} x {cols} pictures")
    columns, lines = gutters.axis_of(image, 1, cols, rows), gutters.axis_of(image, 0, rows, cols)
    gutter = gutters.colour_of((columns, lines))
    x, y = gutters.margins_of(columns, gutter), gutters.margins_of(lines, gutter)
    down, across = gutters.cuts_of(columns, gutter, *x), gutters.cuts_of(lines, gutter, *y)
    cells = [
        _trimmed(image, PixelBox(x0, y0, x1 - x0, y1 - y0), gutter)
        for y0, y1 in _spans(across, *y)
        for x0, x1 in _spans(down, *x)
    ]
    return Split(tuple(cells), tuple(down), tuple(across))


def crop(sheet: bytes | Image, box: PixelBox) -> bytes:
    """The picture in `box` as PNG."""
    image = picture.read(sheet) if isinstance(sheet, bytes) else sheet
    return picture.png(np.ascontiguousarray(image[box.top : box.top + box.height, box.left : box.left + box.width]))


def _spans(cuts: list[Cut], first: int, last: int) -> list[tuple[int, int]]:
    starts = [first, *(cut.start_px + cut.width_px for cut in cuts)]
    ends = [*(cut.start_px for cut in cuts), last]
    return list(zip(starts, ends, strict=True))


def _trimmed(image: Image, box: PixelBox, gutter: Values | None) -> PixelBox:
    """The box without lines into which the gutter's colour was blended by scaling or by JPEG."""
    if gutter is None:
        return box
    light = float(cv2.cvtColor(gutter.reshape(1, 1, 3).astype(np.uint8), cv2.COLOR_BGR2GRAY)[0, 0])
    cell = picture.grey(image[box.top : box.top + box.height, box.left : box.left + box.width]).astype(np.float64)
    left, right = _blended(cell.T, light), _blended(cell.T[::-1], light)
    top, bottom = _blended(cell, light), _blended(cell[::-1], light)
    return PixelBox(box.left + left, box.top + top, box.width - left - right, box.height - top - bottom)


def _blended(rows: Values, light: float) -> int:
    """How many lines from the first hold a share of `light` that the picture further in does not explain."""
    deep = len(rows) > _LEAST_PX
    for place in range(_TRIM_PX if deep else 0):
        inner = rows[place + 2 : place + 5].mean(axis=0)
        pull = light - inner
        energy = float(pull @ pull)
        if energy < 64.0 * len(pull) or float((rows[place] - inner) @ pull) / energy < _MIXED:
            return place
    return _TRIM_PX if deep else 0


def recut(found: Split, index: int, axis: Literal["down", "across"], nudge_px: int) -> Split:
    """The split with one cut moved by `nudge_px` (right or down when positive), and the cells on both sides of it.

    `index` counts the cuts of the axis from 0. A cut that a person moved is sure; every other cell stays as it was.

    Raises:
        BadInput: there is no such cut, or a cell would be left with fewer than 8 pixels a side.
    """
    cuts = found.down if axis == "down" else found.across
    if not 0 <= index < len(cuts):
        raise BadInput(f"there is no cut {index} {axis}; there are {len(cuts)}, counted from 0", cuts=len(cuts))
    cols = len(found.down) + 1
    cells = tuple(
        _pulled(cell, axis, (place % cols if axis == "down" else place // cols) - index, nudge_px)
        for place, cell in enumerate(found.cells)
    )
    if any(min(cell.width, cell.height) < _LEAST_PX for cell in cells):
        raise BadInput(f"moved by {nudge_px} pixels, the cut would leave a cell under {_LEAST_PX} pixels")
    moved = replace(cuts[index], start_px=cuts[index].start_px + nudge_px, confidence=1.0)
    cuts = (*cuts[:index], moved, *cuts[index + 1 :])
    return replace(found, cells=cells, **{axis: cuts})


def _pulled(cell: PixelBox, axis: Literal["down", "across"], side: int, nudge_px: int) -> PixelBox:
    """The cell before the cut (`side` 0) grows by the nudge, the one after it (1) shrinks; others stay."""
    if side not in {0, 1}:
        return cell
    grow, move = (nudge_px, 0) if side == 0 else (-nudge_px, nudge_px)
    if axis == "down":
        return replace(cell, left=cell.left + move, width=cell.width + grow)
    return replace(cell, top=cell.top + move, height=cell.height + grow)
