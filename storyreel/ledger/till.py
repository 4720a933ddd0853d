"""Where calls of text models are paid: in the same ledger and under the same budgets as everything else.

Before a call its dearest price is held; once it is answered it costs the tokens that it took. The answer is kept with the call, so that
whoever is asked for it again under the same key, after a crash say, is given it and pays nothing. A call whose asker died before the
answer came cannot be looked up anywhere, so it is taken as charged in full: by the next who wants the same, or by the sweep.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from storyreel.ledger import budget, jobs
from storyreel.ledger.budget import OverBudget, named
from storyreel.ledger.jobs import Delivered, Job, Wish
from storyreel.providers.prices import TextRate
from storyreel.providers.text import TIMEOUT_S, may_be_charged
from storyreel.runtime.database import Database

# A call that is open for longer than this has lost its asker.
LEASE_S = TIMEOUT_S + 5
LOOK_AGAIN_S = 0.25
# A token is rarely fewer than two bytes, in any language.
BYTES_A_TOKEN = 2


@dataclass(frozen=True, slots=True)
class Call:
    """A call of a text model. `owner_id` is what it is for, a turn or a shot; `person` whose budget pays it.

    `key` is the same for the same question. `tokens_in` and `tokens_out` are the most that it can take; `about` is kept with it.
    """

    workspace_id: UUID
    owner_id: UUID
    key: str
    provider: str
    model: str
    tokens_in: int
    tokens_out: int
    person: str = ""
    stage: str = "plan"
    task_id: UUID | None = None
    about: Mapping[str, Any] = field(default_factory=dict[str, Any])


@dataclass(frozen=True, slots=True)
class Said:
    """What a model said, as plain data, and the tokens that it took; None where the vendor does not say."""

    reply: Mapping[str, Any]
    tokens_in: int | None = None
    tokens_out: int | None = None


@dataclass(frozen=True)
class Till:
    """Pays calls at the known rate of a model; without one a call costs something that is not known, which its entry says.

    Then nothing can be held for it; it is made only while every budget that it would come out of has something left.
    """

    database: Database
    rate: Callable[[str, str], TextRate | None]
    lease_s: float = LEASE_S

    async def paid(self, call: Call, send: Callable[[], Awaitable[Said]]) -> Mapping[str, Any]:
        """What the model says to this, from the ledger or by `send`.

        Raises:
            OverBudget: a budget does not cover it; nothing was sent.
            Exception: whatever `send` raises; the call is closed with what it surely or probably cost.
        """
        rate = self.rate(call.provider, call.model)
        while True:
            found = await self._take(call, rate)
            if not isinstance(found, Job):
                return found
            if found.mine:
                return await self._ask(found, call, rate, send)
            if found.age_s > self.lease_s:
                async with self.database.begin() as conn:
                    await jobs.lost(conn, found)
                continue
            await asyncio.sleep(LOOK_AGAIN_S)

    async def _take(self, call: Call, rate: TextRate | None) -> Job | Mapping[str, Any]:
        """The reply that was paid for before, else the open call."""
        async with self.database.begin() as conn:
            reply = await jobs.reply_of(conn, call.workspace_id, call.owner_id, call.key)
            if reply is not None:
                return reply
            if rate is None:
                for one in await budget.standing(conn, call.workspace_id, person=call.person):
                    if one.limit_usd is not None and one.spent_usd + one.reserved_usd >= one.limit_usd:
                        raise OverBudget(
                            f"Nothing of {named(one.person)} is left; raise the limit.", person=one.person, period=one.period
                        )
            found = await jobs.reserve(conn, _wish(call, rate), sending=True)
            assert not isinstance(found, Delivered), "a text model makes no thing"
            return found

    async def _ask(self, job: Job, call: Call, rate: TextRate | None, send: Callable[[], Awaitable[Said]]) -> Mapping[str, Any]:
        try:
            said = await send()
        except asyncio.CancelledError:
            # Whoever asked went away; the model thinks on, and is paid.
            await _to_the_end(self._close(job, {"said": "called off before the answer came; taken as charged"}, charged_usd=None))
            raise
        except Exception as failure:
            charged = None if may_be_charged(failure) else 0.0
            await self._close(job, {"code": type(failure).__name__, "detail": str(failure)[:1000]}, charged_usd=charged)
            raise
        async with self.database.begin() as conn:
            await jobs.answered(conn, job, _facts(call, rate, said), cost_usd=rate.usd(*_taken(call, said)) if rate else 0.0)
        return said.reply

    async def _close(self, job: Job, error: Mapping[str, Any], *, charged_usd: float | None) -> None:
        async with self.database.begin() as conn:
            await jobs.failed(conn, job, error, charged_usd=charged_usd)


def tokens_at_most(text: str) -> int:
    """More tokens than a text is."""
    return len(text.encode()) // BYTES_A_TOKEN + 1


def _wish(call: Call, rate: TextRate | None) -> Wish:
    return Wish(
        workspace_id=call.workspace_id,
        owner_id=call.owner_id,
        key=call.key,
        stage=call.stage,
        capability="text",
        provider=call.provider,
        model=call.model,
        request={**call.about, "tokens_in_most": call.tokens_in, "tokens_out_most": call.tokens_out},
        cost_usd=rate.usd(call.tokens_in, call.tokens_out) if rate else 0.0,
        task_id=call.task_id,
        person=call.person,
    )


def _taken(call: Call, said: Said) -> tuple[int, int]:
    """The tokens that it took; the most that it can have taken where the vendor does not say."""
    into = call.tokens_in if said.tokens_in is None else said.tokens_in
    return into, call.tokens_out if said.tokens_out is None else said.tokens_out


def _facts(call: Call, rate: TextRate | None, said: Said) -> dict[str, Any]:
    tokens_in, tokens_out = _taken(call, said)
    facts: dict[str, Any] = {"provider": call.provider, "model": call.model, "tokens_in": tokens_in, "tokens_out": tokens_out}
    if None in (said.tokens_in, said.tokens_out):
        facts["estimated"] = True
    if rate is None:
        facts["unpriced"] = True
    else:
        facts |= {"source": rate.source, "in_usd": rate.in_usd, "out_usd": rate.out_usd, "verified_on": _day(rate)}
    return {**facts, "reply": dict(said.reply)}


def _day(rate: TextRate) -> str:
    return rate.verified_on.isoformat() if rate.verified_on else ""


async def _to_the_end(last_words: Any) -> None:
    """Carry out what has to be said before a cancelled task ends; a second cancel does not interrupt it."""
    saying = asyncio.ensure_future(last_words)
    while not saying.done():
        with suppress(asyncio.CancelledError):
            await asyncio.wait({saying})
    saying.exception()
