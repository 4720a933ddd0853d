"""Kits: what a stage works with. A worker's goes through the ledger; `builtin_kit` needs nothing but a folder.

kit = builtin_kit(Path("try"))
result = await Video().make(Video().request(view), kit)
"""

from __future__ import annotations

import os
import shutil
import tempfile
import time
import weakref
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from activities.bought import made_from
from activities.keeping import LedgerStore, PlainStore
from activities.mediabox import MediaBox
from activities.paid import LEASE_S, NoLongerWanted, NotKnown, PaidProviders, Terms
from activities.reviewing import PaidReviewer
from activities.terms import PATIENCE_S
from activities.work import StageKit
from storyreel.assets import FolderStore, Store, open_store
from storyreel.ledger import providers, tasks
from storyreel.ledger.till import Till
from storyreel.model.base import AssetRef
from storyreel.pipeline.contract import StageOrder
from storyreel.pipeline.ports import (
    Capability,
    ImageRequest,
    MusicRequest,
    Progress,
    Request,
    Reviewer,
    SfxRequest,
    VideoRequest,
    VoiceRequest,
)
from storyreel.pipeline.stage import Kit, Made, call_key
from storyreel.pipeline.tools import MediaTools
from storyreel.providers.registry import Registry
from storyreel.providers.reviewer import ModelReviewer, reviewer_in
from storyreel.providers.rewriter import ModelRewriter, rewriter_in
from storyreel.providers.text import rate_in
from storyreel.runtime.database import Database
from storyreel.runtime.settings import Settings

# No stage takes this long.
LEFT_S = 24 * 3600.0

__all__ = ["KitMaker", "NoLongerWanted", "NotKnown", "PaidProviders", "Terms", "builtin_kit", "kits_of", "open_kit"]


@dataclass(frozen=True)
class KitMaker:
    """Opens the kit of one stage of one task (`activities.work.Kits`). Opened once a process.

    `on_unknown_usd`, `lease_s` and `patience_s` are explained at `Terms`.
    """

    database: Database
    store: Store
    registry: Registry
    media: MediaTools
    scratch: Path
    on_unknown_usd: float = 0.0
    lease_s: float = LEASE_S
    patience_s: float = PATIENCE_S
    # Who gives an opinion of finished shots, and where that is paid.
    reviewer: ModelReviewer | None = None
    till: Till | None = None
    rewriter: ModelRewriter | None = None

    def __call__(
        self,
        order: StageOrder,
        *,
        progress: Progress,
        called_off: Callable[[], bool],
        still_wanted: Callable[[], Awaitable[bool]] | None = None,
    ) -> StageKit:
        """A kit whose scratch folder goes with it. Before money is spent it asks `still_wanted`, or else the task's own state."""
        terms = Terms(
            workspace_id=order.workspace_id,
            owner_id=order.owner_id,
            stage=order.stage,
            task_id=order.task_id,
            on_unknown_usd=self.on_unknown_usd,
            lease_s=self.lease_s,
            patience_s=self.patience_s,
            still_wanted=still_wanted or self._wanted(order),
            called_off=called_off,
            on_unknown=self.registry.on_unknown,
            tell=self._tell(order),
        )
        asked = PaidReviewer(self.reviewer, self.till, order) if self.reviewer is not None and self.till is not None else None
        return open_kit(
            self.database,
            self.store,
            self.registry,
            self.media,
            terms=terms,
            progress=progress,
            scratch=self.scratch,
            reviewer=asked if order.stage == "check" else None,
        )

    async def close(self) -> None:
        """Give up the providers' connections."""
        await self.registry.close()

    def _wanted(self, order: StageOrder) -> Callable[[], Awaitable[bool]]:
        async def wanted() -> bool:
            async with self.database.begin() as conn:
                return await tasks.wanted(conn, order.workspace_id, order.task_id, run=order.run)

        return wanted

    def _tell(self, order: StageOrder) -> Callable[[str], Awaitable[None]]:
        async def tell(note: str) -> None:
            async with self.database.begin() as conn:
                await providers.say(conn, order.workspace_id, order.task_id, note, stage=order.stage)

        return tell


