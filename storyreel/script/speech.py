"""How long a line takes to say, told from its text alone.

The rates are those of the built-in voice, measured over its speakers; other voices are close to it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from storyreel.model.spec import Language

_HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff〇]")
_WORD = re.compile(r"[A-Za-zÀ-ÖØ-öø-ÿ]+(?:['’][A-Za-z]+)*")
_FIGURE = re.compile(r"[$¥€£]?\d+(?:,\d{3})*(?:%|st\b|nd\b|rd\b|th\b)?")
_VOWELS = re.compile(r"[aeiouyà-öø-ÿ]+")
_COMMAS = re.compile(r"[,，、;；:：—–]+")
_THOUSANDS = re.compile(r"(?<=\d)[,:：](?=\d)")
_STOPS = re.compile(r"[.!?。！？…\n]+(?=\s|[”’\"'」』）)]|$|[^\d\s])")


@dataclass(frozen=True, slots=True)
class _Rate:
    """Seconds: around a line, for each syllable, and for the pauses at commas and at stops within it."""

    around_s: float
    syllable_s: float
    comma_s: float
    stop_s: float


_RATES: dict[Language, _Rate] = {"zh": _Rate(0.4, 0.184, 0.22, 0.38), "en": _Rate(0.48, 0.194, 0.35, 0.34)}


def speaking_s(text: str, language: Language, speed: float = 1.0) -> float:
    """The seconds `text` takes to say at `speed`; 0 when there is nothing in it to say.

    Measured against 52 lines of the built-in voice in 90 takes: 7 % off on average in either language, 5 % of it on the long
    side. Five takes were more than 10 % longer than said here, the worst 16 %.
    """
    count = syllables(text, language)
    if not count:
        return 0.0
    rate = _RATES[language]
    inside = text.strip().rstrip("”’\"'」』）) \n.!?。！？…,，、;；:：—–")
    pauses_s = rate.comma_s * len(_COMMAS.findall(_THOUSANDS.sub("", inside))) + rate.stop_s * len(_STOPS.findall(inside))
    return rate.around_s + (rate.syllable_s * count + pauses_s) / speed


def syllables(text: str, language: Language) -> int:
    """How many syllables are said: one a Chinese character, the vowel groups of a foreign word, and those figures are read with."""
    words = sum(_in_word(word.group()) for word in _WORD.finditer(_FIGURE.sub(" ", text)))
    return len(_HAN.findall(text)) + words + sum(_in_figure(figure.group(), language) for figure in _FIGURE.finditer(text))


def _in_word(word: str) -> int:
    """The vowel groups of an English word without its silent e; of capitals alone, a syllable a letter."""
    if word.isupper() and len(word) > 1:
        return len(word)
    said = re.sub(r"(?<=[^aeiouyl])e(?=s?$)|(?<=[^td])e(?=d$)", "", word.lower())
    return max(1, len(_VOWELS.findall(said)))


def _in_figure(figure: str, language: Language) -> int:
    """Four digits are mostly a year; other figures are read with the names of their powers, the long ones digit by digit."""
    count = sum(char.isdigit() for char in figure)
    signs = 2 * (not figure[0].isdigit()) + (3 if language == "zh" else 2) * figure.endswith("%")
    if "," in figure:
        return 2 * count + signs
    by_digits = (1, 3, 6, 5) if language == "en" else (1, 2, 5, 4)
    return (by_digits[count - 1] if count <= len(by_digits) else round(1.3 * count)) + signs
