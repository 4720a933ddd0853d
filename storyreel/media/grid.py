"""Cutting a sheet of pictures into its cells, along the gutters that are really there."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from storyreel.media import picture
from storyreel.media.picture import Image
from storyreel.model.errors import BadInput

Values = NDArray[np.float64]
CONFIDENT = 0.5
"""Below this a person should look at the cut."""

_REACH = 0.18  # of a cell, to each side of where a cut is expected
_MIXED = 0.12
_TRIM_PX = 4
_NEAR_COLOUR = 26.0


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
class Cut:
    """One gutter: where it starts, how wide it is (0 where pictures touch) and how sure that is, 0 to 1."""

    start_px: int
    width_px: int
    confidence: float


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


@dataclass(frozen=True, slots=True)
class _Lines:
    """What is known of every line across one axis: colour, how much it varies along itself, the step to the next line."""

    colour: Values
    spread: Values
    step: Values


@dataclass(frozen=True, slots=True)
class _Run:
    """Adjacent lines of one plain colour."""

    start: int
    end: int
    spread: float
    colour: Values
    off_centre: float


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
    columns, lines = _lines(image, 1), _lines(image, 0)
    gutter = _gutter_colour([*_all_runs(columns, cols), *_all_runs(lines, rows)])
    down, across = _cuts(columns, cols, gutter), _cuts(lines, rows, gutter)
    spans_x, spans_y = _spans(columns, down, width, gutter), _spans(lines, across, height, gutter)
    cells = [_trimmed(image, PixelBox(x0, y0, x1 - x0, y1 - y0), gutter) for y0, y1 in spans_y for x0, x1 in spans_x]
    return Split(tuple(cells), tuple(down), tuple(across))


def crop(sheet: bytes | Image, box: PixelBox) -> bytes:
    """The picture in `box` as PNG."""
    image = picture.read(sheet) if isinstance(sheet, bytes) else sheet
    return picture.png(np.ascontiguousarray(image[box.top : box.top + box.height, box.left : box.left + box.width]))


def _lines(image: Image, axis: int) -> _Lines:
    """`axis` 1 looks at columns, 0 at rows."""
    values = np.asarray(image if axis == 1 else image.transpose(1, 0, 2), np.float32)
    colour = values.mean(axis=0, dtype=np.float64)
    spread = np.sqrt(((values - colour.astype(np.float32)) ** 2).mean(axis=0)).mean(axis=1)
    step = np.abs(np.diff(values, axis=1)).mean(axis=(0, 2))
    return _Lines(colour, np.asarray(spread, np.float64), np.asarray(step, np.float64))


def _window(count: int, parts: int, rank: int) -> tuple[int, int, float]:
    expected, reach = count * rank / parts, count / parts * _REACH
    return max(1, int(expected - reach)), min(count - 1, int(expected + reach) + 1), expected


def _all_runs(lines: _Lines, parts: int) -> list[list[_Run]]:
    return [_runs(lines, *_window(len(lines.spread), parts, rank)) for rank in range(1, parts)]


def _runs(lines: _Lines, low: int, high: int, expected: float) -> list[_Run]:
    """Plain stretches in a window, each of one colour. Plain is told from the picture's own liveliness."""
    usual = float(np.median(lines.spread))
    plainest = float(lines.spread[low:high].min())
    bound = min(1.6 * plainest + 2.5, 0.55 * usual)
    found: list[_Run] = []
    start = low
    for place in range(low, high + 1):
        plain = place < high and lines.spread[place] <= bound
        same = place > start and float(np.abs(lines.colour[place] - lines.colour[place - 1]).max()) < 9 if plain else False  # noqa: PLR2004
        if place > start and not (plain and same):
            found.append(_run(lines, start, place, expected))
            start = place
        if not plain:
            start = place + 1
    return found


def _run(lines: _Lines, start: int, end: int, expected: float) -> _Run:
    spread = float(np.median(lines.spread[start:end]))
    return _Run(start, end, spread, np.median(lines.colour[start:end], axis=0), abs((start + end) / 2 - expected))


def _gutter_colour(windows: list[list[_Run]]) -> Values | None:
    """The colour that plain runs of most windows share: all gutters of a sheet have one; of equals the lighter one."""
    runs = [run for window in windows for run in window]
    best: tuple[float, Values] | None = None
    for run in runs:
        shared = sum(any(_like(run.colour, other.colour) for other in window) for window in windows)
        vote = shared + float(run.colour.mean()) / 512
        if best is None or vote > best[0]:
            best = (vote, run.colour)
    return best[1] if best else None


