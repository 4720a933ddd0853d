"""The one clock: wall time for people and rows, a steady one for durations."""

from __future__ import annotations

import time
from datetime import UTC, datetime


def now() -> datetime:
    """This moment, in UTC, aware of it."""
    return datetime.now(UTC)


def steady_s() -> float:
    """Seconds that never run backwards, from an arbitrary start."""
    return time.monotonic()
