"""Rows of any table gathered into those that a view holds, and the facts of assets."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from storyreel.graph.rows import among, in_workspace, read, read_together
from storyreel.model.base import AssetRef
from storyreel.model.rows import ROWS, SLOTS, Cast, Node, Row, Scene, Use, WorkItem
from storyreel.runtime.database import statement

Rows = dict[str, dict[UUID, Row]]
T = TypeVar("T", bound=Row)
OF_ITEMS = "workspace_id = :ws and work_item_id = any(cast(:ids as uuid[]))"
SHOTS: dict[type[Row], str] = {WorkItem: "workspace_id = :ws and id = any(cast(:ids as uuid[]))", Cast: OF_ITEMS, Use: OF_ITEMS}
NOTED: dict[type[Row], str] = {**SHOTS, Node: f"{OF_ITEMS} and kind = 'note'"}


async def assets_of(conn: AsyncConnection, workspace_id: UUID, ids: Iterable[str]) -> dict[str, AssetRef]:
    """The facts of assets, by id."""
    found = await conn.execute(
        statement(
            "select id, media_type, width_px, height_px, duration_s from asset where workspace_id = :ws and id = any(:ids)"
        ),
        {"ws": workspace_id, "ids": sorted(set(ids))},
    )
    return {row.id: AssetRef.model_validate(dict(row)) for row in found.mappings()}


async def add_shots(conn: AsyncConnection, workspace_id: UUID, rows: Rows, ids: set[UUID], *, notes: bool = False) -> set[UUID]:
    """Shots and drafts with their cast and what they use, and `notes` on them; those that were not there yet."""
    missing = ids - rows.get(WorkItem.table, {}).keys()
    if missing:
        found, _ = await read_together(conn, NOTED if notes else SHOTS, ws=workspace_id, ids=list(missing))
        for held in found.values():
            merge(rows, held)
    return missing


async def add_any(conn: AsyncConnection, workspace_id: UUID, rows: Rows, ids: Sequence[UUID]) -> None:
    """Rows named by id alone, whatever they are."""
    if ids:
        for kind in ROWS.values():
            await add_by_id(conn, workspace_id, rows, kind, set(ids))


async def add_by_id(conn: AsyncConnection, workspace_id: UUID, rows: Rows, kind: type[Row], ids: set[UUID]) -> None:
    """Rows of one table that are not held yet."""
    missing = ids - rows.get(kind.table, {}).keys()
    if missing:
        merge(rows, await read(conn, kind, in_workspace(kind, workspace_id), among(kind, "id", missing)))


def merge(rows: Rows, found: dict[UUID, Any]) -> None:
    """Put rows beside those that are held."""
    for row_id, row in found.items():
        rows.setdefault(row.table, {})[row_id] = row


def selected_in(rows: Rows, shots: Iterable[UUID]) -> set[UUID]:
    """The nodes that shots have selected."""
    held = [row for shot in shots if isinstance(row := rows.get(WorkItem.table, {}).get(shot), WorkItem)]
    return {node for row in held for slot in SLOTS if (node := row.selected(slot))}


async def add_scenes(conn: AsyncConnection, workspace_id: UUID, rows: Rows, items: Iterable[UUID]) -> None:
    """The scenes of shots, of whichever episode."""
    shots = [row for item in items if isinstance(row := rows.get(WorkItem.table, {}).get(item), WorkItem)]
    await add_by_id(conn, workspace_id, rows, Scene, {shot.scene_id for shot in shots if shot.scene_id})


def rows_of(rows: Rows, kind: type[T]) -> list[T]:
    """The rows of one kind, removed ones too."""
    return [row for row in rows.get(kind.table, {}).values() if isinstance(row, kind)]
