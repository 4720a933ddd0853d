"""What a picture looks like, in 96 numbers: pictures that look alike lie near each other, whatever file they come in.

The first 48 are light and two colours (CIE Lab) of a soft 4 x 4 grid, the others the lowest frequencies of the light (a cosine
transform, as in perceptual hashing), each weaker the finer it is, so that a small crop moves it little. All are about -1 to 1.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from storyreel.media.picture import Image

LENGTH = 96
NEAR = 0.4
"""About this far apart lie a picture and its copy with a tenth cut away; saved again or made smaller, it lies within a tenth of that."""

_SIDE_PX = 32
_GRID = 4
_WAVES = 7
_COLOUR_GAIN = 2.0
_GRID_GAIN = 0.5
_WAVE_GAIN = 1.0


def look_of(image: Image) -> tuple[float, ...]:
    """The 96 numbers of a picture (rows x columns x 3, blue, green, red)."""
    small = cv2.resize(image, (_SIDE_PX, _SIDE_PX), interpolation=cv2.INTER_AREA)
    lab = np.asarray(cv2.cvtColor(small.astype(np.float32) / 255, cv2.COLOR_BGR2LAB), np.float32)
    # L is 0 to 100, a and b about -100 to 100.
    lab = (lab - np.array([50, 0, 0], np.float32)) / np.array([50, 100, 100], np.float32)
    return tuple(round(float(value), 5) for value in np.concatenate([_grid(lab), _waves(lab[:, :, 0])]))


def distance(one: tuple[float, ...], other: tuple[float, ...]) -> float:
    """How far apart two pictures look: 0 is the same; see `NEAR`."""
    return float(np.linalg.norm(np.subtract(one, other)))


def _grid(lab: NDArray[np.float32]) -> NDArray[np.float32]:
    soft = cv2.GaussianBlur(lab, (0, 0), _SIDE_PX / _GRID / 2)
    cells = cv2.resize(soft, (_GRID, _GRID), interpolation=cv2.INTER_AREA)
    return np.asarray(cells * np.array([1, _COLOUR_GAIN, _COLOUR_GAIN], np.float32) * _GRID_GAIN, np.float32).ravel()


def _waves(light: NDArray[np.float32]) -> NDArray[np.float32]:
    waves = np.asarray(cv2.dct(light), np.float32)[:_WAVES, :_WAVES] / _SIDE_PX
    v, u = np.mgrid[:_WAVES, :_WAVES]
    weighted = waves / (1 + np.hypot(u, v) / 2) * _WAVE_GAIN * 4
    # The mean is in the grid already.
    return np.asarray(weighted, np.float32).ravel()[1:]
