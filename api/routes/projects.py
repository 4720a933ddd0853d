"""Projects: starting, listing, reading, now or as they stood."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query

from api.models import NewWorkspace, Page, WorkspaceFacts
from api.state import ActorDep, HeldDep, RequestId
from storyreel.actions.base import Asked, Envelope, Reads
from storyreel.actions.places import shot_line
from storyreel.commits import Outcome, perform
from storyreel.graph.load import view_at, view_for
from storyreel.graph.log import revision_of
from storyreel.graph.totals import workspaces
from storyreel.model.errors import NotFound
from storyreel.model.ids import derive
from storyreel.model.rows import Character, Workspace
from storyreel.model.view import GraphView

router = APIRouter(prefix="/v1/workspaces", tags=["projects"])
Limit = Annotated[int, Query(ge=1, le=200)]


@router.post("", status_code=201)
async def create(body: NewWorkspace, held: HeldDep, actor: ActorDep, request_id: RequestId) -> Outcome:
    """Start a project. The same Idempotency-Key names the same project."""
    asked = Asked(type="project.create", args=body.model_dump(mode="json"))
    envelope = Envelope(request_id=request_id, intent=f"create {body.name}", actions=(asked,))
    return await perform(held.door, derive(request_id, "workspace"), envelope, actor)


@router.get("")
async def listing(held: HeldDep, limit: Limit = 20, cursor: UUID | None = None) -> Page[WorkspaceFacts]:
    """The projects, newest first."""
    async with held.database.connect() as conn:
        found = await workspaces(conn, limit + 1, cursor)
    items = [WorkspaceFacts.model_validate(row) for row in found[:limit]]
    return Page(items=items, next=str(items[-1].id) if len(found) > limit else None)


@router.get("/{workspace}")
async def summary(workspace: UUID, held: HeldDep, actor: ActorDep, request_id: RequestId) -> dict[str, Any]:
    """What the project is and where it stands."""
    envelope = Envelope(request_id=request_id, actions=(Asked(type="project.get_context_summary"),))
    outcome = await perform(held.door, workspace, envelope, actor)
    return outcome.data[0]


@router.get("/{workspace}/graph")
async def graph(workspace: UUID, held: HeldDep, at: str | None = None, episode: UUID | None = None) -> dict[str, Any]:
    """Every row of the graph that is not removed, now or at a revision or snapshot (`at`)."""
    view = await _view(held, workspace, at, episode)
    rows = {
        table: [row.model_dump(mode="json") for row in held_rows.values() if not row.removed]
        for table, held_rows in view.rows.items()
    }
    return {"workspace": str(workspace), "revision": view.revision, "rows": rows}


@router.get("/{workspace}/outline")
async def outline(workspace: UUID, held: HeldDep, at: str | None = None, episode: UUID | None = None) -> dict[str, Any]:
    """The film as a person reads it: scenes with their shots, a line each, now or at a place in the history."""
    view = await _view(held, workspace, at, episode)
    shots = view.shots()
    scenes = [
        {
            "number": number,
            "title": scene.title,
            "spec": scene.spec.model_dump(mode="json", exclude_none=True),
            "shots": [
                {**shot_line(view, shot), "lines": [line.model_dump() for _, line in sorted(shot.spec.lines.items())]}
                for shot in shots
                if shot.scene_id == scene.id
            ],
        }
        for number, scene in enumerate(view.scenes(), 1)
    ]
    return {
        "workspace": str(workspace),
        "name": view.workspace.name,
        "revision": view.revision,
        "fps": view.fps,
        "shots": len(shots),
        "frames": sum(shot.frames for shot in shots),
        "characters": [person.name for person in view.all(Character)],
        "scenes": scenes,
    }


@router.get("/{workspace}/shots")
async def shots(
    workspace: UUID, held: HeldDep, limit: Limit = 20, cursor: Annotated[int, Query(ge=1, le=10**6)] = 1
) -> Page[dict[str, Any]]:
    """Shots in the film's order, a line each; `cursor` is the number of the first."""
    async with held.database.connect() as conn:
        whole = await view_for(conn, workspace, [Reads(shots=("last",))])
        _there(whole, workspace)
        last = min(cursor + limit - 1, whole.shot_count)
        view = await view_for(conn, workspace, [Reads(shots=(f"{cursor}-{last}",))]) if cursor <= last else whole
    lines = [shot_line(view, shot) for shot in view.shots() if cursor <= (view.number(shot.id) or 0) <= last]
    return Page(items=lines, next=str(last + 1) if last < whole.shot_count else None)


@router.get("/{workspace}/shots/{shot}")
async def shot(workspace: UUID, shot: str, held: HeldDep, actor: ActorDep, request_id: RequestId) -> dict[str, Any]:
    """One shot in full, by number, label or id."""
    envelope = Envelope(request_id=request_id, actions=(Asked(type="shot.view", args={"shot": shot}),))
    return (await perform(held.door, workspace, envelope, actor)).data[0]


async def _view(held: HeldDep, workspace: UUID, at: str | None, episode: UUID | None) -> GraphView:
    async with held.database.connect() as conn:
        revision = None if at is None else await revision_of(conn, workspace, at)
        return _there(await view_at(conn, workspace, revision, episode), workspace)


def _there(view: GraphView, workspace: UUID) -> GraphView:
    if view.find(Workspace, workspace) is None:
        raise NotFound(f"there is no project {workspace}")
    return view
