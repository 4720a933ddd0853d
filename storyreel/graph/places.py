"""Shots by the words people use: numbers, ranges, 'last', 'all', 'scene 2', 'with Anna', a label, an id.

Numbers are ranks in the film's order and are never stored; one query ranks them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from storyreel.actions.places import character_named, scene_named
from storyreel.model.errors import BadInput, OutOfRange
from storyreel.model.view import GraphView
from storyreel.runtime.database import statement

Kind = Literal["all", "range", "last", "scene", "with", "label", "id"]
RANGE = re.compile(r"^(\d{1,6})(?:\s*(?:-|~|–|—|到|至|to)\s*(\d{1,6}|last))?$")
LAST = re.compile(r"^last(?:\s+(\d{1,6}))?$")
LABEL = re.compile(r"^s[0-9a-f]{8}$")
# The episode that is meant: the first, where none is named.
EPISODE = """coalesce(cast(:episode as uuid),
        (select e.id from episode e where e.workspace_id = :ws and not e.removed order by e.order_key, e.id limit 1))"""
RANKED = f"""
    with ranked as (
        select w.id, w.label, w.scene_id,
               row_number() over (order by s.order_key, s.id, w.order_key, w.id) as n,
               count(*) over () as total
        from work_item w
        join scene s on s.workspace_id = w.workspace_id and s.id = w.scene_id
        where w.workspace_id = :ws and s.episode_id = {EPISODE} and not w.removed and not s.removed
    )
    select id, label, scene_id, n, total from ranked
"""  # noqa: S608 - made of constants
NUMBERED = """
    with ranked as (
        select w.id, row_number() over (partition by s.episode_id order by s.order_key, s.id, w.order_key, w.id) as n
        from work_item w
        join scene s on s.workspace_id = w.workspace_id and s.id = w.scene_id
        where w.workspace_id = :ws and not w.removed and not s.removed
    )
    select id, n from ranked where id = any(cast(:ids as uuid[]))
"""
IN_WINDOW = f"""{RANKED}
    where n > total - :tail or id = any(cast(:ids as uuid[]))
        or exists (select 1 from unnest(cast(:firsts as int[]), cast(:lasts as int[])) r(a, b) where n between r.a and r.b)
    order by n
"""  # noqa: S608 - made of constants


@dataclass(frozen=True)
class Token:
    """One word for shots: what kind it is, and its numbers or name."""

    kind: Kind
    first: int = 0
    last: int = 0
    name: str = ""


@dataclass(frozen=True)
class Window:
    """Which part of a film's order is wanted: the numbers in `ranges`, the last `tail` shots, and those of `ids`."""

    ranges: tuple[tuple[int, int], ...] = ()
    tail: int = 0
    ids: tuple[UUID, ...] = ()

    def values(self) -> dict[str, Any]:
        """What the statement is given; never nothing, as the count of all comes with a shot."""
        firsts, lasts = [a for a, _ in self.ranges], [b for _, b in self.ranges]
        return {"tail": max(self.tail, 1), "ids": list(self.ids), "firsts": firsts, "lasts": lasts}


EVERY = Window(ranges=((1, 10**9),))


@dataclass(frozen=True)
class Ranked:
    """A shot's place in the film."""

    id: UUID
    label: str
    scene_id: UUID
    number: int


def tokens(words: str) -> list[Token]:
    """The words, read.

    Raises:
        BadInput: they are none of the ways to name shots.
    """
    return [_token(part.strip()) for part in re.split(r"[,，、;]", words) if part.strip()]


async def episodes_of(conn: AsyncConnection, workspace_id: UUID) -> list[UUID]:
    """The episodes of a project in their order."""
    query = statement("select id from episode where workspace_id = :ws and not removed order by order_key, id")
    return list(await conn.scalars(query, {"ws": workspace_id}))


async def rank(conn: AsyncConnection, workspace_id: UUID, episode_id: UUID) -> list[Ranked]:
    """Every shot of the episode in order."""
    found = await conn.execute(statement(RANKED + " order by n"), {"ws": workspace_id, "episode": episode_id})
    return [Ranked(row.id, row.label, row.scene_id, row.n) for row in found]


async def rank_some(conn: AsyncConnection, workspace_id: UUID, episode_id: UUID, window: Window) -> tuple[list[Ranked], int]:
    """The shots in a window of the order, with the count of all: no more than asked is sent."""
    found = await conn.execute(statement(IN_WINDOW), {"ws": workspace_id, "episode": episode_id, **window.values()})
    return ranked_of([dict(row) for row in found.mappings()])


def ranked_of(found: Sequence[Mapping[str, Any]]) -> tuple[list[Ranked], int]:
    """Rows of `IN_WINDOW`, also where they came as JSON, and the count of all shots."""
    ranked = [Ranked(_uuid(row["id"]), row["label"], _uuid(row["scene_id"]), row["n"]) for row in found]
    return ranked, found[0]["total"] if found else 0


def _uuid(told: UUID | str) -> UUID:
    return told if isinstance(told, UUID) else UUID(told)


