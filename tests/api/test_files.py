"""Files over HTTP: kept by content, given whole or in ranges."""

from __future__ import annotations

import asyncio
import hashlib
import zlib

import pytest

from tests.api.conftest import Caller, is_problem


def png(width: int = 3, height: int = 2) -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return len(data).to_bytes(4, "big") + kind + data + zlib.crc32(kind + data).to_bytes(4, "big")

    size = width.to_bytes(4, "big") + height.to_bytes(4, "big") + b"\x08\x02\x00\x00\x00"
    rows = zlib.compress((b"\x00" + b"\x20\x40\x60" * width) * height)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", size) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


async def test_a_picture_is_known_by_its_bytes_whatever_it_is_called(caller: Caller):
    data = png()
    kept = await caller.http.post(f"{caller.at}/assets?name=notes.txt", content=data)
    assert kept.status_code == 201
    body = kept.json()
    assert body == {
        "id": hashlib.sha256(data).hexdigest(),
        "media_type": "image/png",
        "width_px": 3,
        "height_px": 2,
        "duration_s": None,
    }
    again = await caller.http.post(f"{caller.at}/assets?name=other.jpg", content=data)
    assert again.json()["id"] == body["id"]
    assert await caller.get(f"@/assets/{body['id']}/facts") == body


@pytest.mark.parametrize(
    ("data", "name", "code", "said"),
    [
        (b"", "a.png", "bad-input", "empty"),
        (png()[:40], "a.png", "unreadable-picture", "picture"),
        (b"\x7fELF" + bytes(200), "a.png", "bad-input", "a.png"),
        (b"PK\x03\x04" + bytes(200), "a.fountain", "bad-input", "a.fountain"),
    ],
)
async def test_what_is_no_picture_clip_sound_or_text_is_refused(caller: Caller, data: bytes, name: str, code: str, said: str):
    refused = is_problem(await caller.http.post(f"{caller.at}/assets?name={name}", content=data), 422, code)
    assert said in refused["detail"]


@pytest.mark.parametrize(
    ("asked", "status", "start", "stop"),
    [
        ("bytes=0-9", 206, 0, 10),
        ("bytes=90-", 206, 90, 100),
        ("bytes=90-500", 206, 90, 100),
        ("bytes=-5", 206, 95, 100),
        ("bytes=-500", 206, 0, 100),
        ("bytes=9-2", 200, 0, 100),
        ("bytes=0-1,5-6", 200, 0, 100),
        ("pages=1-2", 200, 0, 100),
    ],
)
async def test_ranges_give_just_their_bytes(caller: Caller, asked: str, status: int, start: int, stop: int):
    data = ("".join(f"{n:02d}" for n in range(50))).encode()
    kept = (await caller.http.post(f"{caller.at}/assets", content=data)).json()["id"]
    answer = await caller.http.get(f"{caller.at}/assets/{kept}", headers={"Range": asked})
    assert (answer.status_code, answer.content) == (status, data[start:stop])
    assert answer.headers["content-length"] == str(stop - start)
    assert answer.headers["accept-ranges"] == "bytes"
    if status == 206:
        assert answer.headers["content-range"] == f"bytes {start}-{stop - 1}/100"


async def test_a_range_outside_the_file_says_how_long_the_file_is(caller: Caller):
    kept = (await caller.http.post(f"{caller.at}/assets", content=b"x" * 100)).json()["id"]
    for asked in ("bytes=100-", "bytes=500-600", "bytes=-0"):
        answer = await caller.http.get(f"{caller.at}/assets/{kept}", headers={"Range": asked})
        is_problem(answer, 416, "range-not-satisfiable")
        assert answer.headers["content-range"] == "bytes */100"


async def test_what_a_browser_has_is_not_sent_again_and_runs_nothing(caller: Caller):
    kept = (await caller.http.post(f"{caller.at}/assets?name=a.txt", content=b"<script>alert(1)</script>")).json()["id"]
    first = await caller.http.get(f"{caller.at}/assets/{kept}")
    assert "sandbox" in first.headers["content-security-policy"] and first.headers["x-content-type-options"] == "nosniff"
    again = await caller.http.get(f"{caller.at}/assets/{kept}", headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


async def test_an_asset_of_another_project_is_not_there(caller: Caller):
    kept = (await caller.http.post(f"{caller.at}/assets", content=b"mine")).json()["id"]
    other = await caller.post("/v1/workspaces", {"name": "Other"}, 201)
    is_problem(await caller.http.get(f"/v1/workspaces/{other['workspace_id']}/assets/{kept}"), 404, "not-found")
    is_problem(await caller.http.get(f"{caller.at}/assets/..%2F..%2Fetc%2Fpasswd"), 404, "not-found")
    is_problem(await caller.http.get(f"{caller.at}/assets/{'0' * 64}"), 404, "not-found")


async def test_a_film_that_is_not_joined_says_how_to_get_it(caller: Caller):
    said = is_problem(await caller.http.get(f"{caller.at}/film"), 404, "not-found")
    assert "make the film" in said["detail"] and said["shots"] == 5


async def test_a_file_that_is_too_large_is_refused_before_it_is_read(caller: Caller):
    host, port = caller.base.removeprefix("http://").split(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    head = f"POST {caller.at}/assets HTTP/1.1\r\nHost: {host}\r\nContent-Length: {300 * 1024 * 1024}\r\n\r\n"
    writer.write(head.encode())
    assert b" 413 " in await reader.readline()
    writer.close()

    async def endless():
        for _ in range(10):
            yield bytes(1024 * 1024)

    answer = await caller.http.post(f"{caller.at}/chat", content=endless())
    assert "8 MB" in is_problem(answer, 413, "too-large")["detail"]
