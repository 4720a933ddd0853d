"""Shots a second through the whole pipeline with instant providers; what is made again; how soon work begins.

Held against an empty six-activity workflow on the same Temporal server, and against the commit ceiling of the same PostgreSQL:
pgbench's rate at the same concurrency divided by the commits that a shot takes.
"""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Awaitable
from statistics import median
from uuid import UUID, uuid4

from temporalio.worker import UnsandboxedWorkflowRunner, Worker

from bench.empty import ACTIVITIES, EmptySix, nothing
from bench.scene import Scene, scene
from bench.table import Row, show
from storyreel.embedded import postgres

SHOTS = 30
AT_ONCE = 20
PGBENCH_S = 4
LOOKS = 8
QUEUE = "bench-empty"


async def taken_s(work: Awaitable[object]) -> float:
    start = time.perf_counter()
    await work
    return time.perf_counter() - start


async def empty_a_second(stage: Scene, runs: int) -> float:
    """Empty workflows a second, so many at once."""
    gate = asyncio.Semaphore(AT_ONCE)

    async def one() -> None:
        async with gate:
            await stage.client.execute_workflow(EmptySix.run, id=f"empty-{uuid4()}", task_queue=QUEUE)

    async with empty_worker(stage):
        await one()
        return runs / await taken_s(asyncio.gather(*(one() for _ in range(runs))))


async def empty_first_s(stage: Scene) -> float:
    """From asking for an empty workflow until its first activity has ended."""

    async def one() -> float:
        start = time.time()
        return await stage.client.execute_workflow(EmptySix.run, id=f"empty-{uuid4()}", task_queue=QUEUE) - start

    async with empty_worker(stage):
        await one()
        return median([await one() for _ in range(LOOKS)])


def empty_worker(stage: Scene) -> Worker:
    return Worker(
        stage.client,
        task_queue=QUEUE,
        workflows=[EmptySix],
        activities=[nothing],
        workflow_runner=UnsandboxedWorkflowRunner(),
        max_concurrent_activities=50,
    )


async def ceiling_tps(stage: Scene) -> float:
    """What pgbench reaches on a database of its own in the same server, with its simple updates."""
    cluster = postgres.open_cluster(stage.folder, int(re.findall(r":(\d+)/", stage.dsn)[0]))
    dsn = cluster.dsn(postgres.ADMIN, "postgres")
    program = postgres.programs(cluster.folder) / "pgbench"
    await output(str(program), "-i", "-q", "-s", "10", dsn)
    said = await output(str(program), "-N", "-c", str(AT_ONCE), "-j", "2", "-T", str(PGBENCH_S), dsn)
    return float(re.findall(r"tps = ([\d.]+)", said)[0])


async def output(*command: str) -> str:
    process = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT)
    said, _ = await process.communicate()
    assert process.returncode == 0, said.decode()
    return said.decode()


async def render_s(stage: Scene, workspace: UUID, *actions: tuple[str, dict[str, object]]) -> float:
    async def work() -> None:
        await stage.ask(workspace, *actions)
        await stage.over(workspace)

    return await taken_s(work())


async def first_activity_s(stage: Scene, workspace: UUID) -> float:
    """From a commit until the first activity of its work says that it has begun, by the database's clock."""
    for number in range(1, LOOKS + 1):
        await render_s(stage, workspace, ("gen.video", {"shots": str(number), "again": True, "cut": False}))
    found = await stage.rows(
        """
        select extract(epoch from min(v.at) - c.created_at) as s from task t
        join commit c on c.workspace_id = t.workspace_id and c.revision = t.revision
        join task_event v on v.workspace_id = t.workspace_id and v.task_id = t.id and v.kind = 'stage'
        where t.workspace_id = :ws and t.takes <> '{}' group by t.id, c.created_at
        """,
        ws=workspace,
    )
    return median(float(row["s"]) for row in found)


async def measure(stage: Scene) -> list[Row]:
    empty, first_empty_s = await empty_a_second(stage, 60), await empty_first_s(stage)
    tps = await ceiling_tps(stage)
    async with stage.working():
        await render_s(stage, await stage.film(2), ("gen.compose", {}))
        workspace = await stage.film(SHOTS, AT_ONCE)
        before = await stage.commits()
        all_s = await render_s(stage, workspace, ("gen.compose", {}))
        commits = (await stage.commits() - before) / SHOTS
        kept = await stage.rows("select count(*) as n from commit where workspace_id = :ws and kind = 'record'", ws=workspace)
        changed = ("shot.update", {"shots": "7", "picture": {"time": "night"}})
        one_s = await render_s(stage, workspace, changed, ("gen.video", {"shots": "7", "cut": True}))
        first_s = await first_activity_s(stage, workspace)
    rate, graph = SHOTS / all_s, int(kept[0]["n"]) / SHOTS
    return [
        Row("shots a second, whole pipeline", rate, "/s", f"empty {ACTIVITIES}-activity workflows, {AT_ONCE} at once", empty),
        Row("shots a second, whole pipeline", rate, "/s", f"pgbench {tps:.0f} tps / {commits:.1f} commits a shot", tps / commits),
        Row("render again: 1 shot of 30 and the film", one_s, "s", "all 30 and the film", all_s),
        Row(
            "a commit to its first activity begun",
            first_s * 1000,
            "ms",
            "an empty workflow to its first activity done",
            first_empty_s * 1000,
            digits=0,
        ),
        Row(
            "graph commits a shot, under the workspace's lock",
            graph,
            "",
            "stages of a shot",
            6,
            f"of {commits:.1f} commits in all",
        ),
    ]


async def rows() -> list[Row]:
    async with scene() as stage:
        return await measure(stage)


if __name__ == "__main__":
    show(asyncio.run(rows()))