def kits_of(settings: Settings, database: Database) -> KitMaker:
    """The kits of a worker."""
    root = settings.home_dir / "scratch"
    clear(root)
    scratch = _scratch(root)
    return KitMaker(
        database,
        open_store(settings),
        Registry(settings),
        MediaBox(),
        scratch,
        on_unknown_usd=settings.assume_charged_below_usd,
        patience_s=settings.provider_patience_s,
        reviewer=reviewer_in(settings),
        till=Till(database, rate_in(settings)),
        rewriter=rewriter_in(settings),
    )


def clear(scratch: Path, *, older_than_s: float = LEFT_S) -> None:
    """Remove the folders that processes which were killed left behind."""
    for folder in scratch.iterdir() if scratch.is_dir() else ():
        if time.time() - folder.stat().st_mtime > older_than_s:
            shutil.rmtree(folder, ignore_errors=True)


def open_kit(
    database: Database,
    store: Store,
    registry: Registry,
    media: MediaTools,
    *,
    terms: Terms,
    progress: Progress,
    scratch: Path,
    reviewer: Reviewer | None = None,
) -> StageKit:
    """A kit whose every call is in the ledger, and which remembers what it keeps."""
    folder = _scratch(scratch)
    keeping = LedgerStore(store)
    kit = StageKit(
        providers=PaidProviders(database, store, registry, terms, folder, progress),
        store=keeping,
        media=media,
        scratch=folder,
        progress=progress,
        kept=keeping.kept,
        reviewer=reviewer,
    )
    weakref.finalize(kit, shutil.rmtree, folder, ignore_errors=True)
    return kit


def builtin_kit(folder: Path, settings: Settings | None = None) -> Kit:
    """A kit with no ledger: the built-in providers (or those of `settings`) and a folder as the store, for trying a stage alone."""
    store = FolderStore(folder / "assets")
    registry = Registry(settings or Settings(home=folder))
    scratch = _scratch(folder / "scratch")
    return Kit(
        providers=FreeProviders(registry, store, scratch),
        store=PlainStore(store),
        media=MediaBox(),
        scratch=scratch,
        progress=_quiet,
    )


@dataclass(frozen=True)
class FreeProviders:
    """Providers with no ledger: what was made is remembered for as long as this lives."""

    registry: Registry
    store: Store
    scratch: Path
    _made: dict[str, Made] = field(default_factory=dict)

    async def read(self, asset: AssetRef) -> bytes:
        """The bytes that a request refers to."""
        return await self.store.get(asset.id)

    async def image(self, request: ImageRequest, *, take: int = 0, provider: str = "") -> Made:
        """A picture or a sheet."""
        return await self._make("image", request, take, provider)

    async def video(self, request: VideoRequest, *, take: int = 0, provider: str = "") -> Made:
        """A clip."""
        return await self._make("video", request, take, provider)

    async def voice(self, request: VoiceRequest, *, take: int = 0, provider: str = "") -> Made:
        """A spoken line."""
        return await self._make("voice", request, take, provider)

    async def music(self, request: MusicRequest, *, take: int = 0, provider: str = "") -> Made:
        """A score."""
        return await self._make("music", request, take, provider)

    async def sfx(self, request: SfxRequest, *, take: int = 0, provider: str = "") -> Made:
        """The sound of a place."""
        return await self._make("sfx", request, take, provider)

    async def _make(self, capability: Capability, request: Request, take: int, pinned: str) -> Made:
        key = call_key(capability, pinned, request, take)
        if key not in self._made:
            maker: Any = self.registry.get(capability, pinned)
            handle = await maker.submit(request, key)
            generated = await maker.wait(handle, request, self, _quiet)
            asset_id = await self.store.put(generated.data, generated.media_type)
            self._made[key] = made_from(asset_id, generated, request)
        return self._made[key]


def _scratch(root: Path) -> Path:
    root.mkdir(parents=True, exist_ok=True)
    return Path(tempfile.mkdtemp(prefix=f"{os.getpid()}-", dir=root))


def _quiet(fraction: float) -> None:
    """Nobody is told."""
    del fraction
