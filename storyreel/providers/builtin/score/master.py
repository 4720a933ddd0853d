"""The last room: a little reverb, the bass held back, the level brought to the house's, and no peak above its ceiling."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryFile
from typing import cast

import numpy as np
import numpy.typing as npt
from scipy import ndimage, signal

RATE = 48_000
TARGET_LUFS = -23.0
CEILING = 10 ** (-6.6 / 20)
BASS_HZ = 250.0
MOST_BASS = 0.70
Sound = npt.NDArray[np.float32]
Double = npt.NDArray[np.float64]
_WHISPER: Double = np.random.default_rng(0).standard_normal((RATE, 2)) * 1e-9


def _k_weighting() -> Double:
    """The two filters of BS.1770 at 48 kHz, as printed there."""
    shelf = [1.53512485958697, -2.69169618940638, 1.19839281085285, 1.0, -1.69065929318241, 0.73248077421585]
    high = [1.0, -2.0, 1.0, 1.0, -1.99004745483398, 0.99007225036621]
    return np.array([shelf, high])


@dataclass(slots=True)
class Meter:
    """Loudness after ITU-R BS.1770-4 and the share of the bass, taken block by block."""

    _weight: Double = field(default_factory=_k_weighting)
    _low: Double = field(default_factory=lambda: _butter(BASS_HZ, "lowpass", 4))
    _states: dict[str, Double] = field(default_factory=dict[str, Double])
    _rest: Double = field(default_factory=lambda: np.zeros((0, 2)))
    _tenths: list[float] = field(default_factory=list[float])
    _bass: float = 0.0
    _all: float = 0.0

    def hear(self, block: Sound) -> None:
        """Take the next block in, float32 (frames, 2)."""
        weighted, low = self._filtered("k", self._weight, block), self._filtered("low", self._low, block)
        self._bass += float(np.sum(low**2))
        self._all += float(np.sum(block.astype(np.float64) ** 2))
        waiting = np.concatenate([self._rest, weighted])
        whole = len(waiting) // (RATE // 10) * (RATE // 10)
        tenths = waiting[:whole].reshape(-1, RATE // 10, 2)
        self._tenths += cast("list[float]", np.mean(tenths**2, axis=1).sum(axis=1).tolist())
        self._rest = waiting[whole:]

    def lufs(self) -> float:
        """The integrated loudness of all that was heard; -inf for silence."""
        power = np.array(self._tenths)
        frames = np.convolve(power, np.full(4, 0.25), mode="valid") if len(power) >= 4 else power
        loud = frames[frames > _power(-70)]
        if not len(loud):
            return -math.inf
        return _lufs(float(np.mean(loud[loud > np.mean(loud) / 10])))

    def bass_share(self) -> float:
        """The part of the energy below 250 Hz, 0 to 1."""
        return self._bass / self._all if self._all else 0.0

    def _filtered(self, name: str, sos: Double, block: Sound) -> Double:
        state = self._states.get(name, np.zeros((len(sos), 2, 2)))
        # A whisper of noise: filters that ring out into pure silence crawl through denormal numbers.
        kept = block + np.resize(_WHISPER, block.shape)
        out, self._states[name] = cast("tuple[Double, Double]", signal.sosfilt(sos, kept, axis=0, zi=state))
        return out


def _power(lufs: float) -> float:
    return 10 ** ((lufs + 0.691) / 10)


def _lufs(power: float) -> float:
    return -0.691 + 10 * math.log10(power)


def _butter(hz: float, kind: str, order: int = 2) -> Double:
    return cast("Double", signal.butter(order, hz, kind, fs=RATE, output="sos"))


def room(seconds: float, seed: int = 7) -> Sound:
    """The echo of a room: noise that dies away, two channels unlike each other, of energy one."""
    rng = np.random.default_rng(seed)
    frames = round(seconds * RATE)
    along = np.arange(frames)[:, None] / RATE
    noise = rng.standard_normal((frames, 2)) * np.exp(-6.9 * along / seconds)
    shaped = signal.sosfilt(np.vstack([_butter(300, "highpass"), _butter(5200, "lowpass")]), noise, axis=0)
    late = np.concatenate([np.zeros((round(0.018 * RATE), 2)), cast("Double", shaped)])
    return cast("Sound", (late / np.sqrt(np.sum(late**2) / 2)).astype(np.float32))


def reverberated(blocks: Iterator[Sound], wet: float, room_s: float) -> Iterator[Sound]:
    """The blocks in a room, rumble below 60 Hz taken out. `wet` is the room's share. Lengths do not change."""
    echo = room(room_s)
    tail = np.zeros((len(echo) - 1, 2), np.float32)
    rumble = _butter(60, "highpass")
    state = np.zeros((len(rumble), 2, 2))
    for raw in blocks:
        filtered, state = cast("tuple[Double, Double]", signal.sosfilt(rumble, raw, axis=0, zi=state))
        block = filtered.astype(np.float32)
        sound = cast("Sound", signal.oaconvolve(block, echo, axes=0)).astype(np.float32)
        sound[: len(tail)] += tail
        tail = sound[len(block) :]
        yield ((1 - 0.5 * wet) * block + 1.6 * wet * sound[: len(block)]).astype(np.float32)


