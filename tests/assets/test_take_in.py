"""What comes from outside is judged by its content, measured before it is decoded, cleaned, and only then kept."""

from __future__ import annotations

import asyncio
import hashlib
import io
import tracemalloc
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from storyreel.assets.folder import FolderStore
from storyreel.assets.take_in import Limits, TakenIn, plain_name, take_in
from storyreel.media.look import NEAR, distance
from storyreel.model.errors import BadInput
from tests.assets import samples as bad


async def taken(store: FolderStore, tmp_path: Path, data: bytes, name: str = "a.png", **limits: int) -> TakenIn:
    file = tmp_path / "incoming"
    file.write_bytes(data)
    return await take_in(store, file, name=name, source={"by": "upload"}, limits=Limits(**limits))


async def test_a_clean_picture_is_kept_as_it_came_and_named_by_its_content(store: FolderStore, tmp_path: Path) -> None:
    data = bad.picture()
    found = await taken(store, tmp_path, data, "../../etc/p\x00asswd\u202e.txt")
    assert found.asset.id == hashlib.sha256(data).hexdigest()
    assert (found.asset.media_type, found.asset.width_px, found.asset.height_px) == ("image/png", 96, 64)
    assert found.source == {"by": "upload"} and found.name == "passwd.txt"
    assert found.look is not None and len(found.look) == 96


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
async def test_place_and_maker_are_stripped_and_no_pixel_changes(store: FolderStore, tmp_path: Path, form: str) -> None:
    data = bad.photo(form=form)
    assert b"SecretMaker" in data
    found = await taken(store, tmp_path, data)
    kept = await store.get(found.asset.id)
    assert found.source["changed"] == ["stripped"]
    for secret in (b"SecretMaker", b"SecretComment", b"Exif"):
        assert secret not in kept
    assert not Image.open(io.BytesIO(kept)).getexif()
    was, now = (np.asarray(Image.open(io.BytesIO(one)).convert("RGB")) for one in (data, kept))
    assert np.array_equal(was, now)


@pytest.mark.parametrize("orientation", range(2, 9))
async def test_a_picture_on_its_side_is_set_upright(store: FolderStore, tmp_path: Path, orientation: int) -> None:
    found = await taken(store, tmp_path, bad.photo(orientation=orientation))
    kept = np.asarray(Image.open(io.BytesIO(await store.get(found.asset.id))).convert("RGB")).astype(int)
    assert found.source["changed"] == ["stripped", "turned"]
    assert (found.asset.width_px, found.asset.height_px) == ((96, 64) if orientation < 5 else (64, 96))
    assert kept.shape[:2] == (found.asset.height_px, found.asset.width_px)
    # The bright corner of the upright picture is where the tag says it is.
    corners = {2: (0, -1), 3: (-1, -1), 4: (-1, 0), 5: (0, 0), 6: (0, -1), 7: (-1, -1), 8: (-1, 0)}
    y, x = corners[orientation]
    height, width = kept.shape[:2]
    patch = kept[4 if y == 0 else height - 5, 4 if x == 0 else width - 5]
    assert np.abs(patch - (250, 240, 30)).max() < 12


@pytest.mark.parametrize(("form", "name"), [("BMP", "a.jpg"), ("TIFF", "b.png"), ("GIF", "c.mp4")])
async def test_other_pictures_become_png_whatever_they_are_called(
    store: FolderStore, tmp_path: Path, form: str, name: str
) -> None:
    found = await taken(store, tmp_path, bad.picture(form), name)
    assert found.asset.media_type == "image/png" and "as PNG" in found.source["changed"]
    assert (await store.get(found.asset.id)).startswith(bad.HEAD)


async def test_a_passenger_behind_or_inside_a_picture_is_put_off(store: FolderStore, tmp_path: Path) -> None:
    clean = bad.picture()
    script = b"<script>alert(1)</script>PK\x03\x04"
    inside = clean[:33] + bad.chunk(b"tEXt", b"Comment\x00" + script) + clean[33:]
    for carrying in (clean + script, inside, bad.picture("JPEG") + script, bad.picture("WEBP") + script):
        found = await taken(store, tmp_path, carrying, "a.html")
        assert b"alert" not in await store.get(found.asset.id)
        assert found.asset.media_type.startswith("image/") and found.source["changed"] == ["stripped"]


