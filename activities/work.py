"""What a worker's activities hold: opened once a process, handed to each activity, never global."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from temporalio.client import Client

from storyreel.commits import Door
from storyreel.pipeline.contract import StageOrder
from storyreel.pipeline.ports import Progress
from storyreel.pipeline.stage import Kit

CalledOff = Callable[[], bool]


class Kits(Protocol):
    """Opens the kit for one stage of one task."""

    def __call__(self, order: StageOrder, *, progress: Progress, called_off: CalledOff) -> Kit:
        """A kit. `called_off` says of a cancel whether the work is not wanted any more, as against a worker that only stops."""
        ...


@dataclass(frozen=True)
class Work:
    """The door into the graph, Temporal's client and the kits."""

    door: Door
    client: Client
    kits: Kits
