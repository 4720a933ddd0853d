"""What a vendor answered last, kept for whoever looks into a failure: without secrets, without media, and short (pure but for the ear).

Whoever makes a call listens; the provider tells what it heard. Nobody has to hand an answer through the protocol.
"""

from __future__ import annotations

import json
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, cast

from storyreel.model.redact import redact

# An answer is for reading: a few kB hold every error that vendors send.
MOST_CHARS = 4000
LONGEST_TEXT = 400
MOST_ITEMS = 30
DEEPEST = 6


@dataclass
class Ear:
    """Hears answers; `take` gives the last one that nobody took."""

    heard: dict[str, Any] | None = None

    def take(self) -> dict[str, Any] | None:
        """The last answer, once."""
        heard, self.heard = self.heard, None
        return heard


_LISTENING: ContextVar[Ear | None] = ContextVar("storyreel_ear", default=None)


@contextmanager
def listening(ear: Ear | None = None) -> Generator[Ear]:
    """Hear what providers are answered in this block and in what it starts."""
    ear = ear or Ear()
    token = _LISTENING.set(ear)
    try:
        yield ear
    finally:
        _LISTENING.reset(token)


def tell(status: int, body: Any, **more: Any) -> None:
    """Tell what a vendor answered; nothing happens where nobody listens."""
    ear = _LISTENING.get()
    if ear is not None:
        ear.heard = bounded({"status": status, **more, "body": body})


def bounded(answer: Mapping[str, Any]) -> dict[str, Any]:
    """The answer without secrets and media, at most some kB."""
    plain = cast("dict[str, Any]", _short(redact(answer), 0))
    if len(json.dumps(plain, ensure_ascii=False)) <= MOST_CHARS:
        return plain
    body = json.dumps(plain.pop("body", ""), ensure_ascii=False)
    rest = {name: value for name, value in plain.items() if len(str(value)) <= LONGEST_TEXT}
    return {**rest, "body": f"{body[: MOST_CHARS // 2]}…"}


def _short(value: Any, depth: int) -> Any:
    if depth > DEEPEST:
        return "…"
    if isinstance(value, Mapping):
        known = cast("Mapping[Any, Any]", value)
        return {str(name)[:80]: _short(one, depth + 1) for name, one in list(known.items())[:MOST_ITEMS]}
    if isinstance(value, list | tuple):
        many = cast("Sequence[Any]", value)
        return [_short(one, depth + 1) for one in many[:MOST_ITEMS]] + (["…"] if len(many) > MOST_ITEMS else [])
    if value is None or isinstance(value, bool | int | float):
        return value
    text = str(value)
    return text if len(text) <= LONGEST_TEXT else f"{text[:LONGEST_TEXT]}…"
