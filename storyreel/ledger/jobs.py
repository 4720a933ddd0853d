"""The calls of providers: each is written down before it is made, so that nothing is paid for twice whatever dies.

    reserved -> sending -> submitted -> settled | failed | cancelled          sending -> unknown

`sending` is committed just before the first byte leaves; only a death in `sending` needs a look-up at the vendor. Every step is a
compare-and-set: a step that comes late returns False and changes nothing. What a call holds and costs is booked with its steps
(`ledger.money`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy.ext.asyncio import AsyncConnection

from storyreel.ledger import _sql as sql
from storyreel.ledger import money
from storyreel.ledger._calls import (
    Delivered,
    Job,
    State,
    deserted,
    get,
    live,
    look,
    made,
    of_task,
    open_jobs,
    reply_of,
    request_of,
)  # fmt: skip
from storyreel.ledger.budget import MICRO, THIS_MONTH
from storyreel.runtime.telemetry import carry

__all__ = [
    "Delivered", "Job", "Wish", "adopt", "answered", "cancelled", "deserted", "doubt", "failed", "get", "live", "look", "lost", "made", "of_task", "open_jobs",
    "reply_of", "request_of", "reserve", "resolve", "sending", "settle", "submitted", "unknown",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Wish:
    """A call that somebody wants to make. `owner_id` is the work item, episode, character or turn it is for.

    `person` is whose budget pays it, else that of who asked for the task; `month` which month's, else this one's.
    """

    workspace_id: UUID
    owner_id: UUID
    key: str
    stage: str
    capability: str
    provider: str
    model: str = ""
    request: Mapping[str, Any] = field(default_factory=dict)
    cost_usd: float = 0.0
    task_id: UUID | None = None
    person: str = ""
    month: str = ""


async def reserve(conn: AsyncConnection, wish: Wish, *, sending: bool = False) -> Delivered | Job:
    """Write a call down and hold its price; or say what was made, or who is at it, under the same key.

    The job is the caller's own where `mine` says so; anybody else's is to be waited for. `sending` saves a commit where the first
    byte leaves right after this one.

    Raises:
        OverBudget: the budget does not cover it; the transaction must end.
    """
    own = Job(
        workspace_id=wish.workspace_id,
        id=uuid4(),
        owner_id=wish.owner_id,
        key=wish.key,
        state="sending" if sending else "reserved",
        provider=wish.provider,
        capability=wish.capability,
        stage=wish.stage,
        task_id=wish.task_id,
        model=wish.model,
        reserved_usd=Decimal(str(wish.cost_usd)).quantize(MICRO),
        submissions=1 if sending else 0,
        mine=True,
    )
    booked = await _insert(conn, own, wish)
    mine = booked is not None
    own = booked or own
    # Read after the insert: a job that was settled while the insert waited for it is seen only now.
    there = await made(conn, wish.workspace_id, wish.owner_id, wish.key)
    if there is not None:
        if mine:
            await _take_back(conn, own)
        return there
    if mine:
        await money.hold(conn, own)
        return own
    other = await live(conn, wish.workspace_id, wish.owner_id, wish.key)
    # It ended between the two statements without a result: ours is the next try.
    return other if other is not None else await reserve(conn, wish, sending=sending)


async def sending(conn: AsyncConnection, job: Job) -> bool:
    """Say that the first byte leaves now; False when someone else was faster.

    From `reserved`, or again from `sending` after a look-up found no such job at the vendor.
    """
    return bool(
        await sql.run(
            conn,
            """
            update provider_job
            set state = 'sending', submissions = submissions + 1, error = null, updated_at = clock_timestamp()
            where workspace_id = :workspace and id = :id and state in ('reserved', 'sending') and submissions = :seen
            """,
            workspace=job.workspace_id,
            id=job.id,
            seen=job.submissions,
        )
    )


async def submitted(conn: AsyncConnection, job: Job, handle: str) -> bool:
    """Keep the vendor's handle, before the first question about it; False when the job has moved on."""
    return bool(
        await sql.run(
            conn,
            """
            update provider_job set state = 'submitted', handle = :handle, error = null, updated_at = clock_timestamp()
            where workspace_id = :workspace and id = :id and state in ('sending', 'unknown', 'submitted')
            """,
            workspace=job.workspace_id,
            id=job.id,
            handle=handle,
        )
    )


