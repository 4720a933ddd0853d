"""What the ledger knows of providers' calls: what was made under a key, who is at it, and which calls nobody waits for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from storyreel.ledger import _sql as sql
from storyreel.model.base import AssetRef

State = Literal["reserved", "sending", "submitted", "settled", "failed", "cancelled", "unknown"]


@dataclass(frozen=True, slots=True)
class Job:
    """A call as the ledger knows it. `age_s` is how long ago it last moved; `error` on an open job says that its sender gave up."""

    workspace_id: UUID
    id: UUID
    owner_id: UUID
    key: str
    state: State
    provider: str
    capability: str = ""
    stage: str = ""
    handle: str | None = None
    task_id: UUID | None = None
    model: str = ""
    reserved_usd: Decimal = Decimal(0)
    submissions: int = 0
    error: Mapping[str, Any] | None = None
    age_s: float = 0.0
    # Whose budget and which month's its money is in.
    person: str = ""
    month: str = ""
    # Whether this very call of `reserve` wrote it.
    mine: bool = False

    @property
    def vendor_key(self) -> str:
        """What the vendor knows this call by: our own id of it, so that two projects that ask for the same thing are two jobs."""
        return self.id.hex


@dataclass(frozen=True, slots=True)
class Delivered:
    """What was made under a key, for good."""

    asset: AssetRef
    facts: Mapping[str, Any]
    job_id: UUID


# A text model thinks for up to a minute; its asker is there all the while, and nobody else may close its call.
TEXT_AGE_S = 300.0
COLUMNS = """
    j.workspace_id, j.id, j.owner_id, j.key, j.state::text as state, j.provider, j.capability, j.stage, j.handle, j.task_id, j.model,
    j.reserved_usd, j.submissions, j.error, j.person, j.month,
    extract(epoch from clock_timestamp() - j.updated_at)::float8 as age_s
"""


async def look(conn: AsyncConnection, workspace_id: UUID, owner_id: UUID, key: str) -> Delivered | Job | None:
    """What was made under the key; else the open job for it; else None."""
    return await made(conn, workspace_id, owner_id, key) or await live(conn, workspace_id, owner_id, key)


async def made(conn: AsyncConnection, workspace_id: UUID, owner_id: UUID, key: str) -> Delivered | None:
    """What was made under the key, if anything was."""
    found = await sql.row(
        conn,
        """
        select m.facts, m.job_id, a.id, a.media_type, a.width_px, a.height_px, a.duration_s
        from made m join asset a on a.workspace_id = m.workspace_id and a.id = m.asset_id
        where m.workspace_id = :workspace and m.owner_id = :owner and m.key = :key
        """,
        workspace=workspace_id,
        owner=owner_id,
        key=key,
    )
    if found is None:
        return None
    plain = dict(found)
    facts, job_id = plain.pop("facts"), plain.pop("job_id")
    return Delivered(AssetRef.model_validate(plain), facts, job_id)


async def live(conn: AsyncConnection, workspace_id: UUID, owner_id: UUID, key: str) -> Job | None:
    """The open job for the key, if there is one."""
    found = await sql.row(
        conn,
        f"""
        select {COLUMNS} from provider_job j
        where j.workspace_id = :workspace and j.owner_id = :owner and j.key = :key
            and j.state in ('reserved', 'sending', 'submitted', 'unknown')
        """,  # noqa: S608 - the columns are a constant
        workspace=workspace_id,
        owner=owner_id,
        key=key,
    )
    return Job(**found) if found else None


async def get(conn: AsyncConnection, workspace_id: UUID, job_id: UUID) -> Job | None:
    """One job in whatever state."""
    found = await sql.row(
        conn,
        f"select {COLUMNS} from provider_job j where j.workspace_id = :workspace and j.id = :id",  # noqa: S608 - as above
        workspace=workspace_id,
        id=job_id,
    )
    return Job(**found) if found else None


async def reply_of(conn: AsyncConnection, workspace_id: UUID, owner_id: UUID, key: str) -> dict[str, Any] | None:
    """What a text model answered under the key, if it did."""
    found = await sql.row(
        conn,
        """
        select facts -> 'reply' as reply from provider_job
        where workspace_id = :workspace and owner_id = :owner and key = :key and capability = 'text' and state = 'settled'
        order by updated_at desc limit 1
        """,
        workspace=workspace_id,
        owner=owner_id,
        key=key,
    )
    return dict(found["reply"]) if found else None


async def request_of(conn: AsyncConnection, workspace_id: UUID, job_id: UUID) -> dict[str, Any]:
    """What a job was asked for."""
    found = await sql.row(
        conn, "select request from provider_job where workspace_id = :workspace and id = :id", workspace=workspace_id, id=job_id
    )
    return dict(found["request"]) if found else {}


async def deserted(conn: AsyncConnection, *, older_than_s: float) -> list[UUID]:
    """The workspaces that have open jobs whose task has ended and that have not moved for a while."""
    found = await sql.rows(
        conn,
        """
        select distinct j.workspace_id from provider_job j
        left join task t on t.workspace_id = j.workspace_id and t.id = j.task_id
        where j.state in ('reserved', 'sending', 'submitted')
            and j.updated_at <= clock_timestamp() - make_interval(secs => case j.capability when 'text' then greatest(:age, :text) else :age end)
            and (t.id is null or t.state in ('succeeded', 'failed', 'cancelled', 'manual_review'))
        """,
        age=older_than_s,
        text=TEXT_AGE_S,
    )
    return [one["workspace_id"] for one in found]


async def open_jobs(conn: AsyncConnection, workspace_id: UUID, *, older_than_s: float = 0.0, limit: int = 100) -> list[Job]:
    """Jobs that are open though the task they were for has ended: what a sweep settles or calls off, the oldest first."""
    found = await sql.rows(
        conn,
        f"""
        select {COLUMNS} from provider_job j
        left join task t on t.workspace_id = j.workspace_id and t.id = j.task_id
        where j.workspace_id = :workspace and j.state in ('reserved', 'sending', 'submitted', 'unknown')
            and (t.id is null or t.state in ('succeeded', 'failed', 'cancelled', 'manual_review'))
            and j.updated_at <= clock_timestamp() - make_interval(secs => case j.capability when 'text' then greatest(:age, :text) else :age end)
        order by j.updated_at limit :limit
        """,  # noqa: S608 - as above
        workspace=workspace_id,
        age=older_than_s,
        text=TEXT_AGE_S,
        limit=limit,
    )
    return [Job(**one) for one in found]


async def of_task(conn: AsyncConnection, workspace_id: UUID, task_id: UUID) -> list[dict[str, Any]]:
    """Every call that was made for a task, the first first, for people: what it was, where it stands, what it cost and why it failed."""
    found = await sql.rows(
        conn,
        """
        select id, owner_id, stage, capability, provider, model, state::text as state, handle, reserved_usd, settled_usd, asset_id,
            error, submissions, created_at, updated_at
        from provider_job where workspace_id = :workspace and task_id = :task order by created_at, id
        """,
        workspace=workspace_id,
        task=task_id,
    )
    return [dict(one) for one in found]
