"""The media room as the tool box of a kit. Everything heavy runs in threads, one piece of work a thread."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from storyreel.media import captions as captioning
from storyreel.media import edits, film, grid, listen, measure, picture, probe, segment, sound, still, subtitles
from storyreel.media.captions import Caption, SpokenLine
from storyreel.media.format import Format
from storyreel.media.sound import Levels, Placed, Samples
from storyreel.media.wrapping import limits_for, narrowed
from storyreel.model.edits import Mix
from storyreel.model.sheet import Nudge
from storyreel.model.spec import Language
from storyreel.pipeline.ports import Progress
from storyreel.pipeline.tools import (
    Bed,
    Cell,
    Cut,
    CutFacts,
    Cutting,
    FilmFacts,
    FilmParts,
    Laid,
    Score,
    SegmentFacts,
    Shape,
    Shown,
    Spoken,
)
from storyreel.script.speech import speaking_s

RATE_HZ = sound.RATE_HZ
BED_FADE_S = 0.8
# What belongs to one shot may begin with its first frame.
EFFECT_FADE_S = 0.03
SAME_RATE_HZ = 1e-3
HAIR = RATE_HZ // 100
PRODUCER = "Storyreel"
GLIMPSE_PX = 640
SUBTITLE_LANGUAGE = {"zh": "zho", "en": "eng"}


class MediaBox:
    """`storyreel.pipeline.tools.MediaTools` over `storyreel.media`.

    Args:
        threads: How many threads one encode may use.
    """

    def __init__(self, *, threads: int = 1) -> None:
        self._threads = threads

    def speaking_s(self, text: str, language: Language, speed: float = 1.0) -> float:
        """About how long a line takes to say."""
        return speaking_s(text, language, speed)

    async def split(self, sheet: Path, rows: int, cols: int, nudges: Sequence[Nudge] = ()) -> Cutting:
        """The cells of a sheet in reading order, and its gutters, some of them where a person moved them."""
        return await asyncio.to_thread(_split, sheet, rows, cols, nudges)

    async def score(self, path: Path) -> Score:
        """How well a picture is made."""
        found = await asyncio.to_thread(lambda: still.score(path.read_bytes()))
        return Score(found.total, tuple(f"The picture is {fault}." for fault in found.faults))

    async def last_frame(self, clip: Path) -> bytes:
        """The last frame of a clip, as PNG."""
        return await asyncio.to_thread(probe.last_frame, clip)

    async def measure(self, shown: Shown) -> dict[str, float]:
        """What can be measured of a finished shot."""
        return await asyncio.to_thread(_measured, shown)

    async def glimpses(self, clip: Path, count: int) -> tuple[bytes, ...]:
        """Some frames of a clip as small PNGs, evenly spread."""
        return await asyncio.to_thread(_glimpses, clip, count)

    async def duration_s(self, path: Path) -> float:
        """How long a sound is."""
        return len(await asyncio.to_thread(_mono, path)) / RATE_HZ

    async def voice_track(self, lines: Sequence[Laid], least_s: float) -> tuple[bytes, float]:
        """Each line at its place on one 48 kHz mono WAV, at least `least_s` long and no line cut; and its length."""
        return await asyncio.to_thread(_track, lines, least_s)

    async def segment(
        self,
        clip: Path,
        out: Path,
        shape: Shape,
        frames: int,
        *,
        captions: Sequence[Spoken],
        cut: Cut | None = None,
        progress: Progress,
        held: bool = False,
    ) -> SegmentFacts:
        """The clip as a segment of exactly `frames`; a clip of another size, rate or codec is conformed first, then edited.

        `held` holds the last picture of one that is too short.
        """
        fmt, whole = _format(shape), cut.frames if cut else frames
        found = await asyncio.to_thread(probe.probe, clip)
        copied = True
        if not _alike(found, fmt, whole):
            conformed = out.with_name(f"{out.stem}-conformed.mp4")
            await segment.conform(clip, conformed, fmt, whole, held=held, threads=self._threads, progress=progress)
            clip, copied = conformed, False
        if cut and cut.edits:
            edited = out.with_name(f"{out.stem}-edited.mp4")
            await edits.edit(clip, edited, fmt, frames, cut.edits, threads=self._threads, progress=progress)
            clip, copied = edited, False
        style = cut.style if cut else None
        shown = _captions(captions, fmt, until_s=frames / shape.fps, large=style is not None and style.size == "large")
        made = await segment.finish(clip, out, fmt, frames, shown, style=style, threads=self._threads, progress=progress)
        return SegmentFacts(made.frames, made.extradata, copied and made.copied)

    async def film(self, parts: FilmParts, out: Path, scratch: Path, progress: Progress) -> FilmFacts:
        """Join the segments over one mix of voices, music and the sound of the places."""
        fmt = _format(parts.shape)
        duration_s = parts.frames / parts.shape.fps
        shown = _captions(parts.spoken, fmt, until_s=duration_s)
        mixed = await asyncio.to_thread(_mixed, parts, duration_s, scratch / f"{out.stem}.wav") if _heard(parts) else None
        srt = scratch / f"{out.stem}.srt"
        text = subtitles.srt(shown)
        await asyncio.to_thread(srt.write_text, text, encoding="utf-8")
        made = await film.join(
            parts.segments,
            out,
            fmt,
            sound=mixed.path if mixed else None,
            tags={"title": parts.title} if parts.title else {},
            aigc=aigc(parts.produce_id),
            subtitles=srt if parts.switchable and shown else None,
            subtitle_language=SUBTITLE_LANGUAGE[parts.language],
            progress=progress,
        )
        return FilmFacts(
            frames=made.frames,
            duration_s=made.duration_s,
            loudness_lufs=mixed.lufs if mixed else None,
            peak_dbtp=mixed.peak_dbtp if mixed else None,
            subtitles=text if shown else "",
        )


def _measured(shown: Shown) -> dict[str, float]:
    first = shown.begins_with.read_bytes() if shown.begins_with else None
    clip = shown.clip or shown.final
    found = {**measure.clip(clip, frames=shown.frames, fps=shown.fps, begins_with=first), **measure.shape(shown.final)}
    if shown.picture is not None:
        judged = measure.still(shown.picture.read_bytes(), palette=shown.palette, people=shown.people)
        found |= {f"picture_{name}": value for name, value in judged.items()}
    if shown.voice is not None:
        found |= listen.voice(shown.voice, shown.spans)
    if shown.sound is not None:
        found["sound_lufs"] = listen.voice(shown.sound, ())["voice_lufs"]
    return found


def _glimpses(clip: Path, count: int) -> tuple[bytes, ...]:
    length_s = probe.probe(clip).duration_s
    return tuple(still.thumbnail(probe.frame_at(clip, length_s * (place + 0.5) / count), GLIMPSE_PX) for place in range(count))


def aigc(produce_id: str) -> dict[str, str]:
    """The implicit label of GB 45438-2025: this film was generated, by what, and under which number."""
    return {
        "Label": "1",
        "ContentProducer": PRODUCER,
        "ProduceID": produce_id,
        "ReservedCode1": "",
        "ContentPropagator": "",
        "PropagateID": "",
        "ReservedCode2": "",
    }


class _Mixed:
    def __init__(self, path: Path, mix: Samples) -> None:
        self.path = path
        self.lufs = _finite(sound.loudness_lufs(mix))
        self.peak_dbtp = _finite(sound.true_peak_dbtp(mix))


def _split(sheet: Path, rows: int, cols: int, nudges: Sequence[Nudge]) -> Cutting:
    image = picture.read(sheet.read_bytes())
    found = grid.split(image, rows, cols)
    for nudge in nudges:
        found = grid.recut(found, nudge.cut, nudge.axis, nudge.nudge_px)
    cells = tuple(Cell(grid.crop(image, box), box.width, box.height, found.confidence) for box in found.cells)
    return Cutting(cells, _facts(found.down), _facts(found.across))


def _facts(cuts: Sequence[grid.Cut]) -> tuple[CutFacts, ...]:
    return tuple(CutFacts(start_px=cut.start_px, width_px=cut.width_px, confidence=round(cut.confidence, 3)) for cut in cuts)


def _track(lines: Sequence[Laid], least_s: float) -> tuple[bytes, float]:
    sounds = [(_mono(line.path), round(line.at_s * RATE_HZ)) for line in lines]
    least = round(least_s * RATE_HZ)
    most = max(start + len(samples) for samples, start in sounds) if sounds else 0
    # A line that fits to a hair is not what makes the track longer.
    count = most if most > least + HAIR else least
    track = np.zeros((count, 1), np.float32)
    for samples, start in sounds:
        track[start : start + len(samples)] += samples[: count - start]
    return sound.write_wav(track, bits=16), count / RATE_HZ


def _mixed(parts: FilmParts, duration_s: float, out: Path) -> _Mixed:
    speech = [Placed(_samples(voice.path), voice.at_s) for voice in parts.voices]
    music = [Placed(_samples(parts.music), fade_out_s=1.5)] if parts.music else []
    effects = [Placed(_bed(bed), bed.start_s, fade_in_s=BED_FADE_S, fade_out_s=BED_FADE_S) for bed in parts.beds]
    effects += [Placed(_cut(one), one.at_s, fade_in_s=EFFECT_FADE_S, fade_out_s=EFFECT_FADE_S) for one in parts.effects]
    mix = sound.mix(duration_s, speech, music, effects, _levels(parts.mix))
    if parts.mix is not None:
        mix = sound.faded(mix, parts.mix.fade_in_s, parts.mix.fade_out_s)
    out.write_bytes(sound.write_wav(mix))
    return _Mixed(out, mix)


def _cut(one: Laid) -> Samples:
    sound_of = _samples(one.path)
    return sound_of if one.most_s is None else sound_of[: round(one.most_s * RATE_HZ)]


def _levels(mix: Mix | None) -> Levels | None:
    """A person's wishes beside the levels that the parts have by themselves."""
    if mix is None:
        return None
    usual = Levels()
    return Levels(
        speech_lufs=sound.SPEECH_LUFS + mix.voice_db,
        music_lufs=sound.MUSIC_LUFS + mix.music_db,
        effects_gain_db=usual.effects_gain_db + mix.effects_db,
        duck_db=usual.duck_db if mix.duck_db is None else mix.duck_db,
        target_lufs=usual.target_lufs if mix.loudness_lufs is None else mix.loudness_lufs,
    )


