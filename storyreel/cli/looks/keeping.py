"""What keeps: clocks, and backups."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

import httpx

from storyreel.cli.looks.finding import Finding, well, wrong
from storyreel.cli.looks.seen import Seen
from storyreel.runtime import clock
from storyreel.runtime.settings import Settings

# Signatures of S3 are refused at fifteen minutes; leases and schedules suffer long before.
CLOCK_OFF_S = 2.0
# A server's Date has whole seconds.
DATE_OFF_S = 3.0
OLD = timedelta(hours=26)
REACH_S = 3.0
FOLLOW = "have it follow a time server (chrony, systemd-timesyncd)"


async def clocks(settings: Settings, seen: Seen | None) -> list[Finding]:
    """This machine's clock and the workers' against the database's, and against the store's."""
    found: list[Finding] = []
    if seen is not None:
        if abs(seen.off_s) > CLOCK_OFF_S:
            found.append(wrong("clock", f"this machine is {_by(seen.off_s)} the database", FOLLOW))
        apart = [one for one in seen.workers if not one.dead and abs(one.clock_off_s) > CLOCK_OFF_S]
        found += [wrong("clock", f"the worker on {one.host} is {_by(one.clock_off_s)} the database", FOLLOW) for one in apart]
    store_off_s = await _store_off_s(settings.s3_endpoint) if settings.s3_endpoint else None
    if store_off_s is not None and abs(store_off_s) > DATE_OFF_S:
        found.append(
            wrong(
                "clock",
                f"this machine is {_by(store_off_s)} the store (S3)",
                f"{FOLLOW}, or the store's machine: it refuses us at 15 min",
            )
        )
    if found:
        return found
    known = [name for name, there in (("the database", seen is not None), ("the store", store_off_s is not None)) if there]
    return [well("clock", f"agrees with {' and '.join(known)}")] if known else []


def backups(settings: Settings, seen: Seen) -> list[Finding]:
    """How old the last backup is, and whether the log is archived."""
    found: list[Finding] = []
    if seen.archive_fails:
        mend = "see that the folder of STORYREEL_BACKUP_TO is there and has room: until then the log fills the database's disk"
        found.append(wrong("backup", "the database's log cannot be archived", mend))
    if seen.backup_age is None and not settings.backup_to:
        mend = "set STORYREEL_BACKUP_TO=/another/disk for one each day, or make one: `storyreel backup`"
        return [*found, Finding(part="backup", state="off", said="there has never been one", mend=mend)]
    if seen.backup_age is None:
        return [
            *found,
            wrong("backup", f"there has never been one in {settings.backup_to}", "look into logs/backup.log in the data folder"),
        ]
    hours = seen.backup_age.total_seconds() / 3600
    if seen.backup_age > OLD:
        found.append(
            wrong(
                "backup",
                f"the last one is {hours:.0f} h old",
                "`storyreel backup`; then see why no one makes it each day (logs/backup.log)",
            )
        )
    return found or [well("backup", f"the last one is {hours:.0f} h old")]


async def _store_off_s(endpoint: str) -> float | None:
    """How far this clock is ahead of the server's; None where it does not say."""
    url = endpoint if "//" in endpoint else f"https://{endpoint}"
    try:
        async with httpx.AsyncClient(trust_env=False, timeout=REACH_S) as http:
            answer = await http.head(url)
            theirs = parsedate_to_datetime(answer.headers["date"])
    except (httpx.HTTPError, KeyError, ValueError):
        return None
    now: datetime = clock.now()
    return (now - (theirs if theirs.tzinfo else theirs.replace(tzinfo=UTC))).total_seconds()


def _by(off_s: float) -> str:
    return f"{abs(off_s):.0f} s {'ahead of' if off_s > 0 else 'behind'}"
