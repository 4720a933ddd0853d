"""Rows of the graph between PostgreSQL and their models."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement, Table, Text, Uuid, any_, literal, select
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.ext.asyncio import AsyncConnection

from storyreel.model.rows import Row
from storyreel.runtime.tables import metadata

T = TypeVar("T", bound=Row)


def table_of(kind: type[Row]) -> Table:
    """The table of a row."""
    return metadata.tables[kind.table]


def columns_of(kind: type[Row]) -> list[Any]:
    """The columns a row's model knows; the others (revision, created_at) are the database's own."""
    table = table_of(kind)
    return [table.c[name] for name in kind.model_fields]


async def read(conn: AsyncConnection, kind: type[T], *where: ColumnElement[bool]) -> dict[UUID, T]:
    """The rows that match, removed ones too, by id."""
    found = await conn.execute(select(*columns_of(kind)).where(*where))
    rows = (kind.model_validate(dict(row)) for row in found.mappings())
    return {row.id: row for row in rows}


def in_workspace(kind: type[Row], workspace_id: UUID) -> ColumnElement[bool]:
    """The condition that a row is of this workspace."""
    table = table_of(kind)
    return (table.c.workspace_id if "workspace_id" in table.c else table.c.id) == workspace_id


def among(kind: type[Row], column: str, ids: Iterable[UUID | str]) -> ColumnElement[bool]:
    """The condition that a column is one of `ids`; they are sent as one array, however many there are."""
    held = table_of(kind).c[column]
    return held == any_(literal(list(ids), ARRAY(Uuid() if isinstance(held.type, Uuid) else Text())))


def values_of(row: Row) -> dict[str, Any]:
    """A row's columns as PostgreSQL takes them: objects as JSON, ids as ids."""
    plain, json = row.model_dump(), row.model_dump(mode="json")
    table = table_of(type(row))
    return {name: json[name] if isinstance(table.c[name].type, JSONB) else plain[name] for name in plain}
