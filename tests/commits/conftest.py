"""A door into a fresh database, and short ways to ask for things through it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID, uuid4

import pytest

from storyreel.actions.base import Asked, Envelope
from storyreel.commits import LOCAL_OWNER, Bell, Door, Outcome, approve, perform
from storyreel.graph.load import view_at
from storyreel.ledger.quote import Quote, RenderQuote
from storyreel.model.view import GraphView
from storyreel.runtime.database import Database


class Studio:
    """One project in a fresh database."""

    def __init__(self, door: Door, workspace_id: UUID) -> None:
        self.door = door
        self.workspace_id = workspace_id

    async def ask(self, *actions: tuple[str, dict[str, Any]] | Asked, mode: str = "execute", **more: Any) -> Outcome:
        asked = tuple(a if isinstance(a, Asked) else Asked(type=a[0], args=a[1]) for a in actions)
        fields = {k: more.pop(k) for k in ("base_revision", "intent", "request_id") if k in more}
        envelope = Envelope.model_validate({"request_id": uuid4(), "mode": mode, "actions": asked, **fields})
        return await perform(self.door, self.workspace_id, envelope, more.pop("actor", LOCAL_OWNER), **more)

    async def do(self, *actions: tuple[str, dict[str, Any]] | Asked, **more: Any) -> Outcome:
        """Ask, and say yes where it asks back."""
        outcome = await self.ask(*actions, **more)
        if outcome.proposal:
            outcome = await approve(self.door, self.workspace_id, outcome.proposal.id, LOCAL_OWNER)
        return outcome

    async def view(self, at: int | None = None) -> GraphView:
        async with self.door.database.connect() as conn:
            return await view_at(conn, self.workspace_id, at)

    async def scalar(self, sql: str, **values: Any) -> Any:
        from sqlalchemy import text

        async with self.door.database.connect() as conn:
            return await conn.scalar(text(sql), {"ws": self.workspace_id, **values})


def free_price(view: GraphView, renders: Any) -> Quote:
    return Quote(
        cost_usd=0.0,
        expected_s=2.0 * len(renders),
        lines=tuple(RenderQuote(owner_id=r.work_item_id or r.episode_id, expected_s=2.0) for r in renders),
    )


@pytest.fixture
async def door(db: Database) -> AsyncIterator[Door]:
    made = Door(database=db, bell=Bell(db), price=free_price)
    yield made
    await made.close()


@pytest.fixture
async def empty(door: Door) -> Studio:
    """A project with an empty film."""
    studio = Studio(door, uuid4())
    await studio.ask(("project.create", {"name": "Test", "fps": 24}))
    return studio


SHOTS = [
    {"duration_s": 3, "picture": {"subject": f"shot {n}"}, "lines": [{"text": f"Line {n}"}] if n % 2 else [], "cast": cast}
    for n, cast in enumerate(
        [[{"character": "Anna"}], [], [{"character": "Bo"}], [{"character": "Anna"}, {"character": "Bo"}], []], 1
    )
]


@pytest.fixture
async def studio(empty: Studio) -> Studio:
    """A project with two characters, two scenes and five shots of three seconds: 1-3 in the first scene, 4-5 in the second."""
    await empty.ask(
        ("character.create", {"name": "Anna"}),
        ("character.create", {"name": "Bo"}),
        Asked(type="scene.add", args={"title": "One", "place": "street"}, name="one"),
        Asked(type="scene.add", args={"title": "Two", "place": "sea"}, name="two"),
        ("shot.bulk_add", {"shots": [{**shot, "scene": "$one" if n < 3 else "$two"} for n, shot in enumerate(SHOTS)]}),
    )
    return empty
