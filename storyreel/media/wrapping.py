"""Where a text may be broken: into chunks of at most two lines, at pauses first, then between phrases, never against kinsoku."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Protocol

from storyreel.model.base import Frozen

_SENTENCE = "。！？!?…"
_CLAUSE = "，、；：,;:—"
_CLOSERS = "”’」』）》】)\"'"
_NO_START = frozenset("。！？，、；：…—～·”’」』）》】〉〕!?,.;:)]}%°℃的了着吗呢吧们")
_NO_END = frozenset("“‘「『（《【〈〔([{$¥￥一二三四五六七八九十百千两几第")
_SILENT_AT_END = "，。、；,;"


class Limits(Frozen):
    """How much fits: widths in half characters, so that a Chinese character counts two and a Latin letter one."""

    chinese: int = 34
    latin: int = 42
    lines: int = 2

    def line(self, text: str) -> int:
        """The width of one line of this text."""
        return self.chinese if is_chinese(text) else self.latin


def limits_for(width_px: int, height_px: int) -> Limits:
    """What fits across a frame of this shape: an upright frame has room for shorter lines."""
    return Limits() if width_px >= height_px else Limits(chinese=24, latin=26)


def narrowed(limits: Limits) -> Limits:
    """What fits in large letters, a third larger."""
    return limits.model_copy(update={"chinese": limits.chinese * 3 // 4, "latin": limits.latin * 3 // 4})


def is_chinese(text: str) -> bool:
    """Whether the text holds any Chinese character."""
    return any("\u3400" <= letter <= "\u9fff" for letter in text)


def width(text: str) -> int:
    """The text's width in half characters."""
    return sum(_letter_width(letter) for letter in text)


def _letter_width(letter: str) -> int:
    if unicodedata.combining(letter):
        return 0
    return 2 if unicodedata.east_asian_width(letter) in "WF" else 1


@dataclass(frozen=True, slots=True)
class _Piece:
    """A stretch of text that is not broken, from `start` to `end`, and how good a place its end is to stop."""

    start: int
    end: int
    stop: float


def chunks(text: str, limits: Limits) -> list[tuple[int, int, str]]:
    """The text in readable chunks: where each starts and ends in `text`, and how it is shown, lines divided by newlines.

    Nothing is lost but spaces at breaks and a comma or full stop at a chunk's end, which readers of captions do not expect.
    """
    pieces = _pieces(text, limits.line(text))
    if not pieces:
        return []
    cuts = _best_cuts(text, pieces, limits)
    found = [(pieces[first].start, pieces[last - 1].end) for first, last in cuts]
    shown = [(start, end, _wrapped(text[start:end], limits.line(text), limits.lines)) for start, end in found]
    return [chunk for chunk in shown if chunk[2]]


def _wrapped(text: str, room: int, most: int) -> str:
    """The text in at most `most` lines of about the same width."""
    clean = _bare(text)
    if width(clean) <= room:
        return clean
    pieces = _pieces(clean, room)
    lines = _balanced(clean, pieces, room, most)
    return "\n".join(line for line in lines if line)


def _bare(text: str) -> str:
    """The text without spaces around it and, unless nothing else is left, without a soft stop at its end."""
    clean = text.strip()
    bare = clean.rstrip(_SILENT_AT_END).rstrip() if is_chinese(clean) else clean
    return bare or clean


def _balanced(text: str, pieces: list[_Piece], room: int, most: int) -> list[str]:
    best: tuple[float, list[str]] | None = None
    for split in range(1, len(pieces)):
        top, rest = text[: pieces[split - 1].end].strip(), text[pieces[split].start :].strip()
        if width(top) > room or (width(rest) > room and most == 2):  # noqa: PLR2004
            continue
        lines = [top, rest] if width(rest) <= room else [top, *_balanced(rest, _pieces(rest, room), room, most - 1)]
        # A lower line that is a little longer reads best; a pause at the break is worth some balance.
        cost = abs(width(top) + 2 - width(rest)) + 10 * pieces[split - 1].stop
        if best is None or cost < best[0]:
            best = (cost, lines)
    return best[1] if best else _greedy(text, pieces, room)


def _greedy(text: str, pieces: list[_Piece], room: int) -> list[str]:
    lines: list[str] = []
    start = 0
    for before, piece in pairwise(pieces):
        if width(text[start : piece.end].strip()) > room:
            lines.append(text[start : before.end].strip())
            start = piece.start
    return [*lines, text[start:].strip()]


