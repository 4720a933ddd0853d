"""The base of every value that crosses a room: frozen, closed, comparable."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class Frozen(BaseModel):
    """An immutable value that refuses unknown fields, so that a misspelt field is an error and not a loss."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class AssetRef(Frozen):
    """Bytes by content. `id` is their SHA-256 in hex; text refers to them as `asset://<id>`."""

    id: str
    media_type: str
    width_px: int | None = None
    height_px: int | None = None
    duration_s: float | None = None
