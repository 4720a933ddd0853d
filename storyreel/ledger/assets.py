"""Which bytes a workspace knows: an asset's row, named by the SHA-256 of its content."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from storyreel.assets.take_in import TakenIn
from storyreel.ledger import _sql as sql
from storyreel.model.base import AssetRef
from storyreel.model.errors import NotFound


@dataclass(frozen=True, slots=True)
class Kept:
    """Bytes that are in the store and wait to be known here.

    `source` says where they came from, `look` what they look like, `embedding` what a provider (`embedding_model`) says they show.
    """

    asset: AssetRef
    size_bytes: int
    name: str = ""
    source: Mapping[str, Any] = field(default_factory=dict[str, Any])
    look: Sequence[float] | None = None
    embedding: Sequence[float] | None = None
    embedding_model: str = ""

    @classmethod
    def of(cls, taken: TakenIn, embedding: Sequence[float] | None = None, model: str = "") -> Kept:
        """A file that was taken in."""
        return cls(taken.asset, taken.size_bytes, taken.name, taken.source, taken.look, embedding, model if embedding else "")


async def register(conn: AsyncConnection, workspace_id: UUID, asset: AssetRef, size: int, name: str = "") -> None:
    """Make an asset known, with its size in bytes; one that is known stays as it is."""
    await register_all(conn, workspace_id, [Kept(asset, size, name)])


async def register_all(conn: AsyncConnection, workspace_id: UUID, kept: Sequence[Kept]) -> None:
    """Make assets known, in one statement. One that is known stays as it is; only what was not known of it yet is added.

    One that comes again after a while counts as new, so that no collection that looks at this moment takes it away.
    """
    if not kept:
        return
    once = {one.asset.id: one for one in reversed(kept)}
    await sql.run(conn, REGISTER, workspace=workspace_id, assets=sql.json([_row(one) for one in once.values()]))


REGISTER = """
    insert into asset (
        workspace_id, id, media_type, size_bytes, width_px, height_px, duration_s, name, source, perceptual, embedding, embedding_model
    )
    select :workspace, a.id, a.media_type, a.size_bytes, a.width_px, a.height_px, a.duration_s, a.name, a.source,
        cast(a.look as vector), cast(a.embedding as vector), a.embedding_model
    from jsonb_to_recordset(cast(:assets as jsonb)) as a(
        id text, media_type text, size_bytes bigint, width_px integer, height_px integer, duration_s double precision, name text,
        source jsonb, look text, embedding text, embedding_model text
    )
    order by a.id
    on conflict (workspace_id, id) do update
        set perceptual = coalesce(asset.perceptual, excluded.perceptual),
            embedding = coalesce(asset.embedding, excluded.embedding),
            embedding_model = case when asset.embedding is null then excluded.embedding_model else asset.embedding_model end,
            source = case when asset.source ? 'collected' then excluded.source || (asset.source - 'collected') else asset.source end,
            created_at = now()
        where (asset.perceptual is null and excluded.perceptual is not null)
            or (asset.embedding is null and excluded.embedding is not null)
            or asset.created_at < now() - interval '1 hour'
"""


def _row(one: Kept) -> dict[str, Any]:
    return {
        **one.asset.model_dump(),
        "size_bytes": one.size_bytes,
        "name": one.name,
        "source": dict(one.source),
        "look": _vector(one.look),
        "embedding": _vector(one.embedding),
        "embedding_model": one.embedding_model,
    }


def _vector(values: Sequence[float] | None) -> str | None:
    return None if values is None else f"[{','.join(f'{value:.6g}' for value in values)}]"


async def seen(conn: AsyncConnection, workspace_id: UUID, place: str) -> set[str]:
    """The marks (`mark`) of what was brought in from a place before."""
    found = await sql.rows(
        conn,
        """
        select m.mark from asset a cross join jsonb_array_elements_text(a.source -> 'seen') as m(mark)
        where a.workspace_id = :workspace and a.source ? 'seen' and starts_with(m.mark, :place)
        """,
        workspace=workspace_id,
        place=place,
    )
    return {one["mark"] for one in found}


async def mark(conn: AsyncConnection, workspace_id: UUID, asset_id: str, said: str) -> None:
    """Remember that an asset is what lies at a place under a version (`place#version`), so that it is not fetched again."""
    await sql.run(
        conn,
        """
        update asset set source = jsonb_set(source, '{seen}', coalesce(source -> 'seen', '[]') || to_jsonb(cast(:said as text)))
        where workspace_id = :workspace and id = :id and not coalesce(source -> 'seen', '[]') ? :said
        """,
        workspace=workspace_id,
        id=asset_id,
        said=said,
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


async def knowing(conn: AsyncConnection, asset_ids: Sequence[str]) -> list[UUID]:
    """The workspaces that know any of these assets."""
    found = await sql.rows(
        conn, "select distinct workspace_id from asset where id = any(cast(:ids as text[]))", ids=list(asset_ids)
    )
    return [one["workspace_id"] for one in found]


async def forget(conn: AsyncConnection, asset_ids: Sequence[str], before: datetime) -> set[str]:
    """Forget assets in every workspace, with the uploads they came by; the ids that were brought in again since `before`, which stay.

    A row that a removed row points at cannot go: it stays, and says that its bytes were collected.
    """
    values = {"ids": list(asset_ids), "before": before}
    await sql.run(
        conn, "delete from upload where asset_id = any(cast(:ids as text[])) and expires_at <= now()", ids=values["ids"]
    )
    await sql.run(conn, FORGET, **values)
    await sql.run(
        conn,
        """
        update asset set source = source || '{"collected": true}'
        where id = any(cast(:ids as text[])) and created_at < :before
        """,
        **values,
    )
    again = await sql.rows(conn, "select id from asset where id = any(cast(:ids as text[])) and created_at >= :before", **values)
    return {one["id"] for one in again}


FORGET = """
    delete from asset a where a.id = any(cast(:ids as text[])) and a.created_at < :before
        and not exists (select from node where workspace_id = a.workspace_id and asset_id = a.id)
        and not exists (select from node_ref where workspace_id = a.workspace_id and source_asset_id = a.id)
        and not exists (select from work_item_asset where workspace_id = a.workspace_id and asset_id = a.id)
        and not exists (select from asset_card where workspace_id = a.workspace_id and asset_id = a.id)
        and not exists (select from upload where workspace_id = a.workspace_id and asset_id = a.id)
        and not exists (select from provider_job where workspace_id = a.workspace_id and asset_id = a.id)
        and not exists (select from made where workspace_id = a.workspace_id and asset_id = a.id)
"""
