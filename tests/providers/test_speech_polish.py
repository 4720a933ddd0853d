"""A finished voice is even in loudness, never clips, and sounds like the place it is spoken in."""

from __future__ import annotations

import io
import wave

import numpy as np
import pytest

from storyreel.providers.builtin.speech.polish import (
    DRY,
    OUT_HZ,
    TARGET_LUFS,
    Wave,
    loudness_lufs,
    polish,
    room_of,
    unwav,
    wav,
)

RATE_HZ = 24_000


def voice(length_s: float, level: float = 0.1) -> Wave:
    """Something like speech: a buzz in syllables, with a rumble that no voice has."""
    time_s = np.arange(round(length_s * RATE_HZ)) / RATE_HZ
    buzz = np.sign(np.sin(2 * np.pi * 140 * time_s)) * (0.6 + 0.4 * np.sin(2 * np.pi * 4 * time_s)) ** 2
    return (level * (buzz + np.sin(2 * np.pi * 20 * time_s))).astype(np.float32)


@pytest.mark.parametrize("level", [0.003, 0.1, 0.9])
def test_the_loudness_does_not_depend_on_the_level_before(level: float) -> None:
    sound = polish(voice(2, level), RATE_HZ)
    assert loudness_lufs(sound) == pytest.approx(TARGET_LUFS, abs=0.7)
    assert np.abs(sound).max() < 0.9


def test_a_word_that_is_too_short_to_be_measured_is_as_loud() -> None:
    short, long = polish(voice(0.2), RATE_HZ), polish(voice(2), RATE_HZ)
    power = [float(np.sqrt(np.mean(sound[np.abs(sound) > 0.02] ** 2))) for sound in (short, long)]
    assert power[0] == pytest.approx(power[1], rel=0.5)


def test_rumble_is_taken_out() -> None:
    sound = polish(voice(2), RATE_HZ)
    spectrum = np.abs(np.fft.rfft(sound))
    hz = np.fft.rfftfreq(len(sound), 1 / OUT_HZ)
    assert spectrum[hz < 40].max() < 0.2 * spectrum[(hz > 120) & (hz < 160)].max()


def test_pitch_makes_the_sound_shorter_and_higher() -> None:
    low, high = polish(voice(2), RATE_HZ), polish(voice(2), RATE_HZ, pitch=1.25)
    assert len(low) / OUT_HZ - len(high) / OUT_HZ == pytest.approx(2 - 2 / 1.25, abs=0.001)


@pytest.mark.parametrize(
    ("place", "name"),
    [
        ("", "open"),
        ("雨后的街道", "open"),
        ("室外", "open"),
        ("a mountain path in the forest", "open"),
        ("山洞深处", "cave"),
        ("an old church", "hall"),
        ("寺庙大殿", "hall"),
        ("地下车库", "tiled"),
        ("上海的办公室", "room"),
        ("林家客厅", "room"),
        ("a spaceship", "room"),
    ],
)
def test_a_place_has_its_sound(place: str, name: str) -> None:
    assert room_of(place).name == name


def test_a_cave_rings_and_the_open_air_does_not() -> None:
    def after(place: str) -> float:
        sound = polish(voice(1), RATE_HZ, room=room_of(place))
        end = round((1 + 0.05 + 0.06) * OUT_HZ)
        return float(np.sqrt(np.mean(sound[end : end + 2000] ** 2)))

    assert after("cave") > 10 * after("street")
    assert after("cave") > after("hall") > after("office")


def test_a_tail_can_be_kept_short_without_cutting_the_voice() -> None:
    sound = polish(voice(1), RATE_HZ, room=room_of("cave"), tail_s=0.1)
    assert len(sound) / OUT_HZ == pytest.approx(1 + 0.05 + 0.1, abs=0.001)
    assert abs(sound[-1]) < 1e-3


def test_a_wav_file_gives_its_sound_back() -> None:
    sound = polish(voice(0.5), RATE_HZ, room=DRY)
    with wave.open(io.BytesIO(wav(sound))) as file:
        assert (file.getnchannels(), file.getsampwidth(), file.getframerate()) == (1, 2, 48_000)
    again, rate_hz = unwav(wav(sound))
    assert rate_hz == OUT_HZ
    assert np.allclose(again, sound, atol=1e-4)
