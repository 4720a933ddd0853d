"""Where turns are kept while they run: LangGraph's PostgreSQL checkpointer, in a schema of its own."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any

from langgraph.checkpoint.postgres.aio import AsyncPostgresSaver
from psycopg import AsyncConnection
from psycopg.conninfo import make_conninfo
from psycopg.rows import DictRow, dict_row
from psycopg_pool import AsyncConnectionPool

from storyreel.runtime.database import failures_named, plain_dsn

SCHEMA = "agent"
POOL = 4


@asynccontextmanager
async def open_checkpointer(dsn: str) -> AsyncGenerator[AsyncPostgresSaver]:
    """A checkpointer on the database of `dsn`, its tables made where they are missing.

    Raises:
        Unavailable: the database is away.
    """
    options: dict[str, Any] = {"autocommit": True, "prepare_threshold": 0, "row_factory": dict_row}
    where = make_conninfo(plain_dsn(dsn), options=f"-c search_path={SCHEMA}")
    with failures_named():
        pool: AsyncConnectionPool[AsyncConnection[DictRow]] = AsyncConnectionPool(
            where,
            connection_class=AsyncConnection[DictRow],
            min_size=0,
            max_size=POOL,
            kwargs=options,
            open=False,
            check=AsyncConnectionPool[Any].check_connection,
        )
        async with pool:
            saver = AsyncPostgresSaver(pool)
            await saver.setup()
            yield saver
