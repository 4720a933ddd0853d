"""Lets Temporal's SDK download its development server into a folder. A process of its own, so that it can be given up on.

python -m storyreel.embedded.download FOLDER
"""

from __future__ import annotations

import asyncio
import sys
from datetime import timedelta

from temporalio.testing import WorkflowEnvironment

from storyreel.runtime.exit import leave


async def main(folder: str) -> int:
    """Start the SDK's server once, which downloads it, and end it. The last line printed says what went wrong."""
    try:
        server = await WorkflowEnvironment.start_local(
            download_dest_dir=folder, dev_server_startup_timeout=timedelta(seconds=60), dev_server_log_level="error"
        )
    except RuntimeError as problem:
        sys.stdout.write(str(problem).split(": ", 2)[-1].split(" for url")[0].replace("\n", " ") + "\n")
        return 1
    await server.shutdown()
    return 0


if __name__ == "__main__":
    leave(asyncio.run(main(sys.argv[1])))
