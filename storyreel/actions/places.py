"""Finding scenes and places in a view, and the small rules several actions share."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from storyreel.actions.base import Draft, Plan
from storyreel.actions.progress import counted, told
from storyreel.actions.shot_fields import CastPatch
from storyreel.model.errors import BadInput, NotFound, Refused
from storyreel.model.order import between
from storyreel.model.rows import Cast, Character, Scene, WorkItem
from storyreel.model.spec import ShotSpec
from storyreel.model.timing import to_seconds
from storyreel.model.view import GraphView


def changed(draft: Draft) -> Plan:
    """The plan, if it changes anything.

    Raises:
        BadInput: it does not, or all that it would change was skipped.
    """
    if draft.ops or draft.effects:
        return draft.plan()
    if draft.skipped:
        raise Refused("all of these shots are locked or approved; unlock them first", skipped=[s.facts for s in draft.skipped])
    raise BadInput("nothing would change: it is so already", nothing=True, same=True)


def scene_named(view: GraphView, words: str) -> Scene:
    """The scene that `words` name: '$name', a number from 1, 'last', or a title.

    Raises:
        NotFound: there is none.
    """
    if words.startswith("$"):
        return view.get(Scene, view.named.get(words[1:]))
    scenes = view.scenes()
    by_title = [scene for scene in scenes if words.strip() and scene.title.strip().lower() == words.strip().lower()]
    if words == "last" and scenes:
        return scenes[-1]
    if words.isdigit() and 1 <= int(words) <= len(scenes):
        return scenes[int(words) - 1]
    if len(by_title) == 1:
        return by_title[0]
    raise NotFound(f"there is no scene {words!r}; the film has {len(scenes)}", scenes=len(scenes))


def character_named(view: GraphView, words: str) -> Character:
    """The character that `words` name: '$name', a name or an alias.

    Raises:
        NotFound: there is none; the message lists who there is.
    """
    if words.startswith("$"):
        return view.get(Character, view.named.get(words[1:]))
    wanted = words.strip().lower()
    for person in view.all(Character):
        if wanted in {person.name.lower(), *(alias.lower() for alias in person.aliases)}:
            return person
    known = ", ".join(sorted(person.name for person in view.all(Character))) or "nobody yet"
    raise NotFound(f"there is no character {words!r}; the project has: {known}")


def shots_of_scene(view: GraphView, scene_id: UUID) -> list[WorkItem]:
    """The loaded shots of a scene in order."""
    return [shot for shot in view.shots() if shot.scene_id == scene_id]


def after_scene(view: GraphView, words: str | None) -> str:
    """An order key after the scene `words`, or after the last."""
    scenes = view.scenes()
    if words is None:
        return between(scenes[-1].order_key if scenes else None, None)
    at = scenes.index(scene_named(view, words))
    return between(scenes[at].order_key, scenes[at + 1].order_key if at + 1 < len(scenes) else None)


def writable(draft: Draft, shots: list[WorkItem], *, many: bool) -> list[WorkItem]:
    """The shots that may be written: a batch skips locked and approved ones and says so, a single edit is refused.

    Raises:
        Refused: the one shot that was named is locked or approved.
    """
    free: list[WorkItem] = []
    for shot in shots:
        if shot.status == "draft":
            free.append(shot)
        elif many:
            draft.skip("shot.skipped", shot=draft.view.number(shot.id), status=shot.status)
        else:
            raise Refused(
                f"shot {draft.view.number(shot.id)} is {shot.status}; set it back to draft first",
                shot=str(shot.id),
                lock=shot.status,
            )
    return free


def shot_label(shot_id: UUID) -> str:
    """A shot's stable name."""
    return f"s{shot_id.hex[:8]}"


def shot_line(view: GraphView, shot: WorkItem) -> dict[str, Any]:
    """One shot in a line: for lists and for the agent's index."""
    return {
        "number": view.number(shot.id),
        "label": shot.label,
        "id": str(shot.id),
        "duration_s": round(to_seconds(shot.frames, view.fps), 2),
        "subject": shot.spec.picture.subject,
        "status": shot.status,
        "rendered": shot.final_node_id is not None,
    }


def film_facts(view: GraphView) -> dict[str, Any]:
    """The project in facts: profile, scenes, shots, characters, open tasks, and how far it is."""
    shots, standing = view.shots(), counted(view)
    return {
        "workspace": str(view.workspace_id),
        "name": view.workspace.name,
        "state": standing.state,
        "revision": view.revision,
        "profile": view.workspace.profile.model_dump(mode="json", exclude_defaults=True),
        "fps": view.fps,
        "duration_s": round(to_seconds(sum(shot.frames for shot in shots), view.fps), 3),
        "scenes": [{"number": i, "title": s.title, "place": s.spec.place} for i, s in enumerate(view.scenes(), 1)],
        "shots": len(shots),
        "rendered": sum(shot.final_node_id is not None for shot in shots),
        "film": str(view.episode.film_node_id) if view.episode_id and view.episode.film_node_id else None,
        "characters": [person.name for person in view.all(Character)],
        "open_tasks": len(view.tasks),
        "progress": told(standing),
    }


def scene_of(shot: WorkItem) -> UUID:
    """The scene a shot stands in.

    Raises:
        BadInput: it is a draft, which stands on a board.
    """
    if shot.scene_id is None:
        raise BadInput(f"{shot.label} is a draft, not a shot")
    return shot.scene_id


def seconds(view: GraphView, frames: int) -> float:
    """A length in seconds, to a hundredth."""
    return round(to_seconds(frames, view.fps), 2)


def with_looks(view: GraphView, spec: ShotSpec, cast: tuple[CastPatch, ...]) -> ShotSpec:
    """The spec with what a cast says of how people look in this shot alone."""
    looks = dict(spec.looks)
    for part in cast:
        if part.look is not None:
            looks[str(character_named(view, part.character).id)] = part.look
    return spec.model_copy(update={"looks": {person: patch for person, patch in looks.items() if patch.asked()}})


def set_cast(draft: Draft, shot_id: UUID, cast: tuple[CastPatch, ...]) -> None:
    """Put characters into a shot, or change what they do there."""
    for part in cast:
        person = character_named(draft.view, part.character)
        held = draft.view.cast_of(shot_id)
        present = next((row for row in held if row.character_id == person.id), None)
        said = part.model_dump(exclude_none=True, exclude={"character", "look"})
        if present:
            draft.change(present, **said)
        else:
            key = between(held[-1].order_key if held else None, None)
            row_id = draft.view.new_id("cast", shot_id, person.id)
            row = Cast(
                id=row_id,
                workspace_id=draft.view.workspace_id,
                work_item_id=shot_id,
                character_id=person.id,
                order_key=key,
                **said,
            )
            draft.insert(row)
