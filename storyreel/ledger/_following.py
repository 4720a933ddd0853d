"""Shots that continue from others, in the queue: which of them are held, and what they say of it."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from storyreel.ledger import _sql as sql

# The newest try of the shot ahead (`o` of `ahead`) ended without a result, and no clip was chosen since.
STUCK = """(
    o.state in ('failed', 'manual_review')
    and not exists (
        select from task n where n.workspace_id = o.workspace_id and n.work_item_id = o.work_item_id and n.kind = 'shot'
            and 'video' = any(n.stages) and n.id <> o.id and n.created_at > o.created_at)
    and not exists (
        select from node c where c.workspace_id = o.workspace_id and c.id = ahead.video_node_id and c.created_at > o.finished_at)
)"""
# What a waiting task says of the shot ahead, brought up to date; nothing is looked at where no shot follows another.
HELD = """
with following as (
    select w.id, w.follows_id from work_item w
    join work_item ahead on ahead.workspace_id = w.workspace_id and ahead.id = w.follows_id and not ahead.removed
    where w.workspace_id = :workspace and w.follows_id is not null and not w.removed
), waiting as (
    select t.id, f.follows_id as ahead, t.note, (
        select bool_or(STUCK) from task o join work_item ahead on ahead.workspace_id = o.workspace_id and ahead.id = o.work_item_id
        where o.workspace_id = :workspace and o.work_item_id = f.follows_id and o.kind = 'shot' and 'video' = any(o.stages)
            and (o.state in ('pending', 'running', 'paused', 'retry_pending', 'cancelling') or STUCK)
    ) as stuck
    from following f join task t on t.workspace_id = :workspace and t.work_item_id = f.id
    where t.kind = 'shot' and t.state = 'pending' and 'video' = any(t.stages)
), numbered as (
    select w.id, row_number() over (partition by s.episode_id order by s.order_key, s.id, w.order_key, w.id) as number
    from work_item w join scene s on s.workspace_id = w.workspace_id and s.id = w.scene_id
    where w.workspace_id = :workspace and not w.removed and not s.removed and exists (select from waiting)
), said as (
    select x.id, case when x.stuck is null then ''
        else 'waits for shot ' || coalesce(n.number::text, '?') || case when x.stuck then ', which needs a person' else '' end end as note
    from waiting x left join numbered n on n.id = x.ahead
    where x.stuck is not null or x.note like 'waits for shot %'
), told as (
    update task t set note = said.note from said
    where t.workspace_id = :workspace and t.id = said.id and t.note <> said.note
    returning t.id, t.note
)
insert into task_event (workspace_id, task_id, kind, data)
select :workspace, id, 'waits', jsonb_build_object('note', note) from told
""".replace("STUCK", STUCK)


async def tell_held(conn: AsyncConnection, workspace_id: UUID) -> None:
    """Write on waiting tasks which shot they wait for, and whether that one needs a person; told as an event where it changed."""
    await sql.run(conn, HELD, workspace=workspace_id)
