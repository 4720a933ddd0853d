"""The parts of a context: each with why it is there and what it weighs, kept by rank within a budget, and never cut."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from agent.rules.heard import FILLER_EN, FILLER_ZH
from agent.types import LeftOut, Part
from storyreel.script.tongue import CJK

# About what a change of one shot in a long film needs, with room; a model reads it in well under a second.
BUDGET_TOKENS = 6000
HEAD_LINES = 20
LETTERS_A_TOKEN = 4
MOST_TERMS = 24
SHORTEST_WORD = 3
_HAN = re.compile(rf"[{CJK}]")
_RUN = re.compile(rf"[{CJK}]+")
_LATIN = re.compile(r"[a-z][a-z'’-]*")


def tokens_of(text: str) -> int:
    """About how many tokens a text is: a Chinese character is one, other letters four to one."""
    han = len(_HAN.findall(text))
    return han + -(-(len(text) - han) // LETTERS_A_TOKEN)


def part(name: str, rank: int, why: str, text: str | Sequence[str]) -> Part:
    """A part of the context. The smaller its rank, the longer it is kept."""
    whole = text if isinstance(text, str) else "\n".join(text)
    return Part(part=name, rank=rank, why=why, tokens=tokens_of(whole), text=whole)


def within(parts: Iterable[Part], budget: int) -> tuple[tuple[Part, ...], tuple[LeftOut, ...]]:
    """The parts that there is room for, in the order they came, and those that there is none for. A part is given whole or not at all."""
    listed = list(parts)
    room, kept = budget, set[int]()
    for index, one in sorted(enumerate(listed), key=lambda pair: (pair[1].rank, pair[0])):
        if one.rank == 0 or one.tokens <= room:
            room -= one.tokens
            kept.add(index)
    left = tuple(LeftOut(part=one.part, why=one.why, tokens=one.tokens) for n, one in enumerate(listed) if n not in kept)
    return tuple(one for n, one in enumerate(listed) if n in kept), left


def compact(value: Mapping[str, Any]) -> str:
    """Facts in one line, without what says nothing."""
    return json.dumps(_said(value), ensure_ascii=False, separators=(",", ":"))


def _said(value: Any) -> Any:
    if isinstance(value, Mapping):
        held: Mapping[str, Any] = value  # pyright: ignore[reportUnknownVariableType]
        return {key: _said(item) for key, item in held.items() if item not in (None, "", [], {}, ())}
    if isinstance(value, list | tuple):
        many: Sequence[Any] = value  # pyright: ignore[reportUnknownVariableType]
        return [_said(item) for item in many]
    return value


def terms(*texts: str) -> str:
    """The words of a message that can be searched for, as "a or b": English words, and each two characters of Chinese."""
    found: dict[str, None] = {}
    for text in texts:
        plain = text.lower()
        for run in _RUN.findall(FILLER_ZH.sub(" ", plain)):
            found |= dict.fromkeys(run[n : n + 2] for n in range(max(1, len(run) - 1)))
        words = (word.strip("'’-").removesuffix("'s").removesuffix("’s") for word in _LATIN.findall(plain))
        found |= dict.fromkeys(word for word in words if len(word) >= SHORTEST_WORD and word not in FILLER_EN and word != "or")
    return " or ".join(list(found)[:MOST_TERMS])
