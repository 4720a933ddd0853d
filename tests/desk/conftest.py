"""The whole render path in one process: a real database, a real Temporal, the worker and the relay, with instant providers."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from temporalio.api.enums.v1 import PendingActivityState
from temporalio.client import Client

from activities.work import Work
from storyreel.commits import Door
from storyreel.desk import connect
from storyreel.ledger import tasks
from storyreel.model.facts import TaskFacts
from storyreel.pipeline.contract import QUEUES
from storyreel.runtime.database import listen
from storyreel.runtime.settings import load
from tests.activities.instant import Instant
from tests.commits.conftest import Studio, door, empty, studio
from tests.fixtures_services import Addresses
from worker import serving

__all__ = ["door", "empty", "studio"]
PATIENCE_S = 40


@dataclass
class Set:
    """A studio whose renders are really rendered."""

    studio: Studio
    client: Client
    instant: Instant
    dsn: str

    @property
    def work(self) -> Work:
        return Work(door=self.studio.door, client=self.client, kits=self.instant)

    @asynccontextmanager
    async def working(self, client: Client | None = None) -> AsyncIterator[None]:
        work = Work(door=self.studio.door, client=client or self.client, kits=self.instant)
        async with serving(work, self.dsn, QUEUES, {}):
            yield

    async def tasks(self) -> list[TaskFacts]:
        async with self.studio.door.database.connect() as conn:
            return await tasks.facts(conn, self.studio.workspace_id, limit=200)

    async def until(self, wanted: Callable[[list[TaskFacts]], bool]) -> list[TaskFacts]:
        """The tasks once they are as wanted; looked at whenever a bell is heard, and each half second."""
        async with asyncio.timeout(PATIENCE_S):
            bells = listen(self.dsn, "storyreel_bell")
            waiting: asyncio.Task[Any] | None = None
            try:
                while not wanted(found := await self.tasks()):
                    waiting = waiting or asyncio.ensure_future(anext(bells))
                    await asyncio.wait({waiting}, timeout=0.5)
                    waiting = None if waiting.done() else waiting
            finally:
                if waiting is not None:
                    waiting.cancel()
                    await asyncio.gather(waiting, return_exceptions=True)
                await bells.aclose()
            return found

    async def queued(self, workspace_id: UUID, stage: str) -> int:
        """How many runs of a workspace wait for hands for a stage, as Temporal knows it."""
        found = 0
        async for run in self.client.list_workflows(f"WorkspaceId = '{workspace_id}' and ExecutionStatus = 'Running'"):
            known = await self.client.get_workflow_handle(run.id).describe()
            found += any(
                one.activity_type.name == stage and one.state == PendingActivityState.PENDING_ACTIVITY_STATE_SCHEDULED
                for one in known.raw_description.pending_activities
            )
        return found

    async def all_over(self) -> list[TaskFacts]:
        return await self.until(lambda found: bool(found) and all(t.finished_at for t in found))


@pytest.fixture
async def client(temporal_server: str) -> AsyncIterator[Client]:
    opened = await connect(load(temporal_address=temporal_server))
    yield opened
    async for run in opened.list_workflows("ExecutionStatus = 'Running'"):
        await opened.get_workflow_handle(run.id).terminate("the test is over")


@pytest.fixture
def stage_set(door: Door, studio: Studio, client: Client, database: Addresses, tmp_path: Path) -> Set:
    return Set(studio, client, Instant(tmp_path / "assets"), database.app)
