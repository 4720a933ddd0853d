"""No shot may continue from itself by way of others: looked at with what is written already, whoever wrote it."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from storyreel.commits.planning import Planned
from storyreel.graph.places import all_numbers
from storyreel.model.errors import BadInput
from storyreel.model.rows import WorkItem

FOLLOWS = "select id, follows_id from work_item where workspace_id = :ws and follows_id is not null and not removed"


async def check_circles(conn: AsyncConnection, planned: Planned) -> None:
    """Refuse a plan after which shots would wait for one another.

    Raises:
        BadInput: with the circle named.
    """
    written = [op.row for op in planned.ops if op.table == WorkItem.table and {"follows_id", "removed"} & op.after.keys()]
    if not any(isinstance(shot := planned.after.rows[WorkItem.table][row], WorkItem) and shot.follows_id for row in written):
        return
    ahead = {row.id: row.follows_id for row in await conn.execute(text(FOLLOWS), {"ws": planned.after.workspace_id})}
    for row in written:
        shot = planned.after.rows[WorkItem.table][row]
        assert isinstance(shot, WorkItem)
        ahead.pop(row, None)
        if shot.follows_id and not shot.removed:
            ahead[row] = shot.follows_id
    found = circle(ahead, written)
    if found:
        numbers = await all_numbers(conn, planned.after.workspace_id, found)
        names = [str(numbers.get(one, "?")) for one in (*found, found[0])]
        raise BadInput(
            f"shots would wait for one another: {' continues from '.join(names)}; let one of them stand by itself",
            circle=[numbers.get(one) for one in found],
        )


def circle(ahead: dict[UUID, UUID], starts: Iterable[UUID]) -> list[UUID]:
    """The shots of a circle that one of `starts` is on, each followed by the one that it continues from; empty where there is none."""
    for start in starts:
        path, at = [start], ahead.get(start)
        while at is not None and at not in path:
            path.append(at)
            at = ahead.get(at)
        if at == start:
            return path
    return []
