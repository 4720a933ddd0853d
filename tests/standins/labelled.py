"""A labelled set of shots, good ones and broken ones, drawn by the house's own painter and camera and then damaged on purpose.

Every shot is the same on every machine. Half of the first scenes are for finding limits (`tune`), the others for trying them (`held`):
what is learnt on the first is never tried on a scene that taught it. The last scenes were drawn when the limits stood (`unseen`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from io import BytesIO
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from storyreel.media import move, picture, sound
from storyreel.media.encode import Encoder
from storyreel.media.format import Format
from storyreel.media.picture import Image
from storyreel.media.probe import decoded
from storyreel.model.digest import seed_of
from storyreel.model.spec import Figure, FrameSpec, Look
from storyreel.pipeline.ports import Box, ImageRequest
from storyreel.pipeline.tools import Spoken

FPS, FRAMES, WIDTH, HEIGHT = 12, 30, 320, 180
STILL = (352, 198)
TONE_HZ = 48_000
LIN = Look(seed=3, gender="woman", age="young", top_colour="#c83232", garment="sweater", hair_colour="#1c1414")
CHEN = Look(seed=8, gender="man", age="adult", top_colour="#2f6f8f", garment="sweater", hair_colour="#3a2a1c")
MEI = Look(seed=21, gender="woman", age="adult", top_colour="#e0b030", garment="jacket", hair_colour="#7a4a24")
OLD = Look(seed=33, gender="man", age="elder", top_colour="#5a7a3a", garment="sweater", hair_colour="#c8c8c8")
# Who stands there instead: nothing about them is as the shot says.
STRANGER = {
    "lin": Look(seed=90, gender="man", age="elder", top_colour="#3cb44b", garment="jacket", hair_colour="#d8d8d8"),
    "chen": Look(seed=91, gender="woman", age="young", top_colour="#e8d020", garment="jacket", hair_colour="#c05020"),
    "mei": Look(seed=92, gender="man", age="adult", top_colour="#2a4fd0", garment="sweater", hair_colour="#202020"),
    "old": Look(seed=93, gender="woman", age="young", top_colour="#d040a0", garment="sweater", hair_colour="#301010"),
}
PEOPLE = {"lin": LIN, "chen": CHEN, "mei": MEI, "old": OLD}


@dataclass(frozen=True)
class Base:
    """One scene of the set: what is drawn and how it is filmed. `people` by name; `palette` where the project has one."""

    number: int
    frame: FrameSpec
    move: str
    pace: str = "normal"
    mark: str = "day"


@dataclass(frozen=True)
class Labelled:
    """One shot and what is the matter with it: `fault` is empty for a good one. `kind` is what it is a case of."""

    name: str
    base: Base
    fault: str
    kind: str
    clip: bytes
    picture: bytes
    heads: tuple[Box, ...] = ()
    voice: bytes | None = None
    lines: tuple[Spoken, ...] = ()
    frames: int = FRAMES
    size: tuple[int, int] = (WIDTH, HEIGHT)

    @property
    def part(self) -> str:
        """Which half of the set it belongs to."""
        number = self.base.number
        return "unseen" if number >= UNSEEN else "tune" if number % 2 == 0 else "held"


def _frame(place: str, time: str = "day", weather: str = "clear", mood: str = "neutral", size: str = "MS", who: str = "", **more: object) -> FrameSpec:  # fmt: skip
    figures = tuple(Figure(name=name, look=PEOPLE[name]) for name in who.split())
    return FrameSpec.model_validate(
        {"place": place, "time": time, "weather": weather, "mood": mood, "size": size, "figures": figures, **more}
    )


TEAL, ROSE, OCHRE, MOSS = ("#0f6e78", "#e07b39"), ("#b04a6a", "#f0c8b0"), ("#c08a2e", "#5a3a1e"), ("#4f6b3a", "#c9c08a")
# What is hard to judge stands beside what is easy: night, fog, storm, snow, horror, and cameras that stand.
_SCENES: tuple[tuple[str, FrameSpec, str, str], ...] = (
    ("day", _frame("a street", who="lin"), "push_in", "normal"),
    ("day", _frame("a park", size="FS", who="chen"), "pan_right", "normal"),
    ("night", _frame("a street", "night", "rain", "mystery", who="lin"), "push_in", "slow"),
    ("night", _frame("a rooftop", "night", mood="tense", size="WS", who="chen"), "pan_left", "slow"),
    ("dark", _frame("a forest", "night", "fog", "horror", "WS"), "push_in", "slow"),
    ("dark", _frame("a forest", "night", "storm", "horror", "MS", "mei"), "handheld", "normal"),
    ("fog", _frame("a mountain", "dawn", "fog", "mystery", "EWS"), "pan_right", "slow"),
    ("fog", _frame("the sea", "day", "fog", "calm", "EWS"), "pull_out", "slow"),
    ("snow", _frame("a street", "day", "snow", "calm", "FS", "mei"), "track_left", "normal"),
    ("snow", _frame("a mountain", "day", "snow", "hopeful", "EWS"), "tilt_up", "normal"),
    ("room", _frame("a living room", "night", mood="romantic", size="MCU", who="lin"), "push_in", "normal"),
    ("room", _frame("an office", "day", size="MS", who="chen"), "track_right", "fast"),
    ("dusk", _frame("the sea", "dusk", mood="melancholy", size="WS", who="old"), "pull_out", "normal"),
    ("dusk", _frame("a rooftop", "dusk", "cloudy", "romantic", "MS", "mei"), "pan_left", "normal"),
    ("close", _frame("a cafe", size="CU", who="lin"), "push_in", "slow"),
    ("close", _frame("a bedroom", "night", mood="melancholy", size="CU", who="chen"), "handheld", "slow"),
    ("still", _frame("a temple court", "dawn", size="WS", who="old"), "static", "normal"),
    ("still", _frame("a classroom", size="FS", who="mei"), "static", "normal"),
    ("palette", _frame("a street", "day", size="MS", who="chen", palette=TEAL), "push_in", "normal"),
    ("palette", _frame("the sea", "dusk", size="WS", palette=ROSE), "pan_right", "normal"),
    ("palette", _frame("a forest", "day", size="WS", who="old", palette=MOSS), "tilt_down", "normal"),
    ("palette", _frame("a living room", "dusk", size="MS", who="mei", palette=OCHRE), "push_in", "normal"),
    ("storm", _frame("the sea", "day", "storm", "epic", "WS"), "handheld", "fast"),
    ("storm", _frame("a platform", "dusk", "rain", "tense", "FS", "chen"), "track_left", "fast"),
    ("day", _frame("a temple court", size="FS", who="mei"), "tilt_up", "normal"),
    ("day", _frame("a hospital", size="MCU", who="old"), "push_in", "normal"),
    ("night", _frame("a platform", "night", "snow", "calm", "FS", "mei"), "static", "normal"),
    ("night", _frame("a mountain", "night", mood="epic", size="EWS"), "pan_right", "slow"),
    ("dark", _frame("a bedroom", "night", mood="horror", size="MS", who="lin"), "static", "slow"),
    ("dark", _frame("a rooftop", "night", "storm", "tense", "FS", "old"), "push_in", "fast"),
    ("dawn", _frame("a park", "dawn", mood="hopeful", size="WS", who="lin"), "pull_out", "normal"),
    ("dawn", _frame("a street", "dawn", "fog", "calm", "FS", "chen"), "push_in", "slow"),
    ("pair", _frame("a cafe", size="MS", who="lin chen"), "track_right", "slow"),
    ("pair", _frame("a park", "dusk", size="FS", who="mei old"), "pan_left", "normal"),
    ("still", _frame("the sea", "night", mood="calm", size="EWS"), "static", "slow"),
    ("still", _frame("a mountain", "day", "cloudy", size="EWS"), "static", "normal"),
    ("palette", _frame("an office", "day", size="MCU", who="lin", palette=TEAL), "push_in", "normal"),
    ("palette", _frame("a mountain", "dawn", size="EWS", palette=ROSE), "tilt_up", "slow"),
    ("close", _frame("a street", "night", "rain", "romantic", "CU", "mei"), "push_in", "slow"),
    ("close", _frame("a park", size="ECU", who="old"), "handheld", "slow"),
    # Drawn after the limits stood.
    ("night", _frame("a cafe", "night", "rain", "melancholy", "MS", "chen"), "push_in", "slow"),
    ("night", _frame("the sea", "night", "storm", "epic", "WS", "old"), "track_right", "fast"),
    ("dark", _frame("a temple court", "night", "fog", "horror", "FS", "lin"), "handheld", "slow"),
    ("dark", _frame("a hospital", "night", mood="horror", size="MCU", who="mei"), "push_in", "slow"),
    ("fog", _frame("a forest", "dawn", "fog", "mystery", "WS", "old"), "track_left", "slow"),
    ("fog", _frame("a platform", "day", "fog", "melancholy", "FS", "mei"), "static", "slow"),
    ("snow", _frame("a temple court", "night", "snow", "calm", "WS", "lin"), "pull_out", "normal"),
    ("snow", _frame("a park", "day", "snow", "joyful", "MS", "old"), "pan_right", "fast"),
    ("still", _frame("an office", "night", mood="tense", size="MS", who="chen"), "static", "normal"),
    ("still", _frame("a mountain", "dusk", mood="calm", size="EWS"), "static", "slow"),
    ("palette", _frame("a rooftop", "dusk", size="MS", who="lin", palette=TEAL), "tilt_up", "normal"),
    ("palette", _frame("a cafe", "day", size="MCU", who="mei", palette=MOSS), "push_in", "slow"),
    ("close", _frame("a classroom", size="CU", who="mei"), "pull_out", "normal"),
    ("storm", _frame("a mountain", "dusk", "storm", "tense", "EWS"), "pan_left", "fast"),
    ("pair", _frame("a platform", "dawn", size="FS", who="lin old"), "track_right", "normal"),
    ("day", _frame("the sea", size="WS", who="mei"), "push_in", "fast"),
)
UNSEEN = 40
"""Scenes from this one on were added after the limits had been found."""
BASES: tuple[Base, ...] = tuple(
    Base(number, frame, move_, pace, mark) for number, (mark, frame, move_, pace) in enumerate(_SCENES)
)


@dataclass(frozen=True)
class Drawn:
    """A base as it was drawn (BGR), and where its heads are."""

    still: Image
    heads: tuple[Box, ...] = field(default=())


@cache
def drawn(number: int, *, stranger: bool = False) -> Drawn:
    """A base's picture; with `stranger`, of somebody else in the same place."""
    from storyreel.providers.builtin.paint.scene import paint_request

    frame = BASES[number].frame
    if stranger:
        frame = frame.model_copy(
            update={"figures": tuple(one.model_copy(update={"look": STRANGER[one.name]}) for one in frame.figures)}
        )
    request = ImageRequest(frame=frame, width_px=STILL[0], height_px=STILL[1], seed=seed_of("labelled", number))
    rgb, facts, _ = paint_request(request, stopped=lambda: False, tell=lambda _: None)
    return Drawn(np.ascontiguousarray(rgb[:, :, ::-1]), facts[0].heads)


