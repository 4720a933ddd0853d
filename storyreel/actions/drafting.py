"""Boards and drafts by the words people use, their tags on four axes, and what a draft space is told as."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Annotated, Any, Literal, get_args
from uuid import UUID

from pydantic import Field

from storyreel.actions.base import Draft
from storyreel.model.base import Frozen
from storyreel.model.errors import BadInput, NotFound, Refused
from storyreel.model.order import between
from storyreel.model.rows import Board, Node, WorkItem
from storyreel.model.spec import Angle, Composition, Mood, ShotSize, ShotSpec, TimeOfDay, Weather
from storyreel.model.view import GraphView

Axis = Literal["character", "scene", "style", "use"]
AXES: tuple[Axis, ...] = get_args(Axis)
AXES_ZH: dict[str, Axis] = {"角色": "character", "人物": "character", "场景": "scene", "风格": "style", "用途": "use"}
BoardKind = Literal["free", "characters", "scenes", "styles"]
# The kind of board that drafts are filed on by an axis.
KIND_OF: dict[Axis, BoardKind] = {"character": "characters", "scene": "scenes", "style": "styles", "use": "free"}
FIRST_BOARD = {"zh": "草稿", "en": "Drafts"}
EVERYWHERE = "everywhere"
# A draft that nobody gave a length has the shortest there is: it is a picture.
ONE_FRAME = 1

Drafts = Annotated[
    str,
    Field(
        min_length=1,
        description="Which drafts, by the numbers they have on their board: '3', '2-5', '1,4', 'last', 'all' (of the board), 'everywhere' "
        "(of every board), 'tag:night' or 'tag:style:noir', a label, an id, or '$name' for one that an earlier action made.",
    ),
]
BoardRef = Annotated[
    str,
    Field(max_length=300, description="The board: its title, its number from 1, 'last' or '$name'. Empty is the first board."),
]
_TAG = re.compile(r"^\s*(?P<axis>[^:：]{1,20})\s*[:：]\s*(?P<value>.{1,80}?)\s*$")


class DraftFields(Frozen):
    """What a draft's picture should be; what is not given stays open, or as it is."""

    words: str | None = Field(default=None, max_length=4000, description="What the picture shows, in words.")
    place: str | None = Field(default=None, max_length=500)
    time: TimeOfDay | None = None
    weather: Weather | None = None
    mood: Mood | None = None
    style: str | None = Field(default=None, max_length=500)
    palette: tuple[str, ...] | None = None
    props: tuple[str, ...] | None = None
    composition: Composition | None = None
    size: ShotSize | None = None
    angle: Angle | None = None
    notes: str | None = Field(default=None, max_length=4000)

    def given(self) -> dict[str, Any]:
        """The fields that were given."""
        return {name: value for name in DraftFields.model_fields if (value := getattr(self, name)) is not None}


def spec_with(spec: ShotSpec, fields: dict[str, Any], tags: Iterable[str] | None = None) -> ShotSpec:
    """The spec with `fields` of a draft written over it, and other tags where they are given."""
    camera = {name: fields[name] for name in ("size", "angle") if name in fields}
    picture = {name: value for name, value in fields.items() if name not in {"words", "size", "angle", "notes"}}
    if "words" in fields:
        picture["subject"] = fields["words"]
    return spec.model_copy(
        update={
            "picture": spec.picture.model_copy(update=picture),
            "camera": spec.camera.model_copy(update=camera),
            "notes": fields.get("notes", spec.notes),
            **({} if tags is None else {"tags": tuple(tags)}),
        }
    )


def tag(words: str) -> str:
    """A tag as it is kept: "axis:value". The axis may be said in Chinese.

    Raises:
        BadInput: it has no axis, or one that there is not.
    """
    match = _TAG.match(words)
    said = match["axis"].strip().lower() if match else ""
    axis = AXES_ZH.get(said, said)
    if match is None or axis not in AXES:
        raise BadInput(
            f"{words!r} is no tag; write the axis and a value, for example 'style:noir'; the axes are: {', '.join(AXES)}"
        )
    return f"{axis}:{match['value'].strip()}"


