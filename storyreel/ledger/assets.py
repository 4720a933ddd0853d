"""Which bytes a workspace knows: an asset's row, named by the SHA-256 of its content."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from storyreel.ledger import _sql as sql
from storyreel.model.base import AssetRef
from storyreel.model.errors import NotFound


@dataclass(frozen=True, slots=True)
class Kept:
    """Bytes that are in the store and wait to be known here."""

    asset: AssetRef
    size_bytes: int
    name: str = ""


async def register(conn: AsyncConnection, workspace_id: UUID, asset: AssetRef, size: int, name: str = "") -> None:
    """Make an asset known, with its size in bytes; one that is known stays as it is."""
    await register_all(conn, workspace_id, [Kept(asset, size, name)])


async def register_all(conn: AsyncConnection, workspace_id: UUID, kept: Sequence[Kept]) -> None:
    """Make assets known, in one statement."""
    if not kept:
        return
    await sql.run(
        conn,
        """
        insert into asset (workspace_id, id, media_type, size_bytes, width_px, height_px, duration_s, name)
        select :workspace, a.id, a.media_type, a.size_bytes, a.width_px, a.height_px, a.duration_s, a.name
        from jsonb_to_recordset(cast(:assets as jsonb)) as a(
            id text, media_type text, size_bytes bigint, width_px integer, height_px integer, duration_s double precision, name text
        )
        order by a.id
        on conflict do nothing
        """,
        workspace=workspace_id,
        assets=sql.json([{**one.asset.model_dump(), "size_bytes": one.size_bytes, "name": one.name} for one in kept]),
    )


async def get(conn: AsyncConnection, workspace_id: UUID, asset_id: str) -> AssetRef:
    """One asset.

    Raises:
        NotFound: the workspace has no such asset.
    """
    found = await get_all(conn, workspace_id, [asset_id])
    if asset_id not in found:
        raise NotFound(f"there is no asset {asset_id}")
    return found[asset_id]


async def get_all(conn: AsyncConnection, workspace_id: UUID, asset_ids: Sequence[str]) -> dict[str, AssetRef]:
    """Those of the assets that the workspace has, by id."""
    found = await sql.rows(
        conn,
        """
        select id, media_type, width_px, height_px, duration_s from asset
        where workspace_id = :workspace and id = any(cast(:ids as text[]))
        """,
        workspace=workspace_id,
        ids=list(asset_ids),
    )
    return {one["id"]: AssetRef.model_validate(dict(one)) for one in found}
