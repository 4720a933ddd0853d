"""Reading the graph as it stood: the rows of now, with what was written since taken back, for just the tables and rows asked for."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from storyreel.actions.drafting import draft_numbers, key_of
from storyreel.actions.history import net
from storyreel.actions.places import character_named, scene_named
from storyreel.actions.reads import Reads
from storyreel.graph import drafts, load, log, places
from storyreel.graph.places import Ranked, Token
from storyreel.graph.rows import among, in_workspace, read
from storyreel.model.errors import NotFound
from storyreel.model.ops import inverse
from storyreel.model.rows import (
    ROWS,
    Board,
    Cast,
    Character,
    Episode,
    Node,
    NodeRef,
    Row,
    Scene,
    SceneLook,
    Track,
    Use,
    WorkItem,
    Workspace,
)
from storyreel.model.view import GraphView

FILM: tuple[type[Row], ...] = (Workspace, Episode, Scene, Board, WorkItem, Character, SceneLook, Cast, Use)
"""What the film is written in; everything else is made for it or kept beside it."""
MADE: tuple[type[Row], ...] = (Node, Track, NodeRef)


async def film_at(conn: AsyncConnection, workspace_id: UUID, at: int | None = None, episode_id: UUID | None = None) -> GraphView:
    """One episode without what was made for it, now or as it stood after revision `at`: its scenes and shots, the characters."""
    return _of_episode(await _at(conn, workspace_id, at, episode_id, FILM))


async def graph_at(conn: AsyncConnection, workspace_id: UUID, at: int | None = None, episode_id: UUID | None = None) -> GraphView:
    """Every row of the graph, now or as it stood after revision `at`."""
    return await _at(conn, workspace_id, at, episode_id, tuple(ROWS.values()))


async def view_then(
    conn: AsyncConnection, workspace_id: UUID, reads: Sequence[Reads], at: int, episode_id: UUID | None = None
) -> GraphView:
    """The view that `reads` together ask for, as it stood after revision `at`; words for shots mean what they meant then.

    Tasks and the log are of now alone and are left out.

    Raises:
        BadInput, NotFound, OutOfRange: the words for shots named nothing then.
    """
    kinds = {*FILM, *(ROWS[table] for read_ in reads for table in read_.tables)}
    if any(read_.whole for read_ in reads):
        kinds = set(ROWS.values())
    view = await _at(conn, workspace_id, at, episode_id, tuple(kinds))
    if Workspace.table not in view.rows:
        return view
    view = view if any(read_.whole for read_ in reads) else _of_episode(view)
    if view.is_draft_space:
        picked = dict(drafts.picked(view, drafts.ranked_in(view), reads))
        picked |= {words: load.none_told(words) for read_ in reads for words in read_.shots}
    else:
        picked = {words: _pick(view, places.tokens(words)) for read_ in reads for words in read_.shots}
    view = replace(view, places=picked)
    shots = {shot for read_ in reads if read_.nodes != "none" for words in read_.shots for shot in picked[words]}
    shots |= {
        one
        for read_ in reads
        if read_.nodes != "none"
        for words in read_.drafts
        for one in picked.get(key_of(read_.board, words), ())
    }
    made = await _made_for(conn, workspace_id, at, shots) if shots else {}
    view = replace(view, rows={**view.rows, **made})
    assets = {asset for read_ in reads for asset in read_.assets}
    return replace(view, assets=await load.assets_of(conn, workspace_id, assets)) if assets else view


async def _at(
    conn: AsyncConnection, workspace_id: UUID, at: int | None, episode_id: UUID | None, kinds: tuple[type[Row], ...]
) -> GraphView:
    rows: load.Rows = {kind.table: dict(await read(conn, kind, in_workspace(kind, workspace_id))) for kind in kinds}
    workspace = rows[Workspace.table]
    if not workspace:
        return GraphView(workspace_id=workspace_id, rows={})
    now = await log.revision_of(conn, workspace_id, "now")
    revision = now if at is None else min(at, now)
    if revision < now:
        rows = await _taken_back(conn, workspace_id, revision, rows)
    if workspace_id not in {row.id for row in rows[Workspace.table].values() if not row.removed}:
        raise NotFound(f"the project was not there yet at revision {revision}", revision=revision)
    view = GraphView(workspace_id=workspace_id, rows=rows, revision=revision)
    return _numbered(replace(view, episode_id=_episode(view, episode_id)))


async def _taken_back(
    conn: AsyncConnection, workspace_id: UUID, at: int, rows: load.Rows, only: Collection[UUID] | None = None
) -> load.Rows:
    """The rows as they stood at `at`. `only` says which rows these are, where they are not whole tables."""
    ops = await log.since(conn, workspace_id, at, list(rows), only)
    known = GraphView(workspace_id=workspace_id, rows=rows)
    then = known.after(inverse(op) for op in reversed(net(ops))).rows
    return {table: dict(held) for table, held in then.items()}


async def _made_for(conn: AsyncConnection, workspace_id: UUID, at: int, shots: Collection[UUID]) -> load.Rows:
    """The nodes and tracks of shots as they stood at `at`."""
    rows: load.Rows = {
        kind.table: dict(await read(conn, kind, in_workspace(kind, workspace_id), among(kind, "work_item_id", shots)))
        for kind in (Node, Track)
    }
    return await _taken_back(conn, workspace_id, at, rows, [row for held in rows.values() for row in held])


def _episode(view: GraphView, asked: UUID | None) -> UUID | None:
    live = view.all(Episode)
    if asked is not None and asked not in {episode.id for episode in live}:
        raise NotFound(f"there is no episode {asked} in this project")
    return asked or (live[0].id if live else None)


def _of_episode(view: GraphView) -> GraphView:
    """The view without the scenes of other episodes, as every view of now is."""
    scenes = {scene.id: scene for scene in view.scenes()}
    return replace(view, rows={**view.rows, Scene.table: scenes})


def _numbered(view: GraphView) -> GraphView:
    here = {scene.id for scene in view.scenes()}
    shots = [shot for shot in view.shots() if shot.scene_id in here]
    numbers = {shot.id: number for number, shot in enumerate(shots, 1)} | draft_numbers(view)
    return replace(view, shot_count=len(shots), numbers=numbers)


def _pick(view: GraphView, parsed: Sequence[Token]) -> tuple[UUID, ...]:
    """The shots that tokens named then, in the film's order."""
    shots = [view.get(WorkItem, shot_id) for shot_id in view.numbers]
    ranked = [
        Ranked(shot.id, shot.label, shot.scene_id, number) for number, shot in enumerate(shots, 1) if shot.scene_id is not None
    ]
    wanted: set[UUID] = set()
    for token in parsed:
        wanted.update(places.matches(ranked, token, len(ranked), _inside(view, token)))
    return tuple(row.id for row in ranked if row.id in wanted)


def _inside(view: GraphView, token: Token) -> Iterable[UUID]:
    """The shots of the scene, or with the character, that a token names."""
    if token.kind == "scene":
        scene = scene_named(view, token.name)
        return {shot.id for shot in view.all(WorkItem) if shot.scene_id == scene.id}
    if token.kind == "with":
        person = character_named(view, token.name)
        return {part.work_item_id for part in view.all(Cast) if part.character_id == person.id}
    return ()
