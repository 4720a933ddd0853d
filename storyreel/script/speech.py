"""How long a line takes to say, from its text alone."""

from __future__ import annotations


def speaking_s(text: str, language: str, speed: float = 1.0) -> float:
    """Seconds."""
    return len(text) / (4.5 if language == "zh" else 14) / speed
