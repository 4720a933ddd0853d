"""Chat: a message in, events out, the answer last."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Header, Query
from fastapi.responses import JSONResponse, Response

from agent.graph import check_message, conversation_for
from agent.prompt import head_of, prompt_of
from agent.types import ChatAnswer, Context, Looked, Turn
from api.models import ChatMessage, Page
from api.state import ActorDep, HeldDep, Project, RequestId
from api.stream import EventStream, pinged, said
from storyreel.ledger import talk
from storyreel.model.errors import StoryreelError
from storyreel.runtime.telemetry import log

router = APIRouter(prefix="/v1/workspaces/{workspace}", tags=["chat"])


@router.post(
    "/chat",
    response_model=ChatAnswer,
    responses={200: {"description": "The answer, or the turn as it goes", "content": {"text/event-stream": {}}}},
)
async def chat(
    workspace: UUID,
    body: ChatMessage,
    held: HeldDep,
    actor: ActorDep,
    request_id: RequestId,
    accept: Annotated[str, Header()] = "",
) -> Response:
    """Say something.

    With `Accept: text/event-stream` the turn is told as it goes (context, plan, look, proposal, commit, task, answer);
    else its answer comes as JSON. The same Idempotency-Key is the same turn.
    """
    turn = Turn(
        workspace_id=workspace,
        conversation_id=body.conversation
        or conversation_for(workspace, *((body.track or body.work_item,) if body.mode == "pro" else ())),
        turn_id=request_id,
        text=body.text,
        attachments=tuple(body.attachments),
        focus=body.focus,
        mode=body.mode,
        role=body.role,
        work_item_id=body.work_item,
        track_id=body.track,
        node_id=body.node,
        actor=actor.id,
        episode_id=body.episode,
    )
    check_message(turn)
    events = held.agent.turn(turn, actor)
    if "text/event-stream" in accept:
        return EventStream(pinged(_stream(events)))
    answer: dict[str, Any] = {}
    async for name, data in events:
        answer = data if name == "answer" else answer
    # As the agent keeps it: it was held against `ChatAnswer` when it was made.
    return JSONResponse(answer)


@router.get("/conversations/{conversation}/messages")
async def messages(
    workspace: Project,
    conversation: UUID,
    held: HeldDep,
    limit: Annotated[int, Query(ge=1, le=200)] = 20,
    cursor: Annotated[int | None, Query(ge=0, le=2**62)] = None,
) -> Page[dict[str, Any]]:
    """What was said, newest first."""
    async with held.database.connect() as conn:
        found = await talk.messages(conn, workspace, conversation, before=cursor, limit=limit + 1)
    return Page(items=[dict(one) for one in found[:limit]], next=str(found[limit - 1]["seq"]) if len(found) > limit else None)


@router.get("/tracks/{track}/messages")
async def track_messages(
    workspace: Project,
    track: UUID,
    held: HeldDep,
    limit: Annotated[int, Query(ge=1, le=200)] = 20,
    cursor: Annotated[int | None, Query(ge=0, le=2**62)] = None,
) -> Page[dict[str, Any]]:
    """A track's own talk, in whatever conversation it was said, newest first. A branch begins with none."""
    async with held.database.connect() as conn:
        found = await talk.messages(conn, workspace, track_id=track, before=cursor, limit=limit + 1)
    return Page(items=[dict(one) for one in found[:limit]], next=str(found[limit - 1]["seq"]) if len(found) > limit else None)


@router.get("/messages/{message}/context")
@router.get("/turns/{message}/context")
async def context(workspace: UUID, message: UUID, held: HeldDep) -> dict[str, Any]:
    """Exactly what the planner was given for a message, by its id or its turn's.

    `parts` says what each part of it was, why it is there and what it weighs; `left_out` what there was no room for; `system` and
    `prompt` are the very words that a model reads.
    """
    async with held.database.connect() as conn:
        kept = dict(await talk.context_of(conn, workspace, message))
    looked = [Looked.model_validate(one) for one in kept.get("looked", [])]
    given = Context.model_validate({name: value for name, value in kept.items() if name != "looked"})
    return {**kept, "system": head_of(given.mode, given.role), "prompt": prompt_of(given, looked)}


async def _stream(events: AsyncGenerator[tuple[str, dict[str, Any]]]) -> AsyncGenerator[bytes]:
    try:
        async for name, data in events:
            yield said(name, data)
    except StoryreelError as error:
        # The stream has begun, so the status is sent: the problem comes as its last event.
        yield said("error", {"code": error.code, "detail": error.detail, "status": error.status})
    except Exception:  # noqa: BLE001 - the stream must end with words, whatever happened
        log("api").exception("chat.failed")
        yield said("error", {"code": "internal", "detail": "the turn failed; say it again", "status": 500})
