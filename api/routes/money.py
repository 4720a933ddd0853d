"""Money over HTTP: what was spent, grouped, as a table, as CSV or as series by day; and how the budgets stand."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Response
from fastapi.responses import JSONResponse
from sqlalchemy.ext.asyncio import AsyncConnection

from api.state import HeldDep, Project
from storyreel.graph.places import episodes_of, rank
from storyreel.ledger.statement import By, overview, statement
from storyreel.model.errors import BadInput

router = APIRouter(prefix="/v1/workspaces/{workspace}", tags=["money"])
Format = Literal["json", "csv", "chart"]
CSV = "text/csv; charset=utf-8"


@router.get("/statement", responses={200: {"content": {"text/csv": {}}, "description": "The statement"}})
async def statement_of(
    workspace: Project,
    held: HeldDep,
    by: By = "stage",
    since: Annotated[date | None, Query(alias="from", description="The first day, of UTC.")] = None,
    until: Annotated[date | None, Query(alias="to", description="The last day, of UTC.")] = None,
    form: Annotated[Format, Query(alias="format")] = "json",
) -> Response:
    """What was spent in a time, by shot, stage, provider, model, day, month, person or task. Its totals are the ledger's.

    `chart` is the same as series by day. `spent_usd` is what closed calls cost, `held_usd` what open ones hold, `over_usd` what vendors
    took beyond every limit; `unpriced` calls of a text model cost something that is not known.
    """
    if since and until and since > until:
        raise BadInput(f"the statement would end before it begins: from {since} to {until}", field="from")
    async with held.database.connect() as conn:
        found = await statement(conn, workspace, by, since=since, until=until)
        if by == "shot":
            found = found.renamed(await _numbered(conn, workspace))
        money = await overview(conn, workspace) if form == "json" else None
    if form == "csv":
        named = {"Content-Disposition": f'attachment; filename="statement-by-{by}.csv"'}
        return Response(found.csv(), media_type=CSV, headers=named)
    if money is None:
        return JSONResponse(found.chart())
    return JSONResponse({**found.table(), "month": money.month, "budgets": [one.data() for one in money.budgets]})


async def _numbered(conn: AsyncConnection, workspace: UUID) -> dict[str, str]:
    """The shots by the numbers that people know them by; with their film's, where there are several."""
    films = await episodes_of(conn, workspace)
    names: dict[str, str] = {}
    for place, film in enumerate(films, 1):
        before = f"{place}/" if len(films) > 1 else ""
        names |= {str(shot.id): f"shot {before}{shot.number}" for shot in await rank(conn, workspace, film)}
    return names
