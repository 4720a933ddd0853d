"""A generator of one's own: what it answers is understood, and what it cannot do is said."""

from __future__ import annotations

import httpx
import pytest

from storyreel.model.base import AssetRef
from storyreel.model.errors import LookupUnsupported, NoResource, NotPossible, Rejected, Transient, Vanished
from storyreel.model.spec import FrameSpec
from storyreel.pipeline.ports import ImageRequest, VideoRequest, VoiceRequest
from storyreel.providers.answers import listening
from storyreel.providers.registry import open_provider
from storyreel.providers.remote import RemoteProvider
from storyreel.runtime.settings import Settings
from tests.standins.vendor import Vendor

LINE = VoiceRequest(text="Nobody had lit it for years.", language="en")
PICTURE = ImageRequest(frame=FrameSpec(), width_px=64, height_px=48, rows=2, cols=2)
CLIP = VideoRequest(first_frame=AssetRef(id="a" * 64, media_type="image/png"), frames=6, fps=12, width_px=64, height_px=48)


class Bytes:
    """A store with one picture in it."""

    def __init__(self, scratch):
        self.scratch, self.asked = scratch, []

    async def read(self, asset):
        self.asked.append(asset.id)
        return b"a picture"


@pytest.fixture
async def vendor():
    async with Vendor().serving() as serving:
        yield serving


@pytest.fixture
def inputs(tmp_path):
    return Bytes(tmp_path)


def provider(vendor, capability="voice", usd=0.0):
    return RemoteProvider(capability, httpx.AsyncClient(base_url=vendor.url), usd=usd, longest_pause_s=0.02)


def quiet(_):
    return None


async def generate(vendor, inputs, capability, request, progress=quiet):
    remote = provider(vendor, capability)
    try:
        return await remote.wait(await remote.submit(request, "key"), request, inputs, progress)
    finally:
        await remote.close()


async def test_a_line_comes_back_with_its_words_and_its_length(vendor, inputs):
    made = await generate(vendor, inputs, "voice", LINE)
    assert made.data[:4] == b"RIFF"
    assert (made.media_type, made.provider, made.model) == ("audio/wav", "remote", "stand-in-1")
    assert made.duration_s == pytest.approx(len(LINE.text) / 15, abs=0.01)
    assert made.words[0].end_s == made.duration_s


async def test_a_sheet_comes_back_with_what_is_known_of_each_cell(vendor, inputs):
    made = await generate(vendor, inputs, "image", PICTURE)
    assert made.data[:4] == b"\x89PNG"
    assert len(made.cells) == 4


async def test_a_clip_is_given_its_first_frame_once_and_tells_how_far_it_is(vendor, inputs):
    told = []
    vendor.manners.delay_s = 0.1
    made = await generate(vendor, inputs, "video", CLIP, told.append)
    assert made.media_type == "video/mp4"
    assert inputs.asked == ["a" * 64]
    assert vendor.counts["input"] == 1
    assert 0.5 in told


@pytest.mark.parametrize(
    ("status", "kind", "surely_no_job"),
    [
        (429, Transient, True),
        (503, Transient, True),
        (500, Transient, False),
        (502, Transient, False),
        (409, NotPossible, True),
        (422, NotPossible, True),
        (401, NotPossible, True),
        (507, NoResource, True),
    ],
)
async def test_an_answer_to_a_submit_says_what_to_do_and_whether_there_is_a_job(vendor, status, kind, surely_no_job):
    vendor.manners.answers.append(status)
    vendor.manners.retry_after_s = 7
    with pytest.raises(kind) as failure:
        await provider(vendor).submit(LINE, "key")
    assert (failure.value.facts.get("created") is False) is surely_no_job
    if status == 429:
        assert failure.value.retry_after_s == 7
    assert vendor.counts["submit"] == 0


