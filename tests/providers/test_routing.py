"""What is asked for instead, where a person allows it, and never where nobody did."""

from __future__ import annotations

import pytest

from storyreel.model.base import AssetRef
from storyreel.model.errors import Down, NoResource, NotPossible, Rejected, Transient, Vanished
from storyreel.model.spec import FrameSpec
from storyreel.pipeline.ports import ImageRequest, VideoRequest, VoiceRequest
from storyreel.pipeline.recovery import RECOVERY
from storyreel.pipeline.stage import key_of
from storyreel.pipeline.stages.grid import GridRequest
from storyreel.pipeline.stages.video import VideoStageRequest
from storyreel.pipeline.stages.voice import SpeakerLine, VoiceStageRequest
from storyreel.providers.registry import VENDORS
from storyreel.providers.routing import May, Ways, smaller

GRID = GridRequest(image=ImageRequest(frame=FrameSpec(subject="a lamp"), width_px=960, height_px=540, rows=2, cols=2))
CLIP = VideoStageRequest(
    video=VideoRequest(first_frame=AssetRef(id="0" * 64, media_type="image/png"), frames=96, fps=24, width_px=1280, height_px=720)
)
FULL = NoResource("no room for this")
ALL = May(smaller=True, alternative=("builtin",))


def ways(request=CLIP, stage="video", may=ALL) -> Ways:
    return Ways(stage, request, may, "remote", VENDORS)


def test_a_clip_becomes_smaller_then_shorter_and_says_what_was_given_up():
    first, second = smaller("video", CLIP)
    assert (first.request.video.width_px, first.request.video.height_px, first.request.video.frames) == (640, 360, 96)
    assert (second.request.video.width_px, second.request.video.frames) == (640, 48)
    assert [(one.field, one.asked, one.given) for one in second.adjusted] == [
        ("resolution", "1280x720", "640x360"),
        ("duration", "4 s", "2 s"),
    ]


def test_a_sheet_becomes_smaller_then_has_fewer_pictures():
    *_, last = smaller("grid", GRID)
    assert (last.request.image.width_px, last.request.image.rows, last.request.image.cols) == (480, 1, 2)
    assert [one.field for one in last.adjusted] == ["resolution", "count"]


def test_nothing_smaller_than_anybody_wants_and_nothing_of_a_voice():
    tiny = CLIP.model_copy(update={"video": CLIP.video.model_copy(update={"height_px": 200, "frames": 30})})
    assert list(smaller("video", tiny)) == []
    line = SpeakerLine(voice=VoiceRequest(text="Yes.", language="en"))
    assert list(smaller("voice", VoiceStageRequest(lines=(line,), frames=10, fps=24))) == []


def test_what_is_given_instead_never_stands_under_the_key_of_what_was_wanted():
    found = [*smaller("video", CLIP), ways().after(Down("away", created=False), 1, has_job=False)]
    keys = {key_of("video", 1, one.request, 0) for one in found}
    assert len(keys) == 3
    assert key_of("video", 1, CLIP, 0) not in keys


def test_without_leave_nothing_is_given_up():
    none = ways(may=May())
    for failure in (FULL, Down("away", created=False), Transient("away", created=False)):
        assert none.after(failure, 4, has_job=False) is None


def test_it_waits_once_before_it_gives_way():
    asked = ways()
    assert asked.after(FULL, 1, has_job=False) is None
    way = asked.after(FULL, 2, has_job=False)
    assert way is not None
    assert way.request.video.width_px == 640
    assert way.adjusted[0].why == "no room for this"


def test_after_all_that_is_smaller_another_provider_is_asked_for_the_whole():
    asked = ways()
    fields = []
    failure = NoResource("full", created=False)
    while (way := asked.after(failure, 3, has_job=False)) is not None:
        fields.append([one.field for one in way.adjusted])
        last = way
    assert fields == [["resolution"], ["resolution", "duration"], ["provider"]]
    assert (last.request.provider, last.request.video) == ("builtin", CLIP.video)
    assert last.adjusted[0].words() == "Made by builtin instead of remote: full"


@pytest.mark.parametrize(
    "failure", [Transient("lost answer"), Vanished("gone"), NotPossible("no"), Rejected("no", created=False)]
)
def test_nobody_else_is_asked_where_the_first_may_be_at_it_or_where_it_helps_nothing(failure):
    assert ways(may=May(alternative=("builtin",))).after(failure, 4, has_job=False) is None


def test_nobody_else_is_asked_while_a_job_is_open():
    assert ways().after(Down("away", created=False), 1, has_job=True) is None


def test_only_who_makes_this_kind_of_thing_stands_in_and_never_the_one_that_failed():
    down = Down("away", created=False)
    assert ways(may=May(alternative=("remote", "nobody"))).after(down, 1, has_job=False) is None


def test_three_retries_from_five_seconds_by_two_up_to_three_hundred_unless_a_capability_says_otherwise():
    for work in ("image", "video", "music", "own"):
        rules = RECOVERY[work]
        assert (rules.tries, rules.base_s, rules.factor, rules.longest_s) == (4, 5.0, 2.0, 300.0)
    assert RECOVERY["voice"].base_s < 5
