"""The film: segments joined by copying, one sound track of exactly their length, tags and switchable subtitles."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from storyreel.media import ffmpeg
from storyreel.media.encode import FramesMissing
from storyreel.media.format import Format, WrongFormat, timescale
from storyreel.media.probe import Probe, probe
from storyreel.model.errors import BadInput
from storyreel.pipeline.ports import Progress

AUDIO_RATE_HZ = 48_000
_AAC_FRAME_S = 1024 / AUDIO_RATE_HZ


class NoSegments(BadInput):
    """A film needs at least one shot that is ready."""

    code = "no-segments"


@dataclass(frozen=True, slots=True)
class Film:
    """A finished film and its facts."""

    path: Path
    frames: int
    duration_s: float
    format: Format
    size_bytes: int
    has_sound: bool


async def join(
    segments: Sequence[Path],
    out: Path,
    fmt: Format,
    *,
    sound: Path | None = None,
    tags: Mapping[str, str] | None = None,
    aigc: Mapping[str, str] | None = None,
    subtitles: Path | None = None,
    subtitle_language: str = "und",
    progress: Progress | None = None,
) -> Film:
    """Join `segments` without touching their pictures and lay `sound` under them.

    `sound` is a WAV, encoded here, or an AAC track made by `encode_sound`, copied; it is cut or filled to the film's length.
    `aigc` becomes the `AIGC` tag of GB 45438. `subtitles` is an SRT file that players can switch on.

    Raises:
        NoSegments: there is nothing to join.
        WrongFormat: a segment differs in size, rate or codec set-up; it is named.
        FramesMissing: the film came out with another number of frames than its segments have.
        DiskFull: the film could not be written.
    """
    probes = await asyncio.gather(*(asyncio.to_thread(probe, path) for path in segments))
    frames = _agreed(segments, probes, fmt)
    with ffmpeg.finished(out) as made:
        listing = made.parent / "segments.txt"
        listing.write_text(_listing(segments, probes, fmt), encoding="utf-8")
        arguments = await _arguments(listing, sound, subtitles, fmt.of(frames), subtitle_language)
        arguments += ["-video_track_timescale", str(timescale(fmt))]
        arguments += _tagged({**(tags or {}), **({"AIGC": _json(aigc)} if aigc else {})})
        await ffmpeg.run([*arguments, "-f", "mp4", made], duration_s=fmt.of(frames), progress=progress)
        await asyncio.to_thread(_check, made, fmt, frames, sound is not None)
    return Film(out, frames, fmt.of(frames), fmt, out.stat().st_size, sound is not None)


async def encode_sound(wav: Path, out: Path, duration_s: float, *, progress: Progress | None = None) -> None:
    """The mix as an AAC track of exactly `duration_s`, to be kept and copied into every new cut of the same sound."""
    with ffmpeg.finished(out) as made:
        arguments: list[str | Path] = ["-i", wav, "-map", "0:a:0", *_encoded(duration_s), *_tagged({}), "-f", "mp4", made]
        await ffmpeg.run(arguments, duration_s=duration_s, progress=progress)


def _listing(segments: Sequence[Path], probes: Sequence[Probe], fmt: Format) -> str:
    """What the concat demuxer reads. A file's own length is kept in milliseconds, which would shift every joint that falls between."""
    lines = (f"file {_quoted(path)}\nduration {fmt.of(found.frames):.6f}\n" for path, found in zip(segments, probes, strict=True))
    return "".join(lines)


def _agreed(segments: Sequence[Path], probes: Sequence[Probe], fmt: Format) -> int:
    """The film's length in frames, once all segments are found to be alike."""
    if not segments:
        raise NoSegments
    for path, found in zip(segments, probes, strict=True):
        if why := _difference(found, probes[0], fmt):
            raise WrongFormat(f"{path.name} cannot be joined by copy: {why}")
    return sum(found.frames for found in probes)


def _difference(found: Probe, first: Probe, fmt: Format) -> str:
    if (found.width_px, found.height_px) != (fmt.width_px, fmt.height_px):
        return f"it is {found.width_px} x {found.height_px}, the film {fmt.width_px} x {fmt.height_px}"
    if found.fps != fmt.fps:
        return f"it runs at {found.fps:g} frames a second, the film at {fmt.fps}"
    if found.time_base_hz != timescale(fmt) or not found.steady:
        return "its frames do not lie on the film's clock"
    if found.extradata != first.extradata or found.pixels != first.pixels:
        return "its encoder was set up otherwise"
    return "it has sound of its own" if found.audio_codec else ""


async def _arguments(
    listing: Path, sound: Path | None, subtitles: Path | None, duration_s: float, language: str
) -> list[str | Path]:
    inputs: list[str | Path] = ["-f", "concat", "-safe", "0", "-i", listing]
    outputs: list[str | Path] = [
        "-map",
        "0:v:0",
        "-c:v",
        "copy",
    ]
    count = 1
    if sound is not None:
        inputs += ["-i", sound]
        outputs += ["-map", f"{count}:a:0", *await _sound_codec(sound, duration_s)]
        count += 1
    if subtitles is not None:
        inputs += ["-f", "srt", "-i", subtitles]
        outputs += ["-map", f"{count}:s:0", "-c:s", "mov_text", "-metadata:s:s:0", f"language={language}"]
    return [*inputs, *outputs]


async def _sound_codec(sound: Path, duration_s: float) -> list[str | Path]:
    found = await asyncio.to_thread(probe, sound)
    if found.audio_codec != "aac":
        return _encoded(duration_s)
    if abs(found.audio_duration_s - duration_s) > _AAC_FRAME_S:
        raise WrongFormat(f"{sound.name} lasts {found.audio_duration_s:.3f} s and the film {duration_s:.3f} s")
    return ["-c:a", "copy"]


def _encoded(duration_s: float) -> list[str | Path]:
    samples = round(duration_s * AUDIO_RATE_HZ)
    exact = f"aresample={AUDIO_RATE_HZ},apad=whole_len={samples},atrim=end_sample={samples}"
    return ["-af", exact, "-c:a", "aac", "-b:a", "192k", "-ar", str(AUDIO_RATE_HZ), "-ac", "2"]


def _tagged(tags: Mapping[str, str]) -> list[str | Path]:
    """Tags of any name, the index in front so that a film starts at once, and neither dates nor versions in the bytes."""
    named: list[str | Path] = [part for name, value in tags.items() for part in ("-metadata", f"{name}={value}")]
    return [
        "-map_metadata",
        "-1",
        *named,
        "-movflags",
        "+faststart+use_metadata_tags",
        "-fflags",
        "+bitexact",
        "-flags:a",
        "+bitexact",
    ]


def _json(aigc: Mapping[str, str]) -> str:
    return json.dumps(dict(aigc), ensure_ascii=False, separators=(",", ":"))


def _quoted(path: Path) -> str:
    return "'" + str(path.absolute()).replace("'", "'\\''") + "'"


def _check(path: Path, fmt: Format, frames: int, has_sound: bool) -> None:  # noqa: FBT001
    made = probe(path)
    if made.frames != frames or not made.steady:
        raise FramesMissing(f"the film has {made.frames} frames where its segments have {frames}")
    if has_sound and abs(made.audio_duration_s - fmt.of(frames)) > _AAC_FRAME_S:
        raise FramesMissing(f"the sound lasts {made.audio_duration_s:.3f} s and the picture {fmt.of(frames):.3f} s")
