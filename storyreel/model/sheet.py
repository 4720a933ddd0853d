"""What is tried beside the selected truth: a sheet of pictures from any node, draft, character or look (pure)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal
from uuid import UUID

from pydantic import Field

from storyreel.model.base import AssetRef, Frozen
from storyreel.model.frames import effective
from storyreel.model.looks import look_of_place
from storyreel.model.rows import Character, Node, ReferenceRole, Scene, SceneLook, SceneSpec, Use, WorkItem, Workspace
from storyreel.model.spec import Angle, Composition, Figure, FrameSpec, Mood, ShotSize, TimeOfDay, Weather
from storyreel.model.view import GraphView

MOST = 5
"""Rows, and columns, of the largest sheet."""
Owner = WorkItem | Character | SceneLook
PICTURE_ROLES: frozenset[ReferenceRole] = frozenset({"image", "style", "character", "scene"})


class FramePatch(Frozen):
    """What a frame should have other than it would; `None` leaves a field as it is."""

    subject: str | None = None
    place: str | None = None
    time: TimeOfDay | None = None
    weather: Weather | None = None
    mood: Mood | None = None
    style: str | None = None
    palette: tuple[str, ...] | None = None
    props: tuple[str, ...] | None = None
    size: ShotSize | None = None
    angle: Angle | None = None
    composition: Composition | None = None

    def asked(self) -> dict[str, Any]:
        """The fields that it writes."""
        return {name: value for name, value in self if value is not None}


class Reference(Frozen):
    """A picture to be made with the help of, and as what. `note` says where it came from, for example "track B, #7"."""

    asset_id: str
    node_id: UUID | None = None
    role: ReferenceRole = "image"
    note: str = ""


class Nudge(Frozen):
    """A gutter of a sheet, counted from 0, that a person moved: right or down when positive."""

    axis: Literal["down", "across"]
    cut: int = Field(ge=0)
    nudge_px: int = Field(ge=-2000, le=2000)


class Sheet(Frozen):
    """What a sheet is asked to be: made from which node, on which track, how large, with which changes and references."""

    parent_id: UUID | None = None
    # The picture whose frame it begins with; where empty, the one it is made from.
    like_id: UUID | None = None
    track_id: UUID | None = None
    rows: int = Field(default=2, ge=1, le=MOST)
    cols: int = Field(default=2, ge=1, le=MOST)
    frame: FramePatch = FramePatch()
    words: str = Field(default="", max_length=4000, description="Words that are added to the prompt.")
    references: tuple[Reference, ...] = ()
    nudges: tuple[Nudge, ...] = ()


@dataclass(frozen=True)
class SheetView:
    """One sheet as its stage sees it.

    `base` is the frame before the changes, and `came_from` says of each of its fields who said so: "parent", "shot", "scene",
    "character" or "project".
    """

    workspace: Workspace
    owner: Owner
    sheet: Sheet
    base: FrameSpec
    came_from: Mapping[str, str] = field(default_factory=dict)
    parent: Node | None = None
    # What a shot was given to be made with the help of, whatever is tried.
    uses: tuple[Use, ...] = ()
    assets: Mapping[str, AssetRef] = field(default_factory=dict)
    takes: Mapping[str, int] = field(default_factory=dict)

    @property
    def frame(self) -> FrameSpec:
        """The frame that is asked for."""
        return self.base.model_copy(update=self.sheet.frame.asked())

    @property
    def sources(self) -> dict[str, str]:
        """Who said what of the frame that is asked for."""
        return {**self.came_from, **dict.fromkeys(self.sheet.frame.asked(), "asked")}

    @property
    def given(self) -> tuple[Reference, ...]:
        """What it is made with the help of: what was asked for, then what the shot was given for all its pictures."""
        own = [
            Reference(asset_id=use.asset_id, node_id=use.node_id, role=use.role, note=use.note)
            for use in sorted(self.uses, key=lambda use: (use.asset_id, use.role))
            if use.role in PICTURE_ROLES
        ]
        return tuple(dict.fromkeys([*self.sheet.references, *own]))

    @property
    def references(self) -> tuple[AssetRef, ...]:
        """The pictures it is made with the help of: what it is made from first, then those it was given."""
        parent = [self.parent.asset_id] if self.parent is not None and self.parent.asset_id else []
        wanted = dict.fromkeys([*parent, *(one.asset_id for one in self.given)])
        return tuple(self.assets[asset_id] for asset_id in wanted if asset_id in self.assets)


def frame_of(node: Node | None, parent: Node | None) -> FrameSpec | None:
    """The frame that a picture was asked to be: its own request's, or that of the sheet it was cut from."""
    for one in (node, parent):
        asked = (one.request.get("image") or {}).get("frame") if one is not None else None
        if asked:
            return FrameSpec.model_validate(asked)
    return None


