"""Finding words of a table in Chinese or English text: longest first, whole words, and what is denied is not found."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Generic, TypeVar

T = TypeVar("T")

_DENY_ZH = re.compile(
    r"(?:不要|不想要?|不用|不必|不需要|不再|不会|不是|别|勿|无需|无须|没有|没在|没|并非|避免|去掉|取消|删掉|去除|不带|不在"
    r"|不(?!久|仅|但|断|料|禁|时|知|由|停|住|止|过|同|得不|如|管|论|只|光|太?平|安)|无(?!数|尽|边|比|论|声|奈|人))"
    r"(?:出现|任何|是|再|有|下|用|在|那么|这么|太|什么|拍|让|要|把|给|它|画面|里)*$"
)
_AFFIRM_ZH = re.compile(r"(?:不能没有|不得不|无不|莫不|不可没有|少不了)[^，。]{0,3}$")
_DENY_EN = re.compile(
    r"(?:\b(?:no|not|never|without|avoid|remove|stop|neither|nor|cannot|isn't|wasn't|don't|doesn't|didn't|won't|"
    r"shouldn't|can't|no more|no longer|free of|instead of|rather than)\b|n['’]t\b)"
    r"(?:\s+(?:a|an|the|any|be|being|it|at|in|to|have|having|make|so|too|very|use|using|more|with|want|really|that|this|is|go|"
    r"put|add|all|set|of|by|during|during the|yet|there))*\s*$",
    re.IGNORECASE,
)
_AFFIRM_EN = re.compile(
    r"\b(?:not (?:only|just|stop)|never stop(?:s|ped)?|n't stop|not without|why not|no doubt)\b[\w\s]*$", re.IGNORECASE
)
_DENY_AFTER = re.compile(
    r"^(?:水|声)?(?:已经|渐渐|终于|都|就)?(?:停|住了|不下|不见|散了|散去|退去)|^\s+(?:has |have |had |finally )?(?:stop|end|ceas|clear|lift)"
)
_CHANGE = re.compile(r"改成|改为|改到|换成|换到|变成|变为|调成|调到|调整为|设为|设成|转为|\binto\b|\bto\b|->|→|=>", re.IGNORECASE)
_INSTEAD = re.compile(r"\binstead of\b|\brather than\b|而不是|而非|不要再", re.IGNORECASE)
_LATIN = r"A-Za-zÀ-ÖØ-öø-ÿ"


@dataclass(frozen=True, slots=True)
class Hit(Generic[T]):
    """A word of the table found in a text. `denied` tells that the text says it should not be."""

    value: T
    word: str
    start: int
    end: int
    denied: bool = False


@dataclass(frozen=True)
class Lexicon(Generic[T]):
    """A table from values to the words that mean them.

    `guards` are longer words that only look like one of the table's ("雪白", "rain check"); they are passed over.
    """

    entries: Mapping[T, tuple[str, ...]]
    guards: tuple[str, ...] = ()
    _values: dict[str, T | None] = field(default_factory=dict[str, "T | None"], init=False, repr=False, compare=False)
    _pattern: re.Pattern[str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        self._values.update({word.lower(): None for word in self.guards})
        for value, words in self.entries.items():
            self._values.update({word.lower(): value for word in words})
        object.__setattr__(self, "_pattern", alternation(self._values))

    def hits(self, text: str) -> list[Hit[T]]:
        """Every word of the table in the text, in order, denied or not."""
        found: list[Hit[T]] = []
        for match in self._pattern.finditer(text):
            value = self._values[re.sub(r"\s+", " ", match[0].lower())]
            if value is not None:
                found.append(Hit(value, match[0], match.start(), match.end(), denied(text, match.start(), match.end())))
        return found

    def find(self, text: str) -> T | None:
        """What the text asks for: the first word that is not denied, preferring what a change leads to ("改成夜晚")."""
        hits = [hit for hit in self.hits(text) if not hit.denied]
        if not hits:
            return None
        turns = [match.end() for match in _CHANGE.finditer(text)]
        for turn in reversed(turns):
            after = [hit for hit in hits if hit.start >= turn]
            if after:
                return after[0].value
        stop = _INSTEAD.search(text)
        kept = [hit for hit in hits if not stop or hit.start < stop.start()]
        return (kept or hits)[0].value

    def refused(self, text: str) -> T | None:
        """What the text says it should not be ("不要下雨" gives rain), or None."""
        return next((hit.value for hit in self.hits(text) if hit.denied), None)


def alternation(words: Iterable[str]) -> re.Pattern[str]:
    """One pattern for many words, the longest first; words in Latin letters match only whole."""
    ordered = sorted(set(words), key=lambda word: (-len(word), word))
    return re.compile("|".join(_bounded(word) for word in ordered) or r"(?!)", re.IGNORECASE)


def _bounded(word: str) -> str:
    pattern = r"\s+".join(re.escape(part) for part in word.split())
    left = rf"(?<![{_LATIN}])" if re.match(r"[A-Za-z]", word) else ""
    right = rf"(?![{_LATIN}])" if re.search(r"[A-Za-z]$", word) else ""
    return left + pattern + right


def denied(text: str, start: int, end: int) -> bool:
    """Whether the words around a place say "not this"."""
    before = text[max(0, start - 40) : start]
    if _AFFIRM_EN.search(before) or _AFFIRM_ZH.search(before):
        return False
    return bool(_DENY_EN.search(before) or _DENY_ZH.search(before) or _DENY_AFTER.match(text[end : end + 16]))
