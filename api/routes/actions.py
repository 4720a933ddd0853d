"""Actions and proposals: the catalogue, doing, deciding."""

from __future__ import annotations

from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Header, Query
from pydantic import BaseModel, Field

from agent.types import Mode
from api.models import Page
from api.state import ActorDep, HeldDep, Project, RequestId
from storyreel.actions.base import Asked, Envelope
from storyreel.actions.catalogue import describe
from storyreel.actions.words import all_said
from storyreel.commits import Outcome, ProposalFacts, approve, open_proposals, perform, reject
from storyreel.commits.proposals import find
from storyreel.model.errors import NotFound
from storyreel.model.spec import Language

router = APIRouter(prefix="/v1", tags=["actions"])
# Kept with what was done, so that the history says which way it came in.
Source = Annotated[Literal["api", "mcp"], Header(alias="X-Storyreel-Source")]


class EnvelopeIn(BaseModel):
    """An envelope. `request_id` may be left out where an Idempotency-Key is given, or where it need not be safe to send twice."""

    request_id: UUID | None = None
    mode: Literal["execute", "propose"] = "execute"
    intent: str = Field(default="", max_length=2000)
    actions: tuple[Asked, ...] = Field(min_length=1, max_length=2000)
    assistant_message: str = Field(default="", max_length=20_000)
    base_revision: int | None = Field(default=None, ge=0)
    episode: UUID | None = None


class ProposalOut(BaseModel):
    """A proposal with its changes in words."""

    proposal: ProposalFacts
    changes: list[str]
    reasons: list[str]


@router.get("/actions")
async def catalogue(mode: Mode | None = None, family: Annotated[str, Query(max_length=40)] = "") -> list[dict[str, Any]]:
    """What can be asked: one list, from which the tools of agents and the documentation are made too.

    `mode` keeps what that mode of talk may use, `family` what shares the word before the dot.
    """
    return describe(mode or "", family)


@router.post("/workspaces/{workspace}/actions")
async def act(
    workspace: UUID, body: EnvelopeIn, held: HeldDep, actor: ActorDep, request_id: RequestId, source: Source = "api"
) -> Outcome:
    """Do what an envelope asks: all of it or none. What needs consent comes back as a proposal."""
    fields = body.model_dump(exclude={"episode", "request_id", "actions"})
    envelope = Envelope(request_id=body.request_id or request_id, actions=body.actions, **fields)
    return await perform(held.door, workspace, envelope, actor, source=source, episode_id=body.episode)


@router.get("/workspaces/{workspace}/proposals")
async def proposals(
    workspace: Project,
    held: HeldDep,
    limit: Annotated[int, Query(ge=1, le=200)] = 20,
    cursor: UUID | None = None,
    language: Language = "en",
) -> Page[ProposalOut]:
    """The proposals that wait for a person, newest first."""
    async with held.database.connect() as conn:
        found = await open_proposals(conn, workspace, limit + 1, cursor)
    items = [_told(facts, language) for facts in found[:limit]]
    return Page(items=items, next=str(items[-1].proposal.id) if len(found) > limit else None)


@router.get("/workspaces/{workspace}/proposals/{proposal}")
async def proposal(workspace: UUID, proposal: UUID, held: HeldDep, language: Language = "en") -> ProposalOut:
    """One proposal."""
    async with held.database.connect() as conn:
        facts = await find(conn, workspace, proposal)
    if facts is None:
        raise NotFound(f"there is no proposal {proposal} in this project")
    return _told(facts, language)


@router.post("/workspaces/{workspace}/proposals/{proposal}/approve")
async def say_yes(workspace: UUID, proposal: UUID, held: HeldDep, actor: ActorDep, source: Source = "api") -> Outcome:
    """Carry a proposal out; it is priced again first. Safe to send twice."""
    return await approve(held.door, workspace, proposal, actor, source=source)


@router.post("/workspaces/{workspace}/proposals/{proposal}/reject")
async def say_no(workspace: UUID, proposal: UUID, held: HeldDep, actor: ActorDep) -> ProposalFacts:
    """Turn a proposal down."""
    return await reject(held.door, workspace, proposal, actor)


def _told(facts: ProposalFacts, language: Language) -> ProposalOut:
    return ProposalOut(proposal=facts, changes=all_said(facts.summary, language), reasons=all_said(facts.reasons, language))
