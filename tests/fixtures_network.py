"""No test of this process connects to anything but this machine."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from ipaddress import ip_address
from typing import Any

import pytest

LOCAL_NAMES = {"localhost", "", None, socket.gethostname()}


class OutsideConnection(RuntimeError):
    """A test tried to reach another machine."""


def is_local(host: Any) -> bool:
    host = host.decode() if isinstance(host, bytes) else host
    try:
        return host in LOCAL_NAMES or ip_address(host).is_loopback or ip_address(host).is_unspecified
    except ValueError:
        return False


@pytest.fixture(scope="session", autouse=True)
def _local_only() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        for name in ("connect", "connect_ex"):
            patch.setattr(socket.socket, name, _guarded(getattr(socket.socket, name)))
        patch.setattr(socket, "getaddrinfo", _guarded_lookup(socket.getaddrinfo))
        yield


def _guarded(real: Any) -> Any:
    def connect(self: socket.socket, address: Any) -> Any:
        if self.family in {socket.AF_INET, socket.AF_INET6} and not is_local(address[0]):
            raise OutsideConnection(f"{address}")
        return real(self, address)

    return connect


def _guarded_lookup(real: Any) -> Any:
    def getaddrinfo(host: Any, *args: Any, **kwargs: Any) -> Any:
        if not is_local(host):
            raise OutsideConnection(f"{host}")
        return real(host, *args, **kwargs)

    return getaddrinfo
