"""Two pictures side by side can be read by a person: both whole, titled, with what differs below."""

from __future__ import annotations

import numpy as np
import pytest

from storyreel.media.compare import Side, side_by_side
from storyreel.media.picture import UnreadablePicture, png, read


def plain(width_px: int, height_px: int, colour: tuple[int, int, int]) -> bytes:
    return png(np.full((height_px, width_px, 3), colour, np.uint8))


RED, GREEN = (40, 40, 220), (60, 200, 60)


def of(sheet: np.ndarray, colour: tuple[int, int, int]) -> tuple[int, int, int, int]:
    """Where a colour stands: left, top, right, bottom."""
    ys, xs = np.nonzero(np.abs(sheet.astype(int) - colour).max(axis=2) < 12)
    assert len(xs)
    return xs.min(), ys.min(), xs.max() + 1, ys.max() + 1


def test_both_pictures_are_shown_whole_whatever_their_shapes():
    sheet = read(side_by_side(Side(plain(320, 180, RED), "A"), Side(plain(180, 320, GREEN), "B"), [], cell_px=240))
    left, right = of(sheet, RED), of(sheet, GREEN)
    assert (left[2] - left[0]) / (left[3] - left[1]) == pytest.approx(320 / 180, rel=0.03)
    assert (right[2] - right[0]) / (right[3] - right[1]) == pytest.approx(180 / 320, rel=0.03)
    assert left[2] <= right[0]


def test_each_difference_is_a_line_below_and_long_ones_turn():
    sides = Side(plain(320, 180, RED), "A #3", "builtin"), Side(plain(320, 180, GREEN), "B #7")
    none, one, three, long = (
        read(side_by_side(*sides, lines, cell_px=240)).shape[0]
        for lines in ([], ["x"], ["x"] * 3, ["画面：时间 白天 → 夜晚，" * 12])
    )
    assert none < one < three
    assert long > one
    inked = read(side_by_side(*sides, ["time of day day → night"], cell_px=240))[none - 4 :]
    assert (inked.max(axis=2) > 150).sum() > 100


def test_a_side_without_a_picture_is_left_dark():
    sheet = read(side_by_side(Side(plain(320, 180, RED), "A"), Side(None, "voice #1"), [], cell_px=240))
    assert of(sheet, RED)[2] < sheet.shape[1] / 2


def test_bytes_that_are_no_picture_are_named():
    with pytest.raises(UnreadablePicture):
        side_by_side(Side(b"words", "A"), Side(None, "B"), [])
