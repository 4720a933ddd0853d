"""The contract of a render: names, queues and payloads. All that a workflow may know of the house.

Payloads are small and hold ids: media and prompts never pass through Temporal.
"""

from __future__ import annotations

from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import Field

from storyreel.model.base import Frozen

StageName = Literal["spec", "grid", "select", "video", "voice", "compose", "music", "film", "sheet", "recut", "sfx", "check"]
# A run of a shot, a cut of an episode, or a sheet that no film waits for.
RunKind = Literal["shot", "cut", "sheet"]
SHOT_STAGES: tuple[StageName, ...] = ("spec", "grid", "select", "video", "voice", "compose", "check")
CUT_STAGES: tuple[StageName, ...] = ("music", "film")
# Part of a shot's run only where it is asked for.
SOUND_STAGES: tuple[StageName, ...] = ("sfx",)
SHEET_STAGES: tuple[StageName, ...] = ("sheet", "recut")
Queue = Literal["desk", "spec", "image", "video", "audio", "post", "io"]
QUEUES: tuple[Queue, ...] = ("desk", "spec", "image", "video", "audio", "post", "io")
# Which pool of workers makes which stage.
QUEUE_OF: dict[StageName, Queue] = {
    "spec": "spec",
    "grid": "image",
    "select": "image",
    "video": "video",
    "voice": "audio",
    "compose": "post",
    "music": "audio",
    "film": "post",
    "sheet": "image",
    "recut": "image",
    "sfx": "audio",
    "check": "post",
}
PREFIX = "storyreel-"


# The note on a task whose run waits for a person's choice.
WAITS = "waits for a choice"


def task_queue(queue: Queue) -> str:
    """The Temporal task queue of a pool."""
    return f"{PREFIX}{queue}"


def desk_id(workspace_id: UUID) -> str:
    """The workflow id of a workspace's desk."""
    return f"desk/{workspace_id}"


def run_id(kind: RunKind, named_by: UUID, run: int) -> str:
    """The workflow id of one run: of a shot or an episode by its id, of a sheet by its task's."""
    return f"{kind}/{named_by}/r{run}"


def schedule_id(schedule: UUID) -> str:
    """The id of a schedule in Temporal; its firings are named after it."""
    return f"schedule/{schedule}"


Verb = Literal["rerender", "cancel", "pause", "resume", "reprioritise", "set_concurrency"]


class DeskSignal(Frozen):
    """A signal to the desk: rerender, cancel, pause, resume, reprioritise or set concurrency, in words the actions know.

    `shots` as a person writes them ("8-12", "scene 2", "all"), of `episode` (else the first); `request_id` makes a signal that is sent
    twice count once. With rerender, `stale`, `provider` and `template` narrow the shots to those that are stale, that a provider made,
    or that are drawn by a style or template. With pause and resume, `provider` holds and releases that provider.
    """

    request_id: UUID | None = None
    shots: str = "all"
    stages: tuple[StageName, ...] = ()
    again: bool = False
    stale: bool = False
    provider: str = ""
    template: str = ""
    episode: UUID | None = None
    batch: UUID | None = None
    actor: str = "signal"
    priority: int | None = Field(default=None, ge=0, le=100)
    concurrency: int | None = Field(default=None, ge=1, le=1000)


class DeskCommand(Frozen):
    """A signal that waits to be carried out, with the request id that makes it count once."""

    workspace_id: UUID
    verb: Verb
    request_id: UUID
    signal: DeskSignal
    # How many of its shots are asked for already, where there are too many for one commit.
    asked: int = 0


class Commanded(Frozen):
    """What became of a command: the commit, or why there is none.

    `asked` of the `shots` it is about are asked for; while those are fewer, the command is given again with that number.
    """

    request_id: UUID
    revision: int | None = None
    refused: str = ""
    batch_id: UUID | None = None
    asked: int = 0
    shots: int = 0


