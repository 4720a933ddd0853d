"""Assets: small pictures of them, where they are used, and finding anything by words or looks."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Header, Query
from fastapi.responses import FileResponse, Response

from api.routes.files import BYTES, SAFE
from api.state import HeldDep, Project
from storyreel.actions.reads import FIND_KINDS, Find, FindKind
from storyreel.assets.thumbs import WIDTHS_PX, Form
from storyreel.graph.search import search
from storyreel.graph.uses import uses
from storyreel.ledger import assets
from storyreel.model.errors import BadInput

router = APIRouter(prefix="/v1/workspaces/{workspace}", tags=["files"])


@router.get("/assets/{asset}/thumb", response_class=Response, responses={200: BYTES[200], 304: BYTES[304]})
async def thumb(
    workspace: UUID,
    asset: str,
    held: HeldDep,
    w: Annotated[
        int, Query(ge=1, le=WIDTHS_PX[-1], description="Its width in pixels; the next one that is kept is given.")
    ] = 320,
    form: Form = "webp",
    if_none_match: Annotated[str, Header()] = "",
) -> Response:
    """A small picture of an asset: the picture itself, a clip's poster, or the outline of a sound."""
    async with held.database.connect() as conn:
        ref = await assets.get(conn, workspace, asset)
    file = await held.thumbs.of(held.store, ref, w, form)
    headers = {"ETag": f'"{file.name}"', "Cache-Control": "private, max-age=31536000, immutable", **SAFE}
    if headers["ETag"] in if_none_match:
        return Response(status_code=304, headers=headers)
    return FileResponse(file, headers=headers, media_type=f"image/{form}")


@router.get("/assets/{asset}/uses")
async def used(workspace: UUID, asset: str, held: HeldDep) -> dict[str, Any]:
    """Where an asset is used: shots, nodes, references, selections, films, and the snapshots that still name it."""
    async with held.database.connect() as conn:
        await assets.get(conn, workspace, asset)
        return {"asset": asset, **await uses(conn, workspace, asset)}


@router.get("/search")
async def find(
    workspace: Project,
    held: HeldDep,
    q: Annotated[str, Query(max_length=500, description="Words; Chinese is found as it is written.")] = "",
    kind: Annotated[list[FindKind] | None, Query(description="Only these kinds; else all.")] = None,
    like: Annotated[str | None, Query(pattern="^[0-9a-f]{64}$", description="An asset whose look-alikes are wanted.")] = None,
    by: Annotated[str, Query(pattern="^(look|meaning)$")] = "look",
    limit: Annotated[int, Query(ge=1, le=200)] = 20,
) -> dict[str, Any]:
    """Find words in scripts, shots, prompts, memory, messages and assets, the best first, each with a snippet and where it stands."""
    if not q.strip() and like is None and kind != ["asset"]:
        raise BadInput("say what to look for: `q` are words, `like` is an asset; `kind=asset` alone lists the newest assets")
    looked = Find(
        words=q, kinds=tuple(kind or FIND_KINDS), like=like or "", by="meaning" if by == "meaning" else "look", limit=limit
    )
    async with held.database.connect() as conn:
        hits = await search(conn, workspace, looked)
    return {"items": hits}
