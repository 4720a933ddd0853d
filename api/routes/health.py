"""Health: alive, ready, and the figures."""

from __future__ import annotations

from importlib.metadata import version

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse

from api.errors import problem
from api.serve import draining
from api.state import HeldDep
from storyreel.desk.connect import why_away
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
    """Whether this process can do its work, part by part. A process that is about to end is not ready.

    Without Temporal it is `degraded` and still ready: everything can be asked for, and is rendered when Temporal is back.
    """
    if draining(request.app):
        return problem(503, "stopping", "this process stops; another one answers")
    try:
        await held.database.version()
        await held.store.exists(NOTHING)
    except Unavailable as away:
        return problem(503, away.code, away.detail)
    away = "no address" if held.temporal is None else await why_away(held.temporal)
    parts = {"database": "well", "store": "well", "temporal": f"away: {away}" if away else "well"}
    return JSONResponse({"status": "degraded" if away else "ready", "parts": parts, "version": version("storyreel")})


@router.get("/metrics")
async def metrics(held: HeldDep) -> Response:
    """Prometheus' text format: this process's figures, and those that the database knows."""
    return Response(exposition() + await held.gauges.told(), media_type="text/plain; version=0.0.4")
