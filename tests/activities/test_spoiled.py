"""A vendor that delivers rubbish, forgets for a moment, or never ends: what is paid for is what was asked for."""

from __future__ import annotations

import pytest

from activities.delivered import FETCHES, Spoiled
from storyreel.model.base import AssetRef
from storyreel.model.errors import Transient
from storyreel.pipeline.ports import VideoRequest
from tests.activities.shop import COST, LINE, shop
from tests.standins.vendor import sheet

__all__ = ["shop"]


@pytest.mark.parametrize("spoil", ["bytes", "half"])
async def test_what_is_spoiled_on_the_way_is_fetched_again_and_not_bought_again(shop, spoil):
    shop.vendor.manners.spoils.append(spoil)
    made = await shop.attempt().voice(LINE)
    assert (await shop.store.get(made.asset.id))[:4] == b"RIFF"
    assert (shop.vendor.counts["submit"], shop.vendor.counts["result"]) == (1, 2)
    assert await shop.money() == (0.0, pytest.approx(COST))


async def test_a_clip_that_is_cut_short_is_seen_before_it_is_paid_for(shop):
    picture = AssetRef(id=await shop.store.put(sheet(64, 64, 1, 1, 3), "image/png"), media_type="image/png")
    clip = VideoRequest(first_frame=picture, frames=24, fps=24, width_px=64, height_px=64)
    shop.vendor.manners.spoils += ["half", "bytes"]
    made = await shop.attempt().video(clip)
    assert len(await shop.store.get(made.asset.id)) > 0
    assert (shop.vendor.counts["submit"], shop.vendor.counts["result"]) == (1, 3)


async def test_what_is_spoiled_every_time_is_charged_as_the_vendor_charges_it_and_waits_for_a_person(shop):
    shop.vendor.manners.spoils += ["bytes"] * FETCHES
    with pytest.raises(Spoiled, match="retrying buys it once more") as failure:
        await shop.attempt().voice(LINE)
    assert not failure.value.facts.get("created", False)
    assert await shop.states() == ["failed"]
    assert await shop.money() == (0.0, pytest.approx(COST))
    await shop.attempt().voice(LINE)
    assert await shop.states() == ["failed", "settled"]
    assert await shop.money() == (0.0, pytest.approx(2 * COST))


async def test_a_vendor_that_forgets_its_job_for_a_moment_is_not_paid_for_another(shop):
    await shop.died("submitted")
    shop.vendor.manners.blinks = 1
    with pytest.raises(Transient):
        await shop.attempt().voice(LINE)
    assert await shop.states() == ["submitted"]
    await shop.attempt().voice(LINE)
    assert shop.vendor.counts["submit"] == 1
    assert (await shop.states(), await shop.money()) == (["settled"], (0.0, pytest.approx(COST)))


async def test_a_job_that_never_ends_is_called_off_and_costs_nothing(shop):
    shop.vendor.manners.never = True
    with pytest.raises(Transient, match="told to stop"):
        await shop.attempt(patience_s=0.2).voice(LINE)
    assert (shop.vendor.counts["cancel"], await shop.states(), await shop.money()) == (1, ["cancelled"], (0.0, 0.0))
    shop.vendor.manners.never = False
    await shop.attempt().voice(LINE)
    assert await shop.states() == ["cancelled", "settled"]
