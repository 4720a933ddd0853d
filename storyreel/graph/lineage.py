"""Where nodes come from and what came of them: ancestors, descendants, references, and how each came to be."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from storyreel.graph.rows import among, in_workspace, read
from storyreel.model.facts import NodeFacts
from storyreel.model.layout import Dot, Layout, lay_out
from storyreel.model.rows import NodeRef

# Lineage is a tree, which the database holds: both walks end.
FAMILY = """
    with recursive up as (
        select id, parent_id, 0 as depth from node where workspace_id = :ws and id = any(cast(:ids as uuid[]))
        union all
        select p.id, p.parent_id, up.depth + 1 from up join node p on p.workspace_id = :ws and p.id = up.parent_id
    ), down as (
        select id, 0 as depth from node where workspace_id = :ws and id = any(cast(:ids as uuid[]))
        union all
        select c.id, down.depth + 1 from down join node c on c.workspace_id = :ws and c.parent_id = down.id
    )
    select id, -max(depth) as depth from up where depth > 0 group by id
    union all
    select id, min(depth) from down where depth > 0 group by id
    order by depth, id
"""
# The place of each node among those of its track; of what has no track, among those of its owner.
NUMBERED = """
    with wanted as materialized (
        select id, track_id, work_item_id, character_id, scene_look_id, episode_id
        from node where workspace_id = :ws and id = any(cast(:ids as uuid[]))
    ), numbered as (
        select n.id, n.seq, n.created_at, row_number() over (partition by n.track_id order by n.seq) as number
        from node n where n.workspace_id = :ws and n.track_id in (select track_id from wanted where track_id is not null)
        union all
        select n.id, n.seq, n.created_at,
            row_number() over (partition by n.work_item_id, n.character_id, n.scene_look_id, n.episode_id order by n.seq)
        from node n where n.workspace_id = :ws and n.track_id is null and (
            n.episode_id = any(array(select episode_id from wanted where track_id is null and episode_id is not null))
            or n.character_id = any(array(select character_id from wanted where track_id is null and character_id is not null))
            or n.scene_look_id = any(array(select scene_look_id from wanted where track_id is null and scene_look_id is not null))
            or n.work_item_id = any(array(select work_item_id from wanted where track_id is null and work_item_id is not null)))
    )
