"""Statements over HTTP: as a table, as CSV and as series by day; their totals are the ledger's to the cent."""

from __future__ import annotations

import csv
import io
import random
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text

from storyreel.ledger import budget, jobs, money
from storyreel.ledger.jobs import Job, Wish
from storyreel.ledger.statement import GROUPS, statement
from storyreel.runtime.database import Database, open_database
from tests.api.conftest import Caller
from tests.fixtures_services import Addresses

STAGES = ("grid", "video", "voice")


@pytest.fixture
async def ledger(database: Addresses) -> AsyncIterator[Database]:
    opened = open_database(database.app)
    yield opened
    await opened.close()


@pytest.fixture
async def shots(caller: Caller) -> list[UUID]:
    return [UUID(shot["id"]) for scene in (await caller.outline())["scenes"] for shot in scene["shots"]]


async def spend(ledger: Database, workspace: UUID, shots: list[UUID], seed: int = 7, calls: int = 40) -> None:
    """Calls of every kind and end, over three days."""
    chance = random.Random(seed)
    for n in range(calls):
        async with ledger.begin() as conn:
            wish = Wish(
                workspace, chance.choice([*shots, uuid4()]), f"k{n}", chance.choice(STAGES), "video", chance.choice(["veo", "runway"]),
                cost_usd=chance.randrange(0, 300) / 100, person=chance.choice(["ann", "bo"]), month=chance.choice(["2026-10", "2026-11"]),
            )  # fmt: skip
            job = await jobs.reserve(conn, wish, sending=True)
            assert isinstance(job, Job)
            end = chance.choice(["open", "answered", "failed", "cancelled"])
            if end == "answered":
                await jobs.answered(conn, job, {}, cost_usd=chance.randrange(0, 400) / 100)
            elif end == "failed":
                await jobs.failed(conn, job, {}, charged_usd=chance.choice([0.0, 0.37]))
            elif end == "cancelled":
                await jobs.cancelled(conn, job, {})
    async with ledger.begin() as conn:
        # An entry is never changed by anyone but a test that needs other days.
        await conn.execute(text("alter table money disable trigger money_entry"))
        await conn.execute(text("update money set at = at - (abs(hashtext(job_id::text)) % 3) * interval '1 day'"))
        await conn.execute(text("alter table money enable trigger money_entry"))


async def table(caller: Caller, **params: Any) -> dict[str, Any]:
    found: dict[str, Any] = await caller.get("@/statement", **params)
    return found


async def test_every_grouping_adds_up_to_the_ledger_to_the_cent(
    caller: Caller, shots: list[UUID], owner: Database, ledger: Database
) -> None:
    await spend(owner, UUID(caller.workspace), shots)
    async with ledger.connect() as conn:
        whole = await money.totals(conn, UUID(caller.workspace))
        account = await budget.get(conn, UUID(caller.workspace))
    assert (whole.held_usd, whole.spent_usd) == (account.reserved_usd, account.spent_usd) > (0, 0)
    for by in GROUPS:
        found = await table(caller, by=by)
        for lines in (found["lines"], [found["total"]]):
            assert sum(Decimal(str(line["spent_usd"])) for line in lines) == whole.spent_usd, by
            assert sum(Decimal(str(line["held_usd"])) for line in lines) == whole.held_usd, by


async def test_days_add_up_to_the_whole_and_a_time_has_what_is_in_it(caller: Caller, shots: list[UUID], owner: Database) -> None:
    await spend(owner, UUID(caller.workspace), shots)
    whole = await table(caller, by="day")
    today = datetime.now(UTC).date()
    days = [
        (await table(caller, **{"from": str(day), "to": str(day)}))["total"]
        for day in (today - timedelta(days=n) for n in range(4))
    ]
    assert sum(Decimal(str(day["spent_usd"])) for day in days) == Decimal(str(whole["total"]["spent_usd"]))
    assert [line["key"] for line in whole["lines"]] == sorted(line["key"] for line in whole["lines"])
    assert sum(day["calls"] for day in days) == whole["total"]["calls"] == sum(line["calls"] for line in whole["lines"])


