"""The sweep behind the paid door: calls that are open though the work they were for has ended are settled, called off or asked about.

A run that was terminated runs no code, and a process may die while it says its last words; this finds what they left.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from uuid import UUID

from activities.kit import KitMaker
from activities.paid import PaidProviders, Purchase, Terms
from storyreel.ledger import jobs, review
from storyreel.ledger.jobs import Job, Wish
from storyreel.ledger.quote import capability_of
from storyreel.model.errors import LookupUnsupported, StoryreelError
from storyreel.pipeline.ports import ImageRequest, MusicRequest, Request, SfxRequest, VideoRequest, VoiceRequest
from storyreel.providers.registry import is_local
from storyreel.runtime.telemetry import bound, log

# No submit is on its way for this long.
AGE_S = 60.0
EVERY_S = 60.0
REQUESTS: dict[str, type[Request]] = {
    "image": ImageRequest,
    "video": VideoRequest,
    "voice": VoiceRequest,
    "music": MusicRequest,
    "sfx": SfxRequest,
}


async def sweeping(kits: KitMaker, *, every_s: float = EVERY_S) -> None:
    """Sweep every workspace now and then, for ever; any number of processes may."""
    while True:
        with suppress(StoryreelError):  # the database is away: the next sweep comes anyway
            async with kits.database.begin() as conn:
                found = {*await jobs.deserted(conn, older_than_s=AGE_S), *await review.with_unknown(conn, older_than_s=AGE_S)}
            for workspace_id in found:
                await sweep(kits, workspace_id)
        await asyncio.sleep(every_s)


async def sweep(kits: KitMaker, workspace_id: UUID, *, older_than_s: float = AGE_S) -> int:
    """Close the calls of a workspace that nobody waits for; how many were closed. What fails now is tried by the next sweep.

    A call of which nobody knew is asked about again: where the vendor can tell by now, its task goes on by itself.
    """
    async with kits.database.begin() as conn:
        found = await jobs.open_jobs(conn, workspace_id, older_than_s=older_than_s)
    closed = 0
    silent: set[str] = set()
    for job in found:
        with bound(workspace=workspace_id, job=job.id):
            try:
                closed += await (_ask_again(kits, job, silent) if job.state == "unknown" else _close(kits, job))
            except StoryreelError as failure:
                log().warning("sweep.failed", code=failure.code, reason=failure.detail)
            except Exception:  # noqa: BLE001 (one call that cannot be closed neither holds up the others nor ends the worker)
                log().exception("sweep.broken")
    return closed


async def _ask_again(kits: KitMaker, job: Job, silent: set[str]) -> bool:
    """Ask the vendor of an unknown call once more; `silent` are those that cannot tell, so that they are asked once a sweep."""
    if job.provider in silent or job.capability == "text":
        return False
    purchase = await _purchase(kits, job)
    try:
        handle = await purchase.provider.find(job.vendor_key)
    except LookupUnsupported:
        silent.add(job.provider)
        return False
    async with kits.database.begin() as conn:
        if handle is None:
            known = await jobs.failed(conn, job, {"said": f"{job.provider} could tell by now: it has no such job"})
        else:
            known = await jobs.submitted(conn, job, handle)
        waits = known and await review.goes_on(conn, job, found=handle is not None)
    if known and handle is not None and not waits:
        await purchase.call_off(job, handle)
    return known


async def _close(kits: KitMaker, job: Job) -> bool:
    if job.capability == "text":
        async with kits.database.begin() as conn:
            return await jobs.lost(conn, job)
    purchase = await _purchase(kits, job)
    handle = job.handle or ""
    if job.state == "sending" and not is_local(purchase.provider):
        try:
            handle = await purchase.provider.find(job.vendor_key) or ""
        except LookupUnsupported as failure:
            async with kits.database.begin() as conn:
                await jobs.unknown(conn, job, {"code": failure.code, "detail": failure.detail})
            return False
        if handle:
            async with kits.database.begin() as conn:
                await jobs.submitted(conn, job, handle)
    if handle:
        await purchase.call_off(job, handle)
        return True
    async with kits.database.begin() as conn:
        return await jobs.cancelled(conn, job, {"said": "nobody waited for it any more"})


async def _purchase(kits: KitMaker, job: Job) -> Purchase:
    async with kits.database.begin() as conn:
        kept = await jobs.request_of(conn, job.workspace_id, job.id)
    request = REQUESTS[job.capability].model_validate(kept)
    terms = Terms(job.workspace_id, job.owner_id, job.stage, job.task_id)
    paid = PaidProviders(kits.database, kits.store, kits.registry, terms, kits.scratch, lambda fraction: None)  # noqa: ARG005
    wish = Wish(
        workspace_id=job.workspace_id,
        owner_id=job.owner_id,
        key=job.key,
        stage=job.stage,
        capability=job.capability,
        provider=job.provider,
        model=job.model,
        request=kept,
        cost_usd=float(job.reserved_usd),
        task_id=job.task_id,
    )
    return Purchase(paid, kits.registry.get(capability_of(request), job.provider), request, wish)
