"""What a person sees: measured on drawn frames."""

from itertools import pairwise

import cv2
import numpy as np
import pytest

from storyreel.model.spec import Figure, FrameSpec, Look
from storyreel.pipeline.ports import CellFacts, ImageRequest
from storyreel.providers.builtin.paint import words
from storyreel.providers.builtin.paint.figures import Staged, draw_figure
from storyreel.providers.builtin.paint.light import light_of
from storyreel.providers.builtin.paint.person import person_of
from storyreel.providers.builtin.paint.places import PLACES
from storyreel.providers.builtin.paint.plan import plan_of
from storyreel.providers.builtin.paint.scene import GUTTER_PX, Stopped, paint_request

LIN = Look(seed=3, gender="woman", age="young", top_colour="#c83232", garment="sweater")
CHEN = Look(seed=8, gender="man", age="adult", top_colour="#2f6f8f", garment="sweater")
SIZES = ("EWS", "WS", "FS", "MS", "MCU", "CU", "ECU")


def who(look=LIN, **kw):
    return Figure(name=kw.pop("name", "林"), look=look, **kw)


def draw(width=320, height=180, rows=1, cols=1, seed=0, **frame) -> tuple[np.ndarray, tuple[CellFacts, ...], tuple[str, ...]]:
    request = ImageRequest(frame=FrameSpec(**frame), width_px=width, height_px=height, rows=rows, cols=cols, seed=seed)
    return paint_request(request, stopped=lambda: False, tell=lambda _: None)


def cells(sheet: np.ndarray, rows: int, cols: int, width: int, height: int) -> list[np.ndarray]:
    return [
        sheet[GUTTER_PX + r * (height + GUTTER_PX) :][:height, GUTTER_PX + c * (width + GUTTER_PX) :][:, :width]
        for r in range(rows)
        for c in range(cols)
    ]


def apart(a: np.ndarray, b: np.ndarray) -> float:
    return float(np.abs(a.astype(int) - b.astype(int)).mean())


def test_heads_grow_from_shot_size_to_shot_size():
    heights = [draw(place="park", size=size, figures=(who(),))[1][0].heads[0].height for size in SIZES]
    assert all(nearer > 1.15 * wider for wider, nearer in pairwise(heights[:-1]))
    assert heights[-1] >= 0.95


@pytest.mark.parametrize("size", SIZES[:-1])
@pytest.mark.parametrize("angle", ["eye", "low", "high"])
def test_a_head_is_never_cut_off_short_of_an_extreme_close_up(size, angle):
    head = draw(place="街头", size=size, angle=angle, figures=(who(),))[1][0].heads[0]
    assert head.y > 0
    assert head.x > 0
    assert head.x + head.width < 1
    assert head.y + head.height < 1


def test_day_is_brighter_than_dusk_and_dusk_than_night():
    means = [draw(place="village", time=time, size="WS")[0].mean() for time in ("day", "dusk", "night")]
    assert means[0] > means[1] + 15
    assert means[1] > means[2] + 15


@pytest.mark.parametrize("weather", ["cloudy", "rain", "storm", "snow", "fog"])
def test_weather_shows(weather):
    clear = draw(place="street", size="WS", figures=(who(),))[0]
    assert apart(draw(place="street", size="WS", weather=weather, figures=(who(),))[0], clear) > 8


def test_snow_lies_on_the_ground():
    ground = [draw(place="park", size="WS", weather=w)[0][150:170].mean() for w in ("clear", "snow")]
    assert ground[1] > ground[0] + 25


def test_the_sea_is_the_same_picture_in_chinese_and_english():
    zh = draw(place="海边", subject="一只狗", props=("雨伞",), size="WS")[0]
    en = draw(place="seaside", subject="a dog", props=("umbrella",), size="WS")[0]
    assert words.place_of("海边").name == words.place_of("seaside").name
    assert (zh == en).all()


def test_an_action_in_chinese_and_english_is_the_same_picture():
    zh = draw(place="park", size="FS", figures=(who(action="跑"),))[0]
    en = draw(place="park", size="FS", figures=(who(action="runs"),))[0]
    assert (zh == en).all()
    assert apart(draw(place="park", size="FS", figures=(who(action="sits"),))[0], zh) > 1


def test_cells_differ_but_share_place_and_palette():
    width, height = 240, 136
    sheet, facts, _ = draw(width, height, 2, 2, place="cafe", time="dusk", size="MS", figures=(who(),))
    drawn = cells(sheet, 2, 2, width, height)
    for i, a in enumerate(drawn):
        for b in drawn[i + 1 :]:
            assert apart(a, b) > 6
            assert np.abs(a.mean(axis=(0, 1)) - b.mean(axis=(0, 1))).max() < 22
    middles = [f.heads[0].x + f.heads[0].width / 2 for f in facts]
    assert max(middles) - min(middles) > 0.08


