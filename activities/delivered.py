"""Whether what a vendor handed over is what was asked for: readable, of the right kind and whole. It is looked at before it is paid for."""

from __future__ import annotations

import asyncio

from storyreel.model.errors import BadInput, NotPossible
from storyreel.pipeline.ports import Generated, ImageRequest, Request, VideoRequest

# What is fetched again may have been spoiled on the way; what is spoiled every time was delivered so.
FETCHES = 3
# Vendors round; half a clip is no rounding.
LEAST_PART = 0.9


class Spoiled(NotPossible):
    """What the provider delivered cannot be used, however often it is fetched; it is taken as charged."""

    code = "provider-spoiled"


async def wrong_with(made: Generated, request: Request) -> str:
    """What is wrong with what was delivered, in words; empty where nothing is."""
    return await asyncio.to_thread(_wrong, made, request)


def _wrong(made: Generated, request: Request) -> str:
    kind = "image/" if isinstance(request, ImageRequest) else "video/" if isinstance(request, VideoRequest) else "audio/"
    if not made.data:
        return "there is nothing in it"
    if not made.media_type.startswith(kind):
        return f"it is {made.media_type or 'of no kind'}, not {kind.removesuffix('/')}"
    try:
        return _unreadable(made, request)
    except BadInput as failure:
        return failure.detail


def _unreadable(made: Generated, request: Request) -> str:
    # Only who buys loads what reads pictures and clips.
    from storyreel.media import clip, picture  # noqa: PLC0415

    if isinstance(request, ImageRequest):
        picture.read(made.data)
        return ""
    said_s = made.duration_s or (request.frames / request.fps if isinstance(request, VideoRequest) else 0.0)
    found_s = clip.length_s(made.data, made.media_type)
    return f"it is {found_s:.2f} s long, not {said_s:.2f}" if found_s < LEAST_PART * said_s else ""