def sheet_view_of(view: GraphView, owner_id: UUID, sheet: Sheet, takes: Mapping[str, int]) -> SheetView:
    """A sheet from the rows of a view: its owner, with scene and cast where it is a shot, and what it is made from.

    Raises:
        NotFound: whom it is for is not there any more.
    """
    owner = owner_of(view, owner_id)
    parent = view.find(Node, sheet.parent_id)
    like = view.find(Node, sheet.like_id) or parent
    asked = frame_of(like, view.find(Node, like.parent_id) if like else None)
    base, came_from = (asked, dict.fromkeys(FrameSpec.model_fields, "parent")) if asked else own_frame(view, owner)
    return SheetView(
        workspace=view.workspace,
        owner=owner,
        sheet=sheet,
        base=base,
        came_from=came_from,
        parent=parent,
        uses=tuple(use for use in view.all(Use) if use.work_item_id == owner.id),
        assets=view.assets,
        takes=takes,
    )


def owner_of(view: GraphView, owner_id: UUID) -> Owner:
    """Whom pictures are made for.

    Raises:
        NotFound: it is not there any more.
    """
    return view.find(Character, owner_id) or view.find(SceneLook, owner_id) or view.get(WorkItem, owner_id)


def own_frame(view: GraphView, owner: Owner) -> tuple[FrameSpec, dict[str, str]]:
    """The frame that an owner asks for by itself, and who said each of its fields."""
    profile = view.workspace.profile
    if isinstance(owner, WorkItem):
        return _item_frame(view, owner)
    if isinstance(owner, Character):
        figure = Figure(name=owner.name, look=owner.look)
        frame = FrameSpec(subject=owner.name, figures=(figure,), size="FS", composition="centre")
        said = {"subject": "character", "figures": "character"}
    elif owner.kind == "prop":
        frame = FrameSpec(subject=f"{owner.name} {owner.spec.description}".strip(), props=(owner.name,), size="CU")
        said = {"subject": "look", "props": "look"}
    else:
        frame = FrameSpec(subject=owner.spec.description, place=owner.name, size="WS")
        said = {"subject": "look", "place": "look"}
    spec = owner.spec.model_dump(exclude_none=True) if isinstance(owner, SceneLook) else {}
    own = {name: spec[name] for name in ("time", "weather", "palette", "style") if name in spec}
    shared = {"style": profile.style, "palette": profile.palette, "mood": profile.mood}
    frame = frame.model_copy(update={**shared, **own})
    return frame, {**dict.fromkeys(shared, "project"), **said, **dict.fromkeys(own, "look")}


def _item_frame(view: GraphView, item: WorkItem) -> tuple[FrameSpec, dict[str, str]]:
    scene = view.find(Scene, item.scene_id)
    inherited = scene.spec if scene is not None else SceneSpec()
    cast = [(part, who) for part in view.cast_of(item.id) if (who := view.find(Character, part.character_id))]
    looks = view.all(SceneLook)
    frame = effective(view.workspace, scene or _no_scene(view, item), item, cast, looks)
    place = look_of_place(frame.place, looks)
    said: dict[str, str] = dict.fromkeys(("subject", "props", "composition", "size", "angle", "figures"), "shot")
    for name in ("place", "time", "weather", "mood", "style", "palette"):
        sources = (("shot", item.spec.picture), ("scene", inherited), ("look", place.spec if place is not None else None))
        said[name] = next((who for who, spec in sources if getattr(spec, name, None) is not None), "project")
    return frame, said


def _no_scene(view: GraphView, item: WorkItem) -> Scene:
    """A draft stands in no scene, so it inherits from the project alone."""
    return Scene(id=item.id, workspace_id=view.workspace_id, episode_id=item.id, order_key=item.order_key)
