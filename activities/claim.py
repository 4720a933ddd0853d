"""claim: take what may run now from the task table, and start its runs."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from temporalio import activity

from activities.failures import told
from activities.work import Work
from storyreel.desk.runs import start_run
from storyreel.ledger import tasks
from storyreel.pipeline.contract import Claim, Claimed, RunOrder
from storyreel.runtime.telemetry import bound, carried, span

# As many starts at once as one connection to Temporal carries well.
STARTS_AT_ONCE = 20


class ClaimActivity:
    """The desk's hand in the task table."""

    def __init__(self, work: Work) -> None:
        self._work = work

    @activity.defn(name="claim")
    async def claim(self, wish: Claim) -> Claimed:
        """Claim in one transaction, then start by id: a start that is lost is found by the reconciler, a doubled one is refused."""
        with told(), bound(workspace=wish.workspace_id):
            async with self._work.door.database.begin() as conn:
                orders = await tasks.claim(conn, wish.workspace_id)
                counts = await tasks.counts(conn, wish.workspace_id)
            await self._start(orders)
        return Claimed(started=len(orders), running=counts.held, waiting=counts.waiting, paused=counts.paused)

    async def _start(self, orders: Sequence[RunOrder]) -> None:
        gate = asyncio.Semaphore(STARTS_AT_ONCE)

        async def start(order: RunOrder) -> None:
            async with gate:
                with carried(order.trace), span("desk.start", workspace=order.workspace_id, task=order.task_id, run=order.run):
                    await start_run(self._work.client, order)

        await asyncio.gather(*(start(order) for order in orders))
