"""What is heard beside words and music: the sound of a place, chosen by words in Chinese or English, by weather and by place."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt
from scipy import signal

from storyreel.model.spec import Weather
from storyreel.providers.builtin.score import sounds
from storyreel.providers.builtin.score.master import Meter

RATE = sounds.RATE
TARGET_LUFS = -30.0
Sound = npt.NDArray[np.float32]

_LOOP_S = 32.0
_OVERLAP_S = 2.0
_CEILING = 10 ** (-6.5 / 20)
_MUFFLED_HZ = 900.0


@dataclass(frozen=True, slots=True)
class Ambience:
    """A sound that can be asked for: who makes it, the words that name it, and how loud it is beside the others."""

    make: sounds.Maker
    words: tuple[str, ...]
    level_db: float = 0.0


AMBIENCES: dict[str, Ambience] = {
    "storm": Ambience(sounds.storm, ("storm", "stormy", "thunderstorm", "tempest", "typhoon", "暴风雨", "雷雨", "暴雨", "雷暴", "台风", "风暴")),
    "thunder": Ambience(sounds.thunder, ("thunder", "lightning", "打雷", "雷声", "雷鸣", "闪电", "雷")),
    "rain": Ambience(sounds.rain, ("rain", "raining", "rainy", "drizzle", "downpour", "下雨", "雨声", "小雨", "大雨", "雨")),
    "wind": Ambience(sounds.wind, ("wind", "windy", "breeze", "gale", "风声", "大风", "微风", "寒风", "风"), -2),
    "snow": Ambience(sounds.snow, ("snow", "snowing", "snowy", "blizzard", "下雪", "雪地", "大雪", "雪"), -8),
    "sea": Ambience(sounds.sea, ("sea", "ocean", "beach", "wave", "surf", "shore", "海浪", "大海", "海边", "海滩", "浪", "海")),
    "river": Ambience(
        sounds.river, ("river", "stream", "creek", "brook", "waterfall", "fountain", "流水", "河", "溪", "瀑布", "喷泉", "小桥")
    ),
    "traffic": Ambience(
        sounds.traffic,
        ("traffic", "city", "street", "car", "road", "highway", "downtown", "rooftop", "alley", "车流", "城市", "街", "马路", "公路", "汽车", "都市", "天台", "巷"),
    ),
    "crowd": Ambience(
        sounds.crowd,
        ("crowd", "people", "market", "cafe", "café", "restaurant", "bar", "mall", "party", "chatter", "murmur", "人群", "人声", "嘈杂", "喧闹", "市场", "集市",
         "咖啡", "餐厅", "酒吧", "商场", "聚会", "夜市", "食堂", "教室", "classroom"),
        -2,
    ),
    "night": Ambience(sounds.night, ("cricket", "night", "cicada", "insect", "蟋蟀", "夜晚", "虫鸣", "夜里", "深夜", "蝉", "夜"), -5),
    "morning": Ambience(
        sounds.morning,
        ("bird", "birdsong", "morning", "forest", "wood", "garden", "park", "dawn", "鸟鸣", "鸟叫", "清晨", "早晨", "森林", "树林", "花园", "公园", "鸟", "林", "山"),
        -4,
    ),
    "train": Ambience(sounds.train, ("train", "railway", "subway", "metro", "platform", "火车", "列车", "地铁", "高铁", "铁路", "站台", "车站")),
    "fire": Ambience(sounds.fire, ("fire", "campfire", "bonfire", "fireplace", "flame", "火焰", "篝火", "壁炉", "火堆", "炉火", "火"), -2),
    "room": Ambience(
        sounds.room,
        ("room", "office", "home", "bedroom", "kitchen", "indoor", "indoors", "hospital", "house", "library", "room tone", "房间", "室内", "办公室", "卧室",
         "客厅", "厨房", "医院", "病房", "家", "图书馆", "屋", "底噪"),
        -14,
    ),
    "footsteps": Ambience(sounds.footsteps, ("footstep", "step", "walking", "脚步", "走路", "步伐"), -1),
    "heartbeat": Ambience(sounds.heartbeat, ("heartbeat", "heart", "pulse", "心跳", "心脏")),
    "clock": Ambience(sounds.clock, ("clock", "tick", "ticking", "钟表", "时钟", "滴答", "嘀嗒"), -4),
    "bell": Ambience(sounds.bell, ("bell", "temple", "church", "chime", "钟声", "敲钟", "寺", "庙", "教堂"), -3),
    "knock": Ambience(sounds.knock, ("knock", "knocking", "敲门")),
    "phone": Ambience(sounds.phone, ("phone", "telephone", "ringtone", "电话", "铃声", "手机"), -3),
}  # fmt: skip
"""Every ambience and effect by name."""

_SILENT = ("silence", "silent", "none", "mute", "静音", "无声", "安静无声", "寂静无声")
_NOT_SOUNDS = (
    "风格",
    "风景",
    "家人",
    "大家",
    "国家",
    "作家",
    "专家",
    "画家",
    "火锅",
    "街舞",
    "car park",
    "bar chart",
    "heart of",
)
_WEATHER: dict[Weather, str] = {"rain": "rain", "storm": "storm", "snow": "snow"}
_INDOORS = frozenset({"room", "crowd", "clock", "train"})


def heard(words: str, weather: Weather = "clear", place: str = "") -> tuple[str, ...]:
    """The names of what will be heard: what the words name, or else what the place sounds like; then the weather.

    With nothing that is known it is the tone of a room. Words that ask for silence give none at all.
    """
    if any(_spots(word, words.casefold()) for word in _SILENT):
        return ()
    named = _found(words, _index()) or _found(place, _index())
    sky = (_WEATHER[weather],) if weather in _WEATHER else ()
    return tuple(dict.fromkeys((*named, *sky))) or ("room",)


def ambience(words: str, weather: Weather = "clear", place: str = "", duration_s: float = 10.0, seed: int = 0) -> Sound:
    """Ambience and effects as float32 (frames, 2) at 48 kHz, exactly `duration_s`, peaks under -6 dBFS.

    It is about -30 LUFS; a place that is quiet by nature (snow, night, a room) is down to 14 dB quieter.

    A bed is made for half a minute and laid end over end, so a long one costs little more. The same arguments give the same sound.
    """
    frames = max(1, round(duration_s * RATE))
    names = heard(words, weather, place)
    if not names:
        return np.zeros((frames, 2), np.float32)
    out = np.zeros((frames, 2), np.float32)
    indoors = bool(_INDOORS & set(_found(f"{words} {place}", _index())))
    for name in names:
        outside = indoors and name in _WEATHER.values()
        out += _layer(name, frames, seed, muffled=outside) * np.float32(10 ** (AMBIENCES[name].level_db / 20))
    return _edges(_levelled(out, 10 ** (_loudest_db(names) / 20)))


def _loudest_db(names: tuple[str, ...]) -> float:
    """A place that is quiet by nature stays quieter than a loud one."""
    return max(AMBIENCES[name].level_db for name in names)


def _layer(name: str, frames: int, seed: int, *, muffled: bool) -> Sound:
    """One sound over its whole length, at the meter's level."""
    rng = np.random.default_rng([seed & 0x7FFFFFFF, sorted(AMBIENCES).index(name)])
    loop = min(frames, round((_LOOP_S + _OVERLAP_S) * RATE))
    made = AMBIENCES[name].make(rng, loop).astype(np.float32)
    if muffled:
        sos = signal.butter(2, _MUFFLED_HZ, "lowpass", fs=RATE, output="sos")
        made = np.asarray(signal.sosfilt(sos, made, axis=0), np.float32)
    meter = Meter()
    meter.hear(made)
    loudness = meter.lufs()
    gain = 10 ** ((TARGET_LUFS - loudness) / 20) if np.isfinite(loudness) else 1.0
    return _laid(made * np.float32(gain * (0.4 if muffled else 1.0)), frames)


