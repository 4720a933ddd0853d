"""How much of a project a comparison or a return is about: all of it, an episode, a scene, some shots, or one character."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Self, TypeVar
from uuid import UUID

from pydantic import Field, model_validator

from storyreel.actions.base import Action
from storyreel.actions.places import character_named, scene_named
from storyreel.actions.reads import LogNeed, Reads
from storyreel.model.errors import NotFound
from storyreel.model.ops import Op
from storyreel.model.rows import Character, Row, Scene, WorkItem
from storyreel.model.view import GraphView

# A shot that was deleted has no number any more; it is known by its label or its id.
_STABLE = re.compile(r"^(s[0-9a-f]{8}|[0-9a-f]{8}-[0-9a-f-]{27})$")
_OF_SHOT = frozenset({"work_item_character", "work_item_asset"})
T = TypeVar("T", bound=Row)


@dataclass(frozen=True)
class Scope:
    """What is inside: `kind` "workspace" is everything."""

    kind: str = "workspace"
    name: str = ""
    shots: frozenset[UUID] = frozenset()
    scenes: frozenset[UUID] = frozenset()
    episode: UUID | None = None
    character: UUID | None = None

    def part(self, view: GraphView, ops: Iterable[Op]) -> list[Op]:
        """The ops that are inside, cut to the fields that are."""
        if self.kind == "workspace":
            return list(ops)
        return [cut for op in ops if (cut := self._cut(view, op)) is not None]

    def _cut(self, view: GraphView, op: Op) -> Op | None:
        if self.kind == "character":
            return self._of_character(view, op)
        row = view.rows[op.table][op.row]
        if op.table in _OF_SHOT:
            return op if getattr(row, "work_item_id", None) in self.shots else None
        inside = {
            "work_item": op.row in self.shots,
            "scene": op.row in self.scenes,
            "episode": op.row == self.episode,
            "script": self.episode is not None and getattr(row, "episode_id", None) == self.episode,
        }
        return op if inside.get(op.table) else None

    def _of_character(self, view: GraphView, op: Op) -> Op | None:
        if op.table == "character":
            return op if op.row == self.character else None
        if op.table == "work_item_character":
            return op if getattr(view.rows[op.table][op.row], "character_id", None) == self.character else None
        if op.table != "work_item" or op.kind == "insert":
            return None
        looks = f"spec.looks.{self.character}"
        before = {path: value for path, value in op.before.items() if path.startswith(looks)}
        after = {path: value for path, value in op.after.items() if path.startswith(looks)}
        return op.model_copy(update={"before": before, "after": after}) if before or after else None


class Scoped(Action):
    """What actions share that can be asked of a part of the project. At most one part is named; none is the whole project."""

    shots: str = Field(default="", max_length=2000, description="Only these shots: '3', '2-5', or the label of a deleted one.")
    scene: str = Field(default="", max_length=200, description="Only this scene with its shots: its number or title.")
    character: str = Field(default="", max_length=200, description="Only this character: by name.")
    episode: bool = Field(default=False, description="Only the episode that is open, with its scenes and shots.")

    @model_validator(mode="after")
    def _one_part(self) -> Self:
        if sum(map(bool, (self.shots, self.scene, self.character, self.episode))) > 1:
            raise ValueError("name one of shots, scene, character and episode, or none for the whole project")
        return self

    def scope_reads(self, log: LogNeed, place: str, other_place: str = "") -> Reads:
        """The commits between the two places, and the shots that the part is made of."""
        words = ",".join(word for word in _words(self.shots) if not _STABLE.match(word.lower()))
        whole = "all" if self.scene or self.episode else words
        tables = ("style_preset", "prompt_template", "asset_card")
        return Reads(
            log=log,
            place=place,
            other_place=other_place,
            order=True,
            shots=(whole,) if whole else (),
            tables=tables,
            snapshots=True,
        )

    def scope(self, view: GraphView) -> Scope:
        """The part, with what belonged to it then or belongs to it now.

        Raises:
            NotFound: there is no such scene, character or shot, then or now.
        """
        if self.shots:
            return Scope("shots", self.shots, shots=frozenset(self._shots(view)))
        if self.scene:
            scene = _known(view, Scene, self.scene, "title", lambda: scene_named(view, self.scene))
            return Scope("scene", scene.title or self.scene, _shots_in(view, {scene.id}), frozenset({scene.id}))
        if self.character:
            person = _known(view, Character, self.character, "name", lambda: character_named(view, self.character))
            return Scope("character", person.name, character=person.id)
        if self.episode:
            scenes = {row.id for row in _rows(view, Scene) if row.episode_id == view.episode_id}
            return Scope("episode", view.episode.title, _shots_in(view, scenes), frozenset(scenes), view.episode.id)
        return Scope()

    def _shots(self, view: GraphView) -> set[UUID]:
        found: set[UUID] = set()
        stable = {word.lower() for word in _words(self.shots) if _STABLE.match(word.lower())}
        live = ",".join(word for word in _words(self.shots) if word.lower() not in stable)
        if live:
            found.update(shot.id for shot in view.at(live))
        known = {name: row.id for row in _rows(view, WorkItem) for name in (row.label, str(row.id))}
        known |= {str(shot_id): shot_id for shot_id in view.numbers}
        for name in stable:
            if name not in known:
                raise NotFound(f"no shot {name!r} was changed between the two places")
            found.add(known[name])
        return found


def inserted(ops: Sequence[Op], table: str, row: UUID | None) -> bool:
    """Whether a net difference brings that row in."""
    return any(op.kind == "insert" and op.table == table and op.row == row for op in ops)


def _words(said: str) -> list[str]:
    return [word.strip() for word in re.split(r"[,，、;]", said) if word.strip()]


def _shots_in(view: GraphView, scenes: set[UUID]) -> frozenset[UUID]:
    """The shots that stand in the scenes now, or stood in them at any time between the two places."""
    now = {row.id for row in _rows(view, WorkItem) if row.scene_id in scenes}
    named = {str(scene) for scene in scenes}
    then = {
        op.row
        for commit in view.log
        for op in commit.ops
        if op.table == "work_item" and {op.before.get("scene_id"), op.after.get("scene_id")} & named
    }
    return frozenset(now | then)


def _rows(view: GraphView, kind: type[T]) -> list[T]:
    """The loaded rows of a table, removed ones too."""
    return [row for row in view.rows.get(kind.table, {}).values() if isinstance(row, kind)]


def _known(view: GraphView, kind: type[T], words: str, field: str, live: Any) -> T:
    """The row that words name now, or the removed one that bore the name."""
    try:
        found: T = live()
    except NotFound:
        gone = [row for row in _rows(view, kind) if row.removed and getattr(row, field).strip().lower() == words.strip().lower()]
        if not gone:
            raise
        return gone[-1]
    return found
