"""Rows of the graph between PostgreSQL and their models."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any, TypeVar
from uuid import UUID

from pydantic import TypeAdapter
from sqlalchemy import ColumnElement, Table, Text, TextClause, Uuid, any_, literal, select, text
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


async def read_together(
    conn: AsyncConnection, wanted: Mapping[type[Row], str], beside: str = "null", **values: Any
) -> tuple[dict[str, dict[UUID, Row]], Any]:
    """The rows of several tables by table and id, each those that its condition finds, and a value beside them: all of one moment.

    A condition is SQL made of constants, with `values` for its names; `beside` is such a query for one value.
    """
    *found, value = (await conn.execute(_together(tuple(wanted.items()), beside), values)).one()
    pairs = zip(wanted, found, strict=True)
    return {kind.table: {row.id: row for row in _rows_of(kind).validate_json(rows)} for kind, rows in pairs}, value


@cache
def _together(wanted: tuple[tuple[type[Row], str], ...], beside: str) -> TextClause:
    # As text that Pydantic reads itself: half the time of values that the driver makes first.
    return text("select " + ", ".join([*(_as_json(kind, where) for kind, where in wanted), f"({beside})"]))


def _as_json(kind: type[Row], where: str) -> str:
    columns = ", ".join(column.name for column in columns_of(kind))
    return f"(select coalesce(json_agg(r), '[]')::text from (select {columns} from {kind.table} where {where}) r)"  # noqa: S608 - constants


@cache
def _rows_of(kind: type[Row]) -> TypeAdapter[list[Any]]:
    many: Any = list
    return TypeAdapter(many[kind])


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
