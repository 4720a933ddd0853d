"""The one clock: wall time for people and rows, a steady one for durations."""

from __future__ import annotations

import os
import time
from datetime import UTC, datetime


def now() -> datetime:
    """This moment, in UTC, aware of it."""
    return datetime.now(UTC)


def zone() -> str:
    """The time zone that people mean who name none: STORYREEL_TIME_ZONE, else TZ, else UTC."""
    return os.environ.get("STORYREEL_TIME_ZONE") or os.environ.get("TZ", "").lstrip(":") or "UTC"


def steady_s() -> float:
    """Seconds that never run backwards, from an arbitrary start."""
    return time.monotonic()
