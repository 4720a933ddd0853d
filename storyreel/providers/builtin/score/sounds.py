"""The sounds of places and weather, made of noise and sines: mono or stereo beds, and things that happen in them.

Every maker takes a generator and a number of frames at 48 kHz and returns (frames, 2) at no particular level.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

import numpy as np
import numpy.typing as npt
from scipy import signal

RATE = 48_000
Sound = npt.NDArray[np.floating[Any]]
Mono = npt.NDArray[np.floating[Any]]
Maker = Callable[[np.random.Generator, int], Sound]


def band(rng: np.random.Generator, frames: int, low_hz: float, high_hz: float) -> Mono:
    """Noise between two frequencies, at a level of about one."""
    noise = rng.standard_normal(frames, dtype=np.float32)
    return _through(noise, low_hz, high_hz, order=2) / np.float32(np.sqrt((high_hz - low_hz) / (RATE / 2)))


def _through(sound: Mono, low_hz: float, high_hz: float, order: int = 1) -> Mono:
    """What a band lets through."""
    sos = signal.butter(order, (low_hz, high_hz), "bandpass", fs=RATE, output="sos")
    return np.asarray(signal.sosfilt(sos, sound), np.float32)


def wide(make: Callable[[], Mono]) -> Sound:
    """Two sides that were made apart, so that the sound stands around the listener."""
    return np.stack([make(), make()], axis=1)


def drift(rng: np.random.Generator, frames: int, each_s: float, low: float, high: float) -> Mono:
    """A value that wanders smoothly between `low` and `high`, turning about every `each_s`."""
    count = max(2, int(frames / RATE / each_s) + 3)
    points = rng.uniform(low, high, count)
    # Worked out a thousand times a second, and straight between: nobody hears the corners.
    along = np.linspace(0, count - 1.001, max(2, frames // 48))
    part, left = along % 1, along.astype(int)
    coarse = points[left] + (points[left + 1] - points[left]) * (part * part * (3 - 2 * part))
    return np.interp(np.linspace(0, len(coarse) - 1, frames), np.arange(len(coarse)), coarse).astype(np.float32)


def put(out: Sound, at: int, grain: Mono, pan: float = 0.0, gain: float = 1.0) -> None:
    """Add a grain into the sound at a frame. `pan` is -1 (left) to 1 (right)."""
    if at >= len(out):
        return
    fits = grain[: len(out) - at]
    sides = np.array([np.sqrt((1 - pan) / 2), np.sqrt((1 + pan) / 2)], np.float32)
    out[at : at + len(fits)] += fits[:, None] * sides * np.float32(gain)


def decay(seconds: float, tau_s: float) -> Mono:
    """A falling curve from one."""
    return np.exp(-np.arange(round(seconds * RATE)) / (tau_s * RATE)).astype(np.float32)


def moments(rng: np.random.Generator, frames: int, per_s: float) -> list[int]:
    """Frames at which something happens, by chance."""
    count = rng.poisson(per_s * frames / RATE)
    return sorted(int(at) for at in rng.integers(0, frames, count))


def _clicks(rng: np.random.Generator, frames: int, *, per_s: float, low_hz: float, high_hz: float, tau_s: float) -> Sound:
    """Many small strokes of unlike strength, all over the width."""
    count = rng.poisson(per_s * frames / RATE)
    impulses = np.zeros((frames, 2), np.float32)
    strength = rng.lognormal(-1.0, 0.9, count).astype(np.float32)
    pan = rng.uniform(0, 1, count).astype(np.float32)
    at = rng.integers(0, frames, count)
    for side, share in ((0, pan), (1, 1 - pan)):
        impulses[:, side] = np.bincount(at, strength * share, frames)
    kernel = band(rng, round(5 * tau_s * RATE), low_hz, high_hz) * decay(5 * tau_s, tau_s)
    return cast("Sound", signal.oaconvolve(impulses, kernel[:, None], axes=0)[:frames].astype(np.float32))


def rain(rng: np.random.Generator, frames: int) -> Sound:
    """Falling rain: a hiss, a body, and drops near by."""
    hiss = wide(lambda: band(rng, frames, 1500, 9000) * drift(rng, frames, 3, 0.8, 1.1))
    body = wide(lambda: band(rng, frames, 200, 1100))
    return 0.5 * hiss + 0.3 * body + 0.7 * _clicks(rng, frames, per_s=90, low_hz=1800, high_hz=7000, tau_s=0.004)


def wind(rng: np.random.Generator, frames: int) -> Sound:
    """Gusts: the stronger, the higher."""

    def side() -> Mono:
        gust = drift(rng, frames, 2.5, 0.0, 1.0)
        low = band(rng, frames, 90, 350) * (0.5 + 0.5 * gust)
        middle = band(rng, frames, 300, 800) * gust**1.5
        high = band(rng, frames, 850, 1300) * gust**3
        return low + 0.7 * middle + 0.3 * high

    return wide(side)


def thunder(rng: np.random.Generator, frames: int) -> Sound:
    """Far thunder now and then: a crack, and a roll that comes back."""
    out = np.zeros((frames, 2), np.float32)
    at = int(rng.uniform(0.3, 1.2) * RATE)
    while at < frames:
        roll = np.zeros(6 * RATE, np.float32)
        for _ in range(rng.integers(3, 7)):
            start = int(rng.exponential(0.8) * RATE)
            piece = band(rng, 4 * RATE, 35, 180) * decay(4, rng.uniform(0.5, 1.2))
            part = piece[: max(0, len(roll) - start)]
            roll[start : start + len(part)] += part * np.float32(rng.uniform(0.4, 1.0))
        roll[: RATE // 50] *= np.linspace(0, 1, RATE // 50, dtype=np.float32)
        put(out, at, roll, rng.uniform(-0.4, 0.4), 0.6)
        put(out, at, band(rng, RATE, 300, 2500) * decay(1, 0.12), rng.uniform(-0.5, 0.5), 0.25)
        at += int(rng.uniform(9, 16) * RATE)
    return out


def storm(rng: np.random.Generator, frames: int) -> Sound:
    """Heavy rain in the wind, with thunder."""
    return rain(rng, frames) + 0.6 * wind(rng, frames) + 2.0 * thunder(rng, frames)


def snow(rng: np.random.Generator, frames: int) -> Sound:
    """The hush of snow: soft air, nothing sharp."""
    return wide(lambda: band(rng, frames, 120, 500) * drift(rng, frames, 4, 0.5, 1.0) + 0.12 * band(rng, frames, 2500, 6000))


def sea(rng: np.random.Generator, frames: int) -> Sound:
    """Waves that come in, break and run back over the shore."""
    out = 0.25 * wide(lambda: band(rng, frames, 60, 400))
    at = -2 * RATE
    while at < frames:
        length = int(rng.uniform(7, 10) * RATE)
        along = np.linspace(0, 1, length, dtype=np.float32)
        swell = np.where(along < 0.4, (along / 0.4) ** 2, ((1 - along) / 0.6) ** 1.6).astype(np.float32)
        foam = np.where(along < 0.42, (along / 0.42) ** 4, ((1 - along) / 0.58) ** 2.2).astype(np.float32)
        wave = band(rng, length, 90, 700) * swell + 0.55 * band(rng, length, 900, 7000) * foam
        skip = max(0, -at)
        put(out, max(0, at), wave[skip:], rng.uniform(-0.35, 0.35), 1.2)
        at += int(rng.uniform(4.5, 7) * RATE)
    return out


def river(rng: np.random.Generator, frames: int) -> Sound:
    """Running water: a rush, and bubbles that rise in pitch."""
    out = 0.5 * wide(lambda: band(rng, frames, 350, 2600) * drift(rng, frames, 1.2, 0.7, 1.0))
    for at in moments(rng, frames, 26):
        seconds = rng.uniform(0.02, 0.05)
        hz = rng.uniform(350, 1300) * (1 + 0.5 * np.linspace(0, 1, round(seconds * RATE)))
        bubble = np.sin(2 * np.pi * np.cumsum(hz) / RATE).astype(np.float32) * np.hanning(len(hz)).astype(np.float32)
        put(out, at, bubble, rng.uniform(-0.8, 0.8), float(rng.lognormal(-1.2, 0.5)))
    return out


def traffic(rng: np.random.Generator, frames: int) -> Sound:
    """A town: its far rumble, cars that pass from side to side, a horn somewhere."""
    out = 0.8 * wide(lambda: band(rng, frames, 45, 260)) + 0.15 * wide(lambda: band(rng, frames, 400, 1500))
    for at in moments(rng, frames, 0.28):
        length = int(rng.uniform(3, 6) * RATE)
        along = np.linspace(-1, 1, length, dtype=np.float32)
        near = np.exp(-((along / 0.35) ** 2)).astype(np.float32)
        car = (band(rng, length, 90, 500) + 0.5 * band(rng, length, 700, 2600)) * near
        way = float(rng.choice([-1, 1]))
        for side, weight in ((0, (1 - way * along) / 2), (1, (1 + way * along) / 2)):
            part = (car * np.sqrt(weight))[: frames - at]
            out[at : at + len(part), side] += 0.9 * part
    for at in moments(rng, frames, 0.06):
        put(out, at, _horn(rng), rng.uniform(-0.8, 0.8), 0.25)
    return out


def _horn(rng: np.random.Generator) -> Mono:
    seconds, root = rng.uniform(0.2, 0.5), rng.uniform(330, 440)
    time = np.arange(round(seconds * RATE)) / RATE
    tone = sum(np.sin(2 * np.pi * root * ratio * time) / part for ratio in (1, 1.26) for part in (1, 2, 3))
    return (np.asarray(tone) * np.minimum(1, np.minimum(time, seconds - time) / 0.03)).astype(np.float32)


def crowd(rng: np.random.Generator, frames: int) -> Sound:
    """Many people talking at once, no word to be understood."""
    out = 0.15 * wide(lambda: band(rng, frames, 200, 900))
    for _ in range(16):
        pitch = rng.uniform(95, 230) * (1 + 0.12 * (drift(rng, frames, 0.35, -1, 1)))
        buzz = ((np.cumsum(pitch) / RATE) % 1 - 0.5).astype(np.float32)
        mouth = np.zeros(frames, np.float32)
        for centre in (rng.uniform(380, 800), rng.uniform(1000, 1900)):
            mouth += _through(buzz, centre * 0.85, centre * 1.15) * (1 if centre < 900 else 0.5)
        syllables = np.maximum(0, drift(rng, frames, 0.11, -0.5, 1)) * np.maximum(0, drift(rng, frames, 1.8, -0.4, 1))
        put(out, 0, mouth * syllables, rng.uniform(-0.9, 0.9), rng.uniform(1.5, 4))
    return out


def night(rng: np.random.Generator, frames: int) -> Sound:
    """Crickets in the dark, each with its own beat."""
    out = 0.03 * wide(lambda: band(rng, frames, 150, 700))
    time = np.arange(frames, dtype=np.float32) / RATE
    for _ in range(5):
        hz, pulse_hz, beat_s = rng.uniform(4000, 5200), rng.uniform(26, 34), rng.uniform(0.45, 0.9)
        phase = (time + np.float32(rng.uniform(0, 1))) % np.float32(beat_s)
        chirp = (phase < np.float32(4 / pulse_hz)) * np.maximum(0, np.sin(2 * np.pi * pulse_hz * phase)) ** 2
        sung = (np.sin(2 * np.pi * hz * time) * chirp).astype(np.float32) * drift(rng, frames, 5, 0.1, 1)
        put(out, 0, sung, rng.uniform(-0.9, 0.9), rng.uniform(0.1, 0.4))
    return out


def morning(rng: np.random.Generator, frames: int) -> Sound:
    """Birds, near and far, over light air."""
    out = 0.08 * wide(lambda: band(rng, frames, 300, 2500) * drift(rng, frames, 3, 0.5, 1))
    for at in [int(0.2 * RATE), *moments(rng, frames, 0.7)]:
        pan, gain, base = rng.uniform(-0.9, 0.9), rng.uniform(0.08, 0.5), rng.uniform(2300, 4600)
        here = at
        for _ in range(rng.integers(2, 7)):
            seconds = rng.uniform(0.05, 0.16)
            bend = base * (1 + rng.uniform(-0.25, 0.25) * np.linspace(-1, 1, round(seconds * RATE)))
            note = np.sin(2 * np.pi * np.cumsum(bend) / RATE) * np.hanning(len(bend))
            put(out, here, note.astype(np.float32), pan, gain)
            here += int((seconds + rng.uniform(0.03, 0.12)) * RATE)
    return out


def train(rng: np.random.Generator, frames: int) -> Sound:
    """In a carriage: the rumble, and wheels over the joints, two by two."""
    out = wide(lambda: band(rng, frames, 45, 300) * drift(rng, frames, 1.5, 0.8, 1)) * np.float32(0.7)
    out += 0.12 * wide(lambda: band(rng, frames, 900, 4000))
    each_s, at = rng.uniform(0.78, 0.95), 0.1
    while at * RATE < frames:
        for later_s, gain in ((0.0, 1.0), (0.17, 0.8)):
            clack = band(rng, RATE // 8, 90, 900) * decay(0.125, 0.028)
            put(out, int((at + later_s + rng.uniform(-0.004, 0.004)) * RATE), clack, rng.uniform(-0.3, 0.3), 2.2 * gain)
        at += each_s
    return out


def fire(rng: np.random.Generator, frames: int) -> Sound:
    """A fire: its breath, and wood that cracks."""
    breath = wide(lambda: band(rng, frames, 60, 420) * drift(rng, frames, 0.25, 0.4, 1.0))
    small = _clicks(rng, frames, per_s=14, low_hz=1200, high_hz=6000, tau_s=0.003)
    large = _clicks(rng, frames, per_s=1.6, low_hz=500, high_hz=3500, tau_s=0.012)
    return 0.6 * breath + 1.2 * small + 1.6 * large + 0.06 * wide(lambda: band(rng, frames, 2000, 7000))


def room(rng: np.random.Generator, frames: int) -> Sound:
    """The tone of a quiet room: air, and a trace of mains."""
    time = np.arange(frames) / RATE
    hum = (np.sin(2 * np.pi * 100 * time) + 0.4 * np.sin(2 * np.pi * 200 * time)).astype(np.float32)
    return wide(lambda: band(rng, frames, 70, 600) + 0.15 * band(rng, frames, 1000, 5000)) + 0.06 * hum[:, None]


def footsteps(rng: np.random.Generator, frames: int) -> Sound:
    """Someone walks: heel and toe, left and right."""
    out = np.zeros((frames, 2), np.float32)
    each_s, at, side = rng.uniform(0.5, 0.6), 0.12, 1.0
    while at * RATE < frames:
        gain = rng.uniform(0.8, 1.1)
        heel = band(rng, RATE // 6, 90, 420) * decay(1 / 6, 0.022) + 0.35 * band(rng, RATE // 6, 1200, 3800) * decay(1 / 6, 0.006)
        toe = band(rng, RATE // 8, 700, 3200) * decay(1 / 8, 0.018)
        put(out, int(at * RATE), heel, 0.18 * side, gain)
        put(out, int((at + rng.uniform(0.07, 0.1)) * RATE), toe, 0.18 * side, 0.35 * gain)
        at += each_s + rng.uniform(-0.02, 0.02)
        side = -side
    return out


def heartbeat(rng: np.random.Generator, frames: int) -> Sound:
    """A heart, close by."""
    out = np.zeros((frames, 2), np.float32)
    each_s, at = 60 / rng.uniform(64, 76), 0.1
    time = np.arange(round(0.22 * RATE)) / RATE
    while at * RATE < frames:
        for later_s, hz, gain in ((0.0, 62, 1.0), (0.3, 78, 0.7)):
            beat = (np.sin(2 * np.pi * hz * time * (1 - 0.6 * time)) + 0.4 * np.sin(4 * np.pi * hz * time)) * np.exp(
                -time / 0.055
            )
            beat *= np.minimum(1, time / 0.006)
            put(out, int((at + later_s) * RATE), beat.astype(np.float32), 0.0, gain)
        at += each_s
    return out


def clock(rng: np.random.Generator, frames: int) -> Sound:
    """A clock that ticks and tocks."""
    out = np.zeros((frames, 2), np.float32)
    tick, tock = (band(rng, RATE // 12, low, 2 * low) * decay(1 / 12, 0.007) for low in (2400, 1700))
    for number, at in enumerate(range(RATE // 10, frames, RATE)):
        put(out, at, tick if number % 2 == 0 else tock, 0.1)
    return out


def bell(rng: np.random.Generator, frames: int) -> Sound:
    """A temple or church bell, slow."""
    out = np.zeros((frames, 2), np.float32)
    root = rng.uniform(150, 210)
    time = np.arange(6 * RATE) / RATE
    parts = (
        (0.5, 0.6, 2.6),
        (1.0, 1.0, 2.0),
        (1.19, 0.7, 1.5),
        (1.5, 0.4, 1.2),
        (2.0, 0.6, 0.9),
        (2.74, 0.25, 0.5),
        (4.1, 0.12, 0.3),
    )
    stroke = sum(gain * np.sin(2 * np.pi * root * ratio * time) * np.exp(-time / tau_s) for ratio, gain, tau_s in parts)
    for at in range(RATE // 10, frames, int(rng.uniform(4.5, 6) * RATE)):
        put(out, at, np.asarray(stroke, np.float32), rng.uniform(-0.2, 0.2))
    return out


def knock(rng: np.random.Generator, frames: int) -> Sound:
    """Someone at the door: three knocks, and again after a while."""
    out = np.zeros((frames, 2), np.float32)
    for first in range(RATE // 8, frames, 5 * RATE):
        for number in range(3):
            rap = band(rng, RATE // 6, 140, 700) * decay(1 / 6, 0.02) + 0.2 * band(rng, RATE // 6, 1200, 3000) * decay(
                1 / 6, 0.005
            )
            put(out, first + int((number * 0.24 + rng.uniform(-0.01, 0.01)) * RATE), rap, 0.25, 1 - 0.1 * number)
    return out


def phone(rng: np.random.Generator, frames: int) -> Sound:
    """A telephone that rings, waits, and rings."""
    out = np.zeros((frames, 2), np.float32)
    time = np.arange(round(1.1 * RATE)) / RATE
    gate = (np.sin(2 * np.pi * 20 * time) > 0).astype(np.float32)
    ring = (np.sin(2 * np.pi * 1180 * time) + np.sin(2 * np.pi * 1420 * time)) * signal.lfilter([0.02], [1, -0.98], gate)
    for at in range(RATE // 10, frames, 3 * RATE):
        put(out, at, np.asarray(ring * np.minimum(1, (1.1 - time) / 0.05), np.float32), float(rng.uniform(-0.1, 0.1)))
    return out
