"""English text as units: one for each written word, whatever it is read out as."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cache
from typing import Any

from storyreel.providers.builtin.speech import pinyin
from storyreel.providers.builtin.speech.units import Unit

_EDGES = re.compile(r"^[^\w$€£¥#+-]+|[^\w%°]+$")
_MARKS = frozenset(",.;:!?—…")
_GAPS = re.compile(r"[\s，。！？；：、—…]+")
_CHINESE_NAME = re.compile(
    r"\b(?=[A-Z][a-z]{1,17}\b)(?=\w*(?:[Xx]|[Qq](?!u)|[Zz]h|iao|iu|ui\b|[iu]ang|ong|[Hh]ua|ian\b|[Jj]ie|[Jj]un|ing|eng|[Yy]u))[A-Z][a-z]+\b"
)
"""A word that may be a Chinese name: it has a group of letters that English names hardly have."""
_QUOTES = str.maketrans("", "", '“”"')


@dataclass(slots=True)
class _Spoken:
    """A word as it is said, between two spaces of the text that is read out, and the marks that follow it."""

    word: str
    phonemes: str
    marks: str


@cache
def _reader(*, british: bool) -> Any:
    from hibari.g2p import G2P  # noqa: PLC0415 - its dictionaries load for half a second, and only a voice needs them

    return G2P(british=british)


def units(text: str, *, british: bool = False) -> list[Unit]:
    """The units of a text without Chinese characters. "8:30 pm" may be one unit, since it is read as a whole."""
    written = [word for word in (_EDGES.sub("", chunk) for chunk in _GAPS.split(text)) if word]
    spoken = _spoken(text, british=british)
    made: list[Unit] = []
    for word, group in _aligned(written, [said for said in spoken if said.phonemes]):
        inside = "".join(f"{said.phonemes}{said.marks} " for said in group[:-1])
        made += [Unit(word, inside + group[-1].phonemes), Unit("", group[-1].marks + " ")]
    return made


def _spoken(text: str, *, british: bool) -> list[_Spoken]:
    from hibari.g2p.normalize import normalize  # noqa: PLC0415

    reader = _reader(british=british)
    made: list[_Spoken] = []
    fresh = True
    for token in reader.phonemize_tokens(reader.tokenize(_with_names(normalize(_plain(text)), reader.lexicon))):
        sound = (token.phonemes or "").translate(_QUOTES).strip()
        mark = bool(sound) and not any(char.isalnum() for char in token.text) and all(char in _MARKS for char in sound)
        if fresh and not (mark and made):
            made.append(_Spoken("", "", ""))
        if mark:
            made[-1].marks += sound[-1:]
        else:
            made[-1].word += token.text
            made[-1].phonemes += sound
        fresh = bool(token.whitespace)
    return made


def _plain(text: str) -> str:
    """Marks of other keyboards as English ones; quotation marks are seen and not heard."""
    wide = {"，": ", ", "、": ", ", "。": ". ", "！": "! ", "？": "? ", "；": "; ", "：": ": ", "’": "'", "‘": "'"}
    table = str.maketrans(wide | dict.fromkeys('“”"「」『』«»《》()（）[]【】*_'))
    return re.sub(r"\s*(--+|—+)\s*", " — ", text.translate(table)).replace("...", "…")


def _with_names(text: str, lexicon: Any) -> str:
    """Chinese names in pinyin that no English dictionary has, marked with their Chinese sound: "Xiaoyu" is no "zy-oh-yoo"."""

    def marked(match: re.Match[str]) -> str:
        name = match.group()
        if any(form in words for form in (name, name.lower()) for words in (lexicon.golds, lexicon.silvers)):
            return name
        syllables = pinyin.split(name.lower())
        return f"[{name}](/{''.join(pinyin.phonemes(said + '2') for said in syllables)}/)" if syllables else name

    return _CHINESE_NAME.sub(marked, text)


def _aligned(written: list[str], spoken: list[_Spoken]) -> list[tuple[str, list[_Spoken]]]:
    """Each written word with what is said for it; words that are read out otherwise are paired in order, as evenly as they go."""
    made: list[tuple[str, list[_Spoken]]] = []
    said = [_EDGES.sub("", word.word).casefold() for word in spoken]
    matcher = SequenceMatcher(None, [word.casefold() for word in written], said, autojunk=False)
    for kind, a, b, c, d in matcher.get_opcodes():
        if kind == "equal":
            made += [(written[a + i], [spoken[c + i]]) for i in range(b - a)]
        else:
            made = _paired(made, written[a:b], spoken[c:d])
    return made


def _paired(made: list[tuple[str, list[_Spoken]]], written: list[str], spoken: list[_Spoken]) -> list[tuple[str, list[_Spoken]]]:
    count = min(len(written), len(spoken))
    if not count:
        return _joined(made, written, spoken)
    word_cuts = [len(written) * i // count for i in range(count + 1)]
    said_cuts = [len(spoken) * i // count for i in range(count + 1)]
    pairs = zip(word_cuts, word_cuts[1:], said_cuts, said_cuts[1:], strict=False)
    return made + [(" ".join(written[a:b]), spoken[c:d]) for a, b, c, d in pairs]


def _joined(made: list[tuple[str, list[_Spoken]]], written: list[str], spoken: list[_Spoken]) -> list[tuple[str, list[_Spoken]]]:
    """What has no partner goes with the word before it, or stands alone at the start."""
    if not made:
        return [(" ".join(written), spoken)] if spoken else []
    word, group = made[-1]
    return [*made[:-1], (" ".join([word, *written]), [*group, *spoken])]
