"""What was read of the graph for one message, before it is put into words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from agent.types import PastTurn, ShotLine, Turn
from storyreel.actions.naming import TABLE_OF, Entity, call
from storyreel.graph.recall import Recalled
from storyreel.graph.totals import Standing
from storyreel.model.facts import TaskFacts
from storyreel.model.rows import Character, Memory, Scene, SceneLook, StylePreset, WorkItem
from storyreel.model.view import GraphView


@dataclass(frozen=True)
class Gathered:
    """The subgraph of one message, with the talk around it."""

    turn: Turn
    view: GraphView
    stands: Standing
    wanted: tuple[int, ...]
    past: tuple[PastTurn, ...]
    rights: str = "owner"
    people: tuple[Character, ...] = ()
    looks: tuple[SceneLook, ...] = ()
    styles: tuple[StylePreset, ...] = ()
    facts: tuple[Recalled, ...] = ()
    settings: tuple[Recalled, ...] = ()
    recent: tuple[TaskFacts, ...] = ()
    drafts: tuple[dict[str, Any], ...] = ()
    templates: tuple[str, ...] = ()
    index: tuple[ShotLine, ...] = ()
    named: tuple[dict[str, Any], ...] = ()
    subjects: Mapping[UUID, str] = field(default_factory=dict[UUID, str])


def fact_line(view: GraphView, one: Memory) -> dict[str, Any]:
    """A remembered fact as the rules and a model read it."""
    return {"id": str(one.id), "fact": one.fact, "kind": one.kind, "about": about_of(view, one)}


def about_of(view: GraphView, one: Memory) -> str:
    """What a fact is about, as a person calls it; empty for the project, or where it is not at hand."""
    entities: dict[str, Entity] = {table: entity for entity, table in TABLE_OF.items()}
    row = view.rows.get(one.about, {}).get(one.about_id) if one.about_id else None
    if row is None or row.removed:
        return ""
    entity = entities[one.about]
    name = call(view, entity, row)
    return f"{entity} {name}" if isinstance(row, WorkItem | Scene) else name
