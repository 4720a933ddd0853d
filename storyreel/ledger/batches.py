"""Batches as people follow them: how many, done, failed, waiting."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from storyreel.ledger import _sql as sql


async def newest(
    conn: AsyncConnection, workspace_id: UUID, limit: int = 20, after: UUID | None = None
) -> list[Mapping[str, Any]]:
    """The newest batches with the counts of their tasks; those `after` a batch in that order."""
    return list(
        await sql.rows(
            conn,
            """
        select b.id, b.title, b.asked_by, b.reason, b.created_at, count(t.id) as total,
            count(t.id) filter (where t.state = 'succeeded') as done,
            count(t.id) filter (where t.state in ('failed', 'manual_review', 'cancelled')) as failed,
            count(t.id) filter (where t.state in ('pending', 'running', 'paused', 'retry_pending', 'cancelling')) as waiting
        from batch b left join task t on t.workspace_id = b.workspace_id and t.batch_id = b.id
        where b.workspace_id = :workspace and (cast(:after as uuid) is null or (b.created_at, b.id) < (
            select created_at, id from batch where workspace_id = :workspace and id = cast(:after as uuid)))
        group by b.workspace_id, b.id order by b.created_at desc, b.id desc limit :limit
        """,
            workspace=workspace_id,
            limit=limit,
            after=after,
        )
    )
