"""What calls hold and cost: each change is an entry, written with the change of its call and never changed after.

    reserve +x      settle (cost - x)      release (what the vendor keeps - x)

So the sum of all entries is what is held plus what was spent, of every account and of the whole, whatever dies in between. A vendor who
takes more than was reserved is charged for in full as far as every limit has room. The rest must not stand in an account, whose limit
would be broken by it, and must not be lost: it is `over_usd` of the closing entry and `charged_usd` of the call's facts, statements
show it beside what was spent, and the log warns of it. So a limit is never exceeded, and a result is always recordable.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from storyreel.ledger import _sql as sql
from storyreel.ledger import budget
from storyreel.ledger._calls import Job
from storyreel.ledger.budget import MICRO
from storyreel.runtime.telemetry import log

# The statements that follow the one that closes a call (`done`): its accounts, and its entry.
BOOKED = """
    paid as (
        update budget b set reserved_usd = b.reserved_usd - d.reserved_usd, spent_usd = b.spent_usd + d.settled_usd
        from done d where b.workspace_id = d.workspace_id and b.person in ('', d.person) and b.month in ('', d.month)
            and (d.reserved_usd > 0 or d.settled_usd > 0)
    ), noted as (
        insert into money (workspace_id, job_id, kind, usd, over_usd)
        select workspace_id, id, case when state = 'settled' or settled_usd > reserved_usd then 'settle' else 'release' end,
            settled_usd - reserved_usd, cast(:over as numeric)
        from done where reserved_usd > 0 or settled_usd > 0 or cast(:over as numeric) > 0
    )
"""


@dataclass(frozen=True, slots=True)
class Charge:
    """What a call costs: what its budgets are charged, and what the vendor took beyond all limits."""

    usd: Decimal
    over_usd: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class Totals:
    """The ledger as a whole: what is held, what was spent, and what vendors took beyond all limits."""

    held_usd: Decimal
    spent_usd: Decimal
    over_usd: Decimal


async def hold(conn: AsyncConnection, job: Job) -> None:
    """Hold a call's price in its accounts. What is free touches none of them, so free work never waits for a budget.

    A render that has bought something may buy all that it was quoted: the first call of a render that would not leave room for the rest
    of those is refused, and for the rest of its own. So of many that a limit came upon, those that fit are made, and no money goes into
    the others.

    Raises:
        OverBudget: one of the limits does not cover it; the transaction must end.
    """
    if not job.reserved_usd:
        return
    accounts = await budget.locked(conn, job.workspace_id, job.person, job.month)
    if any(one.limit_usd is not None for one in accounts):
        need, others = await _claims(conn, job) if job.capability != "text" else (job.reserved_usd, [])
        rooms = [(one, one.left_usd - _of(others, one.person)) for one in accounts if one.left_usd is not None]
        short = [(one, room) for one, room in rooms if room < need]
        if short:
            one, room = min(short, key=lambda pair: pair[1])
            raise budget.over(one, need, room)
    await sql.run(
        conn,
        """
        with held as (
            update budget set reserved_usd = reserved_usd + cast(:cost as numeric)
            where workspace_id = :workspace and person in ('', :person) and month in ('', :month)
        )
        insert into money (workspace_id, job_id, kind, usd) values (:workspace, :job, 'reserve', cast(:cost as numeric))
        """,
        workspace=job.workspace_id,
        job=job.id,
        person=job.person,
        month=job.month,
        cost=job.reserved_usd,
    )


async def _claims(conn: AsyncConnection, job: Job) -> tuple[Decimal, list[tuple[str, Decimal]]]:
    """What this call needs, with the rest of its render where it is its first; and what renders that have begun still need, by person."""
    found = await sql.rows(
        conn,
        """
        select t.id = cast(:task as uuid) as own, t.asked_by, b.paid is not null as begun,
            greatest(t.quoted_usd - coalesce(b.paid, 0), 0) as usd
        from task t left join lateral (
            select sum(coalesce(j.settled_usd, j.reserved_usd)) as paid from provider_job j
            where j.workspace_id = t.workspace_id and j.task_id = t.id and j.id <> :job and j.capability <> 'text'
                and coalesce(j.settled_usd, j.reserved_usd) > 0
        ) b on true
        where t.workspace_id = :workspace and t.state in ('running', 'retry_pending') and t.quoted_usd > 0
        """,
        workspace=job.workspace_id,
        task=job.task_id,
        job=job.id,
    )
    first = [one["usd"] for one in found if one["own"] and not one["begun"]]
    others = [(str(one["asked_by"]), one["usd"]) for one in found if one["begun"] and not one["own"]]
    return max([job.reserved_usd, *first]), others


def _of(claims: list[tuple[str, Decimal]], person: str) -> Decimal:
    return sum((usd for who, usd in claims if person in ("", who)), Decimal(0))


async def charge(conn: AsyncConnection, job: Job, cost_usd: float | Decimal | None) -> Charge:
    """What a call is charged that comes to `cost_usd` (None: what was held), its accounts locked for the statement that closes it."""
    cost = job.reserved_usd if cost_usd is None else max(Decimal(str(cost_usd)).quantize(MICRO), Decimal(0))
    if not job.reserved_usd and not cost:
        return Charge(cost)
    accounts = await budget.locked(conn, job.workspace_id, job.person, job.month)
    if cost <= job.reserved_usd:
        return Charge(cost)
    room = min((one.left_usd for one in accounts if one.left_usd is not None), default=cost)
    usd = job.reserved_usd + min(cost - job.reserved_usd, max(room, Decimal(0)))
    log().warning(
        "money.more_than_reserved",
        job=str(job.id), provider=job.provider, reserved_usd=float(job.reserved_usd), charged_usd=float(cost), over_usd=float(cost - usd),
    )  # fmt: skip
    return Charge(usd, cost - usd)


async def totals(conn: AsyncConnection, workspace_id: UUID) -> Totals:
    """What the entries of a workspace add up to."""
    found = await sql.row(
        conn,
        """
        select coalesce(sum(usd) filter (where not closed), 0) as held_usd, coalesce(sum(usd) filter (where closed), 0) as spent_usd,
            coalesce(sum(over_usd), 0) as over_usd
        from (select sum(usd) as usd, sum(over_usd) as over_usd, bool_or(kind <> 'reserve') as closed from money
            where workspace_id = :workspace group by job_id) job
        """,
        workspace=workspace_id,
    )
    assert found is not None
    return Totals(**found)
