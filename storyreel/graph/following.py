"""Shots that continue from other shots: what a view must hold of those ahead and of those behind."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from storyreel.actions.reads import Reads
from storyreel.graph import places
from storyreel.graph.gather import Rows, add_by_id, add_shots, assets_of, rows_of
from storyreel.model.rows import Node, WorkItem
from storyreel.model.view import GraphView

CHAIN = """
    with recursive ahead as (
        select w.follows_id as id from work_item w
        where w.workspace_id = :ws and w.id = any(cast(:ids as uuid[])) and w.follows_id is not null
        union
        select w.follows_id from ahead a join work_item w on w.workspace_id = :ws and w.id = a.id
        where w.follows_id is not null and not w.removed
    )
    select id from ahead
    union
    select w.id from work_item w
    where :behind and w.workspace_id = :ws and w.follows_id = any(cast(:ids as uuid[])) and not w.removed
"""


async def with_chain(conn: AsyncConnection, view: GraphView, rows: Rows, reads: Sequence[Reads]) -> GraphView:
    """Into `rows` and the view: the shots ahead of those that are held, with their clips and numbers, and those behind where asked."""
    behind = any(read.follows for read in reads)
    held = [shot.id for shot in rows_of(rows, WorkItem) if shot.kind == "shot"]
    if not held or not (behind or any(read.nodes != "none" for read in reads)):
        return view
    found = await conn.scalars(text(CHAIN), {"ws": view.workspace_id, "ids": held, "behind": behind})
    chain = set(found)
    if not chain:
        return view
    await add_shots(conn, view.workspace_id, rows, chain)
    shots = [shot for shot in rows_of(rows, WorkItem) if shot.id in chain]
    clips = {shot.video_node_id for shot in shots if shot.video_node_id}
    await add_by_id(conn, view.workspace_id, rows, Node, clips)
    bytes_ = {node.asset_id for node in rows_of(rows, Node) if node.id in clips and node.asset_id} - set(view.assets)
    known = await assets_of(conn, view.workspace_id, bytes_) if bytes_ else {}
    more = [shot for shot in chain if shot not in view.numbers]
    numbers = await places.all_numbers(conn, view.workspace_id, more) if more else {}
    return replace(view, numbers={**view.numbers, **numbers}, assets={**view.assets, **known})