def filmed(number: int, still: Image, heads: Sequence[Box] = ()) -> bytes:
    """The base's camera over a still."""
    base = BASES[number]
    fmt = Format(width_px=WIDTH, height_px=HEIGHT, fps=FPS)
    camera = move.Camera.model_validate(
        {"format": fmt, "frames": FRAMES, "move": base.move, "pace": base.pace, "weather": base.frame.weather,
         "focus": heads[0] if heads else None, "seed": number}
    )  # fmt: skip
    out = BytesIO()
    move.render(still, camera, out)
    return out.getvalue()


Damage = Callable[[list[Image], np.random.Generator], list[Image]]


def damaged(clip: bytes, damage: Damage, seed: int) -> bytes:
    """The clip with its frames changed, in the same encoding."""
    frames = [np.asarray(frame.to_ndarray(format="bgr24"), np.uint8) for frame in decoded(clip)]
    made = damage(frames, np.random.default_rng(seed))
    height, width = made[0].shape[:2]
    out = BytesIO()
    with Encoder(out, Format(width_px=width, height_px=height, fps=FPS), len(made)) as encoder:
        for frame in made:
            planes = picture.planes(frame)
            encoder.write(np.concatenate([planes.y.reshape(-1), planes.u.reshape(-1), planes.v.reshape(-1)]).reshape(-1, width))
    return out.getvalue()


