"""The painter: draws storyboard frames on this machine, from the frame's spec alone."""

from __future__ import annotations

import asyncio

from storyreel.pipeline.ports import Capability, CellFacts, Generated, ImageRequest, Inputs, Price, Progress
from storyreel.providers.builtin.local import Cancelled, LocalJobs, Work

PIXEL_COST_S = 0.35e-6
FRAME_COST_S = 0.25


class BuiltinPicture(LocalJobs):
    """Implements `Provider[ImageRequest]` with no key and no network. The same request always gives the same picture."""

    id = "builtin-painter"
    model = "storybook-1"
    capability: Capability = "image"

    def price(self, request: ImageRequest) -> Price:
        """Nothing; `expected_s` is for one unhurried core."""
        cells = request.rows * request.cols
        pixels = request.width_px * request.height_px
        expected_s = FRAME_COST_S + cells * pixels * PIXEL_COST_S
        return Price(cost_usd=0.0, basis="drawn on this machine", expected_s=round(expected_s, 2))

    async def wait(self, handle: str, request: ImageRequest, inputs: Inputs, progress: Progress) -> Generated:
        """Draw in a thread. Cancelling the task, or `cancel`, stops the drawing before its next cell.

        Raises:
            Cancelled: the job was cancelled by its handle.
        """
        del inputs
        with self.working(handle, progress) as work:
            drawn = await asyncio.to_thread(_draw, request, work)
        return Generated(
            data=drawn[0],
            media_type="image/png",
            provider=self.id,
            model=self.model,
            seed=request.seed,
            cells=drawn[1],
            notes=drawn[2],
        )


def _draw(request: ImageRequest, work: Work) -> tuple[bytes, tuple[CellFacts, ...], tuple[str, ...]]:
    """The sheet as PNG with what is known of it. The drawing library is loaded here, on first use."""
    from storyreel.providers.builtin.paint.scene import (  # noqa: PLC0415 - heavy, and not wanted by those who only ask a price
        Stopped,
        paint_request,
        png_of,
    )

    try:
        picture, cells, notes = paint_request(request, stopped=work.stopped, tell=work.tell)
    except Stopped as stopped:
        raise Cancelled from stopped
    return png_of(picture), cells, notes
