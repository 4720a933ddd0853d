"""Joining: what a worker on another machine has to know, for who knows the secret."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Header, Request
from pydantic import BaseModel

from api.state import HeldDep
from storyreel.desk.connect import connection
from storyreel.model.errors import Refused
from storyreel.runtime import join
from storyreel.runtime.telemetry import log

router = APIRouter(tags=["health"])


class Joined(BaseModel):
    """The environment of a worker of this installation. It holds passwords."""

    environment: dict[str, str]


@router.post(join.PATH)
async def joined(held: HeldDep, request: Request, authorization: Annotated[str, Header()] = "") -> Joined:
    """Hand out the addresses and keys of a worker, where `STORYREEL_JOIN_SECRET` is set and sent as a bearer token."""
    host = request.client.host if request.client else ""
    try:
        join.admit(held.settings, authorization.removeprefix("Bearer ").strip())
    except Refused as refused:
        log("api").warning("join.refused", host=host, reason=refused.detail)
        raise
    address = str(connection(held.settings)["target_host"])
    told = join.handed_out(held.settings, address, elsewhere=not join.is_loopback(host))
    log("api").info("join.admitted", host=host)
    return Joined(environment=told)
