"""`python -m tests.chaos --seed 1 --kills 60 --shots 40`: one seeded run, and its report where `--report` says."""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from pathlib import Path

from tests.chaos.report import written
from tests.chaos.run import chaos


def main() -> int:
    """Run it; 1 when something was lost or paid for twice. The folder is kept then."""
    parser = argparse.ArgumentParser(prog="python -m tests.chaos", description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--kills", type=int, default=60)
    parser.add_argument("--shots", type=int, default=40)
    parser.add_argument("--folder", type=Path, help="where the stack lives; else a folder that goes when all is well")
    parser.add_argument("--report", type=Path, help="a Markdown file to write")
    given = parser.parse_args()
    folder = given.folder or Path(tempfile.mkdtemp(prefix="storyreel-chaos-"))
    result = chaos(folder, given.seed, given.kills, given.shots)
    text = written(result)
    print(text)  # noqa: T201 - what was asked for
    if given.report:
        given.report.write_text(text)
    for line in result.account.wrong:
        print(f"WRONG: {line}", file=sys.stderr)  # noqa: T201
    if result.account.wrong:
        print(f"Everything is kept in {folder}", file=sys.stderr)  # noqa: T201
    sys.stdout.flush()
    return 1 if result.account.wrong else 0


if __name__ == "__main__":
    os._exit(main())
