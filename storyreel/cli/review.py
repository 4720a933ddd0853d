"""`storyreel review`: what waits for a person, and the decision."""

from __future__ import annotations

import json
from typing import Annotated, Any

import typer

from storyreel.actions.words_review import waiting_lines
from storyreel.cli.client import Api
from storyreel.cli.run import act, ask
from storyreel.model.errors import BadInput

Json = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]
Where = Annotated[str | None, typer.Option("-w", "--workspace", help="The project, by id or name; else the one spoken of last.")]
Document = dict[str, Any]


def review(
    verb: Annotated[
        str,
        typer.Argument(
            help="retry, edit, provider, smaller, skip, upload, charged or not_charged; without it, what waits is listed."
        ),
    ] = "",
    shots: Annotated[str | None, typer.Option("--shots", help="Only what waits of these shots.")] = None,
    provider: Annotated[str | None, typer.Option("--provider", help="With provider: who makes it instead.")] = None,
    change: Annotated[
        str | None, typer.Option("--change", help='With edit: what to change, as JSON: {"picture": {"time": "night"}}.')
    ] = None,
    asset: Annotated[str | None, typer.Option("--asset", help="With upload: the asset's id.")] = None,
    job: Annotated[list[str] | None, typer.Option("--job", help="With charged and not_charged: only this call.")] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Approve what it proposes.")] = False,
    workspace: Where = None,
    as_json: Json = False,
) -> None:
    """List what waits for you, or decide it. Examples: storyreel review · storyreel review retry · storyreel review skip --shots 4"""
    if not verb:
        ask(lambda api: _listed(api, workspace), listed, as_json=as_json)
        return
    given = {"shots": shots, "provider": provider, "changes": _json(change), "asset": asset, "jobs": job or None}
    args = {"verb": verb, **{name: value for name, value in given.items() if value is not None}}

    act({"type": "task.review", "args": args}, workspace, yes=yes, as_json=as_json)


def listed(found: Document) -> str:
    """What waits, in lines."""
    items = [
        {**one, "of": one["task_kind"], "choices": [choice["verb"] for choice in one["choices"]]} for one in found["waiting"]
    ]
    held = {one["provider"]: one["paused_by"] for one in found["held"]}
    return "\n".join(waiting_lines({"waiting": items, "proposals": found["proposals"], "held": held}, "en"))


def install(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(review)


async def _listed(api: Api, workspace: str | None) -> Document:
    found: Document = await api.get(f"/v1/workspaces/{await api.workspace(workspace)}/review")
    return found


def _json(text: str | None) -> Document | None:
    if text is None:
        return None
    try:
        said = json.loads(text)
    except ValueError as wrong:
        raise typer.BadParameter(f"--change is no JSON: {wrong}") from wrong
    if not isinstance(said, dict):
        raise BadInput("--change is a JSON object: the arguments of shot.update")
    return said
