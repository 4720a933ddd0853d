"""Pictures as arrays: reading and writing PNG, and the planes a video encoder takes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from storyreel.model.errors import BadInput

Image = NDArray[np.uint8]
"""Rows x columns x 3, blue, green, red, 8 bits; or rows x columns for grey."""

# ITU-R BT.709, limited range: the matrix every player assumes for pictures of this size.
_BT709 = np.array(
    [[0.06201, 0.61423, 0.18259], [0.43922, -0.33857, -0.10064], [-0.04027, -0.39894, 0.43922]],
    dtype=np.float32,
)
_OFFSETS = np.array([16.0, 128.0, 128.0], dtype=np.float32)


class UnreadablePicture(BadInput):
    """These bytes are not a picture that can be read; send a PNG, JPEG or WebP."""

    code = "unreadable-picture"


@dataclass(frozen=True, slots=True)
class Planes:
    """A picture as BT.709 limited-range planes: `y` in full size, `u` and `v` in half size."""

    y: Image
    u: Image
    v: Image


def read(data: bytes) -> Image:
    """The picture in `data` as an array; transparency is laid over black.

    Raises:
        UnreadablePicture: the bytes are no picture.
    """
    found: Any = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR) if data else None
    if found is None:
        raise UnreadablePicture
    return np.asarray(found, np.uint8)


def png(image: Image) -> bytes:
    """The picture as PNG bytes, lightly compressed, since stills are read more often than they are sent."""
    written, data = cv2.imencode(".png", image, [cv2.IMWRITE_PNG_COMPRESSION, 3])
    if not written:
        raise UnreadablePicture("the picture could not be written as PNG")
    return data.tobytes()


def grey(image: Image) -> Image:
    """The picture's brightness, one byte a pixel."""
    return image if image.ndim == 2 else np.asarray(cv2.cvtColor(image, cv2.COLOR_BGR2GRAY), np.uint8)  # noqa: PLR2004


def resize(image: Image, width_px: int, height_px: int) -> Image:
    """The picture in another size: averaged when it shrinks, so that nothing flickers; Lanczos when it grows."""
    how = cv2.INTER_AREA if width_px <= image.shape[1] else cv2.INTER_LANCZOS4
    return np.asarray(cv2.resize(image, (width_px, height_px), interpolation=how), np.uint8)


def planes(image: Image) -> Planes:
    """The picture as planes; a last odd row or column is left out."""
    even = image[: image.shape[0] // 2 * 2, : image.shape[1] // 2 * 2]
    full = _transform(even)
    half = cv2.resize(full[:, :, 1:], (even.shape[1] // 2, even.shape[0] // 2), interpolation=cv2.INTER_AREA)
    chroma = _bytes(np.asarray(half, np.float32))
    return Planes(_bytes(full[:, :, 0]), chroma[:, :, 0].copy(), chroma[:, :, 1].copy())


def _transform(image: Image) -> NDArray[np.float32]:
    return np.asarray(cv2.transform(image.astype(np.float32), _BT709), np.float32) + _OFFSETS


def _bytes(values: NDArray[np.float32]) -> Image:
    return np.ascontiguousarray(np.clip(np.rint(values), 0, 255).astype(np.uint8))
