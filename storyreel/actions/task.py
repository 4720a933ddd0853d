"""Tasks: what is being rendered, and taking hold of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Literal, Self
from uuid import UUID

from pydantic import Field, model_validator

from storyreel.actions.base import EVERY_MODE, Action, DeskChange, Draft, Kind, Plan, Policy, Role, Shots, TaskChange
from storyreel.actions.reads import Reads
from storyreel.actions.review import waiting_facts
from storyreel.model.errors import BadInput
from storyreel.model.facts import TaskFacts
from storyreel.model.view import GraphView

Verb = Literal["cancel", "retry", "pause", "resume"]
# What each verb moves, and where to: the plan offers these tasks and the ledger moves them.
MOVES: dict[Verb, dict[str, tuple[str, ...]]] = {
    "cancel": {"cancelled": ("pending", "paused"), "cancelling": ("running", "retry_pending")},
    "retry": {"pending": ("failed", "cancelled", "manual_review")},
    "pause": {"paused": ("pending",)},
    "resume": {"pending": ("paused",)},
}
# With no task named, these hold or release the desk itself.
DESK: dict[Verb, bool] = {"pause": True, "resume": False}


class ListTasks(Action):
    """List the newest tasks, finished ones too; with `open`, only those under way: state, stage, progress and remaining time.

    `waiting` lists what waits for a person instead: what happened and why, what it cost, and what may be decided (see task.review).
    """

    type: Literal["task.list"] = "task.list"
    policy: ClassVar = Policy(role=Role.viewer, kind=Kind.query, undo=False, modes=EVERY_MODE)
    presets: ClassVar[Mapping[str, Mapping[str, Any]]] = {"task.status": {"open": True}, "task.waiting": {"waiting": True}}
    says: ClassVar = ("列出最近的任务", "List the recent tasks")

    open: bool = Field(default=False, description="Only what is not finished.")
    waiting: bool = Field(default=False, description="What waits for a person's decision.")

    def reads(self) -> Reads:
        """The tasks, and the order of shots for their numbers; or what waits."""
        if self.waiting:
            return Reads(review=True)
        return Reads(tasks="open" if self.open else "recent", order=True)

    def answer(self, view: GraphView) -> dict[str, Any]:
        """Counts and one entry a task; or what waits, with what may be decided of each."""
        return waiting_facts(view) if self.waiting else task_facts(view)


class SteerTasks(Action):
    """Take hold of renders: cancel (vendors are told; what still arrives is kept as a candidate), retry, pause, resume, prioritise.

    Pausing and resuming without shots or tasks holds and releases the whole project. `limit` sets how many renders run at once;
    `prioritise` renders some sooner (up to 100) or later (down to 0) than others.
    """

    type: Literal["task.steer"] = "task.steer"
    policy: ClassVar = Policy(role=Role.editor, undo=False, modes=EVERY_MODE)
    presets: ClassVar[Mapping[str, Mapping[str, Any]]] = {
        "task.cancel": {"verb": "cancel"},
        "task.retry": {"verb": "retry"},
        "task.pause": {"verb": "pause"},
        "task.resume": {"verb": "resume"},
        "task.set_concurrency": {"verb": "limit"},
        "task.prioritise": {"verb": "prioritise"},
    }
    says: ClassVar = ("停止渲染", "Cancel the render")

    verb: Verb | Literal["limit", "prioritise"] = Field(
        description="retry is for what failed, was cancelled or waits for review; pause for what has not begun; limit needs `concurrency`, "
        "prioritise needs `priority`."
    )
    shots: Shots | None = Field(default=None, description="Only the tasks of these shots; without it, all, the film's too.")
    tasks: tuple[str, ...] = Field(default=(), max_length=1000, description="Only these tasks, by id.")
    concurrency: int | None = Field(default=None, ge=1, le=1000, description="How many renders of this project run at once.")

    priority: int | None = Field(default=None, ge=0, le=100, description="With prioritise: 0 to 100, higher goes first.")
    batch: UUID | None = Field(default=None, description="Only the tasks of this batch.")

    @model_validator(mode="after")
    def _says_how_much(self) -> Self:
        if (self.verb == "limit") != (self.concurrency is not None):
            raise ValueError("concurrency goes with the verb limit, and limit needs it")
        if (self.verb == "prioritise") != (self.priority is not None):
            raise ValueError("priority goes with the verb prioritise, and prioritise needs it")
        return self

    def reads(self) -> Reads:
        """The tasks, and the shots if they are named."""
        if self.verb == "limit":
            return Reads()
        shots = (self.shots,) if self.shots else ()
        return Reads(shots=shots, tasks="recent" if self.verb == "retry" else "open", order=True)

    def plan(self, view: GraphView) -> Plan:
        """One wish with the ids of the tasks that can go there, or for the desk as a whole."""
        if self.verb == "limit":
            return _desk(view, "desk.concurrency", concurrency=self.concurrency)
        if self.verb == "prioritise":
            return self._prioritise(view)
        if self.verb in DESK and not (self.shots or self.tasks or self.batch):
            paused = DESK[self.verb]
            return _desk(view, "desk.paused" if paused else "desk.resumed", paused=paused)
        movable = {state for states in MOVES[self.verb].values() for state in states}
        found = [task for task in self._meant(view) if task.state in movable]
        if not found:
            raise BadInput(f"there is nothing to {self.verb}", nothing=True)
        draft = Draft(view)
        draft.want(TaskChange(verb=self.verb, tasks=tuple(task.id for task in found)))
        numbers = sorted({n for task in found if task.work_item_id and (n := view.number(task.work_item_id))})
        draft.say(f"task.{self.verb}", tasks=len(found), shots=numbers)
        return draft.plan()

    def _prioritise(self, view: GraphView) -> Plan:
        """Running tasks too: what they still have to do goes to the providers in its order."""
        found = [task for task in self._meant(view) if task.priority != self.priority]
        if not found:
            raise BadInput("there is nothing to prioritise: no task is open, or all have this priority", nothing=True)
        draft = Draft(view)
        draft.want(TaskChange(verb="prioritise", tasks=tuple(task.id for task in found), priority=self.priority))
        draft.say("task.prioritise", tasks=len(found), priority=self.priority)
        return draft.plan()

    def _meant(self, view: GraphView) -> list[TaskFacts]:
        tasks = list(view.tasks)
        if self.shots:
            wanted = {shot.id for shot in view.at(self.shots)}
            tasks = [task for task in tasks if task.work_item_id in wanted]
        if self.tasks:
            tasks = [task for task in tasks if str(task.id) in self.tasks]
        if self.batch:
            tasks = [task for task in tasks if self.batch in task.batches]
        return tasks


def task_facts(view: GraphView) -> dict[str, Any]:
    """Counts by state, and one entry a task with its shot's number."""
    counts: dict[str, int] = {}
    for task in view.tasks:
        counts[task.state] = counts.get(task.state, 0) + 1
    return {
        "counts": counts,
        "remaining_s": round(sum(t.expected_s * (1 - t.progress / 100) for t in view.tasks), 1),
        "tasks": [
            {
                "id": str(task.id),
                "kind": task.kind,
                "state": task.state,
                "stage": task.stage,
                "progress": round(task.progress, 1),
                "shot": view.number(task.work_item_id) if task.work_item_id else None,
                "note": task.note,
                "error": dict(task.error) if task.error else None,
                "adjusted": [dict(one) for one in task.adjusted],
            }
            for task in view.tasks
        ],
    }


def _desk(view: GraphView, said: str, **wish: Any) -> Plan:
    draft = Draft(view)
    draft.want(DeskChange(**wish))
    facts = {key: value for key, value in wish.items() if key == "concurrency"}
    draft.say(said, **facts)
    return draft.plan()
