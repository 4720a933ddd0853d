"""Where made things come from: lineage, two of them compared, tracks, the graph as it is drawn, and what is stale."""

from __future__ import annotations

import asyncio
from dataclasses import asdict
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query
from fastapi.responses import Response

from api.state import ActorDep, Held, HeldDep, Project, RequestId
from storyreel.actions.base import Asked, Envelope
from storyreel.actions.reads import Reads
from storyreel.actions.words_lineage import compared_lines
from storyreel.commits import Actor, EnvelopeRefused, perform
from storyreel.graph.lineage import Drawing, drawing
from storyreel.graph.load import view_for
from storyreel.model.errors import BadInput, NotFound
from storyreel.model.layout import Edge, Layout
from storyreel.model.spec import Language

router = APIRouter(prefix="/v1/workspaces/{workspace}", tags=["lineage"])
PNG: dict[int | str, dict[str, Any]] = {200: {"description": "The sheet", "content": {"image/png": {}}}}
Shown = tuple[str | None, dict[str, Any]]


@router.get("/nodes/{node}/lineage")
async def lineage(workspace: UUID, node: UUID, held: HeldDep, actor: ActorDep, request_id: RequestId) -> dict[str, Any]:
    """Why a made thing is as it is: the chain it descends from, what came of it, and what was made with its help."""
    return await _asked(held, workspace, actor, request_id, "node.lineage", node=str(node))


# Before the address without an ending, which would take the ending for a part of the id.
@router.get("/nodes/{node}/compare/{other}.png", response_class=Response, responses=PNG)
async def compare_sheet(
    workspace: UUID,
    node: UUID,
    other: UUID,
    held: HeldDep,
    actor: ActorDep,
    request_id: RequestId,
    language: Language = "en",
    width: Annotated[int, Query(ge=160, le=1600)] = 560,
) -> Response:
    """Two made things side by side as a PNG, with what differs below; `width` is that of one picture, in pixels."""
    told = await _asked(held, workspace, actor, request_id, "node.compare", node=str(node), other=str(other))
    pictures = [await _picture(held, asset, one) for asset, one in zip(told["pictures"], told["nodes"], strict=True)]
    if pictures == [None, None]:
        raise BadInput("neither of the two can be looked at; compare pictures or clips")
    data = await asyncio.to_thread(_sheet, told, pictures, language, width)
    return Response(data, media_type="image/png", headers={"Cache-Control": "private, max-age=60"})


@router.get("/nodes/{node}/compare/{other}")
async def compare(
    workspace: UUID, node: UUID, other: UUID, held: HeldDep, actor: ActorDep, request_id: RequestId
) -> dict[str, Any]:
    """What differs between two made things in prompt, parameters, references and quality; pictures are measured on the way."""
    told = await _asked(held, workspace, actor, request_id, "node.compare", node=str(node), other=str(other))
    pictures = [await _picture(held, asset, one) for asset, one in zip(told["pictures"], told["nodes"], strict=True)]
    measured = await asyncio.to_thread(lambda: [None if data is None else _measured(data) for data in pictures])
    return {**told, "measured": measured}


@router.get("/shots/{shot}/tracks")
async def tracks(workspace: UUID, shot: str, held: HeldDep, actor: ActorDep, request_id: RequestId) -> dict[str, Any]:
    """The tracks of a shot by number, label or id, or of a draft by its id: where each began, its newest, and its marks."""
    return await _asked(held, workspace, actor, request_id, "track.list", shot=shot)


@router.get("/stale")
async def stale(
    workspace: UUID,
    held: HeldDep,
    actor: ActorDep,
    request_id: RequestId,
    scope: Annotated[str, Query(max_length=2000)] = "all",
    episode: UUID | None = None,
) -> dict[str, Any]:
    """What is stale and which input changed: of shots as people name them ("3", "2-5", "scene 2"), or of the whole film."""
    words = "all" if scope in ("episode", "film", "project") else scope
    return await _asked(held, workspace, actor, request_id, "shot.stale", episode=episode, shots=words)


