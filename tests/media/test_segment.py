from __future__ import annotations

from io import BytesIO

import av
import numpy as np
import pytest

from storyreel.media import ffmpeg, move, probe, segment
from storyreel.media.captions import Caption
from storyreel.media.encode import FramesMissing
from storyreel.media.format import Format, WrongFormat
from storyreel.media.move import Camera
from storyreel.media.subtitles import Label


@pytest.fixture(scope="module")
def wide() -> Format:
    return Format(width_px=640, height_px=360, fps=24)


@pytest.fixture(scope="module")
def clip(tmp_path_factory, wide, draw):
    made = tmp_path_factory.mktemp("clip") / "it's a: clip, [1].mp4"
    move.render(draw(704, 396), Camera(format=wide, frames=48, move="push_in"), made)
    return made


def pictures(path) -> list[np.ndarray]:
    with av.open(str(path) if not isinstance(path, bytes) else BytesIO(path)) as container:
        return [frame.to_ndarray(format="gray").astype(int) for frame in container.decode(video=0)]


async def test_a_shot_without_captions_is_copied_byte_for_byte(clip, wide, tmp_path):
    made = await segment.finish(clip, tmp_path / "s.mp4", wide, 48)
    assert made.copied
    assert made.path.read_bytes() == clip.read_bytes()
    assert made.extradata == segment.extradata(wide)


async def test_captions_are_burnt_low_in_the_frame_only_while_they_stand(clip, wide, tmp_path):
    caption = Caption(text="雨下得很大，\n她没有走。", start_s=0.5, end_s=1.5)
    made = await segment.finish(clip, tmp_path / "s.mp4", wide, 48, [caption])
    assert (made.frames, made.copied) == (48, False)
    assert made.extradata == segment.extradata(wide)  # so that it joins with shots that were copied
    before, after = pictures(clip), pictures(made.path)
    changed = [np.abs(a - b) > 60 for a, b in zip(before, after, strict=True)]
    shown = [index for index, mask in enumerate(changed) if mask.sum() > 200]
    assert (shown[0], shown[-1]) == (12, 35)
    rows, columns = np.nonzero(changed[24])
    assert rows.min() > 250
    assert columns.min() > 120
    assert columns.max() < 520


async def ink(text: str, clip, wide, folder) -> np.ndarray:
    """Where a caption's letters are white, over the clip's frame 10."""
    made = await segment.finish(clip, folder / f"{abs(hash(text))}.mp4", wide, 48, [Caption(text=text, start_s=0, end_s=2)])
    return (pictures(made.path)[10] > 170) & (np.abs(pictures(made.path)[10] - pictures(clip)[10]) > 20)


async def test_chinese_is_drawn_as_glyphs_and_not_as_boxes(clip, wide, tmp_path):
    one, other, many = [await ink(text, clip, wide, tmp_path) for text in ("一一一一", "喆堃玥镕", "口口口口")]
    assert 20 < one.sum() < other.sum()  # a missing glyph has one and the same box for all
    assert (other != many).sum() > 150


async def test_a_label_is_at_least_five_per_cent_high_and_goes_away(clip, wide, tmp_path):
    made = await segment.finish(clip, tmp_path / "s.mp4", wide, 48, label=Label("AI 生成", 0, 1.0))
    before, after = pictures(clip), pictures(made.path)
    rows, columns = np.nonzero(np.abs(before[5] - after[5]) > 60)
    assert rows.max() - rows.min() + 1 >= 0.05 * 360
    assert rows.max() < 90
    assert columns.max() < 320
    assert (np.abs(before[40] - after[40]) > 60).sum() < 50


async def test_another_count_of_frames_fails_loudly(clip, wide, tmp_path):
    with pytest.raises(FramesMissing, match="48 frames and 47"):
        await segment.finish(clip, tmp_path / "s.mp4", wide, 47)


async def test_another_size_or_rate_is_refused_by_name(clip, tmp_path):
    with pytest.raises(WrongFormat, match="640 x 360 at 24"):
        await segment.finish(clip, tmp_path / "s.mp4", Format(width_px=640, height_px=360, fps=25), 48)


@pytest.mark.parametrize("fit", ["cover", "pad"])
async def test_a_clip_from_elsewhere_is_conformed(fit, fmt, tmp_path):
    foreign, out = tmp_path / "foreign.mkv", tmp_path / "s.mp4"
    source = ["-f", "lavfi", "-i", "testsrc=size=300x400:rate=30:duration=3", "-f", "lavfi", "-i", "sine=duration=3"]
    await ffmpeg.run([*source, "-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv444p", foreign])
    made = await segment.conform(foreign, out, fmt, 60, fit=fit)
    assert (made.frames, made.extradata) == (60, segment.extradata(fmt))
    assert segment.joins(probe.probe(out), fmt)


async def test_a_clip_that_was_made_shorter_with_leave_holds_its_last_picture_to_the_end(clip, wide, tmp_path):
    made = await segment.conform(clip, tmp_path / "held.mp4", wide, 96, held=True)
    assert made.frames == 96
    assert made.extradata == segment.extradata(wide)
    shown = pictures(made.path)
    assert np.abs(shown[60] - shown[95]).max() <= 8
    assert np.abs(shown[0] - shown[95]).max() > 8


async def test_a_clip_that_is_too_short_is_refused_and_not_frozen(clip, wide, tmp_path):
    with pytest.raises(FramesMissing, match=r"lasts 2\.00 s and 4\.00 s"):
        await segment.conform(clip, tmp_path / "s.mp4", wide, 96)
