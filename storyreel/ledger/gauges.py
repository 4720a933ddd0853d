"""The figures that the database knows, told as Prometheus' gauges: read when they are asked for, in few statements and a bounded time.

No label holds an id. What has to look through whole tables is asked at most once a minute.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from storyreel.ledger import _sql as sql
from storyreel.ledger.workers import DEAD_S
from storyreel.model.errors import Unavailable
from storyreel.pipeline.contract import QUEUE_OF, QUEUES, Queue, RunKind
from storyreel.runtime.database import Database
from storyreel.runtime.telemetry import log

# The longest that a statement may take; a figure that is not told is seen to be missing.
LIMIT_MS = 2000
WHOLE_EVERY_S = 60.0
# A run is stuck when nothing was heard of it for this long, and for this many times what it was expected to take.
SILENT_S = 900.0
SILENT_TIMES = 5.0
# A budget with less than this share left is nearly spent.
NEARLY = 0.1
Value = tuple[Sequence[str], float]


@dataclass(frozen=True, slots=True)
class Figure:
    """A gauge: its name, what it says, and the names of its labels."""

    name: str
    text: str
    labels: tuple[str, ...] = ()


UP = Figure("storyreel_ledger_up", "Whether the database told its figures.")
TASKS = Figure("storyreel_tasks", "Tasks that are not over, or wait for a person, by queue and state.", ("queue", "state"))
OLDEST_S = Figure("storyreel_oldest_waiting_seconds", "How long the task that may start and has waited longest has waited.")
STUCK = Figure("storyreel_stuck_runs", "Runs of which nothing was heard for far longer than expected.")
REVIEW = Figure("storyreel_review_queue", "Tasks that wait for a person's review.")
JOBS = Figure("storyreel_open_jobs", "Calls of providers that are open, by provider and state.", ("provider", "state"))
UNKNOWN = Figure("storyreel_unknown_jobs", "Calls of which nobody knows whether they were made; a person has to say.")
SPENT = Figure("storyreel_spent_usd", "What calls have cost so far, by provider and capability.", ("provider", "capability"))
HELD = Figure("storyreel_held_usd", "What is held for calls that are open.")
CALLS = Figure(
    "storyreel_calls", "Calls that ended in the last day, by provider, capability and state.", ("provider", "capability", "state")
)
BUDGET = Figure("storyreel_budget_left_ratio", "What is left of the budget that is closest to its end, as a share.")
BUDGETS = Figure("storyreel_budgets_nearly_spent", "Budgets of which less than a tenth is left.")
WORKERS = Figure("storyreel_workers", "Worker processes, by state.", ("state",))
SERVED = Figure("storyreel_queue_workers", "Living workers that take work of a queue.", ("queue",))
CLOCK_S = Figure("storyreel_worker_clock_off_seconds", "The furthest that a worker's clock is from the database's.")
PAUSED = Figure("storyreel_paused_desks", "Workspaces that are paused.")
HELD_PROVIDERS = Figure("storyreel_held_providers", "Providers that a person holds, over all workspaces.")
BACKUP_S = Figure("storyreel_backup_age_seconds", "How long ago the last backup was finished; absent where there was never one.")
ARCHIVE = Figure("storyreel_archive_failing", "Whether the database's log cannot be archived.")
SIZE = Figure("storyreel_database_bytes", "How large the database is.")
FIGURES = (
    UP, TASKS, OLDEST_S, STUCK, REVIEW, JOBS, UNKNOWN, SPENT, HELD, CALLS, BUDGET, BUDGETS, WORKERS, SERVED, CLOCK_S, PAUSED,
    HELD_PROVIDERS, BACKUP_S, ARCHIVE, SIZE,
)  # fmt: skip
STATES = ("pending", "running", "retry_pending", "paused", "cancelling")

OPEN_TASKS = """
    select state::text as state, stage, count(*) as n,
        coalesce(max(extract(epoch from now() - created_at)) filter (
            where state = 'pending' and (not_before is null or not_before <= now())), 0)::float8 as oldest_s
    from task where state in ('pending', 'running', 'paused', 'retry_pending', 'cancelling') group by state, stage