@pytest.mark.parametrize("place", sorted(PLACES))
def test_every_place_is_drawn_by_day_and_night(place):
    day = draw(192, 108, place=words.plain_name("PLACES", place) if place != "plain" else "", time="day", size="WS")[0]
    night = draw(192, 108, place=words.plain_name("PLACES", place) if place != "plain" else "", time="night", size="WS")[0]
    assert day.std() > 12
    if place != "space":
        assert day.mean() > night.mean() + 6


def test_places_look_different_from_each_other():
    small = {p: cv2.resize(draw(192, 108, place=words.plain_name("PLACES", p), size="WS")[0], (32, 18)) for p in ("street", "forest", "sea", "temple", "living", "hall", "market")}  # fmt: skip
    names = list(small)
    for i, a in enumerate(names):
        for b in names[i + 1 :]:
            assert apart(small[a], small[b]) > 12, (a, b)


def test_an_unknown_place_gets_the_nearest_fit_and_says_so():
    for place, word in (("qwerty", "qwerty"), ("四维超立方", "四维超立方")):
        _, facts, notes = draw(place=place, size="WS")
        assert any(word in note for note in notes)
        assert notes[0] in facts[0].notes
    assert draw(place="forest", size="WS")[2] == ()


def test_an_unknown_thing_is_left_out_and_said_and_a_near_one_is_named():
    assert any("xyzzy" in n for n in draw(place="park", props=("xyzzy",))[2])
    assert any("火锅" in n for n in draw(place="park", props=("火锅",))[2])
    assert draw(place="park", props=("red balloon",))[2] == ()


def test_a_subject_is_drawn_when_no_cast_is_asked_for():
    empty = draw(place="park", size="MS")
    assert empty[1][0].heads == ()
    for subject in ("一只猫", "a lighthouse", "a red car"):
        assert apart(draw(place="park", size="MS", subject=subject)[0], empty[0]) > 4
    old = draw(place="park", size="MS", subject="an old man")
    assert len(old[1][0].heads) == 1


def test_up_to_four_people_stand_and_the_fifth_is_named_in_a_note():
    cast = tuple(who(Look(seed=i), name=n) for i, n in enumerate("甲乙丙丁戊"))
    _, facts, notes = draw(place="park", size="WS", figures=cast)
    assert len(facts[0].heads) == 4
    assert any("戊" in n for n in notes)


def test_a_pair_looks_at_each_other_and_keeps_its_heads_apart():
    _, facts, _ = draw(place="park", size="MS", figures=(who(), who(CHEN, name="陈")))
    a, b = sorted(facts[0].heads, key=lambda h: h.x)
    assert a.x + a.width <= b.x + 0.01


def test_over_the_shoulder_shows_one_face_and_someone_in_the_way():
    frame = {"place": "office", "size": "MS", "figures": (who(), who(CHEN, name="陈"))}
    picture, facts, _ = draw(**frame, composition="over_shoulder")
    assert len(facts[0].heads) == 1
    assert apart(picture, draw(**frame)[0]) > 5


def alone(look: Look, **kw) -> np.ndarray:
    picture = np.zeros((300, 200, 4), np.uint8)
    light = light_of(FrameSpec(), indoor=False, neon=False)
    staged = Staged(
        person_of(look),
        kw.get("pose", "stand"),
        kw.get("emotion", "neutral"),
        kw.get("speaking", False),
        100,
        290,
        270,
        facing_right=True,
    )
    draw_figure(picture, staged, light, key_from_right=True)
    return picture


def test_the_same_look_is_the_same_person_in_every_shot():
    assert person_of(LIN) == person_of(LIN.model_copy())
    assert (alone(LIN) == alone(LIN)).all()
    colours = [
        cv2.resize(draw(640, 360, place=p, size=s, figures=(who(),))[0], (64, 36)) for p, s in (("park", "MS"), ("cafe", "MS"))
    ]
    for c in colours:
        red = (c[..., 0].astype(int) > c[..., 1].astype(int) + 60) & (c[..., 0] > 120)
        assert red.sum() > 20


