"""What a person hears when the built-in composer plays."""

from __future__ import annotations

import asyncio
import hashlib
import io
import re
import sys
import wave
from dataclasses import dataclass
from pathlib import Path
from typing import get_args

import numpy as np
import pyloudnorm
import pytest
from scipy import signal

from storyreel.model.errors import NotPossible
from storyreel.model.spec import Mood
from storyreel.pipeline.ports import Generated, MusicRequest
from storyreel.providers.builtin.local import Cancelled
from storyreel.providers.builtin.music import BuiltinMusic
from storyreel.providers.builtin.score import master, player
from storyreel.providers.builtin.score.instruments import DRUM_BANK, INSTRUMENTS, KITS

RATE = 48_000
MOODS: tuple[Mood, ...] = get_args(Mood)


@dataclass
class Folder:
    scratch: Path

    async def read(self, asset):
        raise AssertionError("a score reads nothing")


async def made(scratch: Path, **fields) -> Generated:
    request = MusicRequest(**{"moods": ((0.0, "hopeful"),), "duration_s": 8.0} | fields)
    composer = BuiltinMusic()
    return await composer.wait(await composer.submit(request, "key"), request, Folder(scratch), lambda _: None)


def sound_of(result: Generated) -> np.ndarray:
    with wave.open(io.BytesIO(result.data)) as file:
        assert (file.getnchannels(), file.getsampwidth(), file.getframerate()) == (2, 2, RATE)
        return np.frombuffer(file.readframes(file.getnframes()), np.int16).reshape(-1, 2) / 32768


def bass_share(sound: np.ndarray) -> float:
    at, power = signal.welch(sound.mean(axis=1), RATE, nperseg=8192)
    return float(power[at < 250].sum() / power.sum())


