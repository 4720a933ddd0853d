"""One statement that moves tasks from state to state and tells so, and the columns that a reader of tasks is given."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from storyreel.ledger import _sql as sql
from storyreel.model.facts import TaskFacts

DEFAULT_CONCURRENCY = 3
FACTS = """
    t.id, t.kind::text as kind, t.work_item_id, t.episode_id, t.character_id, t.scene_look_id, t.sheet, t.state::text as state, t.stages, t.stage, t.progress, t.batch_id, t.error,
    t.note, t.expected_s, t.run, t.takes, t.priority, t.attempt, t.quoted_usd::float8 as quoted_usd, t.revision, t.asked_by, t.created_at,
    t.started_at, t.finished_at, t.adjusted,
    array(select l.batch_id from batch_task l where l.workspace_id = t.workspace_id and l.task_id = t.id order by 1) as batches
"""


async def move(
    conn: AsyncConnection,
    workspace_id: UUID,
    ids: Sequence[UUID],
    *,
    was: Sequence[str],
    to: str,
    event: str = "",
    note: str = "",
    closes: bool = False,
    opens: bool = False,
) -> list[TaskFacts]:
    """Move those of the tasks that are in one of `was`; answers them. `closes` ends them now, `opens` lets them begin anew."""
    found = await sql.rows(
        conn,
        f"""
        with moved as (
            update task t
            set state = cast(:to as task_state),
                note = coalesce(cast(:note as text), t.note),
                finished_at = case when :closes then now() when :opens then null else t.finished_at end,
                error = case when :opens then null else t.error end,
                not_before = case when :opens then null else t.not_before end,
                progress = case when :opens then 0 else t.progress end
            where t.workspace_id = :workspace and t.id = any(cast(:ids as uuid[])) and t.state::text = any(cast(:was as text[]))
            returning t.*
        ), logged as (
            insert into task_event (workspace_id, task_id, kind, stage, data)
            select workspace_id, id, :event, stage, jsonb_strip_nulls(jsonb_build_object('note', cast(:note as text))) from moved
        )
        select {FACTS} from moved t order by t.created_at, t.id
        """,  # noqa: S608 - the columns are a constant
        workspace=workspace_id,
        ids=list(ids),
        was=list(was),
        to=to,
        event=event or to,
        note=note or None,
        closes=closes,
        opens=opens,
    )
    return [to_facts(one) for one in found]


def to_facts(found: Mapping[str, Any]) -> TaskFacts:
    """A row of `FACTS` as a value."""
    plain: dict[str, Any] = {
        **found,
        "stages": tuple(found["stages"]),
        "batches": tuple(found["batches"]),
        "adjusted": tuple(found["adjusted"]),
    }
    return TaskFacts(**plain)