"""
NUMBERS = " select n.id, n.seq, n.number, n.created_at from numbered n join wanted using (id)"
# A worker keeps what a person wanted: the person is found through the task that the worker's commit names.
WHO = """
    select n.id, n.seq, n.number, n.created_at, c.revision, coalesce(t.asked_by, c.actor, '') as asked_by,
        case when t.id is null then c.revision else t.revision end as asked_revision,
        coalesce(case when t.id is null then c.intent else a.intent end, '') as intent,
        coalesce((select sum(j.settled_usd) from provider_job j
            where j.workspace_id = :ws and j.task_id = t.id and j.stage = node.stage), 0)::float8 as cost_usd
    from numbered n join wanted using (id)
    join node on node.workspace_id = :ws and node.id = n.id
    left join lateral (select min(o.revision) as revision from op o
        where o.workspace_id = :ws and o.table_name = 'node' and o.row_id = n.id and o.kind = 'insert') o on true
    left join commit c on c.workspace_id = :ws and c.revision = o.revision
    left join task t on c.kind = 'record' and t.workspace_id = :ws and t.id = cast(c.actions #>> '{0,args,task}' as uuid)
    left join commit a on a.workspace_id = :ws and a.revision = t.revision
"""


@dataclass(frozen=True)
class Family:
    """The nodes that given ones come from, the oldest first, and those that came of them, the nearest first."""

    ancestors: tuple[UUID, ...]
    descendants: tuple[UUID, ...]


@dataclass(frozen=True)
class References:
    """What a node was made with the help of, and what was made with its help."""

    uses: tuple[NodeRef, ...]
    used_by: tuple[NodeRef, ...]


async def family(conn: AsyncConnection, workspace_id: UUID, ids: Sequence[UUID]) -> Family:
    """All that these nodes descend from and all that descends from them, across tracks and shots; one statement."""
    found = (await conn.execute(text(FAMILY), {"ws": workspace_id, "ids": list(ids)})).all()
    return Family(
        ancestors=tuple(row.id for row in found if row.depth < 0), descendants=tuple(row.id for row in found if row.depth > 0)
    )


async def ancestors(conn: AsyncConnection, workspace_id: UUID, node_id: UUID) -> tuple[UUID, ...]:
    """What a node was made from, the root first and its parent last."""
    return (await family(conn, workspace_id, [node_id])).ancestors


async def descendants(conn: AsyncConnection, workspace_id: UUID, node_id: UUID) -> tuple[UUID, ...]:
    """What was made from a node, its children first."""
    return (await family(conn, workspace_id, [node_id])).descendants


async def references(conn: AsyncConnection, workspace_id: UUID, node_id: UUID) -> References:
    """References in and out of a node."""
    mine = in_workspace(NodeRef, workspace_id)
    uses = await read(conn, NodeRef, mine, among(NodeRef, "node_id", [node_id]))
    used = await read(conn, NodeRef, mine, among(NodeRef, "source_node_id", [node_id]))
    return References(_live(uses.values()), _live(used.values()))


async def facts_of(conn: AsyncConnection, workspace_id: UUID, ids: Sequence[UUID], *, who: bool) -> dict[UUID, NodeFacts]:
    """How nodes came to be; `who` asked for them and what they cost only where that is wanted. One statement."""
    found = await conn.execute(text(NUMBERED + (WHO if who else NUMBERS)), {"ws": workspace_id, "ids": list(ids)})
    facts: dict[UUID, NodeFacts] = {}
    for row in found.mappings():
        fields: dict[str, Any] = dict(row)
        node_id: UUID = fields.pop("id")
        facts[node_id] = NodeFacts(made_at=fields.pop("created_at"), **fields)
    return facts


# Numbers count what was taken away too, so that they stay.
DRAWN = """
    select * from (select n.id, n.seq, n.removed, n.parent_id, n.track_id, t.name as track, n.kind, n.stage, n.cell, n.asset_id, n.take,
        n.favourite, n.pinned, n.discarded, n.to_compare,
        coalesce(n.work_item_id, n.character_id, n.scene_look_id, n.episode_id) as owner,
        coalesce(n.id in (w.picture_node_id, w.video_node_id, w.voice_node_id, w.music_node_id, w.sfx_node_id, w.final_node_id),
            n.id = e.film_node_id, false) as selected,
        row_number() over (
            partition by coalesce(n.track_id, n.work_item_id, n.character_id, n.scene_look_id, n.episode_id) order by n.seq
        ) as number
    from node n
    left join track t on t.workspace_id = :ws and t.id = n.track_id
    left join work_item w on w.workspace_id = :ws and w.id = n.work_item_id
    left join episode e on e.workspace_id = :ws and e.id = n.episode_id
    where n.workspace_id = :ws and (
        n.work_item_id = any(cast(:owners as uuid[])) or n.episode_id = any(cast(:owners as uuid[]))
        or n.character_id = any(cast(:owners as uuid[])) or n.scene_look_id = any(cast(:owners as uuid[])))
    ) drawn join unnest(cast(:owners as uuid[])) with ordinality as owned(owner, place) using (owner)
    where not removed order by place, seq
"""
DRAWN_REFS = """
    select r.node_id, r.source_node_id, r.role from node_ref r
    where r.workspace_id = :ws and not r.removed and r.source_node_id is not null and r.node_id = any(cast(:ids as uuid[]))
    order by r.id
"""


@dataclass(frozen=True)
class Drawing:
    """Nodes as they are drawn, and where they stand."""

    nodes: tuple[dict[str, Any], ...]
    layout: Layout


async def drawing(conn: AsyncConnection, workspace_id: UUID, owners: Sequence[UUID]) -> Drawing:
    """The commit graph of shots, drafts, characters, looks and episodes, in the order in which they are given; two statements."""
    found = await conn.execute(text(DRAWN), {"ws": workspace_id, "owners": list(owners)})
    nodes = tuple(dict(row) for row in found.mappings())
    refs = await conn.execute(text(DRAWN_REFS), {"ws": workspace_id, "ids": [node["id"] for node in nodes]})
    used: dict[UUID, list[tuple[str, str]]] = {}
    for ref in refs:
        used.setdefault(ref.node_id, []).append((str(ref.source_node_id), ref.role))
    dots = [
        Dot(
            id=str(node["id"]),
            parent=str(node["parent_id"]) if node["parent_id"] else None,
            # What has no track stands in a lane for its kind.
            track=str(node["track_id"] or f"{node['owner']}/{node['kind']}"),
            owner=str(node["owner"]),
            references=tuple(used.get(node["id"], ())),
        )
        for node in nodes
    ]
    # Thousands of nodes take a while, in which others are served.
    return Drawing(nodes, await asyncio.to_thread(lay_out, dots))


def _live(refs: Iterable[NodeRef]) -> tuple[NodeRef, ...]:
    return tuple(sorted((ref for ref in refs if not ref.removed), key=lambda ref: (ref.role, str(ref.id))))
