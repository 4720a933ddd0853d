"""`storyreel deploy`: which builds of the worker there are, and moving from one to the next."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import asdict
from typing import Annotated, Any

import typer

from storyreel.cli.run import finish
from storyreel.cli.say import show
from storyreel.runtime.settings import Settings

deploy_app = typer.Typer(
    no_args_is_help=True,
    help="Builds of the worker: which take new runs, which still end theirs.\n\nExample: storyreel deploy current 2026-11-21",
    rich_markup_mode=None,
)
Json = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]
Build = Annotated[str, typer.Argument(help="The STORYREEL_BUILD_ID of its workers.")]
Document = dict[str, Any]


@deploy_app.command()
def status(as_json: Json = False) -> None:
    """The builds that Temporal knows, the newest first. Example: storyreel deploy status"""
    _move(None, as_json=as_json)


@deploy_app.command()
def current(
    build: Annotated[str, typer.Argument(help="The STORYREEL_BUILD_ID of its workers; '' for workers that say none.")],
    as_json: Json = False,
) -> None:
    """Send new runs, and the desks, to a build; runs that began on another one end there. Example: storyreel deploy current v2"""

    async def move(client: Any, settings: Settings) -> None:
        from storyreel.desk import versions  # noqa: PLC0415

        await versions.set_current(client, settings.deployment, build)

    _move(move, as_json=as_json)


@deploy_app.command()
def ramp(
    build: Build,
    percent: Annotated[float, typer.Option("--percent", help="Which share of the new runs.", min=0, max=100)] = 10.0,
    as_json: Json = False,
) -> None:
    """Send a share of the new runs to a build, to try it. Example: storyreel deploy ramp v2 --percent 10"""

    async def move(client: Any, settings: Settings) -> None:
        from storyreel.desk import versions  # noqa: PLC0415

        await versions.set_ramp(client, settings.deployment, build, percent)

    _move(move, as_json=as_json)


def install(app: typer.Typer) -> None:
    """Add the commands."""
    app.add_typer(deploy_app, name="deploy")


def _move(move: Callable[[Any, Settings], Awaitable[None]] | None, *, as_json: bool) -> None:
    async def work(settings: Settings) -> int:
        # Temporal's client takes a moment to load; most commands need none.
        from storyreel.desk import connect, versions  # noqa: PLC0415

        client = await connect(settings)
        if move is not None:
            await move(client, settings)
        told = [asdict(one) for one in await versions.builds(client, settings.deployment)]
        show({"deployment": settings.deployment, "builds": told}, as_json=as_json, words=_told)
        return 0

    finish(work, as_json=as_json)


def _told(document: Document) -> str:
    return "\n".join(_line(one) for one in document["builds"])


def _line(build: Document) -> str:
    shared = build["standing"] == "ramping" or 0 < build["percent"] < WHOLE
    share = f" {build['percent']:g} %" if shared else ""
    return f"{build['build_id']:<24} {build['standing']}{share}  {MEANS[build['standing']]}"


WHOLE = 100.0
MEANS = {
    "current": "new runs and the desks",
    "ramping": "a share of the new runs",
    "draining": "ends the runs that began on it; leave its workers running",
    "drained": "nothing left; its workers can go",
    "inactive": "its workers wait to be made the current build",
}
