"""Draft spaces to talk about: four drafts on a board, one with a favourite picture, a template, and a project to send to."""

from __future__ import annotations

import json
import re
from typing import Any
from uuid import uuid4

from sqlalchemy import text as sql

from agent.types import ChatAnswer
from storyreel.actions.base import Asked
from storyreel.model.rows import WorkItem
from storyreel.model.view import GraphView
from tests.agent.conftest import Talker

ASSETS = ("a" * 64, "b" * 64, "c" * 64)
WORDS = {
    "zh": ("雨夜的码头", "打红伞的女孩，水彩", "狐狸", "海边的小屋"),
    "en": ("a pier on a rainy night", "a girl with a red umbrella, watercolor", "a fox", "a cabin by the sea"),
}
PROJECT = {"zh": "灯塔", "en": "Lighthouse"}
TEMPLATE = {
    "zh": ("海报", "{主题}的海报，{风格}，{焦段}", {"焦段": "广角"}),
    "en": ("Poster", "a poster of {subject}, {style}, {lens}", {"lens": "wide"}),
}
# A draft space knows no story.
STORY = re.compile(r"镜头|分镜|台词|对白|剧本|第.{0,3}场|片子|影片|\bshots?\b|\bepisode|\bdialogue|\bfilm\b", re.IGNORECASE)


async def space(talker: Talker, language: str) -> None:
    """The talker stands in a draft space from now on; the project that there was before is one to send to."""
    await talker.do(
        ("project.update_meta", {"name": PROJECT[language]}),
        Asked(type="scene.add", args={"title": "One"}, name="one"),
        ("shot.bulk_add", {"shots": [{"scene": "$one", "duration_s": 3, "picture": {"subject": "x"}} for _ in range(3)]}),
    )
    talker.workspace_id = uuid4()
    await talker.do(("project.create", {"name": "Ideas", "kind": "draft_space", "language": language}))
    async with talker.door.database.begin() as conn:
        for asset in ASSETS:
            await conn.execute(
                sql("insert into asset (workspace_id, id, media_type, size_bytes) values (:ws, :a, 'image/png', 1)"),
                {"ws": talker.workspace_id, "a": asset},
            )
        name, body, defaults = TEMPLATE[language]
        await conn.execute(
            sql(
                "insert into prompt_template (workspace_id, id, name, body, defaults)"
                " values (:ws, :id, :name, :body, cast(:defaults as jsonb))"
            ),
            {"ws": talker.workspace_id, "id": uuid4(), "name": name, "body": body, "defaults": json.dumps(defaults)},
        )
    first, *rest = WORDS[language]
    await talker.do(("draft.add", {"drafts": [{"words": first, "asset": ASSETS[0]}, *({"words": one} for one in rest)]}))
    view = await talker.view()
    picture = next(item.picture_node_id for item in view.all(WorkItem) if item.picture_node_id)
    await talker.do(("node.favourite", {"nodes": [str(picture)]}))


def changed_drafts(before: GraphView, after: GraphView) -> list[int]:
    """The numbers that the drafts that differ had, or have where they are new, beside what is selected for them."""
    was = {item.id: bare(item) for item in before.all(WorkItem)}
    return sorted(
        before.number(item.id) or after.number(item.id) or 0 for item in after.all(WorkItem) if was.get(item.id) != bare(item)
    )


def bare(item: WorkItem) -> dict[str, Any]:
    return item.model_dump(include={"spec", "board_id", "status"})


def check_space(turn: dict[str, Any], before: GraphView, after: GraphView, answer: ChatAnswer, said: str) -> None:
    """The drafts that changed; and no word of a story in a draft space, except where a draft goes into one."""
    if "drafts" in turn:
        assert changed_drafts(before, after) == turn["drafts"], said
    if after.is_draft_space and not any(one.type == "draft.send" for one in answer.actions):
        assert not STORY.search("\n".join((answer.message, *answer.next_steps))), said
