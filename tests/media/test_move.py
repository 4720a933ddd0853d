from __future__ import annotations

from io import BytesIO
from itertools import pairwise

import av
import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from storyreel.media import move, probe, segment
from storyreel.media.encode import Encoder, FramesMissing
from storyreel.media.format import Format
from storyreel.media.move import MOVES, Camera, Stopped
from storyreel.pipeline.ports import Box


def clip(still, camera: Camera) -> bytes:
    out = BytesIO()
    move.render(still, camera, out)
    return out.getvalue()


def greys(data: bytes) -> list[np.ndarray]:
    with av.open(BytesIO(data)) as container:
        return [frame.to_ndarray(format="gray").astype(np.float32) for frame in container.decode(video=0)]


def centre(frame: np.ndarray) -> tuple[float, float]:
    light = np.clip(frame - frame.min() - 60, 0, None)
    y, x = np.mgrid[0 : frame.shape[0], 0 : frame.shape[1]]
    return float((light * x).sum() / light.sum()), float((light * y).sum() / light.sum())


def shifts(frames: list[np.ndarray]) -> np.ndarray:
    window = cv2.createHanningWindow(frames[0].shape[::-1], cv2.CV_32F)
    return np.array([cv2.phaseCorrelate(a, b, window)[0] for a, b in pairwise(frames)])


@pytest.mark.parametrize("name", MOVES)
def test_a_clip_has_exactly_the_frames_asked_and_joins_without_encoding_again(name, still, fmt):
    found = probe.probe(clip(still, Camera(format=fmt, frames=31, move=name)))
    assert (found.frames, found.fps, found.width_px, found.height_px) == (31, 25.0, 320, 180)
    assert found.steady
    assert not found.audio_codec
    assert found.extradata == segment.extradata(fmt)
    assert segment.joins(found, fmt)


@pytest.mark.parametrize(
    ("name", "axis", "sign"),
    [
        ("pan_right", 0, -1),
        ("pan_left", 0, 1),
        ("tilt_down", 1, -1),
        ("tilt_up", 1, 1),
        ("track_right", 0, -1),
        ("track_left", 0, 1),
    ],
)
def test_the_picture_glides_the_other_way_than_the_camera_and_never_steps(name, axis, sign):
    # A soft disc's centre of light is known to a hundredth of a pixel, even after encoding.
    y, x = np.mgrid[0:198, 0:352]
    disc = 30 + 190 * np.exp(-((x - 176) ** 2 + (y - 99) ** 2) / (2 * 22**2))
    fmt = Format(width_px=320, height_px=180, fps=25)
    still = np.repeat(disc[:, :, None], 3, axis=2).astype(np.uint8)
    places = np.array([centre(frame) for frame in greys(clip(still, Camera(format=fmt, frames=50, move=name)))])[:, axis] * sign
    moved = np.diff(places)
    assert moved.sum() > 2.0
    assert (moved > 0).mean() > 0.95
    # What is left once the smooth course is taken away is jitter; a camera of whole pixels would leave 0.29.
    smooth = np.polyval(np.polyfit(np.arange(50), places, 7), np.arange(50))
    assert np.sqrt(((places - smooth) ** 2).mean()) < 0.05


def test_a_push_brings_the_focus_nearer_and_a_pull_is_its_reverse(fmt):
    focus = Box(x=0.6, y=0.2, width=0.2, height=0.3)
    into = move.path(Camera(format=fmt, frames=40, move="push_in", focus=focus), 352, 198)
    out = move.path(Camera(format=fmt, frames=40, move="pull_out", focus=focus), 352, 198)
    assert into[-1, 2] < into[0, 2] - 0.05
    assert into[-1, 0] > into[0, 0] + 0.02
    assert out[0, 2] < out[-1, 2] - 0.05


def test_pace_scales_how_far_the_camera_goes(fmt):
    reach = []
    for pace in ("slow", "normal", "fast"):
        views = move.path(Camera(format=fmt, frames=100, move="push_in", pace=pace), 352, 198)
        reach.append(views[0, 2] - views[-1, 2])
    assert reach[0] < reach[1] < reach[2]


def test_a_static_shot_breathes_without_a_frozen_stretch_and_without_being_seen_to_move(still, fmt):
    data = clip(still, Camera(format=fmt, frames=100))
    frames = greys(data)
    assert probe.black_or_frozen(data, frozen_s=1.0) == []
    assert max(np.abs(a - b).max() for a, b in pairwise(frames)) > 0
    assert np.abs(shifts(frames)).max() < 0.3


def test_even_a_soft_picture_is_not_found_frozen(fmt):
    soft = cv2.resize(
        np.random.default_rng(2).integers(40, 200, (3, 5, 3), dtype=np.uint8), (352, 198), interpolation=cv2.INTER_CUBIC
    )
    assert probe.black_or_frozen(clip(soft, Camera(format=fmt, frames=100)), frozen_s=2.0) == []


