"""One call of a provider, from the first look into the ledger to its result, whatever dies in between.

made already?          hand it out
someone is at it?      submitted: wait for the same job;  sending: wait for its sender, or look the job up once it is gone
nobody?                still wanted? -> its turn -> hold the money -> sending | submit | submitted | wait | keep the bytes | settled
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy.ext.asyncio import AsyncConnection

from activities.bought import asset_of, call_facts, is_over, never_made, said_of
from activities.delivered import FETCHES, Spoiled, wrong_with
from activities.keeping import looked_at
from activities.terms import NoLongerWanted, NotKnown
from storyreel.assets import Store
from storyreel.ledger import assets, jobs, providers
from storyreel.ledger.assets import Kept
from storyreel.ledger.jobs import Delivered, Job, Wish
from storyreel.model.base import AssetRef
from storyreel.model.errors import LookupUnsupported, NotPossible, Transient, Vanished
from storyreel.pipeline.ports import Generated, Provider, Request
from storyreel.providers.answers import Ear, listening
from storyreel.providers.breaker import Breaker
from storyreel.providers.registry import is_local
from storyreel.runtime import clock
from storyreel.runtime.metrics import FOUND_AGAIN
from storyreel.runtime.telemetry import log

if TYPE_CHECKING:
    from activities.paid import PaidProviders

LOOK_AGAIN_S = (0.05, 1.0)
LAST_WORDS_S = 30.0


@dataclass
class _Inputs:
    store: Store
    scratch: Path

    async def read(self, asset: AssetRef) -> bytes:
        return await self.store.get(asset.id)


@dataclass
class Sending:
    """When this process began to say that it sends, by the steady clock."""

    since_s: float = 0.0


@dataclass(frozen=True)
class Purchase:
    """One call, from the first look into the ledger to its result."""

    paid: PaidProviders
    provider: Provider[Any]
    request: Request
    wish: Wish
    ear: Ear = field(default_factory=Ear)
    sending: Sending = field(default_factory=Sending)

    async def done(self) -> Delivered:
        """The result, from the ledger or from the provider.

        Raises:
            NoLongerWanted: nobody wants it any more, and nothing was bought.
            OverBudget: the budget does not cover it.
            Waits: it is not to be called now; nothing was bought.
            NotKnown: a person has to decide.
            ProviderError: the provider did not deliver.
        """
        pause_s, longest_s = LOOK_AGAIN_S
        with listening(self.ear):
            while True:
                found = await self._take()
                if isinstance(found, Delivered):
                    FOUND_AGAIN.labels(self.wish.capability).inc()
                    return found
                result = await self._go_on(found) if found is not None else None
                if result is not None:
                    return result
                await asyncio.sleep(pause_s)
                pause_s = min(2 * pause_s, longest_s)

    async def _take(self) -> Delivered | Job | None:
        """What is there under the key, else a job of our own, its first byte about to leave; None where there is no room for one yet."""
        wish, gate = self.wish, self.paid.gate
        local = is_local(self.provider)
        if wish.cost_usd > 0 or not local:
            async with self.paid.database.begin() as conn:
                found = await jobs.look(conn, wish.workspace_id, wish.owner_id, wish.key)
                if found is None and not local:
                    await gate.check(conn, wish.workspace_id, wish.provider)
            if found is not None:
                return found
            await self._check_wanted()
        if not local:
            await gate.turn(wish.provider)
        self.sending.since_s = clock.steady_s()
        async with self.paid.database.begin() as conn:
            if not local and not await gate.room(conn, wish.provider):
                self._breaker.unused()
                return None
            found = await jobs.reserve(conn, wish, sending=True)
            if local and isinstance(found, Job) and found.mine:
                await gate.check_held(conn, wish.workspace_id, wish.provider)
            return found

    @property
    def _breaker(self) -> Breaker:
        return self.paid.registry.breakers.of(self.wish.provider)

    @asynccontextmanager
    async def _noted(self, job: Job) -> AsyncGenerator[AsyncConnection]:
        """A transaction that keeps with the job what its vendor answered last."""
        async with self.paid.database.begin() as conn:
            yield conn
            heard = self.ear.take()
            if heard is not None:
                await providers.keep_answer(conn, job, heard)

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
            async with self._noted(job) as conn:
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
        """Nobody can tell whether the vendor has it: a person decides, or the sum up to which it is taken as charged and sent again."""
        held_usd, assumed_usd = float(job.reserved_usd), self.paid.terms.assumed_usd(job.provider)
        if not assumed_usd or held_usd > assumed_usd:
            raise NotKnown(
                f"It is not known whether {job.provider} has made this: it was being sent when a process died, and it cannot be looked up. "
                f"Look there, then say whether it was charged (${held_usd:.2f}). Charged: the sum is spent, and it is bought once more. "
                "Not charged: the sum is given back, and it is bought.",
                job=str(job.id),
                provider=job.provider,
                cost_usd=held_usd,
            )
        said = (
            f"{job.provider} cannot tell whether it has made this, so ${held_usd:.2f} are taken as charged and it is sent again "
            f"(allowed up to ${assumed_usd:.2f})."
        )
        async with self.paid.database.begin() as conn:
            closed = await jobs.failed(conn, job, {"code": NotKnown.code, "said": said, "assumed": True}, charged_usd=None)
        if closed:
            await self.paid.terms.tell(said)
        return None

    async def _submit_again(self, job: Job) -> Delivered | None:
        """Take over a job that the vendor does not have; only one of those who try gets it."""
        if self.wish.cost_usd > 0:
            await self._check_wanted(job)
        if not is_local(self.provider):
            async with self.paid.database.begin() as conn:
                await self.paid.gate.check(conn, job.workspace_id, job.provider)
            await self.paid.gate.turn(job.provider)
        self.sending.since_s = clock.steady_s()
        async with self.paid.database.begin() as conn:
            if not await jobs.sending(conn, job):
                return None
            again = await jobs.get(conn, job.workspace_id, job.id)
        return await self._submit(again) if again is not None else None

    async def _submit(self, job: Job) -> Delivered | None:
        local = is_local(self.provider)
        if not local and clock.steady_s() - self.sending.since_s > self.paid.terms.lease_s / 2:
            # Held up since it said so: by now somebody else may take it for dead and send it.
            return None
        handle = ""
        try:
            handle = await self.provider.submit(self.request, job.vendor_key)
            if not local:
                self._breaker.passed()
                async with self._noted(job) as conn:
                    held = await jobs.submitted(conn, job, handle)
                if not held:
                    return None
        except asyncio.CancelledError:
            await _to_the_end(self._called_off(job, handle))
            raise
        except Exception as failure:
            if not handle:
                self._breaker.failed(failure)
                await self._not_sent(job, failure)
            raise
        return await self._wait(job, handle)

    async def _not_sent(self, job: Job, failure: Exception) -> None:
        """A submit that failed: the vendor surely has no job, or nobody knows."""
        async with self._noted(job) as conn:
            if is_local(self.provider) or never_made(failure):
                await jobs.failed(conn, job, said_of(failure))
            else:
                await jobs.doubt(conn, job, said_of(failure))

    async def _wait(self, job: Job, handle: str) -> Delivered | None:
        try:
            made = await self._fetch(job, handle)
            self._breaker.passed()
            return await self._settle(job, handle, made)
        except asyncio.CancelledError:
            await _to_the_end(self._called_off(job, handle))
            raise
        except TimeoutError:
            return await self._overdue(job, handle)
        except Spoiled as failure:
            async with self._noted(job) as conn:
                await jobs.failed(conn, job, said_of(failure), charged_usd=None)
            raise
        except Vanished as failure:
            return await self._vanished(job, handle, failure)
        except Exception as failure:
            self._breaker.failed(failure)
            over = is_local(self.provider) or is_over(failure)
            if over or self.ear.heard:
                async with self._noted(job) as conn:
                    if over:
                        await jobs.failed(conn, job, said_of(failure))
            raise

    async def _fetch(self, job: Job, handle: str) -> Generated:
        """What the vendor delivers, looked at; what is spoiled is fetched again.

        Raises:
            TimeoutError: it is not done after all the patience there is.
            Spoiled: it is spoiled every time.
        """
        patience_s = None if is_local(self.provider) else max(0.0, self.paid.terms.patience_s - job.age_s)
        wrong = ""
        for _ in range(FETCHES):
            async with asyncio.timeout(patience_s):
                made = await self.provider.wait(handle, self.request, self._inputs, self.paid.progress)
            wrong = "" if is_local(self.provider) else await wrong_with(made, self.request)
            if not wrong:
                return made
            log().warning("provider.spoiled", provider=job.provider, job=str(job.id), wrong=wrong)
        raise Spoiled(
            f"What {job.provider} delivered cannot be used, though it was fetched {FETCHES} times: {wrong}. It is taken as charged "
            f"(${float(job.reserved_usd):.2f}); retrying buys it once more.",
            job=str(job.id),
        )

    async def _overdue(self, job: Job, handle: str) -> Delivered | None:
        """The vendor is at it for too long: it is called off, unless it is done just now."""
        await self.call_off(job, handle)
        async with self.paid.database.begin() as conn:
            there = await jobs.get(conn, job.workspace_id, job.id)
        if there is not None and there.state != "cancelled":
            return None
        raise Transient(
            f"{job.provider} had not made it after {self.paid.terms.patience_s:.0f} s, and was told to stop.", over=True
        )

    async def _vanished(self, job: Job, handle: str, failure: Vanished) -> Delivered | None:
        """The vendor lost the job; it may have it under another handle, else it is bought anew by the next try.

        Raises:
            Transient: it has the job after all, and only said otherwise: the next try goes on with it.
            Vanished: it has not.
        """
        try:
            other = await self.provider.find(job.vendor_key)
        except LookupUnsupported:
            other = None
        if other == handle:
            raise Transient(f"{job.provider} did not know its own job for a moment.") from failure
        found = other is not None
        async with self._noted(job) as conn:
            if found:
                await jobs.submitted(conn, job, other or "")
            else:
                await jobs.failed(conn, job, said_of(failure))
        if not found:
            raise failure

    async def _settle(self, job: Job, handle: str, made: Generated) -> Delivered | None:
        """Bytes into the store, then the asset, the charge and `made` in one transaction."""
        asset_id = await self.paid.store.put(made.data, made.media_type)
        asset = asset_of(asset_id, made, self.request)
        look = await looked_at(made.data, made.media_type)
        facts = call_facts(made, self.wish)
        async with self._noted(job) as conn:
            await assets.register_all(conn, job.workspace_id, [Kept(asset, len(made.data), look=look)])
            settled = await jobs.settle(conn, job, asset_id, facts, handle=handle if is_local(self.provider) else "")
        return Delivered(asset, facts, job.id) if settled else None

    async def _called_off(self, job: Job, handle: str) -> None:
        """A cancel came. Where a worker merely stops, the job stays for the next one; where nobody wants it, the vendor is told."""
        if not self.paid.terms.called_off():
            return
        if not handle and not is_local(self.provider):
            # It may be on its way still: a sweep looks it up when it has arrived for sure.
            async with self._noted(job) as conn:
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
                await self._keep_late(job, handle)
                return
        async with self._noted(job) as conn:
            await jobs.cancelled(conn, job, {"said": "called off"})

    async def _keep_late(self, job: Job, handle: str) -> None:
        """It was done before it could be called off: kept and charged, or charged alone where it is spoiled."""
        try:
            made = await self._fetch(replace(job, age_s=0.0), handle)
        except Spoiled as failure:
            async with self._noted(job) as conn:
                await jobs.failed(conn, job, said_of(failure), charged_usd=None)
            return
        await self._settle(job, handle, made)

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
