"""What Temporal says of some runs and of who takes their work: for a person who wonders why nothing moves."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from temporalio.api.enums.v1 import TaskQueueType
from temporalio.api.taskqueue.v1 import TaskQueue
from temporalio.api.workflowservice.v1 import DescribeTaskQueueRequest
from temporalio.client import Client

from storyreel.desk.connect import connect
from storyreel.desk.runs import failures_named
from storyreel.model.errors import NotFound, Unavailable
from storyreel.pipeline.contract import Queue, task_queue
from storyreel.runtime.settings import Settings

ANSWER_S = 10.0


@dataclass(frozen=True, slots=True)
class Looked:
    """How a run stands in Temporal's words, empty where it knows no such run; and how many poll the queue of its stage."""

    status: str
    pollers: int


async def look_at(settings: Settings, runs: Sequence[tuple[str, Queue]]) -> list[Looked]:
    """Look at runs by their workflows' ids, with the queue that each waits for.

    Raises:
        Unavailable: Temporal does not answer.
    """
    try:
        async with asyncio.timeout(ANSWER_S):
            client = await connect(settings)
            return [Looked(await _status(client, run), await _pollers(client, queue)) for run, queue in runs]
    except TimeoutError as slow:
        raise Unavailable(f"Temporal does not answer within {ANSWER_S:.0f} s.") from slow


async def _status(client: Client, workflow_id: str) -> str:
    try:
        with failures_named():
            status = (await client.get_workflow_handle(workflow_id).describe()).status
            return status.name if status else ""
    except NotFound:
        return ""


async def _pollers(client: Client, queue: Queue) -> int:
    asked = DescribeTaskQueueRequest(
        namespace=client.namespace,
        task_queue=TaskQueue(name=task_queue(queue)),
        task_queue_type=TaskQueueType.TASK_QUEUE_TYPE_ACTIVITY,
    )
    with failures_named():
        return len((await client.workflow_service.describe_task_queue(asked)).pollers)
