"""What a stage sees: one shot with its inputs, or an episode with all its shots."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any, TypeVar
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import and_, or_
from sqlalchemy.ext.asyncio import AsyncConnection

from storyreel.graph.gather import assets_of
from storyreel.graph.load import base
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
    Row,
    Scene,
    SceneLook,
    Script,
    Slot,
    Track,
    Use,
    WorkItem,
    Workspace,
)
from storyreel.model.view import EpisodeView, Followed, ShotView
from storyreel.pipeline.seen import counts_as, pictures_by_owner
from storyreel.runtime.database import statement

T = TypeVar("T", bound=Owned)
R = TypeVar("R", bound=Row)


# Everything a stage may know of one shot in one statement: a stage looks before it makes and again before it keeps, and each row
# asked for by itself would cost a round trip.
SHOT = """
    with newest as (
        select distinct on (stage) id from node
        where workspace_id = :ws and work_item_id = :shot and cell is null and not removed and not discarded
        order by stage, created_at desc, id
    ), made as (
        select n.*, n.id in (select id from newest)
            or (n.cell is not null and n.parent_id in (select id from newest) and not n.removed and not n.discarded) as latest
        from node n where n.workspace_id = :ws and n.work_item_id = :shot
    ), shown as (
        select m.* from made m join work_item w on w.workspace_id = :ws and w.id = :shot
        where m.latest or m.id in (
            w.picture_node_id, w.video_node_id, w.voice_node_id, w.music_node_id, w.sfx_node_id, w.final_node_id)
    ), used as (select * from work_item_asset where workspace_id = :ws and work_item_id = :shot and not removed),
    parts as (
        select c.order_key, c.id, to_jsonb(c) as part, to_jsonb(who) as who, who.id as person_id, who.picture_node_id
        from work_item_character c join character who on who.workspace_id = c.workspace_id and who.id = c.character_id
        where c.workspace_id = :ws and c.work_item_id = :shot and not c.removed and not who.removed
    ), looks as (select * from scene_look where workspace_id = :ws and not removed),
    holding as (
        select n.* from node n join (
            select person_id as owner_id, picture_node_id from parts union all select id, picture_node_id from looks
        ) o on o.owner_id in (n.character_id, n.scene_look_id)
        where n.workspace_id = :ws and (n.character_id in (select person_id from parts) or n.scene_look_id in (select id from looks))
            and (n.id = o.picture_node_id or n.pinned) and n.asset_id is not null and not n.removed and not n.discarded
        order by n.created_at, n.id
    )
    select to_jsonb(w) as shot, to_jsonb(s) as scene, to_jsonb(e) as episode, to_jsonb(p) as workspace,
        (select jsonb_agg(to_jsonb(n)) from shown n) as nodes,
        (select jsonb_agg(to_jsonb(u)) from used u) as uses,
        (select jsonb_agg(to_jsonb(t)) from track t where t.workspace_id = :ws and t.work_item_id = w.id and not t.removed) as tracks,
        (select jsonb_agg(jsonb_build_array(x.part, x.who) order by x.order_key, x.id) from parts x) as parts,
        (select jsonb_agg(to_jsonb(l)) from looks l) as looks,
        (select jsonb_agg(to_jsonb(h)) from holding h) as holding,
        (select jsonb_agg(to_jsonb(a)) from asset a where a.workspace_id = :ws
            and a.id in (
                select asset_id from shown union select asset_id from used union select asset_id from holding
                union select j #>> '{manner,sample_asset_id}'
                    from unnest(array[w.spec -> 'picture', s.spec, p.profile]) as j
            )) as assets,
        (select jsonb_build_object('shot', ahead.id, 'clip', to_jsonb(clip), 'asset', to_jsonb(bytes), 'number', (
                select count(*) from work_item o
                join scene x on x.workspace_id = o.workspace_id and x.id = o.scene_id and not x.removed
                where o.workspace_id = :ws and x.episode_id = there.episode_id and not o.removed
                    and (x.order_key, x.id, o.order_key, o.id) <= (there.order_key, there.id, ahead.order_key, ahead.id)))
            from work_item ahead
            join scene there on there.workspace_id = ahead.workspace_id and there.id = ahead.scene_id
            left join node clip on clip.workspace_id = ahead.workspace_id and clip.id = ahead.video_node_id
            left join asset bytes on bytes.workspace_id = clip.workspace_id and bytes.id = clip.asset_id
            where ahead.workspace_id = :ws and ahead.id = w.follows_id and not ahead.removed) as followed,
        (select count(*) from work_item o
            join scene x on x.workspace_id = o.workspace_id and x.id = o.scene_id and not x.removed
            where o.workspace_id = :ws and x.episode_id = e.id and not o.removed
                and (x.order_key, x.id, o.order_key, o.id) <= (s.order_key, s.id, w.order_key, w.id)) as number
    from work_item w
    join scene s on s.workspace_id = w.workspace_id and s.id = w.scene_id
    join episode e on e.workspace_id = w.workspace_id and e.id = s.episode_id
    join workspace p on p.id = w.workspace_id
    where w.workspace_id = :ws and w.id = :shot and not w.removed
