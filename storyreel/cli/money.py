"""`storyreel money`: what was spent, on what, and how the budgets stand."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any, get_args

import typer
from rich.cells import cell_len

from storyreel.actions.reads import MoneyBy
from storyreel.actions.words_money import budget_lines, dollars
from storyreel.cli.client import Api
from storyreel.cli.run import ask
from storyreel.cli.told import tongue

GROUPS = ", ".join(by for by in get_args(MoneyBy) if by != "all")
NARROW = 28
WIDTHS = (6, 12, 10)
Where = Annotated[str | None, typer.Option("-w", "--workspace", help="The project, by id or name; else the one spoken of last.")]


def money(
    by: Annotated[str, typer.Option("--by", help=f"What to group it by: {GROUPS}.")] = "stage",
    since: Annotated[str | None, typer.Option("--from", help="The first day, as 2026-11-01.")] = None,
    until: Annotated[str | None, typer.Option("--to", help="The last day.")] = None,
    as_csv: Annotated[bool, typer.Option("--csv", help="Print CSV.")] = False,
    as_chart: Annotated[bool, typer.Option("--chart", help="Print the series by day, as JSON.")] = False,
    workspace: Where = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
) -> None:
    """What was spent, and how the budgets stand. Examples: storyreel money · storyreel money --by shot · storyreel money --by day --csv"""

    async def work(api: Api) -> dict[str, Any]:
        path = f"/v1/workspaces/{await api.workspace(workspace)}/statement"
        query = {"by": by, "from": since, "to": until}
        if as_csv:
            return {"csv": await api.text(path, **query, format="csv")}
        found: dict[str, Any] = await api.get(path, **query, format="chart" if as_chart else "json")
        return found

    ask(work, _csv if as_csv else table, as_json=as_json or as_chart)


def install(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(money)


def table(found: dict[str, Any]) -> str:
    """A statement as a table, its total under it, and the budgets under that."""
    zh = tongue() == "zh"
    total = found["total"]
    rows = [*found["lines"], {**total, "name": "合计" if zh else "total"}]
    wide = max(cell_len(name) for name in (found["by"], *map(_name, rows)))
    heads = ("次数", "花费", "预留") if zh else ("calls", "spent", "held")
    lines = [_line(found["by"], heads, wide), *(_row(row, wide) for row in rows)]
    # The first line of what the talk says is the total, which stands here already.
    told = budget_lines({**total, "month_usd": 0.0, "budgets": found["budgets"]}, tongue())[1:]
    return "\n".join([*lines, "", *told])


def _row(row: dict[str, Any], wide: int) -> str:
    tokens = f"  {row['tokens_in']:,} + {row['tokens_out']:,} tokens" if row["tokens_in"] or row["tokens_out"] else ""
    return _line(_name(row), (str(row["calls"]), dollars(row["spent_usd"]), dollars(row["held_usd"])), wide) + tokens


def _line(name: str, cells: Sequence[str], wide: int) -> str:
    # A Chinese character is two cells wide.
    padded = [" " * (width - cell_len(cell)) + cell for cell, width in zip(cells, WIDTHS, strict=True)]
    return "  ".join([name + " " * (wide - cell_len(name)), *padded])


def _name(row: dict[str, Any]) -> str:
    return str(row["name"] or "-")[:NARROW]


def _csv(found: dict[str, Any]) -> str:
    return str(found["csv"]).rstrip("\r\n")
