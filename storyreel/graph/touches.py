"""Which shots of which episodes a character, a look, a fact of the world or the project's style reaches."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from storyreel.actions.places import character_named
from storyreel.model.errors import NotFound
from storyreel.model.facts import Touched
from storyreel.model.looks import key_of_name, names_of
from storyreel.model.rows import SceneLook
from storyreel.model.rules import hits, texts_of
from storyreel.model.view import GraphView

RANKED = """
    with ranked as (
        select w.id, w.label, w.status, w.spec, s.episode_id,
            w.picture_node_id is not null or w.final_node_id is not null as made,
            coalesce(w.spec #>> '{picture,place}', s.spec ->> 'place') as place,
            row_number() over (partition by s.episode_id order by s.order_key, s.id, w.order_key, w.id) as n
        from work_item w
        join scene s on s.workspace_id = w.workspace_id and s.id = w.scene_id
        where w.workspace_id = :ws and not w.removed and not s.removed
    ), films as (
        select id, title, row_number() over (order by order_key, id) as n from episode where workspace_id = :ws and not removed
    )
    select r.id, r.status, r.made, r.n as number, f.n as episode, f.title,
        case when :full then r.spec end as spec
    from ranked r join films f on f.id = r.episode_id where
"""
WHERE = {
    "person": " r.id in (select work_item_id from work_item_character"
    " where workspace_id = :ws and character_id = cast(:person as uuid) and not removed)",
    # Names as `storyreel.model.looks.key_of_name` compares them.
    "look": r" exists (select 1 from jsonb_array_elements_text(jsonb_build_array(r.place) || (r.spec #> '{picture,props}')) as p"
    r" where regexp_replace(regexp_replace(lower(btrim(p)), '\s+', ' ', 'g'), '^(the|an|a)\s+', '') = any(:names))",
    "world": " position(lower(:word) in lower(r.spec::text)) > 0",
    "style": " true",
    # A rule is a word in one or many, which the rules themselves tell best.
    "rule": " true",
}
ORDER = " order by f.n, r.n"


async def touched(conn: AsyncConnection, view: GraphView, asked: tuple[str, ...]) -> tuple[Touched, ...]:
    """The shots of every episode that `asked` reaches: ("person", name), ("look", name, alias, ...), ("world", name), ("style",) or ("rule", word).

    What is not there yet reaches nothing.
    """
    kind, *words = asked
    values: dict[str, object] = {"ws": view.workspace_id, "full": kind in ("world", "rule")}
    if kind == "person":
        values["person"] = _person(view, words[0])
    elif kind == "look":
        values["names"] = sorted(_names(view, words))
    elif kind == "world":
        values["word"] = words[0]
    found = await conn.execute(text(RANKED + WHERE[kind] + ORDER), values)
    return tuple(
        Touched(row.id, row.episode, row.title, row.number, row.status, row.made)
        for row in found
        if row.spec is None or _speaks_of(kind, words[0], row.spec)
    )


def _speaks_of(kind: str, word: str, spec: dict[str, Any]) -> bool:
    """Whether a shot's own words, not the names of its fields, hold a word."""
    texts = texts_of({"spec": spec})
    return bool(hits((word,), texts)) if kind == "rule" else any(word.casefold() in said.casefold() for said in texts.values())


def _person(view: GraphView, words: str) -> UUID | None:
    try:
        return character_named(view, words).id
    except NotFound:
        return None


def _names(view: GraphView, words: list[str]) -> set[str]:
    """The names that are said, and those of the looks that go by one of them."""
    said = {key_of_name(name) for name in words}
    return said.union(*(names_of(look) for look in view.all(SceneLook) if names_of(look) & said))
