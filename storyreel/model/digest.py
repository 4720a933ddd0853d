"""Digests of values: the same value gives the same digest in every process and every version of Python."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from pydantic import BaseModel


def canonical(value: Any) -> str:
    """JSON with sorted keys and no spaces; models as their JSON form."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=_plain)


def digest(value: Any) -> str:
    """SHA-256 of the canonical JSON, in hex."""
    return hashlib.sha256(canonical(value).encode()).hexdigest()


def digest_bytes(data: bytes) -> str:
    """SHA-256 of the bytes, in hex: an asset's id."""
    return hashlib.sha256(data).hexdigest()


def seed_of(*parts: Any) -> int:
    """A seed of 31 bits that depends on nothing but `parts`."""
    return int(digest(list(parts))[:8], 16) & 0x7FFFFFFF


def _plain(value: Any) -> Any:
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json")
    if isinstance(value, tuple | set | frozenset):
        return sorted(value) if not isinstance(value, tuple) else list(value)
    return str(value)
