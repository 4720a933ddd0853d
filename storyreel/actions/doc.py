"""Documents: any entity in full by its id, and the free text of those that hold some."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Literal
from uuid import UUID

from pydantic import Field

from storyreel.actions.base import Action, Draft, Kind, Plan, Policy, Role
from storyreel.actions.naming import Entity, by_name, call, entity_named, entity_reads, find_named, id_in
from storyreel.actions.places import changed, writable
from storyreel.actions.reads import Reads
from storyreel.model.errors import BadInput, NotFound
from storyreel.model.rows import (
    ROWS,
    Character,
    Episode,
    Owned,
    PromptTemplate,
    Scene,
    Script,
    WorkItem,
    WorldSetting,
)
from storyreel.model.view import GraphView

Documents = Literal["script", "world_setting", "prompt_template", "episode", "scene", "shot", "character"]


@dataclass(frozen=True)
class Document:
    """A table whose rows hold free text: its fields, the first of them where none is named, and whether a new name makes a row."""

    kind: type[Owned]
    fields: tuple[str, ...]
    # How people name its rows, where that is more than a name.
    entity: Entity | None = None
    new: bool = False
    # The object of the row that holds the fields, where they are not columns.
    inside: str = ""


DOCUMENTS: Mapping[str, Document] = {
    "script": Document(Script, ("source",)),
    "world_setting": Document(WorldSetting, ("body", "name"), new=True),
    "prompt_template": Document(PromptTemplate, ("body", "name"), new=True),
    "episode": Document(Episode, ("brief", "title"), entity="episode"),
    "scene": Document(Scene, ("goal", "curve"), entity="scene", inside="spec"),
    "shot": Document(WorkItem, ("notes", "continuity"), entity="shot", inside="spec"),
    "character": Document(Character, ("personality", "speaking"), entity="character"),
}


class GetDoc(Action):
    """Any entity of the graph by its id: every field."""

    type: Literal["doc.get"] = "doc.get"
    policy: ClassVar = Policy(role=Role.viewer, kind=Kind.query, undo=False)
    says: ClassVar = ("给我这个对象的全部内容", "Show me everything about this entity")

    id: UUID

    def reads(self) -> Reads:
        """That one row, wherever it is."""
        return Reads(row_ids=(self.id,))

    def answer(self, view: GraphView) -> dict[str, Any]:
        """Its table and its fields."""
        for table in ROWS:
            row = view.rows.get(table, {}).get(self.id)
            if row is not None:
                return {"table": table, "row": row.model_dump(mode="json")}
        raise NotFound(f"there is nothing with the id {self.id} in this project")


class UpdateDoc(Action):
    """Change the free text of a document. A new name of a setting or a template makes one; a script gets its next version."""

    type: Literal["doc.update"] = "doc.update"
    policy: ClassVar = Policy(role=Role.editor, modes=frozenset({"agent", "pro", "draft"}))
    presets: ClassVar[Mapping[str, Mapping[str, Any]]] = {"world.set": {"table": "world_setting"}}
    # Where nothing is known of a story, there are templates alone.
    narrows: ClassVar[Mapping[str, Mapping[str, tuple[str, ...]]]] = {"draft": {"table": ("prompt_template",)}}
    says: ClassVar = ("世界观：海水会发光", "World setting: the sea glows at night")

    table: Documents
    which: str = Field(default="", max_length=200, description="Which one: a number, a name, or an id.")
    field: str = Field(default="", max_length=40, description="Which of its texts; empty is the main one.")
    text: str = Field(max_length=400_000)

    def reads(self) -> Reads:
        """The document."""
        known = DOCUMENTS[self.table]
        if self.table == "script":
            return Reads(scripts=True)
        return entity_reads(known.entity, self.which) if known.entity else Reads(tables=(known.kind.table,))

    def plan(self, view: GraphView) -> Plan:
        """One text of one row."""
        known = DOCUMENTS[self.table]
        field = self.field or known.fields[0]
        if field not in known.fields:
            texts = "; ".join(f"{name}: {', '.join(one.fields)}" for name, one in DOCUMENTS.items())
            raise BadInput(
                f"{field!r} of a {self.table.replace('_', ' ')} cannot be changed here; what can: {texts}", field="field"
            )
        draft = Draft(view)
        if self.table == "script":
            self._next_version(draft)
        elif known.entity:
            self._entity(draft, known, known.entity, field)
        else:
            self._named(draft, known, field)
        return changed(draft)

    def _next_version(self, draft: Draft) -> None:
        """A script is never written over: its next version holds the text."""
        view = draft.view
        found = id_in(self.which)
        held = view.get(Script, found) if found else _newest(view)
        if held is not None and held.source == self.text:
            return
        episode = view.get(Episode, held.episode_id) if held else view.episode
        version = 1 + max((one.version for one in view.all(Script) if one.episode_id == episode.id), default=0)
        made = Script(
            id=view.new_id("script"),
            workspace_id=view.workspace_id,
            episode_id=episode.id,
            version=version,
            language=held.language if held else episode.language,
            format=held.format if held else "prose",
            source=self.text,
        )
        draft.insert(made)
        draft.made = made.id
        draft.say("script.kept", version=version, characters=len(self.text))

    def _entity(self, draft: Draft, known: Document, entity: Entity, field: str) -> None:
        row = entity_named(draft.view, entity, self.which)
        fields: dict[str, Any] = {field: self.text}
        if known.inside:
            spec = getattr(row, known.inside).model_copy(update=fields)
            fields = {known.inside: spec.model_dump()}
        if isinstance(row, WorkItem):
            writable(draft, [row], many=False)
        if draft.change(row, **fields):
            if isinstance(row, WorkItem):
                draft.touch(row.id)
            draft.say("doc.changed", table=self.table, name=call(draft.view, entity, row), field=field)

    def _named(self, draft: Draft, known: Document, field: str) -> None:
        """A row that is known by its name; a new name makes one, where it has its main text."""
        view, kind = draft.view, known.kind
        by_id = id_in(self.which) or self.which.startswith("$")
        row = by_name(view, kind, self.which) if by_id else find_named(view, kind, self.which)
        if row is None:
            self._create(draft, known, field)
            return
        fields: dict[str, Any] = {field: self.text}
        if isinstance(row, WorldSetting) and getattr(row, field) != self.text:
            fields["version"] = row.version + 1
        if draft.change(row, **fields):
            draft.made = row.id
            draft.say("doc.changed", table=self.table, name=self.which if not by_id else getattr(row, "name", ""), field=field)

    def _create(self, draft: Draft, known: Document, field: str) -> None:
        kind: Any = known.kind
        if not self.which.strip() or field != known.fields[0]:
            by_name(draft.view, known.kind, self.which or "?")
        if not self.text.strip():
            raise BadInput(f"a new {self.table.replace('_', ' ')} needs a text")
        view = draft.view
        made = kind(id=view.new_id(self.table), workspace_id=view.workspace_id, name=self.which.strip(), **{field: self.text})
        draft.insert(made)
        draft.made = made.id
        draft.say("doc.created", table=self.table, name=made.name)


def _newest(view: GraphView) -> Script | None:
    held = [one for one in view.all(Script) if one.episode_id == view.episode_id]
    return max(held, key=lambda one: one.version, default=None)
