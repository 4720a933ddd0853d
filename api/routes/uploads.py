"""Uploads that can be resumed, and imports from an address, a folder or a bucket."""

from __future__ import annotations

from typing import Annotated, Any, BinaryIO, Self
from uuid import UUID

from fastapi import APIRouter, Header, Request
from fastapi.responses import Response
from pydantic import BaseModel, Field, model_validator
from starlette.requests import ClientDisconnect

from api.models import AssetOut
from api.state import ActorDep, Held, HeldDep, Project, RequestId
from storyreel.assets.guard import Fetcher
from storyreel.assets.incoming import append
from storyreel.assets.places import BucketPlace, FolderPlace
from storyreel.assets.take_in import TooLarge, plain_name
from storyreel.commits import Outcome
from storyreel.commits.intake import Brought, Importer, Left
from storyreel.ledger import assets, uploads
from storyreel.ledger.uploads import Upload
from storyreel.model.base import AssetRef
from storyreel.model.errors import BadInput, Conflict, Unavailable

router = APIRouter(prefix="/v1/workspaces/{workspace}", tags=["files"])
OFFSET = "Upload-Offset"


class NewUpload(BaseModel):
    """A file that is to come."""

    name: str = Field(default="", max_length=300)
    size_bytes: int = Field(ge=1, description="How large it will be in the end.")


class UploadOut(BaseModel):
    """How an upload stands. `asset` is set once the file is whole and was taken in."""

    id: UUID
    name: str
    size_bytes: int
    offset: int = Field(description="How many bytes are safe; the next piece begins here.")
    expires_at: str
    asset: AssetOut | None = None


class Bucket(BaseModel):
    """A prefix of a bucket that the operator allows."""

    name: str = Field(min_length=1, max_length=100)
    prefix: str = Field(default="", max_length=1000)


class NewImport(BaseModel):
    """Where files are to be brought in from: one of the three."""

    url: str | None = Field(default=None, min_length=1, max_length=4000)
    folder: str | None = Field(
        default=None, max_length=1000, description="A folder below the operator's root; empty is the root."
    )
    bucket: Bucket | None = None
    tags: tuple[Annotated[str, Field(min_length=1, max_length=60)], ...] = Field(default=(), max_length=50)

    @model_validator(mode="after")
    def _one(self) -> Self:
        if sum(given is not None for given in (self.url, self.folder, self.bucket)) != 1:
            raise ValueError("name one of url, folder and bucket")
        return self


class Imported(BaseModel):
    """What was brought in. `known` files were brought in before; `left` could not be kept; `outcome` is the commit in the log."""

    assets: list[AssetOut]
    known: int
    left: list[Left]
    outcome: Outcome | None


@router.post("/uploads", status_code=201)
async def announce(workspace: Project, body: NewUpload, held: HeldDep, actor: ActorDep, response: Response) -> UploadOut:
    """Announce a file. Its bytes then come with PATCH, in as many pieces as the way allows."""
    if body.size_bytes > held.settings.upload_most_bytes:
        most = held.settings.upload_most_bytes
        raise TooLarge(f"the file has {body.size_bytes} bytes; a file may have {most}", most_bytes=most)
    async with held.database.begin() as conn:
        gone = await uploads.sweep(conn)
        lasts_s = held.settings.upload_lasts_s
        name = plain_name(body.name)
        made = await uploads.announce(conn, workspace, name=name, size_bytes=body.size_bytes, actor=actor.id, lasts_s=lasts_s)
    for one in gone:
        held.intake.incoming.drop(one)
    response.headers["Location"] = f"/v1/workspaces/{workspace}/uploads/{made.id}"
    return await _told(held, made, response)


@router.get("/uploads/{upload}")
@router.head("/uploads/{upload}", include_in_schema=False)
async def stands(workspace: UUID, upload: UUID, held: HeldDep, response: Response) -> UploadOut:
    """How an upload stands: `Upload-Offset` says where the next piece begins. HEAD answers with the headers alone."""
    async with held.database.connect() as conn:
        found = await uploads.find(conn, workspace, upload)
    response.headers["Cache-Control"] = "no-store"
    return await _told(held, found, response)


@router.patch("/uploads/{upload}")
async def piece(
    workspace: UUID,
    upload: UUID,
    request: Request,
    held: HeldDep,
    response: Response,
    offset: Annotated[int, Header(alias=OFFSET, ge=0)],
) -> UploadOut:
    """Send the next piece as the body, from `Upload-Offset` on. What breaks off half way is kept up to there.

    With the last byte the file is taken in; one that cannot be is forgotten, and the answer says why.
    """
    found = await _check(held, workspace, upload, offset)
    if found.asset_id is None:
        found = await _take(held, found, request)
    return await _told(held, found, response)


