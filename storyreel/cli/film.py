"""The main job from the command line: a message or a script becomes a film on disk."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

from storyreel.actions.words import money, span
from storyreel.cli.client import Api, new_key
from storyreel.cli.follow import follow
from storyreel.cli.say import out
from storyreel.model.errors import BadInput, StoryreelError
from storyreel.script.read import read

Json = dict[str, Any]
DEMO_MESSAGE = "Make a 30 second film about a girl and her dog who walk home through the snow, 6 shots"
SCRIPT_MESSAGE = "Make a film of this script"
LARGEST_SCRIPT = 4 * 1024 * 1024


class NotWhole(StoryreelError):
    """The film is not whole."""

    code = "film-not-whole"


async def make_film(api: Api, message: str, script: Path | None, target: Path, *, quiet: bool = False) -> Json:
    """Start a project, propose, approve, render, follow, save and check. Facts of the film.

    Raises:
        NotWhole: a render failed, or the file is not what the proposal said.
        BadInput: the script cannot be read, or the target cannot be written.
    """
    attachments = [script_attachment(script)] if script else []
    check_target(target)
    workspace = await new_workspace(api, script.stem if script else message)
    start = f"{(await api.get(f'/v1/workspaces/{workspace}'))['revision']}.0"
    answer: Json = await api.post(
        f"/v1/workspaces/{workspace}/chat", {"text": message, "attachments": attachments}, key=new_key()
    )
    say(answer["message"], quiet=quiet)
    if not answer.get("proposal"):
        raise NotWhole(answer["message"])
    outcome: Json = await api.post(f"/v1/workspaces/{workspace}/proposals/{answer['proposal']['id']}/approve")
    if outcome.get("commit") is None:
        raise NotWhole("the proposal was not carried out: it has become dearer, and asks again")
    say(f"\nApproved: {len(outcome['commit']['tasks'])} renders, {told_quote(outcome['commit']['quote'])}.", quiet=quiet)
    tasks = await follow(api, workspace, outcome["commit"]["tasks"], since=start, quiet=quiet)
    refuse_failed(tasks)
    return {
        **await save_film(api, workspace, target),
        "workspace": workspace,
        "answered_by": answer["answered_by"],
        "tasks": tasks,
    }


async def save_film(api: Api, workspace: str, target: Path) -> Json:
    """Save the film of a project, with its subtitles beside it, and check that it is whole.

    Raises:
        NotWhole: it does not decode, or its length is not the sum of its shots.
    """
    film: Json = await api.get(f"/v1/workspaces/{workspace}/film")
    await api.save(f"/v1/workspaces/{workspace}/assets/{film['asset']}", target)
    # The library that decodes films takes a moment to load; most commands need none.
    from storyreel.media.probe import probe  # noqa: PLC0415

    if subtitles := film["facts"].get("subtitles"):
        await api.save(f"/v1/workspaces/{workspace}/assets/{subtitles}", target.with_suffix(".srt"))
    found = await asyncio.to_thread(probe, target)
    if found.frames != film["frames"]:
        raise NotWhole(
            f"the film has {found.frames} frames, and its {film['shots']} shots have {film['frames']}", path=str(target)
        )
    return {
        "film": str(target.resolve()),
        "shots": film["shots"],
        "frames": film["frames"],
        "duration_s": film["frames"] / film["fps"],
    }


async def new_workspace(api: Api, name: str) -> str:
    """A new project named after what it is to be about."""
    outcome: Json = await api.post("/v1/workspaces", {"name": " ".join(name.split())[:80] or "Untitled"}, key=new_key())
    api.remember(outcome["workspace_id"])
    return str(outcome["workspace_id"])


def script_attachment(path: Path) -> Json:
    """A script file as an attachment of a message.

    Raises:
        BadInput: the file is not there, too large, or no text.
    """
    try:
        if path.stat().st_size > LARGEST_SCRIPT:
            raise BadInput(
                f"{path} has {path.stat().st_size / 1e6:.1f} MB; a script has a few hundred kB at most: cut it into episodes"
            )
        data = path.read_bytes()
    except OSError as error:
        raise BadInput(f"{path} cannot be read: {error.strerror}") from error
    return {"role": "script", "name": path.name, "text": read(data, path.name)}


def check_target(target: Path) -> None:
    """Refuse a target that cannot be written before anything is rendered.

    Raises:
        BadInput: its folder is not there, or it is a folder itself.
    """
    if target.is_dir():
        raise BadInput(f"{target} is a folder; name a file, for example {target / 'film.mp4'}")
    if not target.parent.is_dir():
        raise BadInput(f"the folder {target.parent} is not there; make it first, or choose another target")


def refuse_failed(tasks: list[Json]) -> None:
    """Raise if a task did not succeed, saying which and why.

    Raises:
        NotWhole: at least one did not.
    """
    bad = [task for task in tasks if task["state"] != "succeeded"]
    if bad:
        said = "; ".join(
            f"{'shot ' + str(task['shot']) if task['shot'] else 'film'} {task['state']}: {(task['error'] or {}).get('detail', task['note'])}"
            for task in bad[:5]
        )
        raise NotWhole(f"{len(bad)} of {len(tasks)} renders did not finish: {said}")


def told_quote(quote: Json) -> str:
    """Price and time in words."""
    return f"{money(quote['cost_usd'], 'en')}, about {span(quote['expected_s'], 'en')}"


def say(text: str, *, quiet: bool) -> None:
    """A line for a person; nothing where a program listens."""
    if not quiet:
        out.print(text, markup=False)