def _best_cuts(text: str, pieces: list[_Piece], limits: Limits) -> list[tuple[int, int]]:
    """The cheapest way to cut the pieces in chunks that fit: few, at good stops, of like size."""
    room = limits.line(text)
    count = len(pieces)
    costs = [0.0] + [float("inf")] * count
    back = [0] * (count + 1)
    for last in range(1, count + 1):
        for first in range(last - 1, -1, -1):
            part = text[pieces[first].start : pieces[last - 1].end]
            if first < last - 1 and not _fits(part, room, limits.lines):
                break
            cost = costs[first] + _cost(part, pieces[last - 1].stop if last < count else 0.0, room * limits.lines)
            if cost < costs[last]:
                costs[last], back[last] = cost, first
    cuts: list[tuple[int, int]] = []
    while count:
        cuts.append((back[count], count))
        count = back[count]
    return cuts[::-1]


def _fits(part: str, room: int, lines: int) -> bool:
    wide = width(part.strip())
    if wide > room * lines:
        return False
    shown = _wrapped(part, room, lines).split("\n")
    return len(shown) <= lines and all(width(line) <= room for line in shown)


def _cost(part: str, stop: float, room: int) -> float:
    empty = 1 - min(1.0, width(part.strip()) / room)
    return 1.6 + 2.2 * stop + 1.5 * empty**2


def _pieces(text: str, room: int) -> list[_Piece]:
    """The text cut wherever it may be broken; a stretch wider than a line is cut hard."""
    pieces: list[_Piece] = []
    for start, end, natural in _stretches(text) if text else ():
        for low, high in _hard(text, start, end, room):
            stop = _stop(text[low:high]) if high == end and natural else 2.0
            pieces.append(_Piece(low, high, stop))
    return pieces


def _stop(piece: str) -> float:
    last = piece.rstrip().rstrip(_CLOSERS)[-1:]
    if last and (last in _SENTENCE or (last == "." and piece.endswith((" ", ".", '"')))):
        return 0.0
    return 0.3 if last and last in _CLAUSE else 1.0


def _stretches(text: str) -> list[tuple[int, int, bool]]:
    """Stretches between allowed breaks: phrases in Chinese, words elsewhere, as both the phrase model and Unicode allow."""
    from uniseg.linebreak import line_break_units  # noqa: PLC0415  (its tables load slowly)

    ends, place = [], 0
    for unit in line_break_units(text):
        place += len(unit)
        ends.append(place)
    if is_chinese(text):
        phrases = _phrase_ends(text)
        ends = [end for end in ends if end in phrases or end == len(text) or text[end - 1 : end].isspace()]
    ends = [end for end in ends if end == len(text) or _may_break(text, end)]
    starts = [0, *ends[:-1]]
    return [(start, end, True) for start, end in zip(starts, ends, strict=True) if end > start]


def _may_break(text: str, place: int) -> bool:
    before, after = text[:place].rstrip()[-1:], text[place:].lstrip()[:1]
    return before not in _NO_END and after not in _NO_START


def _phrase_ends(text: str) -> set[int]:
    place, ends = 0, set[int]()
    for phrase in _phrases().parse(text):
        place += len(phrase)
        ends.add(place)
    marks = _SENTENCE + _CLAUSE
    return ends | {place + 1 for place, letter in enumerate(text) if letter in marks}


class _Parser(Protocol):
    def parse(self, sentence: str) -> list[str]: ...


@lru_cache(maxsize=1)
def _phrases() -> _Parser:
    import budoux  # noqa: PLC0415

    parser: _Parser = budoux.load_default_simplified_chinese_parser()
    return parser


def _hard(text: str, start: int, end: int, room: int) -> list[tuple[int, int]]:
    if width(text[start:end].strip()) <= room:
        return [(start, end)]
    from uniseg.graphemecluster import grapheme_clusters  # noqa: PLC0415

    parts: list[tuple[int, int]] = []
    low = place = start
    for cluster in grapheme_clusters(text[start:end]):
        following = place + len(cluster)
        if place > low and width(text[low:following].strip()) > room:
            parts.append(_kinsoku(text, low, place))
            low = parts[-1][1]
        place = following
    return [*parts, (low, end)]


def _kinsoku(text: str, low: int, place: int) -> tuple[int, int]:
    """A hard cut moved back, where that is possible, so that no line starts or ends with the wrong mark."""
    moved = place
    while moved > low + 1 and not _may_break(text, moved):
        moved -= 1
    return (low, moved if _may_break(text, moved) else place)
