"""Following a batch of renders: on a terminal a bar a shot, its stage named and the time that is left; elsewhere a line a shot."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Self

from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from storyreel.actions.words import span
from storyreel.cli.client import Api
from storyreel.cli.say import err

ENDED = frozenset({"succeeded", "failed", "cancelled", "manual_review"})
# As many ids as an address holds comfortably.
AT_ONCE = 100
ASIDE = 3
Json = dict[str, Any]


async def follow(api: Api, workspace: str, task_ids: Sequence[str], *, since: str, quiet: bool = False) -> list[Json]:
    """Wait until every task has ended, showing how far each is; the tasks as they ended.

    It waits for the project's events, from `since` on, so that nothing is missed and nothing is polled.
    """
    tasks = {task["id"]: task for task in await _tasks(api, workspace, task_ids)}
    with Board(quiet=quiet) as board:
        board.show(tasks)
        if all(task["state"] in ENDED for task in tasks.values()):
            return list(tasks.values())
        async for event in api.events(workspace, since):
            task = tasks.get(event.get("task_id", ""))
            if task is None:
                continue
            merge(task, event)
            board.show(tasks)
            if all(one["state"] in ENDED for one in tasks.values()):
                break
    return await _tasks(api, workspace, task_ids)


def merge(task: Json, event: Mapping[str, Any]) -> None:
    """Note what an event tells of a task: its state, its stage, how far it is and about how long it still takes."""
    task["state"] = event["state"]
    task["stage"] = event.get("stage") or task["stage"]
    done = max(task["progress"], event.get("progress") or 0)
    whole = task["remaining_s"] / max(0.01, 1 - task["progress"] / 100)
    task["progress"], task["remaining_s"] = done, whole * (1 - done / 100)


def percent_of(tasks: Mapping[str, Json]) -> float:
    """How far all tasks are together, 0 to 100."""
    return sum(100.0 if task["state"] in ENDED else task["progress"] for task in tasks.values()) / max(1, len(tasks))


def left_of(tasks: Mapping[str, Json]) -> float:
    """About how many seconds all tasks still take: several run at once, and none ends before its own time."""
    still = [task["remaining_s"] for task in tasks.values() if task["state"] not in ENDED]
    return max([*still, sum(still) / ASIDE], default=0.0)


def name_of(task: Json) -> str:
    """A task as a person calls it."""
    return f"Shot {task['shot']}" if task["shot"] else "Film"


async def _tasks(api: Api, workspace: str, task_ids: Sequence[str]) -> list[Json]:
    items: list[Json] = []
    for start in range(0, len(task_ids), AT_ONCE):
        page: Json = await api.get(f"/v1/workspaces/{workspace}/tasks", ids=list(task_ids[start : start + AT_ONCE]))
        items += page["items"]
    return sorted(items, key=lambda task: (task["kind"] == "cut", task["shot"] or 0))


class Board:
    """The bars; or, off a terminal, a line whenever a task ends."""

    def __init__(self, *, quiet: bool) -> None:
        columns = (
            TextColumn("{task.description:<8}"),
            BarColumn(bar_width=28),
            TextColumn("{task.percentage:>3.0f}%"),
            TextColumn("{task.fields[stage]:<24}"),
            TimeElapsedColumn(),
        )
        self._progress = Progress(*columns, console=err) if err.is_terminal and not quiet else None
        self._bars: dict[str, TaskID] = {}
        self._ended: set[str] = set()
        self._quiet = quiet

    def __enter__(self) -> Self:
        if self._progress is not None:
            self._progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self._progress is not None:
            self._progress.stop()

    def show(self, tasks: dict[str, Json]) -> None:
        """Draw what is known."""
        if self._progress is not None:
            self._draw_all(self._progress, tasks)
            return
        for task_id, task in tasks.items():
            if task["state"] in ENDED and task_id not in self._ended:
                self._ended.add(task_id)
                self._say(task, tasks)

    def _say(self, task: Json, tasks: dict[str, Json]) -> None:
        if self._quiet:
            return
        done = "done" if task["state"] == "succeeded" else task["state"].replace("_", " ")
        left = f", about {span(left_of(tasks), 'en')} left" if any(t["state"] not in ENDED for t in tasks.values()) else ""
        err.print(f"{name_of(task)} {done}  ({percent_of(tasks):.0f} % of all{left})", markup=False, style="dim")

    def _draw_all(self, progress: Progress, tasks: dict[str, Json]) -> None:
        for task_id, task in tasks.items():
            known = task["state"] not in ENDED and task["stage"]
            self._draw(progress, task_id, name_of(task), _stage(task) if known else task["state"].replace("_", " "), task)
        left = f"about {span(left_of(tasks), 'en')} left" if left_of(tasks) >= 1 else ""
        self._draw(progress, "", "All", left, {"state": "", "progress": percent_of(tasks)})

    def _draw(self, progress: Progress, key: str, name: str, words: str, task: Json) -> None:
        if key not in self._bars:
            self._bars[key] = progress.add_task(name, total=100, stage=words)
        progress.update(self._bars[key], completed=100.0 if task["state"] == "succeeded" else task["progress"], stage=words)


def _stage(task: Json) -> str:
    left = task["remaining_s"]
    return f"{task['stage']}  ~{span(left, 'en')}" if left >= 1 else str(task["stage"])
