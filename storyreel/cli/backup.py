"""`storyreel backup` and `storyreel restore`: the graph, its log and the store, kept elsewhere and brought back."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from storyreel.cli.run import finish
from storyreel.cli.say import note, show
from storyreel.runtime.settings import Settings

Json = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]
To = Annotated[
    str,
    typer.Option("--to", help="A folder, or s3://bucket/prefix; else STORYREEL_BACKUP_TO, else `backups` in the data folder."),
]


def backup(
    to: To = "",
    daily: Annotated[
        bool, typer.Option("--daily", help="Stay, and make one each day; for a container beside a cluster.")
    ] = False,
    if_due: Annotated[bool, typer.Option("--if-due", help="Only if the last one is a day old; for a clock outside.")] = False,
    listed: Annotated[bool, typer.Option("--list", help="Only say which there are.")] = False,
    as_json: Json = False,
) -> None:
    """Back up graph, log and store; only bytes that are new are copied. Examples: storyreel backup · storyreel backup --to /mnt/disk/storyreel"""

    async def work(settings: Settings) -> int:
        from storyreel.embedded.backup.keep import EVERY_S, keep_daily, prune  # noqa: PLC0415 (what speaks to databases loads late)
        from storyreel.embedded.backup.make import back_up, is_due, source_of  # noqa: PLC0415
        from storyreel.embedded.backup.manifest import known  # noqa: PLC0415
        from storyreel.embedded.backup.vault import open_vault  # noqa: PLC0415
        from storyreel.runtime import clock  # noqa: PLC0415

        vault = open_vault(settings, to)
        if daily:
            await keep_daily(settings, vault)
        there = await known(vault)
        if listed:
            found = [one.model_dump(mode="json", exclude={"tables", "parts"}) for one in there.backups]
            show({"place": vault.place, "backups": found}, as_json=as_json, words=_told_list)
            return 0
        if if_due and there.newest and not is_due(there.newest, clock.now(), EVERY_S):
            show({"made": None, "newest": there.newest.id}, as_json=as_json, words=f"Not due: the newest is {there.newest.id}.")
            return 0
        made = await back_up(source_of(settings), vault, say=note)
        gone = await prune(vault, settings.backup_days)
        document = {**made.model_dump(mode="json"), "place": vault.place, "pruned": list(gone)}
        show(document, as_json=as_json, words=_told)
        return 1 if made.missing else 0

    finish(work, as_json=as_json)


def restore(
    source: Annotated[str, typer.Argument(metavar="FROM", help="The folder or s3://bucket/prefix that backups were made to.")],
    name: Annotated[str, typer.Option("--backup", help="Which backup, by its id; else the newest.")] = "",
    at: Annotated[str, typer.Option("--at", help="The database as it was at a time (2026-11-20T12:00:00Z), or `latest`.")] = "",
    force: Annotated[
        bool, typer.Option("--force", help="Although something is there: it is set aside, or replaced in DATABASE_URL.")
    ] = False,
    only_bytes: Annotated[
        bool,
        typer.Option("--only-bytes", help="Leave the database alone: bring back the bytes that it names and the store lacks."),
    ] = False,
    as_json: Json = False,
) -> None:
    """Bring a backup back, into the data folder or into DATABASE_URL and S3_ENDPOINT. Example: storyreel restore /mnt/disk/storyreel"""

    async def work(settings: Settings) -> int:
        from storyreel.embedded.backup.restore import bring_bytes  # noqa: PLC0415 (as above)
        from storyreel.embedded.backup.restore import restore as bring_back  # noqa: PLC0415
        from storyreel.embedded.backup.vault import open_vault  # noqa: PLC0415

        place = source if source.startswith("s3://") else str(Path(source))
        vault = open_vault(settings, place)
        if only_bytes:
            done = await bring_bytes(settings, vault, say=note)
        else:
            done = await bring_back(settings, vault, name=name, at=at, force=force, say=note)
        show(done.model_dump(mode="json"), as_json=as_json, words=_told_restored)
        return 1 if done.missing else 0

    finish(work, as_json=as_json)


def _told(made: dict[str, Any]) -> str:
    size = sum(part["size_bytes"] for part in made["parts"].values()) / 2**20
    lines = [f"{made['id']} in {made['place']}: {size:.1f} MB of database, {made['copied']} of {made['assets']} files were new."]
    if made["base"]:
        lines.append("Any moment from now on can be brought back: storyreel restore ... --at TIME")
    if made["missing"]:
        lines.append(f"{len(made['missing'])} files are named by the graph and are not in the store; see the log.")
    if made["pruned"]:
        lines.append(f"Taken away, being too old: {', '.join(made['pruned'])}")
    return "\n".join(lines)


def _told_list(found: dict[str, Any]) -> str:
    lines = [
        f"{one['id']}  {one['assets']} files, {one['asset_bytes'] / 2**20:.0f} MB"
        + ("  any moment after it" if one["base"] else "")
        for one in found["backups"]
    ]
    return "\n".join(lines) or f"There is no backup in {found['place']}."


def _told_restored(done: dict[str, Any]) -> str:
    lines = [f"{done['fetched']} files fetched, {done['present']} were there."]
    if done["backup"]:
        lines = [f"Back from {done['backup']}, as of {done['at']}: {done['rows']} rows, {lines[0]}"]
        lines.append(
            "Start it: `storyreel up`. What was being made goes on, and nothing that the ledger knows of is bought again."
        )
    if done["missing"]:
        lines.append(f"{len(done['missing'])} files are in neither the store nor the backup; their shots can be rendered again.")
    if done["aside"]:
        lines.append(f"What was here before is in {done['aside']}; delete it when you are content.")
    return "\n".join(lines)
