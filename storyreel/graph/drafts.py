"""Drafts by the words people use: numbers on a board, ranges, 'last', 'all', 'everywhere', 'tag:night', a label, an id."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from storyreel.actions.drafting import EVERYWHERE, board_named, boards, drafts_on, has_tag, key_of
from storyreel.actions.reads import Reads
from storyreel.model.errors import BadInput, NotFound, OutOfRange
from storyreel.model.view import GraphView

NUMBERS = re.compile(r"^(\d{1,6})(?:\s*(?:-|~|–|—|到|至|to)\s*(\d{1,6}|last))?$")
LAST = re.compile(r"^last(?:\s+(\d{1,6}))?$")
TAG = re.compile(r"^(?:tag|标签)\s*[:：]\s*(.+)$")
PREFIX = re.compile(r"^(?:drafts?|草稿)\s*")
LABEL = re.compile(r"^d[0-9a-f]{8}$")
RANKED = """
    select w.id, w.label, w.board_id, coalesce(w.spec -> 'tags', '[]') as tags,
           row_number() over (partition by w.board_id order by w.order_key, w.id) as n
    from work_item w join board b on b.workspace_id = w.workspace_id and b.id = w.board_id
    where w.workspace_id = :ws and not w.removed and not b.removed
    order by b.order_key, b.id, n
"""


@dataclass(frozen=True)
class Ranked:
    """A draft's place on its board."""

    id: UUID
    label: str
    board_id: UUID
    tags: tuple[str, ...]
    number: int


async def rank(conn: AsyncConnection, workspace_id: UUID) -> list[Ranked]:
    """Every draft of the space, board after board."""
    found = await conn.execute(text(RANKED), {"ws": workspace_id})
    return [Ranked(row.id, row.label, row.board_id, tuple(row.tags), row.n) for row in found]


def ranked_in(view: GraphView) -> list[Ranked]:
    """The same of a view that holds every draft."""
    return [
        Ranked(item.id, item.label, board.id, item.spec.tags, number)
        for board in boards(view)
        for number, item in enumerate(drafts_on(view, board.id), 1)
    ]


def picked(view: GraphView, ranked: Sequence[Ranked], reads: Sequence[Reads]) -> Mapping[str, tuple[UUID, ...]]:
    """The ids that the words of the reads name, in order, by the key under which a view keeps them.

    Raises:
        OutOfRange: a number is not on the board, or a label is nowhere.
        NotFound: there is no such board.
        BadInput: the words are none of the ways to name drafts.
    """
    found: dict[str, tuple[UUID, ...]] = {}
    for read in reads:
        for words in read.drafts:
            if not words.startswith("$"):
                wanted = _named(view, ranked, words, read.board)
                found[key_of(read.board, words)] = tuple(row.id for row in ranked if row.id in wanted)
    return found


def _named(view: GraphView, ranked: Sequence[Ranked], words: str, board: str) -> set[UUID]:
    named = board and not board.startswith("$")
    on = board_named(view, board).id if named else boards(view)[0].id if boards(view) else None
    here = [row for row in ranked if row.board_id == on] if not board.startswith("$") else []
    wanted: set[UUID] = set()
    for part in re.split(r"[,，、;]", words):
        if part.strip():
            wanted |= _matches(ranked, here, PREFIX.sub("", part.strip().lower()) or "all", part.strip())
    return wanted


def _matches(ranked: Sequence[Ranked], here: Sequence[Ranked], low: str, said: str) -> set[UUID]:
    if low == EVERYWHERE:
        return {row.id for row in ranked}
    if low in {"all", "*"}:
        return {row.id for row in here}
    if match := LAST.match(low):
        if not here:
            raise OutOfRange("the board has no drafts yet", drafts=0)
        return {row.id for row in here[-int(match[1] or 1) :]}
    if match := NUMBERS.match(low):
        return _in_range(here, int(match[1]), match[2])
    if match := TAG.match(low):
        return _tagged(ranked, here, match[1].strip())
    by_name = {row.id for row in ranked if low in {row.label, str(row.id)}}
    if by_name:
        return by_name
    if LABEL.match(low) or _is_id(low):
        raise OutOfRange(f"there is no draft {said!r} here")
    raise BadInput(f"{said!r} names no drafts; write a number, a range like '2-5', 'last', 'all', 'everywhere' or 'tag:night'")


def _in_range(here: Sequence[Ranked], first: int, until: str | None) -> set[UUID]:
    total = len(here)
    last = total if until == "last" else int(until or first)
    if total == 0:
        raise OutOfRange("the board has no drafts yet", drafts=0)
    if first < 1 or first > total or last > total:
        asked = f"{first}-{last}" if last != first else f"{first}"
        raise OutOfRange(f"there is no draft {asked}: the board has drafts 1 to {total}", drafts=total)
    if last < first:
        raise BadInput(f"the range {first}-{last} runs backwards; write {last}-{first}")
    return {row.id for row in here if first <= row.number <= last}


def _tagged(ranked: Sequence[Ranked], here: Sequence[Ranked], wanted: str) -> set[UUID]:
    """The drafts of the board with a tag; where none there has it, those of all boards."""
    found = {row.id for row in here if has_tag(row.tags, wanted)} or {row.id for row in ranked if has_tag(row.tags, wanted)}
    if not found:
        raise NotFound(f"no draft is tagged {wanted!r}")
    return found


def _is_id(words: str) -> bool:
    try:
        UUID(words)
    except ValueError:
        return False
    return True
