"""The size of a film's frame, and of the stills that a camera moves over (pure)."""

from __future__ import annotations

from typing import NamedTuple

from storyreel.model.rows import Profile

SHORT_PX = {"360p": 360, "720p": 720, "1080p": 1080, "2K": 1440, "4K": 2160}
RATIO = {"16:9": (16, 9), "9:16": (9, 16), "1:1": (1, 1), "4:3": (4, 3)}
# Room for the camera: a still is this much larger than the frame, each way.
STILL = 1.1


class Size(NamedTuple):
    """Pixels, both even, as encoders want them."""

    width_px: int
    height_px: int


def frame_size(profile: Profile) -> Size:
    """The film's frame: `resolution` is its short side, but a scope picture is as wide as 16:9 and lower."""
    short = SHORT_PX[profile.resolution]
    if profile.aspect == "2.39:1":
        width = even(short * 16 / 9)
        return Size(width, even(width / 2.39))
    wide, high = RATIO[profile.aspect]
    return Size(even(short * max(1.0, wide / high)), even(short * max(1.0, high / wide)))


def still_size(profile: Profile) -> Size:
    """The size of a still that the camera moves over."""
    frame = frame_size(profile)
    return Size(even(frame.width_px * STILL), even(frame.height_px * STILL))


def even(length: float) -> int:
    """The nearest even whole number, at least 2."""
    return max(2, round(length / 2) * 2)
