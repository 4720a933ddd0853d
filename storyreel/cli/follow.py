"""Following a batch of renders: a bar a shot, its stage named, the time that is left."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from storyreel.cli.client import Api
from storyreel.cli.say import err

ENDED = frozenset({"succeeded", "failed", "cancelled", "manual_review"})
Json = dict[str, Any]


async def follow(api: Api, workspace: str, task_ids: Sequence[str], *, since: str, quiet: bool = False) -> list[Json]:
    """Wait until every task has ended, showing how far each is; the tasks as they ended.

    It waits for the project's events, from `since` on, so that nothing is missed and nothing is polled.
    """
    board = Board(quiet=quiet)
    tasks = {task["id"]: task for task in await _tasks(api, workspace, task_ids)}
    with board:
        board.show(tasks)
        if all(task["state"] in ENDED for task in tasks.values()):
            return list(tasks.values())
        async for _, event in api.events(workspace, since):
            task = tasks.get(event.get("task_id", ""))
            if task is None:
                continue
            _merge(task, event)
            board.show(tasks)
            if all(one["state"] in ENDED for one in tasks.values()):
                break
    return await _tasks(api, workspace, task_ids)


async def _tasks(api: Api, workspace: str, task_ids: Sequence[str]) -> list[Json]:
    page: Json = await api.get(f"/v1/workspaces/{workspace}/tasks", ids=list(task_ids), limit=500)
    return sorted(page["items"], key=lambda task: (task["kind"] == "cut", task["shot"] or 0))


def _merge(task: Json, event: Json) -> None:
    task["state"] = event["state"]
    task["stage"] = event.get("stage") or task["stage"]
    done = max(task["progress"], event.get("progress") or 0)
    whole = task["remaining_s"] / max(0.01, 1 - task["progress"] / 100)
    task["progress"], task["remaining_s"] = done, whole * (1 - done / 100)


class Board:
    """The bars; or, off a terminal, a line whenever something ends."""

    def __init__(self, *, quiet: bool) -> None:
        columns = (
            TextColumn("{task.description:<10}"),
            BarColumn(bar_width=28),
            TextColumn("{task.percentage:>3.0f}%"),
            TextColumn("{task.fields[stage]:<14}"),
            TimeElapsedColumn(),
        )
        self._progress = Progress(*columns, console=err) if err.is_terminal and not quiet else None
        self._bars: dict[str, TaskID] = {}
        self._said: dict[str, str] = {}
        self._quiet = quiet

    def __enter__(self) -> None:
        if self._progress is not None:
            self._progress.start()

    def __exit__(self, *_: object) -> None:
        if self._progress is not None:
            self._progress.stop()

    def show(self, tasks: dict[str, Json]) -> None:
        """Draw what is known."""
        left_s = sum(task["remaining_s"] for task in tasks.values() if task["state"] not in ENDED)
        for task_id, task in tasks.items():
            name = f"Shot {task['shot']}" if task["shot"] else "Film"
            stage = task["state"] if task["state"] in ENDED or not task["stage"] else task["stage"]
            if self._progress is not None:
                self._draw(task_id, name, stage, 100.0 if task["state"] == "succeeded" else task["progress"], left_s)
            elif not self._quiet and self._said.get(task_id) != stage:
                self._said[task_id] = stage
                err.print(f"{name}: {stage}  (about {left_s:.0f} s left)", markup=False, style="dim")

    def _draw(self, task_id: str, name: str, stage: str, percent: float, left_s: float) -> None:
        if self._progress is None:
            return
        if task_id not in self._bars:
            self._bars[task_id] = self._progress.add_task(name, total=100, stage=stage)
        words = stage if name != "Film" or left_s < 1 else f"{stage} ~{left_s:.0f} s"
        self._progress.update(self._bars[task_id], completed=percent, stage=words)
