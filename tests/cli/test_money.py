"""`storyreel money`, and a price that is told line by line."""

from __future__ import annotations

import csv
import io
from collections.abc import AsyncIterator
from uuid import UUID, uuid4

import pytest

from storyreel.ledger import budget, jobs
from storyreel.ledger.jobs import Job, Wish
from storyreel.runtime.database import Database, open_database
from tests.cli.conftest import Shell
from tests.fixtures_services import Addresses


@pytest.fixture
async def ledger(database: Addresses) -> AsyncIterator[Database]:
    opened = open_database(database.app)
    yield opened
    await opened.close()


async def bought(ledger: Database, workspace: UUID) -> None:
    async with ledger.begin() as conn:
        await budget.set_rule(conn, workspace, limit_usd=20, ask_usd=15)
        await budget.set_rule(conn, workspace, person="anna", period="month", limit_usd=5)
        for n, (stage, held, cost) in enumerate(
            [("video", 2.4, 2.4), ("video", 1.2, None), ("voice", 0.0341, 0.0341), ("plan", 0.2, 0.0213)]
        ):
            wish = Wish(
                workspace, uuid4(), f"k{n}", stage, "text" if stage == "plan" else "video", "veo", cost_usd=held, person="anna"
            )
            job = await jobs.reserve(conn, wish, sending=True)
            assert isinstance(job, Job)
            if cost is not None:
                facts = {"tokens_in": 12_345, "tokens_out": 678} if stage == "plan" else {}
                await jobs.answered(conn, job, facts, cost_usd=cost)


async def test_what_was_spent_is_shown_as_a_table_as_csv_and_in_chinese(shell: Shell, ledger: Database) -> None:
    made = await shell.done("chat", "Make a 20 second film about a lighthouse keeper", "--json")
    await bought(ledger, UUID(made["workspace"]))
    shown = await shell("money")
    assert shown.code == 0, shown.err
    assert [line.split()[0] for line in shown.out.splitlines()[:5]] == ["stage", "video", "voice", "plan", "total"]
    assert "12,345 + 678 tokens" in shown.out
    assert "The budget: $3.66 used of $20.00, $16.34 left; asks above $15.00" in shown.out
    assert "anna's monthly budget: $3.66 used of $5.00, $1.34 left" in shown.out
    table = await shell("money", "--by", "provider", "--csv")
    (line,) = csv.DictReader(io.StringIO(table.out))
    assert (line["provider"], line["calls"], line["spent_usd"], line["held_usd"]) == ("veo", "4", "2.455400", "1.200000")
    zh = await shell("money", "--by", "person", LANG="zh_CN.UTF-8")
    assert "预算：已用 $3.66 / $20.00，还剩 $16.34；超过 $15.00 先问" in zh.out
    chart = await shell.done("money", "--chart", "--by", "stage")
    assert sum(sum(one["usd"]) for one in chart["series"]) == pytest.approx(3.6554)
    assert (await shell("money", "--by", "moon")).code != 0
