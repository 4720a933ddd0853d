"""What was spent before there were entries is in the ledger after the upgrade, and a limit that was set is a rule."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from uuid import UUID, uuid4

import psycopg
import pytest

from storyreel.embedded import postgres
from storyreel.ledger import budget, jobs, money
from storyreel.runtime.database import open_database
from tests.fixtures_services import Addresses, run

VERSIONS = Path(budget.__file__).parents[1] / "graph" / "migrations" / "versions"
OLD, OPERATING = ("0001", "0002"), "0003"
JOB = """
    insert into provider_job (workspace_id, id, owner_id, key, stage, capability, provider, request, state, handle, reserved_usd, settled_usd)
    values (%s, %s, %s, %s, 'video', 'video', 'veo', '{}', %s, %s, %s, %s)
"""


def apply(conn: psycopg.Connection, version: str) -> None:
    conn.execute(next(VERSIONS.glob(f"{version}_*.sql")).read_text(encoding="utf-8").encode())


@pytest.fixture
def old(pg: postgres.Cluster) -> Iterator[Addresses]:
    """A database as it was before, with a limit of ten dollars, three spent and one held."""
    name = f"old_{uuid4().hex[:8]}"
    with psycopg.connect(pg.dsn(postgres.ADMIN, "postgres"), autocommit=True) as conn:
        conn.execute(f"create database {name} template template0 owner {postgres.OWNER}")
    with psycopg.connect(pg.dsn(postgres.ADMIN, name), autocommit=True) as conn:
        conn.execute("create extension if not exists vector")
    with psycopg.connect(pg.dsn(postgres.OWNER, name)) as conn:
        for version in OLD:
            apply(conn, version)
    yield Addresses(pg.dsn(postgres.OWNER, name), pg.dsn(postgres.APP, name))
    run(postgres.drop_database(pg, name))


def test_what_was_spent_before_is_in_the_ledger_after(old: Addresses) -> None:
    workspace = uuid4()
    calls = [("settled", 2, 2), ("failed", 1, 0), ("failed", 1, 1), ("submitted", 1, None), ("settled", 0, 0)]
    with psycopg.connect(old.owner) as conn:
        conn.execute("insert into workspace (id, name) values (%s, 'w')", (workspace,))
        conn.execute("insert into budget (workspace_id, limit_usd, reserved_usd, spent_usd) values (%s, 10, 1, 3)", (workspace,))
        for n, (state, held, spent) in enumerate(calls):
            conn.execute(JOB, (workspace, uuid4(), uuid4(), f"k{n}", state, "h", held, spent))
    with psycopg.connect(old.owner) as conn:
        apply(conn, OPERATING)
    run(held_after(old.owner, workspace))


async def held_after(dsn: str, workspace: UUID) -> None:
    db = open_database(dsn)
    try:
        async with db.begin() as conn:
            found = await money.totals(conn, workspace)
            assert (found.held_usd, found.spent_usd, found.over_usd) == (1, 3, 0)
            (rule,) = await budget.standing(conn, workspace)
            assert (rule.person, rule.period, rule.limit_usd, rule.left_usd) == ("", "always", 10, 6)
            # What was open then closes now, in the one account that it was in.
            (job,) = await jobs.open_jobs(conn, workspace)
            assert await jobs.failed(conn, job, {})
            account = await budget.get(conn, workspace)
            assert (account.reserved_usd, account.spent_usd) == (0, 3)
            assert (await money.totals(conn, workspace)).held_usd == 0
    finally:
        await db.close()
