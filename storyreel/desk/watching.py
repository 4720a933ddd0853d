"""What a worker measures of its activities: how long, how they ended, and how many run; each is a span of its own as well."""

from __future__ import annotations

import asyncio
import time
from typing import Any

from temporalio import activity
from temporalio.exceptions import ApplicationError
from temporalio.worker import ActivityInboundInterceptor, ExecuteActivityInput, Interceptor

from storyreel.pipeline.contract import PREFIX, Claimed, StageDone
from storyreel.runtime.metrics import ACTIVITY_S, CLAIMED, SLOTS_USED, STAGE_FAILURES, STAGE_S


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
