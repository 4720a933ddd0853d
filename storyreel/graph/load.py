"""Views from the database: just what the actions of an envelope asked to be shown."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from storyreel.actions.drafting import draft_numbers
from storyreel.actions.history import net
from storyreel.actions.reads import Reads
from storyreel.graph import drafts, elsewhere, log, places
from storyreel.graph.following import with_chain
from storyreel.graph.gather import Rows, add_any, add_by_id, add_shots, assets_of, merge, rows_of
from storyreel.graph.made import add_family, add_made, add_nodes, add_owned, add_tracks, assets_in, owners_named, with_sources
from storyreel.graph.places import EVERY, Ranked, Token, Window
from storyreel.graph.rows import among, in_workspace, read, read_together
from storyreel.graph.search import search
from storyreel.graph.touches import touched as touched_by
from storyreel.model.errors import BadInput, NotFound
from storyreel.model.ops import inverse
from storyreel.model.rows import (
    ROWS,
    AssetCard,
    Board,
    Character,
    Episode,
    Node,
    NodeRef,
    Row,
    Scene,
    SceneLook,
    Script,
    WorkItem,
    Workspace,
)
from storyreel.model.view import GraphView

IN_WORKSPACE = "workspace_id = :ws"
BASE: dict[type[Row], str] = {
    Workspace: "id = :ws",
    Episode: IN_WORKSPACE,
    Scene: f"{IN_WORKSPACE} and episode_id = {places.EPISODE}",
    Character: IN_WORKSPACE,
    SceneLook: IN_WORKSPACE,
    Board: "workspace_id = :ws and exists (select 1 from workspace w where w.id = :ws and w.kind = 'draft_space')",
}
REVISION = "select revision from workspace where id = :ws"
REVISION_IN_ORDER = f"""select json_build_object('revision', ({REVISION}),
    'ranked', (select coalesce(json_agg(r), '[]') from ({places.IN_WINDOW}) r))"""  # noqa: S608 - made of constants


@dataclass(frozen=True)
class Order:
    """The shots whose order is known, and how many there are."""

    ranked: tuple[Ranked, ...]
    total: int


async def base(conn: AsyncConnection, workspace_id: UUID, episode_id: UUID | None = None) -> GraphView:
    """What every view holds: the workspace, its episodes, the scenes of one episode, the characters and the looks.

    `episode_id` None is the first episode. A workspace that is not there gives an empty view.

    Raises:
        NotFound: there is no such episode.
    """
    found, revision = await read_together(conn, BASE, REVISION, ws=workspace_id, episode=episode_id)
    return _based(workspace_id, found, revision, episode_id)


async def _base_in_order(
    conn: AsyncConnection, workspace_id: UUID, episode_id: UUID | None, window: Window
) -> tuple[GraphView, Order]:
    """The same, with a part of the order of its shots, as of the same moment."""
    values = {"ws": workspace_id, "episode": episode_id, **window.values()}
    found, beside = await read_together(conn, BASE, REVISION_IN_ORDER, **values)
    view = _based(workspace_id, found, beside["revision"], episode_id)
    ranked, total = places.ranked_of(beside["ranked"])
    return view, Order(tuple(ranked), total)


def _based(workspace_id: UUID, rows: Rows, revision: int | None, episode_id: UUID | None) -> GraphView:
    if not rows[Workspace.table]:
        return GraphView(workspace_id=workspace_id, rows={})
    live = sorted((e for e in rows_of(rows, Episode) if not e.removed), key=lambda e: (e.order_key, str(e.id)))
    if episode_id and episode_id not in {episode.id for episode in live}:
        raise NotFound(f"there is no episode {episode_id} in this project")
    chosen = episode_id or (live[0].id if live else None)
    return GraphView(workspace_id=workspace_id, rows=rows, revision=revision or 0, episode_id=chosen)


async def view_for(
    conn: AsyncConnection, workspace_id: UUID, reads: Sequence[Reads], episode_id: UUID | None = None
) -> GraphView:
    """The view that all of `reads` together ask for.

    Raises:
        BadInput, NotFound, OutOfRange: the words for shots name nothing.
    """
    view, order = await _base_in_order(conn, workspace_id, episode_id, _window(reads))
    if Workspace.table not in view.rows:
        return view
    rows: Rows = {table: dict(held) for table, held in view.rows.items()}
    if any(read_.whole for read_ in reads):
        rows = await whole(conn, workspace_id)
    else:
        await _add_named(conn, view, rows, reads)
    order = await _with_loaded(conn, view, order, rows.get(WorkItem.table, {}))
    view = replace(view, shot_count=order.total, numbers={row.id: row.number for row in order.ranked})
    picked, wider = await _pick(conn, view, reads, order)
    if view.is_draft_space and any(_of_drafts(read_) for read_ in reads):
        ranked = await drafts.rank(conn, workspace_id)
        view = replace(view, numbers={row.id: row.number for row in ranked})
        named = drafts.picked(view, ranked, reads)
        picked |= named
        wider |= {draft for found in named.values() for draft in found}
    notes = any(read_.notes for read_ in reads)
    fresh = await add_shots(conn, workspace_id, rows, wider, notes=notes)
    await add_made(conn, workspace_id, rows, reads, picked, view.episode_id, fresh if notes else frozenset())
    if any(read_.refs for read_ in reads):
        made = rows.get(Node.table, {}).keys()
        merge(rows, await read(conn, NodeRef, in_workspace(NodeRef, workspace_id), among(NodeRef, "node_id", made)))
    if any(read_.sources for read_ in reads):
        view = await with_sources(conn, view, rows, who=any(read_.lineage_of for read_ in reads))
    elif any(read_.nodes != "none" for read_ in reads):
        view = replace(view, assets=await assets_in(conn, workspace_id, rows))
    view = await with_chain(conn, view, rows, reads)
    if any(read_.scripts for read_ in reads):
        merge(rows, await read(conn, Script, in_workspace(Script, workspace_id)))
    assets = {asset for read_ in reads for asset in read_.assets}
    if assets:
        merge(rows, await read(conn, AssetCard, in_workspace(AssetCard, workspace_id), among(AssetCard, "asset_id", assets)))
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


async def _add_named(conn: AsyncConnection, view: GraphView, rows: Rows, reads: Sequence[Reads]) -> None:
    """What the reads name by itself: rows, nodes, owners, tracks, kin, small tables."""
    ws = view.workspace_id
    for read_ in reads:
        await add_any(conn, ws, rows, read_.row_ids)
        await add_nodes(conn, ws, rows, read_)
        await add_owned(conn, ws, rows, (*read_.owner_ids, *owners_named(view, read_.made_of)))
        await add_tracks(conn, ws, rows, read_.track_ids)
        await add_family(conn, ws, rows, read_.lineage_of)
        for table in read_.tables:
            merge(rows, await read(conn, ROWS[table], in_workspace(ROWS[table], ws)))


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


def _window(reads: Sequence[Reads]) -> Window:
    """The part of the order that is asked for: all of it only where that is needed."""
    try:
        parsed = [token for read_ in reads for words in read_.shots for token in places.tokens(words)]
    except BadInput:
        # Said once it is known what the words were meant for.
        return Window()
    every = any(read_.order or read_.whole or read_.log != "none" for read_ in reads) or not places.by_numbers_alone(parsed)
    if every:
        return EVERY
    around = 1 if any(read_.around for read_ in reads) else 0
    tail = max([token.first for token in parsed if token.kind == "last"], default=0) + around
    return Window(tuple(places.number_ranges(parsed, around)), tail)


async def _with_loaded(conn: AsyncConnection, view: GraphView, order: Order, loaded: Iterable[UUID]) -> Order:
    """The order with the places of shots that were loaded by other names."""
    unknown = {*loaded} - {row.id for row in order.ranked}
    if view.episode_id is None or not unknown:
        return order
    more, total = await places.rank_some(conn, view.workspace_id, view.episode_id, Window(ids=tuple(unknown)))
    every = {row.id: row for row in (*order.ranked, *more)}
    return Order(tuple(sorted(every.values(), key=lambda row: row.number)), total)


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


async def _add_logged(conn: AsyncConnection, workspace_id: UUID, rows: Rows, logged: Sequence[Any]) -> None:
    """The rows that logged ops wrote, so that they can be written back."""
    touched: dict[str, set[UUID]] = {}
    for commit in logged:
        for op in commit.ops:
            touched.setdefault(op.table, set()).add(op.row)
    for table, ids in touched.items():
        await add_by_id(conn, workspace_id, rows, ROWS[table], ids)
    # What was removed may come back: it must find its place among what stands there now.
    gone = {shot.scene_id for shot in rows_of(rows, WorkItem) if shot.removed and shot.id in touched.get(WorkItem.table, ())}
    scenes = {scene for scene in gone if scene is not None}
    if scenes:
        await add_by_id(conn, workspace_id, rows, Scene, scenes)
        merge(rows, await read(conn, WorkItem, in_workspace(WorkItem, workspace_id), among(WorkItem, "scene_id", scenes)))
