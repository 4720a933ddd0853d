"""What providers charge, as data with a source and a date. Prices change: a row says when it was last seen to be true.

A provider's own configuration comes before this table.
"""

from __future__ import annotations

from dataclasses import dataclass
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
    """What a request costs at `usd` a unit, and how that was reckoned."""
    units = units_of(request)
    return Price(cost_usd=round(units * usd, 6), basis=f"{units:g} x ${usd:g} a {UNITS[capability]}", expected_s=expected_s)
