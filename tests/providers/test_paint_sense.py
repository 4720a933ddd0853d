"""What is drawn makes sense: old places are old, what is written is not there to be seen, nothing hangs in the air."""

from __future__ import annotations

import pytest

from storyreel.model.spec import Figure, FrameSpec, Look
from storyreel.providers.builtin.paint.plan import plan_of
from storyreel.providers.builtin.paint.words import things_of


@pytest.mark.parametrize(
    ("place", "drawn"),
    [
        ("咸亨酒店（旧时）", "teahouse"),
        ("鲁镇街头（旧时）", "village"),
        ("景阳冈下酒店门前（古代）", "village"),
        ("景阳冈（古代）", "mountain"),
        ("酒店门口", "street"),
        ("outside the hospital", "street"),
        ("in front of the shop", "street"),
        ("废弃医院", "hospital"),
    ],
)
def test_places_in_their_time(place: str, drawn: str) -> None:
    assert plan_of(FrameSpec(subject="", place=place)).place == drawn


@pytest.mark.parametrize("text", ["乱蓬蓬的花白胡子", "门前的旗上写着“三碗不过冈”", "雪花落下来", "马上就走", "他相信自己"])
def test_what_is_no_thing(text: str) -> None:
    assert things_of(text) == ()


def test_windows_belong_to_the_place() -> None:
    frame = FrameSpec(subject="他望着窗户", place="房间", props=("窗户", "信"), figures=(Figure(name="他", look=Look(seed=1)),))
    assert plan_of(frame).things == ("envelope",)


def test_a_crowd_of_old_times_wears_no_jeans() -> None:
    plan = plan_of(FrameSpec(subject="几个酒客靠着柜台", place="咸亨酒店（旧时）"))
    assert len(plan.roles) == 3
    assert all(role.person.top == role.person.bottom for role in plan.roles)
