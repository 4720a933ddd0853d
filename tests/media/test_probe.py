from __future__ import annotations

import math
from io import BytesIO

import numpy as np
import pytest

from storyreel.media import film, picture, probe, sound
from storyreel.media.encode import Encoder
from storyreel.media.probe import Finding
from storyreel.model.errors import OutOfRange


def clip(fmt, levels) -> bytes:
    """One frame of flat light a level."""
    out = BytesIO()
    with Encoder(out, fmt, len(levels)) as encoder:
        for level in levels:
            frame = np.full((fmt.height_px * 3 // 2, fmt.width_px), 128, np.uint8)
            frame[: fmt.height_px] = level
            encoder.write(frame)
    return out.getvalue()


def test_black_and_frozen_stretches_are_found_where_they_are(fmt):
    moving = [60 + 3 * (n % 40) for n in range(25)]
    data = clip(fmt, [*moving, *[16] * 20, *moving, *[180] * 60])
    assert probe.black_or_frozen(data) == [Finding("black", 1.0, 1.8), Finding("frozen", 2.8, 5.2)]
    assert probe.black_or_frozen(clip(fmt, moving)) == []


def test_the_frame_on_screen_at_a_moment_is_given(fmt):
    data = clip(fmt, [40, 80, 120, 160, 200] * 30)
    for index in (0, 1, 7, 74, 149):
        shown = picture.read(probe.frame_at(data, (index + 0.5) / 25))
        expected = ((40, 80, 120, 160, 200)[index % 5] - 16) * 255 / 219
        assert abs(float(shown.mean()) - expected) < 4
    with pytest.raises(OutOfRange):
        probe.frame_at(data, 6.5)


async def test_loudness_and_silence_are_measured_in_a_file(tmp_path):
    tone = 0.2 * np.sin(2 * np.pi * 500 * np.arange(3 * sound.RATE_HZ) / sound.RATE_HZ)[:, None].astype(np.float32)
    loud = sound.normalised(np.repeat(tone, 2, axis=1), -16.0, -1.0)
    wav, track = tmp_path / "t.wav", tmp_path / "t.m4a"
    wav.write_bytes(sound.write_wav(np.concatenate([loud, np.zeros_like(loud[: 2 * sound.RATE_HZ]), loud])))
    await film.encode_sound(wav, track, 8.0)
    for path in (wav, track):
        found = probe.silence(path)
        assert len(found) == 1
        assert abs(found[0].start_s - 3.0) < 0.15
        assert abs(found[0].end_s - 5.0) < 0.15
        assert abs(probe.loudness(path).integrated_lufs + 16) < 0.5
    wav.write_bytes(sound.write_wav(np.zeros((sound.RATE_HZ, 1), np.float32)))
    assert probe.loudness(wav).integrated_lufs == -math.inf


@pytest.mark.parametrize("data", [b"", b"no film", b"\x00\x00\x00\x18ftypmp42" + bytes(50)])
def test_what_cannot_be_read_is_refused_in_words(data):
    with pytest.raises(probe.UnreadableMedia):
        probe.probe(data)


def test_a_clip_without_sound_says_so(fmt):
    with pytest.raises(probe.UnreadableMedia, match="no sound"):
        probe.sound_of(clip(fmt, [50, 60]))
