"""What a worker measures of its activities: how long, how they ended, and how many run; each is a span of its own as well."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from typing import Any

from temporalio import activity
from temporalio.exceptions import ApplicationError
from temporalio.runtime import PrometheusConfig, Runtime, TelemetryConfig
from temporalio.worker import ActivityInboundInterceptor, ExecuteActivityInput, Interceptor

from storyreel.pipeline.contract import PREFIX, Claimed, Queue, StageDone
from storyreel.runtime.database import Database
from storyreel.runtime.metrics import (
    ACTIVITY_S,
    CLAIMED,
    SLOTS,
    SLOTS_USED,
    STAGE_FAILURES,
    STAGE_S,
    serve,
    watch_machine,
    watch_pool,
)
from storyreel.runtime.settings import Settings, WrongSetting


@contextmanager
def figures(settings: Settings, database: Database, slots: Mapping[Queue, int]) -> Generator[None]:
    """Tell this worker's figures while the block runs: on `STORYREEL_METRICS_PORT`, and Temporal's own on the port after it.

    Nothing is told where no port is set.

    Raises:
        WrongSetting: the port is taken.
    """
    watch_machine(settings.home_dir)
    watch_pool(database.engine)
    for queue, most in slots.items():
        SLOTS.labels(queue).set(most)
        SLOTS_USED.labels(queue).set(0)
    if settings.metrics_port is None:
        yield
        return
    try:
        server = serve(settings.metrics_port)
    except OSError as taken:
        raise WrongSetting(f"STORYREEL_METRICS_PORT={settings.metrics_port} cannot be served on: {taken.strerror}") from taken
    try:
        yield
    finally:
        server.shutdown()


def tell_temporal(settings: Settings) -> None:
    """Have Temporal's SDK tell its own figures (slots, polls, latencies); call it before anything connects."""
    if settings.metrics_port is not None:
        told = PrometheusConfig(bind_address=f"0.0.0.0:{settings.metrics_port + 1}")
        Runtime.set_default(Runtime(telemetry=TelemetryConfig(metrics=told)), error_if_already_set=False)


class Watching(Interceptor):
    """Measures every activity of the workers that it is given to."""

    def intercept_activity(self, next: ActivityInboundInterceptor) -> ActivityInboundInterceptor:  # noqa: A002 (its base names it so)
        """Put the measure around the activity."""
        return _Measured(super().intercept_activity(next))


class _Measured(ActivityInboundInterceptor):
    async def execute_activity(self, input: ExecuteActivityInput) -> Any:  # noqa: A002 (its base names it so)
        """Run it and note how it went."""
        about = activity.info()
        used = SLOTS_USED.labels(about.task_queue.removeprefix(PREFIX))
        used.inc()
        begun, outcome = time.perf_counter(), "failed"
        try:
            done = await super().execute_activity(input)
            outcome = done.outcome if isinstance(done, StageDone) else "ok"
        except asyncio.CancelledError:
            outcome = "cancelled"
            raise
        except BaseException as failure:
            STAGE_FAILURES.labels(about.activity_type, _reason(failure)).inc()
            raise
        else:
            if isinstance(done, Claimed):
                CLAIMED.inc(done.started)
            return done
        finally:
            used.dec()
            stage = about.task_queue != f"{PREFIX}desk"
            (STAGE_S if stage else ACTIVITY_S).labels(about.activity_type, outcome).observe(time.perf_counter() - begun)


def _reason(failure: BaseException) -> str:
    """The code of one of our errors; anything else is a bug of ours."""
    return failure.type or "internal" if isinstance(failure, ApplicationError) else "internal"
