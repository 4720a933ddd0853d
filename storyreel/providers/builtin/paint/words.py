"""From a person's words to what the painter can draw: a place, a pose, a style, a person, things.

Everything here is pure and cheap (no drawing library), so that a planner may ask what a word would become before it proposes it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache

from storyreel.model.spec import Age, Gender
from storyreel.providers.builtin.paint import lexicon
from storyreel.providers.builtin.paint.archive import read_art

_LATIN = re.compile(r"[a-z0-9][a-z0-9&'-]*")


@dataclass(frozen=True)
class Match:
    """What a text was understood as. `word` is the word that decided; empty when nothing did and `name` is the fallback."""

    name: str
    word: str = ""
    at: int = 0

    @property
    def known(self) -> bool:
        """Whether a word of the text decided."""
        return bool(self.word)


@dataclass(frozen=True)
class PersonWord:
    """A person who is named only by a kind: `age` and `gender` are None where the word does not tell."""

    word: str
    age: Age | None
    gender: Gender | None


_PERSONS: dict[str, tuple[Age | None, Gender | None]] = {
    "girl": ("child", "woman"),
    "boy": ("child", "man"),
    "child": ("child", None),
    "old_woman": ("elder", "woman"),
    "old_man": ("elder", "man"),
    "woman": ("adult", "woman"),
    "man": ("adult", "man"),
    "person": (None, None),
}
_POSE_ORDER = ("lie", "kneel", "squat", "floor", "chair", "hug", "run", "point", "cross", "hip", "gesture", "walk", "stand")
_YOUNG = ("少女", "少年", "女生", "男生", "姑娘", "小伙子", "schoolgirl", "schoolboy", "女孩", "男孩")


def place_of(text: str) -> Match:
    """The place that a text names; a street in default, which a caller should say aloud if the text was not empty."""
    return _best(text, _index("PLACES")) or Match("street" if text.strip() else "plain")


def is_indoor(place: str) -> bool:
    """Whether a place that `place_of` named has a roof."""
    return place in lexicon.INDOOR


def pose_of(action: str) -> Match:
    """How a body stands for an action in words; standing in default. Where someone sits says more than what the hands do."""
    found = _all(action, _index("POSES"))
    if not found:
        return Match("stand")
    names = {m.name for m in found}
    order = [n for n in _POSE_ORDER if n in names and not (n == "hug" and "stand" in names)]
    return next(m for m in found if m.name == order[0])


def style_of(style: str) -> Match:
    """The finish that a style in words asks for; `storybook` in default."""
    found = _all(style, _index("STYLES"))
    plain = Match("storybook", found[0].word, found[0].at) if found else Match("storybook")
    return next((m for m in found if m.name != "storybook"), plain)


def persons_of(text: str) -> tuple[PersonWord, ...]:
    """People named by kind ("an old man", "两个孩子"), at most four, in the order of the text."""
    out: list[PersonWord] = []
    for found in _all(text, _index("PEOPLE")):
        age, gender = _PERSONS[found.name]
        if found.word in _YOUNG and "小" not in text[max(0, found.at - 1) : found.at]:
            age = "young"
        out.extend([PersonWord(found.word, age, gender)] * _count(text, found))
    return tuple(out[:4])


def things_of(text: str) -> tuple[Match, ...]:
    """Things and animals in a running text that are surely meant, in the order of the text, each once."""
    seen: dict[str, Match] = {}
    for found in _all(_NO_THINGS.sub(lambda match: "·" * len(match[0]), text), _index("THINGS")):
        seen.setdefault(found.name, found)
    return tuple(seen.values())


_NO_THINGS = re.compile(
    r"“[^”]*”|「[^」]*」|《[^》]*》|花白|花甲|雪花|火花|浪花|泪花|眼花|鲜花店|花店|花费|书店|书房|书生|读书人|鱼贯|相信|自信|信心|马上|牛仔|龙头|车站|水面|水边|口水|笔直|云集|门前|门口|门外|老虎灶"
)


def thing_of(text: str) -> Match | None:
    """The drawing for one thing in words: known names first, then the emoji list's labels and tags; None if nothing fits."""
    clean = text.strip().lower()
    exact = _index("THINGS").get(clean)
    if exact:
        return Match(exact, clean)
    sure = _best(text, _index("THINGS"), longest=True)
    if sure:
        return sure
    listed = _emoji_words()
    for candidate in _candidates(clean):
        if candidate in listed:
            return Match(listed[candidate], candidate)
    return None


def vocabulary() -> dict[str, dict[str, tuple[str, ...]]]:
    """All words by family (places, actions, people, styles, things) and by what is drawn for them."""
    families = {"places": lexicon.PLACES, "actions": lexicon.POSES, "people": lexicon.PEOPLE, "styles": lexicon.STYLES}
    tables: dict[str, Mapping[str, str]] = {**families, "things": {**lexicon.THINGS, **lexicon.DRAWN}}
    return {family: {name: tuple(words.split("|")) for name, words in table.items()} for family, table in tables.items()}


