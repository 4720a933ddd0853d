"""A dry voice becomes a finished one: pitch, filter, compression, the room it is spoken in, and an even loudness."""

from __future__ import annotations

import io
import re
import wave as wave_file
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import ndimage, signal

from storyreel.model.digest import seed_of
from storyreel.providers.builtin.speech.kokoro import Wave

OUT_HZ = 48_000
TARGET_LUFS = -16.0
_PEAK = 0.89
_SILENT_LUFS = -70.0
_LEAD_S, _TAIL_S, _LEAST_TAIL_S = 0.05, 0.12, 0.03


@dataclass(frozen=True, slots=True)
class Room:
    """How long a place rings, in seconds to -60 dB, how much of it is heard, and how dark it is."""

    name: str
    rings_s: float
    share: float
    dark_hz: float


DRY = Room("open", 0.0, 0.0, 8000)
_ORDINARY = Room("room", 0.3, 0.07, 6000)
_PLACES: dict[Room, str] = {
    Room("cave", 1.3, 0.24, 3500): "cave tunnel cavern mine sewer 洞 隧道 矿井 地宫 地道 下水道",
    Room(
        "hall", 1.0, 0.18, 5000
    ): """church cathedral hall temple palace station gym theatre theater museum lobby atrium warehouse
        factory 教堂 大厅 大堂 礼堂 宫 殿 寺 庙 站台 车站 剧院 剧场 体育馆 博物馆 仓库 厂房 祠堂""",
    Room(
        "tiled", 0.6, 0.16, 6500
    ): """bathroom toilet stair stairs staircase corridor hallway garage elevator lift 浴室 厕所 洗手间
        楼梯 楼道 走廊 车库 电梯""",
    _ORDINARY: """room office home house kitchen cafe shop car classroom bedroom hospital 室 房 客厅 厨房 家 店 屋 咖啡 病房 车里 车内
        书房 宿舍 医院""",
    DRY: """street forest mountain sea beach field garden park rooftop roof river lake desert bridge village yard sky outdoor outdoors
        outside road 街 巷 路 林 山 海 沙滩 田 花园 公园 屋顶 天台 河 湖 江 沙漠 桥 村 院子 草原 户外 室外 广场 操场""",
}
"""Words that tell what a place sounds like; the first room that has one wins."""


def room_of(place: str) -> Room:
    """The room a place in a person's words sounds like. The open air does not ring, and no place is a quiet studio."""
    said = place.lower()
    words = set(re.findall(r"[a-z]+", said))
    if not said.strip() or re.search("室外|户外|屋顶", said):
        return DRY
    return next((room for room, names in _PLACES.items() if any(_named(name, said, words) for name in names.split())), _ORDINARY)


def _named(name: str, said: str, words: set[str]) -> bool:
    return name in words if name.isascii() else name in said


def polish(dry: Wave, rate_hz: int, *, pitch: float = 1.0, room: Room = DRY, gain_db: float = 0.0, tail_s: float = 10.0) -> Wave:
    """The finished sound at 48 kHz. It begins `lead_s()` before the voice and rings for at most `tail_s` after it."""
    clean = _filtered(_resampled(dry, rate_hz, pitch))
    wet = _ringing(
        np.concatenate([_silence(_LEAD_S), _compressed(clean)]),
        room,
        min(max(tail_s, _LEAST_TAIL_S), _TAIL_S + room.rings_s * 0.6),
    )
    for _ in range(2):  # turning peaks down costs a little loudness, which the second round gives back
        wet = _limited(_levelled(wet, TARGET_LUFS + gain_db))
    return wet


def lead_s() -> float:
    """How long after its beginning a finished sound starts to speak."""
    return _LEAD_S


def least_s() -> float:
    """What finishing adds to a voice's length where there is no room for more."""
    return _LEAD_S + _LEAST_TAIL_S


def loudness_lufs(sound: Wave, rate_hz: int = OUT_HZ) -> float:
    """The integrated loudness (ITU-R BS.1770); of a sound under 0.4 s, which that measure cannot take, its power."""
    import pyloudnorm  # noqa: PLC0415 - it reads its filters from scipy at import

    if len(sound) <= 0.4 * rate_hz:
        return 10 * float(np.log10(np.mean(np.square(sound, dtype=np.float64)) + 1e-12)) - 0.691
    return float(pyloudnorm.Meter(rate_hz).integrated_loudness(sound.astype(np.float64)))


