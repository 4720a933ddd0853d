"""What client, workers, replays and tests of Temporal share: the payloads' form, the sandbox's doors and the spans."""

from __future__ import annotations

import dataclasses

from temporalio.client import Client
from temporalio.common import VersioningBehavior
from temporalio.contrib.opentelemetry import TracingInterceptor
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.plugin import SimplePlugin
from temporalio.worker import WorkerConfig, WorkerDeploymentConfig, WorkerDeploymentVersion, WorkflowRunner
from temporalio.worker.workflow_sandbox import SandboxedWorkflowRunner

from storyreel.desk.watching import Watching

# Pure at import, so that a run need not load them anew for itself: 44 ms a run become 5.
PASSED_THROUGH = ("storyreel", "pydantic", "pydantic_core", "annotated_types", "typing_extensions")


class Desk(SimplePlugin):
    """The plugin; `build` makes the workers of its client one version of a deployment."""

    build: WorkerDeploymentVersion | None = None

    def configure_worker(self, config: WorkerConfig) -> WorkerConfig:
        """Say which build the worker is, where that is known."""
        told = super().configure_worker(config)
        if self.build is not None:
            # Runs end on the build that they began on; a workflow that moves says so itself.
            told["deployment_config"] = WorkerDeploymentConfig(
                version=self.build, use_worker_versioning=True, default_versioning_behavior=VersioningBehavior.PINNED
            )
        return told


def plugin(*, traced: bool = False, build: WorkerDeploymentVersion | None = None) -> SimplePlugin:
    """The plugin of a client; workers made with that client have it by themselves, and a Replayer is given one.

    `build` is the version that these workers are; without it they serve whatever there is, as on a laptop.
    """
    made = Desk(
        "storyreel.Desk",
        data_converter=pydantic_data_converter,
        workflow_runner=_with_doors,
        interceptors=[*([TracingInterceptor()] if traced else []), Watching()],
    )
    made.build = build
    return made


def is_build(client: Client) -> bool:
    """Whether the workers of a client say which build they are."""
    return any(isinstance(one, Desk) and one.build is not None for one in client.config()["plugins"])


def _with_doors(runner: WorkflowRunner | None) -> WorkflowRunner:
    if not isinstance(runner, SandboxedWorkflowRunner):
        return runner or SandboxedWorkflowRunner()
    return dataclasses.replace(runner, restrictions=runner.restrictions.with_passthrough_modules(*PASSED_THROUGH))
