"""Every measurement, in one table. Name some to run only those: `python -m bench throughput chat`.

`batch` is run where it is named; `--shots 3000` says how many shots it has.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
import time
from importlib import import_module

from bench.table import Row, show

ALL = ("throughput", "chat", "graph", "film_join", "voices", "quality", "heard", "load")

# Too long to be run with the others.
NAMED = ("batch",)


async def run(names: list[str]) -> list[Row]:
    found: list[Row] = []
    for name in names:
        start = time.perf_counter()
        print(f"{name} ...", flush=True)
        found += await import_module(f"bench.{name}").rows()
        print(f"{name} took {time.perf_counter() - start:.0f} s", flush=True)
    return found


def main() -> None:
    parser = argparse.ArgumentParser(prog="bench")
    parser.add_argument("names", nargs="*")
    parser.add_argument("--shots", type=int)
    said = parser.parse_args()
    if said.shots:
        os.environ["BENCH_SHOTS"] = str(said.shots)
    wanted = said.names or list(ALL)
    unknown = set(wanted) - {*ALL, *NAMED}
    if unknown:
        sys.exit(f"There is no measurement {', '.join(sorted(unknown))}; there are {', '.join((*ALL, *NAMED))}.")
    show(asyncio.run(run(wanted)))


if __name__ == "__main__":
    main()
