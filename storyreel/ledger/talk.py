"""Conversations and messages: what was said, in which context, and what came of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from storyreel.ledger import _sql as sql
from storyreel.model.errors import NotFound
from storyreel.model.ids import derive


async def open_conversation(
    conn: AsyncConnection, workspace_id: UUID, conversation_id: UUID, *, title: str = "", mode: str = "agent"
) -> None:
    """Open a conversation, or leave it as it is."""
    await sql.run(
        conn,
        """
        insert into conversation (workspace_id, id, title, mode) values (:workspace, :id, :title, :mode) on conflict do nothing
        """,
        workspace=workspace_id,
        id=conversation_id,
        title=title[:200],
        mode=mode,
    )


async def newest_conversation(conn: AsyncConnection, workspace_id: UUID) -> UUID | None:
    """The conversation that was spoken in last."""
    found = await sql.row(
        conn,
        """
        select c.id from conversation c left join message m on m.workspace_id = c.workspace_id and m.conversation_id = c.id
        where c.workspace_id = :workspace group by c.id, c.created_at order by max(m.seq) desc nulls last, c.created_at desc limit 1
        """,
        workspace=workspace_id,
    )
    return found["id"] if found else None


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
) -> None:
    """Keep one message. A turn has one of a person and one answer; said again, the first stays."""
    await sql.run(
        conn,
        """
        insert into message (workspace_id, id, conversation_id, turn_id, role, actor, text, attachments, focus, context, answered_by, answer)
        values (:workspace, :id, :conversation, :turn, :role, :actor, :text, cast(:attachments as jsonb), cast(:focus as jsonb),
            cast(:context as jsonb), :answered_by, cast(:answer as jsonb))
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
        context=sql.json(context or {}),
        answered_by=answered_by,
        answer=sql.json(answer or {}),
    )


async def turns(conn: AsyncConnection, workspace_id: UUID, conversation_id: UUID, limit: int = 5) -> list[Mapping[str, Any]]:
    """The last turns, oldest first: the person's text, the answer, and how its proposal was decided."""
    found = await sql.rows(
        conn,
        """
        select p.turn_id, p.text, p.focus, a.text as answer_text, a.answer, a.answered_by, r.state as proposal_state, r.id as proposal_id,
            r.revision as proposal_revision
        from message p
        left join message a on a.workspace_id = p.workspace_id and a.turn_id = p.turn_id and a.role = 'assistant'
        left join proposal r on r.workspace_id = p.workspace_id and r.turn_id = p.turn_id
        where p.workspace_id = :workspace and p.conversation_id = :conversation and p.role = 'person'
        order by p.seq desc limit :limit
        """,
        workspace=workspace_id,
        conversation=conversation_id,
        limit=limit,
    )
    return list(reversed(found))


async def answer_of(conn: AsyncConnection, workspace_id: UUID, turn_id: UUID) -> Mapping[str, Any] | None:
    """What a turn was answered, if it was."""
    found = await sql.row(
        conn,
        "select answer from message where workspace_id = :workspace and turn_id = :turn and role = 'assistant'",
        workspace=workspace_id,
        turn=turn_id,
    )
    return found["answer"] if found else None


async def context_of(conn: AsyncConnection, workspace_id: UUID, turn_id: UUID) -> Mapping[str, Any]:
    """What the planner was given for a turn, and why.

    Raises:
        NotFound: there is no such turn.
    """
    found = await sql.row(
        conn,
        "select context from message where workspace_id = :workspace and turn_id = :turn and role = 'assistant'",
        workspace=workspace_id,
        turn=turn_id,
    )
    if found is None:
        raise NotFound(f"there is no answered message {turn_id} in this project")
    return found["context"]


async def messages(
    conn: AsyncConnection, workspace_id: UUID, conversation_id: UUID, *, before: int | None = None, limit: int = 20
) -> list[Mapping[str, Any]]:
    """The messages of a conversation, newest first."""
    return list(
        await sql.rows(
            conn,
            """
        select seq, turn_id, role, actor, text, attachments, answered_by, answer, created_at from message
        where workspace_id = :workspace and conversation_id = :conversation and (cast(:before as bigint) is null or seq < :before)
        order by seq desc limit :limit
        """,
            workspace=workspace_id,
            conversation=conversation_id,
            before=before,
            limit=limit,
        )
    )
