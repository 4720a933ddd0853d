"""Counts over a film: the server counts, so that a long film costs no more to describe than a short one."""

from __future__ import annotations

from typing import Any, Literal
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from storyreel.actions.progress import percent, state_of
from storyreel.model.base import Frozen
from storyreel.model.errors import NotFound
from storyreel.runtime.database import statement


class Standing(Frozen):
    """How far a project is: its film's shots, frames and finished segments, the open tasks by state, the newest open proposal."""

    shots: int = 0
    frames: int = 0
    rendered: int = 0
    queue: dict[str, int] = {}
    open_proposal: UUID | None = None


STANDING = """
    select count(w.id) as shots, coalesce(sum(w.frames), 0)::bigint as frames, count(w.final_node_id) as rendered,
        (select coalesce(json_object_agg(t.state, t.n), '{}') from (
            select state, count(*) as n from task where workspace_id = :ws
                and state in ('pending', 'running', 'paused', 'retry_pending', 'cancelling') group by state order by state) t) as queue,
        (select id from proposal where workspace_id = :ws and state = 'open'
            order by created_at desc, id desc limit 1) as open_proposal
    from work_item w join scene s on s.workspace_id = w.workspace_id and s.id = w.scene_id
    where w.workspace_id = :ws and not w.removed and not s.removed and s.episode_id = coalesce(
        cast(:episode as uuid),
        (select id from episode where workspace_id = :ws and not removed order by order_key, id limit 1))
"""


async def standing(conn: AsyncConnection, workspace_id: UUID, episode_id: UUID | None = None) -> Standing:
    """Where a project stands, with the totals of an episode; without one, of the first."""
    found = await conn.execute(statement(STANDING), {"ws": workspace_id, "episode": episode_id})
    return Standing.model_validate(dict(found.mappings().one()))


Shown = Literal["open", "archived", "deleted", "all"]
# A project by how far its shots are; `stored` is where somebody put it.
LISTED = """
    select w.id, w.name, w.kind::text as kind, w.state::text as stored, w.removed, w.revision, w.fps, w.created_at,
        s.shots, s.finished, s.in_work, s.films, s.episodes
    from workspace w cross join lateral (
        select count(i.id) as shots,
            count(i.id) filter (where i.final_node_id is not null and t.work_item_id is null) as finished,
            count(i.id) filter (where t.work_item_id is not null) as in_work,
            (select count(*) from episode e where e.workspace_id = w.id and not e.removed) as episodes,
            (select count(e.film_node_id) from episode e where e.workspace_id = w.id and not e.removed) as films
        from work_item i
        join scene c on c.workspace_id = i.workspace_id and c.id = i.scene_id and not c.removed
        left join (
            select distinct work_item_id from task where workspace_id = w.id and kind = 'shot'
                and state in ('pending', 'running', 'paused', 'retry_pending', 'cancelling')
        ) t on t.work_item_id = i.id
        where i.workspace_id = w.id and not i.removed
    ) s
    where (:shown = 'all' or (:shown = 'deleted') = w.removed)
        and (:shown in ('all', 'deleted') or (:shown = 'archived') = (w.state = 'archived'))
        and (cast(:after as uuid) is null or
            (w.created_at, w.id) < (select created_at, id from workspace where id = cast(:after as uuid)))
    order by w.created_at desc, w.id desc limit :limit
"""


async def workspaces(
    conn: AsyncConnection, limit: int = 20, after: UUID | None = None, shown: Shown = "open"
) -> list[dict[str, Any]]:
    """The projects, newest first; those `after` one in that order. Archived and deleted ones are left out unless they are `shown`."""
    found = await conn.execute(statement(LISTED), {"limit": limit, "after": after, "shown": shown})
    return [_listed(dict(row)) for row in found.mappings()]


def _listed(row: dict[str, Any]) -> dict[str, Any]:
    """A project in a list, with the state that follows from how far it is."""
    stored, removed, films, episodes = (row.pop(name) for name in ("stored", "removed", "films", "episodes"))
    state = state_of(stored, row["shots"], row["finished"], row["in_work"], film=0 < episodes == films)
    return {**row, "state": "deleted" if removed else state, "percent": percent(row["finished"], row["shots"])}


async def kind_of(conn: AsyncConnection, workspace_id: UUID) -> str:
    """Whether a workspace is a narrative project or a draft space.

    Raises:
        NotFound: there is no such workspace.
    """
    kind = await conn.scalar(statement("select kind::text from workspace where id = :ws and not removed"), {"ws": workspace_id})
    if kind is None:
        raise NotFound(f"there is no project {workspace_id}")
    return str(kind)


async def is_project(conn: AsyncConnection, workspace_id: UUID) -> bool:
    """Whether there is such a project, a deleted one too while it can be restored."""
    return bool(await conn.scalar(statement("select 1 from workspace where id = :ws"), {"ws": workspace_id}))
