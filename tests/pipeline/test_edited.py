"""Edited shots, sounds of their own, own music and a mix go through the real stages and can be heard and measured."""

from __future__ import annotations

from dataclasses import replace
from uuid import uuid4

import numpy as np
import pytest

from activities.kit import builtin_kit
from storyreel.media.probe import probe, sound_of
from storyreel.model.edits import BarsEdit, CaptionStyle, FadeEdit, GradeEdit, Mix, SpeedEdit, TrimEdit, keyed
from storyreel.model.rows import Node
from storyreel.model.spec import AudioSpec, Line
from storyreel.pipeline.stages import STAGES
from storyreel.pipeline.stages.fresh import is_fresh, stale, wanted_key
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
        if STAGES[stage].request(view) is not None and not is_fresh(stage, view):
            view = made_cut(stage, view, await STAGES[stage].make(STAGES[stage].request(view), kit))
    return view


def with_edits(view, frames, *steps):
    shot = view.shot.model_copy(update={"frames": frames, "spec": view.shot.spec.model_copy(update={"edits": keyed(steps)})})
    return replace(view, shot=shot)


async def test_an_edit_makes_one_segment_again_from_the_clip_that_there_is(kit):
    view = await rendered(shot_view(frames=48, captions="burnt", lines={"l1": Line(text="Hello there.")}), kit)
    steps = (TrimEdit(start=12, frames=24, of=48), SpeedEdit(of=24, frames=36), GradeEdit(look="sepia"), BarsEdit(aspect="1:1"))
    edited = with_profile(with_edits(view, 36, *steps), caption_style=CaptionStyle(size="large", place="top", boxed=True))
    assert wanted_key("video", edited) == wanted_key("video", view)
    assert {one.stage for one in stale(edited)} == {"voice", "compose"}
    done = await rendered(edited, kit, ("voice", "compose"))
    final = done.selected["final"]
    assert (final.facts["frames"], final.facts["extradata"]) == (36, view.selected["final"].facts["extradata"])
    other = await rendered(shot_view(frames=24, number=2, captions="burnt"), kit)
    film = await cut(episode_view(done, other), kit)
    assert film.latest["film"].facts["frames"] == 60
    back = with_profile(with_edits(done, 48), caption_style=None)
    assert wanted_key("compose", replace(back, selected=view.selected, shot=view.shot)) == view.selected["final"].key


async def heard(kit, film):
    return sound_of(await kit.store.path(film.asset(film.latest["film"])), 48_000)


def level(samples, start_s, end_s):
    part = samples[round(start_s * 48_000) : round(end_s * 48_000)]
    return float(np.sqrt((part**2).mean()))


async def test_a_shots_own_sound_takes_the_place_of_its_places_and_ends_with_the_shot(kit):
    audio = AudioSpec(sfx=("heartbeat",))
    first = await rendered(with_spec(shot_view(frames=48, music="none"), audio=audio), kit)
    second = await rendered(with_spec(shot_view(frames=48, number=2, music="none"), audio=AudioSpec(ambience="silence")), kit)
    assert STAGES["film"].request(episode_view(first, second)).model_dump().get("sfx") is None
    loud = await rendered(first, kit, ("sfx",))
    assert loud.selected["sfx"].kind == "sfx"
    assert is_fresh("sfx", loud)
    request = STAGES["film"].request(episode_view(loud, second))
    assert (len(request.beds), request.beds[0].start_s) == (1, 2.0)
    film = await cut(episode_view(with_profile(loud, music="none"), with_profile(second, music="none")), kit)
    samples = await heard(kit, film)
    assert level(samples, 0.2, 1.8) > 10 * level(samples, 2.4, 3.8)
    changed = with_spec(loud, audio=AudioSpec(sfx=("clock",)))
    assert [one.stage for one in stale(changed)] == ["sfx"]


async def test_a_mix_and_own_music_are_heard_and_change_the_film_alone(kit):
    shots = [await rendered(shot_view(frames=72, number=n, captions="none"), kit) for n in (1, 2)]
    film = await cut(episode_view(*shots), kit)
    softer = [with_profile(shot, mix=Mix(fade_out_s=1.5, loudness_lufs=-20)) for shot in shots]
    assert all(wanted_key("compose", new) == wanted_key("compose", old) for new, old in zip(softer, shots, strict=True))
    mixed = await cut(
        replace(episode_view(*softer), latest=film.latest, assets={**film.assets, **shots[0].assets, **shots[1].assets}), kit
    )
    assert mixed.latest["film"].id != film.latest["film"].id
    before, after = await heard(kit, film), await heard(kit, mixed)
    assert level(after, 5.8, 6) < 0.3 * level(after, 3, 4)
    assert level(after, 3, 4) < level(before, 3, 4)
    own = mixed.assets[mixed.latest["music"].asset_id]
    brought = Node(
        id=uuid4(), workspace_id=mixed.workspace.id, kind="music", episode_id=mixed.episode.id, stage="import", asset_id=own.id
    )
    assert is_fresh("music", replace(mixed, latest={**mixed.latest, "music": brought}))


async def test_fades_of_a_shot_are_in_its_segment(kit):
    view = await rendered(with_edits(shot_view(frames=48, captions="none"), 48, FadeEdit(in_s=0.5)), kit)
    found = probe(await kit.store.path(view.asset(view.selected["final"])))
    assert found.frames == 48
    assert view.selected["final"].asset_id != view.selected["video"].asset_id
