"""A project copied as values: what comes along, under which ids, and what substitutions change in it (pure)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from storyreel.model.ids import derive
from storyreel.model.rows import ROWS, Node, NodeRef, Row, Script, WorkItem, Workspace
from storyreel.model.view import GraphView

# Where each table keeps words of a person; `*` stands for every key of an object.
TEXTS: Mapping[str, tuple[str, ...]] = {
    "workspace": ("profile.genre", "profile.audience", "profile.style", "profile.music", "profile.manner.*"),
    "episode": ("title", "brief"),
    "scene": ("title", "spec.goal", "spec.place", "spec.style", "spec.curve", "spec.manner.*"),
    "board": ("title",),
    "script": ("source",),
    "work_item": (
        "spec.picture.subject",
        "spec.picture.place",
        "spec.picture.style",
        "spec.picture.props",
        "spec.picture.manner.*",
        "spec.lines.*.speaker",
        "spec.lines.*.text",
        "spec.audio.ambience",
        "spec.audio.sfx",
        "spec.continuity",
        "spec.notes",
        "spec.tags",
        "spec.looks.*.notes",
        "spec.looks.*.wardrobe",
    ),
    "character": ("name", "aliases", "personality", "speaking", "look.notes", "look.wardrobe"),
    "scene_look": ("name", "aliases", "spec.description", "spec.light", "spec.style"),
    "style_preset": ("name", "spec.style", "spec.texture", "spec.camera", "spec.prompt", "spec.avoid"),
    "prompt_template": ("body", "defaults.*"),
    "memory": ("fact",),
    "world_setting": ("name", "body"),
    "work_item_character": ("action",),
}
# A row stands only where these stand.
ABOVE: Mapping[str, tuple[str, ...]] = {
    "scene": ("episode_id",),
    "script": ("episode_id",),
    "work_item": ("scene_id", "board_id"),
    "work_item_character": ("work_item_id", "character_id"),
    "work_item_asset": ("work_item_id",),
    "track": ("work_item_id",),
    "node": ("work_item_id", "character_id", "episode_id", "scene_look_id"),
    "node_ref": ("node_id",),
}
# What a row points at and cannot be without.
POINTS: Mapping[str, tuple[str, ...]] = {
    **ABOVE,
    "episode": ("film_node_id",),
    "work_item": ("scene_id", "board_id", "script_id", "follows_id", *(f"{s}_node_id" for s in ("picture", "video", "voice", "music", "sfx", "final"))),
    "character": ("picture_node_id",),
    "scene_look": ("picture_node_id",),
    "work_item_asset": ("work_item_id", "node_id"),
    "track": ("work_item_id", "origin_node_id"),
    "node": ("work_item_id", "character_id", "episode_id", "scene_look_id", "track_id", "parent_id"),
    "node_ref": ("node_id", "source_node_id"),
}  # fmt: skip
HEX = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True)
class Copied:
    """The rows of a copy in the order in which they may be written, and where each came from: old ids to new ones."""

    rows: tuple[Row, ...]
    ids: Mapping[UUID, UUID]


def copied(view: GraphView, target: UUID) -> Copied:
    """Every row that stands, and what such a row points at, under the ids of a new workspace. Nodes keep the order in which they came."""
    kept = kept_rows(view)
    ids = {row.id: derive(target, "copy", row.id) for row in kept}
    ids[view.workspace_id] = target
    names = {str(old): str(new) for old, new in ids.items()}
    return Copied(tuple(_renamed(row, names, view.workspace_id) for row in kept), ids)


def kept_rows(view: GraphView) -> list[Row]:
    """What comes along, tables in the order in which they are written."""
    held = {row_id: row for rows in view.rows.values() for row_id, row in rows.items()}
    standing: dict[UUID, Row] = {}
    for table in ROWS:
        for row_id, row in view.rows.get(table, {}).items():
            above = [owner for name in ABOVE.get(table, ()) if (owner := getattr(row, name)) is not None]
            if not row.removed and all(owner in standing for owner in above):
                standing[row_id] = row
    ready = list(standing.values())
    while ready:
        ids = [getattr(row, name) for row in ready for name in POINTS.get(row.table, ())]
        found = {one: held[one] for one in ids if one in held and one not in standing}
        standing |= found
        ready = list(found.values())
    came = {node: facts.seq for node, facts in view.facts.items()}
    place = {table: number for number, table in enumerate(ROWS)}
    return sorted(standing.values(), key=lambda row: (place[row.table], came.get(row.id, 0), str(row.id)))


def substituted(row: Row, change: Callable[[dict[str, Any]], dict[str, Any]]) -> Row:
    """The row with its dump changed; the same row where nothing differs."""
    was = row.model_dump(mode="json")
    now = change(was)
    return row if now == was else type(row).model_validate(now)


def words_pattern(words: Iterable[str]) -> re.Pattern[str] | None:
    """Any of the words; Latin ones only whole, the longest first."""
    found = sorted({word for word in words if word}, key=lambda word: (-len(word), word))
    return re.compile("|".join(_whole(word) for word in found)) if found else None


def reworded(row: Row, pattern: re.Pattern[str], words: Mapping[str, str]) -> Row:
    """The row with words in its texts replaced by others, all at once."""

    def swap(text: str) -> str:
        return pattern.sub(lambda found: words[found.group(0)], text)

    def change(dumped: dict[str, Any]) -> dict[str, Any]:
        for path in TEXTS.get(row.table, ()):
            dumped = _at(dumped, path.split("."), lambda value: _each(value, swap))
        return dumped

    return substituted(row, change)


def respanned(shot: WorkItem, script: Script, pattern: re.Pattern[str], words: Mapping[str, str]) -> WorkItem:
    """The shot with its stretch of the script where that stands once the script's words were replaced."""
    if shot.span_start is None or shot.span_end is None:
        return shot
    starts = [(found.start(), found.end(), len(words[found.group(0)])) for found in pattern.finditer(script.source)]

    def moved(place: int) -> int:
        shift = sum(length - (end - start) for start, end, length in starts if end <= place)
        inside = next((start for start, end, _ in starts if start < place < end), None)
        return (place if inside is None else inside) + shift

    return shot.model_copy(update={"span_start": moved(shot.span_start), "span_end": moved(shot.span_end)})


