"""The person's screen: what a front end is asked to show. It changes nothing and travels in the event stream."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Literal

from pydantic import Field

from storyreel.actions.base import Action, Kind, Policy, Role
from storyreel.actions.naming import TABLE_OF, Entity, by_name, call, entity_named, entity_reads, id_in
from storyreel.actions.reads import Reads
from storyreel.model.errors import BadInput
from storyreel.model.rows import Canvas, Node, Owned, Track
from storyreel.model.view import GraphView

Page = Literal[
    "project", "script", "storyboard", "timeline", "characters", "looks", "drafts", "assets", "canvas", "tasks", "versions", "export",
    "settings", "help",
]  # fmt: skip
Panel = Literal[
    "chat", "details", "timeline", "lineage", "tracks", "compare", "references", "lines", "tasks", "assets", "versions", "memory",
    "quality",
]  # fmt: skip
ById = Literal["track", "node", "canvas"]
# What has no number and no name of its own.
BY_ID: dict[str, type[Owned]] = {"track": Track, "node": Node, "canvas": Canvas}

NAMED: dict[str, Entity] = {name: name for name in TABLE_OF}


class Show(Action):
    """Ask the person's screen to go to a page, open a panel, or bring one thing into view. It changes nothing."""

    type: Literal["ui.show"] = "ui.show"
    policy: ClassVar = Policy(role=Role.viewer, kind=Kind.ui, undo=False, modes=frozenset({"agent", "pro", "draft"}))
    presets: ClassVar[Mapping[str, Mapping[str, Any]]] = {
        "ui.navigate": {"what": "page"},
        "ui.focus_entity": {"what": "entity"},
        "ui.open_panel": {"what": "panel"},
    }
    says: ClassVar = ("打开时间线面板", "Show me the timeline panel")

    what: Literal["page", "panel", "entity"]
    page: Page | None = None
    panel: Panel | None = None
    entity: Entity | ById | None = None
    which: str = Field(default="", max_length=200, description="Which entity: a shot's or scene's number, a name, or an id.")

    def reads(self) -> Reads:
        """The entity that is to be seen."""
        if self.entity is None:
            return Reads()
        if self.entity in BY_ID:
            found = id_in(self.which)
            return Reads(row_ids=(found,)) if found else Reads(tables=(Canvas.table,) if self.entity == "canvas" else ())
        return entity_reads(NAMED[self.entity], self.which)

    def answer(self, view: GraphView) -> dict[str, Any]:
        """What the screen is to show, resolved: ids, numbers, and fixed names.

        Raises:
            BadInput: it does not say what to show.
            NotFound: there is no such entity.
        """
        if self.what == "entity":
            return {"what": "entity", **self._entity(view)}
        name = self.page if self.what == "page" else self.panel
        if name is None:
            raise BadInput(f"say which {self.what} to show")
        return {"what": self.what, "name": name, **(self._entity(view) if self.entity else {})}

    def _entity(self, view: GraphView) -> dict[str, Any]:
        if self.entity is None:
            raise BadInput("say what to bring into view: a shot, a scene, a character ...")
        kind = NAMED.get(self.entity)
        if kind is None:
            table = BY_ID[self.entity]
            by_id = self.entity != "canvas"
            row = view.get(table, id_in(self.which)) if by_id else by_name(view, table, self.which)
            return {"entity": self.entity, "id": str(row.id)}
        row = entity_named(view, kind, self.which)
        number = call(view, kind, row) if kind in {"shot", "scene"} else ""
        return {"entity": kind, "id": str(row.id), **({"number": int(number)} if number.isdigit() else {})}
