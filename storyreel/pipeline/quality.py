"""What the measures of a shot mean: one table of limits, and the verdict that follows from them (pure).

Each row judges one measure: where it lies beyond its limit, the shot is made again from a stage (`retry`) or a person is asked to look
(`ask`). What a shot asks for moves the limits: a night may be dark, fog may be soft, a camera that stands may show a still picture.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from storyreel.model.base import Frozen
from storyreel.model.quality import Limit, Quality, Verdict
from storyreel.model.spec import Mood, Move, ShotSize, TimeOfDay, Weather
from storyreel.pipeline.contract import StageName

Code = Limit | Literal["length", "size", "unreadable", "voice_missing"]
Blamed = Literal["grid", "video", "voice", "compose", "sfx"]
MOVING_AIR: frozenset[Weather] = frozenset({"rain", "storm", "snow"})
DARK_MOODS: frozenset[Mood] = frozenset({"horror", "mystery", "tense"})
# What is made anew with a stage, all of which a run must go through.
REMAKES: Mapping[Blamed, tuple[StageName, ...]] = {
    "grid": ("grid", "select", "video", "compose"),
    "video": ("video", "compose"),
    "voice": ("voice", "compose"),
    "compose": ("compose",),
    "sfx": ("sfx",),
}
# The part that comes first is made again first: a clip of a blurred picture is blurred too.
ORDER: tuple[Blamed, ...] = ("grid", "video", "voice", "sfx", "compose")


class Expected(Frozen):
    """What of a shot decides how it is judged. Its lengths are in frames of `fps`."""

    time: TimeOfDay = "day"
    weather: Weather = "clear"
    mood: Mood = "neutral"
    size: ShotSize = "MS"
    move: Move = "static"
    frames: int
    fps: int
    width_px: int
    height_px: int
    lines: int = 0

    @property
    def dark(self) -> bool:
        """Whether little light is what was asked."""
        return self.time == "night" or self.mood in DARK_MOODS or self.weather == "storm"

    @property
    def moves(self) -> bool:
        """Whether something should move all the time."""
        return self.move != "static" or self.weather in MOVING_AIR


class Finding(Frozen):
    """One measure beyond its limit: what was found, what was allowed, what should be done, and which stage is to blame."""

    code: Code
    value: float
    limit: float
    verdict: Verdict
    blamed: Blamed


class Judged(Frozen):
    """The verdict over a shot: the gravest of its findings, the first to blame first."""

    verdict: Verdict = "pass"
    findings: tuple[Finding, ...] = ()

    @property
    def again(self) -> Blamed | None:
        """The stage to make again, where one should be."""
        return next((one.blamed for one in self.findings if one.verdict == "retry"), None)


Measures = Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the table. `least`: the measure must reach the limit, else it must not pass it. `limit` moves with what is asked."""

    code: Limit
    measure: str
    limit: Callable[[Expected], float]
    blamed: Blamed
    least: bool = False
    verdict: Verdict = "retry"
    # Where another fault explains this one, it is not told.
    unless: tuple[Limit, ...] = ()


def _always(value: float) -> Callable[[Expected], float]:
    return lambda _: value


def _by_light(usual: float, dark: float) -> Callable[[Expected], float]:
    return lambda shot: dark if shot.dark else usual


def _in_snow(usual: float, snow: float) -> Callable[[Expected], float]:
    return lambda shot: snow if shot.weather == "snow" else usual


def _in_fog(usual: float, fog: float) -> Callable[[Expected], float]:
    return lambda shot: fog if shot.weather == "fog" else usual


def _begins(shot: Expected) -> float:
    # Rain, snow and the dark hide where a clip begins.
    return 0.6 if shot.dark or shot.weather in MOVING_AIR else 0.85


def _flickers(shot: Expected) -> float:
    return 0.4 if shot.weather == "storm" else 0.25


def _stands(shot: Expected) -> float:
    # A camera that stands may show a picture in which nothing moves.
    return 0.6 if shot.moves else 1e6


