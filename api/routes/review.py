"""What waits for a person, and how the providers do."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel

from api.state import HeldDep, Project
from storyreel.actions.review import choices_of
from storyreel.actions.words_review import DECISIONS
from storyreel.ledger import providers, review
from storyreel.ledger.providers import Health, Pause
from storyreel.model.facts import Waiting

router = APIRouter(prefix="/v1/workspaces/{workspace}", tags=["work"])


class ChoiceOut(BaseModel):
    """One decision: the `verb` of `task.review`, and what it does."""

    verb: str
    says: str


class WaitingOut(BaseModel):
    """One thing that waits for a person: what happened and why (`said`), what it cost, and what may be decided of it."""

    kind: str
    since: datetime
    code: str
    said: str
    task_id: UUID | None
    task_kind: str
    state: str
    work_item_id: UUID | None
    shot: int | None
    title: str
    stage: str
    job_id: UUID | None
    provider: str
    cost_usd: float
    held_usd: float
    proposal: str
    choices: list[ChoiceOut]


class ReviewOut(BaseModel):
    """All that waits, the oldest first, how many proposals are open, and which providers are held."""

    waiting: list[WaitingOut]
    proposals: int
    held: list[Pause]


@router.get("/review")
async def waiting(workspace: Project, held: HeldDep) -> ReviewOut:
    """What waits for a person. Decide with the action `task.review`."""
    async with held.database.connect() as conn:
        found = await review.waiting(conn, workspace)
        pauses = await providers.held(conn, workspace)
    return ReviewOut(
        waiting=[_out(one) for one in found.waiting],
        proposals=found.proposals,
        held=pauses,
    )


@router.get("/providers")
async def health(workspace: Project, held: HeldDep) -> list[Health]:
    """How the providers did for this project in the last day: calls, results, failures, and how long a result takes."""
    async with held.database.connect() as conn:
        return await providers.health(conn, workspace)


def _out(one: Waiting) -> WaitingOut:
    choices = [ChoiceOut(verb=verb, says=DECISIONS[verb][1]) for verb in choices_of(one)]
    plain = {name: getattr(one, name) for name in WaitingOut.model_fields if hasattr(one, name)}
    return WaitingOut(**plain, shot=one.number, choices=choices)
