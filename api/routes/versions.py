"""Versions over HTTP: the saved ones, what differs between two places, and what a shot had selected over time."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from api.past import PLACE, MomentDep
from api.state import ActorDep, HeldDep, RequestId
from storyreel.actions.base import Asked, Envelope
from storyreel.commits import Outcome, perform

router = APIRouter(prefix="/v1/workspaces/{workspace}", tags=["versions"])
Place = Annotated[str, Query(max_length=200, description=PLACE)]
Part = Annotated[str, Query(max_length=2000)]


class NewName(BaseModel):
    """Another name or note for a version."""

    name: str = Field(min_length=1, max_length=200)
    note: str | None = Field(default=None, max_length=2000)


@router.get("/snapshots")
async def snapshots(moment: MomentDep, automatic: bool = False) -> dict[str, Any]:  # noqa: FBT001, FBT002 - a query parameter
    """The saved versions, newest first; with `automatic` also the places that were kept before a batch."""
    return await moment.now().answer("version.list", automatic=automatic)


@router.patch("/snapshots/{number}")
async def rename(workspace: UUID, number: int, body: NewName, held: HeldDep, actor: ActorDep, request_id: RequestId) -> Outcome:
    """Give a version another name or note."""
    args = {"number": number, **body.model_dump(exclude_none=True)}
    envelope = Envelope(request_id=request_id, actions=(Asked(type="version.snapshot", args=args),))
    return await perform(held.door, workspace, envelope, actor)


@router.get("/diff")
async def diff(
    moment: MomentDep,
    since: Place = "",
    until: Place = "",
    shots: Part = "",
    scene: Part = "",
    character: Part = "",
    whole_episode: bool = False,  # noqa: FBT001, FBT002 - a query parameter
) -> dict[str, Any]:
    """What differs between two places, in all or in one part: as data, and in words of both languages."""
    part = {"shots": shots, "scene": scene, "character": character, "episode": whole_episode}
    return await moment.now().answer("version.diff", since=since, until=until, **part)


@router.get("/shots/{shot}/versions")
async def of_shot(moment: MomentDep, shot: str, slot: str | None = None) -> dict[str, Any]:
    """What a shot had selected over time, oldest first; going back to one is node.promote with its node."""
    return await moment.now().answer("shot.versions", shot=shot, **({"slot": slot} if slot else {}))
