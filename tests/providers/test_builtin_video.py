from __future__ import annotations

import asyncio
from pathlib import Path

import cv2
import numpy as np
import pytest

from storyreel.media import picture, probe, segment
from storyreel.media.format import Format
from storyreel.model.digest import digest_bytes
from storyreel.model.errors import NotPossible
from storyreel.pipeline.ports import AssetRef, Box, VideoRequest
from storyreel.providers.builtin.local import Cancelled
from storyreel.providers.builtin.video import BuiltinVideo


def drawn() -> bytes:
    rng = np.random.default_rng(4)
    return picture.png(cv2.resize(rng.integers(0, 255, (30, 53, 3), dtype=np.uint8), (352, 198), interpolation=cv2.INTER_CUBIC))


class Shelf:
    def __init__(self, data: bytes, scratch: Path) -> None:
        self.data, self.scratch = data, scratch

    async def read(self, asset: AssetRef) -> bytes:
        return self.data


def request(data: bytes, **changes) -> VideoRequest:
    wanted = {
        "frames": 30,
        "fps": 25,
        "width_px": 320,
        "height_px": 180,
        "move": "push_in",
        "focus": Box(x=0.4, y=0.3, width=0.2, height=0.2),
    }
    return VideoRequest(first_frame=AssetRef(id=digest_bytes(data), media_type="image/png"), **(wanted | changes))


@pytest.fixture
def still() -> bytes:
    return drawn()


async def made(provider, wanted, shelf, progress=lambda _: None):
    handle = await provider.submit(wanted, "k1")
    return await provider.wait(handle, wanted, shelf, progress)


async def test_a_clip_is_what_was_asked_and_needs_no_second_encoding(still, tmp_path):
    seen: list[float] = []
    got = await made(BuiltinVideo(), request(still), Shelf(still, tmp_path), seen.append)
    await asyncio.sleep(0)
    found = probe.probe(got.data)
    assert (got.media_type, got.provider, got.duration_s) == ("video/mp4", "builtin", 1.2)
    assert (found.frames, found.fps, found.width_px, found.height_px, found.audio_codec) == (30, 25.0, 320, 180, "")
    assert found.extradata == segment.extradata(Format(width_px=320, height_px=180, fps=25))
    assert seen == sorted(seen)
    assert seen[-1] == 1.0


async def test_a_job_that_died_with_its_process_is_found_and_drawn_the_same(still, tmp_path):
    wanted, shelf = request(still, weather="rain", seed=5), Shelf(still, tmp_path)
    first, second = BuiltinVideo(), BuiltinVideo()
    handle = await first.submit(wanted, "k")
    assert await second.find("k") == handle == "builtin:k"
    once = await first.wait(handle, wanted, shelf, lambda _: None)
    again = await second.wait(handle, wanted, shelf, lambda _: None)
    assert once.data == again.data


async def test_cancelling_stops_the_drawing_between_two_frames(still, tmp_path):
    provider, started, seen = BuiltinVideo(), asyncio.Event(), []
    wanted = request(still, frames=5000)

    def progress(share: float) -> None:
        seen.append(share)
        started.set()

    task = asyncio.create_task(provider.wait("builtin:k", wanted, Shelf(still, tmp_path), progress))
    await asyncio.wait_for(started.wait(), 20)
    await provider.cancel("builtin:k")
    with pytest.raises(Cancelled):
        await asyncio.wait_for(task, 10)
    assert seen[-1] < 1


async def test_a_waiter_that_goes_away_takes_its_drawing_with_it(still, tmp_path, monkeypatch):
    from storyreel.media import move

    ended, started = asyncio.Event(), asyncio.Event()
    loop, render = asyncio.get_running_loop(), move.render

    def watched(*args, **kwargs) -> None:
        try:
            render(*args, **kwargs)
        except move.Stopped:
            loop.call_soon_threadsafe(ended.set)
            raise

    monkeypatch.setattr(move, "render", watched)
    task = asyncio.create_task(
        BuiltinVideo().wait("builtin:k", request(still, frames=5000), Shelf(still, tmp_path), lambda _: started.set())
    )
    await asyncio.wait_for(started.wait(), 20)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await asyncio.wait_for(ended.wait(), 10)


async def test_two_who_wait_for_one_job_do_not_stop_each_other(still, tmp_path):
    provider, shelf = BuiltinVideo(), Shelf(still, tmp_path)
    short = provider.wait("builtin:k", request(still), shelf, lambda _: None)
    long = provider.wait("builtin:k", request(still, frames=90), shelf, lambda _: None)
    clips = await asyncio.gather(short, long)
    assert [probe.probe(clip.data).frames for clip in clips] == [30, 90]


async def test_what_cannot_be_filmed_is_said_plainly(still, tmp_path):
    with pytest.raises(NotPossible, match="even"):
        await made(BuiltinVideo(), request(still, width_px=321), Shelf(still, tmp_path))
    with pytest.raises(NotPossible, match="not a picture"):
        await made(BuiltinVideo(), request(still), Shelf(b"?", tmp_path))


def test_it_is_free_and_says_how_long_it_takes(still):
    price = BuiltinVideo().price(request(still, frames=450, width_px=1280, height_px=720))
    assert price.cost_usd == 0
    assert 5 <= price.expected_s <= 20
    assert BuiltinVideo().price(request(still, frames=45)).expected_s < price.expected_s
