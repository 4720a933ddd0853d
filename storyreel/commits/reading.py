"""Asking the past: the same questions, answered from the graph as it stood at a place in the history."""

from __future__ import annotations

from uuid import UUID

from storyreel.actions.base import Envelope, Kind
from storyreel.commits.door import Door
from storyreel.commits.outcome import Actor, Outcome
from storyreel.commits.planning import parse_all, plan_all, reads_of
from storyreel.graph.past import view_then
from storyreel.model.errors import BadInput, NotFound


async def ask_then(
    door: Door, workspace_id: UUID, envelope: Envelope, actor: Actor, revision: int, *, episode_id: UUID | None = None
) -> Outcome:
    """Answer queries as they would have been answered after `revision`; tasks are of now alone and are left out.

    Raises:
        BadInput: an action is no query of the graph, or what it names was not there then.
        NotFound: there is no such workspace, or it was not there then.
    """
    actions = parse_all(envelope.actions, actor)
    reads = reads_of(actions, envelope.actions)
    if any(action.policy.kind is not Kind.query for action in actions) or any(read.log != "none" for read in reads):
        raise BadInput("only questions about the film and what was made for it can be asked of the past")
    async with door.database.connect() as conn:
        view = await view_then(conn, workspace_id, reads, revision, episode_id)
    if view.rows.get("workspace") is None:
        raise NotFound(f"there is no project {workspace_id}")
    planned = plan_all(view, actions, envelope.actions, envelope.request_id)
    return Outcome(workspace_id=workspace_id, request_id=envelope.request_id, data=planned.data)
