"""sfx: what is heard in a shot beside its lines and the music, as one sound of the shot's length."""

from __future__ import annotations

from typing import ClassVar

from storyreel.model.base import Frozen
from storyreel.model.digest import seed_of
from storyreel.model.view import ShotView
from storyreel.pipeline.contract import StageName
from storyreel.pipeline.ports import Request, SfxRequest
from storyreel.pipeline.stage import Kit, NewNode, Result


class SfxStageRequest(Frozen):
    """The sound of one shot."""

    sfx: SfxRequest
    provider: str = ""
    take: int = 0


class Sfx:
    """Has the shot's ambience and effects made."""

    name: ClassVar[StageName] = "sfx"
    version: ClassVar[int] = 1

    def request(self, view: ShotView) -> SfxStageRequest | None:
        """The sound that the shot asks for, by its words or by its place; None where it says neither."""
        frame, audio, take = view.frame, view.shot.spec.audio, view.takes.get("sfx", 0)
        words = "; ".join(part for part in (audio.ambience, *audio.sfx) if part)
        if not words and not frame.place:
            return None
        duration_s = round(view.shot.frames / view.workspace.fps, 6)
        sfx = SfxRequest(
            words=words,
            place=frame.place,
            time=frame.time,
            weather=frame.weather,
            duration_s=duration_s,
            seed=seed_of(words, frame.place, take),
        )
        return SfxStageRequest(sfx=sfx, provider=view.provider("sfx"), take=take)

    async def make(self, request: SfxStageRequest, kit: Kit) -> Result:
        """The sound as an sfx node.

        Raises:
            ProviderError: the sound could not be made.
        """
        made = await kit.providers.sfx(request.sfx, take=request.take, provider=request.provider)
        return Result(nodes=(NewNode(kind="sfx", track="sfx", asset=made.asset, facts=made.facts),), slot="sfx", select=0)

    def calls(self, view: ShotView) -> tuple[Request, ...]:
        """One sound."""
        request = self.request(view)
        return (request.sfx,) if request else ()
