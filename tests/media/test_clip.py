"""Clips and sounds from outside: opened as what they are, measured, and shown small."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from storyreel.media import clip
from storyreel.media.clean import TooManyPixels
from storyreel.media.look import distance, look_of
from storyreel.media.probe import UnreadableMedia
from tests.assets import samples


@pytest.fixture
def film(tmp_path: Path) -> Path:
    file = tmp_path / "film"
    file.write_bytes(samples.clip())
    return file


@pytest.fixture
def tone(tmp_path: Path) -> Path:
    file = tmp_path / "tone"
    file.write_bytes(samples.tone())
    return file


def test_length_and_size_are_read_from_the_file(film: Path, tone: Path) -> None:
    assert clip.clip_facts(film, "video/mp4") == clip.ClipFacts(1.0, 160, 90)
    assert clip.clip_facts(tone, "audio/x-wav") == clip.ClipFacts(1.5)


def test_a_frame_that_is_too_large_is_refused_before_it_is_decoded(film: Path) -> None:
    for look in (clip.clip_facts, clip.poster):
        with pytest.raises(TooManyPixels):
            look(film, "video/mp4", most_px=160 * 89)


@pytest.mark.parametrize("media_type", ["video/mp4", "video/webm", "audio/mpeg", "application/x-mpegurl"])
def test_a_playlist_that_says_it_is_a_clip_reads_no_other_file(film: Path, tmp_path: Path, media_type: str) -> None:
    dressed = tmp_path / "dressed.mp4"
    dressed.write_bytes(samples.PLAYLIST.replace(b"/etc/hostname", str(film).encode()))
    with pytest.raises(UnreadableMedia):
        clip.clip_facts(dressed, media_type)


def test_a_poster_is_a_frame_of_the_clip_and_looks_like_it(film: Path) -> None:
    shown = clip.poster(film, "video/mp4")
    assert shown.shape == (90, 160, 3)
    # A third of a second in, the scene has moved by eight columns.
    then = np.roll(samples.scene(160, 90), 8, axis=1)[:, :, ::-1]
    assert np.abs(shown.astype(int) - then).mean() < 8
    assert distance(look_of(shown), clip.look_at(film, "video/mp4") or ()) < 0.01
    assert clip.look_at(b"no film", "video/mp4") is None and clip.look_at(b"words", "text/plain") is None


def test_the_outline_of_a_sound_rises_and_falls_with_it(tone: Path) -> None:
    levels = clip.loudest(tone, "audio/x-wav", 64)
    assert levels.shape == (64,) and 0.95 < levels.max() <= 1.02
    assert 28 <= int(levels.argmax()) <= 36 and levels[0] < 0.1 > levels[-1]
    assert levels[16] == pytest.approx(0.72, abs=0.06)
    assert clip.waveform(levels).shape == (24, 64, 3)


def test_pictures_are_made_smaller_and_never_larger() -> None:
    image = samples.scene(400, 200)
    assert clip.thumbnail(image, 100).shape == (50, 100, 3)
    assert clip.thumbnail(image, 800) is image
