"""Runs that wait for a person's choice, when the person has chosen by another way: in the studio, by chat, by a program."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from storyreel.graph.shots import chosen_by_hand, shot_view
from storyreel.model.errors import NotFound
from storyreel.model.facts import TaskFacts
from storyreel.pipeline.stages.fresh import is_fresh

Chosen = tuple[UUID, int, UUID]


async def chosen_elsewhere(
    conn: AsyncConnection, workspace_id: UUID, held: Sequence[TaskFacts], told: frozenset[Chosen]
) -> list[tuple[TaskFacts, Chosen]]:
    """The runs whose shot has by now the picture that they may be waiting for, without those that were told of it before."""
    shots = {task.work_item_id: task for task in held if task.work_item_id and "select" in task.stages}
    if not shots:
        return []
    chosen = await chosen_by_hand(conn, workspace_id, list(shots))
    found = [(shots[shot], (shots[shot].id, shots[shot].run, picture)) for shot, picture in chosen.items()]
    return [(task, key) for task, key in found if key not in told and await _settled(conn, workspace_id, task)]


async def _settled(conn: AsyncConnection, workspace_id: UUID, task: TaskFacts) -> bool:
    assert task.work_item_id is not None
    try:
        return is_fresh("select", await shot_view(conn, workspace_id, task.work_item_id, task.takes))
    except NotFound:
        return False
