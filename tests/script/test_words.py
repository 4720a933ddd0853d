"""What a person's words mean: light, weather, camera, feelings, lengths, counts and places."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storyreel.model import spec
from storyreel.script import numbers, words


@pytest.mark.parametrize(
    ("text", "time", "weather"),
    [
        ("不要下雨", None, None),
        ("no rain please", None, None),
        ("without any rain, at dusk", "dusk", None),
        ("it is raining", None, "rain"),
        ("雨停了", None, "clear"),
        ("不停地下雨", None, "rain"),
        ("不能没有雨", None, "rain"),
        ("not only rain", None, "rain"),
        ("雪白的墙", None, None),
        ("云南的夜晚", "night", None),
        ("把白天改成夜晚", "night", None),
        ("change the day scene to night", "night", None),
        ("night instead of day", "night", None),
        ("not at night", None, None),
        ("brainstorming in the training room", None, None),
        ("a knight at breakfast", None, None),
        ("第8~12镜头改夜景霓虹赛博风，节奏更快", "night", None),
        ("暴风雨的清晨", "dawn", "storm"),
        ("a foggy morning", "dawn", "fog"),
    ],
)
def test_light_and_weather(text: str, time: str | None, weather: str | None) -> None:
    assert (words.find_time(text), words.find_weather(text)) == (time, weather)


def test_what_is_refused_is_known() -> None:
    assert words.WEATHERS.refused("不要下雨") == "rain"
    assert words.SIZES.refused("don't use a close-up, use a wide shot") == "CU"
    assert words.find_size("don't use a close-up, use a wide shot") == "WS"
    assert words.find_size("不要特写，要中景") == "MS"


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("大特写", "ECU"),
        ("特写", "CU"),
        ("中近景", "MCU"),
        ("近景", "MCU"),
        ("extreme close-up", "ECU"),
        ("a medium close-up of her", "MCU"),
        ("大远景", "EWS"),
        ("her eyes wide open", None),
    ],
)
def test_the_longest_word_wins(text: str, size: str | None) -> None:
    assert words.find_size(text) == size


@pytest.mark.parametrize(
    ("text", "emotion"),
    [
        ("怒道", "angry"),
        ("she whispered", "tender"),
        ("她不高兴", None),
        ("Mad Hatter", None),
        ("laughing", "happy"),
        ("有气无力地", "tired"),
        ("着了慌", "afraid"),
    ],
)
def test_feelings(text: str, emotion: str | None) -> None:
    assert words.find_emotion(text) == emotion


KINDS = [
    (spec.TimeOfDay, words.find_time), (spec.Weather, words.find_weather), (spec.Mood, words.find_mood), (spec.ShotSize, words.find_size),
    (spec.Angle, words.find_angle), (spec.Move, words.find_move), (spec.Pace, words.find_pace), (spec.Emotion, words.find_emotion),
]  # fmt: skip


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_value_has_a_name_that_is_found_again(language: spec.Language) -> None:
    for kind, find in KINDS:
        for value in kind.__args__:
            assert find(words.name_of(value, language)) == value


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("30秒", 30), ("三十秒", 30), ("1分半", 90), ("一分半钟", 90), ("1分30秒", 90), ("2分10", 130), ("两分钟", 120), ("半分钟", 30), ("９０秒", 90), ("90s", 90),
        ("1.5 min", 90), ("two and a half minutes", 150), ("a minute and a half", 90), ("half a minute", 30), ("forty-five seconds", 45), ("one hundred and twenty seconds", 120),
        ("2 minutes and 10 seconds", 130), ("1:30", 90), ("a thirty-second film", 30), ("一百二十秒", 120), ("16:9", None), ("第30秒", None), ("at 30 seconds", None),
        ("每个镜头5秒", None), ("8 shots", None), ("a story", None),
    ],
)  # fmt: skip
def test_lengths(text: str, seconds: float | None) -> None:
    assert numbers.find_duration_s(text) == seconds


def test_length_of_each_shot() -> None:
    assert numbers.find_each_s("12个镜头，每个3秒") == 3
    assert numbers.find_each_s("6 shots, 3 seconds each") == 3


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("8个镜头", 8),
        ("30镜头", 30),
        ("分成十二个分镜", 12),
        ("in twelve shots", 12),
        ("a film of 12 watercolor shots", 12),
        ("第8个镜头", None),
        ("one wide shot", None),
        ("shots 3 and 5", None),
    ],
)
def test_counts(text: str, count: int | None) -> None:
    assert numbers.find_count(text) == count


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("第二个", (2,)), ("shots 3 and 5", (3, 5)), ("第8~12镜头", (8, 9, 10, 11, 12)), ("第8到10个镜头", (8, 9, 10)), ("最后一个镜头", (-1,)), ("last two shots", (-2, -1)),
        ("前三个镜头", (1, 2, 3)), ("倒数第二个", (-2,)), ("the 3rd shot", (3,)), ("the second shot", (2,)), ("镜头3改成5秒", (3,)), ("shots 2-4", (2, 3, 4)), ("八个镜头", ()),
    ],
)  # fmt: skip
def test_places(text: str, places: tuple[int, ...]) -> None:
    assert numbers.find_ordinals(text) == places


@given(st.integers(1, 600))
def test_any_number_of_seconds_is_read_back(seconds: int) -> None:
    assert numbers.find_duration_s(f"做一个{seconds}秒的短片") == seconds
    assert numbers.find_duration_s(f"a {seconds} second film") == seconds


@given(st.text(max_size=60))
def test_no_words_break_the_tables(text: str) -> None:
    for _, find in KINDS:
        find(text)
    numbers.find_ordinals(text)
    numbers.find_duration_s(text)
    numbers.find_count(text)
    assert words.find_style("watercolor") == "watercolor"
