"""The main job, as the README says it: one sentence becomes a film that is whole, seen and heard."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from storyreel.media.probe import black_or_frozen, probe, silence

REPOSITORY = Path(__file__).parents[2]
BRIEFS = {
    "zh": "做一个6秒的短片，讲一只猫在雨夜找到家，2个镜头",
    "en": "Make a 6 second film about a lighthouse keeper at dusk, 2 shots",
}


def demo(tmp_path: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "STORYREEL_HOME": str(tmp_path / "home"), "PYTHONPATH": str(REPOSITORY)}
    command = [sys.executable, "-m", "storyreel", "demo", *arguments]
    return subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=280, check=False)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_one_sentence_becomes_a_film(tmp_path: Path, language: str) -> None:
    film = tmp_path / "film.mp4"
    done = demo(tmp_path, "--message", BRIEFS[language], "--out", str(film), "--json")
    assert done.returncode == 0, done.stdout + done.stderr
    told: dict[str, Any] = json.loads(done.stdout)
    assert told["shots"] == 2
    assert told["frames"] == 6 * 24
    found = probe(film)
    assert (found.video_codec, found.audio_codec, found.frames) == ("h264", "aac", 144)
    assert black_or_frozen(film) == []
    assert all(stretch.end_s - stretch.start_s < 3 for stretch in silence(film))
    assert "-->" in film.with_suffix(".srt").read_text(encoding="utf-8"), "the subtitles lie beside the film"
    assert {task["state"] for task in told["tasks"]} == {"succeeded"}
    assert not (tmp_path / "home" / "endpoints.json").exists(), "its processes are ended"


def test_a_film_that_cannot_be_made_leaves_no_film_and_says_why(tmp_path: Path) -> None:
    script = tmp_path / "script.txt"
    script.write_bytes(bytes(range(256)) * 40)
    done = demo(tmp_path, "--script", str(script), "--out", str(tmp_path / "film.mp4"))
    assert done.returncode == 1
    assert "script.txt" in done.stderr
    assert not (tmp_path / "film.mp4").exists()
