"""Which inputs differ between two requests, by what they are to a person and who said them; and what of a shot or a film is stale (pure)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal
from uuid import UUID

from storyreel.model.rows import Node, Slot
from storyreel.model.view import EpisodeView, ShotView
from storyreel.pipeline.contract import StageName
from storyreel.pipeline.stages.fresh import ABSENT, is_fresh, standing, wanted_request

Path = tuple[str, ...]
Whose = Literal["shot", "scene", "project", "character", "film", ""]
Place = Slot | Literal["film"]
SLOTS: tuple[tuple[Slot, StageName], ...] = (
    ("picture", "grid"),
    ("video", "video"),
    ("voice", "voice"),
    ("final", "compose"),
    ("sfx", "sfx"),
)
# What follows from other fields, or only says how things were reckoned: named only where nothing else differs.
DERIVED = frozenset(
    {"prompt", "motion", "seed", "focus", "speaking", "sources", "cuts_s", "start_s", "score", "heads", "confidence"}
)
NAMES: dict[str, tuple[str, Whose]] = {
    "provider": ("provider", "project"),
    "width_px": ("resolution", "project"),
    "height_px": ("resolution", "project"),
    "fps": ("fps", "project"),
    "rows": ("grid", "project"),
    "cols": ("grid", "project"),
    "flavour": ("music_style", "project"),
    "language": ("language", "project"),
    "switchable": ("captions_where", "project"),
    "title": ("title", "project"),
    "first_frame": ("picture", "shot"),
    "follows": ("follows", "shot"),
    "frames": ("length", ""),
    "duration_s": ("length", ""),
    "moods": ("mood", "film"),
}
WHOLE: dict[Path, str] = {("captions",): "captions", ("beds",): "beds"}
INHERITED = frozenset({"place", "time", "weather", "mood", "style", "palette"})
# Who said a field of a sheet's frame, where that still binds it to the shot.
BINDING = frozenset({"shot", "scene", "character", "project"})
# How many differing lines or shots are told one by one.
MOST = 20


@dataclass(frozen=True)
class Cause:
    """One input that is not what it was.

    `what` is the field to a person, `whose` who says it, `name` whose look or which line it is. None stands for what is not there.
    """

    what: str
    whose: Whose = ""
    name: str = ""
    before: Any = None
    after: Any = None


@dataclass(frozen=True)
class StalePart:
    """What fills a slot and is no longer what would be made; `follows` are parts it was made from that are stale themselves."""

    slot: Place
    stage: StageName
    node_id: UUID
    causes: tuple[Cause, ...] = ()
    follows: tuple[Place, ...] = ()


def differences(before: Mapping[str, Any], after: Mapping[str, Any], view: ShotView | None = None) -> tuple[Cause, ...]:
    """What differs between two dumps of requests, each thing once. With a `view`, who says it today is known."""
    was, now = dict(_leaves(before)), dict(_leaves(after))
    found: dict[tuple[str, str, str], Cause] = {}
    derived: dict[str, Cause] = {}
    for path in dict.fromkeys([*was, *now]):
        old, new = was.get(path, ABSENT), now.get(path, ABSENT)
        if old == new or path == ("take",):
            continue
        cause = _cause(path, None if old is ABSENT else old, None if new is ABSENT else new, view)
        if not DERIVED.isdisjoint(path):
            derived.setdefault(cause.what, cause)
        elif not _of_whole(path, was, now, found):
            found.setdefault((cause.what, cause.whose, cause.name), cause)
    return tuple(found.values())[:MOST] or tuple(derived.values())


def request_of(node: Node, parent: Node | None) -> dict[str, Any]:
    """The request that a node was made by: its own, or that of the sheet it was cut from."""
    if node.request or parent is None or parent.stage != node.stage or node.cell is None:
        return node.request
    return parent.request


def stale_parts(view: ShotView, sources: Mapping[UUID, Node]) -> tuple[StalePart, ...]:
    """The parts of a shot that are stale, in the order in which they are made. `sources` holds the sheets of selected pictures."""
    found: dict[Slot, StalePart] = {}
    for slot, stage in SLOTS:
        node = view.selected.get(slot)
        if node is None:
            continue
        follows: tuple[Place, ...] = tuple(one for one in _made_from(slot, view) if one in found)
        causes = _picture(view, node, sources) if slot == "picture" else _part(stage, node, view)
        if causes or (follows and node.stage == stage):
            found[slot] = StalePart(slot, "sheet" if node.stage == "sheet" else stage, node.id, causes or (), follows)
    return tuple(found.values())


def stale_film(view: EpisodeView, shots: Iterable[tuple[int, StalePart]]) -> tuple[StalePart, ...]:
    """The stale parts of a film: its music and the film itself. `shots` are the stale parts of its shots, by their numbers."""
    music = view.latest.get("music")
    causes = _part("music", music, view) if music is not None else None
    found = [StalePart("music", "music", music.id, causes)] if music is not None and causes else []
    film = standing("film", view)
    if film is None or film.stage != "film":
        return tuple(found)
    stale = sorted({number for number, part in shots if part.slot in ("final", "voice")})
    parts: tuple[tuple[Place, bool], ...] = (("final", bool(stale)), ("music", bool(found)))
    follows: tuple[Place, ...] = tuple(part for part, is_stale in parts if is_stale)
    told = [Cause("shots_stale", "film", after=stale)] if stale else []
    told += _film(film, view)
    return (*found, StalePart("film", "film", film.id, tuple(told), follows)) if told or follows else tuple(found)


def _made_from(slot: Slot, view: ShotView) -> tuple[Slot, ...]:
    if slot == "video":
        return () if view.follows else ("picture",)
    if slot == "final":
        return ("video", "voice") if view.workspace.profile.captions == "burnt" else ("video",)
    return ()


def _part(stage: StageName, node: Node, view: ShotView | EpisodeView) -> tuple[Cause, ...] | None:
    """Why what a stage made is stale; None where it is not, or cannot be asked for today."""
    if node.stage != stage or is_fresh(stage, view):
        return None
    today = wanted_request(stage, view, node.take)
    if today is None:
        return None
    causes = differences(node.request, today.model_dump(mode="json"), view if isinstance(view, ShotView) else None)
    if any(cause.what == "follows" for cause in causes):
        # A clip that goes on from another has no picture of its own.
        causes = tuple(cause for cause in causes if cause.what != "picture")
    told = tuple(_chosen(cause, node, view) for cause in causes)
    # The same request has another key only where the stage makes another thing of it now.
    return told or (Cause("method", "project"),)


def _chosen(cause: Cause, node: Node, view: ShotView | EpisodeView) -> Cause:
    """Another picture or clip by its node, where the pictures' bytes are all that a request knows."""
    if cause.what == "picture" and isinstance(view, ShotView):
        return replace(cause, before=_text(node.parent_id), after=_text(view.shot.picture_node_id))
    if cause.what == "follows" and isinstance(view, ShotView):
        return replace(cause, name=str(view.follows.number) if view.follows else "")
    if cause.what == "clip" and isinstance(view, ShotView):
        return replace(cause, before=_text(node.parent_id), after=_text(view.shot.video_node_id))
    return cause


