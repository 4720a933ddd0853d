from __future__ import annotations

import cv2
import numpy as np
import pytest

from storyreel.media import picture, still
from storyreel.media.picture import UnreadablePicture


def scored(image) -> still.PictureScore:
    return still.score(picture.png(image))


def test_a_variant_that_is_blurred_noisy_or_burnt_out_scores_lower(draw):
    for seed in range(4):
        good = draw(480, 270, seed)
        noisy = np.clip(good + np.random.default_rng(0).normal(0, 25, good.shape), 0, 255).astype(np.uint8)
        best = scored(good)
        assert 0 <= best.total <= 1
        assert best.faults == ()
        assert scored(cv2.GaussianBlur(good, (0, 0), 3)).total < best.total - 0.1
        assert scored(noisy).sharpness < best.sharpness
        assert "noisy" in scored(noisy).faults
        assert scored(cv2.convertScaleAbs(good, alpha=3.5)).exposure < best.exposure


@pytest.mark.parametrize(("level", "fault"), [(0, "black"), (255, "white"), (120, "flat")])
def test_an_empty_picture_is_named_as_such_and_scores_nothing(level, fault):
    empty = scored(np.full((90, 160, 3), level, np.uint8))
    assert fault in empty.faults
    assert empty.total < 0.05


def test_grey_is_less_colourful(draw):
    good = draw(320, 180, 2)
    grey = cv2.cvtColor(cv2.cvtColor(good, cv2.COLOR_BGR2GRAY), cv2.COLOR_GRAY2BGR)
    assert scored(grey).colour < 0.05 < scored(good).colour


@pytest.mark.parametrize("mode", ["cover", "pad"])
def test_a_picture_is_fitted_to_a_frame_of_another_shape(mode, still_png):
    made = picture.read(still.fit(still_png, 180, 320, mode))
    assert made.shape == (320, 180, 3)


def test_padding_shows_the_whole_picture():
    wide = np.zeros((100, 200, 3), np.uint8)
    wide[:, :10], wide[:, -10:] = (0, 0, 255), (0, 255, 0)
    made = picture.read(still.fit(picture.png(wide), 200, 200, "pad"))
    assert made[100, 4].tolist() == [0, 0, 255]
    assert made[100, -4].tolist() == [0, 255, 0]


def test_thumbnails_keep_the_shape_and_never_grow(still_png):
    assert picture.read(still.thumbnail(still_png, 100)).shape[:2] == (56, 100)
    assert picture.read(still.thumbnail(still_png, 5000)).shape[:2] == (198, 352)


def test_a_contact_sheet_shows_every_picture_with_its_label(still_png):
    plain = picture.read(still.contact_sheet([(still_png, "")] * 5, cols=3, cell_px=120))
    named = picture.read(still.contact_sheet([(still_png, f"镜头 {n}") for n in range(5)], cols=3, cell_px=120))
    assert plain.shape == named.shape
    assert (plain != named).any(axis=2).sum() > 300
    rows = np.flatnonzero((plain != named).any(axis=(1, 2)))
    assert rows.min() > 60  # below the first row of pictures
    with pytest.raises(still.NothingToShow):
        still.contact_sheet([])


def test_bytes_that_are_no_picture_are_refused_in_words():
    for data in (b"", b"not a picture"):
        with pytest.raises(UnreadablePicture, match="not a picture"):
            still.score(data)
