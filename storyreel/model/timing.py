"""Frames and seconds: rows hold whole frames, people speak of seconds."""

from __future__ import annotations


def to_frames(duration_s: float, fps: int) -> int:
    """The whole number of frames nearest to `duration_s`, at least one."""
    return max(1, round(duration_s * fps))


def to_seconds(frames: int, fps: int) -> float:
    """How long `frames` last, in seconds."""
    return frames / fps


def share(total: int, weights: list[float], least: int = 1) -> list[int]:
    """`total` frames shared out by weight, each at least `least`, summing exactly to `total`.

    Raises:
        ValueError: `total` is less than `least` for each.
    """
    if total < least * len(weights):
        raise ValueError(f"{total} frames are not enough for {len(weights)} shots of at least {least}")
    free = total - least * len(weights)
    whole = sum(weights) or 1.0
    exact = [free * (weight if sum(weights) else 1 / len(weights)) / whole for weight in weights]
    parts = [int(value) for value in exact]
    by_rest = sorted(range(len(weights)), key=lambda i: exact[i] - parts[i], reverse=True)
    for index in by_rest[: free - sum(parts)]:
        parts[index] += 1
    return [part + least for part in parts]


def clock(duration_s: float) -> str:
    """`m:ss` for a person."""
    minutes, seconds = divmod(round(duration_s), 60)
    return f"{minutes}:{seconds:02d}"
