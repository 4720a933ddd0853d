"""film: every shot's segment joined by copying, over one mix of voices, music and the sound of the places."""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field

from storyreel.model.base import AssetRef, Frozen
from storyreel.model.digest import digest
from storyreel.model.edits import Mix, unset
from storyreel.model.errors import NotPossible
from storyreel.model.spec import Language
from storyreel.model.view import EpisodeView, ShotView
from storyreel.pipeline.contract import StageName
from storyreel.pipeline.ports import Request
from storyreel.pipeline.stage import Kit, NewNode, Result
from storyreel.pipeline.stages.compose import shape_of, spoken
from storyreel.pipeline.stages.music import Music, starts_s, total_frames
from storyreel.pipeline.tools import Bed, FilmParts, Laid, Shape, Spoken

# Beds that meet to a hair are one.
HAIR_S = 1e-3


class FilmShot(Frozen):
    """One shot's place in the film: its segment, when it begins, its voices and what they say (in seconds of the shot)."""

    segment: AssetRef
    start_s: float
    voice: AssetRef | None = None
    spoken: tuple[Spoken, ...] = ()
    # A sound of its own, which stands for the sound of its place.
    sfx: AssetRef | None = Field(default=None, exclude_if=unset)


class FilmRequest(Frozen):
    """All that the film is made of."""

    shots: tuple[FilmShot, ...]
    shape: Shape
    frames: int
    music: AssetRef | None = None
    beds: tuple[Bed, ...] = ()
    title: str = ""
    language: Language = "en"
    switchable: bool = False
    take: int = 0
    mix: Mix | None = Field(default=None, exclude_if=unset)


class Film:
    """Joins the film."""

    name: ClassVar[StageName] = "film"
    version: ClassVar[int] = 1

    def request(self, view: EpisodeView) -> FilmRequest:
        """The film as its shots stand.

        Raises:
            NotPossible: it has no shots, or some are not finished; they are named by number.
        """
        _check(view)
        return FilmRequest(
            shots=tuple(_shot(shot, start_s) for shot, start_s in zip(view.shots, starts_s(view), strict=True)),
            shape=shape_of(view.shots[0]),
            frames=total_frames(view),
            music=view.asset(view.latest.get("music")) if Music().request(view) else None,
            beds=beds_of(view),
            title=view.episode.title or view.workspace.name,
            language=view.episode.language,
            switchable=view.workspace.profile.captions == "beside",
            take=view.takes.get("film", 0),
            mix=view.workspace.profile.mix,
        )

    async def make(self, request: FilmRequest, kit: Kit) -> Result:
        """The film as a node of the episode, and its subtitles as an asset beside it.

        Raises:
            BadInput: a segment cannot be joined with the others; it is named.
        """
        out = kit.scratch / f"film-{digest(request)[:16]}.mp4"
        made = await kit.media.film(await _parts(request, kit), out, kit.scratch, kit.progress)
        size = {"width_px": request.shape.width_px, "height_px": request.shape.height_px}
        asset = await kit.store.keep(out, "video/mp4", **size, duration_s=made.duration_s)
        srt = await kit.store.keep(made.subtitles.encode(), "application/x-subrip") if made.subtitles else None
        facts = {
            "duration_s": made.duration_s,
            "frames": made.frames,
            "fps": request.shape.fps,
            **size,
            "shots": len(request.shots),
            "loudness_lufs": made.loudness_lufs,
            "peak_dbtp": made.peak_dbtp,
            "subtitles": srt.id if srt else None,
            "language": request.language,
            "notes": list(made.notes),
        }
        return Result(nodes=(NewNode(kind="film", track="video", asset=asset, facts=facts),), select=0)

    def calls(self, view: EpisodeView) -> tuple[Request, ...]:  # noqa: ARG002 - it buys nothing
        """Nothing is bought."""
        return ()


