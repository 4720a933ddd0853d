"""Conversations and messages: what was said, in which context, and what came of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from storyreel.ledger import _sql as sql
from storyreel.model.errors import NotFound
from storyreel.model.ids import derive


async def say(
    conn: AsyncConnection,
    workspace_id: UUID,
    *,
    conversation_id: UUID,
    turn_id: UUID,
    role: str,
    actor: str,
    text: str,
    attachments: Sequence[Mapping[str, Any]] = (),
    focus: Mapping[str, Any] | None = None,
    context: Mapping[str, Any] | None = None,
    answered_by: str = "",
    answer: Mapping[str, Any] | None = None,
    mode: str = "agent",
    work_item_id: UUID | None = None,
    track_id: UUID | None = None,
    node_id: UUID | None = None,
    title: str = "",
) -> None:
    """Keep one message with where it was said. A turn has one of a person and one answer; said again, the first stays.

    The first message of a conversation opens it, with its `title`.
    """
    await sql.run(
        conn,
        """
        with opened as (
            insert into conversation (workspace_id, id, title, mode, work_item_id, track_id)
            values (:workspace, :conversation, :title, :mode, :item, :track) on conflict do nothing
        )
        insert into message (workspace_id, id, conversation_id, turn_id, role, actor, text, attachments, focus, context, answered_by, answer,
            mode, work_item_id, track_id, node_id)
        values (:workspace, :id, :conversation, :turn, :role, :actor, :text, cast(:attachments as jsonb), cast(:focus as jsonb),
            cast(:context as jsonb), :answered_by, cast(:answer as jsonb), :mode, :item, :track, :node)
        on conflict do nothing
        """,
        workspace=workspace_id,
        id=derive(turn_id, role),
        conversation=conversation_id,
        turn=turn_id,
        role=role,
        actor=actor,
        text=text,
        attachments=sql.json(list(attachments)),
        focus=sql.json(focus or {}),
        context=sql.plain(context or {}),
        answered_by=answered_by,
        answer=sql.plain(answer or {}),
        mode=mode,
        item=work_item_id,
        track=track_id,
        node=node_id,
        title=title,
    )


# What is said to one track is no part of the project's own talk, nor of another track's.
IN_TALK = "p.conversation_id = :conversation and p.mode <> 'pro'"
ON_TRACK = "p.mode = 'pro' and p.work_item_id = :item and p.track_id is not distinct from cast(:track as uuid)"


async def turns(
    conn: AsyncConnection,
    workspace_id: UUID,
    conversation_id: UUID,
    limit: int = 5,
    *,
    bound_to: tuple[UUID, UUID | None] | None = None,
) -> list[Mapping[str, Any]]:
    """The last turns, oldest first: the person's text, the answer, and how its proposal was decided.

    `bound_to` is a work item and a track: the talk of that track, in whatever conversation it was said.
    """
    item, track = bound_to or (None, None)
    found = await sql.rows(
        conn,
        f"""
        select p.turn_id, p.text, p.focus, a.text as answer_text, a.answer, a.answered_by, r.state as proposal_state, r.id as proposal_id,
            r.revision as proposal_revision
        from message p
        left join message a on a.workspace_id = p.workspace_id and a.turn_id = p.turn_id and a.role = 'assistant'
        left join proposal r on r.workspace_id = p.workspace_id and r.turn_id = p.turn_id
        where p.workspace_id = :workspace and p.role = 'person' and {ON_TRACK if bound_to else IN_TALK}
        order by p.seq desc limit :limit
        """,  # noqa: S608 - made of constants
        workspace=workspace_id,
        limit=limit,
        **({"item": item, "track": track} if bound_to else {"conversation": conversation_id}),
    )
    return list(reversed(found))


async def stands(conn: AsyncConnection, workspace_id: UUID, turn_id: UUID) -> tuple[bool, Mapping[str, Any] | None]:
    """Whether a turn was begun before, and what it was answered, if it was."""
    found = await sql.rows(
        conn,
        "select role, answer from message where workspace_id = :workspace and turn_id = :turn",
        workspace=workspace_id,
        turn=turn_id,
    )
    return bool(found), next((one["answer"] for one in found if one["role"] == "assistant"), None)


async def context_of(conn: AsyncConnection, workspace_id: UUID, said: UUID) -> Mapping[str, Any]:
    """What the planner was given for a message, and why. `said` is a turn, or one of its messages.

    Raises:
        NotFound: there is no such turn.
    """
    found = await sql.row(
        conn,
        "select a.context from message a where a.workspace_id = :workspace and a.role = 'assistant' and a.turn_id = coalesce("
        "(select turn_id from message where workspace_id = :workspace and id = :said), :said)",
        workspace=workspace_id,
        said=said,
    )
    if found is None:
        raise NotFound(f"there is no answered message {said} in this project")
    return found["context"]


async def messages(
    conn: AsyncConnection,
    workspace_id: UUID,
    conversation_id: UUID | None = None,
    *,
    track_id: UUID | None = None,
    before: int | None = None,
    limit: int = 20,
) -> list[Mapping[str, Any]]:
    """The messages of a conversation, or of a track's own talk, newest first."""
    of, value = ("conversation_id", conversation_id) if conversation_id else ("track_id", track_id)
    return list(
        await sql.rows(
            conn,
            f"""
        select seq, id, turn_id, role, actor, text, attachments, answered_by, answer, mode, work_item_id, track_id, node_id, created_at
        from message where workspace_id = :workspace and {of} = :of and (cast(:before as bigint) is null or seq < :before)
            and (cast(:talk as boolean) or mode = 'pro')
        order by seq desc limit :limit
        """,  # noqa: S608 - made of constants
            workspace=workspace_id,
            of=value,
            talk=conversation_id is not None,
            before=before,
            limit=limit,
        )
    )