@router.get("/graph/layout")
async def layout(
    workspace: Project,
    held: HeldDep,
    shot: Annotated[str | None, Query(max_length=2000)] = None,
    episode: UUID | None = None,
    owner: Annotated[list[UUID] | None, Query(max_length=500)] = None,
) -> dict[str, Any]:
    """The graph of made things as it is drawn: a row and a column for each, lanes by track, edges by kind.

    Of shots as people name them (`shot`), of drafts, characters and looks by id (`owner`), else of a whole episode with its film.
    """
    async with held.database.connect() as conn:
        owners = list(owner or [])
        numbers: dict[UUID, int] = {}
        if not owners:
            view = await view_for(conn, workspace, [Reads(shots=(shot or "all",))], episode)
            numbers = dict(view.numbers)
            found = [item.id for item in view.at(shot or "all")] if view.episode_id else []
            owners = [*found, *([view.episode_id] if view.episode_id and shot is None else [])]
        drawn = await drawing(conn, workspace, owners)
    return await asyncio.to_thread(_drawn, drawn, numbers)


async def _asked(
    held: Held, workspace: UUID, actor: Actor, request_id: UUID, kind: str, *, episode: UUID | None = None, **args: Any
) -> dict[str, Any]:
    envelope = Envelope(request_id=request_id, actions=(Asked(type=kind, args=args),))
    try:
        return (await perform(held.door, workspace, envelope, actor, episode_id=episode)).data[0]
    except EnvelopeRefused as refused:
        # The address asked for one thing: what was wrong with it is the answer, not the envelope around it.
        cause = NotFound if refused.facts.get("cause") == NotFound.code else BadInput
        raise cause(refused.detail) from refused


async def _picture(held: Held, asset: str | None, told: dict[str, Any]) -> bytes | None:
    """A still of a picture or a clip; None where there is nothing to look at."""
    if asset is None:
        return None
    if told["kind"] in ("video", "final", "film"):
        path = await held.store.path(asset)
        # Reading film loads a large library; only who compares clips waits for it.
        from storyreel.media.probe import frame_at  # noqa: PLC0415

        return await asyncio.to_thread(frame_at, path, 0.0)
    return await held.store.get(asset)


def _measured(data: bytes) -> dict[str, Any]:
    from storyreel.media.still import score  # noqa: PLC0415

    return asdict(score(data))


def _sheet(told: dict[str, Any], pictures: list[bytes | None], language: Language, width: int) -> bytes:
    from storyreel.media.compare import Side, side_by_side  # noqa: PLC0415

    sides = [
        Side(data, compared_title(one, language), " · ".join(compared_facts(one, data)))
        for one, data in zip(told["nodes"], pictures, strict=True)
    ]
    return side_by_side(sides[0], sides[1], compared_lines(told, language), cell_px=width)


def compared_title(told: dict[str, Any], language: Language) -> str:
    """A picture's name: its shot, track and number, its cell."""
    number = told["owner"]["shot"]
    where = "" if number is None else f"第 {number} 个镜头" if language == "zh" else f"Shot {number}"
    return " · ".join(part for part in (where or told["owner"]["name"], told["name"]) if part)


def compared_facts(told: dict[str, Any], data: bytes | None) -> list[str]:
    """What is known of a picture, in a line: who made it and how well it is made."""
    made = [str(told[name]) for name in ("provider", "model") if told[name]]
    score = told["score"] if told["score"] is not None or data is None else _measured(data)["total"]
    return [*made, *([f"{score:.2f}"] if score is not None else [])]


def _drawn(drawn: Drawing, numbers: dict[UUID, int]) -> dict[str, Any]:
    places = drawn.layout.places
    nodes = [
        {
            "id": str(node["id"]),
            "row": places[str(node["id"])].row,
            "column": places[str(node["id"])].column,
            "kind": node["kind"],
            "stage": node["stage"],
            "track": str(node["track_id"]) if node["track_id"] else None,
            "name": f"{node['track'] or ''} #{node['number']}".strip(),
            "number": node["number"],
            "owner": str(node["owner"]),
            "cell": None if node["cell"] is None else node["cell"] + 1,
            "asset": node["asset_id"],
            "selected": node["selected"],
            "marks": [mark for mark in ("favourite", "pinned", "discarded", "to_compare") if node[mark]],
        }
        for node in drawn.nodes
    ]
    return {"nodes": nodes, **_shape(drawn.layout, numbers)}


def _shape(layout: Layout, numbers: dict[UUID, int]) -> dict[str, Any]:
    return {
        "rows": layout.rows,
        "columns": layout.columns,
        "edges": [_edge(edge) for edge in layout.edges],
        "lanes": [asdict(lane) for lane in layout.lanes],
        "blocks": [{**asdict(block), "shots": [numbers.get(UUID(owner)) for owner in block.owners]} for block in layout.blocks],
    }


def _edge(edge: Edge) -> dict[str, str]:
    told = {"source": edge.source, "target": edge.target, "kind": edge.kind}
    return {**told, "role": edge.role} if edge.role else told
