"""Free ports, and a word from the setting when the wanted one is taken."""

from __future__ import annotations

import contextlib
import fcntl
import socket
import tempfile
from pathlib import Path
from typing import IO

from storyreel.model.errors import Refused

API_FROM = 8710


class Ports:
    """Ports chosen for one stack. `from_` ports are reserved between stacks until `close`, so that two do not choose the same."""

    def __init__(self) -> None:
        self._held: list[IO[str]] = []

    def any(self, wanted: int | None, setting: str, host: str = "127.0.0.1") -> int:
        """The wanted port, or whichever is free.

        Raises:
            Refused: the wanted port is taken; the message names the setting.
        """
        if wanted is None:
            return free(0, host)
        return self._wanted(wanted, setting, host)

    def from_(self, first: int, wanted: int | None, setting: str, host: str = "127.0.0.1") -> int:
        """The wanted port, or the first free one from `first` on, reserved.

        Raises:
            Refused: the wanted port is taken; the message names the setting.
        """
        if wanted is not None:
            return self._wanted(wanted, setting, host)
        for port in range(first, first + 200):
            if self._reserve(port) and is_free(port, host):
                return port
        raise Refused(f"No port from {first} to {first + 199} is free; set {setting}.")

    def close(self) -> None:
        """Give the reservations back."""
        for file in self._held:
            file.close()
        self._held.clear()

    def _wanted(self, port: int, setting: str, host: str) -> int:
        if not is_free(port, host):
            raise Refused(f"{setting}={port} is taken by another program; choose another port, or unset it for a free one.")
        return port

    def _reserve(self, port: int) -> bool:
        with contextlib.suppress(OSError):
            file = (Path(tempfile.gettempdir()) / f"storyreel-port-{port}").open("a")
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                file.close()
                return False
            self._held.append(file)
            return True
        return False


def free(port: int = 0, host: str = "127.0.0.1") -> int:
    """Bind a port for a moment: the number if it is free; 0 asks the system for one.

    Raises:
        OSError: it is taken.
    """
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind((host, port))
        return int(probe.getsockname()[1])


def is_free(port: int, host: str = "127.0.0.1") -> bool:
    """Whether a port can be bound now."""
    try:
        free(port, host)
    except OSError:
        return False
    return True
