"""What the API's process holds, and the ways a request gets at it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated
from uuid import UUID, uuid4

from fastapi import Depends, Header, Request

from agent.graph import Agent
from api.fanout import Fanout
from api.listener import Listener
from storyreel.assets import Store
from storyreel.assets.thumbs import Thumbs
from storyreel.commits import LOCAL_OWNER, Actor, Door
from storyreel.commits.intake import Intake
from storyreel.desk.connect import Client
from storyreel.graph.totals import is_project
from storyreel.ledger.gauges import Gauges
from storyreel.model.errors import NotFound
from storyreel.model.ids import NAMESPACE, derive
from storyreel.runtime.database import Database
from storyreel.runtime.settings import Settings


@dataclass
class Held:
    """The parts of a running API."""

    settings: Settings
    database: Database
    door: Door
    agent: Agent
    store: Store
    intake: Intake
    thumbs: Thumbs
    temporal: Client | None
    listener: Listener
    streams: Fanout
    gauges: Gauges


def held(request: Request) -> Held:
    """The parts, of the application that serves this request."""
    parts: Held = request.app.state.held
    return parts


HeldDep = Annotated[Held, Depends(held)]


def actor(_request: Request) -> Actor:
    """Who asks. One local owner for now: the one place that will know more."""
    return LOCAL_OWNER


def request_id(request: Request, idempotency_key: Annotated[str | None, Header(max_length=200)] = None) -> UUID:
    """The id of this request: from its address and Idempotency-Key, so that it may be sent twice, else a new one."""
    return derive(NAMESPACE, "idempotency", request.url.path, idempotency_key) if idempotency_key else uuid4()


async def project(workspace: UUID, parts: HeldDep) -> UUID:
    """The project that the address names.

    Raises:
        NotFound: there is none.
    """
    async with parts.database.connect() as conn:
        if not await is_project(conn, workspace):
            raise NotFound(f"there is no project {workspace}")
    return workspace


ActorDep = Annotated[Actor, Depends(actor)]
RequestId = Annotated[UUID, Depends(request_id)]
Project = Annotated[UUID, Depends(project)]
