"""What can be measured of a finished shot: its picture, its clip in one pass over small frames, and its voice.

Every measure is a number under a name; what they mean is not decided here. A measure that cannot be taken is left out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from storyreel.media import picture, probe
from storyreel.media.picture import Image
from storyreel.pipeline.ports import Box

Measures = dict[str, float]
Floats = NDArray[np.float32]

# Frames are compared at this width; pictures and a few frames are looked at in colour at the other.
SMALL_PX = 160
JUDGED_PX = 400
LOOKED_AT = 5
BLACK = 30.0
"""A frame whose brightest hundredth lies under this, of 255, is black."""
STILL = 0.02
"""Two small frames whose mean difference is under this, in levels of 255, are one picture encoded twice."""
POP = 0.8
"""A new key frame of one picture differs from the frame before it by less than this."""
APART_S = 0.13
"""Movement is looked for over this long: from frame to frame a slow one is too small to be told from none."""
VIEW = (1.0, 0.96, 0.92, 0.88, 0.84, 0.8, 0.76, 0.72)
"""How much of a picture's width a camera's first view may hold."""
SEARCH_PX = 160
TILES = 8
LEAST_BODY = 0.01
"""Whose body is a smaller share of the picture is not recognised by its colours."""


@dataclass
class _Seen:
    """What one pass over a clip keeps of it."""

    luma: list[float] = field(default_factory=list[float])
    top: list[float] = field(default_factory=list[float])
    step: list[float] = field(default_factory=list[float])
    fine: list[Image] = field(default_factory=list[Image])


def shape(path: Path) -> Measures:
    """Length, size and rate of a clip, from its packets alone.

    Raises:
        UnreadableMedia: it cannot be read.
    """
    found = probe.probe(path)
    return {
        "frames": float(found.frames),
        "width_px": float(found.width_px),
        "height_px": float(found.height_px),
        "fps": found.fps,
    }


def still(data: bytes, *, palette: Sequence[str] = (), people: Sequence[tuple[Box, str]] = ()) -> Measures:
    """The measures of a picture: light, sharpness, grain, and colours against a palette and against what people wear.

    `people` pairs where a head is with the colour (`#rrggbb`) that its body should show.

    Raises:
        UnreadablePicture: these bytes are no picture.
    """
    image = _judged(picture.read(data))
    found = _of_frame(image)
    if palette:
        found |= _colours([image], palette)
    if people and (worn := _worn(image, people)) is not None:
        found["worn"] = worn
    return _rounded(found)


def clip(path: Path, *, frames: int, fps: int, begins_with: bytes | None = None) -> Measures:
    """The measures of a clip. `frames` is how many there should be; `begins_with` is the picture it was made from.

    Raises:
        UnreadableMedia: it cannot be read.
        UnreadablePicture: the picture cannot.
    """
    seen = _pass(path, frames, max(1, round(APART_S * fps)))
    if not seen.fine:
        raise probe.UnreadableMedia("nothing in this clip can be shown")
    found = {**_moving(seen, fps), **_shown(seen.fine)}
    if begins_with is not None:
        found |= _against(picture.read(begins_with), seen.fine)
    return _rounded(found)


def _rounded(found: Measures) -> Measures:
    return {name: round(float(value), 4) for name, value in found.items() if np.isfinite(value)}


def _pass(path: Path, frames: int, apart: int) -> _Seen:
    seen = _Seen()
    wanted = set(np.linspace(0, max(0, frames - 1), min(LOOKED_AT, max(1, frames))).round().astype(int).tolist())
    before: list[Image] = []
    last: Any = None
    for place, frame in enumerate(probe.decoded(path)):
        small = _small(frame)
        seen.luma.append(float(small.mean()))
        seen.top.append(float(np.percentile(small[::2, ::2], 99)))
        if len(before) == apart:
            seen.step.append(float(cv2.absdiff(small, before[0]).mean()) if small.shape == before[0].shape else 255.0)
        before, last = (
            [*before[-apart + 1 :], small] if len(before) == apart and apart > 1 else [*before[: apart - 1], small],
            frame,
        )
        if place in wanted:
            seen.fine.append(_fine(frame))
    if last is not None and not seen.fine:
        seen.fine.append(_fine(last))
    return seen


def _small(frame: Any) -> Image:
    luma = probe.luma(frame)
    height = max(2, round(luma.shape[0] * SMALL_PX / luma.shape[1]))
    return np.asarray(cv2.resize(luma, (SMALL_PX, height), interpolation=cv2.INTER_AREA), np.uint8)


def _fine(frame: Any) -> Image:
    return _judged(np.asarray(frame.to_ndarray(format="bgr24"), np.uint8))


def _judged(image: Image) -> Image:
    width = min(JUDGED_PX, image.shape[1])
    return picture.resize(image, width, max(2, round(image.shape[0] * width / image.shape[1])))


def _moving(seen: _Seen, fps: int) -> Measures:
    luma, top, step = (np.asarray(values, np.float32) for values in (seen.luma, seen.top, seen.step))
    jumps = np.abs(np.diff(luma))
    bridge = max(1, round(APART_S * fps)) + 1
    return {
        "black_s": _longest(top < BLACK) / fps,
        "frozen_s": _longest(_bridged(step <= STILL, step <= POP, bridge)) / fps if len(step) else 0.0,
        "motion": float(np.median(step)) if len(step) else 0.0,
        "flicker": float(np.percentile(jumps, 90)) / max(20.0, float(luma.mean())) if len(luma) > 2 else 0.0,  # noqa: PLR2004
    }


def _bridged(holds: NDArray[np.bool_], nearly: NDArray[np.bool_], most: int) -> NDArray[np.bool_]:
    """With gaps of at most `most` that nearly hold closed where both sides hold: a key frame in the midst of a frozen stretch."""
    made, place = holds.copy(), 0
    while place < len(holds):
        end = place
        while end < len(holds) and not holds[end]:
            end += 1
        if place > 0 and end < len(holds) and 0 < end - place <= most and nearly[place:end].all():
            made[place:end] = True
        place = max(end, place) + 1
    return made


def _longest(holds: NDArray[np.bool_]) -> float:
    """The longest run."""
    best = run = 0
    for one in holds:
        run = run + 1 if one else 0
        best = max(best, run)
    return float(best)


def _shown(fine: Sequence[Image]) -> Measures:
    """Light, sharpness and grain, as the middle one of the frames that were looked at has them."""
    per = [_of_frame(one) for one in fine]
    return {name: float(np.median([one[name] for one in per])) for name in per[0]}


def _of_frame(image: Image) -> Measures:
    light = picture.grey(image).astype(np.float32)
    low, middle, high = (float(value) for value in np.percentile(light, (2, 50, 98)))
    grain = _grain(light)
    return {
        "luma": float(light.mean()),
        "range": high - low,
        "high": high,
        "middle": middle,
        "shadows": float((light <= 8).mean()),  # noqa: PLR2004 - blacker than a screen shows
        "highlights": float((light >= 250).mean()),  # noqa: PLR2004
        "grain": grain,
        "sharpness": _sharpness(light, grain),
    }


def _grain(light: Floats) -> float:
    """Its standard deviation, from what a plane and its edges do not explain (after Immerkær), where the picture is quiet."""
    mask = np.array([[1, -2, 1], [-2, 4, -2], [1, -2, 1]], np.float32)
    rough = np.abs(cv2.filter2D(light, -1, mask))
    tiles = cv2.resize(rough, (16, 16), interpolation=cv2.INTER_AREA)
    return float(np.percentile(tiles, 25) * np.sqrt(np.pi / 2) / 6)


def _sharpness(light: Floats, grain: float) -> float:
    """How much of the finest steps a slight blur takes away, where it takes most: 0.6 and more is sharp, under 0.35 is not.

    A soft background or fog does not count against a picture that is sharp somewhere.
    """
    smooth = np.asarray(cv2.GaussianBlur(light, (0, 0), 0.6), np.float32)
    soft = np.asarray(cv2.GaussianBlur(smooth, (0, 0), 2.0), np.float32)
    before, after = _steps(smooth), _steps(soft)
    size = (TILES * 2, TILES)
    had = np.asarray(cv2.resize(before, size, interpolation=cv2.INTER_AREA), np.float32)
    left = np.asarray(cv2.resize(after, size, interpolation=cv2.INTER_AREA), np.float32)
    enough = had > max(0.35, 0.6 * grain, float(np.percentile(had, 50)))
    if not enough.any():
        return 0.0
    return float(np.percentile(1 - left[enough] / had[enough], 85))


def _steps(light: Floats) -> Floats:
    right, down = np.abs(np.diff(light, axis=1, append=light[:, -1:])), np.abs(np.diff(light, axis=0, append=light[-1:]))
    return np.asarray(right + down, np.float32)


def _colours(fine: Sequence[Image], palette: Sequence[str]) -> Measures:
    """How far the colours that are seen lie from those of a palette: 0 is on them, 1 is opposite."""
    hues = [hue for one in palette if (hue := _hue(one)) is not None]
    if not hues:
        return {}
    lab = np.concatenate([_lab(one).reshape(-1, 3) for one in fine[:: max(1, len(fine) // 3)]])
    chroma = np.hypot(lab[:, 1], lab[:, 2])
    if float(chroma.mean()) < 2.0:  # noqa: PLR2004 - grey, which goes with any palette
        return {"palette": 0.0}
    angle = np.arctan2(lab[:, 2], lab[:, 1])
    away = np.min([np.abs(np.angle(np.exp(1j * (angle - hue)))) for hue in hues], axis=0) / np.pi
    return {"palette": float(np.average(away, weights=chroma))}


def _hue(colour: str) -> float | None:
    body = colour.strip().removeprefix("#")
    if len(body) != 6 or any(char not in "0123456789abcdefABCDEF" for char in body):  # noqa: PLR2004
        return None
    red, green, blue = (int(body[at : at + 2], 16) for at in (0, 2, 4))
    _, a, b = _lab(np.array([[[blue, green, red]]], np.uint8))[0, 0]
    return float(np.arctan2(b, a)) if float(np.hypot(a, b)) > 6 else None  # noqa: PLR2004 - a grey has no hue


def _lab(image: Image) -> Floats:
    return np.asarray(cv2.cvtColor(image.astype(np.float32) / 255, cv2.COLOR_BGR2LAB), np.float32)


def _worn(image: Image, people: Sequence[tuple[Box, str]]) -> float | None:
    """How far what people wear lies from the colours they should wear, at the worst: 0 is as said, 1 is opposite.

    The light of the place colours everything in it, and half of that is taken off.
    """
    cast = np.median(_lab(image)[:, :, 1:].reshape(-1, 2), axis=0)
    found: list[float] = []
    for head, colour in people:
        hue, body = _hue(colour), _body(image, head)
        if hue is None or body.size < LEAST_BODY * image.size:
            continue
        seen = _lab(body)[:, :, 1:].reshape(-1, 2) - 0.5 * cast
        away = np.abs(np.angle(np.exp(1j * (np.arctan2(seen[:, 1], seen[:, 0]) - hue)))) / np.pi
        found.append(float(np.average(away, weights=np.hypot(seen[:, 0], seen[:, 1]) + 1e-6)))
    return max(found, default=None)


def _body(image: Image, head: Box) -> Image:
    """Chest and shoulders under a head."""
    height, width = image.shape[:2]
    left, right = (int(np.clip(head.x + share * head.width, 0, 1) * width) for share in (-0.5, 1.5))
    top, bottom = (int(np.clip(head.y + share * head.height, 0, 1) * height) for share in (1.0, 2.3))
    return image[top : max(top, bottom), left : max(left, right)]


def _against(chosen: Image, fine: Sequence[Image]) -> Measures:
    """How the clip compares with the picture it was made from: where it begins, its light, its colours, its sharpness, its grain."""
    width = fine[0].shape[1]
    same = picture.resize(chosen, width, max(2, round(chosen.shape[0] * width / chosen.shape[1])))
    was, now = _of_frame(same), _shown(fine)
    lab = _lab(same)[:, :, 1:]
    middle = lab.reshape(-1, 2).mean(axis=0)
    drifts = [float(np.linalg.norm(_lab(one)[:, :, 1:].reshape(-1, 2).mean(axis=0) - middle)) for one in fine]
    return {
        "begins": _found(same, fine[0]),
        "light": now["luma"] / max(12.0, was["luma"]),
        "drift": float(np.median(drifts)) / (10 + float(np.abs(lab).mean())),
        "softer": was["sharpness"] - now["sharpness"],
        "grainier": now["grain"] - was["grain"],
    }


def _found(chosen: Image, first: Image) -> float:
    """How surely the first frame is a view of the picture: 1 is for sure. Rain and grain on it do not count."""
    high = max(2, round(chosen.shape[0] * SEARCH_PX / chosen.shape[1]))
    whole = cv2.GaussianBlur(picture.grey(picture.resize(chosen, SEARCH_PX, high)), (0, 0), 1.5)
    seen = picture.grey(first)
    best = 0.0
    for share in VIEW:
        width = round(SEARCH_PX * share)
        height = min(high, round(width * first.shape[0] / first.shape[1]))
        part = cv2.GaussianBlur(picture.resize(seen, width, height), (0, 0), 1.5)
        if float(part.std()) > 1.0:
            best = max(best, float(cv2.matchTemplate(whole, part, cv2.TM_CCOEFF_NORMED).max()))
    return best
