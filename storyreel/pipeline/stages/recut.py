"""recut: a sheet cut again where a person says, or a person's own sheet cut for the first time."""

from __future__ import annotations

from dataclasses import replace
from typing import ClassVar

from storyreel.model.base import AssetRef, Frozen
from storyreel.model.errors import NotPossible
from storyreel.model.sheet import Nudge, SheetView
from storyreel.pipeline.contract import StageName
from storyreel.pipeline.ports import Request
from storyreel.pipeline.stage import Kit, Result
from storyreel.pipeline.stages.grid import cell_nodes, doubt


class RecutRequest(Frozen):
    """A sheet, how many pictures it holds, and the gutters that were moved."""

    sheet: AssetRef
    rows: int
    cols: int
    nudges: tuple[Nudge, ...] = ()
    take: int = 0


class Recut:
    """Cuts a sheet that is there; it buys nothing."""

    name: ClassVar[StageName] = "recut"
    version: ClassVar[int] = 1

    def request(self, view: SheetView) -> RecutRequest:
        """The sheet to cut.

        Raises:
            NotPossible: the sheet has no bytes.
        """
        sheet = view.assets.get(view.parent.asset_id) if view.parent and view.parent.asset_id else None
        if sheet is None:
            raise NotPossible("The sheet that should be cut again is not there any more.")
        asked = view.sheet
        return RecutRequest(sheet=sheet, rows=asked.rows, cols=asked.cols, nudges=asked.nudges, take=view.takes.get("recut", 0))

    async def make(self, request: RecutRequest, kit: Kit) -> Result:
        """A picture node for each cell, made from the sheet.

        Raises:
            BadInput: a gutter that was moved is not there, or was moved out of its cell.
        """
        cut = await kit.media.split(await kit.store.path(request.sheet), request.rows, request.cols, request.nudges)
        cells = await cell_nodes(cut, (), kit)
        nodes = tuple(replace(cell, parent=None, facts={**cell.facts, **cut.facts()}) for cell in cells)
        return Result(nodes=nodes, note=doubt(cut))

    def calls(self, view: SheetView) -> tuple[Request, ...]:  # noqa: ARG002 - it buys nothing
        """Nothing is bought."""
        return ()
