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
        self._values.update({lowered(word): None for word in self.guards})
        for value, words in self.entries.items():
            self._values.update({lowered(word): value for word in words})
        object.__setattr__(self, "_pattern", alternation(self._values))

    def hits(self, text: str) -> list[Hit[T]]:
        """Every word of the table in the text, in order, denied or not."""
        found: list[Hit[T]] = []
        for match in self._pattern.finditer(lowered(text)):
            value = self._values[re.sub(r"\s+", " ", match[0])]
            if value is not None:
                word = text[match.start() : match.end()]
                found.append(Hit(value, word, match.start(), match.end(), denied(text, match.start(), match.end())))
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
    """One pattern for many words, the longest first, to be searched in `lowered` text; words in Latin letters match only whole.

    The words are grouped by their first letter, because a flat list of a thousand costs microseconds at every letter of a script.
    """
    groups: dict[str, list[str]] = {}
    for word in sorted({lowered(word) for word in words if word}, key=lambda word: (-len(word), word)):
        groups.setdefault(word[0], []).append(word)
    latin = [_group(first, group) for first, group in groups.items() if re.match(f"[{_LATIN}]", first)]
    others = [_group(first, group) for first, group in groups.items() if not re.match(f"[{_LATIN}]", first)]
    whole = [rf"(?<![{_LATIN}])(?:{'|'.join(latin)})"] if latin else []
    starts = "".join(re.escape(first) for first in groups)
    return re.compile(f"(?=[{starts}])(?:{'|'.join([*others, *whole])})" if groups else r"(?!)")


def _group(first: str, words: list[str]) -> str:
    return f"{re.escape(first)}(?:{'|'.join(_rest(word) for word in words)})"


def _rest(word: str) -> str:
    """A word behind its first letter; its spaces match any, and behind a Latin end stands no more letter."""
    pattern = r"\s+".join(re.escape(part) for part in word[1:].split(" "))
    return pattern + (rf"(?![{_LATIN}])" if re.search(f"[{_LATIN}]$", word) else "")


def lowered(text: str) -> str:
    """The text in small letters, letter for letter, so that places in it stay the same."""
    small = text.lower()
    return small if len(small) == len(text) else "".join(char.lower() if len(char.lower()) == 1 else char for char in text)


def denied(text: str, start: int, end: int) -> bool:
    """Whether the words around a place say "not this"."""
    before = text[max(0, start - 40) : start]
    if _AFFIRM_EN.search(before) or _AFFIRM_ZH.search(before):
        return False
    return bool(_DENY_EN.search(before) or _DENY_ZH.search(before) or _DENY_AFTER.match(text[end : end + 16]))