def with_assets(row: Row, assets: Mapping[str, str], imported: str) -> Row:
    """The row with assets exchanged: what a person brought and what shots use, never what was made with the help of the old one."""
    if (isinstance(row, Node) and row.stage != imported) or isinstance(row, NodeRef) or row.table in ("asset_card", "canvas"):
        return row

    def swap(text: str) -> str:
        return HEX.sub(lambda found: assets.get(found.group(0), found.group(0)), text)

    changed = substituted(row, lambda dumped: {name: _deep(value, swap) for name, value in dumped.items()})
    if changed is not row and row.table == "work_item_asset":
        # The other asset is not that node's.
        return changed.model_copy(update={"node_id": None})
    return changed


def named_assets(rows: Iterable[Row]) -> tuple[str, ...]:
    """Everything in the rows that may be the id of an asset."""
    found: set[str] = set()
    for row in rows:
        found.update(HEX.findall(row.model_dump_json()))
    return tuple(sorted(found))


def view_of(view: GraphView, made: Copied, rows: Iterable[Row]) -> GraphView:
    """The copy as a view of its own, with numbers and assets as they are known here."""
    tables: dict[str, dict[UUID, Row]] = {}
    for row in rows:
        tables.setdefault(row.table, {})[row.id] = row
    return GraphView(
        workspace_id=made.ids[view.workspace_id],
        rows=tables,
        episode_id=made.ids.get(view.episode_id) if view.episode_id else None,
        numbers={made.ids[shot]: number for shot, number in view.numbers.items() if shot in made.ids},
        shot_count=view.shot_count,
        assets=view.assets,
        facts={made.ids[node]: facts for node, facts in view.facts.items() if node in made.ids},
    )


def _renamed(row: Row, names: Mapping[str, str], source: UUID) -> Row:
    """The row under its new id, pointing at new ids; a node says which one it was."""
    dumped = _deep(row.model_dump(mode="json"), lambda text: names.get(text, text))
    if isinstance(row, Node):
        dumped["facts"] = {**dumped["facts"], "from": {"workspace": str(source), "node": str(row.id)}}
    if isinstance(row, Workspace):
        dumped["removed"] = False
    return type(row).model_validate(dumped)


def _whole(word: str) -> str:
    before = r"(?<![A-Za-z0-9])" if word[0].isascii() and word[0].isalnum() else ""
    after = r"(?![A-Za-z0-9])" if word[-1].isascii() and word[-1].isalnum() else ""
    return f"{before}{re.escape(word)}{after}"


def _at(value: Any, path: list[str], change: Callable[[Any], Any]) -> Any:
    """The value with `change` done to what stands at a path; what is not there stays away."""
    if not path:
        return change(value)
    if not isinstance(value, dict):
        return value
    names = list(value) if path[0] == "*" else [path[0]] if path[0] in value else []
    return {**value, **{name: _at(value[name], path[1:], change) for name in names}}


def _each(value: Any, change: Callable[[str], str]) -> Any:
    if isinstance(value, list):
        return [_each(item, change) for item in value]
    return change(value) if isinstance(value, str) else value


def _deep(value: Any, change: Callable[[str], str]) -> Any:
    """Every string of a value changed, keys of objects too."""
    if isinstance(value, dict):
        return {change(key): _deep(item, change) for key, item in value.items()}
    if isinstance(value, list):
        return [_deep(item, change) for item in value]
    return change(value) if isinstance(value, str) else value
