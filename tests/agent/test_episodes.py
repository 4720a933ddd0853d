"""A message may name the episode it is about; its shots are then counted in that one, whoever says yes later."""

from __future__ import annotations

import pytest

from agent.episodes import named
from storyreel.actions.base import Asked
from storyreel.model.rows import Episode, Scene, WorkItem
from tests.agent.conftest import Talker
from tests.agent.films import film


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ("第二集第3个镜头改成夜景", (2, "第3个镜头改成夜景")),
        ("把第2集的第三个镜头改成雨天", (2, "把第三个镜头改成雨天")),
        ("渲染第二集", (2, "渲染这一集")),
        ("Make shot 3 of episode 2 a rainy night", (2, "Make shot 3 a rainy night")),
        ("In episode two, make shot 3 darker", (2, "make shot 3 darker")),
        ("render the second episode", (2, "render this episode")),
        ("加第二集", None),
        ("Add a second episode about a cat", None),
        ("Add episode 2", None),
        ("compare episode 1 and episode 2", None),
        ("Make shot 3 a rainy night", None),
    ],
)
def test_the_episode_is_heard_and_taken_out_of_what_is_said(said: str, found: tuple[int, str] | None):
    assert named(said) == found


@pytest.mark.parametrize("said", ["第二集第1个镜头改成夜景", "Change shot 1 of episode 2 to night"])
async def test_shots_are_counted_in_the_episode_that_is_named(talker: Talker, said: str):
    await film(talker)
    await talker.do(
        ("episode.create", {"title": "Two"}),
        Asked(type="scene.add", args={"title": "Two", "place": "pier"}, name="two"),
        ("shot.bulk_add", {"shots": [{"duration_s": 2, "scene": "$two"} for _ in range(3)]}),
    )
    answer = await talker.say(said)
    assert answer.understood
    view = await talker.view()
    second = max(view.all(Episode), key=lambda one: one.order_key)
    scenes = {scene.id: scene.episode_id for scene in view.all(Scene)}
    dark = [shot for shot in view.all(WorkItem) if shot.spec.picture.time == "night" and scenes[shot.scene_id] == second.id]
    assert len(dark) == 1


async def test_a_yes_is_said_of_the_episode_that_was_meant(talker: Talker):
    await film(talker)
    await talker.do(
        ("episode.create", {"title": "Two"}),
        Asked(type="scene.add", args={"title": "Two"}, name="two"),
        ("shot.bulk_add", {"shots": [{"duration_s": 2, "scene": "$two"} for _ in range(3)]}),
    )
    answer = await talker.say("第二集第1到2个镜头重新渲染")
    assert answer.proposal is not None
    await talker.say("好的")
    view = await talker.view()
    second = max(view.all(Episode), key=lambda one: one.order_key)
    from sqlalchemy import text

    async with talker.door.database.connect() as conn:
        episodes = list(
            await conn.scalars(
                text("select episode_id from task where kind = 'shot' and workspace_id = :ws"), {"ws": talker.workspace_id}
            )
        )
    assert episodes == [second.id, second.id]
