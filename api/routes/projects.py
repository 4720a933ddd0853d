"""Projects: starting, listing, reading, now or as they stood."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query

from api.models import NewWorkspace, Page, WorkspaceFacts
from api.state import ActorDep, HeldDep, RequestId
from storyreel.actions.base import Asked, Envelope
from storyreel.commits import Outcome, perform
from storyreel.graph.totals import Shown, workspaces
from storyreel.model.ids import derive

router = APIRouter(prefix="/v1/workspaces", tags=["projects"])
Limit = Annotated[int, Query(ge=1, le=200)]


@router.post("", status_code=201)
async def create(body: NewWorkspace, held: HeldDep, actor: ActorDep, request_id: RequestId) -> Outcome:
    """Start a project. The same Idempotency-Key names the same project."""
    asked = Asked(type="project.create", args=body.model_dump(mode="json"))
    envelope = Envelope(request_id=request_id, intent=f"create {body.name}", actions=(asked,))
    return await perform(held.door, derive(request_id, "workspace"), envelope, actor)


@router.get("")
async def listing(held: HeldDep, limit: Limit = 20, cursor: UUID | None = None, shown: Shown = "open") -> Page[WorkspaceFacts]:
    """The projects, newest first; archived and deleted ones only where they are to be shown."""
    async with held.database.connect() as conn:
        found = await workspaces(conn, limit + 1, cursor, shown)
    items = [WorkspaceFacts.model_validate(row) for row in found[:limit]]
    return Page(items=items, next=str(items[-1].id) if len(found) > limit else None)


@router.get("/{workspace}")
async def summary(workspace: UUID, held: HeldDep, actor: ActorDep, request_id: RequestId) -> dict[str, Any]:
    """What the project is and where it stands."""
    envelope = Envelope(request_id=request_id, actions=(Asked(type="project.get_context_summary"),))
    outcome = await perform(held.door, workspace, envelope, actor)
    return outcome.data[0]
