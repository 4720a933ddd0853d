"""Sound as arrays at 48 kHz: reading, placing, ducking, mixing and bringing to a loudness. Pure, and the same every time."""

from __future__ import annotations

import math
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import numpy as np
from numpy.typing import NDArray

from storyreel.model.errors import BadInput

Samples = NDArray[np.float32]
"""Samples x channels, full scale at 1.0."""

RATE_HZ = 48_000
SPEECH_LUFS = -16.0
MUSIC_LUFS = -23.0
_CONTROL_HZ = 200  # gains are reckoned this often and drawn in straight lines between
_SPEECH_DB = -28.0  # under the loudest syllables: breath and room lie lower
_FLOOR_DBFS = -70.0
_LOOKAHEAD_S = 0.005
_BLOCK_S = 0.4
_OVERSAMPLING = 4
_CHUNK = 1 << 18


class UnreadableSound(BadInput):
    """These bytes are no WAV sound that can be read."""

    code = "unreadable-sound"


@dataclass(frozen=True, slots=True)
class Placed:
    """A sound and where it begins. `pan` runs from -1 (left) to 1 (right)."""

    samples: Samples
    at_s: float = 0.0
    gain_db: float = 0.0
    fade_in_s: float = 0.0
    fade_out_s: float = 0.0
    pan: float = 0.0


@dataclass(frozen=True, slots=True)
class Levels:
    """How the parts of a mix stand to each other and how loud the whole becomes. A bus at None is left as it came."""

    speech_lufs: float | None = SPEECH_LUFS
    music_lufs: float | None = MUSIC_LUFS
    effects_gain_db: float = -6.0
    duck_db: float = 9.0
    target_lufs: float = -16.0
    ceiling_dbtp: float = -1.0


def read_wav(data: bytes, rate_hz: int = RATE_HZ) -> Samples:
    """A WAV file's samples at `rate_hz`.

    Raises:
        UnreadableSound: it is no WAV, or one of an unknown kind.
    """
    from scipy.io import wavfile  # noqa: PLC0415 (see `resample`)

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", wavfile.WavFileWarning)  # chunks of others, such as labels
            found_hz, raw = wavfile.read(BytesIO(data))
    except (ValueError, EOFError) as unreadable:
        raise UnreadableSound(f"this is no WAV sound: {unreadable}") from unreadable
    return resample(_floats(raw), found_hz, rate_hz)


def write_wav(samples: Samples, rate_hz: int = RATE_HZ, *, bits: int = 24) -> bytes:
    """The samples as a WAV file of 16 or 24 bits; what is over full scale is cut."""
    import wave  # noqa: PLC0415

    size = bits // 8
    whole = np.rint(np.clip(samples, -1.0, 1.0).astype(np.float64) * (2 ** (bits - 1) - 1)).astype("<i4")
    data = whole.reshape(-1, 1).view(np.uint8)[:, :size] if bits in {16, 24} else None
    if data is None:
        raise UnreadableSound(f"{bits} bits: WAV is written with 16 or 24")
    out = BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(samples.shape[1])
        file.setsampwidth(size)
        file.setframerate(rate_hz)
        file.writeframes(data.tobytes())
    return out.getvalue()


