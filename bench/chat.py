"""The chat turn's own time, with the rules and without any model, and its context's time and size, in a small and in a large project."""

from __future__ import annotations

import asyncio
import time
from uuid import UUID, uuid4

from agent.checkpoint import open_checkpointer
from agent.context import build
from agent.graph import Agent
from agent.rules import RulesPlanner
from agent.types import Turn
from bench.scene import Scene, scene
from bench.table import Row, percentile, show
from storyreel.commits import LOCAL_OWNER

SMALL, LARGE = 30, 3000
TURNS = 48
CONTEXTS, ROUNDS = 24, 3
SAID = (
    "把第2到第3个镜头改成夜景霓虹，节奏快一点",
    "Show shot 5",
    "第4个镜头改成3秒",
    "Make shot 7 rainy",
    "进度怎么样了？",
    "Undo",
    "第8个镜头推近一点",
    "What is in the film?",
)


async def turns_s(stage: Scene, agent: Agent, workspace: UUID) -> list[float]:
    """The time of each turn, without the first, which warms caches."""
    conversation, taken = uuid4(), list[float]()
    for number in range(-1, TURNS):
        turn = Turn(workspace_id=workspace, conversation_id=conversation, turn_id=uuid4(), text=SAID[number % len(SAID)])
        start = time.perf_counter()
        events = [name async for name, _ in agent.turn(turn, LOCAL_OWNER)]
        taken.append(time.perf_counter() - start)
        assert events[-1] == "answer"
    return taken[1:]


async def contexts(stage: Scene, workspace: UUID) -> tuple[list[float], int]:
    """The time of building each context, without the first round, and the size of the largest in estimated tokens."""
    taken, largest = list[float](), 0
    for number in range(-len(SAID), CONTEXTS):
        turn = Turn(workspace_id=workspace, conversation_id=uuid4(), turn_id=uuid4(), text=SAID[number % len(SAID)])
        start = time.perf_counter()
        async with stage.database.connect() as conn:
            built = await build(conn, turn)
        if number >= 0:
            taken.append(time.perf_counter() - start)
        largest = max(largest, built.tokens)
    return taken, largest


async def measure(stage: Scene) -> list[Row]:
    async with open_checkpointer(stage.dsn) as checkpointer:
        agent = Agent(door=stage.door, planners=[RulesPlanner()], checkpointer=checkpointer)
        few, many = await stage.film(SMALL), await stage.film(LARGE)
        small, large = await turns_s(stage, agent, few), await turns_s(stage, agent, many)
    # In turns, so that what else the machine does weighs on both alike.
    rounds = [(await contexts(stage, few), await contexts(stage, many)) for _ in range(ROUNDS)]
    of_few, of_many = ([one for both in rounds for one in both[at][0]] for at in (0, 1))
    sizes = [max(both[at][1] for both in rounds) for at in (0, 1)]
    p95 = [percentile(taken, 95) * 1000 for taken in (large, small)]
    middle = percentile(large, 50) * 1000
    return [
        Row(
            f"chat turn, p95, {LARGE} shots",
            p95[0],
            "ms",
            f"{SMALL} shots",
            p95[1],
            f"median {middle:.0f} ms; no model",
            digits=0,
        ),
        Row(
            f"context of a message, median, {LARGE} shots",
            percentile(of_many, 50) * 1000,
            "ms",
            f"{SMALL} shots",
            percentile(of_few, 50) * 1000,
            f"{sizes[1]} tokens against {sizes[0]}",
            digits=1,
        ),
    ]


async def rows() -> list[Row]:
    async with scene() as stage:
        return await measure(stage)


if __name__ == "__main__":
    show(asyncio.run(rows()))
