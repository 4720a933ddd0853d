"""A project in a real database, and activities that run on it without a Temporal server."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, cast
from uuid import UUID

import pytest
from sqlalchemy import event, text
from temporalio.activity import ActivityCancellationDetails
from temporalio.client import Client
from temporalio.testing import ActivityEnvironment

from activities.registry import stage_activity
from activities.work import Work
from storyreel.commits import Door
from storyreel.ledger import tasks
from storyreel.model.facts import TaskFacts
from storyreel.pipeline.contract import RunOrder, StageDone, StageName, StageOrder
from storyreel.runtime.database import Database
from tests.activities.instant import Instant
from tests.commits.conftest import Studio, door, empty, studio
from workflows import policy

__all__ = ["door", "empty", "studio"]


@dataclass
class Bench:
    """A studio, and its stages run by hand."""

    studio: Studio
    work: Work
    instant: Instant
    environments: list[ActivityEnvironment] = field(default_factory=list)

    async def claim(self) -> list[RunOrder]:
        async with self.studio.door.database.begin() as conn:
            return await tasks.claim(conn, self.studio.workspace_id)

    async def stage(self, order: RunOrder, stage: StageName, *, attempt: int = 1, **more: Any) -> StageDone:
        environment = ActivityEnvironment()
        environment.info = replace(environment.info, attempt=attempt, retry_policy=policy.tries(stage))
        self.environments.append(environment)
        asked = StageOrder(
            **order.model_dump(include={"workspace_id", "task_id", "kind", "owner_id", "run", "trace"}), stage=stage, **more
        )
        return await environment.run(cast("Callable[..., Any]", stage_activity(self.work, stage)), asked)

    async def through(self, order: RunOrder) -> list[StageDone]:
        return [await self.stage(order, stage) for stage in order.stages]

    def cancel(self, **why: bool) -> None:
        self.environments[-1].cancel(ActivityCancellationDetails(**why))

    async def task(self, task_id: UUID) -> TaskFacts:
        async with self.studio.door.database.connect() as conn:
            (found,) = await tasks.facts(conn, self.studio.workspace_id, ids=[task_id])
        return found

    async def events(self, task_id: UUID) -> list[str]:
        async with self.studio.door.database.connect() as conn:
            return list(await conn.scalars(text("select kind from task_event where task_id = :id order by id"), {"id": task_id}))


@asynccontextmanager
async def commits_counted(database: Database) -> AsyncGenerator[list[object]]:
    """One entry a commit that the block makes."""
    counted: list[object] = []

    def note(connection: object) -> None:
        counted.append(connection)

    event.listen(database.engine.sync_engine, "commit", note)
    try:
        yield counted
    finally:
        event.remove(database.engine.sync_engine, "commit", note)


@pytest.fixture
def bench(door: Door, studio: Studio, tmp_path: Path) -> Bench:
    instant = Instant(tmp_path / "assets")
    return Bench(studio, Work(door=door, client=cast("Client", None), kits=instant), instant)
