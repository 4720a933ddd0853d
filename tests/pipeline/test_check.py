"""What quality control says of a shot: a note that costs nothing twice, a verdict with reasons in both languages, and never a failed shot."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from storyreel.model.base import AssetRef
from storyreel.model.errors import BadInput, NotPossible
from storyreel.model.quality import Quality
from storyreel.model.spec import Line
from storyreel.model.view import ShotView
from storyreel.pipeline.ports import Opinion
from storyreel.pipeline.quality import REMAKES, TABLE, Expected, judge
from storyreel.pipeline.quality_words import MEND, WRONG, quality_of, told
from storyreel.pipeline.stage import NewNode, Result
from storyreel.pipeline.stages import STAGES
from storyreel.pipeline.stages.fresh import is_fresh, stale, wanted_key
from tests.standins.views import made, node, run, selected, shot_view, with_profile, with_spec

GOOD = {
    "picture_high": 210.0, "picture_highlights": 0.0, "picture_sharpness": 0.55, "picture_grain": 0.6, "black_s": 0.0, "begins": 0.99,
    "light": 1.0, "highlights": 0.0, "softer": 0.0, "grainier": 0.0, "drift": 0.03, "flicker": 0.0, "frozen_s": 0.0, "heard": 1.0,
    "late_s": 0.0, "voice_lufs": -16.0, "clipped": 0.0,
}  # fmt: skip
DAY = Expected(frames=48, fps=24, width_px=640, height_px=360, move="push_in")
ASSETS = {name: AssetRef(id=mark * 64, media_type=kind) for name, mark, kind in (
    ("picture", "a", "image/png"), ("video", "b", "video/mp4"), ("voice", "c", "audio/wav"), ("final", "d", "video/mp4"),
)}  # fmt: skip


def finished(**more: Any) -> ShotView:
    """A shot with everything that a run selects."""
    view = shot_view(**more)
    sheet = NewNode("grid", "picture", ASSETS["picture"])
    cells = [NewNode("image", "picture", ASSETS["picture"], {"score": 0.9 - at / 10}, parent=0, cell=at) for at in range(4)]
    view = made("grid", view, Result(nodes=(sheet, *cells)))
    view = selected(view, "picture", view.cells[0], ASSETS["picture"])
    view = made("video", view, one("video"))
    if view.shot.spec.lines:
        view = made("voice", view, one("voice", lines=[{"text": "It is lit.", "start_s": 0.25, "end_s": 1.0}]))
    return made("compose", view, one("final"))


def one(kind: Any, **facts: Any) -> Result:
    track = "voice" if kind == "voice" else "video"
    return Result(nodes=(NewNode(kind, track, ASSETS[kind], facts),), slot=kind, select=0)


class Media:
    """Measures are what a test says they are."""

    def __init__(self, found: dict[str, float] | None = None) -> None:
        self.found = found
        self.shown: list[Any] = []

    async def measure(self, shown: Any) -> dict[str, float]:
        self.shown.append(shown)
        if self.found is None:
            raise BadInput("the file cannot be read")
        return self.found

    async def glimpses(self, clip: Any, count: int) -> tuple[bytes, ...]:
        return (b"png",) * count


def kit(found: dict[str, float] | None, reviewer: Any = None) -> Any:
    async def path(asset: AssetRef) -> str:
        return asset.id

    return SimpleNamespace(media=Media(found), store=SimpleNamespace(path=path), reviewer=reviewer, progress=lambda _: None)


async def check(view: ShotView, found: dict[str, float] | None, reviewer: Any = None) -> tuple[ShotView, Result, Any]:
    held = kit(found, reviewer)
    view, result = await run("check", view, held)
    return view, result, held


async def test_a_good_shot_gets_a_note_that_says_so_and_is_not_looked_at_again() -> None:
    view, result, _ = await check(finished(), GOOD)
    (note,) = result.nodes
    assert (note.kind, note.facts["verdict"], note.facts["look_at"], result.note) == ("note", "pass", False, "")
    assert is_fresh("check", view)
    assert note.facts["measures"]["begins"] == 0.99
    assert stale(view) == ()


async def test_what_is_wrong_is_said_in_the_language_of_the_project_with_what_to_do() -> None:
    _, english, _ = await check(finished(), {**GOOD, "frozen_s": 1.5})
    assert english.note == "To look at: it stands still for 1.5 s. You can make its clip again."
    _, chinese, _ = await check(finished(language="zh"), {**GOOD, "picture_sharpness": 0.1})
    assert chinese.note == "请看一下：选中的画面模糊。可以重新出图，或者换一张图。"
    assert (english.again, chinese.again) == ("video", "grid")


@pytest.mark.parametrize(
    ("change", "anew"),
    [
        (lambda view: selected(view, "final", node(view, "final", AssetRef(id="e" * 64, media_type="video/mp4")), AssetRef(id="e" * 64, media_type="video/mp4")), True),
        (lambda view: with_profile(view, quality=Quality(limits={"clip_frozen": 3.0})), True),
        (lambda view: with_profile(view, quality=Quality()), False),
        (lambda view: with_spec(view, notes="look again"), False),
    ],
    ids=["another segment", "other limits", "the usual limits", "a remark"],
)  # fmt: skip
async def test_a_shot_is_looked_at_again_only_where_something_that_is_judged_changed(*, change: Any, anew: bool) -> None:
    view, *_ = await check(finished(), GOOD)
    assert is_fresh("check", change(view)) is not anew


async def test_a_shot_that_cannot_be_read_is_for_a_person_and_fails_nothing() -> None:
    _, result, _ = await check(finished(), None)
    assert result.nodes[0].facts["findings"][0]["code"] == "unreadable"
    assert "cannot be read" in result.note


async def test_a_project_may_do_without_and_an_unfinished_shot_cannot_be_looked_at() -> None:
    assert STAGES["check"].request(with_profile(finished(), quality=Quality(on=False))) is None
    with pytest.raises(NotPossible, match="not finished"):
        STAGES["check"].request(shot_view())


async def test_lines_without_a_voice_are_missed() -> None:
    view = finished(lines={"l1": Line(text="It is lit.")})
    assert STAGES["check"].request(view).spans == ((0.25, 1.0),)
    silent = replace(view, selected={slot: held for slot, held in view.selected.items() if slot != "voice"})
    _, result, _ = await check(
        silent, {name: GOOD[name] for name in GOOD if name not in ("heard", "late_s", "voice_lufs", "clipped")}
    )
    assert result.note.startswith("To look at: there are lines, but no voice")
    assert result.again is None


async def test_what_a_person_chose_or_brought_is_never_made_again_by_itself() -> None:
    bad = {**GOOD, "picture_sharpness": 0.1, "frozen_s": 2.0}
    view = finished()
    _, result, _ = await check(selected(view, "picture", view.cells[2], ASSETS["picture"]), bad)
    assert result.again == "video", "the picture was chosen by hand"
    brought = node(view, "video", ASSETS["video"], stage="import")
    _, result, held = await check(selected(selected(view, "picture", view.cells[2]), "video", brought, ASSETS["video"]), bad)
    assert result.again is None
    assert result.nodes[0].facts["look_at"]
    assert held.media.shown[0].begins_with is None, "what a person brought begins as it likes"
    assert (await check(finished(selection="by_hand"), {**GOOD, "picture_grain": 20.0}))[1].again is None


class Critic:
    def __init__(self, score: float) -> None:
        self.score = score
        self.asked: list[tuple[str, int]] = []

    async def opinion(self, asked: str, pictures: Any, language: Any) -> Opinion:
        self.asked.append((asked, len(pictures)))
        return Opinion(score=self.score, reasons=("the lamp has two flames",), by="critic-1")


async def test_a_models_opinion_is_asked_where_there_is_one_and_kept_with_its_reasons() -> None:
    low, high = Critic(0.1), Critic(0.9)
    view, result, _ = await check(finished(quality=Quality(opinion=True)), GOOD, low)
    assert (result.nodes[0].facts["verdict"], result.again) == ("ask", None)
    assert "A woman lights the lamp" in low.asked[0][0]
    assert low.asked[0][1] == 3
    said = quality_of(view.latest["check"])
    assert said is not None
    assert said["reasons"] == ["the lamp has two flames"]
    assert "10 %" in said["words"]["en"]
    assert (await check(finished(quality=Quality(opinion=True)), GOOD, high))[1].nodes[0].facts["verdict"] == "pass"
    unasked = Critic(0.1)
    await check(finished(), GOOD, unasked)
    assert unasked.asked == []


def test_a_note_is_about_the_segment_that_it_was_written_for() -> None:
    view = finished()
    note = node(view, "note", stage="check", parent_id=view.shot.final_node_id, facts={"verdict": "pass", "findings": []})
    assert quality_of(note, view.shot.final_node_id)["words"]["zh"] == "质量检查：没有问题"
    assert quality_of(note, view.shot.id) is None


def test_a_night_may_be_dark_a_stand_may_be_still_and_a_project_may_think_otherwise() -> None:
    dim, still = {**GOOD, "picture_high": 60.0}, {**GOOD, "frozen_s": 2.0}
    assert judge(DAY, dim).again == "grid"
    assert judge(DAY.model_copy(update={"time": "night"}), dim).verdict == "pass"
    assert judge(DAY, still).again == "video"
    assert judge(DAY.model_copy(update={"move": "static"}), still).verdict == "pass"
    assert judge(DAY.model_copy(update={"move": "static", "weather": "rain"}), still).again == "video"
    assert judge(DAY, dim, Quality(limits={"picture_light": 50.0})).verdict == "pass"
    with pytest.raises(ValidationError):
        Quality.model_validate({"limits": {"picture_beauty": 0.5}})


def test_length_and_size_are_as_asked_to_the_frame() -> None:
    shape = {"frames": 48.0, "width_px": 640.0, "height_px": 360.0}
    assert judge(DAY, {**GOOD, **shape}).verdict == "pass"
    found = judge(DAY, {**GOOD, **shape, "frames": 47.0, "height_px": 358.0})
    assert [one.code for one in found.findings] == ["length", "size"]
    assert found.again == "compose"


@given(st.dictionaries(st.sampled_from(sorted({row.measure for row in TABLE})), st.floats(-100, 300), max_size=12))
def test_any_measures_give_a_verdict_that_can_be_told_and_acted_on(found: dict[str, float]) -> None:
    judged = judge(DAY, found)
    assert (judged.verdict == "pass") == (not judged.findings)
    assert (judged.again is not None) == (judged.verdict == "retry")
    for language in ("zh", "en"):
        said = told(judged.findings, language)
        assert bool(said) == bool(judged.findings)
        assert "{" not in said
    assert judge(DAY, dict(reversed(found.items()))) == judged


def test_every_limit_has_words_and_every_part_a_way_to_mend_it() -> None:
    assert {row.code for row in TABLE} <= set(WRONG)
    assert set(REMAKES) == set(MEND)
    assert len({row.code for row in TABLE}) == len(TABLE)


def test_the_key_is_that_of_the_bytes_the_limits_and_the_version() -> None:
    view = finished()
    assert wanted_key("check", view) == wanted_key("check", finished_like(view))
    assert wanted_key("check", view, 1) != wanted_key("check", view)


def finished_like(view: ShotView) -> ShotView:
    """The same shot under other ids."""
    return replace(view, number=9, latest={})