def _like(one: Values, other: Values) -> bool:
    return float(np.abs(one - other).max()) < _NEAR_COLOUR


def _cuts(lines: _Lines, parts: int, gutter: Values | None) -> list[Cut]:
    return [_cut(lines, *_window(len(lines.spread), parts, rank), gutter) for rank in range(1, parts)]


def _cut(lines: _Lines, low: int, high: int, expected: float, gutter: Values | None) -> Cut:
    usual = max(1e-6, float(np.median(lines.spread)))
    runs = [run for run in _runs(lines, low, high, expected) if gutter is not None and _like(run.colour, gutter)]
    if not runs:
        return _step_cut(lines, low, high)
    # The widest plain run is the gutter; of like widths, the nearer to the middle.
    best = max(runs, key=lambda run: min(run.end - run.start, 60) - 40 * run.off_centre / (high - low))
    rivals = [run for run in runs if run is not best and run.end - run.start > (best.end - best.start) / 2]
    sure = 1 - best.spread / usual
    touches_edge = best.start == low or best.end == high
    start, end = _widened(lines, best, usual)
    return Cut(start, end - start, round(sure * (0.6 if rivals else 1.0) * (0.45 if touches_edge else 1.0), 3))


def _widened(lines: _Lines, run: _Run, usual: float) -> tuple[int, int]:
    """The run with the lines beside it that are still of its colour, only rougher: JPEG rings there."""
    rough = min(12.0 + run.spread, 0.4 * usual)

    def belongs(place: int) -> bool:
        near = float(np.abs(lines.colour[place] - run.colour).max()) < 8  # noqa: PLR2004
        return near and float(lines.spread[place]) <= rough

    start, end = run.start, run.end
    while start > max(1, run.start - 12) and belongs(start - 1):
        start -= 1
    while end < min(len(lines.spread) - 1, run.end + 12) and belongs(end):
        end += 1
    return start, end


def _step_cut(lines: _Lines, low: int, high: int) -> Cut:
    """Where pictures touch there is no gutter, only one line at which everything changes at once."""
    steps = lines.step[low - 1 : high - 1]
    place = int(np.argmax(steps))
    rest = np.delete(steps, range(max(0, place - 2), min(len(steps), place + 3)))
    if not len(rest):
        return Cut(low + place, 0, 0.0)
    usual, second = float(np.median(rest)), float(rest.max())
    peak = float(steps[place])
    sure = min((peak - second) / max(4.0, second), (peak - usual) / max(8.0, 2 * usual))
    return Cut(low + place, 0, round(float(np.clip(sure, 0.0, 0.95)), 3))


def _spans(lines: _Lines, cuts: list[Cut], count: int, gutter: Values | None) -> list[tuple[int, int]]:
    first, last = _margins(lines, count, len(cuts) + 1, gutter)
    starts = [first, *(cut.start_px + cut.width_px for cut in cuts)]
    ends = [*(cut.start_px for cut in cuts), last]
    return list(zip(starts, ends, strict=True))


def _margins(lines: _Lines, count: int, parts: int, gutter: Values | None) -> tuple[int, int]:
    """How far a plain frame around the whole sheet reaches in."""
    usual = float(np.median(lines.spread))
    most = int(count / parts * _REACH)
    rough = min(12.0 + float(lines.spread.min()), 0.4 * usual)

    def plain(place: int) -> bool:
        calm = float(lines.spread[place]) <= rough
        colour = lines.colour[place]
        paper = float(colour.min()) > 240 or float(colour.max()) < 14  # noqa: PLR2004
        return calm and (paper or (gutter is not None and _like(colour, gutter)))

    first = next((place for place in range(most) if not plain(place)), 0)
    last = next((place for place in range(most) if not plain(count - 1 - place)), 0)
    return first, count - last


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
    deep = len(rows) > 4 * _TRIM_PX
    for place in range(_TRIM_PX if deep else 0):
        inner = rows[place + 2 : place + 5].mean(axis=0)
        pull = light - inner
        energy = float(pull @ pull)
        if energy < 64.0 * len(pull) or float((rows[place] - inner) @ pull) / energy < _MIXED:
            return place
    return _TRIM_PX if deep else 0
