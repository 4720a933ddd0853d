"""One run of a sheet: pictures that are tried beside the selected truth."""

from __future__ import annotations

from temporalio import workflow

from storyreel.pipeline.contract import Finish, RunOrder
from workflows.run import Rendering


@workflow.defn(name="SheetRender")
class SheetRender(Rendering):
    """Have a sheet of pictures drawn and cut, for a shot, a draft, a character or a look."""

    @workflow.init
    def __init__(self, order: RunOrder) -> None:
        super().__init__(order)

    @workflow.run
    async def run(self, order: RunOrder) -> Finish:  # noqa: ARG002 - taken by __init__, so that signals find it there
        """Go through the stages of the order; the answer is how it ended."""
        return await self.through()
