"""The commands about the stack itself: up, down, demo, doctor, db, api, worker.

What speaks to databases is imported by the command that needs it, so that all others answer at once.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sys
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Annotated, Any

import typer

from storyreel.cli import film
from storyreel.cli.backup import backup, restore
from storyreel.cli.client import Api, open_api
from storyreel.cli.mcp import mcp
from storyreel.cli.run import finish
from storyreel.cli.say import note, show
from storyreel.embedded.home import Endpoints, read_endpoints
from storyreel.model.errors import Unavailable
from storyreel.runtime.settings import Settings

db_app = typer.Typer(no_args_is_help=True, help="The database.")
Json = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]
UpJson = Annotated[bool, typer.Option("--json", help="Print one JSON document, once everything is up.")]
STOP_S = 60.0


def install(app: typer.Typer) -> None:
    """Add the commands to the command line."""
    for command in (up, down, demo, doctor, backup, restore, api, worker, mcp):
        app.command()(command)
    app.command("migrate", hidden=True)(db_upgrade)


def up(as_json: UpJson = False) -> None:
    """Run the stack until Ctrl-C: PostgreSQL, Temporal, a worker and the API. Example: storyreel up"""

    async def work(settings: Settings) -> int:
        from storyreel.embedded.supervisor import product, serve  # noqa: PLC0415 - see the module
        from storyreel.graph.upgrade import upgrade  # noqa: PLC0415

        def say(text: str) -> None:
            # Once all is up, one document for a program; its progress is for people.
            if text.startswith("Storyreel is up") and (found := read_endpoints(settings.home_dir)):
                show(found.model_dump(exclude={"database_url", "app_database_url"}), as_json=True, words="")
                sys.stdout.flush()
            else:
                note(text)

        await serve(settings, children=product, upgrade=upgrade, say=say if as_json else print)
        return 0

    finish(work, as_json=as_json)


def down(as_json: Json = False) -> None:
    """Stop the stack of this data folder. Example: storyreel down"""

    async def work(settings: Settings) -> int:
        endpoints = read_endpoints(settings.home_dir)
        if endpoints is None:
            raise Unavailable(f"no stack runs in {settings.home_dir}")
        with contextlib.suppress(ProcessLookupError):
            os.kill(endpoints.pid, signal.SIGTERM)
        await _gone(endpoints.pid)
        show({"stopped": endpoints.pid}, as_json=as_json, words="Stopped.")
        return 0

    finish(work, as_json=as_json)


def demo(
    message: Annotated[str, typer.Argument(help="What the film is about, its length, style and number of shots.")] = "",
    said: Annotated[str, typer.Option("--message", help="The same, as an option.")] = "",
    script: Annotated[Path | None, typer.Option("--script", help="A script to film: Fountain, Markdown or prose.")] = None,
    out: Annotated[Path, typer.Option("--out", help="Where the film goes.")] = Path("storyreel-film.mp4"),
    as_json: Json = False,
) -> None:
    """Make a film from one sentence or one script, from start to end: propose, approve, render, save.

    Examples: storyreel demo · storyreel demo "做一个30秒的短片，讲一只流浪猫在雨夜找到家" · storyreel demo --script scene.fountain --out scene.mp4
    """

    async def work(settings: Settings) -> int:
        words = said or message or (film.SCRIPT_MESSAGE if script else film.DEMO_MESSAGE)
        async with running(settings) as (found, endpoints):
            made = await film.make_film(found, words, script, out, quiet=as_json)
            made |= {"temporal": temporal_link(endpoints, made["workspace"]), "api_docs": f"{found.base}/docs"}
        show(made, as_json=as_json, words=told_film)
        return 0

    finish(work, as_json=as_json)


def doctor(as_json: Json = False) -> None:
    """What is configured, what is embedded, what is missing, and how to mend it. Example: storyreel doctor"""

    async def work(settings: Settings) -> int:
        from storyreel.cli import doctor as checks  # noqa: PLC0415 - see the module

        findings = await checks.examine(settings)
        show({"findings": [one.model_dump() for one in findings]}, as_json=as_json, words=checks.told(findings))
        return 1 if any(one.state == "wrong" for one in findings) else 0

    finish(work, as_json=as_json)


def api() -> None:
    """Run the API alone, against configured servers. Example: DATABASE_URL=... TEMPORAL_ADDRESS=... storyreel api"""
    _become("api")


def worker(
    queues: Annotated[
        str, typer.Option("--queues", help="Which queues, by commas: spec, image, video, audio, post, io; else all.")
    ] = "",
    join: Annotated[
        str, typer.Option("--join", help="The API of an installation, http://[:secret@]host:port: it says all the rest.")
    ] = "",
) -> None:
    """Run a worker alone, against configured servers or those of an installation that it joins.

    Examples: storyreel worker --queues video,post · storyreel worker --join http://10.0.0.5:8710
    """
    if join:
        # In the environment, where the list of processes does not show the secret that it may hold.
        os.environ["STORYREEL_JOIN"] = join
    _become("worker", *(("--queues", queues) if queues else ()))


@db_app.command("upgrade")
def db_upgrade(as_json: Json = False) -> None:
    """Bring the database of DATABASE_URL up to date, as its owner. The embedded one is brought up by `up` itself."""

    async def work(settings: Settings) -> int:
        from storyreel.graph.upgrade import head, upgrade  # noqa: PLC0415 - see the module

        endpoints = read_endpoints(settings.home_dir)
        url = settings.database_url or (endpoints.database_url if endpoints else "")
        if not url:
            raise Unavailable("no database is configured and no stack runs; set DATABASE_URL, or run `storyreel up`")
        revision = await upgrade(url)
        show({"revision": revision, "newest": head()}, as_json=as_json, words=f"The database is at revision {revision}.")
        return 0

    finish(work, as_json=as_json)


def _database_url(settings: Settings) -> str:
    """Where the application finds its database: as configured, else that of the running stack."""
    endpoints = read_endpoints(settings.home_dir)
    url = settings.app_dsn or (endpoints.app_database_url if endpoints else "")
    if not url:
        raise Unavailable("no database is configured and no stack runs; set DATABASE_URL, or run `storyreel up`")
    return url


@db_app.command("gc")
def db_gc(
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would go.")] = False,
    grace_h: Annotated[float, typer.Option("--grace-hours", min=1, help="What was kept later than this stays.")] = 24,
    undo_days: Annotated[
        float | None,
        typer.Option("--undo-days", min=1, help="Removed things are held for undo this long; else as long as the log."),
    ] = None,
    as_json: Json = False,
) -> None:
    """Take away the bytes that nothing names any more: no shot, node, snapshot, upload or bought thing. Example: storyreel db gc --dry-run"""

    async def work(settings: Settings) -> int:
        from storyreel.assets import open_store  # noqa: PLC0415 - see the module
        from storyreel.assets.incoming import Incoming  # noqa: PLC0415
        from storyreel.commits.garbage import Collector  # noqa: PLC0415
        from storyreel.runtime.database import open_database  # noqa: PLC0415

        database = open_database(_database_url(settings))
        undo_s = None if undo_days is None else undo_days * 86_400
        collector = Collector(database, open_store(settings), Incoming(settings.home_dir / "uploads"), grace_h * 3600, undo_s)
        try:
            found = await collector.collect(dry_run=dry_run)
        finally:
            await database.close()
        verb = "would go" if dry_run else "went"
        told = f"{len(found.assets)} files ({found.size_bytes / 2**20:.1f} MB) {verb}; {found.kept} stay."
        show(found.model_dump(mode="json"), as_json=as_json, words=told)
        return 0

    finish(work, as_json=as_json)


@db_app.command("purge")
def db_purge(
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would go.")] = False,
    days: Annotated[
        int | None,
        typer.Option("--days", min=0, help="Projects deleted longer ago than this go; else as STORYREEL_DELETED_DAYS says."),
    ] = None,
    as_json: Json = False,
) -> None:
    """Take deleted projects away for good once they cannot be restored any more; what went is written down. Example: storyreel db purge"""

    async def work(settings: Settings) -> int:
        import getpass  # noqa: PLC0415 - see the module

        from storyreel.commits.purge import purge  # noqa: PLC0415
        from storyreel.runtime.database import open_database  # noqa: PLC0415

        database = open_database(_database_url(settings))
        retention_s = (settings.deleted_days if days is None else days) * 86_400
        try:
            gone = await purge(database, retention_s=retention_s, actor=getpass.getuser(), dry_run=dry_run)
        finally:
            await database.close()
        names = ", ".join(f"{one.name} (deleted {one.deleted_at:%Y-%m-%d})" for one in gone)
        verb = "would go" if dry_run else "went; `storyreel db gc` frees their bytes"
        told = f"{len(gone)} projects {verb}: {names}" if gone else "No deleted project is over its time."
        show({"purged": [one.model_dump(mode="json") for one in gone], "dry_run": dry_run}, as_json=as_json, words=told)
        return 0

    finish(work, as_json=as_json)


@asynccontextmanager
async def running(settings: Settings) -> AsyncGenerator[tuple[Api, Endpoints | None]]:
    """The stack that runs in this folder, or one of our own for as long as the block runs."""
    if settings.api or read_endpoints(settings.home_dir):
        async with open_api(settings) as found:
            yield found, read_endpoints(settings.home_dir)
        return
    from storyreel.embedded.supervisor import product, stack  # noqa: PLC0415 - see the module
    from storyreel.graph.upgrade import upgrade  # noqa: PLC0415

    async with (
        stack(settings, children=product, upgrade=upgrade, say=note) as started,
        open_api(settings.model_copy(update={"api": started.endpoints.api})) as found,
    ):
        yield found, started.endpoints


def temporal_link(endpoints: Endpoints | None, workspace: str) -> str:
    """Where the Temporal UI shows the runs of a project."""
    if endpoints is None or not endpoints.temporal_ui:
        return ""
    return f"{endpoints.temporal_ui}/namespaces/{endpoints.temporal_namespace}/workflows?query=WorkspaceId%3D%22{workspace}%22"


def told_film(made: dict[str, Any]) -> str:
    """Where everything is, for a person."""
    return "\n".join(
        (
            f"\nThe film: {made['film']}",
            f"          {made['shots']} shots, {made['duration_s']:g} s, {made['frames']} frames",
            f"Its runs: {made['temporal'] or '(the Temporal UI is off)'}",
            f"API docs: {made['api_docs']}",
            "Both links answer while the stack is up: `storyreel up`, or `make up`.",
        )
    )


def _become(module: str, *arguments: str) -> None:
    """Replace this process by one of the product's own, so that signals reach it."""
    os.execv(sys.executable, [sys.executable, "-m", module, *arguments])  # noqa: S606 - our own module, no shell


async def _gone(pid: int) -> None:
    """Wait until a process has ended."""
    deadline = asyncio.get_running_loop().time() + STOP_S
    while asyncio.get_running_loop().time() < deadline:
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return
        # A process that is not our child tells nobody when it ends: it has to be looked at.
        await asyncio.sleep(0.1)
    raise Unavailable(f"the stack (process {pid}) is still stopping after {STOP_S:.0f} s")