async def all_numbers(conn: AsyncConnection, workspace_id: UUID, ids: Iterable[UUID]) -> dict[UUID, int]:
    """The numbers of these shots, each in its own episode; what is no shot of a film has none."""
    found = await conn.execute(statement(NUMBERED), {"ws": workspace_id, "ids": list(ids)})
    return {row.id: row.n for row in found}


async def writable_of(conn: AsyncConnection, workspace_id: UUID, ids: Sequence[UUID]) -> dict[UUID, str]:
    """The status of those of these shots that are still in the film."""
    query = "select id, status::text as status from work_item where workspace_id = :ws and id = any(cast(:ids as uuid[])) and not removed"
    return {row.id: row.status for row in await conn.execute(statement(query), {"ws": workspace_id, "ids": list(ids)})}


async def in_cast(conn: AsyncConnection, workspace_id: UUID, character_id: UUID) -> set[UUID]:
    """The shots a character is in."""
    found = await conn.execute(
        statement("select work_item_id from work_item_character where workspace_id = :ws and character_id = :c and not removed"),
        {"ws": workspace_id, "c": character_id},
    )
    return {row.work_item_id for row in found}


def by_numbers_alone(parsed: Sequence[Token]) -> bool:
    """Whether the tokens can be resolved without the order of the whole episode."""
    return all(token.kind in {"range", "last"} for token in parsed)


def number_ranges(parsed: Sequence[Token], around: int) -> list[tuple[int, int]]:
    """The number ranges of tokens, widened by `around` neighbours."""
    return [
        (token.first - around, (10**9 if token.last == 0 else token.last) + around) for token in parsed if token.kind == "range"
    ]


async def pick(
    conn: AsyncConnection, view: GraphView, ranked: Sequence[Ranked], parsed: Sequence[Token], total: int
) -> list[UUID]:
    """The ids that tokens name, in the film's order.

    Raises:
        OutOfRange: a number is outside the film.
        NotFound: a scene, character or label is not there.
    """
    wanted: set[UUID] = set()
    names: dict[str, UUID] = {}
    if any(token.kind in {"label", "id"} for token in parsed):
        names = {name: row.id for row in ranked for name in (row.label, str(row.id))}
    for token in parsed:
        if (known := names.get(token.name)) and token.kind in {"label", "id"}:
            wanted.add(known)
        else:
            wanted |= await _matches(conn, view, ranked, token, total)
    return [row.id for row in ranked if row.id in wanted]


async def _matches(conn: AsyncConnection, view: GraphView, ranked: Sequence[Ranked], token: Token, total: int) -> set[UUID]:
    inside: Iterable[UUID] = ()
    if token.kind == "scene":
        scene = scene_named(view, token.name)
        inside = {row.id for row in ranked if row.scene_id == scene.id}
    if token.kind == "with":
        inside = await in_cast(conn, view.workspace_id, character_named(view, token.name).id)
    return matches(ranked, token, total, inside)


def matches(ranked: Sequence[Ranked], token: Token, total: int, inside: Iterable[UUID]) -> set[UUID]:
    """The shots that a token names; `inside` are those of its scene or with its character, where it names one.

    Raises:
        OutOfRange: a number or a label is not of this film.
    """
    if token.kind == "all":
        return {row.id for row in ranked}
    if token.kind == "last":
        return {row.id for row in ranked if row.number > total - token.first}
    if token.kind == "range":
        return _in_range(ranked, token, total)
    if token.kind in {"scene", "with"}:
        return {row.id for row in ranked} & set(inside)
    found = {row.id for row in ranked if token.name in {row.label, str(row.id)}}
    if not found:
        raise OutOfRange(f"there is no shot {token.name!r} in this film")
    return found


def _in_range(ranked: Sequence[Ranked], token: Token, total: int) -> set[UUID]:
    last = token.last or total
    if total == 0:
        raise OutOfRange("the film has no shots yet", shots=0)
    if token.first < 1 or token.first > total or last > total:
        shots = f"{token.first}-{last}" if last != token.first else f"{token.first}"
        raise OutOfRange(f"there is no shot {shots}: the film has shots 1 to {total}", shots=total)
    if last < token.first:
        raise BadInput(f"the range {token.first}-{last} runs backwards; write {last}-{token.first}")
    return {row.id for row in ranked if token.first <= row.number <= last}


def _token(part: str) -> Token:  # noqa: PLR0911 - one return a way to name shots
    low = part.lower()
    if low in {"all", "*"}:
        return Token("all")
    if match := LAST.match(low):
        return Token("last", int(match[1] or 1))
    if match := RANGE.match(low):
        first = int(match[1])
        return Token("range", first, 0 if match[2] == "last" else int(match[2] or first))
    if low.startswith("scene "):
        return Token("scene", name=part[6:].strip())
    if low.startswith("with "):
        return Token("with", name=part[5:].strip())
    if LABEL.match(low):
        return Token("label", name=low)
    try:
        return Token("id", name=str(UUID(low)))
    except ValueError:
        raise BadInput(f"{part!r} names no shots; write a number, a range like '2-5', 'last', 'all' or 'scene 2'") from None