def _picture(view: ShotView, node: Node, sources: Mapping[UUID, Node]) -> tuple[Cause, ...] | None:
    parent = sources.get(node.parent_id) if node.parent_id else None
    asked = request_of(node, parent)
    if node.stage == "sheet":
        return _sheet(view, asked) or None
    # A person's own picture is never stale; one of a sheet is held against the sheet that would be drawn today.
    if node.stage != "grid" or is_fresh("select", replace(view, latest={}, takes={})):
        return None
    today = wanted_request("grid", view, node.take)
    return (differences(asked, today.model_dump(mode="json"), view) or (Cause("method", "project"),)) if today else None


def _sheet(view: ShotView, asked: Mapping[str, Any]) -> tuple[Cause, ...]:
    """A picture that was tried beside the truth is bound to the shot only in the fields that the shot itself gave."""
    frame = (asked.get("image") or {}).get("frame") or {}
    bound = [field for field, whose in (asked.get("sources") or {}).items() if whose in BINDING and field in frame]
    now = view.frame.model_dump(mode="json")
    was = {"image": {"frame": {field: frame[field] for field in bound}}}
    return differences(was, {"image": {"frame": {field: now[field] for field in bound}}}, view) if bound else ()


def _film(film: Node, view: EpisodeView) -> list[Cause]:
    today = wanted_request("film", view, film.take)
    if today is None:
        missing = [shot.number for shot in view.shots if shot.selected.get("final") is None]
        return [Cause("shots_missing", "film", after=missing)]
    if is_fresh("film", view):
        return []
    was, now = film.request, today.model_dump(mode="json")
    before, after = was.get("shots") or [], now.get("shots") or []
    causes: list[Cause] = []
    if len(before) != len(after):
        causes.append(Cause("shot_count", "film", before=len(before), after=len(after)))
    # A shot that only begins at another moment is not a shot that changed.
    moved = [i for i, (old, new) in enumerate(zip(before, after, strict=False), 1) if _timeless(old) != _timeless(new)]
    if moved and len(before) == len(after):
        causes.append(Cause("shots_changed", "film", after=moved))
    rest = [key for key in now if key not in ("shots", "frames")]
    causes += differences({key: was.get(key) for key in rest}, {key: now[key] for key in rest})
    return causes or [Cause("method", "project")]


