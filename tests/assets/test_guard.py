"""Fetching from an address that a person gave reaches nothing inside the network, however the way there is dressed."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from storyreel.assets.guard import Fetcher, InsideAddress, NotFetched, is_outside
from storyreel.assets.take_in import TooLarge

INSIDE = [
    "127.0.0.1",
    "127.9.9.9",
    "0.0.0.0",
    "10.1.2.3",
    "172.16.0.1",
    "172.31.255.255",
    "192.168.1.1",
    "169.254.169.254",
    "100.64.0.1",
    "192.0.2.1",
    "198.18.0.1",
    "224.0.0.1",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "fe80::1",
    "fe80::1%eth0",
    "fc00::1",
    "fd12:3456::1",
    "ff02::1",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "::127.0.0.1",
    "64:ff9b::7f00:1",
    "64:ff9b::a9fe:a9fe",
    "64:ff9b:1::a00:1",
    "2002:7f00:1::",
    "2002:c0a8:101::",
    "fd00:ec2::254",
    "2001:db8::1",
    "x",
    "1",
]
OUTSIDE = ["1.1.1.1", "8.8.8.8", "172.32.0.1", "2606:4700:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808"]


@pytest.mark.parametrize("address", INSIDE)
def test_an_address_inside_is_known_in_every_way_to_write_it(address: str) -> None:
    assert not is_outside(address)


@pytest.mark.parametrize("address", OUTSIDE)
def test_a_public_address_is_let_through(address: str) -> None:
    assert is_outside(address)


class Server:
    """A server on this machine that answers as it is told, and counts who came."""

    def __init__(self) -> None:
        self.answers: dict[str, bytes] = {}
        self.came: list[str] = []
        self.port = 0

    def url(self, path: str, host: str = "files.example") -> str:
        return f"http://{host}:{self.port}{path}"

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
        path = asked[0].split()[1]
        self.came.append(path)
        writer.write(self.answers.get(path, b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"))
        await writer.drain()
        if not self.answers.get(path, b"").endswith(b"hang"):
            writer.close()


def ok(body: bytes, *headers: str) -> bytes:
    return "\r\n".join(["HTTP/1.1 200 OK", f"Content-Length: {len(body)}", *headers, "", ""]).encode() + body


def onward(to: str) -> bytes:
    return f"HTTP/1.1 302 Found\r\nLocation: {to}\r\nContent-Length: 0\r\n\r\n".encode()


@pytest.fixture
async def server() -> AsyncIterator[Server]:
    made = Server()
    listening = await asyncio.start_server(made.serve, "127.0.0.1", 0)
    made.port = listening.sockets[0].getsockname()[1]
    yield made
    listening.close()


def names(**known: str) -> Callable[[str, int], object]:
    """A resolver that knows these names; every other name is an address."""

    async def find(host: str, port: int) -> list[str]:
        return known.get(host.replace(".", "_"), host).split()

    return find


def fetcher(**more: object) -> Fetcher:
    """One that may go to files.example, which is this machine, and nowhere else inside."""
    fields = {"most_bytes": 1000, "timeout_s": 5, "hosts": ("files.example",), "find": names(files_example="127.0.0.1")}
    return Fetcher(**{**fields, **more})


async def test_a_file_is_fetched_with_its_name_and_without_the_key_in_its_address(server: Server, tmp_path: Path) -> None:
    server.answers["/a%20b.png?key=secret"] = ok(b"bytes", 'ETag: "v1"')
    found = await fetcher().fetch(server.url("/a%20b.png?key=secret#x"), tmp_path / "f")
    assert (found.name, found.size_bytes, found.etag) == ("a b.png", 5, '"v1"')
    assert "secret" not in found.url and (tmp_path / "f").read_bytes() == b"bytes"


@pytest.mark.parametrize(
    "known",
    ["127.0.0.1", "10.0.0.5", "169.254.169.254", "8.8.8.8 127.0.0.1", "::ffff:127.0.0.1", "64:ff9b::7f00:1", ""],
)
async def test_a_name_that_leads_inside_is_never_connected_to(server: Server, tmp_path: Path, known: str) -> None:
    for url in (server.url("/", "evil.example"), server.url("/", "EVIL.example")):
        with pytest.raises(InsideAddress):
            await fetcher(find=names(evil_example=known, EVIL_example=known)).fetch(url, tmp_path / "f")
    assert server.came == []


async def test_a_redirect_is_judged_as_the_first_address_was(server: Server, tmp_path: Path) -> None:
    server.answers["/ok"] = onward("/then")
    server.answers["/then"] = ok(b"here")
    assert (await fetcher().fetch(server.url("/ok"), tmp_path / "f")).name == "then"
    for to, error in (
        (server.url("/secret", "127.0.0.1"), InsideAddress),
        (server.url("/secret", "[::ffff:127.0.0.1]"), InsideAddress),
        ("//169.254.169.254/latest/meta-data", InsideAddress),
        ("file:///etc/passwd", NotFetched),
        ("gopher://files.example/", NotFetched),
        ("/round", NotFetched),
    ):
        server.answers["/round"] = onward(to)
        with pytest.raises(error):
            await fetcher().fetch(server.url("/round"), tmp_path / "f")
    assert "/secret" not in server.came


async def test_a_name_that_changes_its_address_is_judged_at_each_connection(server: Server, tmp_path: Path) -> None:
    asked: list[str] = []

    async def find(host: str, port: int) -> list[str]:
        asked.append(host)
        return ["127.0.0.1"]

    # It was public when it was asked for; what counts is what it is when it is connected to, and that is asked once.
    with pytest.raises(InsideAddress):
        await fetcher(find=find).fetch(server.url("/", "rebind.example"), tmp_path / "f")
    assert asked == ["rebind.example"] and server.came == []


async def test_what_is_too_large_too_slow_or_no_answer_is_said(server: Server, tmp_path: Path) -> None:
    server.answers["/large"] = ok(bytes(2000))
    server.answers["/liar"] = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + (b"3e8\r\n" + bytes(1000) + b"\r\n") * 3
    server.answers["/slow"] = b"HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nhang"
    server.answers["/nonsense"] = b"\x00\x01\x02 hello\r\n\r\n"
    for path in ("/large", "/liar"):
        with pytest.raises(TooLarge):
            await fetcher().fetch(server.url(path), tmp_path / "f")
    for path, said in (("/slow", "within"), ("/nonsense", "fetched"), ("/gone", "404")):
        with pytest.raises(NotFetched, match=said):
            await fetcher(timeout_s=0.3).fetch(server.url(path), tmp_path / "f")
