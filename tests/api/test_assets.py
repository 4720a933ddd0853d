"""Uploads that break off and go on, imports, small pictures, uses and search, over a real socket."""

from __future__ import annotations

import asyncio
import hashlib
import io
from pathlib import Path

import httpx
import numpy as np
import pytest
from PIL import Image

from storyreel.runtime.settings import Settings
from tests.api.conftest import Caller, is_problem, served, settings_of
from tests.assets import samples as bad
from tests.fixtures_services import Addresses


async def announce(caller: Caller, data: bytes, name: str = "a.png") -> str:
    made = await caller.post("@/uploads", {"name": name, "size_bytes": len(data)}, 201)
    assert made["offset"] == 0 and made["asset"] is None
    return f"{caller.at}/uploads/{made['id']}"


async def send(caller: Caller, at: str, offset: int, body: bytes) -> httpx.Response:
    return await caller.http.patch(at, content=body, headers={"Upload-Offset": str(offset)})


async def test_an_upload_that_stops_half_way_goes_on_from_there(caller: Caller, settings: Settings) -> None:
    data = bad.photo(noise=600)
    at = await announce(caller, data, "holiday.jpg")
    half, more = len(data) // 2, 60_000
    first = await send(caller, at, 0, data[:half])
    assert first.json()["offset"] == half and first.json()["asset"] is None
    # The line breaks in the middle of a piece: what came is kept.
    host, port = caller.base.removeprefix("http://").split(":")
    _, writer = await asyncio.open_connection(host, int(port))
    head = f"PATCH {at} HTTP/1.1\r\nHost: {host}\r\nUpload-Offset: {half}\r\nContent-Length: {len(data) - half}\r\n\r\n"
    writer.write(head.encode() + data[half : half + more])
    await writer.drain()
    (file,) = (settings.home_dir / "uploads").iterdir()
    async with asyncio.timeout(10):
        while file.stat().st_size < half + more - 10_000:
            await asyncio.sleep(0.02)
        writer.close()
        while int((told := await caller.http.head(at)).headers["upload-offset"]) == half:
            await asyncio.sleep(0.02)
    offset = int(told.headers["upload-offset"])
    assert offset == half + more and told.headers["upload-length"] == str(len(data))
    done = (await send(caller, at, offset, data[offset:])).json()
    assert done["offset"] == len(data) and done["asset"]["media_type"] == "image/jpeg"
    kept = (await caller.http.get(f"{caller.at}/assets/{done['asset']['id']}")).content
    assert hashlib.sha256(kept).hexdigest() == done["asset"]["id"] and b"SecretMaker" not in kept
    assert (await send(caller, at, len(data), b"")).json()["asset"] == done["asset"]
    again = await announce(caller, kept, "same.jpg")
    assert (await send(caller, again, 0, kept)).json()["asset"]["id"] == done["asset"]["id"]


async def test_pieces_that_do_not_fit_are_refused_and_lose_nothing(caller: Caller) -> None:
    data = bad.picture()
    at = await announce(caller, data)
    wrong = is_problem(await send(caller, at, 5, data), 409, "conflict")
    assert wrong["offset"] == 0
    is_problem(await caller.http.patch(at, content=data), 422, "bad-input")
    is_problem(await send(caller, at, 0, data + b"more"), 413, "too-large")
    assert (await send(caller, at, len(data), b"")).json()["asset"]["id"] == hashlib.sha256(data).hexdigest()
    is_problem(await caller.http.post(f"{caller.at}/uploads", json={"size_bytes": 1 << 40}), 413, "too-large")
    is_problem(await caller.http.post(f"{caller.at}/uploads", json={"size_bytes": 0}), 422, "bad-input")


async def test_two_who_send_the_same_piece_at_once_do_not_mix(caller: Caller) -> None:
    data = bad.picture(width=400, height=300)
    at = await announce(caller, data)
    answers = await asyncio.gather(*(send(caller, at, 0, data) for _ in range(4)))
    assert {answer.status_code for answer in answers} <= {200, 409}
    told = (await caller.http.get(at)).json()
    if told["asset"] is None:
        told = (await send(caller, at, told["offset"], data[told["offset"] :])).json()
    assert told["asset"]["id"] == hashlib.sha256(data).hexdigest()


