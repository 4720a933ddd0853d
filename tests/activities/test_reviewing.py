"""A model's opinion of a shot is paid once, by its tokens, under the budgets; where it cannot be had the shot does without."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from pydantic import SecretStr
from sqlalchemy import text

from activities.reviewing import PaidReviewer
from storyreel.ledger import budget
from storyreel.ledger.till import Till
from storyreel.pipeline.contract import RunOrder, StageOrder
from storyreel.providers.prices import text_rate
from storyreel.providers.reviewer import reviewer_in
from storyreel.runtime.settings import Settings
from tests.activities.conftest import Bench
from tests.standins.gemini import Gemini

ASKED = "A woman lights the lamp"
SAID = {"as_asked": 1.0, "people": 1.0, "well_made": 0.5, "reasons": []}
# The stand-in takes 100 tokens in and 20 out.
PRICE = {"in": 1000.0, "out": 5000.0}


@pytest.fixture
async def gemini() -> AsyncIterator[Gemini]:
    async with Gemini().serving() as serving:
        yield serving


@pytest.fixture
async def order(bench: Bench) -> RunOrder:
    await bench.studio.do(("gen.video", {"shots": "1"}))
    (found,) = await bench.claim()
    return found


def paid(bench: Bench, order: RunOrder, gemini: Gemini) -> PaidReviewer:
    found = reviewer_in(Settings(provider_text="gemini", google_api_key=SecretStr("k"), gemini_base_url=gemini.url))
    assert found is not None
    till = Till(bench.studio.door.database, lambda provider, model: text_rate(provider, model, PRICE))
    given = order.model_dump(include={"workspace_id", "task_id", "kind", "owner_id", "run", "trace"})
    return PaidReviewer(found, till, StageOrder(**given, stage="check"))


async def calls(bench: Bench) -> list[tuple[object, ...]]:
    query = "select stage, capability, state::text, settled_usd::float8, person from provider_job where capability = 'text'"
    async with bench.studio.door.database.connect() as conn:
        return [tuple(row) for row in await conn.execute(text(query))]


async def test_an_opinion_is_paid_once_by_its_tokens_for_who_asked_for_the_shot(
    bench: Bench, order: RunOrder, gemini: Gemini
) -> None:
    gemini.record(ASKED, SAID)
    reviewer = paid(bench, order, gemini)
    first = await reviewer.opinion(ASKED, [b"one", b"two"], "en")
    assert first is not None
    assert first.score == pytest.approx(0.875)
    assert await reviewer.opinion(ASKED, [b"one", b"two"], "en") == first
    assert gemini.calls == 1
    (call,) = await calls(bench)
    assert call[:4] == ("check", "text", "settled", pytest.approx(0.2))
    assert call[4], "on somebody's account"


async def test_a_budget_that_does_not_cover_it_and_a_vendor_that_is_busy_leave_no_opinion(
    bench: Bench, order: RunOrder, gemini: Gemini
) -> None:
    gemini.record(ASKED, {"status": 429, "retry": "30s"})
    reviewer = paid(bench, order, gemini)
    assert await reviewer.opinion(ASKED, [b"one"], "en") is None
    async with bench.studio.door.database.begin() as conn:
        await budget.set_rule(conn, order.workspace_id, limit_usd=0.01)
    assert await reviewer.opinion(ASKED, [b"two"], "en") is None
    assert gemini.calls == 1, "nothing is sent that is not covered"
