"""What a stage sees: one shot with its inputs, or an episode with all its shots."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TypeVar
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from storyreel.graph.load import assets_of, base
from storyreel.graph.places import rank
from storyreel.graph.rows import among, in_workspace, read, table_of
from storyreel.model.base import AssetRef
from storyreel.model.errors import NotFound
from storyreel.model.rows import (
    SLOTS,
    Cast,
    Character,
    Episode,
    Node,
    Owned,
    Scene,
    Script,
    Slot,
    Track,
    Use,
    WorkItem,
    Workspace,
)
from storyreel.model.view import EpisodeView, ShotView

T = TypeVar("T", bound=Owned)


async def shot_view(
    conn: AsyncConnection, workspace_id: UUID, work_item_id: UUID, takes: Mapping[str, int] | None = None
) -> ShotView:
    """One shot as a stage sees it. `takes` are the takes its task asked for.

    Raises:
        NotFound: the shot is not there, or was removed.
    """
    shots = await read(conn, WorkItem, in_workspace(WorkItem, workspace_id), table_of(WorkItem).c.id == work_item_id)
    shot = shots.get(work_item_id)
    if shot is None or shot.removed or shot.scene_id is None:
        raise NotFound(f"there is no shot {work_item_id} any more")
    scene = (await read(conn, Scene, in_workspace(Scene, workspace_id), table_of(Scene).c.id == shot.scene_id))[shot.scene_id]
    workspace = (await read(conn, Workspace, in_workspace(Workspace, workspace_id)))[workspace_id]
    episode = (await read(conn, Episode, in_workspace(Episode, workspace_id), table_of(Episode).c.id == scene.episode_id))[
        scene.episode_id
    ]
    views = await _shot_views(conn, workspace, episode, {scene.id: scene}, [shot], made=True, takes=takes or {})
    numbers = {row.id: row.number for row in await rank(conn, workspace_id, episode.id)}
    return replace(views[0], number=numbers.get(work_item_id, 0))


async def episode_view(
    conn: AsyncConnection, workspace_id: UUID, episode_id: UUID, takes: Mapping[str, int] | None = None
) -> EpisodeView:
    """An episode as its cut sees it: every shot in order, with what it has selected."""
    view = await base(conn, workspace_id, episode_id)
    ranked = await rank(conn, workspace_id, episode_id)
    ids = [row.id for row in ranked]
    held = await read(conn, WorkItem, in_workspace(WorkItem, workspace_id), among(WorkItem, "id", ids))
    scenes = {scene.id: scene for scene in view.scenes()}
    shots = await _shot_views(
        conn, view.workspace, view.episode, scenes, [held[row] for row in ids], made=False, takes=takes or {}
    )
    scripts = await read(conn, Script, in_workspace(Script, workspace_id), table_of(Script).c.episode_id == episode_id)
    newest = max((s for s in scripts.values() if not s.removed), key=lambda s: s.version, default=None)
    latest = await _latest_of_episode(conn, workspace_id, episode_id)
    assets = await assets_of(conn, workspace_id, [node.asset_id for node in latest.values() if node.asset_id])
    return EpisodeView(
        workspace=view.workspace,
        episode=view.episode,
        script=newest,
        shots=tuple(shots),
        latest=latest,
        assets=assets,
        takes=dict(takes or {}),
    )


async def _latest_of_episode(conn: AsyncConnection, workspace_id: UUID, episode_id: UUID) -> dict[str, Node]:
    """The newest node of each stage that the episode itself owns."""
    nodes = await read(conn, Node, in_workspace(Node, workspace_id), table_of(Node).c.episode_id == episode_id)
    order = {
        row.id: row.created_at
        for row in await conn.execute(
            text("select id, created_at from node where workspace_id = :ws and episode_id = :e"),
            {"ws": workspace_id, "e": episode_id},
        )
    }
    newest: dict[str, Node] = {}
    for node in sorted(nodes.values(), key=lambda n: order[n.id]):
        if not node.removed and not node.discarded:
            newest[node.stage] = node
    return newest


async def _shot_views(
    conn: AsyncConnection,
    workspace: Workspace,
    episode: Episode,
    scenes: Mapping[UUID, Scene],
    shots: Sequence[WorkItem],
    *,
    made: bool,
    takes: Mapping[str, int],
) -> list[ShotView]:
    """Views of many shots with one query a table. With `made`, what each stage made last is in it too."""
    ws, ids = workspace.id, [shot.id for shot in shots]
    casts = _grouped(await read(conn, Cast, in_workspace(Cast, ws), among(Cast, "work_item_id", ids)))
    people = await read(conn, Character, in_workspace(Character, ws))
    uses = _grouped(await read(conn, Use, in_workspace(Use, ws), among(Use, "work_item_id", ids)))
    chosen = {node for shot in shots for slot in SLOTS if (node := shot.selected(slot))}
    nodes = await read(conn, Node, in_workspace(Node, ws), among(Node, "id", chosen))
    latest = await _latest(conn, ws, ids) if made else {}
    tracks = _grouped(await read(conn, Track, in_workspace(Track, ws), among(Track, "work_item_id", ids))) if made else {}
    every = [*nodes.values(), *(node for group in latest.values() for node in group)]
    known = await assets_of(
        conn, ws, [*(n.asset_id for n in every if n.asset_id), *(u.asset_id for us in uses.values() for u in us)]
    )
    return [
        _view(
            workspace,
            episode,
            scenes,
            shot,
            n,
            casts.get(shot.id, []),
            people,
            nodes,
            uses.get(shot.id, []),
            known,
            latest.get(shot.id, []),
            tracks.get(shot.id, []),
            takes,
        )
        for n, shot in enumerate(shots, 1)
    ]


def _view(
    workspace: Workspace,
    episode: Episode,
    scenes: Mapping[UUID, Scene],
    shot: WorkItem,
    number: int,
    casts: Sequence[Cast],
    people: Mapping[UUID, Character],
    nodes: Mapping[UUID, Node],
    uses: Sequence[Use],
    assets: Mapping[str, AssetRef],
    made: Sequence[Node],
    tracks: Sequence[Track],
    takes: Mapping[str, int],
) -> ShotView:
    selected: dict[Slot, Node] = {slot: nodes[node] for slot in SLOTS if (node := shot.selected(slot)) in nodes and node}
    newest = {node.stage: node for node in made if node.cell is None}
    grid = newest.get("grid")
    cells = [node for node in made if grid is not None and node.parent_id == grid.id and node.cell is not None]
    parts = sorted(casts, key=lambda cast: (cast.order_key, str(cast.id)))
    if shot.scene_id is None:
        raise NotFound(f"{shot.label} is a draft, not a shot")
    return ShotView(
        workspace=workspace,
        episode=episode,
        scene=scenes[shot.scene_id],
        shot=shot,
        number=number,
        cast=tuple((cast, people[cast.character_id]) for cast in parts if not people[cast.character_id].removed),
        selected=selected,
        uses=tuple(uses),
        tracks=tuple(tracks),
        assets=assets,
        latest=newest,
        cells=tuple(sorted(cells, key=lambda node: node.cell or 0)),
        takes=dict(takes),
    )


async def _latest(conn: AsyncConnection, workspace_id: UUID, ids: Sequence[UUID]) -> dict[UUID, list[Node]]:
    """The newest node of each stage of each shot, and the cells of its newest grid, oldest first."""
    found = await conn.scalars(
        text(
            "with newest as (select distinct on (work_item_id, stage) id from node where workspace_id = :ws"
            " and work_item_id = any(:ids) and cell is null and not removed and not discarded"
            " order by work_item_id, stage, created_at desc, id)"
            " select n.id from node n where n.workspace_id = :ws and (n.id in (select id from newest)"
            " or (n.cell is not null and n.parent_id in (select id from newest) and not n.removed and not n.discarded))"
        ),
        {"ws": workspace_id, "ids": list(ids)},
    )
    nodes = await read(conn, Node, in_workspace(Node, workspace_id), among(Node, "id", set(found)))
    groups: dict[UUID, list[Node]] = defaultdict(list)
    for node in nodes.values():
        if node.work_item_id:
            groups[node.work_item_id].append(node)
    return groups


def _grouped(rows: Mapping[UUID, T]) -> dict[UUID, list[T]]:
    """Rows that are there, by their work item."""
    groups: dict[UUID, list[T]] = defaultdict(list)
    for row in rows.values():
        if not row.removed:
            groups[row.work_item_id].append(row)  # type: ignore[attr-defined]
    return groups
