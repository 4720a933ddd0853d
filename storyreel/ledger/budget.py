"""What a workspace may spend: a limit, what is held for open jobs, and what was spent. The database holds the sum under the limit."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from storyreel.ledger import _sql as sql
from storyreel.model.errors import Refused


class OverBudget(Refused):
    """The budget does not cover this; raise the limit or ask for less."""

    code = "over-budget"


@dataclass(frozen=True, slots=True)
class Budget:
    """Money in US dollars. No limit means that none was set."""

    limit_usd: Decimal | None
    reserved_usd: Decimal
    spent_usd: Decimal

    @property
    def left_usd(self) -> Decimal | None:
        """What may still be promised, or None without a limit."""
        return None if self.limit_usd is None else self.limit_usd - self.reserved_usd - self.spent_usd


async def get(conn: AsyncConnection, workspace_id: UUID) -> Budget:
    """Where the budget stands."""
    found = await sql.row(
        conn, "select limit_usd, reserved_usd, spent_usd from budget where workspace_id = :workspace", workspace=workspace_id
    )
    return Budget(**found) if found else Budget(None, Decimal(0), Decimal(0))


async def set_limit(conn: AsyncConnection, workspace_id: UUID, limit_usd: float | Decimal | None) -> None:
    """Set the limit, or take it away with None.

    Raises:
        OverBudget: more than that is spent or promised already.
    """
    done = await sql.run(
        conn,
        """
        insert into budget (workspace_id, limit_usd) values (:workspace, cast(:limit as numeric))
        on conflict (workspace_id) do update set limit_usd = excluded.limit_usd
        where excluded.limit_usd is null or budget.reserved_usd + budget.spent_usd <= excluded.limit_usd
        """,
        workspace=workspace_id,
        limit=None if limit_usd is None else str(limit_usd),
    )
    if not done:
        now = await get(conn, workspace_id)
        raise OverBudget(f"${now.spent_usd + now.reserved_usd:.2f} is spent or promised already; the limit cannot be lower.")


async def hold(conn: AsyncConnection, workspace_id: UUID, cost_usd: Decimal) -> None:
    """Hold `cost_usd` for a job. Nothing that is free touches the budget's row, so free work never waits for it.

    Raises:
        OverBudget: the limit does not cover it.
    """
    if not cost_usd:
        return
    done = await sql.run(
        conn,
        """
        insert into budget (workspace_id, reserved_usd) values (:workspace, cast(:cost as numeric))
        on conflict (workspace_id) do update set reserved_usd = budget.reserved_usd + excluded.reserved_usd
        where budget.limit_usd is null
            or budget.reserved_usd + budget.spent_usd + excluded.reserved_usd <= budget.limit_usd
        """,
        workspace=workspace_id,
        cost=cost_usd,
    )
    if not done:
        left = (await get(conn, workspace_id)).left_usd or Decimal(0)
        raise OverBudget(f"This costs ${cost_usd:.2f} and ${left:.2f} of the budget is left; raise the limit or ask for less.")
