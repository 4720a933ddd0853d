"""Exploring without a story: grids from references and templates, and one picture in several styles, compositions and lights."""

from __future__ import annotations

from typing import Any, ClassVar, Literal
from uuid import UUID

from pydantic import Field

from storyreel.actions.base import Action, Consent, Draft, Plan, Policy, Render, Role
from storyreel.actions.draft import NewDraft, add_draft, spec_of
from storyreel.actions.drafting import BoardRef, Drafts, board_for, drafts_at, free, numbers_told
from storyreel.actions.pictures import Help, picture_of, reference, sheet_render
from storyreel.actions.reads import Reads
from storyreel.actions.templates import Filling, fill, gathered, template_named
from storyreel.actions.tracks import first_track
from storyreel.model.errors import BadInput
from storyreel.model.facts import TaskFacts
from storyreel.model.rows import Node, PromptTemplate, WorkItem
from storyreel.model.sheet import MOST, FramePatch, Reference, Sheet
from storyreel.model.view import GraphView

Vary = Literal["styles", "compositions", "lights"]
MOST_SHEETS = 5
# What a vary means where nobody says which: values that are far from each other, in the language of the space.
STYLES = {
    "en": ("watercolor", "ink wash", "photorealistic", "anime", "pencil sketch"),
    "zh": ("水彩", "水墨", "写实", "动漫", "素描"),
}
COMPOSITIONS: dict[str, dict[str, Any]] = {
    "centre": {"composition": "centre", "size": "MS"},
    "thirds_left": {"composition": "thirds_left", "size": "WS"},
    "thirds_right": {"composition": "thirds_right", "size": "CU"},
    "low": {"composition": "centre", "angle": "low"},
    "high": {"composition": "centre", "angle": "high"},
}
LIGHTS: dict[str, dict[str, Any]] = {
    "dawn": {"time": "dawn"},
    "day": {"time": "day", "weather": "clear"},
    "dusk": {"time": "dusk"},
    "night": {"time": "night"},
    "fog": {"weather": "fog"},
}


