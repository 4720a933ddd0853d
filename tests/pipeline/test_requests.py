"""What each stage asks for, from nothing but what a person wrote."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storyreel.model.base import AssetRef
from storyreel.model.errors import NotPossible
from storyreel.model.rows import Profile, Use
from storyreel.model.spec import AudioSpec, CameraSpec, FrameSpec, Line, PictureSpec, VoiceChoice
from storyreel.pipeline.geometry import RATIO, SHORT_PX, frame_size, still_size
from storyreel.pipeline.ports import Box
from storyreel.pipeline.prompt import motion_prompt, picture_prompt
from storyreel.pipeline.stages import STAGES
from storyreel.pipeline.stages.film import beds_of
from storyreel.pipeline.stages.fresh import wanted_key
from storyreel.pipeline.stages.select import Candidate, SelectRequest, best, inside
from storyreel.pipeline.stages.video import focus_of
from storyreel.pipeline.stages.voice import LEAST_PAUSE_S, language_of, limit_of, ordered, place
from tests.standins.views import PNG, episode_view, node, selected, shot_view, with_profile, with_spec

GRID, VIDEO, VOICE, COMPOSE, MUSIC, FILM = (STAGES[name] for name in ("grid", "video", "voice", "compose", "music", "film"))


# Geometry


@pytest.mark.parametrize(
    ("aspect", "resolution", "size"),
    [
        ("16:9", "720p", (1280, 720)),
        ("9:16", "1080p", (1080, 1920)),
        ("1:1", "1080p", (1080, 1080)),
        ("4:3", "720p", (960, 720)),
        ("2.39:1", "1080p", (1920, 804)),
        ("16:9", "4K", (3840, 2160)),
    ],
)
def test_the_frame_has_the_size_that_people_mean(aspect, resolution, size):
    assert frame_size(Profile(aspect=aspect, resolution=resolution)) == size


@given(st.sampled_from([*RATIO, "2.39:1"]), st.sampled_from([*SHORT_PX]))
def test_every_size_is_even_and_a_still_has_room_for_the_camera(aspect, resolution):
    profile = Profile(aspect=aspect, resolution=resolution)
    frame, still = frame_size(profile), still_size(profile)
    assert all(length % 2 == 0 for length in (*frame, *still))
    assert all(1.08 <= big / small <= 1.12 for big, small in zip(still, frame, strict=True))


# Words


def test_a_prompt_says_who_where_when_and_how_in_the_projects_language():
    frame = shot_view().frame
    said = picture_prompt(frame, "en")
    for words in (
        "A woman lights the lamp",
        "Anna (female, holds a lamp)",
        "a lighthouse",
        "at night",
        "in the rain",
        "medium shot",
    ):
        assert words in said
    chinese = picture_prompt(frame.model_copy(update={"subject": "安娜点灯"}), "zh")
    assert chinese.startswith("安娜点灯，Anna（女、holds a lamp）")
    assert "中景" in chinese
    assert "夜晚" in chinese


def test_motion_is_told_as_movement():
    assert motion_prompt(FrameSpec(subject="Waves"), "push_in", "slow", "en") == "Waves, the camera pushes in slowly"
    assert motion_prompt(FrameSpec(subject="海浪"), "push_in", "slow", "zh") == "海浪，缓慢镜头推近"


# Spec


async def test_a_shot_inherits_from_its_scene_and_its_own_words_come_first():
    own = with_spec(shot_view(), picture=PictureSpec(subject="x", place="a cellar"))
    frame = STAGES["spec"].request(own).frame
    assert (frame.place, frame.weather) == ("a cellar", "rain")


async def test_a_rule_of_the_project_stops_a_shot_and_says_which_word():
    view = with_profile(shot_view(lines={"l1": Line(text="There is BLOOD on it.")}), rules=("blood", "gun"))
    with pytest.raises(NotPossible, match="“blood”") as failure:
        await STAGES["spec"].make(STAGES["spec"].request(view), None)
    assert "gun" not in failure.value.detail


# Grid


def test_a_grid_is_a_sheet_of_stills_with_a_seed_of_its_own_for_each_take():
    view = shot_view(grid_rows=3, grid_cols=2)
    image = GRID.request(view).image
    assert (image.rows, image.cols, image.width_px, image.height_px) == (3, 2, 704, 396)
    assert GRID.request(view).image.seed == image.seed
    assert GRID.request(replace(view, takes={"grid": 1})).image.seed != image.seed


def test_the_pictures_that_a_shot_was_given_go_with_its_request():
    view = shot_view()
    use = Use(id=view.shot.id, workspace_id=view.workspace.id, work_item_id=view.shot.id, asset_id=PNG.id, role="style")
    assert GRID.request(replace(view, uses=(use,), assets={PNG.id: PNG})).image.references == (PNG,)
    voice = use.model_copy(update={"role": "audio"})
    assert GRID.request(replace(view, uses=(voice,), assets={PNG.id: PNG})).image.references == ()


# Select


def candidate(score, *heads, confidence=1.0):
    return Candidate(asset=PNG, score=score, heads=heads, confidence=confidence)


WHOLE, CUT_OFF = Box(x=0.4, y=0.2, width=0.2, height=0.3), Box(x=-0.1, y=0.2, width=0.2, height=0.3)


def test_the_best_made_picture_is_chosen_and_of_equals_the_first():
    assert best(SelectRequest(candidates=(candidate(0.5), candidate(0.9), candidate(0.9)))) == 1


def test_a_head_that_is_cut_off_or_an_unsure_cut_costs_a_picture_its_place():
    assert inside(CUT_OFF) == pytest.approx(0.5)
    assert best(SelectRequest(candidates=(candidate(0.9, CUT_OFF), candidate(0.85, WHOLE)), people=1)) == 1
    assert best(SelectRequest(candidates=(candidate(0.9, confidence=0.1), candidate(0.8)))) == 1


async def test_where_people_choose_nothing_is_chosen_for_them():
    with pytest.raises(NotPossible, match="by hand"):
        await STAGES["select"].make(SelectRequest(candidates=(candidate(1.0),), mode="by_hand"), None)


def test_without_a_grid_there_is_nothing_to_choose_from():
    with pytest.raises(NotPossible, match="Shot 7"):
        STAGES["select"].request(shot_view(number=7))


# Video


def test_a_clip_follows_the_picture_the_camera_and_the_length():
    view = shot_view(frames=60)
    picture = node(view, "image", PNG, facts={"heads": [WHOLE.model_dump()]})
    clip = VIDEO.request(selected(view, "picture", picture, PNG)).video
    assert (clip.first_frame, clip.frames, clip.fps, clip.move, clip.weather) == (PNG, 60, 24, "push_in", "rain")
    assert (clip.width_px, clip.height_px, clip.focus) == (640, 360, WHOLE)


def test_a_clip_without_a_picture_says_whose_is_missing():
    with pytest.raises(NotPossible, match="Shot 3"):
        VIDEO.request(shot_view(number=3))


def test_the_camera_keeps_one_head_or_two_together_or_the_largest():
    left, right = Box(x=0.1, y=0.2, width=0.1, height=0.1), Box(x=0.7, y=0.25, width=0.1, height=0.1)
    assert focus_of(()) is None
    assert focus_of([left]) == left
    both = focus_of([left, right])
    assert (both.x, both.width) == (0.1, pytest.approx(0.7))
    assert focus_of([left, WHOLE, right]) == WHOLE


# Voice


def test_lines_are_spoken_in_their_order_each_in_its_own_language_and_voice():
    lines = {"l10": Line(text="Last."), "l2": Line(speaker="anna", text="灯亮了。"), "l1": Line(text="Once…")}
    view = shot_view(lines=lines, narrator=VoiceChoice(seed=9))
    view = replace(
        view, cast=tuple((part, person.model_copy(update={"voice": VoiceChoice(seed=4)})) for part, person in view.cast)
    )
    asked = VOICE.request(view).lines
    assert [line.voice.text for line in asked] == ["Once…", "灯亮了。", "Last."]
    assert [line.voice.language for line in asked] == ["en", "zh", "en"]
    assert [line.voice.voice.seed for line in asked] == [9, 4, 9]
    assert asked[1].voice.voice.gender == "woman"
    assert asked[1].voice.place == "a lighthouse"


def test_a_shot_where_nobody_speaks_asks_for_no_voice():
    assert VOICE.request(shot_view()) is None
    assert VOICE.request(shot_view(lines={"l1": Line(text="  ")})) is None
    assert wanted_key("voice", shot_view()) is None


def test_the_language_is_that_of_the_line_then_of_its_letters_then_of_the_film():
    assert language_of(Line(text="OK", language="zh"), "en") == "zh"
    assert language_of(Line(text="他说 OK"), "en") == "zh"
    assert language_of(Line(text="1984?"), "zh") == "zh"


def test_lines_sort_by_number_not_by_letter():
    lines = {f"l{n}": Line(text=str(n)) for n in (10, 9, 1, 2)}
    assert [line.text for line in ordered(lines)] == ["1", "2", "9", "10"]


LENGTHS = st.lists(st.floats(0.2, 4.0), min_size=1, max_size=6)


@given(LENGTHS, st.floats(0.5, 20.0), st.data())
def test_lines_never_overlap_and_stay_in_the_shot_wherever_they_fit(lengths, room_s, data):
    turns = data.draw(st.lists(st.booleans(), min_size=len(lengths) - 1, max_size=len(lengths) - 1))
    starts = place(lengths, turns, room_s)
    ends = [start + length for start, length in zip(starts, lengths, strict=True)]
    assert starts[0] > 0
    assert all(after - end >= LEAST_PAUSE_S - 1e-3 for end, after in zip(ends, starts[1:], strict=False))
    least = 0.08 + LEAST_PAUSE_S * len(turns)
    if sum(lengths) + least <= room_s:
        assert ends[-1] <= room_s + 1e-3


@given(LENGTHS, st.floats(0.5, 30.0))
def test_a_line_gets_a_limit_only_where_room_is_tight_and_limits_share_the_room(expected, room_s):
    limit = limit_of(0, expected, 0.08, room_s)
    if sum(expected) * 2 + 1 < room_s:
        assert limit is None
    elif limit is not None:
        assert 0.2 <= limit <= max(0.2, room_s)


# Compose, music, film


def spoken_view(**profile):
    view = shot_view(lines={"l1": Line(text="Who is there?")}, **profile)
    clip = AssetRef(id="b" * 64, media_type="video/mp4")
    view = selected(view, "video", node(view, "video", clip), clip)
    lines = [{"speaker": "", "text": "Who is there?", "start_s": 0.2, "end_s": 1.1, "words": []}]
    sound = AssetRef(id="c" * 64, media_type="audio/wav")
    return selected(view, "voice", node(view, "voice", sound, facts={"lines": lines}), sound)


def test_captions_are_burnt_in_only_where_the_project_says_so():
    assert [line.text for line in COMPOSE.request(spoken_view()).captions] == ["Who is there?"]
    assert COMPOSE.request(spoken_view(captions="beside")).captions == ()


def test_lines_that_were_deleted_are_neither_shown_nor_heard_whatever_is_still_selected():
    view = with_spec(spoken_view(), lines={})
    assert COMPOSE.request(view).captions == ()
    final = AssetRef(id="d" * 64, media_type="video/mp4")
    film = FILM.request(episode_view(selected(view, "final", node(view, "final", final), final)))
    assert film.shots[0].voice is None


def test_the_score_changes_with_the_scenes_and_knows_the_cuts():
    first, second, third = shot_view(frames=24), shot_view(frames=48), shot_view(frames=24)
    second = with_spec(second, audio=AudioSpec(music="tense"))
    music = MUSIC.request(episode_view(first, second, third)).music
    assert music.moods == ((0.0, "mystery"), (1.0, "tense"), (3.0, "mystery"))
    assert (music.cuts_s, music.duration_s) == ((1.0, 3.0), 4.0)


@pytest.mark.parametrize("words", ["none", "不要音乐", " No music "])
def test_a_project_may_want_no_music(words):
    assert MUSIC.request(episode_view(shot_view(music=words))) is None


def test_places_that_sound_alike_are_one_stretch():
    same, rain = shot_view(frames=24), shot_view(frames=24)
    other = with_spec(shot_view(frames=48), picture=PictureSpec(place="a market", weather="clear"))
    beds = beds_of(episode_view(same, rain, other))
    assert [(bed.start_s, bed.duration_s, bed.place) for bed in beds] == [(0.0, 2.0, "a lighthouse"), (2.0, 2.0, "a market")]


def test_a_film_names_the_shots_that_are_not_finished_or_have_changed_since():
    final = AssetRef(id="d" * 64, media_type="video/mp4")
    good = shot_view(number=1)
    good = selected(good, "final", node(good, "final", final, facts={"frames": 48}), final)
    longer = replace(good, number=2, shot=good.shot.model_copy(update={"frames": 60}))
    with pytest.raises(NotPossible, match="Shots 2, 3 are not finished"):
        FILM.request(episode_view(good, longer, shot_view(number=3)))
    assert wanted_key("film", episode_view(good, longer)) is None
    assert FILM.request(episode_view(good)).frames == 48


# Keys


def test_no_key_holds_an_id():
    """The same wishes in another project, shot and episode have the same keys."""
    line = {"l1": Line(text="Hello.")}
    keys = []
    for _ in range(2):
        view = shot_view(lines=line)
        view = selected(view, "picture", node(view, "image", PNG), PNG)
        clip = AssetRef(id="b" * 64, media_type="video/mp4")
        view = selected(view, "video", node(view, "video", clip), clip)
        view = selected(view, "final", node(view, "final", clip), clip)
        names = ("spec", "grid", "video", "voice", "compose", "check")
        film = episode_view(view)
        keys.append([*(wanted_key(name, view) for name in names), wanted_key("music", film), wanted_key("film", film)])
    assert keys[0] == keys[1]
    assert None not in keys[0]
    assert len(set(keys[0])) == 8


def test_a_key_changes_with_what_decides_the_result_and_with_nothing_else():
    view = selected(shot_view(), "picture", node(shot_view(), "image", PNG), PNG)
    before = {name: wanted_key(name, view) for name in ("grid", "video")}
    moved = with_spec(view, camera=CameraSpec(move="pan_left"))
    assert wanted_key("grid", moved) == before["grid"]
    assert wanted_key("video", moved) != before["video"]
    noted = with_spec(view, notes="Call the composer.", tags=("b-roll",))
    assert {name: wanted_key(name, noted) for name in before} == before
