"""The builds of the worker that Temporal knows: which one new runs go to, which still have runs to end, and moving from one to the next."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Literal

from temporalio.api.deployment.v1 import WorkerDeploymentInfo, WorkerDeploymentVersion
from temporalio.api.enums.v1 import TaskQueueType, VersionDrainageStatus
from temporalio.api.workflowservice.v1 import (
    DescribeWorkerDeploymentRequest,
    DescribeWorkerDeploymentVersionRequest,
    SetWorkerDeploymentCurrentVersionRequest,
    SetWorkerDeploymentRampingVersionRequest,
)
from temporalio.client import Client
from temporalio.service import RPCError, RPCStatusCode

from storyreel.desk.runs import failures_named
from storyreel.model.errors import BadInput, Conflict, NotFound
from storyreel.pipeline.contract import QUEUE_OF, QUEUES, Queue, task_queue

# What a run needs somebody to serve.
NEEDED: tuple[Queue, ...] = tuple(queue for queue in QUEUES if queue == "desk" or queue in QUEUE_OF.values())
Standing = Literal["current", "ramping", "draining", "drained", "inactive"]
DRAINAGE: dict[int, Standing] = {
    VersionDrainageStatus.VERSION_DRAINAGE_STATUS_DRAINING: "draining",
    VersionDrainageStatus.VERSION_DRAINAGE_STATUS_DRAINED: "drained",
}


@dataclass(frozen=True, slots=True)
class Build:
    """One build and what it is for: new runs (current), a share of them (ramping), its own last ones (draining), or nothing."""

    build_id: str
    standing: Standing
    percent: float = 0.0


async def builds(client: Client, deployment: str) -> list[Build]:
    """The builds of a deployment, the newest first.

    Raises:
        NotFound: no worker ever said that it is a build of it.
        Unavailable: Temporal is away.
    """
    asked = DescribeWorkerDeploymentRequest(namespace=client.namespace, deployment_name=deployment)
    try:
        with failures_named():
            told = await client.workflow_service.describe_worker_deployment(asked)
    except NotFound:
        raise NotFound(
            f"no worker has said that it is a build of {deployment!r}; start one with STORYREEL_BUILD_ID set"
        ) from None
    return _read(told.worker_deployment_info)


async def missing(client: Client, deployment: str, build_id: str) -> list[Queue]:
    """The queues that runs need and that no worker of a build ever asked for work on, of each kind of work that is given out there.

    Raises:
        NotFound: there is no such build.
        Unavailable: Temporal is away.
    """
    version = WorkerDeploymentVersion(deployment_name=deployment, build_id=build_id)
    asked = DescribeWorkerDeploymentVersionRequest(namespace=client.namespace, deployment_version=version)
    with _refusals_named(build_id), failures_named():
        told = await client.workflow_service.describe_worker_deployment_version(asked)
    served = {(one.name, one.type) for one in told.worker_deployment_version_info.task_queue_infos}
    return [queue for queue in NEEDED if any((task_queue(queue), kind) not in served for kind in _kinds(queue))]


def _kinds(queue: Queue) -> tuple[TaskQueueType.ValueType, ...]:
    # Temporal hears of each kind by itself, one a moment after the other.
    activity, steps = TaskQueueType.TASK_QUEUE_TYPE_ACTIVITY, TaskQueueType.TASK_QUEUE_TYPE_WORKFLOW
    return (activity, steps) if queue == "desk" else (activity,)


async def set_current(client: Client, deployment: str, build_id: str) -> None:
    """Send new runs, and the desks, to a build; an empty one sends them to workers that say no build.

    Raises:
        NotFound: there is no such build.
        Conflict: its workers do not serve every queue that the present build serves.
        Unavailable: Temporal is away.
    """
    asked = SetWorkerDeploymentCurrentVersionRequest(
        namespace=client.namespace, deployment_name=deployment, build_id=build_id, identity=client.identity
    )
    if build_id:
        await _check(client, deployment, build_id)
    with _refusals_named(build_id), failures_named():
        await client.workflow_service.set_worker_deployment_current_version(asked)


async def set_ramp(client: Client, deployment: str, build_id: str, percent: float) -> None:
    """Send a share of the new runs to a build, and leave the rest where it goes.

    Raises:
        BadInput: the share is not between 0 and 100.
        NotFound: there is no such build.
        Conflict: its workers do not serve every queue that the present build serves.
        Unavailable: Temporal is away.
    """
    if not 0 <= percent <= 100:  # noqa: PLR2004 - per cent
        raise BadInput(f"a share is between 0 and 100 per cent, not {percent:g}")
    asked = SetWorkerDeploymentRampingVersionRequest(
        namespace=client.namespace, deployment_name=deployment, build_id=build_id, percentage=percent, identity=client.identity
    )
    await _check(client, deployment, build_id)
    with _refusals_named(build_id), failures_named():
        await client.workflow_service.set_worker_deployment_ramping_version(asked)


async def _check(client: Client, deployment: str, build_id: str) -> None:
    """Refuse a build whose runs would find a queue empty: Temporal would give such a stage to another build."""
    lacking = await missing(client, deployment, build_id)
    if lacking:
        raise Conflict(f"no worker of {build_id!r} serves {', '.join(lacking)} yet; start them all first")


def _read(info: WorkerDeploymentInfo) -> list[Build]:
    routing = info.routing_config
    current = routing.current_deployment_version.build_id
    ramping = routing.ramping_deployment_version.build_id

    def read(build_id: str, drainage: int) -> Build:
        if build_id == current:
            return Build(build_id, "current", 100.0 - routing.ramping_version_percentage)
        if build_id == ramping:
            return Build(build_id, "ramping", routing.ramping_version_percentage)
        return Build(build_id, DRAINAGE.get(drainage, "inactive"))

    newest_first = sorted(info.version_summaries, key=lambda one: one.create_time.ToNanoseconds(), reverse=True)
    return [read(one.deployment_version.build_id, one.drainage_status) for one in newest_first]


@contextmanager
def _refusals_named(build_id: str) -> Generator[None]:
    try:
        yield
    except NotFound as failure:
        raise NotFound(f"no worker has said that it is the build {build_id!r}; start one first") from failure
    except RPCError as failure:
        if failure.status is not RPCStatusCode.FAILED_PRECONDITION:
            raise
        raise Conflict(f"Temporal will not have {build_id!r} take over now: {failure.message}") from failure
