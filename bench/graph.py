"""Lineage, staleness and the drawn graph for projects of 30, 300 and 3,000 shots with ten nodes each, against the smallest.

The rows are written straight into the tables, as a film that was rendered once and tried further in one track would have them.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import math
import time
from collections.abc import Awaitable, Callable, Sequence
from typing import Any
from uuid import UUID, uuid4

import psycopg
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from agent.context import build
from agent.types import Turn
from bench.scene import Scene, scene
from bench.table import Row, show
from storyreel.actions.base import Asked, Envelope
from storyreel.commits import LOCAL_OWNER, Door, perform
from storyreel.graph.lineage import drawing
from storyreel.graph.places import rank
from storyreel.graph.shots import episode_view
from storyreel.model.digest import digest
from storyreel.model.ids import derive
from storyreel.model.order import spread
from storyreel.pipeline.stages.fresh import wanted_key, wanted_request

SIZES = (30, 300, 3000)
NODES = 10
ROUNDS = 5
# One plan, a sheet with four pictures, a clip, a finished segment, and a second track with two pictures.
CELLS = 4


async def filled(stage: Scene, shots: int) -> UUID:
    """A project with so many shots, all rendered, and ten nodes for each."""
    door, workspace = stage.door, uuid4()
    await ask(door, workspace, "project.create", name=f"Bench {shots}", fps=24)
    await ask(door, workspace, "scene.add", title="One", place="street")
    async with door.database.begin() as conn:
        scene = (await conn.execute(text("select id, episode_id from scene where workspace_id = :ws"), {"ws": workspace})).one()
        await conn.execute(
            text(
                "insert into work_item (workspace_id, id, kind, scene_id, order_key, label, frames, spec)"
                " select :ws, id, 'shot', :scene, key, label, 72, cast(spec as jsonb)"
                " from jsonb_to_recordset(cast(:rows as jsonb)) as r(id uuid, key text, label text, spec text)"
            ),
            {"ws": workspace, "scene": scene.id, "rows": json.dumps(items(workspace, shots))},
        )
        await make(conn, workspace, scene.episode_id)
    # As autovacuum does it for a film that grows.
    async with await psycopg.AsyncConnection.connect(stage.running.endpoints.database_url, autocommit=True) as owner:
        await owner.execute("vacuum analyze")
    return workspace


def items(workspace: UUID, shots: int) -> list[dict[str, Any]]:
    return [
        {
            "id": str(derive(workspace, "shot", number)),
            "key": key,
            "label": f"s{number:08x}",
            "spec": json.dumps({"picture": {"subject": f"shot {number}"}, "camera": {"move": "push_in"}}),
        }
        for number, key in enumerate(spread(shots), 1)
    ]


async def make(conn: AsyncConnection, workspace: UUID, episode: UUID) -> None:
    """The nodes, stage by stage, each asked for as the shots stand then."""
    ids = [row.id for row in await rank(conn, workspace, episode)]
    tracks = [
        {"id": str(derive(shot, name)), "item": str(shot), "kind": kind, "name": name}
        for shot in ids
        for name, kind in (("A", "picture"), ("B", "picture"), ("video", "video"))
    ]
    await conn.execute(
        text(
            "insert into track (workspace_id, id, work_item_id, kind, name) select :ws, id, item, kind::track_kind, name"
            " from jsonb_to_recordset(cast(:rows as jsonb)) as r(id uuid, item uuid, kind text, name text)"
        ),
        {"ws": workspace, "rows": json.dumps(tracks)},
    )
    for stage in ("grid", "video", "compose"):
        view = await episode_view(conn, workspace, episode)
        rows = [row for shot in view.shots for row in made(stage, shot)]
        await keep(conn, workspace, rows)
        slot, kind, cell = {
            "grid": ("picture", "image", 0),
            "video": ("video", "video", None),
            "compose": ("final", "final", None),
        }[stage]
        await conn.execute(
            text(
                f"update work_item w set {slot}_node_id = n.id from node n where w.workspace_id = :ws and n.workspace_id = :ws"
                " and n.work_item_id = w.id and n.kind = cast(:kind as node_kind) and n.cell is not distinct from :cell"
                " and n.stage = :stage"
            ),
            {"ws": workspace, "kind": kind, "cell": cell, "stage": stage},
        )


def made(stage: Any, view: Any) -> list[dict[str, Any]]:
    shot, request, key = view.shot.id, wanted_request(stage, view), wanted_key(stage, view)
    asked = {"stage": stage, "key": key, "item": str(shot), "request": request.model_dump(mode="json") if request else {}}

    def row(name: str, track: str, kind: str, parent: str | None, **more: Any) -> dict[str, Any]:
        asset = None if kind == "prompt_plan" else digest([str(shot), name])
        return {
            "id": str(derive(shot, name)),
            "track": str(derive(shot, track)),
            "kind": kind,
            "parent": str(derive(shot, parent)) if parent else None,
            "asset": asset,
            **asked,
            **more,
        }

    if stage == "video":
        return [row("video 1", "video", "video", "cell 0")]
    if stage == "compose":
        return [row("final", "video", "final", "video 1")]
    plan = row("plan", "A", "prompt_plan", None, stage="spec", key="")
    cells = [row(f"cell {n}", "A", "image", "sheet", cell=n, request={}) for n in range(CELLS)]
    tried = [row("b 1", "B", "image", "cell 1", stage="sheet"), row("b 2", "B", "image", "b 1", stage="sheet")]
    return [plan, row("sheet", "A", "grid", "plan"), *cells, *tried]


async def keep(conn: AsyncConnection, workspace: UUID, rows: list[dict[str, Any]]) -> None:
    held = {"ws": workspace, "rows": json.dumps(rows)}
    await conn.execute(
        text(
            "insert into asset (workspace_id, id, media_type, size_bytes) select distinct cast(:ws as uuid), asset, 'image/png', 1"
            " from jsonb_to_recordset(cast(:rows as jsonb)) as r(asset text) where asset is not null"
        ),
        held,
    )
    await conn.execute(
        text(
            "insert into node (workspace_id, id, kind, work_item_id, track_id, parent_id, stage, key, cell, asset_id, request)"
            " select :ws, id, kind::node_kind, item, track, parent, stage, key, cell, asset, request"
            " from jsonb_to_recordset(cast(:rows as jsonb)) as r(id uuid, kind text, item uuid, track uuid, parent uuid, stage text,"
            " key text, cell int, asset text, request jsonb)"
        ),
        held,
    )


async def ask(door: Door, workspace: UUID, kind: str, **args: Any) -> dict[str, Any]:
    outcome = await perform(door, workspace, Envelope(request_id=uuid4(), actions=(Asked(type=kind, args=args),)), LOCAL_OWNER)
    return outcome.data[0] if outcome.data else {}


Work = Callable[[], Awaitable[Any]]


async def works(door: Door, workspace: UUID, shots: int) -> dict[str, Work]:
    """What is measured in one project."""
    async with door.database.connect() as conn:
        episode = await conn.scalar(text("select id from episode where workspace_id = :ws"), {"ws": workspace})
        ids = [row.id for row in await rank(conn, workspace, episode)]
        count = await conn.scalar(text("select count(*) from node where workspace_id = :ws"), {"ws": workspace})
    assert count == shots * NODES, count
    assert (await ask(door, workspace, "shot.stale"))["shots"] == []
    middle = ids[shots // 2]

    async def drawn(owners: list[UUID]) -> None:
        async with door.database.connect() as conn:
            await drawing(conn, workspace, owners)

    middling = str(shots // 2)
    notes = itertools.count()

    async def context() -> None:
        async with door.database.connect() as conn:
            turn = Turn(workspace_id=workspace, conversation_id=workspace, turn_id=uuid4(), text=f"make shot {middling} a night")
            await build(conn, turn, "owner")

    return {
        "a commit that changes one shot": lambda: ask(
            door, workspace, "shot.update", shots=middling, notes=f"note {next(notes)}"
        ),
        "the context of a message about one shot": context,
        "lineage of a finished segment": lambda: ask(door, workspace, "node.lineage", node=str(derive(middle, "final"))),
        "the tracks of a shot": lambda: ask(door, workspace, "track.list", shot=str(middle)),
        "what is stale in one shot": lambda: ask(door, workspace, "shot.stale", shots="2"),
        "the graph of one shot, laid out": lambda: drawn([middle]),
        "what is stale in the film": lambda: ask(door, workspace, "shot.stale"),
        "the graph of the film, laid out": lambda: drawn(ids),
    }


async def best_s(of: Sequence[Work]) -> list[float]:
    """The best of a few rounds each, taken in turns, so that a machine that is busy for a while is busy for all."""
    best = [math.inf] * len(of)
    for _ in range(ROUNDS):
        for place, work in enumerate(of):
            start = time.perf_counter()
            await work()
            best[place] = min(best[place], time.perf_counter() - start)
    return best


async def rows() -> list[Row]:
    async with scene() as stage:
        found = [await works(stage.door, await filled(stage, shots), shots) for shots in SIZES]
        return [row for name in found[0] for row in compared(name, await best_s([one[name] for one in found]))]


def compared(name: str, taken: Sequence[float]) -> list[Row]:
    """The larger projects against the smallest."""
    return [
        Row(
            f"{name}, {shots} shots",
            took_s * 1000,
            "ms",
            f"{SIZES[0]} shots",
            taken[0] * 1000,
            f"{shots // SIZES[0]} times the nodes" if "film" in name else "should not grow",
            digits=1,
        )
        for shots, took_s in zip(SIZES[1:], taken[1:], strict=True)
    ]


if __name__ == "__main__":
    show(asyncio.run(rows()))
