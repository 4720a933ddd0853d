"""What a worker's activities hold: opened once a process, handed to each activity, never global."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

from temporalio.client import Client

from activities.precheck import Precheck
from storyreel.commits import Door
from storyreel.ledger.assets import Kept
from storyreel.pipeline.contract import StageOrder
from storyreel.pipeline.ports import Progress
from storyreel.pipeline.stage import Kit

CalledOff = Callable[[], bool]


@dataclass(frozen=True)
class StageKit(Kit):
    """A worker's kit. `kept` grows with what the stage keeps in the store and has yet to be made known to the workspace."""

    kept: list[Kept] = field(default_factory=list[Kept])


class Kits(Protocol):
    """Opens the kit for one stage of one task."""

    def __call__(self, order: StageOrder, *, progress: Progress, called_off: CalledOff) -> StageKit:
        """A kit. `called_off` says of a cancel whether the work is not wanted any more, as against a worker that only stops."""
        ...


@dataclass(frozen=True)
class Work:
    """The door into the graph, Temporal's client, the kits, and the look before a stage is taken; None looks at nothing."""

    door: Door
    client: Client
    kits: Kits
    precheck: Precheck | None = None
