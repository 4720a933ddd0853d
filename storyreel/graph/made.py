"""Made things into a view: nodes with whom they were made for, their tracks, their kin, and what they came from."""

from __future__ import annotations

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from contextlib import suppress
from dataclasses import replace
from uuid import UUID

from sqlalchemy import and_, or_
from sqlalchemy.ext.asyncio import AsyncConnection

from storyreel.actions.drafting import key_of
from storyreel.actions.pictures import who_or_what
from storyreel.actions.reads import Reads
from storyreel.graph import lineage, places
from storyreel.graph.gather import Rows, add_by_id, add_scenes, add_shots, assets_of, merge, rows_of, selected_in
from storyreel.graph.places import Window
from storyreel.graph.rows import among, in_workspace, read, table_of
from storyreel.model.base import AssetRef
from storyreel.model.errors import NotFound
from storyreel.model.rows import Character, Node, NodeRef, Scene, SceneLook, Track, Use, WorkItem, Workspace
from storyreel.model.view import GraphView


async def add_made(
    conn: AsyncConnection,
    workspace_id: UUID,
    rows: Rows,
    reads: Sequence[Reads],
    picked: dict[str, tuple[UUID, ...]],
    episode_id: UUID | None,
    noted_already: AbstractSet[UUID],
) -> None:
    """The made things of the shots whose reads ask for them, and of the episode; `noted_already` are those whose notes are there."""
    full = {shot for r in reads if r.nodes == "all" for words in r.shots for shot in picked[words]}
    full |= {one for r in reads if r.nodes == "all" for words in r.drafts for one in picked.get(key_of(r.board, words), ())}
    if any(r.nodes == "all" or (r.nodes == "selected" and r.sources) for r in reads) and episode_id:
        merge(rows, await read(conn, Node, in_workspace(Node, workspace_id), table_of(Node).c.episode_id == episode_id))
    if full:
        for kind in (Node, Track):
            merge(rows, await read(conn, kind, in_workspace(kind, workspace_id), among(kind, "work_item_id", full)))
    chosen = {shot for r in reads if r.nodes == "selected" for words in r.shots for shot in picked[words]}
    chosen |= {
        one for r in reads if r.nodes == "selected" for words in r.drafts for one in picked.get(key_of(r.board, words), ())
    }
    await add_by_id(conn, workspace_id, rows, Node, selected_in(rows, chosen))
    noted = {shot for r in reads if r.notes for words in r.shots for shot in picked[words]} - full - noted_already
    if noted:
        notes = among(Node, "work_item_id", noted), table_of(Node).c.kind == "note"
        merge(rows, await read(conn, Node, in_workspace(Node, workspace_id), *notes))
    if full or chosen:
        await _add_holding(conn, workspace_id, rows)


async def _add_holding(conn: AsyncConnection, workspace_id: UUID, rows: Rows) -> None:
    """The pictures that keep people, places and props the same: those that they have selected or pinned."""
    nodes, owners = table_of(Node), [*rows_of(rows, Character), *rows_of(rows, SceneLook)]
    chosen = {owner.picture_node_id for owner in owners if owner.picture_node_id}
    if owners:
        of_owner = or_(nodes.c.character_id.is_not(None), nodes.c.scene_look_id.is_not(None))
        wanted = or_(among(Node, "id", chosen), and_(nodes.c.pinned, of_owner))
        merge(rows, await read(conn, Node, in_workspace(Node, workspace_id), wanted))


async def add_nodes(conn: AsyncConnection, workspace_id: UUID, rows: Rows, asked: Reads) -> None:
    """Nodes named by id with whom they were made for, and all that was made for the same owners where that is asked."""
    if not asked.node_ids:
        return
    await add_by_id(conn, workspace_id, rows, Node, set(asked.node_ids))
    nodes = [row for node in asked.node_ids if isinstance(row := rows.get(Node.table, {}).get(node), Node)]
    items = {node.work_item_id for node in nodes if node.work_item_id}
    await add_shots(conn, workspace_id, rows, items)
    await add_scenes(conn, workspace_id, rows, items)
    if asked.lines:
        for column in ("work_item_id", "character_id", "scene_look_id"):
            owners = {owner for node in nodes if (owner := getattr(node, column))}
            if owners:
                merge(rows, await read(conn, Node, in_workspace(Node, workspace_id), among(Node, column, owners)))
    await _tracks_of(conn, workspace_id, rows, items if asked.lines else set(), {n.track_id for n in nodes if n.track_id})