def resample(samples: Samples, from_hz: int, to_hz: int) -> Samples:
    """The same sound at another rate."""
    from scipy import signal  # noqa: PLC0415 (it takes seconds to load, and only those who mix need it)

    if from_hz == to_hz:
        return samples
    common = math.gcd(from_hz, to_hz)
    return np.asarray(signal.resample_poly(samples, to_hz // common, from_hz // common, axis=0), np.float32)


def stereo(samples: Samples, pan: float = 0.0) -> Samples:
    """Two channels. A mono sound is placed by equal power; the balance of a stereo one is turned."""
    angle = (min(1.0, max(-1.0, pan)) + 1) * math.pi / 4
    sides = np.array([math.cos(angle), math.sin(angle)], np.float32)
    if samples.shape[1] == 1:
        # In the middle both sides carry the sound as it is, so that a voice keeps its level.
        return np.asarray(samples * sides * math.sqrt(2), np.float32)
    return np.asarray(samples[:, :2] * np.minimum(1.0, sides * math.sqrt(2)), np.float32)


def gain(level_db: float) -> float:
    """The factor that `level_db` stands for."""
    return 10.0 ** (level_db / 20)


def faded(samples: Samples, in_s: float, out_s: float) -> Samples:
    """The sound with smooth ends."""
    shape = np.ones(len(samples), np.float32)
    for length_s, ending in ((in_s, False), (out_s, True)):
        count = min(len(samples), round(length_s * RATE_HZ))
        ramp = np.asarray(0.5 - 0.5 * np.cos(np.pi * (np.arange(count) + 0.5) / max(1, count)), np.float32)
        if count:
            shape[-count if ending else 0 : None if ending else count] *= ramp[::-1] if ending else ramp
    return samples * shape[:, None]


def placed(clips: Sequence[Placed], count: int) -> Samples:
    """`count` stereo samples with each clip at its place; what lies outside is cut."""
    bus = np.zeros((count, 2), np.float32)
    for clip in clips:
        sound = stereo(faded(clip.samples, clip.fade_in_s, clip.fade_out_s), clip.pan) * np.float32(gain(clip.gain_db))
        start = round(clip.at_s * RATE_HZ)
        low, high = max(0, start), min(count, start + len(sound))
        if high > low:
            bus[low:high] += sound[low - start : high - start]
    return bus


def mix(
    duration_s: float,
    speech: Sequence[Placed] = (),
    music: Sequence[Placed] = (),
    effects: Sequence[Placed] = (),
    levels: Levels | None = None,
) -> Samples:
    """The film's sound: exactly `duration_s` of stereo, music held down under speech, the whole at its loudness."""
    asked = levels or Levels()
    count = round(duration_s * RATE_HZ)
    voice = levelled(placed(speech, count), asked.speech_lufs)
    score = levelled(placed(music, count), asked.music_lufs)
    score *= ducking(voice, asked.duck_db)[:, None]
    rest = placed(effects, count) * np.float32(gain(asked.effects_gain_db))
    return normalised(np.asarray(voice + score + rest, np.float32), asked.target_lufs, asked.ceiling_dbtp)


def levelled(samples: Samples, lufs: float | None) -> Samples:
    """The sound brought to a loudness by gain alone; silence stays silence."""
    if lufs is None:
        return samples
    found = loudness_lufs(samples)
    return samples * np.float32(gain(lufs - found)) if math.isfinite(found) else samples


def ducking(speech: Samples, depth_db: float, *, attack_s: float = 0.25, release_s: float = 0.7) -> NDArray[np.float32]:
    """The gain for music under this speech, one a sample: down before a line begins, up slowly after it, still between words."""
    from scipy import ndimage  # noqa: PLC0415 (it takes seconds to load, and only those who mix need it)

    hop = RATE_HZ // _CONTROL_HZ
    steps = -(-len(speech) // hop) or 1
    padded = np.zeros(steps * hop, np.float32)
    padded[: len(speech)] = np.abs(speech).max(axis=1, initial=0.0)
    level = np.sqrt((padded.reshape(steps, hop) ** 2).mean(axis=1))
    spoken = level > max(gain(_FLOOR_DBFS), gain(_SPEECH_DB) * float(np.percentile(level, 99.5)))
    # Held over the gaps between words: the music must not pump.
    hold = round(0.45 * _CONTROL_HZ)
    held = ndimage.binary_closing(np.pad(spoken, hold), np.ones(2 * hold + 1))[hold:-hold] | spoken
    down = _sloped(held, attack_s, release_s)
    curve = np.power(10.0, -depth_db / 20 * down)
    places = np.arange(len(speech)) / hop
    return np.asarray(np.interp(places, np.arange(steps) + 0.5, curve), np.float32)


def _sloped(held: NDArray[np.bool_], attack_s: float, release_s: float) -> NDArray[np.float64]:
    """0 to 1, reaching 1 where `held` begins and leaving it where `held` ends, along half a cosine."""
    steps = np.arange(len(held), dtype=np.float64)
    ahead = np.where(held, 0.0, _distance(held[::-1], steps)[::-1]) / (attack_s * _CONTROL_HZ)
    behind = np.where(held, 0.0, _distance(held, steps)) / (release_s * _CONTROL_HZ)
    near = np.maximum(1 - ahead, 1 - behind).clip(0.0, 1.0)
    return np.asarray(0.5 - 0.5 * np.cos(np.pi * near))


def _distance(held: NDArray[np.bool_], steps: NDArray[np.float64]) -> NDArray[np.float64]:
    """Steps since it was last held."""
    last = np.maximum.accumulate(np.where(held, steps, -1e9))
    return steps - last


def loudness_lufs(samples: Samples) -> float:
    """Integrated loudness (ITU-R BS.1770); -inf for silence. A sound shorter than one block is measured with silence behind it."""
    import pyloudnorm  # noqa: PLC0415

    least = round(_BLOCK_S * RATE_HZ) + 1
    if not len(samples) or not np.any(samples):
        return -math.inf
    whole = samples if len(samples) >= least else np.pad(samples, ((0, least - len(samples)), (0, 0)))
    meter: Any = pyloudnorm.Meter(RATE_HZ)
    with warnings.catch_warnings(), np.errstate(divide="ignore"):
        warnings.simplefilter("ignore", RuntimeWarning)  # of blocks that are silent
        found = float(meter.integrated_loudness(whole.astype(np.float64)))
    return found if math.isfinite(found) else -math.inf


def true_peak_dbtp(samples: Samples) -> float:
    """The highest point between the samples too, in decibels of full scale; -inf for silence."""
    peak = max((float(part.max(initial=0.0)) for part in _peaks(samples)), default=0.0)
    return 20 * math.log10(peak) if peak > 0 else -math.inf


def limited(samples: Samples, ceiling_dbtp: float) -> Samples:
    """The sound held under a true peak: gain falls smoothly just before a peak and returns after it."""
    from scipy import ndimage  # noqa: PLC0415 (it takes seconds to load, and only those who mix need it)

    ceiling = gain(ceiling_dbtp - 0.05)
    peaks = np.concatenate(list(_peaks(samples))) if len(samples) else np.zeros(0, np.float32)
    if not len(peaks) or peaks.max() <= ceiling:
        return samples
    need = np.minimum(1.0, ceiling / np.maximum(peaks, 1e-9))
    ahead = round(_LOOKAHEAD_S * RATE_HZ)
    lowest = ndimage.minimum_filter1d(need, 2 * ahead + 1, mode="nearest")
    # Two running means of one look-ahead each stay inside the window of the minimum, so that no peak gets out.
    smooth = ndimage.uniform_filter1d(ndimage.uniform_filter1d(lowest, ahead, mode="nearest"), ahead, mode="nearest")
    return samples * np.asarray(smooth, np.float32)[:, None]


def normalised(samples: Samples, target_lufs: float, ceiling_dbtp: float) -> Samples:
    """The sound at `target_lufs` under `ceiling_dbtp`; silence stays as it is.

    Where peaks must be held down the gain is found again, since holding them makes the whole softer.
    """
    found = loudness_lufs(samples)
    if not math.isfinite(found):
        return samples
    lift_db = target_lufs - found
    made = samples
    for _ in range(4):
        made = limited(samples * np.float32(gain(lift_db)), ceiling_dbtp)
        off = target_lufs - loudness_lufs(made)
        if abs(off) < 0.05:  # noqa: PLR2004
            break
        lift_db += off
    return made


def _peaks(samples: Samples) -> list[NDArray[np.float32]]:
    """For each sample the highest level near it, of all channels, found at four times the rate."""
    from scipy import signal  # noqa: PLC0415 (it takes seconds to load, and only those who mix need it)

    found: list[NDArray[np.float32]] = []
    edge = 64
    for start in range(0, len(samples), _CHUNK):
        low, high = max(0, start - edge), min(len(samples), start + _CHUNK + edge)
        fine = np.abs(signal.resample_poly(samples[low:high], _OVERSAMPLING, 1, axis=0)).max(axis=1)
        near = fine.reshape(-1, _OVERSAMPLING).max(axis=1)
        stop = min(len(samples), start + _CHUNK)
        found.append(np.asarray(near[start - low : stop - low], np.float32))
    return found


def _floats(raw: NDArray[Any]) -> Samples:
    flat = raw[:, None] if raw.ndim == 1 else raw
    if flat.dtype == np.uint8:
        return np.asarray((flat.astype(np.float32) - 128) / 128, np.float32)
    if np.issubdtype(flat.dtype, np.integer):
        return (flat / float(2 ** (8 * flat.dtype.itemsize - 1))).astype(np.float32)
    return flat.astype(np.float32)
