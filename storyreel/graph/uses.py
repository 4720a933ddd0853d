"""Where an asset is used, and what still names it: shots, nodes, references, selections, films, snapshots."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from storyreel.graph import places

MOST = 500
SHOTS = """
    select u.work_item_id as shot, w.label, s.episode_id, u.role::text as role
    from work_item_asset u join work_item w on w.workspace_id = u.workspace_id and w.id = u.work_item_id
    left join scene s on s.workspace_id = w.workspace_id and s.id = w.scene_id
    where u.workspace_id = :ws and u.asset_id = :asset and not u.removed and not w.removed
    order by w.order_key, w.id limit :most
"""
NODES = """
    select n.id, n.kind::text as kind, n.stage, n.work_item_id as shot, n.character_id, n.scene_look_id,
        coalesce(s.episode_id, n.episode_id) as episode_id, n.track_id, n.removed or n.discarded as away
    from node n left join work_item w on w.workspace_id = n.workspace_id and w.id = n.work_item_id
    left join scene s on s.workspace_id = w.workspace_id and s.id = w.scene_id
    where n.workspace_id = :ws and n.asset_id = :asset order by n.seq limit :most
"""
REFS = """
    select r.node_id, r.role::text as role, r.note, n.work_item_id as shot, s.episode_id
    from node_ref r join node n on n.workspace_id = r.workspace_id and n.id = r.node_id
    left join work_item w on w.workspace_id = n.workspace_id and w.id = n.work_item_id
    left join scene s on s.workspace_id = w.workspace_id and s.id = w.scene_id
    where r.workspace_id = :ws and not r.removed and (r.source_asset_id = :asset or r.source_node_id in (
        select id from node where workspace_id = :ws and asset_id = :asset))
    order by n.seq limit :most
"""
SELECTED = """
    with mine as (select id from node where workspace_id = :ws and asset_id = :asset)
    select 'work_item' as of, w.id, w.label as name, slot.name as slot, w.id as shot, s.episode_id
    from work_item w
    cross join lateral (values ('picture', w.picture_node_id), ('video', w.video_node_id), ('voice', w.voice_node_id),
        ('music', w.music_node_id), ('sfx', w.sfx_node_id), ('final', w.final_node_id)) as slot(name, node_id)
    left join scene s on s.workspace_id = w.workspace_id and s.id = w.scene_id
    where w.workspace_id = :ws and not w.removed and slot.node_id in (select id from mine)
    union all
    select 'character', c.id, c.name, 'picture', null, null from character c
    where c.workspace_id = :ws and not c.removed and c.picture_node_id in (select id from mine)
    union all
    select 'scene_look', l.id, l.name, 'picture', null, null from scene_look l
    where l.workspace_id = :ws and not l.removed and l.picture_node_id in (select id from mine)
"""
# A film is made from segments; its request names them by their bytes.
FILMS = """
    select n.id, n.episode_id, e.title, e.film_node_id = n.id as current
    from node n join episode e on e.workspace_id = n.workspace_id and e.id = n.episode_id
    where n.workspace_id = :ws and n.kind = 'film' and not n.removed
        and (n.asset_id = :asset or strpos(n.request::text, :asset) > 0 or strpos(n.facts::text, :asset) > 0)
    order by n.seq desc limit :most
"""
# The rows that name it, from the commit that brought each to the one that took it away, if one did.
SNAPSHOTS = """
    with naming as (
        select id, removed, 'node' as table_name from node where workspace_id = :ws and asset_id = :asset
        union all select id, removed, 'asset_card' from asset_card where workspace_id = :ws and asset_id = :asset
        union all select id, removed, 'work_item_asset' from work_item_asset where workspace_id = :ws and asset_id = :asset
        union all select id, removed, 'node_ref' from node_ref where workspace_id = :ws and source_asset_id = :asset
    ), lived as (
        select min(o.revision) as since, case when bool_or(n.removed) then max(o.revision) end as until
        from naming n join op o on o.workspace_id = :ws and o.table_name = n.table_name and o.row_id = n.id group by n.id
    )
    select s.id, s.name, s.number, s.revision, s.automatic from snapshot s
    where s.workspace_id = :ws and exists (
        select from lived l where s.revision >= l.since and (l.until is null or s.revision < l.until))
    order by s.revision desc, s.created_at desc limit :most
"""
Found = dict[str, Any]


async def uses(conn: AsyncConnection, workspace_id: UUID, asset_id: str) -> dict[str, list[Found]]:
    """Everything that names an asset, shots by the numbers that people know; at most 500 of each kind."""
    found: dict[str, list[Found]] = {}
    for name, query in (
        ("shots", SHOTS),
        ("nodes", NODES),
        ("references", REFS),
        ("selections", SELECTED),
        ("films", FILMS),
        ("snapshots", SNAPSHOTS),
    ):
        rows = await conn.execute(text(query), {"ws": workspace_id, "asset": asset_id, "most": MOST})
        found[name] = [dict(row) for row in rows.mappings()]
    await _number(conn, workspace_id, [one for group in found.values() for one in group if "shot" in one])
    return found


async def _number(conn: AsyncConnection, workspace_id: UUID, found: list[Found]) -> None:
    numbers: dict[UUID, int] = {}
    for episode in {one["episode_id"] for one in found if one["shot"] and one["episode_id"]}:
        numbers |= {one.id: one.number for one in await places.rank(conn, workspace_id, episode)}
    for one in found:
        one["work_item_id"] = one["shot"]
        one["shot"] = numbers.get(one["shot"]) if one["shot"] else None