@pytest.mark.parametrize(
    ("status", "body", "headers", "kind", "wait_s"),
    [
        (451, {}, {}, Rejected, None),
        (400, {"error": {"code": "policy", "message": "not this"}}, {}, Rejected, None),
        (503, {"error": {"code": "resource", "message": "full"}}, {"Retry-After": "40"}, NoResource, 40),
        (507, {}, {}, NoResource, None),
        (429, {}, {"Retry-After": "Wed, 21 Oct 2015 07:28:00 GMT"}, Transient, 0),
        (429, {}, {"Retry-After": "soon"}, Transient, None),
        (410, {}, {}, Vanished, None),
        (403, {}, {}, NotPossible, None),
    ],
)
async def test_each_answer_is_a_class_of_failure_with_the_wait_that_was_asked_for(status, body, headers, kind, wait_s):
    answering = httpx.MockTransport(lambda _: httpx.Response(status, json=body, headers=headers))
    remote = RemoteProvider("voice", httpx.AsyncClient(base_url="http://vendor", transport=answering))
    with pytest.raises(kind) as failure:
        await remote.submit(LINE, "key")
    assert type(failure.value) is kind
    assert failure.value.facts.get("retry_after_s") == wait_s
    assert failure.value.facts["created"] is False


async def test_whoever_listens_hears_the_last_answer_and_never_the_key_or_the_media(vendor, inputs):
    with listening() as ear:
        await generate(vendor, inputs, "voice", LINE)
        heard = ear.take()
    assert (heard["status"], heard["path"].endswith("/result")) == (200, True)
    assert "bytes of audio/wav" in heard["body"]


async def test_a_server_that_is_not_there_made_no_job():
    remote = RemoteProvider("voice", httpx.AsyncClient(base_url="http://127.0.0.1:9"))
    with pytest.raises(Transient) as failure:
        await remote.submit(LINE, "key")
    assert failure.value.facts["created"] is False


@pytest.mark.parametrize(
    ("code", "kind"), [("resource", NoResource), ("refused", NotPossible), ("policy", Rejected), ("hiccup", Transient)]
)
async def test_a_job_that_ends_badly_is_over(vendor, inputs, code, kind):
    vendor.manners.errors.append(code)
    with pytest.raises(kind) as failure:
        await generate(vendor, inputs, "voice", LINE)
    assert failure.value.facts["over"] is True


async def test_a_job_is_found_by_its_key_and_only_by_its_key(vendor):
    remote = provider(vendor)
    handle = await remote.submit(LINE, "mine")
    assert await remote.find("mine") == handle
    assert await remote.find("not mine") is None
    vendor.manners.lookup = False
    with pytest.raises(LookupUnsupported):
        await remote.find("mine")


async def test_a_job_that_the_server_forgot_has_vanished(vendor, inputs):
    remote = provider(vendor)
    handle = await remote.submit(LINE, "key")
    vendor.forget()
    with pytest.raises(Vanished):
        await remote.wait(handle, LINE, inputs, quiet)


async def test_calling_off_reaches_the_server_and_says_when_it_comes_too_late(vendor, inputs):
    vendor.manners.never = True
    remote = provider(vendor)
    handle = await remote.submit(LINE, "key")
    await remote.cancel(handle)
    assert vendor.jobs[handle].cancelled
    await remote.cancel("a job that is long gone")
    vendor.manners.never = False
    done = await remote.submit(LINE, "key 2")
    with pytest.raises(NotPossible) as late:
        await remote.cancel(done)
    assert late.value.facts["done"] is True


async def test_the_server_of_the_settings_is_opened_with_its_key_and_its_prices(vendor):
    settings = Settings(remote_provider_url=vendor.url, remote_provider_key="hush-hush", remote_provider_prices={"image": 0.05})
    remote = open_provider("image", "remote", settings)
    assert remote.price(PICTURE).cost_usd == pytest.approx(0.2)
    assert "hush-hush" not in repr(settings)
    with pytest.raises(NotPossible, match="STORYREEL_REMOTE_PROVIDER_URL"):
        open_provider("image", "remote", Settings())