@pytest.mark.parametrize(("data", "code"), [(bad.SVG, "bad-input"), (bad.huge_header(), "too-many-pixels")])
async def test_an_upload_that_means_harm_is_forgotten(caller: Caller, settings, data: bytes, code: str) -> None:
    at = await announce(caller, data)
    refused = await send(caller, at, 0, data)
    is_problem(refused, refused.status_code, code)
    assert (await caller.http.get(at)).status_code == 404
    assert [*(settings.home_dir / "uploads").iterdir()] == []
    is_problem(await caller.http.post(f"{caller.at}/assets", content=data), refused.status_code, code)


async def test_uploads_whose_time_is_over_are_swept(database: Addresses, tmp_path: Path) -> None:
    settings = settings_of(database, tmp_path, upload_lasts_s=0.2)
    async with served(settings) as base, httpx.AsyncClient(base_url=base) as http:
        caller = Caller(http, base)
        caller.workspace = (await caller.post("/v1/workspaces", {"name": "Brief"}, 201))["workspace_id"]
        at = await announce(caller, b"x" * 10)
        await send(caller, at, 0, b"12345")
        assert len([*(tmp_path / "uploads").iterdir()]) == 1
        async with asyncio.timeout(10):
            while (await http.get(at)).status_code != 404:
                await asyncio.sleep(0.05)
        is_problem(await send(caller, at, 5, b"67890"), 404, "not-found")
        await announce(caller, b"y" * 10)
        assert [*(tmp_path / "uploads").iterdir()] == []


async def test_a_folder_is_brought_in_once_and_the_log_says_from_where(database: Addresses, tmp_path: Path) -> None:
    root = tmp_path / "material"
    (root / "scenes" / ".hidden").mkdir(parents=True)
    (root / "scenes" / "灯塔.png").write_bytes(bad.picture(seed=1))
    (root / "scenes" / "same.png").write_bytes(bad.picture(seed=1))
    (root / "scenes" / "notes.exe").write_bytes(b"MZ" + bytes(200))
    (root / "scenes" / ".hidden" / "x.png").write_bytes(bad.picture(seed=2))
    outside = tmp_path / "secret.png"
    outside.write_bytes(bad.picture(seed=3))
    (root / "scenes" / "link.png").symlink_to(outside)
    async with (
        served(settings_of(database, tmp_path / "home", import_root=root)) as base,
        httpx.AsyncClient(base_url=base) as http,
    ):
        caller = Caller(http, base)
        caller.workspace = (await caller.post("/v1/workspaces", {"name": "Folder"}, 201))["workspace_id"]
        first = await caller.post("@/imports", {"folder": "scenes", "tags": ["外景"]}, 201)
        assert len(first["assets"]) == 1 and [one["name"] for one in first["left"]] == ["notes.exe"]
        said = first["outcome"]["commit"]["summary"][0]
        assert said == {"code": "asset.imported", "facts": {"assets": 1, "known": 0, "by": "folder", "where": "folder:scenes"}}
        again = await caller.post("@/imports", {"folder": "scenes"}, 201)
        assert (again["known"], again["assets"], again["outcome"]) == (2, [], None)
        found = await caller.get("@/search", q="外景", kind="asset")
        assert [hit["asset"]["title"] for hit in found["items"]] == ["same.png"]
        for wrong in ("..", "../..", "/etc", "scenes/../../"):
            answer = await http.post(f"{caller.at}/imports", json={"folder": wrong})
            is_problem(answer, 403, "refused")
        is_problem(await http.post(f"{caller.at}/imports", json={"folder": "nowhere"}), 404, "not-found")
        await caller.act({"type": "version.undo"})
        assert (await caller.get("@/search", q="外景"))["items"] == []


