"""Files: keeping a person's files, and giving out bytes, whole or in ranges."""

from __future__ import annotations

import re
from collections.abc import AsyncGenerator
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Header, Query, Request
from fastapi.responses import Response, StreamingResponse

from api.errors import DOCUMENTED, problem
from api.limits import LARGEST_FILE
from api.models import AssetOut
from api.state import ActorDep, HeldDep, Project
from storyreel.assets.incoming import save
from storyreel.graph.rows import in_workspace, read
from storyreel.graph.shots import episode_view
from storyreel.ledger import assets
from storyreel.model.errors import NotFound
from storyreel.model.rows import Episode

router = APIRouter(prefix="/v1/workspaces/{workspace}", tags=["files"])
RANGE = re.compile(r"^bytes=(\d{0,18})-(\d{0,18})$")
# What a browser may show in its own right; everything else is offered to be saved.
BYTES: dict[int | str, dict[str, Any]] = {
    200: {"description": "All the bytes", "content": {"*/*": {}}},
    206: {"description": "The bytes of one range", "content": {"*/*": {}}},
    304: {"description": "The bytes are those you have"},
    416: {"description": "The file has no such range", "content": DOCUMENTED[404]["content"]},
}
SAFE = {"Content-Security-Policy": "sandbox; default-src 'none'", "X-Content-Type-Options": "nosniff"}


@router.post("/assets", status_code=201)
async def keep(
    workspace: Project, request: Request, held: HeldDep, actor: ActorDep, name: Annotated[str, Query(max_length=300)] = ""
) -> AssetOut:
    """Keep the request's body as an asset: by its content and not its name, cleaned, and once.

    Larger files, and ways that break off, take `POST .../uploads`.
    """
    async with held.intake.incoming.aside() as file:
        await save(request.stream(), file, most=LARGEST_FILE)
        asset = await held.intake.keep(workspace, file, name=name, source={"by": "upload", "actor": actor.id})
    return AssetOut.model_validate(asset.model_dump())


@router.get("/assets/{asset}/facts")
async def facts(workspace: UUID, asset: str, held: HeldDep) -> AssetOut:
    """An asset's facts."""
    async with held.database.connect() as conn:
        return AssetOut.model_validate((await assets.get(conn, workspace, asset)).model_dump())


@router.get("/assets/{asset}", response_class=Response, responses=BYTES)
async def give(
    workspace: UUID,
    asset: str,
    held: HeldDep,
    byte_range: Annotated[str | None, Header(alias="Range")] = None,
    if_none_match: Annotated[str, Header()] = "",
) -> Response:
    """An asset's bytes; a range where `Range` asks for one."""
    async with held.database.connect() as conn:
        ref = await assets.get(conn, workspace, asset)
    size = await held.store.size(asset)
    headers = {"Accept-Ranges": "bytes", "ETag": f'"{asset}"', "Cache-Control": "private, max-age=31536000, immutable", **SAFE}
    if headers["ETag"] in if_none_match:
        return Response(status_code=304, headers=headers)
    wanted = _range(byte_range, size)
    if wanted is None:
        return StreamingResponse(
            _bytes(held, asset, 0, size), headers={**headers, "Content-Length": str(size)}, media_type=ref.media_type
        )
    start, stop = wanted
    if start >= stop:
        said = f"the file has {size} bytes, and none of those asked for"
        return problem(416, "range-not-satisfiable", said, headers={"Content-Range": f"bytes */{size}"})
    headers |= {"Content-Range": f"bytes {start}-{stop - 1}/{size}", "Content-Length": str(stop - start)}
    return StreamingResponse(_bytes(held, asset, start, stop), 206, headers=headers, media_type=ref.media_type)


@router.get("/film")
async def film(workspace: UUID, held: HeldDep, episode: UUID | None = None) -> dict[str, Any]:
    """The film of an episode (the first, unless one is named): its asset, and what is known of it.

    `whole` says whether it is the film of the shots as they are now.
    """
    async with held.database.connect() as conn:
        episodes = await read(conn, Episode, in_workspace(Episode, workspace))
        live = sorted((e for e in episodes.values() if not e.removed), key=lambda e: (e.order_key, str(e.id)))
        chosen = episodes.get(episode) if episode else (live[0] if live else None)
        if chosen is None:
            raise NotFound(f"there is no such film in the project {workspace}")
        view = await episode_view(conn, workspace, chosen.id)
    node = view.latest.get("film")
    if chosen.film_node_id is None or node is None or node.id != chosen.film_node_id or node.asset_id is None:
        raise NotFound("the film has not been joined yet; ask for it with 'make the film'", shots=len(view.shots))
    return {
        "episode": str(chosen.id),
        "title": chosen.title,
        "asset": node.asset_id,
        "node": str(node.id),
        "facts": node.facts,
        "shots": len(view.shots),
        "frames": sum(shot.shot.frames for shot in view.shots),
        "fps": view.workspace.fps,
    }


async def _bytes(held: HeldDep, asset: str, start: int, stop: int) -> AsyncGenerator[bytes]:
    async for chunk in held.store.stream(asset, start, stop):
        yield chunk


def _range(header: str | None, size: int) -> tuple[int, int] | None:
    """The half-open range a header asks for; None where it asks for none that we serve."""
    match = RANGE.match(header.strip()) if header else None
    if match is None or match[1] == match[2] == "":
        return None
    if match[1] == "":
        return max(0, size - int(match[2])), size
    # A range that runs backwards is none.
    if match[2] and int(match[2]) < int(match[1]):
        return None
    return int(match[1]), min(size, int(match[2]) + 1 if match[2] else size)
