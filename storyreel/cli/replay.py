"""`storyreel replay`: would the workflows at hand still go the way that a run went?"""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Annotated
from urllib.parse import quote

import typer

from storyreel.cli.client import Api, open_api
from storyreel.cli.run import finish
from storyreel.cli.say import show
from storyreel.model.errors import BadInput
from storyreel.runtime.settings import Settings


def replay(
    runs: Annotated[
        list[str],
        typer.Argument(help="Runs ('shot/<id>/r2'), shots ('3'), 'film', 'desk', or files of `temporal workflow show`."),
    ],
    workspace: Annotated[
        str | None, typer.Option("-w", "--workspace", help="The project, by id or name; else the one spoken of last.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
) -> None:
    """Go through the history of runs again with the workflows of this installation; 1 if any of them goes another way.

    Examples: storyreel replay 3 · storyreel replay shot/6f0c…/r2 · storyreel replay run.json
    """

    async def work(settings: Settings) -> int:
        told = [await _replayed(settings, one, workspace) for one in runs]
        show(
            {"runs": told},
            as_json=as_json,
            words=lambda _: "\n".join(f"{'✓' if one['same'] else '✗'} {one['workflow_id']}: {one['said']}" for one in told),
        )
        return 0 if all(one["same"] for one in told) else 1

    finish(work, as_json=as_json)


def install(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(replay)


async def _replayed(settings: Settings, run: str, workspace: str | None) -> dict[str, object]:
    # Temporal's client takes a moment to load; most commands need none.
    from storyreel.desk import history  # noqa: PLC0415

    found = history.from_json(await _text(settings, run, workspace), run)
    return (await history.replay(found)).model_dump()


async def _text(settings: Settings, run: str, workspace: str | None) -> str:
    """The history, from a file of that name or from the API."""
    path = Path(run)
    if path.suffix == ".json" or path.is_file():
        try:
            return await asyncio.to_thread(path.read_text, encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise BadInput(f"{path} cannot be read: {error}") from error
    async with open_api(settings) as api:
        return await _fetch(api, run, workspace)


async def _fetch(api: Api, run: str, workspace: str | None) -> str:
    return json.dumps(await api.get(f"/v1/workspaces/{await api.workspace(workspace)}/histories/{quote(run)}"))
