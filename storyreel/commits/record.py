"""record: the workers' way through the same door. What a stage made becomes nodes; what is still wanted is selected.

Everybody else waits for the workspace meanwhile: what is known already is written before it is held, and what is there is read at once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from storyreel.actions.base import Draft, Said
from storyreel.commits import writing
from storyreel.commits.door import Door
from storyreel.commits.outcome import Actor
from storyreel.graph.shots import episode_view, row_of, shot_view
from storyreel.ledger import assets
from storyreel.ledger.assets import Kept
from storyreel.model.errors import NotFound
from storyreel.model.ids import derive
from storyreel.model.rows import (
    Character,
    Episode,
    Node,
    NodeRef,
    ReferenceRole,
    Row,
    SceneLook,
    Slot,
    Track,
    TrackKind,
    WorkItem,
)
from storyreel.model.sheet import Reference
from storyreel.model.view import GraphView
from storyreel.pipeline.contract import StageName
from storyreel.pipeline.stage import NewNode, Result
from storyreel.pipeline.stages.fresh import wanted_key
from storyreel.runtime.telemetry import span

Owner = WorkItem | Episode | Character | SceneLook
OwnerKind = Literal["work_item", "episode", "character", "scene_look"]
OWNERS: dict[OwnerKind, type[Owner]] = {
    "work_item": WorkItem,
    "episode": Episode,
    "character": Character,
    "scene_look": SceneLook,
}
WORKER = Actor(id="worker", kind="worker")
TRACK_NAMES: dict[TrackKind, str] = {"picture": "A", "video": "video", "voice": "voice", "music": "music", "sfx": "sfx"}


@dataclass(frozen=True)
class RecordStage:
    """What a stage made, with what it was made from.

    `slot_before` is what the slot held when the stage began: if it holds something else now, a person chose meanwhile. `kept` are
    bytes in the store that become known to the workspace with it.
    """

    workspace_id: UUID
    request_id: UUID
    task_id: UUID
    kind: OwnerKind
    owner_id: UUID
    stage: StageName
    key: str
    take: int
    request: dict[str, Any]
    result: Result
    input_node_id: UUID | None = None
    slot_before: UUID | None = None
    inputs: Sequence[tuple[UUID, ReferenceRole]] = ()
    # For a sheet: the pictures it was given, and the track it was asked to go on.
    references: Sequence[Reference] = ()
    track_id: UUID | None = None
    takes: dict[str, int] = field(default_factory=dict)
    kept: Sequence[Kept] = ()
    # The key of what was asked for, where something less was made with the person's leave: it decides whether it is still wanted.
    wanted_key: str = ""


@dataclass(frozen=True)
class Recorded:
    """The commit that kept it, the new nodes in the result's order, and whether one of them was selected."""

    revision: int
    node_ids: tuple[UUID, ...]
    selected: bool


@dataclass(frozen=True)
class _Seen:
    """The owner with what a new node of it needs, and the revision of the commit that kept this before."""

    owner: Owner
    rows: dict[str, dict[UUID, Row]]
    revision: int | None


# In one statement: each that is asked by itself is a round trip for which everybody else waits.
ITEM = """
    select to_jsonb(o) as owner,
        (select revision from commit where workspace_id = :ws and request_id = :request) as revision,
        (select jsonb_agg(to_jsonb(t)) from track t where t.workspace_id = :ws and t.work_item_id = o.id) as tracks,
        (select jsonb_agg(to_jsonb(n)) from node n where n.workspace_id = :ws and n.id = o.picture_node_id) as nodes
    from work_item o where o.workspace_id = :ws and o.id = :owner
"""
OTHER = """
    select to_jsonb(o) as owner, null as tracks, null as nodes,
        (select revision from commit where workspace_id = :ws and request_id = :request) as revision
    from {table} o where o.workspace_id = :ws and o.id = :owner
"""


async def record(door: Door, done: RecordStage) -> Recorded:
    """Keep what a stage made: one commit. Recorded twice with one request, it is kept once.

    A result is always kept; it is selected only if it is still what the shot asks for, the shot is free and nobody chose meanwhile.

    Raises:
        NotFound: the shot or the episode is gone for good.
        Unavailable: the database is away; nothing was kept.
    """
    with span("commits.record", workspace=done.workspace_id, stage=done.stage, task=done.task_id):
        async with door.database.begin() as conn:
            await assets.register_all(conn, done.workspace_id, done.kept)
            recorded = await _record(conn, done)
    door.bell.ring(done.workspace_id)
    return recorded


async def _record(conn: AsyncConnection, done: RecordStage) -> Recorded:
    revision = await writing.lock_workspace(conn, done.workspace_id)
    if revision is None:
        raise NotFound(f"there is no project {done.workspace_id}")
    node_ids = tuple(derive(done.request_id, index) for index in range(len(done.result.nodes)))
    seen = await _look(conn, done)
    if seen.revision is not None:
        return Recorded(seen.revision, node_ids, selected=_holds(seen.owner, done, node_ids))
    draft = Draft(GraphView(workspace_id=done.workspace_id, rows=seen.rows))
    for new, node_id in zip(done.result.nodes, node_ids, strict=True):
        _insert(draft, done, new, node_id, node_ids)
    chosen = await _select(conn, draft, done, seen.owner, node_ids)
    said = Said(code="stage.made", facts={"stage": done.stage, "owner": str(done.owner_id), "selected": chosen})
    await writing.write_rows(conn, draft.view, draft.ops)
    await writing.write_commit(
        conn,
        done.workspace_id,
        revision + 1,
        request_id=done.request_id,
        actor=WORKER,
        source="worker",
        kind="record",
        intent=done.stage,
        actions=[{"type": "stage.record", "args": {"stage": done.stage, "task": str(done.task_id), "take": done.take}}],
        summary=[said.model_dump(mode="json")],
        ops=draft.ops,
    )
    return Recorded(revision + 1, node_ids, selected=chosen)


