"""Where turns are kept while they run: LangGraph's PostgreSQL checkpointer, in a schema of its own."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any

from langchain_core.runnables import RunnableConfig
from langgraph.checkpoint.base import CheckpointTuple
from langgraph.checkpoint.postgres.aio import AsyncPostgresSaver
from psycopg import AsyncConnection
from psycopg.conninfo import make_conninfo
from psycopg.rows import DictRow, dict_row
from psycopg_pool import AsyncConnectionPool

from storyreel.runtime.database import failures_named, plain_dsn

SCHEMA = "agent"
POOL = 4
WAIT_S = 5.0
Pool = AsyncConnectionPool[AsyncConnection[DictRow]]


class Checkpoints(AsyncPostgresSaver):
    """The checkpointer, with its tables made on first use: a process starts while the database is away.

    Every turn begins by asking for its last checkpoint, and so here.
    """

    def __init__(self, pool: Pool) -> None:
        super().__init__(pool)
        self._making = asyncio.Lock()
        self._made = False

    async def aget_tuple(self, config: RunnableConfig) -> CheckpointTuple | None:
        """The last checkpoint of a turn.

        Raises:
            Unavailable: the database is away.
        """
        with failures_named():
            async with self._making:
                if not self._made:
                    await self.setup()
                    self._made = True
            return await super().aget_tuple(config)


@asynccontextmanager
async def open_checkpointer(dsn: str) -> AsyncGenerator[Checkpoints]:
    """A checkpointer on the database of `dsn`, which it connects to on first use."""
    options: dict[str, Any] = {"autocommit": True, "prepare_threshold": 0, "row_factory": dict_row}
    pool: Pool = AsyncConnectionPool(
        make_conninfo(plain_dsn(dsn), options=f"-c search_path={SCHEMA}"),
        connection_class=AsyncConnection[DictRow],
        min_size=0,
        max_size=POOL,
        timeout=WAIT_S,
        # An attempt is given up soon, so that a server that is back is found by the next turn and not by a long-sleeping retry.
        reconnect_timeout=WAIT_S / 2,
        kwargs=options,
        open=False,
        check=AsyncConnectionPool[Any].check_connection,
    )
    async with pool:
        yield Checkpoints(pool)
