"""Writing a planned change: rows, log, snapshot. All of it inside the one transaction that holds the workspace."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import bindparam, insert, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from storyreel.actions.base import Adopt
from storyreel.commits.outcome import Actor
from storyreel.graph.rows import table_of, values_of
from storyreel.model.digest import canonical
from storyreel.model.ops import Op
from storyreel.model.rows import ROWS, Row
from storyreel.model.view import GraphView
from storyreel.runtime import tables
from storyreel.runtime.database import statement

ADOPT = """
    insert into asset (
        workspace_id, id, media_type, size_bytes, width_px, height_px, duration_s, name, source, perceptual, embedding, embedding_model
    )
    select :ws, id, media_type, size_bytes, width_px, height_px, duration_s, name,
        jsonb_build_object('by', 'workspace', 'from', cast(:source as text)), perceptual, embedding, embedding_model
    from asset where workspace_id = :source and id = any(cast(:ids as text[])) order by id
    on conflict do nothing
"""
# A key of the log waits for its commit until the end of the statement, so both may be written in one.
COMMIT = """
    with logged as (
        insert into commit (
            workspace_id, revision, request_id, actor, actor_kind, source, kind, intent, actions, summary, undoes, batch_id
        ) values (
            :ws, :revision, :request, :actor, :actor_kind, :source, :kind, :intent, cast(:actions as jsonb), cast(:summary as jsonb),
            cast(:undoes as bigint), cast(:batch as uuid)
        )
    ), changes as (
        insert into op (workspace_id, revision, seq, table_name, row_id, kind, before, after)
        select :ws, :revision, o.seq, o."table", o."row", o.kind, o.before, o.after
        from jsonb_to_recordset(cast(:ops as jsonb)) as o(
            seq integer, "table" text, "row" uuid, kind op_kind, before jsonb, after jsonb
        )
    )
    update workspace set revision = :revision where id = :ws
"""


async def lock_workspace(conn: AsyncConnection, workspace_id: UUID) -> int | None:
    """Hold the workspace for this transaction; its revision, or None when it is not there.

    NO KEY UPDATE: rows that point at the workspace may still be inserted by others.
    """
    found = await conn.scalar(statement("select revision from workspace where id = :ws for no key update"), {"ws": workspace_id})
    return None if found is None else int(found)


async def write_rows(conn: AsyncConnection, after: GraphView, ops: Sequence[Op]) -> None:
    """Bring the touched rows to what they are in `after`: inserts in the order of the tables, then changes."""
    inserted = {(op.table, op.row) for op in ops if op.kind == "insert"}
    for table, kind in ROWS.items():
        rows = [
            after.rows[table][row] for row in dict.fromkeys(op.row for op in ops if op.table == table and op.kind == "insert")
        ]
        if rows:
            await conn.execute(insert(table_of(kind)), [values_of(_bare(row)) for row in rows])
    changed: dict[tuple[str, UUID], set[str]] = {}
    for op in ops:
        if op.kind == "change":
            changed.setdefault((op.table, op.row), set()).update(path.split(".")[0] for path in {**op.before, **op.after})
    for at in inserted:
        # What points at a row of a later table is written once that row is there.
        changed.setdefault(at, set()).update(_late(after.rows[at[0]][at[1]]))
    await _update(conn, after, changed)


async def _update(conn: AsyncConnection, after: GraphView, changed: Mapping[tuple[str, UUID], set[str]]) -> None:
    """One statement for each table and set of columns, whatever the number of rows."""
    groups: dict[tuple[str, tuple[str, ...]], list[dict[str, Any]]] = {}
    for (name, row_id), columns in changed.items():
        if columns:
            values = values_of(after.rows[name][row_id])
            key = (name, tuple(sorted(columns)))
            groups.setdefault(key, []).append({"b_id": row_id, **{column: values[column] for column in columns}})
    for (name, columns), rows in groups.items():
        table = table_of(ROWS[name])
        where = table.c.id == bindparam("b_id")
        if "workspace_id" in table.c:
            where &= table.c.workspace_id == after.workspace_id
        await conn.execute(update(table).where(where).values({column: bindparam(column) for column in columns}), rows)


async def write_commit(
    conn: AsyncConnection,
    workspace_id: UUID,
    revision: int,
    *,
    request_id: UUID,
    actor: Actor,
    source: str,
    kind: str = "edit",
    intent: str = "",
    actions: Sequence[Mapping[str, Any]] = (),
    summary: Sequence[Mapping[str, Any]] = (),
    ops: Sequence[Op] = (),
    undoes: int | None = None,
    batch_id: UUID | None = None,
) -> None:
    """The commit and its ops in the log, and the workspace's new revision: one statement, as everybody else waits for it."""
    await conn.execute(
        statement(COMMIT),
        {
            "ws": workspace_id,
            "revision": revision,
            "request": request_id,
            "actor": actor.id,
            "actor_kind": actor.kind,
            "source": source,
            "kind": kind,
            "intent": intent,
            "actions": canonical(list(actions)),
            "summary": canonical(list(summary)),
            "undoes": undoes,
            "batch": batch_id,
            "ops": canonical([{"seq": seq, **op.model_dump(mode="json")} for seq, op in enumerate(ops)]),
        },
    )


async def adopt_assets(conn: AsyncConnection, workspace_id: UUID, wish: Adopt) -> None:
    """Make bytes that another workspace knows known here too; they are kept once, whoever knows them."""
    await conn.execute(
        text(ADOPT),
        {"ws": workspace_id, "source": wish.source, "ids": list(wish.assets)},
    )


async def write_snapshot(
    conn: AsyncConnection, workspace_id: UUID, revision: int, name: str, *, note: str = "", automatic: bool = False
) -> UUID:
    """A name for a place in the log."""
    snapshot_id = uuid4()
    await conn.execute(
        insert(tables.snapshot),
        {
            "workspace_id": workspace_id,
            "id": snapshot_id,
            "revision": revision,
            "name": name,
            "note": note,
            "automatic": automatic,
            "number": None if automatic else await _next_number(conn, workspace_id),
        },
    )
    return snapshot_id


async def rename_snapshot(conn: AsyncConnection, workspace_id: UUID, number: int, name: str, note: str) -> None:
    """Another name and note for a version that there is."""
    table = tables.snapshot
    where = (table.c.workspace_id == workspace_id) & (table.c.number == number)
    await conn.execute(update(table).where(where).values(name=name, note=note))


async def _next_number(conn: AsyncConnection, workspace_id: UUID) -> int:
    """The number of a new version; the workspace is held, so that no other takes it."""
    query = text("select coalesce(max(number), 0) + 1 from snapshot where workspace_id = :ws")
    return int(await conn.scalar(query, {"ws": workspace_id}))


# Columns that point at tables which are inserted later.
LATE = {
    "episode": ("film_node_id",),
    "work_item": ("follows_id", *(f"{slot}_node_id" for slot in ("picture", "video", "voice", "music", "sfx", "final"))),
    "character": ("picture_node_id",),
    "scene_look": ("picture_node_id",),
    "track": ("origin_node_id",),
    "work_item_asset": ("node_id",),
}


def _late(row: Row) -> set[str]:
    return {name for name in LATE.get(row.table, ()) if getattr(row, name) is not None}


def _bare(row: Row) -> Row:
    return row.model_copy(update=dict.fromkeys(LATE.get(row.table, ())))
