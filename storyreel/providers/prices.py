"""What providers charge, as data with a source and a date. Prices change: a row says when it was last seen to be true.

A provider's own configuration comes before this table.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from storyreel.pipeline.ports import (
    Capability,
    ImageRequest,
    MusicRequest,
    Price,
    Request,
    SfxRequest,
    VideoRequest,
    VoiceRequest,
)

Unit = Literal["picture", "second", "thousand characters", "piece"]
UNITS: dict[Capability, Unit] = {
    "image": "picture",
    "video": "second",
    "voice": "thousand characters",
    "music": "piece",
    "sfx": "piece",
}
SEEN = date(2026, 11, 1)
SETTINGS = "the settings"
MILLION = 1_000_000


@dataclass(frozen=True, slots=True)
class Rate:
    """The price of one unit of one model, in US dollars."""

    provider: str
    model: str
    capability: Capability
    usd: float
    source: str
    verified_on: date = SEEN

    @property
    def unit(self) -> Unit:
        """What is counted."""
        return UNITS[self.capability]


GOOGLE = "the vendor's price list"
RUNWAY = "the vendor's price list"
RATES: tuple[Rate, ...] = (
    Rate("gemini", "gemini-3-pro-image", "image", 0.134, GOOGLE),
    Rate("gemini", "gemini-3.1-flash-image", "image", 0.067, GOOGLE),
    Rate("gemini", "gemini-2.5-flash-image", "image", 0.039, GOOGLE),
    Rate("gemini", "veo-3.1-generate-001", "video", 0.40, GOOGLE),
    Rate("gemini", "veo-3.1-fast-generate-001", "video", 0.12, GOOGLE),
    Rate("gemini", "veo-3.1-lite-generate-001", "video", 0.08, GOOGLE),
    Rate("gemini", "lyria", "music", 0.08, GOOGLE),
    Rate("runway", "gen4.5", "video", 0.12, RUNWAY),
    Rate("runway", "gen4_turbo", "video", 0.05, RUNWAY),
    Rate("runway", "gen4_image", "image", 0.05, RUNWAY),
)


def rate_of(provider: str, model: str, capability: Capability) -> Rate | None:
    """The row for a model, if there is one."""
    return next((r for r in RATES if (r.provider, r.model, r.capability) == (provider, model, capability)), None)


def units_of(request: Request) -> float:
    """How many units of its capability a request asks for."""
    match request:
        case ImageRequest():
            return request.rows * request.cols
        case VideoRequest():
            return request.frames / request.fps
        case VoiceRequest():
            return len(request.text) / 1000
        case MusicRequest() | SfxRequest():
            return 1.0


def price(usd: float, capability: Capability, request: Request, *, expected_s: float = 0.0) -> Price:
    """What a request costs at `usd` a unit, as a provider's own configuration says, and how that was reckoned."""
    return _reckoned(usd, capability, request, expected_s, SETTINGS)


def priced(rate: Rate, request: Request, *, expected_s: float = 0.0) -> Price:
    """What a request costs by a row of the table, and when that was last seen to be true."""
    found = _reckoned(rate.usd, rate.capability, request, expected_s, rate.source)
    return replace(found, provider=rate.provider, model=rate.model, verified_on=rate.verified_on)


def _reckoned(usd: float, capability: Capability, request: Request, expected_s: float, source: str) -> Price:
    units = units_of(request)
    return Price(
        cost_usd=round(units * usd, 6),
        basis=f"{units:g} x ${usd:g} a {UNITS[capability]}",
        expected_s=expected_s,
        units=units,
        unit=UNITS[capability],
        unit_usd=usd,
        source=source if usd else "",
    )


@dataclass(frozen=True, slots=True)
class TextRate:
    """The price of a text model, in US dollars a million tokens read and written. What it thinks is counted as written."""

    provider: str
    model: str
    in_usd: float
    out_usd: float
    source: str
    verified_on: date | None = SEEN

    def usd(self, tokens_in: int, tokens_out: int) -> float:
        """What a call costs."""
        return round((tokens_in * self.in_usd + tokens_out * self.out_usd) / MILLION, 6)


# A model that is not here has no known price: that is said, and never guessed.
TEXT_RATES: tuple[TextRate, ...] = (TextRate("gemini", "gemini-3-flash-preview", 0.50, 3.00, GOOGLE),)


def text_rate(provider: str, model: str, configured: Mapping[Literal["in", "out"], float]) -> TextRate | None:
    """The price of a text model: as configured (`in` and `out`), else by the table; None where it is not known."""
    if "in" in configured and "out" in configured:
        return TextRate(provider, model, configured["in"], configured["out"], SETTINGS, None)
    return next((one for one in TEXT_RATES if (one.provider, one.model) == (provider, model)), None)