def blurred(image: Image, rng: np.random.Generator) -> Image:
    return np.asarray(cv2.GaussianBlur(image, (0, 0), image.shape[1] * rng.uniform(0.009, 0.02)), np.uint8)


def darkened(image: Image, rng: np.random.Generator) -> Image:
    return np.asarray(np.clip(image.astype(np.float32) * rng.uniform(0.06, 0.16), 0, 255), np.uint8)


def burnt_out(image: Image, rng: np.random.Generator) -> Image:
    return np.asarray(np.clip(image.astype(np.float32) * rng.uniform(1.9, 2.6) + 70, 0, 255), np.uint8)


def noisy(image: Image, rng: np.random.Generator) -> Image:
    grain = rng.normal(0, rng.uniform(26, 40), image.shape)
    return np.asarray(np.clip(image + grain, 0, 255), np.uint8)


def turned(image: Image, rng: np.random.Generator) -> Image:
    """Other colours of the same light."""
    hsv = np.asarray(cv2.cvtColor(image, cv2.COLOR_BGR2HSV), np.int16)
    hsv[:, :, 0] = (hsv[:, :, 0] + int(rng.integers(60, 110))) % 180
    hsv[:, :, 1] = np.minimum(255, hsv[:, :, 1] * 3 // 2 + 40)
    return np.asarray(cv2.cvtColor(hsv.astype(np.uint8), cv2.COLOR_HSV2BGR), np.uint8)


def _each(change: Callable[[Image, np.random.Generator], Image]) -> Damage:
    def damage(frames: list[Image], rng: np.random.Generator) -> list[Image]:
        state = rng.integers(0, 2**31)
        return [change(frame, np.random.default_rng(state)) for frame in frames]

    return damage


def _grainy(frames: list[Image], rng: np.random.Generator) -> list[Image]:
    return [noisy(frame, rng) for frame in frames]


def _black_stretch(frames: list[Image], rng: np.random.Generator) -> list[Image]:
    length = int(len(frames) * rng.uniform(0.2, 0.45))
    start = int(rng.integers(0, len(frames) - length + 1))
    return [np.zeros_like(frame) if start <= place < start + length else frame for place, frame in enumerate(frames)]


def _frozen(frames: list[Image], rng: np.random.Generator) -> list[Image]:
    start = int(len(frames) * rng.uniform(0.0, 0.45))
    return [*frames[:start], *[frames[start]] * (len(frames) - start)]


def _stands(frames: list[Image], rng: np.random.Generator) -> list[Image]:
    del rng
    return [frames[0]] * len(frames)


def _short(frames: list[Image], rng: np.random.Generator) -> list[Image]:
    return frames[: int(len(frames) * rng.uniform(0.5, 0.9))]


def _small(frames: list[Image], rng: np.random.Generator) -> list[Image]:
    del rng
    return [picture.resize(frame, WIDTH // 2, HEIGHT // 2) for frame in frames]


def _flicker(frames: list[Image], rng: np.random.Generator) -> list[Image]:
    low = rng.uniform(0.25, 0.5)
    return [frame if place % 4 < 2 else np.asarray(frame * low, np.uint8) for place, frame in enumerate(frames)]


PICTURE_FAULTS: dict[str, Callable[[Image, np.random.Generator], Image]] = {
    "picture_blurred": blurred,
    "picture_dark": darkened,
    "picture_burnt_out": burnt_out,
    "picture_noisy": noisy,
}
CLIP_FAULTS: dict[str, Damage] = {
    "clip_black": _black_stretch,
    "clip_frozen": _frozen,
    "clip_dark": _each(darkened),
    "clip_burnt_out": _each(burnt_out),
    "clip_blurred": _each(blurred),
    "clip_noisy": _grainy,
    "clip_colours": _each(turned),
    "clip_flicker": _flicker,
}
FINAL_FAULTS: dict[str, Damage] = {"short": _short, "small": _small}
VOICE_FAULTS = ("voice_silent", "voice_late", "voice_clipped", "voice_faint", "voice_cut")
TEXTS = ("The lamp is out tonight.", "灯还没有点亮。", "Somebody was here before us.", "我们回家吧。")


def lines_of(number: int) -> tuple[Spoken, ...]:
    """One or two lines and when they are heard."""
    text = TEXTS[number % len(TEXTS)]
    if number % 3:
        return (Spoken(text=text, start_s=0.25, end_s=1.85),)
    return (Spoken(text=text, start_s=0.25, end_s=1.1), Spoken(text=TEXTS[(number + 1) % len(TEXTS)], start_s=1.45, end_s=2.3))


def spoken(lines: Sequence[Spoken], seed: int, *, level_lufs: float = -16.0) -> NDArray[np.float32]:
    """Something with the rhythm and the sound of speech in each line's time: harmonics of a voice, four syllables a second, breath."""
    rng = np.random.default_rng(seed)
    track = rng.normal(0, 2e-5, round(FRAMES / FPS * TONE_HZ)).astype(np.float32)
    pitch_hz = rng.uniform(95, 210)
    for line in lines:
        start, count = round(line.start_s * TONE_HZ), round((line.end_s - line.start_s) * TONE_HZ)
        at = np.arange(count) / TONE_HZ
        pitch = pitch_hz * (1 + 0.06 * np.sin(2 * np.pi * 0.9 * at + rng.uniform(0, 6)))
        phase = 2 * np.pi * np.cumsum(pitch) / TONE_HZ
        voiced = sum(np.sin(phase * rank) / rank ** (1.1 if rank < 8 else 1.8) for rank in range(1, 24))
        syllables = np.clip(np.sin(np.pi * (at * 4.3 % 1.0)), 0, 1) ** 0.6
        breath = rng.normal(0, 0.25, count) * (syllables < 0.5)
        ends = np.minimum(1, np.minimum(at, at[-1] - at) / 0.02)
        track[start : start + count] += ((voiced * syllables + breath * syllables) * ends).astype(np.float32)
    made = track[:, None]
    return np.asarray(made * np.float32(sound.gain(level_lufs - sound.loudness_lufs(made))), np.float32)


def voice_of(lines: Sequence[Spoken], fault: str, seed: int) -> bytes:
    """The lines as a track of the shot's length, or with something wrong with them."""
    rng = np.random.default_rng(seed + 7)
    track = spoken(lines, seed)
    match fault:
        case "voice_silent":
            track = track * np.float32(1e-4)
        case "voice_late":
            track = np.concatenate([np.zeros((round(rng.uniform(0.7, 1.1) * TONE_HZ), 1), np.float32), track])
        case "voice_clipped":
            track = np.clip(track * np.float32(rng.uniform(9, 14)), -1, 1)
        case "voice_faint":
            track = track * np.float32(sound.gain(-rng.uniform(24, 30)))
        case "voice_cut":
            track[round((lines[0].start_s + 0.3 * (lines[-1].end_s - lines[0].start_s)) * TONE_HZ) :] = 0
        case "whispered":
            track = track * np.float32(sound.gain(-rng.uniform(4, 7)))
        case _:
            pass
    return sound.write_wav(np.asarray(track, np.float32), bits=16)


def labelled(numbers: Sequence[int] | None = None, *, most: int = 99) -> Iterator[Labelled]:
    """The set, base by base; of each base its good shots and at most `most` broken ones."""
    for base in BASES if numbers is None else [BASES[number] for number in numbers]:
        yield from _of(base, most)


def _of(base: Base, most: int) -> Iterator[Labelled]:
    number, here = base.number, drawn(base.number)
    clip, lines = filmed(number, here.still, here.heads), lines_of(number)
    plain = Labelled(f"{number}-good", base, "", base.mark, clip, picture.png(here.still), here.heads)
    talks = replace(plain, voice=voice_of(lines, "", number), lines=lines)
    yield talks if number % 2 else plain
    # A camera that stands over a picture in which nothing moves is what was asked.
    if base.move == "static" and base.frame.weather in ("clear", "cloudy", "fog"):
        yield replace(plain, name=f"{number}-stands", kind="stands", clip=damaged(clip, _stands, number))
    if number % 4 == 1:
        yield replace(talks, name=f"{number}-whispered", kind="whispered", voice=voice_of(lines, "whispered", number))
    for fault in _faults_of(base)[:most]:
        yield broken(talks if fault.startswith("voice") else plain, fault)


def _faults_of(base: Base) -> list[str]:
    """Which faults a base is shown with: each in its turn, where it can be seen at all."""
    number, frame = base.number, base.frame
    kinds = [*PICTURE_FAULTS, *CLIP_FAULTS, *FINAL_FAULTS, *VOICE_FAULTS, "clip_of_another", "palette_wrong", "stranger"]
    can = [kind for kind in kinds if _shows(kind, base)]
    start = number * 5
    chosen = [can[(start + step * 3) % len(can)] for step in range(4)]
    always = (["palette_wrong"] if frame.palette else []) + (["stranger"] if number % 3 == 0 and _shows("stranger", base) else [])
    return list(dict.fromkeys([*always, *chosen]))[:5]


def _shows(kind: str, base: Base) -> bool:
    frame = base.frame
    if kind == "picture_dark":
        return frame.time != "night"
    if kind == "clip_frozen":
        return base.move != "static"
    if kind == "palette_wrong":
        return bool(frame.palette)
    if kind == "stranger":
        return bool(frame.figures) and frame.size in ("MS", "MCU", "CU", "FS")
    return True


def broken(good: Labelled, fault: str) -> Labelled:
    """A good shot with one thing wrong."""
    number, seed = good.base.number, seed_of("fault", fault, good.base.number)
    rng = np.random.default_rng(seed)
    shot = replace(good, name=f"{number}-{fault}", fault=fault, kind=fault)
    here = drawn(number)
    if fault in PICTURE_FAULTS or fault == "palette_wrong":
        still = (turned if fault == "palette_wrong" else PICTURE_FAULTS[fault])(here.still, rng)
        return replace(shot, picture=picture.png(still), clip=filmed(number, still, here.heads))
    if fault == "stranger":
        other = drawn(number, stranger=True)
        return replace(shot, picture=picture.png(other.still), clip=filmed(number, other.still, other.heads), heads=other.heads)
    if fault == "clip_of_another":
        other = drawn((number + 7) % len(BASES))
        return replace(shot, clip=filmed(number, other.still))
    if fault in VOICE_FAULTS:
        return replace(shot, voice=voice_of(shot.lines, fault, number))
    return replace(shot, clip=damaged(shot.clip, {**CLIP_FAULTS, **FINAL_FAULTS}[fault], seed))


def written(shot: Labelled, folder: Path) -> dict[str, Path | None]:
    """The shot's files in a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    paths: dict[str, Path | None] = {}
    for name, data, ending in (("clip", shot.clip, "mp4"), ("picture", shot.picture, "png"), ("voice", shot.voice, "wav")):
        path = folder / f"{shot.name}-{name}.{ending}"
        if data is not None:
            path.write_bytes(data)
        paths[name] = path if data is not None else None
    return paths