def _bed(bed: Bed) -> Samples:
    # The built-in sounds are the only ones there are; whoever makes no film does not load them.
    from storyreel.providers.builtin.score.ambience import ambience  # noqa: PLC0415

    words = bed.words or (f"{bed.place} {bed.time}".strip() if bed.time == "night" else "")
    return ambience(words, bed.weather, bed.place, bed.duration_s)


def _heard(parts: FilmParts) -> bool:
    return bool(parts.voices or parts.music or parts.beds or parts.effects)


def _captions(lines: Sequence[Spoken], fmt: Format, *, until_s: float, large: bool = False) -> list[Caption]:
    spoken = [
        SpokenLine(text=line.text, start_s=line.start_s, end_s=line.end_s, speaker=line.speaker, words=line.words)
        for line in lines
    ]
    limits = limits_for(fmt.width_px, fmt.height_px)
    return captioning.captions(spoken, narrowed(limits) if large else limits, until_s=until_s)


def _alike(found: probe.Probe, fmt: Format, frames: int) -> bool:
    same = (found.width_px, found.height_px, found.frames) == (fmt.width_px, fmt.height_px, frames)
    return (
        same
        and abs(found.fps - fmt.fps) < SAME_RATE_HZ
        and found.extradata == segment.extradata(fmt)
        and segment.joins(found, fmt)
    )


def _format(shape: Shape) -> Format:
    return Format(width_px=shape.width_px, height_px=shape.height_px, fps=shape.fps)


def _samples(path: Path) -> Samples:
    return probe.sound_of(path, RATE_HZ)


def _mono(path: Path) -> Samples:
    return np.asarray(_samples(path).mean(axis=1, keepdims=True), np.float32)


def _finite(level: float) -> float | None:
    return round(level, 2) if np.isfinite(level) else None
