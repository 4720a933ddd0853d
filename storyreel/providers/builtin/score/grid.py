"""Where the beats fall: whole bars between cuts, by bending the tempo a little and a bar's length where need be.

cuts     |      |         |    |
beats    1234123412 123412341234 123   tempo within 8 % of the mood's, so that bar lines meet the cuts
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass

MAX_BEND = 0.085
_MOST_SKIPPED = 5
_MISS, _ODD, _EVEN, _BEND, _CHANGE = 4.0, 1.2, 0.5, 0.4, 0.3


@dataclass(frozen=True, slots=True)
class Run:
    """Beats of one tempo between two moments that matter. The last beat may be held a little (`end_s`)."""

    start_s: float
    end_s: float
    beats: int
    beat_s: float


@dataclass(frozen=True, slots=True)
class _Path:
    cost: float
    bpm: float
    run: Run
    before: _Path | None


def runs(start_s: float, end_s: float, cuts_s: tuple[float, ...], bpm: float, metre: int) -> tuple[Run, ...]:
    """Fill the stretch with runs of beats that start on as many cuts as the tempo allows.

    Where no tempo within the bend fills the stretch exactly, its last beat is held or shortened instead.
    """
    stops = (start_s, *(cut for cut in cuts_s if start_s + 0.05 < cut < end_s - 0.05), end_s)
    paths: list[list[_Path]] = [[] for _ in stops]
    for last in range(1, len(stops)):
        for first in range(max(0, last - 1 - _MOST_SKIPPED), last):
            for run in _fits(stops[first], stops[last], bpm, metre):
                paths[last] += _extended(paths[first], run, (first, last), bpm, metre)
        paths[last] = sorted(paths[last], key=lambda path: path.cost)[:6]
    if not paths[-1]:
        return _stretched(stops, paths, bpm)
    return _unwound(paths[-1][0])


def bar_lengths(beats: int, metre: int) -> tuple[int, ...]:
    """Beats cut into bars: as many of the metre as there are, and one that takes the rest, never a bar of one beat."""
    whole, rest = divmod(beats, metre)
    if rest == 0:
        return (metre,) * whole
    if rest == 1 and whole:
        return (metre,) * (whole - 1) + (metre + 1,)
    return (metre,) * whole + (rest,)


def _fits(start_s: float, end_s: float, bpm: float, metre: int) -> list[Run]:
    span_s = end_s - start_s
    ideal = span_s * bpm / 60
    counts = range(max(2, int(ideal * (1 - MAX_BEND))), int(ideal * (1 + MAX_BEND)) + 2)
    close = sorted((n for n in counts if abs(n / ideal - 1) <= MAX_BEND), key=lambda n: (n % metre != 0, abs(n - ideal)))
    return [Run(start_s, end_s, n, span_s / n) for n in close[:4]]


def _extended(before: list[_Path], run: Run, stops: tuple[int, int], bpm: float, metre: int) -> list[_Path]:
    first, last = stops
    own = _run_cost(run, bpm, metre) + _MISS * (last - first - 1)
    tempo = 60 / run.beat_s
    if first == 0:
        return [_Path(own, tempo, run, None)]
    return [_Path(path.cost + own + _CHANGE * ((tempo / path.bpm - 1) / MAX_BEND) ** 2, tempo, run, path) for path in before]


def _run_cost(run: Run, bpm: float, metre: int) -> float:
    rest = run.beats % metre
    shape = 0.0 if rest == 0 else _EVEN if rest * 2 == metre else _ODD
    return shape + _BEND * ((60 / run.beat_s / bpm - 1) / MAX_BEND) ** 2


def _unwound(path: _Path | None) -> tuple[Run, ...]:
    found: list[Run] = []
    while path is not None:
        found.append(path.run)
        path = path.before
    return tuple(reversed(found))


def _stretched(stops: tuple[float, ...], paths: list[list[_Path]], bpm: float) -> tuple[Run, ...]:
    """The runs to the last moment that can be reached, and a last run at the mood's own tempo with its last beat held."""
    reached = max((index for index, found in enumerate(paths) if found), default=0)
    from_s, end_s = stops[reached], stops[-1]
    span_s = end_s - from_s
    beats = max(1, round(span_s * bpm / 60))
    beat_s = min(60 / bpm, span_s / max(1.0, beats - 0.4))
    if beats == 1:
        beat_s = span_s
    head = _unwound(paths[reached][0]) if paths[reached] else ()
    return (*head, Run(from_s, end_s, beats, beat_s))


def beat_times(run: Run) -> tuple[float, ...]:
    """Start of each beat of the run, and its end."""
    return (*(run.start_s + run.beat_s * beat for beat in range(run.beats)), run.end_s)


def hits(starts_s: tuple[float, ...], cuts_s: tuple[float, ...], within_s: float = 0.02) -> tuple[float, ...]:
    """The cuts on which one of the (rising) starts falls."""
    found: list[float] = []
    for cut in cuts_s:
        at = bisect_left(starts_s, cut - within_s)
        if at < len(starts_s) and starts_s[at] <= cut + within_s:
            found.append(cut)
    return tuple(found)
