"""Taking deleted projects away for good, once the time in which they can be restored is over. What went is written down; undo ends here."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from storyreel.model.base import Frozen
from storyreel.model.digest import canonical
from storyreel.runtime import clock
from storyreel.runtime.database import Database
from storyreel.runtime.telemetry import log

# What points is taken away before what it points at; `workspace` itself comes last.
TABLES = (
    "message",
    "proposal",
    "conversation",
    "made",
    "money",
    "provider_job",
    "task_event",
    "batch_task",
    "task",
    "batch",
    "desk",
    "provider_pause",
    "schedule",
    "budget",
    "budget_rule",
    "snapshot",
    "op",
    "commit",
    "node_ref",
    "work_item_asset",
    "work_item_character",
    "node",
    "track",
    "asset_card",
    "upload",
    "memory",
    "canvas",
    "prompt_template",
    "style_preset",
    "world_setting",
    "work_item",
    "script",
    "scene",
    "board",
    "episode",
    "character",
    "scene_look",
    "asset",
)
# What points both ways is let go of first.
CIRCLES = {
    "episode": ("film_node_id",),
    "work_item": ("follows_id", *(f"{slot}_node_id" for slot in ("picture", "video", "voice", "music", "sfx", "final"))),
    "character": ("picture_node_id",),
    "scene_look": ("picture_node_id",),
    "track": ("origin_node_id",),
}
DUE = """
    select w.id, w.name, w.revision, coalesce(d.at, w.created_at) as deleted_at
    from workspace w left join lateral (
        select max(c.created_at) as at from op o join commit c on c.workspace_id = o.workspace_id and c.revision = o.revision
        where o.workspace_id = w.id and o.table_name = 'workspace' and o.row_id = w.id and o.after ->> 'removed' = 'true'
    ) d on true
    where w.removed and coalesce(d.at, w.created_at) < :before
    order by w.id
"""


class Purged(Frozen):
    """A project that went, or would go: when it was deleted, and how many rows there were of each table."""

    workspace_id: UUID
    name: str
    deleted_at: datetime
    revision: int
    rows: dict[str, int] = {}


async def purge(database: Database, *, retention_s: float, actor: str, dry_run: bool = False) -> tuple[Purged, ...]:
    """Take away the projects that were deleted longer than `retention_s` ago; each in a transaction of its own.

    Bytes that only they named are collected afterwards (`storyreel.commits.garbage`). With `dry_run` nothing goes.

    Raises:
        Unavailable: the database is away; what went by then is gone.
    """
    before = clock.now() - timedelta(seconds=retention_s)
    async with database.connect() as conn:
        due = [Purged(workspace_id=row.id, name=row.name, deleted_at=row.deleted_at, revision=row.revision) for row in await conn.execute(text(DUE), {"before": before})]  # fmt: skip
    if dry_run:
        return tuple(due)
    gone = [one for each in due if (one := await _purge(database, each, before, actor)) is not None]
    for one in gone:
        log("purge").info("project.purged", workspace=one.workspace_id, rows=sum(one.rows.values()))
    return tuple(gone)


async def _purge(database: Database, due: Purged, before: datetime, actor: str) -> Purged | None:
    """One project; None where somebody restored it meanwhile."""
    async with database.begin() as conn:
        await conn.execute(text("select 1 from workspace where id = :ws for update"), {"ws": due.workspace_id})
        still = {row.id for row in await conn.execute(text(DUE), {"before": before})}
        if due.workspace_id not in still:
            return None
        gone = due.model_copy(update={"rows": await _take_away(conn, due.workspace_id)})
        await conn.execute(
            text(
                "insert into purge (id, workspace_id, name, actor, deleted_at, revision, rows)"
                " values (:id, :ws, :name, :actor, :deleted_at, :revision, cast(:rows as jsonb))"
            ),
            {
                "id": uuid4(),
                "ws": gone.workspace_id,
                "name": gone.name,
                "actor": actor,
                "deleted_at": gone.deleted_at,
                "revision": gone.revision,
                "rows": canonical(gone.rows),
            },
        )
    return gone


async def _take_away(conn: AsyncConnection, workspace_id: UUID) -> dict[str, int]:
    """How many rows went, by table."""
    ws = {"ws": workspace_id}
    for table, columns in CIRCLES.items():
        nothing = ", ".join(f"{column} = null" for column in columns)
        await conn.execute(text(f"update {table} set {nothing} where workspace_id = :ws"), ws)  # noqa: S608 - constants
    counts: dict[str, int] = {}
    for table in TABLES:
        counts[table] = (await conn.execute(text(f"delete from {table} where workspace_id = :ws"), ws)).rowcount  # noqa: S608
    counts["workspace"] = (await conn.execute(text("delete from workspace where id = :ws"), ws)).rowcount
    return {table: count for table, count in counts.items() if count}