class DeskState(Frozen):
    """What a desk carries from run to run: how many bells in all, and what it has not done yet."""

    workspace_id: UUID
    rings: int = 0
    rung: bool = False
    pending: tuple[DeskCommand, ...] = ()


class RunOrder(Frozen):
    """What a run is given: which task, and through which stages."""

    workspace_id: UUID
    task_id: UUID
    kind: RunKind
    owner_id: UUID
    run: int = Field(ge=1)
    stages: tuple[StageName, ...]
    priority: int = 50
    # For the Temporal UI: "Shot 3 of 8: A lighthouse at night".
    title: str = ""
    # The trace of the sentence that asked for it (W3C trace context).
    trace: dict[str, str] = {}

    @property
    def workflow_id(self) -> str:
        """The run's name in Temporal."""
        return run_id(self.kind, self.task_id if self.kind == "sheet" else self.owner_id, self.run)


class StageOrder(Frozen):
    """What a stage's activity is given."""

    workspace_id: UUID
    task_id: UUID
    kind: RunKind
    owner_id: UUID
    stage: StageName
    # Which run asks; a task that has moved on to another run is no longer this one's. 0 asks for whichever runs.
    run: int = 0
    # A person's choice for `select`, where the workspace selects by hand, and who it was.
    chosen: UUID | None = None
    chosen_by: str = ""
    trace: dict[str, str] = {}


class StageDone(Frozen):
    """What a stage's activity answers.

    `outcome`: made (something new), fresh (what is selected is what would be made), nothing (the shot asks for nothing here), waiting
    (a person must choose between `choices`), superseded (it is no longer wanted).
    """

    stage: StageName
    outcome: Literal["made", "fresh", "nothing", "waiting", "superseded"]
    node_id: UUID | None = None
    asset_id: str | None = None
    choices: tuple[UUID, ...] = ()
    revision: int | None = None
    note: str = ""
    # What was made is not good enough: the run goes back to this stage, whose next take the task asks for by now.
    again: StageName | None = None


class Finish(Frozen):
    """How a run ended, for the ledger."""

    workspace_id: UUID
    task_id: UUID
    outcome: Literal["succeeded", "failed", "cancelled", "manual_review"]
    code: str = ""
    detail: str = ""
    stage: str = ""
    # Which run ended; 0 is whichever runs.
    run: int = 0


class Board(Frozen):
    """Where a run stands: the answer to the query `board`."""

    task_id: UUID
    title: str
    stage: str
    done: tuple[StageDone, ...] = ()
    paused: bool = False
    waiting_for_choice: tuple[UUID, ...] = ()


class Choice(Frozen):
    """The update `choose`: which cell a person picks."""

    node_id: UUID
    actor: str = ""


class Claim(Frozen):
    """What the desk asks the task table."""

    workspace_id: UUID


class Claimed(Frozen):
    """What a claim started, and what is left."""

    started: int = 0
    running: int = 0
    waiting: int = 0
    paused: bool = False


class ScheduleOrder(Frozen):
    """What a firing of a schedule is given; `at` is the moment it is for, where Temporal's schedule does not say it."""

    workspace_id: UUID
    schedule_id: UUID
    title: str = ""
    at: datetime | None = None


class Firing(Frozen):
    """What is due: a schedule, and the time that it is due at."""

    workspace_id: UUID
    schedule_id: UUID
    at: datetime


class Fired(Frozen):
    """What came of a firing, in words, and the commit and batch, or the proposal that waits for a person."""

    said: str
    revision: int | None = None
    batch_id: UUID | None = None
    proposal_id: UUID | None = None


class Counts(Frozen):
    """The answer to the desk's query `counts`: what the last claim saw, and what waits to be done."""

    rings: int = 0
    started: int = 0
    running: int = 0
    waiting: int = 0
    paused: bool = False
    pending: int = 0
    refused: str = ""
    # The batch of the last rerender, and how far it is asked for.
    batch_id: UUID | None = None
    asked: int = 0
    shots: int = 0
