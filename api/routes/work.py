"""Work: tasks, batches, choices, and the event stream of a project."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Header, Query

from api.models import BatchOut, BatchProgress, ChoiceIn, Page, TaskOut, WaitsOut
from api.state import ActorDep, Held, HeldDep, Project
from api.stream import EventStream
from storyreel.desk import runs
from storyreel.graph.places import all_numbers, rank
from storyreel.ledger import batches, tasks
from storyreel.ledger.events import Tail, newest
from storyreel.model.errors import NotFound, Unavailable
from storyreel.model.facts import TaskFacts
from storyreel.pipeline.contract import Choice, run_id

router = APIRouter(prefix="/v1/workspaces/{workspace}", tags=["work"])
Limit = Annotated[int, Query(ge=1, le=500)]


@router.get("/tasks")
async def listing(
    workspace: Project,
    held: HeldDep,
    ids: Annotated[list[UUID] | None, Query(max_length=500)] = None,
    open_only: Annotated[bool, Query()] = False,  # noqa: FBT002 - a query parameter
    batch: UUID | None = None,
    limit: Limit = 20,
    cursor: UUID | None = None,
) -> Page[TaskOut]:
    """Tasks, newest first: the open ones, a batch's, or several by `ids`, then in the order of the ids and all at once."""
    async with held.database.connect() as conn:
        most = len(ids) if ids else limit
        found = await tasks.facts(conn, workspace, ids=ids, open_only=open_only, batch_id=batch, limit=most + 1, after=cursor)
        numbers = await _numbers(conn, workspace, found[:most])
    items = [_out(task, numbers) for task in found[:most]]
    return Page(items=items, next=str(items[-1].id) if len(found) > most else None)


@router.get("/tasks/{task}")
async def one(workspace: UUID, task: UUID, held: HeldDep) -> TaskOut:
    """One task."""
    async with held.database.connect() as conn:
        found = await tasks.facts(conn, workspace, ids=[task])
        numbers = await _numbers(conn, workspace, found)
    if not found:
        raise NotFound(f"there is no task {task} in this project")
    return _out(found[0], numbers)


@router.post("/tasks/{task}/choose")
async def choose(workspace: UUID, task: UUID, body: ChoiceIn, held: HeldDep, actor: ActorDep) -> dict[str, Any]:
    """Choose the picture that a run waits for."""
    async with held.database.connect() as conn:
        found = await tasks.facts(conn, workspace, ids=[task])
    if not found or found[0].work_item_id is None:
        raise NotFound(f"there is no render of a shot {task} in this project")
    if held.temporal is None:
        raise Unavailable("Temporal is away; choose again in a moment")
    board = await runs.choose(held.temporal, found[0].work_item_id, found[0].run, Choice(node_id=body.node, actor=actor.id))
    return board.model_dump(mode="json")


@router.get("/batches")
async def batch_list(workspace: Project, held: HeldDep, limit: Limit = 20, cursor: UUID | None = None) -> Page[BatchOut]:
    """Batches with their counts, newest first."""
    async with held.database.connect() as conn:
        found = await batches.newest(conn, workspace, limit + 1, cursor)
    items = [BatchOut.model_validate(one, from_attributes=True) for one in found[:limit]]
    return Page(items=items, next=str(items[-1].id) if len(found) > limit else None)


@router.get("/batches/{batch}")
async def batch_one(workspace: Project, batch: UUID, held: HeldDep) -> BatchProgress:
    """How a batch stands: counts that add up, how fast it goes, what waits and for what. The event stream tells of its tasks."""
    async with held.database.connect() as conn:
        found = await batches.find(conn, workspace, batch)
        if found is None:
            raise NotFound(f"there is no batch {batch} in this project")
        numbers = await all_numbers(conn, workspace, {owner for one in found.waits for owner in one.owners})
    counts = BatchOut.model_validate(found, from_attributes=True).model_dump()
    waits = [
        WaitsOut(why=one.why, said=one.said, tasks=one.tasks, shots=sorted(numbers[id_] for id_ in one.owners if id_ in numbers))
        for one in found.waits
    ]
    return BatchProgress(
        **counts,
        stages=dict(found.stages),
        rate_per_min=found.rate_per_min,
        remaining_s=found.remaining_s,
        waits=waits,
        held_providers=list(found.held_providers),
    )


@router.get(
    "/events",
    response_class=EventStream,
    responses={200: {"description": "The events", "content": {"text/event-stream": {}}}},
)
async def events(
    workspace: Project,
    held: HeldDep,
    actor: ActorDep,
    last_event_id: Annotated[str | None, Header()] = None,
    since: str | None = None,
) -> EventStream:
    """The project's event stream: commits and what tasks tell, in order.

    It resumes after `Last-Event-ID` (or `since`), and misses
    nothing and tells nothing twice. Without either it begins now; `since=0.0` begins at the beginning. Between them come `ui` events:
    what the caller's own actions ask a screen to show. They have no id, are told once, and are never told again. A process that stops
    says when to come back (`retry`) and ends the stream.
    """
    tail = await _tail(held, workspace, last_event_id or since)
    return EventStream(held.streams.follow(tail, actor.id))


async def _tail(held: Held, workspace: UUID, place: str | None) -> Tail:
    if not place:
        async with held.database.connect() as conn:
            revision, event_id = await newest(conn, workspace)
        return Tail(workspace, revision, event_id)
    return Tail.at(workspace, place)


async def _numbers(conn: Any, workspace: UUID, found: list[TaskFacts]) -> dict[UUID, int]:
    numbers: dict[UUID, int] = {}
    for episode in {task.episode_id for task in found if task.work_item_id and task.episode_id}:
        numbers |= {row.id: row.number for row in await rank(conn, workspace, episode)}
    return numbers


def _out(task: TaskFacts, numbers: dict[UUID, int]) -> TaskOut:
    return TaskOut(
        id=task.id,
        kind=task.kind,
        work_item_id=task.work_item_id,
        episode_id=task.episode_id,
        shot=numbers.get(task.work_item_id) if task.work_item_id else None,
        state=task.state,
        stage=task.stage,
        stages=list(task.stages),
        progress=round(task.progress, 1),
        remaining_s=round(task.expected_s * (1 - task.progress / 100), 1),
        batch_id=task.batch_id,
        note=task.note,
        error=dict(task.error) if task.error else None,
        adjusted=[dict(one) for one in task.adjusted],
        workflow_id=run_id(task.kind, task.named_by, task.run) if task.run else None,
    )
