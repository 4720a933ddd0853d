"""Tasks: what is being rendered, and taking hold of it."""

from __future__ import annotations

from typing import Any, ClassVar, Literal

from pydantic import Field

from storyreel.actions.base import Action, DeskChange, Draft, Kind, Plan, Policy, Reads, Role, Shots, TaskChange
from storyreel.model.errors import BadInput
from storyreel.model.view import GraphView, TaskFacts

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


class TaskStatus(Action):
    """How the renders stand: each task's state, stage, progress and remaining time."""

    type: Literal["task.status"] = "task.status"
    policy: ClassVar = Policy(role=Role.viewer, kind=Kind.query, undo=False)
    says: ClassVar = ("进度怎么样了？", "How far is it?")

    def reads(self) -> Reads:
        """The open tasks, and the order of shots for their numbers."""
        return Reads(tasks="open", order=True)

    def answer(self, view: GraphView) -> dict[str, Any]:
        """Counts and one entry a task."""
        return task_facts(view)


class ListTasks(Action):
    """List the newest tasks, finished ones too."""

    type: Literal["task.list"] = "task.list"
    policy: ClassVar = Policy(role=Role.viewer, kind=Kind.query, undo=False)
    says: ClassVar = ("列出最近的任务", "List the recent tasks")

    def reads(self) -> Reads:
        """The newest tasks."""
        return Reads(tasks="recent", order=True)

    def answer(self, view: GraphView) -> dict[str, Any]:
        """Counts and one entry a task."""
        return task_facts(view)


class MoveTasks(Action):
    """What the actions that move tasks share."""

    verb: ClassVar[Verb]

    shots: Shots | None = Field(default=None, description="Only the tasks of these shots; without it, all, the film's too.")
    tasks: tuple[str, ...] = Field(default=(), max_length=1000, description="Only these tasks, by id.")

    def reads(self) -> Reads:
        """The tasks, and the shots if they are named."""
        shots = (self.shots,) if self.shots else ()
        return Reads(shots=shots, tasks="recent" if self.verb == "retry" else "open", order=True)

    def plan(self, view: GraphView) -> Plan:
        """One wish with the ids of the tasks that can go there, or for the desk as a whole."""
        if self.verb in DESK and not (self.shots or self.tasks):
            return _desk(view, paused=DESK[self.verb])
        movable = {state for states in MOVES[self.verb].values() for state in states}
        found = [task for task in self._meant(view) if task.state in movable]
        if not found:
            raise BadInput(f"there is nothing to {self.verb}", nothing=True)
        draft = Draft(view)
        draft.want(TaskChange(verb=self.verb, tasks=tuple(task.id for task in found)))
        numbers = sorted({n for task in found if task.work_item_id and (n := view.number(task.work_item_id))})
        draft.say(f"task.{self.verb}", tasks=len(found), shots=numbers)
        return draft.plan()

    def _meant(self, view: GraphView) -> list[TaskFacts]:
        tasks = list(view.tasks)
        if self.shots:
            wanted = {shot.id for shot in view.at(self.shots)}
            tasks = [task for task in tasks if task.work_item_id in wanted]
        if self.tasks:
            tasks = [task for task in tasks if str(task.id) in self.tasks]
        return tasks


class CancelTasks(MoveTasks):
    """Cancel renders; the vendors are told, and what still arrives is kept as a candidate."""

    type: Literal["task.cancel"] = "task.cancel"
    policy: ClassVar = Policy(role=Role.editor, undo=False)
    says: ClassVar = ("停止渲染", "Cancel the render")
    verb: ClassVar[Verb] = "cancel"


class RetryTasks(MoveTasks):
    """Try again what failed, was cancelled or waits for review."""

    type: Literal["task.retry"] = "task.retry"
    policy: ClassVar = Policy(role=Role.editor, undo=False)
    says: ClassVar = ("失败的再试一次", "Retry what failed")
    verb: ClassVar[Verb] = "retry"


class PauseTasks(MoveTasks):
    """Hold back renders that have not begun; without shots, the whole project."""

    type: Literal["task.pause"] = "task.pause"
    policy: ClassVar = Policy(role=Role.editor, undo=False)
    says: ClassVar = ("先暂停渲染", "Pause rendering")
    verb: ClassVar[Verb] = "pause"


class ResumeTasks(MoveTasks):
    """Let held renders go on."""

    type: Literal["task.resume"] = "task.resume"
    policy: ClassVar = Policy(role=Role.editor, undo=False)
    says: ClassVar = ("继续渲染", "Resume rendering")
    verb: ClassVar[Verb] = "resume"


class SetConcurrency(Action):
    """Set how many renders of this project run at once."""

    type: Literal["task.set_concurrency"] = "task.set_concurrency"
    policy: ClassVar = Policy(role=Role.editor, undo=False)
    says: ClassVar = ("同时渲染两个镜头", "Render two shots at a time")

    concurrency: int = Field(ge=1, le=1000)

    def plan(self, view: GraphView) -> Plan:
        """One wish for the desk."""
        draft = Draft(view)
        draft.want(DeskChange(concurrency=self.concurrency))
        draft.say("desk.concurrency", concurrency=self.concurrency)
        return draft.plan()


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
            }
            for task in view.tasks
        ],
    }


def _desk(view: GraphView, *, paused: bool) -> Plan:
    draft = Draft(view)
    draft.want(DeskChange(paused=paused))
    draft.say("desk.paused" if paused else "desk.resumed")
    return draft.plan()
