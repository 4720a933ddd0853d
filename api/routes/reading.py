"""Reading the graph over HTTP, now or as it stood at any place in the history."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query

from api.models import Page
from api.past import MomentDep
from storyreel.actions.drafting import space_outline
from storyreel.actions.places import shot_line
from storyreel.model.rows import Character

router = APIRouter(prefix="/v1/workspaces/{workspace}", tags=["projects"])
Limit = Annotated[int, Query(ge=1, le=200)]


@router.get("/graph")
async def graph(moment: MomentDep) -> dict[str, Any]:
    """Every row of the graph that is not removed, now or as it stood."""
    view = await moment.graph()
    rows = {
        table: [row.model_dump(mode="json") for row in held_rows.values() if not row.removed]
        for table, held_rows in view.rows.items()
    }
    return {"workspace": str(moment.workspace), "revision": view.revision, "rows": rows}


@router.get("/outline")
async def outline(moment: MomentDep) -> dict[str, Any]:
    """The film as a person reads it, scenes with their shots; in a draft space boards with their drafts. Now or as it stood."""
    view = await moment.film()
    if view.is_draft_space:
        return space_outline(await moment.graph())
    shots = view.shots()
    scenes = [
        {
            "number": number,
            "title": scene.title,
            "spec": scene.spec.model_dump(mode="json", exclude_none=True),
            "shots": [
                {**shot_line(view, shot), "lines": [line.model_dump() for _, line in sorted(shot.spec.lines.items())]}
                for shot in shots
                if shot.scene_id == scene.id
            ],
        }
        for number, scene in enumerate(view.scenes(), 1)
    ]
    return {
        "workspace": str(moment.workspace),
        "name": view.workspace.name,
        "revision": view.revision,
        "fps": view.fps,
        "shots": len(shots),
        "frames": sum(shot.frames for shot in shots),
        "characters": [person.name for person in view.all(Character)],
        "scenes": scenes,
    }


@router.get("/characters")
async def characters(moment: MomentDep) -> dict[str, Any]:
    """The characters with their looks, voices and locks, now or as they stood."""
    return await moment.answer("character.list")


@router.get("/shots")
async def shots(moment: MomentDep, limit: Limit = 20, cursor: Annotated[int, Query(ge=1, le=10**6)] = 1) -> Page[dict[str, Any]]:
    """Shots in the film's order, a line each, now or as they stood; `cursor` is the number of the first."""
    view, total = await moment.page(cursor, limit)
    last = min(cursor + limit - 1, total)
    lines = [shot_line(view, shot) for shot in view.shots() if cursor <= (view.number(shot.id) or 0) <= last]
    return Page(items=lines, next=str(last + 1) if last < total else None)


@router.get("/shots/{shot}")
async def shot(moment: MomentDep, shot: str) -> dict[str, Any]:
    """One shot in full, by number, label or id, now or as it stood."""
    return await moment.answer("shot.view", shot=shot)
