"""Steps of an edit as filters of ffmpeg, in one pass over a clip that has the film's format (the filters themselves are pure)."""

from __future__ import annotations

from collections.abc import Sequence
from functools import singledispatch
from pathlib import Path

from storyreel.media import ffmpeg, segment
from storyreel.media.format import Format, x264_arguments
from storyreel.media.segment import Segment
from storyreel.model.edits import (
    BarsEdit,
    BlurEdit,
    CropEdit,
    Edit,
    FadeEdit,
    GradeEdit,
    HoldEdit,
    MirrorEdit,
    ReverseEdit,
    SharpenEdit,
    SpeedEdit,
    TrimEdit,
    VignetteEdit,
)
from storyreel.pipeline.ports import Progress

ASPECTS = {"16:9": 16 / 9, "9:16": 9 / 16, "1:1": 1.0, "4:3": 4 / 3, "2.39:1": 2.39}
SEPIA = "colorchannelmixer=.393:.769:.189:0:.349:.686:.168:0:.272:.534:.131"
LOOKS = {
    "black_white": "hue=s=0",
    "sepia": SEPIA,
    "warm": "colorbalance=rs=.08:rm=.06:rh=.04:bs=-.08:bm=-.06:bh=-.04",
    "cool": "colorbalance=rs=-.07:rm=-.05:rh=-.03:bs=.09:bm=.06:bh=.04",
    "vintage": "curves=preset=vintage,eq=saturation=0.85:contrast=0.95",
}


async def edit(
    clip: Path,
    out: Path,
    fmt: Format,
    frames: int,
    edits: Sequence[Edit],
    *,
    threads: int = 1,
    progress: Progress | None = None,
) -> Segment:
    """The clip, which has `fmt` already, with the steps done to it, as a segment of exactly `frames`.

    The same steps on the same clip give the same bytes.

    Raises:
        FramesMissing: the steps do not lead to `frames`.
        DiskFull: the result could not be written.
    """
    arguments = ["-i", clip, "-map", "0:v:0", "-vf", chain(edits, fmt, frames), "-frames:v", str(frames)]
    with ffmpeg.finished(out) as made:
        await ffmpeg.run(
            [*arguments, *x264_arguments(fmt, threads), *segment.plain(made)], duration_s=fmt.of(frames), progress=progress
        )
        digest = await segment.checked(made, fmt, frames)
    return Segment(out, frames, fmt, digest)


def chain(edits: Sequence[Edit], fmt: Format, frames: int) -> str:
    """The steps as one chain of filters; what changes length comes before what counts from the clip's end."""
    moved = [step for step in edits if not isinstance(step, FadeEdit)]
    faded = [step for step in edits if isinstance(step, FadeEdit)]
    parts = [filters(step, fmt) for step in moved]
    parts += [_fade(step, fmt.of(frames)) for step in faded]
    named = "setsar=0,setparams=range=tv:colorspace=bt709:color_primaries=bt709:color_trc=bt709"
    return ",".join([*(part for part in parts if part), "format=yuv420p", named])


@singledispatch
def filters(step: Edit, fmt: Format) -> str:  # noqa: ARG001 - see the registered ones
    """One step as filters; a step that does nothing is empty."""
    raise TypeError(f"{type(step).__name__} has no filter")


@filters.register
def _(step: TrimEdit, fmt: Format) -> str:
    return f"trim=start_frame={step.start}:end_frame={step.start + step.frames},setpts=PTS-STARTPTS,fps={fmt.fps}"


@filters.register
def _(step: SpeedEdit, fmt: Format) -> str:
    # A hair more than asked is held at the end, so that rounding leaves no frame out.
    return f"setpts=PTS*{step.frames / step.of:.8f},fps={fmt.fps},tpad=stop_mode=clone:stop=2,trim=end_frame={step.frames}"


@filters.register
def _(step: HoldEdit, fmt: Format) -> str:  # noqa: ARG001 - every step has the format
    return f"tpad=stop_mode=clone:stop={step.frames - step.of}" if step.frames > step.of else ""


@filters.register
def _(step: ReverseEdit, fmt: Format) -> str:  # noqa: ARG001
    return f"reverse,setpts=N/{fmt.fps}/TB"


@filters.register
def _(step: MirrorEdit, fmt: Format) -> str:  # noqa: ARG001
    return "hflip" if step.axis == "horizontal" else "vflip"


@filters.register
def _(step: CropEdit, fmt: Format) -> str:
    part = f"crop=iw*{step.size:.4f}:ih*{step.size:.4f}:iw*{step.x:.4f}:ih*{step.y:.4f}"
    return f"{part},scale={fmt.width_px}:{fmt.height_px}:flags=lanczos"


@filters.register
def _(step: BarsEdit, fmt: Format) -> str:
    shape, frame = ASPECTS[step.aspect], fmt.width_px / fmt.height_px
    if shape > frame:
        bar = round((fmt.height_px - fmt.width_px / shape) / 2)
        boxes = (f"0:0:iw:{bar}", f"0:ih-{bar}:iw:{bar}")
    else:
        bar = round((fmt.width_px - fmt.height_px * shape) / 2)
        boxes = (f"0:0:{bar}:ih", f"iw-{bar}:0:{bar}:ih")
    return ",".join(f"drawbox={box}:color=black:t=fill" for box in boxes) if bar > 0 else ""


@filters.register
def _(step: GradeEdit, fmt: Format) -> str:  # noqa: ARG001
    numbers = f"eq=brightness={0.5 * step.brightness:.4f}:contrast={1 + step.contrast:.4f}:saturation={1 + step.saturation:.4f}"
    asked = step.brightness or step.contrast or step.saturation
    warm = 0.3 * step.warmth
    balance = f"colorbalance=rm={warm:.4f}:bm={-warm:.4f}:rs={warm / 2:.4f}:bs={-warm / 2:.4f}"
    return ",".join(part for part in (LOOKS.get(step.look, ""), numbers if asked else "", balance if step.warmth else "") if part)


@filters.register
def _(step: BlurEdit, fmt: Format) -> str:
    return f"gblur=sigma={step.amount * min(fmt.width_px, fmt.height_px) / 40:.3f}"


@filters.register
def _(step: SharpenEdit, fmt: Format) -> str:  # noqa: ARG001
    return f"unsharp=5:5:{1.5 * step.amount:.3f}"


@filters.register
def _(step: VignetteEdit, fmt: Format) -> str:  # noqa: ARG001
    return f"vignette=angle={0.2 + 0.7 * step.amount:.4f}"


def _fade(step: FadeEdit, duration_s: float) -> str:
    """Fades that never meet: together they are at most the clip."""
    share = min(1.0, duration_s / (step.in_s + step.out_s)) if step.in_s + step.out_s else 0.0
    in_s, out_s = step.in_s * share, step.out_s * share
    parts = [f"fade=t=in:st=0:d={in_s:.4f}:color={step.colour}"] if in_s else []
    parts += [f"fade=t=out:st={duration_s - out_s:.4f}:d={out_s:.4f}:color={step.colour}"] if out_s else []
    return ",".join(parts)
