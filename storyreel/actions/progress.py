"""How far a film is: finished, being made, stale or not begun, shot by shot; and the state of a project that follows from it."""

from __future__ import annotations

from typing import Any, Literal
from uuid import UUID

from storyreel.model.base import Frozen
from storyreel.model.rows import Node, WorkItem
from storyreel.model.view import GraphView
from storyreel.pipeline.seen import film_seen, shots_seen
from storyreel.pipeline.stages.why import StalePart, stale_film, stale_parts

ShotState = Literal["finished", "in_work", "stale", "missing"]
OPEN = frozenset({"pending", "running", "paused", "retry_pending", "cancelling"})


class Standing(Frozen):
    """How the shots stand. `stale` is None where it was not looked at."""

    shots: int = 0
    finished: int = 0
    in_work: int = 0
    stale: int | None = None
    missing: int = 0
    percent: float = 0.0
    state: str = "draft"


def counted(view: GraphView) -> Standing:
    """How the shots of the film stand by what they have and what is asked for; what is stale is not looked at."""
    shots = view.at("all") if "all" in view.places else view.shots()
    busy = in_work(view)
    finished = sum(shot.final_node_id is not None and shot.id not in busy for shot in shots)
    rendering = sum(shot.id in busy for shot in shots)
    return Standing(
        shots=len(shots),
        finished=finished,
        in_work=rendering,
        missing=len(shots) - finished - rendering,
        percent=percent(finished, len(shots)),
        state=state_of(view.workspace.state, len(shots), finished, rendering, film=_has_film(view)),
    )


def standing_of(
    view: GraphView,
) -> tuple[Standing, dict[UUID, ShotState], tuple[StalePart, ...], dict[UUID, tuple[StalePart, ...]]]:
    """The same with what is stale, from a view of the shots with what they have selected: in all, by shot, of the film, and why."""
    sources = {key: row for key, row in view.rows.get(Node.table, {}).items() if isinstance(row, Node)}
    seen = shots_seen(view, view.at("all"))
    parts = {shot.shot.id: stale_parts(shot, sources) for shot in seen}
    busy = in_work(view)
    states: dict[UUID, ShotState] = {shot.shot.id: _state(shot.shot, parts[shot.shot.id], shot.shot.id in busy) for shot in seen}
    film = stale_film(film_seen(view, seen), [(shot.number, part) for shot in seen for part in parts[shot.shot.id]])
    count = {name: list(states.values()).count(name) for name in ("finished", "in_work", "stale", "missing")}
    whole = Standing(
        shots=len(seen),
        **count,
        percent=percent(count["finished"], len(seen)),
        state=state_of(
            view.workspace.state,
            len(seen),
            count["finished"],
            count["in_work"] + count["stale"],
            film=_has_film(view) and not film,
        ),
    )
    return whole, states, film, parts


def in_work(view: GraphView) -> set[UUID]:
    """The shots that are being made, or wait to be."""
    return {task.work_item_id for task in view.tasks if task.kind == "shot" and task.state in OPEN and task.work_item_id}


def state_of(stored: str, shots: int, finished: int, begun: int, *, film: bool) -> str:
    """What a project is: archived where somebody put it away, else by how far it is."""
    if stored == "archived":
        return stored
    if shots and finished == shots and film:
        return "completed"
    return "in_progress" if finished or begun else "draft"


def percent(finished: int, shots: int) -> float:
    """The share of finished shots."""
    return round(100 * finished / shots, 1) if shots else 0.0


def told(standing: Standing) -> dict[str, Any]:
    """As plain data."""
    return standing.model_dump(exclude={"state"}, exclude_none=True)


def _state(shot: WorkItem, stale: tuple[StalePart, ...], busy: bool) -> ShotState:  # noqa: FBT001
    if busy:
        return "in_work"
    if shot.final_node_id is None:
        return "missing"
    return "stale" if stale else "finished"


def _has_film(view: GraphView) -> bool:
    return view.episode_id is not None and view.episode.film_node_id is not None
