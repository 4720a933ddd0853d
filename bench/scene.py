"""What the measurements of the pipeline stand on: a real, durable PostgreSQL and a real Temporal, and providers that cost no time."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import AsyncGenerator, Iterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import text
from temporalio.client import Client

from activities.kit import KitMaker
from activities.work import Work
from storyreel.actions.base import Asked, Envelope
from storyreel.assets import FolderStore
from storyreel.commits import LOCAL_OWNER, Bell, Door, Outcome, approve, perform
from storyreel.desk import connect, ensure_search_attributes
from storyreel.embedded.supervisor import Running, migrate, nothing, stack
from storyreel.ledger.quote import pricer
from storyreel.model.digest import digest
from storyreel.pipeline.contract import QUEUES
from storyreel.pipeline.ports import Capability, Generated, Inputs, Price, Progress, Request
from storyreel.providers.registry import Registry
from storyreel.runtime import telemetry
from storyreel.runtime.database import Database, listen, open_database
from storyreel.runtime.settings import Settings, load
from tests.activities.instant import Tools
from worker import serving

PATIENCE_S = 300
MEDIA_TYPES: dict[Capability, str] = {"image": "image/png", "video": "video/mp4", "voice": "audio/wav", "music": "audio/wav"}


@dataclass
class Instant:
    """A provider that has made everything before it is asked; the ledger treats it as it treats any in this process."""

    capability: Capability
    id: str = "instant"
    model: str = ""
    local: bool = True

    def price(self, request: Request) -> Price:
        return Price(0.0, "free", 0.01)

    async def submit(self, request: Request, key: str) -> str:
        return key

    async def wait(self, handle: str, request: Request, inputs: Inputs, progress: Progress) -> Generated:
        return Generated(digest([handle]).encode(), MEDIA_TYPES[self.capability], self.id, "instant-1")

    async def cancel(self, handle: str) -> None: ...

    async def find(self, key: str) -> str | None:
        return None


class InstantRegistry(Registry):
    """Instant providers for everything."""

    def get(self, capability: Capability, pinned: str = "") -> Any:
        return Instant(capability)


@dataclass
class Scene:
    """The servers, a door, and a client."""

    running: Running
    database: Database
    door: Door
    client: Client
    folder: Path
    dsn: str
    workspaces: list[UUID] = field(default_factory=list)

    @property
    def kits(self) -> KitMaker:
        settings = load(home=self.folder)
        return KitMaker(
            self.database, FolderStore(self.folder / "assets"), InstantRegistry(settings), Tools(), self.folder / "scratch"
        )

    @asynccontextmanager
    async def working(self) -> AsyncGenerator[None]:
        async with serving(Work(self.door, self.client, self.kits), self.dsn, QUEUES, dict.fromkeys(QUEUES, 50)):
            yield

    async def film(self, shots: int, concurrency: int = 20) -> UUID:
        """A project with so many shots, nothing rendered."""
        workspace = uuid4()
        await self.ask(workspace, ("project.create", {"name": "Bench", "fps": 24}))
        scene = Asked(type="scene.add", args={"title": "One", "place": "street"}, name="one")
        for at in range(0, shots, 500):
            board = [{"scene": "$one" if not at else "1", **shot(number)} for number in range(at, min(at + 500, shots))]
            first: Sequence[Any] = () if at else (scene, ("task.set_concurrency", {"concurrency": concurrency}))
            await self.ask(workspace, *first, ("shot.bulk_add", {"shots": board}))
        return workspace

    async def ask(self, workspace: UUID, *actions: Any) -> Outcome:
        """Ask, and say yes."""
        asked = tuple(one if isinstance(one, Asked) else Asked(type=one[0], args=one[1]) for one in actions)
        outcome = await perform(self.door, workspace, Envelope(request_id=uuid4(), actions=asked), LOCAL_OWNER)
        if outcome.proposal:
            outcome = await approve(self.door, workspace, outcome.proposal.id, LOCAL_OWNER)
        return outcome

    async def over(self, workspace: UUID) -> None:
        """Wait until every task has ended well; looked at with each bell."""
        count = (
            "select count(*) filter (where finished_at is null) as open, count(*) filter (where state in ('failed', 'manual_review'))"
            " as bad from task where workspace_id = :ws"
        )
        async with asyncio.timeout(PATIENCE_S):
            bells = listen(self.dsn, "storyreel_bell")
            async for _ in bells:
                found = (await self.rows(count, ws=workspace))[0]
                assert not found["bad"], "a render failed"
                if not found["open"]:
                    break
            await bells.aclose()

    async def rows(self, sql: str, **values: Any) -> list[dict[str, Any]]:
        async with self.database.connect() as conn:
            return [dict(row) for row in (await conn.execute(text(sql), values)).mappings()]

    async def commits(self) -> int:
        """Transactions that the database has committed so far; its counters come a moment late, so they are asked to hurry."""
        found = await self.rows(
            "select pg_stat_force_next_flush()::text as f, pg_stat_get_db_xact_commit(d.oid) as n from pg_database d"
            " where datname = current_database()"
        )
        return int(found[0]["n"])


def shot(number: int) -> dict[str, Any]:
    lines = [{"text": f"Line {number}"}] if number % 2 else []
    return {"duration_s": 3, "picture": {"subject": f"a lighthouse, view {number}"}, "lines": lines}


@contextmanager
def home() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="storyreel-bench-") as folder:
        yield Path(folder)


def settings_of(folder: Path) -> Settings:
    return load(home=folder, temporal_headless=True)


@asynccontextmanager
async def scene() -> AsyncGenerator[Scene]:
    """Servers that are up, with durable commits."""
    telemetry.configure(load(log_level="error"), "bench")
    async with AsyncExitStack() as held:
        folder = held.enter_context(home())
        running = await held.enter_async_context(stack(settings_of(folder), children=nothing, upgrade=migrate))
        dsn = running.endpoints.app_database_url
        database = open_database(dsn, pool_size=40)
        held.push_async_callback(database.close)
        client = await connect(load(home=folder, temporal_address=running.endpoints.temporal_address))
        await ensure_search_attributes(client)
        door = Door(database=database, bell=Bell(database), price=pricer(InstantRegistry(load(home=folder))))
        held.push_async_callback(door.close)
        yield Scene(running, database, door, client, folder, dsn)
