"""What may be spent: by a workspace and by each person in it, for always and in each month.

A rule says what was set: above `ask_usd` a person is asked first, above `limit_usd` nothing is bought. An account (`budget`) says what
is held for open calls and what was spent; the database holds the sum under the account's limit. A month is a month of UTC.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from storyreel.ledger import _sql as sql
from storyreel.model.errors import Refused
from storyreel.model.facts import BudgetFacts, Period

MICRO = Decimal("0.000001")
CENT = Decimal("0.01")
THIS_MONTH = "to_char(clock_timestamp() at time zone 'utc', 'YYYY-MM')"
# What an account may hold: its rule's limit, for always or for each month.
LIMIT = """
    (select r.limit_usd from budget_rule r where r.workspace_id = a.workspace_id and r.person = a.person
        and r.period = case when a.month = '' then 'always' else 'month' end)
"""


class OverBudget(Refused):
    """The budget does not cover this; raise the limit or ask for less."""

    code = "over-budget"


@dataclass(frozen=True, slots=True)
class Budget:
    """An account, in US dollars. No limit means that none was set."""

    limit_usd: Decimal | None
    reserved_usd: Decimal
    spent_usd: Decimal
    person: str = ""
    month: str = ""

    @property
    def left_usd(self) -> Decimal | None:
        """What may still be promised, or None without a limit."""
        return None if self.limit_usd is None else self.limit_usd - self.reserved_usd - self.spent_usd


async def get(conn: AsyncConnection, workspace_id: UUID, *, person: str = "", month: str = "") -> Budget:
    """How an account stands: without more, that of the whole workspace for always."""
    found = await sql.row(
        conn,
        """
        select limit_usd, reserved_usd, spent_usd, person, month from budget
        where workspace_id = :workspace and person = :person and month = :month
        """,
        workspace=workspace_id,
        person=person,
        month=month,
    )
    return Budget(**found) if found else Budget(None, Decimal(0), Decimal(0), person, month)


async def locked(conn: AsyncConnection, workspace_id: UUID, person: str, month: str) -> list[Budget]:
    """The accounts that a call of this person in this month is in, locked until the transaction ends; they are opened where there are none.

    Everybody locks them in the same order, the whole workspace's first, so that no two wait for each other; and a rule is set under that
    first lock, so that an account is never opened with the limit of yesterday.
    """
    wanted = list(dict.fromkeys([("", ""), ("", month), (person, ""), (person, month)]))
    found = await _lock(conn, workspace_id, person, month)
    if len(found) < len(wanted):
        # Opening is no locking: the first one is locked before the others are opened, as two who open the same wait for each other's.
        await _open(conn, workspace_id, "", "")
        await _lock(conn, workspace_id, "", "")
        for one, when in wanted[1:]:
            await _open(conn, workspace_id, one, when)
        found = await _lock(conn, workspace_id, person, month)
    return found


async def set_rule(
    conn: AsyncConnection,
    workspace_id: UUID,
    *,
    person: str = "",
    period: Period = "always",
    limit_usd: float | Decimal | None = None,
    ask_usd: float | Decimal | None = None,
) -> None:
    """Set what may be spent by the workspace (no person) or by one person, or take it away with neither a limit nor a threshold.

    Raises:
        OverBudget: more than that is spent or promised already.
    """
    limit, ask = _usd(limit_usd), _usd(ask_usd)
    month = "" if period == "always" else await this_month(conn)
    accounts = await locked(conn, workspace_id, person, month)
    account = next(one for one in accounts if (one.person, one.month) == (person, month))
    used = account.reserved_usd + account.spent_usd
    if limit is not None and used > limit:
        raise OverBudget(f"{dollars(used)} is spent or promised already; the limit cannot be lower.", used_usd=float(used))
    values = {"workspace": workspace_id, "person": person, "period": period, "limit": limit, "ask": ask}
    key = "workspace_id = :workspace and person = :person and period = :period"
    if limit is None and ask is None:
        await sql.run(conn, f"delete from budget_rule where {key}", workspace=workspace_id, person=person, period=period)  # noqa: S608 - a constant
    else:
        await sql.run(
            conn,
            """
            insert into budget_rule (workspace_id, person, period, limit_usd, ask_usd)
            values (:workspace, :person, :period, cast(:limit as numeric), cast(:ask as numeric))
            on conflict (workspace_id, person, period) do update set limit_usd = excluded.limit_usd, ask_usd = excluded.ask_usd
            """,
            **values,
        )
    await sql.run(
        conn,
        """
        update budget set limit_usd = cast(:limit as numeric)
        where workspace_id = :workspace and person = :person and month = :month
        """,
        workspace=workspace_id,
        person=person,
        month=month,
        limit=limit,
    )


async def standing(
    conn: AsyncConnection, workspace_id: UUID, *, person: str | None = None, owners: Sequence[UUID] = ()
) -> list[BudgetFacts]:
    """How every budget stands that was set, or with `person` those that something they ask for would come out of.

    What is promised is what open tasks were quoted and have not reserved yet (no quote holds what models say of a result); tasks that wait for `owners` are left out, as they take a
    new wish for the same in.
    """
    found = await sql.rows(
        conn,
        f"""
        with open_task as (
            select t.id, t.asked_by, t.quoted_usd - coalesce(sum(coalesce(j.settled_usd, j.reserved_usd)), 0) as usd
            from task t left join provider_job j on j.workspace_id = t.workspace_id and j.task_id = t.id and j.capability <> 'text'
            where t.workspace_id = :workspace and t.quoted_usd > 0 and t.state in ('pending', 'running', 'paused', 'retry_pending')
                and not (t.state = 'pending' and t.kind <> 'sheet' and coalesce(t.work_item_id, t.episode_id) = any(cast(:owners as uuid[])))
            group by t.id, t.asked_by, t.quoted_usd
        )
        select r.person, r.period, r.limit_usd, r.ask_usd, coalesce(b.reserved_usd, 0) as reserved_usd,
            coalesce(b.spent_usd, 0) as spent_usd,
            coalesce((select sum(greatest(o.usd, 0)) from open_task o where r.person in ('', o.asked_by)), 0) as promised_usd
        from budget_rule r left join budget b on b.workspace_id = r.workspace_id and b.person = r.person
            and b.month = case when r.period = 'always' then '' else {THIS_MONTH} end
        where r.workspace_id = :workspace and (cast(:person as text) is null or r.person in ('', cast(:person as text)))
        order by r.person, r.period
        """,  # noqa: S608 - a constant
        workspace=workspace_id,
        person=person,
        owners=list(owners),
    )
    return [BudgetFacts(**one) for one in found]


async def owed(conn: AsyncConnection, workspace_id: UUID, task_ids: Sequence[UUID]) -> list[Decimal]:
    """What trying each of these tasks again would cost still: what it was quoted, without what it has been charged."""
    found = await sql.rows(
        conn,
        """
        select greatest(t.quoted_usd - coalesce(sum(coalesce(j.settled_usd, j.reserved_usd)), 0), 0) as usd
        from task t left join provider_job j on j.workspace_id = t.workspace_id and j.task_id = t.id and j.capability <> 'text'
        where t.workspace_id = :workspace and t.id = any(cast(:ids as uuid[])) group by t.id, t.quoted_usd, t.created_at
        order by t.created_at, t.id
        """,
        workspace=workspace_id,
        ids=list(task_ids),
    )
    return [one["usd"] for one in found]


async def this_month(conn: AsyncConnection) -> str:
    """The month whose budgets are in use, as 2026-11."""
    found = await sql.row(conn, f"select {THIS_MONTH} as month")
    assert found is not None
    return str(found["month"])


def over(account: Budget, cost_usd: Decimal, left_usd: Decimal) -> OverBudget:
    """That an account does not cover a sum, in words that say which one and what to do."""
    left = max(left_usd, Decimal(0))
    return OverBudget(
        f"This costs {dollars(cost_usd)} and {dollars(left)} of {named(account.person, account.month)} is left; "
        "raise the limit or ask for less.",
        cost_usd=float(cost_usd),
        left_usd=float(left),
        person=account.person,
        month=account.month,
    )


def named(person: str, month: str = "") -> str:
    """Which budget it is, for a person: of everybody or of one, for always or for a month."""
    whose = f"{person}'s budget" if person else "the budget"
    return f"{whose} for {month}" if month else whose


def dollars(usd: Decimal | float) -> str:
    """A sum, to the cent, or finer where it is less than a cent."""
    sum_usd = Decimal(str(usd))
    return f"${sum_usd:.2f}" if sum_usd == 0 or abs(sum_usd) >= CENT else f"${sum_usd:.4f}"


def _usd(usd: float | Decimal | None) -> Decimal | None:
    return None if usd is None else Decimal(str(usd)).quantize(MICRO)


async def _lock(conn: AsyncConnection, workspace_id: UUID, person: str, month: str) -> list[Budget]:
    found = await sql.rows(
        conn,
        """
        select limit_usd, reserved_usd, spent_usd, person, month from budget
        where workspace_id = :workspace and person in ('', :person) and month in ('', :month)
        order by person collate "C", month collate "C" for update
        """,
        workspace=workspace_id,
        person=person,
        month=month,
    )
    return [Budget(**one) for one in found]


async def _open(conn: AsyncConnection, workspace_id: UUID, person: str, month: str) -> None:
    await sql.run(
        conn,
        f"""
        insert into budget (workspace_id, person, month, limit_usd)
        select a.workspace_id, a.person, a.month, {LIMIT}
        from (select cast(:workspace as uuid) as workspace_id, cast(:person as text) as person, cast(:month as text) as month) a
        on conflict (workspace_id, person, month) do nothing
        """,  # noqa: S608 - a constant
        workspace=workspace_id,
        person=person,
        month=month,
    )
