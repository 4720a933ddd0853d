"""Two projects that wait for the same hands each get their turn, however many runs the larger one may have at once."""

from __future__ import annotations

import asyncio
from uuid import UUID, uuid4

from storyreel.actions.base import Asked, Envelope
from storyreel.commits import LOCAL_OWNER, approve, perform
from storyreel.pipeline.contract import QUEUES, StageOrder
from storyreel.pipeline.ports import Request
from tests.desk.conftest import PATIENCE_S, Set
from worker import serving

LARGE, SMALL = 40, 3


async def a_project(stage_set: Set, shots: int) -> UUID:
    workspace = uuid4()
    board = [{"scene": "$one", "duration_s": 1, "picture": {"subject": f"view {n}"}} for n in range(shots)]
    await ask(stage_set, workspace, Asked(type="project.create", args={"name": "Two", "fps": 24}))
    await ask(
        stage_set,
        workspace,
        Asked(type="scene.add", args={"title": "One", "place": "street"}, name="one"),
        Asked(type="shot.bulk_add", args={"shots": board}),
        Asked(type="task.set_concurrency", args={"concurrency": shots}),
    )
    return workspace


async def ask(stage_set: Set, workspace: UUID, *actions: Asked) -> None:
    door = stage_set.studio.door
    outcome = await perform(door, workspace, Envelope(request_id=uuid4(), actions=actions), LOCAL_OWNER)
    if outcome.proposal:
        await approve(door, workspace, outcome.proposal.id, LOCAL_OWNER)


async def described(stage_set: Set, workspace: UUID, count: int) -> None:
    """Wait until so many shots have been through the stage before the one that is waited for."""
    await counted(
        stage_set,
        workspace,
        "select count(*) from task_event where workspace_id = :w and kind = 'stage_done' and stage = 'spec'",
        count,
    )


async def counted(stage_set: Set, workspace: UUID, query: str, count: int) -> None:
    async with asyncio.timeout(PATIENCE_S):
        while await stage_set.studio.scalar(query, w=workspace) < count:
            await asyncio.sleep(0.1)


async def test_a_small_project_gets_its_turn_while_a_large_one_waits_for_the_same_hands(stage_set: Set) -> None:
    large, small = await a_project(stage_set, LARGE), await a_project(stage_set, SMALL)
    drawn: list[UUID] = []

    async def note(order: StageOrder, _: Request) -> None:
        drawn.append(order.workspace_id)
        if len(drawn) == 1:
            # The large one stands in the queue with most of its shots when the small one comes.
            await described(stage_set, large, LARGE - 5)
            await ask(stage_set, small, Asked(type="gen.image", args={"shots": "all"}))
            await described(stage_set, small, SMALL)
            async with asyncio.timeout(PATIENCE_S):
                while await stage_set.queued(small, "grid") < SMALL:
                    await asyncio.sleep(0.1)

    stage_set.instant.before["grid"] = note
    async with serving(stage_set.work, stage_set.dsn, QUEUES, dict.fromkeys(QUEUES, 1) | {"desk": 50, "spec": 50}):
        await ask(stage_set, large, Asked(type="gen.image", args={"shots": "all"}))
        await counted(stage_set, small, "select count(*) from task where workspace_id = :w and state = 'succeeded'", SMALL)
    turns = [place for place, workspace in enumerate(drawn) if workspace == small]
    assert len(turns) == SMALL
    assert turns[-1] <= LARGE // 3, f"the small one had the turns {turns} of {len(drawn)}"
