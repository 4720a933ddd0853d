"""Whether what is asked for would wait long, and what could be done instead: offered, never taken silently."""

from __future__ import annotations

from sqlalchemy.ext.asyncio import AsyncConnection

from storyreel.actions.base import Said
from storyreel.commits.planning import Planned
from storyreel.ledger import tasks
from storyreel.pipeline.geometry import SHORT_PX

# When the night's queue is usually done with.
LATER = "02:00"
LATER_SAID = {"say_zh": "凌晨两点渲染影片", "say_en": "render everything at 2am"}


async def reasons_of_queue(conn: AsyncConnection, planned: Planned, limit_s: float) -> list[Said]:
    """Why a person is asked first where renders would wait longer than the limit, with a later time and a smaller frame as offers."""
    if not planned.renders:
        return []
    priority = max(render.priority for render in planned.renders)
    wait_s = await tasks.wait_s(conn, planned.after.workspace_id, priority)
    if wait_s <= limit_s:
        return []
    smaller = _smaller(planned)
    offers = [Said(code="offer.later", facts={"at": LATER, **LATER_SAID}), *([smaller] if smaller else [])]
    return [Said(code="ask.queue", facts={"wait_s": round(wait_s), "limit_s": round(limit_s)}), *offers]


def _smaller(planned: Planned) -> Said | None:
    """The next lower resolution, and about how many times as fast it goes."""
    now = planned.after.workspace.profile.resolution
    lower = [name for name, short in sorted(SHORT_PX.items(), key=lambda item: item[1]) if short < SHORT_PX[now]]
    if not lower:
        return None
    times = (SHORT_PX[now] / SHORT_PX[lower[-1]]) ** 2
    return Said(code="offer.smaller", facts={"resolution": lower[-1], "times": round(times, 1)})
