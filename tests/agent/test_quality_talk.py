"""What quality control found is told when it is asked for, and known in the talk about the shot, in both languages."""

from __future__ import annotations

from typing import Any

import pytest

from agent.context import build
from storyreel.actions.catalogue import parse
from tests.agent.conftest import Talker
from tests.agent.films import film
from tests.agent.test_rules import heard
from tests.standins.making import Maker

FROZEN = {"code": "clip_frozen", "value": 1.5, "limit": 0.6, "verdict": "ask", "blamed": "video"}


@pytest.mark.parametrize(
    ("said", "kind", "args"),
    [
        ("第3镜有什么问题", "shot.view", {"shot": "3"}),
        ("what is wrong with shot 3", "shot.view", {"shot": "3"}),
        ("what's wrong with shot 3?", "shot.view", {"shot": "3"}),
        ("镜头4哪里不对", "shot.view", {"shot": "4"}),
        ("is there anything wrong with shot 5?", "shot.view", {"shot": "5"}),
        ("what is wrong with shots 3-5", "shot.list", {"shots": "3-5"}),
        ("哪些镜头有问题？", "shot.list", {}),
        ("which shots should I look at?", "shot.list", {}),
        ("关闭质量检查", "project.set_config", {"quality": "off"}),
        ("turn off the quality check", "project.set_config", {"quality": "off"}),
        ("打开质检", "project.set_config", {"quality": "on"}),
        ("turn quality control back on", "project.set_config", {"quality": "on"}),
    ],
)
def test_what_is_wrong_can_be_asked_and_quality_control_switched(said: str, kind: str, args: dict[str, Any]) -> None:
    thought = heard(said)
    assert [(one.type, one.args) for one in (*thought.looks, *thought.actions)] == [(kind, args)]
    assert thought.sure >= 0.8
    for one in thought.actions:
        parse(one)


async def test_a_talk_about_a_shot_knows_what_is_wrong_with_it(talker: Talker) -> None:
    await film(talker)
    maker = await Maker.of(talker.door, talker.workspace_id)
    await maker.through(2)
    await maker.make(2, "check", verdict="ask", look_at=True, findings=[FROZEN])
    answer = await talker.say("what is wrong with shot 2?")
    assert "it stands still for 1.5 s. You can make its clip again." in answer.message
    assert "有 1.5 秒画面不动" in (await talker.say("第2镜有什么问题")).message
    assert "stands still" in (await talker.say("which shots have problems?")).message
    async with talker.door.database.connect() as conn:
        context = await build(conn, talker.turn("make shot 2 a night"))
    (named,) = [one.text for one in context.parts if one.part == "shot"]
    assert "stands still for 1.5 s" in named
    await talker.do(("shot.update", {"shots": "2", "duration_s": 5}))
    await maker.make(2, "video")
    await maker.make(2, "compose")
    assert "stands still" not in (await talker.say("what is wrong with shot 2?")).message, "another segment, not looked at yet"
