"""Draft spaces: boards and drafts as lists; and packages, streamed as a zip."""

from __future__ import annotations

import asyncio
import json
import re
import zlib
from collections.abc import AsyncGenerator, AsyncIterable, Sequence
from datetime import datetime
from typing import Annotated, Any
from urllib.parse import quote
from uuid import UUID

from fastapi import APIRouter, Query
from fastapi.responses import StreamingResponse
from stream_zip import ZIP_AUTO, Method, async_stream_zip

from api.models import Page
from api.state import Held, HeldDep, Project
from storyreel.actions.drafting import EVERYWHERE, board_line, boards, draft_line, drafts_at
from storyreel.actions.package import Entry, ExportPackage, What
from storyreel.actions.reads import Reads
from storyreel.graph.load import view_for
from storyreel.model.errors import BadInput, NotFound
from storyreel.model.view import GraphView

router = APIRouter(prefix="/v1/workspaces/{workspace}", tags=["drafts"])
# Pictures, clips and sounds are packed already: packing them again costs time and saves nothing.
PLAIN = 0
MODE = 0o100644
# The oldest day a zip knows; the bytes of a package depend on what is in it and on nothing else.
DAY = datetime(1980, 1, 1)  # noqa: DTZ001 - a zip's time has no zone
AT_ONCE = 16
MANIFEST = "manifest.json"
ZIPPED: dict[int | str, dict[str, Any]] = {200: {"description": "The zip", "content": {"application/zip": {}}}}


@router.get("/boards")
async def board_list(workspace: Project, held: HeldDep) -> list[dict[str, Any]]:
    """The boards of a draft space in order, a line each."""
    view = await _space(held, workspace, Reads(drafts=(EVERYWHERE,)))
    return [board_line(view, board, number) for number, board in enumerate(boards(view), 1)]


@router.get("/drafts")
async def draft_list(
    workspace: Project,
    held: HeldDep,
    board: Annotated[str, Query(max_length=300)] = "",
    which: Annotated[str, Query(min_length=1, max_length=300)] = "all",
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    cursor: Annotated[int, Query(ge=0, le=10**6)] = 0,
) -> Page[dict[str, Any]]:
    """Drafts in order, a line each: of a board, or those that words name ("tag:night", "2-5", "everywhere")."""
    view = await _space(held, workspace, Reads(drafts=(which,), board=board, nodes="selected"))
    found = drafts_at(view, which, board)
    title = {one.id: one.title for one in boards(view)}
    items = [
        {**draft_line(view, item), "board": title.get(item.board_id) if item.board_id else None}
        for item in found[cursor : cursor + limit]
    ]
    return Page(items=items, next=str(cursor + limit) if len(found) > cursor + limit else None)


@router.get("/package", response_class=StreamingResponse, responses=ZIPPED)
async def package(
    workspace: Project,
    held: HeldDep,
    what: What = "favourites",
    shots: Annotated[str | None, Query(min_length=1, max_length=300)] = None,
    drafts: Annotated[str | None, Query(min_length=1, max_length=300)] = None,
    board: Annotated[str, Query(max_length=300)] = "",
    nodes: Annotated[list[UUID] | None, Query(max_length=200)] = None,
    rule: Annotated[str, Query(max_length=300)] = "",
    episode: UUID | None = None,
) -> StreamingResponse:
    """A zip of what `export.package` lists: one folder, its files named by the rule, and a manifest of where each came from."""
    asked = ExportPackage(what=what, shots=shots, drafts=drafts, board=board, nodes=tuple(nodes or ()), rule=rule)
    async with held.database.connect() as conn:
        view = await view_for(conn, workspace, [asked.reads()], episode)
    entries, folder = asked.entries(view), asked.folder(view)
    sizes = await _sizes(held, entries)
    missing = [entry.name for entry, size in zip(entries, sizes, strict=True) if size is None]
    if missing:
        raise NotFound(
            f"the bytes of {', '.join(missing[:3])} are not in the store; leave them out, or make them again", files=missing
        )
    members = _members(held, view, folder, entries, [size or 0 for size in sizes])
    zipped = async_stream_zip(members, get_compressobj=_as_they_are)
    return StreamingResponse(zipped, media_type="application/zip", headers={"Content-Disposition": _attachment(f"{folder}.zip")})


async def _space(held: Held, workspace: UUID, reads: Reads) -> GraphView:
    async with held.database.connect() as conn:
        view = await view_for(conn, workspace, [reads])
    if not view.is_draft_space:
        raise BadInput("this is a project: boards and drafts are in draft spaces")
    return view


async def _sizes(held: Held, entries: Sequence[Entry]) -> list[int | None]:
    """The bytes of each file; None where they are not there."""
    gate = asyncio.Semaphore(AT_ONCE)

    async def size(entry: Entry) -> int | None:
        async with gate:
            try:
                return await held.store.size(entry.asset.id)
            except NotFound:
                return None

    return await asyncio.gather(*(size(entry) for entry in entries))


async def _members(
    held: Held, view: GraphView, folder: str, entries: Sequence[Entry], sizes: Sequence[int]
) -> AsyncGenerator[tuple[str, datetime, int, Method, AsyncIterable[bytes]]]:
    """Each file with its bytes as they come, the manifest last. Nothing is held but a piece at a time."""
    for entry, size in zip(entries, sizes, strict=True):
        yield f"{folder}/{entry.name}", DAY, MODE, ZIP_AUTO(size, level=PLAIN), held.store.stream(entry.asset.id)
    told = {
        "workspace": str(view.workspace_id),
        "name": view.workspace.name,
        "revision": view.revision,
        "files": [entry.told() for entry in entries],
    }
    text = json.dumps(told, ensure_ascii=False, indent=1).encode()
    yield f"{folder}/{MANIFEST}", DAY, MODE, ZIP_AUTO(len(text), level=PLAIN), _once(text)


async def _once(data: bytes) -> AsyncGenerator[bytes]:
    yield data


def _as_they_are() -> Any:
    return zlib.compressobj(wbits=-zlib.MAX_WBITS, level=PLAIN)


def _attachment(name: str) -> str:
    """The header that saves a file under its name, also where a system knows only plain letters."""
    plain = re.sub(r"[^A-Za-z0-9 ._-]", "_", name)
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
