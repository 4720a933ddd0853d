"""A sentence becomes a story: who, where and how long as asked, in whole sentences of the same language."""

from __future__ import annotations

import contextlib
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from storyreel.model.errors import BadInput
from storyreel.script.outline import Outline, outline
from storyreel.script.parse import parse
from storyreel.script.tongue import language_of

ZH = [
    "做一个30秒的短片，讲一只流浪猫在雨夜找到家",
    "帮我做一个一分钟的温馨短片，关于一位老爷爷和他的狗在海边散步，水彩风格，10个镜头",
    "一个女孩在车站等待再也不会回来的父亲",
    "小满是一个灯塔守护人，她想念大海另一边的姐姐",
    "赛博朋克风格，侦探在霓虹城市追查失踪的机器人",
    "两个兄弟一起造一艘飞船，12个镜头，每个3秒",
    "给咖啡品牌“晨光”做一个20秒的广告",
    "讲解黑洞是怎么形成的，60秒",
    "一条鲤鱼跃过龙门",
    "爱情故事：外卖小哥爱上了盲人钢琴家",
    "一个关于友谊的短片",
]
EN = [
    "Make a 45 second film about a lighthouse keeper who befriends a storm, watercolor, 8 shots",
    "A stray cat finds its way home on a rainy night",
    "Create a one minute video about two brothers who build a boat",
    "Mara, an old watchmaker, searches for a lost hour",
    "a girl and her dog walk along the beach",
    "Explain how rainbows form in 30 seconds",
    "A 20 second ad for a coffee brand called Sunrise",
    "a paper boat travels down a river to the ocean",
    "a short film about friendship",
    "An astronaut grows the first flower on the moon",
]


def lines(told: Outline) -> list[str]:
    return [line.text for scene in told.doc.scenes for shot in scene.shots for line in shot.lines]


def pictures(told: Outline) -> list[str]:
    return [shot.picture.subject for scene in told.doc.scenes for shot in scene.shots]


@pytest.mark.parametrize("brief", ZH + EN)
def test_a_brief_becomes_a_told_story(brief: str) -> None:
    told = outline(brief)
    made = told.board(25)
    assert (made.frames, len(made.shots)) == (round(told.total_s * 25), told.shots)
    assert not made.notes
    said = lines(told)
    assert len(said) >= len(made.shots) / 2
    assert len(set(said)) == len(said)
    assert len({shot.camera.size for shot in made.shots}) >= 3
    assert any(shot.camera.move != "static" for shot in made.shots)
    for line in said:
        assert line.strip()[-1] in "。！？.!?"
        assert not re.search(r"[{}\[\]|]|\s,|，，|,,|  ", line)
        assert language_of(line, told.brief.language) == told.brief.language


@pytest.mark.parametrize("brief", ZH + EN)
def test_the_same_brief_tells_the_same_story(brief: str) -> None:
    assert outline(brief) == outline(brief)


@pytest.mark.parametrize("brief", ZH + EN)
def test_the_text_of_an_outline_is_a_script(brief: str) -> None:
    told = outline(brief)
    again = parse(told.text)
    assert [line.text for scene in again.scenes for shot in scene.shots for line in shot.lines] == lines(told)
    assert [shot.camera for scene in again.scenes for shot in scene.shots] == [
        s.camera for scene in told.doc.scenes for s in scene.shots
    ]
    for shot in (shot for scene in told.doc.scenes for shot in scene.shots):
        assert shot.action in told.text[slice(*shot.span)]


def test_the_cat_finds_home() -> None:
    told = outline(ZH[0])
    assert (told.total_s, told.brief.genre) == (30, "homecoming")
    assert all("猫" in picture for picture in pictures(told))
    assert "流浪猫找到了家" in "".join(lines(told))
    assert all((scene.time, scene.weather) == ("night", "rain") for scene in told.doc.scenes)
    assert not told.doc.characters


def test_the_keeper_and_the_storm() -> None:
    told = outline(EN[0])
    assert (told.total_s, told.shots, told.style) == (45, 8, "watercolor")
    assert told.doc.title == "The Lighthouse Keeper and the Storm"
    assert "befriends the storm" in " ".join(lines(told))
    assert [person.name for person in told.doc.characters] == ["Lighthouse Keeper"]
    assert any(shot.cast for scene in told.doc.scenes for shot in scene.shots)


def test_names_that_are_given_are_used() -> None:
    told = outline("守塔人老周在暴风雨夜救下一艘渔船，45秒")
    assert [person.name for person in told.doc.characters] == ["老周"]
    assert "老周救下了一艘渔船" in "".join(lines(told))
    assert "Mara" in " ".join(lines(outline(EN[3])))
    assert "晨光" in "".join(lines(outline(ZH[6])))


def test_a_question_is_asked_as_it_was_put() -> None:
    assert "你有没有想过，黑洞是怎么形成的？" in lines(outline(ZH[7]))
    assert "Have you ever wondered how rainbows form?" in lines(outline(EN[5]))


def test_several_heroes_agree_with_their_verbs() -> None:
    said = " ".join(lines(outline(EN[2])))
    assert "two brothers start another day" in said
    assert "The brothers are serious." in said or "brothers get up again" in said


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(ZH + EN), st.integers(8, 180), st.integers(4, 30))
def test_any_length_and_number_of_shots(brief: str, total: int, shots: int) -> None:
    if total / shots < 0.7:
        return
    told = outline(brief, total_s=total, shots=shots)
    made = told.board(24)
    assert (made.frames, len(made.shots)) == (total * 24, shots)
    assert len(set(pictures(told))) == shots


@pytest.mark.parametrize("brief", ["做个短片", "Make a video", "！！", "make me a 30 second film"])
def test_nothing_to_tell(brief: str) -> None:
    with pytest.raises(BadInput):
        outline(brief)


@settings(max_examples=80, deadline=None)
@given(st.text(max_size=80))
def test_no_brief_breaks_the_outline(brief: str) -> None:
    with contextlib.suppress(BadInput):
        made = outline(brief).board(25)
        assert made.frames == round(sum(shot.frames for shot in made.shots))
        assert made.shots


def test_more_shots_than_the_time_can_hold() -> None:
    with pytest.raises(BadInput, match="cannot hold"):
        outline("a cat, 5 seconds, 30 shots")
