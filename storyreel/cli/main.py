"""The commands. Each prints words for a person, or with --json one document; exit codes: 0 done, 1 refused or failed, 2 wrong usage."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import Annotated, Any
from uuid import UUID

import typer

from storyreel.cli import batch, debug, deploy, film, money, replay, rerun, review, stack, told
from storyreel.cli.client import Api, new_key
from storyreel.cli.run import act, ask, unexpected
from storyreel.cli.say import failed
from storyreel.model.errors import BadInput, StoryreelError
from storyreel.runtime.exit import leave

app = typer.Typer(
    name="storyreel",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    help="A conversation becomes a film.\n\nExample: storyreel demo 'Make a 30 second film about a lighthouse keeper'",
)
app.add_typer(stack.db_app, name="db")
stack.install(app)
for commands in (batch, debug, replay, rerun, deploy, money, review):
    commands.install(app)

Json = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]
Where = Annotated[str | None, typer.Option("-w", "--workspace", help="The project, by id or name; else the one spoken of last.")]
Proposal = Annotated[UUID, typer.Argument(help="Its id, as `storyreel chat` printed it.")]
Shots = Annotated[str, typer.Option("--shots", help="Which shots: '3', '2-5', 'last', 'all', 'scene 2'.")]
PENDING = frozenset({"pending", "running", "retry_pending", "cancelling"})
Document = dict[str, Any]


@app.command()
def chat(
    message: Annotated[str, typer.Argument(help="What you want, in English or Chinese.")],
    workspace: Where = None,
    attach: Annotated[
        list[Path] | None,
        typer.Option("--attach", help="A file that goes with it: a script, a picture.", exists=True, dir_okay=False),
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Approve what it proposes.")] = False,
    as_json: Json = False,
) -> None:
    """Say something to a project. Without any project yet, it starts one.

    Examples: storyreel chat "把第2到第3个镜头改成夜景霓虹" · storyreel chat "Make it faster" --yes · storyreel chat "How far is it?"
    """

    async def work(api: Api) -> Document:
        if not message.strip() and not attach:
            raise BadInput("the message is empty; say what you want, for example 'make a 30 second film about a lighthouse'")
        project = await _project_for(api, workspace, message)
        attachments = [await _attachment(api, project, path) for path in attach or ()]
        return await _say(api, project, {"text": message, "attachments": attachments}, yes=yes)

    ask(work, told.chat, as_json=as_json, code=_code)


@app.command()
def approve(proposal: Proposal, workspace: Where = None, as_json: Json = False) -> None:
    """Say yes to a proposal. Example: storyreel approve 6f0c…"""
    _decide("approve", proposal, workspace, as_json=as_json)


@app.command()
def reject(proposal: Proposal, workspace: Where = None, as_json: Json = False) -> None:
    """Say no to a proposal; nothing else changes. Example: storyreel reject 6f0c…"""
    _decide("reject", proposal, workspace, as_json=as_json)


@app.command()
def show(
    workspace: Where = None,
    at: Annotated[
        str | None,
        typer.Option("--at", help="A place in the history: a revision, '#3' for the third version, its name, or a time."),
    ] = None,
    as_json: Json = False,
) -> None:
    """Show the film as it is planned: scenes, shots, lines. Examples: storyreel show · storyreel show --at 'first draft'"""

    async def work(api: Api) -> Document:
        found: Document = await api.get(f"/v1/workspaces/{await api.workspace(workspace)}/outline", at=at)
        return found

    ask(work, told.film, as_json=as_json)


@app.command("import")
def import_(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="Fountain, Markdown or plain text.")],
    workspace: Where = None,
    yes: Annotated[bool, typer.Option("--yes", help="Approve what it proposes.")] = False,
    as_json: Json = False,
) -> None:
    """Turn a script (Fountain, Markdown or prose) into scenes and shots, in a new project unless one is named.

    Example: storyreel import scene.fountain --yes
    """

    async def work(api: Api) -> Document:
        attachment = film.script_attachment(file)
        project = await api.workspace(workspace) if workspace else await film.new_workspace(api, file.stem)
        return await _say(api, project, {"text": film.SCRIPT_MESSAGE, "attachments": [attachment]}, yes=yes)

    ask(work, told.chat, as_json=as_json, code=_code)


@app.command()
def render(
    shots: Shots = "all",
    workspace: Where = None,
    again: Annotated[bool, typer.Option("--again", help="A new take, even if nothing changed.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Approve what it proposes.")] = False,
    as_json: Json = False,
) -> None:
    """Render what is not finished or has changed. Examples: storyreel render --yes · storyreel render --shots 8-12 --again --yes"""
    asked = (
        {"type": "gen.compose"}
        if shots == "all" and not again
        else {"type": "gen.video", "args": {"shots": shots, "again": again, "cut": True}}
    )
    act(asked, workspace, yes=yes, as_json=as_json)


@app.command()
def status(workspace: Where = None, as_json: Json = False) -> None:
    """How the renders stand. Example: storyreel status --json"""

    async def work(api: Api) -> Document:
        project = await api.workspace(workspace)
        page: Document = await api.get(f"/v1/workspaces/{project}/tasks", limit=100)
        newest = page["items"][0]["batch_id"] if page["items"] else None
        return {**page, "items": [t for t in page["items"] if t["state"] in PENDING or t["batch_id"] == newest]}

    ask(work, told.tasks, as_json=as_json)


@app.command()
def cancel(
    shots: Annotated[str | None, typer.Option("--shots", help="Only these shots.")] = None,
    workspace: Where = None,
    as_json: Json = False,
) -> None:
    """Cancel renders; the providers are told. Example: storyreel cancel --shots 3"""
    act({"type": "task.cancel", "args": {"shots": shots} if shots else {}}, workspace, as_json=as_json)


@app.command()
def retry(
    shots: Annotated[str | None, typer.Option("--shots", help="Only these shots.")] = None,
    workspace: Where = None,
    as_json: Json = False,
) -> None:
    """Try again what failed or was cancelled. Example: storyreel retry"""
    act({"type": "task.retry", "args": {"shots": shots} if shots else {}}, workspace, as_json=as_json)


@app.command()
def undo(workspace: Where = None, as_json: Json = False) -> None:
    """Take back the last thing that was done; again for the one before. Example: storyreel undo"""
    act({"type": "version.undo"}, workspace, as_json=as_json)


@app.command()
def export(
    out: Annotated[Path, typer.Argument(help="Where the film goes; its subtitles go beside it.")] = Path("film.mp4"),
    workspace: Where = None,
    as_json: Json = False,
) -> None:
    """Save the film and its subtitles. Example: storyreel export lighthouse.mp4"""

    async def work(api: Api) -> Document:
        film.check_target(out)
        return await film.save_film(api, await api.workspace(workspace), out)

    ask(work, lambda done: f"{done['film']}: {done['shots']} shots, {done['duration_s']:g} s", as_json=as_json)


def _decide(verb: str, proposal: UUID, workspace: str | None, *, as_json: bool) -> None:
    async def work(api: Api) -> Document:
        project = await api.workspace(workspace)
        decided: Document = await api.post(f"/v1/workspaces/{project}/proposals/{proposal}/{verb}")
        return decided

    ask(work, told.outcome if verb == "approve" else told.dropped, as_json=as_json)


async def _say(api: Api, project: str, body: Document, *, yes: bool) -> Document:
    """Say something; with `yes`, agree to what is proposed. Dearer than it was proposed, it stays a proposal."""
    answer: Document = await api.post(f"/v1/workspaces/{project}/chat", body, key=new_key())
    proposal = answer.get("proposal")
    if yes and proposal and proposal["state"] == "open":
        outcome = await api.post(f"/v1/workspaces/{project}/proposals/{proposal['id']}/approve")
        agreed = {**proposal, "state": "approved", "revision": (outcome["commit"] or {}).get("revision")}
        answer |= {"commit": outcome["commit"], "proposal": outcome.get("proposal") or agreed}
    return answer


def _code(answer: Document) -> int:
    """0 for what was done, proposed or answered; 1 for what was refused or not understood."""
    return 1 if answer.get("error") or not answer["understood"] else 0


async def _project_for(api: Api, workspace: str | None, message: str) -> str:
    """The project a message goes to; a first message starts one."""
    if workspace is None:
        known = await api.get("/v1/workspaces", limit=1)
        if not known["items"]:
            return await film.new_workspace(api, message)
    return await api.workspace(workspace)


async def _attachment(api: Api, workspace: str, path: Path) -> Document:
    """A file that goes with a message: text as a script, anything else as a reference."""
    with contextlib.suppress(BadInput):
        if path.suffix.lower() in {".txt", ".md", ".fountain"}:
            return film.script_attachment(path)
    kept = await api.keep(workspace, path.read_bytes(), path.name)
    return {"role": "reference", "name": path.name, "asset_id": kept["id"]}


def entry() -> None:
    """The `storyreel` command."""
    try:
        app(standalone_mode=False, prog_name="storyreel")
    except typer.Exit as done:
        leave(done.exit_code)
    except typer.Abort:
        leave(130)
    except StoryreelError as error:
        leave(failed(error, as_json=False))
    except Exception as error:  # noqa: BLE001 - the end of the line
        # Wrong usage knows how to show itself.
        show_usage = getattr(error, "show", None)
        if show_usage is None:
            leave(failed(unexpected(error, debug=False), as_json=False))
        show_usage()
        leave(2)
    leave(0)
