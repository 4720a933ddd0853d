"""music: one score for the whole film, whose moods change with its scenes."""

from __future__ import annotations

from typing import ClassVar

from storyreel.model.base import Frozen
from storyreel.model.digest import seed_of
from storyreel.model.spec import Mood
from storyreel.model.view import EpisodeView, ShotView
from storyreel.pipeline.contract import StageName
from storyreel.pipeline.ports import MusicRequest, Request
from storyreel.pipeline.stage import Kit, NewNode, Result

# What people write in a project's music where they want none.
SILENT = frozenset({"none", "no", "off", "silence", "no music", "无", "不要", "没有", "无音乐", "不要音乐"})


class MusicStageRequest(Frozen):
    """The score of a film."""

    music: MusicRequest
    provider: str = ""
    take: int = 0


class Music:
    """Has the film's score made."""

    name: ClassVar[StageName] = "music"
    version: ClassVar[int] = 1

    def request(self, view: EpisodeView) -> MusicStageRequest | None:
        """The score that the film asks for, or None where it has no shots or wants no music."""
        profile = view.workspace.profile
        if not view.shots or profile.music.strip().casefold() in SILENT:
            return None
        moods, take = moods_of(view), view.takes.get("music", 0)
        music = MusicRequest(
            moods=moods,
            duration_s=total_frames(view) / view.workspace.fps,
            cuts_s=tuple(starts_s(view)[1:]),
            flavour=profile.music,
            seed=seed_of([mood for _, mood in moods], profile.music, take),
        )
        return MusicStageRequest(music=music, provider=profile.providers.get("music", ""), take=take)

    async def make(self, request: MusicStageRequest, kit: Kit) -> Result:
        """The score as a music node of the episode.

        Raises:
            ProviderError: the score could not be made.
        """
        made = await kit.providers.music(request.music, take=request.take, provider=request.provider)
        return Result(nodes=(NewNode(kind="music", track="music", asset=made.asset, facts=made.facts),))

    def calls(self, view: EpisodeView) -> tuple[Request, ...]:
        """One score."""
        request = self.request(view)
        return (request.music,) if request else ()


def starts_s(view: EpisodeView) -> list[float]:
    """When each shot begins, in seconds of the film; whole frames, so that nothing drifts."""
    starts: list[float] = []
    frames = 0
    for shot in view.shots:
        starts.append(round(frames / view.workspace.fps, 6))
        frames += shot.shot.frames
    return starts


def total_frames(view: EpisodeView) -> int:
    """The length of the film."""
    return sum(shot.shot.frames for shot in view.shots)


def moods_of(view: EpisodeView) -> tuple[tuple[float, Mood], ...]:
    """Where the mood changes: a shot's own wish for its music first, else the mood of its scene."""
    found: list[tuple[float, Mood]] = []
    for shot, start_s in zip(view.shots, starts_s(view), strict=True):
        mood = _mood(shot)
        if not found or found[-1][1] != mood:
            found.append((start_s, mood))
    return tuple(found)


def _mood(view: ShotView) -> Mood:
    return view.shot.spec.audio.music or view.scene.spec.mood or view.workspace.profile.mood