class ExploreDrafts(Action):
    """Draw pictures for drafts: up to five grids from the same references, or one picture in several styles, compositions or lights.

    Without `drafts` a new draft is made of the words, the template and the references. Nothing is selected by it.
    """

    type: Literal["draft.explore"] = "draft.explore"
    policy: ClassVar = Policy(role=Role.editor, consent=Consent.many, modes=frozenset({"draft"}))
    says: ClassVar = ("用这三张参考图出5组九宫格", "Five 3x3 grids from these three references")

    drafts: Drafts | None = None
    board: BoardRef = ""
    words: str = Field(default="", max_length=4000, description="What to draw; for a draft that is there, words that are added.")
    template: str | None = Field(default=None, description="A prompt template by its name.")
    values: dict[str, str] = Field(default={}, description="Values for the template's variables.")
    references: tuple[Help, ...] = Field(default=(), max_length=10)
    node: UUID | None = Field(
        default=None, description="The picture to start from; else the draft's own picture, for a variation."
    )
    vary: Vary | None = Field(default=None, description="What is different from picture to picture; without it, grids alike.")
    among: tuple[str, ...] = Field(default=(), max_length=MOST_SHEETS, description="The styles, compositions or lights to show.")
    change: FramePatch = Field(default=FramePatch(), description="What all of the pictures should have other than they would.")
    count: int | None = Field(default=None, ge=1, le=MOST_SHEETS, description="How many sheets: 1 grid, or 3 variations.")
    rows: int | None = Field(default=None, ge=1, le=MOST, description="2 in a grid, 1 in a variation.")
    cols: int | None = Field(default=None, ge=1, le=MOST)
    priority: int = Field(default=50, ge=0, le=100)

    def reads(self) -> Reads:
        """The drafts with all that was made for them, the template, the references."""
        words = (self.drafts,) if self.drafts and not self.drafts.startswith("$") else ("all",)
        nodes = tuple(one for one in (self.node, *(given.node for given in self.references)) if one)
        return Reads(
            drafts=words,
            board=self.board if not self.board.startswith("$") else "",
            nodes="all" if self.drafts else "none",
            node_ids=nodes,
            sources=bool(nodes),
            tables=(PromptTemplate.table,) if self.template else (),
            assets=tuple(given.asset for given in self.references if given.asset),
            tasks="open",
        )

    def plan(self, view: GraphView) -> Plan:
        """A wish for each sheet of each draft."""
        draft = Draft(view)
        given = tuple(reference(view, one) for one in self.references)
        filled = self._filled(view, given)
        items = self._items(draft, filled)
        patches = self._patches(view)
        rows, cols = self.rows or (1 if self.vary else 2), self.cols or self.rows or (1 if self.vary else 2)
        for item in items:
            parent = self._parent(view, item)
            words = "\n".join(part for part in (self.words, filled) if part) if self.drafts else ""
            for index, (_, patch) in enumerate(patches):
                sheet = Sheet(
                    parent_id=parent.id if parent else None,
                    track_id=parent.track_id
                    if parent and parent.work_item_id == item.id
                    else first_track(draft, item, "picture").id,
                    rows=rows,
                    cols=cols,
                    frame=patch,
                    words=words,
                    references=given,
                )
                draft.want(self._render(draft.view, item, sheet, index))
            draft.touch(item.id)
        draft.made = items[0].id
        draft.say(
            "draft.explored",
            drafts=numbers_told(view, items),
            sheets=len(patches),
            rows=rows,
            cols=cols,
            vary=self.vary or "",
            names=[name for name, _ in patches] if self.vary else [],
            references=len(given),
        )
        return draft.plan()

    def _filled(self, view: GraphView, given: tuple[Reference, ...]) -> str:
        if self.template is None:
            return ""
        template = template_named(view, self.template)
        return fill(template, Filling(self.values, gathered(view, given))).closed(template)

    def _items(self, draft: Draft, filled: str) -> list[WorkItem]:
        if self.drafts:
            items = free(draft, drafts_at(draft.view, self.drafts, self.board))
            if not items:
                raise BadInput(f"no draft is named by {self.drafts!r}; add one first", field="drafts")
            return items
        words = "\n".join(part for part in (self.words, filled) if part)
        if not words and not self.references and self.node is None:
            raise BadInput("say what to draw, or give references or a template", field="words")
        return [add_draft(draft, board_for(draft, self.board), spec_of(draft.view, NewDraft(words=words)), "explored")]

    def _parent(self, view: GraphView, item: WorkItem) -> Node | None:
        """What it is drawn from: the picture that was named; of a draft that is varied, its own picture."""
        if self.node is not None:
            return picture_of(view, self.node)
        if self.vary is None:
            return None
        return view.find(Node, item.picture_node_id)

    def _patches(self, view: GraphView) -> list[tuple[str, FramePatch]]:
        """The changes of each sheet, with their names."""
        if self.vary is None:
            return [("", self.change)] * (self.count or 1)
        known: dict[str, dict[str, Any]] = {"compositions": COMPOSITIONS, "lights": LIGHTS}.get(self.vary, {})
        usual = STYLES[view.workspace.profile.language] if self.vary == "styles" else tuple(known)
        count = self.count or len(self.among) or 3
        names = tuple(dict.fromkeys((*self.among, *usual)))[:count]
        return [(name, self._patch(name, known)) for name in names]

    def _patch(self, name: str, known: dict[str, dict[str, Any]]) -> FramePatch:
        if self.vary == "styles":
            return self.change.model_copy(update={"style": name})
        if name not in known:
            raise BadInput(f"{name!r} is none of the {self.vary}: {', '.join(known)}", field="among")
        return self.change.model_copy(update=known[name])

    def _render(self, view: GraphView, item: WorkItem, sheet: Sheet, index: int) -> Render:
        """The wish in a take of its own: sheets that are under way count too."""
        wish = sheet_render(view, item, sheet, self.priority)
        under_way = [_take(task) for task in view.tasks if task.work_item_id == item.id]
        return wish.model_copy(update={"takes": {"sheet": max(wish.takes["sheet"], 1 + max(under_way, default=0)) + index}})


def _take(task: TaskFacts) -> int:
    return int(task.takes.get("sheet", 0))
