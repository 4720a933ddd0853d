"""Captions from spoken lines: cut where people pause, wrapped as each language wraps, on screen long enough to be read."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

from storyreel.media import wrapping
from storyreel.media.wrapping import Limits
from storyreel.model.base import Frozen
from storyreel.pipeline.ports import Word

LEAST_S = 0.8
"""A caption shorter than this flashes by unread."""
_LINGER_S = 0.25
_BRIDGE_S = 0.2


class SpokenLine(Frozen):
    """One line as it is heard. Times are in seconds of the clip or film; `words` are its voice's timings, in the same time."""

    text: str
    start_s: float
    end_s: float
    speaker: str = ""
    words: tuple[Word, ...] = ()


class Caption(Frozen):
    """What stands on the screen for a while; lines are divided by a newline."""

    text: str
    start_s: float
    end_s: float
    speaker: str = ""


@dataclass(frozen=True, slots=True)
class _Clock:
    """When each character of a text is heard: times at some places, and a steady pace between them."""

    places: tuple[float, ...]
    times_s: tuple[float, ...]

    def at(self, place: float) -> float:
        """The moment at which the character at `place` begins."""
        right = min(max(1, bisect_left(self.places, place)), len(self.places) - 1)
        low, high = self.places[right - 1], self.places[right]
        share = 0.0 if high == low else (place - low) / (high - low)
        return self.times_s[right - 1] + min(1.0, max(0.0, share)) * (self.times_s[right] - self.times_s[right - 1])


def captions(lines: Sequence[SpokenLine], limits: Limits | None = None, *, until_s: float | None = None) -> list[Caption]:
    """What to show while `lines` are spoken, in order and never two at once.

    Every caption stands at least `LEAST_S` where there is room for it before `until_s`; where there is none, room is shared.
    """
    ordered = sorted(lines, key=lambda line: line.start_s)
    found = [caption for line in ordered for caption in _cut(line, limits or Limits())]
    return _timed(found, until_s)


def shifted(found: Sequence[Caption], by_s: float) -> list[Caption]:
    """The same captions earlier or later."""
    return [caption.model_copy(update={"start_s": caption.start_s + by_s, "end_s": caption.end_s + by_s}) for caption in found]


def _cut(line: SpokenLine, limits: Limits) -> list[Caption]:
    text = " ".join(line.text.split())
    clock = _clock(text, line)
    made: list[Caption] = []
    for start, end, shown in wrapping.chunks(text, limits):
        begin_s, end_s = clock.at(start), clock.at(end)
        made.append(Caption(text=shown, start_s=begin_s, end_s=max(begin_s, end_s), speaker=line.speaker))
    return made


def _clock(text: str, line: SpokenLine) -> _Clock:
    """Marks at the start and the end of each word that is found in the text, in order; words not found are passed over."""
    marks: list[tuple[float, float]] = [(0.0, line.start_s)]
    low, place = text.casefold(), 0
    for word in line.words:
        spoken = word.text.strip().casefold()
        found = low.find(spoken, place) if spoken and len(low) == len(text) else -1
        if found < 0 or found - place > 12 + 2 * len(spoken):
            continue
        marks += [(float(found), word.start_s), (float(found + len(spoken)), word.end_s)]
        place = found + len(spoken)
    marks.append((float(len(text)), max(line.end_s, line.start_s)))
    return _rising(marks, line)


def _rising(marks: list[tuple[float, float]], line: SpokenLine) -> _Clock:
    places: list[float] = []
    times: list[float] = []
    latest = line.start_s
    for place, moment in marks:
        latest = min(max(latest, moment), max(line.end_s, line.start_s))
        places.append(place)
        times.append(latest)
    return _Clock(tuple(places), tuple(times))


def _timed(found: list[Caption], until_s: float | None) -> list[Caption]:
    if not found:
        return []
    starts = [max(0.0, caption.start_s) for caption in found]
    ends = _lingering(starts, [max(0.0, caption.end_s) for caption in found])
    _push_later(starts, ends)
    if until_s is not None:
        _pull_earlier(starts, ends, until_s)
    shown = [c.model_copy(update={"start_s": s, "end_s": e}) for c, s, e in zip(found, starts, ends, strict=True)]
    return [caption for caption in shown if caption.end_s > caption.start_s]


def _lingering(starts: list[float], ends: list[float]) -> list[float]:
    """Ends moved on a little after the voice stops, and up to the next caption where the gap would only flicker."""
    nexts = [*starts[1:], float("inf")]
    held: list[float] = []
    for end, following in zip(ends, nexts, strict=True):
        longer = end + _LINGER_S
        held.append(max(end, min(following, longer if following - longer > _BRIDGE_S else following, longer + _BRIDGE_S)))
    return held


def _push_later(starts: list[float], ends: list[float]) -> None:
    latest = 0.0
    for index in range(len(starts)):
        following = starts[index + 1] if index + 1 < len(starts) else float("inf")
        starts[index] = max(starts[index], latest)
        # Up to the next caption it is free; past it, only what reading needs.
        ends[index] = max(min(ends[index], max(following, starts[index])), starts[index] + LEAST_S)
        latest = ends[index]


def _pull_earlier(starts: list[float], ends: list[float], until_s: float) -> None:
    least = min(LEAST_S, until_s / len(starts))
    limit = until_s
    for index in reversed(range(len(starts))):
        ends[index] = min(ends[index], limit)
        starts[index] = max(0.0, min(starts[index], ends[index] - least))
        limit = starts[index]
    # Sharing the room backwards may leave the first ones with nothing: lay them out again from the front.
    latest = 0.0
    for index in range(len(starts)):
        starts[index] = max(starts[index], latest)
        ends[index] = min(until_s, max(ends[index], starts[index] + min(least, until_s - starts[index])))
        latest = ends[index]
