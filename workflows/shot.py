"""One run of one shot: spec, grid, select, video, voice, compose, check."""

from __future__ import annotations

from temporalio import workflow

from storyreel.pipeline.contract import Finish, RunOrder
from workflows.run import Rendering


@workflow.defn(name="ShotRender")
class ShotRender(Rendering):
    """Render the stages of one shot that its task asks for."""

    @workflow.init
    def __init__(self, order: RunOrder) -> None:
        super().__init__(order)

    @workflow.run
    async def run(self, order: RunOrder) -> Finish:  # noqa: ARG002 - taken by __init__, so that signals find it there
        """Go through the stages of the order; the answer is how it ended."""
        return await self.through()