"""
STUCK_RUNS = """
    select t.workspace_id, t.id as task_id, t.kind::text as kind, t.stage, t.run, extract(epoch from now() - heard.at)::float8 as silent_s,
        case t.kind when 'shot' then t.work_item_id when 'cut' then t.episode_id else t.id end as named_by
    from task t, lateral (
        select greatest(coalesce(t.started_at, t.created_at), coalesce((
            select v.at from task_event v where v.workspace_id = t.workspace_id and v.task_id = t.id order by v.id desc limit 1
        ), t.created_at)) as at
    ) heard
    where t.state = 'running' and t.note <> 'waits for a choice' and t.started_at < now() - make_interval(secs => :silent_s)
        and heard.at < now() - make_interval(secs => greatest(:silent_s, :times * t.expected_s))
    order by heard.at limit 1000
"""
OPEN_JOBS = """
    select provider, state::text as state, count(*) as n, sum(reserved_usd)::float8 as held
    from provider_job where state in ('reserved', 'sending', 'submitted', 'unknown') group by provider, state
"""
BUDGET_LEFT = """
    select min((limit_usd - reserved_usd - spent_usd) / limit_usd)::float8 as least,
        count(*) filter (where limit_usd - reserved_usd - spent_usd < :nearly * limit_usd) as nearly
    from budget where limit_usd > 0 and month in ('', to_char(now(), 'YYYY-MM'))
"""
LIVING = """
    select queues, facts ->> 'draining' = 'true' as draining, abs(clock_off_s)::float8 as off_s,
        extract(epoch from clock_timestamp() - seen_at) > :dead_s as dead
    from worker
"""
HOUSE = """
    select (select count(*) from desk where paused) as paused, (select count(*) from provider_pause) as held,
        (select extract(epoch from now() - max(finished_at))::float8 from backup) as backup_s,
        (select coalesce(last_failed_time > coalesce(last_archived_time, '-infinity'), false) from pg_stat_archiver) as failing,
        pg_database_size(current_database()) as size
"""
WHOLE_CALLS = """
    select provider, capability, coalesce(sum(settled_usd), 0)::float8 as spent,
        count(*) filter (where state = 'settled' and updated_at > now() - interval '1 day') as settled,
        count(*) filter (where state = 'failed' and updated_at > now() - interval '1 day') as failed,
        count(*) filter (where state = 'cancelled' and updated_at > now() - interval '1 day') as cancelled
    from provider_job group by provider, capability
"""
WHOLE_REVIEW = "select count(*) as n from task where state = 'manual_review'"


@dataclass(frozen=True, slots=True)
class StuckRun:
    """A run of which nothing was heard for far longer than expected. `named_by` is what its workflow's id names."""

    workspace_id: UUID
    task_id: UUID
    kind: RunKind
    stage: str
    run: int
    silent_s: float
    named_by: UUID

    @property
    def queue(self) -> Queue:
        """Who should be at it."""
        known: dict[str, Queue] = {**QUEUE_OF}
        return known.get(self.stage, "desk")


GLANCE = """
    select (select count(*) from task where state = 'manual_review') as review,
        (select count(*) from provider_job where state = 'unknown') as unknown,
        (select count(*) from task where state in ('pending', 'running', 'retry_pending')) as at_work,
        (select max(finished_at) from backup) as backed_up_at,
        (select coalesce(last_failed_time > coalesce(last_archived_time, '-infinity'), false) from pg_stat_archiver) as archive_fails,
        clock_timestamp() as now
"""


async def glance(conn: AsyncConnection) -> sql.Found:
    """The whole installation at a glance, with the database's own time: what waits for a person, what is at work, the last backup."""
    found = await sql.row(conn, GLANCE)
    assert found is not None
    return found


async def stuck(conn: AsyncConnection) -> list[StuckRun]:
    """The runs that do not move, the longest silent first; one that waits for a person's choice is not stuck."""
    return [StuckRun(**one) for one in await sql.rows(conn, STUCK_RUNS, silent_s=SILENT_S, times=SILENT_TIMES)]


