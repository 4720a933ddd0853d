"""What was heard: one message or a part of it, what it is about, and a scratch pad for what its words were taken for."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any, Literal, TypeVar

from agent.types import Context, Looked
from storyreel.actions.base import Asked
from storyreel.model.spec import Language
from storyreel.script.lexicon import Lexicon
from storyreel.script.tongue import CJK

T = TypeVar("T")
TAKEN = "\x1f"
# Words that carry no wish of their own. What remains beside them was not understood.
FILLER_ZH = re.compile(
    r"请你?|帮我|帮忙|麻烦|能不能|能否|可不可以|可以|可否|我想要?|我要|我们|希望|觉得|应该|需要|给我|为我|替我|一下子?|现在|先|马上|立刻|稍微|有点|一点儿?|一些|再|又|还|也|都|就|要|想|让|使|"
    r"一[种个张段位下]|把|将|给|对|在|用|为|成|的|地|得|了|着|吧|呢|啊|呀|哦|嘛|吗|么|那|这|个|它们?|里面?|中|上|下|和|与|及|跟|到|是|有|我|你|您|好|改成|改为|换成|变成|调成|设成|设为|改|换|变|调|设|弄|搞|做|"
    r"镜头|分镜|画面|内容|整个|整部|整体|感觉|看起来|来|去|些|点|更|很|太|比较|请问|谢谢|麻烦|拜托|所有|全部"
)
FILLER_EN = frozenset(
    """
    a an the to of in on at for with and or so that this these those it its them they be is are was were do does did make made makes set
    change changes turn put have has get give let use please can could would will you i we me my our us want would like need should now
    just also too then there shot shots clip clips look looks more bit little some as into by from all one ones its it's i'd i'm let's
    kindly hey hi hello thanks thank well ok okay feel feeling bring keep by up out go than very really much again new same what how about
    instead actually really maybe perhaps sorry oh hmm um guess think kind sort simply quite start starts begin begins
    """.split()  # noqa: SIM905
)
_WORD = re.compile(r"[A-Za-zÀ-ÿ]+(?:['’][A-Za-z]+)*|\d+(?:\.\d+)?")
_HAN = re.compile(rf"[{CJK}]")
# A word of English says about as much as two characters of Chinese.
WORD_WEIGHT = 2


@dataclass(frozen=True)
class Heard:
    """A message, or one part of it, in its context. `carried` are the shots that the talk was about before this part."""

    context: Context
    text: str
    looked: tuple[Looked, ...] = ()
    carried: str = ""

    @property
    def language(self) -> Language:
        """The language of the message, else that of the project."""
        if _HAN.search(self.context.text):
            return "zh"
        return "en" if re.search(r"[A-Za-z]", self.context.text) else self.context.language

    @property
    def zh(self) -> bool:
        """Whether the answer is Chinese."""
        return self.language == "zh"

    def say(self, zh: str, en: str) -> str:
        """One of two sentences, in the person's language."""
        return zh if self.zh else en

    def part(self, text: str, carried: str = "") -> Heard:
        """The same talk with a part of its message."""
        return replace(self, text=text, carried=carried or self.carried)


@dataclass(frozen=True)
class Found:
    """What an intent made of the words. `left` are the words it had no use for; `about` are the shots the next part may mean."""

    intent: str = ""
    actions: tuple[Asked, ...] = ()
    question: str = ""
    decision: Literal["", "approve", "reject"] = ""
    looks: tuple[Asked, ...] = ()
    message: str = ""
    propose: bool = False
    left: str = ""
    total: float = 1.0
    about: str = ""
    # An upper bound for how sure it can be, where it guesses.
    most: float = 0.95

    @property
    def sure(self) -> float:
        """How much of the message was accounted for, as confidence."""
        missed = weight(self.left)
        return self.most if not missed else min(self.most, max(0.0, 0.78 * (1 - missed / max(self.total, missed))))


Intent = Callable[[Heard], Found | None]


@dataclass
class Reading:
    """A text being read: what was taken is struck out, so that no word is used twice and the rest is known."""

    text: str
    free: str = field(default="")

    def __post_init__(self) -> None:
        self.free = self.free or self.text

    def take(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        """The first match among what is free, struck out."""
        match = pattern.search(self.free)
        if match:
            self.strike(*match.span())
        return match

    def take_all(self, pattern: re.Pattern[str]) -> list[re.Match[str]]:
        """Every match, struck out."""
        found = list(pattern.finditer(self.free))
        for match in found:
            self.strike(*match.span())
        return found

    def word(self, lexicon: Lexicon[T]) -> T | None:
        """What a table of words finds among what is free; each of its words is struck out, also one that is left behind."""
        value = lexicon.find(self.free)
        if value is not None:
            for hit in lexicon.hits(self.free):
                self.strike(hit.start, hit.end)
        return value

    def strike(self, start: int, end: int) -> None:
        """Count a part of the text as used."""
        self.free = self.free[:start] + TAKEN * (end - start) + self.free[end:]

    @property
    def left(self) -> str:
        """The words that were not used and mean something, without punctuation."""
        return meaningful(self.free)


def meaningful(text: str) -> str:
    """A text without the words that carry no wish, its parts separated by spaces."""
    parts = [FILLER_ZH.sub(" ", part) for part in text.split(TAKEN)]
    words: list[str] = []
    for part in parts:
        for piece in re.findall(rf"[{CJK}]+|{_WORD.pattern}", part):
            if piece.lower() not in FILLER_EN:
                words.append(piece)  # noqa: PERF401 (a comprehension over two levels reads worse)
    return " ".join(words)


def weight(text: str) -> float:
    """How much a text says: characters of Chinese, words of English counted double."""
    return len(_HAN.findall(text)) + WORD_WEIGHT * len(_WORD.findall(text))


def found(reading: Reading, intent: str, *actions: Asked, **more: Any) -> Found:
    """What an intent found, with what it left of the reading."""
    return Found(intent=intent, actions=actions, left=reading.left, total=weight(meaningful(reading.text)) or 1.0, **more)


def plain(text: str) -> str:
    """A message in one form: full-width letters and digits made plain, quotes and spaces kept, ends trimmed."""
    kept = {ord(c): c for c in "，。！？；：（）“”‘’「」『』、《》～"}
    return "".join(c if ord(c) in kept else unicodedata.normalize("NFKC", c) for c in text).strip()
