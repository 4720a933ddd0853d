"""The paid door: every call of a provider is in the ledger before it is made, and none is made twice, whatever dies."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from activities.bought import made_of
from activities.gate import Gate
from activities.purchase import Purchase
from activities.terms import LEASE_S, NoLongerWanted, NotKnown, Terms
from storyreel.assets import Store
from storyreel.ledger.jobs import Wish
from storyreel.pipeline.ports import (
    Capability,
    ImageRequest,
    MusicRequest,
    Progress,
    Request,
    SfxRequest,
    VideoRequest,
    VoiceRequest,
)
from storyreel.pipeline.stage import Made, call_key
from storyreel.providers.registry import Registry
from storyreel.runtime.database import Database

__all__ = ["LEASE_S", "NoLongerWanted", "NotKnown", "PaidProviders", "Purchase", "Terms"]


@dataclass(frozen=True)
class PaidProviders:
    """The providers of a kit, through the ledger."""

    database: Database
    store: Store
    registry: Registry
    terms: Terms
    scratch: Path
    progress: Progress

    @property
    def gate(self) -> Gate:
        """What stands before every call that makes something."""
        return Gate(self.database, self.registry)

    async def image(self, request: ImageRequest, *, take: int = 0, provider: str = "") -> Made:
        """A picture or a sheet."""
        return await self._buy("image", request, take, provider)

    async def video(self, request: VideoRequest, *, take: int = 0, provider: str = "") -> Made:
        """A clip."""
        return await self._buy("video", request, take, provider)

    async def voice(self, request: VoiceRequest, *, take: int = 0, provider: str = "") -> Made:
        """A spoken line."""
        return await self._buy("voice", request, take, provider)

    async def music(self, request: MusicRequest, *, take: int = 0, provider: str = "") -> Made:
        """A score."""
        return await self._buy("music", request, take, provider)

    async def sfx(self, request: SfxRequest, *, take: int = 0, provider: str = "") -> Made:
        """The sound of a place."""
        return await self._buy("sfx", request, take, provider)

    async def _buy(self, capability: Capability, request: Request, take: int, pinned: str) -> Made:
        provider = self.registry.get(capability, pinned)
        wish = Wish(
            workspace_id=self.terms.workspace_id,
            owner_id=self.terms.owner_id,
            key=call_key(capability, pinned, request, take),
            stage=self.terms.stage,
            capability=capability,
            provider=self.registry.route(capability, pinned),
            model=provider.model,
            request=request.model_dump(mode="json"),
            cost_usd=provider.price(request).cost_usd,
            task_id=self.terms.task_id,
        )
        return made_of(await Purchase(self, provider, request, wish).done())
