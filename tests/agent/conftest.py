"""Talk to the real graph of a turn, on a real database, with the planners that a test names."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
import pytest_asyncio
from pydantic import SecretStr
from sqlalchemy import text as sql

from agent.graph import Agent
from agent.planners import planners_of
from agent.rules import RulesPlanner
from agent.types import Attachment, ChatAnswer, Focus, Planner, Turn
from storyreel.actions.base import Asked, Envelope
from storyreel.commits import LOCAL_OWNER, Bell, Door, Outcome, approve, perform
from storyreel.embedded import postgres
from storyreel.graph.load import view_at
from storyreel.ledger.quote import Quote, RenderQuote
from storyreel.model.view import GraphView
from storyreel.runtime.database import open_database
from storyreel.runtime.settings import Settings
from tests.standins.gemini import Gemini

HERE = Path(__file__).parent


class Talker:
    """A person in one project: says things, and looks at what came of them."""

    def __init__(self, door: Door, planners: Sequence[Planner], checkpointer: Any = None) -> None:
        self.door = door
        self.agent = Agent(door=door, planners=planners, checkpointer=checkpointer)
        self.workspace_id = uuid4()
        self.conversation_id = uuid4()
        self.events: list[tuple[str, dict[str, Any]]] = []

    def use(self, planners: Sequence[Planner]) -> None:
        self.agent = replace(self.agent, planners=planners)

    def turn(self, text: str, **more: Any) -> Turn:
        fields: dict[str, Any] = {
            "workspace_id": self.workspace_id,
            "conversation_id": self.conversation_id,
            "turn_id": uuid4(),
            "text": text,
            "attachments": tuple(Attachment.model_validate(a) for a in more.pop("attachments", ())),
            "focus": Focus.model_validate(more.pop("focus", {})),
        }
        return Turn(**{**fields, **more})

    async def say(self, text: str, **more: Any) -> ChatAnswer:
        return await self.take(self.turn(text, **more))

    async def take(self, turn: Turn) -> ChatAnswer:
        self.events = [event async for event in self.agent.turn(turn, LOCAL_OWNER)]
        name, data = self.events[-1]
        assert name == "answer"
        return ChatAnswer.model_validate(data)

    async def do(self, *actions: tuple[str, dict[str, Any]] | Asked) -> Outcome:
        asked = tuple(a if isinstance(a, Asked) else Asked(type=a[0], args=a[1]) for a in actions)
        outcome = await perform(self.door, self.workspace_id, Envelope(request_id=uuid4(), actions=asked), LOCAL_OWNER)
        if outcome.proposal:
            outcome = await approve(self.door, self.workspace_id, outcome.proposal.id, LOCAL_OWNER)
        return outcome

    async def view(self) -> GraphView:
        async with self.door.database.connect() as conn:
            return await view_at(conn, self.workspace_id)

    async def scalar(self, query: str, **values: Any) -> Any:
        async with self.door.database.connect() as conn:
            return await conn.scalar(sql(query), {"ws": self.workspace_id, **values})

    async def revision(self) -> int:
        return int(await self.scalar("select revision from workspace where id = :ws"))


def price(view: GraphView, renders: Any) -> Quote:
    owners: list[UUID] = [r.work_item_id or r.episode_id for r in renders]
    return Quote(cost_usd=0.0, expected_s=2.0 * len(owners), lines=tuple(RenderQuote(owner_id=o, expected_s=2.0) for o in owners))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """All of a process's talks are held in one loop, so that they can share what takes long to open."""
    for item in items:
        if HERE in item.path.parents and pytest_asyncio.is_async_test(item):
            item.add_marker(pytest.mark.asyncio(loop_scope="session"), append=False)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def door(pg: postgres.Cluster) -> AsyncIterator[Door]:
    """The door to one database for all talks of a process, each in a project of its own."""
    await postgres.create_database(pg, "talks")
    db = open_database(pg.dsn(postgres.APP, "talks"))
    made = Door(database=db, bell=Bell(db), price=price)
    yield made
    await made.close()
    await db.close()


@pytest_asyncio.fixture(loop_scope="session")
async def talker(door: Door) -> AsyncIterator[Talker]:
    """An empty project and a person who talks to the rules. No project of an earlier talk can be named in it."""
    person = Talker(door, [RulesPlanner()])
    await person.do(("project.create", {"name": "Test", "fps": 24}))
    yield person
    async with door.database.begin() as conn:
        await conn.execute(sql("update workspace set removed = true where not removed"))


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def vendor() -> AsyncIterator[Gemini]:
    """One vendor for all talks of a process; each talk records its own replies."""
    async with Gemini().serving() as made:
        yield made


@pytest.fixture(scope="session")
def model(vendor: Gemini) -> Planner:
    """The planner that asks the vendor; its long schemas are made once."""
    settings = Settings(google_api_key=SecretStr("test-key"), gemini_base_url=vendor.url, provider_text="auto")
    return planners_of(settings)[1]
