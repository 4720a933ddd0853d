"""What is to be said, as the model takes it: units of phonemes that remember the text they came from."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

HAN = r"\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af〇"
"""The Chinese characters, as the inside of a regular expression's character class."""

LATIN = "A-Za-zÀ-ÖØ-öø-ÿ"
"""The letters of an English text and its loan words, likewise."""

_ENDS = "。！？!?\n"
_CLOSERS = "”’\"'」』）)】》"
_ABBREVIATIONS = frozenset(
    ("mr", "mrs", "ms", "dr", "prof", "st", "jr", "sr", "vs", "etc", "no", "inc", "ltd", "co", "e.g", "i.e", "a.m", "p.m")
)
_PAUSES: dict[str, float] = {",": 0.2, ";": 0.3, ":": 0.25, "—": 0.3, "…": 0.45, ".": 0.4, "!": 0.4, "?": 0.4}
"""How long the silence after a mark is at least, in seconds, at the ordinary speed."""


@dataclass(frozen=True, slots=True)
class Unit:
    """A word, a syllable or a mark. `text` is what is written, empty for marks and spaces; `phonemes` is what is said."""

    text: str
    phonemes: str

    @property
    def pause_s(self) -> float:
        """The least silence this unit asks for: only marks ask for any."""
        return 0.0 if self.text else max((_PAUSES.get(mark, 0.0) for mark in self.phonemes), default=0.0)


@dataclass(frozen=True, slots=True)
class Breath:
    """What is said in one run of the model; a silence of `pause_s` follows it."""

    units: tuple[Unit, ...]
    pause_s: float

    @property
    def phonemes(self) -> str:
        """All of it, as the model takes it."""
        return "".join(unit.phonemes for unit in self.units)

    @property
    def speaks(self) -> bool:
        """Whether there is a word in it."""
        return any(unit.text for unit in self.units)


def sentences(text: str) -> list[str]:
    """`text` cut after each sentence, its closing quotes included; nothing is lost but space at the cuts."""
    found: list[str] = []
    start = 0
    for at, mark in enumerate(text):
        if not _ends_sentence(text, at, mark):
            continue
        end = at + 1
        while end < len(text) and text[end] in _CLOSERS + _ENDS:
            end += 1
        if end > start:
            found.append(text[start:end])
            start = end
    return [piece.strip() for piece in [*found, text[start:]] if piece.strip()]


def _ends_sentence(text: str, at: int, mark: str) -> bool:
    if mark in _ENDS:
        return True
    if mark != "." or not re.match(rf"[{re.escape(_CLOSERS)}]*(\s|$)", text[at + 1 :]):
        return False
    before = re.search(r"[\w.]*$", text[:at])
    word = before.group().lower() if before else ""
    return not (word in _ABBREVIATIONS or re.fullmatch(r"[a-z]", word) or text[:at].endswith(".."))


def breaths(spoken: list[tuple[Unit, ...]], *, least: int = 40, most: int = 400) -> list[Breath]:
    """Sentences gathered into runs of the model: at least `least` phonemes where there are so many, at most `most`.

    A sentence of one or two syllables is said badly on its own, so short ones share a breath with their neighbours.
    """
    runs: list[list[Unit]] = []
    for sentence in spoken:
        for part in _cut(list(sentence), most):
            if runs and _size(runs[-1]) < least and _size(runs[-1]) + _size(part) < most:
                runs[-1] = _joined(runs[-1], part)
            else:
                runs.append(part)
    if len(runs) > 1 and _size(runs[-1]) < least and _size(runs[-2]) + _size(runs[-1]) < most:
        runs[-2:] = [_joined(*runs[-2:])]
    made = [_breath(run) for run in runs]
    return [breath for breath in made if breath.speaks]


def _joined(run: list[Unit], part: list[Unit]) -> list[Unit]:
    """Two sentences in one breath; a line without a mark at its end (a title, a verse) is a sentence too."""
    return [*run, Unit("", ". " if all(unit.text or not unit.pause_s for unit in run[-2:]) else " "), *part]


def _cut(units: list[Unit], most: int) -> list[list[Unit]]:
    """A sentence that is too long for the model, cut after the last mark that fits, else after the last unit that fits."""
    parts: list[list[Unit]] = []
    while _size(units) > most:
        size, fits, mark = 0, 0, 0
        for at, unit in enumerate(units):
            size += len(unit.phonemes)
            if size > most:
                break
            fits = at + 1
            mark = at + 1 if unit.pause_s else mark
        cut = mark or max(fits, 1)
        parts.append(units[:cut])
        units = units[cut:]
    return [*parts, units]


def _size(units: list[Unit]) -> int:
    return sum(len(unit.phonemes) for unit in units)


def _breath(units: list[Unit]) -> Breath:
    tidy = _tidy(units)
    if tidy and tidy[-1].text:
        tidy.append(Unit("", "."))
    return Breath(tuple(tidy), tidy[-1].pause_s if tidy else 0.0)


def _tidy(units: list[Unit]) -> list[Unit]:
    """One mark or one space between two words, written as the model learned it: no space before a mark, one after it."""
    made: list[Unit] = []
    for unit in units:
        if unit.text or not made:
            made += [unit] if unit.text else []
        elif made[-1].text:
            made.append(unit)
        elif unit.pause_s > made[-1].pause_s:
            made[-1] = unit
    if made and not made[-1].text and not made[-1].pause_s:
        made.pop()
    return made


def clean(units: list[Unit], known: frozenset[str]) -> tuple[Unit, ...]:
    """The units with only phonemes that the model knows; a unit that has none left is not said."""
    kept = (replace(unit, phonemes="".join(p for p in unit.phonemes if p in known)) for unit in units)
    return tuple(unit for unit in kept if unit.phonemes)
