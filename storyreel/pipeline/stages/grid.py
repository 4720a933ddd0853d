"""grid: a sheet of variations of one frame, cut into its pictures."""

from __future__ import annotations

import asyncio
from typing import Any, ClassVar

from storyreel.model.base import AssetRef, Frozen
from storyreel.model.digest import digest, seed_of
from storyreel.model.view import ShotView
from storyreel.pipeline.contract import StageName
from storyreel.pipeline.geometry import still_size
from storyreel.pipeline.ports import CellFacts, ImageRequest, Request
from storyreel.pipeline.prompt import picture_prompt
from storyreel.pipeline.stage import Kit, NewNode, Result
from storyreel.pipeline.tools import Cell, Cutting, Score

# Under this a person should look at how a cell was cut.
SURE = 0.5


class GridRequest(Frozen):
    """A sheet of `image.rows` x `image.cols` pictures, each larger than the frame so that a camera can move over it."""

    image: ImageRequest
    provider: str = ""
    take: int = 0


class Grid:
    """Has variations of the shot's frame drawn on one sheet, and cuts it."""

    name: ClassVar[StageName] = "grid"
    version: ClassVar[int] = 1

    def request(self, view: ShotView) -> GridRequest:
        """The sheet that the shot asks for."""
        profile, frame, take = view.workspace.profile, view.frame, view.takes.get("grid", 0)
        size = still_size(profile)
        image = ImageRequest(
            frame=frame,
            prompt=picture_prompt(frame, profile.language),
            width_px=size.width_px,
            height_px=size.height_px,
            rows=profile.grid_rows,
            cols=profile.grid_cols,
            seed=seed_of(digest(frame), take),
            references=references(view),
        )
        return GridRequest(image=image, provider=view.provider("image"), take=take)

    async def make(self, request: GridRequest, kit: Kit) -> Result:
        """The sheet as a grid node, and a picture node for each cell.

        Raises:
            ProviderError: the sheet could not be made.
        """
        return await sheet_and_cells(request, kit)

    def calls(self, view: ShotView) -> tuple[Request, ...]:
        """One sheet."""
        return (self.request(view).image,)


async def sheet_and_cells(request: GridRequest, kit: Kit) -> Result:
    """A sheet from the provider, cut along its gutters, each picture scored.

    Raises:
        ProviderError: the sheet could not be made.
    """
    made = await kit.providers.image(request.image, take=request.take, provider=request.provider)
    known = tuple(CellFacts.model_validate(cell) for cell in made.facts.get("cells", ()))
    image = request.image
    if image.rows * image.cols == 1:
        pictures, cut = [_node(0, made.asset, await _scored(made.asset, kit), known)], Cutting(())
    else:
        cut = await kit.media.split(await kit.store.path(made.asset), image.rows, image.cols)
        pictures = await cell_nodes(cut, known, kit)
    facts = {**made.facts, "rows": image.rows, "cols": image.cols, **cut.facts()}
    sheet = NewNode(kind="grid", track="picture", asset=made.asset, facts=facts)
    return Result(nodes=(sheet, *pictures), note=doubt(cut))


def doubt(cut: Cutting) -> str:
    """What to say of a sheet whose gutters are in doubt."""
    return "" if cut.confidence >= SURE else "The sheet's edges were hard to find: look at how its pictures were cut."


async def cell_nodes(cut: Cutting, known: tuple[CellFacts, ...], kit: Kit) -> list[NewNode]:
    """A picture node for each cell of a sheet, kept and scored."""
    # All at once, so that they share a commit.
    assets = await asyncio.gather(*(_kept(cell, kit) for cell in cut.cells))
    scores = await asyncio.gather(*(_scored(asset, kit) for asset in assets))
    return [
        _node(index, asset, score, known, cell.confidence)
        for index, (asset, score, cell) in enumerate(zip(assets, scores, cut.cells, strict=True))
    ]


def references(view: ShotView) -> tuple[AssetRef, ...]:
    """The pictures that the shot is made with the help of: what it was given, then those that keep its people, place and style."""
    given = sorted({use.asset_id for use in view.uses if use.role in ("image", "style", "character", "scene")})
    held = [node.asset_id for node, _ in view.holding if node.asset_id]
    wanted: list[str] = list(dict.fromkeys([*given, *held, *([view.sample_id] if view.sample_id else [])]))
    return tuple(view.assets[asset_id] for asset_id in wanted if asset_id in view.assets)


async def _scored(asset: AssetRef, kit: Kit) -> Score:
    return await kit.media.score(await kit.store.path(asset))


async def _kept(cell: Cell, kit: Kit) -> AssetRef:
    return await kit.store.keep(cell.data, "image/png", width_px=cell.width_px, height_px=cell.height_px)


def _node(index: int, asset: AssetRef, score: Score, known: tuple[CellFacts, ...], confidence: float = 1.0) -> NewNode:
    cell = known[index] if index < len(known) else CellFacts()
    notes = [*cell.notes, *score.faults]
    if confidence < SURE:
        notes.append("The cut of this picture is unsure.")
    facts: dict[str, Any] = {
        "score": round(score.total, 4),
        "heads": [head.model_dump() for head in cell.heads],
        "confidence": round(confidence, 3),
        "notes": notes,
    }
    return NewNode(kind="image", track="picture", asset=asset, facts=facts, parent=0, cell=index)
