"""How a line is said: what a feeling and an age change about speed, level, pitch and pauses.

The model has no input for feeling; these are what a listener hears of one besides the words.
"""

from __future__ import annotations

from dataclasses import dataclass

from storyreel.model.spec import Age, Emotion


@dataclass(frozen=True, slots=True)
class Manner:
    """Factors of speed, pitch and pauses, and a level in dB, against the ordinary voice."""

    speed: float = 1.0
    gain_db: float = 0.0
    pauses: float = 1.0
    pitch: float = 1.0


_EMOTIONS: dict[Emotion, Manner] = {
    "neutral": Manner(),
    "happy": Manner(1.05, 0.5, 0.9, 1.02),
    "sad": Manner(0.9, -1.5, 1.35, 0.98),
    "angry": Manner(1.07, 1.5, 0.8, 1.01),
    "afraid": Manner(1.1, -1.0, 1.1, 1.03),
    "surprised": Manner(1.04, 1.0, 1.0, 1.03),
    "tender": Manner(0.92, -1.5, 1.15, 0.99),
    "tired": Manner(0.87, -2.0, 1.4, 0.97),
}
_AGES: dict[Age, float] = {"child": 1.0, "young": 1.02, "adult": 1.0, "elder": 0.92}


def manner(emotion: Emotion, age: Age | None) -> Manner:
    """The manner of a feeling at an age."""
    felt = _EMOTIONS[emotion]
    return Manner(felt.speed * _AGES[age or "adult"], felt.gain_db, felt.pauses, felt.pitch)
