"""Nodes: choosing among what was made, marking it, giving it to others as a reference, and bringing in one's own."""

from __future__ import annotations

from typing import Any, ClassVar, Literal
from uuid import UUID

from pydantic import Field

from storyreel.actions.base import Action, Consent, Draft, Plan, Policy, Role, Shot, Shots
from storyreel.actions.pictures import Help, bring_in, reference
from storyreel.actions.places import changed, writable
from storyreel.actions.reads import Reads
from storyreel.model.errors import BadInput
from storyreel.model.rows import SLOTS, Character, Node, NodeKind, ReferenceRole, SceneLook, Slot, TrackKind, Use, WorkItem
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
EVERYWHERE = frozenset({"agent", "pro", "draft"})
MARKS = ("favourite", "pinned", "discarded", "to_compare")


class PromoteNode(Action):
    """Select a node: its picture, clip or sound becomes the shot's; a picture of a character or place becomes its reference."""

    type: Literal["node.promote"] = "node.promote"
    policy: ClassVar = Policy(role=Role.editor, modes=EVERYWHERE)
    says: ClassVar = ("用第二张图", "Use the second picture")

    node: UUID = Field(description="The node's id.")

    def reads(self) -> Reads:
        """The node and whom it was made for."""
        return Reads(node_ids=(self.node,))

    def plan(self, view: GraphView) -> Plan:
        """One selection."""
        node = view.get(Node, self.node)
        slot = SLOT_OF.get(node.kind)
        if slot is None or node.episode_id is not None or node.asset_id is None:
            raise BadInput(f"a {node.kind.replace('_', ' ')} cannot be selected; choose a picture, clip or sound of a shot")
        draft = Draft(view)
        if node.discarded:
            draft.change(node, discarded=False)
        cell = None if node.cell is None else node.cell + 1
        if node.work_item_id is None:
            look = view.find(Character, node.character_id) or view.get(SceneLook, node.scene_look_id)
            if draft.change(look, picture_node_id=node.id):
                draft.say("look.picture_chosen", name=look.name, cell=cell)
            return changed(draft)
        shot = view.get(WorkItem, node.work_item_id)
        writable(draft, [shot], many=False)
        if draft.change(shot, **{f"{slot}_node_id": node.id}):
            draft.touch(shot.id)
            draft.say("node.promoted", shot=view.number(shot.id), slot=slot, cell=cell)
        return changed(draft)


class MarkNodes(Action):
    """Mark nodes: favourite, pinned, to compare, discarded; or take a mark away. What is discarded is kept and can be brought back."""

    type: Literal["node.mark"] = "node.mark"
    policy: ClassVar = Policy(role=Role.editor, modes=EVERYWHERE)
    presets: ClassVar = {
        "node.favourite": {"favourite": True},
        "node.pin": {"pinned": True},
        "node.discard": {"discarded": True},
        "node.restore": {"discarded": False},
        "node.to_compare": {"to_compare": True},
    }
    says: ClassVar = ("收藏这张图", "Mark this picture as a favourite")

    nodes: tuple[UUID, ...] = Field(min_length=1, max_length=500)
    favourite: bool | None = None
    pinned: bool | None = None
    discarded: bool | None = None
    to_compare: bool | None = None

    def reads(self) -> Reads:
        """The nodes with their owners."""
        return Reads(node_ids=self.nodes)

    def plan(self, view: GraphView) -> Plan:
        """The marks of each."""
        draft = Draft(view)
        marks = {name: value for name in MARKS if (value := getattr(self, name)) is not None}
        if not marks:
            raise BadInput("say which mark: favourite, pinned, discarded or to_compare")
        count = 0
        for node_id in self.nodes:
            node = view.get(Node, node_id)
            if marks.get("discarded") and node.id in _selected(view, node):
                raise BadInput("it is what is selected now; select something else before you discard it", field="discarded")
            count += draft.change(node, **marks)
        if count:
            draft.say("node.marked", nodes=count, **marks)
        return changed(draft)


