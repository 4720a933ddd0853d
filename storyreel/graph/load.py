"""Views from the database: just what the actions of an envelope asked to be shown."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from storyreel.actions.base import Reads
from storyreel.actions.drafting import draft_numbers, key_of
from storyreel.actions.history import net
from storyreel.actions.pictures import who_or_what
from storyreel.graph import drafts, elsewhere, lineage, log, places
from storyreel.graph.places import Ranked, Token
from storyreel.graph.rows import among, in_workspace, read, table_of
from storyreel.graph.search import search
from storyreel.graph.touches import touched as touched_by
from storyreel.model.base import AssetRef
from storyreel.model.errors import BadInput, NotFound
from storyreel.model.ops import inverse
from storyreel.model.rows import (
    ROWS,
    SLOTS,
    AssetCard,
    Board,
    Cast,
    Character,
    Episode,
    Node,
    NodeRef,
    Row,
    Scene,
    SceneLook,
    Script,
    Track,
    Use,
    WorkItem,
    Workspace,
)
from storyreel.model.view import GraphView

Rows = dict[str, dict[UUID, Row]]

T = TypeVar("T", bound=Row)


@dataclass(frozen=True)
class Order:
    """The shots whose order is known, and how many there are."""

    ranked: tuple[Ranked, ...]
    total: int


async def base(conn: AsyncConnection, workspace_id: UUID, episode_id: UUID | None = None) -> GraphView:
    """What every view holds: the workspace, its episodes, the scenes of one episode, the characters and the looks.

    `episode_id` None is the first episode. A workspace that is not there gives an empty view.
    """
    rows: Rows = {Workspace.table: dict(await read(conn, Workspace, in_workspace(Workspace, workspace_id)))}
    if not rows[Workspace.table]:
        return GraphView(workspace_id=workspace_id, rows={})
    episodes = await read(conn, Episode, in_workspace(Episode, workspace_id))
    live = sorted((e for e in episodes.values() if not e.removed), key=lambda e: (e.order_key, str(e.id)))
    chosen = episode_id or (live[0].id if live else None)
    if episode_id and episode_id not in {episode.id for episode in live}:
        raise NotFound(f"there is no episode {episode_id} in this project")
    rows[Episode.table] = dict(episodes)
    if chosen:
        scenes = await read(conn, Scene, in_workspace(Scene, workspace_id), table_of(Scene).c.episode_id == chosen)
        rows[Scene.table] = dict(scenes)
    held = rows[Workspace.table][workspace_id]
    boards = (Board,) if isinstance(held, Workspace) and held.kind == "draft_space" else ()
    for kind in (Character, SceneLook, *boards):
        rows[kind.table] = dict(await read(conn, kind, in_workspace(kind, workspace_id)))
    revision = await conn.scalar(text("select revision from workspace where id = :ws"), {"ws": workspace_id})
    return GraphView(workspace_id=workspace_id, rows=rows, revision=revision or 0, episode_id=chosen)


async def view_for(
    conn: AsyncConnection, workspace_id: UUID, reads: Sequence[Reads], episode_id: UUID | None = None
) -> GraphView:
    """The view that all of `reads` together ask for.

    Raises:
        BadInput, NotFound, OutOfRange: the words for shots name nothing.
    """
    view = await base(conn, workspace_id, episode_id)
    if Workspace.table not in view.rows:
        return view
    rows: Rows = {table: dict(held) for table, held in view.rows.items()}
    if any(read_.whole for read_ in reads):
        rows = await whole(conn, workspace_id)
    else:
        for read_ in reads:
            await _add_any(conn, workspace_id, rows, read_.row_ids)
            await _add_nodes_by_id(conn, workspace_id, rows, read_)
            await _add_owned(conn, workspace_id, rows, (*read_.owner_ids, *_owners_named(view, read_.made_of)))
            await _add_tracks_by_id(conn, workspace_id, rows, read_.track_ids)
            await _add_family(conn, workspace_id, rows, read_.lineage_of)
            for table in read_.tables:
                _merge(rows, await read(conn, ROWS[table], in_workspace(ROWS[table], workspace_id)))
    order = await _order(conn, view, reads, list(rows.get(WorkItem.table, {})))
    view = replace(view, shot_count=order.total, numbers={row.id: row.number for row in order.ranked})
    picked, wider = await _pick(conn, view, reads, order)
    if view.is_draft_space and any(_of_drafts(read_) for read_ in reads):
        ranked = await drafts.rank(conn, workspace_id)
        view = replace(view, numbers={row.id: row.number for row in ranked})
        named = drafts.picked(view, ranked, reads)
        picked |= named
        wider |= {draft for found in named.values() for draft in found}
    await _add_shots(conn, workspace_id, rows, wider)
    await _add_made(conn, workspace_id, rows, reads, picked, view.episode_id)
    if any(read_.refs for read_ in reads):
        made = rows.get(Node.table, {}).keys()
        _merge(rows, await read(conn, NodeRef, in_workspace(NodeRef, workspace_id), among(NodeRef, "node_id", made)))
    if any(read_.sources for read_ in reads):
        view = await _with_sources(conn, view, rows, who=any(read_.lineage_of for read_ in reads))
    if any(read_.scripts for read_ in reads):
        _merge(rows, await read(conn, Script, in_workspace(Script, workspace_id)))
    assets = {asset for read_ in reads for asset in read_.assets}
    if assets:
        _merge(rows, await read(conn, AssetCard, in_workspace(AssetCard, workspace_id), among(AssetCard, "asset_id", assets)))
    reached = {asked: await touched_by(conn, view, asked) for read_ in reads for asked in read_.touches}
    logged = [
        await log.choices(conn, workspace_id, [shot for words in read_.shots for shot in picked[words]])
        if read_.log == "choices"
        else await log.needed(conn, workspace_id, read_.log, read_.place, read_.other_place)
        for read_ in reads
        if read_.log != "none"
    ]
    await _add_logged(conn, workspace_id, rows, [commit for group in logged for commit in group])
    return replace(
        view,
        rows=rows,
        touched=reached,
        places=picked,
        elsewhere=await elsewhere.brought(conn, [one for read_ in reads for one in read_.elsewhere]),
        log=logged[0] if logged else (),
        snapshots=await log.snapshots(conn, workspace_id) if any(read_.snapshots for read_ in reads) else (),
        assets={**view.assets, **(await assets_of(conn, workspace_id, assets) if assets else {})},
        found={find: await search(conn, workspace_id, find) for read_ in reads if (find := read_.find)},
    )


def _of_drafts(read_: Reads) -> bool:
    """Whether an action is about drafts, or about rows that may be drafts or theirs, so that their numbers are known."""
    named = read_.node_ids or read_.row_ids or read_.owner_ids or read_.track_ids or read_.lineage_of
    return bool(read_.drafts or named or read_.whole or read_.log != "none")


async def whole(conn: AsyncConnection, workspace_id: UUID) -> Rows:
    """Every row of the graph of a workspace, removed ones too."""
    rows: Rows = {}
    for table, kind in ROWS.items():
        rows[table] = dict(await read(conn, kind, in_workspace(kind, workspace_id)))
    return rows


async def view_at(conn: AsyncConnection, workspace_id: UUID, at: int | None = None, episode_id: UUID | None = None) -> GraphView:
    """The whole graph, now or as it stood after revision `at`."""
    rows = await whole(conn, workspace_id)
    view = await base(conn, workspace_id, episode_id)
    if at is not None and at < view.revision:
        since = await log.between(conn, workspace_id, at)
        known = GraphView(workspace_id=workspace_id, rows=rows)
        rows_then = known.after(inverse(op) for op in reversed(net([op for commit in since for op in commit.ops]))).rows
        rows = {table: dict(held) for table, held in rows_then.items()}
    view = replace(view, rows=rows, revision=view.revision if at is None else min(at, view.revision))
    shots = view.shots()
    numbers = {shot.id: n for n, shot in enumerate(shots, 1)} | draft_numbers(view)
    return replace(view, shot_count=len(shots), numbers=numbers)


async def assets_of(conn: AsyncConnection, workspace_id: UUID, ids: Iterable[str]) -> dict[str, AssetRef]:
    """The facts of assets, by id."""
    found = await conn.execute(
        text("select id, media_type, width_px, height_px, duration_s from asset where workspace_id = :ws and id = any(:ids)"),
        {"ws": workspace_id, "ids": sorted(set(ids))},
    )
    return {row.id: AssetRef.model_validate(dict(row)) for row in found.mappings()}


async def _order(conn: AsyncConnection, view: GraphView, reads: Sequence[Reads], loaded: Sequence[UUID]) -> Order:
    """The order of the shots that are asked for or `loaded`: of the whole episode only where that is needed."""
    if view.episode_id is None:
        return Order((), 0)
    parsed = [token for read_ in reads for words in read_.shots for token in places.tokens(words)]
    every = any(read_.order or read_.whole for read_ in reads) or not places.by_numbers_alone(parsed)
    unknown = any(read_.log != "none" for read_ in reads)
    if every or unknown:
        ranked = await places.rank(conn, view.workspace_id, view.episode_id)
        return Order(tuple(ranked), len(ranked))
    around = 1 if any(read_.around for read_ in reads) else 0
    tail = max([token.first for token in parsed if token.kind == "last"], default=0) + around
    ranked, total = await places.rank_some(
        conn, view.workspace_id, view.episode_id, places.number_ranges(parsed, around), tail, loaded
    )
    return Order(tuple(ranked), total)


async def _pick(
    conn: AsyncConnection, view: GraphView, reads: Sequence[Reads], order: Order
) -> tuple[dict[str, tuple[UUID, ...]], set[UUID]]:
    """Ids by the words that name them, and the ids to load: those, and their neighbours where asked."""
    picked: dict[str, tuple[UUID, ...]] = {}
    wider: set[UUID] = set()
    at = {row.id: index for index, row in enumerate(order.ranked)}
    for read_ in reads:
        for words in read_.shots:
            if view.is_draft_space:
                picked[words] = none_told(words)
                continue
            parsed: list[Token] = places.tokens(words)
            found = await places.pick(conn, view, order.ranked, parsed, order.total)
            picked[words] = tuple(found)
            wider.update(found)
            if read_.around:
                near = {at[shot] + step for shot in found for step in (-1, 1)}
                wider.update(order.ranked[i].id for i in near if 0 <= i < len(order.ranked))
        if read_.order and not read_.shots and read_.tasks == "none" and read_.log == "none":
            wider.update(row.id for row in order.ranked)
    return picked, wider


def none_told(words: str) -> tuple[UUID, ...]:
    """In a draft space nothing is told, so that "all" is nothing, and nothing else can be meant."""
    if words == "all":
        return ()
    raise BadInput("this is a draft space; name drafts here, for example 'draft 3', 'all' or 'tag:night'")


async def _add_shots(conn: AsyncConnection, workspace_id: UUID, rows: Rows, ids: set[UUID]) -> None:
    missing = ids - rows.get(WorkItem.table, {}).keys()
    if not missing:
        return
    _merge(rows, await read(conn, WorkItem, in_workspace(WorkItem, workspace_id), among(WorkItem, "id", missing)))
    for kind in (Cast, Use):
        _merge(rows, await read(conn, kind, in_workspace(kind, workspace_id), among(kind, "work_item_id", missing)))


async def _add_made(
    conn: AsyncConnection,
    workspace_id: UUID,
    rows: Rows,
    reads: Sequence[Reads],
    picked: dict[str, tuple[UUID, ...]],
    episode_id: UUID | None,
) -> None:
    """The made things of the shots whose reads ask for them, and of the episode."""
    full = {shot for r in reads if r.nodes == "all" for words in r.shots for shot in picked[words]}
    full |= {one for r in reads if r.nodes == "all" for words in r.drafts for one in picked.get(key_of(r.board, words), ())}
    if any(r.nodes == "all" or (r.nodes == "selected" and r.sources) for r in reads) and episode_id:
        _merge(rows, await read(conn, Node, in_workspace(Node, workspace_id), table_of(Node).c.episode_id == episode_id))
    if full:
        for kind in (Node, Track):
            _merge(rows, await read(conn, kind, in_workspace(kind, workspace_id), among(kind, "work_item_id", full)))
    chosen = {shot for r in reads if r.nodes == "selected" for words in r.shots for shot in picked[words]}
    chosen |= {
        one for r in reads if r.nodes == "selected" for words in r.drafts for one in picked.get(key_of(r.board, words), ())
    }
    await _add_by_id(conn, workspace_id, rows, Node, _selected(rows, chosen))


def _selected(rows: Rows, shots: Iterable[UUID]) -> set[UUID]:
    held = [row for shot in shots if isinstance(row := rows.get(WorkItem.table, {}).get(shot), WorkItem)]
    return {node for row in held for slot in SLOTS if (node := row.selected(slot))}


async def _add_any(conn: AsyncConnection, workspace_id: UUID, rows: Rows, ids: Sequence[UUID]) -> None:
    """Rows named by id alone, whatever they are."""
    if ids:
        for kind in ROWS.values():
            await _add_by_id(conn, workspace_id, rows, kind, set(ids))


async def _add_nodes_by_id(conn: AsyncConnection, workspace_id: UUID, rows: Rows, asked: Reads) -> None:
    """Nodes named by id with whom they were made for, and all that was made for the same owners where that is asked."""
    if not asked.node_ids:
        return
    await _add_by_id(conn, workspace_id, rows, Node, set(asked.node_ids))
    nodes = [row for node in asked.node_ids if isinstance(row := rows.get(Node.table, {}).get(node), Node)]
    items = {node.work_item_id for node in nodes if node.work_item_id}
    await _add_shots(conn, workspace_id, rows, items)
    await _add_scenes(conn, workspace_id, rows, items)
    if asked.lines:
        for column in ("work_item_id", "character_id", "scene_look_id"):
            owners = {owner for node in nodes if (owner := getattr(node, column))}
            if owners:
                _merge(rows, await read(conn, Node, in_workspace(Node, workspace_id), among(Node, column, owners)))
    await _add_tracks(conn, workspace_id, rows, items if asked.lines else set(), {n.track_id for n in nodes if n.track_id})


async def _add_scenes(conn: AsyncConnection, workspace_id: UUID, rows: Rows, items: Iterable[UUID]) -> None:
    """The scenes of shots, of whichever episode."""
    shots = [row for item in items if isinstance(row := rows.get(WorkItem.table, {}).get(item), WorkItem)]
    await _add_by_id(conn, workspace_id, rows, Scene, {shot.scene_id for shot in shots if shot.scene_id})


async def _add_tracks_by_id(conn: AsyncConnection, workspace_id: UUID, rows: Rows, ids: Sequence[UUID]) -> None:
    """Tracks named by id with their shot, its other tracks, and what the shot has selected."""
    if not ids:
        return
    await _add_by_id(conn, workspace_id, rows, Track, set(ids))
    items = {row.work_item_id for row in _rows_of(rows, Track) if row.id in ids}
    await _add_shots(conn, workspace_id, rows, items)
    await _add_tracks(conn, workspace_id, rows, items, set())
    await _add_by_id(conn, workspace_id, rows, Node, _selected(rows, items))


def _owners_named(view: GraphView, names: Sequence[str]) -> list[UUID]:
    found: list[UUID] = []
    for name in names:
        with suppress(NotFound):
            found.append(who_or_what(view, name).id)
    return found


async def _add_owned(conn: AsyncConnection, workspace_id: UUID, rows: Rows, owners: Sequence[UUID]) -> None:
    """Shots, drafts, characters, looks and episodes named by id, with all that was made for them."""
    if not owners:
        return
    await _add_shots(conn, workspace_id, rows, set(owners))
    await _add_by_id(conn, workspace_id, rows, SceneLook, set(owners))
    for column in ("work_item_id", "character_id", "scene_look_id", "episode_id"):
        _merge(rows, await read(conn, Node, in_workspace(Node, workspace_id), among(Node, column, owners)))
    await _add_tracks(conn, workspace_id, rows, set(owners), set())


async def _add_family(conn: AsyncConnection, workspace_id: UUID, rows: Rows, ids: Sequence[UUID]) -> None:
    """All that nodes descend from and that descends from them, and what was made with their help."""
    if not ids:
        return
    kin = await lineage.family(conn, workspace_id, ids)
    used = await read(conn, NodeRef, in_workspace(NodeRef, workspace_id), among(NodeRef, "source_node_id", ids))
    _merge(rows, used)
    users = {ref.node_id for ref in used.values() if not ref.removed}
    await _add_by_id(conn, workspace_id, rows, Node, {*ids, *kin.ancestors, *kin.descendants, *users})


async def _with_sources(conn: AsyncConnection, view: GraphView, rows: Rows, *, who: bool) -> GraphView:
    """What the loaded nodes and tracks came from, whose it is, and how each came to be; into `rows` and the view."""
    ws = view.workspace_id
    nodes = _rows_of(rows, Node)
    await _add_by_id(conn, ws, rows, Track, {node.track_id for node in nodes if node.track_id})
    tracks = _rows_of(rows, Track)
    parents = {node.parent_id for node in nodes if node.parent_id}
    origins = {track.origin_node_id for track in tracks if track.origin_node_id}
    used = {ref.source_node_id for ref in _rows_of(rows, NodeRef) if ref.source_node_id}
    await _add_by_id(conn, ws, rows, Node, parents | origins | used)
    nodes = _rows_of(rows, Node)
    await _add_by_id(conn, ws, rows, Track, {node.track_id for node in nodes if node.track_id})
    before = set(rows.get(WorkItem.table, {}))
    await _add_shots(conn, ws, rows, {node.work_item_id for node in nodes if node.work_item_id})
    if (more := list(rows.get(WorkItem.table, {}).keys() - before)) and view.episode_id:
        ranked, _ = await places.rank_some(conn, ws, view.episode_id, (), 0, more)
        view = replace(view, numbers={**view.numbers, **{row.id: row.number for row in ranked}})
    await _add_by_id(conn, ws, rows, SceneLook, {node.scene_look_id for node in nodes if node.scene_look_id})
    facts = await lineage.facts_of(conn, ws, [node.id for node in nodes], who=who)
    known = [use.asset_id for use in _rows_of(rows, Use)] + [node.asset_id for node in nodes if node.asset_id]
    return replace(view, facts=facts, assets=await assets_of(conn, ws, known))


def _rows_of(rows: Rows, kind: type[T]) -> list[T]:
    return [row for row in rows.get(kind.table, {}).values() if isinstance(row, kind)]


async def _add_tracks(conn: AsyncConnection, workspace_id: UUID, rows: Rows, items: set[UUID], ids: set[UUID]) -> None:
    if items:
        _merge(rows, await read(conn, Track, in_workspace(Track, workspace_id), among(Track, "work_item_id", items)))
    await _add_by_id(conn, workspace_id, rows, Track, ids)


async def _add_by_id(conn: AsyncConnection, workspace_id: UUID, rows: Rows, kind: type[Row], ids: set[UUID]) -> None:
    missing = ids - rows.get(kind.table, {}).keys()
    if missing:
        _merge(rows, await read(conn, kind, in_workspace(kind, workspace_id), among(kind, "id", missing)))


async def _add_logged(conn: AsyncConnection, workspace_id: UUID, rows: Rows, logged: Sequence[Any]) -> None:
    """The rows that logged ops wrote, so that they can be written back."""
    touched: dict[str, set[UUID]] = {}
    for commit in logged:
        for op in commit.ops:
            touched.setdefault(op.table, set()).add(op.row)
    for table, ids in touched.items():
        await _add_by_id(conn, workspace_id, rows, ROWS[table], ids)
    # What was removed may come back: it must find its place among what stands there now.
    gone = {shot.scene_id for shot in _rows_of(rows, WorkItem) if shot.removed and shot.id in touched.get(WorkItem.table, ())}
    scenes = {scene for scene in gone if scene is not None}
    if scenes:
        await _add_by_id(conn, workspace_id, rows, Scene, scenes)
        _merge(rows, await read(conn, WorkItem, in_workspace(WorkItem, workspace_id), among(WorkItem, "scene_id", scenes)))


def _merge(rows: Rows, found: dict[UUID, Any]) -> None:
    for row_id, row in found.items():
        rows.setdefault(row.table, {})[row_id] = row
