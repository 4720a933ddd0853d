"""Every figure of a process that Prometheus may ask for, in one place: its name, its labels, and what it says.

No label holds an id or a person's word: the number of series is bounded by what the code knows. What the database knows is told by
`storyreel.ledger.gauges`, by the API alone.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from storyreel.runtime.telemetry import counter, gauge, histogram

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncEngine

# Until the first byte of the answer: an event stream has no end of its own.
REQUEST_S = histogram(
    "storyreel_http_request_seconds", "Time until an answer begins, by route and status.", ["method", "route", "status"]
)
STREAMS = gauge("storyreel_event_streams", "Event streams that are held open.")
STAGE_S = histogram("storyreel_stage_seconds", "Time of one try of a stage, by how it ended.", ["stage", "outcome"])
STAGE_FAILURES = counter(
    "storyreel_stage_failures_total", "Tries of stages that failed, by the class of failure.", ["stage", "reason"]
)
ACTIVITY_S = histogram("storyreel_activity_seconds", "Time of the desk's own activities.", ["activity", "outcome"])
CLAIMED = counter("storyreel_claimed_total", "Tasks that were claimed.")
BELLS = counter("storyreel_desk_bells_total", "Times a desk was rung.")
SLOTS = gauge("storyreel_worker_slots", "Activities that this worker takes at once, by queue.", ["queue"])
SLOTS_USED = gauge("storyreel_worker_slots_used", "Activities that run in this worker now, by queue.", ["queue"])
PROVIDER_S = histogram(
    "storyreel_provider_seconds",
    "Time of one step (submit, wait) with a provider, by how it ended.",
    ["provider", "capability", "step", "outcome"],
)
FOUND_AGAIN = counter(
    "storyreel_found_again_total", "Calls that had been paid before, and were handed out again.", ["capability"]
)
MODEL_S = histogram("storyreel_model_seconds", "Time of one call of a planning model.", ["model", "outcome"])
MODEL_TOKENS = counter("storyreel_model_tokens_total", "Tokens of planning models.", ["model", "direction"])
FFMPEG_S = histogram("storyreel_ffmpeg_seconds", "Time of one run of ffmpeg.", ["outcome"])
POOL = gauge("storyreel_database_connections", "Connections of this process's pool, by state.", ["state"])
DISK_USED = gauge("storyreel_disk_used_ratio", "How full the disk of the data folder is.")
DISK_FREE = gauge("storyreel_disk_free_bytes", "Room that is left on the disk of the data folder.")
MEMORY_USED = gauge("storyreel_memory_used_ratio", "How much of this machine's or container's memory is in use.")
MEMINFO = Path("/proc/meminfo")
CGROUP = Path("/sys/fs/cgroup")


class Server(Protocol):
    """The server of a worker's figures."""

    def shutdown(self) -> None:
        """End it."""
        ...


def serve(port: int) -> Server:
    """Tell the figures of this process on a port of its own, on every address, until `shutdown`.

    Raises:
        OSError: the port is taken.
    """
    from prometheus_client import start_http_server  # noqa: PLC0415 (only workers serve)

    return start_http_server(port)[0]


def watch_machine(home: Path) -> None:
    """Have disk and memory looked at whenever the figures are asked for."""
    DISK_USED.set_function(lambda: disk_of(home)[0])
    DISK_FREE.set_function(lambda: disk_of(home)[1])
    MEMORY_USED.set_function(memory_used)


def watch_pool(engine: AsyncEngine) -> None:
    """Have the pool of connections looked at whenever the figures are asked for."""
    from sqlalchemy.pool import QueuePool  # noqa: PLC0415 (who runs ffmpeg alone needs no database)

    pool = engine.sync_engine.pool
    if isinstance(pool, QueuePool):
        POOL.labels("used").set_function(pool.checkedout)
        POOL.labels("idle").set_function(pool.checkedin)
        POOL.labels("most").set_function(pool.size)


def memory_used(meminfo: Path = MEMINFO, cgroup: Path = CGROUP) -> float:
    """The share of memory in use: of the container where it has a limit, else of the machine; 0 where neither tells."""
    try:
        limit = (cgroup / "memory.max").read_text().strip()
        if limit.isdigit():
            reclaimable = _fields(cgroup / "memory.stat").get("inactive_file", 0)
            return max(0.0, (int((cgroup / "memory.current").read_text()) - reclaimable) / int(limit))
    except OSError:
        pass
    try:
        told = _fields(meminfo)
        return 1 - told["MemAvailable:"] / told["MemTotal:"]
    except (OSError, KeyError):
        return 0.0


@contextmanager
def timed_step(provider: str, capability: str, step: str) -> Generator[None]:
    """Measure one step with a provider; how it ended is the code of its failure, or ok."""
    begun, outcome = time.perf_counter(), "cancelled"
    try:
        yield
        outcome = "ok"
    except Exception as failure:
        outcome = str(getattr(failure, "code", "internal"))
        raise
    finally:
        PROVIDER_S.labels(provider, capability, step, outcome).observe(time.perf_counter() - begun)


def disk_of(folder: Path) -> tuple[float, int]:
    """How full the disk of a folder is, as df counts it, and how many bytes are free; what only root may use is not free."""
    usage = shutil.disk_usage(next(path for path in (folder, *folder.parents) if path.exists()))
    return usage.used / (usage.used + usage.free), usage.free


def _fields(path: Path) -> dict[str, int]:
    words = (line.split() for line in path.read_text().splitlines())
    return {word[0]: int(word[1]) for word in words if len(word) > 1 and word[1].isdigit()}
