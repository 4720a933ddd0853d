"""Nodes: what was made, and choosing among it."""

from __future__ import annotations

from typing import ClassVar, Literal
from uuid import UUID

from pydantic import Field

from storyreel.actions.base import Action, Draft, Plan, Policy, Reads, Role
from storyreel.actions.places import changed, writable
from storyreel.model.errors import BadInput
from storyreel.model.rows import Node, NodeKind, Slot, WorkItem
from storyreel.model.view import GraphView

# Which slot a node can fill.
SLOT_OF: dict[NodeKind, Slot] = {
    "image": "picture",
    "edit": "picture",
    "video": "video",
    "voice": "voice",
    "music": "music",
    "sfx": "sfx",
    "final": "final",
}


class PromoteNode(Action):
    """Select a node: its picture, clip or sound becomes the shot's."""

    type: Literal["node.promote"] = "node.promote"
    policy: ClassVar = Policy(role=Role.editor)
    says: ClassVar = ("用第二张图", "Use the second picture")

    node: UUID = Field(description="The node's id.")

    def reads(self) -> Reads:
        """The node and its shot."""
        return Reads(node_ids=(self.node,))

    def plan(self, view: GraphView) -> Plan:
        """One selection."""
        node = view.get(Node, self.node)
        slot = SLOT_OF.get(node.kind)
        if slot is None or node.work_item_id is None or node.asset_id is None:
            raise BadInput(f"a {node.kind.replace('_', ' ')} cannot be selected; choose a picture, clip or sound of a shot")
        draft = Draft(view)
        shot = view.get(WorkItem, node.work_item_id)
        writable(draft, [shot], many=False)
        if draft.change(shot, **{f"{slot}_node_id": node.id}):
            draft.touch(shot.id)
            draft.say("node.promoted", shot=view.number(shot.id), slot=slot, cell=None if node.cell is None else node.cell + 1)
        return changed(draft)
