"""A line as breaths: cut into sentences, each read in the script it is written in."""

from __future__ import annotations

import re
from collections.abc import Callable

from storyreel.model.spec import Language
from storyreel.providers.builtin.speech import english, mandarin
from storyreel.providers.builtin.speech.units import HAN, LATIN, Breath, Unit, breaths, clean, sentences

_FOREIGN = re.compile(rf"[{LATIN}]+(?:['’.&-]?[{LATIN}]+)*(?:[ ,]+[{LATIN}]+(?:['’.&-]?[{LATIN}]+)*)*")
_CHINESE = re.compile(rf"[{HAN}](?:[{HAN}0-9，、。！？；：“”‘’《》「」\s]*[{HAN}])?")


def read(text: str, language: Language, known: frozenset[str], *, british: bool = False) -> list[Breath]:
    """The breaths of `text`, in the phonemes `known` to the model. Figures are read in the language of the sentence."""
    spoken = (clean(_sentence(sentence, language, british=british), known) for sentence in sentences(text))
    return breaths([sentence for sentence in spoken if sentence])


def _sentence(sentence: str, language: Language, *, british: bool) -> list[Unit]:
    def foreign(run: str) -> list[Unit]:
        letter = {"A": "ˈA", "a": "ˈA"}.get(run)  # alone among Chinese it is a letter and no article
        return [Unit(run, letter)] if letter else english.units(run, british=british)

    if _is_chinese(sentence, language):
        return _mixed(sentence, _FOREIGN, inside=foreign, outside=mandarin.units)
    return _mixed(sentence, _CHINESE, inside=mandarin.units, outside=lambda run: english.units(run, british=british))


def _mixed(
    sentence: str, other: re.Pattern[str], *, inside: Callable[[str], list[Unit]], outside: Callable[[str], list[Unit]]
) -> list[Unit]:
    """The stretches that `other` matches are read by `inside`, the rest by `outside`."""
    made: list[Unit] = []
    end = 0
    for match in other.finditer(sentence):
        made += [*outside(sentence[end : match.start()]), *inside(match.group()), Unit("", " ")]
        end = match.end()
    return made + outside(sentence[end:])


def _is_chinese(sentence: str, language: Language) -> bool:
    """A sentence without letters of the other script is read in its own, whatever the line's language says."""
    han, latin = bool(re.search(f"[{HAN}]", sentence)), bool(re.search(f"[{LATIN}]", sentence))
    return han if han != latin else language == "zh"
