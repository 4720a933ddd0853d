"""Every call of a planning model is in the ledger and under the budgets, is paid once, and is never lost."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import Any

import pytest
import pytest_asyncio
from pydantic import SecretStr
from sqlalchemy import text as sql

from activities.sweep import sweep
from agent.planners import planners_of
from agent.types import Context
from storyreel.commits import LOCAL_OWNER
from storyreel.ledger import budget, money
from storyreel.ledger.statement import statement
from storyreel.ledger.till import Call, Said, Till
from storyreel.providers.prices import TEXT_RATES, text_rate
from storyreel.providers.text import chat_model, may_be_charged
from storyreel.runtime.settings import Settings
from tests.agent.conftest import Talker
from tests.agent.films import film
from tests.agent.test_gemini import NIGHT, ODD, gemini, settings_for
from tests.standins.gemini import Gemini

__all__ = ["gemini"]
# The stand-in takes 100 tokens in and 20 out.
PRICE = {"in": 1000.0, "out": 5000.0}
COST = 0.2
HELPED = "make shot 2 into a room full of mirrors"


@pytest_asyncio.fixture(loop_scope="session")
async def person(talker: Talker, gemini: Gemini) -> Talker:
    await film(talker)
    talker.use(planners_of(settings_for(gemini, text_prices=PRICE), talker.door.database))
    return talker


async def rows(person: Talker, query: str) -> list[tuple[Any, ...]]:
    async with person.door.database.connect() as conn:
        return [tuple(row) for row in await conn.execute(sql(query), {"ws": person.workspace_id})]


async def calls(person: Talker) -> list[tuple[Any, ...]]:
    return await rows(
        person,
        "select state::text, settled_usd::float8, facts ->> 'tokens_in', facts ->> 'tokens_out' from provider_job"
        " where workspace_id = :ws and capability = 'text' order by created_at",
    )


async def totals(person: Talker) -> tuple[float, float]:
    async with person.door.database.connect() as conn:
        found = await money.totals(conn, person.workspace_id)
        account = await budget.get(conn, person.workspace_id)
    assert (found.held_usd, found.spent_usd) == (account.reserved_usd, account.spent_usd)
    return float(found.held_usd), float(found.spent_usd)


async def limit(person: Talker, usd: float) -> None:
    async with person.door.database.begin() as conn:
        await budget.set_rule(conn, person.workspace_id, limit_usd=usd)


def till(person: Talker, lease_s: float = 30.0) -> Till:
    return Till(person.door.database, lambda provider, model: text_rate(provider, model, PRICE), lease_s=lease_s)


def call(person: Talker, key: str = "k") -> Call:
    return Call(person.workspace_id, person.conversation_id, key, "gemini", "m", 1000, 100, person="owner")


async def test_a_plan_costs_the_tokens_it_took_and_is_on_the_account_of_who_asked(person: Talker, gemini: Gemini) -> None:
    gemini.record(ODD, NIGHT)
    answer = await person.say(ODD)
    assert answer.answered_by == "gemini"
    assert await calls(person) == [("settled", COST, "100", "20")]
    ((owner, stage, who, entries, kept),) = await rows(
        person,
        "select owner_id, stage, person, (select array_agg(kind order by id) from money m where m.job_id = j.id),"
        " (select count(*) from made m where m.job_id = j.id) from provider_job j where workspace_id = :ws and capability = 'text'",
    )
    assert (owner, stage, who, entries, kept) == (answer.turn, "plan", LOCAL_OWNER.id, ["reserve", "settle"], 0)
    assert await totals(person) == (0, COST)
    async with person.door.database.connect() as conn:
        (line,) = (await statement(conn, person.workspace_id, "provider")).lines
    assert (line.name, line.calls, line.tokens_in, line.tokens_out, float(line.spent_usd)) == ("gemini", 1, 100, 20, COST)


async def test_a_mended_answer_is_two_calls(person: Talker, gemini: Gemini) -> None:
    gemini.record(ODD, {"actions": [{"type": "shot.paint", "args": {}}]}, NIGHT)
    assert (await person.say(ODD)).commit is not None
    assert await calls(person) == [("settled", COST, "100", "20")] * 2


async def test_a_plan_that_was_paid_is_not_paid_again_by_the_turn_that_goes_on_after_a_crash(
    person: Talker, gemini: Gemini
) -> None:
    """The process died after the ledger had the answer and before the turn's own state had it: the same step is taken again."""
    gemini.record(ODD, NIGHT)
    answer = await person.say(ODD)
    ((kept,),) = await rows(
        person, "select context from message where workspace_id = :ws and role = 'assistant' order by seq desc limit 1"
    )
    again = await person.agent.planners[1].plan(Context.model_validate({k: v for k, v in kept.items() if k != "looked"}))
    assert again.actions == answer.actions
    assert gemini.calls == 1
    assert await totals(person) == (0, COST)


async def test_a_call_whose_asker_died_is_charged_in_full_and_asked_again(person: Talker) -> None:
    async def dies() -> Said:
        raise SystemExit

    with pytest.raises(SystemExit):
        await till(person).paid(call(person), dies)
    assert await totals(person) == (1.5, 0)

    async def says() -> Said:
        return Said({"x": 1}, 100, 20)

    assert await till(person, lease_s=0.0).paid(call(person), says) == {"x": 1}
    assert [row[:2] for row in await calls(person)] == [("failed", 1.5), ("settled", COST)]
    assert await totals(person) == (0, 1.5 + COST)


