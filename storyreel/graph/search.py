"""Finding by words and by looks: scripts, shots, prompts, notes, memory, messages and assets.

Each query uses the expression of its index as `schema.sql` has it, so that the index serves it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from storyreel.actions.reads import Find, FindKind
from storyreel.graph import places
from storyreel.model.errors import NotFound

AROUND = 60
WORD = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]+|[^\W_]+")
# What a snippet is cut from is sent only in part: a script may be long.
PART = "substr({0}, greatest(1, strpos(lower({0}), :first) - 200), 600)"
OWNER = """
    left join work_item w on w.workspace_id = {0}.workspace_id and w.id = {0}.work_item_id
    left join scene s on s.workspace_id = w.workspace_id and s.id = w.scene_id
"""
QUERIES: dict[FindKind, str] = {
    "script": f"""
        select t.id::text as id, {PART.format("t.source")} as body, ts_rank(search_vector(t.source), search_query(:words)) as rank,
            t.episode_id, null::uuid as shot, jsonb_build_object('version', t.version, 'language', t.language) as at
        from script t
        where t.workspace_id = :ws and not t.removed and search_vector(t.source) @@ search_query(:words)
    """,  # noqa: S608 - constants
    "shot": """
        select t.id::text as id, t.spec as body, ts_rank(search_vector(t.spec), search_query(:words)) as rank,
            s.episode_id, t.id as shot, jsonb_build_object('label', t.label, 'draft', t.kind = 'draft') as at
        from work_item t left join scene s on s.workspace_id = t.workspace_id and s.id = t.scene_id
        where t.workspace_id = :ws and not t.removed and search_vector(t.spec) @@ search_query(:words)
    """,
    "prompt": f"""
        select t.id::text as id, t.request #>> '{{image,prompt}}' as body,
            ts_rank(search_vector(t.request #>> '{{image,prompt}}'), search_query(:words)) as rank,
            coalesce(s.episode_id, t.episode_id) as episode_id, t.work_item_id as shot,
            jsonb_build_object('node', t.id, 'stage', t.stage, 'track', t.track_id, 'asset', t.asset_id) as at
        from node t {OWNER.format("t")}
        where t.workspace_id = :ws and t.request #>> '{{image,prompt}}' is not null and not t.removed
            and search_vector(t.request #>> '{{image,prompt}}') @@ search_query(:words)
    """,  # noqa: S608 - constants
    "memory": """
        select t.id::text as id, t.fact as body, ts_rank(search_vector(t.fact), search_query(:words)) as rank,
            s.episode_id, w.id as shot, jsonb_build_object('about', t.about, 'about_id', t.about_id, 'kind', t.kind) as at
        from memory t
        left join work_item w on t.about = 'work_item' and w.workspace_id = t.workspace_id and w.id = t.about_id
        left join scene s on s.workspace_id = w.workspace_id and s.id = w.scene_id
        where t.workspace_id = :ws and not t.removed and search_vector(t.fact) @@ search_query(:words)
    """,
    "message": f"""
        select t.id::text as id, {PART.format("t.text")} as body, ts_rank(search_vector(t.text), search_query(:words)) as rank,
            s.episode_id, w.id as shot,
            jsonb_build_object('conversation', t.conversation_id, 'role', t.role, 'seq', t.seq, 'track', t.track_id) as at
        from message t {OWNER.format("t")}
        where t.workspace_id = :ws and search_vector(t.text) @@ search_query(:words)
    """,  # noqa: S608 - constants
    "asset": """
        select t.asset_id as id, t.body, t.rank, null::uuid as episode_id, null::uuid as shot, '{}'::jsonb as at
        from (
            select a.id as asset_id, a.name as body, ts_rank(search_vector(a.name), search_query(:words)) as rank
            from asset a where a.workspace_id = :ws and search_vector(a.name) @@ search_query(:words)
            union all
            select c.asset_id, c.title || ' ' || c.note,
                1.5 * ts_rank(search_vector(c.title || ' ' || c.note), search_query(:words))
            from asset_card c
            where c.workspace_id = :ws and not c.removed and search_vector(c.title || ' ' || c.note) @@ search_query(:words)
            union all
            select c.asset_id, c.title || ' ' || c.note, 1.0
            from asset_card c where c.workspace_id = :ws and not c.removed and c.tags ? :words
        ) t
    """,
}
CARDS = """
    select a.id, a.media_type, a.size_bytes, a.width_px, a.height_px, a.duration_s, a.name, a.source, a.created_at,
        coalesce(c.title, '') as title, coalesce(c.tags, '[]') as tags, coalesce(c.note, '') as note,
        (select count(*) from work_item_asset u where u.workspace_id = a.workspace_id and u.asset_id = a.id and not u.removed) as uses
    from asset a left join asset_card c on c.workspace_id = a.workspace_id and c.asset_id = a.id and not c.removed
    where a.workspace_id = :ws and not a.source ? 'collected'
"""
# What renders keep is found by its shot; here is what people brought, named or used.
NEWEST = CARDS + " and (a.source ? 'by' or c.id is not null) order by a.created_at desc, a.id limit :limit"
ALIKE = """
    select id, distance from (
        select a.id, a.perceptual <-> (select perceptual from asset where workspace_id = :ws and id = :like) as distance
        from asset a where a.workspace_id = :ws and a.id <> :like and a.perceptual is not null
        order by a.perceptual <-> (select perceptual from asset where workspace_id = :ws and id = :like)
        limit :limit
    ) near where distance is not null order by distance, id
"""
MEANT = """
    select a.id, a.embedding <=> b.embedding as distance
    from asset a join asset b on b.workspace_id = a.workspace_id and b.id = :like and b.embedding is not null
    where a.workspace_id = :ws and a.id <> :like and a.embedding is not null and a.embedding_model = b.embedding_model
        and vector_dims(a.embedding) = vector_dims(b.embedding)
    order by distance, a.id limit :limit
"""
Hit = dict[str, Any]


async def search(conn: AsyncConnection, workspace_id: UUID, find: Find) -> list[Hit]:
    """What is found, the best first: {kind, id, rank, snippet, field, at}; assets with what is known of them.

    Words in Chinese are found as runs, others as whole words; "quoted words" as a phrase, `-word` leaves out.

    Raises:
        NotFound: `like` is no asset of this workspace.
    """
    if find.like:
        return await alike(conn, workspace_id, find)
    words = find.words.strip().replace("\x00", "")
    if not words:
        return await _newest(conn, workspace_id, find.limit) if "asset" in find.kinds else []
    terms = [term.lower() for term in WORD.findall(words)]
    hits: list[Hit] = []
    for kind in find.kinds:
        asked = {"ws": workspace_id, "words": words, "first": terms[0] if terms else "", "limit": find.limit}
        query = f"select * from ({QUERIES[kind]}) found order by rank desc, id limit :limit"  # noqa: S608 - constants
        hits += [_hit(kind, dict(row), terms) for row in (await conn.execute(text(query), asked)).mappings()]
    hits = _best(hits, find.limit)
    await _number(conn, workspace_id, hits)
    return await _with_cards(conn, workspace_id, hits)


async def alike(conn: AsyncConnection, workspace_id: UUID, find: Find) -> list[Hit]:
    """The assets that look like one, or mean the same, the nearest first, each with its `distance`.

    Raises:
        NotFound: there is no such asset here.
    """
    asked = {"ws": workspace_id, "like": find.like}
    if not await conn.scalar(text("select exists (select from asset where workspace_id = :ws and id = :like)"), asked):
        raise NotFound(f"there is no asset {find.like}")
    # The index knows all workspaces: without this, which the connection keeps, it may end before it has found enough of this one.
    await conn.execute(text("select set_config('hnsw.iterative_scan', 'strict_order', false)"))
    query = MEANT if find.by == "meaning" else ALIKE
    found = await conn.execute(text(query), {**asked, "limit": find.limit})
    hits: list[Hit] = [
        {"kind": "asset", "id": row.id, "rank": -row.distance, "distance": round(float(row.distance), 4), "snippet": "", "at": {}}
        for row in found
    ]
    return await _with_cards(conn, workspace_id, hits)


async def _newest(conn: AsyncConnection, workspace_id: UUID, limit: int) -> list[Hit]:
    found = await conn.execute(text(NEWEST), {"ws": workspace_id, "limit": limit})
    return [
        {"kind": "asset", "id": row["id"], "rank": 0.0, "snippet": "", "at": {}, "asset": _card(row)} for row in found.mappings()
    ]


def _hit(kind: str, row: Mapping[str, Any], terms: Sequence[str]) -> Hit:
    body = row["body"]
    field, said = _leaf(body, terms) if isinstance(body, dict) else ("", str(body or ""))
    return {
        "kind": kind,
        "id": row["id"],
        "rank": float(row["rank"]),
        "snippet": snippet(said, terms),
        "field": field,
        "episode": str(row["episode_id"]) if row["episode_id"] else None,
        "shot_id": row["shot"],
        "at": row["at"],
    }


def snippet(said: str, terms: Sequence[str]) -> str:
    """The words around the first term that stands in a text."""
    flat = " ".join(said.split())
    low = flat.lower()
    places_ = [at for term in terms if (at := low.find(term)) >= 0]
    start = max(0, min(places_, default=0) - AROUND)
    stop = start + 3 * AROUND
    return ("…" if start else "") + flat[start:stop].strip() + ("…" if stop < len(flat) else "")


def _leaf(spec: Any, terms: Sequence[str]) -> tuple[str, str]:
    """The field of an object that holds most of the terms, by its path, and its words."""
    leaves = list(_leaves(spec, ""))
    return max(leaves, key=lambda leaf: sum(term in leaf[1].lower() for term in terms), default=("", ""))


def _leaves(value: Any, path: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, dict):
        for name, inner in value.items():
            yield from _leaves(inner, f"{path}.{name}" if path else str(name))
    elif isinstance(value, list):
        for inner in value:
            yield from _leaves(inner, path)


def _best(hits: list[Hit], limit: int) -> list[Hit]:
    """Each thing once, by its best rank."""
    best: dict[tuple[str, str], Hit] = {}
    for hit in sorted(hits, key=lambda hit: (-hit["rank"], hit["kind"], hit["id"])):
        best.setdefault((hit["kind"], hit["id"]), hit)
    return list(best.values())[:limit]


async def _number(conn: AsyncConnection, workspace_id: UUID, hits: list[Hit]) -> None:
    """Name shots by the numbers that people know."""
    numbers: dict[UUID, int] = {}
    for episode in sorted({hit["episode"] for hit in hits if hit.get("shot_id") and hit["episode"]}):
        numbers |= {one.id: one.number for one in await places.rank(conn, workspace_id, UUID(episode))}
    for hit in hits:
        shot = hit.pop("shot_id", None)
        hit["shot"] = numbers.get(shot) if shot else None
        hit["at"] = {**hit["at"], **({"work_item": str(shot)} if shot else {})}


async def _with_cards(conn: AsyncConnection, workspace_id: UUID, hits: list[Hit]) -> list[Hit]:
    ids = [hit["id"] for hit in hits if hit["kind"] == "asset"]
    if ids:
        found = await conn.execute(text(CARDS + " and a.id = any(:ids)"), {"ws": workspace_id, "ids": ids})
        cards = {row["id"]: _card(row) for row in found.mappings()}
        # Bytes that were collected are not found any more.
        hits = [hit for hit in hits if hit["kind"] != "asset" or hit["id"] in cards]
        for hit in hits:
            if hit["kind"] == "asset":
                hit["asset"] = cards[hit["id"]]
    return hits


def _card(row: Any) -> dict[str, Any]:
    return {**row, "created_at": row["created_at"].isoformat()}
