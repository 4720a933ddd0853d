from __future__ import annotations

import asyncio
import json
import shutil

import av
import numpy as np
import pytest

from storyreel.media import film, move, probe, sound, subtitles
from storyreel.media.captions import Caption
from storyreel.media.format import Format, WrongFormat
from storyreel.media.move import Camera
from storyreel.media.sound import RATE_HZ

LENGTHS = (13, 50, 31, 7)
FRAMES = sum(LENGTHS)


@pytest.fixture(scope="module")
def segments(tmp_path_factory, fmt, draw):
    folder = tmp_path_factory.mktemp("shot's")
    for index, frames in enumerate(LENGTHS):
        move.render(draw(352, 198, index), Camera(format=fmt, frames=frames, move="pan_left"), folder / f"{index}.mp4")
    return [folder / f"{index}.mp4" for index in range(len(LENGTHS))]


@pytest.fixture(scope="module")
def wav(tmp_path_factory):
    """A film's length of sound with one click, 10 frames before the end."""
    samples = np.zeros((FRAMES * RATE_HZ // 25, 2), np.float32)
    click = (FRAMES - 10) * RATE_HZ // 25
    samples[click : click + 240] = 0.8 * np.sin(2 * np.pi * 2000 * np.arange(240) / RATE_HZ)[:, None]
    path = tmp_path_factory.mktemp("sound") / "mix.wav"
    path.write_bytes(sound.write_wav(samples))
    return path


def pictures(path) -> list[bytes]:
    with av.open(str(path)) as container:
        return [frame.to_ndarray().tobytes() for frame in container.decode(video=0)]


async def test_a_film_has_every_frame_of_its_segments_and_sound_to_the_frame(segments, wav, fmt, tmp_path):
    made = await film.join(segments, tmp_path / "film.mp4", fmt, sound=wav)
    found = probe.probe(made.path)
    assert made.frames == found.frames == FRAMES
    assert found.steady
    assert pictures(made.path) == [picture for path in segments for picture in pictures(path)]
    assert abs(found.audio_duration_s - FRAMES / 25) < 1024 / RATE_HZ
    assert (found.audio_codec, found.audio_rate_hz, found.audio_channels) == ("aac", RATE_HZ, 2)
    heard = probe.sound_of(made.path)[:, 0]
    assert abs(int(np.argmax(np.abs(heard) > 0.3)) - (FRAMES - 10) * RATE_HZ // 25) < 24
    data = made.path.read_bytes()
    assert data.index(b"moov") < data.index(b"mdat")


async def test_an_encoded_sound_is_copied_into_the_next_cut(segments, wav, fmt, tmp_path):
    await film.encode_sound(wav, tmp_path / "mix.m4a", FRAMES / 25)
    fresh = await film.join(segments, tmp_path / "a.mp4", fmt, sound=wav)
    copied = await film.join(segments, tmp_path / "b.mp4", fmt, sound=tmp_path / "mix.m4a")
    assert (probe.sound_of(fresh.path) == probe.sound_of(copied.path)).all()
    with pytest.raises(WrongFormat, match=r"mix\.m4a lasts"):
        await film.join(segments[:2], tmp_path / "c.mp4", fmt, sound=tmp_path / "mix.m4a")


@pytest.mark.parametrize("seconds", [0.5, 9.0])
async def test_sound_of_another_length_is_filled_or_cut_to_the_film(seconds, segments, fmt, tmp_path):
    (tmp_path / "m.wav").write_bytes(sound.write_wav(np.full((round(seconds * RATE_HZ), 1), 0.1, np.float32)))
    made = await film.join(segments, tmp_path / "f.mp4", fmt, sound=tmp_path / "m.wav")
    assert abs(probe.probe(made.path).audio_duration_s - FRAMES / 25) < 1024 / RATE_HZ


async def test_the_film_says_what_it_is(segments, fmt, tmp_path):
    aigc = {"Label": "1", "ContentProducer": "测试", "ProduceID": "x=1;y"}
    srt = tmp_path / "f.srt"
    srt.write_text(subtitles.srt([Caption(text="你好", start_s=0.2, end_s=1.2)]), encoding="utf-8")
    made = await film.join(
        segments, tmp_path / "f.mp4", fmt, aigc=aigc, tags={"title": "雨夜"}, subtitles=srt, subtitle_language="chi"
    )
    found = probe.probe(made.path)
    assert json.loads(dict(found.tags)["AIGC"]) == aigc
    assert dict(found.tags)["title"] == "雨夜"
    assert found.subtitles == 1
    assert not made.has_sound


async def test_the_same_parts_give_the_same_bytes(segments, wav, fmt, tmp_path):
    one = await film.join(segments, tmp_path / "1.mp4", fmt, sound=wav)
    two = await film.join(segments, tmp_path / "2.mp4", fmt, sound=wav)
    assert one.path.read_bytes() == two.path.read_bytes()


async def test_a_segment_of_another_kind_is_refused_by_name(segments, still, fmt, tmp_path):
    other = tmp_path / "other.mp4"
    for size, why in (((160, 90, 25), "160 x 90"), ((320, 180, 30), "30 frames a second")):
        width, height, fps = size
        move.render(still, Camera(format=Format(width_px=width, height_px=height, fps=fps), frames=5), other)
        with pytest.raises(WrongFormat, match=rf"other\.mp4.*{why}"):
            await film.join([*segments, other], tmp_path / "f.mp4", fmt)


async def test_a_segment_with_another_encoder_set_up_is_refused(segments, fmt, tmp_path, monkeypatch):
    from storyreel.media import encode

    options = encode.x264_options(fmt)
    monkeypatch.setattr(encode, "x264_options", lambda _: {**options, "profile": "main"})
    move.render(np.zeros((198, 352, 3), np.uint8), Camera(format=fmt, frames=5), tmp_path / "main.mp4")
    with pytest.raises(WrongFormat, match=r"main\.mp4.*set up otherwise"):
        await film.join([*segments, tmp_path / "main.mp4"], tmp_path / "f.mp4", fmt)


async def test_no_segments_are_no_film_and_nothing_is_left_behind(fmt, tmp_path, segments):
    with pytest.raises(film.NoSegments):
        await film.join([], tmp_path / "f.mp4", fmt)
    await film.join(segments, tmp_path / "f.mp4", fmt)
    assert [path.name for path in tmp_path.iterdir()] == ["f.mp4"]


async def test_a_segment_that_breaks_off_is_found(segments, fmt, tmp_path):
    whole = segments[1].read_bytes()
    broken = tmp_path / "broken.mp4"
    broken.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(probe.UnreadableMedia):
        await film.join([segments[0], broken], tmp_path / "f.mp4", fmt)
    shutil.copyfile(segments[0], broken)
    assert (await film.join([segments[0], broken], tmp_path / "f.mp4", fmt)).frames == 2 * LENGTHS[0]


async def test_a_join_that_is_stopped_leaves_the_old_film_in_place(segments, wav, fmt, tmp_path, monkeypatch):
    out = tmp_path / "f.mp4"
    await film.join(segments, out, fmt, sound=wav)
    before = out.read_bytes()

    async def stopped(*args, **kwargs):
        args[0][-1].write_bytes(b"half a film")
        raise asyncio.CancelledError

    monkeypatch.setattr(film.ffmpeg, "run", stopped)
    with pytest.raises(asyncio.CancelledError):
        await film.join(segments[:2], out, fmt, sound=wav)
    assert out.read_bytes() == before
    assert [path.name for path in tmp_path.iterdir()] == ["f.mp4"]


def test_clips_in_memory_are_probed_as_well(segments):
    assert probe.probe(segments[0].read_bytes()).frames == LENGTHS[0]
