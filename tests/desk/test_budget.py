"""Fifty at once against a budget for twenty, through the whole path: exactly twenty are made, the others ask, to the cent."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from temporalio.client import Client

from activities.kit import KitMaker
from activities.work import Work
from storyreel.assets import FolderStore
from storyreel.commits import Actor, Door
from storyreel.ledger import budget, money, tasks
from storyreel.ledger.budget import OverBudget
from storyreel.ledger.quote import pricer
from storyreel.ledger.statement import statement
from storyreel.model.errors import Unavailable
from storyreel.model.facts import TaskFacts
from storyreel.pipeline.contract import QUEUES
from storyreel.providers.registry import Registry
from storyreel.runtime.settings import Settings
from tests.activities.instant import Tools
from tests.commits.conftest import Studio
from tests.desk.conftest import Set
from tests.fixtures_services import Addresses
from tests.standins.vendor import Vendor
from worker import serving

MANY, FIT = 50, 20
LATE, LATE_FIT = 20, 8
# A picture and a second of video.
PICTURE_USD, CLIP_USD = Decimal("0.11"), Decimal("0.37")
SHOT_USD = PICTURE_USD + CLIP_USD


@dataclass
class Shop:
    """A studio of fifty shots whose pictures and clips are bought from a counting vendor, through the real ledger."""

    studio: Studio
    vendor: Vendor
    kits: KitMaker
    client: Client
    dsn: str

    @asynccontextmanager
    async def working(self) -> AsyncIterator[None]:
        async with serving(Work(door=self.studio.door, client=self.client, kits=self.kits), self.dsn, QUEUES, {}):
            yield

    async def over(self, wanted: int) -> list[TaskFacts]:
        seen = Set(self.studio, self.client, None, self.dsn)  # type: ignore[arg-type]
        return await seen.until(lambda found: sum(one.finished_at is not None for one in found) >= wanted)

    async def spent(self) -> tuple[Decimal, Decimal]:
        """What is held and what was spent, by the account and by its entries."""
        async with self.studio.door.database.connect() as conn:
            account = await budget.get(conn, self.studio.workspace_id)
            entries = await money.totals(conn, self.studio.workspace_id)
            by_shot = await statement(conn, self.studio.workspace_id, "shot")
        assert (account.reserved_usd, account.spent_usd) == (entries.held_usd, entries.spent_usd)
        assert sum(line.spent_usd for line in by_shot.lines) == entries.spent_usd
        return account.reserved_usd, account.spent_usd

    async def counted(self) -> list[TaskFacts]:
        async with self.studio.door.database.connect() as conn:
            return await tasks.facts(conn, self.studio.workspace_id, limit=200)


@pytest.fixture
async def shop(door: Door, empty: Studio, client: Client, database: Addresses, tmp_path: Path) -> AsyncIterator[Shop]:
    async with Vendor().serving() as vendor:
        prices: Any = {"image": float(PICTURE_USD), "video": float(CLIP_USD)}
        registry = Registry(
            Settings(
                provider_image="remote",
                provider_video="remote",
                remote_provider_url=vendor.url,
                remote_provider_prices=prices,
                home=tmp_path,
            )
        )
        kits = KitMaker(door.database, FolderStore(tmp_path / "assets"), registry, Tools(), tmp_path / "scratch")  # type: ignore[arg-type]
        dear = replace(door, price=pricer(registry), threshold_usd=1000.0)
        studio = Studio(dear, empty.workspace_id)
        await studio.do(("project.set_config", {"grid_rows": 1, "grid_cols": 1, "resolution": "360p"}))
        shots = [{"duration_s": 1, "picture": {"subject": f"shot {n}"}} for n in range(1, MANY + 1)]
        await studio.do(("scene.add", {}), ("shot.bulk_add", {"shots": shots}))
        await studio.do(("task.set_concurrency", {"concurrency": MANY}))
        yield Shop(studio, vendor, kits, client, database.app)
        await registry.close()


def codes(found: list[TaskFacts]) -> Counter[str]:
    return Counter((one.error or {}).get("code", one.state) for one in found)


async def test_of_fifty_who_ask_at_once_twenty_are_promised_and_made_and_the_others_are_told_what_to_do(shop: Shop) -> None:
    async def ask(n: int) -> OverBudget | None:
        request = uuid4()
        while True:
            try:
                await shop.studio.ask(("gen.video", {"shots": str(n)}), actor=Actor(id=f"person-{n}"), request_id=request)
            except OverBudget as refused:
                return refused
            except Unavailable:
                # Fifty on ten connections of a busy machine: whoever is told to try again does.
                continue
            return None

    await shop.studio.ask(("budget.set", {"limit_usd": float(FIT * SHOT_USD)}))
    async with shop.working():
        said = [one for one in await asyncio.gather(*[ask(n) for n in range(1, MANY + 1)]) if one]
        found = await shop.over(FIT)
    assert len(said) == MANY - FIT
    assert all("Raise the limit or ask for less" in one.detail for one in said)
    assert codes(found) == {"succeeded": FIT}
    assert await shop.spent() == (0, FIT * SHOT_USD)
    assert shop.vendor.counts["submit"] == 2 * FIT


async def test_one_wish_for_fifty_says_how_many_of_them_fit(shop: Shop) -> None:
    await shop.studio.ask(("budget.set", {"limit_usd": float(FIT * SHOT_USD)}))
    with pytest.raises(OverBudget, match=r"costs \$24.00 and \$9.60 of the budget is left; the first 20 of the 50 renders fit"):
        await shop.studio.ask(("gen.video", {"shots": "all"}))
    asked = await shop.studio.ask(("gen.video", {"shots": "all"}), mode="propose")
    assert asked.proposal is not None
    (why,) = [one.facts for one in asked.proposal.reasons if one.code == "ask.partly"]
    assert (why["fits"], why["of"], why["left_usd"]) == (FIT, MANY, float(FIT * SHOT_USD))
    basis = [(one.stage, one.provider, one.calls, one.units, one.cost_usd) for one in asked.proposal.quote.basis]
    assert basis == [("grid", "remote", 50, 50, 5.5), ("video", "remote", 50, 50, 18.5)]
    assert (await shop.studio.do(("gen.video", {"shots": f"1-{FIT}"}))).commit is not None


async def test_where_the_limit_comes_after_the_wish_those_that_fit_are_made_and_the_rest_waits_for_a_person(shop: Shop) -> None:
    """Each shot buys a picture and a clip: no picture is bought for a shot whose clip could not be."""
    await shop.studio.do(("gen.video", {"shots": f"1-{LATE}"}))
    await shop.studio.ask(("budget.set", {"limit_usd": float(LATE_FIT * SHOT_USD)}))
    async with shop.working():
        found = await shop.over(LATE)
        assert codes(found) == {"succeeded": LATE_FIT, "over-budget": LATE - LATE_FIT}
        waiting = [one for one in found if one.state == "manual_review"]
        assert len(waiting) == LATE - LATE_FIT
        assert all("raise the limit or ask for less" in str((one.error or {})["detail"]) for one in waiting)
        assert await shop.spent() == (0, LATE_FIT * SHOT_USD)
        assert shop.vendor.counts["submit"] == 2 * LATE_FIT
        # What is tried again is held to the limit too, and once that is raised all of it is made.
        with pytest.raises(OverBudget, match=f"the first 0 of the {LATE - LATE_FIT}"):
            await shop.studio.ask(("task.retry", {}))
        await shop.studio.ask(("budget.set", {"limit_usd": float(LATE * SHOT_USD)}))
        await shop.studio.do(("task.retry", {}))
        await Set(shop.studio, shop.client, None, shop.dsn).until(  # type: ignore[arg-type]
            lambda found: Counter(one.state for one in found) == {"succeeded": LATE}
        )
    assert await shop.spent() == (0, LATE * SHOT_USD)
    assert shop.vendor.counts["submit"] == 2 * LATE
