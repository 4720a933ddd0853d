"""Canvases: the views that people laid out, with what each node refers to as it is now."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel
from sqlalchemy.ext.asyncio import AsyncConnection

from api.state import HeldDep, Project
from storyreel.actions.canvas import refers_to
from storyreel.actions.naming import id_in
from storyreel.actions.reads import Reads
from storyreel.graph.gather import assets_of
from storyreel.graph.load import view_for
from storyreel.graph.rows import in_workspace, read, table_of
from storyreel.ledger import tasks
from storyreel.model.errors import NotFound
from storyreel.model.rows import Canvas

router = APIRouter(prefix="/v1/workspaces/{workspace}/canvases", tags=["canvases"])


class CanvasLine(BaseModel):
    """A canvas in a list."""

    id: UUID
    name: str
    kind: str
    nodes: int
    edges: int


class CanvasOut(CanvasLine):
    """A canvas with its nodes and edges by key. `refers` of a node is what it shows as it is now, or says that it is gone."""

    revision: int
    body: dict[str, Any]


@router.get("")
async def listing(workspace: Project, held: HeldDep) -> list[CanvasLine]:
    """The canvases of a project, by name."""
    async with held.database.connect() as conn:
        found = await read(conn, Canvas, in_workspace(Canvas, workspace), ~table_of(Canvas).c.removed)
    return [CanvasLine(**_line(one)) for one in sorted(found.values(), key=lambda one: (one.name, str(one.id)))]


@router.get("/{canvas}")
async def one(workspace: Project, canvas: UUID, held: HeldDep) -> CanvasOut:
    """One canvas in full."""
    async with held.database.connect() as conn:
        found = await read(conn, Canvas, in_workspace(Canvas, workspace), table_of(Canvas).c.id == canvas)
        row = found.get(canvas)
        if row is None or row.removed:
            raise NotFound(f"there is no canvas {canvas} in this project")
        return await _resolved(conn, workspace, row)


def _line(canvas: Canvas) -> dict[str, Any]:
    nodes, edges = canvas.body.get("nodes", {}), canvas.body.get("edges", {})
    return {"id": canvas.id, "name": canvas.name, "kind": canvas.kind, "nodes": len(nodes), "edges": len(edges)}


async def _resolved(conn: AsyncConnection, workspace: UUID, canvas: Canvas) -> CanvasOut:
    """A canvas with what each of its nodes refers to: one look at each kind of thing, whatever the number of nodes."""
    nodes: dict[str, dict[str, Any]] = canvas.body.get("nodes", {})
    refs = {kind: [node["ref"] for node in nodes.values() if node["type"] == kind] for kind in ("shot", "asset", "task")}
    view = await view_for(conn, workspace, [Reads(row_ids=_ids(refs["shot"]))])
    assets = await assets_of(conn, workspace, refs["asset"])
    facts = await tasks.facts(conn, workspace, ids=_ids(refs["task"]), limit=len(nodes) + 1) if refs["task"] else []
    known_assets = {key: asset.model_dump(exclude_none=True) for key, asset in assets.items()}
    known_tasks = {
        task.id: {
            "id": str(task.id),
            "kind": task.kind,
            "state": task.state,
            "stage": task.stage,
            "progress": round(task.progress, 1),
        }
        for task in facts
    }
    told = {
        key: {**node, **({"refers": refers_to(view, node, known_assets, known_tasks)} if "ref" in node else {})}
        for key, node in nodes.items()
    }
    body = {"nodes": told, "edges": canvas.body.get("edges", {})}
    return CanvasOut(**_line(canvas), revision=view.revision, body=body)


def _ids(refs: list[str]) -> tuple[UUID, ...]:
    return tuple(found for ref in refs if (found := id_in(ref)))
