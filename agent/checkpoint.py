"""Where turns are kept while they run: LangGraph's PostgreSQL checkpointer, in a schema of its own.

What a turn costs a commit a step for is a plan that was paid for. A turn that no model was asked in is not kept: said again, it comes to
the same by the id of its request.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from typing import Any

from langchain_core.runnables import RunnableConfig
from langgraph.checkpoint.base import ChannelVersions, Checkpoint, CheckpointMetadata, CheckpointTuple
from langgraph.checkpoint.postgres.aio import AsyncPostgresSaver
from psycopg import AsyncConnection
from psycopg.conninfo import make_conninfo
from psycopg.rows import DictRow, dict_row
from psycopg_pool import AsyncConnectionPool

from storyreel.runtime.database import failures_named, plain_dsn

SCHEMA = "agent"
POOL = 4
# Nobody has planned yet, or the rules have.
UNPAID = (None, "", "rules")
WAIT_S = 5.0
Pool = AsyncConnectionPool[AsyncConnection[DictRow]]


class Checkpoints(AsyncPostgresSaver):
    """The checkpointer, with its tables made on first use: a process starts while the database is away."""

    # To make an index concurrently is to wait for whoever waits for the lock below; these tables are nearly empty at any time.
    MIGRATIONS = [one.replace("CONCURRENTLY ", "") for one in AsyncPostgresSaver.MIGRATIONS]

    def __init__(self, pool: Pool) -> None:
        super().__init__(pool)
        self._pool = pool
        self._making = asyncio.Lock()
        self._made = False
        # The turns of this process of which there is nothing in the tables, and those of which there is.
        self._new: set[str] = set()
        self._kept: set[str] = set()

    def begin(self, thread_id: str) -> None:
        """Say that a turn was never begun before, so that nobody need look for it."""
        self._new.add(thread_id)

    def end(self, thread_id: str) -> None:
        """Say that this process is done with a turn, whether or not it came to its end."""
        self._new.discard(thread_id)
        self._kept.discard(thread_id)

    async def aget_tuple(self, config: RunnableConfig) -> CheckpointTuple | None:
        """The last checkpoint of a turn.

        Raises:
            Unavailable: the database is away.
        """
        thread = _thread(config)
        if thread in self._new:
            return None
        with failures_named():
            await self._make()
            found = await super().aget_tuple(config)
        if found is not None:
            self._kept.add(thread)
        return found

    async def aput(
        self, config: RunnableConfig, checkpoint: Checkpoint, metadata: CheckpointMetadata, new_versions: ChannelVersions
    ) -> RunnableConfig:
        """Keep a step from the first on in which a model has answered.

        Raises:
            Unavailable: the database is away.
        """
        thread = _thread(config)
        if thread not in self._kept:
            if checkpoint["channel_values"].get("planner") in UNPAID:
                return {"configurable": {**config.get("configurable", {}), "checkpoint_id": checkpoint["id"]}}
            # What earlier steps made is in no table yet.
            new_versions = checkpoint["channel_versions"]
        with failures_named():
            await self._make()
            kept = await super().aput(config, checkpoint, metadata, new_versions)
        self._new.discard(thread)
        self._kept.add(thread)
        return kept

    async def aput_writes(
        self, config: RunnableConfig, writes: Sequence[tuple[str, Any]], task_id: str, task_path: str = ""
    ) -> None:
        """Keep what a step wrote, where the turn is kept."""
        if _thread(config) in self._kept:
            await super().aput_writes(config, writes, task_id, task_path)

    async def adelete_thread(self, thread_id: str) -> None:
        """Forget a turn."""
        if thread_id in self._kept:
            await super().adelete_thread(thread_id)

    async def _make(self) -> None:
        async with self._making:
            if not self._made:
                # One process at a time; one that comes later finds them made.
                async with self._pool.connection() as conn, conn.transaction():
                    await conn.execute("select pg_advisory_xact_lock(hashtext('agent.checkpoints'))")
                    await self.setup()
                self._made = True


def _thread(config: RunnableConfig) -> str:
    return str(config.get("configurable", {})["thread_id"])


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