def test_a_hand_held_camera_sways_smoothly(still, fmt):
    moved = shifts(greys(clip(still, Camera(format=fmt, frames=75, move="handheld", seed=3))))
    speed = np.abs(moved).mean()
    change = np.abs(np.diff(moved, axis=0)).mean()
    assert speed > 0.03
    assert change < speed


@given(
    move_name=st.sampled_from(MOVES),
    pace=st.sampled_from(["slow", "normal", "fast"]),
    frames=st.integers(1, 300),
    size=st.tuples(st.integers(200, 900), st.integers(200, 900)),
    box=st.tuples(*[st.floats(0, 0.9)] * 2, *[st.floats(0.02, 0.5)] * 2),
    upright=st.booleans(),
    seed=st.integers(0, 2**31),
)
@settings(max_examples=150, deadline=None)
def test_every_view_lies_in_the_still_and_holds_the_focus_where_there_is_room(
    *, move_name, pace, frames, size, box, upright, seed
):
    fmt = Format(width_px=180, height_px=320, fps=25) if upright else Format(width_px=320, height_px=180, fps=25)
    focus = Box(x=box[0], y=box[1], width=min(box[2], 1 - box[0]), height=min(box[3], 1 - box[1]))
    views = move.path(Camera(format=fmt, frames=frames, move=move_name, pace=pace, focus=focus, seed=seed), *size)
    aspect = fmt.width_px / fmt.height_px
    widest = min(size[0], size[1] * aspect)
    half_w, half_h = views[:, 2] / 2, views[:, 2] / aspect / 2
    whole_w, whole_h = size[0] / widest, size[1] / widest
    slack = 1e-6
    assert (views[:, 0] - half_w > -slack).all()
    assert (views[:, 0] + half_w < whole_w + slack).all()
    assert (views[:, 1] - half_h > -slack).all()
    assert (views[:, 1] + half_h < whole_h + slack).all()
    inside = focus.x > 0.05 and focus.x + focus.width < 0.95 and focus.y > 0.05 and focus.y + focus.height < 0.95
    fits = focus.width * whole_w < 0.6 and focus.height * whole_h < 0.6 / aspect
    if inside and fits and move_name != "handheld":
        near = 0.012
        assert (views[:, 0] - half_w < focus.x * whole_w + near).all()
        assert (views[:, 0] + half_w > (focus.x + focus.width) * whole_w - near).all()
        assert (views[:, 1] - half_h < focus.y * whole_h + near).all()
        assert (views[:, 1] + half_h > (focus.y + focus.height) * whole_h - near).all()


@pytest.mark.parametrize("sky", ["rain", "storm", "snow", "fog"])
def test_weather_moves_over_the_picture_and_leaves_it_recognisable(sky, still, fmt):
    plain = greys(clip(still, Camera(format=fmt, frames=20)))
    wet = greys(clip(still, Camera(format=fmt, frames=20, weather=sky)))
    over = [b - a for a, b in zip(plain, wet, strict=True)]
    assert np.abs(over[5]).mean() > 0.5
    assert np.abs(over[5] - over[15]).mean() > 0.2
    assert np.corrcoef(plain[10].ravel(), wet[10].ravel())[0, 1] > 0.8


def test_the_same_still_and_camera_give_the_same_bytes(still, fmt):
    camera = Camera(format=fmt, frames=20, move="handheld", weather="snow", seed=9)
    assert clip(still, camera) == clip(still, camera)
    assert clip(still, camera) != clip(still, camera.model_copy(update={"seed": 10}))


def test_colours_come_through(fmt):
    colours = {"red": (40, 40, 220), "green": (60, 200, 60), "blue": (220, 80, 40), "skin": (150, 180, 230)}
    for bgr in colours.values():
        data = clip(np.full((198, 352, 3), bgr, np.uint8), Camera(format=fmt, frames=3))
        shown = cv2.imdecode(np.frombuffer(probe.frame_at(data, 0.04), np.uint8), cv2.IMREAD_COLOR)
        assert np.abs(shown.astype(int) - np.array(bgr)).max() <= 6


def test_a_still_of_another_size_or_shape_is_filmed_whole(draw, fmt):
    for width, height in ((80, 45), (1000, 200), (201, 777)):
        data = clip(draw(width, height), Camera(format=fmt, frames=4, move="pan_right"))
        assert probe.probe(data).frames == 4


def test_drawing_stops_between_two_frames_when_asked(still, fmt):
    seen: list[float] = []
    with pytest.raises(Stopped):
        move.render(still, Camera(format=fmt, frames=50), BytesIO(), stopped=lambda: len(seen) >= 5, progress=seen.append)
    assert len(seen) == 5


def test_a_missing_frame_is_an_error_and_not_a_shorter_clip(fmt):
    frame = np.full((270, 320), 128, np.uint8)
    with pytest.raises(FramesMissing, match="3 frames were asked and 1"), Encoder(BytesIO(), fmt, 3) as encoder:
        encoder.write(frame)


def test_odd_sizes_are_refused():
    with pytest.raises(ValueError, match="even"):
        Format(width_px=321, height_px=180, fps=25)
