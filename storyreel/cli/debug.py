"""`storyreel debug`: all that is known of a render, for a terminal, a browser or a program."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any
from urllib.parse import quote

import typer

from storyreel.cli.client import Api
from storyreel.cli.debug_page import in_html, in_words
from storyreel.cli.run import ask
from storyreel.model.errors import BadInput

Json = dict[str, Any]


def debug(
    what: Annotated[str, typer.Argument(help="A shot ('3'), 'film', 'desk', a task's id, or a run ('shot/<id>/r2').")],
    workspace: Annotated[
        str | None, typer.Option("-w", "--workspace", help="The project, by id or name; else the one spoken of last.")
    ] = None,
    html: Annotated[
        Path | None, typer.Option("--html", help="Write the page to this file, for a browser.", dir_okay=False)
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
) -> None:
    """All that is known of a render: who asked, what each stage did, provider calls, money, what was made, why it failed, what to do.

    Secrets and media are left out. Examples: storyreel debug 3 · storyreel debug film --html film.html
    """

    async def work(api: Api) -> Json:
        page: Json = await api.get(f"/v1/workspaces/{await api.workspace(workspace)}/debug/{quote(what)}")
        if html is not None:
            _write(html, in_html(page))
        return page

    ask(work, lambda page: str(html.resolve()) if html else in_words(page), as_json=as_json)


def install(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(debug)


def _write(path: Path, text: str) -> None:
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise BadInput(f"{path} cannot be written: {error.strerror}") from error
