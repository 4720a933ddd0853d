"""Running one command: settings, the API, the answer or the error, the exit code."""

from __future__ import annotations

import asyncio
import traceback
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, NoReturn
from uuid import uuid4

from storyreel.cli import told
from storyreel.cli.client import Api, open_api
from storyreel.cli.say import failed, show
from storyreel.model.errors import StoryreelError
from storyreel.runtime import telemetry
from storyreel.runtime.exit import leave
from storyreel.runtime.settings import Settings, load

Json = dict[str, Any]
# Ended by Ctrl-C, as shells count it.
INTERRUPTED = 130


def ask(
    work: Callable[[Api], Awaitable[Any]],
    words: Callable[[Any], str],
    *,
    as_json: bool,
    code: Callable[[Any], int] = lambda _: 0,
) -> NoReturn:
    """Ask the API something, print the answer, and end the process with the code that the answer means."""

    async def asked(settings: Settings) -> int:
        async with open_api(settings) as api:
            answer = await work(api)
        show(answer, as_json=as_json, words=words)
        return code(answer)

    finish(asked, as_json=as_json)


def act(asked: Json, workspace: str | None, *, yes: bool = False, as_json: bool) -> NoReturn:
    """Ask for one action in a project and tell what came of it; with `yes`, agree to what is proposed."""

    async def work(api: Api) -> Json:
        return await perform(api, await api.workspace(workspace), asked, yes=yes)

    ask(work, told.outcome, as_json=as_json)


async def perform(api: Api, project: str, asked: Json, *, intent: str = "", yes: bool = False) -> Json:
    """The outcome of one action; with `yes`, of agreeing to what it proposes."""
    body = {"request_id": str(uuid4()), "intent": intent or str(asked["type"]), "actions": [asked]}
    outcome: Json = await api.post(f"/v1/workspaces/{project}/actions", body)
    if yes and outcome.get("proposal"):
        outcome = await api.post(f"/v1/workspaces/{project}/proposals/{outcome['proposal']['id']}/approve")
    return outcome


def finish(work: Callable[[Settings], Coroutine[Any, Any, int]], *, as_json: bool = False) -> NoReturn:
    """Do the work with this process's settings, and end the process with its exit code."""
    debug = False
    try:
        settings = load()
        debug = settings.log_level == "debug"
        telemetry.configure(settings if debug else settings.model_copy(update={"log_level": "warning"}), "cli")
        code = asyncio.run(work(settings))
    except StoryreelError as error:
        code = failed(error, as_json=as_json)
    except KeyboardInterrupt:
        code = INTERRUPTED
    except Exception as error:  # noqa: BLE001 - told in a line
        code = failed(unexpected(error, debug=debug), as_json=as_json)
    leave(code)


def unexpected(error: Exception, *, debug: bool) -> StoryreelError:
    """A failure that nobody foresaw, in a line; with its traceback where one is asked for."""
    if debug:
        traceback.print_exception(error)
    said = " ".join(str(error).split()) or "no more is known"
    return StoryreelError(f"{type(error).__name__}: {said}; STORYREEL_LOG_LEVEL=debug shows where")
