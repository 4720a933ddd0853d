"""Health: alive, ready, and the figures."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from api.errors import problem
from api.serve import draining
from api.state import HeldDep
from storyreel.model.errors import Unavailable
from storyreel.runtime.telemetry import exposition

# The id of no bytes in particular: asking for it asks whether the store answers.
NOTHING = "0" * 64
router = APIRouter(tags=["health"])


@router.get("/healthz")
async def alive() -> dict[str, str]:
    """The process answers."""
    return {"status": "ok"}


@router.get("/readyz")
async def ready(request: Request, held: HeldDep) -> Response:
    """Database and store answer; a part that is away is named. A process that is about to end is not ready."""
    if draining(request.app):
        return problem(503, "stopping", "this process stops; another one answers")
    try:
        await held.database.version()
        await held.store.exists(NOTHING)
    except Unavailable as away:
        return problem(503, away.code, away.detail)
    return Response('{"status": "ready"}', media_type="application/json")


@router.get("/metrics")
async def metrics() -> Response:
    """Prometheus' text format."""
    return Response(exposition(), media_type="text/plain; version=0.0.4")
