"""The fixed way in which every segment is encoded: one format, one set of encoder settings, wherever the encoder runs."""

from __future__ import annotations

from functools import cache

from pydantic import Field, model_validator

from storyreel.model.base import Frozen
from storyreel.model.errors import BadInput

CODEC = "libx264"
PIXELS = "yuv420p"
BT709 = 1
"""The code of BT.709 for primaries, transfer and matrix (ITU-T H.273)."""
_CV_AVX512F = 13  # OpenCV's number of the feature; its Python names leave it out
LIMITED = 1
"""FFmpeg's code for limited range."""


class Format(Frozen):
    """The picture's size and rate. All segments of a film share one."""

    width_px: int = Field(gt=0)
    height_px: int = Field(gt=0)
    fps: int = Field(gt=0, le=120)

    @model_validator(mode="after")
    def _even(self) -> Format:
        if self.width_px % 2 or self.height_px % 2:
            raise ValueError(f"{self.width_px} x {self.height_px}: width and height must be even")
        return self

    def of(self, frames: int) -> float:
        """How long `frames` last, in seconds."""
        return frames / self.fps


def timescale(fmt: Format) -> int:
    """Ticks a second of the video track: a whole number of them in each frame, fine enough for players."""
    return fmt.fps * 512


def x264_options(fmt: Format) -> dict[str, str]:
    """Settings for libx264: closed groups of two seconds with fixed ends, so that a join by copy decodes like its parts."""
    return {
        "preset": "veryfast",
        "crf": "18",
        "profile": "high",
        "g": str(2 * fmt.fps),
        "keyint_min": str(fmt.fps),
        "sc_threshold": "0",
        "bf": "3",
        "flags": "+cgop",
        # subme: measured on drawn frames, a third faster for three per cent more bytes and 0.1 dB.
        "x264-params": "subme=1" + _same_bytes(),
    }


@cache
def _same_bytes() -> str:
    """libx264 r165 gives other bytes from run to run on its AVX-512 paths (macroblock tree); on AVX2 it does not."""
    import cv2  # noqa: PLC0415  (asked for only where something is encoded)

    return ":asm=avx2,fma3" if cv2.checkHardwareSupport(_CV_AVX512F) else ""


def x264_arguments(fmt: Format, threads: int) -> list[str]:
    """The same settings as arguments of the ffmpeg program."""
    named = {**x264_options(fmt), "profile:v": "high"}
    del named["profile"]
    colour = [f"-{name}" for name in ("colorspace", "color_primaries", "color_trc")]
    return [
        *("-c:v", CODEC, "-pix_fmt", PIXELS),
        *(part for name, value in named.items() for part in (f"-{name}", value)),
        *(part for name in colour for part in (name, "bt709")),
        *("-color_range", "tv", "-video_track_timescale", str(timescale(fmt)), "-threads", str(threads)),
    ]


class WrongFormat(BadInput):
    """This clip does not have the film's format; conform it first."""

    code = "wrong-format"
