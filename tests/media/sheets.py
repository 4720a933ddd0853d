"""Sheets of pictures made as people and generators make them, with the truth about every cell beside them."""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import cv2
import numpy as np

from storyreel.media.picture import Image
from tests.media.conftest import scene

SHAPES = ((2, 2), (2, 3), (3, 3), (4, 4), (5, 5))
_PICTURES = [scene(320, 200, seed) for seed in range(12)]
Box = tuple[int, int, int, int]
Span = tuple[int, int]


@dataclass(frozen=True)
class Sheet:
    """A sheet, its cells (left, top, right, bottom) in reading order, its gutters on each axis, and how it was made."""

    image: Image
    rows: int
    cols: int
    boxes: list[Box]
    down: list[Span]
    across: list[Span]
    colour: tuple[int, int, int]
    about: str


def made(seed: int) -> Sheet:
    """The sheet number `seed`: everything about it follows from the number."""
    rng = np.random.default_rng(seed)
    rows, cols = SHAPES[seed % len(SHAPES)]
    gutter = int(rng.choice([0, 1, 2, 3, 5, 8, 12, 20, 35, 50]))
    kind = str(rng.choice(["white", "black", "grey", "coloured", "dark"], p=[0.35, 0.15, 0.15, 0.15, 0.2]))
    lined = bool(rng.random() < 0.25)
    uneven = int(rng.integers(0, 4)) if gutter > 3 else 0
    side_x, side_y = (160, 104) if rows * cols < 9 else (112, 84)
    xs, width = _laid(rng, cols, side_x, gutter, uneven)
    ys, height = _laid(rng, rows, side_y, gutter, uneven)
    colour = _colour(rng, kind)
    image = np.full((height, width, 3), colour, np.uint8)
    boxes = [(x0, y0, x1, y1) for y0, y1 in ys for x0, x1 in xs]
    for x0, y0, x1, y1 in boxes:
        image[y0:y1, x0:x1] = _picture(rng, x1 - x0, y1 - y0, dark=kind == "dark", lined=lined)
    noise = float(rng.choice([0.0, 0.0, 2.0, 5.0]))
    if noise:
        image = np.clip(image + rng.normal(0, noise, image.shape), 0, 255).astype(np.uint8)
    jpeg = int(rng.choice([60, 60, 75, 92, 0]))
    if jpeg:
        image = cv2.imdecode(cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, jpeg])[1], cv2.IMREAD_COLOR)
    about = f"sheet {seed}: {rows}x{cols}, gutter {gutter}±{uneven} {kind}, lined {lined}, noise {noise}, jpeg {jpeg}"
    return Sheet(image, rows, cols, boxes, _between(xs), _between(ys), colour, about)


def _laid(rng: np.random.Generator, parts: int, side: int, gutter: int, uneven: int) -> tuple[list[Span], int]:
    """Where the cells lie on one axis, each cut off its place by up to 5 % of the axis, and how long the axis is."""
    margin = int(rng.choice([0, 0, 0, 4, 9])) if gutter else 0
    most = 0.05 * (parts * side + (parts - 1) * gutter)
    off = rng.choice([0.0, 0.4, 1.0]) * most
    # No cut leaves its place by so much that its neighbours' cells would be half gone.
    moved = np.round(rng.uniform(-1, 1, parts - 1) * min(off, 0.22 * side)).astype(int)
    edges = [0, *(side * rank + int(moved[rank - 1]) for rank in range(1, parts)), side * parts]
    spans: list[Span] = []
    place = margin
    for rank in range(parts):
        size = edges[rank + 1] - edges[rank]
        spans.append((place, place + size))
        place += size + max(0, gutter + (int(rng.integers(-uneven, uneven + 1)) if uneven else 0))
    return spans, spans[-1][1] + margin


def _between(spans: list[Span]) -> list[Span]:
    return [(one[1], other[0]) for one, other in itertools.pairwise(spans)]


def _colour(rng: np.random.Generator, kind: str) -> tuple[int, int, int]:
    match kind:
        case "white":
            level = int(rng.choice([255, 255, 248]))
            return (level, level, level)
        case "black" | "dark":
            level = int(rng.choice([0, 0, 10]))
            return (level, level, level)
        case "grey":
            level = int(rng.integers(60, 200))
            return (level, level, level)
        case _:
            blue, green, red = (int(value) for value in rng.integers(0, 256, 3))
            return (blue, green, red)


def _picture(rng: np.random.Generator, width: int, height: int, *, dark: bool, lined: bool) -> Image:
    picture = cv2.resize(_PICTURES[int(rng.integers(0, len(_PICTURES)))], (width, height))
    if rng.random() < 0.5:
        picture = picture[:, ::-1].copy()
    if dark:
        picture = (picture * rng.uniform(0.12, 0.3)).astype(np.uint8)
    if lined:
        _draw_lines(rng, picture)
    return picture


def _draw_lines(rng: np.random.Generator, picture: Image) -> None:
    """What stands straight in real pictures: a door, a horizon, a wall, bars."""
    height, width = picture.shape[:2]
    tone = [int(value) for value in picture.reshape(-1, 3)[int(rng.integers(0, width * height))]]
    left, wide = int(rng.integers(0, width * 3 // 4)), int(rng.integers(2, width // 4))
    picture[:, left : left + wide] = tone
    top, high = int(rng.integers(0, height * 3 // 4)), int(rng.integers(2, height // 4))
    picture[top : top + high] = [255 - value for value in tone]