async def doubt(conn: AsyncConnection, job: Job, error: Mapping[str, Any]) -> None:
    """Leave the job in `sending` and say that its sender does not know whether the vendor has it: the next one looks it up."""
    await sql.run(
        conn,
        """
        update provider_job set error = cast(:error as jsonb), updated_at = clock_timestamp()
        where workspace_id = :workspace and id = :id and state = 'sending' and submissions = :seen
        """,
        workspace=job.workspace_id,
        id=job.id,
        seen=job.submissions,
        error=sql.json(error),
    )


async def adopt(conn: AsyncConnection, job: Job, task_id: UUID | None) -> None:
    """Go on with another task's job as one's own, so that no sweep calls it off for want of somebody who waits."""
    await sql.run(
        conn,
        """
        update provider_job set task_id = cast(:task as uuid), updated_at = clock_timestamp()
        where workspace_id = :workspace and id = :id and state in ('reserved', 'sending', 'submitted', 'unknown')
        """,
        workspace=job.workspace_id,
        id=job.id,
        task=task_id,
    )


async def unknown(conn: AsyncConnection, job: Job, error: Mapping[str, Any]) -> bool:
    """The vendor cannot say whether it has the job: its money stays held until a person or a policy decides."""
    return bool(
        await sql.run(
            conn,
            """
            update provider_job set state = 'unknown', error = cast(:error as jsonb), updated_at = clock_timestamp()
            where workspace_id = :workspace and id = :id and state = 'sending'
            """,
            workspace=job.workspace_id,
            id=job.id,
            error=sql.json(error),
        )
    )


async def settle(
    conn: AsyncConnection,
    job: Job,
    asset_id: str,
    facts: Mapping[str, Any],
    *,
    cost_usd: float | None = None,
    handle: str = "",
) -> bool:
    """Close a job with what it made, charge it, and write `made`, all at once; False when the job was closed meanwhile.

    The asset must be registered. `cost_usd` None charges what was held; what the vendor took beyond that is charged as far as the limits
    have room, and told of beside it (`ledger.money`). `handle` closes a job straight from `sending`, for makers in this process whose
    handle is worth no commit of its own.
    """
    return await _settle(conn, job, facts, cost_usd, asset_id, handle)


async def answered(conn: AsyncConnection, job: Job, facts: Mapping[str, Any], *, cost_usd: float | None = None) -> bool:
    """Close a call of a text model with what it answered, in `facts`: it made no thing, so nothing is written in `made`.

    False when the job was closed meanwhile.
    """
    return await _settle(conn, job, facts, cost_usd, None, job.vendor_key)


async def lost(conn: AsyncConnection, job: Job) -> bool:
    """Close a call of a text model whose asker died before the answer: nobody can look it up, so it is taken as charged."""
    return await failed(conn, job, {"said": "its asker died before the answer came; taken as charged"}, charged_usd=None)


async def failed(conn: AsyncConnection, job: Job, error: Mapping[str, Any], *, charged_usd: float | None = 0.0) -> bool:
    """Close a job that made nothing and give its money back, but for what the vendor keeps (None: all that was held)."""
    return await _close(conn, job, "failed", error, charged_usd)


async def cancelled(conn: AsyncConnection, job: Job, error: Mapping[str, Any], *, charged_usd: float = 0.0) -> bool:
    """Close a job that was called off and give its money back, but for what the vendor keeps."""
    return await _close(conn, job, "cancelled", error, charged_usd)


async def resolve(conn: AsyncConnection, workspace_id: UUID, job_id: UUID, *, charged: bool) -> bool:
    """A person's word on an unknown job: the vendor charged for it, or did not. Either way it may be bought again.

    False when the job is not unknown (any more).
    """
    job = await get(conn, workspace_id, job_id)
    if job is None or job.state != "unknown":
        return False
    said = {"said": "a person found it charged" if charged else "a person found it not charged"}
    return await failed(conn, job, said, charged_usd=None if charged else 0.0)


