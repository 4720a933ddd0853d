"""A story of old times looks like one: its places say when they are, its people wear no jacket of today."""

from __future__ import annotations

from pathlib import Path

from storyreel.script.board import board
from storyreel.script.outline import outline
from storyreel.script.parse import parse
from storyreel.script.period import period_of

SCRIPTS = Path(__file__).parents[1] / "data" / "scripts"


def test_scripts_of_old_times_say_so() -> None:
    assert period_of(parse((SCRIPTS / "wusong.fountain").read_text())) == "古代"
    assert period_of(parse((SCRIPTS / "kong_yiji.fountain").read_text())) == "旧时"
    assert period_of(parse((SCRIPTS / "earnest.fountain").read_text())) == ""


def test_every_place_of_an_old_story_is_old() -> None:
    made = board(parse((SCRIPTS / "kong_yiji.fountain").read_text()), fps=24)
    assert all(scene.place.endswith("（旧时）") for scene in made.scenes)
    assert len({person.look.top_colour for person in made.characters}) == len(made.characters)
    assert all(person.look.top_colour == person.look.bottom_colour != "" for person in made.characters)


def test_stories_of_today_are_left_alone() -> None:
    for brief in (
        "外卖员小陈在凌晨三点送餐到一栋废弃医院",
        "程序员阿杰和咖啡店老板娘小雨在雨天相遇",
        "科幻：2077年，一个剑客的手机响了",
    ):
        made = outline(brief).board(24)
        assert not any("（" in scene.place for scene in made.scenes)
        assert not any(person.look.top_colour for person in made.characters)


def test_a_swordsman_lives_in_old_times() -> None:
    assert all("（古代）" in scene.place for scene in outline("少年剑客去长安找杀父仇人").board(24).scenes)
