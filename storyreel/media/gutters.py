"""Where the gutters of a sheet of pictures are: what every line across it holds, and which stretches are plain."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from storyreel.media.picture import Image

Values = NDArray[np.float64]
Span = tuple[int, int]

_BLOCK_PX = 8  # noise is averaged over so many pixels along a line
_ALIKE = 26.0
_PLAIN = 0.5  # of what a line usually differs from the gutter's colour
_ALIVE = 1.5  # a step a line: below it the picture is of plain surfaces, whose borders are no cuts
_MARGIN_SHARE = 0.18  # of a cell, at most, is a frame around the sheet


@dataclass(frozen=True, slots=True)
class Cut:
    """One gutter: where it starts, how wide it is (0 where pictures touch) and how sure that is, 0 to 1."""

    start_px: int
    width_px: int
    confidence: float


@dataclass(frozen=True, slots=True)
class Axis:
    """A sheet looked at across one axis: blocks x lines x colours, with the steps from line to line in each band."""

    blocks: Values
    steps: Values
    parts: int

    @property
    def count(self) -> int:
        """How many lines there are."""
        return self.blocks.shape[1]


@dataclass(frozen=True, slots=True)
class _Run:
    """Adjacent lines in the gutter's colour; how far they are from it, and how clearly they end on both sides."""

    start: int
    end: int
    rest: float
    sharp: float

    @property
    def centre(self) -> float:
        return (self.start + self.end) / 2