async def test_nothing_inside_the_network_is_fetched_and_nothing_is_imported_unless_it_is_allowed(caller: Caller) -> None:
    for url in (caller.base, "http://localhost:9", "http://[::1]/", "http://0.0.0.0/"):
        is_problem(await caller.http.post(f"{caller.at}/imports", json={"url": f"{url}/healthz"}), 403, "inside-address")
    for url in ("file:///etc/passwd", "ftp://127.0.0.1/x", "gopher://x", "http://", "https://me:word@127.0.0.1/", "x"):
        is_problem(await caller.http.post(f"{caller.at}/imports", json={"url": url}), 422, "not-fetched")
    is_problem(await caller.http.post(f"{caller.at}/imports", json={"folder": ""}), 403, "refused")
    is_problem(await caller.http.post(f"{caller.at}/imports", json={"bucket": {"name": "b"}}), 403, "refused")
    is_problem(await caller.http.post(f"{caller.at}/imports", json={}), 422, "bad-input")


async def test_a_host_that_the_operator_allows_is_fetched_from(database: Addresses, tmp_path: Path) -> None:
    settings = settings_of(database, tmp_path, import_hosts=("127.0.0.1",))
    async with served(settings) as base, httpx.AsyncClient(base_url=base) as http:
        caller = Caller(http, base)
        caller.workspace = (await caller.post("/v1/workspaces", {"name": "Url"}, 201))["workspace_id"]
        kept = (await http.post(f"{caller.at}/assets", content=bad.picture(seed=4))).json()["id"]
        url = f"{base}{caller.at}/assets/{kept}?token=secret"
        brought = await caller.post("@/imports", {"url": url, "tags": ["x"]}, 201)
        assert [one["id"] for one in brought["assets"]] == [kept]
        assert brought["outcome"]["commit"]["summary"][0]["facts"]["where"] == url.partition("?")[0]
        is_problem(await http.post(f"{caller.at}/imports", json={"url": f"{base}/nowhere"}), 422, "not-fetched")


async def test_pictures_clips_and_sounds_have_a_small_picture(caller: Caller) -> None:
    picture = bad.picture(width=800, height=400)
    for data, size in ((picture, (320, 160)), (bad.clip(), (160, 90)), (bad.tone(), (320, 80))):
        kept = (await caller.http.post(f"{caller.at}/assets", content=data)).json()
        answer = await caller.http.get(f"{caller.at}/assets/{kept['id']}/thumb", params={"w": 300})
        assert answer.status_code == 200 and answer.headers["content-type"] == "image/webp"
        seen = Image.open(io.BytesIO(answer.content))
        assert seen.size == size and np.asarray(seen).std() > 5
        assert "sandbox" in answer.headers["content-security-policy"]
        headers = {"If-None-Match": answer.headers["etag"]}
        assert (
            await caller.http.get(f"{caller.at}/assets/{kept['id']}/thumb", params={"w": 300}, headers=headers)
        ).status_code == 304
    jpeg = await caller.http.get(f"{caller.at}/assets/{kept['id']}/thumb", params={"form": "jpeg"})
    assert Image.open(io.BytesIO(jpeg.content)).format == "JPEG"
    note = (await caller.http.post(f"{caller.at}/assets", content=b"words")).json()["id"]
    is_problem(await caller.http.get(f"{caller.at}/assets/{note}/thumb"), 422, "nothing-to-see")
    is_problem(await caller.http.get(f"{caller.at}/assets/{'0' * 64}/thumb"), 404, "not-found")


async def test_uses_and_search_over_http(caller: Caller) -> None:
    kept = (await caller.http.post(f"{caller.at}/assets?name=door.png", content=bad.picture(seed=1))).json()["id"]
    other = (await caller.http.post(f"{caller.at}/assets", content=bad.picture(seed=2))).json()["id"]
    await caller.do({"type": "asset.attach_to_shot", "args": {"asset": kept, "shots": "3"}})
    found = await caller.get(f"@/assets/{kept}/uses")
    assert [(one["shot"], one["role"]) for one in found["shots"]] == [(3, "image")] and found["nodes"] == []
    items = (await caller.get("@/search", q="shot 2"))["items"]
    assert [(item["kind"], item["shot"]) for item in items] == [("shot", 2)]
    assert [item["id"] for item in (await caller.get("@/search", like=kept))["items"]] == [other]
    assert (await caller.get("@/search", like=kept, by="meaning"))["items"] == []
    is_problem(await caller.http.get(f"{caller.at}/search"), 422, "bad-input")
    is_problem(await caller.http.get(f"{caller.at}/search", params={"q": "x", "kind": "secret"}), 422, "bad-input")
