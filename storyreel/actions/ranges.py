"""Numbers of shots as people write them."""

from __future__ import annotations

from collections.abc import Sequence


def numbers(shots: Sequence[int | None]) -> str:
    """Numbers as ranges: 1-3, 7."""
    known = sorted({n for n in shots if n is not None})
    runs: list[list[int]] = []
    for n in known:
        if runs and n == runs[-1][-1] + 1:
            runs[-1].append(n)
        else:
            runs.append([n])
    return ", ".join(f"{run[0]}-{run[-1]}" if len(run) > 1 else f"{run[0]}" for run in runs)
