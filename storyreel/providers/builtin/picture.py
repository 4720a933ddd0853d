"""The painter: draws storyboard frames on this machine, from the frame's spec alone."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable

from storyreel.model.errors import NotPossible
from storyreel.pipeline.ports import Capability, CellFacts, Generated, ImageRequest, Inputs, Price, Progress

HANDLE = "builtin:"
PIXEL_COST_S = 0.35e-6
FRAME_COST_S = 0.25


class BuiltinPicture:
    """Implements `Provider[ImageRequest]` with no key and no network. The same request always gives the same picture.

    A job is only its request: nothing is kept between `submit` and `wait`, so a handle is never lost and costs nothing to
    make again.
    """

    id = "builtin-painter"
    model = "storybook-1"
    capability: Capability = "image"

    def __init__(self) -> None:
        self._stops: dict[str, threading.Event] = {}

    def price(self, request: ImageRequest) -> Price:
        """Nothing; `expected_s` is for one unhurried core."""
        cells = request.rows * request.cols
        pixels = request.width_px * request.height_px
        expected_s = FRAME_COST_S + cells * pixels * PIXEL_COST_S
        return Price(cost_usd=0.0, basis="drawn on this machine", expected_s=round(expected_s, 2))

    async def submit(self, request: ImageRequest, key: str) -> str:
        """A handle made of the key; no work is done yet."""
        del request
        return HANDLE + key

    async def find(self, key: str) -> str | None:
        """The handle, always: a local drawing can be made again for nothing."""
        return HANDLE + key

    async def cancel(self, handle: str) -> None:
        """Stop a drawing before its next cell, also one that has not begun."""
        self._stops.setdefault(handle, threading.Event()).set()

    async def wait(self, handle: str, request: ImageRequest, inputs: Inputs, progress: Progress) -> Generated:
        """Draw in a thread. Cancelling the task, or `cancel`, stops the drawing before its next cell.

        Raises:
            NotPossible: the job was cancelled by its handle.
        """
        del inputs
        stop = self._stops.setdefault(handle, threading.Event())
        loop = asyncio.get_running_loop()

        def tell(fraction: float) -> None:
            loop.call_soon_threadsafe(progress, fraction)

        try:
            drawn = await asyncio.to_thread(_draw, request, stop, tell)
        except asyncio.CancelledError:
            stop.set()
            raise
        finally:
            self._stops.pop(handle, None)
        if drawn is None:
            raise NotPossible("The drawing was cancelled before it was done; ask for it again if it is still wanted.")
        return Generated(
            data=drawn[0],
            media_type="image/png",
            provider=self.id,
            model=self.model,
            seed=request.seed,
            cells=drawn[1],
            notes=drawn[2],
        )


def _draw(
    request: ImageRequest, stop: threading.Event, tell: Callable[[float], None]
) -> tuple[bytes, tuple[CellFacts, ...], tuple[str, ...]] | None:
    """The sheet as PNG with what is known of it, or None when stopped. The drawing library is loaded here, on first use."""
    from storyreel.providers.builtin.paint.scene import (  # noqa: PLC0415 - heavy, and not wanted by those who only ask a price
        Stopped,
        paint_request,
        png_of,
    )

    try:
        picture, cells, notes = paint_request(request, stopped=stop.is_set, tell=tell)
    except Stopped:
        return None
    return png_of(picture), cells, notes
