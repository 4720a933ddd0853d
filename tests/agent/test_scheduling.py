"""Following, doing at a time, rendering by what shots have in common, and putting first, in both languages and without a model."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from storyreel.actions.catalogue import parse
from storyreel.model.errors import BadInput
from storyreel.model.when import check_cron, moment, zone_of
from tests.agent.test_rules import heard

STALE = {"type": "gen.video", "args": {"stale": True}}


@pytest.mark.parametrize(
    ("said", "kind", "args"),
    [
        ("shot 4 continues from shot 3", "shot.follow", {"shots": "4", "after": "3"}),
        ("第4镜接第3镜的最后一帧", "shot.follow", {"shots": "4", "after": "3"}),
        ("shots 4-6 continue from shot 3", "shot.follow", {"shots": "4-6", "after": "3"}),
        ("第5个镜头接上一个镜头的最后一帧", "shot.follow", {"shots": "5", "after": "4"}),
        ("shot 4 no longer continues from shot 3", "shot.follow", {"shots": "4"}),
        ("第4镜不要接前面的镜头了", "shot.follow", {"shots": "4"}),
        ("re-render everything stale", "gen.video", {"stale": True}),
        ("重新渲染所有过期的镜头", "gen.video", {"stale": True}),
        ("re-render everything made by remote", "gen.video", {"provider": "remote", "again": True}),
        ("重新渲染用“水墨”风格的镜头", "gen.video", {"template": "水墨", "again": True}),
        ("give shot 4 priority 90", "task.prioritise", {"shots": "4", "priority": 90}),
        ("第4个镜头优先级设为90", "task.prioritise", {"shots": "4", "priority": 90}),
        ("cancel the schedule", "schedule.cancel", {}),
        ("取消定时任务", "schedule.cancel", {}),
    ],
)
def test_what_is_said_is_what_is_asked(said: str, kind: str, args: dict[str, Any]) -> None:
    thought = heard(said)
    assert [(one.type, one.args) for one in thought.actions] == [(kind, args)]
    assert parse(thought.actions[0])


@pytest.mark.parametrize(
    ("said", "when", "done"),
    [
        ("render everything at 2am", {"at": "02:00"}, {"type": "gen.compose"}),
        ("每天凌晨两点重新渲染过期的镜头", {"cron": "0 2 * * *"}, STALE),
        ("render the stale shots every night at 2:30", {"cron": "30 2 * * *"}, STALE),
        ("明天早上8点导出影片", {"at": "tomorrow 08:00"}, {"type": "export.final"}),
        ("tonight at 11pm render shots 2-3", {"at": "23:00"}, {"type": "gen.video", "args": {"shots": "2-3"}}),
        ("每周一上午9点半渲染第3个镜头", {"cron": "30 9 * * 1"}, {"type": "gen.video", "args": {"shots": "3"}}),
    ],
)
def test_what_is_to_be_done_at_a_time_is_set(said: str, when: dict[str, str], done: dict[str, Any]) -> None:
    [asked] = heard(said).actions
    assert asked.type == "schedule.set"
    assert {name: asked.args[name] for name in when} == when
    assert asked.args["actions"] == [done]
    assert parse(asked)


@pytest.mark.parametrize("said", ["what is scheduled?", "有哪些定时任务？"])
def test_what_is_scheduled_is_looked_up(said: str) -> None:
    assert [one.type for one in heard(said).looks] == ["schedule.list"]


@pytest.mark.parametrize(
    "said", ["shot 2 begins at night", "make shot 3 continue longer", "hold the last frame of shot 3", "render shot 3 first"]
)
def test_what_only_sounds_like_it_is_something_else(said: str) -> None:
    assert not {one.type for one in heard(said).actions} & {"shot.follow", "schedule.set", "task.prioritise"}


def test_a_time_of_day_is_the_next_one_in_its_zone() -> None:
    shanghai, now = zone_of("Asia/Shanghai"), datetime(2030, 1, 1, 17, tzinfo=UTC)
    assert moment("02:00", shanghai, now) == datetime(2030, 1, 1, 18, tzinfo=UTC)
    assert moment("00:30", shanghai, now) == datetime(2030, 1, 2, 16, 30, tzinfo=UTC)
    assert moment("tomorrow 02:00", shanghai, now) == datetime(2030, 1, 2, 18, tzinfo=UTC)
    assert moment("2030-02-01 08:00", shanghai, now) == datetime(2030, 2, 1, tzinfo=UTC)
    with pytest.raises(BadInput):
        moment("2029-02-01 08:00", shanghai, now)


@pytest.mark.parametrize("line", ["0 2 * * *", "*/15 8-18 * * 1-5", "0 0 1,15 * *"])
def test_a_cron_line_is_five_fields(line: str) -> None:
    assert check_cron(f"  {line}  ") == line


@pytest.mark.parametrize(
    "line", ["", "0 2 * *", "60 2 * * *", "0 25 * * *", "0 2 * * 8", "5-2 * * * *", "*/0 * * * *", "a b c d e"]
)
def test_what_is_no_cron_line_is_refused(line: str) -> None:
    with pytest.raises(BadInput):
        check_cron(line)
