"""Fetching from an address that a person gave, without reaching anything inside the network.

A name is resolved once, every address it has is judged, and the connection goes to a judged one; so does each redirect. No proxy of
the environment is used. Hosts that the operator names may be inside.
"""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from pathlib import Path
from typing import Any, cast
from urllib.parse import unquote, urljoin, urlsplit

import httpcore

from storyreel.assets.incoming import save
from storyreel.model.errors import BadInput, Refused

Resolve = Callable[[str, int], Awaitable[list[str]]]
HOPS = 5
CONNECT_S = 10.0
REDIRECTS = frozenset({301, 302, 303, 307, 308})
# Ways to write an IPv4 address as an IPv6 one, with the bits of it that are the address.
NAT64 = (IPv6Network("64:ff9b::/96"), IPv6Network("64:ff9b:1::/48"))
ANCIENT = IPv6Network("::/96")
HEADERS = [(b"User-Agent", b"storyreel"), (b"Accept", b"*/*"), (b"Accept-Encoding", b"identity")]


class InsideAddress(Refused):
    """This address leads inside the network, and nothing is fetched from there."""

    code = "inside-address"


class NotFetched(BadInput):
    """Nothing could be fetched from this address."""

    code = "not-fetched"


@dataclass(frozen=True, slots=True)
class Fetched:
    """What was fetched: where it came from in the end, how it is called there, and its version if the server says one."""

    url: str
    name: str
    size_bytes: int
    etag: str = ""


def is_outside(address: str) -> bool:
    """Whether an address is on the public internet, in whatever way it is written."""
    try:
        found = ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(found, IPv6Address):
        inner = _inner(found)
        if inner is not None:
            return is_outside(str(inner))
    return found.is_global and not found.is_multicast and not found.is_reserved


def _inner(address: IPv6Address) -> IPv4Address | None:
    """The IPv4 address that an IPv6 one stands for, if it does."""
    if address.ipv4_mapped:
        return address.ipv4_mapped
    if address.sixtofour:
        return address.sixtofour
    if address.teredo:
        return address.teredo[1]
    if any(address in net for net in NAT64) or (address in ANCIENT and int(address) > 1):
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return None


async def resolve(host: str, port: int) -> list[str]:
    """The addresses of a name.

    Raises:
        NotFetched: it has none.
    """
    try:
        found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as unknown:
        raise NotFetched(f"there is no host {host!r}") from unknown
    return list(dict.fromkeys(str(one[4][0]) for one in found))


@dataclass(frozen=True)
class Guarded(httpcore.AsyncNetworkBackend):
    """Connects to public addresses alone, and to those it has judged."""

    allowed: frozenset[str] = frozenset()
    resolve: Resolve = resolve
    inner: httpcore.AsyncNetworkBackend = field(
        default_factory=lambda: cast("httpcore.AsyncNetworkBackend", httpcore.AnyIOBackend())
    )

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 - httpcore's own signature
        local_address: str | None = None,
        socket_options: Any = None,
    ) -> httpcore.AsyncNetworkStream:
        """Connect to the first of the host's addresses, if all may be.

        Raises:
            InsideAddress: one of them is inside the network.
        """
        found = await self.resolve(host, port)
        if host.lower() not in self.allowed and (not found or not all(is_outside(address) for address in found)):
            raise InsideAddress(f"{host} leads inside the network; nothing is fetched from there", host=host)
        return await self.inner.connect_tcp(found[0], port, timeout, local_address, socket_options)

    async def connect_unix_socket(self, path: str, timeout: float | None = None, socket_options: Any = None) -> Any:  # noqa: ARG002, ASYNC109
        """Never."""
        raise InsideAddress

    async def sleep(self, seconds: float) -> None:
        """Wait."""
        await self.inner.sleep(seconds)


@dataclass(frozen=True)
class Fetcher:
    """Fetches files within a size and a time. `hosts` are names that may lead inside; `find` resolves names."""

    most_bytes: int
    timeout_s: float = 120.0
    hosts: Iterable[str] = ()
    find: Resolve = resolve
    trust: ssl.SSLContext | None = None

    async def fetch(self, url: str, into: Path) -> Fetched:
        """One file, written to `into`.

        Raises:
            InsideAddress: it, or an address that it leads to, is inside the network.
            NotFetched: it is no http(s) address, or the other side does not answer with a file.
            TooLarge: the file is larger than may be.
            Unavailable: our own disk is full.
        """
        backend = Guarded(frozenset(host.lower() for host in self.hosts), self.find)
        try:
            async with (
                asyncio.timeout(self.timeout_s),
                httpcore.AsyncConnectionPool(
                    network_backend=backend, ssl_context=self.trust, max_keepalive_connections=0
                ) as pool,
            ):
                return await self._follow(pool, url, into)
        except TimeoutError as late:
            raise NotFetched(f"{_shown(url)} did not come within {self.timeout_s:g} s") from late
        except (httpcore.NetworkError, httpcore.ProtocolError, httpcore.TimeoutException, ssl.SSLError) as failure:
            raise NotFetched(f"{_shown(url)} could not be fetched: {failure or type(failure).__name__}") from failure

    async def _follow(self, pool: httpcore.AsyncConnectionPool, url: str, into: Path) -> Fetched:
        for _ in range(HOPS + 1):
            async with _asked(pool, checked_url(url)) as answer:
                headers = {name.lower(): value.decode("latin-1") for name, value in answer.headers}
                if answer.status in REDIRECTS and headers.get(b"location"):
                    url = urljoin(url, headers[b"location"])
                    continue
                if answer.status != HTTPStatus.OK:
                    raise NotFetched(f"{_shown(url)} answers {answer.status}", answered=answer.status)
                size = await save(answer.aiter_stream(), into, most=self.most_bytes)
                return Fetched(_shown(url), unquote(urlsplit(url).path.rpartition("/")[2]), size, headers.get(b"etag", ""))
        raise NotFetched(f"the address leads on more than {HOPS} times")


def checked_url(url: str) -> str:
    """The address, if it is one that may be asked.

    Raises:
        NotFetched: it is not http(s), or carries a password, which would be kept with the asset.
    """
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError as wrong:
        raise NotFetched("this is no address") from wrong
    if parts.scheme not in {"http", "https"} or not host or port == 0:
        raise NotFetched("only http:// and https:// addresses are fetched")
    if parts.username is not None or parts.password is not None:
        raise NotFetched("an address with a name and a password in it is not fetched")
    return url


@asynccontextmanager
async def _asked(pool: httpcore.AsyncConnectionPool, url: str) -> AsyncGenerator[httpcore.Response]:
    timeouts = {"connect": CONNECT_S, "read": CONNECT_S * 3, "write": CONNECT_S, "pool": CONNECT_S}
    try:
        target = httpcore.URL(url.partition("#")[0])
    except (UnicodeError, ValueError, httpcore.UnsupportedProtocol) as wrong:
        raise NotFetched("this is no address; write letters beyond ASCII as %..") from wrong
    headers = [(b"Host", _host(url)), *HEADERS]
    async with pool.stream("GET", target, headers=headers, extensions={"timeout": timeouts}) as answer:
        yield answer


def _host(url: str) -> bytes:
    parts = urlsplit(url)
    name = parts.hostname or ""
    return (f"[{name}]" if ":" in name else name).encode() + (f":{parts.port}".encode() if parts.port else b"")


def _shown(url: str) -> str:
    """An address without its query, which may hold a key."""
    return url.partition("#")[0].partition("?")[0]
