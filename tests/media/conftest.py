"""Small pictures and sounds that have what real ones have: detail at every size, edges, colour."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from storyreel.media import picture
from storyreel.media.format import Format
from storyreel.media.picture import Image


def scene(width: int = 352, height: int = 198, seed: int = 1) -> Image:
    rng = np.random.default_rng(seed)
    image = np.zeros((height, width, 3), np.float32)
    for cells in (4, 12, 40):
        grain = rng.uniform(0, 255, (cells, cells * 2, 3)).astype(np.float32)
        image += cv2.resize(grain, (width, height), interpolation=cv2.INTER_CUBIC) / 3
    drawn = np.clip(image, 0, 255).astype(np.uint8)
    for _ in range(14):
        centre = (int(rng.integers(0, width)), int(rng.integers(0, height)))
        cv2.circle(drawn, centre, int(rng.integers(4, 22)), [int(c) for c in rng.integers(0, 255, 3)], -1, cv2.LINE_AA)
    return drawn


@pytest.fixture(scope="session")
def still() -> Image:
    return scene()


@pytest.fixture(scope="session")
def still_png(still) -> bytes:
    return picture.png(still)


@pytest.fixture(scope="session")
def fmt() -> Format:
    return Format(width_px=320, height_px=180, fps=25)


@pytest.fixture(scope="session")
def draw():
    return scene