# Found on the tuning half of the labelled set (`python -m bench quality`) and held against the other half.
PICTURE: tuple[Row, ...] = (
    Row("picture_light", "picture_high", _by_light(75.0, 45.0), "grid", least=True),
    Row("picture_burnt_out", "picture_highlights", _in_snow(0.3, 0.5), "grid"),
    Row(
        "picture_sharpness",
        "picture_sharpness",
        _in_fog(0.22, 0.17),
        "grid",
        least=True,
        unless=("picture_burnt_out", "picture_light"),
    ),
    Row("picture_grain", "picture_grain", _always(9.0), "grid"),
    Row("picture_palette", "picture_palette", _always(0.24), "grid", verdict="ask"),
    Row(
        "picture_people",
        "picture_worn",
        _always(0.4),
        "grid",
        unless=("picture_burnt_out", "picture_light", "picture_palette"),
    ),
    Row("opinion", "opinion", _always(0.4), "grid", least=True, verdict="ask"),
)
CLIP: tuple[Row, ...] = (
    Row("clip_black", "black_s", _always(0.15), "video", unless=("picture_light",)),
    Row("clip_begins", "begins", _begins, "video", least=True, unless=("clip_black", "clip_burnt_out")),
    Row(
        "clip_light",
        "light",
        _always(0.55),
        "video",
        least=True,
        unless=("clip_black", "clip_begins", "clip_flicker", "picture_light"),
    ),
    Row("clip_burnt_out", "highlights", _in_snow(0.3, 0.5), "video", unless=("picture_burnt_out",)),
    Row("clip_sharpness", "softer", _always(0.25), "video", unless=("picture_light", "clip_light", "clip_black", "clip_begins")),
    Row("clip_grain", "grainier", _always(6.0), "video"),
    Row(
        "clip_colours",
        "drift",
        _always(0.17),
        "video",
        unless=("clip_black", "clip_light", "clip_burnt_out", "clip_begins", "clip_flicker"),
    ),
    Row("clip_flicker", "flicker", _flickers, "video"),
    Row("clip_frozen", "frozen_s", _stands, "video", unless=("clip_black", "clip_light", "picture_light")),
)
SOUND: tuple[Row, ...] = (
    Row("voice_clipped", "clipped", _always(0.02), "voice"),
    Row("voice_faint", "voice_lufs", _always(-32.0), "voice", least=True),
    Row("voice_heard", "heard", _always(0.6), "voice", least=True, unless=("voice_faint", "voice_late")),
    Row("voice_late", "late_s", _always(0.4), "voice", verdict="ask"),
    Row("voice_loud", "voice_lufs", _always(-8.0), "voice", verdict="ask", unless=("voice_clipped",)),
    Row("sound_faint", "sound_lufs", _always(-60.0), "sfx", least=True, verdict="ask"),
)
TABLE: tuple[Row, ...] = (*PICTURE, *CLIP, *SOUND)


def judge(shot: Expected, found: Measures, quality: Quality | None = None) -> Judged:
    """The verdict over what was measured. A measure that was not taken is not judged."""
    asked = quality or Quality()
    beyond = {row.code: one for row in TABLE if (one := _beyond(row, shot, found, asked)) is not None}
    told = [one for row in TABLE if (one := beyond.get(row.code)) is not None and beyond.keys().isdisjoint(row.unless)]
    findings = sorted([*_exact(shot, found), *told], key=lambda one: (one.verdict != "retry", ORDER.index(one.blamed)))
    return Judged(verdict=_gravest(findings), findings=tuple(findings))


def _gravest(findings: Sequence[Finding]) -> Verdict:
    said = {one.verdict for one in findings}
    return "retry" if "retry" in said else "ask" if "ask" in said else "pass"


def _beyond(row: Row, shot: Expected, found: Measures, asked: Quality) -> Finding | None:
    value = found.get(row.measure)
    if value is None:
        return None
    limit = asked.limits.get(row.code, row.limit(shot))
    if value >= limit if row.least else value <= limit:
        return None
    return Finding(code=row.code, value=round(value, 3), limit=limit, verdict=row.verdict, blamed=row.blamed)


def _exact(shot: Expected, found: Measures) -> list[Finding]:
    """What has no limit to choose: length and size as asked, and a voice where somebody speaks."""
    told: list[Finding] = []
    if "unreadable" in found:
        return [Finding(code="unreadable", value=1, limit=0, verdict="retry", blamed="video")]
    if "frames" in found and round(found["frames"]) != shot.frames:
        told.append(Finding(code="length", value=found["frames"], limit=shot.frames, verdict="retry", blamed="compose"))
    if "width_px" in found and (round(found["width_px"]), round(found["height_px"])) != (shot.width_px, shot.height_px):
        told.append(Finding(code="size", value=found["width_px"], limit=shot.width_px, verdict="retry", blamed="compose"))
    if shot.lines and "voice_missing" in found:
        told.append(Finding(code="voice_missing", value=0, limit=shot.lines, verdict="ask", blamed="voice"))
    return told
