"""A large batch with providers that cost no time: how long its histories and how large its worker become, how fast it goes, and whether
all of it is accounted for; and whether a small project waits for a large one.

    python -m bench batch                   300 shots
    python -m bench batch --shots 3000
"""

from __future__ import annotations

import asyncio
import os
import resource
import time
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from uuid import UUID

from activities.work import Work
from bench.scene import Scene, scene
from bench.table import Row, show
from bench.throughput import ceiling_tps
from storyreel.desk import runs
from storyreel.ledger import batches
from storyreel.ledger._move import DEFAULT_CONCURRENCY
from storyreel.ledger.batches import Standing
from storyreel.pipeline.contract import QUEUES, DeskSignal
from storyreel.runtime.database import listen
from worker import serving
from workflows.desk import BELLS_A_RUN

SHOTS = 300
AT_ONCE = 20
# Where two projects wait for the same few hands.
HANDS = 4
SMALL = 5
# Of the shots of the first measurement, so many wait in the large project of the second.
LARGE = 2 / 3
PATIENCE_S = 3600
# How long it is looked whether a paused project starts anything.
PAUSED_S = 3.0
OPEN = ("running", "waiting", "paused", "to_ask")
MB = 1 << 20


def rss_mb() -> float:
    """Memory of this process, which is the worker."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize() / MB


async def standing(stage: Scene, workspace: UUID, batch: UUID) -> Standing:
    async with stage.database.connect() as conn:
        found = await batches.find(conn, workspace, batch)
    assert found is not None
    return found


async def newest(stage: Scene, workspace: UUID) -> UUID:
    async with asyncio.timeout(PATIENCE_S):
        while True:
            async with stage.database.connect() as conn:
                if found := await batches.newest(conn, workspace, 1):
                    return found[0].id
            await asyncio.sleep(0.05)


async def until_done(stage: Scene, workspace: UUID, batch: UUID, count: int | None = None) -> Standing:
    """The batch once so many are done, or none is open; looked at with the bells, at most four times a second."""
    async with asyncio.timeout(PATIENCE_S):
        found, bells = await standing(stage, workspace, batch), listen(stage.dsn, "storyreel_bell")
        async for _ in bells:
            found = await standing(stage, workspace, batch)
            if (count is not None and found.done >= count) or not any(getattr(found, name) for name in OPEN):
                break
            await asyncio.sleep(0.25)
        await bells.aclose()
    return found


async def signal(stage: Scene, workspace: UUID, verb: str, **body: object) -> None:
    await runs.signal_desk(stage.client, workspace, verb, DeskSignal.model_validate({"actor": "bench", **body}))  # type: ignore[arg-type]


async def longest(stage: Scene, kind: str, workspace: UUID) -> tuple[int, int]:
    """How many runs of a workflow there were, and the most events that one of them has."""
    await asyncio.sleep(1)
    found = [run async for run in stage.client.list_workflows(f"WorkflowType = '{kind}' AND WorkspaceId = '{workspace}'")]
    # What is running has no length in the list yet.
    lengths = [
        run.history_length or (await stage.client.get_workflow_handle(run.id, run_id=run.run_id).describe()).history_length
        for run in found
    ]
    return len(found), max(lengths, default=0)


async def large(stage: Scene, shots: int) -> list[Row]:
    """One signal renders everything; a pause in the middle; then all of it is counted."""
    tps = await ceiling_tps(stage)
    async with stage.working():
        warm = await stage.film(3, AT_ONCE)
        await stage.ask(warm, ("gen.video", {"cut": False}))
        await stage.over(warm)
        workspace = await stage.film(shots, AT_ONCE)
        memory, commits = [rss_mb()], await stage.commits()
        start = time.perf_counter()
        await signal(stage, workspace, "rerender", shots="all")
        batch = await newest(stage, workspace)
        half = await until_done(stage, workspace, batch, shots // 2)
        memory.append(rss_mb())
        spent_s = time.perf_counter() - start
        began = await paused(stage, workspace, batch)
        start = time.perf_counter()
        await signal(stage, workspace, "resume")
        found = await until_done(stage, workspace, batch)
        spent_s += time.perf_counter() - start
        memory.append(rss_mb())
        per_shot = (await stage.commits() - commits) / shots
        desks, desk_events = await longest(stage, "RenderDesk", workspace)
        runs_, run_events = await longest(stage, "ShotRender", workspace)
    assert half.total + half.to_ask == shots, "each shot is in the batch once"
    rate = shots / spent_s
    return [
        Row(f"{shots} shots: done and accounted for", found.done, "", "asked for", shots, f"{found.total} tasks", digits=0),
        Row(
            "shots a second, whole pipeline", rate, "/s", f"pgbench {tps:.0f} tps / {per_shot:.1f} commits a shot", tps / per_shot
        ),
        Row("begun in a paused project", began, "", f"in {PAUSED_S:g} s", 1, "none is right", digits=0),
        Row("memory of the worker in the middle", memory[1], "MB", "at the start", memory[0], digits=0),
        Row("memory of the worker at the end", memory[2], "MB", "in the middle", memory[1], digits=0),
        Row("events of the longest desk run", desk_events, "", "bells a run", BELLS_A_RUN, f"{desks} runs", digits=0),
        Row("events of the longest shot run", run_events, "", "of 51,200 that are allowed", 51_200, f"{runs_} runs", digits=0),
    ]


async def paused(stage: Scene, workspace: UUID, batch: UUID) -> int:
    """How many runs a project begins while it is paused; what was under way ends."""
    await signal(stage, workspace, "pause")
    async with asyncio.timeout(PATIENCE_S):
        while (await standing(stage, workspace, batch)).running:  # noqa: ASYNC110 (what is looked at is in the database)
            await asyncio.sleep(0.1)
    before = await standing(stage, workspace, batch)
    await asyncio.sleep(PAUSED_S)
    after = await standing(stage, workspace, batch)
    return (after.done + after.running) - (before.done + before.running)


@asynccontextmanager
async def few_hands(stage: Scene) -> AsyncGenerator[None]:
    work = Work(stage.door, stage.client, stage.kits)
    async with serving(work, stage.dsn, QUEUES, {**dict.fromkeys(QUEUES, HANDS), "desk": 50}):
        yield


async def small_s(stage: Scene) -> float:
    """How long a project of a few shots takes, from asking until they are done; as many at once as a project has unless told."""
    workspace = await stage.film(SMALL, DEFAULT_CONCURRENCY)
    start = time.perf_counter()
    await stage.ask(workspace, ("gen.video", {"cut": False}))
    await stage.over(workspace)
    return time.perf_counter() - start


async def beside(stage: Scene, shots: int) -> list[Row]:
    """A small project beside a large one: as projects are, and with as many runs at once as the large one likes."""
    async with few_hands(stage):
        await small_s(stage)
        alone_s = await small_s(stage)
        return [await _beside(stage, shots, at_once, alone_s) for at_once in (DEFAULT_CONCURRENCY, min(shots, 500))]


async def _beside(stage: Scene, shots: int, at_once: int, alone_s: float) -> Row:
    large = await stage.film(shots, at_once)
    asked = await stage.ask(large, ("gen.video", {"cut": False}))
    assert asked.commit
    assert asked.commit.batch_id
    await until_done(stage, large, asked.commit.batch_id, HANDS)
    beside_s = await small_s(stage)
    left = await standing(stage, large, asked.commit.batch_id)
    still = left.running + left.waiting
    assert still, "the large project must still be at it, or nothing was measured"
    await signal(stage, large, "cancel")
    await until_done(stage, large, asked.commit.batch_id)
    what = f"{SMALL} shots beside {shots} of another project, {at_once} at once"
    return Row(what, beside_s, "s", "alone", alone_s, f"{still} of the others were open still")


async def rows() -> list[Row]:
    shots = int(os.environ.get("BENCH_SHOTS", SHOTS))
    async with scene() as stage:
        return [*await large(stage, shots), *await beside(stage, max(30, round(shots * LARGE)))]


if __name__ == "__main__":
    show(asyncio.run(rows()))
