import asyncio
import hashlib
import os
import sys
from pathlib import Path
from subprocess import run

import cv2
import numpy as np
import pytest

from storyreel.model.spec import Figure, FrameSpec, Look
from storyreel.pipeline.ports import AssetRef, Generated, ImageRequest
from storyreel.providers.builtin import art
from storyreel.providers.builtin.local import Cancelled
from storyreel.providers.builtin.picture import BuiltinPicture

FRAME = FrameSpec(place="咖啡馆", time="dusk", size="MS", figures=(Figure(name="林", look=Look(seed=3)),))


class NoInputs:
    scratch = Path("/nonexistent")

    async def read(self, asset: AssetRef) -> bytes:
        raise AssertionError(f"the painter reads nothing, yet asked for {asset.id}")


async def paint(request: ImageRequest, key: str = "k") -> Generated:
    provider = BuiltinPicture()
    handle = await provider.submit(request, key)
    return await provider.wait(handle, request, NoInputs(), lambda _: None)


def decoded(made: Generated) -> np.ndarray:
    picture = cv2.imdecode(np.frombuffer(made.data, np.uint8), cv2.IMREAD_COLOR)
    assert picture is not None
    return picture


async def test_a_request_gives_a_png_of_its_size_for_nothing():
    request = ImageRequest(frame=FRAME, width_px=320, height_px=180)
    made = await paint(request)
    assert made.media_type == "image/png"
    assert decoded(made).shape == (180, 320, 3)
    assert len(made.cells) == 1
    price = BuiltinPicture().price(request)
    assert price.cost_usd == 0
    assert price.expected_s > 0


async def test_the_same_request_gives_the_same_bytes_whatever_its_key():
    request = ImageRequest(frame=FRAME, width_px=320, height_px=180, seed=5)
    assert (await paint(request, "a")).data == (await paint(request, "b")).data
    other = await paint(request.model_copy(update={"seed": 6}))
    assert other.data != (await paint(request)).data


async def test_a_sheet_has_white_gutters_of_sixteen_pixels_around_cells_of_the_asked_size():
    made = await paint(ImageRequest(frame=FRAME, width_px=240, height_px=136, rows=2, cols=3))
    sheet = decoded(made)
    assert sheet.shape == (2 * 136 + 3 * 16, 3 * 240 + 4 * 16, 3)
    white = (sheet == 255).all(axis=2)
    for x in (0, 16 + 240, 2 * (16 + 240), 3 * (16 + 240)):
        assert white[:, x : x + 16].all()
    for y in (0, 16 + 136, 2 * (16 + 136)):
        assert white[y : y + 16].all()
    assert not white[16 : 16 + 136, 16 : 16 + 240].all(axis=0).any()
    assert len(made.cells) == 6


async def test_progress_only_grows_and_ends_at_one():
    told: list[float] = []
    provider = BuiltinPicture()
    request = ImageRequest(frame=FRAME, width_px=160, height_px=90, rows=2, cols=2)
    await provider.wait(await provider.submit(request, "k"), request, NoInputs(), told.append)
    await asyncio.sleep(0)
    assert told == sorted(told)
    assert told[-1] == 1.0


async def test_a_job_cancelled_by_its_handle_is_not_drawn_to_the_end():
    provider = BuiltinPicture()
    request = ImageRequest(frame=FRAME, width_px=640, height_px=360, rows=5, cols=5)
    first = asyncio.Event()
    task = asyncio.create_task(provider.wait("h", request, NoInputs(), lambda _: first.set()))
    await first.wait()
    await provider.cancel("h")
    with pytest.raises(Cancelled, match="cancelled"):
        await task


async def test_cancelling_the_task_stops_a_long_sheet_between_cells():
    provider = BuiltinPicture()
    request = ImageRequest(frame=FRAME, width_px=640, height_px=360, rows=5, cols=5)
    told: list[float] = []
    first = asyncio.Event()

    def tell(fraction: float) -> None:
        told.append(fraction)
        first.set()

    task = asyncio.create_task(provider.wait("h", request, NoInputs(), tell))
    await first.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert told[-1] < 1.0


async def test_a_job_is_always_found_again():
    provider = BuiltinPicture()
    assert await provider.find("abc") == await provider.submit(ImageRequest(frame=FRAME, width_px=8, height_px=8), "abc")


def test_another_process_draws_the_same_bytes():
    code = (
        "import hashlib, sys; from storyreel.pipeline.ports import ImageRequest;"
        "from storyreel.providers.builtin.paint.scene import paint_request, png_of;"
        "r = ImageRequest.model_validate_json(sys.argv[1]);"
        "print(hashlib.sha256(png_of(paint_request(r, stopped=lambda: False, tell=lambda _: None)[0])).hexdigest())"
    )
    request = ImageRequest(frame=FRAME.model_copy(update={"place": "森林", "weather": "rain"}), width_px=160, height_px=90)
    told = {
        run(
            [sys.executable, "-c", code, request.model_dump_json()],
            env={**os.environ, "PYTHONHASHSEED": str(seed)},
            capture_output=True,
            text=True,
            check=True,
        ).stdout.strip()
        for seed in (1, 2)
    }
    assert told == {hashlib.sha256(asyncio.run(paint(request)).data).hexdigest()}


def test_the_art_pack_is_small_and_says_whose_it_is():
    folder = Path(art.__file__).parent
    assert sum(f.stat().st_size for f in folder.glob("*.gz")) < 3_000_000
    notice = (folder / "NOTICE.md").read_text()
    for name in ("react-peeps", "dicebear-styles", "fluent-emoji-flat", "emojibase-data", "CC0", "Permission is hereby granted"):
        assert name in notice


def test_asking_the_price_loads_no_drawing_library():
    code = (
        "import sys; from storyreel.providers.builtin.picture import BuiltinPicture;"
        "from storyreel.pipeline.ports import ImageRequest; from storyreel.model.spec import FrameSpec;"
        "BuiltinPicture().price(ImageRequest(frame=FrameSpec(), width_px=8, height_px=8)); sys.exit('skia' in sys.modules)"
    )
    assert run([sys.executable, "-c", code], check=False).returncode == 0
