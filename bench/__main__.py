"""Every measurement, in one table. Name some to run only those: `python -m bench throughput chat`."""

from __future__ import annotations

import asyncio
import sys
import time
from importlib import import_module

from bench.table import Row, show

ALL = ("throughput", "chat", "graph", "film_join", "voices", "quality", "heard")


async def run(names: list[str]) -> list[Row]:
    found: list[Row] = []
    for name in names:
        start = time.perf_counter()
        print(f"{name} ...", flush=True)
        found += await import_module(f"bench.{name}").rows()
        print(f"{name} took {time.perf_counter() - start:.0f} s", flush=True)
    return found


def main() -> None:
    wanted = sys.argv[1:] or list(ALL)
    unknown = set(wanted) - set(ALL)
    if unknown:
        sys.exit(f"There is no measurement {', '.join(sorted(unknown))}; there are {', '.join(ALL)}.")
    show(asyncio.run(run(wanted)))


if __name__ == "__main__":
    main()