def axis_of(image: Image, axis: int, parts: int, bands: int) -> Axis:
    """`axis` 1 looks at columns, 0 at rows; `parts` cells lie along it and `bands` beside each other."""
    turned = np.ascontiguousarray(image if axis == 1 else image.transpose(1, 0, 2))
    along, lines = turned.shape[:2]
    many = max(4, along // _BLOCK_PX)
    blocks = cv2.resize(turned.astype(np.float32), (lines, many), interpolation=cv2.INTER_AREA)
    change = np.abs(np.diff(turned.astype(np.int16), axis=1)).max(axis=2).astype(np.float32)
    steps = np.stack([part.mean(axis=0) for part in np.array_split(change, max(bands, 2))])
    return Axis(np.asarray(blocks, np.float64), np.asarray(steps, np.float64), parts)


def colour_of(axes: Sequence[Axis]) -> Values | None:
    """The colour that plain lines near most expected cuts share, or None where there is no such colour."""
    windows = [window for axis in axes for window in _plain_colours(axis)]
    best: tuple[float, Values] | None = None
    for colour in (colour for window in windows for colour in window):
        shared = sum(any(_like(colour, other) for other in window) for window in windows)
        vote = shared + float(colour.mean()) / 512
        if best is None or vote > best[0]:
            best = (vote, colour)
    return best[1] if best is not None and best[0] >= 0.6 * len(windows) else None


def cuts_of(axis: Axis, gutter: Values | None, first: int, last: int) -> list[Cut]:
    """The cuts between the parts of the axis, which reaches from line `first` to before `last`."""
    windows = [_window(axis, first, last, rank) for rank in range(1, axis.parts)]
    if gutter is None:
        return [_step(axis, low, high) for low, high in windows]
    rest = rest_of(axis, gutter)
    runs = [run for run in _runs(rest, first, last) if run.start > first and run.end < last]
    chosen = [_best(runs, window, None) for window in windows]
    widths = [run.end - run.start for run in chosen if run is not None]
    usual = float(np.median(widths)) if widths else 0.0
    return [_cut(axis, runs, window, usual) for window in windows]


def rest_of(axis: Axis, gutter: Values) -> Values:
    """How far each line is from the gutter's colour, at its ninth-tenth most different block."""
    far = np.abs(axis.blocks - gutter).max(axis=2)
    return np.asarray(np.quantile(far, 0.9, axis=0), np.float64)


def margins_of(axis: Axis, gutter: Values | None) -> Span:
    """The first line of the pictures and the one after their last: a plain frame around the sheet is left out."""
    most = int(axis.count / axis.parts * _MARGIN_SHARE)
    found = (0, 0) if gutter is None else (_margin(axis, gutter, most, 1), _margin(axis, gutter, most, -1))
    for colour in _frame(axis):
        near, far = _margin(axis, colour, most, 1), _margin(axis, colour, most, -1)
        # A frame goes around: what is plain on one side only is a wall or a sky in the pictures.
        if min(near, far) and abs(near - far) <= max(2, 0.2 * max(near, far)):
            found = max(found[0], near), max(found[1], far)
    return found[0], axis.count - found[1]


def _frame(axis: Axis) -> list[Values]:
    """The colour that the outermost lines on both sides share, if they do."""
    one, other = (np.median(axis.blocks[:, place], axis=0) for place in (0, -1))
    return [(one + other) / 2] if _like(one, other) else []


def _margin(axis: Axis, colour: Values, most: int, direction: int) -> int:
    rest = rest_of(axis, colour)[::direction]
    bound = 0.4 * float(np.median(rest))
    wide = int(np.argmax(rest > bound)) if (rest > bound).any() else 0
    if not 0 < wide <= most:
        return 0
    beyond = min(float(np.median(rest)), float(np.quantile(rest[wide + 2 : wide + 8], 0.25)))
    return wide + int((rest[wide : wide + 2] < 0.6 * beyond).sum()) if beyond > bound else 0


def _plain_colours(axis: Axis) -> list[list[Values]]:
    """The colours of the plainest lines around each expected cut."""
    middle = np.median(axis.blocks, axis=0)
    spread = np.quantile(np.abs(axis.blocks - middle).max(axis=2), 0.9, axis=0)
    usual = float(np.median(spread))
    found: list[list[Values]] = []
    for rank in range(1, axis.parts):
        low, high = _window(axis, 0, axis.count, rank)
        places = [p for p in range(low, high) if spread[p] <= _PLAIN * usual]
        places.sort(key=lambda place: float(spread[place]))
        colours: list[Values] = []
        for place in places[:60]:
            if not any(_like(middle[place], other) for other in colours):
                colours.append(middle[place])
        found.append(colours)
    return found


def _like(one: Values, other: Values) -> bool:
    return float(np.abs(one - other).max()) < _ALIKE


def _window(axis: Axis, first: int, last: int, rank: int) -> Span:
    """Where the middle of a cut may be: a twentieth of the sheet off its place, and a little for uneven gutters."""
    pitch = (last - first) / axis.parts
    reach = min(0.42 * pitch, max(0.18 * pitch, 0.055 * (last - first) + 0.06 * pitch))
    expected = first + pitch * rank
    return max(first + 2, int(expected - reach)), min(last - 2, int(expected + reach) + 1)


def _runs(rest: Values, first: int, last: int) -> list[_Run]:
    usual = float(np.median(rest[first:last]))
    plain = np.zeros(len(rest) + 1, bool)
    plain[first:last] = rest[first:last] <= _PLAIN * usual
    edges = np.flatnonzero(np.diff(np.concatenate([[0], plain.astype(np.int8)])))
    found = [_edged(rest, int(start), int(end), usual) for start, end in zip(edges[::2], edges[1::2], strict=False)]
    return [run for run in found if run is not None]


def _edged(rest: Values, start: int, end: int, usual: float) -> _Run | None:
    """The run with its ends put where the lines turn from the gutter's colour into pictures."""
    core = float(np.quantile(rest[start:end], 0.25))
    left, left_sharp = _edge(rest[::-1], len(rest) - end, len(rest) - start, core, usual)
    right, right_sharp = _edge(rest, start, end, core, usual)
    begin = len(rest) - left
    return _Run(begin, right, core / max(1e-6, usual), min(left_sharp, right_sharp)) if right > begin else None


def _edge(rest: Values, start: int, end: int, core: float, usual: float) -> tuple[int, float]:
    """Where the run that lies in `start` to `end` ends, and how sharply: 1 within two lines, less over more."""
    # A bright bar in one picture beside the gutter must not stand for all pictures there.
    beyond = min(usual, float(np.quantile(rest[end + 1 : end + 7], 0.25))) if end + 2 < len(rest) else usual
    level = core + 0.42 * (beyond - core)
    place = end
    while place > start + 1 and rest[place - 1] > level:
        place -= 1
    while place < min(len(rest), end + 3) and rest[place] <= level:
        place += 1
    inner = rest[max(start, place - 3) : place]
    low = core + 0.3 * (beyond - core)
    soft = int((inner > low).sum()) + int((rest[place : place + 3] < core + 0.65 * (beyond - core)).sum())
    strong = min(1.0, (beyond - core) / max(10.0, 0.5 * usual))
    return place, strong * (1.0 if soft <= 1 else 0.75 if soft == 2 else 0.45)  # noqa: PLR2004


def _best(runs: list[_Run], window: Span, width: float | None) -> _Run | None:
    inside = [run for run in runs if window[0] <= run.centre <= window[1]]
    return max(inside, key=lambda run: _score(run, window, width), default=None)


def _score(run: _Run, window: Span, width: float | None) -> float:
    low, high = window
    wide = run.end - run.start
    off = abs(run.centre - (low + high) / 2) / (high - low)
    fits = min(wide, 60) / 60 if width is None else -abs(wide - width) / max(4.0, width)
    return fits + run.sharp - 1.2 * run.rest - 0.5 * off


def _cut(axis: Axis, runs: list[_Run], window: Span, width: float) -> Cut:
    best = _best(runs, window, width)
    if best is None:
        found = _step(axis, *window)
        return found if width <= 2 else replace(found, confidence=min(0.4, found.confidence))  # noqa: PLR2004
    sure = (1 - best.rest) * best.sharp
    others = [run for run in runs if run is not best and window[0] <= run.centre <= window[1]]
    if any(_score(run, window, width) > _score(best, window, width) - 0.3 for run in others):
        sure *= 0.45
    if abs(best.end - best.start - width) > max(4.0, 0.3 * width):
        sure *= 0.45
    return Cut(best.start, best.end - best.start, round(float(np.clip(sure, 0, 1)), 3))


def _step(axis: Axis, low: int, high: int) -> Cut:
    """Where pictures touch there is no gutter, only one line at which everything changes in every band at once."""
    bands = axis.steps[:, low - 1 : high - 1]
    # A strong line inside one picture crosses few bands: it counts little more than the weak bands beside it.
    held = np.minimum(bands, 3.0 * np.quantile(bands, 0.25, axis=0) + 1.0)
    off = np.linspace(-1.0, 1.0, held.shape[1])
    steps = (np.exp(np.log(held + 1.0).mean(axis=0)) - 1.0) * (1.0 - 0.4 * off**2)
    place = int(np.argmax(steps))
    near = range(max(0, place - 4), min(len(steps), place + 5))
    rest = np.delete(steps, near)
    if not len(rest):
        return Cut(low + place, 0, 0.0)
    peak, second, usual = float(steps[place]), float(rest.max()), float(np.median(rest))
    sure = min((peak - second) / max(4.0, 0.8 * second), (peak - usual) / max(8.0, 2 * usual))
    if usual < _ALIVE:
        sure = min(0.45, sure)
    twin = max((p for p in near if p != place), key=lambda p: float(steps[p]))
    apart, alike = abs(twin - place), (float(steps[twin]) - usual) / max(1e-6, peak - usual)
    if apart > 2 and alike > 0.3:  # noqa: PLR2004 - a thin gutter, or a line of a picture beside the cut
        sure = min(0.45, sure)
    start, width = (min(place, twin), apart) if alike > 0.5 else (place, 0)  # noqa: PLR2004
    return Cut(low + start, width, round(float(np.clip(sure, 0.0, 0.95)), 3))
