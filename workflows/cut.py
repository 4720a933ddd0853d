"""One run of an episode's cut: music, film."""

from __future__ import annotations

from temporalio import workflow

from storyreel.pipeline.contract import Finish, RunOrder
from workflows.run import Rendering


@workflow.defn(name="EpisodeCut")
class EpisodeCut(Rendering):
    """Score an episode and cut its shots to a film."""

    @workflow.init
    def __init__(self, order: RunOrder) -> None:
        super().__init__(order)

    @workflow.run
    async def run(self, order: RunOrder) -> Finish:  # noqa: ARG002 - taken by __init__, so that signals find it there
        """Go through the stages of the order; the answer is how it ended."""
        return await self.through()
