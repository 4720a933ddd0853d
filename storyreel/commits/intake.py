"""Files from outside become assets of a workspace: kept, made known, and where many are brought in, written into the log."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID

from storyreel.actions.base import Asked, Envelope
from storyreel.assets.guard import Fetcher
from storyreel.assets.incoming import Incoming
from storyreel.assets.places import Lying, Place, check_fits
from storyreel.assets.store import Store
from storyreel.assets.take_in import Limits, TakenIn, plain_name, take_in
from storyreel.commits.door import Door
from storyreel.commits.outcome import Actor, EnvelopeRefused, Outcome
from storyreel.commits.perform import perform
from storyreel.ledger import assets
from storyreel.ledger.assets import Kept
from storyreel.model.base import AssetRef, Frozen
from storyreel.model.errors import BadInput, ProviderError
from storyreel.providers.embed import Embedder, Embedding
from storyreel.runtime.telemetry import log


class Left(Frozen):
    """A file that was not brought in, and why."""

    name: str
    code: str
    detail: str


class Brought(Frozen):
    """What came of an import: the assets, how many files were known from before, what was left, and the commit that logs it."""

    assets: tuple[AssetRef, ...] = ()
    known: int = 0
    left: tuple[Left, ...] = ()
    outcome: Outcome | None = None


@dataclass(frozen=True)
class Intake:
    """Where files are kept and known. `embedder` says what pictures show, where there is one."""

    door: Door
    store: Store
    incoming: Incoming
    limits: Limits = field(default_factory=Limits)
    embedder: Embedder | None = None

    async def keep(
        self, workspace_id: UUID, file: Path, *, name: str, source: dict[str, Any], marks: Sequence[str] = ()
    ) -> AssetRef:
        """Keep a file and make it known. `marks` tell where it lies, so that it is not fetched again.

        Raises:
            as `take_in`.
        """
        taken = await take_in(self.store, file, name=name, source=source, limits=self.limits)
        shown = await self._shown(taken)
        kept = Kept.of(taken, shown.numbers, shown.model) if shown else Kept.of(taken)
        async with self.door.database.begin() as conn:
            await assets.register_all(conn, workspace_id, [kept])
            for mark in marks:
                await assets.mark(conn, workspace_id, taken.asset.id, mark)
        return taken.asset

    async def _shown(self, taken: TakenIn) -> Embedding | None:
        if self.embedder is None or not taken.asset.media_type.startswith("image/"):
            return None
        try:
            return await self.embedder.picture(await self.store.get(taken.asset.id), taken.asset.media_type)
        except ProviderError as failure:
            # A picture is worth keeping though nobody says what it shows.
            log("assets").warning("embedding.failed", asset=taken.asset.id, code=failure.code, reason=failure.detail)
            return None


@dataclass(frozen=True)
class Importer:
    """Brings many files in for one person, as one commit."""

    intake: Intake
    workspace_id: UUID
    actor: Actor
    request_id: UUID
    tags: tuple[str, ...] = ()

    async def url(self, fetcher: Fetcher, url: str) -> Brought:
        """One file from an address.

        Raises:
            InsideAddress, NotFetched, TooLarge, BadInput: it cannot be brought in.
        """
        async with self.intake.incoming.aside() as file:
            found = await fetcher.fetch(url, file)
            asset = await self._keep(file, "url", found.url, found.name)
        return await self._logged([(asset, found.name)], "url", found.url)

    async def place(self, place: Place, most: int) -> Brought:
        """The files of a folder or bucket that are not known from before; those that cannot be kept are left and named.

        Raises:
            BadInput: there are more than `most`.
            Unavailable: the place or the store is away; what was kept by then stays known, and is skipped the next time.
        """
        files = await place.listed(most)
        async with self.intake.door.database.connect() as conn:
            known = await assets.seen(conn, self.workspace_id, place.where)
        kept: list[tuple[AssetRef, str]] = []
        left: list[Left] = []
        for one in files:
            if one.mark in known:
                continue
            try:
                kept.append((await self._copied(place, one), one.name))
            except BadInput as wrong:
                left.append(Left(name=one.name, code=wrong.code, detail=wrong.detail))
        brought = await self._logged(kept, place.by, place.where)
        count = sum(one.mark in known for one in files)
        return brought.model_copy(update={"known": count, "left": tuple(left)})

    async def _copied(self, place: Place, one: Lying) -> AssetRef:
        check_fits(one, self.intake.limits.most_bytes)
        async with self.intake.incoming.aside() as file:
            await place.copy(one, file)
            return await self._keep(file, place.by, one.place, one.name, mark=one.mark)

    async def _keep(self, file: Path, by: str, where: str, name: str, mark: str = "") -> AssetRef:
        source = {"by": by, "from": where, "actor": self.actor.id}
        return await self.intake.keep(self.workspace_id, file, name=name, source=source, marks=[mark] if mark else [])

    async def _logged(self, kept: Sequence[tuple[AssetRef, str]], by: str, where: str) -> Brought:
        """The cards of what came, in one commit; what was known with its card already changes nothing."""
        found = {asset.id: asset for asset, _ in kept}
        if not found:
            return Brought()
        titles = {asset.id: plain_name(name) for asset, name in reversed(kept)}
        cards = [{"asset": one, "title": titles[one], "tags": list(self.tags)} for one in found]
        asked = Asked(type="asset.import", args={"assets": cards, "by": by, "where": where[:2000]})
        envelope = Envelope(request_id=self.request_id, intent=f"import from {where}"[:2000], actions=(asked,))
        try:
            outcome = await perform(self.intake.door, self.workspace_id, envelope, self.actor, source="import")
        except EnvelopeRefused as refused:
            if not all(verdict["facts"].get("same") for verdict in refused.facts["verdicts"] if not verdict["ok"]):
                raise
            outcome = None
        return Brought(assets=tuple(found.values()), outcome=outcome)
