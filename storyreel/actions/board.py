"""Boards of a draft space: groups of drafts, of people, of places, of styles or of anything."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field

from storyreel.actions.base import Action, Consent, Draft, Plan, Policy, Role
from storyreel.actions.drafting import BoardKind, BoardRef, board_named, boards, drafts_on, new_board
from storyreel.actions.places import changed
from storyreel.actions.reads import Reads
from storyreel.model.errors import BadInput
from storyreel.model.order import between
from storyreel.model.rows import Board
from storyreel.model.view import GraphView


class UpdateBoard(Action):
    """Make a board, or change one: its title, what it groups (characters, scenes, styles, free), its place, or remove it with its drafts."""

    type: Literal["board.update"] = "board.update"
    policy: ClassVar = Policy(role=Role.editor, consent=Consent.many, modes=frozenset({"draft"}))
    aliases: ClassVar = ("board.create",)
    says: ClassVar = ("新建一个叫“人物设定”的看板", "Make a board called Character looks")

    board: BoardRef = Field(default="", description="The board to change; without it, a new one is made.")
    title: str | None = Field(default=None, min_length=1, max_length=200)
    kind: BoardKind | None = None
    after: BoardRef | None = Field(default=None, description="The board it comes after.")
    removed: bool = False

    def reads(self) -> Reads:
        """The drafts on it, where it goes."""
        return Reads(drafts=("all",), board=self.board) if self.removed and not self.board.startswith("$") else Reads()

    def plan(self, view: GraphView) -> Plan:
        """One board."""
        draft = Draft(view)
        if self.removed:
            self._remove(draft)
        elif self.board:
            self._change(draft)
        else:
            self._create(draft)
        return changed(draft)

    def _create(self, draft: Draft) -> None:
        if not self.title:
            raise BadInput("a new board needs a title", field="title")
        if any(one.title.casefold() == self.title.casefold() for one in boards(draft.view)):
            raise BadInput(f"there is a board called {self.title!r} already", field="title")
        board = new_board(draft.view, self.title, self.kind or "free")
        draft.insert(board)
        draft.made = board.id
        draft.say("board.made", title=board.title, kind=board.kind)

    def _change(self, draft: Draft) -> None:
        board = board_named(draft.view, self.board)
        fields = {name: value for name, value in (("title", self.title), ("kind", self.kind)) if value is not None}
        if self.after is not None:
            fields["order_key"] = _after(draft.view, board, board_named(draft.view, self.after))
        draft.made = board.id
        if draft.change(board, **fields):
            told = {name: value for name, value in fields.items() if name != "order_key"}
            draft.say("board.changed", title=board.title, fields=told, moved=self.after is not None)

    def _remove(self, draft: Draft) -> None:
        board = board_named(draft.view, self.board)
        held = drafts_on(draft.view, board.id)
        for item in held:
            draft.remove(item)
            draft.touch(item.id)
        draft.remove(board)
        draft.say("board.removed", title=board.title, drafts=len(held))


def _after(view: GraphView, board: Board, anchor: Board) -> str:
    if anchor.id == board.id:
        raise BadInput("a board cannot be moved next to itself", field="after")
    rest = [one for one in boards(view) if one.id != board.id]
    at = rest.index(anchor) + 1
    return between(anchor.order_key, rest[at].order_key if at < len(rest) else None)