def finished(
    blocks: Iterator[Sound], total: int, scratch: Path, check: Callable[[float], None], ring_s: float
) -> npt.NDArray[np.int16]:
    """`total` frames of mastered stereo, int16 (frames, 2). `check` is told how far the sounding is, 0 to 1, and may raise.

    The sound waits in an unnamed file under `scratch` between its two passes, so a long piece needs little memory.
    """
    with TemporaryFile(dir=scratch) as file:
        sound: Sound = np.memmap(file, np.float32, "w+", shape=(total, 2))
        meter, at = Meter(), 0
        for block in blocks:
            sound[at : at + len(block)] = block
            meter.hear(block)
            at += len(block)
            check(at / total)
        for _ in range(4):
            if meter.bass_share() > MOST_BASS:
                meter = _lightened(sound, meter.bass_share())
        out = np.empty((total, 2), np.int16)
        gain = 10 ** ((TARGET_LUFS - meter.lufs()) / 20) if math.isfinite(meter.lufs()) else 0.0
        for start, end in _spans(total):
            out[start:end] = _levelled(sound, start, end, gain)
        del sound
    return _faded(out, ring_s)


def _spans(total: int, step: int = 20 * RATE) -> list[tuple[int, int]]:
    return [(start, min(total, start + step)) for start in range(0, total, step)]


def _lightened(sound: Sound, share: float) -> Meter:
    """Turn the bass down, in place, towards its greatest share; the meter of what is left."""
    meter = Meter()
    gain = math.sqrt((MOST_BASS - 0.06) / (1 - MOST_BASS + 0.06) * (1 - share) / share)
    pole = _butter(1.4 * BASS_HZ, "lowpass", 1)
    state = np.zeros((1, 2, 2))
    for start, end in _spans(len(sound)):
        block = np.asarray(sound[start:end])
        low, state = cast("tuple[Double, Double]", signal.sosfilt(pole, block, axis=0, zi=state))
        sound[start:end] = block - (1 - gain) * low
        meter.hear(np.asarray(sound[start:end]))
    return meter


def _levelled(sound: Sound, start: int, end: int, gain: float) -> npt.NDArray[np.int16]:
    """A span at its level; where a peak would pass the ceiling, the sound dips smoothly round it."""
    margin = RATE // 50
    first, last = max(0, start - 2 * margin), min(len(sound), end + 2 * margin)
    loud = np.asarray(sound[first:last]) * np.float32(gain)
    peaks = np.max(np.abs(loud), axis=1)
    if float(np.max(peaks)) > CEILING:
        room_left = np.minimum(1.0, CEILING / np.maximum(peaks, 1e-9))
        dips = ndimage.uniform_filter1d(ndimage.minimum_filter1d(room_left, margin + 1), margin + 1)
        loud = loud * np.minimum(dips, room_left)[:, None]
    wanted = loud[start - first : end - first]
    return np.round(wanted * 32767).astype(np.int16)


def _faded(out: npt.NDArray[np.int16], ring_s: float) -> npt.NDArray[np.int16]:
    """A soft edge at the front, and an end that is truly silent."""
    into, outof = RATE // 100, max(RATE // 20, round(min(1.2, 0.55 * ring_s) * RATE))
    rise = np.sin(np.linspace(0, np.pi / 2, into)) ** 2
    fall = np.cos(np.linspace(0, np.pi / 2, outof)) ** 2
    out[:into] = np.round(out[:into] * rise[:, None])
    out[-outof:] = np.round(out[-outof:] * fall[:, None])
    return out


def wav(sound: npt.NDArray[np.int16]) -> bytes:
    """A WAV file of 16-bit stereo at 48 kHz."""
    data = np.ascontiguousarray(sound, "<i2").data.cast("B")
    header = b"RIFF" + (36 + len(data)).to_bytes(4, "little") + b"WAVEfmt " + (16).to_bytes(4, "little")
    shape = [(1, 2), (2, 2), (RATE, 4), (RATE * 4, 4), (4, 2), (16, 2)]
    fields = b"".join(value.to_bytes(size, "little") for value, size in shape)
    return b"".join((header, fields, b"data", len(data).to_bytes(4, "little"), data))
