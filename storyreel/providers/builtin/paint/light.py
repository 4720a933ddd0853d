"""One light for all that is drawn: what time, weather, mood and style do to every colour."""

from __future__ import annotations

import colorsys
import re
from dataclasses import dataclass, replace

from storyreel.model.spec import FrameSpec, Mood, TimeOfDay, Weather

Rgb = tuple[float, float, float]


@dataclass(frozen=True)
class Grade:
    """The end of the picture: what is pulled into shadows and lights, and how strongly."""

    shadow: Rgb
    light: Rgb
    contrast: float
    saturation: float
    gain: float = 1.0


@dataclass(frozen=True)
class Light:
    """The light of one frame. Colours are fractions; `air` is how soon distance turns to haze; `dark` runs from day 0 to night 1."""

    time: TimeOfDay
    weather: Weather
    sky: tuple[Rgb, Rgb, Rgb]
    haze: Rgb
    scenery: Rgb
    figure: Rgb
    key: Rgb
    ink: Rgb
    air: float
    dark: float
    lamps: float
    grade: Grade
    wet: bool = False
    neon: bool = False
    indoor: bool = False

    def tone(self, base: str | Rgb, depth: float = 0.2) -> Rgb:
        """A thing's colour as it is seen at `depth`, 0 near to 1 at the horizon."""
        own = rgb(base) if isinstance(base, str) else base
        lit: Rgb = (own[0] * self.scenery[0], own[1] * self.scenery[1], own[2] * self.scenery[2])
        return mix(lit, self.haze, min(0.97, depth * self.air))

    def with_glow(self, base: str | Rgb, strength: float = 1.0) -> Rgb:
        """The colour of something that shines: by day it is only itself."""
        own = rgb(base) if isinstance(base, str) else base
        return mix(self.tone(own, 0.15), own, self.lamps * strength)


def rgb(text: str) -> Rgb:
    """`#rrggbb` (or `rrggbb`) as fractions."""
    text = text.removeprefix("#")
    return (int(text[0:2], 16) / 255, int(text[2:4], 16) / 255, int(text[4:6], 16) / 255)


def mix(a: Rgb, b: Rgb, amount: float) -> Rgb:
    """`a` moved towards `b` by `amount`."""
    return (a[0] + (b[0] - a[0]) * amount, a[1] + (b[1] - a[1]) * amount, a[2] + (b[2] - a[2]) * amount)


def scaled(a: Rgb, by: float | Rgb) -> Rgb:
    """`a` made brighter or darker, channel by channel, held within 0 to 1."""
    k = (by, by, by) if isinstance(by, float | int) else by
    return (min(1.0, max(0.0, a[0] * k[0])), min(1.0, max(0.0, a[1] * k[1])), min(1.0, max(0.0, a[2] * k[2])))


def saturated(a: Rgb, by: float) -> Rgb:
    """`a` with its distance from grey multiplied."""
    grey = 0.3 * a[0] + 0.59 * a[1] + 0.11 * a[2]
    return scaled((grey + (a[0] - grey) * by, grey + (a[1] - grey) * by, grey + (a[2] - grey) * by), 1.0)


def hue_of(a: Rgb) -> float:
    """The hue of a colour, 0 to 1."""
    return colorsys.rgb_to_hsv(*a)[0]


@dataclass(frozen=True)
class _Hour:
    sky: tuple[str, str, str]
    haze: str
    scenery: Rgb
    figure: Rgb
    key: str
    ink: str
    dark: float
    lamps: float