@pytest.mark.parametrize(
    "change",
    [{"hair": "bald"}, {"hat": "毛线帽"}, {"glasses": True}, {"beard": True}, {"skin_colour": "#6f4630"}, {"top_colour": "#2040ff"}, {"bottom_colour": "#eeeeee"}, {"shoe_colour": "#ffffff"}, {"garment": "jacket"}, {"age": "elder"}, {"age": "child"}, {"hair_colour": "#ffcc33"}],
)  # fmt: skip
def test_each_part_of_a_look_shows(change):
    base = Look(
        seed=1,
        gender="man",
        age="adult",
        hair="long",
        glasses=False,
        beard=False,
        garment="sweater",
        top_colour="#884422",
        shoe_colour="#222222",
    )
    assert (alone(base) != alone(base.model_copy(update=change))).any(axis=2).sum() > 40


@pytest.mark.parametrize("emotion", ["happy", "sad", "angry", "afraid", "surprised", "tender", "tired"])
def test_each_emotion_has_its_own_face(emotion):
    assert (alone(LIN, emotion=emotion) != alone(LIN)).any(axis=2).sum() > 10


def test_a_speaking_mouth_is_open():
    assert (alone(LIN, speaking=True) != alone(LIN)).any(axis=2).sum() > 8


def test_mood_palette_angle_and_style_change_the_frame():
    base = {"place": "street", "size": "FS", "figures": (who(),)}
    plain = draw(**base)[0]
    for change in ({"mood": "horror"}, {"palette": ("#ff3300", "#220044")}, {"angle": "dutch"}, {"angle": "low"}, {"style": "neon"}, {"style": "pencil"}, {"style": "水墨"}, {"style": "watercolor"}):  # fmt: skip
        assert apart(draw(**base, **change)[0], plain) > 5, change
    grey = draw(**base, style="noir")[0].astype(int)
    assert np.abs(grey[..., 0] - grey[..., 2]).max() < 12


def test_neon_turns_a_day_street_into_a_magenta_and_blue_night():
    neon = draw(place="街头", style="赛博朋克", size="WS")[0].mean(axis=(0, 1))
    assert neon[2] > neon[1] * 1.3
    assert neon[0] > neon[1]


@pytest.mark.parametrize(("width", "height"), [(180, 320), (240, 240), (336, 144)])
def test_tall_square_and_wide_frames_hold_the_cast(width, height):
    for size in ("WS", "MS"):
        heads = draw(width, height, place="park", size=size, figures=(who(), who(CHEN, name="陈")))[1][0].heads
        assert len(heads) == 2
        assert all(h.x >= 0 and h.x + h.width <= 1 and h.y > 0 and h.y + h.height < 1 for h in heads)


def test_nothing_is_left_unsaid_about_who_is_not_shown():
    facts = draw(place="park", size="ECU", figures=(who(), who(CHEN, name="陈")))[1]
    assert any("陈" in n for n in facts[0].notes)


def test_a_stopped_painter_stops_between_cells():
    seen: list[float] = []
    request = ImageRequest(frame=FrameSpec(place="park"), width_px=96, height_px=54, rows=3, cols=3)
    with pytest.raises(Stopped):
        paint_request(request, stopped=lambda: len(seen) >= 3, tell=seen.append)
    assert len(seen) == 3


def test_the_plan_reads_a_held_thing_and_leaves_a_kite_in_the_sky():
    plan = plan_of(FrameSpec(place="park", figures=(who(action="抱着一只猫"), who(CHEN, action="放风筝"))))
    assert plan.roles[0].held == "cat"
    assert plan.things == ("kite",)


def test_what_the_painter_has_no_means_for_is_said():
    assert any("写实" in n for n in draw(place="park", style="写实电影")[2])
    assert draw(place="park", style="温暖绘本")[2] == ()
    assert any("shoulder" in n for n in draw(place="park", composition="over_shoulder", figures=(who(),))[2])
    five = draw(place="park", props=("cup", "dog", "cat", "car", "apple"))[2]
    assert any("apple" in n for n in five)


def test_light_and_wardrobe_are_drawn_as_their_words_say():
    frame = {"subject": "安娜站着", "place": "咖啡馆", "figures": (who(),)}
    plain, warm, cold = (draw(**frame, light=words)[0].mean(axis=(0, 1)) for words in ("", "warm light", "冷光"))
    assert warm[0] - warm[2] > plain[0] - plain[2] > cold[0] - cold[2]
    green = person_of(Look(seed=3, wardrobe="一件绿色雨衣"))
    assert (green.garment, green.top) == ("jacket", person_of(Look(seed=3, top_colour="#4c8a68")).top)
    assert person_of(Look(seed=3)) == person_of(Look(seed=3, wardrobe="something nobody can draw"))


def test_a_place_with_a_name_of_its_own_is_drawn_as_its_look_describes_it():
    named = FrameSpec(place="Ravenholm", details=("Ravenholm: a small kitchen",))
    assert plan_of(named).place == "kitchen"
    assert plan_of(FrameSpec(place="Ravenholm")).place != "kitchen"
