"""The one way out of a process.

Processes that used Temporal's client abort now and then while the interpreter tears itself down (sdk-python issue 300), after
their work is done; so every entry point ends here, with everything flushed and no tear-down.
"""

from __future__ import annotations

import contextlib
import logging
import os
import sys
from typing import NoReturn

from storyreel.runtime import telemetry


def leave(code: int = 0) -> NoReturn:
    """Flush spans, logs and standard streams, then end the process at once with `code`."""
    with contextlib.suppress(Exception):
        telemetry.shutdown()
    with contextlib.suppress(Exception):
        logging.shutdown()
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(Exception):
            stream.flush()
    os._exit(code)
