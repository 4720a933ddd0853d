"""A person who writes Chinese is refused in Chinese, each reason once."""

from __future__ import annotations

import re

import pytest

from tests.agent.conftest import Talker
from tests.agent.films import film

REFUSED = [
    "第20个镜头改成雨天",
    "回到决定版",
    "重做",
    "失败的再试一次",
    "删掉第9场",
    "把第3个镜头移到第3个前面",
    "切开第3个镜头的第9秒",
    "加一个角色：安娜",
    "把第1个镜头的时长改成0秒",
    "第1个镜头改成3小时",
    "取消定时渲染",
    "第3镜接第3镜的最后一帧",
]


@pytest.mark.parametrize("start", ["plain", "rendered"])
async def test_a_refusal_is_chinese_and_changes_nothing(talker: Talker, start: str) -> None:
    await film(talker, "zh", rendered=start == "rendered")
    before = await talker.revision()
    for said in REFUSED:
        answer = await talker.say(said)
        assert answer.error is not None, f"{said} -> {answer.message}"
        assert answer.message.startswith("没有改动：")
        assert not re.search(r"[A-Za-z]{3,}", answer.message), f"{said} -> {answer.message}"
    assert await talker.revision() == before


async def test_a_locked_shot_is_refused_until_it_is_free(talker: Talker) -> None:
    await film(talker, "zh")
    await talker.say("锁定第3个镜头")
    refused = await talker.say("第3个镜头改成夜景")
    assert "第 3 个镜头已锁定" in refused.message
    await talker.say("解锁第3个镜头")
    assert (await talker.say("第3个镜头改成夜景")).commit is not None


async def test_the_same_reason_is_said_once(talker: Talker) -> None:
    await film(talker, "en", rendered=True)
    answer = await talker.say("make shot 40 a night")
    assert answer.message == "Nothing was changed: there is no shot 40: the film has shots 1 to 8."
