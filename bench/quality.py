"""Quality control held against a labelled set: how many good shots pass and broken ones are found, kind by kind, and what it costs."""

from __future__ import annotations

import asyncio
import tempfile
import time
from collections import defaultdict
from pathlib import Path

from bench.table import Row
from tests.standins.judging import Outcome, confusion, judged, right
from tests.standins.labelled import drawn, filmed, labelled

GOAL = 0.85
TITLES = {
    "tune": "the scenes that the limits were found on",
    "held": "the scenes that were held back",
    "unseen": "the scenes that were drawn afterwards",
}


async def rows() -> list[Row]:
    outcomes, measured_s, drawn_s = await asyncio.to_thread(_all)
    for part, title in TITLES.items():
        print(f"\n{title}\n{confusion(outcomes[part])}")
    held = [*outcomes["held"], *outcomes["unseen"]]
    print(f"\nall that taught no limit\n{confusion(held)}\n")
    broken = [one for one in held if one.shot.fault]
    good = [one for one in held if not one.shot.fault]
    return [
        Row("shots judged right", 100 * right(held), "%", "what was asked", 100 * GOAL, "those that taught no limit", digits=1),
        Row("broken shots found", 100 * right(broken), "%", "what was asked", 100 * GOAL, digits=1),
        Row("good shots called broken", sum(not one.right for one in good), "shots", "good shots", len(good), digits=0),
        Row(
            "measuring a shot",
            1000 * measured_s,
            "ms",
            "drawing its picture and clip",
            1000 * drawn_s,
            "2.5 s at 320 x 180",
            digits=0,
        ),
    ]


def _all() -> tuple[dict[str, list[Outcome]], float, float]:
    """What was found by part of the set; how long a shot takes to measure, and to draw, in seconds of a core."""
    found: dict[str, list[Outcome]] = defaultdict(list)
    measured_s = 0.0
    with tempfile.TemporaryDirectory(prefix="storyreel-quality-") as folder:
        for shot in labelled():
            start = time.process_time()
            found[shot.part].append(judged(shot, Path(folder)))
            measured_s += time.process_time() - start
    return found, measured_s / sum(len(held) for held in found.values()), _drawing_s()


def _drawing_s() -> float:
    """What one picture and a clip of it take; a project has four pictures drawn for each shot."""
    drawn.cache_clear()
    start = time.process_time()
    for number in (0, 2, 4, 6):
        filmed(number, drawn(number).still)
    return (time.process_time() - start) / 4
