"""Batches from the command line: how they stand, rendering again by what shots have in common, holding, putting first, and schedules."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

import typer

from storyreel.actions.words import span
from storyreel.cli.client import Api
from storyreel.cli.run import act, ask, perform
from storyreel.cli.say import err
from storyreel.model.errors import NotFound

JsonOut = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]
Where = Annotated[str | None, typer.Option("-w", "--workspace", help="The project, by id or name; else the one spoken of last.")]
Shots = Annotated[str, typer.Option("--shots", help="Which shots: '3', '8-12', 'last', 'all', 'scene 2'.")]
Some = Annotated[str | None, typer.Option("--shots", help="Only these shots: '3', '8-12', 'scene 2'.")]
Provider = Annotated[str, typer.Option("--provider", help="A provider by its name, for example 'remote'.")]
Yes = Annotated[bool, typer.Option("--yes", help="Approve what it proposes.")]
Document = dict[str, Any]
OPEN = ("running", "waiting", "paused")


def install(app: typer.Typer) -> None:
    """Give the commands to the command line."""
    for command in (batch, rerender, pause, resume, prioritise, schedule, schedules, unschedule):
        app.command()(command)


def batch(
    which: Annotated[UUID | None, typer.Argument(metavar="ID", help="A batch; without it, the newest.")] = None,
    workspace: Where = None,
    follow: Annotated[bool, typer.Option("--follow", help="Tell it again whenever it changes, until nothing is open.")] = False,
    as_json: JsonOut = False,
) -> None:
    """How a batch stands: what is done, how fast it goes, what waits and for what. Example: storyreel batch --follow"""

    async def work(api: Api) -> Document:
        project = await api.workspace(workspace)
        path = f"/v1/workspaces/{project}/batches"
        chosen = which or _newest(await api.get(path, limit=1))
        found: Document = await api.get(f"{path}/{chosen}")
        if not follow or not _open(found):
            return found
        shown = ""
        # What happened up to now is in it already.
        async for event in api.events(project, ""):
            if str(chosen) not in event.get("batches", ()) or event["kind"] == "progress":
                continue
            found = await api.get(f"{path}/{chosen}")
            line = _line(found)
            if line != shown:
                err.print(line, markup=False, style="dim")
                shown = line
            if not _open(found):
                break
        return found

    ask(work, standing, as_json=as_json)


def rerender(
    shots: Shots = "all",
    stale: Annotated[bool, typer.Option("--stale", help="Only what is not what would be made today.")] = False,
    provider: Annotated[str, typer.Option("--provider", help="Only what this provider made.")] = "",
    template: Annotated[str, typer.Option("--template", help="Only what is drawn by this style or prompt template.")] = "",
    again: Annotated[bool, typer.Option("--again", help="A new take, even if nothing changed.")] = False,
    workspace: Where = None,
    yes: Yes = False,
    as_json: JsonOut = False,
) -> None:
    """Render shots again by what they have in common. Examples: storyreel rerender --stale --yes · storyreel rerender --provider remote"""
    narrowed = {"stale": stale, "provider": provider, "template": template, "again": again}
    args = {"shots": shots, **{name: value for name, value in narrowed.items() if value}}
    act({"type": "gen.video", "args": args}, workspace, yes=yes, as_json=as_json)


def pause(provider: Provider = "", shots: Some = None, workspace: Where = None, as_json: JsonOut = False) -> None:
    """Hold renders: the whole project, some shots, or a provider. Example: storyreel pause --provider remote"""
    asked = {"type": "provider.pause", "args": {"provider": provider}} if provider else _steer("pause", shots)
    act(asked, workspace, as_json=as_json)


def resume(provider: Provider = "", shots: Some = None, workspace: Where = None, as_json: JsonOut = False) -> None:
    """Let go what is held. Example: storyreel resume --shots 8-12"""
    asked = {"type": "provider.resume", "args": {"provider": provider}} if provider else _steer("resume", shots)
    act(asked, workspace, as_json=as_json)


def prioritise(
    priority: Annotated[int, typer.Argument(min=0, max=100, help="0 to 100; higher goes first, 50 is usual.")],
    shots: Some = None,
    workspace: Where = None,
    as_json: JsonOut = False,
) -> None:
    """Render shots sooner or later than others. Example: storyreel prioritise 90 --shots 4"""
    asked = _steer("prioritise", shots)
    act({**asked, "args": {**asked["args"], "priority": priority}}, workspace, as_json=as_json)


def schedule(
    action: Annotated[str, typer.Argument(help="What is done, for example gen.video or export.final.")] = "gen.compose",
    cron: Annotated[str, typer.Option("--cron", help="Again and again: '0 2 * * *' is every night at 2.")] = "",
    at: Annotated[str, typer.Option("--at", help="Once: '02:00', or '2027-03-01 02:00'.")] = "",
    zone: Annotated[str, typer.Option("--zone", help="A time zone, for example Asia/Shanghai.")] = "",
    title: Annotated[str, typer.Option("--title", help="What it is called; one of the same title is replaced.")] = "",
    shots: Some = None,
    stale: Annotated[bool, typer.Option("--stale", help="Only what is not what would be made today.")] = False,
    workspace: Where = None,
    yes: Yes = False,
    as_json: JsonOut = False,
) -> None:
    """Have something done at a time. Example: storyreel schedule gen.video --stale --cron '0 2 * * *' --zone Asia/Shanghai --yes"""
    args = {**({"shots": shots} if shots else {}), **({"stale": True} if stale else {})}
    wish = {"title": title, "cron": cron, "at": at, "time_zone": zone, "actions": [{"type": action, "args": args}]}
    act(
        {"type": "schedule.set", "args": {name: value for name, value in wish.items() if value}},
        workspace,
        yes=yes,
        as_json=as_json,
    )


def schedules(workspace: Where = None, as_json: JsonOut = False) -> None:
    """What is done at a time, and what came of it last. Example: storyreel schedules"""

    async def work(api: Api) -> Document:
        project = await api.workspace(workspace)
        answer = await perform(api, project, {"type": "schedule.list"})
        found: Document = answer["data"][0]
        return found

    ask(work, planned, as_json=as_json)


def unschedule(
    which: Annotated[str, typer.Argument(help="Its title or id, or 'all'.")], workspace: Where = None, as_json: JsonOut = False
) -> None:
    """Do it no more. Example: storyreel unschedule nightly"""
    act({"type": "schedule.cancel", "args": {"which": which}}, workspace, as_json=as_json)


def standing(found: Document) -> str:
    """A batch in words."""
    lines = [f"{found['title'] or 'Batch'} · {found['asked_by']}, {found['reason']} · {found['id']}", _line(found)]
    lines += [f"  running: {', '.join(f'{n} at {stage}' for stage, n in found['stages'].items())}"] if found["stages"] else []
    skipped = ", ".join(f"{n} {why}" for why, n in found["skipped"].items())
    lines += [f"  left out: {skipped}"] if skipped else []
    lines += [f"  {found['to_ask']} shots are not asked for yet"] if found["to_ask"] else []
    lines += [f"  {one['tasks']} wait for {_why(one)}" for one in found["waits"]]
    lines += [f"  held: {', '.join(found['held_providers'])}"] if found["held_providers"] else []
    return "\n".join(lines)


def planned(found: Document) -> str:
    """Schedules in words, a line each."""
    if not found["schedules"]:
        return "Nothing is scheduled."
    return "\n".join(
        f"{one['cron'] or one['at']} ({one['time_zone']})  {one['title']}  [{one['state']}]"
        + (f"  last {one['last_at']}: {one['last_said']}" if one["last_at"] else "")
        for one in found["schedules"]
    )


def _line(found: Document) -> str:
    """One line: how many of how many, how fast, how long still."""
    ended = found["total"] - sum(found[state] for state in OPEN)
    states = ("done", "failed", "review", "cancelled", *OPEN)
    counts = ", ".join(f"{found[state]} {NAMES.get(state, state)}" for state in states if found[state])
    pace = f" · {found['rate_per_min']:g} a minute" if found["rate_per_min"] else ""
    left = f" · about {span(found['remaining_s'], 'en')} left" if found["remaining_s"] is not None and _open(found) else ""
    return f"{ended}/{found['total']} ({found['percent']:.0f} %): {counts or 'nothing'}{pace}{left}"


def _why(one: Document) -> str:
    shots = ", ".join(map(str, one["shots"][:8])) + ("…" if one["tasks"] > 8 else "")  # noqa: PLR2004 - a line on a screen
    names = WAITS.get(one["why"], one["why"])
    return f"{names}{': ' + one['said'] if one['said'] else ''}" + (f" (shots {shots})" if one["shots"] else "")


NAMES = {"review": "for a person", "waiting": "waiting"}
WAITS = {
    "person": "a person's decision",
    "choice": "a person's choice of a picture",
    "paused": "being let go (they are paused)",
    "project paused": "the project, which is paused",
    "provider-paused": "a provider that is held",
    "another shot": "a shot ahead",
    "its shots": "the shots of the film",
    "its time": "their time",
    "its turn": "their turn",
    "retry": "another try",
}


def _open(found: Document) -> bool:
    return bool(found["to_ask"] or sum(found[state] for state in OPEN))


def _steer(verb: str, shots: str | None) -> Document:
    return {"type": f"task.{verb}", "args": {"shots": shots} if shots else {}}


def _newest(page: Document) -> str:
    if not page["items"]:
        raise NotFound("there is no batch yet; render more than one shot")
    return str(page["items"][0]["id"])
