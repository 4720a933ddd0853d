"""Reading what was made in another workspace, to be taken from there: the node, its bytes, and all that it descends from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from storyreel.model.base import AssetRef
from storyreel.model.facts import Elsewhere
from storyreel.model.rows import Node

# Longer lines are cut: a chain is told, it is not replayed.
DEEPEST = 200
CHAIN = f"""
    with recursive up as (
        select n.id, n.parent_id, 0 as depth from node n where n.workspace_id = :ws and n.id = :node and not n.removed
        union all
        select n.id, n.parent_id, up.depth + 1 from node n join up on n.id = up.parent_id
        where n.workspace_id = :ws and up.depth < {DEEPEST}
    )
    select to_jsonb(n) as node, up.depth,
        coalesce((
            select jsonb_agg(jsonb_build_object('role', r.role, 'note', r.note, 'asset', coalesce(r.source_asset_id, s.asset_id)) order by r.id)
            from node_ref r left join node s on s.workspace_id = r.workspace_id and s.id = r.source_node_id
            where r.workspace_id = n.workspace_id and r.node_id = n.id and not r.removed), '[]') as refs
    from up join node n on n.workspace_id = :ws and n.id = up.id order by up.depth
"""  # noqa: S608 - a constant
HOLDER = """
    select ws.name, w.label, a.id, a.media_type, a.width_px, a.height_px, a.duration_s
    from node n
    join workspace ws on ws.id = n.workspace_id and not ws.removed
    join asset a on a.workspace_id = n.workspace_id and a.id = n.asset_id
    left join work_item w on w.workspace_id = n.workspace_id and w.id = n.work_item_id
    where n.workspace_id = :ws and n.id = :node and not n.removed and not coalesce(w.removed, false)
"""


async def brought(conn: AsyncConnection, wanted: Iterable[tuple[UUID, UUID]]) -> dict[UUID, Elsewhere]:
    """Those of the nodes (workspace, node) that are still there with their bytes, by id."""
    found: dict[UUID, Elsewhere] = {}
    for workspace_id, node_id in dict.fromkeys(wanted):
        asked = {"ws": workspace_id, "node": node_id}
        held = (await conn.execute(text(HOLDER), asked)).mappings().first()
        if held is None:
            continue
        chain = list((await conn.execute(text(CHAIN), asked)).mappings())
        nodes = [_node(row["node"]) for row in chain]
        found[node_id] = Elsewhere(
            workspace_id=workspace_id,
            workspace=held["name"],
            draft=held["label"] or "",
            node=nodes[0],
            asset=AssetRef.model_validate({name: held[name] for name in AssetRef.model_fields}),
            chain=tuple(_link(node, row["refs"]) for node, row in zip(nodes, chain, strict=True)),
            request=next((node.request for node in nodes[:2] if node.request.get("image")), nodes[0].request),
        )
    return found


def _node(found: Mapping[str, Any]) -> Node:
    return Node.model_validate({name: found[name] for name in Node.model_fields})


def _link(node: Node, refs: list[dict[str, Any]]) -> Mapping[str, Any]:
    """One step of a lineage as facts."""
    kept = {name: node.facts[name] for name in ("provider", "model", "seed", "from") if name in node.facts}
    prompt = str((node.request.get("image") or {}).get("prompt", ""))
    return {
        "node": str(node.id),
        "kind": node.kind,
        "stage": node.stage,
        "take": node.take,
        **({} if node.cell is None else {"cell": node.cell}),
        **({"asset": node.asset_id} if node.asset_id else {}),
        **({"prompt": prompt} if prompt else {}),
        **({"references": refs} if refs else {}),
        **kept,
    }
