"""Listing what a project keeps beside its shots: characters, looks, styles and memory."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Literal, Self

from pydantic import Field, model_validator

from storyreel.actions.base import EVERY_MODE, Action, Kind, Policy, Role
from storyreel.actions.memory import NUMBERED, WHICH, about_row, holds_words, memory_line, with_memory
from storyreel.actions.naming import Entity, entity_reads
from storyreel.actions.reads import Reads
from storyreel.actions.style_presets import PRESETS
from storyreel.model.rows import Character, Memory, SceneLook, StylePreset
from storyreel.model.view import GraphView

What = Literal["characters", "looks", "styles", "memory"]


class ListBible(Action):
    """List what is kept: characters (looks, voices, locks), looks of places and props, styles, or what memory holds.

    Of memory it is all, what is about one thing, or what holds certain words. Styles are those saved and those that come with the house.
    """

    type: Literal["bible.list"] = "bible.list"
    policy: ClassVar = Policy(role=Role.viewer, kind=Kind.query, undo=False, modes=EVERY_MODE)
    presets: ClassVar[Mapping[str, Mapping[str, Any]]] = {
        "character.list": {"what": "characters"},
        "look.list": {"what": "looks"},
        "style.list": {"what": "styles"},
        "memory.list": {"what": "memory"},
    }
    narrows: ClassVar[Mapping[str, Mapping[str, tuple[str, ...]]]] = {"draft": {"what": ("styles", "memory")}}
    says: ClassVar = ("有哪些角色？", "Who are the characters?")

    what: What
    about: Entity | None = Field(default=None, description="With memory: what kind of thing the facts are about.")
    which: str = WHICH
    words: str = Field(default="", max_length=500, description="With memory: words that the facts hold.")

    @model_validator(mode="after")
    def _facts_are_about_things(self) -> Self:
        if self.what != "memory" and (self.about or self.which or self.words):
            raise ValueError("about, which and words go with memory")
        return self

    def reads(self) -> Reads:
        """What there is of it; for memory with the shots and looks that it is about."""
        if self.what == "styles":
            return Reads(tables=(StylePreset.table,))
        if self.what != "memory":
            return Reads()
        wanted = entity_reads(self.about, self.which) if self.about else NUMBERED
        return with_memory(wanted, SceneLook.table)

    def answer(self, view: GraphView) -> dict[str, Any]:
        """One entry each, under the name of what was asked for."""
        match self.what:
            case "characters":
                return {"characters": [_row(person) for person in view.all(Character)]}
            case "looks":
                return {"looks": [_row(look) for look in sorted(view.all(SceneLook), key=lambda look: (look.kind, look.name))]}
            case "styles":
                return _styles(view)
            case "memory":
                return {"memory": [memory_line(view, one) for one in self._facts(view)]}

    def _facts(self, view: GraphView) -> list[Memory]:
        held = view.all(Memory)
        if self.about is not None:
            held = about_row(view, held, self.about, self.which)
        return [one for one in held if not self.words or holds_words(one.fact, self.words)]


def _row(row: Character | SceneLook) -> dict[str, Any]:
    return row.model_dump(mode="json", exclude={"workspace_id", "removed"})


def _styles(view: GraphView) -> dict[str, Any]:
    """Those that were saved, and those of the house in the project's language."""
    language = view.workspace.profile.language
    own = [{"name": row.name, "id": str(row.id), **row.spec.model_dump(mode="json")} for row in view.all(StylePreset)]
    house = [{"names": list(one.names), **one.spec(language).model_dump(mode="json")} for one in PRESETS]
    return {"styles": own, "built_in": house}
