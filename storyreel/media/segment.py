"""Shot segments: video only, encoded so that any two of one format can be joined by copying."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from typing import Literal

import numpy as np

from storyreel.media import ffmpeg, fonts, subtitles
from storyreel.media.captions import Caption
from storyreel.media.encode import Encoder, FramesMissing
from storyreel.media.format import Format, WrongFormat, timescale, x264_arguments
from storyreel.media.probe import Probe, probe
from storyreel.media.subtitles import Label
from storyreel.model.edits import CaptionStyle
from storyreel.pipeline.ports import Progress


@dataclass(frozen=True, slots=True)
class Segment:
    """A shot's picture, ready to be joined. `extradata` is the SHA-256 of the codec's set-up; only equals are joined."""

    path: Path
    frames: int
    format: Format
    extradata: str
    copied: bool = False


async def finish(
    clip: Path,
    out: Path,
    fmt: Format,
    frames: int,
    captions: Sequence[Caption] = (),
    *,
    label: Label | None = None,
    style: CaptionStyle | None = None,
    threads: int = 1,
    progress: Progress | None = None,
) -> Segment:
    """The final segment of a shot: `captions` and `label` burnt in, or a plain copy where there are none.

    The clip must have `fmt` and exactly `frames`; a clip from elsewhere goes through `conform` first.

    Raises:
        WrongFormat: the clip has another size, rate or codec.
        FramesMissing: the clip or the result has another number of frames.
        DiskFull: the segment could not be written.
    """
    found = await asyncio.to_thread(probe, clip)
    _check_shape(found, fmt, clip)
    _check_frames(found.frames, frames, clip)
    if not captions and label is None and found.extradata == extradata(fmt) and joins(found, fmt):
        with ffmpeg.finished(out) as copy:
            await asyncio.to_thread(shutil.copyfile, clip, copy)
        return Segment(out, frames, fmt, found.extradata, copied=True)
    with ffmpeg.finished(out) as made:
        burning = _burning(made.parent, subtitles.ass(captions, fmt.width_px, fmt.height_px, label, style))
        arguments = ["-i", clip.absolute(), "-map", "0:v:0", *burning, "-frames:v", str(frames)]
        arguments += [*x264_arguments(fmt, threads), *plain(made)]
        await ffmpeg.run(arguments, duration_s=fmt.of(frames), progress=progress, cwd=made.parent)
        digest = await checked(made, fmt, frames)
    return Segment(out, frames, fmt, digest)


async def conform(
    clip: Path,
    out: Path,
    fmt: Format,
    frames: int,
    *,
    fit: Literal["cover", "pad"] = "cover",
    held: bool = False,
    threads: int = 1,
    progress: Progress | None = None,
) -> Segment:
    """A clip from any provider as a segment: scaled, retimed to the film's rate and cut to exactly `frames`.

    `held` holds the last frame of a clip that is too short for as long as it takes.

    Raises:
        FramesMissing: the clip is more than a tenth of a second too short; holding its last frame longer would be seen.
    """
    found = await asyncio.to_thread(probe, clip)
    missing_s = fmt.of(frames) - found.duration_s
    if not held and missing_s > max(0.1, 1.5 / fmt.fps):
        raise FramesMissing(f"the clip lasts {found.duration_s:.2f} s and {fmt.of(frames):.2f} s are needed")
    # Undefined, not 1:1, is how the encoder here writes square pixels; the set-up of all segments must be the same.
    named = "setsar=0,setparams=range=tv:colorspace=bt709:color_primaries=bt709:color_trc=bt709"
    filters = f"{_fitted(fmt, fit)},fps={fmt.fps},tpad=stop_mode=clone:stop_duration={max(0.5, missing_s + 0.5):.3f},format=yuv420p,{named}"
    arguments = ["-i", clip, "-map", "0:v:0", "-vf", filters, "-frames:v", str(frames), *x264_arguments(fmt, threads)]
    with ffmpeg.finished(out) as made:
        await ffmpeg.run([*arguments, *plain(made)], duration_s=fmt.of(frames), progress=progress)
        digest = await checked(made, fmt, frames)
    return Segment(out, frames, fmt, digest)


def extradata(fmt: Format) -> str:
    """The SHA-256 of the codec set-up that every segment of this format has, found by encoding one frame."""
    return _extradata(fmt.width_px, fmt.height_px, fmt.fps)


@lru_cache(maxsize=32)
def _extradata(width_px: int, height_px: int, fps: int) -> str:
    fmt = Format(width_px=width_px, height_px=height_px, fps=fps)
    out = BytesIO()
    with Encoder(out, fmt, 1) as encoder:
        encoder.write(np.full((fmt.height_px * 3 // 2, fmt.width_px), 128, np.uint8))
    return probe(out.getvalue()).extradata


def joins(found: Probe, fmt: Format) -> bool:
    """Whether a file has no other stream and the steady clock that joining by copy needs."""
    return found.steady and not found.audio_codec and found.time_base_hz == timescale(fmt)


def _burning(folder: Path, ass: str) -> list[str]:
    """Arguments that draw the captions, written to `folder`, which ffmpeg must be run in.

    They name no path: libavfilter reads colons, quotes and backslashes in paths as its own syntax.
    """
    (folder / "captions.ass").write_text(ass, encoding="utf-8")
    (folder / "fonts").symlink_to(fonts.folder(), target_is_directory=True)
    return ["-vf", "subtitles=captions.ass:fontsdir=fonts", "-fps_mode", "passthrough"]


def _fitted(fmt: Format, fit: Literal["cover", "pad"]) -> str:
    """Filters that bring any picture to the film's size, square pixels and BT.709."""
    size = f"{fmt.width_px}:{fmt.height_px}"
    grown, placed = ("increase", f"crop={size}") if fit == "cover" else ("decrease", f"pad={size}:-1:-1")
    matrix = "flags=lanczos:in_color_matrix=auto:out_color_matrix=bt709:out_range=tv"
    return f"scale=iw*sar:ih,scale={size}:force_original_aspect_ratio={grown}:{matrix},{placed}"


def plain(out: Path) -> list[str | Path]:
    """No sound, no tags, no dates: the same work gives the same bytes."""
    return ["-an", "-sn", "-dn", "-map_metadata", "-1", "-map_chapters", "-1", "-fflags", "+bitexact", "-f", "mp4", out]


async def checked(path: Path, fmt: Format, frames: int) -> str:
    """The digest of a finished segment's set-up, once its shape and its frames are found to be right."""
    made = await asyncio.to_thread(probe, path)
    _check_shape(made, fmt, path)
    _check_frames(made.frames, frames, path)
    return made.extradata


def _check_shape(found: Probe, fmt: Format, clip: Path) -> None:
    if (found.width_px, found.height_px, found.fps) != (fmt.width_px, fmt.height_px, float(fmt.fps)):
        is_now = f"{found.width_px} x {found.height_px} at {found.fps:g}"
        raise WrongFormat(f"{clip.name} is {is_now}; the film is {fmt.width_px} x {fmt.height_px} at {fmt.fps}")


def _check_frames(found: int, wanted: int, clip: Path) -> None:
    if found != wanted:
        raise FramesMissing(f"{clip.name} has {found} frames and {wanted} were asked")