def plain_name(family: str, name: str) -> str:
    """The first word for what is drawn, for notes: `("PLACES", "sea")` gives "sea"."""
    table: Mapping[str, str] = getattr(lexicon, family)
    return table[name].split("|")[0] if name in table else name.replace("-", " ")


def is_chinese(text: str) -> bool:
    """Whether a text is written in Chinese letters."""
    return any("\u4e00" <= ch <= "\u9fff" for ch in text)


@cache
def _index(family: str) -> dict[str, str]:
    """Word -> what is drawn. Own drawings win over the emoji's."""
    rows: dict[str, str] = {**getattr(lexicon, family), **(lexicon.DRAWN if family == "THINGS" else {})}
    index: dict[str, str] = {}
    for name, words in rows.items():
        for word in words.split("|"):
            if family != "THINGS" or name in lexicon.DRAWN or name in _drawings():
                index.setdefault(word, name)
    if family == "THINGS":
        index |= {word: name for name, words in lexicon.DRAWN.items() if name in OWN_DRAWINGS for word in words.split("|")}
    return index


OWN_DRAWINGS = frozenset({"piano", "lighthouse", "windmill", "table", "pagoda", "spaceship", "lamp_post", "bench", "cup"})


@cache
def _drawings() -> frozenset[str]:
    return frozenset(read_art("words.json.gz").values())


@cache
def _emoji_words() -> dict[str, str]:
    return read_art("words.json.gz")


def _best(text: str, index: dict[str, str], *, longest: bool = False) -> Match | None:
    """The decisive word of a text: the longest; among equals the first in English, the last (the head noun) in Chinese."""
    found = _all(text, index)
    if not found:
        return None
    if longest or not is_chinese(text):
        return max(found, key=lambda m: (_weight(m.word), -m.at))
    return max(found, key=lambda m: (_weight(m.word), m.at))


def _weight(word: str) -> int:
    """Longer words say more; two Chinese letters say about as much as an English word, whose length says nothing."""
    return len(word) if is_chinese(word) else 2 * (word.count(" ") + 1)


def _all(text: str, index: dict[str, str]) -> list[Match]:
    """All words of the index in a text, longest first where they overlap, in the order of the text."""
    lowered = text.lower()
    return sorted([*_latin(lowered, index), *_hanzi(lowered, index)], key=lambda m: m.at)


def _latin(text: str, index: dict[str, str]) -> Iterable[Match]:
    words = [(m.group(), m.start()) for m in _LATIN.finditer(text)]
    i = 0
    while i < len(words):
        for n in (5, 4, 3, 2, 1):
            phrase = " ".join(w for w, _ in words[i : i + n])
            hit = next((p for p in (phrase, *_singular(phrase)) if p in index), None)
            if hit and i + n <= len(words):
                yield Match(index[hit], hit, words[i][1])
                i += n - 1
                break
        i += 1


def _singular(phrase: str) -> tuple[str, ...]:
    forms = []
    if phrase.endswith("ies"):
        forms.append(phrase[:-3] + "y")
    if phrase.endswith("es"):
        forms.append(phrase[:-2])
    if phrase.endswith("s") and not phrase.endswith("ss"):
        forms.append(phrase[:-1])
    return tuple(forms)


def _hanzi(text: str, index: dict[str, str]) -> Iterable[Match]:
    i = 0
    while i < len(text):
        step = 1
        if "\u4e00" <= text[i] <= "\u9fff":
            for n in range(min(6, len(text) - i), 0, -1):
                if text[i : i + n] in index:
                    yield Match(index[text[i : i + n]], text[i : i + n], i)
                    step = n
                    break
        i += step


def _candidates(text: str) -> Iterable[str]:
    """Parts of a text to look up, from the whole to single words, the last word (usually the noun) first."""
    yield text
    words = [m.group() for m in _LATIN.finditer(text)]
    for n in (3, 2, 1):
        for i in range(len(words) - n, -1, -1):
            phrase = " ".join(words[i : i + n])
            if n > 1 or len(phrase) > 2:
                yield phrase
                yield from _singular(phrase)
    hanzi = "".join(ch for ch in text if "\u4e00" <= ch <= "\u9fff")
    for n in range(min(6, len(hanzi)), 1, -1):
        for i in range(len(hanzi) - n, -1, -1):
            yield hanzi[i : i + n]


_COUNTS = {"two": 2, "three": 3, "four": 4, "couple": 2, "两": 2, "二": 2, "三": 3, "四": 4, "俩": 2, "一对": 2, "几": 3}


def _count(text: str, found: Match) -> int:
    """How many of a kind: "two", "三个" just before the word, or a word that is a plural by itself."""
    before = text.lower()[max(0, found.at - 12) : found.at]
    for word, number in _COUNTS.items():
        tail = before[-3:] if is_chinese(word) else before
        if word in tail.split() or (is_chinese(word) and word in tail):
            return number
    return {
        "couple": 2,
        "情侣": 2,
        "friends": 2,
        "people": 3,
        "crowd": 4,
        "人群": 4,
        "众人": 4,
        "人们": 3,
        "children": 2,
        "kids": 2,
    }.get(found.word, 1)
