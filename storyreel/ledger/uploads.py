"""Files on their way in: what was announced, how much of it is safe, and which asset came of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy.ext.asyncio import AsyncConnection

from storyreel.ledger import _sql as sql
from storyreel.model.errors import Conflict, NotFound, Refused

MOST_OPEN = 100
COLUMNS = "id, workspace_id, name, size_bytes, received_bytes, asset_id, actor, created_at, expires_at"


@dataclass(frozen=True, slots=True)
class Upload:
    """One file on its way. `asset_id` is set once it is whole and was taken in."""

    id: UUID
    workspace_id: UUID
    name: str
    size_bytes: int
    received_bytes: int
    asset_id: str | None
    actor: str
    created_at: datetime
    expires_at: datetime


async def announce(
    conn: AsyncConnection, workspace_id: UUID, *, name: str, size_bytes: int, actor: str, lasts_s: float
) -> Upload:
    """Announce a file that is to come.

    Raises:
        Refused: too many are under way already.
    """
    values = {"workspace": workspace_id, "id": uuid4(), "name": name, "size": size_bytes, "actor": actor, "lasts": lasts_s}
    found = await sql.row(
        conn,
        f"""
        insert into upload (workspace_id, id, name, size_bytes, actor, expires_at)
        select :workspace, :id, :name, :size, :actor, now() + make_interval(secs => :lasts)
        where {MOST_OPEN} > (
            select count(*) from upload where workspace_id = :workspace and asset_id is null and expires_at > now()
        )
        returning {COLUMNS}
        """,  # noqa: S608 - constants
        **values,
    )
    if found is None:
        raise Refused(f"{MOST_OPEN} uploads are under way in this project; finish one first")
    return Upload(**found)


async def find(conn: AsyncConnection, workspace_id: UUID, upload_id: UUID) -> Upload:
    """One upload.

    Raises:
        NotFound: there is none, or it was swept.
    """
    found = await sql.row(
        conn,
        f"select {COLUMNS} from upload where workspace_id = :workspace and id = :id and expires_at > now()",  # noqa: S608 - constants
        workspace=workspace_id,
        id=upload_id,
    )
    if found is None:
        raise NotFound(f"there is no upload {upload_id}; it may have expired: begin it again")
    return Upload(**found)


async def advance(conn: AsyncConnection, upload: Upload, received_bytes: int) -> None:
    """Count the bytes that are safe now.

    Raises:
        Conflict: another request was faster.
    """
    moved = await sql.run(
        conn,
        """
        update upload set received_bytes = :now
        where workspace_id = :workspace and id = :id and received_bytes = :was and received_bytes <= :now and asset_id is null
        """,
        workspace=upload.workspace_id,
        id=upload.id,
        was=upload.received_bytes,
        now=received_bytes,
    )
    if not moved:
        raise Conflict("another request sent a piece of this upload meanwhile; ask for its offset, then go on")


async def finish(conn: AsyncConnection, upload: Upload, asset_id: str) -> None:
    """Name the asset that came of it; said twice, it is one."""
    await sql.run(
        conn,
        "update upload set asset_id = :asset where workspace_id = :workspace and id = :id and asset_id is null",
        workspace=upload.workspace_id,
        id=upload.id,
        asset=asset_id,
    )


async def drop(conn: AsyncConnection, upload: Upload) -> None:
    """Forget an upload."""
    await sql.run(
        conn, "delete from upload where workspace_id = :workspace and id = :id", workspace=upload.workspace_id, id=upload.id
    )


async def sweep(conn: AsyncConnection) -> Sequence[UUID]:
    """Forget the uploads of every workspace whose time is over; their ids, so that their bytes can go too."""
    found = await sql.rows(conn, "delete from upload where expires_at <= now() returning id")
    return [one["id"] for one in found]
