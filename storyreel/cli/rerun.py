"""`storyreel rerun`: a run once more, from a stage, with the inputs that it had."""

from __future__ import annotations

from typing import Annotated, Any
from urllib.parse import quote

import typer

from storyreel.cli import told
from storyreel.cli.client import Api
from storyreel.cli.run import ask, perform
from storyreel.model.errors import BadInput, NotFound

Json = dict[str, Any]


def rerun(
    run: Annotated[str, typer.Argument(help="A shot ('3'), 'film', a task's id, or a run ('shot/<id>/r2').")],
    stage: Annotated[str, typer.Option("--from", help="The first stage: grid, select, video, voice, compose; music, film.")],
    workspace: Annotated[
        str | None, typer.Option("-w", "--workspace", help="The project, by id or name; else the one spoken of last.")
    ] = None,
    again: Annotated[
        bool, typer.Option("--again", help="A new take of that stage and what follows, even if nothing changed.")
    ] = False,
    today: Annotated[bool, typer.Option("--today", help="Where inputs changed since: use them as they are now.")] = False,
    as_it_was: Annotated[
        bool, typer.Option("--as-it-was", help="Where inputs changed since: take the shot back to what it was then, first.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Approve what it proposes.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
) -> None:
    """Start a run again from a stage with the same inputs; where they changed since, it says which and asks for one of both.

    Examples: storyreel rerun 3 --from video · storyreel rerun shot/6f0c…/r2 --from video --again · storyreel rerun 3 --from grid --as-it-was
    """

    async def work(api: Api) -> Json:
        if today and as_it_was:
            raise BadInput("--today and --as-it-was exclude each other")
        project = await api.workspace(workspace)
        page: Json = await api.get(f"/v1/workspaces/{project}/debug/{quote(run)}")
        if page["task"] is None:
            raise NotFound(f"no task of {run!r} is known")
        inputs = "today" if today else "as_it_was" if as_it_was else "same"
        args = {"run": page["task"]["id"], "stage": stage, "again": again, "inputs": inputs}
        asked = {"type": "task.rerun", "args": args}
        return await perform(api, project, asked, intent=f"rerun {run} from {stage}", yes=yes)

    ask(work, told.outcome, as_json=as_json)


def install(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(rerun)