def longest_gap_s(sound: np.ndarray) -> float:
    tenths = np.abs(sound[: len(sound) // 4800 * 4800]).reshape(-1, 4800 * 2).max(axis=1)
    quiet = "".join("." if level < 10 ** (-50 / 20) else "#" for level in tenths)
    return max((len(run) for run in re.findall(r"\.+", quiet.rstrip("."))), default=0) / 10


@pytest.mark.parametrize("mood", MOODS)
async def test_every_mood_is_level_unclipped_and_without_holes(mood: Mood, tmp_path: Path):
    sound = sound_of(await made(tmp_path, moods=((0.0, mood),), duration_s=12.0, cuts_s=(4.1, 7.7), seed=1))
    assert len(sound) == 12 * RATE
    assert pyloudnorm.Meter(RATE).integrated_loudness(sound) == pytest.approx(-23, abs=0.7)
    assert np.abs(sound).max() < 10 ** (-6 / 20)
    assert bass_share(sound) < 0.78
    assert longest_gap_s(sound) < 1.5
    assert np.abs(sound[-5:]).max() < 1e-3, "it has died away at the end"
    assert np.abs(sound[:5]).max() < 1e-2, "it begins without a click"
    assert np.sqrt((sound[-RATE * 2 : -RATE] ** 2).mean()) > 1e-4, "and the last chord rings until then"


@pytest.mark.parametrize("flavour", ["chinese", "epic", "electronic", "jazz", "piano", "folk"])
async def test_every_flavour_too(flavour: str, tmp_path: Path):
    sound = sound_of(await made(tmp_path, flavour=flavour))
    assert pyloudnorm.Meter(RATE).integrated_loudness(sound) == pytest.approx(-23, abs=0.7)
    assert np.abs(sound).max() < 10 ** (-6 / 20)
    assert bass_share(sound) < 0.78
    assert longest_gap_s(sound) < 1.5


@pytest.mark.parametrize("duration_s", [0.2, 1.0, 1.3337, 2.5, 7.00001])
async def test_a_piece_is_as_long_as_asked_to_the_sample(duration_s: float, tmp_path: Path):
    result = await made(tmp_path, duration_s=duration_s, moods=((0.0, "melancholy"),))
    sound = sound_of(result)
    assert len(sound) == round(duration_s * RATE)
    assert result.duration_s == len(sound) / RATE
    assert np.abs(sound).max() > 0.005


async def test_the_same_request_gives_the_same_bytes_and_another_seed_another_piece(tmp_path: Path):
    first, again, other = [(await made(tmp_path, duration_s=4.0, seed=seed)).data for seed in (1, 1, 2)]
    assert first == again
    assert first != other


async def test_the_notes_say_how_many_cuts_were_met_and_which_style_is_unknown(tmp_path: Path):
    result = await made(tmp_path, duration_s=12.0, cuts_s=(4.0, 8.0), flavour="polka")
    assert re.match(r"\d of 2 cuts fall on a bar line", result.notes[0])
    assert "polka" in result.notes[1]
    assert (result.media_type, result.provider, result.model) == ("audio/wav", "builtin-music", "score-1")


async def test_a_strong_onset_is_heard_on_the_cuts(tmp_path: Path):
    cuts = (5.0, 10.0, 15.0)
    sound = sound_of(await made(tmp_path, moods=((0.0, "epic"),), duration_s=20.0, cuts_s=cuts, seed=3))
    _, _, bins = signal.stft(sound.mean(axis=1), RATE, nperseg=1024, noverlap=1024 - 240)
    flux = np.maximum(0, np.diff(np.log1p(300 * np.abs(bins)), axis=1)).sum(axis=0)
    for cut in cuts:
        near = flux[int((cut - 0.04) * 200) : int((cut + 0.06) * 200)].max()
        assert near > np.percentile(flux, 97), cut


async def test_moods_change_within_a_piece(tmp_path: Path):
    sound = sound_of(await made(tmp_path, moods=((0.0, "calm"), (12.0, "epic")), duration_s=26.0, cuts_s=(12.0,)))
    before, after = sound[2 * RATE : 11 * RATE], sound[13 * RATE : 22 * RATE]
    assert np.sqrt((after**2).mean()) > 1.5 * np.sqrt((before**2).mean())
    assert longest_gap_s(sound) < 1.5


def test_the_soundfont_holds_all_players_and_sounds_on_each_of_their_keys():
    asked = [(p.bank, p.program, key, False) for p in INSTRUMENTS.values() for key in (p.low, (p.low + p.high) // 2, p.high)]
    asked += [(DRUM_BANK, kit.program, key, True) for kit in KITS.values() for key in sorted(kit.keys)]
    with player.orchestra() as (synth, font):
        for bank, program, key, drums in asked:
            synth.program_select(0, font, bank, program, drums)
            synth.noteon(0, key, 100)
            heard = np.frombuffer(synth.generate_simple(RATE // 2), np.float32)
            assert np.abs(heard).max() > 1e-3, (bank, program, key)
            synth.sounds_off()
            synth.generate_simple(480)


def test_the_notice_names_the_soundfont_that_is_here():
    data = player.SOUNDFONT.read_bytes()
    assert len(data) < 5_000_000
    assert hashlib.sha256(data).hexdigest() in player.SOUNDFONT.with_name("NOTICE.md").read_text("utf-8")


def test_the_soundfont_is_what_its_tool_cuts():
    from tools import build_soundfont as tool

    data = player.SOUNDFONT.read_bytes()
    font = tool.read(data)
    assert {(bank, program) for _, program, bank, _ in font.presets} == set(tool._wanted())
    assert tool.write(tool.cut(font, tool._wanted())) == data


def test_the_meter_agrees_with_another():
    rng = np.random.default_rng(1)
    sound = (rng.standard_normal((6 * RATE, 2)) * np.linspace(0.01, 0.2, 6 * RATE)[:, None]).astype(np.float32)
    meter = master.Meter()
    for at in range(0, len(sound), 70_001):
        meter.hear(sound[at : at + 70_001])
    assert meter.lufs() == pytest.approx(pyloudnorm.Meter(RATE).integrated_loudness(sound.astype(float)), abs=0.1)


def test_too_much_bass_is_turned_down(tmp_path: Path):
    time = np.arange(4 * RATE) / RATE
    raw = np.stack([0.5 * np.sin(2 * np.pi * 90 * time) + 0.05 * np.sin(2 * np.pi * 900 * time)] * 2, axis=1).astype(np.float32)
    out = master.finished(iter([raw]), len(raw), tmp_path, lambda _: None, 1.0) / 32768
    assert bass_share(raw) > 0.95
    assert bass_share(out) < 0.78


def test_a_peak_is_caught_under_the_ceiling(tmp_path: Path):
    raw = 0.02 * np.random.default_rng(2).standard_normal((4 * RATE, 2)).astype(np.float32)
    raw[2 * RATE : 2 * RATE + 400] = 0.9
    out = master.finished(iter([raw]), len(raw), tmp_path, lambda _: None, 1.0) / 32768
    assert np.abs(out).max() < 10 ** (-6 / 20)
    assert np.sqrt((out[RATE // 2 : RATE] ** 2).mean()) > 0.5 * np.sqrt((out[3 * RATE - 9600 : 3 * RATE] ** 2).mean())


async def test_a_piece_can_be_cancelled_and_asked_for_again(tmp_path: Path):
    composer = BuiltinMusic()
    request = MusicRequest(moods=((0.0, "epic"),), duration_s=600.0)
    handle = await composer.submit(request, "k1")
    told: list[float] = []
    started = asyncio.Event()

    def progress(fraction: float) -> None:
        told.append(fraction)
        if fraction > 0:
            started.set()

    playing = asyncio.create_task(composer.wait(handle, request, Folder(tmp_path), progress))
    await started.wait()
    await composer.cancel(handle)
    with pytest.raises(Cancelled):
        await playing
    assert max(told) < 0.9
    short = request.model_copy(update={"duration_s": 1.0})
    assert (await composer.wait(handle, short, Folder(tmp_path), progress)).data
    assert not list(tmp_path.iterdir()), "nothing is left behind"


async def test_progress_rises_to_one(tmp_path: Path):
    told: list[float] = []
    composer, request = BuiltinMusic(), MusicRequest(moods=((0.0, "calm"),), duration_s=9.0)
    await composer.wait("builtin:x", request, Folder(tmp_path), told.append)
    await asyncio.sleep(0)
    assert told == sorted(told)
    assert told[-1] == 1.0
    assert len(told) > 4


async def test_a_job_is_always_found_and_costs_nothing():
    composer = BuiltinMusic()
    request = MusicRequest(moods=((0.0, "calm"),), duration_s=30.0)
    assert await composer.submit(request, "abc") == "builtin:abc" == await composer.find("abc")
    price = composer.price(request)
    assert price.cost_usd == 0
    assert 0.5 < price.expected_s <= 4
    await composer.cancel("builtin:never")


async def test_a_piece_of_hours_is_refused_with_advice(tmp_path: Path):
    with pytest.raises(NotPossible, match="each part"):
        await made(tmp_path, duration_s=7200.0)


def test_naming_the_composer_loads_nothing_heavy():
    import subprocess

    code = (
        "import sys, storyreel.providers.builtin.music; print([m for m in ('numpy','scipy','tinysoundfont') if m in sys.modules])"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip() == "[]"
