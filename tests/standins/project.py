"""A small project in a real database: one film of a few shots, written straight into the tables."""

from __future__ import annotations

import json
from dataclasses import dataclass
from uuid import UUID, uuid4

from sqlalchemy import text

from storyreel.actions.base import Render
from storyreel.model.order import spread
from storyreel.pipeline.contract import CUT_STAGES, SHOT_STAGES
from storyreel.runtime.database import Database


@dataclass(frozen=True)
class Project:
    db: Database
    workspace: UUID
    episode: UUID
    shots: tuple[UUID, ...]

    def render(self, number: int, *stages: str, **more) -> Render:
        return Render(
            kind="shot", episode_id=self.episode, work_item_id=self.shots[number - 1], stages=stages or SHOT_STAGES, **more
        )

    def cut(self, **more) -> Render:
        return Render(kind="cut", episode_id=self.episode, stages=CUT_STAGES, **more)


async def a_project(db: Database, shots: int = 4) -> Project:
    workspace, episode, scene = uuid4(), uuid4(), uuid4()
    ids = tuple(uuid4() for _ in range(shots))
    async with db.begin() as conn:
        for sql, values in [
            ("insert into workspace (id, name) values (:w, 'The lighthouse')", {}),
            ("insert into episode (workspace_id, id, order_key, title) values (:w, :e, 'a', 'One night')", {"e": episode}),
            ("insert into scene (workspace_id, id, episode_id, order_key) values (:w, :s, :e, 'a')", {"e": episode, "s": scene}),
        ]:
            await conn.execute(text(sql), {"w": workspace, **values})
        for number, (shot, key) in enumerate(zip(ids, spread(shots), strict=True), start=1):
            await conn.execute(
                text(
                    "insert into work_item (workspace_id, id, kind, scene_id, order_key, label, frames, spec)"
                    " values (:w, :id, 'shot', :s, :key, :label, 24, cast(:spec as jsonb))"
                ),
                {
                    "w": workspace,
                    "id": shot,
                    "s": scene,
                    "key": key,
                    "label": f"shot-{number}",
                    "spec": json.dumps({"picture": {"subject": f"Picture {number}"}}),
                },
            )
    return Project(db, workspace, episode, ids)
