"""`storyreel mcp`: the MCP server on the standard streams, a client of the API as every command is."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Annotated, Literal

import typer

from storyreel.cli.client import open_api
from storyreel.cli.run import finish
from storyreel.cli.say import note
from storyreel.model.errors import Unavailable
from storyreel.runtime.settings import Settings


def mcp(
    mode: Annotated[
        Literal["agent", "pro", "draft"], typer.Option("--mode", help="Whose tools: of stories (agent, pro) or of draft spaces.")
    ] = "agent",
    language: Annotated[Literal["en", "zh"], typer.Option("--language", help="What changes are told in.")] = "en",
) -> None:
    """Serve the tools of this stack to an assistant, over the standard streams (MCP). Example: storyreel mcp --language zh

    Set it up in an assistant as the command `storyreel mcp`, with STORYREEL_HOME or STORYREEL_API where the stack is elsewhere.
    """

    async def work(settings: Settings) -> int:
        from mcp.server.stdio import stdio_server  # noqa: PLC0415 - only this command needs it

        from storyreel.mcp.client import Api  # noqa: PLC0415
        from storyreel.mcp.server import Asker, Context, server_of  # noqa: PLC0415

        @asynccontextmanager
        async def reach(_: Context | None = None) -> AsyncGenerator[Api]:
            # Found anew for each call: a stack may start, stop and start elsewhere while the assistant runs.
            async with open_api(settings) as found:
                found.http.headers["x-storyreel-source"] = "mcp"
                yield Api(found.http, language)

        try:
            async with reach():
                pass
        except Unavailable as away:
            note(f"{away.detail}. The tools are served all the same, and work once it runs.")
        asker = Asker(mode, language)
        server = server_of(reach, lambda _: asker)
        async with stdio_server() as (incoming, outgoing):
            await server.run(incoming, outgoing, server.create_initialization_options())
        return 0

    finish(work)
