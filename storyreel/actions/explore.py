"""Trying things beside the selected truth: sheets of candidates, going on from a node, new tracks, sheets of people and places."""

from __future__ import annotations

from typing import Any, ClassVar, Literal
from uuid import UUID

from pydantic import Field, model_validator

from storyreel.actions.base import Action, Consent, Draft, Plan, Policy, Render, Role, Shots
from storyreel.actions.pictures import Help, bring_in, check_tried, made_from, picture_of, reference, sheet_render, who_or_what
from storyreel.actions.places import writable
from storyreel.actions.reads import Reads
from storyreel.actions.tracks import new_track
from storyreel.model.errors import BadInput
from storyreel.model.rows import Node, Scene, Track, WorkItem
from storyreel.model.sheet import MOST, FramePatch, Nudge, Owner, Sheet, owner_of
from storyreel.model.view import GraphView
from storyreel.pipeline.contract import StageName

# What is made again for a clip or a sound, with the stages that build on it.
AGAIN: dict[str, tuple[StageName, ...]] = {
    "video": ("video", "compose", "check"),
    "voice": ("voice", "compose", "check"),
    "final": ("compose", "check"),
}


class Explore(Action):
    """What the actions that ask for a sheet share."""

    rows: int = Field(default=2, ge=1, le=MOST)
    cols: int = Field(default=2, ge=1, le=MOST)
    change: FramePatch = Field(default=FramePatch(), description="What the pictures should have other than they would.")
    words: str = Field(default="", max_length=4000, description="Words that are added to the prompt.")
    references: tuple[Help, ...] = Field(default=(), max_length=10)
    priority: int = Field(default=50, ge=0, le=100)

    def sheet(self, view: GraphView, **more: Any) -> Sheet:
        """The sheet that is asked for."""
        given = tuple(reference(view, one) for one in self.references)
        return Sheet(rows=self.rows, cols=self.cols, frame=self.change, words=self.words, references=given, **more)

    def check(self, view: GraphView, owner: Owner) -> None:
        """Hold what is tried to the locks of the shot and to the project's rules.

        Raises:
            Refused: a locked field would be another, or words are said that a rule forbids; the message names it.
        """
        check_tried(view, owner, self.change, self.words)

    def helpers(self) -> tuple[UUID, ...]:
        """The nodes it is made with the help of."""
        return tuple(one.node for one in self.references if one.node)


class GenGrid(Explore):
    """Draw candidates beside what is selected: a sheet of 1x1 to 5x5 for each shot of a range, or from one node or picture.

    With `branch` they go on a new track of each shot. Nothing is selected by it.
    """

    type: Literal["gen.grid"] = "gen.grid"
    policy: ClassVar = Policy(role=Role.editor, consent=Consent.many, modes=frozenset({"agent", "pro", "draft"}))
    aliases: ClassVar = ("gen.image_variant",)
    says: ClassVar = ("给第3个镜头出一张3x3的九宫格", "A 3x3 sheet of candidates for shot 3")

    shots: Shots | None = None
    node: UUID | None = Field(default=None, description="The picture to start from.")
    asset: str | None = Field(default=None, description="An uploaded picture to start from; name one shot with it.")
    branch: bool = Field(default=False, description="On a new track.")

    @model_validator(mode="before")
    @classmethod
    def _one_shot(cls, given: Any) -> Any:
        """One shot may be called `shot`."""
        if isinstance(given, dict) and "shot" in given:
            return {"shots": given["shot"], **{name: value for name, value in given.items() if name != "shot"}}
        return given

    def reads(self) -> Reads:
        """The shots with all that was made for them, or the node with its line; and the helpers."""
        nodes = tuple(node for node in (self.node, *self.helpers()) if node)
        shots = (self.shots,) if self.shots and self.node is None else ()
        assets = tuple(one for one in (self.asset, *(given.asset for given in self.references)) if one)
        return Reads(
            shots=shots, nodes="all" if shots else "none", node_ids=nodes, lines=True, sources=bool(nodes), assets=assets
        )

    def plan(self, view: GraphView) -> Plan:
        """One sheet a shot, or one from the node."""
        if (self.shots is None) == (self.node is None):
            raise BadInput("say for which shots, or from which node", field="shots")
        draft = Draft(view)
        if self.node is not None:
            parent = picture_of(view, self.node)
            owner = owner_of(view, parent.owner_id)
            self._one_sheet(draft, owner, parent)
        else:
            shots = view.at(self.shots or "")
            if self.asset and len(shots) != 1:
                raise BadInput("a picture is the start of one shot's sheet; name that shot", field="shots")
            for shot in writable(draft, shots, many=len(shots) > 1):
                self._one_sheet(draft, shot, self._start(draft, shot))
        if not draft.effects:
            raise BadInput("all of these shots are locked or approved; unlock them first", nothing=True)
        numbers = [number for one in draft.touched if (number := view.number(one))]
        draft.say("sheet.wanted", shots=numbers, rows=self.rows, cols=self.cols, branch=self.branch)
        return draft.plan()

    def _start(self, draft: Draft, shot: WorkItem) -> Node | None:
        """The uploaded picture as a node of the shot, where one is given."""
        return None if self.asset is None else bring_in(draft, shot, self.asset)

    def _one_sheet(self, draft: Draft, owner: Owner, parent: Node | None) -> None:
        self.check(draft.view, owner)
        track = None
        if isinstance(owner, WorkItem):
            draft.touch(owner.id)
            origin = parent or draft.view.find(Node, owner.picture_node_id)
            track = (
                new_track(draft, owner, origin) if self.branch else draft.view.find(Track, parent.track_id if parent else None)
            )
        sheet = self.sheet(draft.view, parent_id=parent.id if parent else None, track_id=track.id if track else None)
        draft.want(sheet_render(draft.view, owner, sheet, self.priority))


