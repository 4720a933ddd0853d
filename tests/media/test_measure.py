"""What is measured of a shot, on a labelled set: good shots of every kind pass, broken ones are found, and nights are not called broken."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from storyreel.media import listen, measure, sound
from storyreel.pipeline.quality import TABLE
from tests.standins.judging import Outcome, confusion, judged, right
from tests.standins.labelled import BASES, FPS, drawn, filmed, labelled

# Night, dark moods, fog, snow, a camera that stands, a palette and people among them; all of the held half.
SUBSET = (3, 5, 7, 9, 17, 19, 25, 29, 31, 35)


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory: pytest.TempPathFactory) -> list[Outcome]:
    folder = tmp_path_factory.mktemp("shots")
    return [judged(shot, folder) for shot in labelled(SUBSET, most=3)]


def test_more_than_85_percent_of_shots_that_taught_no_limit_are_judged_right(outcomes: list[Outcome]) -> None:
    assert {one.shot.part for one in outcomes} == {"held"}
    broken = [one for one in outcomes if one.shot.fault]
    assert len(outcomes) >= 40
    assert len({one.shot.fault for one in broken}) >= 10
    assert right(outcomes) > 0.85, confusion(outcomes)
    assert right(broken) > 0.85, confusion(outcomes)


def test_what_is_dark_foggy_or_still_on_purpose_is_not_called_broken(outcomes: list[Outcome]) -> None:
    good = [one for one in outcomes if not one.shot.fault]
    assert {"night", "dark", "fog", "snow", "still", "stands", "whispered"} <= {one.shot.kind for one in good}
    assert [one.shot.name for one in good if not one.right] == []


def test_a_fault_is_laid_to_the_part_that_has_it(outcomes: list[Outcome]) -> None:
    blamed = Counter(
        (one.shot.fault.split("_")[0], one.findings[0].blamed)
        for one in outcomes
        if one.findings and one.shot.fault.split("_")[0] in ("picture", "clip", "voice")
    )
    stage = {"picture": "grid", "clip": "video", "voice": "voice"}
    assert sum(count for (part, found), count in blamed.items() if stage[part] == found) >= 0.9 * blamed.total()


def test_the_same_clip_is_measured_alike(tmp_path: Path) -> None:
    clip = tmp_path / "clip.mp4"
    clip.write_bytes(filmed(0, drawn(0).still))
    assert measure.clip(clip, frames=30, fps=FPS) == measure.clip(clip, frames=30, fps=FPS)


def test_each_line_is_heard_or_missed_by_itself(tmp_path: Path) -> None:
    rng = np.random.default_rng(3)
    track = np.zeros((2 * sound.RATE_HZ, 1), np.float32)
    track[: sound.RATE_HZ, 0] = rng.normal(0, 0.1, sound.RATE_HZ)
    (tmp_path / "voice.wav").write_bytes(sound.write_wav(track, bits=16))
    assert listen.voice(tmp_path / "voice.wav", [(0.1, 0.9)])["heard"] == 1.0
    assert listen.voice(tmp_path / "voice.wav", [(0.1, 0.9), (1.2, 1.8)])["heard"] == 0.0
    assert listen.voice(tmp_path / "voice.wav", [])["heard"] == 1.0


def test_no_fault_hides_behind_one_that_hides_behind_it() -> None:
    hides = {row.code: set(row.unless) for row in TABLE}
    assert not [(one, other) for one, behind in hides.items() for other in behind if one in hides[other]]
    assert {other for behind in hides.values() for other in behind} <= set(hides)


def test_the_set_has_both_halves_of_everything() -> None:
    assert {base.mark for base in BASES if base.number % 2} == {base.mark for base in BASES if base.number % 2 == 0}
