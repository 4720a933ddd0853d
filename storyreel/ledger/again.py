"""A task takes another take of a stage by itself: a bounded number of times, and only where that costs nothing or is covered."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from storyreel.ledger import _sql as sql

# What a stage cost the last time stands for what it would cost now; where nobody knows, it is not free.
TAKE = """
    with last as (
        select distinct on (j.stage) j.stage, j.task_id from provider_job j
        join task k on k.workspace_id = j.workspace_id and k.id = j.task_id and k.work_item_id = :owner
        where j.workspace_id = :workspace and j.owner_id = :owner and j.stage = any(cast(:buys as text[]))
        order by j.stage, j.created_at desc
    ), cost as (
        select count(distinct j.stage) as stages, coalesce(sum(coalesce(j.settled_usd, j.reserved_usd)), 0) as usd
        from provider_job j join last l on l.stage = j.stage and l.task_id = j.task_id
        where j.workspace_id = :workspace and j.owner_id = :owner
    ), spent as (
        select coalesce(sum(coalesce(settled_usd, reserved_usd)), 0) as usd from provider_job
        where workspace_id = :workspace and task_id = :id
    )
    update task t set takes = t.takes || jsonb_build_object(
        cast(:stage as text),
        1 + greatest(coalesce(cast(t.takes ->> cast(:stage as text) as integer), 0), coalesce((select max(n.take) from node n
            where n.workspace_id = :workspace and n.work_item_id = :owner and n.stage = :stage), 0)),
        'check', 1 + coalesce(cast(t.takes ->> 'check' as integer), 0))
    from cost, spent
    where t.workspace_id = :workspace and t.id = :id and t.state = 'running' and :run in (0, t.run)
        and coalesce(cast(t.takes ->> 'check' as integer), 0) < :retries
        and cost.stages = :count and (cost.usd = 0 or spent.usd + cost.usd <= t.quoted_usd)
"""


async def take_again(
    conn: AsyncConnection,
    workspace_id: UUID,
    task_id: UUID,
    owner_id: UUID,
    stage: str,
    *,
    buys: Sequence[str],
    retries: int,
    run: int = 0,
) -> bool:
    """Ask for the next take of a stage of a shot, and count that it was asked for; False where it is not allowed.

    `buys` are the stages that would call a provider again. It is allowed while the task took fewer than `retries` such takes, and where
    those calls cost nothing, or no more than what is left of the price that the task was agreed at.
    """
    return bool(
        await sql.run(
            conn,
            TAKE,
            workspace=workspace_id,
            id=task_id,
            owner=owner_id,
            stage=stage,
            buys=list(buys),
            count=len(buys),
            retries=retries,
            run=run,
        )
    )
