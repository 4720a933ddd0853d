"""Steps of an edit do to the pixels what they say, keep the film's format, and are the same every time."""

from __future__ import annotations

import av
import numpy as np
import pytest

from storyreel.media import edits, film, segment, subtitles
from storyreel.media.captions import Caption
from storyreel.media.encode import Encoder
from storyreel.model.edits import (
    BarsEdit,
    BlurEdit,
    CaptionStyle,
    CropEdit,
    FadeEdit,
    GradeEdit,
    HoldEdit,
    MirrorEdit,
    ReverseEdit,
    SharpenEdit,
    SpeedEdit,
    TrimEdit,
    VignetteEdit,
)

FRAMES = 20


@pytest.fixture(scope="module")
def clip(tmp_path_factory, fmt):
    """Each frame brighter than the last; the left half darker than the right."""
    path = tmp_path_factory.mktemp("edits") / "clip.mp4"
    rng = np.random.default_rng(3)
    grain = rng.integers(-20, 20, (fmt.height_px, fmt.width_px))
    with Encoder(path, fmt, FRAMES) as encoder:
        for number in range(FRAMES):
            light = np.full((fmt.height_px, fmt.width_px), 60 + 5 * number) + grain
            light[:, fmt.width_px // 2 :] += 40
            colour = np.full((fmt.height_px // 2, fmt.width_px), 110)
            colour[:, fmt.width_px // 2 :] = 150
            encoder.write(np.concatenate([light, colour]).clip(16, 235).astype(np.uint8))
    return path


async def done(clip, tmp_path, fmt, *steps, frames=FRAMES):
    made = await edits.edit(clip, tmp_path / "out.mp4", fmt, frames, steps)
    assert (made.frames, made.extradata) == (frames, segment.extradata(fmt))
    with av.open(str(made.path)) as file:
        return [frame.to_ndarray(format="rgb24").astype(int) for frame in file.decode(video=0)]


def light(frame):
    return frame.mean()


async def plain(clip):
    with av.open(str(clip)) as file:
        return [frame.to_ndarray(format="rgb24").astype(int) for frame in file.decode(video=0)]


async def test_a_part_a_speed_and_a_held_end_take_the_frames_they_say(clip, tmp_path, fmt):
    before = await plain(clip)
    part = await done(clip, tmp_path, fmt, TrimEdit(start=5, frames=8, of=FRAMES), frames=8)
    assert light(part[0]) == pytest.approx(light(before[5]), abs=2)
    fast = await done(clip, tmp_path, fmt, SpeedEdit(of=FRAMES, frames=10), frames=10)
    assert light(fast[-1]) == pytest.approx(light(before[-1]), abs=8)
    held = await done(clip, tmp_path, fmt, HoldEdit(of=FRAMES, frames=30), frames=30)
    assert light(held[29]) == pytest.approx(light(before[19]), abs=2)
    slow = await done(clip, tmp_path, fmt, SpeedEdit(of=FRAMES, frames=33), frames=33)
    assert light(slow[16]) == pytest.approx(light(before[10]), abs=9)


async def test_backwards_and_mirrored(clip, tmp_path, fmt):
    before = await plain(clip)
    back = await done(clip, tmp_path, fmt, ReverseEdit())
    assert light(back[0]) > light(back[-1])
    assert light(back[0]) == pytest.approx(light(before[-1]), abs=2)
    mirrored = await done(clip, tmp_path, fmt, MirrorEdit())
    assert np.abs(mirrored[4] - before[4][:, ::-1]).mean() < 6 < np.abs(mirrored[4] - before[4]).mean()


async def test_a_grade_changes_colour_and_light(clip, tmp_path, fmt):
    before = await plain(clip)
    grey = await done(clip, tmp_path, fmt, GradeEdit(look="black_white"))
    assert np.ptp(grey[3], axis=2).mean() < 4 < np.ptp(before[3], axis=2).mean()
    bright = await done(clip, tmp_path, fmt, GradeEdit(brightness=0.4))
    assert light(bright[3]) > light(before[3]) + 20
    warm = await done(clip, tmp_path, fmt, GradeEdit(warmth=0.8))
    balance = [(frame[..., 0] - frame[..., 2]).mean() for frame in (warm[3], before[3])]
    assert balance[0] > balance[1] + 5


async def test_fades_begin_and_end_in_the_dark_and_bars_hide_the_edges(clip, tmp_path, fmt):
    faded = await done(clip, tmp_path, fmt, FadeEdit(in_s=0.2, out_s=0.2))
    assert light(faded[0]) < 8
    assert light(faded[-1]) < 40 < light(faded[10])
    bars = await done(clip, tmp_path, fmt, BarsEdit(aspect="1:1"))
    assert bars[5][:, :60].mean() < 6 < bars[5][:, 100:200].mean()


async def test_the_same_steps_give_the_same_bytes_and_every_step_joins(clip, tmp_path, fmt):
    steps = (CropEdit(), BlurEdit(), SharpenEdit(), VignetteEdit(), GradeEdit(look="vintage", contrast=0.2))
    files = []
    for name in ("a", "b"):
        made = await edits.edit(clip, tmp_path / f"{name}.mp4", fmt, FRAMES, steps)
        files.append(made.path.read_bytes())
    assert files[0] == files[1] != clip.read_bytes()
    joined = await film.join([clip, tmp_path / "a.mp4"], tmp_path / "film.mp4", fmt)
    assert joined.frames == 2 * FRAMES


def test_captions_stand_where_and_look_as_they_are_told(fmt):
    said = [Caption(text="Hello", start_s=0, end_s=1)]
    usual = subtitles.ass(said, fmt.width_px, fmt.height_px)
    assert subtitles.ass(said, fmt.width_px, fmt.height_px, style=CaptionStyle()).count("Dialogue") == 1
    top = subtitles.ass(
        said, fmt.width_px, fmt.height_px, style=CaptionStyle(place="top", colour="#ffee00", size="large", boxed=True)
    )
    line = next(line for line in top.splitlines() if line.startswith("Style: Caption"))
    assert line != next(line for line in usual.splitlines() if line.startswith("Style: Caption"))
    assert "&H0000EEFF" in line.upper().replace("&H", "&H").upper()