def with_tags(held: Iterable[str], add: Iterable[str], remove: Iterable[str] = ()) -> tuple[str, ...]:
    """Tags with some added and some removed, each once however it is written. A bare value is removed on every axis."""
    gone = {one.strip().casefold() for one in remove}
    kept: dict[str, str] = {}
    for one in (*held, *(tag(words) for words in add)):
        low = one.casefold()
        if low not in gone and low.partition(":")[2] not in gone:
            kept.setdefault(low, one)
    return tuple(kept.values())


def values_of(tags: Iterable[str], axis: str) -> list[str]:
    """The values on one axis."""
    return [value for one in tags for name, _, value in [one.partition(":")] if name == axis]


def has_tag(tags: Iterable[str], wanted: str) -> bool:
    """Whether one of the tags is meant by "night", "scene:night" or "场景:night"."""
    axis, between_, value = wanted.casefold().replace("：", ":").partition(":")
    axis = AXES_ZH.get(axis, axis)
    for one in tags:
        name, _, held = one.casefold().partition(":")
        if (held == value and name == axis) if between_ else held == axis:
            return True
    return False


def boards(view: GraphView) -> list[Board]:
    """The boards in order."""
    return view.all(Board)


def board_named(view: GraphView, words: str) -> Board:
    """The board that `words` name: '$name', an id, a number from 1, 'last' or a title; no words are the first board.

    Raises:
        NotFound: there is none; the message lists what there is.
    """
    if words.startswith("$"):
        return view.get(Board, view.named.get(words[1:]))
    held, wanted = boards(view), words.strip().casefold()
    by_title = [board for board in held if wanted and wanted in {board.title.strip().casefold(), str(board.id)}]
    if by_title:
        return by_title[0]
    if held and wanted in {"", "last"}:
        return held[-1 if wanted else 0]
    if wanted.isdigit() and 1 <= int(wanted) <= len(held):
        return held[int(wanted) - 1]
    known = ", ".join(board.title for board in held) or "none yet"
    raise NotFound(f"there is no board {words!r}; there are: {known}")


def board_for(draft: Draft, words: str) -> Board:
    """The board that `words` name; where there is none at all and none was named, the first is made.

    Raises:
        NotFound: there is none of that name.
    """
    if words or boards(draft.view):
        return board_named(draft.view, words)
    board = new_board(draft.view, FIRST_BOARD[draft.view.workspace.profile.language])
    draft.insert(board)
    return board


def new_board(view: GraphView, title: str, kind: BoardKind = "free") -> Board:
    """A board after the last."""
    held = boards(view)
    key = between(held[-1].order_key if held else None, None)
    return Board(id=view.new_id("board", title), workspace_id=view.workspace_id, title=title, kind=kind, order_key=key)


def key_of(board: str, words: str) -> str:
    """Under what a view keeps the drafts that words name on a board."""
    return f"draft\x1f{board}\x1f{words}"


def drafts_on(view: GraphView, board_id: UUID) -> list[WorkItem]:
    """The loaded drafts of a board in order."""
    return [item for item in view.all(WorkItem) if item.board_id == board_id]


def drafts_at(view: GraphView, words: str, board: str = "") -> list[WorkItem]:
    """The drafts that `words` name, in order, without those an earlier action removed; "all" has those it added."""
    if words.startswith("$"):
        return [view.get(WorkItem, view.named.get(words[1:]))]
    known = view.places.get(key_of(board, words), ())
    found = [item for one in known if (item := view.find(WorkItem, one)) is not None]
    if words.strip().lower() not in {"all", EVERYWHERE}:
        return found
    here = {board_named(view, board).id} if words.strip().lower() == "all" and boards(view) else {one.id for one in boards(view)}
    return [*found, *(item for item in view.all(WorkItem) if item.board_id in here and item.id not in view.numbers)]


def one_draft(view: GraphView, words: str, board: str = "") -> WorkItem:
    """The one draft that `words` name.

    Raises:
        NotFound: they name none, or several.
    """
    found = drafts_at(view, words, board)
    if len(found) != 1:
        raise NotFound(f"{words!r} names {len(found)} drafts; name one")
    return found[0]


