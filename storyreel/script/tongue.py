"""Letters, sentences and languages of a text."""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass

from storyreel.model.spec import Language

CJK = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_CJK = re.compile(f"[{CJK}]")
_WORD = re.compile(r"[A-Za-zÀ-ÿ]+(?:['’-][A-Za-zÀ-ÿ]+)*|\d+")
_ENGLISH_WORDS_A_CHARACTER = 0.6
_ABBREVIATION = re.compile(r"\b(?:Mr|Mrs|Ms|Dr|St|Prof|Sr|Jr|vs|etc|No|e\.g|i\.e|[A-Z])\.$")
_COMMA = re.compile(r"[，、；：,;:—。！？!?…]+[”’」』\"]?(?!\d)")
_END = re.compile(r"[。！？!?；;…]+[”’」』\")）]*|\.+[”’\")]*(?=\s|$)|[—–]+[”’」』\"](?=\s|$)")


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a text: where it starts and ends in the source, and its words."""

    start: int
    end: int
    text: str


def has_cjk(text: str) -> bool:
    """Whether any Chinese character is in the text."""
    return bool(_CJK.search(text))


def language_of(text: str, otherwise: Language = "en") -> Language:
    """The language most of the text is written in; `otherwise` where it has no words."""
    characters, words = len(_CJK.findall(text)), len(_WORD.findall(text))
    if not characters and not words:
        return otherwise
    return "zh" if characters >= words * _ENGLISH_WORDS_A_CHARACTER else "en"


def tokens(text: str) -> list[str]:
    """The words of a text: single Chinese characters, English words and numbers, in lower case."""
    return re.findall(rf"[{CJK}]|[A-Za-zÀ-ÿ]+(?:['’-][A-Za-zÀ-ÿ]+)*|\d+", text.lower())


def tidy(text: str) -> str:
    """One line with single spaces; where a line of Chinese was wrapped, none."""
    wide = rf"[{CJK}，。！？；：、“”‘’（）《》…]"
    text = re.sub(rf"(?<={wide})[^\S\n]*\n\s*(?={wide})", "", text)
    return re.sub(r"\s+", " ", text).strip()


def lines(text: str) -> list[Piece]:
    """The lines of a text with their places, without line ends."""
    found: list[Piece] = []
    start = 0
    for match in re.finditer(r"\r\n|\n|\r", text):
        found.append(Piece(start, match.start(), text[start : match.start()]))
        start = match.end()
    found.append(Piece(start, len(text), text[start:]))
    return found


def sentences(text: str, start: int = 0, end: int | None = None) -> list[Piece]:
    """The sentences of a part of a text, trimmed, with their places."""
    end = len(text) if end is None else end
    cuts = [
        match.end()
        for match in _END.finditer(text, start, end)
        if not _ABBREVIATION.search(text[max(start, match.end() - 12) : match.end()])
    ]
    edges = [start, *cuts, end]
    pieces = (trim(text, a, b) for a, b in itertools.pairwise(edges))
    return _join_marks([piece for piece in pieces if piece.text])


def trim(text: str, start: int, end: int) -> Piece:
    """The part of a text without the space around it."""
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return Piece(start, end, text[start:end])


def clauses(text: str, start: int = 0, end: int | None = None) -> list[Piece]:
    """The parts between commas, trimmed, each with its comma."""
    end = len(text) if end is None else end
    cuts = [match.end() for match in _COMMA.finditer(text, start, end)]
    edges = [start, *cuts, end]
    pieces = (trim(text, a, b) for a, b in itertools.pairwise(edges))
    return _join_marks([piece for piece in pieces if piece.text])


def _join_marks(pieces: list[Piece]) -> list[Piece]:
    """Pieces of mere punctuation go with the piece before them."""
    joined: list[Piece] = []
    for piece in pieces:
        if joined and not re.search(r"\w", piece.text):
            last = joined.pop()
            gap = " " * (piece.start - last.end)
            joined.append(Piece(last.start, piece.end, last.text + gap + piece.text))
        else:
            joined.append(piece)
    return joined