class DeriveNode(Explore):
    """Go on from a picture: one more in its track, on a new track, or the same again with another seed; changes may be given.

    What is not changed is inherited from the picture itself: its place, light, looks and camera as they were.
    """

    type: Literal["node.derive"] = "node.derive"
    policy: ClassVar = Policy(role=Role.editor, modes=frozenset({"agent", "pro", "draft"}))
    presets: ClassVar = {
        "node.continue": {"how": "continue"},
        "node.branch": {"how": "branch"},
        "node.regenerate": {"how": "again"},
    }
    says: ClassVar = ("从这张图开一条新轨道，改成雨夜", "Branch from this picture, in the rain at night")

    node: UUID
    how: Literal["continue", "branch", "again"] = "continue"
    rows: int = Field(default=1, ge=1, le=MOST)
    cols: int = Field(default=1, ge=1, le=MOST)

    def reads(self) -> Reads:
        """The node with all that was made for its owner, and the helpers."""
        assets = tuple(given.asset for given in self.references if given.asset)
        return Reads(node_ids=(self.node, *self.helpers()), lines=True, sources=True, assets=assets)

    def plan(self, view: GraphView) -> Plan:
        """One sheet, on the node's track or a new one."""
        draft = Draft(view)
        node = view.get(Node, self.node)
        if self.how == "again" and node.stage in AGAIN:
            return self._sound_or_clip(draft, node)
        picture = picture_of(view, self.node)
        owner = owner_of(view, picture.owner_id)
        self.check(view, owner)
        if isinstance(owner, WorkItem):
            writable(draft, [owner], many=False)
            draft.touch(owner.id)
        draft.want(sheet_render(view, owner, self._sheet(draft, owner, picture), self.priority))
        draft.say("node.derived", how=self.how, shot=view.number(owner.id), changes=self.change.asked())
        return draft.plan()

    def _sheet(self, draft: Draft, owner: Owner, picture: Node) -> Sheet:
        track = draft.view.find(Track, picture.track_id)
        if self.how == "branch" and isinstance(owner, WorkItem):
            track = new_track(draft, owner, picture)
        parent = made_from(draft.view, picture) if self.how == "again" else picture.id
        return self.sheet(draft.view, parent_id=parent, like_id=picture.id, track_id=track.id if track else None)

    def _sound_or_clip(self, draft: Draft, node: Node) -> Plan:
        shot = draft.view.get(WorkItem, node.work_item_id)
        writable(draft, [shot], many=False)
        stages = AGAIN[node.stage]
        take = 1 + max(one.take for one in draft.view.all(Node) if one.work_item_id == shot.id and one.stage == node.stage)
        takes = {stages[0]: take}
        episode = draft.view.get(Scene, shot.scene_id).episode_id
        draft.want(
            Render(kind="shot", episode_id=episode, work_item_id=shot.id, stages=stages, takes=takes, priority=self.priority)
        )
        draft.touch(shot.id)
        draft.say("node.derived", how=self.how, shot=draft.view.number(shot.id), changes={})
        return draft.plan()