def wav(sound: Wave, rate_hz: int = OUT_HZ) -> bytes:
    """A WAV file: one channel of 16 bits."""
    file = io.BytesIO()
    with wave_file.open(file, "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(rate_hz)
        out.writeframes(np.rint(np.clip(sound, -1, 1) * 32767).astype("<i2").tobytes())
    return file.getvalue()


def unwav(data: bytes) -> tuple[Wave, int]:
    """The samples and the rate of a WAV file of 16 bits; more channels than one are averaged."""
    with wave_file.open(io.BytesIO(data)) as file:
        found = np.frombuffer(file.readframes(file.getnframes()), "<i2").reshape(-1, file.getnchannels())
        return (found.mean(axis=1) / 32768).astype(np.float32), file.getframerate()


def _resampled(dry: Wave, rate_hz: int, pitch: float) -> Wave:
    """To the output's rate; `pitch` above 1 also plays it that much faster, which makes the speaker smaller."""
    return _array(signal.resample_poly(dry, OUT_HZ // 120, round(rate_hz * pitch / 120)))


def _filtered(sound: Wave) -> Wave:
    low: Any = signal.butter(2, 80, "highpass", fs=OUT_HZ, output="sos")
    return _array(signal.sosfilt(low, sound))


def _compressed(sound: Wave) -> Wave:
    """What is louder than the voice's usual level comes down by a third, over a tenth of a second."""
    power: Any = ndimage.uniform_filter1d(sound.astype(np.float64) ** 2, OUT_HZ // 20, mode="constant")
    level: Any = np.sqrt(np.maximum(ndimage.uniform_filter1d(power, OUT_HZ // 10, mode="constant"), 1e-18))
    usual = float(np.sqrt(np.mean(np.square(sound, dtype=np.float64)))) + 1e-9
    return _array(sound * np.minimum(1.0, (usual / level) ** (1 / 3)))


def _ringing(sound: Wave, room: Room, tail_s: float) -> Wave:
    """The sound in its room: noise that dies away stands for the walls. The end fades, so that it may be short."""
    held: Wave = np.concatenate([sound, _silence(tail_s)])
    if room.share:
        wet = signal.fftconvolve(held, _walls(room))[: len(held)]
        held = _array(held + wet * (room.share * _rms(held) / _rms(_array(wet))))
    fade = min(len(held), round(max(tail_s, 0.01) * OUT_HZ))
    held[-fade:] *= np.linspace(1, 0, fade, dtype=np.float32)
    return held


def _walls(room: Room) -> Wave:
    count = round(room.rings_s * OUT_HZ)
    chance = np.random.default_rng(seed_of("room", room.name))
    noise = chance.standard_normal(count) * 10 ** (-3 * np.arange(count) / count)
    noise[: round(0.012 * OUT_HZ)] = 0
    dark: Any = signal.butter(1, [200, room.dark_hz], "bandpass", fs=OUT_HZ, output="sos")
    return _array(signal.sosfilt(dark, noise))


def _levelled(sound: Wave, target_lufs: float) -> Wave:
    found = loudness_lufs(sound)
    return _array(sound * 10 ** ((target_lufs - found) / 20)) if found > _SILENT_LUFS else sound


def _limited(sound: Wave) -> Wave:
    """Peaks over the ceiling are turned down for the few milliseconds around them."""
    span = OUT_HZ // 200
    peaks: Any = ndimage.maximum_filter1d(np.abs(sound), 2 * span + 1)
    gain: Any = ndimage.uniform_filter1d(np.minimum(1.0, _PEAK / np.maximum(peaks, 1e-9)), span)
    return _array(sound * gain)


def _silence(length_s: float) -> Wave:
    return np.zeros(round(max(length_s, 0.0) * OUT_HZ), np.float32)


def _rms(sound: Wave) -> float:
    return float(np.sqrt(np.mean(np.square(sound, dtype=np.float64)))) + 1e-9


def _array(found: Any) -> Wave:
    return np.asarray(found, np.float32)
