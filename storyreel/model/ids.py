"""Ids: made from what they are for, so that a request sent twice names the same rows."""

from __future__ import annotations

from uuid import UUID, uuid5

NAMESPACE = UUID("5b9f3a0e-2f43-5d0e-9c1e-9d4f1f0b7c11")


def derive(root: UUID, *parts: object) -> UUID:
    """The id of the thing that `parts` name under `root`; the same words give the same id for ever."""
    return uuid5(root, "/".join(str(part) for part in parts))
