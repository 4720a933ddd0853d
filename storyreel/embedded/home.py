"""The data folder: its format, its lock, its secrets and the addresses of what runs in it."""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import secrets
import time
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from pydantic import Field, ValidationError

from storyreel.model.base import Frozen
from storyreel.model.errors import Refused
from storyreel.runtime import clock

FORMAT = 1
LOCK_TRIES = 10


class Endpoints(Frozen):
    """Where a running stack is found. `store` is a folder or an S3 address. The databases are the owner's and the application's."""

    pid: int
    started_at: str
    database_url: str
    app_database_url: str
    temporal_address: str
    temporal_namespace: str
    temporal_ui: str
    api: str
    store: str
    pids: dict[str, int] = Field(default_factory=dict[str, int])


class Holder(Frozen):
    """Who has a data folder open."""

    pid: int
    since: str


def open_home(home: Path) -> None:
    """Make the data folder, or see that it is one we can read.

    Raises:
        Refused: it was made by a later Storyreel, or it is some other folder.
    """
    stamp = home / "FORMAT"
    if not stamp.exists():
        home.mkdir(parents=True, exist_ok=True)
        write(stamp, f"storyreel {FORMAT}\n")
        return
    word, _, number = stamp.read_text().strip().partition(" ")
    if word != "storyreel" or number != str(FORMAT):
        raise Refused(f"{home} has format {stamp.read_text().strip()!r}; this Storyreel reads 'storyreel {FORMAT}'.")


@contextmanager
def locked(home: Path) -> Generator[None]:
    """Hold the data folder: one stack each.

    Raises:
        Refused: another process holds it; the message says which, since when, and where its API is.
    """
    with (home / "lock").open("a+") as file:
        if not _try_lock(file, fcntl.LOCK_EX):
            raise Refused(_held(home)) from None
        file.truncate(0)
        file.write(Holder(pid=os.getpid(), since=clock.now().isoformat(timespec="seconds")).model_dump_json())
        file.flush()
        try:
            yield
        finally:
            file.truncate(0)


def passwords(home: Path, names: tuple[str, ...]) -> dict[str, str]:
    """The passwords of the embedded database, made once and readable by this user only."""
    path = home / "secrets.json"
    known: dict[str, str] = json.loads(path.read_text()) if path.exists() else {}
    if missing := [name for name in names if name not in known]:
        known |= {name: secrets.token_urlsafe(24) for name in missing}
        write(path, json.dumps(known))
    return known


def write_endpoints(home: Path, endpoints: Endpoints) -> None:
    """Say where everything is, at once or not at all; readable by this user only, because it holds passwords."""
    write(home / "endpoints.json", endpoints.model_dump_json(indent=2) + "\n")


def read_endpoints(home: Path) -> Endpoints | None:
    """Where the stack of this folder is, or None when none runs: a stack that was killed leaves its file, but not its lock."""
    try:
        with (home / "lock").open() as file:
            if _try_lock(file, fcntl.LOCK_SH):
                return None
        return Endpoints.model_validate_json((home / "endpoints.json").read_text())
    except (FileNotFoundError, ValidationError):
        return None


def remove_endpoints(home: Path) -> None:
    """Say that nothing runs here any more."""
    (home / "endpoints.json").unlink(missing_ok=True)


def write(path: Path, text: str) -> None:
    """Write a small file that is whole or absent, for this user only."""
    new = path.with_name(f".{path.name}.{os.getpid()}")
    with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    new.replace(path)


def _try_lock(file: IO[str], kind: int) -> bool:
    # More than once, because a reader holds the lock for a moment while it looks.
    for left in reversed(range(LOCK_TRIES)):
        try:
            fcntl.flock(file, kind | fcntl.LOCK_NB)
        except OSError:
            time.sleep(0.02 if left and kind == fcntl.LOCK_EX else 0)
        else:
            return True
    return False


def _held(home: Path) -> str:
    with contextlib.suppress(OSError, ValidationError):
        holder = Holder.model_validate_json((home / "lock").read_text())
        running = read_endpoints(home)
        where = f"; its API is {running.api}" if running else ""
        return f"{home} is in use by process {holder.pid} since {holder.since}{where}. Stop it first, or set STORYREEL_HOME."
    return f"{home} is in use by another Storyreel. Stop it first, or set STORYREEL_HOME."
