"""Places, props and people that stay the same: which look a shot's words name, and what each lock holds (pure)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from storyreel.model.rows import Character, Node, Scene, SceneLook, WorkItem
from storyreel.model.spec import Look

# Which fields of a look each lock of a character holds.
LOCKED: Mapping[str, frozenset[str]] = {
    "face": frozenset({"gender", "age", "skin_colour", "glasses", "beard", "seed"}),
    "hair": frozenset({"hair", "hair_colour", "hat"}),
    "wardrobe": frozenset({"garment", "wardrobe"}),
    "colour": frozenset({"top_colour", "bottom_colour", "shoe_colour", "palette"}),
}
# Fields of a place's look that a shot or a scene may have of its own.
SHARED = ("time", "weather", "palette", "style")
ARTICLE = re.compile(r"^(?:the|an|a)\s+")


def key_of_name(words: str) -> str:
    """A name as it is compared: without case, spaces around it or an article before it."""
    return ARTICLE.sub("", " ".join(words.casefold().split()))


def names_of(look: SceneLook) -> frozenset[str]:
    """The names and aliases of a look, as they are compared."""
    return frozenset(key_of_name(name) for name in (look.name, *look.aliases))


def look_of_place(place: str | None, looks: Iterable[SceneLook]) -> SceneLook | None:
    """The look of a place that `place` is the name or an alias of."""
    wanted = key_of_name(place or "")
    return next((look for look in looks if look.kind == "place" and wanted and wanted in names_of(look)), None)


def looks_of_props(props: Sequence[str], looks: Iterable[SceneLook]) -> tuple[SceneLook, ...]:
    """The looks of props that stand in `props` by a name or an alias, in that order."""
    known = [look for look in looks if look.kind == "prop"]
    found = [next((look for look in known if key_of_name(prop) in names_of(look)), None) for prop in props]
    return tuple({look.id: look for look in found if look is not None}.values())


def place_of(scene: Scene, shot: WorkItem) -> str | None:
    """Where a shot plays: its own place, else its scene's."""
    return shot.spec.picture.place if shot.spec.picture.place is not None else scene.spec.place


def looks_of_shot(scene: Scene, shot: WorkItem, looks: Sequence[SceneLook]) -> tuple[SceneLook, ...]:
    """The looks that a shot is drawn with: its place's first, then its props'."""
    place = look_of_place(place_of(scene, shot), looks)
    return (*((place,) if place else ()), *looks_of_props(shot.spec.picture.props, looks))


def pictures_of(owner: Character | SceneLook, pictures: Sequence[Node]) -> tuple[Node, ...]:
    """The pictures that hold a character or a look the same, of those it has: the selected one first.

    How alike a character must stay decides: loosely by words alone, else by the selected picture, strictly by its pinned ones too.
    """
    level = owner.consistency.level if isinstance(owner, Character) else "normal"
    chosen = [node for node in pictures if node.id == owner.picture_node_id]
    pinned = [node for node in pictures if node.pinned and node.id != owner.picture_node_id]
    return () if level == "loose" else (*chosen, *(pinned if level == "strict" else ()))


def look_in_shot(person: Character, shot: WorkItem) -> Look:
    """How a character looks in one shot: as always, but for what the shot says otherwise."""
    patch = shot.spec.looks.get(str(person.id))
    asked = patch.asked() if patch is not None else {}
    return Look.model_validate({**person.look.model_dump(), **asked}) if asked else person.look


def locks_broken(locks: Iterable[str], was: Look, now: Look) -> dict[str, list[str]]:
    """Which locks of a character a change of its look would break, with the fields."""
    broken = {
        lock: sorted(name for name in LOCKED.get(lock, frozenset()) if getattr(was, name) != getattr(now, name)) for lock in locks
    }
    return {lock: fields for lock, fields in broken.items() if fields}
