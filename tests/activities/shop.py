"""A shop: a project in a real database, a vendor that misbehaves on command, and kits that buy there."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from activities.paid import PaidProviders, Terms
from storyreel.ledger import budget, jobs
from storyreel.ledger.jobs import Wish
from storyreel.pipeline.ports import VoiceRequest
from storyreel.pipeline.stage import call_key
from storyreel.providers.registry import Registry
from storyreel.runtime.settings import Settings
from tests.standins.project import a_project
from tests.standins.vendor import Vendor

LINE = VoiceRequest(text="Nobody had lit it for years.", language="en")
COST = 0.028  # at a dollar a thousand characters


def quiet(_):
    return None


class Shop:
    """A project, a vendor, and kits that buy there; each kit is one attempt of one process."""

    def __init__(self, project, vendor, store, tmp_path):
        self.project, self.vendor, self.store, self.tmp_path = project, vendor, store, tmp_path
        self.registries = []

    def attempt(self, settings=None, **more) -> PaidProviders:
        prices = dict.fromkeys(("image", "video", "voice", "music"), 1.0)
        registry = Registry(
            Settings(
                **{
                    "provider_voice": "remote",
                    "provider_video": "remote",
                    "remote_provider_url": self.vendor.url,
                    "remote_provider_prices": prices,
                    **(settings or {}),
                }
            )
        )
        self.registries.append(registry)
        for capability in ("voice", "video"):
            registry.get(capability)._longest_pause_s = 0.02
        terms = Terms(self.project.workspace, self.project.shots[0], "voice", **{"lease_s": 0.3, **more})
        return PaidProviders(self.project.db, self.store, registry, terms, self.tmp_path, quiet)

    def wish(self) -> Wish:
        return Wish(
            self.project.workspace,
            self.project.shots[0],
            call_key("voice", "", LINE, 0),
            "voice",
            "voice",
            "remote",
            request=LINE.model_dump(mode="json"),
            cost_usd=COST,
        )

    async def died(self, state):
        """What a process leaves behind that died in a state of the job."""
        async with self.project.db.begin() as conn:
            job = await jobs.reserve(conn, self.wish(), sending=state != "reserved")
            if state == "submitted":
                handle = await self.attempt().registry.get("voice").submit(LINE, job.vendor_key)
                await jobs.submitted(conn, job, handle)
        return job

    async def old(self):
        """Let a while pass since the jobs last moved."""
        async with self.project.db.begin() as conn:
            await conn.execute(text("update provider_job set updated_at = updated_at - interval '1 minute'"))

    async def rows(self):
        async with self.project.db.begin() as conn:
            found = await conn.execute(
                text("select state::text, reserved_usd, settled_usd, error from provider_job order by created_at, id")
            )
            return [tuple(one) for one in found]

    async def states(self):
        return [row[0] for row in await self.rows()]

    async def money(self):
        async with self.project.db.begin() as conn:
            now = await budget.get(conn, self.project.workspace)
            return float(now.reserved_usd), float(now.spent_usd)


@pytest.fixture
async def shop(db, store, tmp_path):
    async with Vendor().serving() as vendor:
        shop = Shop(await a_project(db), vendor, store, tmp_path)
        yield shop
        for registry in shop.registries:
            await registry.close()
