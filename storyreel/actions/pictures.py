"""What the actions over pictures share: what can be started from, what can help, whom a sheet is for, what a person brings in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from pydantic import model_validator

from storyreel.actions.base import Draft, Render
from storyreel.actions.places import character_named
from storyreel.actions.tracks import first_track
from storyreel.model.base import AssetRef, Frozen
from storyreel.model.errors import BadInput, NotFound, Refused
from storyreel.model.rows import Character, Node, NodeKind, ReferenceRole, Scene, SceneLook, Track, TrackKind, WorkItem
from storyreel.model.rules import hits, told
from storyreel.model.sheet import FramePatch, Owner, Reference, Sheet
from storyreel.model.view import GraphView
from storyreel.pipeline.contract import SHEET_STAGES, StageName

PICTURES: frozenset[NodeKind] = frozenset({"grid", "image", "edit"})
IMPORTED = "import"
"""The stage of a node that a person brought; it is fresh until something else is asked for."""
SLOTS_OF: Mapping[str, tuple[TrackKind, ...]] = {"image": ("picture",), "video": ("video",), "audio": ("voice", "music", "sfx")}
"""What a file can be, by the family of its type."""


class Help(Frozen):
    """Something to be made with the help of: a node of this project, or an asset. Say one of them."""

    node: UUID | None = None
    asset: str | None = None
    role: ReferenceRole = "image"

    @model_validator(mode="after")
    def _one(self) -> Help:
        if (self.node is None) == (self.asset is None):
            raise ValueError("name either a node or an asset")
        return self


def picture_of(view: GraphView, node_id: UUID) -> Node:
    """A node that a picture can be started from.

    Raises:
        BadInput: it is no picture.
        NotFound: it is not there.
    """
    node = view.get(Node, node_id)
    if node.kind not in PICTURES or node.asset_id is None:
        raise BadInput(f"a {node.kind.replace('_', ' ')} is no picture to go on from; choose a picture or a sheet")
    return node


def made_from(view: GraphView, picture: Node) -> UUID | None:
    """What a picture was made from; of a cell, what its sheet was made from."""
    sheet = view.find(Node, picture.parent_id) if picture.cell is not None else None
    return sheet.parent_id if sheet is not None else picture.parent_id


def reference(view: GraphView, given: Help) -> Reference:
    """A helper as the request keeps it, with a note of where it came from.

    Raises:
        BadInput: the node holds no picture, or the asset is no picture.
        NotFound: it is not in this project.
    """
    if given.node is None:
        asset = asset_of(view, given.asset or "")
        return Reference(asset_id=asset.id, role=given.role)
    node = picture_of(view, given.node)
    assert node.asset_id is not None
    return Reference(asset_id=node.asset_id, node_id=node.id, role=given.role, note=named(view, node))


def named(view: GraphView, node: Node) -> str:
    """A node as people call it: "track B, #7"."""
    track, facts = view.find(Track, node.track_id), view.facts.get(node.id)
    number = f"#{facts.number}" if facts else ""
    return ", ".join(part for part in (f"track {track.name}" if track else "", number) if part)


def asset_of(view: GraphView, asset_id: str) -> AssetRef:
    """An asset of this project.

    Raises:
        NotFound: it is not here.
    """
    found = view.assets.get(asset_id)
    if found is None:
        raise NotFound(f"there is no asset {asset_id[:12]!r} in this project; upload it first")
    return found


def bring_in(draft: Draft, shot: WorkItem, asset_id: str, kind: TrackKind | None = None) -> Node:
    """A person's own picture, clip or recording as a node of a shot.

    Raises:
        BadInput: it is none of these, or a sound that nobody said is a voice, music or an effect.
    """
    asset = asset_of(draft.view, asset_id)
    slot = _slot(asset, kind)
    held = [node for node in draft.view.all(Node) if node.work_item_id == shot.id and node.asset_id == asset_id]
    mine = next((node for node in held if node.stage == IMPORTED), None)
    if mine is not None:
        return mine
    node_kind: NodeKind = "image" if slot == "picture" else slot
    node = Node(
        id=draft.view.new_id("import", shot.id, asset_id),
        workspace_id=shot.workspace_id,
        kind=node_kind,
        work_item_id=shot.id,
        track_id=first_track(draft, shot, slot).id,
        stage=IMPORTED,
        asset_id=asset_id,
        facts={"provider": "person", "duration_s": asset.duration_s} if asset.duration_s else {"provider": "person"},
    )
    draft.insert(node)
    return node


def _slot(asset: AssetRef, kind: TrackKind | None) -> TrackKind:
    fits = SLOTS_OF.get(asset.media_type.partition("/")[0], ())
    if not fits:
        raise BadInput(f"a file of type {asset.media_type} is neither picture, clip nor sound")
    if kind is None and len(fits) > 1:
        raise BadInput("say what the sound is: voice, music or sfx", field="slot")
    if kind is not None and kind not in fits:
        raise BadInput(f"a file of type {asset.media_type} cannot be the {kind}; it can be the {' or '.join(fits)}", field="slot")
    return kind or next(iter(fits))


def check_tried(view: GraphView, owner: Owner, change: FramePatch, words: str) -> None:
    """Hold what a sheet asks for to the locks of its shot and to the project's rules.

    Raises:
        Refused: a locked field would be another, or words are said that a rule forbids; the message names it.
    """
    asked = change.asked()
    if isinstance(owner, WorkItem):
        for name in asked:
            path = f"camera.{name}" if name in ("size", "angle") else f"picture.{name}"
            held = next((lock for lock in owner.locks if path == lock or path.startswith(f"{lock}.")), None)
            if held is not None:
                number, why = view.number(owner.id), owner.locks[held]
                raise Refused(
                    f"shot {number}: {held} is locked ({why}); free the lock first (shot.update with unlock: {held})", lock=held
                )
    texts = {name: value for name, value in asked.items() if isinstance(value, str)} | {"words": words}
    if found := hits(view.workspace.profile.rules, texts):
        raise Refused(told(found), rule=found[0].rule, field=found[0].field)


def who_or_what(view: GraphView, words: str) -> Character | SceneLook:
    """A character, place or prop by its name or alias.

    Raises:
        NotFound: there is none.
    """
    if words.startswith("$"):
        row = view.named.get(words[1:])
        return view.find(SceneLook, row) or view.get(Character, row)
    wanted = words.strip().lower()
    for look in view.all(SceneLook):
        if wanted in {look.name.lower(), *(alias.lower() for alias in look.aliases)}:
            return look
    return character_named(view, words)


def sheet_render(view: GraphView, owner: Owner, sheet: Sheet, priority: int = 50, stage: StageName = "sheet") -> Render:
    """The wish for a sheet, or for another cut of one, in the take after the newest."""
    takes = [node.take for node in view.all(Node) if node.owner_id == owner.id and node.stage in SHEET_STAGES]
    whose: dict[str, Any] = {f"{owner.table}_id": owner.id}
    scene = view.find(Scene, owner.scene_id) if isinstance(owner, WorkItem) else None
    return Render(
        kind="sheet",
        stages=(stage,),
        takes={stage: 1 + max(takes, default=0)},
        priority=priority,
        sheet=sheet,
        episode_id=scene.episode_id if scene else None,
        **whose,
    )
