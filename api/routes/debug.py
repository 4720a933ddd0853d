"""Looking into a render: everything that is known of a shot, task or run on one page, and a run's history to go through again."""

from __future__ import annotations

import asyncio
from typing import Any
from urllib.parse import quote
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import BaseModel
from sqlalchemy.ext.asyncio import AsyncConnection

from api.state import Held, HeldDep, Project
from storyreel.commits.rerunning import RUN, task_named
from storyreel.desk import history
from storyreel.embedded.home import read_endpoints
from storyreel.ledger.advice import advice
from storyreel.ledger.story import TaskStory, task_story
from storyreel.model.errors import NotFound, Unavailable
from storyreel.model.redact import redact
from storyreel.pipeline.contract import WAITS, desk_id

router = APIRouter(prefix="/v1/workspaces/{workspace}", tags=["work"])
PATIENCE_S = 5.0
LOST = "Temporal knows no such run: its database was lost, or the run is older than it keeps them. All else is from the ledger."
NEVER = "No run of it has begun yet."
AWAY = "Temporal is away; all else is from the ledger."


class DebugPage(BaseModel):
    """What is known of a render. `run` None: `no_run` says why Temporal tells nothing; the rest is the ledger's."""

    workspace: UUID
    what: str
    task: TaskStory | None = None
    run: history.RunStory | None = None
    no_run: str = ""
    advice: list[str] = []
    links: dict[str, str] = {}


@router.get("/debug/{what:path}")
async def debug(workspace: Project, what: str, held: HeldDep) -> DebugPage:
    """All that is known of a shot ("3"), the film ("film"), a task or a run ("shot/<id>/r2", "desk"), secrets and media left out.

    The ledger (who asked, the diary, provider calls, money, what was made) and Temporal's history of the run side by side. Where Temporal
    is away, or does not know the run any more, it says so and tells the rest.
    """
    async with held.database.connect() as conn:
        workflow_id, task_id = await _meant(conn, workspace, what.strip())
        task = await task_story(conn, workspace, task_id) if task_id else None
    if task is None and not workflow_id:
        raise NotFound(f"nothing was ever rendered for {what!r}")
    run, no_run = await _run(held, workspace, workflow_id or (task.workflow_id if task else ""))
    if task is None and run is None and no_run == LOST:
        raise NotFound(f"there is no run {what!r} in this project")
    return DebugPage(
        workspace=workspace,
        what=what,
        task=task,
        run=run,
        no_run=no_run,
        advice=advice(task.state, task.error, waits_for_choice=task.note == WAITS) if task else [],
        links=_links(held, task, run),
    )


@router.get("/histories/{run:path}", responses={200: {"content": {"application/json": {}}}}, response_class=Response)
async def run_history(workspace: Project, run: str, held: HeldDep) -> Response:
    """The history of a run as Temporal keeps it, as `temporal workflow show --output json` writes it: what `storyreel replay` reads."""
    async with held.database.connect() as conn:
        workflow_id, task_id = await _meant(conn, workspace, run.strip())
        task = await task_story(conn, workspace, task_id) if task_id else None
    workflow_id = workflow_id or (task.workflow_id if task else "")
    if not workflow_id:
        raise NotFound(f"no run of {run!r} has begun")
    if held.temporal is None:
        raise Unavailable("Temporal is away for the moment; nothing was lost.")
    try:
        async with asyncio.timeout(PATIENCE_S * 4):
            found = await history.fetch(held.temporal, workflow_id)
    except TimeoutError:
        raise Unavailable("Temporal is away for the moment; nothing was lost.") from None
    _check_ours(history.read(found), workspace)
    return Response(found.to_json(), media_type="application/json")


async def _meant(conn: AsyncConnection, workspace: UUID, words: str) -> tuple[str, UUID | None]:
    """The run's name, where one is named, and the task that is meant."""
    if words in ("desk", desk_id(workspace)):
        return desk_id(workspace), None
    run = RUN.fullmatch(words)
    return words if run and run[2] else "", await task_named(conn, workspace, words)


async def _run(held: Held, workspace: UUID, workflow_id: str) -> tuple[history.RunStory | None, str]:
    """What Temporal tells of a run, or why it tells nothing."""
    if not workflow_id:
        return None, NEVER
    if held.temporal is None:
        return None, AWAY
    try:
        async with asyncio.timeout(PATIENCE_S):
            told = await history.story(held.temporal, workflow_id)
    except NotFound:
        return None, LOST
    except (Unavailable, TimeoutError):
        return None, AWAY
    _check_ours(told, workspace)
    steps = tuple(step.model_copy(update={"said": redact(step.said), "failure": redact(step.failure)}) for step in told.steps)
    return told.model_copy(update={"steps": steps, "failure": redact(told.failure), "result": redact(told.result)}), ""


def _check_ours(told: history.RunStory, workspace: UUID) -> None:
    """Another project's run is none that there is."""
    order: dict[str, Any] = told.order if isinstance(told.order, dict) else {}
    if order.get("workspace_id") != str(workspace):
        raise NotFound(f"there is no run {told.workflow_id!r} in this project")


def _links(held: Held, task: TaskStory | None, run: history.RunStory | None) -> dict[str, str]:
    """Where to look further: the run in Temporal's web pages, the trace where traces are kept."""
    links: dict[str, str] = {}
    endpoints = read_endpoints(held.settings.home_dir)
    ui = held.settings.temporal_ui or (endpoints.temporal_ui if endpoints else "")
    if ui and run:
        namespace = quote(held.settings.temporal_namespace, safe="")
        links["temporal"] = (
            f"{ui.rstrip('/')}/namespaces/{namespace}/workflows/{quote(run.workflow_id, safe='')}/{run.run_id}/history"
        )
    if task and task.trace_id and held.settings.trace_url:
        links["trace"] = held.settings.trace_url.replace("{trace}", task.trace_id)
    return links
