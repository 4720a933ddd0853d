"""The sound of a place: which one words choose, and that it is what it says."""

from __future__ import annotations

import numpy as np
import pyloudnorm
import pytest
from scipy import signal

from storyreel.providers.builtin.score.ambience import AMBIENCES, RATE, ambience, heard

PAIRS = [
    ("rain", "下雨了"),
    ("thunderstorm", "暴风雨"),
    ("wind", "风声"),
    ("snow", "雪"),
    ("waves", "海浪"),
    ("stream", "小溪"),
    ("city streets", "城市街道"),
    ("a crowded cafe, people", "咖啡馆人群"),
    ("crickets", "虫鸣"),
    ("birds", "鸟鸣"),
    ("a train", "火车上"),
    ("campfire", "篝火"),
    ("office", "办公室"),
    ("footsteps", "脚步声"),
    ("heartbeat", "心跳"),
    ("a ticking clock", "时钟滴答"),
    ("temple bell", "寺庙钟声"),
    ("knocking", "敲门声"),
    ("telephone", "电话响"),
]


def share(sound: np.ndarray, low_hz: float, high_hz: float) -> float:
    at, power = signal.welch(sound.mean(axis=1), RATE, nperseg=4096)
    return float(power[(at >= low_hz) & (at < high_hz)].sum() / power.sum())


@pytest.mark.parametrize(("english", "chinese"), PAIRS)
def test_both_languages_choose_the_same(english, chinese):
    assert heard(english) == heard(chinese)
    assert heard(english) != ("room",) or english == "office"


def test_both_languages_sound_the_same():
    assert np.array_equal(ambience("rain", duration_s=2, seed=4), ambience("下雨", duration_s=2, seed=4))


def test_every_name_can_be_asked_for_by_each_of_its_words():
    for name, entry in AMBIENCES.items():
        for word in entry.words:
            assert name in heard(word), word


@pytest.mark.parametrize("name", AMBIENCES)
def test_each_is_exactly_as_long_as_asked_level_and_never_clips(name):
    sound = ambience(AMBIENCES[name].words[0], duration_s=3.007, seed=2)
    assert sound.shape == (round(3.007 * RATE), 2)
    assert sound.dtype == np.float32
    assert np.all(np.isfinite(sound))
    assert np.abs(sound).max() < 10 ** (-6 / 20)
    loudness = pyloudnorm.Meter(RATE).integrated_loudness(sound.astype(float))
    assert loudness == pytest.approx(-30 + AMBIENCES[name].level_db, abs=1.5)
    assert abs(float(sound[0].max())) < 0.001


def test_they_sound_like_what_they_are():
    def made(words: str) -> np.ndarray:
        return ambience(words, duration_s=8, seed=1)

    assert share(made("rain"), 1000, 20000) > 0.6
    assert share(made("thunder"), 20, 300) > 0.8
    assert share(made("heartbeat"), 20, 200) > 0.9
    assert share(made("crickets"), 3500, 6000) > 0.5
    assert share(made("birds"), 1500, 6000) > 0.4
    assert share(made("traffic"), 20, 500) > 0.6
    assert share(made("crowd"), 200, 2500) > 0.7


def test_steps_and_hearts_keep_a_human_pace():
    for words, low, high in (("footsteps", 1.5, 2.2), ("heartbeat", 1.8, 2.7)):
        sound = np.abs(ambience(words, duration_s=10, seed=3)).max(axis=1)
        loud = signal.find_peaks(
            np.convolve(sound, np.ones(960) / 960, "same"), height=0.2 * sound.max() / 4, distance=RATE // 5
        )[0]
        assert low <= len(loud) / 10 <= high, (words, len(loud))


def test_weather_and_place_join_in():
    assert heard("", "rain", "森林") == ("morning", "rain")
    assert heard("", "storm", "") == ("storm",)
    assert heard("", "fog", "海边") == ("sea",)
    assert heard("birds", "clear", "a street") == ("morning",), "words go before the place"
    assert heard("", "clear", "") == ("room",)


def test_rain_is_muffled_indoors():
    outside, inside = ambience("", "rain", "nowhere", 4, 1), ambience("", "rain", "办公室", 4, 1)
    assert share(inside, 3000, 20000) < 0.3 * share(outside, 3000, 20000)


def test_the_longest_word_counts():
    assert heard("火车") == ("train",)
    assert heard("training camp") == ("room",)
    assert heard("中国风格的风景") == ("room",)
    assert heard("夜晚的城市街道") == ("night", "traffic")


@pytest.mark.parametrize("words", ["silence", "静音"])
def test_silence_is_silent(words):
    assert heard(words, "storm", "street") == ()
    assert not ambience(words, "storm", "street", 1.0).any()


def test_a_seed_is_a_recording():
    assert np.array_equal(ambience("wind", duration_s=1, seed=1), ambience("wind", duration_s=1, seed=1))
    assert not np.array_equal(ambience("wind", duration_s=1, seed=1), ambience("wind", duration_s=1, seed=2))


def test_a_long_bed_has_no_seam():
    sound = ambience("river", duration_s=70, seed=1)
    assert len(sound) == 70 * RATE
    level = np.sqrt((sound[RATE:-RATE].reshape(-1, RATE // 2, 2) ** 2).mean(axis=(1, 2)))
    assert level.max() / level.min() < 1.6
