"""Chinese text as units: one for each character, with the reading it has in its word and its clause."""

from __future__ import annotations

import logging
import re
import warnings
from functools import cache
from typing import Any

from storyreel.providers.builtin.speech import numbers, pinyin
from storyreel.providers.builtin.speech.folders import cache_folder
from storyreel.providers.builtin.speech.units import HAN, Unit

MARKS = {
    "，": ", ", "、": ", ", "。": ". ", "．": ". ", "！": "! ", "？": "? ", "；": "; ", "：": ": ", "…": "… ", "—": "— ", "～": " ",
    "·": " ", "•": " ", ",": ", ", ".": ". ", "!": "! ", "?": "? ", ";": "; ", ":": ": ", "-": " ", "–": "— ", "~": " ", "\n": ". ",
}  # fmt: skip
"""What each mark is to the model; marks that are not listed (quotes, brackets) are seen and not heard."""

_READINGS: tuple[tuple[str, str], ...] = (
    (rf"(?<=[{HAN}]{{2}})(?<![块片在把被])地(?=[{HAN}])", "de5"),
    (r"(?<=[还就总必也都只你我他她它们咱可要非又真偏])得(?=[^很多少])", "dei3"),
    (rf"(?<=[{HAN}])(?<![还就总必也都只你我他她它们咱可要非又真偏获取])得(?=[^到了])", "de5"),
    (r"长(?=[得大高出成满了着])", "zhang3"),
    (r"(?<=[一二三四五六七八九十百千万两几这那每])只", "zhi1"),
    (r"干(?=[了吗嘛啥什过得完])|(?<=[能敢白蛮])干", "gan4"),
    (r"还(?=[给钱清债])|(?<=[归偿交])还", "huan2"),
    (r"倒(?=下)|(?<=[跌摔晕滑])倒", "dao3"),
    (r"教(?=[我你他她])", "jiao1"),
    (r"背(?=着?[包书起负])", "bei1"),
)
"""Readings that hang on the neighbours: they hold where no word of the dictionary settles it."""


@cache
def _tokenizer() -> Any:
    """The word cutter, with its prepared dictionary in our own cache and not in a folder that anyone may write to."""
    with warnings.catch_warnings():  # its escapes are of another age, and Python says so each time it is compiled
        warnings.simplefilter("ignore")
        import jieba  # noqa: PLC0415 - loads for half a second, and only a voice needs it

    jieba.setLogLevel(logging.CRITICAL)
    tokenizer: Any = jieba.Tokenizer()
    folder = cache_folder()
    if folder:
        tokenizer.tmp_dir = str(folder)
        tokenizer.initialize()
    return tokenizer


def words(clause: str) -> list[str]:
    """The words of a run of Chinese characters."""
    return [str(word) for word in _tokenizer().lcut(clause)]


def readings(clause: str) -> list[list[str]]:
    """The pinyin of each character, with the tone's number, grouped by words."""
    mended = {match.start(): said for pattern, said in _READINGS for match in re.finditer(pattern, clause)}
    made: list[list[str]] = []
    at = 0
    for word in words(clause):
        said, known = _dictionary(word)
        made.append([syllable if known else mended.get(at + i, syllable) for i, syllable in enumerate(said)])
        at += len(word)
    return made


def _dictionary(word: str) -> tuple[list[str], bool]:
    """The pinyin of a word, and whether the dictionary has it as a whole, so that its readings are certain."""
    from pypinyin import Style, lazy_pinyin  # noqa: PLC0415 - its dictionaries load for a quarter of a second
    from pypinyin.constants import PHRASES_DICT  # noqa: PLC0415

    said = lazy_pinyin(word, style=Style.TONE3, neutral_tone_with_five=True)
    if len(said) != len(word):
        said = [lazy_pinyin(char, style=Style.TONE3, neutral_tone_with_five=True)[0] for char in word]
    return said, word in PHRASES_DICT


def units(text: str) -> list[Unit]:
    """The units of a text without foreign words. A figure is one unit, however many syllables it is read with."""
    made: list[Unit] = []
    for piece in numbers.pieces(text):
        if piece.written == piece.said:
            for run in re.findall(rf"[{HAN}]+|[^{HAN}]", piece.said):
                made += _run(run)
        else:
            made += [Unit(piece.written.strip(), " ".join("".join(word) for word in _sounds(piece.said))), Unit("", " ")]
    return made


def _run(run: str) -> list[Unit]:
    if not re.match(f"[{HAN}]", run):
        mark = MARKS.get(run, " " if run.isspace() else "")
        return [Unit("", mark)] if mark else []
    made: list[Unit] = []
    chars = iter(run)
    for word in _sounds(run):
        made += [Unit(next(chars), sound) for sound in word] + [Unit("", " ")]
    return made


def _sounds(clause: str) -> list[list[str]]:
    return [[pinyin.phonemes(syllable) for syllable in word] for word in readings(clause)]
