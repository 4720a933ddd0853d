"""A turn: what cannot be answered, what is answered twice, what a crash leaves, and what the next one remembers."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack
from typing import Any
from uuid import uuid4

import psycopg
import pytest
import pytest_asyncio

import agent.graph
from agent.checkpoint import open_checkpointer
from agent.context import build
from agent.rules import RulesPlanner
from agent.types import Context, Looked, Thought
from storyreel.actions.base import Asked
from storyreel.commits import Door
from storyreel.model.errors import BadInput
from storyreel.runtime.database import plain_dsn
from tests.agent.conftest import Talker
from tests.agent.films import film
from tests.fixtures_services import Addresses


class Counting:
    """A planner that always answers the same, and counts."""

    name = "counting"

    def __init__(self, thought: Thought) -> None:
        self.thought = thought
        self.calls = 0
        self.seen: list[Context] = []

    async def plan(self, context: Context, looked: tuple[Looked, ...] = (), feedback: str = "") -> Thought:
        self.calls += 1
        self.seen.append(context)
        return self.thought


NIGHT = Thought(intent="a night", actions=(Asked(type="shot.update", args={"shots": "2", "picture": {"time": "night"}}),))


@pytest_asyncio.fixture(loop_scope="session")
async def kept(door: Door) -> AsyncGenerator[Talker]:
    """A person whose turns are kept in PostgreSQL while they run."""
    async with open_checkpointer(door.database.engine.url.render_as_string(hide_password=False)) as saver:
        person = Talker(door, [Counting(NIGHT)], checkpointer=saver)
        await person.do(("project.create", {"name": "Test", "fps": 24}))
        await film(person)
        yield person


@pytest.mark.parametrize("said", ["", "   \n\t "])
async def test_an_empty_message_is_refused_with_an_example(talker: Talker, said: str) -> None:
    with pytest.raises(BadInput, match="say what you want"):
        await talker.say(said)


async def test_a_message_beyond_the_limit_is_refused_with_what_to_do(talker: Talker) -> None:
    with pytest.raises(BadInput, match="attach a long script"):
        await talker.say("好" * 20_001)
    assert await talker.scalar("select count(*) from message where workspace_id = :ws") == 0


async def test_a_message_at_the_limit_is_answered(talker: Talker) -> None:
    answer = await talker.say("。".join(["风" * 99] * 200))
    assert await talker.revision() == 1
    assert answer.message


async def test_a_turn_that_was_answered_is_answered_the_same(talker: Talker) -> None:
    await film(talker)
    turn = talker.turn("make shot 2 a night")
    first, again = await talker.take(turn), await talker.take(turn)
    assert first == again
    assert first.commit is not None
    assert await talker.revision() == first.commit.revision


@pytest.mark.parametrize("step", ["act", "tell"])
async def test_a_turn_cut_short_goes_on_without_asking_the_model_again(
    kept: Talker, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    before, turn = await kept.revision(), kept.turn("the second one, darker please")
    planner = kept.agent.planners[0]
    assert isinstance(planner, Counting)
    with monkeypatch.context() as patched:
        patched.setattr(agent.graph.Steps, step, killed)
        with pytest.raises(Killed):
            await kept.take(turn)
    # Another process has compiled nothing yet.
    kept.agent.graphs.clear()
    answer = await kept.take(turn)
    assert planner.calls == 1
    assert answer.commit is not None
    assert answer.commit.revision == await kept.revision() == before + 1
    assert await kept.scalar("select count(*) from agent.checkpoints") == 0


async def test_what_no_model_was_paid_for_is_not_kept_on_the_way(kept: Talker, monkeypatch: pytest.MonkeyPatch) -> None:
    await kept.say("the second one, darker please")
    kept.use([RulesPlanner()])
    turn = kept.turn("make shot 3 a night")
    before = await kept.revision()
    with monkeypatch.context() as patched:
        patched.setattr(agent.graph.Steps, "tell", killed)
        with pytest.raises(Killed):
            await kept.take(turn)
    assert await kept.scalar("select count(*) from agent.checkpoints") == 0
    kept.agent.graphs.clear()
    answer = await kept.take(turn)
    assert answer.commit is not None
    assert answer.commit.revision == await kept.revision() == before + 1


class Killed(BaseException):
    """The process is gone."""


async def killed(*_: Any) -> Any:
    raise Killed


async def test_the_tables_of_turns_are_made_once_by_the_application_itself(database: Addresses) -> None:
    async with open_checkpointer(database.app):
        pass
    async with open_checkpointer(database.app) as saver:
        assert await saver.aget_tuple({"configurable": {"thread_id": "none"}}) is None


async def test_processes_that_begin_at_once_make_the_tables_of_turns_together(database: Addresses) -> None:
    tables = [f"agent.checkpoint{name}" for name in ("s", "_migrations", "_blobs", "_writes")]
    async with await psycopg.AsyncConnection.connect(plain_dsn(database.app), autocommit=True) as conn:
        await conn.execute(f"drop table if exists {', '.join(tables)}")
    async with AsyncExitStack() as held:
        savers = [await held.enter_async_context(open_checkpointer(database.app)) for _ in range(4)]
        found = await asyncio.gather(*(saver.aget_tuple({"configurable": {"thread_id": "none"}}) for saver in savers))
    assert found == [None] * 4


async def test_the_context_is_built_from_five_turns_and_does_not_grow_with_the_talk(talker: Talker) -> None:
    planner = Counting(Thought(understood=False))
    talker.use([planner])
    for n in range(8):
        await talker.say(f"message {n}")
    assert [turn.text for turn in planner.seen[-1].turns] == [f"message {n}" for n in range(2, 7)]


async def test_the_context_names_in_full_only_the_shots_a_message_is_about(talker: Talker) -> None:
    await film(talker)
    turn = talker.turn("shots 3 and 5 please", focus={"shots": "7"})
    async with talker.door.database.begin() as conn:
        context = await build(conn, turn)
    assert [shot["number"] for shot in context.named] == [3, 5, 7]
    assert len(context.shots) == 8
    assert set(context.characters) == {"Anna", "Bob"}


async def test_a_yes_in_another_conversation_approves_the_open_proposal_once(talker: Talker) -> None:
    await film(talker)
    asked = await talker.say("make shots 2-4 a night")
    assert asked.proposal is not None
    talker.conversation_id = uuid4()
    done = await talker.say("go ahead")
    assert done.commit is not None
    assert [shot.spec.picture.time for shot in (await talker.view()).shots()][1:4] == ["night"] * 3
    again = await talker.say("go ahead")
    assert again.commit is None


async def test_a_message_it_does_not_understand_changes_nothing_and_says_what_can_be_said(talker: Talker) -> None:
    await film(talker)
    before = await talker.revision()
    for said in ("asdf qwer zxcv", "今天的股票涨了吗", "what is the capital of France"):
        answer = await talker.say(said)
        assert not answer.understood, said
        assert answer.next_steps
    assert await talker.revision() == before


async def test_part_of_a_message_that_is_not_understood_is_said_aloud(talker: Talker) -> None:
    await film(talker)
    answer = await talker.say("make shot 2 a rainy night in watercolour with quixotic zest")
    assert answer.commit is not None
    assert "quixotic zest" in answer.message