async def add_tracks(conn: AsyncConnection, workspace_id: UUID, rows: Rows, ids: Sequence[UUID]) -> None:
    """Tracks named by id with their shot, its other tracks, and what the shot has selected."""
    if not ids:
        return
    await add_by_id(conn, workspace_id, rows, Track, set(ids))
    items = {row.work_item_id for row in rows_of(rows, Track) if row.id in ids}
    await add_shots(conn, workspace_id, rows, items)
    await _tracks_of(conn, workspace_id, rows, items, set())
    await add_by_id(conn, workspace_id, rows, Node, selected_in(rows, items))


def owners_named(view: GraphView, names: Sequence[str]) -> list[UUID]:
    """The characters, places and props of these names; who is not there is left to the plan to say."""
    found: list[UUID] = []
    for name in names:
        with suppress(NotFound):
            found.append(who_or_what(view, name).id)
    return found


async def add_owned(conn: AsyncConnection, workspace_id: UUID, rows: Rows, owners: Sequence[UUID]) -> None:
    """Shots, drafts, characters, looks and episodes named by id, with all that was made for them."""
    if not owners:
        return
    await add_shots(conn, workspace_id, rows, set(owners))
    await add_by_id(conn, workspace_id, rows, SceneLook, set(owners))
    for column in ("work_item_id", "character_id", "scene_look_id", "episode_id"):
        merge(rows, await read(conn, Node, in_workspace(Node, workspace_id), among(Node, column, owners)))
    await _tracks_of(conn, workspace_id, rows, set(owners), set())


async def add_family(conn: AsyncConnection, workspace_id: UUID, rows: Rows, ids: Sequence[UUID]) -> None:
    """All that nodes descend from and that descends from them, and what was made with their help."""
    if not ids:
        return
    kin = await lineage.family(conn, workspace_id, ids)
    used = await read(conn, NodeRef, in_workspace(NodeRef, workspace_id), among(NodeRef, "source_node_id", ids))
    merge(rows, used)
    users = {ref.node_id for ref in used.values() if not ref.removed}
    await add_by_id(conn, workspace_id, rows, Node, {*ids, *kin.ancestors, *kin.descendants, *users})


async def with_sources(conn: AsyncConnection, view: GraphView, rows: Rows, *, who: bool) -> GraphView:
    """What the loaded nodes and tracks came from, whose it is, and how each came to be; into `rows` and the view."""
    ws = view.workspace_id
    nodes = rows_of(rows, Node)
    await add_by_id(conn, ws, rows, Track, {node.track_id for node in nodes if node.track_id})
    tracks = rows_of(rows, Track)
    parents = {node.parent_id for node in nodes if node.parent_id}
    origins = {track.origin_node_id for track in tracks if track.origin_node_id}
    used = {ref.source_node_id for ref in rows_of(rows, NodeRef) if ref.source_node_id}
    await add_by_id(conn, ws, rows, Node, parents | origins | used)
    nodes = rows_of(rows, Node)
    await add_by_id(conn, ws, rows, Track, {node.track_id for node in nodes if node.track_id})
    before = set(rows.get(WorkItem.table, {}))
    await add_shots(conn, ws, rows, {node.work_item_id for node in nodes if node.work_item_id})
    if (more := list(rows.get(WorkItem.table, {}).keys() - before)) and view.episode_id:
        ranked, _ = await places.rank_some(conn, ws, view.episode_id, Window(ids=tuple(more)))
        view = replace(view, numbers={**view.numbers, **{row.id: row.number for row in ranked}})
    await add_by_id(conn, ws, rows, SceneLook, {node.scene_look_id for node in nodes if node.scene_look_id})
    facts = await lineage.facts_of(conn, ws, [node.id for node in nodes], who=who)
    return replace(view, facts=facts, assets=await assets_in(conn, ws, rows))


async def assets_in(conn: AsyncConnection, workspace_id: UUID, rows: Rows) -> dict[str, AssetRef]:
    """The assets that the loaded nodes hold, that the shots use, and that show the styles they are drawn in."""
    spaces, scenes, items = rows_of(rows, Workspace), rows_of(rows, Scene), rows_of(rows, WorkItem)
    manners = [
        *(space.profile.manner for space in spaces),
        *(scene.spec.manner for scene in scenes),
        *(item.spec.picture.manner for item in items),
    ]
    known = [use.asset_id for use in rows_of(rows, Use)] + [node.asset_id for node in rows_of(rows, Node) if node.asset_id]
    samples = [manner.sample_asset_id for manner in manners if manner is not None and manner.sample_asset_id]
    return await assets_of(conn, workspace_id, [*known, *samples])


async def _tracks_of(conn: AsyncConnection, workspace_id: UUID, rows: Rows, items: set[UUID], ids: set[UUID]) -> None:
    if items:
        merge(rows, await read(conn, Track, in_workspace(Track, workspace_id), among(Track, "work_item_id", items)))
    await add_by_id(conn, workspace_id, rows, Track, ids)
