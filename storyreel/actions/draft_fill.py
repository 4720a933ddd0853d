"""Filling a prompt template's variables, into a new draft or into one that is there."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field

from storyreel.actions.base import Action, Draft, Plan, Policy, Role
from storyreel.actions.draft import NewDraft, add_draft, spec_of
from storyreel.actions.drafting import BoardRef, Drafts, board_for, drafts_at, free, spec_with
from storyreel.actions.pictures import Help, reference
from storyreel.actions.places import changed
from storyreel.actions.reads import Reads
from storyreel.actions.templates import Filling, fill, gathered, template_named
from storyreel.model.rows import PromptTemplate
from storyreel.model.view import GraphView


class FillTemplate(Action):
    """Write the words of a draft from a prompt template: its {variables} from the values given, the references' tags, its defaults.

    Where a variable is left open nothing is written, and the answer asks for it.
    """

    type: Literal["draft.fill"] = "draft.fill"
    policy: ClassVar = Policy(role=Role.editor, modes=frozenset({"draft"}))
    says: ClassVar = ("用模板“海报”，主题是灯塔", "Fill the template Poster with subject: a lighthouse")

    template: str = Field(min_length=1, description="The template's name.")
    values: dict[str, str] = {}
    references: tuple[Help, ...] = Field(default=(), max_length=10)
    drafts: Drafts | None = Field(default=None, description="The draft to write; without it, a new one.")
    board: BoardRef = ""

    def reads(self) -> Reads:
        """The template, the draft, the references with their tags."""
        return Reads(
            drafts=(self.drafts,) if self.drafts and not self.drafts.startswith("$") else ("all",),
            board=self.board if not self.board.startswith("$") else "",
            tables=(PromptTemplate.table,),
            node_ids=tuple(one.node for one in self.references if one.node),
            sources=any(one.node for one in self.references),
            assets=tuple(one.asset for one in self.references if one.asset),
        )

    def plan(self, view: GraphView) -> Plan:
        """The words of a draft."""
        draft = Draft(view)
        template = template_named(view, self.template)
        given = tuple(reference(view, one) for one in self.references)
        filled = fill(template, Filling(self.values, gathered(view, given)))
        words = filled.closed(template)
        if self.drafts:
            for item in free(draft, drafts_at(view, self.drafts, self.board)):
                draft.made = item.id
                if draft.change(item, spec=spec_with(item.spec, {"words": words}).model_dump()):
                    draft.touch(item.id)
        else:
            draft.made = add_draft(draft, board_for(draft, self.board), spec_of(view, NewDraft(words=words)), "filled").id
        draft.say("draft.filled", template=template.name, values=dict(filled.values), sources=dict(filled.sources))
        return changed(draft)