async def _look(conn: AsyncConnection, done: RecordStage) -> _Seen:
    kind = OWNERS[done.kind]
    asked = {"ws": done.workspace_id, "owner": done.owner_id, "request": done.request_id}
    query = ITEM if kind is WorkItem else OTHER.format(table=kind.table)
    found = (await conn.execute(text(query), asked)).mappings().first()
    if found is None:
        raise NotFound(f"the {kind.table.replace('_', ' ')} {done.owner_id} is not there any more")
    owner = row_of(kind, found["owner"])
    tracks = [row_of(Track, one) for one in found["tracks"] or ()]
    nodes = [row_of(Node, one) for one in found["nodes"] or ()]
    rows: dict[str, dict[UUID, Row]] = {
        owner.table: {owner.id: owner},
        Track.table: {track.id: track for track in tracks},
        Node.table: {node.id: node for node in nodes},
    }
    return _Seen(owner, rows, found["revision"])


def _insert(draft: Draft, done: RecordStage, new: NewNode, node_id: UUID, node_ids: tuple[UUID, ...]) -> None:
    """One node, its track if there is none yet, and what it was made with the help of."""
    owned: dict[str, Any] = {f"{done.kind}_id": done.owner_id}
    draft.insert(
        Node(
            id=node_id,
            workspace_id=done.workspace_id,
            kind=new.kind,
            **owned,
            track_id=_track(draft, done, new.track) if done.kind == "work_item" else None,
            parent_id=done.input_node_id if new.parent is None else node_ids[new.parent],
            stage=done.stage,
            key=done.key,
            take=done.take,
            cell=new.cell,
            asset_id=new.asset.id if new.asset else None,
            request=done.request if new.parent is None else {},
            facts=new.facts,
        )
    )
    if new.parent is None:
        for source, role in done.inputs:
            ref_id = derive(node_id, "ref", source, role)
            draft.insert(NodeRef(id=ref_id, workspace_id=done.workspace_id, node_id=node_id, source_node_id=source, role=role))
        for place, given in enumerate(done.references):
            draft.insert(
                NodeRef(
                    id=derive(node_id, "given", place),
                    workspace_id=done.workspace_id,
                    node_id=node_id,
                    source_node_id=given.node_id,
                    source_asset_id=None if given.node_id else given.asset_id,
                    role=given.role,
                    note=given.note,
                )
            )


def _track(draft: Draft, done: RecordStage, kind: TrackKind) -> UUID:
    """The track a new node goes on: the one it was asked for, that of the selected picture, the one there is, or a new one."""
    if draft.view.find(Track, done.track_id) is not None and done.track_id:
        return done.track_id
    owner = draft.view.get(WorkItem, done.owner_id)
    picture = draft.view.find(Node, owner.picture_node_id)
    held = [track for track in draft.view.all(Track) if track.kind == kind]
    if kind == "picture" and picture is not None and picture.track_id is not None:
        return picture.track_id
    if held:
        return min(held, key=lambda track: track.name).id
    track_id = derive(done.owner_id, "track", kind)
    draft.insert(
        Track(id=track_id, workspace_id=done.workspace_id, work_item_id=done.owner_id, kind=kind, name=TRACK_NAMES[kind])
    )
    return track_id


async def _select(conn: AsyncConnection, draft: Draft, done: RecordStage, owner: Owner, node_ids: tuple[UUID, ...]) -> bool:
    """Fill the slot where the result is still wanted."""
    result = done.result
    target = result.choose if result.choose is not None else node_ids[result.select] if result.select is not None else None
    if target is None:
        return False
    if isinstance(owner, Episode):
        episode = await episode_view(conn, done.workspace_id, owner.id, done.takes)
        wanted = (
            result.slot is None
            and done.stage == "film"
            and wanted_key(done.stage, episode, done.take) == (done.wanted_key or done.key)
        )
        return wanted and draft.change(owner, film_node_id=target)
    if (
        not isinstance(owner, WorkItem)
        or result.slot is None
        or owner.removed
        or owner.status != "draft"
        or owner.selected(result.slot) != done.slot_before
    ):
        return False
    view = await shot_view(conn, done.workspace_id, owner.id, done.takes)
    if wanted_key(done.stage, view, done.take) != (done.wanted_key or done.key):
        return False
    return draft.change(draft.view.get(WorkItem, owner.id), **{f"{result.slot}_node_id": target})


def _holds(owner: Owner, done: RecordStage, node_ids: tuple[UUID, ...]) -> bool:
    slot: Slot | None = done.result.slot
    if isinstance(owner, Episode):
        return owner.film_node_id in node_ids
    return (
        isinstance(owner, WorkItem)
        and slot is not None
        and (owner.selected(slot) in node_ids or owner.selected(slot) == done.result.choose)
    )