def beds_of(view: EpisodeView) -> tuple[Bed, ...]:
    """What the places sound like: one stretch for shots on end that sound alike, whatever scene they stand in."""
    beds: list[Bed] = []
    for shot, start_s in zip(view.shots, starts_s(view), strict=True):
        if sound_of(shot) is not None:
            continue
        bed = _bed(shot, start_s)
        if beds and _sound(beds[-1]) == _sound(bed) and _meets(beds[-1], start_s):
            length_s = round(start_s + bed.duration_s - beds[-1].start_s, 6)
            beds[-1] = beds[-1].model_copy(update={"duration_s": length_s})
        else:
            beds.append(bed)
    return tuple(beds)


def sound_of(view: ShotView) -> AssetRef | None:
    """The shot's own sound, where it has one selected."""
    return view.asset(view.selected.get("sfx"))


async def _parts(request: FilmRequest, kit: Kit) -> FilmParts:
    voices = [(shot.voice, shot.start_s) for shot in request.shots if shot.voice is not None]
    ends = [*(shot.start_s for shot in request.shots[1:]), request.frames / request.shape.fps]
    effects = [(s.sfx, s.start_s, end_s - s.start_s) for s, end_s in zip(request.shots, ends, strict=True) if s.sfx is not None]
    return FilmParts(
        segments=tuple([await kit.store.path(shot.segment) for shot in request.shots]),
        shape=request.shape,
        frames=request.frames,
        voices=tuple([Laid(await kit.store.path(voice), start_s) for voice, start_s in voices]),
        music=await kit.store.path(request.music) if request.music else None,
        beds=request.beds,
        spoken=tuple(_later(line, shot.start_s) for shot in request.shots for line in shot.spoken),
        language=request.language,
        switchable=request.switchable,
        title=request.title,
        produce_id=digest(request)[:32],
        effects=tuple([Laid(await kit.store.path(sound), start_s, most_s) for sound, start_s, most_s in effects]),
        mix=request.mix,
    )


def _check(view: EpisodeView) -> None:
    if not view.shots:
        raise NotPossible("The film has no shots yet; add some first.")
    missing = [shot.number for shot in view.shots if finished(shot) is None]
    if missing:
        named = ", ".join(str(number) for number in missing)
        subject, rest = (f"Shot {named} is", "it") if len(missing) == 1 else (f"Shots {named} are", "them")
        raise NotPossible(f"{subject} not finished, or changed since; render {rest} first.", shots=missing)


def finished(view: ShotView) -> AssetRef | None:
    """The shot's segment, if it has one of the length and the size that the film has now."""
    node, shape = view.selected.get("final"), shape_of(view)
    if node is None:
        return None
    now = {"frames": view.shot.frames, "fps": shape.fps, "width_px": shape.width_px, "height_px": shape.height_px}
    return view.asset(node) if all(node.facts.get(name, value) == value for name, value in now.items()) else None


def _shot(view: ShotView, start_s: float) -> FilmShot:
    segment = finished(view)
    assert segment is not None
    lines = spoken(view)
    return FilmShot(
        segment=segment,
        start_s=start_s,
        voice=view.asset(view.selected.get("voice")) if lines else None,
        spoken=lines,
        sfx=sound_of(view),
    )


def _bed(view: ShotView, start_s: float) -> Bed:
    frame = view.frame
    words = "; ".join(part for part in (view.shot.spec.audio.ambience, *view.shot.spec.audio.sfx) if part)
    return Bed(
        start_s=start_s,
        duration_s=round(view.shot.frames / view.workspace.fps, 6),
        words=words,
        place=frame.place,
        time=frame.time,
        weather=frame.weather,
        mood=frame.mood,
    )


def _meets(bed: Bed, start_s: float) -> bool:
    return abs(bed.start_s + bed.duration_s - start_s) < HAIR_S


def _sound(bed: Bed) -> tuple[str, ...]:
    return bed.words, bed.place, bed.time, bed.weather


def _later(line: Spoken, by_s: float) -> Spoken:
    words = tuple(
        word.model_copy(update={"start_s": round(word.start_s + by_s, 4), "end_s": round(word.end_s + by_s, 4)})
        for word in line.words
    )
    return line.model_copy(
        update={"start_s": round(line.start_s + by_s, 4), "end_s": round(line.end_s + by_s, 4), "words": words}
    )
