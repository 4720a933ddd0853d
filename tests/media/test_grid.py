from __future__ import annotations

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from storyreel.media import grid, picture

from .conftest import scene

CELLS = [scene(320, 200, seed) for seed in range(12)]


def sheet(gutters_x, gutters_y, widths, heights, *, colour=255, noise=0.0, jpeg=None, margin=0, seed=0):
    rows, cols = len(heights), len(widths)
    rng = np.random.default_rng(seed)
    height, width = sum(heights) + sum(gutters_y) + 2 * margin, sum(widths) + sum(gutters_x) + 2 * margin
    out = np.full((height, width, 3), colour, np.uint8)
    order, boxes, y = rng.permutation(12), [], margin
    for row in range(rows):
        x = margin
        for col in range(cols):
            cell = cv2.resize(CELLS[order[row * cols + col]], (widths[col], heights[row]))
            out[y : y + heights[row], x : x + widths[col]] = cell
            boxes.append((x, y, x + widths[col], y + heights[row]))
            x += widths[col] + (gutters_x[col] if col < cols - 1 else 0)
        y += heights[row] + (gutters_y[row] if row < rows - 1 else 0)
    if noise:
        out = np.clip(out + rng.normal(0, noise, out.shape), 0, 255).astype(np.uint8)
    if jpeg:
        out = cv2.imdecode(cv2.imencode(".jpg", out, [cv2.IMWRITE_JPEG_QUALITY, jpeg])[1], cv2.IMREAD_COLOR)
    return out, boxes


def errors(split, boxes):
    """How far cells reach over their picture, and how much of it they lose, at worst, in pixels."""
    over = lost = 0
    for cell, (x0, y0, x1, y1) in zip(split.cells, boxes, strict=True):
        sides = (cell.left - x0, cell.top - y0, x1 - cell.left - cell.width, y1 - cell.top - cell.height)
        over, lost = max(over, *(-side for side in sides)), max(lost, *sides)
    return over, lost


@given(data=st.data())
@settings(max_examples=60, deadline=None)
def test_cells_are_found_within_two_pixels_or_the_cut_says_it_is_unsure(data):
    many = data.draw(st.sampled_from([2, 3]))
    gutter = data.draw(st.integers(0, 50))
    sizes = data.draw(st.lists(st.integers(-12, 12), min_size=2 * many, max_size=2 * many))
    widths, heights = [280 + change for change in sizes[:many]], [190 + change for change in sizes[many:]]
    uneven = [max(0, gutter + data.draw(st.integers(-3, 3))) for _ in range(2 * many - 2)]
    made, boxes = sheet(
        *(uneven[: many - 1], uneven[many - 1 :], widths, heights),
        colour=data.draw(st.sampled_from([255, 248, 0])),
        noise=data.draw(st.sampled_from([0.0, 3.0, 7.0])),
        jpeg=data.draw(st.sampled_from([None, 92, 75])),
        margin=data.draw(st.sampled_from([0, 8])),
        seed=data.draw(st.integers(0, 1000)),
    )
    split = grid.split(made, many, many)
    assert len(split.cells) == many * many
    if split.confidence >= grid.CONFIDENT:
        over, lost = errors(split, boxes)
        assert over <= 2
        assert lost <= 4


@pytest.mark.parametrize("gutter", [3, 12, 40])
def test_an_ordinary_sheet_is_split_with_confidence_and_no_white_edge(gutter):
    made, boxes = sheet([gutter], [gutter], [300, 286], [200, 207], jpeg=85)
    split = grid.split(picture.png(made), 2, 2)
    over, lost = errors(split, boxes)
    assert split.confidence > 0.7
    assert over <= 0
    assert lost <= 3
    for cell in split.cells:
        shown = picture.read(grid.crop(made, cell))
        assert shown.shape[:2] == (cell.height, cell.width)
        for edge in (shown[0], shown[-1], shown[:, 0], shown[:, -1]):
            assert (edge.min(axis=1) > 235).mean() < 0.2


def test_pictures_that_touch_are_cut_where_everything_changes():
    made, boxes = sheet([0], [0], [300, 290], [200, 206])
    split = grid.split(made, 2, 2)
    assert max(errors(split, boxes)) <= 2
    assert split.confidence >= grid.CONFIDENT


def test_a_sheet_that_is_one_picture_is_not_cut_with_confidence():
    assert grid.split(scene(640, 400, 3), 2, 2).confidence < grid.CONFIDENT
    smooth = cv2.resize(scene(16, 10, 3), (640, 400), interpolation=cv2.INTER_CUBIC)
    assert grid.split(smooth, 3, 3).confidence < grid.CONFIDENT


def test_one_picture_is_one_cell_and_tiny_sheets_are_refused():
    whole = grid.split(scene(64, 40), 1, 1)
    assert (whole.cells[0].width, whole.cells[0].height, whole.confidence) == (64, 40, 1.0)
    with pytest.raises(grid.TooSmall):
        grid.split(scene(40, 40), 5, 5)