_HOURS: dict[TimeOfDay, _Hour] = {
    "dawn": _Hour(
        ("5b6c9e", "c99fb4", "ffd9ad"), "e3bdb4", (0.9, 0.82, 0.87), (0.94, 0.87, 0.92), "ffcf9e", "352b44", 0.25, 0.55
    ),
    "day": _Hour(("4f9ccb", "9fd0e2", "eaf3e6"), "cfe4e6", (1.0, 0.99, 0.95), (1.0, 0.99, 0.96), "fff3d2", "27303f", 0.0, 0.12),
    "dusk": _Hour(
        ("2f3563", "b85a7c", "ffae69"), "cf8580", (0.86, 0.66, 0.68), (0.98, 0.86, 0.84), "ffa366", "2d1f38", 0.45, 0.85
    ),
    "night": _Hour(
        ("0a1028", "14264e", "3a5d86"), "2c4876", (0.42, 0.47, 0.66), (0.76, 0.73, 0.80), "ffc27a", "0d1226", 1.0, 1.0
    ),
}
_AIR: dict[Weather, float] = {"clear": 0.62, "cloudy": 0.68, "rain": 0.78, "storm": 0.8, "snow": 0.78, "fog": 0.97}
_GREYS: dict[Weather, tuple[float, float]] = {  # how grey the sky becomes, how much light is left
    "clear": (0.0, 1.0),
    "cloudy": (0.72, 0.9),
    "rain": (0.66, 0.8),
    "storm": (0.86, 0.5),
    "snow": (0.74, 0.95),
    "fog": (0.62, 0.95),
}
_MOODS: dict[Mood, Grade] = {
    "neutral": Grade((0.02, 0.02, 0.05), (1.0, 0.99, 0.97), 1.03, 1.0),
    "hopeful": Grade((0.07, 0.04, 0.02), (1.0, 0.98, 0.86), 1.05, 1.10),
    "joyful": Grade((0.05, 0.03, 0.02), (1.0, 0.99, 0.92), 1.07, 1.12, 1.03),
    "calm": Grade((0.03, 0.06, 0.06), (0.96, 1.0, 0.98), 0.95, 0.92),
    "romantic": Grade((0.11, 0.03, 0.07), (1.0, 0.92, 0.90), 1.02, 1.06),
    "melancholy": Grade((0.03, 0.06, 0.12), (0.90, 0.96, 1.0), 0.98, 0.66, 0.96),
    "tense": Grade((0.00, 0.06, 0.06), (1.0, 0.96, 0.86), 1.2, 0.86, 0.95),
    "mystery": Grade((0.05, 0.02, 0.13), (0.90, 0.93, 1.0), 1.12, 0.80, 0.93),
    "horror": Grade((0.01, 0.05, 0.04), (0.88, 1.0, 0.90), 1.24, 0.56, 0.86),
    "epic": Grade((0.06, 0.01, 0.06), (1.0, 0.95, 0.82), 1.26, 1.12),
}


# Words for light: its colour, that of its shadows, how hard it is, and whether lamps burn.
_LIGHTS: tuple[tuple[re.Pattern[str], str, str, float, float], ...] = (
    (re.compile(r"\bwarm|\bgold|\bsunset|暖|金色|夕阳"), "#ffc27a", "#4a2c2a", 1.0, 0.3),
    (re.compile(r"lamp|candle|fire|lantern|灯|烛|火光"), "#ffae5c", "#33202e", 1.04, 0.8),
    (re.compile(r"\bcold|\bcool|\bblue|moon|冷|蓝|月光"), "#9ec4ff", "#141d3a", 1.0, 0.0),
    (re.compile(r"neon|霓虹"), "#ff5fc8", "#14123f", 1.05, 0.9),
    (re.compile(r"\bred\b|alarm|红光|红色"), "#ff6a5c", "#2a0d12", 1.05, 0.4),
    (re.compile(r"\bgreen|绿"), "#a8e6a1", "#10241a", 1.0, 0.0),
    (re.compile(r"\bhard|\bharsh|backlit|back light|硬光|逆光"), "#fff1d6", "#0f0f14", 1.18, 0.0),
    (re.compile(r"\bsoft|diffuse|柔"), "#fff4e6", "#55505e", 0.9, 0.0),
)


def light_of(frame: FrameSpec, *, indoor: bool, neon: bool) -> Light:
    """The light that a frame asks for."""
    hour = _HOURS[frame.time]
    light = Light(
        time=frame.time,
        weather=frame.weather,
        sky=(rgb(hour.sky[0]), rgb(hour.sky[1]), rgb(hour.sky[2])),
        haze=rgb(hour.haze),
        scenery=hour.scenery,
        figure=hour.figure,
        key=rgb(hour.key),
        ink=rgb(hour.ink),
        air=_AIR[frame.weather],
        dark=hour.dark,
        lamps=hour.lamps,
        grade=_MOODS[frame.mood],
        wet=frame.weather in ("rain", "storm"),
        indoor=indoor,
    )
    light = _weathered(light)
    if neon:
        light = _neon(light)
    if indoor:
        light = _indoor(light)
    return _tinted(_lit(light, frame.light), frame.palette)


