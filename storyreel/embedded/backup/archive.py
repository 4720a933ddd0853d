"""Keeps a piece of PostgreSQL's log, or gives one back. Run by the server as a script, alone: it imports nothing of Storyreel.

    python -I -S archive.py keep  PATH NAME FOLDER              # archive_command, in the server's data folder
    python -I -S archive.py fetch NAME PATH SYSTEM FOLDER...    # restore_command

A piece lies in FOLDER/<system identifier>/NAME.gz, so that two servers never mix; FOLDERs of a fetch may also hold it as it is.
"""

from __future__ import annotations

import gzip
import os
import shutil
import struct
import sys
from pathlib import Path

CHUNK = 1 << 20


def main() -> int:
    """Do what the first word says; 0 when it is done."""
    word, *rest = sys.argv[1:]
    if word == "keep":
        path, name, folder = rest
        return keep(Path(path), name, Path(folder) / system(Path()))
    name, path, which, *folders = rest
    return fetch(name, Path(path), which, [Path(folder) for folder in folders])


def system(data: Path) -> str:
    """The identifier of the server with this data folder: the first eight bytes of its control file."""
    with (data / "global" / "pg_control").open("rb") as file:
        return str(struct.unpack("<Q", file.read(8))[0])


def keep(path: Path, name: str, folder: Path) -> int:
    """Compress a piece into the folder, whole or not at all; what is there already must be the same."""
    folder.mkdir(parents=True, exist_ok=True)
    target, aside = folder / f"{name}.gz", folder / f".{name}.{os.getpid()}"
    if target.exists():
        with gzip.open(target, "rb") as there:
            return 0 if there.read() == path.read_bytes() else 1
    with path.open("rb") as given, aside.open("wb") as file:
        with gzip.GzipFile(name, "wb", compresslevel=1, fileobj=file, mtime=0) as packed:
            shutil.copyfileobj(given, packed, CHUNK)
        file.flush()
        os.fsync(file.fileno())
    aside.replace(target)
    handle = os.open(folder, os.O_RDONLY)
    os.fsync(handle)
    os.close(handle)
    return 0


def fetch(name: str, path: Path, which: str, folders: list[Path]) -> int:
    """Unpack a piece; 1 when none of the folders has it, which tells the server that the log ends."""
    for folder in folders:
        packed, plain = folder / which / f"{name}.gz", folder / name
        if packed.exists():
            with gzip.open(packed, "rb") as given, path.open("wb") as out:
                shutil.copyfileobj(given, out, CHUNK)
            return 0
        if plain.exists():
            shutil.copyfile(plain, path)
            return 0
    return 1


if __name__ == "__main__":
    sys.exit(main())
