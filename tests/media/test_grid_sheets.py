"""Two hundred sheets as people and generators make them: every cut is within two pixels, or says that it is unsure."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from storyreel.media import grid
from storyreel.media.grid import Cut, Split
from storyreel.model.errors import BadInput
from tests.media.conftest import scene
from tests.media.sheets import Sheet, Span, made

SHEETS = 200


def wrong_cuts(cuts: tuple[Cut, ...], truth: list[Span], name: str) -> list[str]:
    return [
        f"cut {place} {name} at {cut.start_px}+{cut.width_px} with {cut.confidence}, truly {start}+{end - start}"
        for place, (cut, (start, end)) in enumerate(zip(cuts, truth, strict=True))
        if cut.confidence >= grid.CONFIDENT and max(abs(cut.start_px - start), abs(cut.start_px + cut.width_px - end)) > 2
    ]


def wrong_cells(split: Split, sheet: Sheet) -> list[str]:
    """Cells that lose more than two pixels of their picture, or hold a line of a gutter that can be told from it."""
    over = 2 if "dark" in sheet.about else 0
    found: list[str] = []
    for place, (cell, (x0, y0, x1, y1)) in enumerate(zip(split.cells, sheet.boxes, strict=True)):
        sides = (cell.left - x0, cell.top - y0, x1 - cell.left - cell.width, y1 - cell.top - cell.height)
        # Where pictures touch there is no gutter to be left in a cell, only a neighbour's first line.
        least = -2 if not any(end - start for start, end in (*sheet.down, *sheet.across)) else -over
        if max(sides) > 2 or min(sides) < least:
            found.append(f"cell {place} is off its picture by {sides}")
    return found


def white_edges(split: Split, sheet: Sheet) -> list[str]:
    """Edges that are nearly all of the colour of a light gutter, while the line three further in is not."""
    found: list[str] = []
    for place, cell in enumerate(split.cells):
        shown = sheet.image[cell.top : cell.top + cell.height, cell.left : cell.left + cell.width].min(axis=2)
        for edge, inner in (
            (shown[0], shown[3]),
            (shown[-1], shown[-4]),
            (shown[:, 0], shown[:, 3]),
            (shown[:, -1], shown[:, -4]),
        ):
            if (edge > 225).mean() > 0.5 > (inner > 225).mean() + 0.2:
                found.append(f"cell {place} has a white edge")
    return found


def test_two_hundred_sheets_are_cut_within_two_pixels_or_low_confidence_is_said() -> None:
    failures: list[str] = []
    sure, plainly = 0, []
    for sheet in map(made, range(SHEETS)):
        split = grid.split(sheet.image, sheet.rows, sheet.cols)
        wrong = wrong_cuts(split.down, sheet.down, "down") + wrong_cuts(split.across, sheet.across, "across")
        if split.confidence >= grid.CONFIDENT:
            sure += 1
            wrong += wrong_cells(split, sheet) + (white_edges(split, sheet) if "white" in sheet.about else [])
        if "white" in sheet.about and all(end - start >= 3 for start, end in (*sheet.down, *sheet.across)):
            plainly.append(split.confidence >= grid.CONFIDENT)
        failures += [f"{sheet.about}: {line}" for line in wrong]
    assert not failures, "\n".join(failures)
    assert sure > 0.85 * SHEETS, f"only {sure} of {SHEETS} sheets are cut with confidence"
    assert len(plainly) > 20
    assert all(plainly), "a white gutter of three pixels and more is always found"


def drawn(seed: int) -> np.ndarray:
    return cv2.resize(scene(352, 198, seed), (320, 200))


def skies(seed: int) -> np.ndarray:
    """A plain sky over a plain ground with a post: straight lines, plain stretches, and no grid."""
    rng = np.random.default_rng(seed)
    image = np.zeros((200, 320, 3), np.uint8)
    horizon, post = int(rng.integers(60, 140)), int(rng.integers(60, 260))
    image[:horizon], image[horizon:] = rng.integers(120, 255, 3), rng.integers(0, 120, 3)
    image[20:180, post : post + int(rng.integers(3, 20))] = rng.integers(0, 255, 3)
    return image


@pytest.mark.parametrize("shape", [(2, 2), (2, 3), (3, 3), (5, 5)])
def test_a_picture_that_is_no_grid_is_never_cut_with_confidence(shape: tuple[int, int]) -> None:
    for seed in range(12):
        for image in (drawn(seed), skies(seed)):
            assert grid.split(image, *shape).confidence < grid.CONFIDENT


def test_a_sheet_cut_into_the_wrong_number_says_that_it_is_unsure() -> None:
    for seed in range(0, 40, 5):
        sheet = made(seed)  # 2 x 2
        assert grid.split(sheet.image, 3, 3).confidence < grid.CONFIDENT, sheet.about


def test_a_cut_that_is_moved_moves_the_cells_beside_it_and_no_others() -> None:
    sheet = made(2)  # 3 x 3
    found = grid.split(sheet.image, 3, 3)
    moved = grid.recut(found, 1, "down", -5)
    for place, (was, now) in enumerate(zip(found.cells, moved.cells, strict=True)):
        grown, left = {0: (0, 0), 1: (-5, 0), 2: (5, -5)}[place % 3]
        assert (now.width - was.width, now.left - was.left, now.top, now.height) == (grown, left, was.top, was.height)
    assert moved.down[1].start_px == found.down[1].start_px - 5
    assert moved.down[1].confidence == 1.0
    assert (moved.down[0], moved.across) == (found.down[0], found.across)
    assert grid.recut(moved, 1, "down", 5).cells == found.cells
    lower = grid.recut(found, 0, "across", 4)
    assert lower.cells[0].height == found.cells[0].height + 4
    assert lower.cells[3].top == found.cells[3].top + 4
    assert lower.cells[6] == found.cells[6]


def test_a_cut_that_is_not_there_or_goes_too_far_is_refused() -> None:
    found = grid.split(made(0).image, 2, 2)
    with pytest.raises(BadInput, match="no cut 1 down"):
        grid.recut(found, 1, "down", 2)
    with pytest.raises(BadInput, match="under 8 pixels"):
        grid.recut(found, 0, "across", 4000)