@dataclass
class Gauges:
    """The figures of one database. `told` is what Prometheus reads; whoever asks twice at once is answered once."""

    database: Database
    _whole: list[tuple[Figure, Value]] = field(default_factory=list[tuple[Figure, Value]])
    _whole_at_s: float = -WHOLE_EVERY_S

    async def told(self) -> bytes:
        """All figures in Prometheus' text format; where the database is away, only that it is."""
        registry = CollectorRegistry(auto_describe=False)
        registry.register(_Told(await self.values()))
        return generate_latest(registry)

    async def values(self) -> list[tuple[Figure, Value]]:
        """Every figure with its labels and value."""
        try:
            async with self.database.begin() as conn:
                await conn.execute(text(f"set local statement_timeout = {LIMIT_MS}"))
                found = [
                    *_tasks(await sql.rows(conn, OPEN_TASKS)),
                    (STUCK, ((), float(len(await stuck(conn))))),
                    *_jobs(await sql.rows(conn, OPEN_JOBS)),
                    *_budgets(await sql.row(conn, BUDGET_LEFT, nearly=NEARLY) or {}),
                    *_workers(await sql.rows(conn, LIVING, dead_s=DEAD_S)),
                    *_house(await sql.row(conn, HOUSE) or {}),
                ]
                if time.monotonic() - self._whole_at_s >= WHOLE_EVERY_S:
                    review = await sql.row(conn, WHOLE_REVIEW) or {"n": 0}
                    self._whole = [*_calls(await sql.rows(conn, WHOLE_CALLS)), (REVIEW, ((), float(review["n"])))]
                    self._whole_at_s = time.monotonic()
        except Unavailable as away:
            log().warning("gauges.away", reason=away.detail)
            return [(UP, ((), 0.0))]
        except Exception:  # noqa: BLE001 (a figure that cannot be read must not hide all others of the process)
            log().exception("gauges.broken")
            return [(UP, ((), 0.0))]
        return [(UP, ((), 1.0)), *found, *self._whole]


class _Told(Collector):
    def __init__(self, values: Iterable[tuple[Figure, Value]]) -> None:
        self._values = list(values)

    def collect(self) -> Iterator[Metric]:
        """The gauges that have a value."""
        for figure in FIGURES:
            family = GaugeMetricFamily(figure.name, figure.text, labels=figure.labels)
            for of, (labels, value) in self._values:
                if of is figure:
                    family.add_metric(labels, value)
            if family.samples:
                yield family


def _tasks(found: list[sql.Found]) -> Iterator[tuple[Figure, Value]]:
    """By queue: what waits to be claimed waits for the desk, what runs is with the queue of its stage. All states are told, also at 0."""
    counts = {(queue, state): 0 for queue in QUEUES for state in STATES}
    for one in found:
        queue = QUEUE_OF.get(one["stage"], "desk") if one["state"] in {"running", "retry_pending"} else "desk"
        counts[queue, one["state"]] += one["n"]
    yield from ((TASKS, (labels, float(n))) for labels, n in counts.items())
    yield OLDEST_S, ((), max((one["oldest_s"] for one in found), default=0.0))


def _jobs(found: list[sql.Found]) -> Iterator[tuple[Figure, Value]]:
    yield from ((JOBS, ((one["provider"], one["state"]), float(one["n"]))) for one in found)
    yield UNKNOWN, ((), float(sum(one["n"] for one in found if one["state"] == "unknown")))
    yield HELD, ((), sum(one["held"] for one in found))


def _budgets(found: sql.Found) -> Iterator[tuple[Figure, Value]]:
    if found.get("least") is not None:
        yield BUDGET, ((), found["least"])
    yield BUDGETS, ((), float(found.get("nearly") or 0))


def _workers(found: list[sql.Found]) -> Iterator[tuple[Figure, Value]]:
    living = [one for one in found if not one["dead"]]
    draining = sum(bool(one["draining"]) for one in living)
    for state, n in (("alive", len(living) - draining), ("draining", draining), ("dead", len(found) - len(living))):
        yield WORKERS, ((state,), float(n))
    for queue in QUEUES:
        yield SERVED, ((queue,), float(sum(queue in one["queues"] and not one["draining"] for one in living)))
    yield CLOCK_S, ((), max((one["off_s"] for one in living), default=0.0))


def _house(found: sql.Found) -> Iterator[tuple[Figure, Value]]:
    yield PAUSED, ((), float(found["paused"]))
    yield HELD_PROVIDERS, ((), float(found["held"]))
    if found["backup_s"] is not None:
        yield BACKUP_S, ((), found["backup_s"])
    yield ARCHIVE, ((), float(found["failing"]))
    yield SIZE, ((), float(found["size"]))


def _calls(found: list[sql.Found]) -> Iterator[tuple[Figure, Value]]:
    for one in found:
        yield SPENT, ((one["provider"], one["capability"]), one["spent"])
        for state in ("settled", "failed", "cancelled"):
            yield CALLS, ((one["provider"], one["capability"], state), float(one[state]))
