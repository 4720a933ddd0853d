"""A client of the test process's Temporal server."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from temporalio.client import Client

from storyreel.desk.connect import connect
from storyreel.runtime.settings import load
from tests.workflows.fakes import Fakes, worker_of


@pytest.fixture
async def client(temporal_server: str) -> AsyncIterator[Client]:
    """A client; what a test leaves running is ended after it, so that no other test's worker meets it."""
    opened = await connect(load(temporal_address=temporal_server))
    yield opened
    async for run in opened.list_workflows("ExecutionStatus = 'Running'"):
        await opened.get_workflow_handle(run.id).terminate("the test is over")


@pytest.fixture
async def fakes(client: Client) -> AsyncIterator[Fakes]:
    """Fake activities, served while the test runs."""
    told = Fakes()
    async with worker_of(client, told):
        yield told
