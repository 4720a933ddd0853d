"""sheet: pictures that are tried beside the selected truth, for a shot, a draft, a character or a look."""

from __future__ import annotations

from dataclasses import replace
from typing import ClassVar

from storyreel.model.digest import digest, seed_of
from storyreel.model.sheet import SheetView
from storyreel.pipeline.contract import StageName
from storyreel.pipeline.geometry import still_size
from storyreel.pipeline.ports import ImageRequest, Request
from storyreel.pipeline.prompt import picture_prompt
from storyreel.pipeline.stage import Kit, Result
from storyreel.pipeline.stages.grid import GridRequest, sheet_and_cells


class SheetRequest(GridRequest):
    """A sheet, and who said what of its frame."""

    sources: dict[str, str] = {}


class SheetStage:
    """Has a sheet drawn and cuts it. Nothing is selected: a person promotes what they like."""

    name: ClassVar[StageName] = "sheet"
    version: ClassVar[int] = 1

    def request(self, view: SheetView) -> SheetRequest:
        """The sheet that is asked for."""
        profile, frame, take = view.workspace.profile, view.frame, view.takes.get("sheet", 0)
        size = still_size(profile)
        prompt = picture_prompt(frame, profile.language)
        image = ImageRequest(
            frame=frame,
            prompt=f"{prompt}\n{view.sheet.words}".strip() if view.sheet.words else prompt,
            width_px=size.width_px,
            height_px=size.height_px,
            rows=view.sheet.rows,
            cols=view.sheet.cols,
            seed=seed_of(digest(frame), take),
            references=view.references,
        )
        return SheetRequest(image=image, provider=profile.providers.get("image", ""), take=take, sources=view.sources)

    async def make(self, request: SheetRequest, kit: Kit) -> Result:
        """The sheet as a grid node and a picture node for each cell; a sheet of one picture is that picture alone.

        Raises:
            ProviderError: the sheet could not be made.
        """
        made = await sheet_and_cells(request, kit)
        if request.image.rows * request.image.cols > 1:
            return made
        whole, picture = made.nodes
        return replace(made, nodes=(replace(picture, parent=None, cell=None, facts={**whole.facts, **picture.facts}),))

    def calls(self, view: SheetView) -> tuple[Request, ...]:
        """One sheet."""
        return (self.request(view).image,)