def free(draft: Draft, items: list[WorkItem]) -> list[WorkItem]:
    """The drafts that may be written: of several, those that are locked or approved are left out and told.

    Raises:
        Refused: the one that was named is locked or approved.
    """
    kept: list[WorkItem] = []
    for item in items:
        if item.status == "draft":
            kept.append(item)
        elif len(items) > 1:
            draft.skip("draft.skipped", draft=draft.view.number(item.id), status=item.status)
        else:
            raise Refused(f"draft {draft.view.number(item.id)} is {item.status}; free it first (draft.update with status draft)")
    return kept


def draft_label(draft_id: UUID) -> str:
    """A draft's stable name."""
    return f"d{draft_id.hex[:8]}"


def draft_line(view: GraphView, item: WorkItem) -> dict[str, Any]:
    """One draft in a line: for lists and for the agent's index."""
    picture = view.find(Node, item.picture_node_id)
    return {
        "number": view.number(item.id),
        "label": item.label,
        "id": str(item.id),
        "words": item.spec.picture.subject,
        "tags": list(item.spec.tags),
        "status": item.status,
        "size": item.spec.camera.size,
        "picture": str(item.picture_node_id) if item.picture_node_id else None,
        "asset": picture.asset_id if picture else None,
    }


def board_line(view: GraphView, board: Board, number: int) -> dict[str, Any]:
    """One board in a line."""
    return {
        "number": number,
        "id": str(board.id),
        "title": board.title,
        "kind": board.kind,
        "drafts": len(drafts_on(view, board.id)),
    }


def draft_numbers(view: GraphView) -> dict[UUID, int]:
    """The number of each loaded draft on its board, from 1: only where all of them are loaded."""
    return {item.id: number for board in boards(view) for number, item in enumerate(drafts_on(view, board.id), 1)}


def numbers_told(view: GraphView, items: Iterable[WorkItem]) -> list[int | None]:
    """The numbers of drafts, for words; one that is new has none."""
    return [view.number(item.id) for item in items]


def space_facts(view: GraphView) -> dict[str, Any]:
    """A draft space in facts: profile, boards, drafts, tags, open tasks."""
    held = [item for item in view.all(WorkItem) if item.kind == "draft"]
    return {
        "workspace": str(view.workspace_id),
        "kind": view.workspace.kind,
        "name": view.workspace.name,
        "state": view.workspace.state,
        "revision": view.revision,
        "profile": view.workspace.profile.model_dump(mode="json", exclude_defaults=True),
        "boards": [board_line(view, board, number) for number, board in enumerate(boards(view), 1)],
        "drafts": len(held),
        "pictures": sum(item.picture_node_id is not None for item in held),
        "tags": {axis: sorted({value for item in held for value in values_of(item.spec.tags, axis)}) for axis in AXES},
        "open_tasks": len(view.tasks),
    }


def space_outline(view: GraphView) -> dict[str, Any]:
    """A draft space as a person reads it: boards with their drafts, a line each."""
    held = [
        {**board_line(view, board, number), "drafts": [draft_line(view, item) for item in drafts_on(view, board.id)]}
        for number, board in enumerate(boards(view), 1)
    ]
    return {"workspace": str(view.workspace_id), "name": view.workspace.name, "revision": view.revision, "boards": held}


_SHOT = re.compile(r"\b(the|new|no|one|that|each|this|these|those) shot(s?)\b|\bshot(s?)(?= \d)", re.IGNORECASE)
_SHOT_ZH = re.compile(r"(?<=\d )个镜头|新镜头")


def as_draft(said: str) -> str:
    """A sentence that counts shots as one that counts drafts: in a draft space that is what a work item is."""
    said = _SHOT.sub(lambda match: f"{match[1] + ' ' if match[1] else ''}draft{match[2] or match[3] or ''}", said)
    return _SHOT_ZH.sub(lambda match: match[0].replace("镜头", "草稿"), said)
