"""What the stage of a sheet sees: its owner with all that it inherits from, what it is made from, and the bytes it refers to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TypeVar
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from storyreel.graph.gather import assets_of
from storyreel.graph.rows import among, in_workspace, read
from storyreel.model.rows import Cast, Character, Node, Row, Scene, SceneLook, Use, WorkItem, Workspace
from storyreel.model.sheet import Sheet, SheetView, sheet_view_of
from storyreel.model.view import GraphView

T = TypeVar("T", bound=Row)


async def sheet_view(
    conn: AsyncConnection, workspace_id: UUID, owner_id: UUID, sheet: Sheet, takes: Mapping[str, int] | None = None
) -> SheetView:
    """A sheet as its stage sees it.

    Raises:
        NotFound: whom it is for is not there, or was removed.
    """

    async def some(kind: type[T], column: str, *ids: UUID | None) -> dict[UUID, T]:
        wanted = [one for one in ids if one is not None]
        return await read(conn, kind, in_workspace(kind, workspace_id), among(kind, column, wanted)) if wanted else {}

    items = await some(WorkItem, "id", owner_id)
    item = items.get(owner_id)
    cast = await some(Cast, "work_item_id", item.id if item else None)
    parents = await some(Node, "id", sheet.parent_id, sheet.like_id)
    above = await some(Node, "id", *(node.parent_id for node in parents.values()))
    uses = await some(Use, "work_item_id", item.id if item else None)
    rows: dict[str, Mapping[UUID, Row]] = {
        Workspace.table: await some(Workspace, "id", workspace_id),
        WorkItem.table: items,
        Scene.table: await some(Scene, "id", item.scene_id if item else None),
        Cast.table: cast,
        Use.table: uses,
        Character.table: await some(Character, "id", owner_id, *(part.character_id for part in cast.values())),
        SceneLook.table: await some(SceneLook, "id", owner_id),
        Node.table: {**above, **parents},
    }
    view = GraphView(workspace_id=workspace_id, rows=rows)
    wanted = [one.asset_id for one in (*sheet.references, *uses.values())]
    wanted += [node.asset_id for node in parents.values() if node.asset_id]
    known = await assets_of(conn, workspace_id, wanted)
    return sheet_view_of(replace(view, assets=known), owner_id, sheet, takes or {})
