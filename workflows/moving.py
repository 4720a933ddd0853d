"""The desk where workers say which build they are: it moves to the current build, while runs stay with the one that they began on."""

from __future__ import annotations

from temporalio import workflow
from temporalio.common import VersioningBehavior

from storyreel.pipeline.contract import DeskState
from workflows.desk import RenderDesk


# A worker that says no build may not serve a workflow that says how it moves between builds: hence two of them, of one name.
@workflow.defn(name="RenderDesk", versioning_behavior=VersioningBehavior.AUTO_UPGRADE)
class MovingDesk(RenderDesk):
    """The same desk."""

    @workflow.init
    def __init__(self, state: DeskState) -> None:
        super().__init__(state)

    @workflow.run
    async def run(self, state: DeskState) -> None:
        """Serve until there is a long history, on whichever build is the current one."""
        await super().run(state)
