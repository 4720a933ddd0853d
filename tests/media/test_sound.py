from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from storyreel.media import sound
from storyreel.media.sound import RATE_HZ, Levels, Placed


def tone(seconds: float, hz: float = 440, level: float = 0.3, channels: int = 1) -> np.ndarray:
    wave = level * np.sin(2 * np.pi * hz * np.arange(round(seconds * RATE_HZ)) / RATE_HZ)
    return np.repeat(wave[:, None], channels, axis=1).astype(np.float32)


def voice(seconds: float, seed: int = 0) -> np.ndarray:
    """Syllables of coloured noise with gaps between, as loud and as uneven as speech."""
    rng = np.random.default_rng(seed)
    count = round(seconds * RATE_HZ)
    noise = np.convolve(rng.standard_normal(count), np.ones(24) / 24, "same")
    beat = np.clip(np.sin(2 * np.pi * 3.1 * np.arange(count) / RATE_HZ) + 0.2, 0, 1)
    return (0.5 * noise * beat)[:, None].astype(np.float32)


def rms_db(samples: np.ndarray) -> float:
    return 20 * math.log10(float(np.sqrt((samples.astype(np.float64) ** 2).mean())) + 1e-12)


@pytest.mark.parametrize(("bits", "off"), [(16, 4e-5), (24, 2e-7)])
def test_wav_is_read_back_as_written(bits, off):
    made = tone(0.2, channels=2)
    read = sound.read_wav(sound.write_wav(made, bits=bits))
    assert read.shape == made.shape
    assert np.abs(read - made).max() < off


def test_other_rates_come_in_at_48_khz():
    made = tone(1.0)[::2]
    read = sound.read_wav(sound.write_wav(made, 24_000))
    assert read.shape == (48_000, 1)
    assert np.abs(read - tone(1.0))[200:-200].max() < 0.01


def test_bytes_that_are_no_sound_are_refused():
    with pytest.raises(sound.UnreadableSound):
        sound.read_wav(b"RIFFxxxx")


@given(st.lists(st.tuples(st.floats(-2, 5), st.floats(0.01, 2)), max_size=5), st.floats(0.5, 4))
@settings(max_examples=40, deadline=None)
def test_clips_lie_at_their_samples_and_the_bus_keeps_its_length(places, duration_s):
    count = round(duration_s * RATE_HZ)
    clips = [Placed(np.ones((round(length * RATE_HZ), 1), np.float32), at_s) for at_s, length in places]
    bus = sound.placed(clips, count)
    expected = np.zeros(count)
    for clip in clips:
        start = round(clip.at_s * RATE_HZ)
        expected[max(0, start) : max(0, start + len(clip.samples))] += 1
    assert bus.shape == (count, 2)
    assert np.allclose(bus, expected[:, None], atol=1e-5)


@pytest.mark.parametrize("target", [-16.0, -14.0, -23.0])
def test_a_mix_has_its_loudness_its_length_and_room_above_its_peaks(target):
    music = tone(6, 220, 0.1, 2) + tone(6, 331, 0.07, 2)
    made = sound.mix(6.0, [Placed(voice(2), 1.5)], [Placed(music)], levels=Levels(target_lufs=target))
    assert made.shape == (6 * RATE_HZ, 2)
    assert made.dtype == np.float32
    assert abs(sound.loudness_lufs(made) - target) < 0.5
    assert sound.true_peak_dbtp(made) <= -0.95


def test_peaks_are_held_down_and_the_loudness_still_met():
    peaky = tone(4, 200, 0.05, 2)
    peaky[:: RATE_HZ // 8] = 0.99
    made = sound.normalised(peaky, -16.0, -1.0)
    assert sound.true_peak_dbtp(peaky * 10 ** ((-16 - sound.loudness_lufs(peaky)) / 20)) > 0
    assert sound.true_peak_dbtp(made) <= -0.95
    assert abs(sound.loudness_lufs(made) + 16) < 0.5


def test_peaks_between_the_samples_count():
    between = np.repeat((np.sin(np.pi / 2 * np.arange(9600) + np.pi / 4))[:, None], 2, axis=1).astype(np.float32)
    assert np.abs(between).max() < 0.71
    assert -0.3 < sound.true_peak_dbtp(between) < 0.3


def test_music_is_eight_to_ten_decibels_lower_under_speech_and_does_not_pump():
    speech = sound.placed([Placed(voice(3), 3.0)], 9 * RATE_HZ)
    curve_db = 20 * np.log10(sound.ducking(speech, 9.0))
    at = lambda second: float(curve_db[round(second * RATE_HZ)])  # noqa: E731
    assert at(1.0) == at(8.5) == 0
    assert -10 <= at(4.5) <= -8
    assert at(3.0) < -8  # already down at the first word
    assert np.ptp(curve_db[round(3.2 * RATE_HZ) : round(5.7 * RATE_HZ)]) < 0.1
    assert np.abs(np.diff(curve_db)).max() < 0.002  # no step that could be heard as a click


def test_ducking_is_heard_in_the_mix():
    levels = Levels(speech_lufs=None, music_lufs=None)
    music, quiet_voice = tone(8, 440, 0.2, 2), voice(2) * 0.05
    made = sound.mix(8.0, [Placed(quiet_voice, 3.0)], [Placed(music)], levels=levels)
    gap = rms_db(made[: 2 * RATE_HZ]) - rms_db(made[round(3.5 * RATE_HZ) : round(4.5 * RATE_HZ)])
    assert 7.5 < gap < 10


def test_silence_stays_silent_and_short_sounds_are_measured():
    assert not sound.mix(1.0).any()
    assert sound.loudness_lufs(np.zeros((48_000, 2), np.float32)) == -math.inf
    assert sound.true_peak_dbtp(np.zeros((480, 2), np.float32)) == -math.inf
    assert math.isfinite(sound.loudness_lufs(tone(0.1)))


def test_mono_stands_in_the_middle_at_its_level_and_pans_by_equal_power():
    made = tone(0.1)
    assert np.allclose(sound.stereo(made), np.repeat(made, 2, axis=1), atol=1e-6)
    left = sound.stereo(made, -1.0)
    assert np.abs(left[:, 1]).max() < 1e-6
    assert abs(rms_db(left[:, 0]) - rms_db(made) - 3.01) < 0.05


def test_fades_start_and_end_in_silence():
    made = sound.faded(np.ones((RATE_HZ, 1), np.float32), 0.1, 0.2)
    assert made[0, 0] < 1e-4
    assert made[-1, 0] < 1e-4
    assert made[RATE_HZ // 2, 0] == 1
    assert abs(made[round(0.05 * RATE_HZ), 0] - 0.5) < 0.01


def test_the_same_parts_give_the_same_mix():
    parts = [Placed(voice(1), 0.2)], [Placed(tone(2, channels=2))]
    assert (sound.mix(2.0, *parts) == sound.mix(2.0, *parts)).all()
