"""Counts over a film: the server counts, so that a long film costs no more to describe than a short one."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from storyreel.model.base import Frozen
from storyreel.model.errors import NotFound


class FilmTotals(Frozen):
    """How many shots a film has, how long they are together, and how many have a finished segment."""

    shots: int = 0
    frames: int = 0
    rendered: int = 0


async def film_totals(conn: AsyncConnection, workspace_id: UUID, episode_id: UUID | None = None) -> FilmTotals:
    """The totals of an episode; without one, of the first."""
    found = await conn.execute(
        text(
            """
            select count(*) as shots, coalesce(sum(w.frames), 0)::bigint as frames, count(w.final_node_id) as rendered
            from work_item w join scene s on s.workspace_id = w.workspace_id and s.id = w.scene_id
            where w.workspace_id = :ws and not w.removed and not s.removed and s.episode_id = coalesce(
                cast(:episode as uuid),
                (select id from episode where workspace_id = :ws and not removed order by order_key, id limit 1))
            """
        ),
        {"ws": workspace_id, "episode": episode_id},
    )
    return FilmTotals.model_validate(dict(found.mappings().one()))


async def workspaces(conn: AsyncConnection, limit: int = 20, after: UUID | None = None) -> list[dict[str, object]]:
    """The projects, newest first; those `after` one in that order."""
    found = await conn.execute(
        text(
            "select id, name, kind::text as kind, state::text as state, revision, fps, created_at from workspace where not removed"
            " and (cast(:after as uuid) is null or"
            " (created_at, id) < (select created_at, id from workspace where id = cast(:after as uuid)))"
            " order by created_at desc, id desc limit :limit"
        ),
        {"limit": limit, "after": after},
    )
    return [dict(row) for row in found.mappings()]


async def kind_of(conn: AsyncConnection, workspace_id: UUID) -> str:
    """Whether a workspace is a narrative project or a draft space.

    Raises:
        NotFound: there is no such workspace.
    """
    kind = await conn.scalar(text("select kind::text from workspace where id = :ws and not removed"), {"ws": workspace_id})
    if kind is None:
        raise NotFound(f"there is no project {workspace_id}")
    return str(kind)


async def is_project(conn: AsyncConnection, workspace_id: UUID) -> bool:
    """Whether there is such a project."""
    return bool(await conn.scalar(text("select 1 from workspace where id = :ws and not removed"), {"ws": workspace_id}))
