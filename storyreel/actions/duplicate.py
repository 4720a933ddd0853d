"""Making many: a project copied as often as is asked, each time with other people, pictures, words or language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Literal
from uuid import UUID

from pydantic import Field, model_validator

from storyreel.actions.base import Action, Consent, Copy, Draft, Plan, Policy, Render, Role, Said
from storyreel.actions.copying import (
    Copied,
    copied,
    named_assets,
    respanned,
    reworded,
    view_of,
    with_assets,
    words_pattern,
)
from storyreel.actions.pictures import IMPORTED, asset_of
from storyreel.actions.places import character_named
from storyreel.actions.reads import Reads
from storyreel.model.base import Frozen
from storyreel.model.errors import BadInput
from storyreel.model.rows import Cast, Character, Episode, Node, Row, Scene, Script, WorkItem, Workspace
from storyreel.model.spec import Language, LookPatch, VoiceChoice
from storyreel.model.view import GraphView
from storyreel.pipeline.contract import CUT_STAGES, SHOT_STAGES
from storyreel.pipeline.seen import shots_seen
from storyreel.pipeline.stages.why import stale_parts

MOST_VARIANTS = 20


class CharacterSwap(Frozen):
    """What becomes of a character: another name, look or voice; or another character of the project takes its parts."""

    name: str | None = Field(default=None, min_length=1, max_length=200)
    by: str | None = Field(default=None, description="Another character of this project, by name.")
    look: LookPatch | None = None
    voice: VoiceChoice | None = None


class Variant(Frozen):
    """One copy: its name, and what is other in it. Nothing is a copy as it is."""

    name: str = Field(default="", max_length=200)
    characters: dict[str, CharacterSwap] = Field(default={}, description="By the character's name.")
    assets: dict[str, str] = Field(default={}, description="A person's own pictures and sounds, old id to new id.")
    words: dict[str, str] = Field(default={}, max_length=200, description="Words in titles, specs and lines, old to new.")
    language: Language | None = None


class DuplicateProject(Action):
    """Copy this project into new ones, each with its substitutions (`variants`); this project stays as it is.

    Everything comes along with its lineage and its selections. Only what a substitution touches is stale, and is made again at once
    where `render` says so; nothing else is bought again.
    """

    type: Literal["project.duplicate"] = "project.duplicate"
    policy: ClassVar = Policy(role=Role.owner, consent=Consent.always, undo=False)
    says: ClassVar = ("复制这个项目，把林小雨换成陈星", "Duplicate this project with Mia instead of Anna")

    variants: tuple[Variant, ...] = Field(default=(Variant(),), min_length=1, max_length=MOST_VARIANTS)
    render: bool = Field(default=False, description="Make at once what the substitutions touch.")

    @model_validator(mode="before")
    @classmethod
    def _one(cls, given: Any) -> Any:
        """One variant's substitutions may stand by themselves."""
        if not isinstance(given, Mapping) or "variants" in given:
            return given
        own = {name: value for name, value in given.items() if name in cls.model_fields}
        variant = {name: value for name, value in given.items() if name not in cls.model_fields}
        return {**own, "variants": [variant]} if variant else own

    def reads(self) -> Reads:
        """Everything, with the order in which it came, and the assets that come in."""
        return Reads(whole=True, sources=True, assets=tuple(new for one in self.variants for new in one.assets.values()))

    def plan(self, view: GraphView) -> Plan:
        """A copy a variant."""
        draft = Draft(view)
        stale = _stale(view)
        for place, variant in enumerate(self.variants):
            copy = self._copy(view, variant, place, stale)
            draft.want(copy)
            draft.summary.append(copy.said)
            draft.made = draft.made or copy.workspace_id
        return draft.plan()

    def _copy(self, view: GraphView, variant: Variant, place: int, stale: Mapping[UUID, frozenset[str]]) -> Copy:
        made = copied(view, view.new_id("duplicate", place))
        rows = _substituted(view, made, variant, place)
        after = view_of(view, made, rows)
        _check_names(after)
        again = _touched(after, {made.ids[shot]: slots for shot, slots in stale.items()})
        rows = [_as_draft(row) if row.id in again else row for row in rows]
        after = view_of(view, made, rows)
        return Copy(
            source=view.workspace_id,
            workspace_id=after.workspace_id,
            before=view_of(view, made, made.rows),
            view=after,
            rows=tuple(rows),
            ids=made.ids,
            assets=named_assets(rows),
            renders=tuple(_renders(after, again)) if self.render else (),
            said=_said(after, variant, again),
        )


def _substituted(view: GraphView, made: Copied, variant: Variant, place: int) -> list[Row]:
    """The rows of the copy with everything that the variant says."""
    words = {**variant.words}
    rows = [_named(row, variant, place, view.workspace.name) for row in made.rows]
    for name, swap in variant.characters.items():
        person = character_named(view, name)
        if swap.by is not None and (swap.name or swap.look or swap.voice):
            raise BadInput(f"{name}: either another character takes the parts, or this one changes", field="characters")
        other = character_named(view, swap.by) if swap.by is not None else None
        if other is not None:
            rows = _recast(rows, made.ids[person.id], made.ids[other.id])
        rows = [_changed(row, made.ids[person.id], swap) for row in rows]
        new = other.name if other is not None else swap.name
        if new and new != person.name:
            words[person.name] = new
    for old, new in variant.assets.items():
        _check_asset(view, old, new)
    if variant.assets:
        rows = [with_assets(row, variant.assets, IMPORTED) for row in rows]
    return _in_words(rows, words, {made.ids[character_named(view, n).id] for n, s in variant.characters.items() if s.by})