def _weathered(light: Light) -> Light:
    grey, left = _GREYS[light.weather]
    if grey == 0:
        return light
    cloud = mix(mix(light.sky[1], light.haze, 0.5), (0.60, 0.64, 0.70) if light.weather != "snow" else (0.8, 0.83, 0.88), 0.55)
    cloud = scaled(cloud, left * (1.0 - 0.62 * light.dark))
    top, middle, low = light.sky
    sky = (mix(top, scaled(cloud, 0.86), grey), mix(middle, cloud, grey), mix(low, scaled(cloud, 1.12), grey))
    haze = mix(light.haze, scaled(cloud, 1.08), grey)
    if light.weather == "fog":
        haze = mix(haze, (0.86, 0.87, 0.89), 0.45 * (1 - 0.75 * light.dark))
    dim = left if light.weather not in ("snow", "fog") else 0.97
    if light.weather == "storm":
        haze = scaled(haze, 0.8)
    calm = saturated(light.scenery, 0.7)
    return replace(
        light,
        sky=sky,
        haze=haze,
        scenery=scaled(calm, dim),
        figure=scaled(saturated(light.figure, 0.8), 0.62 + 0.38 * dim),
        key=mix(light.key, (0.92, 0.94, 0.97), 0.5),
        lamps=max(light.lamps, 0.45 if light.wet or light.weather == "fog" else 0.0),
    )


def _neon(light: Light) -> Light:
    night = max(light.dark, 0.8)
    return replace(
        light,
        sky=(rgb("0d0a26"), rgb("2c1250"), rgb("7a2472")),
        haze=rgb("4a2478"),
        scenery=(0.46, 0.40, 0.68),
        figure=(0.80, 0.72, 0.90),
        key=rgb("ff5fc8"),
        ink=rgb("0c0720"),
        dark=night,
        lamps=1.0,
        wet=True,
        neon=True,
        grade=replace(
            light.grade, shadow=(0.05, 0.01, 0.12), light=(1.0, 0.95, 1.0), saturation=max(1.12, light.grade.saturation)
        ),
    )


def _indoor(light: Light) -> Light:
    """Rooms have their own lamps: warm and dimmer at night, bounced daylight otherwise."""
    if light.neon:
        return light
    warm = {"dawn": (0.93, 0.86, 0.84), "day": (0.98, 0.96, 0.92), "dusk": (0.92, 0.74, 0.64), "night": (0.74, 0.60, 0.50)}[
        light.time
    ]
    dim = {"clear": 1.0, "storm": 0.82, "rain": 0.88}.get(light.weather, 0.94)
    figure = {"dawn": (0.97, 0.91, 0.90), "day": (1.0, 0.99, 0.96), "dusk": (1.0, 0.91, 0.86), "night": (0.94, 0.87, 0.80)}[
        light.time
    ]
    haze = mix(scaled(warm, 0.8), light.haze, 0.25)
    return replace(light, scenery=scaled(warm, dim), figure=figure, haze=haze, air=0.3, wet=False, lamps=max(light.lamps, 0.35))


def _lit(light: Light, words: str) -> Light:
    """Light as words say it: warm or cold, of lamps, fire, the moon or neon, soft or hard."""
    said = words.casefold()
    for pattern, first, last, contrast, lamps in _LIGHTS:
        if pattern.search(said):
            light = _tinted(light, (first, last))
            light = replace(
                light,
                figure=mix(light.figure, rgb(first), 0.22),
                lamps=max(light.lamps, lamps),
                grade=replace(light.grade, contrast=light.grade.contrast * contrast),
            )
    return light


def _tinted(light: Light, palette: tuple[str, ...]) -> Light:
    """A palette leans the whole light towards its colours: the first to the lights, the last to the shadows."""
    good = [rgb(c) for c in palette if _is_colour(c)]
    if not good:
        return light
    first, last = good[0], good[-1]
    lean = tuple(mix(s, first, 0.28 - 0.04 * i) for i, s in enumerate(light.sky))
    grade = replace(
        light.grade,
        light=mix(light.grade.light, _bright(first), 0.35),
        shadow=mix(light.grade.shadow, scaled(last, 0.3), 0.6),
    )
    return replace(light, sky=(lean[0], lean[1], lean[2]), haze=mix(light.haze, first, 0.2), grade=grade)


def _bright(a: Rgb) -> Rgb:
    top = max(a) or 1.0
    return scaled(a, 1.0 / top)


def _is_colour(text: str) -> bool:
    body = text.removeprefix("#")
    return len(body) == 6 and all(c in "0123456789abcdefABCDEF" for c in body)
