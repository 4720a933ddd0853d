"""The MCP server over any transport: it lists the tools, and carries a call to the API."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any

import mcp.types as wire
from mcp.server import Server, ServerRequestContext

from storyreel.mcp.client import Api
from storyreel.mcp.tools import Mode, Tool, tool_named, tools_of
from storyreel.model.errors import StoryreelError
from storyreel.model.spec import Language

Context = ServerRequestContext[Any, Any]
INSTRUCTIONS = (
    "Storyreel turns a conversation into a film. Read first (list_projects, read_outline), then act. Shots are named by the numbers the"
    " person sees. What costs money or destroys work answers with a proposal: show the person its changes and its price, and call approve"
    " only after they said yes. undo takes back what was changed. Renders go on by themselves; task_status tells how they stand."
)


@dataclass(frozen=True)
class Asker:
    """What a connection chose: the mode whose tools it sees, and the language it is told things in."""

    mode: Mode = "agent"
    language: Language = "en"


def server_of(reach: Callable[[Context], AbstractAsyncContextManager[Api]], asker: Callable[[Context], Asker]) -> Server[Any]:
    """A server whose tools ask the API that `reach` opens for each call."""

    async def list_tools(ctx: Context, _params: wire.PaginatedRequestParams | None) -> wire.ListToolsResult:
        return wire.ListToolsResult(tools=[_listed(tool) for tool in tools_of(asker(ctx).mode).values()])

    async def call_tool(ctx: Context, params: wire.CallToolRequestParams) -> wire.CallToolResult:
        try:
            tool = tool_named(asker(ctx).mode, params.name)
            async with reach(ctx) as api:
                answer = await tool.run(api, params.arguments or {})
        except StoryreelError as error:
            facts = {"code": error.code, **error.facts, "detail": error.detail}
            return wire.CallToolResult(content=[_text(error.detail)], structured_content=facts, is_error=True)
        return wire.CallToolResult(content=[_text(answer.words)], structured_content=answer.data)

    return Server(
        "storyreel",
        version=version("storyreel"),
        title="Storyreel",
        instructions=INSTRUCTIONS,
        on_list_tools=list_tools,
        on_call_tool=call_tool,
    )


def _listed(tool: Tool) -> wire.Tool:
    hints = wire.ToolAnnotations(
        title=tool.title, read_only_hint=tool.reads, destructive_hint=tool.destroys and not tool.reads, open_world_hint=False
    )
    return wire.Tool(name=tool.name, title=tool.title, description=tool.description, input_schema=tool.schema, annotations=hints)


def _text(words: str) -> wire.TextContent:
    return wire.TextContent(text=words)
