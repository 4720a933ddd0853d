"""Providers are found by name, loaded when they are asked for, and priced by what they count."""

from __future__ import annotations

import subprocess
import sys

import pytest

from storyreel.model.base import AssetRef
from storyreel.model.errors import NotPossible
from storyreel.model.spec import FrameSpec
from storyreel.pipeline.ports import ImageRequest, MusicRequest, VideoRequest, VoiceRequest
from storyreel.providers import prices
from storyreel.providers.registry import Registry, is_local, open_provider
from storyreel.runtime.settings import Settings


@pytest.mark.parametrize("capability", ["image", "video", "voice", "music"])
def test_every_built_in_opens_works_here_and_is_free(capability):
    provider = open_provider(capability, "builtin", Settings())
    assert (provider.capability, is_local(provider)) == (capability, True)


def test_an_unknown_name_is_answered_with_the_known_ones():
    with pytest.raises(NotPossible, match="builtin, remote"):
        open_provider("image", "dream-machine", Settings())


def test_a_pinned_provider_comes_before_that_of_the_settings_and_is_opened_once():
    registry = Registry(Settings(provider_image="remote", remote_provider_url="http://127.0.0.1:9"))
    assert registry.route("image") == "remote"
    assert registry.route("image", "builtin") == "builtin"
    assert registry.get("image") is registry.get("image", "remote")
    assert registry.get("image") is not registry.get("image", "builtin")


def test_vendors_are_loaded_only_when_asked_for():
    heavy = "skia, cv2, onnxruntime, av, scipy, httpx"
    code = f"import sys, storyreel.providers.registry; print([m for m in '{heavy}'.split(', ') if m in sys.modules])"
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert said.stdout.strip() == "[]"


@pytest.mark.parametrize(
    ("capability", "request_", "usd"),
    [
        ("image", ImageRequest(frame=FrameSpec(), width_px=8, height_px=8, rows=2, cols=3), 6.0),
        (
            "video",
            VideoRequest(first_frame=AssetRef(id="a" * 64, media_type="image/png"), frames=60, fps=24, width_px=8, height_px=8),
            2.5,
        ),
        ("voice", VoiceRequest(text="x" * 500, language="en"), 0.5),
        ("music", MusicRequest(moods=((0.0, "calm"),), duration_s=90), 1.0),
    ],
)
def test_a_price_is_units_times_rate(capability, request_, usd):
    found = prices.price(1.0, capability, request_)
    assert found.cost_usd == usd
    assert prices.UNITS[capability] in found.basis


def test_every_row_of_the_price_table_is_dated_and_found():
    for rate in prices.RATES:
        assert prices.rate_of(rate.provider, rate.model, rate.capability) is rate
        assert rate.usd > 0
        assert rate.source
        assert rate.verified_on.year >= 2026
