"""Drafts: pictures that are tried out on a board, from words or from files, and what is said of them."""

from __future__ import annotations

from typing import Any, ClassVar, Literal
from uuid import UUID

from pydantic import Field

from storyreel.actions.base import Action, Consent, Draft, Plan, Policy, Role
from storyreel.actions.drafting import (
    AXES,
    ONE_FRAME,
    BoardRef,
    DraftFields,
    Drafts,
    board_for,
    board_named,
    draft_label,
    drafts_at,
    drafts_on,
    free,
    numbers_told,
    spec_with,
    with_tags,
)
from storyreel.actions.pictures import bring_in
from storyreel.actions.places import changed
from storyreel.actions.reads import Reads
from storyreel.model.errors import BadInput
from storyreel.model.order import between
from storyreel.model.rows import AssetCard, Board, WorkItem, WorkItemStatus
from storyreel.model.spec import ShotSpec
from storyreel.model.view import GraphView

ASSET = "^[0-9a-f]{64}$"
MOST_DRAFTS = 200


class NewDraft(DraftFields):
    """One draft to add: from words, from a picture, or both."""

    asset: str | None = Field(
        default=None, pattern=ASSET, description="A picture that is there already; it is the draft's picture."
    )
    tags: tuple[str, ...] = Field(default=(), description="Tags as 'axis:value'; the axes are character, scene, style and use.")


class AddDrafts(NewDraft, Action):
    """Put drafts on a board: one from words or a picture, or several at once."""

    type: Literal["draft.add"] = "draft.add"
    policy: ClassVar = Policy(role=Role.editor, modes=frozenset({"draft"}))
    aliases: ClassVar = ("draft.create",)
    says: ClassVar = ("加一个草稿：雨夜的码头", "Add a draft: a pier on a rainy night")

    drafts: tuple[NewDraft, ...] = Field(
        default=(), max_length=MOST_DRAFTS, description="Several; without it, the one given here."
    )
    board: BoardRef = ""

    def reads(self) -> Reads:
        """The board's drafts, to come after them, and the pictures with what is said of them."""
        assets = tuple(one.asset for one in self._wanted() if one.asset)
        board = self.board if not self.board.startswith("$") else ""
        return Reads(drafts=("all",), board=board, assets=assets)

    def plan(self, view: GraphView) -> Plan:
        """A draft for each that is asked for."""
        draft = Draft(view)
        board = board_for(draft, self.board)
        for index, one in enumerate(self._wanted()):
            if one.asset is None and not one.words:
                raise BadInput("a draft is made from words or from a picture; give one of them", field="words")
            item = add_draft(draft, board, spec_of(draft.view, one), index)
            if one.asset:
                node = bring_in(draft, item, one.asset)
                draft.change(draft.view.get(WorkItem, item.id), picture_node_id=node.id)
            draft.made = item.id
        draft.say("draft.added", board=board.title, drafts=len(self._wanted()), words=self._wanted()[0].words or "")
        return draft.plan()

    def _wanted(self) -> tuple[NewDraft, ...]:
        if self.drafts:
            return self.drafts
        return (NewDraft(**self.model_dump(include=set(NewDraft.model_fields), exclude_none=True)),)


class UpdateDrafts(DraftFields, Action):
    """Change drafts: their words, size, angle, style and light, their tags, the board they lie on; or remove them."""

    type: Literal["draft.update"] = "draft.update"
    policy: ClassVar = Policy(role=Role.editor, consent=Consent.many, modes=frozenset({"draft"}))
    presets: ClassVar = {"draft.remove": {"removed": True}}
    says: ClassVar = ("把草稿2改成特写，仰拍", "Make draft 2 a close-up from a low angle")

    drafts: Drafts
    board: BoardRef = ""
    tags_add: tuple[str, ...] = Field(default=(), description="Tags to add, as 'axis:value'.")
    tags_remove: tuple[str, ...] = Field(default=(), description="Tags to take away: 'axis:value', or a value alone.")
    to_board: BoardRef | None = Field(default=None, description="The board to move them to.")
    status: WorkItemStatus | None = None
    removed: bool = False

    def reads(self) -> Reads:
        """The drafts, and those of the board they go to."""
        words = () if self.drafts.startswith("$") else (self.drafts,)
        return Reads(drafts=(*words, "everywhere") if self.to_board is not None else words, board=self.board)

    def plan(self, view: GraphView) -> Plan:
        """Fields of each draft."""
        draft = Draft(view)
        items = drafts_at(view, self.drafts, self.board)
        if not items:
            raise BadInput(f"no draft is named by {self.drafts!r}")
        items = items if self.status == "draft" else free(draft, items)
        if self.removed:
            return self._remove(draft, items)
        target = board_named(view, self.to_board) if self.to_board is not None else None
        done = [item for item in items if self._change(draft, item, target)]
        for item in done:
            draft.touch(item.id)
        if done:
            draft.say("draft.changed", drafts=numbers_told(view, done), fields=self._told(target))
        return changed(draft)

    def _remove(self, draft: Draft, items: list[WorkItem]) -> Plan:
        for item in items:
            draft.remove(item)
            draft.touch(item.id)
        draft.say("draft.removed", drafts=numbers_told(draft.view, items))
        return changed(draft)

    def _change(self, draft: Draft, item: WorkItem, target: Board | None) -> bool:
        tags = with_tags(item.spec.tags, self.tags_add, self.tags_remove)
        fields: dict[str, Any] = {"spec": spec_with(item.spec, self.given(), tags).model_dump()}
        if self.status is not None:
            fields["status"] = self.status
        if target is not None and target.id != item.board_id:
            fields |= {"board_id": target.id, "order_key": last_key(draft.view, target.id)}
        return draft.change(item, **fields)

    def _told(self, target: Board | None) -> dict[str, Any]:
        told = {**self.given(), **({"status": self.status} if self.status else {})}
        told |= {name: list(tags) for name, tags in (("tags_add", self.tags_add), ("tags_remove", self.tags_remove)) if tags}
        return {**told, **({"board": target.title} if target else {})}


def add_draft(draft: Draft, board: Board, spec: ShotSpec, *parts: object) -> WorkItem:
    """A new draft at the end of a board."""
    view = draft.view
    new_id: UUID = view.new_id("draft", *parts)
    item = WorkItem(
        id=new_id,
        workspace_id=view.workspace_id,
        kind="draft",
        board_id=board.id,
        order_key=last_key(view, board.id),
        label=draft_label(new_id),
        frames=ONE_FRAME,
        spec=spec,
    )
    draft.insert(item)
    return item


def last_key(view: GraphView, board_id: UUID) -> str:
    """An order key after the last draft of a board."""
    held = drafts_on(view, board_id)
    return between(held[-1].order_key if held else None, None)


def spec_of(view: GraphView, new: NewDraft) -> ShotSpec:
    """What a new draft asks for. One from a picture alone is known by the picture's title, and has its tags."""
    card = next((one for one in view.all(AssetCard) if one.asset_id == new.asset), None) if new.asset else None
    fields = new.given()
    if "words" not in fields and card is not None and card.title:
        fields["words"] = card.title
    own = [words for words in (card.tags if card else ()) if ":" in words and words.partition(":")[0] in AXES]
    return spec_with(ShotSpec(), fields, with_tags(own, new.tags))
