"""Statements: what was spent, by shot, stage, provider, day, person or month; as a table, as CSV and as a series by day.

They are made of the ledger's entries and of nothing else, so every total is the ledger's own. A call counts on the day on which it was
closed, with what it cost; one that is open counts on the day on which it was reserved, with what it holds. Days are days of UTC.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Literal, get_args
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from storyreel.ledger import _sql as sql
from storyreel.ledger import budget
from storyreel.model.facts import MoneyFacts

By = Literal["shot", "stage", "provider", "model", "day", "month", "person", "task"]
GROUPS: tuple[By, ...] = get_args(By)
# What each grouping goes by (the first) and what a person calls it.
KEYS: dict[By, tuple[str, str]] = {
    "shot": (
        "case when coalesce(w.id, c.id, l.id, e.id) is null and j.capability = 'text' then '' else j.owner_id::text end",
        "coalesce(w.label, c.name, l.name, nullif(e.title, ''), case when e.id is null and j.capability = 'text' then 'talk' else 'film' end)",
    ),
    "stage": ("j.stage", "j.stage"),
    "provider": ("j.provider", "j.provider"),
    "model": ("j.model", "coalesce(nullif(j.model, ''), j.provider)"),
    "day": ("to_char(m.at at time zone 'utc', 'YYYY-MM-DD')", "to_char(m.at at time zone 'utc', 'YYYY-MM-DD')"),
    "month": ("j.month", "j.month"),
    "person": ("j.person", "j.person"),
    "task": ("coalesce(j.task_id::text, '')", "coalesce(j.task_id::text, 'talk')"),
}
# More series than this cannot be told apart; the rest is one.
MOST_SERIES = 12
REST = "other"


@dataclass(frozen=True, slots=True)
class Line:
    """One group, on one day or over all of them. `unpriced` calls of a text model cost something that is not known."""

    key: str
    name: str
    day: date | None = None
    calls: int = 0
    spent_usd: Decimal = Decimal(0)
    held_usd: Decimal = Decimal(0)
    over_usd: Decimal = Decimal(0)
    tokens_in: int = 0
    tokens_out: int = 0
    unpriced: int = 0

    def data(self) -> dict[str, Any]:
        """As plain data."""
        return {name: float(value) if isinstance(value, Decimal) else value for name, value in self._columns().items()}

    def _columns(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in COLUMNS}


COLUMNS = ("key", "name", "calls", "spent_usd", "held_usd", "over_usd", "tokens_in", "tokens_out", "unpriced")


@dataclass(frozen=True, slots=True)
class Statement:
    """What was spent in a time, grouped: a line a group and day."""

    by: By
    days: tuple[Line, ...]

    @property
    def lines(self) -> tuple[Line, ...]:
        """A line a group: the dearest first, days and months in their order."""
        found = _summed(self.days, lambda line: line.key)
        if self.by in ("day", "month"):
            return tuple(sorted(found, key=lambda line: line.key))
        return tuple(sorted(found, key=lambda line: (-(line.spent_usd + line.held_usd), line.name)))

    @property
    def total(self) -> Line:
        """All of it."""
        found = _summed(self.days, lambda _: "")
        return replace(found[0], key="", name="total") if found else Line("", "total")

    def renamed(self, names: Mapping[str, str]) -> Statement:
        """The same with other names for some groups, by key."""
        return replace(self, days=tuple(replace(line, name=names.get(line.key, line.name)) for line in self.days))

    def table(self) -> dict[str, Any]:
        """As plain data."""
        total = {name: value for name, value in self.total.data().items() if name not in {"key", "name"}}
        return {"by": self.by, "lines": [line.data() for line in self.lines], "total": total}

    def csv(self) -> str:
        """As CSV, a line a group, with the sums to a millionth; the total is left to whoever adds it up."""
        out = io.StringIO()
        writer = csv.writer(out, lineterminator="\r\n")
        writer.writerow((self.by, *COLUMNS[1:]))
        for line in self.lines:
            writer.writerow([_cell(getattr(line, name)) for name in COLUMNS])
        return out.getvalue()

    def chart(self) -> dict[str, Any]:
        """As series by day, each day there: what each group cost, spent and held together, and what it all came to so far."""
        days = _days(self.days)
        names = {line.key: line.name for line in self.lines}
        kept = [line.key for line in self.lines][:MOST_SERIES]
        spent: dict[tuple[str, date | None], Decimal] = {}
        for line in self.days:
            place = (line.key if line.key in kept else REST, line.day)
            spent[place] = spent.get(place, Decimal(0)) + line.spent_usd + line.held_usd
        series = [*kept, *([REST] if len(names) > len(kept) else [])]
        daily = [sum((spent.get((key, day), Decimal(0)) for key in series), Decimal(0)) for day in days]
        return {
            "by": self.by,
            "days": [day.isoformat() for day in days],
            "series": [
                {"key": key, "name": names.get(key, REST), "usd": [float(spent.get((key, day), Decimal(0))) for day in days]}
                for key in series
            ],
            "so_far_usd": [float(sum(daily[: n + 1], Decimal(0))) for n in range(len(daily))],
        }


async def statement(
    conn: AsyncConnection, workspace_id: UUID, by: By = "stage", *, since: date | None = None, until: date | None = None
) -> Statement:
    """What was spent from one day to another, both with, grouped."""
    key, name = KEYS[by]
    found = await sql.rows(
        conn,
        f"""
        with call as (
            select job_id, sum(usd) as usd, sum(over_usd) as over_usd, bool_or(kind <> 'reserve') as closed, max(at) as at
            from money where workspace_id = :workspace group by job_id
            union all
            -- A model's call that nothing was held for cost nothing, or something that is not known.
            select id, 0, 0, state in ('settled', 'failed', 'cancelled'), updated_at from provider_job j
            where workspace_id = :workspace and capability = 'text'
                and not exists (select from money where workspace_id = :workspace and job_id = j.id)
        )
        select {key} as key, {name} as name, (m.at at time zone 'utc')::date as day, count(*) as calls,
            coalesce(sum(m.usd) filter (where m.closed), 0) as spent_usd, coalesce(sum(m.usd) filter (where not m.closed), 0) as held_usd,
            sum(m.over_usd) as over_usd, coalesce(sum((j.facts ->> 'tokens_in')::bigint), 0)::bigint as tokens_in,
            coalesce(sum((j.facts ->> 'tokens_out')::bigint), 0)::bigint as tokens_out,
            count(*) filter (where (j.facts ->> 'unpriced')::boolean) as unpriced
        from call m join provider_job j on j.workspace_id = :workspace and j.id = m.job_id
            left join work_item w on w.workspace_id = :workspace and w.id = j.owner_id
            left join episode e on e.workspace_id = :workspace and e.id = j.owner_id
            left join character c on c.workspace_id = :workspace and c.id = j.owner_id
            left join scene_look l on l.workspace_id = :workspace and l.id = j.owner_id
        where (cast(:since as date) is null or (m.at at time zone 'utc')::date >= cast(:since as date))
            and (cast(:until as date) is null or (m.at at time zone 'utc')::date <= cast(:until as date))
        group by 1, 2, 3 order by 3, 1
        """,  # noqa: S608 - the columns are constants
        workspace=workspace_id,
        since=since,
        until=until,
    )
    return Statement(by, tuple(Line(**one) for one in found))


async def overview(conn: AsyncConnection, workspace_id: UUID, by: By | Literal["all"] = "all") -> MoneyFacts:
    """How the money stands: sums, budgets, and, where a grouping is asked for, its lines."""
    month = await budget.this_month(conn)
    months = await statement(conn, workspace_id, "month")
    total = months.total
    grouped = await statement(conn, workspace_id, by) if by != "all" else None
    return MoneyFacts(
        month=month,
        spent_usd=total.spent_usd,
        held_usd=total.held_usd,
        over_usd=total.over_usd,
        month_usd=sum((line.spent_usd for line in months.lines if line.key == month), Decimal(0)),
        unpriced=total.unpriced,
        budgets=tuple(await budget.standing(conn, workspace_id)),
        by=by,
        lines=tuple(line.data() for line in grouped.lines) if grouped else (),
    )


def _summed(lines: Iterable[Line], key_of: Callable[[Line], str]) -> list[Line]:
    found: dict[str, list[Line]] = {}
    for line in lines:
        found.setdefault(key_of(line), []).append(line)
    return [_sum(same) for same in found.values()]


def _sum(lines: Sequence[Line]) -> Line:
    return replace(
        lines[0],
        day=None,
        **{name: sum((getattr(line, name) for line in lines), type(getattr(lines[0], name))(0)) for name in COLUMNS[2:]},
    )


def _days(lines: Sequence[Line]) -> list[date]:
    known = sorted({line.day for line in lines if line.day is not None})
    return [known[0] + timedelta(days=n) for n in range((known[-1] - known[0]).days + 1)] if known else []


def _cell(value: Any) -> str:
    # A spreadsheet takes a cell that begins so for a formula.
    text = f"{value:.6f}" if isinstance(value, Decimal) else str(value)
    return f"'{text}" if text[:1] in {"=", "+", "-", "@"} and not isinstance(value, Decimal) else text
