from __future__ import annotations

import asyncio
import os
from pathlib import Path

import pytest

from storyreel.media import ffmpeg
from storyreel.media.ffmpeg import DiskFull, FfmpegFailed, FfmpegMissing

ENDLESS = ["-re", "-f", "lavfi", "-i", "testsrc=size=64x64:rate=10", "-f", "null", "-"]


def children() -> set[int]:
    return {int(pid) for pid in Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()}


async def test_a_run_tells_its_progress_up_to_the_end():
    seen: list[float] = []
    source = ["-f", "lavfi", "-i", "testsrc=size=64x64:rate=25:duration=4", "-f", "null", "-"]
    await ffmpeg.run(source, duration_s=4.0, progress=seen.append)
    assert seen == sorted(seen)
    assert seen[-1] > 0.9
    assert all(0 <= share <= 1 for share in seen)


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="the child is looked for in /proc")
async def test_a_cancelled_run_leaves_no_child_behind():
    before = children()
    started = asyncio.Event()
    task = asyncio.create_task(ffmpeg.run(ENDLESS, duration_s=60, progress=lambda _: started.set()))
    await asyncio.wait_for(started.wait(), 20)
    assert len(children() - before) == 1
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asyncio.wait_for(task, 5)
    assert children() <= before


async def test_a_failure_carries_what_ffmpeg_said():
    with pytest.raises(FfmpegFailed) as failed:
        await ffmpeg.run(["-i", "/nowhere/none.mp4", "-f", "null", "-"])
    assert "No such file" in failed.value.detail
    assert "none.mp4" in failed.value.facts["stderr"]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full here")
async def test_a_full_disk_is_called_a_full_disk():
    source = ["-f", "lavfi", "-i", "testsrc=size=320x240:rate=25:duration=2", "-c:v", "rawvideo", "-f", "rawvideo", "/dev/full"]
    with pytest.raises(DiskFull, match="disk is full"):
        await ffmpeg.run(source)


async def test_a_missing_program_is_named(monkeypatch):
    monkeypatch.setenv("STORYREEL_FFMPEG", "/nowhere/ffmpeg")
    with pytest.raises(FfmpegMissing, match="nowhere"):
        await ffmpeg.run(["-version"])
