"""Rows of what was measured, and how they are printed."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rich.console import Console
from rich.table import Table


@dataclass(frozen=True)
class Row:
    """One measurement, what it is held against, and their ratio; `note` says how to read it."""

    name: str
    measured: float
    unit: str
    against: str
    reference: float
    note: str = ""
    digits: int = 2

    @property
    def ratio(self) -> float:
        return self.measured / self.reference if self.reference else math.nan


def show(rows: Iterable[Row]) -> None:
    """Print the rows as one table."""
    table = Table(title="Storyreel, measured against the same machine in the same run")
    for name in ("what", "measured", "against", "reference", "ratio", ""):
        table.add_column(name, justify="right" if name in {"measured", "reference", "ratio"} else "left", overflow="fold")
    for row in rows:
        measured, reference = (f"{value:.{row.digits}f} {row.unit}" for value in (row.measured, row.reference))
        table.add_row(row.name, measured, row.against, reference, f"{row.ratio:.2f}", row.note)
    Console(width=170).print(table)


def percentile(values: Sequence[float], percent: float) -> float:
    """The value that `percent` of them do not exceed."""
    held = sorted(values)
    return held[min(len(held) - 1, math.ceil(len(held) * percent / 100) - 1)]
