"""Any entity by the words people use for it: what memory, documents and the screen share."""

from __future__ import annotations

from typing import Literal, TypeVar
from uuid import UUID

from storyreel.actions.places import character_named, scene_named
from storyreel.actions.reads import Reads
from storyreel.model.errors import NotFound
from storyreel.model.rows import Character, Episode, Owned, Row, Scene, SceneLook, WorkItem
from storyreel.model.view import GraphView

T = TypeVar("T", bound=Owned)
Entity = Literal["project", "episode", "scene", "shot", "character", "look"]
TABLE_OF: dict[Entity, str] = {
    "project": "workspace",
    "episode": "episode",
    "scene": "scene",
    "shot": "work_item",
    "character": "character",
    "look": "scene_look",
}
# The entities whose rows every view holds.
ALWAYS: frozenset[Entity] = frozenset({"project", "episode", "scene", "character"})


def id_in(words: str) -> UUID | None:
    """The id that words are, if they are one."""
    try:
        return UUID(words.strip())
    except ValueError:
        return None


def entity_reads(entity: Entity, words: str) -> Reads:
    """What must be shown to find an entity by its words."""
    if entity in ALWAYS or words.startswith("$"):
        return Reads()
    if entity == "look":
        return Reads(tables=(SceneLook.table,))
    found = id_in(words)
    # A draft has no number: it is named by its id.
    return Reads(row_ids=(found,)) if found else Reads(shots=(words,))


def entity_named(view: GraphView, entity: Entity, words: str) -> Row:
    """The one row that the words name. An empty word for an episode is the one the talk is about.

    Raises:
        NotFound: there is none, or the words name several shots.
    """
    if entity == "project":
        return view.workspace
    if entity == "episode":
        return by_name(view, Episode, words) if words else view.episode
    if entity == "scene":
        found = id_in(words)
        return view.get(Scene, found) if found else scene_named(view, words)
    if entity == "character":
        found = id_in(words)
        return view.get(Character, found) if found else character_named(view, words)
    if entity == "look":
        return by_name(view, SceneLook, words)
    found = id_in(words)
    return view.get(WorkItem, found) if found else view.one(words)


def by_name(view: GraphView, kind: type[T], words: str) -> T:
    """A row by '$name', id, name or alias.

    Raises:
        NotFound: there is none; the message lists what there is.
    """
    if words.startswith("$"):
        return view.get(kind, view.named.get(words[1:]))
    if (found := id_in(words)) is not None:
        return view.get(kind, found)
    row = find_named(view, kind, words)
    if row is None:
        known = ", ".join(sorted(name_of(one) for one in view.all(kind))) or "none yet"
        raise NotFound(f"there is no {kind.table.replace('_', ' ')} {words!r}; there are: {known}")
    return row


def find_named(view: GraphView, kind: type[T], words: str) -> T | None:
    """A row by its name or one of its aliases, whatever the case, or None."""
    wanted = words.strip().lower()
    for row in view.all(kind):
        aliases: tuple[str, ...] = getattr(row, "aliases", ())
        if wanted and wanted in {name_of(row).strip().lower(), *(alias.lower() for alias in aliases)}:
            return row
    return None


def name_of(row: Row) -> str:
    """What a person calls a row."""
    return str(getattr(row, row.label_field, "")) if row.label_field else row.table


def call(view: GraphView, entity: Entity, row: Row) -> str:
    """What a person calls an entity now: a shot and a scene by their numbers, others by name."""
    if entity == "shot":
        return str(view.number(row.id) or name_of(row))
    if isinstance(row, Scene):
        return str(view.scenes().index(row) + 1) if row in view.scenes() else row.title
    return name_of(row)