def _in_words(rows: Sequence[Row], words: Mapping[str, str], standing: set[UUID]) -> list[Row]:
    """The rows in other words; a character whose parts another took over stays who it is."""
    pattern = words_pattern(words)
    if pattern is None:
        return list(rows)
    scripts = {row.id: row for row in rows if isinstance(row, Script)}
    found: list[Row] = []
    for row in rows:
        if isinstance(row, WorkItem) and (script := scripts.get(row.script_id or row.id)) is not None:
            row = respanned(row, script, pattern, words)  # noqa: PLW2901 - one row, step by step
        new = row if row.id in standing else reworded(row, pattern, words)
        found.append(new.model_copy(update={"locks": {}}) if new is not row and getattr(new, "locks", None) else new)
    return found


def _named(row: Row, variant: Variant, place: int, name: str) -> Row:
    if isinstance(row, Workspace):
        profile = row.profile.model_copy(update={"language": variant.language}) if variant.language else row.profile
        return row.model_copy(update={"name": variant.name or f"{name} {place + 2}", "profile": profile})
    if isinstance(row, Episode) and variant.language:
        return row.model_copy(update={"language": variant.language})
    return row


def _recast(rows: Sequence[Row], old: UUID, new: UUID) -> list[Row]:
    """The parts of one character given to another; where that one is in the shot already, the part is left out."""
    there = {row.work_item_id for row in rows if isinstance(row, Cast) and row.character_id == new and not row.removed}
    found: list[Row] = []
    for row in rows:
        if isinstance(row, Cast) and row.character_id == old:
            if row.work_item_id in there:
                continue
            row = row.model_copy(update={"character_id": new})  # noqa: PLW2901 - the same part
        elif isinstance(row, WorkItem) and str(old) in row.spec.looks:
            looks = {name: patch for name, patch in row.spec.looks.items() if name != str(old)}
            row = row.model_copy(update={"spec": row.spec.model_copy(update={"looks": looks})})  # noqa: PLW2901
        found.append(row)
    return found


def _changed(row: Row, person: UUID, swap: CharacterSwap) -> Row:
    """The character in another look or voice. What its old look was held by, locks and a selected picture, goes with that look."""
    if not isinstance(row, Character) or row.id != person:
        return row
    fields: dict[str, Any] = {}
    if swap.look is not None and swap.look.asked():
        look = row.look.model_copy(update=swap.look.asked())
        fields |= {"look": look, "locks": {}, "picture_node_id": None} if look != row.look else {}
    if swap.voice is not None:
        fields["voice"] = swap.voice
    return row.model_copy(update=fields) if fields else row


def _check_asset(view: GraphView, old: str, new: str) -> None:
    known, found = view.assets.get(old), asset_of(view, new)
    if known is not None and known.media_type.partition("/")[0] != found.media_type.partition("/")[0]:
        raise BadInput(
            f"{old[:12]} is {known.media_type} and {new[:12]} is {found.media_type}; exchange like for like", field="assets"
        )


def _check_names(view: GraphView) -> None:
    names = [person.name.casefold() for person in view.all(Character)]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice:
        raise BadInput(f"two characters would be called {twice!r}; let one take the other's parts (by), or choose another name")


def _stale(view: GraphView) -> dict[UUID, frozenset[str]]:
    """What of each shot of every episode is stale, by slot."""
    sources = {key: row for key, row in view.rows.get(Node.table, {}).items() if isinstance(row, Node)}
    seen = shots_seen(view, view.all(WorkItem))
    return {one.shot.id: frozenset(part.slot for part in stale_parts(one, sources)) for one in seen}


def _touched(after: GraphView, before: Mapping[UUID, frozenset[str]]) -> set[UUID]:
    """The shots that have something that was fresh and is stale in the copy."""
    return {shot for shot, slots in _stale(after).items() if slots - before.get(shot, frozenset())}


def _as_draft(row: Row) -> Row:
    """What was locked or approved was another picture."""
    return row.model_copy(update={"status": "draft"}) if isinstance(row, WorkItem) else row


def _renders(view: GraphView, shots: set[UUID]) -> list[Render]:
    """A wish a touched shot, and one a film that holds such a shot."""
    episodes = {scene.id: scene.episode_id for scene in view.all(Scene)}
    found = [
        Render(kind="shot", episode_id=episodes[shot.scene_id], work_item_id=shot.id, stages=SHOT_STAGES)
        for shot in view.all(WorkItem)
        if shot.id in shots and shot.scene_id is not None and shot.scene_id in episodes
    ]
    films = {episode.id for episode in view.all(Episode) if episode.film_node_id}
    joined = dict.fromkeys(render.episode_id for render in found if render.episode_id in films)
    return [*found, *(Render(kind="cut", episode_id=episode, stages=CUT_STAGES) for episode in joined)]


def _said(view: GraphView, variant: Variant, stale: set[UUID]) -> Said:
    given = [[old, swap.by or swap.name or "…"] for old, swap in variant.characters.items()]
    given += [[old, new] for old, new in variant.words.items()]
    given += [[old[:8], new[:8]] for old, new in variant.assets.items()]
    given += [["language", variant.language]] if variant.language else []
    numbers = sorted(number for shot in stale if (number := view.number(shot)))
    facts = {
        "name": view.workspace.name,
        "workspace": str(view.workspace_id),
        "substitutions": given,
        "stale": numbers or [None] * len(stale),
    }
    return Said(code="project.duplicated", facts=facts)
