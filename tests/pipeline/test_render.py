"""A shot and a film go through every stage with real media tools; who draws, films and speaks is a quick stand-in."""

from __future__ import annotations

import pytest

from activities.kit import builtin_kit
from storyreel.media.probe import probe
from storyreel.model.errors import NotPossible
from storyreel.model.spec import Line
from storyreel.pipeline.stages import STAGES
from storyreel.pipeline.stages.fresh import is_fresh
from storyreel.runtime.settings import Settings
from tests.standins.vendor import Vendor
from tests.standins.views import episode_view, made_cut, run, shot_view, with_profile, with_spec

SHOT = ("spec", "grid", "select", "video", "voice", "compose")


@pytest.fixture
async def kit(tmp_path):
    async with Vendor().serving() as vendor:
        names = {f"provider_{kind}": "remote" for kind in ("image", "video", "voice", "music")}
        kit = builtin_kit(tmp_path, Settings(remote_provider_url=vendor.url, **names))
        yield kit
        await kit.providers.registry.close()


async def rendered(view, kit, stages=SHOT):
    for stage in stages:
        if STAGES[stage].request(view) is not None:
            view, _ = await run(stage, view, kit)
    return view


async def cut(view, kit):
    for stage in ("music", "film"):
        request = STAGES[stage].request(view)
        if request is not None:
            view = made_cut(stage, view, await STAGES[stage].make(request, kit))
    return view


async def test_a_film_is_exactly_as_long_as_its_shots_with_sound_captions_and_its_label(kit):
    talking = shot_view(
        lines={"l1": Line(speaker="Anna", text="It is lit."), "l2": Line(text="灯亮了。")}, frames=50, captions="beside"
    )
    silent = shot_view(frames=25, captions="beside", number=2)
    first, second = await rendered(talking, kit), await rendered(silent, kit)
    assert [cell.cell for cell in first.cells] == [0, 1, 2, 3]
    assert all(cell.facts["confidence"] > 0.5 for cell in first.cells)
    film = await cut(episode_view(first, second), kit)
    assert is_fresh("film", film)
    facts = film.latest["film"].facts
    assert (facts["frames"], facts["shots"], facts["width_px"]) == (75, 2, 640)
    assert facts["loudness_lufs"] == pytest.approx(-16, abs=1)
    found = probe(await kit.store.path(film.asset(film.latest["film"])))
    assert (found.frames, found.subtitles) == (75, 1)
    assert found.audio_duration_s == pytest.approx(75 / 24, abs=0.03)
    assert '"Label":"1"' in dict(found.tags)["AIGC"].replace(" ", "")
    srt = (await (kit.store._store).get(facts["subtitles"])).decode()
    assert "It is lit." in srt
    assert "灯亮了" in srt


async def test_a_clip_with_nothing_burnt_in_is_its_own_segment(kit):
    view = await rendered(shot_view(captions="none", lines={"l1": Line(text="Hello.")}, frames=24), kit)
    assert view.selected["final"].asset_id == view.selected["video"].asset_id
    burnt = await rendered(with_profile(view, captions="burnt"), kit, ("compose",))
    assert burnt.selected["final"].asset_id != burnt.selected["video"].asset_id
    assert burnt.selected["final"].facts["extradata"] == view.selected["final"].facts["extradata"]


async def test_lines_that_do_not_fit_are_never_cut_and_the_note_says_by_how_much(kit):
    long = " ".join(["word"] * 12)
    view = shot_view(lines={f"l{n}": Line(text=long) for n in range(3)}, frames=12)
    view, result = await run("voice", view, kit)
    facts = view.selected["voice"].facts
    assert facts["overrun_s"] > 0
    assert "longer than the shot" in result.note
    track = view.asset(view.selected["voice"])
    assert track.duration_s == pytest.approx(0.5 + facts["overrun_s"], abs=0.01)
    assert facts["lines"][-1]["end_s"] <= track.duration_s + 0.01


async def test_a_voice_track_is_as_long_as_its_shot_and_words_are_timed_in_it(kit):
    view = shot_view(lines={"l1": Line(text="Hello there."), "l2": Line(speaker="Anna", text="Who is it?")}, frames=96)
    view, _ = await run("voice", view, kit)
    first, second = view.selected["voice"].facts["lines"]
    assert view.asset(view.selected["voice"]).duration_s == 4.0
    assert first["start_s"] == pytest.approx(0.25)
    assert second["start_s"] - first["end_s"] == pytest.approx(0.5, abs=0.01)
    assert second["words"][0]["start_s"] == pytest.approx(second["start_s"], abs=0.01)


async def test_the_same_wishes_give_the_same_film(kit, tmp_path):
    films = set()
    for _ in range(2):
        view = await rendered(shot_view(lines={"l1": Line(text="Once.")}, frames=24), kit)
        films.add((await cut(episode_view(view), kit)).latest["film"].asset_id)
    assert len(films) == 1


async def test_a_single_picture_is_its_own_grid(kit):
    view = await rendered(shot_view(grid_rows=1, grid_cols=1), kit, ("spec", "grid", "select"))
    assert len(view.cells) == 1
    assert view.selected["picture"].asset_id == view.latest["grid"].asset_id


async def test_a_spec_that_breaks_a_rule_goes_no_further(kit):
    view = with_profile(with_spec(shot_view()), rules=("lamp",))
    with pytest.raises(NotPossible, match="“lamp”"):
        await run("spec", view, kit)
