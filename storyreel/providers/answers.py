"""What a vendor answered last, kept for whoever looks into a failure: without secrets, without media, and short (pure but for the ear).

Whoever makes a call listens; the provider tells what it heard. Nobody has to hand an answer through the protocol.
"""

from __future__ import annotations

import json
import re
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, cast

# An answer is for reading: a few kB hold every error that vendors send.
MOST_CHARS = 4000
LONGEST_TEXT = 400
MOST_ITEMS = 30
DEEPEST = 6
HIDDEN = "(hidden)"
_SECRET = re.compile(
    r"authori[sz]ation|token|secret|passw|api.?key|access.?key|signature|credential|cookie|bearer|^key$", re.IGNORECASE
)
_BEARER = re.compile(r"\b(bearer\s+|sk-|AIza|eyJ)[\w.~+/=-]{6,}", re.IGNORECASE)
_QUERY = re.compile(r"(https?://[^\s?#\"']+)[?#][^\s\"']*")
_BYTES = re.compile(r"^[A-Za-z0-9+/=\s_-]{256,}$")


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
def listening() -> Generator[Ear]:
    """Hear what providers are answered in this block and in what it starts."""
    ear = Ear()
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
    plain = cast("dict[str, Any]", _plain(answer, 0))
    if len(json.dumps(plain, ensure_ascii=False)) <= MOST_CHARS:
        return plain
    body = json.dumps(plain.pop("body", ""), ensure_ascii=False)
    return {
        **{name: value for name, value in plain.items() if len(str(value)) <= LONGEST_TEXT},
        "body": f"{body[: MOST_CHARS // 2]}…",
    }


def _plain(value: Any, depth: int) -> Any:
    if depth > DEEPEST:
        return "…"
    if isinstance(value, Mapping):
        known = cast("Mapping[Any, Any]", value)
        return {
            str(name)[:80]: HIDDEN if _SECRET.search(str(name)) else _plain(one, depth + 1)
            for name, one in list(known.items())[:MOST_ITEMS]
        }
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, bytes | bytearray):
        return f"({len(value)} bytes)"
    if isinstance(value, Sequence):
        many = cast("Sequence[Any]", value)
        return [_plain(one, depth + 1) for one in many[:MOST_ITEMS]] + (["…"] if len(many) > MOST_ITEMS else [])
    return value if value is None or isinstance(value, bool | int | float) else _text(str(value))


def _text(text: str) -> str:
    if text.startswith("data:") or _BYTES.match(text):
        return f"({len(text)} characters of data)"
    clean = _QUERY.sub(r"\1", _BEARER.sub(HIDDEN, text))
    return clean if len(clean) <= LONGEST_TEXT else f"{clean[:LONGEST_TEXT]}…"