class ReferenceNode(Action):
    """Use a picture as a reference for shots: their next pictures are drawn with the help of it. Nothing is merged or moved.

    `remove` takes the reference away again.
    """

    type: Literal["node.reference"] = "node.reference"
    policy: ClassVar = Policy(role=Role.editor, consent=Consent.many, modes=EVERYWHERE)
    aliases: ClassVar = ("node.use_as_reference",)
    says: ClassVar = ("把轨道B这张脸作为第12个镜头的角色参考", "Use this face as the character reference of shot 12")

    shots: Shots
    node: UUID | None = None
    asset: str | None = None
    role: ReferenceRole = "image"
    remove: bool = False

    def reads(self) -> Reads:
        """The shots with what they use, and the node with its number."""
        nodes = (self.node,) if self.node else ()
        return Reads(shots=(self.shots,), node_ids=nodes, sources=bool(nodes), assets=(self.asset,) if self.asset else ())

    def plan(self, view: GraphView) -> Plan:
        """One use a shot."""
        if (self.node is None) == (self.asset is None):
            raise BadInput("name either a node or an asset")
        draft = Draft(view)
        given = reference(view, Help(node=self.node, asset=self.asset, role=self.role))
        shots = view.at(self.shots)
        for shot in writable(draft, shots, many=len(shots) > 1):
            held = [use for use in view.all(Use) if use.work_item_id == shot.id and _is(use, given.asset_id, given.node_id)]
            mine = [use for use in held if use.role == self.role or self.remove]
            if self.remove:
                for use in mine:
                    draft.remove(use)
            elif not mine:
                draft.insert(_use(view, shot, given.asset_id, given.node_id, self.role, given.note))
            if bool(mine) == self.remove:
                draft.touch(shot.id)
        draft.deletes = 0
        if draft.touched:
            numbers = [view.number(shot_id) for shot_id in draft.touched]
            draft.say("node.referenced", shots=numbers, role=self.role, source=given.note, removed=self.remove)
        return changed(draft)


class ImportNode(Action):
    """Bring a person's own picture, clip or recording into a shot as a node, and select it unless told not to."""

    type: Literal["node.import"] = "node.import"
    policy: ClassVar = Policy(role=Role.editor, modes=EVERYWHERE)
    says: ClassVar = ("用我上传的这张照片做第2个镜头的画面", "Use the photo I uploaded as the picture of shot 2")

    shot: Shot
    asset: str = Field(description="The uploaded asset's id.")
    slot: TrackKind | None = Field(default=None, description="What it is for; needed for a sound: voice, music or sfx.")
    select: bool = True

    def reads(self) -> Reads:
        """The shot with all that was made for it, and the asset."""
        return Reads(shots=(self.shot,), nodes="all", assets=(self.asset,))

    def plan(self, view: GraphView) -> Plan:
        """A node without a parent, and the selection."""
        draft = Draft(view)
        shot = view.one(self.shot)
        writable(draft, [shot], many=False)
        node = bring_in(draft, shot, self.asset, self.slot)
        slot = SLOT_OF[node.kind]
        if self.select:
            draft.change(shot, **{f"{slot}_node_id": node.id})
        draft.touch(shot.id)
        draft.made = node.id
        if draft.ops:
            draft.say("node.imported", shot=view.number(shot.id), slot=slot, selected=self.select)
        return changed(draft)


def _selected(view: GraphView, node: Node) -> set[Any]:
    shot = view.find(WorkItem, node.work_item_id)
    look = view.find(Character, node.character_id) or view.find(SceneLook, node.scene_look_id)
    return {shot.selected(slot) for slot in SLOTS} if shot else {look.picture_node_id} if look else set()


def _is(use: Use, asset_id: str, node_id: UUID | None) -> bool:
    return use.asset_id == asset_id and (node_id is None or use.node_id in (None, node_id))


def _use(view: GraphView, shot: WorkItem, asset_id: str, node_id: UUID | None, role: ReferenceRole, note: str) -> Use:
    return Use(
        id=view.new_id("use", shot.id, asset_id, role),
        workspace_id=shot.workspace_id,
        work_item_id=shot.id,
        asset_id=asset_id,
        role=role,
        node_id=node_id,
        note=note,
    )
