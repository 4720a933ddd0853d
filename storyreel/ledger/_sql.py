"""How the ledger speaks to PostgreSQL: plain statements with named values, whose rows come back as mappings."""

from __future__ import annotations

from typing import Any

from pydantic_core import to_json
from sqlalchemy.ext.asyncio import AsyncConnection

from storyreel.model.digest import canonical
from storyreel.runtime.database import statement

Found = dict[str, Any]


async def rows(conn: AsyncConnection, sql: str, **values: Any) -> list[Found]:
    """The rows of one statement."""
    return [dict(one) for one in (await conn.execute(statement(sql), values)).mappings()]


async def row(conn: AsyncConnection, sql: str, **values: Any) -> Found | None:
    """The first row of one statement, or None."""
    found = (await conn.execute(statement(sql), values)).mappings().first()
    return None if found is None else dict(found)


async def run(conn: AsyncConnection, sql: str, **values: Any) -> int:
    """Carry out one statement; how many rows it touched."""
    return (await conn.execute(statement(sql), values)).rowcount


def plain(value: Any) -> str:
    """The same for a large value that is JSON already."""
    return to_json(value).decode()


def json(value: Any) -> str:
    """A value for `cast(:name as jsonb)`."""
    return canonical(value)
