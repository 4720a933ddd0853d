"""Sending what was made in a draft space into a project: as a shot's picture, or as a reference, with where it came from."""

from __future__ import annotations

from typing import Any, ClassVar, Literal
from uuid import UUID

from pydantic import Field

from storyreel.actions.base import Action, Adopt, Draft, Plan, Policy, Role, Shot
from storyreel.actions.drafting import BoardRef, Drafts
from storyreel.actions.pictures import IMPORTED
from storyreel.actions.places import changed, character_named, writable
from storyreel.actions.reads import Reads
from storyreel.actions.tracks import first_track
from storyreel.model.errors import BadInput, NotFound
from storyreel.model.facts import Elsewhere
from storyreel.model.rows import Character, Node, NodeKind, ReferenceRole, Slot, Use, WorkItem
from storyreel.model.view import GraphView

# What can be sent, and the slot that it fills there.
SENDABLE: dict[NodeKind, Slot] = {"image": "picture", "edit": "picture", "grid": "picture", "video": "video"}


class SendDraft(Action):
    """Send a draft's picture into a project: as the picture of a shot, or as a reference of a shot or a character.

    Asked in the draft space with `to`, it is done in the project that is named; the bytes are not copied, and the new node says from
    where it came with all that it descends from.
    """

    type: Literal["draft.send"] = "draft.send"
    policy: ClassVar = Policy(role=Role.editor, modes=frozenset({"agent", "draft"}))
    says: ClassVar = ("把草稿2发到《灯塔》，做第3个镜头的画面", "Send draft 2 to Lighthouse as the picture of shot 3")

    to: str = Field(
        default="", max_length=200, description="The project that receives it, by name or id; asked in the draft space."
    )
    drafts: Drafts | None = Field(
        default=None, description="The drafts whose selected pictures are sent; asked in the draft space."
    )
    board: BoardRef = ""
    source: UUID | None = Field(default=None, description="The draft space it comes from; asked in the project that receives it.")
    nodes: tuple[UUID, ...] = Field(
        default=(), max_length=50, description="The nodes to send, instead of the drafts' selected ones."
    )
    shot: Shot | None = Field(default=None, description="The shot that receives it.")
    character: str | None = Field(default=None, description="The character that it is a reference of.")
    use: Literal["picture", "reference"] = "picture"
    role: ReferenceRole = Field(default="image", description="As what a reference helps.")

    def reads(self) -> Reads:
        """What is sent, as it is there; the shot with all that was made for it."""
        wanted = tuple((self.source, node) for node in self.nodes) if self.source else ()
        shots = (self.shot,) if self.shot and self.source else ()
        return Reads(shots=shots, nodes="all" if shots else "none", elsewhere=wanted)

    def plan(self, view: GraphView) -> Plan:
        """A node that says where it came from, selected or kept as a reference."""
        if self.source is None or not self.nodes:
            raise BadInput("say which project receives it ('to'), and which drafts", field="to")
        if (self.shot is None) == (self.character is None):
            raise BadInput("say for which shot, or for which character", field="shot")
        brought = [_brought(view, node) for node in self.nodes]
        if self.use == "picture" and (len(brought) > 1 or self.shot is None):
            raise BadInput("a shot has one picture: send one draft to one shot, or send them as references", field="drafts")
        draft = Draft(view)
        draft.want(Adopt(source=self.source, assets=tuple(dict.fromkeys(one.asset.id for one in brought))))
        if self.character is not None:
            number, name = None, self._to_character(draft, brought)
        else:
            number, name = self._to_shot(draft, brought)
        facts = {"use": self.use, "count": len(brought), "source": brought[0].workspace, "number": number, "to": name}
        if draft.ops:
            draft.say("draft.sent", **facts)
            return draft.plan()
        return changed(Draft(view))

    def _to_shot(self, draft: Draft, brought: list[Elsewhere]) -> tuple[int | None, str]:
        shot = draft.view.one(self.shot or "")
        writable(draft, [shot], many=False)
        for one in brought:
            node = _arrived(draft, one, shot)
            if self.use == "picture":
                slot = SENDABLE[one.node.kind]
                if draft.change(draft.view.get(WorkItem, shot.id), **{f"{slot}_node_id": node.id}):
                    draft.touch(shot.id)
            elif not _uses(draft.view, shot, one.asset.id, self.role):
                use_id = draft.view.new_id("use", shot.id, one.asset.id, self.role)
                fields: dict[str, Any] = {"work_item_id": shot.id, "asset_id": one.asset.id, "role": self.role}
                draft.insert(Use(id=use_id, workspace_id=shot.workspace_id, **fields))
                draft.touch(shot.id)
        return draft.view.number(shot.id), shot.label

    def _to_character(self, draft: Draft, brought: list[Elsewhere]) -> str:
        """Pinned pictures of a character are its references."""
        person = character_named(draft.view, self.character or "")
        for one in brought:
            _arrived(draft, one, person)
        return person.name


def _brought(view: GraphView, node_id: UUID) -> Elsewhere:
    one = view.elsewhere.get(node_id)
    if one is None:
        raise NotFound(f"what was to be sent is not there any more ({node_id}); nothing was sent", node=str(node_id))
    if one.node.kind not in SENDABLE:
        raise BadInput(f"a {one.node.kind.replace('_', ' ')} cannot be sent; send a picture or a clip")
    return one


def _arrived(draft: Draft, one: Elsewhere, owner: WorkItem | Character) -> Node:
    """The node of what was sent; one that came before is the same."""
    held = [node for node in draft.view.all(Node) if node.owner_id == owner.id and node.stage == IMPORTED]
    before = next((node for node in held if node.facts.get("from", {}).get("node") == str(one.node.id)), None)
    if before is not None:
        return before
    slot = SENDABLE[one.node.kind]
    whose: dict[str, Any] = {"character_id": owner.id, "pinned": True}
    if isinstance(owner, WorkItem):
        whose = {"work_item_id": owner.id, "track_id": first_track(draft, owner, "video" if slot == "video" else "picture").id}
    node = Node(
        id=draft.view.new_id("sent", owner.id, one.node.id),
        workspace_id=draft.view.workspace_id,
        kind="video" if slot == "video" else "image",
        stage=IMPORTED,
        asset_id=one.asset.id,
        request=dict(one.request),
        facts={**_kept_facts(one.node), "from": _origin(one)},
        **whose,
    )
    draft.insert(node)
    return node


def _origin(one: Elsewhere) -> dict[str, Any]:
    return {
        "workspace": str(one.workspace_id),
        "name": one.workspace,
        "draft": one.draft,
        "node": str(one.node.id),
        "chain": [dict(link) for link in one.chain],
    }


def _kept_facts(node: Node) -> dict[str, Any]:
    return {name: node.facts[name] for name in ("provider", "model", "seed", "score", "focus", "heads") if name in node.facts}


def _uses(view: GraphView, shot: WorkItem, asset_id: str, role: ReferenceRole) -> bool:
    return any(use.work_item_id == shot.id and use.asset_id == asset_id and use.role == role for use in view.all(Use))
