"""What is known of a run that was: what its stages were asked for, and where the log stood when a stage began."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal
from uuid import UUID


@dataclass(frozen=True)
class AskedThen:
    """What a stage of a run was asked for.

    `request` is the stage's own; where it made nothing, `calls` are what its providers were asked. `revision` is where the log stood
    when the stage began, `take` which try it was.
    """

    request: Mapping[str, Any] | None = None
    calls: tuple[Mapping[str, Any], ...] = ()
    take: int = 0
    revision: int = 0


@dataclass(frozen=True)
class RanFacts:
    """A run as an action sees it: which task's, of what, through which stages, and what each of them was asked for."""

    task_id: UUID
    kind: Literal["shot", "cut", "sheet"]
    owner_id: UUID
    run: int
    state: str
    stages: tuple[str, ...]
    asked: Mapping[str, AskedThen] = field(default_factory=dict)
