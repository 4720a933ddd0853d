"""What the database says of the work, read once for all looks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import text

from storyreel.ledger import gauges, workers
from storyreel.ledger.gauges import StuckRun
from storyreel.ledger.workers import Worker
from storyreel.model.errors import StoryreelError
from storyreel.runtime import clock
from storyreel.runtime.database import open_database


@dataclass(frozen=True)
class Seen:
    """The ledger as a doctor sees it. `off_s`: how far this machine's clock is ahead of the database's."""

    workers: Sequence[Worker]
    stuck: Sequence[StuckRun]
    review: int
    unknown: int
    at_work: int
    backup_age: timedelta | None
    archive_fails: bool
    off_s: float


async def see(url: str) -> Seen | None:
    """Read it; None where the database is away or not up to date, which another look says."""
    if not url:
        return None
    database = open_database(url, pool_size=1)
    try:
        async with database.connect() as conn:
            # The first statement of a connection takes longer than the others, and would be taken for a difference of clocks.
            await conn.execute(text("select 1"))
            before = clock.now()
            row = await gauges.glance(conn)
            now: datetime = row["now"]
            off = before + (clock.now() - before) / 2 - now
            return Seen(
                workers=await workers.listed(conn),
                stuck=await gauges.stuck(conn),
                review=row["review"],
                unknown=row["unknown"],
                at_work=row["at_work"],
                backup_age=now - row["backed_up_at"] if row["backed_up_at"] else None,
                archive_fails=row["archive_fails"],
                off_s=off.total_seconds(),
            )
    except StoryreelError:
        return None
    except Exception:  # noqa: BLE001 (a schema that is not up to date has its own finding)
        return None
    finally:
        await database.close()
