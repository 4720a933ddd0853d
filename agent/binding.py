"""Where a message was said: its mode, and the work item, track and node that a pro talk is bound to."""

from __future__ import annotations

from sqlalchemy.ext.asyncio import AsyncConnection

from agent.types import Turn
from storyreel.commits import Bound
from storyreel.graph import recall
from storyreel.graph.totals import kind_of
from storyreel.model.errors import BadInput


async def placed(conn: AsyncConnection, turn: Turn) -> Turn:
    """The turn with its place made whole: the mode that its workspace allows, the work item of its track or node, what it is bound to.

    Raises:
        NotFound: the workspace, work item, track or node is not there.
        BadInput: a pro talk names nothing to be bound to, or the node is of another shot than the one named.
    """
    kind = await kind_of(conn, turn.workspace_id)
    mode = "draft" if kind == "draft_space" and turn.mode == "agent" else turn.mode
    if not (turn.work_item_id or turn.track_id or turn.node_id):
        if mode == "pro":
            raise BadInput("pro mode is bound to one shot: name it (work_item), or a track or node of it; or speak in agent mode")
        return turn.model_copy(update={"mode": mode})
    found = await recall.place(conn, turn.workspace_id, turn.work_item_id, turn.track_id, turn.node_id)
    track_id = found.track.id if found.track else found.node.track_id if found.node else None
    shot = f"shot {found.number}" if found.number else found.item.label
    name = f"track {found.track.name} of {shot}" if found.track else shot
    focus = turn.focus.model_copy(
        update={
            "shots": turn.focus.shots if mode != "pro" and turn.focus.shots else str(found.number or ""),
            "node_id": turn.focus.node_id or turn.node_id,
            "track_id": turn.focus.track_id or track_id,
        }
    )
    return turn.model_copy(
        update={
            "mode": mode,
            "work_item_id": found.item.id,
            "track_id": track_id,
            "focus": focus,
            "episode_id": found.episode_id or turn.episode_id,
            "bound": Bound(work_item_id=found.item.id, track_id=track_id, name=name) if mode == "pro" else None,
        }
    )