@pytest.mark.parametrize(
    ("data", "code", "said"),
    [
        (b"", "bad-input", "empty"),
        (bad.huge_header(), "too-many-pixels", "60000 x 60000"),
        (bad.SVG, "bad-input", "SVG"),
        (b"\xef\xbb\xbf<svg onload='x'>", "bad-input", "SVG"),
        (b"\x7fELF" + bytes(300), "bad-input", "a.png"),
        (b"PK\x03\x04" + bytes(300), "bad-input", "zip"),
        (bad.picture()[:-30], "unreadable-picture", "picture"),
        (bad.picture("JPEG")[:-300], "unreadable-picture", "picture"),
        (bad.text_bomb(), "unreadable-picture", "picture"),
        (b"\x00\x00\x00\x20ftypisom" + bytes(500), "unreadable-media", "read"),
        (b"ID3\x04" + bytes(500), "unreadable-media", "read"),
        (b"RIFF\x24\x00\x00\x00WAVE" + bytes(40), "unreadable-media", "read"),
    ],
)
async def test_what_is_broken_or_means_harm_is_refused_and_nothing_is_kept(
    store: FolderStore, tmp_path: Path, data: bytes, code: str, said: str
) -> None:
    with pytest.raises(BadInput) as refused:
        await taken(store, tmp_path, data)
    assert refused.value.code == code and said in refused.value.detail
    assert [one async for one in store.listed()] == []


async def test_a_bomb_costs_nothing_to_refuse(store: FolderStore, tmp_path: Path) -> None:
    data = bad.bomb()
    assert len(data) < 1 << 20
    tracemalloc.start()
    with pytest.raises(BadInput) as refused:
        await taken(store, tmp_path, data)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert refused.value.code == "too-many-pixels" and peak < 32 << 20


async def test_limits_are_those_given(store: FolderStore, tmp_path: Path) -> None:
    for limit, code in (({"most_px": 6000}, "too-many-pixels"), ({"most_bytes": 50}, "too-large")):
        with pytest.raises(BadInput) as refused:
            await taken(store, tmp_path, bad.picture(), **limit)
        assert refused.value.code == code


async def test_a_playlist_is_a_text_and_is_never_followed(store: FolderStore, tmp_path: Path) -> None:
    found = await taken(store, tmp_path, bad.PLAYLIST, "film.mp4")
    assert found.asset.media_type == "text/plain"


async def test_pictures_that_look_alike_lie_near_and_others_far(store: FolderStore, tmp_path: Path) -> None:
    looks = [(await taken(store, tmp_path, bad.picture(seed=seed))).look for seed in range(6)]
    image = Image.fromarray(bad.scene(seed=3))
    cropped, saved = image.crop((4, 3, 92, 61)).resize((48, 32)), io.BytesIO()
    cropped.save(saved, "JPEG", quality=40)
    again = (await taken(store, tmp_path, saved.getvalue())).look
    far = [distance(again, look) for look in looks]
    assert np.argmin(far) == 3 and far[3] < NEAR < sorted(far)[1]


async def test_the_same_file_taken_in_many_times_at_once_is_one(store: FolderStore, tmp_path: Path) -> None:
    file = tmp_path / "f"
    file.write_bytes(bad.photo(orientation=6))
    found = await asyncio.gather(*(take_in(store, file, name=f"{n}.jpg") for n in range(6)))
    assert len({one.asset.id for one in found}) == 1 == len([one async for one in store.listed()])


@pytest.mark.parametrize(
    ("name", "plain"), [("a\\b/c.png", "c.png"), ("\x07x\n", "x"), ("灯塔 1.png", "灯塔 1.png"), ("..", "..")]
)
def test_names_are_for_people(name: str, plain: str) -> None:
    assert plain_name(name) == plain
