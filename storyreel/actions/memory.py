"""Memory: facts that are kept for later talk, each with what it is about and where it came from."""

from __future__ import annotations

import re
from collections.abc import Sequence
from difflib import SequenceMatcher
from typing import Any, ClassVar, Literal
from uuid import UUID

from pydantic import Field

from storyreel.actions.base import Action, Draft, Plan, Policy, Role
from storyreel.actions.naming import TABLE_OF, Entity, call, entity_named, entity_reads
from storyreel.actions.places import changed
from storyreel.actions.reads import Reads
from storyreel.model.errors import BadInput
from storyreel.model.rows import Memory, Row
from storyreel.model.view import GraphView

MemoryKind = Literal["fact", "preference", "decision", "note"]
EVERY_MODE = frozenset({"agent", "pro", "draft"})
# From here two facts about the same thing say the same, or one corrects the other.
NEAR = 0.85
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
# A fact and its contrary differ in these words alone.
_NOT = re.compile(
    r"\b(?:do(?:es)?|did|is|are|was|were|ca|wo)?n['’]t\b|\b(?:not|never|no longer|does|do|did)\b|不再|从不|并不|不|没有?|别",
    re.IGNORECASE,
)
_PLAIN = re.compile(r"[\W_]+")
# The order of all shots, for their numbers, without the shots themselves.
NUMBERED = Reads(shots=("last",), order=True)
WHICH = Field(default="", max_length=200, description="Which one: a shot's or scene's number, a name, or an id.")


class SaveMemory(Action):
    """Keep one fact, preference, decision or note for later talk. A fact that corrects another one takes its place."""

    type: Literal["memory.save"] = "memory.save"
    policy: ClassVar = Policy(role=Role.editor, modes=EVERY_MODE)
    says: ClassVar = ("记住：小雨怕水", "Remember that Anna is afraid of water")

    fact: str = Field(min_length=1, max_length=2000)
    about: Entity = Field(default="project", description="What kind of thing the fact is about.")
    which: str = WHICH
    kind: MemoryKind = "fact"
    quote: str = Field(default="", max_length=500, description="The person's own words that it came from.")
    corrects: UUID | None = Field(default=None, description="The fact that it takes the place of, where that is known.")

    def reads(self) -> Reads:
        """What there is in memory, and what the fact is about."""
        return with_memory(entity_reads(self.about, self.which))

    def plan(self, view: GraphView) -> Plan:
        """A new fact, or another wording of one that is there."""
        row = entity_named(view, self.about, self.which)
        fact = self.fact.strip()
        if not fact:
            raise BadInput("there is nothing to remember; say the fact")
        draft = Draft(view)
        was = self._corrected(view, row)
        facts: dict[str, Any] = {
            "about": TABLE_OF[self.about] if self.about != "project" else "project",
            "about_id": None if self.about == "project" else row.id,
            "kind": self.kind,
            "fact": fact,
        }
        if was is None:
            made = Memory(id=view.new_id("memory"), workspace_id=view.workspace_id, source=self._source(view), **facts)
            draft.insert(made)
            draft.made = made.id
            draft.say("memory.saved", fact=fact, about=self.about, name=self._name(view, row))
        elif any(getattr(was, name) != value for name, value in facts.items()):
            draft.change(was, source=self._source(view), **facts)
            draft.made = was.id
            draft.say("memory.corrected", fact=fact, was=was.fact)
        return changed(draft)

    def _corrected(self, view: GraphView, row: Row) -> Memory | None:
        if self.corrects is not None:
            return view.get(Memory, self.corrects)
        about_id = None if self.about == "project" else row.id
        held = [one for one in view.all(Memory) if one.about_id == about_id]
        return nearest(held, self.fact)

    def _source(self, view: GraphView) -> dict[str, Any]:
        """Where it came from: the commit that writes it, the request it was part of (in talk, the turn), and the words."""
        request = {} if view.request_id is None else {"request_id": str(view.request_id)}
        return {**request, "revision": view.revision + 1, **({"quote": self.quote} if self.quote else {})}

    def _name(self, view: GraphView, row: Row) -> str:
        return "" if self.about == "project" else call(view, self.about, row)


def with_memory(reads: Reads, *more: str) -> Reads:
    """The same reads with the project's memory."""
    return Reads(
        shots=reads.shots,
        row_ids=reads.row_ids,
        order=reads.order,
        tables=tuple(dict.fromkeys((*reads.tables, Memory.table, *more))),
    )


def about_row(view: GraphView, held: Sequence[Memory], about: Entity, which: str) -> list[Memory]:
    """The facts about one thing; about the project itself, those about nothing else."""
    row_id = None if about == "project" else entity_named(view, about, which).id
    return [one for one in held if one.about_id == row_id]


def memory_line(view: GraphView, one: Memory) -> dict[str, Any]:
    """A fact as it is listed."""
    kinds: dict[str, Entity] = {table: entity for entity, table in TABLE_OF.items()}
    entity = kinds.get(one.about, "project")
    name, gone = _subject(view, one, entity)
    return {
        "id": str(one.id),
        "fact": one.fact,
        "kind": one.kind,
        "about": entity,
        "which": name,
        "source": one.source,
        **({"gone": True} if gone else {}),
    }


def _subject(view: GraphView, one: Memory, entity: Entity) -> tuple[str, bool]:
    """What the subject of a fact is called now, and whether it is there no more."""
    if one.about_id is None:
        return "", False
    if entity == "shot":
        number = view.number(one.about_id)
        return str(number or ""), number is None and view.workspace.kind == "narrative_project"
    row = view.rows.get(one.about, {}).get(one.about_id)
    if row is None:
        # A scene of another episode, which this view does not hold.
        return "", entity != "scene"
    return ("", True) if row.removed else (call(view, entity, row), False)


def nearest(held: Sequence[Memory], fact: str) -> Memory | None:
    """The fact that says nearly the same, or its contrary, or the same with another number."""
    rated = [(likeness(one.fact, fact), one) for one in held]
    best = max(rated, key=lambda pair: pair[0], default=None)
    return best[1] if best and best[0] >= NEAR else None


def likeness(one: str, other: str) -> float:
    """How alike two facts are, 0 to 1, whatever their numbers and whether they deny it."""
    a, b = _bare(one), _bare(other)
    return SequenceMatcher(None, a, b, autojunk=False).ratio() if a and b else 0.0


def holds_words(fact: str, words: str) -> bool:
    """Whether a fact holds what was said of it, in whatever form."""
    a, b = _PLAIN.sub("", fact.lower()), _PLAIN.sub("", words.lower())
    return bool(b) and b in a


def _bare(text: str) -> str:
    return _PLAIN.sub("", _NOT.sub("", _NUMBER.sub("0", text.lower())))
