"""The work: whether somebody does it, whether it moves, and what waits for a person."""

from __future__ import annotations

from collections.abc import Sequence

from storyreel.cli.looks.finding import Finding, well, wrong
from storyreel.cli.looks.seen import Seen
from storyreel.desk.looking import Looked, look_at
from storyreel.ledger.gauges import StuckRun
from storyreel.ledger.workers import Worker
from storyreel.model.errors import StoryreelError
from storyreel.pipeline.contract import QUEUES, run_id
from storyreel.runtime.settings import Settings

MOST = 5
LITTLE_DISK_MB = 2000
# Nothing is made there.
IDLE = {"io"}


def workers(seen: Seen) -> list[Finding]:
    """The workers: the dead by name, the queues that nobody serves, the machines without room."""
    living = [one for one in seen.workers if not one.dead]
    found = [_dead(one) for one in seen.workers if one.dead]
    served = {queue for one in living if not one.draining for queue in one.queues}
    unserved = [queue for queue in QUEUES if queue not in served | IDLE]
    if living and unserved:
        found.append(
            wrong("workers", f"nobody serves {', '.join(unserved)}", f"`storyreel worker --queues {','.join(unserved)}`")
        )
    for one in living:
        free_mb = one.facts.get("disk_free_mb")
        if isinstance(free_mb, int | float) and free_mb < LITTLE_DISK_MB:
            found.append(
                wrong(
                    "workers", f"{one.host} has {free_mb:.0f} MB of disk left", "make room there; it takes no more work meanwhile"
                )
            )
    if not living:
        said = f"none lives, and {seen.at_work} tasks wait" if seen.at_work else "none lives"
        found.append(wrong("workers", said, "`storyreel up`, or `storyreel worker` against the same servers"))
    if not found:
        found.append(
            well("workers", ", ".join(f"{one.host} ({one.process_id})" + (" draining" if one.draining else "") for one in living))
        )
    return found


def _dead(one: Worker) -> Finding:
    said = (
        f"{one.host}, process {one.process_id}, ended without a word {_ago(one.silent_s)} ago; it served {', '.join(one.queues)}"
    )
    return wrong("workers", said, "others go on with what it had; start it again, and look into its log for why")


async def runs(settings: Settings, seen: Seen) -> list[Finding]:
    """Runs of which nothing is heard, and what Temporal says of each."""
    if not seen.stuck:
        return [
            well(
                "runs",
                f"{seen.at_work} tasks wait or run, and all that run move" if seen.at_work else "nothing waits, nothing runs",
            )
        ]
    try:
        looked = await look_at(settings, [(run_of(one), one.queue) for one in seen.stuck[:MOST]])
    except StoryreelError as away:
        return [
            wrong("runs", f"{len(seen.stuck)} do not move, and Temporal cannot be asked: {away.detail}", "start Temporal first")
        ]
    found = [_stuck(one, told) for one, told in zip(seen.stuck, looked, strict=False)]
    if len(seen.stuck) > MOST:
        found.append(wrong("runs", f"{len(seen.stuck) - MOST} more do not move", "mend these first, then look again"))
    return found


def run_of(one: StuckRun) -> str:
    """Its workflow's id."""
    return run_id(one.kind, one.named_by, one.run)


def _stuck(one: StuckRun, told: Looked) -> Finding:
    said = f"{run_of(one)} ({one.stage or 'start'}): nothing heard for {_ago(one.silent_s)}"
    if told.status == "":
        return wrong(
            "runs",
            f"{said}; Temporal does not know it",
            "a worker of the desk queue takes it up again within seconds: see that one lives",
        )
    if told.status != "RUNNING":
        return wrong(
            "runs",
            f"{said}; Temporal says it is {told.status.lower()}",
            f"`storyreel retry`, or look at it: `storyreel debug {one.task_id}`",
        )
    if not told.pollers:
        return wrong("runs", f"{said}; no worker polls the queue {one.queue}", f"`storyreel worker --queues {one.queue}`")
    return wrong(
        "runs",
        f"{said}; its queue {one.queue} has {told.pollers} workers",
        f"see what it waits for: `storyreel debug {one.task_id}`; or cancel and retry it",
    )


def waiting(seen: Seen) -> list[Finding]:
    """What only a person can decide."""
    found: list[Finding] = []
    if seen.unknown:
        said = f"of {seen.unknown} calls nobody knows whether the vendor made them"
        found.append(
            wrong(
                "unknown", said, "look at the vendor's page, then say for each whether it was charged: it is in the review queue"
            )
        )
    if seen.review:
        said = f"{seen.review} tasks wait for a person"
        mend = "retry, edit and retry, choose another provider, skip, or upload your own"
        found.append(Finding(part="review", state="off", said=said, mend=mend))
    return found or [well("review", "nothing waits for a person")]


def versions(seen: Seen, here: str, api: str, revision: tuple[str, str]) -> list[Finding]:
    """Whether everybody is of one version. `revision` is the database's and the one that this code knows as newest."""
    others = sorted({f"worker {one.host} {one.version}" for one in seen.workers if not one.dead and one.version != here})
    others += [f"API {api}"] if api not in {"", here} else []
    found: list[Finding] = []
    if others:
        found.append(
            wrong(
                "versions",
                f"this command is {here}; {', '.join(others)}",
                "bring all to one version: database first, then workers, then the API",
            )
        )
    if revision[0] != revision[1]:
        found.append(
            wrong(
                "versions",
                f"the database is at {revision[0] or 'none'}, this code at {revision[1]}",
                "`storyreel db upgrade`, with the newest code",
            )
        )
    builds = _builds(seen.workers)
    if len(builds) > 1:
        found.append(
            wrong(
                "versions",
                f"workers of several builds serve: {', '.join(builds)}",
                "runs stay with the build they began with; end the old workers once `storyreel deploy` says that none is left",
            )
        )
    return found or [well("versions", here + (f", build {builds[0]}" if builds and builds[0] else ""))]


def _builds(known: Sequence[Worker]) -> list[str]:
    return sorted({one.build_id for one in known if not one.dead and not one.draining})


def _ago(seconds: float) -> str:
    minutes, hours = seconds / 60, seconds / 3600
    return f"{seconds:.0f} s" if minutes < 2 else f"{minutes:.0f} min" if hours < 2 else f"{hours:.0f} h"  # noqa: PLR2004 (as people say it)