"""


async def shot_view(
    conn: AsyncConnection, workspace_id: UUID, work_item_id: UUID, takes: Mapping[str, int] | None = None
) -> ShotView:
    """One shot as a stage sees it. `takes` are the takes its task asked for.

    Raises:
        NotFound: the shot is not there, or was removed.
    """
    found = (await conn.execute(statement(SHOT), {"ws": workspace_id, "shot": work_item_id})).mappings().first()
    if found is None:
        raise NotFound(f"there is no shot {work_item_id} any more")
    shot = row_of(WorkItem, found["shot"])
    nodes = {node.id: node for node in _rows(Node, found["nodes"])}
    latest = [row_of(Node, one) for one in found["nodes"] or () if one["latest"]]
    newest = {node.stage: node for node in latest if node.cell is None}
    followed = found["followed"]
    known = [*(found["assets"] or ()), *([followed["asset"]] if followed and followed["asset"] else [])]
    cells = [node for node in latest if node.cell is not None and node.parent_id == getattr(newest.get("grid"), "id", None)]
    return ShotView(
        workspace=row_of(Workspace, found["workspace"]),
        episode=row_of(Episode, found["episode"]),
        scene=row_of(Scene, found["scene"]),
        shot=shot,
        number=found["number"],
        cast=tuple((row_of(Cast, part), row_of(Character, who)) for part, who in found["parts"] or ()),
        selected=_selected(shot, nodes),
        uses=tuple(_rows(Use, found["uses"])),
        tracks=tuple(_rows(Track, found["tracks"])),
        assets={one["id"]: AssetRef.model_validate(_given(AssetRef, one)) for one in known},
        latest=newest,
        cells=tuple(sorted(cells, key=lambda node: node.cell or 0)),
        takes=dict(takes or {}),
        looks=tuple(_rows(SceneLook, found["looks"])),
        pictures=pictures_by_owner(_rows(Node, found["holding"])),
        follows=_followed(followed) if followed else None,
    )


async def chosen_by_hand(conn: AsyncConnection, workspace_id: UUID, ids: Sequence[UUID]) -> dict[UUID, UUID]:
    """The selected picture of each of these shots that has one, where the workspace selects by hand."""
    found = await conn.execute(
        statement(
            "select w.id, w.picture_node_id from work_item w join workspace s on s.id = w.workspace_id"
            " where w.workspace_id = :ws and w.id = any(cast(:ids as uuid[])) and w.picture_node_id is not null"
            " and s.profile ->> 'selection' = 'by_hand'"
        ),
        {"ws": workspace_id, "ids": list(ids)},
    )
    return {row.id: row.picture_node_id for row in found}


async def episode_view(
    conn: AsyncConnection, workspace_id: UUID, episode_id: UUID, takes: Mapping[str, int] | None = None
) -> EpisodeView:
    """An episode as its cut sees it: every shot in order but those that a person goes without, with what it has selected."""
    view = await base(conn, workspace_id, episode_id)
    ranked = await rank(conn, workspace_id, episode_id)
    ids = [row.id for row in ranked]
    held = await read(conn, WorkItem, in_workspace(WorkItem, workspace_id), among(WorkItem, "id", ids))
    scenes = {scene.id: scene for scene in view.scenes()}
    shots = await _shot_views(conn, view.workspace, view.episode, scenes, [held[row] for row in ids], takes or {})
    scripts = await read(conn, Script, in_workspace(Script, workspace_id), table_of(Script).c.episode_id == episode_id)
    newest = max((s for s in scripts.values() if not s.removed), key=lambda s: s.version, default=None)
    latest = await _latest_of_episode(conn, workspace_id, episode_id)
    assets = await assets_of(conn, workspace_id, [node.asset_id for node in latest.values() if node.asset_id])
    return EpisodeView(
        workspace=view.workspace,
        episode=view.episode,
        script=newest,
        shots=tuple(shot for shot in shots if not shot.shot.spec.left_out),
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
            statement("select id, created_at from node where workspace_id = :ws and episode_id = :e"),
            {"ws": workspace_id, "e": episode_id},
        )
    }
    newest: dict[str, Node] = {}
    for node in sorted(nodes.values(), key=lambda n: order[n.id]):
        if not node.removed and not node.discarded:
            newest[counts_as(node)] = node
    return newest


async def _shot_views(
    conn: AsyncConnection,
    workspace: Workspace,
    episode: Episode,
    scenes: Mapping[UUID, Scene],
    shots: Sequence[WorkItem],
    takes: Mapping[str, int],
) -> list[ShotView]:
    """Views of many shots with what they have selected; one query a table, whatever the number of shots."""
    ws, ids = workspace.id, [shot.id for shot in shots]
    casts = _grouped(await read(conn, Cast, in_workspace(Cast, ws), among(Cast, "work_item_id", ids)))
    people = await read(conn, Character, in_workspace(Character, ws))
    uses = _grouped(await read(conn, Use, in_workspace(Use, ws), among(Use, "work_item_id", ids)))
    looks = tuple(look for look in (await read(conn, SceneLook, in_workspace(SceneLook, ws))).values() if not look.removed)
    chosen = {node for shot in shots for slot in SLOTS if (node := shot.selected(slot))}
    chosen |= {one.picture_node_id for one in (*people.values(), *looks) if one.picture_node_id}
    pinned = and_(table_of(Node).c.pinned, table_of(Node).c.character_id.is_not(None))
    nodes = await read(conn, Node, in_workspace(Node, ws), or_(among(Node, "id", chosen), pinned))
    pictures = pictures_by_owner(nodes.values())
    used = [use.asset_id for group in uses.values() for use in group]
    used += [sample for shot in shots for sample in _samples(workspace, scenes, shot)]
    known = await assets_of(conn, ws, [*(node.asset_id for node in nodes.values() if node.asset_id), *used])

    places = {shot.id: (number, shot) for number, shot in enumerate(shots, 1)}

    def view(number: int, shot: WorkItem) -> ShotView:
        if shot.scene_id is None:
            raise NotFound(f"{shot.label} is a draft, not a shot")
        parts = sorted(casts.get(shot.id, ()), key=lambda cast: (cast.order_key, str(cast.id)))
        return ShotView(
            workspace=workspace,
            episode=episode,
            scene=scenes[shot.scene_id],
            shot=shot,
            number=number,
            cast=tuple((cast, people[cast.character_id]) for cast in parts if not people[cast.character_id].removed),
            selected=_selected(shot, nodes),
            uses=tuple(uses.get(shot.id, ())),
            tracks=(),
            assets=known,
            takes=dict(takes),
            looks=looks,
            pictures=pictures,
            follows=_ahead(places.get(shot.follows_id), nodes) if shot.follows_id else None,
        )

    return [view(number, shot) for number, shot in enumerate(shots, 1)]


def _followed(found: Mapping[str, Any]) -> Followed:
    return Followed(UUID(found["shot"]), found["number"], row_of(Node, found["clip"]) if found["clip"] else None)


def _ahead(place: tuple[int, WorkItem] | None, nodes: Mapping[UUID, Node]) -> Followed | None:
    if place is None:
        return None
    number, shot = place
    return Followed(shot.id, number, nodes.get(shot.video_node_id) if shot.video_node_id else None)


def _selected(shot: WorkItem, nodes: Mapping[UUID, Node]) -> dict[Slot, Node]:
    return {slot: nodes[node] for slot in SLOTS if (node := shot.selected(slot)) in nodes and node}


def _samples(workspace: Workspace, scenes: Mapping[UUID, Scene], shot: WorkItem) -> list[str]:
    """The pictures that show the styles a shot may be drawn in."""
    scene = scenes.get(shot.scene_id) if shot.scene_id else None
    manners = (shot.spec.picture.manner, scene.spec.manner if scene else None, workspace.profile.manner)
    return [manner.sample_asset_id for manner in manners if manner is not None and manner.sample_asset_id]


def _rows(kind: type[T], found: Sequence[Mapping[str, Any]] | None) -> list[T]:
    return [row_of(kind, one) for one in found or ()]


def _given(kind: type[BaseModel], found: Mapping[str, Any]) -> dict[str, Any]:
    """The columns that a model knows; the others are the database's own."""
    return {name: found[name] for name in kind.model_fields}


def row_of(kind: type[R], found: Mapping[str, Any]) -> R:
    """A row from its JSON."""
    return kind.model_validate(_given(kind, found))


def _grouped(rows: Mapping[UUID, T]) -> dict[UUID, list[T]]:
    """Rows that are there, by their work item."""
    groups: dict[UUID, list[T]] = defaultdict(list)
    for row in rows.values():
        if not row.removed:
            groups[row.work_item_id].append(row)  # type: ignore[attr-defined]
    return groups