class GenCharacter(Explore):
    """Draw a sheet of a character, a place or a prop. The picture that is selected from it becomes the reference of its shots."""

    type: Literal["gen.character"] = "gen.character"
    policy: ClassVar = Policy(role=Role.editor, modes=frozenset({"agent", "pro", "draft"}))
    aliases: ClassVar = ("gen.scene_look",)
    says: ClassVar = ("给林小雨出一张定妆图", "Draw a character sheet of Anna")

    name: str = Field(min_length=1, description="The character's, place's or prop's name or alias, or '$name'.")

    def reads(self) -> Reads:
        """The looks, and the helpers."""
        assets = tuple(given.asset for given in self.references if given.asset)
        return Reads(node_ids=self.helpers(), sources=bool(self.references), made_of=(self.name,), assets=assets)

    def plan(self, view: GraphView) -> Plan:
        """One sheet."""
        draft = Draft(view)
        owner = who_or_what(view, self.name)
        self.check(view, owner)
        draft.want(sheet_render(view, owner, self.sheet(view), self.priority))
        draft.say("look.sheet_wanted", name=owner.name, rows=self.rows, cols=self.cols)
        return draft.plan()


class RecutGrid(Action):
    """Cut a sheet again: move a doubtful gutter, or cut a person's own sheet into its pictures for the first time.

    What was cut before is discarded, except what is selected; it can be brought back.
    """

    type: Literal["grid.recut"] = "grid.recut"
    policy: ClassVar = Policy(role=Role.editor, modes=frozenset({"agent", "pro", "draft"}))
    aliases: ClassVar = ("grid.split",)
    says: ClassVar = ("这张九宫格第一条竖缝往右移6个像素", "Move the first upright gutter of this sheet 6 pixels to the right")

    node: UUID = Field(description="The sheet.")
    rows: int | None = Field(default=None, ge=1, le=MOST, description="Needed for a sheet of a person's own.")
    cols: int | None = Field(default=None, ge=1, le=MOST)
    nudges: tuple[Nudge, ...] = Field(default=(), max_length=8)
    priority: int = Field(default=50, ge=0, le=100)

    def reads(self) -> Reads:
        """The sheet with all that was made for its owner."""
        return Reads(node_ids=(self.node,), lines=True)

    def plan(self, view: GraphView) -> Plan:
        """The cells of before put aside, and a wish for new ones."""
        draft = Draft(view)
        sheet = picture_of(view, self.node)
        rows, cols = self.rows or sheet.facts.get("rows"), self.cols or sheet.facts.get("cols")
        if not rows or not cols or rows * cols == 1:
            raise BadInput("say how many rows and columns of pictures the sheet has", field="rows")
        for nudge in self.nudges:
            most = (cols if nudge.axis == "down" else rows) - 1
            if nudge.cut >= most:
                raise BadInput(f"there is no gutter {nudge.cut} {nudge.axis}; there are {most}, counted from 0", field="nudges")
        owner = owner_of(view, sheet.owner_id)
        chosen = getattr(owner, "picture_node_id", None)
        for cell in view.all(Node):
            if cell.parent_id == sheet.id and cell.cell is not None and not cell.discarded and cell.id != chosen:
                draft.change(cell, discarded=True)
        wish = Sheet(parent_id=sheet.id, track_id=sheet.track_id, rows=rows, cols=cols, nudges=self.nudges)
        draft.want(sheet_render(view, owner, wish, self.priority, stage="recut"))
        draft.say("grid.recut", shot=view.number(owner.id), nudges=[nudge.model_dump() for nudge in self.nudges])
        return draft.plan()