async def test_the_sweep_closes_what_nobody_asks_for_again_and_leaves_what_is_being_answered(person: Talker) -> None:
    async def dies() -> Said:
        raise SystemExit

    with pytest.raises(SystemExit):
        await till(person).paid(call(person), dies)
    kits: Any = SimpleNamespace(database=person.door.database)
    assert await sweep(kits, person.workspace_id, older_than_s=0) == 0
    async with person.door.database.begin() as conn:
        await conn.execute(sql("update provider_job set updated_at = updated_at - interval '10 minutes'"))
    assert await sweep(kits, person.workspace_id, older_than_s=0) == 1
    assert await totals(person) == (0, 1.5)


async def test_two_who_ask_the_same_at_once_pay_once(person: Talker) -> None:
    asked = 0

    async def says() -> Said:
        nonlocal asked
        asked += 1
        await asyncio.sleep(0.1)
        return Said({"n": asked}, 100, 20)

    found = await asyncio.gather(*[till(person).paid(call(person), says) for _ in range(3)])
    assert found == [{"n": 1}] * 3
    assert await totals(person) == (0, COST)


async def test_over_budget_the_rules_answer_alone_and_say_so(person: Talker, gemini: Gemini) -> None:
    await limit(person, 0.01)
    answer = await person.say(HELPED)
    assert (answer.answered_by, gemini.calls) == ("rules", 0)
    assert answer.commit is not None
    assert "The model was not asked, as the budget does not cover it" in answer.message
    said = (await person.say("给我来点说不清道不明的感觉吧呀")).message
    assert "预算不够问模型了" in said
    assert await calls(person) == []


async def test_what_a_call_is_sure_to_cost_at_most_is_held_while_it_is_asked(person: Talker, gemini: Gemini) -> None:
    gemini.record(ODD, NIGHT)
    gemini.delay_s = 0.3
    turn = asyncio.create_task(person.say(ODD))
    while not gemini.calls:
        await asyncio.sleep(0.01)
    held, _ = await totals(person)
    assert held > 32_768 * PRICE["out"] / 1e6
    await turn
    assert gemini.asked[0]["body"]["generationConfig"]["maxOutputTokens"] == 32_768


async def test_a_price_that_is_not_known_is_said_and_not_guessed(person: Talker, gemini: Gemini) -> None:
    person.use(planners_of(settings_for(gemini), person.door.database))
    gemini.record(ODD, NIGHT, NIGHT)
    assert (await person.say(ODD)).answered_by == "gemini"
    assert await calls(person) == [("settled", 0, "100", "20")]
    assert await totals(person) == (0, 0)
    said = (await person.say("How much have we spent?")).message
    assert "1 calls of a model whose price is not known" in said
    # Where nothing at all is left, what costs nobody knows how much is not asked either.
    await limit(person, 0)
    assert "does not cover it" in (await person.say(ODD)).message
    assert gemini.calls == 1


@pytest.mark.parametrize(
    ("reply", "spent"),
    [
        ({"finish": "SAFETY"}, COST),
        ({"status": 429, "retry": "30s"}, 0),
        ({"status": 503, "name": "UNAVAILABLE"}, 0),
        ({"status": 401, "name": "UNAUTHENTICATED"}, 0),
    ],
)
async def test_a_call_that_fails_costs_what_the_vendor_charged(
    person: Talker, gemini: Gemini, reply: dict[str, Any], spent: float
) -> None:
    gemini.record(ODD, reply)
    await person.say(ODD)
    assert await totals(person) == (0, spent)


async def test_a_message_that_is_blocked_costs_what_was_read_and_says_that_this_is_reckoned(
    person: Talker, gemini: Gemini
) -> None:
    gemini.record(ODD, {"blocked": "PROHIBITED_CONTENT"})
    await person.say(ODD)
    ((state, spent, tokens_in, tokens_out),) = await calls(person)
    assert (state, tokens_out) == ("settled", "0")
    assert spent == pytest.approx(int(tokens_in) * PRICE["in"] / 1e6)
    assert await rows(person, "select facts ->> 'estimated' from provider_job where workspace_id = :ws") == [("true",)]


async def test_an_answer_that_never_came_is_taken_as_charged_and_one_that_was_never_sent_is_not(gemini: Gemini) -> None:
    gemini.delay_s = 5
    slow = chat_model(settings_for(gemini), timeout_s=0.2)
    nowhere = chat_model(Settings(google_api_key=SecretStr("k"), gemini_base_url="http://127.0.0.1:9"), timeout_s=2)
    for model, charged in ((slow, True), (nowhere, False)):
        with pytest.raises(Exception) as failed:  # noqa: PT011 - the vendor's own
            await model.ainvoke("hello")
        assert may_be_charged(failed.value) is charged, repr(failed.value)


def test_every_price_of_a_text_model_says_where_it_is_from_and_when_it_was_seen() -> None:
    assert all(one.source and one.verified_on and one.in_usd > 0 and one.out_usd > 0 for one in TEXT_RATES)
    assert text_rate("gemini", "no-such-model", {}) is None
