"""Which assets anything still names: live rows, rows that undo or a snapshot can bring back, and the ledgers.

An id is found wherever it stands, in a column or inside a text or object (`asset://<id>`), so that what is not known here yet cannot be
forgotten. Other digests are found too; they name no asset and do no harm.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from storyreel.model.rows import ROWS

IDS = "select distinct m[1] as id from {source} t, regexp_matches({words}, '[0-9a-f]{{64}}', 'g') m"
# A removed row is still named by undo until the horizon, and by every snapshot of a time when it was there. Without a horizon the
# log itself is the horizon.
BROUGHT_BACK = """
    not t.removed or cast(:since as timestamptz) is null
    or exists (select from op o join commit c on c.workspace_id = o.workspace_id and c.revision = o.revision
        where o.workspace_id = {workspace} and o.table_name = '{table}' and o.row_id = t.id and c.created_at >= :since)
    or exists (select from snapshot s, lateral (select min(o.revision) as first, max(o.revision) as last from op o
        where o.workspace_id = {workspace} and o.table_name = '{table}' and o.row_id = t.id) lived
        where s.workspace_id = {workspace} and s.revision >= lived.first and s.revision < lived.last)
"""
# What a field held before it was changed can come back by undo, or when an older place is read.
LOGGED = """
    select t.before from op t
    join commit c on c.workspace_id = t.workspace_id and c.revision = t.revision
    where t.kind = 'change' and (cast(:since as timestamptz) is null or c.created_at >= :since
        or exists (select from snapshot s where s.workspace_id = t.workspace_id and s.revision < t.revision))
"""
# What a run is at, what a person may still approve, what was said, what is on its way in, and what was paid for.
LEDGERS = (
    ("task", "t.state not in ('succeeded', 'failed', 'cancelled')"),
    ("proposal", "t.state = 'open'"),
    ("message", "true"),
    ("upload", "t.expires_at > now()"),
    ("made", "true"),
    ("provider_job", "t.state in ('reserved', 'sending', 'submitted', 'unknown')"),
)


def _queries() -> list[str]:
    found: list[str] = []
    for table in ROWS:
        workspace = "t.id" if table == "workspace" else "t.workspace_id"
        where = BROUGHT_BACK.format(table=table, workspace=workspace)
        found.append(f"{IDS.format(source=table, words='t::text')} where {where}")
    found.append(IDS.format(source=f"({LOGGED})", words="t.before::text"))
    found += [f"{IDS.format(source=table, words='t::text')} where {where}" for table, where in LEDGERS]
    return found


QUERIES = tuple(_queries())


async def named(conn: AsyncConnection, undo_since: datetime | None = None) -> set[str]:
    """The ids that something in any workspace names.

    Args:
        conn: A connection.
        undo_since: Rows that were removed before are no longer held for undo; None holds them as long as the log.
    """
    found: set[str] = set()
    for query in QUERIES:
        found.update(await conn.scalars(text(query), {"since": undo_since} if ":since" in query else {}))
    return found
