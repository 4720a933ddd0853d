"""Running one command: settings, the API, the answer or the error, the exit code."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, NoReturn

from storyreel.cli.client import Api, open_api
from storyreel.cli.say import failed, show
from storyreel.model.errors import StoryreelError
from storyreel.runtime import telemetry
from storyreel.runtime.exit import leave
from storyreel.runtime.settings import Settings, load

Json = dict[str, Any]
# Ended by Ctrl-C, as shells count it.
INTERRUPTED = 130


def ask(work: Callable[[Api], Awaitable[Any]], words: Callable[[Any], str], *, as_json: bool) -> NoReturn:
    """Ask the API something, print the answer, and end the process."""

    async def asked(settings: Settings) -> int:
        async with open_api(settings) as api:
            show(await work(api), as_json=as_json, words=words)
        return 0

    finish(asked, as_json=as_json)


def finish(work: Callable[[Settings], Coroutine[Any, Any, int]], *, as_json: bool = False) -> NoReturn:
    """Do the work with this process's settings, and end the process with its exit code."""
    try:
        settings = load()
        telemetry.configure(settings.model_copy(update={"log_level": "warning"}), "cli")
        code = asyncio.run(work(settings))
    except StoryreelError as error:
        code = failed(error, as_json=as_json)
    except KeyboardInterrupt:
        code = INTERRUPTED
    leave(code)