@router.delete("/uploads/{upload}", status_code=204, response_class=Response)
async def forget(workspace: UUID, upload: UUID, held: HeldDep) -> Response:
    """Give an upload up. What came of a finished one stays."""
    async with held.database.begin() as conn:
        found = await uploads.find(conn, workspace, upload)
        await uploads.drop(conn, found)
    held.intake.incoming.drop(upload)
    return Response(status_code=204)


@router.post("/imports", status_code=201)
async def bring_in(workspace: Project, body: NewImport, held: HeldDep, actor: ActorDep, request_id: RequestId) -> Imported:
    """Bring files in from an address, a folder or a bucket. The log says who did and from where; it can be undone.

    Addresses inside the network are refused, also behind a name or a redirect. What was brought in from a place before is skipped.
    """
    importer = Importer(held.intake, workspace, actor, request_id, body.tags)
    settings = held.settings
    if body.url is not None:
        fetcher = Fetcher(settings.upload_most_bytes, settings.import_timeout_s, settings.import_hosts)
        return _brought(await importer.url(fetcher, body.url))
    if body.bucket is not None:
        return _brought(
            await importer.place(BucketPlace.of(settings, body.bucket.name, body.bucket.prefix), settings.import_most_files)
        )
    return _brought(await importer.place(FolderPlace.of(settings, body.folder or ""), settings.import_most_files))


async def _take(held: Held, upload: Upload, request: Request) -> Upload:
    """The next piece of an upload, and the whole file where it is the last."""
    with held.intake.incoming.held(upload.id) as out:
        # Whoever held it before may have moved it on.
        found = await _check(held, upload.workspace_id, upload.id, upload.received_bytes)
        if found.asset_id is None:
            found = await _append(held, found, request, out)
        if found.asset_id is None and found.received_bytes == found.size_bytes:
            found = await _finish(held, found)
    return found


async def _check(held: Held, workspace: UUID, upload: UUID, offset: int) -> Upload:
    async with held.database.connect() as conn:
        found = await uploads.find(conn, workspace, upload)
    if offset != found.received_bytes:
        raise Conflict(f"the next piece begins at byte {found.received_bytes}, not {offset}", offset=found.received_bytes)
    return found


async def _append(held: Held, upload: Upload, request: Request, out: BinaryIO) -> Upload:
    written = await append(out, upload.received_bytes, request.stream(), most=upload.size_bytes)
    async with held.database.begin() as conn:
        await uploads.advance(conn, upload, written.size_bytes)
        moved = await uploads.find(conn, upload.workspace_id, upload.id)
    if isinstance(written.broken, ClientDisconnect):
        raise Conflict("the piece broke off; what came of it is kept", offset=moved.received_bytes)
    if written.broken is not None:
        raise written.broken
    return moved


async def _finish(held: Held, upload: Upload) -> Upload:
    """Take the whole file in.

    Raises:
        BadInput: it cannot be; it is forgotten, since the same bytes would be refused again.
    """
    source: dict[str, Any] = {"by": "upload", "actor": upload.actor}
    incoming = held.intake.incoming
    try:
        asset = await held.intake.keep(upload.workspace_id, incoming.file(upload.id), name=upload.name, source=source)
    except FileNotFoundError as gone:
        raise Unavailable("the bytes of this upload are not on this machine; send it again", cause="upload-away") from gone
    except BadInput:
        async with held.database.begin() as conn:
            await uploads.drop(conn, upload)
        incoming.drop(upload.id)
        raise
    async with held.database.begin() as conn:
        await uploads.finish(conn, upload, asset.id)
        finished = await uploads.find(conn, upload.workspace_id, upload.id)
    incoming.drop(upload.id)
    return finished


async def _told(held: Held, upload: Upload, response: Response) -> UploadOut:
    response.headers[OFFSET] = str(upload.received_bytes)
    response.headers["Upload-Length"] = str(upload.size_bytes)
    asset: AssetRef | None = None
    if upload.asset_id is not None:
        async with held.database.connect() as conn:
            asset = await assets.get(conn, upload.workspace_id, upload.asset_id)
    return UploadOut(
        id=upload.id,
        name=upload.name,
        size_bytes=upload.size_bytes,
        offset=upload.received_bytes,
        expires_at=upload.expires_at.isoformat(),
        asset=_out(asset) if asset else None,
    )


def _brought(found: Brought) -> Imported:
    return Imported(assets=[_out(one) for one in found.assets], known=found.known, left=list(found.left), outcome=found.outcome)


def _out(asset: AssetRef) -> AssetOut:
    return AssetOut.model_validate(asset.model_dump())
