"""What comes of a call: a thing, as the ledger and as a stage see it, or a failure and what it means for the job (pure)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from storyreel.ledger.jobs import Delivered, Wish
from storyreel.model.base import AssetRef
from storyreel.model.errors import NotPossible, StoryreelError, Transient
from storyreel.pipeline.ports import Generated, ImageRequest, Request, VideoRequest, Word
from storyreel.pipeline.stage import Made


def made_of(delivered: Delivered) -> Made:
    """What the ledger holds, as a stage sees it."""
    facts = dict(delivered.facts)
    words = tuple(Word.model_validate(word) for word in facts.pop("words", ()))
    return Made(delivered.asset, facts, words)


def made_from(asset_id: str, generated: Generated, request: Request) -> Made:
    """What a provider handed back, as a stage sees it."""
    return Made(asset_of(asset_id, generated, request), _plain(generated), generated.words)


def call_facts(made: Generated, wish: Wish) -> Mapping[str, Any]:
    """What is known of a thing for good: who made it and how, what it cost, and of a line when its words are spoken."""
    words = [word.model_dump() for word in made.words]
    return {**_plain(made), "cost_usd": wish.cost_usd, **({"words": words} if words else {})}


def _plain(made: Generated) -> dict[str, Any]:
    facts: dict[str, Any] = {"provider": made.provider, "model": made.model, "seed": made.seed, "notes": list(made.notes)}
    if made.cells:
        facts["cells"] = [cell.model_dump(mode="json") for cell in made.cells]
    return facts


def asset_of(asset_id: str, made: Generated, request: Request) -> AssetRef:
    """The thing itself, as large as it was asked for."""
    size = {"width_px": request.width_px, "height_px": request.height_px} if isinstance(request, VideoRequest) else {}
    if isinstance(request, ImageRequest) and request.rows * request.cols == 1:
        size = {"width_px": request.width_px, "height_px": request.height_px}
    return AssetRef(id=asset_id, media_type=made.media_type, duration_s=made.duration_s, **size)


def never_made(failure: Exception) -> bool:
    """Whether the vendor surely made no job of it: it said no, or was never reached."""
    return isinstance(failure, StoryreelError) and (failure.facts.get("created") is False or isinstance(failure, NotPossible))


def is_over(failure: Exception) -> bool:
    """Whether a job is over with this; a question that was not answered is not the end of the job."""
    if isinstance(failure, Transient):
        return failure.facts.get("over") is True
    return isinstance(failure, StoryreelError) and (failure.facts.get("over") is True or isinstance(failure, NotPossible))


def said_of(failure: Exception) -> dict[str, Any]:
    """A failure as its job keeps it."""
    code = failure.code if isinstance(failure, StoryreelError) else type(failure).__name__
    answered = isinstance(failure, StoryreelError) and failure.facts.get("answered") is True
    return {"code": code, "detail": str(failure)[:1000], **({"answered": True} if answered else {})}
