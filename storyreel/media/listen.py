"""What can be measured of a shot's voice: whether each line is heard when it should be, how loud, and whether it is broken."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from storyreel.media import probe, sound

Span = tuple[float, float]
"""From when to when a line should be heard, in seconds."""

HOP_S = 0.02
UNDER_DB = 30.0
"""A window this far under the loud ones is no speech."""
FLOOR_DBFS = -58.0
"""A window under this is silent, whatever the others are."""
LATEST_S = 1.5
PAUSE_S = 0.6
FULL = 0.985
SILENT_LUFS = -70.0


def voice(path: Path, lines: Sequence[Span]) -> dict[str, float]:
    """The measures of a voice track: `heard` (the least share of a line that is), `late_s`, loudness, true peak, and what is clipped.

    Raises:
        UnreadableMedia: there is no sound in it.
    """
    samples = np.asarray(probe.sound_of(path, sound.RATE_HZ).mean(axis=1, keepdims=True), np.float32)
    level = _levels(samples[:, 0])
    loud = float(np.percentile(level, 95)) if len(level) else -np.inf
    speaks = level > max(FLOOR_DBFS, loud - UNDER_DB)
    shares = [_share(speaks, line) for line in lines]
    found = {
        "heard": min(shares, default=1.0),
        "late_s": max((_late(speaks, line) for line in lines), default=0.0),
        "voice_lufs": max(SILENT_LUFS, sound.loudness_lufs(samples)),
        "voice_peak_dbtp": max(SILENT_LUFS, sound.true_peak_dbtp(samples)),
        "clipped": _clipped(samples[:, 0]),
    }
    return {name: round(float(value), 4) for name, value in found.items()}


def _levels(samples: NDArray[np.float32]) -> NDArray[np.float64]:
    hop = round(HOP_S * sound.RATE_HZ)
    count = len(samples) // hop
    power = (samples[: count * hop].reshape(count, hop).astype(np.float64) ** 2).mean(axis=1)
    return 10 * np.log10(power + 1e-12)


def _share(speaks: NDArray[np.bool_], line: Span) -> float:
    """How much of a line's time is speech; pauses between its words and sentences count as speech."""
    part = _within(speaks, *line)
    if not len(part):
        return 0.0
    gap = round(PAUSE_S / HOP_S)
    at = np.flatnonzero(part)
    held = part.copy()
    for before, after in pairwise(at.tolist()):
        if after - before <= gap:
            held[before:after] = True
    return float(held.mean())


def _late(speaks: NDArray[np.bool_], line: Span) -> float:
    """How long after its time a line begins; nothing heard at all is another fault."""
    start_s, end_s = line
    part = _within(speaks, start_s, end_s + LATEST_S)
    at = np.flatnonzero(part)
    return float(at[0] * HOP_S) if len(at) else 0.0


def _within(speaks: NDArray[np.bool_], start_s: float, end_s: float) -> NDArray[np.bool_]:
    return speaks[max(0, round(start_s / HOP_S)) : max(0, round(end_s / HOP_S))]


def _clipped(samples: NDArray[np.float32]) -> float:
    """The share of what is heard that lies flat at full scale."""
    level = np.abs(samples)
    heard = int((level > 0.01).sum())  # noqa: PLR2004 - silence says nothing
    full = level >= FULL
    return float((full[1:] & full[:-1]).sum()) / max(1, heard)
