"""What is sent from a draft space is done in the project that receives it: who may, where it goes, and what exactly is sent."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from storyreel.actions.base import Action, Asked, Envelope, Role
from storyreel.actions.draft_send import SendDraft
from storyreel.actions.drafting import drafts_at
from storyreel.actions.reads import Reads
from storyreel.commits.door import Door
from storyreel.commits.outcome import Actor
from storyreel.graph import load
from storyreel.model.errors import BadInput, NotFound, Refused
from storyreel.model.view import GraphView

RECEIVERS = """
    select id, name from workspace
    where kind = 'narrative_project' and not removed and (cast(id as text) = :words or lower(name) = lower(:words)) order by created_at, id
"""


async def routed(
    door: Door, workspace_id: UUID, envelope: Envelope, actions: Sequence[Action], actor: Actor
) -> tuple[UUID, Envelope, list[Action]]:
    """Where an envelope is done. One that sends drafts is done in the project that receives them; every other where it was asked.

    Raises:
        Refused: the actor may not read the one or write the other.
        NotFound: the project, the draft space or a draft is not there.
        BadInput: sending stands beside other wishes, or it goes to several places.
    """
    sends = [action for action in actions if isinstance(action, SendDraft)]
    if not sends:
        return workspace_id, envelope, list(actions)
    for source in {one.source or workspace_id for one in sends}:
        await _check(door, actor, source, Role.viewer, "see the draft space it comes from")
    if all(one.source for one in sends):
        return workspace_id, envelope, list(actions)
    if len(sends) != len(actions) or len({one.to.strip().casefold() for one in sends}) != 1 or any(one.source for one in sends):
        raise BadInput("sending goes to one project, and stands alone: ask for the rest by itself")
    async with door.database.connect() as conn:
        target = await _receiver(conn, sends[0].to)
        resolved = [await _resolved(conn, workspace_id, one) for one in sends]
    await _check(door, actor, target, Role.editor, "change the project that receives it")
    asked = tuple(
        Asked(
            type=one.type,
            args=action.model_dump(mode="json", exclude_defaults=True, exclude={"type"}),
            reason=one.reason,
            name=one.name,
        )
        for one, action in zip(envelope.actions, resolved, strict=True)
    )
    return target, envelope.model_copy(update={"actions": asked, "base_revision": None}), list(resolved)


async def _check(door: Door, actor: Actor, workspace_id: UUID, needed: Role, what: str) -> None:
    if await door.role_in(actor, workspace_id) < needed:
        raise Refused(f"you may not {what}; its owner can let you")


async def _receiver(conn: AsyncConnection, words: str) -> UUID:
    """The project that receives, by id or name."""
    found = (await conn.execute(text(RECEIVERS), {"words": words.strip()})).all()
    if len(found) == 1:
        receiver: UUID = found[0].id
        return receiver
    if found:
        raise BadInput(
            f"{len(found)} projects are called {words!r}; name it by its id: {', '.join(str(row.id) for row in found)}",
            field="to",
        )
    raise NotFound(f"there is no project {words!r} to send to", field="to")


async def _resolved(conn: AsyncConnection, source: UUID, action: SendDraft) -> SendDraft:
    """The same with its nodes named: those that were given, else what each draft has selected."""
    words = action.drafts or ""
    view = await load.view_for(conn, source, [Reads(drafts=(words,) if words else (), board=action.board, nodes="selected")])
    if not view.rows.get("workspace"):
        raise NotFound(f"the draft space {source} is not there")
    if not view.is_draft_space:
        raise BadInput("drafts are sent from a draft space; say which one (source) and which nodes")
    nodes = action.nodes or tuple(_selected(view, words, action.board))
    return action.model_copy(update={"source": source, "nodes": nodes, "drafts": None, "board": "", "to": ""})


def _selected(view: GraphView, words: str, board: str) -> list[UUID]:
    items = drafts_at(view, words, board) if words else []
    if not items:
        raise BadInput("say which drafts to send", field="drafts")
    bare = [view.number(item.id) for item in items if item.picture_node_id is None]
    if bare:
        numbers = ", ".join(map(str, bare))
        raise BadInput(f"draft {numbers} has no selected picture yet; choose one first, or name the node", field="drafts")
    return [item.picture_node_id for item in items if item.picture_node_id]
