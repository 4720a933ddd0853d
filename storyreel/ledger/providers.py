"""Providers as the whole installation shares them: whose turn it is, who is held by a person, how they did, what they answered last."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from storyreel.ledger import _sql as sql
from storyreel.ledger.jobs import Job


@dataclass(frozen=True, slots=True)
class Pause:
    """A provider that a person holds in a workspace."""

    provider: str
    paused_by: str
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Health:
    """How a provider did lately in a workspace: its calls, how many came to something, and how long those took."""

    provider: str
    capability: str
    calls: int
    settled: int
    failed: int
    open: int
    unknown: int
    median_s: float | None
    last_error: Mapping[str, Any] | None


async def hold(conn: AsyncConnection, workspace_id: UUID, provider: str, *, by: str, reason: str = "") -> bool:
    """Hold a provider: nothing new is sent to it from this workspace. False when it was held already."""
    return bool(
        await sql.run(
            conn,
            """
            insert into provider_pause (workspace_id, provider, paused_by, reason) values (:workspace, :provider, :by, :reason)
            on conflict do nothing
            """,
            workspace=workspace_id,
            provider=provider,
            by=by,
            reason=reason,
        )
    )


async def let_go(conn: AsyncConnection, workspace_id: UUID, provider: str) -> bool:
    """Let a provider go on. False when nobody held it."""
    return bool(
        await sql.run(
            conn,
            "delete from provider_pause where workspace_id = :workspace and provider = :provider",
            workspace=workspace_id,
            provider=provider,
        )
    )


async def held(conn: AsyncConnection, workspace_id: UUID) -> list[Pause]:
    """The providers that are held in a workspace."""
    found = await sql.rows(
        conn,
        "select provider, paused_by, reason, at from provider_pause where workspace_id = :workspace order by provider",
        workspace=workspace_id,
    )
    return [Pause(**one) for one in found]


async def pause_of(conn: AsyncConnection, workspace_id: UUID, provider: str) -> Pause | None:
    """Who holds a provider, if anybody does."""
    found = await sql.row(
        conn,
        "select provider, paused_by, reason, at from provider_pause where workspace_id = :workspace and provider = :provider",
        workspace=workspace_id,
        provider=provider,
    )
    return Pause(**found) if found else None


async def let_go_again(conn: AsyncConnection, workspace_id: UUID, ids: Sequence[UUID]) -> list[UUID]:
    """Which of these tasks wait for a provider that nobody holds any more."""
    found = await sql.rows(
        conn,
        """
        select t.id from task t
        where t.workspace_id = :workspace and t.id = any(cast(:ids as uuid[])) and t.state = 'retry_pending'
            and t.error ->> 'code' = 'provider-paused' and not exists (
                select from provider_pause p where p.workspace_id = t.workspace_id and p.provider = t.error ->> 'provider')
        """,
        workspace=workspace_id,
        ids=list(ids),
    )
    return [one["id"] for one in found]


async def take_turn(conn: AsyncConnection, provider: str, *, every_s: float, most_s: float) -> float | None:
    """Take the next turn of a provider, for the whole installation: in how many seconds it is; None where that is over `most_s`.

    A turn that is too far off is not taken, so that nobody's goes to waste.
    """
    found = await sql.row(
        conn,
        """
        insert into provider_turn as t (provider, next_at)
        values (:provider, clock_timestamp() + make_interval(secs => :every))
        on conflict (provider) do update
            set next_at = greatest(t.next_at, clock_timestamp()) + make_interval(secs => :every)
            where t.next_at <= clock_timestamp() + make_interval(secs => :most)
        returning extract(epoch from next_at - make_interval(secs => :every) - clock_timestamp())::float8 as in_s
        """,
        provider=provider,
        every=every_s,
        most=most_s,
    )
    return max(0.0, float(found["in_s"])) if found else None


async def room(conn: AsyncConnection, provider: str, at_once: int) -> bool:
    """Whether one more job may be sent to a provider, of `at_once` in the whole installation.

    Until the transaction ends nobody else finds the same room.
    """
    await sql.run(conn, "select pg_advisory_xact_lock(hashtextextended('provider ' || :provider, 0))", provider=provider)
    found = await sql.row(
        conn,
        "select count(*) as there from provider_job where provider = :provider and state in ('sending', 'submitted')",
        provider=provider,
    )
    return found is None or found["there"] < at_once


async def has_job(conn: AsyncConnection, workspace_id: UUID, task_id: UUID, stage: str) -> bool:
    """Whether a vendor may have a job of a stage of this task that is not over."""
    found = await sql.row(
        conn,
        """
        select exists (select from provider_job where workspace_id = :workspace and task_id = :task and stage = :stage
            and state in ('sending', 'submitted', 'unknown')) as yes
        """,
        workspace=workspace_id,
        task=task_id,
        stage=stage,
    )
    return bool(found and found["yes"])


async def keep_answer(conn: AsyncConnection, job: Job, answer: Mapping[str, Any]) -> None:
    """Keep what the vendor answered last (see `storyreel.providers.answers`)."""
    await sql.run(
        conn,
        "update provider_job set answer = cast(:answer as jsonb) where workspace_id = :workspace and id = :id",
        workspace=job.workspace_id,
        id=job.id,
        answer=sql.json(answer),
    )


async def say(conn: AsyncConnection, workspace_id: UUID, task_id: UUID, note: str, **facts: Any) -> None:
    """Tell something of a task in words: as its note, and as an event that stays."""
    await sql.run(
        conn,
        """
        with moved as (
            update task set note = :note where workspace_id = :workspace and id = :id returning id, stage
        )
        insert into task_event (workspace_id, task_id, kind, stage, data)
        select :workspace, id, 'note', stage, cast(:data as jsonb) from moved
        """,
        workspace=workspace_id,
        id=task_id,
        note=note[:1000],
        data=sql.json({"note": note[:1000], **facts}),
    )


async def adjust(conn: AsyncConnection, workspace_id: UUID, task_id: UUID, given: Sequence[Mapping[str, Any]]) -> None:
    """Add to what was given up for a task; what is there already is not said twice."""
    await sql.run(
        conn,
        """
        update task t set adjusted = t.adjusted || coalesce((
            select jsonb_agg(n.one) from jsonb_array_elements(cast(:given as jsonb)) as n(one)
            where not t.adjusted @> jsonb_build_array(n.one)), '[]'::jsonb)
        where t.workspace_id = :workspace and t.id = :id
        """,
        workspace=workspace_id,
        id=task_id,
        given=sql.json(list(given)),
    )


async def allowed(conn: AsyncConnection, workspace_id: UUID, task_id: UUID) -> frozenset[str]:
    """What a person allowed for this one task: `smaller`."""
    found = await sql.rows(
        conn,
        """
        select one ->> 'allowed' as allowed from task t, jsonb_array_elements(t.adjusted) as a(one)
        where t.workspace_id = :workspace and t.id = :id and one ? 'allowed'
        """,
        workspace=workspace_id,
        id=task_id,
    )
    return frozenset(one["allowed"] for one in found)


async def health(conn: AsyncConnection, workspace_id: UUID, *, hours: float = 24.0) -> list[Health]:
    """How the providers did in the last hours, by provider and capability."""
    found = await sql.rows(
        conn,
        """
        select provider, capability, count(*) as calls, count(*) filter (where state = 'settled') as settled,
            count(*) filter (where state = 'failed') as failed, count(*) filter (where state in ('sending', 'submitted')) as open,
            count(*) filter (where state = 'unknown') as unknown,
            (percentile_cont(0.5) within group (order by extract(epoch from updated_at - created_at))
                filter (where state = 'settled'))::float8 as median_s,
            (array_agg(error order by updated_at desc) filter (where error is not null))[1] as last_error
        from provider_job
        where workspace_id = :workspace and created_at > now() - make_interval(hours => 1) * cast(:hours as float8)
        group by provider, capability order by provider, capability
        """,
        workspace=workspace_id,
        hours=hours,
    )
    return [Health(**one) for one in found]
