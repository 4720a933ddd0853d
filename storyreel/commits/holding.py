"""What holds whatever is asked: locks of shots, people and looks, and the project's rules. One place for every action there is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from storyreel.model.errors import Refused
from storyreel.model.looks import SHARED, locks_broken, look_in_shot, look_of_place, place_of
from storyreel.model.ops import Op, flatten
from storyreel.model.rows import Cast, Character, Row, Scene, SceneLook, WorkItem, Workspace
from storyreel.model.rules import Hit, hits, texts_of, told
from storyreel.model.view import GraphView

# Where each table keeps what is drawn, filmed or said; a path with a dot is one field of it.
WORDS: Mapping[str, tuple[str, ...]] = {
    "workspace": ("profile.style", "profile.music", "profile.palette", "profile.manner"),
    "scene": ("spec",),
    "work_item": ("spec",),
    "character": ("name", "aliases", "look"),
    "scene_look": ("name", "aliases", "spec"),
    "style_preset": ("spec",),
    "prompt_template": ("body", "defaults"),
    "work_item_character": ("action",),
}
ABSENT: Any = object()


def check_holding(before: GraphView, after: GraphView, ops: Sequence[Op]) -> None:
    """Refuse what breaks a lock that stands before and after, or a rule of the project.

    A lock that the same action lifts does not stand against it; a lock that it sets holds from then on.

    Raises:
        Refused: naming the lock or the rule, the field, and what to do.
    """
    rules = after.workspace.profile.rules if after.find(Workspace, after.workspace_id) else ()
    for table, row_id in dict.fromkeys((op.table, op.row) for op in ops):
        was, now = before.rows.get(table, {}).get(row_id), after.rows[table][row_id]
        if isinstance(now, Cast) or not now.removed:
            _check_locks(before, after, was, now)
        if rules and table in WORDS and not now.removed:
            _check_rules(rules, was, now)


def _check_locks(before: GraphView, after: GraphView, was: Row | None, now: Row) -> None:
    match now:
        case WorkItem():
            if isinstance(was, WorkItem):
                _shot_holds(after.number(now.id), was, now)
            _people_hold(after, was if isinstance(was, WorkItem) else None, now)
            _place_holds(after, was, now)
        case Scene():
            _place_holds(after, was, now)
        case Character() if isinstance(was, Character):
            _person_holds(was, now)
        case SceneLook() if isinstance(was, SceneLook):
            _look_holds(was, now)
        case Cast():
            _cast_holds(before, after, now)
        case _:
            pass


def _shot_holds(number: int | None, was: WorkItem, now: WorkItem) -> None:
    """Locks on fields of a shot's spec, by path, and on its length."""
    held = {path: why for path, why in was.locks.items() if path in now.locks}
    if not held:
        return
    old = {**flatten(was.spec.model_dump(mode="json")), "duration": was.frames}
    new = {**flatten(now.spec.model_dump(mode="json")), "duration": now.frames}
    changed = [path for path in old.keys() | new.keys() if old.get(path, ABSENT) != new.get(path, ABSENT)]
    for path, why in held.items():
        if any(one == path or one.startswith(f"{path}.") for one in changed):
            raise _shot_refused(number, path, why)


def _cast_holds(before: GraphView, after: GraphView, now: Cast) -> None:
    was, shot = before.find(WorkItem, now.work_item_id), after.find(WorkItem, now.work_item_id)
    if was is not None and shot is not None and "cast" in was.locks and "cast" in shot.locks:
        raise _shot_refused(after.number(shot.id), "cast", shot.locks["cast"])


def _shot_refused(number: int | None, path: str, why: str) -> Refused:
    return Refused(f"shot {number}: {path} is locked ({why}); free the lock first (shot.update with unlock: {path})", lock=path)


def _person_holds(was: Character, now: Character) -> None:
    """A character's locks over fields of its look."""
    for lock, fields in locks_broken(was.locks.keys() & now.locks.keys(), was.look, now.look).items():
        raise _person_refused(now.name, lock, fields)


def _people_hold(view: GraphView, was: WorkItem | None, now: WorkItem) -> None:
    """The same locks over what one shot says otherwise of a character."""
    people = {str(person.id): person for person in view.all(Character)} if now.spec.looks else {}
    for person_id, patch in now.spec.looks.items():
        person = people.get(person_id)
        if person is None or (was is not None and was.spec.looks.get(person_id) == patch):
            continue
        for lock, fields in locks_broken(person.locks, person.look, look_in_shot(person, now)).items():
            raise _person_refused(person.name, lock, fields)


def _person_refused(name: str, lock: str, fields: Iterable[str]) -> Refused:
    said = ", ".join(field.replace("_", " ") for field in fields)
    return Refused(
        f"{name}'s {lock} is locked ({said}); free the lock first (character.lock_consistency with locked false)", lock=lock
    )


def _look_holds(was: SceneLook, now: SceneLook) -> None:
    for field in sorted(was.locks.keys() & now.locks.keys()):
        if getattr(was.spec, field, None) != getattr(now.spec, field, None):
            raise Refused(
                f"the {field} of {now.name} is locked ({now.locks[field]}); free the lock first (look.set with unlock: {field})",
                lock=field,
            )


def _place_holds(view: GraphView, was: Row | None, now: Scene | WorkItem) -> None:
    """A place whose look is locked is so in every shot and scene that plays there."""
    looks = [look for look in view.all(SceneLook) if look.locks]
    if not looks:
        return
    scene = now if isinstance(now, Scene) else view.find(Scene, now.scene_id)
    if scene is None:
        return
    look = look_of_place(place_of(scene, now) if isinstance(now, WorkItem) else scene.spec.place, looks)
    own = now.spec.picture if isinstance(now, WorkItem) else now.spec
    held = _own(was)
    for field in SHARED if look is not None else ():
        wanted, said = getattr(look and look.spec, field), getattr(own, field)
        changed = held is None or getattr(held, field) != said
        if look is not None and field in look.locks and None not in (wanted, said) and said != wanted and changed:
            raise Refused(
                f"the {field} of {look.name} is locked ({look.locks[field]}); leave it out here, or free the lock first"
                f" (look.set with unlock: {field})",
                lock=field,
            )


def _own(row: Row | None) -> Any:
    """What a shot or a scene says of its own."""
    return row.spec.picture if isinstance(row, WorkItem) else row.spec if isinstance(row, Scene) else None


def _check_rules(rules: Sequence[str], was: Row | None, now: Row) -> None:
    """The words that were written, against the project's rules."""
    old = _texts(was) if was is not None else {}
    found: tuple[Hit, ...] = hits(rules, {path: words for path, words in _texts(now).items() if old.get(path) != words})
    if found:
        raise Refused(told(found), rule=found[0].rule, field=found[0].field)


def _texts(row: Row) -> dict[str, str]:
    dumped = row.model_dump(mode="json")
    texts: dict[str, str] = {}
    for path in WORDS[row.table]:
        value: Any = dumped
        for part in path.split("."):
            value = value.get(part) if isinstance(value, dict) else None
        texts |= texts_of({path: value} if value is not None else {})
    return texts
