"""The paid door: every call of a provider is in the ledger before it is made, and none is made twice, whatever dies.

made already?          hand it out
someone is at it?      submitted: wait for the same job;  sending: wait for its sender, or look the job up once it is gone
nobody?                still wanted? -> hold the money -> sending | submit | submitted | wait | keep the bytes | settled
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

from activities.bought import asset_of, call_facts, is_over, made_of, never_made, said_of
from activities.keeping import looked_at
from storyreel.assets import Store
from storyreel.ledger import assets, jobs
from storyreel.ledger.assets import Kept
from storyreel.ledger.jobs import Delivered, Job, Wish
from storyreel.model.base import AssetRef
from storyreel.model.errors import LookupUnsupported, NotPossible, Vanished
from storyreel.pipeline.ports import (
    Capability,
    Generated,
    ImageRequest,
    MusicRequest,
    Progress,
    Provider,
    Request,
    SfxRequest,
    VideoRequest,
    VoiceRequest,
)
from storyreel.pipeline.stage import Made, call_key
from storyreel.providers.registry import Registry, is_local
from storyreel.runtime.database import Database

# Longer than the longest submit: a job that is `sending` for longer than this has lost its sender.
LEASE_S = 20.0
LOOK_AGAIN_S = (0.05, 1.0)
LAST_WORDS_S = 30.0


class NoLongerWanted(Exception):  # it is no failure: nothing is wrong, and nothing was bought
    """The work is not wanted any more; nothing was bought."""


class NotKnown(NotPossible):
    """It is not known whether the provider has this job, and it cannot be looked up; a person has to decide."""

    code = "provider-job-unknown"


async def always() -> bool:
    """Everything is wanted."""
    return True


@dataclass(frozen=True)
class Terms:
    """For whom is bought, and under which rules.

    `on_unknown_usd`: a call that may have been made, at a provider that cannot tell, is taken as charged and made again up to this price;
    above it a person is asked. `lease_s` must be longer than any provider's submit takes.
    """

    workspace_id: UUID
    owner_id: UUID
    stage: str
    task_id: UUID | None = None
    on_unknown_usd: float = 0.0
    lease_s: float = LEASE_S
    still_wanted: Callable[[], Awaitable[bool]] = always
    called_off: Callable[[], bool] = lambda: False


@dataclass
class _Inputs:
    store: Store
    scratch: Path

    async def read(self, asset: AssetRef) -> bytes:
        return await self.store.get(asset.id)


@dataclass(frozen=True)
class PaidProviders:
    """The providers of a kit, through the ledger."""

    database: Database
    store: Store
    registry: Registry
    terms: Terms
    scratch: Path
    progress: Progress

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


@dataclass(frozen=True)
class Purchase:
    """One call, from the first look into the ledger to its result."""

    paid: PaidProviders
    provider: Provider[Any]
    request: Request
    wish: Wish

    async def done(self) -> Delivered:
        """The result, from the ledger or from the provider.

        Raises:
            NoLongerWanted: nobody wants it any more, and nothing was bought.
            OverBudget: the budget does not cover it.
            NotKnown: a person has to decide.
            ProviderError: the provider did not deliver.
        """
        pause_s, longest_s = LOOK_AGAIN_S
        while True:
            found = await self._take()
            if isinstance(found, Delivered):
                return found
            result = await self._go_on(found)
            if result is not None:
                return result
            await asyncio.sleep(pause_s)
            pause_s = min(2 * pause_s, longest_s)

    async def _take(self) -> Delivered | Job:
        """What is there under the key, else a job of our own, its first byte about to leave."""
        wish = self.wish
        if wish.cost_usd > 0:
            async with self.paid.database.begin() as conn:
                found = await jobs.look(conn, wish.workspace_id, wish.owner_id, wish.key)
            if found is not None:
                return found
            await self._check_wanted()
        async with self.paid.database.begin() as conn:
            return await jobs.reserve(conn, wish, sending=True)

    async def _go_on(self, job: Job) -> Delivered | None:
        """What a job comes to; None where someone else moved it, so that the ledger has to be looked at again."""
        if job.mine:
            return await self._submit(job)
        match job.state:
            case "reserved":
                return await self._submit_again(job)
            case "submitted":
                return await self._join(job)
            case "unknown":
                return await self._unknown(job)
            case _ if self._deserted(job):
                return await self._recover(job)
            case _:
                return None

    async def _join(self, job: Job) -> Delivered | None:
        if job.task_id != self.wish.task_id:
            async with self.paid.database.begin() as conn:
                await jobs.adopt(conn, job, self.wish.task_id)
        return await self._wait(job, job.handle or "")

    def _deserted(self, job: Job) -> bool:
        """Whether the sender of a job in `sending` is gone for sure."""
        same_task = job.task_id is not None and job.task_id == self.wish.task_id
        return job.error is not None or job.age_s > self.paid.terms.lease_s or (same_task and is_local(self.provider))

    async def _recover(self, job: Job) -> Delivered | None:
        """A sender died between its first byte and the vendor's answer: ask the vendor whether it has the job."""
        if is_local(self.provider):
            return await self._submit_again(job)
        try:
            handle = await self.provider.find(job.vendor_key)
        except LookupUnsupported as failure:
            async with self.paid.database.begin() as conn:
                await jobs.unknown(conn, job, said_of(failure))
            return None
        if handle is None:
            return await self._submit_again(job) if self._arrived(job) else None
        async with self.paid.database.begin() as conn:
            held = await jobs.submitted(conn, job, handle)
        return await self._wait(job, handle) if held else None

    def _arrived(self, job: Job) -> bool:
        """Whether what was sent would have arrived by now, so that a vendor who does not know it never will."""
        return job.age_s > self.paid.terms.lease_s or bool((job.error or {}).get("answered"))

    async def _unknown(self, job: Job) -> Delivered | None:
        if not 0 <= float(job.reserved_usd) <= self.paid.terms.on_unknown_usd or not self.paid.terms.on_unknown_usd:
            raise NotKnown(
                f"It is not known whether {job.provider} has made this: it was being sent when a process died, and it cannot be looked up. "
                f"Look there, then say whether it was charged (${float(job.reserved_usd):.2f}).",
                job=str(job.id),
            )
        async with self.paid.database.begin() as conn:
            await jobs.failed(conn, job, {"said": "taken as charged, and made again"}, charged_usd=float(job.reserved_usd))
        return None

    async def _submit_again(self, job: Job) -> Delivered | None:
        """Take over a job that the vendor does not have; only one of those who try gets it."""
        if self.wish.cost_usd > 0:
            await self._check_wanted(job)
        async with self.paid.database.begin() as conn:
            if not await jobs.sending(conn, job):
                return None
            again = await jobs.get(conn, job.workspace_id, job.id)
        return await self._submit(again) if again is not None else None

    async def _submit(self, job: Job) -> Delivered | None:
        local = is_local(self.provider)
        handle = ""
        try:
            handle = await self.provider.submit(self.request, job.vendor_key)
            if not local:
                async with self.paid.database.begin() as conn:
                    if not await jobs.submitted(conn, job, handle):
                        return None
        except asyncio.CancelledError:
            await _to_the_end(self._called_off(job, handle))
            raise
        except Exception as failure:
            if not handle:
                await self._not_sent(job, failure)
            raise
        return await self._wait(job, handle)

    async def _not_sent(self, job: Job, failure: Exception) -> None:
        """A submit that failed: the vendor surely has no job, or nobody knows."""
        async with self.paid.database.begin() as conn:
            if is_local(self.provider) or never_made(failure):
                await jobs.failed(conn, job, said_of(failure))
            else:
                await jobs.doubt(conn, job, said_of(failure))

    async def _wait(self, job: Job, handle: str) -> Delivered | None:
        try:
            made = await self.provider.wait(handle, self.request, self._inputs, self.paid.progress)
            return await self._settle(job, handle, made)
        except asyncio.CancelledError:
            await _to_the_end(self._called_off(job, handle))
            raise
        except Vanished as failure:
            return await self._vanished(job, handle, failure)
        except Exception as failure:
            if is_local(self.provider) or is_over(failure):
                async with self.paid.database.begin() as conn:
                    await jobs.failed(conn, job, said_of(failure))
            raise

    async def _vanished(self, job: Job, handle: str, failure: Vanished) -> Delivered | None:
        """The vendor lost the job; it may have it under another handle, else it is bought anew by the next try."""
        try:
            other = await self.provider.find(job.vendor_key)
        except LookupUnsupported:
            other = None
        async with self.paid.database.begin() as conn:
            if other is not None and other != handle:
                await jobs.submitted(conn, job, other)
                return None
            await jobs.failed(conn, job, said_of(failure))
        raise failure

    async def _settle(self, job: Job, handle: str, made: Generated) -> Delivered | None:
        """Bytes into the store, then the asset, the charge and `made` in one transaction."""
        asset_id = await self.paid.store.put(made.data, made.media_type)
        asset = asset_of(asset_id, made, self.request)
        look = await looked_at(made.data, made.media_type)
        facts = call_facts(made, self.wish)
        async with self.paid.database.begin() as conn:
            await assets.register_all(conn, job.workspace_id, [Kept(asset, len(made.data), look=look)])
            settled = await jobs.settle(conn, job, asset_id, facts, handle=handle if is_local(self.provider) else "")
        return Delivered(asset, facts, job.id) if settled else None

    async def _called_off(self, job: Job, handle: str) -> None:
        """A cancel came. Where a worker merely stops, the job stays for the next one; where nobody wants it, the vendor is told."""
        if not self.paid.terms.called_off():
            return
        if not handle and not is_local(self.provider):
            # It may be on its way still: a sweep looks it up when it has arrived for sure.
            async with self.paid.database.begin() as conn:
                await jobs.doubt(conn, job, {"said": "called off while it was being sent"})
            return
        await self.call_off(job, handle)

    async def call_off(self, job: Job, handle: str) -> None:
        """Tell the vendor that a job is not wanted, and free its money; what is delivered already is kept, and charged."""
        try:
            await self.provider.cancel(handle)
        except Vanished:
            pass
        except NotPossible as late:
            if late.facts.get("done"):
                await self._settle(job, handle, await self.provider.wait(handle, self.request, self._inputs, self.paid.progress))
                return
        async with self.paid.database.begin() as conn:
            await jobs.cancelled(conn, job, {"said": "called off"})

    async def _check_wanted(self, job: Job | None = None) -> None:
        if await self.paid.terms.still_wanted():
            return
        if job is not None:
            async with self.paid.database.begin() as conn:
                await jobs.cancelled(conn, job, {"said": "no longer wanted"})
        raise NoLongerWanted

    @property
    def _inputs(self) -> _Inputs:
        return _Inputs(self.paid.store, self.paid.scratch)


async def _to_the_end(last_words: Coroutine[Any, Any, None]) -> None:
    """Carry out what has to be said before a cancelled task ends; a second cancel does not interrupt it, a dead vendor does not hold it.

    What goes wrong here leaves the job open in the ledger, where a sweep finds it.
    """
    saying = asyncio.ensure_future(asyncio.wait_for(last_words, LAST_WORDS_S))
    while not saying.done():
        try:
            await asyncio.wait({saying})
        except asyncio.CancelledError:
            continue
    if not saying.cancelled():
        saying.exception()
