"""video: the shot's picture, set in motion for exactly as long as the shot is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from pydantic import Field

from storyreel.model.base import AssetRef, Frozen
from storyreel.model.digest import seed_of
from storyreel.model.edits import clip_frames, unset
from storyreel.model.errors import NotPossible
from storyreel.model.view import Followed, ShotView
from storyreel.pipeline.contract import StageName
from storyreel.pipeline.geometry import frame_size
from storyreel.pipeline.ports import Box, Request, VideoRequest
from storyreel.pipeline.prompt import motion_prompt
from storyreel.pipeline.stage import Kit, NewNode, Result

# Stands for a picture that is not there yet where a clip is only priced.
NO_PICTURE = AssetRef(id="0" * 64, media_type="image/png")


class VideoStageRequest(Frozen):
    """A clip over the selected picture, or one that goes on where the clip `follows` ends."""

    video: VideoRequest
    provider: str = ""
    take: int = 0
    follows: AssetRef | None = Field(default=None, exclude_if=unset)


class Video:
    """Has a clip made from the shot's picture."""

    name: ClassVar[StageName] = "video"
    version: ClassVar[int] = 1

    def request(self, view: ShotView) -> VideoStageRequest:
        """The clip that the shot asks for.

        Raises:
            NotPossible: the shot has no picture yet, or the shot that it continues from has no clip.
        """
        if view.follows is not None:
            return self._onward(view, view.follows)
        picture = view.asset(view.selected.get("picture"))
        if picture is None:
            raise NotPossible(f"Shot {view.number} has no picture yet; render its grid, or choose one.")
        return VideoStageRequest(
            video=_clip(view, picture),
            provider=view.provider("video"),
            take=view.takes.get("video", 0),
        )

    async def make(self, request: VideoStageRequest, kit: Kit) -> Result:
        """The clip as a video node.

        Raises:
            ProviderError: the clip could not be made.
        """
        video, ahead = request.video, {}
        if request.follows is not None:
            last = await kit.media.last_frame(await kit.store.path(request.follows))
            first = await kit.store.keep(last, "image/png", width_px=video.width_px, height_px=video.height_px)
            video, ahead = video.model_copy(update={"first_frame": first}), {"first_frame": first.id}
        made = await kit.providers.video(video, take=request.take, provider=request.provider)
        facts = {**made.facts, "frames": video.frames, "fps": video.fps, **ahead}
        return Result(nodes=(NewNode(kind="video", track="video", asset=made.asset, facts=facts),), slot="video", select=0)

    def calls(self, view: ShotView) -> tuple[Request, ...]:
        """One clip, over a picture that may not be there yet."""
        return (_clip(view, view.asset(view.selected.get("picture")) or NO_PICTURE),)

    def _onward(self, view: ShotView, ahead: Followed) -> VideoStageRequest:
        """The clip that goes on from the one ahead. What its first frame is follows from that clip, so only the clip counts."""
        clip = view.asset(ahead.clip)
        if clip is None:
            raise NotPossible(
                f"Shot {view.number} begins with the last frame of shot {ahead.number}, which has no clip yet; render shot "
                f"{ahead.number} first, or let shot {view.number} stand by itself."
            )
        take = view.takes.get("video", 0)
        asked = _clip(view, NO_PICTURE)
        seed = seed_of(clip.id, asked.move, take)
        return VideoStageRequest(
            video=asked.model_copy(update={"focus": None, "seed": seed}), provider=view.provider("video"), take=take, follows=clip
        )


def focus_of(heads: Sequence[Box]) -> Box | None:
    """What a camera keeps in the picture: the one head, two heads together, or the largest of many."""
    if not heads:
        return None
    largest = sorted(heads, key=lambda head: head.width * head.height, reverse=True)
    if len(largest) != 2:  # noqa: PLR2004 - a couple is kept together
        return largest[0]
    left, top = min(head.x for head in largest), min(head.y for head in largest)
    right, bottom = max(head.x + head.width for head in largest), max(head.y + head.height for head in largest)
    return Box(x=left, y=top, width=right - left, height=bottom - top)


def _clip(view: ShotView, picture: AssetRef) -> VideoRequest:
    profile, camera, frame = view.workspace.profile, view.shot.spec.camera, view.frame
    size = frame_size(profile)
    node = view.selected.get("picture")
    heads = [Box.model_validate(head) for head in node.facts.get("heads", ())] if node else []
    return VideoRequest(
        first_frame=picture,
        prompt=motion_prompt(frame, camera.move, camera.pace, profile.language),
        move=camera.move,
        pace=camera.pace,
        weather=frame.weather,
        focus=focus_of(heads),
        # A step that shortens, stretches or holds the clip asks for no other clip.
        frames=clip_frames(view.shot.spec.edits, view.shot.frames),
        fps=view.workspace.fps,
        width_px=size.width_px,
        height_px=size.height_px,
        seed=seed_of(picture.id, camera.move, view.takes.get("video", 0)),
    )