async def test_shots_are_named_by_their_numbers(caller: Caller, shots: list[UUID], ledger: Database) -> None:
    async with ledger.begin() as conn:
        await jobs.reserve(conn, Wish(UUID(caller.workspace), shots[1], "k", "video", "video", "veo", cost_usd=2))
    found = await table(caller, by="shot")
    assert [(line["name"], line["held_usd"]) for line in found["lines"]] == [("shot 2", 2)]


async def test_csv_is_the_table_and_no_cell_of_it_is_a_formula(caller: Caller, ledger: Database) -> None:
    async with ledger.begin() as conn:
        await jobs.reserve(conn, Wish(UUID(caller.workspace), uuid4(), "k", "=cmd()", "video", "veo", cost_usd=1.25))
    answer = await caller.http.get(f"{caller.at}/statement", params={"by": "stage", "format": "csv"})
    assert answer.headers["content-type"].startswith("text/csv")
    assert 'filename="statement-by-stage.csv"' in answer.headers["content-disposition"]
    (line,) = csv.DictReader(io.StringIO(answer.text))
    assert (line["stage"], line["held_usd"], line["spent_usd"]) == ("'=cmd()", "1.250000", "0.000000")


async def test_a_chart_has_a_value_a_day_for_each_series_and_what_it_came_to(
    caller: Caller, shots: list[UUID], owner: Database
) -> None:
    await spend(owner, UUID(caller.workspace), shots)
    chart = await caller.get("@/statement", by="provider", format="chart")
    total = (await table(caller))["total"]
    assert {one["name"] for one in chart["series"]} == {"veo", "runway"}
    assert all(len(one["usd"]) == len(chart["days"]) for one in chart["series"])
    assert chart["so_far_usd"][-1] == pytest.approx(total["spent_usd"] + total["held_usd"])


async def test_many_groups_of_a_chart_are_a_dozen_and_the_rest(caller: Caller, ledger: Database) -> None:
    async with ledger.begin() as conn:
        for n in range(15):
            await jobs.reserve(conn, Wish(UUID(caller.workspace), uuid4(), f"k{n}", f"s{n}", "video", "veo", cost_usd=n + 1))
    chart = await caller.get("@/statement", by="stage", format="chart")
    assert [one["name"] for one in chart["series"]][-1] == "other"
    assert len(chart["series"]) == 13
    assert sum(one["usd"][0] for one in chart["series"]) == sum(range(1, 16)) == chart["so_far_usd"][-1]


async def test_the_statement_says_how_the_budgets_stand(caller: Caller) -> None:
    await caller.act({"type": "budget.set", "args": {"limit_usd": 20, "ask_usd": 10}})
    found = await table(caller)
    assert found["lines"] == []
    assert found["budgets"] == [
        {
            "person": "",
            "period": "always",
            "limit_usd": 20,
            "ask_usd": 10,
            "spent_usd": 0,
            "held_usd": 0,
            "promised_usd": 0,
            "left_usd": 20,
        }
    ]


async def test_nothing_spent_is_an_empty_statement_in_every_shape(caller: Caller) -> None:
    assert (await table(caller))["total"]["spent_usd"] == 0
    assert (await caller.get("@/statement", format="chart"))["series"] == []
    assert (await caller.http.get(f"{caller.at}/statement", params={"format": "csv"})).text.count("\r\n") == 1


@pytest.mark.parametrize(
    "query", [{"by": "moon"}, {"from": "yesterday"}, {"from": "2026-11-02", "to": "2026-11-01"}, {"format": "pdf"}]
)
async def test_a_wrong_question_is_refused(caller: Caller, query: dict[str, str]) -> None:
    await caller.get("@/statement", 422, **query)


async def test_another_projects_money_is_not_in_it(caller: Caller, ledger: Database) -> None:
    async with ledger.begin() as conn:
        await conn.execute(text("insert into workspace (id, name) values (:id, 'other')"), {"id": (other := uuid4())})
        await jobs.reserve(conn, Wish(other, uuid4(), "k", "video", "video", "veo", cost_usd=2))
        assert (await statement(conn, UUID(caller.workspace))).total.calls == 0
    assert (await table(caller))["total"]["calls"] == 0


@pytest.fixture
async def owner(database: Addresses) -> AsyncIterator[Database]:
    """The database as its owner, who may say that entries are of other days."""
    opened = open_database(database.owner)
    yield opened
    await opened.close()