def _timeless(shot: Any) -> Any:
    return {key: value for key, value in shot.items() if key != "start_s"} if isinstance(shot, dict) else shot


def _leaves(value: Any, path: Path = ()) -> Iterable[tuple[Path, Any]]:
    """A dump as paths: figures by their names, lines and shots by their place from 1; pictures, clips and plain lists as they are."""
    if isinstance(value, dict) and value:
        if "media_type" in value and "id" in value:
            yield path, value["id"]
            return
        for key, item in value.items():
            yield from _leaves(item, (*path, str(key)))
    elif isinstance(value, list) and value and all(isinstance(item, dict) for item in value):
        for index, item in enumerate(value, 1):
            yield from _leaves(item, (*path, str(item.get("name") or index)))
    elif value not in ([], {}):
        yield path, value


def _cause(path: Path, before: Any, after: Any, view: ShotView | None) -> Cause:
    first, field = path[:1], path[-1]
    if "figures" in path[:-1]:
        return Cause(field, "character" if "look" in path else "shot", path[path.index("figures") + 1], before, after)
    if "references" in path:
        return Cause("reference", "shot", "", before, after)
    if "lines" in first and len(path) > 1:
        said = field == "text"
        return Cause("line", "shot", path[1], before if said else None, after if said else None)
    if first in WHOLE:
        return Cause(WHOLE[first], "film")
    if "frame" in path or field in ("weather", "move", "pace"):
        return Cause(field, _who(field, view), "", before, after)
    what, whose = NAMES.get(field, (field, "film" if view is None else "shot"))
    return Cause(what, whose, "", before, after)


def _who(field: str, view: ShotView | None) -> Whose:
    """Who says a field of the frame today: the shot's own word first, then the scene's, then the project's."""
    if field not in INHERITED:
        return "shot"
    if view is None:
        return ""
    if getattr(view.shot.spec.picture, field) is not None:
        return "shot"
    if getattr(view.scene.spec, field) is not None:
        return "scene"
    return "project" if field in ("mood", "style", "palette") else "scene"


def _of_whole(path: Path, was: Mapping[Path, Any], now: Mapping[Path, Any], found: dict[tuple[str, str, str], Cause]) -> bool:
    """Whether the field is of a figure or a line that came or went as a whole; that is then told once."""
    for group, what in (("figures", "cast"), ("lines", "line")):
        if group not in path[:-1]:
            continue
        head = path[: path.index(group) + 2]
        came = not _any(head, was)
        if came or not _any(head, now):
            name = head[-1]
            text = (now if came else was).get((*head, "voice", "text"), name)
            before, after = (None, text) if came else (text, None)
            found.setdefault((what, "shot", name), Cause(what, "shot", name, before, after))
            return True
    return False


def _any(head: Path, flat: Mapping[Path, Any]) -> bool:
    return any(path[: len(head)] == head for path in flat)


def _text(node_id: UUID | None) -> str | None:
    return None if node_id is None else str(node_id)
