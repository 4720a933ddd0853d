"""A project's rules: words that no spec and no prompt may hold (pure)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from storyreel.model.ops import flatten

LATIN = re.compile(r"^[\w\s'&.-]*$", re.ASCII)
# A shorter word that ends in s is no plural: "gas" is not several "ga".
SHORTEST_PLURAL = 4
# What may name a forbidden thing: what must not be seen, and a person's own remarks.
EXEMPT = frozenset({"avoid", "notes", "tags"})


@dataclass(frozen=True, slots=True)
class Hit:
    """A rule and the field that breaks it."""

    rule: str
    field: str


def hits(rules: Sequence[str], texts: Mapping[str, str]) -> tuple[Hit, ...]:
    """Which rules stand in which texts (by field), whatever their case; Latin words as whole words, in one or many."""
    found = [(rule, _pattern(rule)) for rule in rules if rule.strip()]
    return tuple(Hit(rule, field) for rule, pattern in found for field, text in texts.items() if pattern.search(text))


def texts_of(value: Mapping[str, Any]) -> dict[str, str]:
    """All words of a dumped row or spec by path, without what may name forbidden things."""
    return {path: words for path, item in flatten(value).items() if _counts(path) and (words := _words(item))}


def told(found: Sequence[Hit]) -> str:
    """What breaks which rule and what to do, in one sentence."""
    named = "; ".join(f"“{hit.rule}” in {hit.field}" for hit in found[:5])
    return f"The project's rules forbid {named}. Say it without that, or change the rules of the project (project.set_rules)."


@lru_cache(maxsize=1000)
def _pattern(rule: str) -> re.Pattern[str]:
    words = rule.strip()
    if not LATIN.match(words):
        return re.compile(re.escape(words), re.IGNORECASE)
    stem = words[:-1] if len(words) >= SHORTEST_PLURAL and words[-1] in "sS" and words[-2] not in "sS" else words
    return re.compile(rf"(?<![A-Za-z0-9]){re.escape(stem)}(?:s|es)?(?![A-Za-z0-9])", re.IGNORECASE)


def _counts(path: str) -> bool:
    return not EXEMPT & set(path.split(".")[-1:]) and not path.endswith("_id")


def _words(item: Any) -> str:
    if isinstance(item, str):
        return item
    return "\n".join(one for one in _strings(item)) if isinstance(item, list | tuple) else ""


def _strings(items: Iterable[Any]) -> list[str]:
    return [one for one in items if isinstance(one, str)]