def _laid(loop: Sound, frames: int) -> Sound:
    """The loop end over end, each crossing into the next at equal power."""
    if len(loop) >= frames:
        return loop[:frames]
    overlap = round(_OVERLAP_S * RATE)
    step = len(loop) - overlap
    rise = np.sqrt(np.linspace(0, 1, overlap, dtype=np.float32))[:, None]
    shaped = loop.copy()
    shaped[:overlap] *= rise
    shaped[-overlap:] *= rise[::-1]
    out = np.zeros((frames, 2), np.float32)
    for number, at in enumerate(range(0, frames, step)):
        piece = (loop if number == 0 else shaped)[: frames - at].copy()
        if number == 0:
            piece[-overlap:] *= rise[::-1]
        out[at : at + len(piece)] += piece
    return out


def _levelled(sound: Sound, level: float) -> Sound:
    meter = Meter()
    meter.hear(sound[: round(2 * _LOOP_S * RATE)])  # the beds repeat from here on
    loudness = meter.lufs()
    gain = level * 10 ** ((TARGET_LUFS - loudness) / 20) if np.isfinite(loudness) else 1.0
    peak = float(np.max(np.abs(sound))) * gain
    return sound * np.float32(gain) if peak <= _CEILING else _rounded(sound * np.float32(gain))


def _rounded(sound: Sound) -> Sound:
    """Peaks bent softly under the ceiling; what is below half of it is left as it is."""
    knee = np.float32(_CEILING / 2)
    over = np.abs(sound) - knee
    bent = knee + knee * np.tanh(over / knee)
    return np.where(over > 0, np.sign(sound) * bent, sound).astype(np.float32)


def _edges(sound: Sound) -> Sound:
    """A soft start and end, so that it can be cut in anywhere."""
    frames = min(len(sound) // 4, RATE // 4)
    ramp = np.sin(np.linspace(0, np.pi / 2, frames, dtype=np.float32))[:, None] ** 2
    sound[:frames] *= ramp
    sound[len(sound) - frames :] *= ramp[::-1]
    return sound


@cache
def _index() -> dict[str, str]:
    return {word: name for name, known in AMBIENCES.items() for word in known.words} | dict.fromkeys(_NOT_SOUNDS, "")


def _found(text: str, index: dict[str, str]) -> tuple[str, ...]:
    """Names by the words in a text, the longest word first, so that 火车 is a train and no fire; in the order of the text."""
    left, found = text.casefold(), list[tuple[int, str]]()
    for word in sorted(index, key=lambda known: (-len(known), known)):
        for start, end in _spots(word, left):
            found.append((start, index[word]))
            left = left[:start] + "\0" * (end - start) + left[end:]
    return tuple(dict.fromkeys(name for _, name in sorted(found) if name))


def _spots(word: str, text: str) -> list[tuple[int, int]]:
    """Where a word stands in a text. Latin words stand alone or with an ending; Chinese ones have no gaps to go by."""
    pattern = rf"(?<![a-z]){re.escape(word)}(?:s|es)?(?![a-z])" if word[0].isascii() else re.escape(word)
    return [match.span() for match in re.finditer(pattern, text)]