async def _insert(conn: AsyncConnection, job: Job, wish: Wish) -> Job | None:
    """The job as it was written, with whose budget pays it; None where the key is taken."""
    found = await sql.row(
        conn,
        f"""
        insert into provider_job (
            workspace_id, id, task_id, owner_id, key, stage, capability, provider, model, request, state, reserved_usd, submissions,
            created_at, updated_at, person, month, trace
        )
        select :workspace, :id, cast(:task as uuid), :owner, :key, :stage, :capability, :provider, :model, cast(:request as jsonb),
            cast(:state as job_state), cast(:cost as numeric), :submissions, clock_timestamp(), clock_timestamp(),
            coalesce(nullif(:person, ''), (select asked_by from task where workspace_id = :workspace and id = cast(:task as uuid)), ''),
            coalesce(nullif(:month, ''), {THIS_MONTH}), cast(:trace as jsonb)
        where not exists (select from made where workspace_id = :workspace and owner_id = :owner and key = :key)
        -- One open job a key: the second buyer waits for the first one's transaction and then finds its row.
        on conflict (workspace_id, owner_id, key) where state in ('reserved', 'sending', 'submitted', 'unknown') do nothing
        returning person, month
        """,  # noqa: S608 - a constant
        workspace=job.workspace_id,
        id=job.id,
        task=job.task_id,
        owner=job.owner_id,
        key=job.key,
        stage=wish.stage,
        capability=wish.capability,
        provider=job.provider,
        model=job.model,
        request=sql.json(wish.request),
        state=job.state,
        cost=job.reserved_usd,
        submissions=job.submissions,
        person=wish.person,
        month=wish.month,
        trace=sql.json(carry()),
    )
    return replace(job, **found) if found else None


async def _take_back(conn: AsyncConnection, job: Job) -> None:
    # Nobody has seen the row: it was written in this transaction, and nothing was held for it.
    await sql.run(
        conn, "delete from provider_job where workspace_id = :workspace and id = :id", workspace=job.workspace_id, id=job.id
    )


async def _settle(
    conn: AsyncConnection, job: Job, facts: Mapping[str, Any], cost_usd: float | None, asset_id: str | None, handle: str
) -> bool:
    # The accounts before the call, as whoever closes a call does it: two that lock the same in two orders wait for each other.
    charge = await money.charge(conn, job, cost_usd)
    if handle and not await submitted(conn, job, handle):
        return False
    told = {**facts, "charged_usd": float(charge.usd + charge.over_usd)} if charge.over_usd else facts
    closed = await sql.row(
        conn,
        f"""
        with done as (
            update provider_job
            set state = 'settled', asset_id = cast(:asset as text), facts = cast(:facts as jsonb), settled_usd = cast(:cost as numeric),
                error = null, updated_at = clock_timestamp()
            where workspace_id = :workspace and id = :id and state = 'submitted'
            returning *
        ), {money.BOOKED}, kept as (
            insert into made (workspace_id, owner_id, key, asset_id, job_id, facts)
            select workspace_id, owner_id, key, asset_id, id, facts from done where asset_id is not null
            on conflict (workspace_id, owner_id, key) do update set key = excluded.key
        )
        select id from done
        """,  # noqa: S608 - a constant
        workspace=job.workspace_id,
        id=job.id,
        asset=asset_id,
        facts=sql.json(told),
        cost=charge.usd,
        over=charge.over_usd,
    )
    return closed is not None


async def _close(conn: AsyncConnection, job: Job, state: State, error: Mapping[str, Any], charged_usd: float | None) -> bool:
    charge = await money.charge(conn, job, charged_usd)
    closed = await sql.row(
        conn,
        f"""
        with done as (
            update provider_job
            set state = cast(:state as job_state), error = cast(:error as jsonb), updated_at = clock_timestamp(),
                settled_usd = cast(:cost as numeric)
            where workspace_id = :workspace and id = :id and state in ('reserved', 'sending', 'submitted', 'unknown')
            returning *
        ), {money.BOOKED}
        select id from done
        """,  # noqa: S608 - a constant
        workspace=job.workspace_id,
        id=job.id,
        state=state,
        error=sql.json(error),
        cost=charge.usd,
        over=charge.over_usd,
    )
    return closed is not None
